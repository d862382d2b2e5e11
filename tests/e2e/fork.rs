//! Two histories under one log key: one exchanged message leaves the proof at both nodes, and a stranger confirms it.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::{Path, PathBuf};

use safeconduct_tests::cast;
use safeconduct_tests::program::{Program, Programs, text};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Authority, Node, Plan, Relay, Stage, World};

const WAY_SECONDS: u64 = 120;

/// The desk's files of a relay: prekeys and registry. Envelopes and slots lie elsewhere.
const DESK: [&str; 3] = ["relay.db", "relay.db-wal", "relay.db-shm"];
/// What the relay remembers as a witness.
const MEMORY: &str = "witness.json";

/// Whether a relay only loses its registry, or lies as a witness, too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relays {
    Forgetful,
    Lying,
}

/// What a relay that shows one registry to some and another to others does, one after the other: keeps the registry that it
/// shows in `aside`, and takes that of `from`.
fn swap_registry(relay: &mut Relay, aside: &Path, from: Option<&Path>, relays: Relays) {
    relay.stop().unwrap();
    std::fs::create_dir_all(aside).unwrap();
    let names: Vec<&str> = DESK.into_iter().chain((relays == Relays::Lying).then_some(MEMORY)).collect();
    for name in names.iter().copied() {
        let here = relay.folder().join(name);
        if here.exists() {
            std::fs::copy(&here, aside.join(name)).unwrap();
        }
    }
    if let Some(from) = from {
        for name in names {
            let here = relay.folder().join(name);
            if here.exists() {
                std::fs::remove_file(&here).unwrap();
            }
            if from.join(name).exists() {
                std::fs::copy(from.join(name), &here).unwrap();
            }
        }
    }
    relay.start().unwrap();
}

/// Writes an entry of its own into a copy of the log.
fn grow(world: &World, authority: &Authority, name: &str) {
    let folder = world.folder().join(name);
    let data = folder.to_string_lossy().into_owned();
    let programs = Programs::find().unwrap();
    let address = format!("{name}.invalid:4433");
    programs.run(Program::Relay, &["init", "--data", &data, "--address", &address]).unwrap().done().unwrap();
    authority.add_relay(folder.join("relay.pub")).unwrap();
}

/// Publishes: to the one relay that there is, and to the new one, which is nowhere.
fn publish(authority: &Authority) -> String {
    let answer = authority.run(&["publish"]).unwrap();
    answer.error().unwrap()["code"].as_str().unwrap().to_owned()
}

fn proof_of(node: &Node) -> PathBuf {
    wait::until("the proof file", WAY_SECONDS, || {
        let mut files = std::fs::read_dir(node.data()).unwrap().map(|entry| entry.unwrap().path());
        let found = files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with("fork-proof-"));
        Ok(found.map_or_else(|| Look::NotYet("none yet".to_owned()), Look::Seen))
    })
    .unwrap()
}

fn assert_alarmed(node: &Node, world: &World) {
    let file = proof_of(node);
    let status = node.done(&["status"]).unwrap();
    let alarms: Vec<&str> = status["alarms"].as_array().unwrap().iter().filter_map(|alarm| alarm.as_str()).collect();
    let named = file.display().to_string();
    assert!(
        alarms.iter().any(|alarm| alarm.contains("two different registries") && alarm.contains(&named)),
        "{alarms:?}"
    );
    let doctor = node.run(&["doctor"]).unwrap();
    assert_eq!(doctor.code, Some(3), "{}", doctor.stdout);
    assert!(doctor.stdout.contains("two different registries"), "{}", doctor.stdout);

    let out = world.files().join(format!("proof-{}.json", node.agency.id));
    node.done(&["registry", "proof", "--out", &out.to_string_lossy()]).unwrap();
    assert_eq!(std::fs::read(&out).unwrap(), std::fs::read(&file).unwrap());
    let (right, wrong) = (fingerprint(world), "0".repeat(25));
    for arguments in [vec![], vec!["--fingerprint", right.as_str()]] {
        let answer = audit(&out, &arguments);
        assert_eq!(answer.code, Some(0), "{}{}", answer.stdout, answer.stderr);
        assert_eq!(answer.data().unwrap()["fingerprint"], right.as_str());
    }
    let other = audit(&out, &["--fingerprint", &wrong]);
    assert_eq!((other.code, other.error().unwrap()["code"].as_str()), (Some(1), Some("proof-invalid")));
    let bent = std::fs::read_to_string(&out).unwrap().replacen("smaller", "smeller", 1);
    std::fs::write(&out, bent).unwrap();
    let refused = audit(&out, &[]);
    assert_eq!((refused.code, refused.error().unwrap()["code"].as_str()), (Some(1), Some("not-a-proof")));
}

/// As on a machine that knows neither side: no authority, no passphrase, no network.
fn audit(file: &Path, more: &[&str]) -> safeconduct_tests::program::Answer {
    let file = file.to_string_lossy().into_owned();
    let mut arguments = vec!["--json", "audit", "--proof", &file];
    arguments.extend(more);
    Programs::find().unwrap().run(Program::Admin, &arguments).unwrap()
}

fn fingerprint(world: &World) -> String {
    text(&world.authority.done(&["status"]).unwrap(), "fingerprint").unwrap().to_owned()
}

/// Trap 37.
#[test]
fn a_forked_log_shown_to_two_nodes_is_proven_at_both_after_one_message() {
    let mut world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (mut to, mut from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    to.holds(3, WAY_SECONDS).unwrap();
    to.stop().unwrap();
    from.stop().unwrap();
    let forger = world.authority.copied("authority-again").unwrap();
    let asides: Vec<PathBuf> = ["before", "first", "second"].map(|name| world.folder().join(name)).into();
    swap_registry(&mut world.relay, &asides[0], None, Relays::Lying);

    // The sender is shown one history …
    grow(&world, &world.authority, "relay-of-one");
    assert_eq!(publish(&world.authority), "relay-unreachable");
    from.start().unwrap();
    from.holds(4, WAY_SECONDS).unwrap();
    let file = sample.write_into(&world.files()).unwrap();
    let message = from.send(&file, to.agency.id).unwrap();
    from.reaches(&message, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    from.stop().unwrap();

    // … and the recipient another, of the same size.
    swap_registry(&mut world.relay, &asides[1], Some(&asides[0]), Relays::Lying);
    grow(&world, &forger, "relay-of-another");
    assert_eq!(publish(&forger), "relay-unreachable");
    to.start().unwrap();
    to.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    assert_alarmed(&to, &world);
    // The registry is frozen at who has a proof; messages and receipts go on.
    swap_registry(&mut world.relay, &asides[2], Some(&asides[1]), Relays::Lying);
    from.start().unwrap();
    from.reaches(&message, Stage::Delivered, WAY_SECONDS).unwrap();
    assert_alarmed(&from, &world);
}

#[test]
fn a_relay_that_is_a_witness_signs_no_second_history_even_when_it_has_lost_the_first() {
    let mut world = World::found(Plan::default()).unwrap();
    let forger = world.authority.copied("authority-again").unwrap();
    let [before, first] = ["before", "first"].map(|name| world.folder().join(name));
    swap_registry(&mut world.relay, &before, None, Relays::Forgetful);
    grow(&world, &world.authority, "relay-of-one");
    assert_eq!(publish(&world.authority), "relay-unreachable");

    swap_registry(&mut world.relay, &first, Some(&before), Relays::Forgetful);
    grow(&world, &forger, "relay-of-another");

    assert_eq!(publish(&forger), "publish-refused");
    // The history that it has signed it takes again.
    assert_eq!(publish(&world.authority), "relay-unreachable");
    let status = world.authority.done(&["status"]).unwrap();
    assert_eq!(status["witnessed_by"].as_array().unwrap().len(), 1);
    assert!(status["warning"].as_str().unwrap().contains("one witness suffices"));
}
