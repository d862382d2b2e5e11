//! What an operator does to a relay that runs: usage, verify, backup, restore, maintenance.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a step that fails is a test that fails")]

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};

/// Longest time for one referral, in seconds.
const WAY_SECONDS: u64 = 120;

/// A world with the two agencies of a sample; the recipient's node is off.
fn setting() -> (World, Node, Node, Sample) {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let (from, to) = (cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap());
    let mut nodes = world.enrol_all(&[from, to]).unwrap();
    let (mut to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    // Nobody can write to a node that is off before it has published its keys.
    wait::until("its keys to be at the relay", WAY_SECONDS, || {
        let log = std::fs::read_to_string(to.log()).unwrap_or_default();
        Ok(if log.contains("stock=200") { Look::Seen(()) } else { Look::NotYet(log) })
    })
    .unwrap();
    to.stop().unwrap();
    (world, from, to, sample)
}

fn segment(relay: &Path) -> PathBuf {
    relay.join("segments").join("00000001.seg")
}

/// Where the last envelope for a mailbox lies in the first segment: `docs/STORAGE.md` has the bytes.
fn last_envelope(segment: &Path) -> usize {
    let bytes = std::fs::read(segment).unwrap();
    let (mut at, mut found) = (24, 0);
    while bytes.get(at..at + 4) == Some(b"SCRJ") {
        if bytes[at + 32] == 1 {
            found = at;
        }
        at += 96 + u32::from_be_bytes(bytes[at + 36..at + 40].try_into().unwrap()) as usize;
    }
    found
}

/// Trap 75.
#[test]
fn what_a_relay_holds_is_looked_at_copied_and_restored_and_damage_is_named_beside_the_service() {
    let (mut world, from, mut to, sample) = setting();
    let file = sample.write_into(&world.files()).unwrap();
    let message_id = from.send(&file, to.agency.id).unwrap();
    from.reaches(&message_id, Stage::RelayAccepted, WAY_SECONDS).unwrap();

    let usage = world.relay.operate("usage", &[]).unwrap().data().unwrap();
    assert_eq!(usage["envelopes"], 1);
    let verified = world.relay.operate("verify", &[]).unwrap().data().unwrap();
    assert!(verified["items"].as_u64().unwrap() >= 1 && verified["damage"].as_array().unwrap().is_empty());
    let backup = world.folder().join("backup");
    let to_backup = backup.to_string_lossy().into_owned();
    let copied = world.relay.operate("backup", &["--to", &to_backup]).unwrap().data().unwrap();
    assert_eq!((&copied["damaged"], &copied["items"]), (&0.into(), &verified["items"]));

    let segment = segment(world.relay.folder());
    let place = last_envelope(&segment) as u64 + 96 + 5_000;
    let damaged = OpenOptions::new().read(true).write(true).open(&segment).unwrap();
    let mut byte = [0];
    damaged.read_exact_at(&mut byte, place).unwrap();
    damaged.write_all_at(&[byte[0] ^ 1], place).unwrap();
    let answer = world.relay.operate("verify", &[]).unwrap();
    assert_eq!(answer.code, Some(5), "{answer:?}");
    let error = answer.error().unwrap();
    assert_eq!((&error["code"], error["damage"].as_array().unwrap().len()), (&"damage".into(), 1));
    assert_eq!(error["damage"][0]["place"].as_str().unwrap().len(), 32, "the mailbox is named");
    assert!(world.relay.get("/health").unwrap().starts_with("HTTP/1.1 200"), "the service goes on");

    // Another machine: the keys, and the backup.
    world.relay.stop().unwrap();
    let away = world.folder().join("away");
    std::fs::create_dir(&away).unwrap();
    let taken = world.relay.operate("restore", &["--from", &to_backup]).unwrap();
    assert_eq!((taken.code, &taken.error().unwrap()["code"]), (Some(1), &"backup".into()), "a store is there");
    for entry in std::fs::read_dir(world.relay.folder()).unwrap() {
        let name = entry.unwrap().file_name();
        let text = name.to_string_lossy().into_owned();
        if text == "segments" || text.starts_with("relay.db") || text.starts_with("index.db") {
            std::fs::rename(world.relay.folder().join(&name), away.join(&name)).unwrap();
        }
    }
    world.relay.operate("restore", &["--from", &to_backup]).unwrap().done().unwrap();
    let offline = world.relay.operate("verify", &[]).unwrap().data().unwrap();
    assert_eq!(offline["items"], copied["items"]);
    world.relay.start().unwrap();
    to.start().unwrap();

    to.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    from.reaches(&message_id, Stage::Delivered, WAY_SECONDS).unwrap();
}

/// Waits until the relay holds so many envelopes.
fn holds(world: &World, wanted: u64) {
    wait::until("the relay to hold them", WAY_SECONDS, || {
        let held = world.relay.operate("usage", &[])?.data()?["envelopes"].as_u64();
        Ok(if held == Some(wanted) { Look::Seen(()) } else { Look::NotYet(format!("{held:?}")) })
    })
    .unwrap();
}

#[test]
fn in_maintenance_nothing_is_taken_in_the_sender_is_told_and_what_is_held_is_delivered() {
    let (mut world, from, mut to, sample) = setting();
    from.run(&["ping", to.agency.id, "--wait-seconds", "1"]).unwrap();
    holds(&world, 1);

    world.relay.operate("maintenance", &["on"]).unwrap().done().unwrap();
    assert!(world.relay.get("/health").unwrap().contains("\"maintenance\""));
    let message_id = from.send(&sample.write_into(&world.files()).unwrap(), to.agency.id).unwrap();
    wait::until("the refusal to be told", WAY_SECONDS, || {
        let status = from.done(&["status"])?.to_string();
        Ok(if status.contains("relay-in-maintenance") { Look::Seen(()) } else { Look::NotYet(status) })
    })
    .unwrap();
    to.start().unwrap();
    holds(&world, 0);
    world.relay.operate("maintenance", &["off"]).unwrap().done().unwrap();

    from.reaches(&message_id, Stage::Delivered, WAY_SECONDS).unwrap();
    world.relay.stop().unwrap();
    let nobody = world.relay.operate("maintenance", &["on"]).unwrap();
    assert_eq!(nobody.error().unwrap()["code"], "relay-not-running");
}
