//! Changes of a registration while messages are on their way: keys renewed, lost and stolen, suspension, revocation.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::seed::{Seeded, fresh};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

/// Longest time for everything that is on its way to arrive, in seconds.
const WAY_SECONDS: u64 = 240;
/// Messages that wait for the old key.
const WAITING: usize = 100;

struct Theatre {
    world: World,
    from: Node,
    to: Node,
    sample: Sample,
    random: Seeded,
}

impl Theatre {
    fn open() -> Self {
        let world = World::found(Plan::default()).unwrap();
        let sample = cast::sample("01").unwrap();
        let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
        let mut nodes = world.enrol_all(&agencies).unwrap();
        let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
        for node in [&to, &from] {
            shows(node, "its registration", |data| data["registry"]["standing"] == "active");
        }
        Self { world, from, to, sample, random: Seeded::new(fresh()) }
    }

    /// Sends one more referral; its message id and its referral id.
    fn send(&mut self) -> (String, String) {
        let sample = self.sample.renamed(self.random.uuid());
        let file = sample.write_into(&self.world.files()).unwrap();
        (self.from.send(&file, self.to.agency.id).unwrap(), sample.referral_id().to_owned())
    }

    fn admin(&self, arguments: &[&str]) -> Value {
        self.world.authority.done(arguments).unwrap()
    }

    /// The node asks for what this command makes; the authority compares the words and approves.
    fn approve_change_of(&self, node: &Node) -> Value {
        let words = node.done(&["key", "status"]).unwrap()["change"]["words"].clone();
        let words: Vec<&str> = words.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(words.len(), 8);
        wait::until("the authority to see the request", WAY_SECONDS, || {
            let data = self.world.authority.done(&["requests"])?;
            let asks = |change: &Value| change["agency"] == node.agency.id && change["changes"][0] == "identity key";
            let seen = data["changes"].as_array().is_some_and(|changes| changes.iter().any(asks));
            Ok(if seen { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
        })
        .unwrap();
        self.admin(&["approve", node.agency.id, "--words", &words.join(" ")])
    }
}

/// Waits until `status` shows it.
fn shows(node: &Node, what: &str, seen: impl Fn(&Value) -> bool) -> Value {
    wait::until(&format!("{} to show {what}", node.agency.id), WAY_SECONDS, || {
        let data = node.done(&["status"])?;
        Ok(if seen(&data) { Look::Seen(data) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap()
}

fn notices(data: &Value) -> String {
    data["notices"].to_string()
}

/// Waits until no change of the node's keys is under way.
fn in_force(node: &Node) {
    wait::until(&format!("the new keys of {} to be in force", node.agency.id), WAY_SECONDS, || {
        let data = node.done(&["key", "status"])?;
        Ok(if data["change"].is_null() { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap();
}

#[test]
fn a_key_is_renewed_while_a_hundred_messages_wait_for_the_old_one_and_all_open_and_partners_need_do_nothing() {
    let mut theatre = Theatre::open();
    theatre.to.done(&["key", "rotate"]).unwrap();
    // The same command again is the same change.
    let words = |node: &Node| node.done(&["key", "rotate"]).unwrap()["change"]["words"].clone();
    assert_eq!(words(&theatre.to), words(&theatre.to));
    shows(&theatre.to, "that it waits for the authority", |data| notices(data).contains("waits for the authority"));
    theatre.to.stop().unwrap();
    let sent: Vec<(String, String)> = (0..WAITING).map(|_| theatre.send()).collect();
    for (message, _) in &sent {
        theatre.from.reaches(message, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    }
    let status = theatre.to.done(&["key", "status"]).unwrap();
    assert_eq!(status["change"]["words"].as_array().unwrap().len(), 8, "a stop forgets nothing");

    let words: Vec<String> =
        status["change"]["words"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect();
    let approve = ["approve", theatre.to.agency.id, "--words", &words.join(" ")];
    let approved = theatre.admin(&approve);
    assert_eq!(approved["changes"][0], "identity key");
    // Its answer was lost, so the administrator runs it again.
    assert_eq!(theatre.admin(&approve)["node"], approved["node"]);
    theatre.to.start().unwrap();

    for (message, _) in &sent {
        theatre.from.reaches(message, Stage::Delivered, WAY_SECONDS).unwrap();
    }
    in_force(&theatre.to);
    let shown = theatre.to.inbox().unwrap();
    for (_, referral) in &sent {
        assert_eq!(shown.iter().filter(|message| message.referral_id == *referral).count(), 1);
    }
    let (message, referral) = theatre.send();
    theatre.to.receives(&referral, WAY_SECONDS).unwrap();
    theatre.from.reaches(&message, Stage::Delivered, WAY_SECONDS).unwrap();
    let status = theatre.from.done(&["status"]).unwrap();
    assert!(status["alarms"].as_array().unwrap().is_empty(), "{status}");
    let directory = theatre.from.done(&["directory"]).unwrap().to_string();
    assert!(!directory.contains("\"authority_override\":true"), "{directory}");
    let audit = theatre.admin(&["audit"]).to_string();
    assert_eq!(audit.matches("approve-change").count(), 1, "{audit}");
}

#[test]
fn a_change_of_keys_that_the_authority_rejects_is_told_to_the_running_node_and_another_can_begin() {
    let theatre = Theatre::open();
    theatre.to.done(&["key", "rotate"]).unwrap();
    wait::until("the authority to see the request", WAY_SECONDS, || {
        let data = theatre.world.authority.done(&["requests"])?;
        let seen = data["changes"].as_array().is_some_and(|changes| !changes.is_empty());
        Ok(if seen { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap();
    theatre.admin(&["reject", theatre.to.agency.id, "--reason", "nobody has phoned"]);

    shows(&theatre.to, "that it was rejected", |data| notices(data).contains("was rejected by your authority"));
    theatre.to.done(&["key", "forget"]).unwrap();
    theatre.to.done(&["key", "rotate"]).unwrap();
    theatre.approve_change_of(&theatre.to);
    in_force(&theatre.to);
    theatre.from.done(&["ping", theatre.to.agency.id, "--wait-seconds", "60"]).unwrap();
}

#[test]
fn what_a_sender_signed_before_it_renewed_its_key_is_still_taken_and_its_receipts_too() {
    let mut theatre = Theatre::open();
    theatre.to.stop().unwrap();
    let before = theatre.send();
    theatre.from.reaches(&before.0, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    theatre.from.done(&["key", "rotate", "--new-paper"]).unwrap();
    theatre.approve_change_of(&theatre.from);
    in_force(&theatre.from);
    let after = theatre.send();

    theatre.to.start().unwrap();

    for (message, referral) in [&before, &after] {
        theatre.to.receives(referral, WAY_SECONDS).unwrap();
        theatre.from.reaches(message, Stage::Delivered, WAY_SECONDS).unwrap();
    }
    assert_eq!(theatre.to.done(&["status"]).unwrap()["quarantined"], 0);
}

#[test]
fn a_tls_key_is_renewed_without_a_person_and_no_message_is_lost() {
    let mut theatre = Theatre::open();
    let old = std::fs::read(theatre.to.data().join("tls.key")).unwrap();
    let since = theatre.to.done(&["key", "rotate-tls"]).unwrap()["tls_since_at"].clone();
    let first = theatre.send();
    shows(&theatre.to, "that it waits", |data| notices(data).contains("new TLS key waits"));

    theatre.world.authority.publish().unwrap();
    let second = theatre.send();

    in_force(&theatre.to);
    theatre.to.connected().unwrap();
    let third = theatre.send();
    for (message, referral) in [&first, &second, &third] {
        theatre.to.receives(referral, WAY_SECONDS).unwrap();
        theatre.from.reaches(message, Stage::Delivered, WAY_SECONDS).unwrap();
    }
    let new = std::fs::read(theatre.to.data().join("tls.key")).unwrap();
    assert!(new != old && !theatre.to.data().join("tls.next").exists());
    assert!(theatre.to.done(&["key", "status"]).unwrap()["tls_since_at"].as_u64() >= since.as_u64());
    // Killed and started again, it is the same key.
    theatre.to.kill().unwrap();
    theatre.to.start().unwrap();
    theatre.to.connected().unwrap();
    assert!(theatre.admin(&["audit"]).to_string().contains("change-tls"));
}

/// Another machine for the agency of this node, whose own is gone.
fn another_machine(world: &World, node: Node) -> Node {
    let (agency, lost) = (node.agency, node.data().to_owned());
    drop(node);
    std::fs::rename(&lost, lost.with_extension("lost")).unwrap();
    world.new_node(agency).unwrap()
}

#[test]
fn a_node_that_is_lost_comes_back_on_another_machine_by_its_paper() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let from = world.enrol(cast::by_id(sample.from()).unwrap()).unwrap();
    let agency = cast::by_id(sample.to()).unwrap();
    let mut old = world.new_node(agency).unwrap();
    let paper = old.done(&["init"]).unwrap()["succession"].as_str().unwrap().to_owned();
    let words = old.ask(&world.authority.invite(&agency, 7).unwrap().code).unwrap();
    world.authority.approve(agency.id, &words).unwrap();
    old.start().unwrap();
    old.connected().unwrap();
    let node_id = old.done(&["status"]).unwrap()["node"].clone();
    from.done(&["ping", agency.id, "--wait-seconds", "60"]).unwrap();
    old.kill().unwrap();
    // It waits for the machine that is gone.
    let waits = sample.write_into(&world.files()).unwrap();
    let message = from.send(&waits, agency.id).unwrap();
    from.reaches(&message, Stage::RelayAccepted, WAY_SECONDS).unwrap();

    let mut new = another_machine(&world, old);
    let code = world.authority.done(&["invite", "--agency", agency.id, "--replace"]).unwrap()["code"].clone();
    let on_paper = world.files().join("paper");
    std::fs::write(&on_paper, paper.to_lowercase()).unwrap();
    set_private(&on_paper);
    let mistyped = world.files().join("mistyped");
    std::fs::write(&mistyped, paper.replacen(|c: char| c.is_ascii_digit(), "Z", 1)).unwrap();
    set_private(&mistyped);
    let enrol = |file: &std::path::Path| {
        let file = file.to_string_lossy().into_owned();
        new.run(&["enrol", code.as_str().unwrap(), "--paper", "--paper-file", &file, "--no-wait"]).unwrap()
    };
    let refused = enrol(&mistyped);
    assert!(refused.code == Some(1) && refused.error().unwrap()["code"] == "paper", "{}", refused.stdout);
    let asked = enrol(&on_paper).data().unwrap();
    let words: Vec<&str> = asked["words"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let waiting = world.authority.request_of(agency.id).unwrap();
    assert_eq!((&waiting["by"], &waiting["replaces"]), (&Value::from("paper"), &node_id));
    world.authority.approve(agency.id, &words.join(" ")).unwrap();
    new.start().unwrap();
    new.connected().unwrap();

    assert_eq!(new.done(&["status"]).unwrap()["node"], node_id, "it is the same node");
    new.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    from.reaches(&message, Stage::Delivered, WAY_SECONDS).unwrap();
    let directory = from.done(&["directory"]).unwrap();
    let line = directory["agencies"].as_array().unwrap().iter().find(|line| line["agency_id"] == agency.id).unwrap();
    assert!(line["status"] == "active" && line["authority_override"] == false, "{line}");
    // Its chains begin anew, and nobody takes that for a second machine.
    new.done(&["ping", from.agency.id, "--wait-seconds", "60"]).unwrap();
    from.done(&["ping", agency.id, "--wait-seconds", "60"]).unwrap();
    for node in [&new, &from] {
        assert_eq!(node.done(&["status"]).unwrap()["alarms"], serde_json::json!([]), "{}", node.agency.id);
    }
}

fn set_private(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Trap 40.
#[test]
fn a_key_that_the_authority_alone_swaps_is_not_used_and_everybody_is_shown_it() {
    let theatre = Theatre::open();
    let agency = theatre.to.agency;
    let code = theatre.admin(&["invite", "--agency", agency.id, "--replace"])["code"].clone();
    let folder = theatre.world.folder().join("another");
    let mut new = theatre.world.new_node_in(agency, &folder).unwrap();
    let words = new.ask(code.as_str().unwrap()).unwrap();
    let approved = theatre.admin(&["approve", agency.id, "--words", &words]);
    assert!(approved["in_force_from"].as_u64().is_some(), "{approved}");

    for node in [&theatre.from, &theatre.to] {
        wait::until("the directory to show the pending change", WAY_SECONDS, || {
            let data = node.done(&["directory"])?;
            let lines = data["agencies"].as_array().cloned().unwrap_or_default();
            let line = lines.into_iter().find(|line| line["agency_id"] == agency.id).unwrap_or_default();
            let shown = line["override_pending_at"] == approved["in_force_from"];
            Ok(if shown { Look::Seen(()) } else { Look::NotYet(line.to_string()) })
        })
        .unwrap();
        let said = node.say(&["directory"]).unwrap();
        assert!(said.stdout.contains("the authority alone changes its keys"), "{}", said.stdout);
        let doctor = node.run(&["doctor"]).unwrap().stdout;
        assert!(doctor.contains("authority alone"), "{doctor}");
    }
    // Whose key it is must not have to look for it.
    let status = theatre.to.done(&["status"]).unwrap();
    assert!(status["alarms"].to_string().contains("puts another node in this one's place"), "{status}");
    // The old key still counts: the message is sealed to it, and its node opens it.
    let file = theatre.sample.write_into(&theatre.world.files()).unwrap();
    let message = theatre.from.send(&file, agency.id).unwrap();
    theatre.from.reaches(&message, Stage::Delivered, WAY_SECONDS).unwrap();
    new.start().unwrap();
    shows(&new, "that it is not in force yet", |data| {
        notices(data).contains("in another one's place") && data["relay"]["state"] == "refused"
    });
}

#[test]
fn what_is_for_a_suspended_agency_and_from_it_waits_and_is_shown_and_goes_on_when_it_is_resumed() {
    let mut theatre = Theatre::open();
    let to = theatre.to.agency.id;
    // One is queued before the relay hears of the suspension, and one lies at the relay.
    theatre.to.stop().unwrap();
    let at_the_relay = theatre.send();
    theatre.from.reaches(&at_the_relay.0, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    theatre.world.relay.stop().unwrap();
    let queued = theatre.send();
    theatre.admin(&["suspend", to, "--yes", "--offline"]);
    theatre.world.relay.start().unwrap();
    theatre.world.authority.publish().unwrap();

    let data = shows(&theatre.from, "what waits for the suspended agency", |data| notices(data).contains("wait here"));
    assert!(notices(&data).contains(to) && notices(&data).contains("1 message(s)"), "{data}");
    assert_eq!(theatre.from.state_of(&queued.0).unwrap(), "queued");
    // The same act again: the same answer, and nothing new in the log.
    let size = theatre.admin(&["status"])["size"].clone();
    theatre.admin(&["suspend", to, "--yes"]);
    assert_eq!(theatre.admin(&["status"])["size"], size);

    theatre.admin(&["resume", to]);
    theatre.to.start().unwrap();
    for (message, referral) in [&at_the_relay, &queued] {
        theatre.to.receives(referral, WAY_SECONDS).unwrap();
        theatre.from.reaches(message, Stage::Delivered, WAY_SECONDS).unwrap();
    }

    // The sender is suspended while its message lies at the relay.
    theatre.to.stop().unwrap();
    let held = theatre.send();
    theatre.from.reaches(&held.0, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    theatre.admin(&["suspend", theatre.from.agency.id, "--yes"]);
    theatre.to.start().unwrap();
    shows(&theatre.to, "that it holds the message", |data| notices(data).contains("are held"));
    assert!(theatre.to.inbox().unwrap().iter().all(|message| message.referral_id != held.1), "it is not shown yet");
    let cut = shows(&theatre.from, "that it is suspended", |data| data["registry"]["standing"] == "suspended");
    assert_eq!(cut["relay"]["reason"], "suspended");
    theatre.admin(&["resume", theatre.from.agency.id]);
    theatre.to.receives(&held.1, WAY_SECONDS).unwrap();
    theatre.from.reaches(&held.0, Stage::Delivered, WAY_SECONDS).unwrap();
}

/// Trap 41.
#[test]
fn a_revoked_nodes_late_message_is_not_believed_and_its_old_evidence_still_holds() {
    let mut theatre = Theatre::open();
    let good = theatre.send();
    theatre.from.reaches(&good.0, Stage::Delivered, WAY_SECONDS).unwrap();
    theatre.to.stop().unwrap();
    // Signed before the revocation, and first stored after it was seen: whoever has the key could have dated it back.
    let late = theatre.send();
    theatre.from.reaches(&late.0, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    // And one the other way round, which waits for the node that is revoked.
    theatre.admin(&["revoke", theatre.from.agency.id, "--yes"]);

    let cut = shows(&theatre.from, "that it was cut", |data| data["relay"]["reason"] == "revoked");
    assert_eq!(cut["registry"]["standing"], "revoked");
    theatre.to.start().unwrap();
    shows(&theatre.to, "that it put the message aside", |data| data["quarantined"] == 1);
    let inbox = theatre.to.inbox().unwrap();
    assert!(inbox.iter().all(|message| message.referral_id != late.1));
    assert!(inbox.iter().any(|message| message.referral_id == good.1), "what came before stays");
    let bundle = theatre.world.files().join("bundle.json");
    let out = bundle.to_string_lossy().into_owned();
    theatre.to.done(&["evidence", "export", &good.0, "--out", &out]).unwrap();
    let verified =
        Programs::find().unwrap().run(Program::Safeconduct, &["--json", "evidence", "verify", &out]).unwrap();
    assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn a_message_to_a_node_that_is_revoked_ends_with_words_and_stays_until_somebody_has_seen_it() {
    let mut theatre = Theatre::open();
    theatre.to.stop().unwrap();
    let (message, _) = theatre.send();
    theatre.from.reaches(&message, Stage::RelayAccepted, WAY_SECONDS).unwrap();

    theatre.admin(&["revoke", theatre.to.agency.id, "--yes"]);

    let data = shows(&theatre.from, "that the message has ended", |data| data["messages"][0]["state"] == "failed");
    assert_eq!(data["messages"][0]["last_error"], "recipient-revoked", "{data}");
    assert!(data["alarms"].to_string().contains(theatre.to.agency.id), "{data}");
    assert!(data["messages"][0]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{data}");
    theatre.from.done(&["seen", &message]).unwrap();
    assert!(theatre.from.done(&["status"]).unwrap()["alarms"].as_array().unwrap().is_empty());
}

#[test]
fn a_stolen_key_is_taken_out_of_use_with_the_paper_and_what_it_signed_is_signed_anew() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let to = world.enrol(cast::by_id(sample.to()).unwrap()).unwrap();
    let agency = cast::by_id(sample.from()).unwrap();
    let mut from = world.new_node(agency).unwrap();
    let paper = from.done(&["init"]).unwrap()["succession"].as_str().unwrap().to_owned();
    let words = from.ask(&world.authority.invite(&agency, 7).unwrap().code).unwrap();
    world.authority.approve(agency.id, &words).unwrap();
    from.start().unwrap();
    shows(&from, "its registration", |data| data["registry"]["standing"] == "active");
    let on_paper = world.files().join("paper");
    std::fs::write(&on_paper, &paper).unwrap();
    set_private(&on_paper);
    let mut to = to;
    to.stop().unwrap();
    let file = sample.write_into(&world.files()).unwrap();
    let message = from.send(&file, sample.to()).unwrap();
    from.reaches(&message, Stage::RelayAccepted, WAY_SECONDS).unwrap();

    let succeed = ["key", "succeed", "--paper-file", &on_paper.to_string_lossy()];
    let made = from.done(&succeed).unwrap();
    let new_paper = made["succession"].as_str().unwrap();
    assert!(new_paper != paper && made["change"]["words"].as_array().unwrap().len() == 8, "{made}");
    let theatre = Theatre { world, from, to, sample, random: Seeded::new(fresh()) };
    theatre.approve_change_of(&theatre.from);
    in_force(&theatre.from);
    let Theatre { world: _world, from, mut to, sample, .. } = theatre;
    // What the old key signed lies at the relay first, and is put aside; the same message comes again, signed by the new one.
    from.reaches(&message, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    to.start().unwrap();

    to.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    from.reaches(&message, Stage::Delivered, WAY_SECONDS).unwrap();
    shows(&to, "that it put the old one aside", |data| data["quarantined"] == 1);
    assert_eq!(to.inbox().unwrap().len(), 1);
    // The old paper is worth nothing any more.
    let refused = from.run(&succeed).unwrap();
    assert_eq!(refused.error().unwrap()["code"], "paper-unknown", "{}", refused.stdout);
}
