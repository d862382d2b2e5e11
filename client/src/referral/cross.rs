//! Conditions of the schema over several members.

use safeconduct_protocol::personal::Reveal;

use super::Referral;
use super::code::Code;
use super::codes::{AgeBand, Basis, ConsentStatus, Kind};
use super::consent::Consent;
use super::finding::Finding;

/// Persons in one referral.
const GROUP_MAX: i64 = 50;

/// Every condition that does not hold.
pub(crate) fn check(referral: &Referral) -> Vec<Finding> {
    let mut findings = Vec::new();
    kind_and_level(referral, &mut findings);
    members_of_level(referral, &mut findings);
    for (index, consent) in referral.consents().iter().enumerate() {
        members_of_consent(consent, index, referral.level(), &mut findings);
    }
    child_block(referral, &mut findings);
    exploitation(referral, &mut findings);
    group(referral, &mut findings);
    findings
}

/// Whether a band is a child's.
pub(crate) const fn is_child_band(band: AgeBand) -> bool {
    matches!(
        band,
        AgeBand::From0To5
            | AgeBand::From6To11
            | AgeBand::From12To14
            | AgeBand::From15To17
            | AgeBand::UnknownPresumedChild
    )
}

fn kind_and_level(referral: &Referral, findings: &mut Vec<Finding>) {
    let (kind, level) = (referral.header.kind, referral.level());
    let most = match kind {
        Kind::Enquiry => 0,
        Kind::MandatoryNotification => 1,
        Kind::Referral | Kind::Transfer => 3,
    };
    if level > most {
        findings.push(Finding::refuse(
            Code::LevelExceeded,
            "/header/disclosure_level".to_owned(),
            format!("this kind, {}, stops at level {most}", kind.as_str()),
        ));
    }
    if kind == Kind::Transfer && referral.header.parent_referral_id.is_none() {
        findings.push(Finding::plain(Code::ParentMissing, "/header/parent_referral_id"));
    }
}

fn members_of_level(referral: &Referral, findings: &mut Vec<Finding>) {
    let level = referral.level();
    let needed = [
        (1, referral.summary.is_some(), "/summary"),
        (1, !referral.consents().is_empty(), "/consents"),
        (2, referral.identity.is_some(), "/identity"),
        (3, referral.case_file.is_some(), "/case_file"),
    ];
    for (from, present, pointer) in needed {
        if level >= from && !present {
            let fact = format!("a level {level} referral needs this member");
            findings.push(Finding::refuse(Code::MissingMember, pointer.to_owned(), fact));
        }
    }
}

fn members_of_consent(consent: &Consent, index: usize, level: i64, findings: &mut Vec<Finding>) {
    let is_override = matches!(consent.basis, Basis::VitalInterest | Basis::LegalObligation);
    let needed = [
        (!is_override, consent.informed.is_some(), "informed"),
        (is_override && level >= 1, consent.override_reason.is_some(), "override_reason"),
        (is_override, consent.notify_person_by.is_some(), "notify_person_by"),
        (consent.status == ConsentStatus::Withdrawn, consent.withdrawn_at.is_some(), "withdrawn_at"),
    ];
    for (condition, present, name) in needed {
        if condition && !present {
            let fact = "a consent of this basis and status needs this member";
            findings.push(Finding::refuse(Code::MissingMember, format!("/consents/{index}/{name}"), fact));
        }
    }
}

fn child_block(referral: &Referral, findings: &mut Vec<Finding>) {
    let Some(summary) = &referral.summary else { return };
    if is_child_band(referral.enquiry.age_band) && summary.child.is_none() {
        findings.push(Finding::plain(Code::ChildBlockMissing, "/summary/child"));
    }
}

/// The enquiry's forms of exploitation are among the summary's (REFERRAL §3.4 no. 6).
fn exploitation(referral: &Referral, findings: &mut Vec<Finding>) {
    let (Some(summary), Some(asked)) = (&referral.summary, &referral.enquiry.exploitation) else { return };
    let told = summary.exploitation.as_ref().map(|told| told.reveal(Reveal::ToCheck));
    for (index, form) in asked.reveal(Reveal::ToCheck).iter().enumerate() {
        if !told.is_some_and(|told| told.as_slice().contains(form)) {
            findings.push(Finding::refuse(
                Code::BadFormat,
                format!("/enquiry/vic_TypeOfExploitation/{index}"),
                "a form of exploitation stands in the enquiry and not in the summary",
            ));
        }
    }
}

/// The parts of a group add up to its size.
fn group(referral: &Referral, findings: &mut Vec<Finding>) {
    let (Some(parts), size) = (&referral.enquiry.group, referral.enquiry.group_size) else { return };
    let sum: i64 = parts.iter().map(|part| part.count.get()).sum();
    if size.map_or(sum > GROUP_MAX, |size| size.get() != sum) {
        findings.push(Finding::refuse(
            Code::BadFormat,
            "/enquiry/group".to_owned(),
            format!("the counts of the group add up to {sum}, which is not group_size or is more than {GROUP_MAX}"),
        ));
    }
}
