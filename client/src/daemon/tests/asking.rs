//! Several agencies are asked in one act, and each learns who else is, also later.

use serde_json::json;

use super::*;
use crate::api::cases::{Asked, ListAsked, OpenAsked};

const NORTH: &str = "xa.north-shelter";
const LINDEN: &str = "xa.linden-clinic";
const ENQUIRY: &str = r#"{"services": ["Shelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent", "kind": "Enquiry"}"#;

fn setting(seed: u64) -> Setting {
    let mut setting = Setting::new(seed);
    for agency in [HARBOUR, NORTH, LINDEN] {
        setting.joins(agency);
    }
    setting.update(THEN);
    setting
}

fn all(agencies: &[&str]) -> Vec<AgencyId> {
    agencies.iter().map(|agency| agency.parse().unwrap()).collect()
}

impl Setting {
    fn enquires(&mut self, to: &[&str], how: HowAsked<'_>) -> Result<Asked, Told> {
        self.node.enquire(ENQUIRY.as_bytes(), &all(to), None, &how)
    }

    fn messages(&self) -> (i64, i64) {
        let count = |kind: i64| {
            let query = "SELECT count(*) FROM outbox WHERE kind = ?1";
            self.node.vault.db().query_row(query, [kind], |row| row.get(0)).unwrap()
        };
        (count(1), count(5))
    }

    /// The disk fails at the first message that would be the `number`th.
    fn breaks_at(&self, number: i64) {
        let trigger = format!(
            "CREATE TEMP TRIGGER broken BEFORE INSERT ON outbox WHEN (SELECT count(*) FROM outbox) >= {}
                BEGIN SELECT RAISE(ABORT, 'broken'); END",
            number - 1
        );
        self.node.vault.db().execute_batch(&trigger).unwrap();
    }

    fn mended(&self) {
        self.node.vault.db().execute_batch("DROP TRIGGER broken").unwrap();
    }

    fn told(&mut self, agency: &str) -> Vec<String> {
        let lines = self.node.referrals(&ListAsked::default()).unwrap().referrals;
        let line = lines.into_iter().find(|line| line.agency == agency).unwrap();
        self.node.referral(&line.id, None).unwrap().told
    }
}

fn ids(asked: &Asked) -> Vec<(&str, &str, &str)> {
    asked.sent.iter().map(|one| (one.to.as_str(), one.message_id.as_str(), one.referral_id.as_str())).collect()
}

#[test]
fn an_enquiry_to_several_is_one_act_and_asked_again_under_its_key_it_is_the_same() {
    let mut setting = setting(850);
    let to = [HARBOUR, NORTH, LINDEN];
    let how = HowAsked { key: Some("enquiry-1"), with: None };
    for number in 1..=3 {
        setting.breaks_at(number);
        assert!(setting.enquires(&to, how).is_err(), "broken at the message {number}");
        setting.mended();
        assert_eq!(setting.messages(), (0, 0), "none, and not those before it");
        assert!(setting.node.referrals(&ListAsked::default()).unwrap().referrals.is_empty());
    }

    let first = setting.enquires(&to, how).unwrap();
    assert!(!first.already && first.sent.len() == 3);
    let again = setting.enquires(&to, how).unwrap();
    assert!(again.already && ids(&again) == ids(&first), "the same, and none twice");
    assert_eq!(setting.messages(), (3, 0));

    assert_eq!(setting.enquires(&[HARBOUR, NORTH], how).unwrap_err().code, "key-reused");
    assert_eq!(setting.enquires(&to, HowAsked { key: Some("a b"), with: None }).unwrap_err().code, "bad-value");
    let another = setting.enquires(&to, HowAsked { key: Some("enquiry-2"), with: None }).unwrap();
    assert_ne!(ids(&another), ids(&first), "another person may need the very same");
    assert_eq!(setting.messages(), (6, 0));

    // A week later the key says nothing any more.
    setting.update(THEN.after(7 * 86_400 + 1));
    setting.node.expire_drafts().unwrap();
    assert!(!setting.enquires(&to, how).unwrap().already);
}

#[test]
fn a_draft_that_was_sent_is_gone_with_it_and_sent_again_it_is_the_same() {
    let mut setting = setting(851);
    let draft = setting.node.new_draft(ENQUIRY.as_bytes(), None, None).ok().unwrap().line.draft;
    let to = all(&[HARBOUR, NORTH]);
    setting.breaks_at(2);
    assert!(setting.node.send_draft(&draft, &to, None).is_err());
    setting.mended();
    assert!(setting.node.own_draft(&draft, None).is_ok() && setting.messages() == (0, 0));

    let first = setting.node.send_draft(&draft, &to, None).unwrap();
    assert_eq!(setting.node.own_draft(&draft, None).err().unwrap().code, "unknown-draft");
    let again = setting.node.send_draft(&draft[..8], &to, None).unwrap();

    assert!(again.already && ids(&again) == ids(&first));
    assert_eq!(setting.messages(), (2, 0));
    assert_eq!(setting.node.send_draft("00000000", &to, None).unwrap_err().code, "unknown-draft");
}

#[test]
fn an_agency_that_is_asked_later_learns_of_the_others_and_they_of_it() {
    let mut setting = setting(852);
    let first = setting.enquires(&[HARBOUR], HowAsked::default()).unwrap();
    let with = first.sent[0].referral_id.clone();
    assert!(setting.told(HARBOUR).is_empty());

    let how = HowAsked { key: Some("later"), with: Some(&with) };
    setting.breaks_at(3);
    assert!(setting.enquires(&[NORTH], how).is_err(), "the post that tells is part of the act");
    setting.mended();
    assert_eq!(setting.messages(), (1, 0));
    setting.enquires(&[NORTH], how).unwrap();
    assert!(setting.enquires(&[NORTH], how).unwrap().already);
    assert_eq!(setting.messages(), (2, 1));
    setting.enquires(&[LINDEN], HowAsked { key: None, with: Some(&with) }).unwrap();
    assert_eq!(setting.messages(), (3, 3));

    assert_eq!(setting.told(HARBOUR), [LINDEN, NORTH]);
    assert_eq!(setting.told(NORTH), [HARBOUR, LINDEN]);
    assert_eq!(setting.told(LINDEN), [HARBOUR, NORTH]);
    // They are one enquiry from now on: the first that accepts is the one.
    let groups: i64 = setting
        .node
        .vault
        .db()
        .query_row("SELECT count(DISTINCT group_of) * 100 + count(group_of) FROM referral", [], |row| row.get(0))
        .unwrap();
    assert_eq!(groups, 103);

    let twice = setting.enquires(&[NORTH], HowAsked { key: None, with: Some(&with) }).unwrap_err();
    assert_eq!(twice.code, "bad-value");
    assert_eq!(setting.messages(), (3, 3));
}

#[test]
fn the_agency_that_is_asked_sees_which_others_are_and_no_person() {
    let mut setting = Setting::new(853);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    let mut value: serde_json::Value = serde_json::from_slice(&back(std::str::from_utf8(&sample()).unwrap())).unwrap();
    value["header"]["told"] = json!([{"agency_id": NORTH, "role": "NgoShelter", "country": "XA"}]);
    setting.receives(&mut partner, value.to_string().as_bytes());

    let line = setting.node.referrals(&ListAsked::default()).unwrap().referrals.remove(0);
    assert_eq!(line.side, "received");
    assert_eq!(setting.told(HARBOUR), [NORTH], "before anybody has opened it");
    let shown = setting.node.open_referral(&line.id, &OpenAsked::default()).unwrap();
    assert_eq!(shown.told, [NORTH]);
}

#[test]
fn a_further_agency_is_asked_for_the_very_same() {
    let mut setting = setting(849);
    setting.enquires(&[HARBOUR], HowAsked::default()).unwrap();
    let id = setting.node.referrals(&ListAsked::default()).unwrap().referrals[0].id.clone();
    let with = HowAsked { with: Some(&id), ..HowAsked::default() };
    for (from, to, member) in [
        (r#""Urgent""#, r#""Emergency""#, "/header/urgency"),
        (r#""25-34""#, r#""18-24""#, "/enquiry/age_band"),
        (r#"["Shelter"]"#, r#"["Shelter", "LegalAdvice"]"#, "/enquiry/services"),
    ] {
        let form = ENQUIRY.replace(from, to);
        let refused = setting.node.enquire(form.as_bytes(), &all(&[NORTH]), None, &with).err().unwrap();
        assert_eq!(refused.code, "other-enquiry", "{}", refused.message);
        assert!(refused.message.contains(member), "{}", refused.message);
    }
    assert_eq!(setting.messages(), (1, 0), "nothing is sent to anybody");
    setting.enquires(&[NORTH], with).unwrap();
}
