//! Across a border: two authorities recognise each other, an agency of each exchanges a referral, and the recognition ends.
//! And agreements within a country.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::PathBuf;
use std::process::Command;

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::shift::unix_now;
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 120;

struct Borders {
    here: World,
    there: World,
    iom: Node,
    hearth: Node,
    sample: Sample,
}

/// The file with which `from` introduces itself to `to`, and the fingerprint that is read over the telephone.
fn introduction(from: &World, to: &World) -> (PathBuf, String) {
    let (root, out) = (to.files().join("root.scr"), to.files().join("introduction.sci"));
    to.authority.export_root(&root).unwrap();
    let done = from.authority.done(&["introduce", "--root", &root.to_string_lossy(), "--out", &out.to_string_lossy()]);
    (out, done.unwrap()["fingerprint"].as_str().unwrap().to_owned())
}

fn recognise(world: &World, introduction: &(PathBuf, String), until: &str) -> Value {
    let (file, fingerprint) = (introduction.0.to_string_lossy().into_owned(), introduction.1.as_str());
    world.authority.done(&["recognise", &file, "--fingerprint", fingerprint, "--until", until]).unwrap()
}

fn borders() -> Borders {
    let here = World::found(Plan::default()).unwrap();
    let plan = Plan { country: "XB", log_name: "registry.berolia.example/safeconduct", ..Plan::default() };
    let there = World::found(plan).unwrap();
    let sample = cast::sample("06").unwrap();
    let iom = here.enrol(cast::by_id(sample.from()).unwrap()).unwrap();
    let hearth = there.enrol(cast::by_id(sample.to()).unwrap()).unwrap();
    Borders { here, there, iom, hearth, sample }
}

/// The same casework under another id.
fn another(sample: &Sample, digit: char) -> Sample {
    sample.renamed(format!("{0}{0}{0}{0}{0}{0}{0}{0}-0000-4000-8000-000000000000", digit))
}

/// Waits until a node's copy of the registry is as large as the authority's.
fn levelled(world: &World, node: &Node) {
    let size = world.authority.done(&["status"]).unwrap()["size"].as_u64().unwrap();
    node.holds(size, STEP_SECONDS).unwrap();
}

/// Waits until a node knows an agency.
fn knows(node: &Node, agency: &str) {
    wait::until(&format!("{} to know {agency}", node.agency.id), STEP_SECONDS, || {
        let data = node.done(&["directory"])?;
        let found = data["agencies"].as_array().is_some_and(|all| all.iter().any(|one| one["agency_id"] == agency));
        Ok(if found { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap();
}

#[test]
fn two_authorities_recognise_each_other_and_a_referral_crosses_until_the_scope_ends() {
    let Borders { here, there, iom, hearth, sample } = borders();
    let file = sample.write_into(&here.files()).unwrap();
    let unknown = iom.run(&["send", &file.to_string_lossy(), "--to", sample.to()]).unwrap();
    assert_eq!(unknown.error().unwrap()["code"], "unknown-agency");

    let (of_here, of_there) = (introduction(&here, &there), introduction(&there, &here));
    recognise(&here, &of_there, "2099-12-31");
    recognise(&there, &of_here, "2099-12-31");
    here.authority.publish().unwrap();
    there.authority.publish().unwrap();
    knows(&iom, sample.to());
    knows(&hearth, sample.from());

    let message = iom.send(&file, sample.to()).unwrap();
    let arrived = hearth.receives(sample.referral_id(), STEP_SECONDS).unwrap();
    assert_eq!(arrived.from, sample.from());
    iom.reaches(&message, Stage::Delivered, STEP_SECONDS).unwrap();
    assert_eq!(iom.receipts(&message).unwrap(), ["relay-accepted", "delivered"]);
    hearth.done(&["ping", sample.from(), "--wait-seconds", "60"]).unwrap();
    evidence_holds(&here, &there, &iom, &message);

    let soon = unix_now() + 2;
    recognise(&here, &of_there, &instant(soon));
    let again = another(&sample, '1');
    let file = again.write_into(&here.files()).unwrap();
    levelled(&here, &iom);
    wait::until("the recognition to end", STEP_SECONDS, || {
        Ok(if unix_now() > soon { Look::Seen(()) } else { Look::NotYet(unix_now().to_string()) })
    })
    .unwrap();
    let refused = iom.run(&["send", &file.to_string_lossy(), "--to", again.to()]).unwrap();
    assert_eq!((refused.code, &refused.error().unwrap()["code"]), (Some(1), &Value::from("recognition-ended")));
    let shown = iom.done(&["directory", "show", again.to()]).unwrap();
    assert!(shown.to_string().contains("\"status\":\"recognition-ended\""), "{shown}");
    let found = iom.done(&["directory", "search", "--country", "XB"]).unwrap();
    assert_eq!(found["total"], 0, "nobody is sent to an agency that cannot be reached: {found}");
    let message = refused.error().unwrap()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("XB") && message.contains(&instant(soon)[..10]), "{message}");
    let outgoing = iom.outbox().unwrap();
    assert_eq!(outgoing.iter().filter(|entry| entry["kind"] == "referral").count(), 1, "{outgoing:?}");
}

/// The bundle proves both ends, each to whoever knows its own authority.
fn evidence_holds(here: &World, there: &World, node: &Node, message: &str) {
    let out = here.files().join("across.json");
    node.done(&["evidence", "export", message, "--out", &out.to_string_lossy()]).unwrap();
    for world in [here, there] {
        let fingerprint = world.authority.done(&["status"]).unwrap()["fingerprint"].as_str().unwrap().to_owned();
        let arguments = ["evidence", "verify", &out.to_string_lossy(), "--fingerprint", &fingerprint];
        let verified = node.done(&arguments).unwrap();
        let lines = verified["proven"].as_array().unwrap();
        let proven = |what: &str| lines.iter().any(|line| line.as_str().is_some_and(|line| line.contains(what)));
        assert!(proven("opened, verified and stored") && proven("that you know"), "{verified}");
    }
}

#[test]
fn a_recognition_that_only_the_other_side_has_ended_holds_a_message_back_and_says_why() {
    let Borders { here, there, iom, hearth, sample } = borders();
    let (of_here, of_there) = (introduction(&here, &there), introduction(&there, &here));
    recognise(&here, &of_there, "2099-12-31");
    recognise(&there, &of_here, "2099-12-31");
    here.authority.publish().unwrap();
    there.authority.publish().unwrap();
    knows(&iom, sample.to());
    knows(&hearth, sample.from());

    there.authority.done(&["recognise", "--end", "XA", "--yes"]).unwrap();
    let file = sample.write_into(&here.files()).unwrap();
    let message = iom.send(&file, sample.to()).unwrap();

    wait::until("the message to say why it waits", STEP_SECONDS, || {
        let data = iom.done(&["status", &message])?;
        let line = data["messages"][0].clone();
        Ok(if line["last_error"] == "other-relay-refuses" { Look::Seen(()) } else { Look::NotYet(line.to_string()) })
    })
    .unwrap();
    assert!(hearth.inbox().unwrap().is_empty());
}

#[test]
fn an_agreement_lets_through_what_it_covers_and_names_itself_when_it_has_ended() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let agree = |more: &[&str]| {
        let arguments: Vec<&str> = ["agree", "--yes"].into_iter().chain(more.iter().copied()).collect();
        world.authority.done(&arguments).unwrap()
    };
    agree(&["--from", "Police", "--to", "NgoShelter", "--until", "2099-12-31"]);
    levelled(&world, &from);
    let file = sample.write_into(&world.files()).unwrap();
    let send = || from.run(&["send", &file.to_string_lossy(), "--to", sample.to()]).unwrap();
    let refused = send();
    assert_eq!((refused.code, &refused.error().unwrap()["code"]), (Some(1), &Value::from("no-agreement")));
    assert!(from.outbox().unwrap().is_empty());

    let mine = agree(&["--from", "Helpline", "--to", "NgoShelter", "--what", "referral", "--until", "2099-12-31"]);
    levelled(&world, &from);
    levelled(&world, &to);
    let message = send().data().unwrap()["message_id"].as_str().unwrap().to_owned();
    from.reaches(&message, Stage::Delivered, STEP_SECONDS).unwrap();
    to.receives(sample.referral_id(), STEP_SECONDS).unwrap();

    let number = mine["agreement"].to_string();
    agree(&["--end", &number]);
    let again = another(&sample, '2');
    let file = again.write_into(&world.files()).unwrap();
    levelled(&world, &from);
    let ended = from.run(&["send", &file.to_string_lossy(), "--to", again.to()]).unwrap().error().unwrap();
    assert_eq!(ended["code"], "agreement-ended");
    let words = ended["message"].as_str().unwrap();
    assert!(words.contains(&format!("agreement {number} ")) && words.contains(&instant(unix_now())[..4]), "{words}");
}

/// A Unix second as ISO 8601, by the system's `date`.
fn instant(second: u64) -> String {
    let out = Command::new("date").args(["-u", "-d", &format!("@{second}"), "+%Y-%m-%dT%H:%M:%SZ"]).output().unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}
