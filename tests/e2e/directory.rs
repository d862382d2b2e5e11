//! The directory: what the authority writes down is found by a node on its own, and nobody else learns of it.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use safeconduct_tests::cast::{AGENCIES, Agency};
use safeconduct_tests::wait::hold;
use safeconduct_tests::world::{Node, Plan, World};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/record.example.toml");
const HARBOUR: Agency = AGENCIES[1];
const POLICE: Agency = AGENCIES[6];

/// Harbour House with the whole example record, and a police unit that says nothing of itself.
fn world() -> (World, Node, Node) {
    let world = World::found(Plan { capture: true, ..Plan::default() }).unwrap();
    let mut harbour = world.new_node(HARBOUR).unwrap();
    let code = world.authority.done(&["invite", "--record", EXAMPLE]).unwrap()["code"].as_str().unwrap().to_owned();
    let words = harbour.ask(&code).unwrap();
    world.authority.approve(HARBOUR.id, &words).unwrap();
    harbour.start().unwrap();
    harbour.connected().unwrap();
    let police = world.enrol(POLICE).unwrap();
    (world, harbour, police)
}

#[test]
fn a_search_runs_on_the_node_alone_and_nobody_else_learns_of_it() {
    let (mut world, mut harbour, mut police) = world();
    let search = |node: &Node, more: &[&str]| node.done(&[&["directory", "search"], more].concat()).unwrap();

    let found =
        search(&police, &["--service", "emergencyshelter", "--language", "ron", "--country", "XA", "--age", "16"]);
    let hit = &found["hits"][0];
    assert_eq!((&hit["agency_id"], &found["total"]), (&HARBOUR.id.into(), &1.into()), "{found}");
    assert_eq!(hit["holds"].as_array().unwrap().len(), 4, "{hit}");
    assert_eq!(hit["phone_always"], "+40215550100");
    assert_eq!(search(&police, &["--name", "гавани"])["total"], 1);
    assert_eq!(search(&police, &["--name", "quixotically"])["total"], 0);
    let shown = police.say(&["directory", "show", HARBOUR.id]).unwrap().done().unwrap().stdout;
    assert!(shown.contains("Дом у гавани (rus)") && shown.contains("Europe/Bucharest"), "{shown}");
    let wrong = police.run(&["directory", "search", "--service", "EmergencyShleter"]).unwrap();
    assert_eq!(wrong.code, Some(2), "{}{}", wrong.stdout, wrong.stderr);
    let error = wrong.error().unwrap();
    assert_eq!(error["code"], "unknown-code");
    assert!(error["message"].as_str().unwrap().ends_with("EmergencyShelter"), "{error}");

    // No program of ours runs but the search: what passed the wire then would be its own.
    harbour.stop().unwrap();
    police.stop().unwrap();
    world.relay.stop().unwrap();
    let before = world.relay.capture().unwrap().datagrams();
    assert!(before > 0, "the capture sees what passes");
    for text in ["quixotically", "гавани", "Harbour"] {
        search(&police, &["--name", text, "--open-now"]);
    }
    hold(500);
    assert_eq!(world.relay.capture().unwrap().datagrams(), before);

    // A daemon without its relay answers the same, and writes nothing of it down.
    police.start().unwrap();
    assert_eq!(search(&police, &["--name", "гавани"])["total"], 1);
    let log = std::fs::read_to_string(police.log()).unwrap();
    assert!(!log.contains("гавани") && !log.contains("quixotically") && !log.contains("EmergencyShelter"), "{log}");
}
