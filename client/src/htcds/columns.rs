//! The columns: where in a referral each comes from, whether it identifies a person, and what HTCDS calls what is ours.

use crate::{
    casework::life::state::State,
    referral::codes::{Role, Service, SupportType},
};

/// Between the items of a list in one cell.
pub const BETWEEN: char = ';';

/// Where a column's cell comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A member of the referral: a text, a number, or a list of codes.
    At(&'static str),
    /// The first or the second item of a list.
    Item(&'static str, usize),
    /// A member of each object in a list.
    Each(&'static str, &'static str),
    /// A member of the first object of a list.
    First(&'static str, &'static str),
    /// A part of the legal name, else of the first one.
    Name(&'static str),
    /// The day of a time.
    Day(&'static str),
    /// The standard's word for an agency's role.
    AgencyType(&'static str),
    /// The standard's kinds of support: of the services asked for, and of the support plan.
    Support,
    /// Whether a consent stands.
    Consent,
    /// The day of acceptance.
    Accepted,
    /// The standard's word for the state.
    Status,
    /// Our state.
    State,
    /// The referral itself: canonical JSON in base64.
    Whole,
}

/// What a cell says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// Who the person is, or how to find them.
    Identity,
    /// Anything else.
    Case,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A text, or one code.
    Text,
    /// Texts or codes with [`BETWEEN`] between them.
    List,
    /// The same; the codes are spelled in more than one way, and this gives ours.
    Spelled(fn(&str) -> &str),
    /// A whole number.
    Number,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the first line.
    pub name: &'static str,
    /// Where its cell comes from.
    pub source: Source,
    /// What it says.
    pub about: About,
    /// What it holds.
    pub form: Form,
}

const fn case(name: &'static str, source: Source) -> Column {
    Column { name, source, about: About::Case, form: Form::Text }
}

const fn identity(name: &'static str, source: Source) -> Column {
    Column { name, source, about: About::Identity, form: Form::Text }
}

/// Means of control: the standard's page of fields and its list spell two of them differently, and both are read.
fn control(text: &str) -> &str {
    match text {
        "ThreatOfLawEnforcement" => "ThreatsLawEnforcement",
        "PsychoactiveSubstances" => "PsychoactiveSubstance",
        text => text,
    }
}

/// Every column, in the order of the file.
pub const COLUMNS: &[Column] = &[
    case("cas_OutgoingReferralDate", Source::Day("header.created_at")),
    case("cas_IncomingReferralDate", Source::Accepted),
    case("cas_Status", Source::Status),
    case("cas_ReferringOrganisation", Source::At("header.from.agency_id")),
    case("cas_ReferredOrganisation", Source::At("header.to.agency_id")),
    case("org_Type_from", Source::AgencyType("header.from.role")),
    case("org_Type_to", Source::AgencyType("header.to.role")),
    case("org_ShippingCountry_from", Source::At("header.from.country")),
    case("org_ShippingCountry_to", Source::At("header.to.country")),
    case("cas_ReasonForOutgoingReferral", Source::At("header.reason")),
    identity("cas_ReferringPrimaryCaseWorker", Source::At("header.caseworker.name")),
    case("cas_OutgoingReferralDetails", Source::At("enquiry.note")),
    case("spl_Type", Source::Support),
    case("prs_Gender", Source::At("enquiry.prs_Gender")),
    case("prs_PrimaryLanguage", Source::Item("enquiry.languages", 0)),
    case("prs_SecondaryLanguage", Source::Item("enquiry.languages", 1)),
    case("vic_TraffickingStatus", Source::At("summary.vic_TraffickingStatus")),
    case("vic_TraffickingStatusDecisionMakingOrg", Source::At("summary.vic_TraffickingStatusDecisionMakingOrg")),
    Column { form: Form::List, ..case("prs_Citizenship", Source::At("summary.prs_Citizenship")) },
    Column { form: Form::List, ..case("vic_TypeOfExploitation", Source::At("summary.vic_TypeOfExploitation")) },
    case("vic_ForcedLabourIndustry", Source::At("summary.vic_ForcedLabourIndustry")),
    Column { form: Form::List, ..case("vic_TypeOfSexExploitation", Source::At("summary.vic_TypeOfSexExploitation")) },
    Column { form: Form::Spelled(control), ..case("vic_MethodsOfControl", Source::At("summary.vic_MethodsOfControl")) },
    Column { form: Form::List, ..case("vic_MethodOfRecruitment", Source::At("summary.vic_MethodOfRecruitment")) },
    case("vic_RelationshipToTrafficker", Source::At("summary.vic_RelationshipToTrafficker")),
    case("con_Consent", Source::Consent),
    identity("prs_FirstName", Source::Name("prs_FirstName")),
    identity("prs_MiddleName", Source::Name("prs_MiddleName")),
    identity("prs_SecondName", Source::Name("prs_SecondName")),
    identity("prs_Salutation", Source::At("identity.prs_Salutation")),
    identity("prs_Birthdate", Source::At("identity.prs_Birthdate")),
    identity("prs_MaritalStatus", Source::At("identity.prs_MaritalStatus")),
    Column { form: Form::Number, ..identity("prs_NumberOfChildren", Source::At("identity.prs_NumberOfChildren")) },
    identity("prs_HighestLevelOfEducation", Source::At("identity.prs_HighestLevelOfEducation")),
    identity("prs_IdentityNumber", Source::First("identity.documents", "prs_IdentityNumber")),
    identity("prs_MobilePhone", Source::At("identity.safe_contact.prs_MobilePhone")),
    identity("prs_Email", Source::At("identity.safe_contact.prs_Email")),
    identity("prs_MailingCity", Source::At("identity.location.city")),
    identity("prs_MailingCountry", Source::At("identity.location.country")),
    case("cco_CaseComment", Source::At("summary.text")),
    case("spl_Objectives", Source::Each("case_file.support_plan", "spl_Objectives")),
    case("spl_ActionPlan", Source::Each("case_file.support_plan", "spl_ActionPlan")),
    case("spl_PlannedEndDate", Source::Each("case_file.support_plan", "spl_PlannedEndDate")),
    case("hte_Type", Source::Each("case_file.events", "hte_Type")),
    case("hte_Country", Source::Each("case_file.events", "hte_Country")),
    identity("hte_City", Source::Each("case_file.events", "hte_City")),
    identity("hte_Date", Source::Each("case_file.events", "hte_Date")),
    case("hte_Description", Source::Each("case_file.events", "hte_Description")),
    case("sc_role_from", Source::At("header.from.role")),
    case("sc_role_to", Source::At("header.to.role")),
    Column { form: Form::List, ..case("sc_services", Source::At("enquiry.services")) },
    case("sc_state", Source::State),
    identity("sc_referral", Source::Whole),
];

/// A state by its code.
#[must_use]
pub fn state(code: &str) -> Option<State> {
    State::ALL.iter().copied().find(|state| state.code() == code)
}

/// `org_Type` of a role (REFERRAL addendum C).
#[must_use]
pub const fn agency_type(role: Role) -> &'static str {
    match role {
        Role::NgoShelter
        | Role::NgoSupport
        | Role::Helpline
        | Role::RedCrossCrescent
        | Role::IomMission
        | Role::UnhcrMission
        | Role::InternationalOrganisation => "NGO",
        Role::Police | Role::BorderGuard | Role::Prosecution | Role::WitnessProtection => "LawEnforcement",
        Role::HealthService => "HealthServiceOrganisation",
        Role::ImmigrationAuthority | Role::AsylumAuthority => "ImmigrationService",
        Role::LegalAid => "LegalService",
        Role::SocialService | Role::ChildProtection | Role::Guardianship => "LocalGovernmentOrganisation",
        Role::LabourInspectorate
        | Role::CompetentAuthority
        | Role::Embassy
        | Role::NrmCoordinator
        | Role::NationalRapporteur => "CentralGovernmentOrganisation",
        Role::EducationTraining => "SchoolOrCollege",
    }
}

/// `spl_Type` of a service (REFERRAL addendum C).
#[must_use]
pub const fn support(service: Service) -> SupportType {
    match service {
        Service::MedicalEmergency
        | Service::MedicalGeneral
        | Service::SexualReproductiveHealth
        | Service::Psychological
        | Service::Psychiatric
        | Service::SubstanceUse => SupportType::Health,
        Service::LegalAdvice
        | Service::LegalRepresentation
        | Service::Compensation
        | Service::LabourClaim
        | Service::IdentityDocuments
        | Service::ConsularAssistance
        | Service::ResidenceRegularisation
        | Service::AsylumAdvice
        | Service::FormalIdentification
        | Service::PoliceReport
        | Service::WitnessProtection => SupportType::Legal,
        Service::Education => SupportType::Education,
        Service::VocationalTraining | Service::Livelihood => SupportType::Livelihood,
        Service::FinancialAssistance => SupportType::Financial,
        Service::EmergencyShelter
        | Service::Shelter
        | Service::ChildCarePlacement
        | Service::BasicNeeds
        | Service::SafetyPlanning
        | Service::Interpretation
        | Service::VoluntaryReturn
        | Service::Resettlement
        | Service::ReceptionOnArrival
        | Service::Transport
        | Service::FamilyTracing
        | Service::FamilyReunification
        | Service::Guardianship
        | Service::BestInterestProcedure
        | Service::CaseManagement => SupportType::SocialCare,
    }
}

/// `cas_Status` of a state.
#[must_use]
pub const fn status(state: State) -> &'static str {
    match state {
        State::Draft
        | State::Queued
        | State::Failed
        | State::Submitted
        | State::Delivered
        | State::Opened
        | State::InfoRequested
        | State::Accepted => "Active",
        State::InService => "FollowUp",
        State::Closed | State::Declined | State::Withdrawn | State::Expired | State::Erased => "Closed",
        State::Transferred => "ClosedReferred",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::codes::Relationship;

    #[test]
    fn every_role_service_and_state_has_a_word_of_the_standard() {
        let agency_types = [
            "NGO",
            "LawEnforcement",
            "HealthServiceOrganisation",
            "ImmigrationService",
            "LegalService",
            "LocalGovernmentOrganisation",
            "CentralGovernmentOrganisation",
            "SchoolOrCollege",
        ];
        assert!(Role::ALL.iter().all(|role| agency_types.contains(&agency_type(*role))));
        assert_eq!(agency_type(Role::UnhcrMission), "NGO");
        assert_eq!(support(Service::VoluntaryReturn).as_str(), "SocialCare");
        assert_eq!(support(Service::WitnessProtection).as_str(), "Legal");
        let statuses: Vec<&str> = State::ALL.iter().map(|state| status(*state)).collect();
        assert!(statuses.iter().all(|status| ["Active", "FollowUp", "Closed", "ClosedReferred"].contains(status)));
        assert_eq!(status(State::InService), "FollowUp");
        assert_eq!(status(State::Transferred), "ClosedReferred");
    }

    #[test]
    fn column_names_are_distinct_and_the_referral_itself_identifies() {
        let mut names: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COLUMNS.len());
        assert!(COLUMNS.iter().any(|column| column.name == "sc_referral" && column.about == About::Identity));
    }

    #[test]
    fn both_spellings_of_the_standard_are_read() {
        assert_eq!(control("ThreatOfLawEnforcement"), "ThreatsLawEnforcement");
        assert_eq!(control("PsychoactiveSubstances"), "PsychoactiveSubstance");
        assert!(
            ["ThreatsLawEnforcement", "PsychoactiveSubstance", "DebtBondage"].iter().all(|code| control(code) == *code)
        );
        assert!(Relationship::from_code("Unaquainted").is_some());
    }
}
