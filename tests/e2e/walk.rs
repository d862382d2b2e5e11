//! One long walk through what befalls an agency in some years: it enrols, renews its key, its machine is stolen and its
//! registration revoked, it comes back, and its partner loses a laptop. Nothing is lost, and nothing is seen twice.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::{Path, PathBuf};

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::seed::Seeded;
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 240;

struct Walk {
    world: World,
    sample: Sample,
    random: Seeded,
}

/// A referral on its way: its own id, and its message's.
struct Sent {
    referral: String,
    message: String,
}

impl Walk {
    fn send(&mut self, from: &Node, to: &Node) -> Sent {
        let sample = self.sample.renamed(self.random.uuid());
        let file = sample.write_into(&self.world.files()).unwrap();
        Sent { message: from.send(&file, to.agency.id).unwrap(), referral: sample.referral_id().to_owned() }
    }

    /// Sends one, and sees it arrive and its receipt come back.
    fn deliver(&mut self, from: &Node, to: &Node) -> Sent {
        let sent = self.send(from, to);
        to.receives(&sent.referral, STEP_SECONDS).unwrap();
        from.reaches(&sent.message, Stage::Delivered, STEP_SECONDS).unwrap();
        sent
    }

    fn file(&self, name: &str) -> PathBuf {
        self.world.folder().join(name)
    }

    /// The node renews its identity key; its operator and the administrator compare the words.
    fn renew_key(&self, node: &Node) {
        let words = node.done(&["key", "rotate"]).unwrap()["change"]["words"].clone();
        let words: Vec<&str> = words.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        wait::until("the authority to see the request", STEP_SECONDS, || {
            let data = self.world.authority.done(&["requests"])?;
            let waits = data["changes"].as_array().is_some_and(|changes| !changes.is_empty());
            Ok(if waits { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
        })
        .unwrap();
        self.world.authority.done(&["approve", node.agency.id, "--words", &words.join(" ")]).unwrap();
        shows(node, &["key", "status"], "its new key in force", |data| data["change"].is_null());
    }

    /// Verifies offline, as a stranger would.
    fn evidence_holds(&self, node: &Node, sent: &Sent) {
        let out = text(&self.world.files().join(format!("{}.json", sent.message)));
        node.done(&["evidence", "export", &sent.message, "--out", &out]).unwrap();
        let verified =
            Programs::find().unwrap().run(Program::Safeconduct, &["--json", "evidence", "verify", &out]).unwrap();
        assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Waits until a command of a node shows it.
fn shows(node: &Node, command: &[&str], what: &str, seen: impl Fn(&Value) -> bool) -> Value {
    wait::until(&format!("{} to show {what}", node.agency.id), STEP_SECONDS, || {
        let data = node.done(command)?;
        Ok(if seen(&data) { Look::Seen(data) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap()
}

fn shown(node: &Node) -> Vec<String> {
    let mut all: Vec<String> = node.inbox().unwrap().into_iter().map(|message| message.referral_id).collect();
    all.sort();
    all
}

#[test]
fn from_enrolment_over_a_renewed_and_a_stolen_key_to_a_lost_laptop_nothing_is_lost_and_nothing_comes_twice() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let mut walk = Walk { world, sample, random: Seeded::from_env("SAFECONDUCT_SEED") };
    let (shelter, police) = (cast::by_id(walk.sample.from()).unwrap(), cast::by_id(walk.sample.to()).unwrap());
    let mut nodes = walk.world.enrol_all(&[shelter, police]).unwrap();
    let (mut to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let first = walk.deliver(&from, &to);

    walk.renew_key(&from);
    let second = walk.deliver(&from, &to);

    // The machine is stolen and runs on in other hands; the authority revokes it while the recipient is away.
    to.stop().unwrap();
    let false_one = walk.send(&from, &to);
    from.reaches(&false_one.message, Stage::RelayAccepted, STEP_SECONDS).unwrap();
    walk.world.authority.done(&["revoke", shelter.id, "--yes"]).unwrap();
    shows(&from, &["status"], "that it was cut", |data| data["relay"]["reason"] == "revoked");
    to.start().unwrap();
    shows(&to, &["status"], "that it put the message aside", |data| data["quarantined"] == 1);
    let mut expected = vec![first.referral.clone(), second.referral.clone()];
    expected.sort();
    assert_eq!(shown(&to), expected, "nothing of a revoked key is shown");
    for sent in [&first, &second] {
        walk.evidence_holds(&to, sent);
    }
    drop(from);

    // The agency comes back with a node of its own, and its partner needs to do nothing.
    let mut from = walk.world.new_node_in(shelter, &walk.file("anew")).unwrap();
    let invitation = walk.world.authority.invite(&shelter, 7).unwrap();
    let words = from.ask(&invitation.code).unwrap();
    walk.world.authority.approve(shelter.id, &words).unwrap();
    from.start().unwrap();
    from.connected().unwrap();
    let third = walk.deliver(&from, &to);
    let backup = text(&walk.file("of-the-evening.scbackup"));
    to.done(&["backup", "--out", &backup]).unwrap();
    let lost = walk.deliver(&from, &to);

    to.kill().unwrap();
    std::fs::remove_dir_all(to.data()).unwrap();
    let waiting = walk.send(&from, &to);
    to.move_to(walk.file("another-machine")).unwrap();
    assert_eq!(to.done(&["restore", &backup]).unwrap()["epoch"], 2);
    to.start().unwrap();
    to.connected().unwrap();
    from.reaches(&waiting.message, Stage::Delivered, STEP_SECONDS).unwrap();
    shows(&from, &["status"], "the restore", |data| data["restores"][0]["messages"][0]["message_id"] == lost.message);
    let unasked = from.run(&["resend", police.id]).unwrap();
    assert_eq!((unasked.code, &unasked.error().unwrap()["code"]), (Some(1), &Value::from("not-confirmed")));
    from.done(&["resend", police.id, "--yes"]).unwrap();
    from.reaches(&lost.message, Stage::Delivered, STEP_SECONDS).unwrap();
    to.receives(&lost.referral, STEP_SECONDS).unwrap();

    let last = walk.deliver(&from, &to);
    let mut expected: Vec<String> =
        [first, second, third, lost, waiting, last].into_iter().map(|sent| sent.referral).collect();
    expected.sort();
    assert_eq!(shown(&to), expected, "everything once, nothing twice");
}
