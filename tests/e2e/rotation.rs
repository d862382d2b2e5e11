//! An authority changes its own keys and its witnesses while agencies are at work: nodes take it without a person, messages go on,
//! codes and evidence of before and after hold, and every refusal has its words.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::{Path, PathBuf};

use safeconduct_tests::cast::{self, Agency, Sample};
use safeconduct_tests::program::{Answer, Program, Programs, text};
use safeconduct_tests::seed::{Seeded, fresh};
use safeconduct_tests::world::{Node, Plan, Stage, World};

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 180;

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Sends the sample once more under another id; its message id and its referral id.
fn send(from: &Node, sample: &Sample, world: &World, to: &str) -> (String, String) {
    let sample = sample.renamed(Seeded::new(fresh()).uuid());
    let file = sample.write_into(&world.files()).unwrap();
    (from.send(&file, to).unwrap(), sample.referral_id().to_owned())
}

fn levelled(world: &World, node: &Node) {
    let size = world.authority.done(&["status"]).unwrap()["size"].as_u64().unwrap();
    node.holds(size, STEP_SECONDS).unwrap();
}

fn fingerprint(world: &World) -> String {
    text(&world.authority.done(&["status"]).unwrap(), "fingerprint").unwrap().to_owned()
}

fn refused(answer: &Answer, exit: i32, code: &str) {
    let error = answer.error().unwrap();
    assert_eq!((answer.code, error["code"].as_str()), (Some(exit), Some(code)), "{error}");
    assert!(!error["remedy"].as_str().unwrap().is_empty() && !error["message"].as_str().unwrap().contains('\n'));
}

/// The public file of a relay that runs nowhere: of another witness.
fn witness(world: &World, programs: &Programs, called: &str) -> PathBuf {
    let folder = world.folder().join(called);
    let init = ["init", "--data", &name(&folder), "--address", &format!("{called}.invalid:4433")];
    programs.run(Program::Relay, &init).unwrap().done().unwrap();
    folder.join("relay.pub")
}

fn verify(programs: &Programs, bundle: &Path, more: &[&str]) -> Answer {
    let bundle = name(bundle);
    let mut arguments = vec!["--json", "evidence", "verify", &bundle];
    arguments.extend(more);
    programs.run(Program::Safeconduct, &arguments).unwrap()
}

fn pair(world: &World) -> (Node, Node, Sample) {
    let sample = cast::sample("01").unwrap();
    let agencies: [Agency; 2] = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    (from, to, sample)
}

#[test]
fn new_keys_and_a_new_witness_come_into_force_without_a_person_at_any_node_and_everything_goes_on() {
    let programs = Programs::find().unwrap();
    let mut world = World::found(Plan::default()).unwrap();
    let (mut from, to, sample) = pair(&world);
    let (first, referral) = send(&from, &sample, &world, to.agency.id);
    to.receives(&referral, STEP_SECONDS).unwrap();
    from.reaches(&first, Stage::Delivered, STEP_SECONDS).unwrap();
    let before = world.files().join("before.json");
    from.done(&["evidence", "export", &first, "--out", &name(&before)]).unwrap();
    let old = fingerprint(&world);
    let late = cast::by_id("xa.mens-safe-house").unwrap();
    let code_of_before = world.authority.invite(&late, 7).unwrap().code;
    let (ours, other) = (world.relay.folder().join("relay.pub"), witness(&world, &programs, "second-witness"));

    // One node is away while it happens.
    from.stop().unwrap();
    let rotate = ["root", "rotate", "--new-log-key", "--new-registrar-key", "--new-timestamp-key", "--witness"];
    let witnesses = [&name(&ours), "--witness", &name(&other), "--quorum", "1"];
    let unconfirmed = world.authority.run(&[&rotate[..], &witnesses[..]].concat()).unwrap();
    refused(&unconfirmed, 2, "not-confirmed");
    assert_eq!(fingerprint(&world), old, "nothing has changed yet");
    let data = world.authority.done(&[&rotate[..], &witnesses[..], &["--yes"]].concat()).unwrap();
    let new = text(&data, "fingerprint").unwrap().to_owned();
    assert_eq!((data["version"].as_u64(), fingerprint(&world)), (Some(2), new.clone()));
    assert_ne!(old, new);

    levelled(&world, &to);
    from.start().unwrap();
    from.connected().unwrap();
    levelled(&world, &from);
    let (again, referral) = send(&from, &sample, &world, to.agency.id);
    to.receives(&referral, STEP_SECONDS).unwrap();
    from.reaches(&again, Stage::Delivered, STEP_SECONDS).unwrap();
    for node in [&from, &to] {
        let alarms = node.done(&["status"]).unwrap()["alarms"].clone();
        assert_eq!(alarms.as_array().map(Vec::len), Some(0), "{alarms}");
    }

    // The relay starts again with the root file that its operator has had from the beginning.
    world.relay.stop().unwrap();
    world.relay.start().unwrap();
    let mut newcomer = world.new_node(late).unwrap();
    let words = newcomer.ask(&code_of_before).unwrap();
    world.authority.approve(late.id, &words).unwrap();
    newcomer.start().unwrap();
    newcomer.connected().unwrap();
    levelled(&world, &from);
    newcomer.done(&["ping", to.agency.id, "--wait-seconds", "60"]).unwrap();
    // And one whose invitation was made after.
    let another = world.enrol(cast::by_id("xa.workers-welcome").unwrap()).unwrap();
    another.done(&["ping", to.agency.id, "--wait-seconds", "60"]).unwrap();

    // Evidence of before holds under the newest root file, and what is exported now under either fingerprint.
    let root = world.files().join("newest.scr");
    world.authority.export_root(&root).unwrap();
    assert_eq!(verify(&programs, &before, &["--root", &name(&root)]).code, Some(0));
    assert_eq!(verify(&programs, &before, &["--fingerprint", &old]).code, Some(0));
    refused(&verify(&programs, &before, &["--fingerprint", &new]), 1, "other-authority");
    let after = world.files().join("after.json");
    from.done(&["evidence", "export", &first, "--out", &name(&after)]).unwrap();
    for known in [&old, &new] {
        assert_eq!(verify(&programs, &after, &["--fingerprint", known]).code, Some(0));
    }

    // Anybody audits the whole log with the newest root file, and is told when it is an older one.
    let log = world.files().join("log.scl");
    world.authority.done(&["export-log", "--out", &name(&log)]).unwrap();
    let audit = |root: &Path| {
        programs.run(Program::Admin, &["--json", "audit", "--log", &name(&log), "--root", &name(root)]).unwrap()
    };
    assert_eq!(audit(&root).code, Some(0));
    refused(&audit(&world.relay.folder().join("root.scr")), 5, "log-refused");
}

#[test]
fn holders_on_other_machines_sign_a_proposal_one_after_the_other_and_every_wrong_step_has_its_words() {
    let programs = Programs::find().unwrap();
    let world = World::found(Plan::default()).unwrap();
    let (from, to, sample) = pair(&world);
    let safes = [1, 2, 3].map(|number| {
        let safe = world.folder().join(format!("safe-{number}"));
        std::fs::create_dir_all(&safe).unwrap();
        let key = format!("root-{number}.key");
        std::fs::rename(world.authority.folder().join("keys").join(&key), safe.join(&key)).unwrap();
        safe.join(key)
    });
    let passphrase = name(world.authority.passphrase_file());
    let sign = |file: &Path, key: &Path, more: &[&str]| {
        let (file, key) = (name(file), name(key));
        let mut arguments = vec!["--json", "--passphrase-file", &passphrase, "root", "sign", &file, "--key", &key];
        arguments.extend(more);
        programs.run(Program::Admin, &arguments).unwrap()
    };
    let rotate = |file: &Path| world.authority.run(&["root", "rotate", &name(file), "--yes"]).unwrap();

    refused(&world.authority.run(&["root", "rotate", "--yes"]).unwrap(), 3, "root-keys-elsewhere");
    let proposal = world.files().join("next.scr");
    let propose = ["root", "propose", "--out", &name(&proposal), "--new-log-key", "--new-root-key", "2"];
    let data = world.authority.done(&propose).unwrap();
    assert_eq!((data["signed_by_old"].as_u64(), data["needed_of_new"].as_u64()), (Some(0), Some(2)));
    refused(&rotate(&proposal), 1, "root-refused");
    refused(&sign(&proposal, &safes[0], &[]), 2, "not-confirmed");
    let data = sign(&proposal, &safes[0], &["--yes"]).data().unwrap();
    assert_eq!((data["signed_by_old"].as_u64(), data["signed_by_new"].as_u64()), (Some(1), Some(1)));
    // The holder whose key is replaced still signs for the version in force, and the new key for the new one.
    let data = sign(&proposal, &safes[1], &["--yes"]).data().unwrap();
    assert_eq!((data["signed_by_old"].as_u64(), data["signed_by_new"].as_u64()), (Some(2), Some(1)));
    refused(&rotate(&proposal), 1, "root-refused");
    let replaced = world.authority.folder().join("keys/root-2-v2.key");
    let data = sign(&proposal, &replaced, &["--yes"]).data().unwrap();
    assert_eq!((data["signed_by_old"].as_u64(), data["signed_by_new"].as_u64()), (Some(2), Some(2)));
    let mut bent = std::fs::read(&proposal).unwrap();
    bent[2_000] ^= 1;
    let other = world.files().join("bent.scr");
    std::fs::write(&other, bent).unwrap();
    refused(&rotate(&other), 1, "proposal-refused");

    let done = rotate(&proposal).data().unwrap();

    assert_eq!(done["fingerprint"].as_str(), Some(fingerprint(&world).as_str()));
    refused(&rotate(&proposal), 1, "other-proposal");
    levelled(&world, &from);
    levelled(&world, &to);
    let (message, referral) = send(&from, &sample, &world, to.agency.id);
    to.receives(&referral, STEP_SECONDS).unwrap();
    from.reaches(&message, Stage::Delivered, STEP_SECONDS).unwrap();
    // The replaced holder's key signs nothing any more.
    world.authority.done(&["root", "propose", "--out", &name(&proposal), "--new-timestamp-key"]).unwrap();
    refused(&sign(&proposal, &safes[1], &["--yes"]), 1, "not-a-holder");
    let audit = world.authority.done(&["audit"]).unwrap().to_string();
    assert!(audit.contains("root-propose") && audit.contains("root-rotate"), "{audit}");
}
