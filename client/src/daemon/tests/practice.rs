//! Exercises and real cases never meet: not at the enrolment, not across a border, not in one referral.

use safeconduct_certs::{authority::root::RootFile, enrol::code::InviteCode};

use super::{abroad::Abroad, *};
use crate::enrol::{self, Purpose};

/// Writes the root file beside a code that names it, and enrols with it as `enrol CODE --root FILE` does.
fn takes(root: &RootFile, purpose: Purpose) -> Result<RootFile, Told> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.scr");
    std::fs::write(&path, root.as_bytes()).unwrap();
    let code = InviteCode::generate(root.fingerprint(), &mut testing::Seeded::new(5)).unwrap();
    enrol::root_from_file(&code, purpose, &path)
}

#[test]
fn a_folder_for_real_cases_refuses_a_practice_invitation_and_the_reverse_with_one_clear_line() {
    let (real, practice) = (World::new(900).root(), World::of_practice(901, b"XX").root());

    let exercise = takes(&practice, Purpose::Work).err().unwrap();
    let work = takes(&real, Purpose::Practice).err().unwrap();

    for told in [&exercise, &work] {
        assert_eq!((told.code.as_str(), told.exit()), ("practice-only", crate::exit::Exit::Refused));
        assert!(told.remedy.contains("another data folder") && !told.message.contains('\n'), "{}", told.remedy);
    }
    assert!(exercise.message.contains("for exercises") && work.message.contains("real authority"));
    assert!(takes(&real, Purpose::Work).is_ok() && takes(&practice, Purpose::Practice).is_ok());
}

#[test]
fn a_folder_that_has_practised_never_becomes_real_also_when_the_exercise_was_rejected() {
    let (real, practice) = (World::new(902).root(), World::of_practice(903, b"XX").root());
    let again = |mut setting: Setting, root: &RootFile| {
        keys::enrolment_rejected(&setting.node.vault, "no").unwrap();
        let code = InviteCode::generate(root.fingerprint(), &mut setting.world.entropy).unwrap();
        setting.node.begin_enrolment(&code, root, "relay:1", None).err().map(|told| told.code.clone())
    };

    assert_eq!(again(Setting::of(World::of_practice(904, b"XX")), &real).as_deref(), Some("practice-only"));
    assert_eq!(again(Setting::new(905), &practice).as_deref(), Some("practice-only"));
    assert_eq!(again(Setting::of(World::of_practice(906, b"XX")), &practice), None);
    assert_eq!(again(Setting::new(907), &real), None);
}

#[test]
fn nothing_but_an_exercise_leaves_a_practice_node_even_between_agencies_that_are_not_marked() {
    let mut setting = Setting::of(World::of_practice(908, b"XA"));
    setting.joins(HARBOUR);
    setting.update(THEN);

    let refused = setting.node.send(&harbour(), &sample(), Some("key")).err().unwrap();

    assert_eq!(refused.code, "practice-only");
    assert!(setting.node.status(None).unwrap().messages.is_empty());
    let mut real = Setting::new(909);
    real.joins(HARBOUR);
    real.update(THEN);
    assert!(real.node.send(&harbour(), &sample(), Some("key")).is_ok(), "the same is sent in a real world");
}

#[test]
fn a_practice_node_takes_no_referral_that_is_not_an_exercise_whatever_the_registry_says_of_it() {
    let mut setting = Setting::of(World::of_practice(910, b"XA"));
    let mut harbour = setting.joins(HARBOUR);
    setting.update(THEN);

    setting.receives(&mut harbour, &back(std::str::from_utf8(&sample()).unwrap()));

    let inbox = setting.node.inbox().unwrap();
    assert!(inbox.messages.is_empty());
    assert_eq!(inbox.refused.iter().map(|line| line.code.as_str()).collect::<Vec<_>>(), ["exercise-mismatch"]);
}

#[test]
fn a_recognition_between_a_practice_world_and_a_real_one_counts_for_nothing() {
    let known = |mut setting: Setting, mut abroad: Abroad| {
        let agency = "xb.night-shelter";
        abroad.joins(agency);
        setting.recognises(&abroad);
        setting.update(THEN);
        // A node that does not know the authority does not know its log either.
        if setting.node.held_copy().unwrap().foreign().is_empty() {
            return false;
        }
        setting.follows(&abroad, THEN);
        setting.node.agencies().unwrap().of(&agency.parse().unwrap()).is_some()
    };
    let practice = |seed| World::of_practice(seed, b"XB");

    assert!(!known(Setting::new(911), Abroad::of(practice(912))));
    assert!(!known(Setting::of(World::of_practice(913, b"XA")), Abroad::new(914)));
    assert!(known(Setting::of(World::of_practice(915, b"XA")), Abroad::of(practice(916))));
    assert!(known(Setting::new(917), Abroad::new(918)));
}
