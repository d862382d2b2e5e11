//! Referrals through the verbs: who is asked next, who is asked at once, who takes back what, and who may.

use serde_json::json;

use super::{people::person, *};
use crate::api::cases::{ActAsked, Keep, KeepAsked, ListAsked, OpenAsked, ReferralLine};

const NORTH: &str = "xa.north-shelter";
const CONSENT: &str = "da1eaf69-87a1-409d-8aae-4044885e3586";

impl Setting {
    /// A referral that the relay holds.
    fn submitted(&mut self) {
        let message = self.node.send(&harbour(), &sample(), Some("key")).unwrap().message_id;
        self.sql("UPDATE outbox SET state = 'relay-accepted', accepted_at = queued_at WHERE message = ?1", &message);
        self.node.follow_message(&MessageId::from_hex(&message).unwrap()).unwrap();
    }

    fn lines(&mut self) -> Vec<ReferralLine> {
        self.node.referrals(&ListAsked::default()).unwrap().referrals
    }

    /// Time passes, and the node keeps house.
    fn later(&mut self, seconds: u64) {
        self.update(self.node.now().after(seconds));
        self.node.housekeep().unwrap();
    }
}

fn act(event: &str) -> ActAsked {
    ActAsked { event: event.to_owned(), ..ActAsked::default() }
}

#[test]
fn when_nobody_opens_it_in_time_the_next_agency_on_its_list_is_asked_in_its_place() {
    let mut setting = Setting::new(830);
    setting.joins(HARBOUR);
    setting.joins(NORTH);
    setting.update(THEN);
    setting.submitted();

    setting.later(4 * 3600 - 1);
    assert_eq!(setting.lines().len(), 1, "four hours are not over");
    setting.later(1);

    let lines = setting.lines();
    assert_eq!((lines[0].agency.as_str(), lines[0].state.as_str()), (NORTH, "queued"));
    assert_eq!((lines[1].agency.as_str(), lines[1].state.as_str()), (HARBOUR, "withdrawn"));
    assert_eq!(lines[1].why.as_deref(), Some("Escalated"));
    let shown = setting.node.referral(&lines[1].id, None).unwrap();
    assert_eq!(shown.successor.as_ref(), Some(&lines[0].referral_id));
    let mut open = |id: &str| {
        let asked = OpenAsked { names: true, ..OpenAsked::default() };
        setting.node.open_referral(id, &asked).unwrap().referral.unwrap()
    };
    let next = open(&lines[0].id);
    assert_ne!(next["summary"]["case_code"], json!("LNT-7Q2K-01"), "a pseudonym of its own");
    assert_eq!(next["header"]["to"]["agency_id"], NORTH);
    assert_eq!(next["identity"]["names"][1]["full"], "Oksana Verbytska-Testova");
}

#[test]
fn when_no_other_agency_may_be_asked_a_person_is_told() {
    let mut setting = Setting::new(831);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting.submitted();

    setting.later(4 * 3600);

    let lines = setting.lines();
    assert_eq!((lines.len(), lines[0].state.as_str()), (1, "submitted"));
    assert_eq!(lines[0].news, ["unanswered"]);
    setting.later(60);
    assert_eq!(setting.lines().len(), 1, "it is told once, and nothing is tried again");
}

#[test]
fn several_agencies_are_asked_without_names_under_ids_of_their_own_and_told_who_else_is() {
    let mut setting = Setting::new(832);
    setting.joins(HARBOUR);
    setting.joins(NORTH);
    setting.update(THEN);
    let form = json!({
        "kind": "Enquiry", "services": ["EmergencyShelter"], "age_band": "25-34", "country_of_need": "XA", "urgency": "Urgent",
        "text_lang": "eng", "reason": "AdditionalServicesRequired"
    });
    let to: Vec<AgencyId> = [HARBOUR, NORTH].iter().map(|id| id.parse().unwrap()).collect();

    let asked = setting.node.enquire(form.to_string().as_bytes(), &to, None, &HowAsked::default()).unwrap();

    assert_ne!(asked.sent[0].referral_id, asked.sent[1].referral_id);
    for line in setting.lines() {
        let shown = setting.node.open_referral(&line.id, &OpenAsked::default()).unwrap().referral.unwrap();
        let other = if line.agency == HARBOUR { NORTH } else { HARBOUR };
        assert_eq!(shown["header"]["told"][0]["agency_id"], other);
        assert_eq!(shown["header"]["disclosure_level"], 0);
    }
    let named = setting.node.enquire(&sample(), &to, None, &HowAsked::default()).unwrap_err();
    assert!(["not-an-enquiry", "other-recipient"].contains(&named.code.as_str()), "{named:?}");
    assert_eq!(setting.lines().len(), 2, "nothing went to anybody");
}

#[test]
fn a_consent_that_is_taken_back_withdraws_every_referral_that_rests_on_it() {
    let mut setting = Setting::new(833);
    setting.joins(HARBOUR);
    setting.update(THEN);
    setting.submitted();

    assert_eq!(setting.node.withdraw_consent("no consent", None).unwrap_err().code, "bad-value");
    let other = "da1eaf69-87a1-409d-8aae-4044885e3587";
    assert_eq!(setting.node.withdraw_consent(other, None).unwrap_err().code, "unknown-consent");
    let withdrawn = setting.node.withdraw_consent(CONSENT, None).unwrap();

    assert_eq!((withdrawn.reached.len(), withdrawn.reached[0].whole), (1, true));
    let line = setting.lines().remove(0);
    assert_eq!((line.state.as_str(), line.why.as_deref()), ("withdrawn", Some("Person")));
    assert_eq!(setting.node.withdraw_consent(CONSENT, None).unwrap_err().code, "unknown-consent");
}

#[test]
fn each_act_needs_its_role_and_what_somebody_else_has_changed_is_looked_at_first() {
    let mut setting = Setting::new(834);
    let mut partner = setting.joins(HARBOUR);
    setting.update(THEN);
    setting.receives(&mut partner, &back(SAMPLE.replace(r#""role": "Helpline""#, r#""role": "NgoShelter""#).as_str()));
    setting.node.add_person(&person("Anna", &["admin", "supervisor"], None)).unwrap();
    setting.node.add_person(&person("Ivan", &["intake"], Some("Anna"))).unwrap();
    setting.node.add_person(&person("Noor", &["caseworker"], Some("Anna"))).unwrap();
    setting.node.add_person(&person("Rosa", &["auditor"], Some("Anna"))).unwrap();
    let id = setting.lines()[0].id.clone();
    let by = |name: &str, event: &str| ActAsked { by: Some(name.to_owned()), ..act(event) };

    let nobody = setting.node.act(&id, &act("Accepted")).err().unwrap();
    assert_eq!(nobody.code, "person-missing");
    let asked = OpenAsked { by: Some("Rosa".to_owned()), ..OpenAsked::default() };
    assert_eq!(setting.node.open_referral(&id, &asked).err().unwrap().code, "not-your-role");
    assert_eq!(setting.lines()[0].state, "delivered", "who may see nothing opens nothing");
    let asked = OpenAsked { by: Some("Ivan".to_owned()), names: true, ..OpenAsked::default() };
    let shown = setting.node.open_referral(&id, &asked).unwrap();
    assert!(shown.referral.unwrap().get("identity").is_none(), "intake sees no identity");
    assert_eq!(setting.node.act(&id, &by("Ivan", "Accepted")).err().unwrap().code, "not-yours");
    assert_eq!(setting.node.act(&id, &by("Noor", "Accepted")).err().unwrap().code, "not-yours");
    let stale = ActAsked { events: Some(0), ..by("Anna", "Accepted") };
    assert_eq!(setting.node.act(&id, &stale).err().unwrap().code, "changed-meanwhile");
    let shown = setting.node.act(&id, &by("Anna", "Accepted")).unwrap();
    assert_eq!(shown.line.state, "accepted");

    let referral = setting.lines()[0].referral_id.clone();
    let finds = |setting: &mut Setting, who: &str, text: &str| {
        let asked = ListAsked { search: Some(text.to_owned()), by: Some(who.to_owned()), ..ListAsked::default() };
        setting.node.referrals(&asked).unwrap().referrals.len()
    };
    let nobody = ListAsked { search: Some("okSANA".to_owned()), ..ListAsked::default() };
    assert_eq!(setting.node.referrals(&nobody).err().unwrap().code, "person-missing");
    assert_eq!(finds(&mut setting, "Anna", "okSANA"), 1, "a supervisor finds it by the name");
    for who in ["Ivan", "Noor", "Rosa"] {
        assert_eq!(finds(&mut setting, who, "okSANA"), 0, "{who} may not read the name");
        assert_eq!(finds(&mut setting, who, &referral), 1);
    }

    let assign =
        |who: &str, name: &str| KeepAsked { what: Keep::Assign, text: Some(name.to_owned()), by: Some(who.to_owned()) };
    assert_eq!(setting.node.keep_referral(&id, &assign("Noor", "Noor")).err().unwrap().code, "not-your-role");
    setting.node.keep_referral(&id, &assign("Anna", "Noor")).unwrap();
    assert_eq!(finds(&mut setting, "Noor", "okSANA"), 1, "it is theirs now");
    let asked = OpenAsked { by: Some("Noor".to_owned()), names: true, ..OpenAsked::default() };
    let seen = setting.node.open_referral(&id, &asked).unwrap().referral.unwrap();
    assert_eq!(seen["identity"]["names"][1]["full"], "Oksana Verbytska-Testova");
    let views: i64 = setting.node.vault.db().query_row("SELECT count(*) FROM view_log", [], |row| row.get(0)).unwrap();
    assert_eq!(views, 2);
    let held = KeepAsked { what: Keep::Hold, text: Some("court 12".to_owned()), by: Some("Anna".to_owned()) };
    assert_eq!(setting.node.keep_referral(&id, &held).unwrap().hold.as_deref(), Some("court 12"));
    let erase = KeepAsked { what: Keep::Erase, by: Some("Anna".to_owned()), ..KeepAsked::default() };
    assert_eq!(setting.node.keep_referral(&id, &erase).err().unwrap().code, "legal-hold");
}
