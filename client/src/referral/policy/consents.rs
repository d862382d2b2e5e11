//! Consents (D04 to D07, D09 to D16): a section counts as covered by one consent without any fault. A faulty consent
//! beside a good one does no harm.

use safeconduct_protocol::personal::Reveal;
use safeconduct_protocol::time::{DAY_S, HOUR_S, Timestamp};

use super::competence::{self, Act};
use super::table::Out;
use super::{Case, Direction, Parent, SKEW_S, basis, need};
use crate::referral::code::Code;
use crate::referral::codes::{
    Basis, BidStatus, ConsentStatus, Giver, GuardianStatus, Kind, Purpose, ReflectionStatus, Role, Section, Service,
};
use crate::referral::consent::Consent;
use crate::referral::dates::Date;
use crate::referral::finding::Finding;
use crate::referral::profile::About;
use crate::referral::rule::RuleId;
use crate::referral::summary::Child;

/// A consent that names no end holds six months.
pub(crate) const LIFE_WITHOUT_END_DAYS: u64 = 183;
/// Who may be asked for help in vital interest.
pub(super) const RESCUERS: [Role; 5] =
    [Role::HealthService, Role::SocialService, Role::ChildProtection, Role::NgoShelter, Role::Police];
/// What police can do that stops a danger.
pub(super) const STOPS_DANGER: [Service; 5] = [
    Service::PoliceReport,
    Service::SafetyPlanning,
    Service::EmergencyShelter,
    Service::MedicalEmergency,
    Service::Transport,
];
/// The highest level that police are told for it.
pub(super) const STOPS_DANGER_LEVEL: i64 = 2;

/// What the consents of a referral cover, and what is missing.
#[derive(Default)]
pub(super) struct Cover {
    /// The consents without any fault, by their place.
    pub(super) used: Vec<usize>,
    /// What is missing, in the order in which it is told.
    missed: Vec<Finding>,
}

/// Why a consent does not count.
#[derive(Clone, Copy)]
struct Fault {
    rule: RuleId,
    code: Code,
}

const fn fault(rule: RuleId, code: Code) -> Fault {
    Fault { rule, code }
}

impl Cover {
    /// Looks which sections are covered; what needs a consent of a certain purpose is looked at after that.
    pub(super) fn of(case: &Case<'_>) -> Self {
        if case.referral.level() < 1 {
            return Self::default();
        }
        let consents = case.referral.consents();
        let faults: Vec<Vec<Fault>> = consents.iter().map(|consent| faults(case, consent)).collect();
        let used: Vec<usize> =
            faults.iter().enumerate().filter(|(_, faults)| faults.is_empty()).map(|(index, _)| index).collect();
        let mut cover = Self { used, missed: Vec::new() };
        for (section, _) in need::sections(case.referral) {
            let names = |consent: &Consent| consent.sections.as_slice().contains(&section);
            if cover.used.iter().any(|index| consents.get(*index).is_some_and(names)) {
                continue;
            }
            let fewest = |naming: bool| {
                (0..consents.len())
                    .filter(|index| !naming || consents.get(*index).is_some_and(names))
                    .min_by_key(|index| faults.get(*index).map_or(0, Vec::len))
            };
            let nearest = fewest(true).or_else(|| fewest(false)).unwrap_or(0);
            let pointer = format!("/consents/{nearest}");
            let missed = faults.get(nearest).map_or(&[][..], Vec::as_slice);
            for fault in missed {
                let finding = Finding::refuse(fault.code, pointer.clone(), fact(case, consents.get(nearest), *fault));
                let finding = match remedy(case, consents.get(nearest), fault.code) {
                    Some(remedy) => finding.with_remedy(remedy),
                    None => finding,
                };
                cover.miss(finding.by(fault.rule).decided(decided(case, fault.rule)));
            }
            if missed.is_empty() {
                let fact = format!("no consent covers the section {}", section.as_str());
                cover.miss(Finding::refuse(Code::ConsentSection, pointer, fact).by(RuleId::D04));
            }
        }
        cover
    }

    /// Adds a finding that is not there yet.
    fn miss(&mut self, finding: Finding) {
        if !self.missed.contains(&finding) {
            self.missed.push(finding);
        }
    }

    /// The consents that are used.
    fn consents<'a>(&'a self, case: &'a Case<'_>) -> impl Iterator<Item = (usize, &'a Consent)> {
        self.used.iter().filter_map(|index| Some((*index, case.referral.consents().get(*index)?)))
    }

    /// Whether an override for vital interest is used.
    pub(super) fn saves_life(&self, case: &Case<'_>) -> bool {
        self.consents(case).any(|(_, consent)| consent.basis == Basis::VitalInterest)
    }

    /// The purposes of the consents that are used.
    fn purposes(&self, case: &Case<'_>) -> Vec<Purpose> {
        self.consents(case).flat_map(|(_, consent)| consent.purposes.iter().copied()).collect()
    }
}

/// What the rule that asks has found missing; the place in the order of all rules about consents stays.
pub(super) fn missed(case: &Case<'_>, findings: &mut Out) {
    for (place, finding) in (0..).zip(&case.cover.missed) {
        if finding.rule() == findings.rule() {
            findings.push_at(place, finding.clone());
        }
    }
}

/// Told after everything about single consents.
const AFTER: u32 = u32::MAX;

/// D06, once any consent is used at all.
pub(super) fn purpose(case: &Case<'_>, findings: &mut Out) {
    let purposes = case.cover.purposes(case);
    let services = case.referral.enquiry.services.as_slice();
    let fits = |service: &Service| need::purposes(*service).iter().any(|purpose| purposes.contains(purpose));
    if !purposes.is_empty() && !services.iter().any(fits) {
        findings.push_at(AFTER, Finding::plain(Code::ConsentPurpose, "/consents"));
    }
}

/// D17, once any consent is used at all.
pub(super) fn justice(case: &Case<'_>, findings: &mut Out) {
    let purposes = case.cover.purposes(case);
    let of_justice = [Purpose::CriminalInvestigation, Purpose::WitnessProtection, Purpose::LegalAssistance];
    let carried = need::sections(case.referral).iter().any(|(section, _)| *section == Section::Justice);
    if carried && !purposes.is_empty() && !of_justice.iter().any(|purpose| purposes.contains(purpose)) {
        findings.push_at(AFTER, Finding::plain(Code::JusticePurpose, "/case_file/justice"));
    }
}

/// D14: an override to police, which a second person of the sender confirms.
pub(super) fn to_police(case: &Case<'_>, findings: &mut Out) {
    missed(case, findings);
    if case.direction == Direction::Inbound || case.referral.header.to.role != Role::Police {
        return;
    }
    for (index, consent) in case.cover.consents(case) {
        if consent.basis == Basis::VitalInterest {
            let fact = "police are told without the person's consent";
            findings.push_at(AFTER, Finding::warn(Code::SecondPersonNeeded, format!("/consents/{index}"), fact));
        }
    }
}

/// D16, the consents and the referral that this one continues.
pub(super) fn onward(case: &Case<'_>, findings: &mut Out) {
    missed(case, findings);
    if case.referral.level() < 1 || case.referral.header.kind != Kind::Transfer {
        return;
    }
    let at = "/header/parent_referral_id".to_owned();
    match case.parent {
        Some(Parent::NoOnwardSharing) => {
            let fact = "the referral that this transfer continues is marked NoOnwardSharing";
            findings.push_at(AFTER, Finding::refuse(Code::ConsentOnward, at, fact));
        }
        // The recipient never had it, and cannot know.
        Some(Parent::Missing) if case.direction == Direction::Outbound => {
            let fact = "the referral that this transfer continues is not among those that this agency received";
            findings.push_at(AFTER, Finding::refuse(Code::ParentMissing, at, fact));
        }
        Some(Parent::Missing | Parent::Free) | None => {}
    }
}

/// S1: at the sender, a consent that is used and names no end.
pub(super) fn without_end(case: &Case<'_>, findings: &mut Out) {
    if case.direction == Direction::Inbound {
        return;
    }
    for (index, consent) in case.cover.consents(case) {
        if consent.expires_at.is_none() {
            let at = format!("/consents/{index}/expires_at");
            findings.push(Finding::warn(Code::ConsentWithoutEnd, at, Code::ConsentWithoutEnd.fact()));
        }
    }
}

/// Whose value decided, of the rules about consents.
fn decided(case: &Case<'_>, rule: RuleId) -> Option<String> {
    let by = |decides: RuleId| (decides == rule).then_some(case);
    by(RuleId::D07)
        .and_then(basis::law_enforcement)
        .or_else(|| by(RuleId::D09).and_then(basis::reflection))
        .or_else(|| by(RuleId::D10).and_then(basis::own_consent))
        .or_else(|| by(RuleId::D13).and_then(basis::notice))
        .or_else(|| by(RuleId::D15).and_then(basis::duty))
}

/// What would let this very referral go, where it can be said in numbers.
fn remedy(case: &Case<'_>, consent: Option<&Consent>, code: Code) -> Option<String> {
    let level = consent.map_or(0, |consent| consent.level_max.get());
    if code == Code::ConsentLevel {
        return Some(format!("lower the level to {level}, or ask the person about the higher one"));
    }
    let hours = case.rules.notice_hours;
    (code == Code::OverrideNoticeTooLate)
        .then(|| format!("set notify_person_by to at most {hours} hours after given_at"))
}

/// The fact, with what of the consent may be said.
fn fact(case: &Case<'_>, consent: Option<&Consent>, fault: Fault) -> String {
    let withdrawn = consent.and_then(|consent| consent.withdrawn_at).and_then(|at| Date::on(at.time()));
    match (fault.code, withdrawn) {
        (Code::ConsentWithdrawn, Some(day)) => {
            format!("the person withdrew this consent on {day}; nothing can be sent under it")
        }
        (Code::TimeOrder, _) => "the consent was given in the future, or ends before it was given".to_owned(),
        (Code::DutyUnknown, _) if !case.age.is_child && case.referral.level() > 0 => {
            "an adult is notified at level 0 only: what identifies the person needs consent".to_owned()
        }
        (Code::NotCompetent, _) => {
            format!("{} does not override consent for vital interest", case.referral.header.from.role.as_str())
        }
        (code, _) => code.fact().to_owned(),
    }
}

/// Every reason why this consent does not count, the nearest miss last to first of the table.
fn faults(case: &Case<'_>, consent: &Consent) -> Vec<Fault> {
    let mut faults = Vec::new();
    standing(case, consent, &mut faults);
    recipient(case, consent, &mut faults);
    informed(consent, &mut faults);
    reflection(case, consent, &mut faults);
    match consent.basis {
        Basis::InformedConsent => {
            if case.age.is_child && case.age.youngest < case.rules.own_consent_from_years {
                faults.push(fault(RuleId::D10, Code::ChildNeedsGuardianOrBid));
            }
        }
        Basis::AssentAndGuardianConsent | Basis::GuardianConsent | Basis::BestInterestDetermination => {
            for_child(case, consent, &mut faults);
        }
        Basis::VitalInterest => vital_interest(case, consent, &mut faults),
        Basis::LegalObligation => legal_obligation(case, consent, &mut faults),
    }
    if case.referral.header.kind == Kind::Transfer && consent.onward_sharing != Some(true) {
        faults.push(fault(RuleId::D16, Code::ConsentOnward));
    }
    faults
}

/// Whether no rule finds a fault in a consent, but for its level and its end: those are asked anew for each section and each time.
pub(super) fn is_faultless(case: &Case<'_>, consent: &Consent) -> bool {
    let asked_anew = |code: Code| {
        code == Code::ConsentLevel || (code == Code::ConsentExpired && consent.status == ConsentStatus::Active)
    };
    faults(case, consent).iter().all(|fault| asked_anew(fault.code))
}

/// D04: it stands now.
fn standing(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Fault>) {
    let given = consent.given_at.time();
    let end = consent.ends();
    if consent.status == ConsentStatus::Withdrawn || consent.withdrawn_at.is_some() {
        faults.push(fault(RuleId::D04, Code::ConsentWithdrawn));
    }
    if consent.status == ConsentStatus::Expired || case.now >= end {
        faults.push(fault(RuleId::D04, Code::ConsentExpired));
    }
    if given > case.now.after(SKEW_S) || end <= given {
        faults.push(fault(RuleId::D04, Code::TimeOrder));
    }
}

/// D04 and D07: level, agency, role; law enforcement and embassies on their own.
fn recipient(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Fault>) {
    let to = &case.referral.header.to;
    let roles = consent.recipient_roles.as_slice();
    let agencies = consent.recipient_agency_ids.as_ref();
    let named = agencies.is_some_and(|agencies| agencies.as_slice().contains(&to.agency_id));
    if consent.level_max.get() < case.referral.level() {
        faults.push(fault(RuleId::D04, Code::ConsentLevel));
    }
    if agencies.is_some() && !named {
        faults.push(fault(RuleId::D04, Code::ConsentAgency));
    }
    if !roles.contains(&to.role) {
        faults.push(fault(RuleId::D04, Code::ConsentRole));
    }
    let alone = roles.iter().all(|role| *role == to.role);
    if (case.to_law_enforcement() || case.to_embassy()) && !(alone && named) {
        faults.push(fault(RuleId::D07, Code::ConsentNotSpecific));
    }
}

/// D05 and addendum A6: told all five, and the person's own answer.
fn informed(consent: &Consent, faults: &mut Vec<Fault>) {
    if matches!(consent.basis, Basis::VitalInterest | Basis::LegalObligation) {
        return;
    }
    let told = consent.informed.as_ref().is_some_and(|informed| {
        informed.purpose && informed.uses && informed.access_right && informed.storage_period && informed.withdrawal
    });
    let own = consent.basis != Basis::InformedConsent || consent.given_by == Giver::Person;
    if !told || !own {
        faults.push(fault(RuleId::D05, Code::ConsentNotInformed));
    }
}

/// D09, addendum A4 and A5. Vital interest is bound by D12 to D14 instead.
fn reflection(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Fault>) {
    if !case.to_law_enforcement() || consent.basis == Basis::VitalInterest {
        return;
    }
    let period = case.referral.summary.as_ref().and_then(|summary| summary.reflection_period.as_ref());
    let Some(period) = period else {
        faults.push(fault(RuleId::D09, Code::ReflectionActive));
        return;
    };
    let day = |date: &Option<safeconduct_protocol::personal::Personal<Date>>| {
        date.as_ref().map(|date| *date.reveal(Reveal::ToCheck))
    };
    let start = match period.status.reveal(Reveal::ToCheck) {
        ReflectionStatus::Requested => day(&period.start).or_else(|| day(&period.requested_on)),
        ReflectionStatus::Granted => {
            let ended = day(&period.end).is_some_and(|end| end.begin().after(DAY_S) <= case.now);
            if ended {
                return;
            }
            day(&period.start).or_else(|| day(&period.requested_on))
        }
        ReflectionStatus::NotRequested
        | ReflectionStatus::Refused
        | ReflectionStatus::Ended
        | ReflectionStatus::NotApplicable => return,
    };
    // Without a start nothing can have been given after it.
    if start.is_none_or(|start| consent.given_at.time() <= start.begin()) {
        faults.push(fault(RuleId::D09, Code::ReflectionActive));
    }
}

/// D11 and addendum A6: who speaks for a child, and in what state.
fn for_child(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Fault>) {
    let child: Option<&Child> = case.referral.summary.as_ref().and_then(|summary| summary.child.as_ref());
    let guardian = child.map(|child| *child.guardian_status.reveal(Reveal::ToCheck));
    let procedure = child.map(|child| *child.bid_status.reveal(Reveal::ToCheck));
    let stands = if consent.basis == Basis::BestInterestDetermination {
        consent.given_by == Giver::CompetentBody
            && matches!(procedure, Some(BidStatus::InProgress | BidStatus::Completed))
    } else {
        if guardian == Some(GuardianStatus::ParentSuspected) {
            faults.push(fault(RuleId::D11, Code::GuardianSuspected));
            return;
        }
        consent.given_by == Giver::Guardian
            && matches!(guardian, Some(GuardianStatus::Appointed | GuardianStatus::ParentOrCaregiver))
    };
    if !stands {
        faults.push(fault(RuleId::D11, Code::ChildNeedsGuardianOrBid));
    }
}

const fn by_override(giver: Giver) -> bool {
    matches!(giver, Giver::CaseworkerOverride | Giver::CompetentBody)
}

/// D12 to D14.
fn vital_interest(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Fault>) {
    let header = &case.referral.header;
    let urgent = header.urgency.cannot_wait();
    let to_police = header.to.role == Role::Police;
    let services = case.referral.enquiry.services.as_slice();
    let averts =
        case.referral.level() <= STOPS_DANGER_LEVEL && services.iter().all(|service| STOPS_DANGER.contains(service));
    let refused_by = if !by_override(consent.given_by) {
        Some(RuleId::D11)
    } else if !urgent || !RESCUERS.contains(&header.to.role) {
        Some(RuleId::D12)
    } else if to_police && !averts {
        Some(RuleId::D14)
    } else {
        None
    };
    faults.extend(refused_by.map(|rule| fault(rule, Code::OverrideNotApplicable)));
    if !competence::may(Act::Override, header.from.role, case.rules.from) {
        faults.push(fault(RuleId::D25, Code::NotCompetent));
    }
    let latest: Timestamp = consent.given_at.time().after(u64::from(case.rules.notice_hours) * HOUR_S);
    if consent.notify_person_by.is_none_or(|by| by.time() > latest) {
        faults.push(fault(RuleId::D13, Code::OverrideNoticeTooLate));
    }
}

/// D15 and addendum A7.
fn legal_obligation(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Fault>) {
    let header = &case.referral.header;
    if header.kind != Kind::MandatoryNotification {
        faults.push(fault(RuleId::D15, Code::LegalBasisNeedsNotification));
    } else if !by_override(consent.given_by) {
        faults.push(fault(RuleId::D11, Code::LegalBasisNeedsNotification));
    }
    let about = if case.age.is_child { About::Child } else { About::Adult };
    let level = case.referral.level();
    let bound = case.rules.duties().any(|(_, duty)| {
        duty.who.contains(&header.from.role)
            && duty.to.contains(&header.to.role)
            && duty.when == about
            && level <= duty.level_max
    });
    if !bound || (about == About::Adult && level > 0) {
        faults.push(fault(RuleId::D15, Code::DutyUnknown));
    }
}
