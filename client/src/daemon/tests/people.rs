//! Who sends, and who must have confirmed it before it goes.

use serde_json::{Value, json};

use super::*;
use crate::{
    api::people::{AddPerson, Confirm, EndPerson, SetRoles, SetSecret, Typed, Word},
    people::{
        confirm::{About, CONFIRMATION_S_MAX, Subject, sender_of},
        store::Footing,
    },
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
pub(super) fn to_police() -> Vec<u8> {
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

impl Setting {
    /// Signs somebody in, as the page does.
    fn enters(&mut self, name: &str, secret: &str) -> Option<(String, Footing)> {
        let begun = self.node.begins_signing(name).unwrap()?;
        begun.make(&Zeroizing::new(secret.to_owned())).ok()?;
        let (officer, footing) = self.node.signs_in(&begun).unwrap();
        Some((officer.pseudonym().to_hex(), footing))
    }

    fn stands(&self, (pseudonym, footing): &(String, Footing)) -> bool {
        self.node.footing(Some(pseudonym)).unwrap() == Some(*footing)
    }
}

#[test]
fn who_signs_in_on_the_page_is_asked_at_each_step_and_a_name_that_nobody_has_is_no_other() {
    let mut alone = Setting::alone(137);
    assert!(alone.node.footing(None).unwrap() == Some(Footing::ALONE), "whoever knows the passphrase");
    alone.node.add_person(&person("Anna", &["caseworker", "admin"], None)).ok().unwrap();
    assert!(alone.node.footing(None).unwrap().is_none(), "a session of before anybody was recorded acts as nobody");

    let mut setting = Setting::peopled(138);
    let boris = setting.enters("Boris", "Boris Boris").unwrap();
    assert!(setting.stands(&boris));
    assert!(setting.enters("Boris", "Anna Anna").is_none() && setting.enters("Dora", "Anna Anna").is_none());
    let end = EndPerson { name: "Boris".to_owned(), by: word("Anna") };
    setting.node.end_person(&end).ok().unwrap();
    assert!(!setting.stands(&boris) && setting.node.footing(Some("not a pseudonym")).unwrap().is_none());
}

#[test]
fn a_name_that_is_held_is_told_as_one_that_nobody_has_and_others_sign_in_meanwhile() {
    let mut setting = Setting::peopled(141);
    for _try in 0..20 {
        assert!(setting.enters("Dora", "whatever it is").is_none());
    }
    for _try in 0..5 {
        assert!(setting.enters("Boris", "whatever it is").is_none());
    }

    assert!(
        setting.node.begins_signing("Boris").unwrap().is_none()
            && setting.node.begins_signing("Dora").unwrap().is_none()
    );
    assert!(setting.enters("Anna", "Anna Anna").is_some() && setting.enters("Clara", "Clara Clara").is_some());
    setting.clock.0.store(THEN.0 + 15 * 60, Ordering::Relaxed);
    assert!(setting.enters("Boris", "Boris Boris").is_some());
}

#[test]
fn a_session_ends_with_another_secret_and_with_other_roles() {
    let mut setting = Setting::peopled(142);
    let (clara, boris) =
        (setting.enters("Clara", "Clara Clara").unwrap(), setting.enters("Boris", "Boris Boris").unwrap());
    let begun = setting.node.begins_signing("Clara").unwrap().unwrap();
    let secret = Typed::from("a new one altogether".to_owned());
    setting.node.set_person_secret(&SetSecret { name: "Clara".to_owned(), secret, by: word("Anna") }).ok().unwrap();

    assert!(!setting.stands(&clara) && setting.stands(&boris));
    assert_eq!(setting.node.signs_in(&begun).err().unwrap().code, "secret-wrong", "begun under the one of before");
    assert!(setting.enters("Clara", "a new one altogether").is_some_and(|anew| setting.stands(&anew)));
    setting.node.vault.db().execute("UPDATE officer SET roles = 1 WHERE name = 'Boris'", []).unwrap();
    assert!(!setting.stands(&boris));
}

#[test]
fn a_draft_that_needs_two_goes_with_the_second_persons_word_and_not_without() {
    let mut setting = Setting::peopled(143);
    let draft = setting.node.new_draft(&held(), Some(&harbour()), Some("Anna")).unwrap().line.draft;
    let mut send = |second: Option<&Word>| setting.node.send_draft_with(&draft, &[harbour()], Some("Anna"), second);

    assert_eq!(send(None).err().unwrap().code, "second-person-missing");
    assert_eq!(send(Some(&word("Anna"))).err().unwrap().code, "second-person-same");
    assert_eq!(send(Some(&word("Clara"))).err().unwrap().code, "not-your-role");
    let wrong = Word { name: "Boris".to_owned(), secret: word("Anna").secret };
    assert_eq!(send(Some(&wrong)).err().unwrap().code, "secret-wrong");
    assert_eq!(send(Some(&word("Boris"))).unwrap().sent.len(), 1);
}

#[test]
fn only_an_admin_who_knows_the_passphrase_makes_a_backup_here_and_only_those_of_the_folder_are_tried() {
    let mut setting = Setting::peopled(144);
    let pass = testing::passphrase();
    let refused =
        |node: &mut Node, by, pass: &Zeroizing<String>| node.backup_here(by, pass).err().unwrap().code.clone();
    assert_eq!(refused(&mut setting.node, Some("Boris"), &pass), "not-your-role");
    let wrong = Zeroizing::new("another one".to_owned());
    assert_eq!(refused(&mut setting.node, Some("Anna"), &wrong), "wrong-passphrase");
    assert!(setting.node.backups().is_empty() && setting.node.backup_at().unwrap().is_none());

    let made = setting.node.backup_here(Some("Anna"), &pass).unwrap();

    let names = setting.node.backups();
    assert!(names.len() == 1 && made.file.ends_with(&names[0]) && setting.node.backup_at().unwrap().is_some());
    assert!(setting.node.backup_named(Some("Anna"), &names[0]).unwrap().is_file());
    assert_eq!(setting.node.backup_named(Some("Anna"), "../node.db").err().unwrap().code, "no-backup");
    assert_eq!(setting.node.backup_named(Some("Boris"), &names[0]).err().unwrap().code, "not-your-role");
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
fn an_admin_changes_what_somebody_may_do_and_it_is_kept_who_did() {
    let mut setting = Setting::peopled(139);
    let boris = setting.enters("Boris", "Boris Boris").unwrap();
    let clara = setting.enters("Clara", "Clara Clara").unwrap();
    let asked = |name: &str, roles: &[&str], by: &str| {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        SetRoles { name: name.to_owned(), roles, by: word(by) }
    };
    let mut code = |asked: SetRoles| setting.node.set_person_roles(&asked).err().map(|told| told.code.clone());
    assert_eq!(code(asked("Clara", &["auditor"], "Boris")).as_deref(), Some("not-your-role"));
    let forged = SetRoles {
        by: Word { name: "Anna".to_owned(), secret: word("Boris").secret },
        ..asked("Clara", &["auditor"], "Anna")
    };
    assert_eq!(code(forged).as_deref(), Some("secret-wrong"));
    assert_eq!(code(asked("Dora", &["auditor"], "Anna")).as_deref(), Some("person-unknown"));
    assert_eq!(code(asked("Clara", &[], "Anna")).as_deref(), Some("role-missing"));
    assert_eq!(code(asked("Clara", &["boss"], "Anna")).as_deref(), Some("usage"));
    assert_eq!(code(asked("Anna", &["caseworker"], "Anna")).as_deref(), Some("admin-missing"));

    // Alone as an admin, one gives oneself more; with another one, that one does.
    assert_eq!(code(asked("Anna", &["caseworker", "auditor", "admin"], "Anna")), None);
    assert_eq!(code(asked("Boris", &["supervisor", "admin"], "Anna")), None);
    assert_eq!(code(asked("Anna", &["supervisor", "admin"], "Anna")).as_deref(), Some("roles-own"));
    assert_eq!(code(asked("Anna", &["admin"], "Anna")), None, "giving up is one's own");
    assert_eq!(code(asked("Anna", &["caseworker"], "Boris")), None);
    assert_eq!(code(asked("Anna", &["caseworker"], "Boris")), None, "the same once more");

    assert!(!setting.stands(&boris) && setting.stands(&clara), "what was open under other roles has ended");
    let people = setting.node.people(false).unwrap().people;
    let of = |name: &str| people.iter().find(|person| person.name == name).unwrap();
    let (anna, boris) = (of("Anna"), of("Boris"));
    assert_eq!((anna.roles.as_slice(), of("Clara").changes.len()), (&["caseworker".to_owned()][..], 0));
    let told: Vec<String> = anna.changes.iter().map(|one| one.became.join("+")).collect();
    assert_eq!(told, ["caseworker+auditor+admin", "admin", "caseworker"]);
    let last = anna.changes.last().unwrap();
    assert_eq!((&last.by, last.was.join("+").as_str(), last.at), (&boris.pseudonym, "admin", THEN.0));
    assert_eq!(setting.refused(&harbour(), &sample(), Some("Clara")).code, "not-your-role");
    let dora = person("Dora", &["caseworker"], Some("Anna"));
    assert_eq!(setting.node.add_person(&dora).err().unwrap().code, "not-your-role", "at once");
}

#[test]
fn a_person_who_has_left_confirms_nothing() {
    let mut setting = Setting::peopled(135);
    setting.node.end_person(&EndPerson { name: "Boris".to_owned(), by: word("Anna") }).ok().unwrap();

    let refused = setting.node.confirm(&confirm(&police(), &to_police(), Some("Anna"), "Boris")).err().unwrap();

    assert_eq!(refused.code, "person-unknown");
}
