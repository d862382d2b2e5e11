//! The practice world plays its own script, and reaches nobody outside of it.

use safeconduct_tests::cast;
use safeconduct_tests::practice::{self, AGENCIES, EXERCISES};
use safeconduct_tests::process::Lifetime;
use safeconduct_tests::world::{Plan, World};

const HELPLINE: &str = "xe.practice-helpline";
const SHELTER: &str = "xe.practice-shelter";

#[test]
fn every_exercise_can_be_done_with_the_commands_that_are_printed_and_is_marked_wherever_it_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let running = practice::start(folder.path(), Lifetime::World).unwrap();
    let world = &running.practice;
    assert_eq!(world.score().unwrap(), [false; 8]);
    assert!(running.world.relay.address().ip().is_loopback());

    for (number, exercise) in (1..).zip(&EXERCISES) {
        exercise.play(world).unwrap();
        assert_eq!(world.score().unwrap().iter().filter(|done| **done).count(), number, "{}", exercise.title);
    }

    for node in &running.nodes {
        let listed = node.done(&["referral", "list"]).unwrap()["referrals"].as_array().unwrap().clone();
        assert!(!listed.is_empty() && listed.iter().all(|one| one["exercise"] == true), "{}", node.agency.id);
        for (command, least) in [(vec!["referral", "list"], listed.len()), (vec!["inbox"], 0)] {
            let said = node.say(&command).unwrap().done().unwrap().stdout;
            let lines = said.lines().filter(|line| line.contains("xe.practice-")).collect::<Vec<_>>();
            assert!(lines.len() >= least && lines.iter().all(|line| line.contains("EXERCISE")), "{said}");
        }
        let id = listed[0]["id"].as_str().unwrap();
        let shown = node.say(&["referral", "show", id]).unwrap().done().unwrap().stdout;
        assert!(shown.starts_with("EXERCISE"), "{shown}");
    }
}

#[test]
fn a_practice_world_and_a_real_one_side_by_side_cannot_reach_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let practising = practice::start(folder.path(), Lifetime::World).unwrap();
    let real = World::found(Plan::default()).unwrap();
    let agencies = ["xa.lantern-helpline", "xa.harbour-house"].map(|id| cast::by_id(id).unwrap());
    let nodes = real.enrol_all(&agencies).unwrap();
    let by_id = |id: &str| practising.nodes.iter().find(|node| node.agency.id == id).unwrap();
    let (helpline, shelter) = (by_id(HELPLINE), by_id(SHELTER));

    // Neither world's agencies are known in the other.
    let sample = cast::sample("01").unwrap();
    let file = sample.write_into(&real.files()).unwrap().to_string_lossy().into_owned();
    let across = nodes[0].run(&["send", &file, "--to", SHELTER]).unwrap().error().unwrap();
    assert!(across["code"].is_string() && nodes[0].outbox().unwrap().is_empty(), "{across}");
    let exercise = practising.practice.folder().join("files/referral.json").to_string_lossy().into_owned();
    let across = helpline.run(&["send", &exercise, "--to", "xa.harbour-house"]).unwrap().error().unwrap();
    assert!(across["code"].is_string(), "{across}");

    // A real case goes nowhere in the practice world either.
    let mut unmarked: serde_json::Value = serde_json::from_slice(&std::fs::read(&exercise).unwrap()).unwrap();
    unmarked["header"]["exercise"] = serde_json::Value::Bool(false);
    let path = real.files().join("unmarked.json");
    std::fs::write(&path, unmarked.to_string()).unwrap();
    let refused = helpline.run(&["send", &path.to_string_lossy(), "--to", SHELTER]).unwrap();
    assert!(!refused.is_done() && shelter.inbox().unwrap().iter().all(|one| one.from != HELPLINE));

    // An invitation of one world is refused by a folder for the other, at the right relay, and nothing is made.
    let invited = cast::Agency { id: "xe.practice-guest", ..AGENCIES[0] };
    let new = practising.world.new_node(invited).unwrap();
    let code = practising.world.authority.invite(&invited, 7).unwrap().code;
    let refused = new.run(&["enrol", &code, "--no-wait"]).unwrap();
    assert_eq!(refused.error().unwrap()["code"], "practice-only");
    let guest = cast::by_id("xa.workers-welcome").unwrap();
    let code = real.authority.invite(&guest, 7).unwrap().code;
    let newcomer = real.new_node(guest).unwrap();
    let refused = newcomer.run(&["enrol", &code, "--no-wait", "--practice"]).unwrap();
    assert_eq!(refused.error().unwrap()["code"], "practice-only");
    for node in [&new, &newcomer] {
        let left = std::fs::read_dir(node.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
        assert_eq!(left, ["config.toml"], "nothing is left behind");
    }
    // Only exercises have a place in the practice world's registry.
    let unmarked = cast::Agency { exercise: false, ..invited };
    assert!(practising.world.authority.invite(&unmarked, 7).is_err());
}
