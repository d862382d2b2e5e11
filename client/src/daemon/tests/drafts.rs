//! Drafts, through the verbs.

use serde_json::json;

use super::{people::person, *};
use crate::casework::drafts::DRAFT_LIFE_S;

const FORM: &str = r#"{"services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent", "kind": "Enquiry"}"#;

fn setting(seed: u64) -> Setting {
    let mut setting = Setting::new(seed);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting
}

#[test]
fn a_draft_from_a_short_form_is_finished_and_may_be_sent_as_it_is() {
    let mut setting = setting(140);

    let shown = setting.node.new_draft(FORM.as_bytes(), Some(&harbour()), None).ok().unwrap();

    assert!(shown.line.complete && shown.findings.is_empty() && shown.content.is_none());
    assert_eq!((shown.line.kind.as_str(), shown.line.level, shown.line.to.as_str()), ("Enquiry", Some(0), HARBOUR));
    assert_eq!((shown.level_needed, shown.sections_needed.as_slice()), (1, &["Identity".to_owned()][..]));
    let draft = setting.node.own_draft(&shown.line.draft[..6], None).ok().unwrap().1;
    let sent = setting.node.send(&harbour(), &draft.content, None).unwrap();
    assert_eq!(sent.state, "queued");
}

#[test]
fn a_draft_says_what_is_missing_then_what_the_table_says_and_keeps_its_ids() {
    let mut setting = setting(141);
    let form = json!({"services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent", "summary": {"vic_TraffickingStatus": "PossibleVictimOfTrafficking"}});
    let shown = setting.node.new_draft(form.to_string().as_bytes(), None, None).ok().unwrap();
    let missing: Vec<&str> = shown.findings.iter().map(|finding| finding.pointer.as_str()).collect();
    assert!(!shown.line.complete && missing.contains(&"/header/to"), "{missing:?}");

    let whole = setting.node.show_draft(&shown.line.draft, true, None).ok().unwrap().content.unwrap();
    let edited =
        setting.node.edit_draft(&shown.line.draft, whole.to_string().as_bytes(), Some(&harbour()), None).ok().unwrap();

    // It has no consent yet: that, too, is said.
    assert!(edited.findings.iter().any(|finding| finding.pointer == "/consents"), "consents are missing");
    let mut asked = setting.node.show_draft(&shown.line.draft, true, None).ok().unwrap().content.unwrap();
    assert_eq!(asked["header"]["referral_id"], whole["header"]["referral_id"]);
    assert_eq!(asked["summary"]["case_code"], whole["summary"]["case_code"]);
    let sample: serde_json::Value = serde_json::from_slice(&sample()).unwrap();
    asked["consents"] = json!([sample["consents"][0].clone()]);
    asked["consents"][0]["status"] = json!("Withdrawn");
    asked["consents"][0]["withdrawn_at"] = json!("2026-06-01T11:59:00Z");
    let judged = setting.node.edit_draft(&shown.line.draft, asked.to_string().as_bytes(), None, None).ok().unwrap();
    assert!(judged.line.complete);
    assert!(judged.findings.iter().any(|finding| finding.code == "consent-withdrawn" && finding.rule == "D04"));
}

#[test]
fn a_draft_belongs_to_who_writes_it_and_a_supervisor_goes_on_with_it() {
    let mut setting = setting(142);
    let before = setting.node.new_draft(FORM.as_bytes(), None, None).ok().unwrap().line.draft;
    for (name, roles, by) in [
        ("Anna", &["caseworker", "admin"][..], None),
        ("Boris", &["caseworker"], Some("Anna")),
        ("Clara", &["supervisor"], Some("Anna")),
        ("Dora", &["intake"], Some("Anna")),
    ] {
        setting.node.add_person(&person(name, roles, by)).ok().unwrap();
    }
    let draft = setting.node.new_draft(FORM.as_bytes(), None, Some("Anna")).ok().unwrap().line.draft;

    let mut code = |by| setting.node.show_draft(&draft, true, by).err().map(|told| told.code.clone());
    assert_eq!(code(Some("Anna")), None);
    assert_eq!(code(Some("Clara")), None);
    assert_eq!(code(Some("Boris")).as_deref(), Some("not-assigned"));
    assert_eq!(code(Some("Dora")).as_deref(), Some("not-your-role"));
    assert_eq!(code(None).as_deref(), Some("person-missing"));
    let mut count = |by| setting.node.drafts(Some(by)).ok().unwrap().drafts.len();
    // What was begun before anybody was recorded is every caseworker's.
    assert_eq!((count("Anna"), count("Boris"), count("Clara")), (2, 1, 2));
    assert!(setting.node.discard_draft(&before, Some("Boris")).is_ok());
    assert_eq!(setting.node.discard_draft(&draft, Some("Boris")).err().unwrap().code, "not-assigned");
}

#[test]
fn a_list_of_drafts_shows_nothing_that_a_person_might_have_typed_there() {
    let mut setting = setting(143);
    let form = json!({"kind": "Canary Zjw", "urgency": "Canary Zjw", "to": {"agency_id": "Canary Zjw"}, "services": "Canary Zjw"});

    let shown = setting.node.new_draft(form.to_string().as_bytes(), None, None).ok().unwrap();

    let list = serde_json::to_string(&setting.node.drafts(None).ok().unwrap()).unwrap();
    assert!(!list.contains("Canary"), "{list}");
    assert!(!shown.line.complete);
}

#[test]
fn what_is_no_form_is_refused_with_what_is_wrong_and_nothing_is_kept() {
    let mut setting = setting(144);

    let told = setting.node.new_draft(b"{\"service\": [\"Shelter\"]}", None, None).err().unwrap();

    assert_eq!((told.code.as_str(), told.findings.len()), ("no-form", 1));
    assert!(told.findings[0].remedy.contains("services"));
    let unknown = "xa.nobody-here".parse().unwrap();
    assert_eq!(setting.node.new_draft(FORM.as_bytes(), Some(&unknown), None).err().unwrap().code, "unknown-agency");
    assert!(setting.node.drafts(None).ok().unwrap().drafts.is_empty());
    assert_eq!(setting.node.show_draft("0123456789", false, None).err().unwrap().code, "unknown-draft");
}

#[test]
fn a_draft_is_erased_when_both_clocks_say_that_its_time_is_over() {
    let mut setting = setting(145);
    let draft = setting.node.new_draft(FORM.as_bytes(), None, None).ok().unwrap().line.draft;

    // This machine's clock alone erases nothing.
    setting.clock.0.store(THEN.0 + DRAFT_LIFE_S, Ordering::Relaxed);
    setting.node.expire_drafts().unwrap();
    assert!(setting.node.show_draft(&draft, false, None).is_ok());
    setting.update(THEN.after(DRAFT_LIFE_S));
    setting.node.expire_drafts().unwrap();

    assert_eq!(setting.node.show_draft(&draft, false, None).err().unwrap().code, "unknown-draft");
}
