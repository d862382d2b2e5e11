//! More is told to an agency that has a referral, and a consent says whom it reaches before it is taken back.

use serde_json::{Value, json};

use super::*;
use crate::api::cases::{ListAsked, OpenAsked};

const CONSENT: &str = "da1eaf69-87a1-409d-8aae-4044885e3586";

fn submitted(seed: u64, content: &[u8]) -> Setting {
    let mut setting = Setting::new(seed);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting.node.send(&harbour(), content, None).unwrap();
    setting
}

fn id(setting: &mut Setting) -> String {
    setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0).id
}

fn newest(setting: &mut Setting) -> Value {
    let id = id(setting);
    let asked = OpenAsked { names: true, ..OpenAsked::default() };
    setting.node.open_referral(&id, &asked).unwrap().referral.unwrap()
}

/// The draft with some changes.
fn changed(setting: &mut Setting, draft: &str, change: impl FnOnce(&mut Value)) {
    let mut content = setting.node.show_draft(draft, true, None).unwrap().content.unwrap();
    change(&mut content);
    setting.node.edit_draft(draft, content.to_string().as_bytes(), Some(&harbour()), None).unwrap();
}

#[test]
fn more_of_a_referral_is_one_draft_and_what_was_told_and_allowed_stays() {
    let mut setting = submitted(900, &sample());
    let id = id(&mut setting);
    let before = newest(&mut setting);

    let draft = setting.node.more_from(&id, None).unwrap().line.draft;
    assert_eq!(setting.node.more_from(&id, None).unwrap().line.draft, draft, "it is gone on with");
    changed(&mut setting, &draft, |content| {
        assert!(content.get("consents").is_none(), "nobody was asked anew");
        content["summary"]["text"] = json!("She has eaten.");
        content["handling"]["markings"] = json!(["NoFamilyContact"]);
        content.as_object_mut().unwrap().remove("identity");
        content["enquiry"]["services"] = json!(["Transport"]);
        content["header"]["disclosure_level"] = json!(0);
    });
    let more = setting.node.more_of(&draft, None).unwrap();

    assert!(more.findings.iter().all(|finding| finding.severity != "refuse"), "{:?}", more.findings);
    assert_eq!((&more.told, &more.revision["header"]["revision"]), (&before, &json!(2)));
    assert_eq!(more.revision["summary"]["text"], "She has eaten.");
    for kept in ["/identity", "/consents", "/enquiry", "/header/created_at", "/header/disclosure_level"] {
        assert_eq!(more.revision.pointer(kept), before.pointer(kept), "{kept}");
    }
    let markings = more.revision["handling"]["markings"].as_array().unwrap();
    assert_eq!(markings.len(), before["handling"]["markings"].as_array().unwrap().len() + 1);

    setting.node.send_more(&draft, None, None).unwrap();
    assert_eq!(
        (&newest(&mut setting)["summary"]["text"], setting.node.drafts(None).unwrap().drafts.len()),
        (&json!("She has eaten."), 0)
    );
}

#[test]
fn what_no_consent_covers_is_not_told_and_the_draft_stays() {
    let mut setting = submitted(901, &sample());
    let id = id(&mut setting);
    let draft = setting.node.more_from(&id, None).unwrap().line.draft;
    changed(&mut setting, &draft, |content| {
        content["header"]["disclosure_level"] = json!(3);
        content["case_file"] = json!({"medical": {"urgent": false}});
    });

    let more = setting.node.more_of(&draft, None).unwrap();
    let codes: Vec<&str> = more.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(codes.contains(&"consent-level"), "{codes:?}");
    assert!(setting.node.send_more(&draft, None, None).is_err());
    assert_eq!(setting.node.drafts(None).unwrap().drafts.len(), 1);
    assert!(newest(&mut setting).get("case_file").is_none());
}

#[test]
fn only_what_was_sent_from_here_is_told_more_of() {
    let mut setting = Setting::new(902);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(SAMPLE.replace(r#""role": "Helpline""#, r#""role": "NgoShelter""#).as_str()));
    let id = id(&mut setting);
    assert_eq!(setting.node.more_from(&id, None).err().unwrap().code, "not-sent-here");
}

#[test]
fn who_is_reached_by_a_consent_is_said_before_and_is_reached_then() {
    let mut setting = submitted(903, &sample());
    let said = setting.node.consent_reaches(CONSENT, None).unwrap();
    let line = |setting: &mut Setting| setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0).state;
    assert_ne!(line(&mut setting), "withdrawn", "asking does nothing");
    let done = setting.node.withdraw_consent(CONSENT, None).unwrap().reached;
    let of = |all: &[crate::api::cases::WithdrawnAt]| {
        all.iter().map(|one| (one.id.clone(), one.agency.clone(), one.whole, one.here)).collect::<Vec<_>>()
    };
    assert_eq!(of(&said), of(&done));
    assert_eq!(setting.node.consent_reaches(CONSENT, None).unwrap_err().code, "unknown-consent");
}

#[test]
fn the_age_of_own_consent_is_the_later_of_both_countries() {
    let mut setting = Setting::new(904);
    setting.joins(HARBOUR);
    setting.update(THEN);
    assert_eq!(setting.node.own_consent_from(&harbour()).unwrap(), 16);
    assert_eq!(setting.node.own_consent_from(&"xa.nobody".parse().unwrap()).unwrap_err().code, "unknown-agency");
}
