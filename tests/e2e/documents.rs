//! Documents from node to node, through a relay: attached to a referral by one caseworker and saved by another; and one of 100 MiB, cut
//! again and again by kills, in little memory at all three.
//!
//! A referral lists documents of 25 MiB at most; so of the large one the two notes that attaching it and its post would make are made here,
//! in the vaults of nodes that do not run. Everything else are the real programs.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a step that fails is a test that fails")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use safeconduct_certs::system::SystemEntropy;
use safeconduct_client::daemon;
use safeconduct_client::documents::{self, About, Enclosed, Gauge, Handle, Metadata, State};
use safeconduct_client::registry::RelayRef;
use safeconduct_protocol::id::{NodeId, RelayId};
use safeconduct_tests::cast;
use safeconduct_tests::document::{self, Memory};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};

const SECONDS: u64 = 300;
const MIB: u64 = 1024 * 1024;
/// What a process may grow by while a document passes through it (PEERS 25).
const GROWTH_MAX_BYTES: u64 = 32 * MIB;
/// Kills of a program in each direction.
const KILLS: u64 = 3;

/// The vault of a node that does not run.
fn opened(node: &Node) -> daemon::Node {
    let passphrase = fs::read_to_string(node.passphrase_file()).unwrap().trim_end().to_owned().into();
    daemon::Node::open(node.data(), &passphrase).unwrap()
}

fn own_id(node: &Node) -> NodeId {
    opened(node).credentials().unwrap().0
}

fn about(partner: NodeId, relay: RelayRef, sha256: [u8; 32]) -> About<'static> {
    let sha256 = Some(sha256);
    About { partner, referral: [9; 16], post: [3; 16], section: "medical", title: "statement", sha256, relay }
}

/// Seals a document for the recipient, and notes it: what is done when a caseworker attaches it. Gives what the post would say.
fn attach(from: &Node, to: NodeId, path: &Path) -> (Handle, String, [u8; 32]) {
    let mut vault = opened(from);
    let (recipient, relay) = vault.document_recipient(to, [3; 16], 0, [4; 16]).unwrap();
    let mut file = File::open(path).unwrap();
    let facts = documents::facts(&mut file, path, Metadata::Removed, &Gauge::default()).unwrap();
    let sealed =
        documents::seal(from.data(), &mut file, &facts, &recipient, &mut SystemEntropy, &Gauge::default()).unwrap();
    let handle = vault.note_document(&sealed, &about(to, relay, facts.sha256)).unwrap();
    (handle, sealed.enclosed.to_json().to_string(), facts.sha256)
}

/// Bytes of all files below a folder whose names have this ending, or any.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    entries.flatten().fold(0, |sum, entry| {
        let bytes = if entry.path().is_dir() {
            bytes_below(&entry.path())
        } else {
            entry.metadata().map_or(0, |file| file.len())
        };
        sum + bytes
    })
}

fn waits_for_bytes(folder: &Path, bytes: u64) {
    wait::until("a part of the document to be there", SECONDS, || {
        let found = bytes_below(folder);
        Ok(if found >= bytes { Look::Seen(()) } else { Look::NotYet(format!("{found} of {bytes} bytes")) })
    })
    .unwrap();
}

fn state(node: &Node, handle: Handle) -> State {
    opened(node).document(handle).unwrap().state
}

fn waits_for_log(node: &Node, line: &str) {
    wait::until("a transfer to be over", SECONDS, || {
        let log = fs::read_to_string(node.log()).unwrap_or_default();
        let seen = log
            .lines()
            .any(|found| found.contains("document-transfer") && found.contains(line) && found.contains("done"));
        Ok(if seen { Look::Seen(()) } else { Look::NotYet(log.lines().last().unwrap_or_default().to_owned()) })
    })
    .unwrap();
}

/// The documents of a referral, as a node lists them.
fn listed(node: &Node, referral: &str) -> Vec<serde_json::Value> {
    node.done(&["document", "list", referral]).unwrap()["documents"].as_array().unwrap().clone()
}

#[test]
fn a_document_that_a_referral_lists_is_attached_told_fetched_and_saved() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("03").unwrap();
    let (from, to) = (cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap());
    let mut nodes = world.enrol_all(&[from, to]).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let folder = world.files();
    let path = sample.write_into(&folder).unwrap();
    let document = folder.join("timesheets.pdf");
    let content = [&b"%PDF-1.7\n"[..], &b"CANARY in a timesheet\n".repeat(90_000)].concat();
    fs::write(&document, &content).unwrap();
    let text = |path: &Path| path.to_string_lossy().into_owned();

    // The referral lists the very file.
    let facts = from.done(&["document", "describe", &text(&document)]).unwrap();
    let mut referral: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let listed_one = &mut referral["case_file"]["attachments"][0];
    for member in ["media_type", "size_bytes", "sha256"] {
        listed_one[member] = facts[member].clone();
    }
    let attachment = listed_one["attachment_id"].as_str().unwrap().to_owned();
    fs::write(&path, referral.to_string()).unwrap();
    let id = referral["header"]["referral_id"].as_str().unwrap().to_owned();
    let message = from.send(&path, to.agency.id).unwrap();
    from.reaches(&message, Stage::Delivered, SECONDS).unwrap();

    let other = folder.join("other.pdf");
    fs::write(&other, b"%PDF-1.7 another").unwrap();
    let refused = from.run(&["document", "attach", &id, &attachment, &text(&other)]).unwrap();
    assert_eq!((refused.code, refused.error().unwrap()["code"].as_str()), (Some(1), Some("document-unlisted")));
    let attached = from.done(&["document", "attach", &id, &attachment, &text(&document)]).unwrap();
    assert_eq!(attached["state"], "waiting");
    let watched = from.done(&["document", "watch", attached["id"].as_str().unwrap()]).unwrap();
    assert_eq!((&watched["state"], &watched["done_bytes"]), (&"stored".into(), &watched["size_bytes"]));
    let here = document::waits_for_state(&to, &id, "held", SECONDS).unwrap();
    let watched = to.say(&["document", "watch", &here]).unwrap().done().unwrap();
    assert!(watched.stdout.contains("here, and whole") && watched.stdout.contains("100 %"), "{}", watched.stdout);

    let out = folder.join("saved.pdf");
    to.done(&["document", "save", &here, "--out", &text(&out)]).unwrap();
    assert!(fs::read(&out).unwrap() == content);
    let again = to.run(&["document", "save", &here, "--out", &text(&out)]).unwrap();
    assert_eq!(again.error().unwrap()["code"], "file-exists");
    assert_eq!(listed(&from, &id).len(), 1, "what was refused is not among them");
    wait::until("the relay's copy to be gone", SECONDS, || {
        let left = bytes_below(&world.relay.folder().join("blobs"));
        Ok(if left == 0 { Look::Seen(()) } else { Look::NotYet(format!("{left} bytes")) })
    })
    .unwrap();
    for folder in [from.data(), to.data(), world.relay.folder()] {
        assert!(!canary_below(folder), "the document lies open in {}", folder.display());
    }
}

/// Whether the document's own words stand in any file below a folder.
fn canary_below(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return canary_below(&path);
        }
        fs::read(&path).is_ok_and(|bytes| bytes.windows(21).any(|window| window == b"CANARY in a timesheet"))
    })
}

#[test]
fn a_document_of_100_mib_passes_in_little_memory_through_kills_and_comes_out_whole() {
    let world = World::found(Plan::default()).unwrap();
    let agencies = [cast::by_id("xa.harbour-house").unwrap(), cast::by_id("xa.workers-welcome").unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (mut to, mut from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    for node in [&mut from, &mut to] {
        node.connected().unwrap();
        node.stop().unwrap();
    }
    let (sender, recipient) = (own_id(&from), own_id(&to));
    let path = document::write(&world.files(), 100 * MIB).unwrap();
    let (handle, told, sha256) = attach(&from, recipient, &path);
    let relay = Memory::of(world.relay.id().unwrap()).unwrap();

    // Put: killed at an eighth, and two eighths, and three; what is left is more than half.
    let at_relay = world.relay.folder().join("blobs");
    for kill in 1..=KILLS {
        from.start().unwrap();
        waits_for_bytes(&at_relay, kill * 100 * MIB / 8);
        from.kill().unwrap();
    }
    from.start().unwrap();
    let memory = Memory::of(from.id().unwrap()).unwrap();
    waits_for_log(&from, "Put");
    let from_grew = memory.grew_by().unwrap();
    from.stop().unwrap();
    assert_eq!(state(&from, handle), State::Stored);

    // The post comes; fetched in the same way.
    let taken = {
        let enclosed = Enclosed::from_json(told.as_bytes()).unwrap();
        opened(&to).take_document(&enclosed, &about(sender, RelayRef::own(RelayId(0)), sha256)).unwrap()
    };
    let here = to.data().join("blobs");
    for kill in 1..=KILLS {
        to.start().unwrap();
        waits_for_bytes(&here, kill * 100 * MIB / 8);
        to.kill().unwrap();
    }
    to.start().unwrap();
    let memory = Memory::of(to.id().unwrap()).unwrap();
    // The last step: the relay keeps it no more.
    waits_for_log(&to, "Discard");
    let (to_grew, relay_grew) = (memory.grew_by().unwrap(), relay.grew_by().unwrap());
    to.stop().unwrap();
    assert_eq!(bytes_below(&at_relay), 0, "the relay's copy is gone");

    let mut vault = opened(&to);
    assert_eq!(vault.document(taken).unwrap().state, State::Held);
    let out = world.files().join("out.txt");
    documents::save(to.data(), &vault.document_opening(taken).unwrap(), &out, &mut SystemEntropy, &Gauge::default())
        .unwrap();
    assert!(vault.documents_due(None, 9).unwrap().is_empty());
    let (sent, came) = (fs::read(&path).unwrap(), fs::read(&out).unwrap());
    assert!(sent == came, "it comes out as it went in");

    let line = format!(
        "\nmemory grew by, in KiB: sender {}, relay {}, recipient {}\n",
        from_grew / 1024,
        relay_grew / 1024,
        to_grew / 1024
    );
    std::io::stdout().write_all(line.as_bytes()).unwrap();
    for grew in [from_grew, relay_grew, to_grew] {
        assert!(grew < GROWTH_MAX_BYTES, "{line}");
    }
}
