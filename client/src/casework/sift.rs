//! What is left of a referral when consents are taken back, and what may be shown when they have ended. Pure.

use std::collections::BTreeSet;

use safeconduct_certs::utc;
use safeconduct_protocol::time::Timestamp;
use zeroize::Zeroizing;

use crate::referral::{
    self, Referral,
    codes::{ConsentStatus, Section},
    consent::Consent,
};

/// Members of the case file with the section that each is.
const CASE_FILE: [(&str, Section); 8] = [
    ("narrative", Section::Narrative),
    ("medical", Section::Medical),
    ("psychosocial", Section::Psychosocial),
    ("immigration", Section::Immigration),
    ("justice", Section::Justice),
    ("return", Section::Return),
    ("support_plan", Section::SupportPlan),
    ("events", Section::Events),
];

/// The referral without what only these consents covered; `None` when nothing has to go. What the schema does not take without what is
/// gone goes with it, down to the enquiry without names.
#[must_use]
pub(crate) fn without(referral: &Referral, gone: &BTreeSet<String>, now: Timestamp) -> Option<Zeroizing<Vec<u8>>> {
    let rests = referral
        .consents()
        .iter()
        .any(|one| gone.contains(one.consent_id.as_str()) && one.status == ConsentStatus::Active);
    if !rests {
        return None;
    }
    // What has ended by itself is hidden, not erased: a new consent may cover it again.
    let left =
        referral.consents().iter().filter(|one| !gone.contains(one.consent_id.as_str()) && is_for(one, referral));
    reduced(referral, &left.collect::<Vec<_>>(), |value| mark(value, gone, now))
}

/// The referral as it may be shown: without what no consent covers at `now`, by its end or because it is among those that are `over`;
/// `None` when nothing has to be left out.
#[must_use]
pub(crate) fn shown(referral: &Referral, over: &BTreeSet<String>, now: Timestamp) -> Option<Zeroizing<Vec<u8>>> {
    let has_ended = |one: &&Consent| now >= one.ends() || over.contains(one.consent_id.as_str());
    let active = || referral.consents().iter().filter(|one| one.status == ConsentStatus::Active);
    if referral.level() < 1 || !active().any(|one| has_ended(&one)) {
        return None;
    }
    let left: Vec<&Consent> = active().filter(|one| !has_ended(one) && is_for(one, referral)).collect();
    let ended: BTreeSet<&str> = active().filter(has_ended).map(|one| one.consent_id.as_str()).collect();
    reduced(referral, &left, |value| mark_over(value, &ended))
}

/// The referral with what these consents cover.
fn reduced(
    referral: &Referral,
    left: &[&Consent],
    mark: impl FnOnce(&mut serde_json::Value),
) -> Option<Zeroizing<Vec<u8>>> {
    let covered: Vec<(Section, i64)> =
        left.iter().flat_map(|one| one.sections.iter().map(|section| (*section, one.level_max.get()))).collect();
    let covers = |section: Section, level: i64| covered.iter().any(|(one, most)| *one == section && *most >= level);
    let mut value: serde_json::Value = serde_json::from_slice(&referral::canonical(referral)).ok()?;
    mark(&mut value);
    if let Some(file) = value.get_mut("case_file").and_then(serde_json::Value::as_object_mut) {
        for (member, section) in CASE_FILE {
            if !covers(section, 3) {
                file.remove(member);
            }
        }
        if !covers(Section::Attachments, 3) {
            file.remove("attachments");
        }
    }
    let parts = [
        ("case_file", 3, true),
        ("identity", 2, covers(Section::Identity, 2)),
        ("summary", 1, covers(Section::Summary, 1)),
    ];
    let highest = if !parts[2].2 {
        0
    } else if !parts[1].2 {
        1
    } else {
        referral.level()
    };
    (0..=highest.min(referral.level())).rev().find_map(|level| at_level(value.clone(), level))
}

/// Whether a consent stands now, and is for this recipient (D04).
#[must_use]
pub(crate) fn covers(consent: &Consent, referral: &Referral, now: Timestamp) -> bool {
    now < consent.ends() && is_for(consent, referral)
}

/// Whether a consent stands, and is for this recipient, whenever it ends.
pub(crate) fn is_for(consent: &Consent, referral: &Referral) -> bool {
    let to = &referral.header.to;
    let agencies = consent.recipient_agency_ids.as_ref();
    consent.status == ConsentStatus::Active
        && consent.recipient_roles.iter().any(|role| *role == to.role)
        && agencies.is_none_or(|listed| listed.as_slice().is_empty() || listed.iter().any(|id| *id == to.agency_id))
}

/// The consents that are gone say so.
fn mark(value: &mut serde_json::Value, gone: &BTreeSet<String>, now: Timestamp) {
    let consents = value.get_mut("consents").and_then(serde_json::Value::as_array_mut);
    for consent in consents.into_iter().flatten() {
        let id = consent.get("consent_id").and_then(serde_json::Value::as_str).unwrap_or_default();
        if gone.contains(id) {
            consent["status"] = ConsentStatus::Withdrawn.as_str().into();
            consent["withdrawn_at"] = utc::instant(now).into();
        }
    }
}

/// The consents that have ended by themselves say so.
fn mark_over(value: &mut serde_json::Value, ended: &BTreeSet<&str>) {
    let consents = value.get_mut("consents").and_then(serde_json::Value::as_array_mut);
    for consent in consents.into_iter().flatten() {
        let id = consent.get("consent_id").and_then(serde_json::Value::as_str).unwrap_or_default();
        if ended.contains(id) {
            consent["status"] = ConsentStatus::Expired.as_str().into();
        }
    }
}

/// The referral at this level, if the schema takes it so.
fn at_level(mut value: serde_json::Value, level: i64) -> Option<Zeroizing<Vec<u8>>> {
    let members = value.as_object_mut()?;
    for (member, needs) in [("case_file", 3), ("identity", 2), ("summary", 1)] {
        if level < needs {
            members.remove(member);
        }
    }
    if level < 1 {
        members.get_mut("handling")?.as_object_mut()?.remove("ext");
        for consent in members.get_mut("consents").and_then(|list| list.as_array_mut()).into_iter().flatten() {
            consent.as_object_mut()?.remove("override_reason");
        }
        members
            .get_mut("header")?
            .get_mut("caseworker")
            .and_then(|one| one.as_object_mut())
            .map(|one| one.remove("name"));
    }
    members.get_mut("header")?["disclosure_level"] = level.into();
    let bytes = Zeroizing::new(serde_json::to_vec(&value).ok()?);
    let parsed = referral::parse(&bytes).ok()?;
    Some(referral::canonical(&parsed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOW;

    #[test]
    fn what_only_a_withdrawn_consent_covered_is_gone_and_the_rest_stays_a_referral() {
        for name in
            ["01-woman-sex-industry-shelter", "03-man-agriculture-legal-aid-rtl", "06-voluntary-return-reintegration"]
        {
            let referral = crate::testing::sample(name);
            let all: BTreeSet<String> =
                referral.consents().iter().map(|one| one.consent_id.as_str().to_owned()).collect();
            assert!(
                without(&referral, &BTreeSet::new(), NOW).is_none()
                    && without(&referral, &BTreeSet::from(["x".to_owned()]), NOW).is_none(),
                "{name}"
            );

            let left = without(&referral, &all, NOW).unwrap();
            let left = referral::parse(&left).ok().unwrap();
            assert_eq!(left.level(), 0, "{name}: nothing covers anything");
            assert!(left.identity.is_none() && left.case_file.is_none() && left.summary.is_none());
        }
    }
}
