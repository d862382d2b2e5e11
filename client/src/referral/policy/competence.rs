//! Who may do what (REFERRAL §7.2), as data; judged at both ends.
//!
//! Competence goes by the role under which an agency sends or is addressed. It is another question than who counts as
//! law enforcement: an inspectorate that reports to immigration is law enforcement for what protects, and still
//! takes a labour claim.

use super::Case;
use super::basis;
use super::consents::{self, STOPS_DANGER};
use super::need;
use super::rules::LAW_ENFORCEMENT;
use super::table::Out;
use crate::referral::code::Code;
use crate::referral::codes::{Basis, Decider, Kind, Role, Section, Service, TraffickingStatus};
use crate::referral::finding::Finding;
use crate::referral::profile::Profile;
use safeconduct_protocol::personal::Reveal;

/// What an agency does with a referral.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Send an enquiry or a referral.
    Send,
    /// Take a referral for a service; [`services`] says which.
    Accept,
    /// State that somebody may be a trafficked person.
    Presume,
    /// Decide it.
    Decide,
    /// Record a determination of a child's best interest.
    BestInterest,
    /// Send without consent in vital interest.
    Override,
    /// Set a reflection period.
    Reflection,
    /// Receive the section on justice.
    Justice,
    /// Receive the figures of the whole country.
    Indicators,
}

/// Who may, by the software alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody but these.
    AllBut(&'static [Role]),
    /// These only.
    Only(&'static [Role]),
}

/// A row of the matrix.
pub struct Competence {
    /// The act.
    pub act: Act,
    /// In words.
    pub words: &'static str,
    /// Who may, by the software alone.
    pub who: Who,
    /// Who may by the country profile, too.
    pub by_profile: Option<ByProfile>,
}

/// The roles that a country profile adds.
#[derive(Clone, Copy)]
pub struct ByProfile {
    /// The setting's name.
    pub setting: &'static str,
    /// Its roles.
    pub roles: fn(&Profile) -> &[Role],
}

const fn by_profile(setting: &'static str, roles: fn(&Profile) -> &[Role]) -> Option<ByProfile> {
    Some(ByProfile { setting, roles })
}

const COUNTING: &[Role] = &[Role::NrmCoordinator, Role::NationalRapporteur];
/// What law enforcement does for a person; identification only where its country lets it decide.
const OF_LAW_ENFORCEMENT: [Service; 3] = [Service::PoliceReport, Service::WitnessProtection, Service::SafetyPlanning];
/// What an embassy does for a person.
const OF_EMBASSIES: [Service; 4] =
    [Service::IdentityDocuments, Service::ConsularAssistance, Service::VoluntaryReturn, Service::ReceptionOnArrival];

/// The matrix.
pub static MATRIX: [Competence; 9] = [
    Competence { act: Act::Send, words: "send an enquiry or a referral", who: Who::AllBut(COUNTING), by_profile: None },
    Competence {
        act: Act::Accept,
        words: "take a referral for a service; law enforcement and embassies for services of their own",
        who: Who::AllBut(COUNTING),
        by_profile: None,
    },
    Competence {
        act: Act::Presume,
        words: "state a presumption",
        who: Who::Only(&[
            Role::ChildProtection,
            Role::Guardianship,
            Role::CompetentAuthority,
            Role::IomMission,
            Role::UnhcrMission,
            Role::RedCrossCrescent,
            Role::InternationalOrganisation,
        ]),
        by_profile: by_profile("identification.may_presume", |profile| &profile.identification.may_presume),
    },
    Competence {
        act: Act::Decide,
        words: "decide the status",
        who: Who::Only(&[Role::CompetentAuthority]),
        by_profile: by_profile("identification.may_decide", |profile| &profile.identification.may_decide),
    },
    Competence {
        act: Act::BestInterest,
        words: "record a best-interest determination",
        who: Who::Only(&[Role::ChildProtection, Role::Guardianship, Role::UnhcrMission]),
        by_profile: by_profile("child.best_interest_body", |profile| &profile.child.best_interest_body),
    },
    Competence {
        act: Act::Override,
        words: "send without consent in vital interest",
        who: Who::AllBut(&[Role::LegalAid, Role::Embassy, Role::NrmCoordinator, Role::NationalRapporteur]),
        by_profile: None,
    },
    Competence {
        act: Act::Reflection,
        words: "set a reflection period",
        who: Who::Only(&[Role::CompetentAuthority]),
        by_profile: by_profile("reflection.granted_by", |profile| &profile.reflection.granted_by),
    },
    Competence {
        act: Act::Justice,
        words: "receive the section on justice",
        who: Who::Only(&[
            Role::LegalAid,
            Role::CompetentAuthority,
            Role::Police,
            Role::BorderGuard,
            Role::Prosecution,
            Role::ImmigrationAuthority,
            Role::WitnessProtection,
        ]),
        by_profile: None,
    },
    Competence {
        act: Act::Indicators,
        words: "receive the figures of the whole country",
        who: Who::Only(COUNTING),
        by_profile: None,
    },
];

/// Whether an agency of this role may, in the country of this profile.
#[must_use]
pub fn may(act: Act, role: Role, profile: &Profile) -> bool {
    // An embassy judges nobody: no profile makes it presume, decide or grant.
    let by = |row: &Competence| row.by_profile.filter(|_| role != Role::Embassy);
    MATRIX.iter().filter(|row| row.act == act).any(|row| {
        let built_in = match row.who {
            Who::AllBut(none) => !none.contains(&role),
            Who::Only(these) => these.contains(&role),
        };
        built_in || by(row).is_some_and(|by| (by.roles)(profile).contains(&role))
    })
}

/// The services for which an agency of this role takes a referral, in the country of this profile; `None` for all.
#[must_use]
pub fn services(role: Role, profile: &Profile) -> Option<Vec<Service>> {
    if role == Role::Embassy {
        return Some(OF_EMBASSIES.to_vec());
    }
    if !LAW_ENFORCEMENT.contains(&role) {
        return None;
    }
    let mut own = OF_LAW_ENFORCEMENT.to_vec();
    if may(Act::Decide, role, profile) {
        own.push(Service::FormalIdentification);
    }
    Some(own)
}

/// Who decides the status in the country of this profile.
fn deciders(profile: &Profile) -> String {
    let roles = &profile.identification.may_decide;
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" or ")
}

/// Whose value decided, of a row that a profile has a say in.
fn decided(act: Act, profile: &Profile) -> Option<String> {
    let row = MATRIX.iter().find(|row| row.act == act)?;
    row.by_profile.map(|by| basis::one(profile, by.setting, None))
}

/// D25: who sends, who is asked, for what, and what the sender states.
pub(super) fn check(case: &Case<'_>, findings: &mut Out) {
    let header = &case.referral.header;
    let (from, to) = (header.from.role, header.to.role);
    if !may(Act::Send, from, case.rules.from) {
        let fact = format!("{} sends no referrals: it counts them", from.as_str());
        findings.push(Finding::refuse(Code::NotCompetent, "/header/from/role".to_owned(), fact));
    }
    // A notification asks for no service; D15 says who must be told.
    if header.kind != Kind::MandatoryNotification {
        accepts(case, to, findings);
    }
    consents::missed(case, findings);
    let summary = case.referral.summary.as_ref();
    let presumed = summary.is_some_and(|summary| {
        *summary.trafficking_status.reveal(Reveal::ToCheck) == TraffickingStatus::PossibleVictimOfTrafficking
    });
    if presumed && !may(Act::Presume, from, case.rules.from) {
        let fact = format!("{} states no presumption by the profile; whoever suspects may still refer", from.as_str());
        let finding = Finding::warn(Code::NotCompetent, "/summary/vic_TraffickingStatus", fact)
            .with_remedy("go on; have an agency that may state the presumption look at the case, too");
        findings.push(finding.decided(decided(Act::Presume, case.rules.from)));
    }
    for (index, consent) in case.referral.consents().iter().enumerate() {
        if consent.basis == Basis::BestInterestDetermination && !may(Act::BestInterest, from, case.rules.from) {
            let fact =
                format!("{} records no best-interest determination itself, only that of the body", from.as_str());
            let finding = Finding::warn(Code::NotCompetent, format!("/consents/{index}/basis"), fact)
                .with_remedy("make sure that the competent body has determined it, and that the recipient knows which");
            findings.push(finding.decided(decided(Act::BestInterest, case.rules.from)));
        }
    }
}

/// Whether the recipient takes referrals, and each service asked for.
fn accepts(case: &Case<'_>, to: Role, findings: &mut Out) {
    if !may(Act::Accept, to, case.rules.to) {
        let fact = format!("{} takes no referrals: it counts them", to.as_str());
        findings.push(Finding::refuse(Code::NotCompetent, "/header/to/role".to_owned(), fact));
    }
    let Some(mut own) = services(to, case.rules.to) else { return };
    // What stops a danger to life may be asked of police: D14 bounds it.
    if to == Role::Police && case.cover.saves_life(case) {
        own.extend(STOPS_DANGER);
    }
    for (index, service) in case.referral.enquiry.services.iter().enumerate() {
        if !own.contains(service) {
            let fact = format!("{} is not a service that {} gives", service.as_str(), to.as_str());
            let finding = Finding::refuse(Code::NotCompetent, format!("/enquiry/services/{index}"), fact);
            let by_profile = *service == Service::FormalIdentification && to != Role::Embassy;
            findings.push(finding.decided(if by_profile { decided(Act::Decide, case.rules.to) } else { None }));
        }
    }
}

/// D26: the section on justice goes to whom a justice purpose can be meant for.
pub(super) fn justice(case: &Case<'_>, findings: &mut Out) {
    let to = case.referral.header.to.role;
    let carried = need::sections(case.referral).into_iter().find(|(section, _)| *section == Section::Justice);
    if let Some((_, at)) = carried
        && !may(Act::Justice, to, case.rules.to)
    {
        let fact = format!("{} does not receive the section on justice", to.as_str());
        findings.push(Finding::refuse(Code::NotCompetent, at.to_owned(), fact));
    }
}

/// W1: a decision of the sender's own, where others decide.
pub(super) fn status(case: &Case<'_>, findings: &mut Out) {
    let Some(summary) = &case.referral.summary else { return };
    let from = case.referral.header.from.role;
    let actual = *summary.trafficking_status.reveal(Reveal::ToCheck) == TraffickingStatus::ActualVictimOfTrafficking;
    let own = summary.decided_by.is_none_or(|decided_by| decided_by == kind(from));
    if actual && own && !may(Act::Decide, from, case.rules.from) {
        let profile = case.rules.from;
        let fact = format!("{} decides this status, not {}", deciders(profile), from.as_str());
        let finding = Finding::warn(Code::NotCompetent, "/summary/vic_TraffickingStatusDecisionMakingOrg", fact)
            .with_remedy("state PossibleVictimOfTrafficking, or name the organisation that decided");
        findings.push(finding.decided(decided(Act::Decide, profile)));
    }
}

/// The kind of organisation that a role is, in the words of the standard.
const fn kind(role: Role) -> Decider {
    match role {
        Role::NgoShelter
        | Role::NgoSupport
        | Role::Helpline
        | Role::LegalAid
        | Role::RedCrossCrescent
        | Role::EducationTraining => Decider::NGO,
        Role::Police | Role::BorderGuard => Decider::Police,
        Role::Prosecution => Decider::CourtOrProsecution,
        Role::HealthService
        | Role::SocialService
        | Role::ChildProtection
        | Role::Guardianship
        | Role::LabourInspectorate
        | Role::WitnessProtection
        | Role::ImmigrationAuthority
        | Role::AsylumAuthority
        | Role::CompetentAuthority
        | Role::NrmCoordinator
        | Role::NationalRapporteur => Decider::NonPoliceGovernmentalOrganization,
        Role::Embassy | Role::IomMission | Role::UnhcrMission | Role::InternationalOrganisation => Decider::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::referral::profile::Profiles;
    use crate::referral::text::Country;

    #[test]
    fn every_act_has_one_row_and_its_words() {
        let acts = [
            Act::Send,
            Act::Accept,
            Act::Presume,
            Act::Decide,
            Act::BestInterest,
            Act::Override,
            Act::Reflection,
            Act::Justice,
            Act::Indicators,
        ];
        for act in acts {
            assert_eq!(MATRIX.iter().filter(|row| row.act == act && !row.words.is_empty()).count(), 1, "{act:?}");
        }
        assert_eq!(MATRIX.len(), acts.len());
    }

    #[test]
    fn the_matrix_says_who_may() {
        let profiles = Profiles::shipped();
        let of = |country: &str| profiles.for_country(&Country::of(country).unwrap());
        let (xa, xc) = (of("XA"), of("XC"));
        for (act, role, here, there) in [
            (Act::Send, Role::NgoShelter, true, true),
            (Act::Send, Role::NationalRapporteur, false, false),
            (Act::Accept, Role::NrmCoordinator, false, false),
            (Act::Presume, Role::LegalAid, true, false),
            (Act::Presume, Role::UnhcrMission, true, true),
            (Act::Presume, Role::Embassy, false, false),
            (Act::Decide, Role::Police, false, true),
            (Act::Decide, Role::NgoSupport, false, false),
            (Act::BestInterest, Role::Guardianship, true, true),
            (Act::BestInterest, Role::Police, false, false),
            (Act::Override, Role::LegalAid, false, false),
            (Act::Override, Role::Police, true, true),
            (Act::Reflection, Role::Prosecution, true, false),
            (Act::Reflection, Role::ImmigrationAuthority, false, true),
            (Act::Justice, Role::LegalAid, true, true),
            (Act::Justice, Role::LabourInspectorate, false, false),
            (Act::Indicators, Role::NationalRapporteur, true, true),
            (Act::Indicators, Role::NgoSupport, false, false),
        ] {
            assert_eq!((may(act, role, xa), may(act, role, xc)), (here, there), "{act:?} {}", role.as_str());
        }
        assert!(services(Role::Police, xc).unwrap().contains(&Service::FormalIdentification));
        assert!(!services(Role::Police, xa).unwrap().contains(&Service::FormalIdentification));
        assert!(services(Role::LabourInspectorate, xc).is_none());
    }

    #[test]
    fn a_profile_does_not_make_an_embassy_a_judge() {
        let text = include_str!("../../../profiles/xa-arvenia.toml");
        let text = text.replace("may_decide = [\"CompetentAuthority\"]", "may_decide = [\"Embassy\"]");
        let profile = Profile::load(&text).ok().unwrap();

        assert!(!may(Act::Decide, Role::Embassy, &profile));
    }
}
