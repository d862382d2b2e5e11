//! Enrolment gone wrong: mistyped, expired, used and foreign codes, wrong safety words, rejections.

use safeconduct_tests::cast::AGENCIES;
use safeconduct_tests::world::{Plan, World};

/// The code with one character of its middle changed for another of the alphabet.
fn mistyped(code: &str) -> String {
    let at = code.len() / 2;
    let at = if code.as_bytes()[at].is_ascii_alphanumeric() { at } else { at + 1 };
    let other = if code.as_bytes()[at] == b'7' { "8" } else { "7" };
    format!("{}{other}{}", &code[..at], &code[at + 1..])
}

#[test]
fn a_mistyped_code_is_refused_without_a_connection() {
    let mut world = World::found(Plan::default()).unwrap();
    let node = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    world.relay.kill().unwrap();

    for wrong in [mistyped(&invitation.code), invitation.code[..20].to_owned(), "hello".to_owned()] {
        let answer = node.run(&["enrol", &wrong, "--no-wait"]).unwrap();
        assert!(matches!(answer.code, Some(1 | 2)), "{}{}", answer.stdout, answer.stderr);
        assert!(!answer.error().unwrap()["remedy"].as_str().unwrap().is_empty());
    }
    // The right one, without a relay: a retry helps.
    let answer = node.run(&["enrol", &invitation.code, "--no-wait"]).unwrap();
    assert_eq!(answer.code, Some(4), "{}{}", answer.stdout, answer.stderr);
}

#[test]
fn letters_may_be_typed_as_people_type_them() {
    let world = World::found(Plan::default()).unwrap();
    let mut node = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    let typed = invitation.code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");

    let words = node.ask(&typed).unwrap();
    world.authority.approve(AGENCIES[0].id, &words).unwrap();

    node.finish(&invitation.code).unwrap();
    node.start().unwrap();
    node.connected().unwrap();
}

#[test]
fn wrong_safety_words_are_refused_and_the_right_ones_still_work() {
    let world = World::found(Plan::default()).unwrap();
    let node = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    let words = node.ask(&invitation.code).unwrap();
    world.authority.request_of(AGENCIES[0].id).unwrap();
    let mut swapped: Vec<&str> = words.split(' ').collect();
    assert_eq!(swapped.len(), 8, "{words}");
    swapped.rotate_left(1);

    for wrong in [swapped.join(" "), words.split(' ').take(7).collect::<Vec<_>>().join(" "), "no such words".to_owned()]
    {
        let answer = world.authority.run(&["approve", AGENCIES[0].id, "--words", &wrong]).unwrap();
        assert!(matches!(answer.code, Some(1 | 5)), "{}{}", answer.stdout, answer.stderr);
    }

    world.authority.approve(AGENCIES[0].id, &words).unwrap();
    node.finish(&invitation.code).unwrap();
}

#[test]
fn a_code_serves_one_node_once() {
    let world = World::found(Plan::default()).unwrap();
    let first = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    let words = first.ask(&invitation.code).unwrap();
    world.authority.approve(AGENCIES[0].id, &words).unwrap();
    first.finish(&invitation.code).unwrap();

    let second = world.new_node(AGENCIES[1]).unwrap();
    let answer = second.run(&["enrol", &invitation.code, "--no-wait"]).unwrap();

    assert_eq!(answer.code, Some(1), "{}{}", answer.stdout, answer.stderr);
}

#[test]
fn a_code_that_has_expired_and_a_code_of_another_authority_are_refused() {
    let (world, other) = (World::found(Plan::default()).unwrap(), World::found(Plan::default()).unwrap());
    let node = world.new_node(AGENCIES[0]).unwrap();
    let foreign = other.authority.invite(&AGENCIES[0], 7).unwrap();

    let answer = node.run(&["enrol", &foreign.code, "--no-wait"]).unwrap();
    assert!(matches!(answer.code, Some(1 | 5)), "{}{}", answer.stdout, answer.stderr);

    let nothing = world.authority.run(&[
        "invite",
        "--agency",
        "xa.late",
        "--name",
        "eng=Late",
        "--role",
        "NgoShelter",
        "--days",
        "0",
    ]);
    let nothing = nothing.unwrap();
    assert!(matches!(nothing.code, Some(1 | 2)), "{}{}", nothing.stdout, nothing.stderr);
}

#[test]
fn a_rejected_request_is_told_with_its_reason() {
    let world = World::found(Plan::default()).unwrap();
    let node = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    node.ask(&invitation.code).unwrap();
    world.authority.request_of(AGENCIES[0].id).unwrap();

    world.authority.done(&["reject", AGENCIES[0].id, "--reason", "call us first"]).unwrap();

    let answer = node.run(&["enrol", &invitation.code, "--no-wait"]).unwrap();
    assert_eq!(answer.code, Some(1), "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stdout.contains("call us first"), "{}", answer.stdout);
}
