//! Enrolment gone wrong: mistyped, expired, used and foreign codes, wrong safety words, rejections.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use safeconduct_tests::cast::AGENCIES;
use safeconduct_tests::world::{Node, Plan, World};

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

/// The refusal of a command, and that its node has nothing to show for it.
fn refused(node: &Node, code: &str, wanted: &str, exit: i32) -> String {
    let answer = node.run(&["enrol", code, "--no-wait"]).unwrap();
    let error = answer.error().unwrap();
    assert_eq!((error["code"].as_str(), answer.code), (Some(wanted), Some(exit)), "{error}");
    let (fact, remedy) = (error["message"].as_str().unwrap(), error["remedy"].as_str().unwrap());
    assert!(!fact.contains('\n') && !remedy.is_empty(), "{error}");
    let left: Vec<_> = std::fs::read_dir(node.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["config.toml"], "nothing is left behind");
    fact.to_owned()
}

#[test]
fn every_code_that_does_not_serve_gets_its_own_sentence_and_leaves_nothing_behind() {
    let (mut world, other) = (World::found(Plan::default()).unwrap(), World::found(Plan::default()).unwrap());
    let node = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    let foreign = other.authority.invite(&AGENCIES[0], 7).unwrap();
    let withdrawn = world.authority.invite(&AGENCIES[2], 7).unwrap();
    world.authority.invite(&AGENCIES[2], 7).unwrap();
    world.enrol(AGENCIES[1]).unwrap();
    let used = world.authority.invite(&AGENCIES[3], 7).unwrap();
    world.new_node(AGENCIES[3]).unwrap().ask(&used.code).unwrap();

    let mut facts = vec![
        refused(&node, &mistyped(&invitation.code), "invite-mistyped", 1),
        refused(&node, &invitation.code[..20], "invite-length", 1),
        refused(&node, &invitation.code.replacen(|c: char| c.is_ascii_alphanumeric(), "U", 1), "invite-character", 1),
        refused(&node, &foreign.code, "invite-foreign", 5),
        refused(&node, &withdrawn.code, "invite-unknown", 1),
        refused(&node, &used.code, "invite-used", 1),
    ];
    world.relay.kill().unwrap();
    let answer = node.run(&["enrol", &invitation.code, "--no-wait"]).unwrap();
    assert_eq!(answer.code, Some(4), "{}{}", answer.stdout, answer.stderr);
    assert!(!node.data().join("vault.scv").exists());
    facts.push(answer.error().unwrap()["message"].as_str().unwrap().to_owned());
    facts.sort();
    facts.dedup();
    assert_eq!(facts.len(), 7, "{facts:?}");
}

/// Whoever did not see the key would find out when the machine is lost, years later.
#[test]
fn a_node_whose_succession_key_nobody_has_seen_does_not_enrol() {
    let world = World::found(Plan::default()).unwrap();
    let node = world.new_node(AGENCIES[0]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[0], 7).unwrap();
    let enrol = ["enrol", &invitation.code, "--no-wait"];
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let unseen = |ended: std::process::ExitStatus| {
        assert_eq!(ended.code(), Some(3), "what cannot be written is told");
        let again = node.run(&enrol).unwrap();
        let error = again.error().unwrap();
        assert_eq!((error["code"].as_str(), again.code), (Some("succession-unseen"), Some(1)), "{error}");
        assert!(error["remedy"].as_str().unwrap().contains("remove the data folder"), "{error}");
        for entry in std::fs::read_dir(node.data()).unwrap().map(Result::unwrap) {
            if entry.file_name() != "config.toml" {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
    };

    unseen(node.typed(&["init"]).stdout(full()).stderr(full()).status().unwrap());
    unseen(node.typed(&enrol).stdout(full()).stderr(full()).status().unwrap());

    node.ask(&invitation.code).unwrap();
}
