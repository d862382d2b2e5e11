//! Consents (D04 to D07, D09 to D16): a section counts as covered by one consent without any fault. A faulty consent
//! beside a good one does no harm.

use safeconduct_protocol::personal::Reveal;
use safeconduct_protocol::time::{DAY_S, HOUR_S, Timestamp};

use super::{Case, Parent, SKEW_S, need};
use crate::referral::code::Code;
use crate::referral::codes::{
    Basis, BidStatus, ConsentStatus, Giver, GuardianStatus, Kind, Purpose, ReflectionStatus, Role, Section, Service,
    Urgency,
};
use crate::referral::consent::Consent;
use crate::referral::dates::Date;
use crate::referral::finding::Finding;
use crate::referral::profile::About;
use crate::referral::summary::Child;

/// A consent that names no end holds six months.
const LIFE_WITHOUT_END_DAYS: u64 = 183;
/// Who may be asked for help in vital interest.
const RESCUERS: [Role; 5] =
    [Role::HealthService, Role::SocialService, Role::ChildProtection, Role::NgoShelter, Role::Police];
/// What police can do that stops a danger.
const STOPS_DANGER: [Service; 5] = [
    Service::PoliceReport,
    Service::SafetyPlanning,
    Service::EmergencyShelter,
    Service::MedicalEmergency,
    Service::Transport,
];

/// Checks that every section is covered, and what needs a consent of a certain purpose.
pub(super) fn cover(case: &Case<'_>, findings: &mut Vec<Finding>) {
    if case.referral.level() < 1 {
        return;
    }
    let consents = case.referral.consents();
    let faults: Vec<Vec<Code>> = consents.iter().map(|consent| faults(case, consent)).collect();
    let used = |index: usize| faults.get(index).is_some_and(Vec::is_empty);
    for (section, _) in need::sections(case.referral) {
        let names = |consent: &Consent| consent.sections.as_slice().contains(&section);
        if consents.iter().enumerate().any(|(index, consent)| used(index) && names(consent)) {
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
        for code in missed {
            push(findings, Finding::refuse(*code, pointer.clone(), fact(case, consents.get(nearest), *code)));
        }
        if missed.is_empty() {
            let fact = format!("no consent covers the section {}", section.as_str());
            push(findings, Finding::refuse(Code::ConsentSection, pointer, fact));
        }
    }
    let purposes: Vec<Purpose> = consents
        .iter()
        .enumerate()
        .filter(|(index, _)| used(*index))
        .flat_map(|(_, consent)| consent.purposes.iter().copied())
        .collect();
    purpose(case, &purposes, findings);
    if case.referral.header.kind == Kind::Transfer && case.parent == Some(Parent::NoOnwardSharing) {
        let fact = "the referral that this transfer continues is marked NoOnwardSharing";
        findings.push(Finding::refuse(Code::ConsentOnward, "/header/parent_referral_id".to_owned(), fact));
    }
}

/// D06 and D17, once any consent is used at all.
fn purpose(case: &Case<'_>, purposes: &[Purpose], findings: &mut Vec<Finding>) {
    if purposes.is_empty() {
        return;
    }
    let services = case.referral.enquiry.services.as_slice();
    if !services.iter().any(|service| need::purposes(*service).iter().any(|purpose| purposes.contains(purpose))) {
        findings.push(Finding::plain(Code::ConsentPurpose, "/consents"));
    }
    let justice = [Purpose::CriminalInvestigation, Purpose::WitnessProtection, Purpose::LegalAssistance];
    let carried = need::sections(case.referral).iter().any(|(section, _)| *section == Section::Justice);
    if carried && !justice.iter().any(|purpose| purposes.contains(purpose)) {
        findings.push(Finding::plain(Code::JusticePurpose, "/case_file/justice"));
    }
}

/// Adds a finding that is not there yet.
fn push(findings: &mut Vec<Finding>, finding: Finding) {
    if !findings.contains(&finding) {
        findings.push(finding);
    }
}

/// The fact, with what of the consent may be said.
fn fact(case: &Case<'_>, consent: Option<&Consent>, code: Code) -> String {
    let withdrawn = consent.and_then(|consent| consent.withdrawn_at).and_then(|at| Date::on(at.time()));
    match (code, withdrawn) {
        (Code::ConsentWithdrawn, Some(day)) => {
            format!("the person withdrew this consent on {day}; nothing can be sent under it")
        }
        (Code::TimeOrder, _) => "the consent was given in the future, or ends before it was given".to_owned(),
        (Code::DutyUnknown, _) if !case.age.is_child && case.referral.level() > 0 => {
            "an adult is notified at level 0 only: what identifies the person needs consent".to_owned()
        }
        _ => code.fact().to_owned(),
    }
}

/// Every reason why this consent does not count, the nearest miss last to first of the table.
fn faults(case: &Case<'_>, consent: &Consent) -> Vec<Code> {
    let mut faults = Vec::new();
    standing(case, consent, &mut faults);
    recipient(case, consent, &mut faults);
    informed(consent, &mut faults);
    reflection(case, consent, &mut faults);
    match consent.basis {
        Basis::InformedConsent => {
            if case.age.is_child && case.age.youngest < case.rules.own_consent_from_years {
                faults.push(Code::ChildNeedsGuardianOrBid);
            }
        }
        Basis::AssentAndGuardianConsent | Basis::GuardianConsent | Basis::BestInterestDetermination => {
            for_child(case, consent, &mut faults);
        }
        Basis::VitalInterest => vital_interest(case, consent, &mut faults),
        Basis::LegalObligation => legal_obligation(case, consent, &mut faults),
    }
    if case.referral.header.kind == Kind::Transfer && consent.onward_sharing != Some(true) {
        faults.push(Code::ConsentOnward);
    }
    faults
}

/// D04: it stands now.
fn standing(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Code>) {
    let given = consent.given_at.time();
    let end = consent
        .expires_at
        .map_or_else(|| given.after(LIFE_WITHOUT_END_DAYS * DAY_S), super::super::dates::Instant::time);
    if consent.status == ConsentStatus::Withdrawn || consent.withdrawn_at.is_some() {
        faults.push(Code::ConsentWithdrawn);
    }
    if consent.status == ConsentStatus::Expired || case.now >= end {
        faults.push(Code::ConsentExpired);
    }
    if given > case.now.after(SKEW_S) || end <= given {
        faults.push(Code::TimeOrder);
    }
}

/// D04 and D07: level, agency, role; law enforcement and embassies on their own.
fn recipient(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Code>) {
    let to = &case.referral.header.to;
    let roles = consent.recipient_roles.as_slice();
    let agencies = consent.recipient_agency_ids.as_ref();
    let named = agencies.is_some_and(|agencies| agencies.as_slice().contains(&to.agency_id));
    if consent.level_max.get() < case.referral.level() {
        faults.push(Code::ConsentLevel);
    }
    if agencies.is_some() && !named {
        faults.push(Code::ConsentAgency);
    }
    if !roles.contains(&to.role) {
        faults.push(Code::ConsentRole);
    }
    let alone = roles.iter().all(|role| *role == to.role);
    if (case.to_law_enforcement() || case.to_embassy()) && !(alone && named) {
        faults.push(Code::ConsentNotSpecific);
    }
}

/// D05 and addendum A6: told all five, and the person's own answer.
fn informed(consent: &Consent, faults: &mut Vec<Code>) {
    if matches!(consent.basis, Basis::VitalInterest | Basis::LegalObligation) {
        return;
    }
    let told = consent.informed.as_ref().is_some_and(|informed| {
        informed.purpose && informed.uses && informed.access_right && informed.storage_period && informed.withdrawal
    });
    let own = consent.basis != Basis::InformedConsent || consent.given_by == Giver::Person;
    if !told || !own {
        faults.push(Code::ConsentNotInformed);
    }
}

/// D09, addendum A4 and A5. Vital interest is bound by D12 to D14 instead.
fn reflection(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Code>) {
    if !case.to_law_enforcement() || consent.basis == Basis::VitalInterest {
        return;
    }
    let period = case.referral.summary.as_ref().and_then(|summary| summary.reflection_period.as_ref());
    let Some(period) = period else {
        faults.push(Code::ReflectionActive);
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
        faults.push(Code::ReflectionActive);
    }
}

/// D11 and addendum A6: who speaks for a child, and in what state.
fn for_child(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Code>) {
    let child: Option<&Child> = case.referral.summary.as_ref().and_then(|summary| summary.child.as_ref());
    let guardian = child.map(|child| *child.guardian_status.reveal(Reveal::ToCheck));
    let procedure = child.map(|child| *child.bid_status.reveal(Reveal::ToCheck));
    let stands = if consent.basis == Basis::BestInterestDetermination {
        consent.given_by == Giver::CompetentBody
            && matches!(procedure, Some(BidStatus::InProgress | BidStatus::Completed))
    } else {
        if guardian == Some(GuardianStatus::ParentSuspected) {
            faults.push(Code::GuardianSuspected);
            return;
        }
        consent.given_by == Giver::Guardian
            && matches!(guardian, Some(GuardianStatus::Appointed | GuardianStatus::ParentOrCaregiver))
    };
    if !stands {
        faults.push(Code::ChildNeedsGuardianOrBid);
    }
}

const fn by_override(giver: Giver) -> bool {
    matches!(giver, Giver::CaseworkerOverride | Giver::CompetentBody)
}

/// D12 to D14.
fn vital_interest(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Code>) {
    let header = &case.referral.header;
    let urgent = matches!(header.urgency, Urgency::Immediate | Urgency::Emergency);
    let to_police = header.to.role == Role::Police;
    let services = case.referral.enquiry.services.as_slice();
    let averts = case.referral.level() <= 2 && services.iter().all(|service| STOPS_DANGER.contains(service));
    let applies =
        urgent && RESCUERS.contains(&header.to.role) && by_override(consent.given_by) && (!to_police || averts);
    if !applies {
        faults.push(Code::OverrideNotApplicable);
    }
    let latest: Timestamp = consent.given_at.time().after(u64::from(case.rules.notice_hours) * HOUR_S);
    if consent.notify_person_by.is_none_or(|by| by.time() > latest) {
        faults.push(Code::OverrideNoticeTooLate);
    }
}

/// D15 and addendum A7.
fn legal_obligation(case: &Case<'_>, consent: &Consent, faults: &mut Vec<Code>) {
    let header = &case.referral.header;
    if header.kind != Kind::MandatoryNotification || !by_override(consent.given_by) {
        faults.push(Code::LegalBasisNeedsNotification);
    }
    let about = if case.age.is_child { About::Child } else { About::Adult };
    let level = case.referral.level();
    let bound = case.rules.duties().iter().any(|duty| {
        duty.who.contains(&header.from.role)
            && duty.to.contains(&header.to.role)
            && duty.when == about
            && level <= duty.level_max
    });
    if !bound || (about == About::Adult && level > 0) {
        faults.push(Code::DutyUnknown);
    }
}
