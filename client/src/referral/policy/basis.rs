//! Whose value decided: the country profiles whose setting is the strictest, and the law that they name for it.
//!
//! `None` means that the built-in rule decided. A profile that says no more than the built-in rule decides nothing.

use super::Case;
use super::rules::{LAW_ENFORCEMENT, PROTECTED};
use crate::referral::codes::{ProtectionStatus, RetentionBasis, Role};
use crate::referral::profile::{About, EmbassyContact, Profile};

/// Years of majority that need no profile.
const MAJORITY_YEARS: u16 = 18;
/// Hours until the person is told of an override that need no profile.
const NOTICE_HOURS: u32 = 72;

/// A profile by country and version, as a header pins it: `XA@3`.
pub(super) fn name(profile: &Profile) -> String {
    format!("{}@{}", profile.profile.country, profile.profile.version)
}

/// A profile with a setting, and the law that it names.
pub(super) fn one(profile: &Profile, setting: &str, law: Option<&str>) -> String {
    let name = name(profile);
    law.map_or_else(|| format!("{name}, {setting}"), |law| format!("{name}, {setting}: {law}"))
}

/// The profiles for which `decides` holds, each once.
fn those(case: &Case<'_>, setting: &str, decides: impl Fn(&Profile) -> bool) -> Option<String> {
    let mut found: Vec<String> =
        case.rules.all.iter().filter(|profile| decides(profile)).map(|profile| one(profile, setting, None)).collect();
    found.dedup();
    (!found.is_empty()).then(|| found.join("; "))
}

/// Why the recipient counts as law enforcement, if its roles alone do not say so.
pub(super) fn law_enforcement(case: &Case<'_>) -> Option<String> {
    let roles = case.recipient_roles();
    if roles.iter().any(|role| LAW_ENFORCEMENT.contains(role)) {
        return None;
    }
    let counts = |role: &Role| roles.contains(role);
    those(case, "law_enforcement", |profile| profile.law_enforcement.also.iter().any(counts))
}

/// The law of the reflection period in every country concerned.
pub(super) fn reflection(case: &Case<'_>) -> Option<String> {
    let mut found: Vec<String> = case
        .rules
        .all
        .iter()
        .map(|profile| one(profile, "reflection", Some(&profile.reflection.legal_basis)))
        .collect();
    found.dedup();
    Some(found.join("; "))
}

/// Who makes the age of own consent as high as it is.
pub(super) fn own_consent(case: &Case<'_>) -> Option<String> {
    let years = case.rules.own_consent_from_years;
    those(case, "child.own_consent_from_years", |profile| profile.child.own_consent_from_years == years)
}

/// Who makes majority later than everywhere.
pub(super) fn majority(case: &Case<'_>) -> Option<String> {
    let years = case.rules.majority_years;
    if years == MAJORITY_YEARS {
        return None;
    }
    those(case, "child.majority_years", |profile| profile.child.majority_years == years)
}

/// Who wants the person told earlier than everywhere.
pub(super) fn notice(case: &Case<'_>) -> Option<String> {
    let hours = case.rules.notice_hours;
    if hours >= NOTICE_HOURS {
        return None;
    }
    those(case, "override.vital_interest_notice_hours", |profile| {
        profile.overrides.vital_interest_notice_hours == hours
    })
}

/// Who forbids embassies altogether.
pub(super) fn embassies_never(case: &Case<'_>) -> Option<String> {
    those(case, "embassy.contact_own_nationals", |profile| {
        profile.embassy.contact_own_nationals == EmbassyContact::Never
    })
}

/// Who protects a status beside the built-in ones.
pub(super) fn embassy_status(case: &Case<'_>, status: ProtectionStatus) -> Option<String> {
    if PROTECTED.contains(&status) {
        return None;
    }
    those(case, "embassy.never_if_status", |profile| profile.embassy.never_if_status.contains(&status))
}

/// Who keeps the shortest for a basis.
pub(super) fn retention(case: &Case<'_>, basis: RetentionBasis) -> Option<String> {
    let days = case.rules.retention_days(basis);
    let setting = format!("retention_days.{}", basis.as_str());
    those(case, &setting, |profile| profile.retention_days.days(basis) == days)
}

/// The duty that is nearest, with its law; else every profile that knows none. An adult above level 0 is built in.
pub(super) fn duty(case: &Case<'_>) -> Option<String> {
    let header = &case.referral.header;
    let about = if case.age.is_child { About::Child } else { About::Adult };
    if about == About::Adult && case.referral.level() > 0 {
        return None;
    }
    let near = case.rules.duties().find(|(_, duty)| {
        duty.who.contains(&header.from.role) && duty.to.contains(&header.to.role) && duty.when == about
    });
    match near {
        Some((profile, duty)) => Some(one(profile, &format!("duty {}", duty.id), Some(&duty.legal_basis))),
        None => those(case, "mandatory_reporting", |_| true),
    }
}
