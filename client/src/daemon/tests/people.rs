//! Who sends, and who must have confirmed it before it goes.

use serde_json::{Value, json};

use super::*;
use crate::{
    api::people::{AddPerson, Confirm, EndPerson, SetSecret, Typed, Word},
    people::confirm::{About, CONFIRMATION_S_MAX, Subject, sender_of},
    referral,
};

const POLICE: &str = "xa.police-thb-unit";

fn police() -> AgencyId {
    POLICE.parse().unwrap()
}

pub(super) fn changed(of: &[u8], changes: &[(&str, Value)]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(of).unwrap();
    for (at, to) in changes {
        let (parent, name) = at.rsplit_once('/').unwrap();
        let members = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        // `null` takes it away.
        if to.is_null() {
            members.remove(name)
        } else {
            members.insert(name.to_owned(), to.clone())
        };
    }
    value.to_string().into_bytes()
}

/// Life in danger, and police are the only help: D14.
fn to_police() -> Vec<u8> {
    changed(
        &sample(),
        &[
            ("/header/to", json!({"agency_id": POLICE, "role": "Police", "country": "XA"})),
            ("/header/profile_to", json!("XA@3")),
            ("/header/urgency", json!("Immediate")),
            ("/handling/markings", json!([])),
            ("/enquiry/services", json!(["SafetyPlanning"])),
            ("/summary/reflection_period", json!({"status": "Requested"})),
            ("/consents/0/basis", json!("VitalInterest")),
            ("/consents/0/given_by", json!("CaseworkerOverride")),
            ("/consents/0/method", json!("NotPossible")),
            ("/consents/0/informed", json!(null)),
            ("/consents/0/given_at", json!("2026-06-01T11:50:00Z")),
            (
                "/consents/0/override_reason",
                json!("He has her and says that he will kill her; police are the only help."),
            ),
            ("/consents/0/notify_person_by", json!("2026-06-02T11:50:00Z")),
            ("/consents/0/recipient_roles", json!(["Police"])),
            ("/consents/0/recipient_agency_ids", json!([POLICE])),
            ("/consents/0/purposes", json!(["Assistance"])),
        ],
    )
}

/// A court holds the data: D22 beyond the retention.
fn held() -> Vec<u8> {
    changed(&sample(), &[("/handling/delete_after", json!("2040-01-01")), ("/handling/legal_hold", json!(true))])
}

pub(super) fn word(name: &str) -> Word {
    Word { name: name.to_owned(), secret: Typed::from(format!("{name} {name}")) }
}

pub(super) fn person(name: &str, roles: &[&str], by: Option<&str>) -> AddPerson {
    AddPerson {
        name: name.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        secret: word(name).secret,
        by: by.map(word),
    }
}

fn confirm(to: &AgencyId, bytes: &[u8], by: Option<&str>, second: &str) -> Confirm {
    let canonical = referral::canonical(&referral::parse(bytes).ok().unwrap());
    Confirm {
        about: About::Send.as_str().to_owned(),
        subject: Subject::of_send(to, &canonical).to_hex(),
        by: by.map(str::to_owned),
        second: word(second),
    }
}

impl Setting {
    /// Two shelters, the police, and three people here.
    pub(super) fn peopled(seed: u64) -> Self {
        let mut setting = Self::alone(seed);
        setting.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
        setting.node.add_person(&person("Boris", &["supervisor"], Some("Anna"))).ok().unwrap();
        setting.node.add_person(&person("Clara", &["intake"], Some("Anna"))).ok().unwrap();
        setting
    }

    fn alone(seed: u64) -> Self {
        let mut setting = Self::new(seed);
        setting.joins(HARBOUR);
        let police = setting.joins(POLICE);
        setting.gives_roles(POLICE, &police.identity.node, &[Role::Police]);
        setting.update(THEN);
        setting
    }

    fn refused(&mut self, to: &AgencyId, bytes: &[u8], by: Option<&str>) -> Told {
        self.node.send_by(to, bytes, None, by).err().unwrap()
    }
}

#[test]
fn who_is_alone_sends_what_one_may_send_and_nothing_that_needs_two() {
    let mut setting = Setting::alone(130);

    let (of_life, hold) = (setting.refused(&police(), &to_police(), None), setting.refused(&harbour(), &held(), None));

    for (told, rule) in [(&of_life, "D14"), (&hold, "D22")] {
        assert_eq!((told.code.as_str(), told.exit()), ("second-person-missing", crate::exit::Exit::Refused));
        assert!(told.remedy.contains("people add"), "{}", told.remedy);
        assert_eq!(told.findings.iter().map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), [rule]);
    }
    assert!(setting.node.status(None).unwrap().messages.is_empty(), "nothing is queued");
    let confirm = confirm(&police(), &to_police(), None, "Boris");
    assert_eq!(setting.node.confirm(&confirm).err().unwrap().code, "second-person-missing");
    setting.node.send(&harbour(), &sample(), None).unwrap();
    assert!(
        setting
            .node
            .send_by(&harbour(), &sample(), None, Some("Anna"))
            .is_err_and(|told| told.code == "person-unknown")
    );
}

#[test]
fn an_override_to_police_and_a_hold_beyond_retention_go_once_a_colleague_has_confirmed_them() {
    let mut setting = Setting::peopled(131);
    for (to, bytes) in [(police(), to_police()), (harbour(), held())] {
        assert_eq!(setting.refused(&to, &bytes, Some("Anna")).code, "second-person-missing");
        let same = setting.node.confirm(&confirm(&to, &bytes, Some("Anna"), "Anna")).err().unwrap();
        assert_eq!(same.code, "second-person-same");
        setting.node.confirm(&confirm(&to, &bytes, Some("Anna"), "Boris")).unwrap();
        // Confirmed for Anna, not for whoever sends.
        assert_eq!(setting.refused(&to, &bytes, Some("Boris")).code, "second-person-missing");

        let sent = setting.node.send_by(&to, &bytes, Some(to.as_str()), Some("Anna")).unwrap();

        assert!(sent.state == "queued" && sent.warnings.iter().any(|warning| warning.code == "second-person-needed"));
        // The same file under the same key is the same message, and asks nobody again; as a new one it does.
        let again = setting.node.send_by(&to, &bytes, Some(to.as_str()), Some("Anna")).unwrap();
        assert!(again.already && again.message_id == sent.message_id);
        assert_eq!(setting.refused(&to, &bytes, Some("Anna")).code, "second-person-missing", "used once");
    }
}

#[test]
fn a_confirmation_is_of_this_referral_and_does_not_wait_for_ever() {
    let mut setting = Setting::peopled(132);
    setting.node.confirm(&confirm(&police(), &to_police(), Some("Anna"), "Boris")).unwrap();

    let other = changed(&to_police(), &[("/enquiry/services", json!(["SafetyPlanning", "Transport"]))]);
    assert_eq!(setting.refused(&police(), &other, Some("Anna")).code, "second-person-missing");
    setting.clock.0.store(THEN.0 + CONFIRMATION_S_MAX + 1, Ordering::Relaxed);
    assert_eq!(setting.refused(&police(), &to_police(), Some("Anna")).code, "second-person-missing");
    setting.node.confirm(&confirm(&police(), &to_police(), Some("Anna"), "Boris")).unwrap();
    assert!(setting.node.send_by(&police(), &to_police(), None, Some("Anna")).is_ok());
}

#[test]
fn who_sends_is_said_where_several_work_and_is_kept_by_pseudonym() {
    let mut setting = Setting::peopled(133);

    assert_eq!(setting.refused(&harbour(), &sample(), None).code, "person-missing");
    assert_eq!(setting.refused(&harbour(), &sample(), Some("Clara")).code, "not-your-role");
    let sent = setting.node.send_by(&harbour(), &sample(), None, Some("Anna")).unwrap();

    let message = MessageId::from_hex(&sent.message_id).unwrap();
    let anna = setting.node.acting(Some("Anna")).ok().unwrap();
    assert_eq!(sender_of(&setting.node.vault, &message).unwrap(), Some(anna.pseudonym()));
    assert_eq!(sender_of(&setting.node.vault, &MessageId::from_bytes([9; 16])).unwrap(), None);
    // By pseudonym, as the command line has it in a path.
    let by = anna.pseudonym().to_hex();
    assert_ne!(setting.node.send_by(&harbour(), &sample(), None, Some(&by)).unwrap().message_id, sent.message_id);
}

#[test]
fn who_signs_in_on_the_page_is_asked_at_each_step_and_a_name_that_nobody_has_is_no_other() {
    let mut alone = Setting::alone(137);
    assert!(alone.node.still_signs_in(None).unwrap(), "nobody is recorded: whoever knows the passphrase");
    alone.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    assert!(!alone.node.still_signs_in(None).unwrap(), "a session of before anybody was recorded acts as nobody");

    let mut setting = Setting::peopled(138);
    let secret = |name: &str| word(name).secret.0;
    let boris = setting.node.signs_in("Boris", &secret("Boris")).ok().unwrap();
    let pseudonym = boris.pseudonym().to_hex();
    assert!(setting.node.still_signs_in(Some(&pseudonym)).unwrap());
    let refused = |node: &mut Node, name: &str, secret: &Zeroizing<String>| {
        node.signs_in(name, secret).err().unwrap().code.clone()
    };
    assert_eq!(refused(&mut setting.node, "Boris", &secret("Anna")), "secret-wrong");
    assert_eq!(refused(&mut setting.node, "Dora", &secret("Anna")), "person-unknown");
    let end = EndPerson { name: "Boris".to_owned(), by: word("Anna") };
    setting.node.end_person(&end).ok().unwrap();
    assert!(!setting.node.still_signs_in(Some(&pseudonym)).unwrap());
}

#[test]
fn only_an_admin_says_who_works_here_and_with_their_own_secret() {
    let mut setting = Setting::peopled(134);
    let mut code = |asked: AddPerson| setting.node.add_person(&asked).err().unwrap().code.clone();

    assert_eq!(code(person("Dora", &["caseworker"], None)), "person-missing");
    assert_eq!(code(person("Dora", &["caseworker"], Some("Boris"))), "not-your-role");
    let forged = AddPerson {
        by: Some(Word { name: "Anna".to_owned(), secret: word("Boris").secret }),
        ..person("Dora", &["caseworker"], None)
    };
    assert_eq!(code(forged), "secret-wrong");
    assert_eq!(code(person("Dora", &["boss"], Some("Anna"))), "usage");
    let end = |name: &str, by: &str| EndPerson { name: name.to_owned(), by: word(by) };
    assert_eq!(setting.node.end_person(&end("Anna", "Boris")).err().unwrap().code, "not-your-role");
    assert_eq!(setting.node.end_person(&end("Anna", "Anna")).err().unwrap().code, "admin-missing");
    let people = setting.node.end_person(&end("Boris", "Anna")).ok().unwrap().people;
    assert_eq!(people.iter().map(|person| person.until_at.is_some()).collect::<Vec<_>>(), [false, false, true]);
    let to = |name: &str, by: Word| SetSecret {
        name: name.to_owned(),
        secret: Typed::from("a new one altogether".to_owned()),
        by,
    };
    assert_eq!(setting.node.set_person_secret(&to("Anna", word("Clara"))).err().unwrap().code, "not-your-role");
    setting.node.set_person_secret(&to("Clara", word("Clara"))).ok().unwrap();
    setting.node.set_person_secret(&to("Clara", word("Anna"))).ok().unwrap();
}

#[test]
fn a_person_who_has_left_confirms_nothing() {
    let mut setting = Setting::peopled(135);
    setting.node.end_person(&EndPerson { name: "Boris".to_owned(), by: word("Anna") }).ok().unwrap();

    let refused = setting.node.confirm(&confirm(&police(), &to_police(), Some("Anna"), "Boris")).err().unwrap();

    assert_eq!(refused.code, "person-unknown");
}
