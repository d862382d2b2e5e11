//! An enrolment without a network: requests, answers and the registry go in files, and nobody who carries them is trusted.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::{Path, PathBuf};

use safeconduct_tests::cast::AGENCIES;
use safeconduct_tests::program::Answer;
use safeconduct_tests::world::{Plan, World};

fn refused(answer: &Answer, code: &str, exit: i32) {
    let error = answer.error().unwrap();
    assert_eq!((error["code"].as_str(), answer.code), (Some(code), Some(exit)), "{error}");
    assert!(!error["message"].as_str().unwrap().contains('\n') && !error["remedy"].as_str().unwrap().is_empty());
}

fn cut(file: &Path) -> PathBuf {
    let bytes = std::fs::read(file).unwrap();
    let short = file.with_extension("cut");
    std::fs::write(&short, &bytes[..bytes.len() - 40]).unwrap();
    short
}

#[test]
fn a_node_is_enrolled_by_files_alone_and_bad_files_are_refused_by_name() {
    let (mut world, other) = (World::found(Plan::default()).unwrap(), World::found(Plan::default()).unwrap());
    let path = |name: &str| world.files().join(name);
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (root, request, answer, registry) = (path("root.scr"), path("request"), path("answer"), path("registry"));
    let agency = AGENCIES[1];
    let mut node = world.new_node(agency).unwrap();
    world.authority.export_root(&root).unwrap();
    let old = path("old-registry");
    world.authority.done(&["export", "--out", &text(&old)]).unwrap();
    let invite = ["invite", "--offline", "--agency", agency.id, "--name", "eng=Harbour House", "--role", agency.role];
    let code = world.authority.done(&invite).unwrap()["code"].as_str().unwrap().to_owned();

    // Another authority's root file is not the one that the code names, and nothing is made.
    let foreign_root = path("foreign.scr");
    other.authority.export_root(&foreign_root).unwrap();
    let foreign = node.run(&["enrol", &code, "--root", &text(&foreign_root), "--out", &text(&request)]).unwrap();
    refused(&foreign, "invite-foreign", 5);
    assert!(!node.data().join("vault.scv").exists() && !request.exists());

    let asked =
        node.done(&["enrol", &code, "--root", &text(&root), "--out", &text(&request), "--language", "deu"]).unwrap();
    let words: Vec<&str> = asked["words"].as_array().unwrap().iter().filter_map(|word| word.as_str()).collect();
    let first = std::fs::read(&request).unwrap();
    node.done(&["enrol", &code, "--root", &text(&root), "--out", &text(&request)]).unwrap();
    assert!(std::fs::read(&request).unwrap() == first, "the same again writes the same");

    refused(&world.authority.run(&["import", &text(&cut(&request))]).unwrap(), "file-damaged", 1);
    refused(&world.authority.run(&["import", &text(&root)]).unwrap(), "file-not-ours", 1);
    refused(&world.authority.run(&["import", &text(&old)]).unwrap(), "file-other-kind", 1);
    refused(&other.authority.run(&["import", &text(&request)]).unwrap(), "file-other-authority", 1);
    refused(&world.authority.run(&["export", "--answer", agency.id, "--out", &text(&answer)]).unwrap(), "no-answer", 1);
    for expected in [1, 0] {
        let imported = world.authority.done(&["import", &text(&request)]).unwrap();
        assert_eq!(imported["requests"].as_array().unwrap().len(), expected, "{imported}");
    }

    // The words were read in German, and are typed without their last letters.
    let short: Vec<String> = words.iter().map(|word| word.chars().take(4).collect()).collect();
    world.authority.done(&["approve", agency.id, "--offline", "--words", &short.join(" ")]).unwrap();
    world.authority.done(&["export", "--answer", agency.id, "--out", &text(&answer)]).unwrap();
    world.authority.done(&["export", "--out", &text(&registry)]).unwrap();

    // The relay: whole files of its own authority only, and never an older one.
    let take = |file: &Path| world.relay.operate("import", &[&text(file)]).unwrap();
    refused(&take(&cut(&registry)), "file-damaged", 1);
    refused(&take(&answer), "file-other-kind", 1);
    for _ in 0..2 {
        assert_eq!(take(&registry).data().unwrap()["size"], 2);
    }
    refused(&take(&old), "file-older", 1);

    refused(&node.run(&["enrol", "--answer", &text(&cut(&answer))]).unwrap(), "file-damaged", 1);
    refused(&node.run(&["enrol", "--answer", &text(&request)]).unwrap(), "file-other-kind", 1);
    for _ in 0..2 {
        assert_eq!(node.done(&["enrol", "--answer", &text(&answer)]).unwrap()["state"], "approved");
    }
    node.start().unwrap();
    node.connected().unwrap();

    // What waits at a relay reaches its authority in a file too.
    let second = world.new_node(AGENCIES[4]).unwrap();
    let invitation = world.authority.invite(&AGENCIES[4], 7).unwrap();
    second.ask(&invitation.code).unwrap();
    let out = path("from-relay");
    assert_eq!(world.relay.operate("export", &["--out", &text(&out)]).unwrap().data().unwrap()["requests"], 1);
    let imported = world.authority.done(&["import", &text(&out)]).unwrap();
    assert_eq!(imported["requests"][0], AGENCIES[4].id);
    world.authority.publish().unwrap();
    world.relay.stop().unwrap();
    refused(&world.relay.operate("export", &["--out", &text(&out)]).unwrap(), "relay-not-running", 3);
}
