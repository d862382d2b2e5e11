use super::*;
use crate::{
    people::{Roles, store::NewOfficer},
    testing::{self, NOW, Seeded, cheap},
};

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

/// A vault in which three people work: each one's secret is the name twice.
fn peopled(dir: &std::path::Path, seed: u64) -> (Vault, Officer) {
    let mut entropy = Seeded::new(seed);
    let mut vault = testing::vault(dir, &mut entropy);
    let people = [
        ("Anna", [LocalRole::Caseworker, LocalRole::Admin]),
        ("Boris", [LocalRole::Supervisor; 2]),
        ("Clara", [LocalRole::Auditor, LocalRole::Intake]),
    ];
    for (name, roles) in people {
        let new = NewOfficer { name, roles: Roles::of(&roles), secret: &secret(&format!("{name} {name}")) };
        store::add(&mut vault, &new, NOW, cheap(), &mut entropy).ok().unwrap();
    }
    let anna = store::find(&vault, "Anna").ok().unwrap();
    (vault, anna)
}

fn subject(text: &str) -> Subject {
    Subject::of_send(&"xa.harbour-house".parse().unwrap(), text.as_bytes())
}

#[test]
fn a_colleague_confirms_with_their_own_secret_and_never_the_same_person() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, anna) = peopled(dir.path(), 11);
    let what = subject("{}");
    let mut by = |second: &str, typed: &str| {
        let about = (About::Send, &what);
        confirm(&mut vault, about, &anna, (second, &secret(typed)), NOW).map(drop).map_err(|error| error.code())
    };

    assert_eq!(by("Anna", "Anna Anna"), Err("second-person-same"));
    assert_eq!(by("Boris", "Anna Anna"), Err("secret-wrong"));
    assert_eq!(by("Clara", "Clara Clara"), Err("not-your-role"));
    assert_eq!(by("Dora", "Dora Dora"), Err("person-unknown"));
    assert_eq!(by("Boris", "Boris Boris"), Ok(()));
}

#[test]
fn a_confirmation_is_for_this_thing_this_person_and_this_quarter_of_an_hour_and_is_used_once() {
    let dir = tempfile::tempdir().unwrap();
    let (mut vault, anna) = peopled(dir.path(), 12);
    let boris = store::find(&vault, "Boris").ok().unwrap();
    let what = subject("{}");
    let made = confirm(&mut vault, (About::Send, &what), &anna, ("Boris", &secret("Boris Boris")), NOW).ok().unwrap();
    let holds = |vault: &Vault, subject: &Subject, first: &Officer, at| {
        confirmed(vault, (About::Send, subject), first, at).map_err(|error| error.code())
    };

    assert_eq!(holds(&vault, &what, &anna, NOW.after(CONFIRMATION_S_MAX)), Ok(made));
    assert_eq!(holds(&vault, &what, &anna, NOW.after(CONFIRMATION_S_MAX + 1)), Err("second-person-missing"));
    assert_eq!(holds(&vault, &subject("{ }"), &anna, NOW), Err("second-person-missing"));
    assert_eq!(holds(&vault, &what, &boris, NOW), Err("second-person-missing"), "he confirmed, he does not send");
    let elsewhere = Subject::of_send(&"xa.other-house".parse().unwrap(), b"{}");
    assert_eq!(holds(&vault, &elsewhere, &anna, NOW), Err("second-person-missing"));
    use_up(vault.db(), made, NOW).unwrap();
    assert_eq!(holds(&vault, &what, &anna, NOW), Err("second-person-missing"));
    // What was done is kept, and what was never done is not.
    let count = |vault: &Vault| -> i64 {
        vault.db().query_row("SELECT count(*) FROM confirmation", [], |row| row.get(0)).unwrap()
    };
    let mut again =
        |at| confirm(&mut vault, (About::Send, &what), &anna, ("Boris", &secret("Boris Boris")), at).ok().unwrap();
    again(NOW);
    again(NOW.after(CONFIRMATION_S_MAX + 1));
    assert_eq!(count(&vault), 2);
}

#[test]
fn who_is_alone_has_no_second_person() {
    let dir = tempfile::tempdir().unwrap();
    let mut vault = testing::vault(dir.path(), &mut Seeded::new(13));
    let alone = store::acting(&vault, None).ok().unwrap();
    let (about, typed) = ((About::Send, &subject("{}")), secret("whatever it is"));

    let told = confirm(&mut vault, about, &alone, ("Boris", &typed), NOW).err().unwrap();
    assert_eq!(told.code(), "second-person-missing");
    assert!(told.remedy().contains("people add"));
    assert_eq!(confirmed(&vault, about, &alone, NOW).err().unwrap().code(), "second-person-missing");
}

#[test]
fn what_is_confirmed_has_a_name_and_one_subject() {
    assert_eq!(About::from_name(About::Send.as_str()), Some(About::Send));
    assert_eq!(About::from_name("sent"), None);
    assert_ne!(subject("{}"), subject("{} "));
    assert_eq!(Subject::new(*subject("{}").as_bytes()), subject("{}"));
    assert_eq!(Subject::from_hex(&subject("{}").to_hex()), Some(subject("{}")));
    assert_eq!(Subject::from_hex("00"), None);
}
