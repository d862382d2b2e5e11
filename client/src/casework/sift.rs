//! What is left of a referral when consents are taken back, and what may be shown when they have ended. Pure.

use std::collections::BTreeSet;

use safeconduct_certs::utc;
use safeconduct_protocol::time::Timestamp;
use serde_json::Value;
use zeroize::Zeroizing;

use super::coverage::Coverage;
use crate::referral::{
    self, Referral,
    codes::{ConsentStatus, Section},
    profile::Profiles,
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

/// What is left of a referral has no form that the schema takes. Whoever hears this shows nothing.
#[derive(Debug)]
pub(crate) struct NoForm;

/// The referral without what only these consents covered; `None` when it does not rest on any of them. What the schema does not take
/// without what is gone goes with it, down to the enquiry without names. What has ended by itself is hidden, not erased: a new consent may
/// cover it again.
pub(crate) fn without(
    referral: &Referral,
    profiles: &Profiles,
    gone: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Option<Referral>, NoForm> {
    let rests = referral
        .consents()
        .iter()
        .any(|one| gone.contains(one.consent_id.as_str()) && one.status == ConsentStatus::Active);
    if !rests {
        return Ok(None);
    }
    reduced(referral, &Coverage::without(referral, profiles, gone), |consent| {
        if gone.contains(id_of(consent)) {
            consent["status"] = ConsentStatus::Withdrawn.as_str().into();
            consent["withdrawn_at"] = utc::instant(now).into();
        }
    })
    .map(Some)
}

/// The referral as it may be shown: without what no consent covers at `now`, by its end or because it is among those that are `over`;
/// `None` when nothing has to be left out.
pub(crate) fn shown(
    referral: &Referral,
    profiles: &Profiles,
    over: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Option<Referral>, NoForm> {
    let coverage = Coverage::at(referral, profiles, over, now);
    if referral.level() < 1 || referral::sections(referral).into_iter().all(|section| coverage.covers(section)) {
        return Ok(None);
    }
    let active = referral.consents().iter().filter(|one| one.status == ConsentStatus::Active);
    let ended: BTreeSet<&str> = active
        .filter(|one| now >= one.ends() || over.contains(one.consent_id.as_str()))
        .map(|one| one.consent_id.as_str())
        .collect();
    reduced(referral, &coverage, |consent| {
        if ended.contains(id_of(consent)) {
            consent["status"] = ConsentStatus::Expired.as_str().into();
        }
    })
    .map(Some)
}

fn id_of(consent: &Value) -> &str {
    consent.get("consent_id").and_then(Value::as_str).unwrap_or_default()
}

/// The referral with what is covered, each of its consents marked.
fn reduced(referral: &Referral, coverage: &Coverage, mark: impl FnMut(&mut Value)) -> Result<Referral, NoForm> {
    let mut value: Value = serde_json::from_slice(&referral::canonical(referral)).map_err(|_error| NoForm)?;
    value.get_mut("consents").and_then(Value::as_array_mut).into_iter().flatten().for_each(mark);
    if let Some(file) = value.get_mut("case_file").and_then(Value::as_object_mut) {
        for (member, section) in CASE_FILE {
            if !coverage.covers(section) {
                file.remove(member);
            }
        }
        documents(file, coverage);
    }
    let highest = match (coverage.covers(Section::Summary), coverage.covers(Section::Identity)) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => referral.level(),
    };
    (0..=highest.min(referral.level())).rev().find_map(|level| at_level(value.clone(), level)).ok_or(NoForm)
}

/// Of the list of documents only those stay whose own section is covered, too.
fn documents(file: &mut serde_json::Map<String, Value>, coverage: &Coverage) {
    let Some(list) = file.get_mut("attachments").and_then(Value::as_array_mut) else { return };
    list.retain(|document| {
        let section = document.get("section").and_then(Value::as_str).and_then(Section::from_code);
        section.is_some_and(|section| coverage.covers_document(section))
    });
    if list.is_empty() {
        file.remove("attachments");
    }
}

/// The referral at this level, if the schema takes it so.
fn at_level(mut value: Value, level: i64) -> Option<Referral> {
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
    referral::parse(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, sample, setting};

    fn ids(referral: &Referral) -> BTreeSet<String> {
        referral.consents().iter().map(|one| one.consent_id.as_str().to_owned()).collect()
    }

    #[test]
    fn what_only_a_withdrawn_consent_covered_is_gone_and_the_rest_stays_a_referral() {
        for name in
            ["01-woman-sex-industry-shelter", "03-man-agriculture-legal-aid-rtl", "06-voluntary-return-reintegration"]
        {
            let referral = sample(name);
            for none in [BTreeSet::new(), BTreeSet::from(["x".to_owned()])] {
                assert!(without(&referral, setting().profiles, &none, NOW).unwrap().is_none(), "{name}");
            }

            let left = without(&referral, setting().profiles, &ids(&referral), NOW).unwrap().unwrap();

            assert_eq!(left.level(), 0, "{name}: nothing covers anything");
            assert!(left.identity.is_none() && left.case_file.is_none() && left.summary.is_none());
        }
    }

    #[test]
    fn a_document_goes_with_the_consent_for_its_own_section() {
        const MEDICAL: &str = "00000000-0000-4000-8000-0000000000aa";
        let mut value: Value =
            serde_json::from_slice(&referral::canonical(&sample("05-domestic-servitude-medical-vital-interest")))
                .unwrap();
        // One consent for everything but what is medical, which has one of its own; two documents, of which one is medical.
        let mut first = value["consents"][0].clone();
        first["sections"] = serde_json::json!(["Enquiry", "Summary", "Identity", "Attachments", "Narrative"]);
        let mut second = first.clone();
        second["consent_id"] = MEDICAL.into();
        second["sections"] = serde_json::json!(["Medical"]);
        value["consents"] = serde_json::json!([first, second]);
        let document = |number: u8, section: &str| {
            serde_json::json!({
                "attachment_id": format!("00000000-0000-4000-8000-0000000000{number:02}"), "title": section,
                "media_type": "application/pdf", "size_bytes": 9, "sha256": "0".repeat(64), "section": section
            })
        };
        value["case_file"] = serde_json::json!({
            "narrative": "what was told", "attachments": [document(1, "Medical"), document(2, "Narrative")]
        });
        let referral = referral::parse(&serde_json::to_vec(&value).unwrap()).ok().unwrap();
        let titles = |left: &Referral| -> Vec<&'static str> {
            let list = left.case_file.as_ref().and_then(|file| file.attachments.as_ref());
            list.map(|list| list.iter().map(|one| one.section.as_str()).collect()).unwrap_or_default()
        };
        assert_eq!(titles(&referral), ["Medical", "Narrative"]);
        let medical = BTreeSet::from([MEDICAL.to_owned()]);
        let given = referral.consents()[0].given_at.time();

        let left = without(&referral, setting().profiles, &medical, NOW).unwrap().unwrap();
        assert_eq!((left.level(), titles(&left)), (3, vec!["Narrative"]));
        let left = shown(&referral, setting().profiles, &medical, given).unwrap().unwrap();
        assert_eq!((left.level(), titles(&left)), (3, vec!["Narrative"]));

        // The other way round nothing carries the medical one: it stands on what is gone.
        let first = BTreeSet::from([referral.consents()[0].consent_id.as_str().to_owned()]);
        let left = without(&referral, setting().profiles, &first, NOW).unwrap().unwrap();
        assert!(left.level() == 0 && titles(&left).is_empty());
    }
}
