//! What may change between two revisions of one referral (rule F3).

use safeconduct_client::referral::revision::{Place, changes, place};
use safeconduct_client::referral::{Referral, parse};

use super::*;

fn read(referral: &Value) -> Referral {
    parse(referral.to_string().as_bytes()).ok().unwrap()
}

/// What the next revision may not change, with these changes.
fn told(name: &str, with: Vec<Change>) -> Vec<(Code, String)> {
    let mut next = changed(name, with);
    let number = sample(name)["header"]["revision"].as_i64().unwrap();
    set(&mut next, "/header/revision", json!(number + 1));
    let found = changes(&read(&sample(name)), &read(&next));
    assert!(found.iter().all(|finding| finding.rule() == RuleId::F3 && finding.severity() == Severity::Refuse));
    found.iter().map(|finding| (finding.code(), finding.pointer().to_owned())).collect()
}

#[track_caller]
fn fixed(name: &str, with: Vec<Change>, pointer: &str) {
    assert_eq!(told(name, with), [(Code::RevisionFixedMember, pointer.to_owned())], "{name}");
}

#[test]
fn f3_a_revision_follows_the_newest_by_one() {
    let numbered = |number: i64| read(&changed(SHELTER, vec![Set("/header/revision", json!(number))]));
    let newest = numbered(2);
    for (number, is) in
        [(1, Place::Earlier), (2, Place::Repeat), (3, Place::Next), (4, Place::Ahead), (999, Place::Ahead)]
    {
        assert_eq!(place(&newest, &numbered(number)), is, "{number}");
    }
    let other = changed(SHELTER, vec![Set("/header/revision", json!(2)), Set("/header/urgency", json!("Urgent"))]);
    assert_eq!(place(&newest, &read(&other)), Place::Conflict);
    assert_eq!(changes(&newest, &numbered(4))[0].code(), Code::RevisionOutOfTurn);
    assert!(changes(&newest, &numbered(3)).is_empty());
}

#[test]
fn f3_who_sends_what_to_whom_stays() {
    let other = "7c9662ed-668f-4cd0-b319-cc92e3c6314b";
    fixed(SHELTER, vec![Set("/header/referral_id", json!(other))], "/header/referral_id");
    fixed(SHELTER, vec![Set("/header/from/agency_id", json!("xa.other-line"))], "/header/from");
    fixed(SHELTER, vec![Set("/header/to/agency_id", json!("xa.other-house"))], "/header/to");
    fixed(SHELTER, vec![Set("/header/created_at", json!("2026-06-01T01:12:45Z"))], "/header/created_at");
    fixed(SHELTER, vec![Set("/header/exercise", json!(true))], "/header/exercise");
    fixed(TRANSFER, vec![Set("/header/parent_referral_id", json!(other))], "/header/parent_referral_id");
    let transfer = vec![Set("/header/kind", json!("Transfer")), Set("/header/parent_referral_id", json!(other))];
    let places: Vec<_> = told(SHELTER, transfer).into_iter().map(|(_, at)| at).collect();
    assert_eq!(places, ["/header/parent_referral_id", "/header/kind"]);
}

#[test]
fn f3_what_happens_may_be_told() {
    for change in [
        Set("/header/urgency", json!("Immediate")),
        Set("/enquiry/services", json!(["Shelter"])),
        Set("/enquiry/note", json!("Two beds would do.")),
        Set("/header/expires_at", json!("2026-06-09T01:12:44Z")),
        Set("/handling/markings/-", json!("NoFamilyContact")),
        Set("/header/exercise", json!(false)),
    ] {
        assert_eq!(told(SHELTER, vec![change]), []);
    }
}

#[test]
fn f3_protection_is_only_added() {
    fixed(SHELTER, vec![Set("/handling/markings", json!(["NoLawEnforcement"]))], "/handling/markings");
    let lower = vec![Set("/header/disclosure_level", json!(1)), Gone("/identity")];
    fixed(SHELTER, lower, "/header/disclosure_level");
}

#[test]
fn f3_a_consent_stays_and_only_ends() {
    let withdrawn = || {
        vec![
            Set("/consents/0/status", json!("Withdrawn")),
            Set("/consents/0/withdrawn_at", json!("2026-06-01T13:00:00Z")),
        ]
    };
    assert_eq!(told(SHELTER, withdrawn()), []);
    assert_eq!(told(SHELTER, vec![Set("/consents/0/status", json!("Expired"))]), []);
    let mut wider = withdrawn();
    wider.push(Set("/consents/0/level_max", json!(3)));
    fixed(SHELTER, wider, "/consents/0");
    fixed(SHELTER, vec![Set("/consents/0/level_max", json!(3))], "/consents/0");
    let renamed = Set("/consents/0/consent_id", json!("da1eaf69-87a1-409d-8aae-4044885e3587"));
    fixed(SHELTER, vec![renamed], "/consents");

    // What has ended never begins anew, and a new consent may stand beside it.
    let mut ended = changed(SHELTER, withdrawn());
    let mut again = sample(SHELTER);
    set(&mut again, "/header/revision", json!(2));
    let found = changes(&read(&ended), &read(&again));
    assert_eq!(found[0].pointer(), "/consents/0");
    let mut second = sample(SHELTER)["consents"][0].clone();
    second["consent_id"] = json!("da1eaf69-87a1-409d-8aae-4044885e3587");
    let before = read(&ended);
    set(&mut ended, "/header/revision", json!(2));
    set(&mut ended, "/consents/-", second);
    assert!(changes(&before, &read(&ended)).is_empty());
}

#[test]
fn f3_an_enquiry_becomes_a_referral_once() {
    let enquiry = read(&sample(ENQUIRY));
    let grown = |kind: &str| {
        let mut next = sample(ENQUIRY);
        set(&mut next, "/header/kind", json!(kind));
        set(&mut next, "/header/revision", json!(2));
        next
    };
    assert!(changes(&enquiry, &read(&grown("Referral"))).is_empty());
    let found = changes(&enquiry, &read(&grown("MandatoryNotification")));
    assert_eq!(found[0].pointer(), "/header/kind");
    let mut back = sample(ENQUIRY);
    set(&mut back, "/header/revision", json!(3));
    assert_eq!(changes(&read(&grown("Referral")), &read(&back))[0].pointer(), "/header/kind");
}
