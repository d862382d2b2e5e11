//! Evidence: exported by the sender, verified offline by anyone, and every change found.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
#![expect(clippy::print_stderr, reason = "a test that fails says its seed")]

use std::path::{Path, PathBuf};

use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::program::{Answer, Program, Programs};
use safeconduct_tests::seed::Seeded;
use safeconduct_tests::world::{Node, Plan, Stage, World};

const WAY_SECONDS: u64 = 120;
/// Bytes that are changed, one at a time, over the whole bundle.
const FLIPS: usize = 150;

struct Delivered {
    world: World,
    sample: Sample,
    from: Node,
    to: Node,
    message_id: String,
}

fn deliver() -> Delivered {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let file = sample.write_into(&world.files()).unwrap();
    let message_id = from.send(&file, to.agency.id).unwrap();
    from.reaches(&message_id, Stage::Delivered, WAY_SECONDS).unwrap();
    Delivered { world, sample, from, to, message_id }
}

/// Verifies as a stranger would: no vault, no relay, no environment.
fn verify(file: &Path) -> Answer {
    Programs::find().unwrap().run(Program::Safeconduct, &["evidence", "verify", &file.to_string_lossy()]).unwrap()
}

fn export(node: &Node, message_id: &str, out: &Path, more: &[&str]) -> PathBuf {
    let out_text = out.to_string_lossy().into_owned();
    let mut arguments = vec!["evidence", "export", message_id, "--out", &out_text];
    arguments.extend(more);
    node.done(&arguments).unwrap();
    out.to_owned()
}

#[test]
fn a_bundle_verifies_without_network_or_vault_and_names_nobody() {
    let mut delivered = deliver();
    let folder = delivered.world.files();
    let bare = export(&delivered.from, &delivered.message_id, &folder.join("bare.json"), &[]);
    let full = export(&delivered.from, &delivered.message_id, &folder.join("full.json"), &["--with-content"]);
    delivered.from.stop().unwrap();
    delivered.to.stop().unwrap();
    delivered.world.relay.stop().unwrap();

    for file in [&bare, &full] {
        let answer = verify(file);
        assert_eq!(answer.code, Some(0), "{}{}", answer.stdout, answer.stderr);
    }

    let canaries = Canaries::new(delivered.sample.confidential());
    let found = canaries.in_bytes(&std::fs::read(&bare).unwrap());
    assert!(found.is_empty(), "without content a bundle holds no personal data: {found:?}");
    assert!(!canaries.in_bytes(&std::fs::read(&full).unwrap()).is_empty(), "with content it does");
}

#[test]
fn every_changed_byte_of_a_bundle_is_found() {
    let delivered = deliver();
    let folder = delivered.world.files();
    let full = export(&delivered.from, &delivered.message_id, &folder.join("full.json"), &["--with-content"]);
    let whole = std::fs::read(&full).unwrap();
    let mut random = Seeded::from_env("SAFECONDUCT_SEED");
    eprintln!("SAFECONDUCT_SEED={}", random.seed());

    for region in 0..FLIPS {
        let (start, end) = (whole.len() * region / FLIPS, whole.len() * (region + 1) / FLIPS);
        let at = start + usize::try_from(random.below((end - start) as u64)).unwrap();
        let mut changed = whole.clone();
        changed[at] = other(whole[at]);
        let file = folder.join("changed.json");
        std::fs::write(&file, &changed).unwrap();
        let answer = verify(&file);
        let same_meaning = whole[at].is_ascii_whitespace() && changed[at].is_ascii_whitespace();
        assert!(
            same_meaning || matches!(answer.code, Some(1 | 5)),
            "byte {at} of {} changed from {:?} to {:?} and still: {}{}",
            whole.len(),
            char::from(whole[at]),
            char::from(changed[at]),
            answer.stdout,
            answer.stderr
        );
    }
    for length in [0, 1, whole.len() / 2, whole.len() - 3] {
        let file = folder.join("torn.json");
        std::fs::write(&file, &whole[..length]).unwrap();
        assert_ne!(verify(&file).code, Some(0), "torn at {length}");
    }
}

/// Another character of the same kind, so that the change is in the meaning, not only in the syntax.
const fn other(byte: u8) -> u8 {
    match byte {
        b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => byte + 1,
        b'9' | b'z' | b'Z' => byte - 1,
        b' ' | b'\n' => byte,
        _ => byte ^ 1,
    }
}

#[test]
fn a_bundle_of_an_undelivered_message_does_not_claim_delivery() {
    let mut delivered = deliver();
    delivered.to.stop().unwrap();
    let again = delivered.sample.renamed("5e1f0000-0000-4000-8000-000000000002".to_owned());
    let file = again.write_into(&delivered.world.files()).unwrap();
    let message_id = delivered.from.send(&file, delivered.to.agency.id).unwrap();
    delivered.from.reaches(&message_id, Stage::RelayAccepted, WAY_SECONDS).unwrap();

    let bundle = export(&delivered.from, &message_id, &delivered.world.files().join("waiting.json"), &[]);

    let answer = verify(&bundle);
    assert!(!answer.stdout.contains("arrived") || answer.stdout.contains("not"), "{}", answer.stdout);
    let text = std::fs::read_to_string(&bundle).unwrap();
    assert!(text.contains("safeconduct.evidence/1"));
}
