//! Services to purposes and to the least that is needed (REFERRAL §5.2), D19 and W2.

use super::Case;
use super::table::Out;
use crate::referral::Referral;
use crate::referral::code::Code;
use crate::referral::codes::{Purpose, Section, Service};
use crate::referral::finding::Finding;

/// The sections that a referral carries, each with its place.
pub(super) fn sections(referral: &Referral) -> Vec<(Section, &'static str)> {
    let mut present = vec![(Section::Enquiry, "/enquiry")];
    if referral.summary.is_some() {
        present.push((Section::Summary, "/summary"));
    }
    if referral.identity.is_some() {
        present.push((Section::Identity, "/identity"));
    }
    let Some(file) = &referral.case_file else { return present };
    let parts = [
        (file.narrative.is_some(), Section::Narrative, "/case_file/narrative"),
        (file.medical.is_some(), Section::Medical, "/case_file/medical"),
        (file.psychosocial.is_some(), Section::Psychosocial, "/case_file/psychosocial"),
        (file.immigration.is_some(), Section::Immigration, "/case_file/immigration"),
        (file.justice.is_some(), Section::Justice, "/case_file/justice"),
        (file.return_home.is_some(), Section::Return, "/case_file/return"),
        (file.support_plan.is_some(), Section::SupportPlan, "/case_file/support_plan"),
        (file.events.is_some(), Section::Events, "/case_file/events"),
        (file.attachments.is_some(), Section::Attachments, "/case_file/attachments"),
    ];
    present.extend(parts.into_iter().filter(|(is_there, ..)| *is_there).map(|(_, section, at)| (section, at)));
    // A document is governed by its own section, too.
    for attachment in file.attachments.iter().flat_map(|list| list.iter()) {
        if !present.iter().any(|(section, _)| *section == attachment.section) {
            present.push((attachment.section, "/case_file/attachments"));
        }
    }
    present
}

/// The purposes that fit a service.
pub(crate) const fn purposes(service: Service) -> &'static [Purpose] {
    use Service as S;
    match service {
        S::EmergencyShelter
        | S::Shelter
        | S::BasicNeeds
        | S::SafetyPlanning
        | S::Transport
        | S::CaseManagement
        | S::Education
        | S::VocationalTraining
        | S::Livelihood
        | S::FinancialAssistance
        | S::Interpretation => &[Purpose::Assistance],
        S::MedicalEmergency
        | S::MedicalGeneral
        | S::SexualReproductiveHealth
        | S::Psychological
        | S::Psychiatric
        | S::SubstanceUse => &[Purpose::MedicalCare, Purpose::Assistance],
        S::LegalAdvice | S::LegalRepresentation | S::Compensation | S::ResidenceRegularisation => {
            &[Purpose::LegalAssistance]
        }
        S::LabourClaim => &[Purpose::LabourEnforcement, Purpose::LegalAssistance],
        S::IdentityDocuments | S::ConsularAssistance => &[Purpose::Documents],
        S::AsylumAdvice => &[Purpose::Asylum, Purpose::LegalAssistance],
        S::FormalIdentification => &[Purpose::Identification],
        S::VoluntaryReturn | S::Resettlement | S::ReceptionOnArrival => &[Purpose::Return, Purpose::Resettlement],
        S::FamilyTracing | S::FamilyReunification => &[Purpose::FamilyTracing],
        S::ChildCarePlacement | S::Guardianship | S::BestInterestProcedure => &[Purpose::ChildProtection],
        S::PoliceReport => &[Purpose::CriminalInvestigation],
        S::WitnessProtection => &[Purpose::WitnessProtection],
    }
}

/// The level at which a service is asked for: the lowest with which something can be decided.
pub(crate) const fn default_level(service: Service) -> u8 {
    use Service as S;
    match service {
        // To offer a place; the name follows when it is accepted.
        S::EmergencyShelter
        | S::Shelter
        | S::BasicNeeds
        | S::SafetyPlanning
        | S::Transport
        | S::CaseManagement
        | S::Education
        | S::VocationalTraining
        | S::Livelihood
        | S::FinancialAssistance
        | S::Interpretation
        | S::LabourClaim => 1,
        S::MedicalEmergency
        | S::MedicalGeneral
        | S::SexualReproductiveHealth
        | S::Psychological
        | S::Psychiatric
        | S::SubstanceUse
        | S::LegalAdvice
        | S::LegalRepresentation
        | S::Compensation
        | S::ResidenceRegularisation
        | S::IdentityDocuments
        | S::ConsularAssistance
        | S::AsylumAdvice
        | S::FormalIdentification
        | S::FamilyTracing
        | S::FamilyReunification
        | S::ChildCarePlacement
        | S::Guardianship
        | S::BestInterestProcedure
        | S::PoliceReport
        | S::WitnessProtection => 2,
        S::VoluntaryReturn | S::Resettlement | S::ReceptionOnArrival => 3,
    }
}

/// The sections that a service needs beside enquiry and summary.
pub(crate) const fn needed(service: Service) -> &'static [Section] {
    use Service as S;
    match service {
        S::LabourClaim => &[],
        S::EmergencyShelter
        | S::Shelter
        | S::BasicNeeds
        | S::SafetyPlanning
        | S::Transport
        | S::CaseManagement
        | S::Education
        | S::VocationalTraining
        | S::Livelihood
        | S::FinancialAssistance
        | S::Interpretation
        | S::IdentityDocuments
        | S::ConsularAssistance
        | S::FamilyTracing
        | S::FamilyReunification
        | S::ChildCarePlacement
        | S::Guardianship
        | S::BestInterestProcedure => &[Section::Identity],
        S::MedicalEmergency
        | S::MedicalGeneral
        | S::SexualReproductiveHealth
        | S::Psychological
        | S::Psychiatric
        | S::SubstanceUse => &[Section::Identity, Section::Medical],
        S::LegalAdvice | S::LegalRepresentation | S::Compensation | S::ResidenceRegularisation => {
            &[Section::Identity, Section::Justice, Section::Immigration]
        }
        S::AsylumAdvice => &[Section::Identity, Section::Immigration],
        S::FormalIdentification => &[Section::Identity, Section::Narrative],
        S::VoluntaryReturn | S::Resettlement | S::ReceptionOnArrival => &[Section::Identity, Section::Return],
        S::PoliceReport => &[Section::Identity, Section::Narrative, Section::Justice],
        S::WitnessProtection => &[Section::Identity, Section::Justice],
    }
}

/// D19: warns of every section that no requested service needs.
pub(super) fn minimise(case: &Case<'_>, findings: &mut Out) {
    let referral = case.referral;
    let services = referral.enquiry.services.as_slice();
    for (section, pointer) in sections(referral) {
        let always = matches!(section, Section::Enquiry | Section::Summary);
        if !always && !services.iter().any(|service| needed(*service).contains(&section)) {
            let fact = format!("no requested service needs the section {}", section.as_str());
            findings.push(Finding::warn(Code::Minimise, pointer, fact));
        }
    }
}

/// Optional members of an enquiry that are still many people.
const OPTIONAL_MAX: usize = 4;

/// W2: without a person in it, an enquiry may still point at one.
pub(super) fn singles_out(case: &Case<'_>, findings: &mut Out) {
    if case.referral.level() > 0 {
        return;
    }
    let enquiry = &case.referral.enquiry;
    let told = [
        enquiry.gender.is_some(),
        enquiry.languages.is_some(),
        enquiry.group_size.is_some(),
        enquiry.accompanying_children.is_some(),
        enquiry.group.is_some(),
        enquiry.exploitation.is_some(),
        enquiry.region_of_need.is_some(),
        enquiry.needed_by.is_some(),
        enquiry.access_needs.is_some(),
        enquiry.safety_needs.is_some(),
        enquiry.note.is_some(),
    ];
    let count = told.into_iter().filter(|is_told| *is_told).count();
    if count > OPTIONAL_MAX {
        let fact = format!(
            "{count} optional members together may single out one person in a small town; {OPTIONAL_MAX} seldom do"
        );
        findings.push(Finding::warn(Code::QuasiIdentifiers, "/enquiry", fact));
    }
}
