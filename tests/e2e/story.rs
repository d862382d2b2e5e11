//! One full case through six agencies: the same that `./demo --story` plays.

use std::{path::Path, process::Command};

use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast;
use safeconduct_tests::story::{Line, Story};
use safeconduct_tests::world::{Plan, World};

#[test]
fn a_case_goes_from_a_question_without_names_to_its_end_and_nothing_of_it_stays_at_the_relay() {
    let world = World::found(Plan::default()).unwrap();
    let told = std::sync::Mutex::new(String::new());
    let tell = |line: Line<'_>| {
        let words = match line {
            Line::Act(_, words) | Line::Did(words) | Line::Note(words) => words.to_owned(),
        };
        told.lock().unwrap().push_str(&format!("{words}\n"));
    };

    let played = Story::begin(&world, &tell).and_then(|story| story.play());

    let told = told.into_inner().unwrap();
    assert!(played.is_ok(), "{}\n{told}", played.unwrap_err());
    let case = world.files().join("case.json");
    let second = Path::new(env!("CARGO_MANIFEST_DIR")).join("second/verify.py");
    let judged = Command::new("python3").arg(second).arg(case).output().unwrap();
    let said = String::from_utf8(judged.stdout).unwrap();
    assert!(judged.status.success() && said.contains("Closed, code 1"), "{said}");
    // The samples that the case is made of.
    let said = ["01", "05", "11"].into_iter().flat_map(|number| cast::sample(number).unwrap().confidential());
    let canaries = Canaries::new(said);
    assert!(canaries.count() > 20, "{}", canaries.count());
    assert!(canaries.in_folder(world.relay.folder()).unwrap().findings.is_empty());
    assert!(canaries.in_folder(&world.logs()).unwrap().findings.is_empty());
}
