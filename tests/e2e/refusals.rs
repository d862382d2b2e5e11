//! What is refused, and with which reason: invalid referrals, revoked and unregistered nodes.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::collections::BTreeMap;

use safeconduct_tests::cast::{self, AGENCIES};
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::shift::{SAMPLES_CLOCK, unix_now};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

/// Where each invalid sample is wrong; the codes are in the samples' own `expected.toml`.
const PLACES: [(&str, &str); 12] = [
    ("01-level-0-with-name", "/identity"),
    ("02-police-without-specific-consent", "/consents"),
    ("03-child-block-missing", "/summary/child"),
    ("04-unknown-code", ""),
    ("05-summary-text-too-long", "/summary/text"),
    ("06-malformed-agency-id", "/header/to/agency_id"),
    ("07-bidi-override-in-name", "/identity/names"),
    ("08-birth-date-in-future", "/identity/prs_Birthdate"),
    ("09-consent-withdrawn", "/consents"),
    ("10-marking-forbids-recipient", "/handling/markings"),
    ("11-identifier-in-level-0-note", "/enquiry/note"),
    ("12-suspected-parent-consents-for-child", ""),
];

fn expected_codes() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(cast::samples_folder().join("invalid/expected.toml")).unwrap();
    let expected: toml::Table = text.parse().unwrap();
    let refused = expected["refused"].as_table().unwrap().clone();
    refused.into_iter().map(|(name, told)| (name, told["code"].as_str().unwrap().to_owned())).collect()
}

/// The findings of a refusal: all of them when the answer lists them, else the one.
fn findings(error: &Value) -> Vec<Value> {
    match error.get("findings").and_then(Value::as_array) {
        Some(list) => list.clone(),
        None => vec![error.clone()],
    }
}

#[test]
fn every_invalid_sample_is_refused_by_send_with_its_code_and_place_and_the_outbox_stays() {
    let world = World::found(Plan::default()).unwrap();
    let invalid = cast::invalid_samples(unix_now()).unwrap();
    let senders: Vec<_> = AGENCIES.into_iter().filter(|agency| invalid.iter().any(|s| s.from() == agency.id)).collect();
    let nodes: BTreeMap<_, Node> =
        world.enrol_all(&senders).unwrap().into_iter().map(|node| (node.agency.id, node)).collect();
    let codes = expected_codes();

    for sample in &invalid {
        let file = sample.write_into(&world.files()).unwrap();
        let node = &nodes[sample.from()];
        let to = cast::by_id(sample.to()).map_or("xa.harbour-house", |agency| agency.id);
        let before = node.outbox().unwrap();

        let answer = node.run(&["send", &file.to_string_lossy(), "--to", to]).unwrap();

        assert_eq!(answer.code, Some(1), "{}: {}{}", sample.name, answer.stdout, answer.stderr);
        let findings = findings(&answer.error().unwrap());
        let place = PLACES.iter().find(|(name, _)| *name == sample.name).unwrap().1;
        let named = findings.iter().any(|finding| {
            finding["code"] == codes[&sample.name]
                && finding["pointer"].as_str().is_some_and(|pointer| pointer.starts_with(place))
                && finding["fact"].as_str().is_some_and(|fact| !fact.is_empty())
                && finding["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty())
        });
        assert!(named, "{} is to be refused with {} at {place}: {findings:?}", sample.name, codes[&sample.name]);
        let words = node.say(&["send", &file.to_string_lossy(), "--to", to]).unwrap();
        assert!(words.stdout.is_empty() && words.stderr.contains(place), "{}: {}", sample.name, words.stderr);
        assert_eq!(node.outbox().unwrap(), before, "{} changed the outbox", sample.name);
    }
}

#[test]
fn a_revoked_node_is_cut_off_at_once_and_told_why_and_nobody_sends_to_it() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (mut to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    from.done(&["ping", to.agency.id, "--wait-seconds", "60"]).unwrap();

    world.authority.revoke(to.agency.id).unwrap();

    let relay = wait::until("the revoked node to be refused", 30, || {
        let data = to.done(&["status"])?;
        let relay = data["relay"].clone();
        Ok(if relay["state"] == "refused" { Look::Seen(relay) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap();
    let told = relay.to_string();
    assert!(told.contains("revoked"), "the reason is seen: {told}");
    // A new start does not help.
    to.kill().unwrap();
    to.start().unwrap();
    wait::until("the revoked node to be refused again", 60, || {
        let data = to.done(&["status"])?;
        Ok(if data["relay"]["state"] == "refused" { Look::Seen(()) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap();
    // The other node learns it by itself and sends nothing there.
    wait::until("the directory to say revoked", 30, || {
        let data = from.done(&["directory"])?;
        let line =
            data["agencies"].as_array().into_iter().flatten().find(|line| line["agency_id"] == to.agency.id).cloned();
        Ok(match line {
            Some(line) if line["status"] != "revoked" => Look::NotYet(line.to_string()),
            other => Look::Seen(other),
        })
    })
    .unwrap();
    let file = sample.write_into(&world.files()).unwrap();
    let answer = from.run(&["send", &file.to_string_lossy(), "--to", to.agency.id]).unwrap();
    assert_eq!(answer.code, Some(1), "{}{}", answer.stdout, answer.stderr);
    assert!(from.outbox().unwrap().iter().all(|line| line["kind"] != "referral"), "nothing is queued for it");
}

#[test]
fn a_node_that_is_not_enrolled_says_so_and_a_copy_of_another_registry_is_refused() {
    let (world, other) = (World::found(Plan::default()).unwrap(), World::found(Plan::default()).unwrap());
    let lonely = world.new_node(AGENCIES[0]).unwrap();
    lonely.run(&["init"]).unwrap().done().unwrap();
    let sample = cast::sample("04").unwrap();
    let file = sample.write_into(&world.files()).unwrap();

    let answer = lonely.run(&["send", &file.to_string_lossy(), "--to", AGENCIES[0].id]).unwrap();
    assert_eq!(answer.code, Some(3), "{}{}", answer.stdout, answer.stderr);
    assert!(!answer.error().unwrap()["remedy"].as_str().unwrap().is_empty());

    // Enrolled with one authority, pointed at another's relay: its key is unknown there.
    let mut stranger = world.enrol(AGENCIES[1]).unwrap();
    stranger.stop().unwrap();
    stranger.write_config(&format!("relay = \"{}\"\n", other.relay.address())).unwrap();
    stranger.start().unwrap();
    let relay = wait::until("the stranger to be refused", 60, || {
        let data = stranger.done(&["status"])?;
        let seen = data["relay"]["last_error"].is_string() && data["relay"]["state"] != "connected";
        Ok(if seen { Look::Seen(data["relay"].clone()) } else { Look::NotYet(data.to_string()) })
    })
    .unwrap();
    assert!(relay["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{relay}");
}

#[test]
fn an_exercise_stays_among_exercise_nodes() {
    let world = World::found(Plan::default()).unwrap();
    let exercise = cast::sample("12").unwrap();
    let agencies = [cast::by_id(exercise.from()).unwrap(), cast::by_id("xc.crossroads").unwrap()];
    let nodes = world.enrol_all(&agencies).unwrap();
    let file = exercise.write_into(&world.files()).unwrap();

    let answer = nodes[0].run(&["send", &file.to_string_lossy(), "--to", "xc.crossroads"]).unwrap();

    assert_eq!(answer.code, Some(1), "{}{}", answer.stdout, answer.stderr);
    assert!(nodes[0].outbox().unwrap().is_empty());
    // The business node refuses to send one just as well.
    let business = cast::sample("08").unwrap();
    let mut relabelled = business;
    relabelled.referral["header"]["exercise"] = Value::Bool(true);
    let file = relabelled.write_into(&world.files()).unwrap();
    let answer = nodes[1].run(&["send", &file.to_string_lossy(), "--to", nodes[0].agency.id]).unwrap();
    assert_eq!(answer.code, Some(1), "{}{}", answer.stdout, answer.stderr);
}

#[test]
fn a_referral_to_an_unknown_agency_is_refused_with_its_name() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("08").unwrap();
    let node = world.enrol(cast::by_id(sample.from()).unwrap()).unwrap();
    let file = sample.write_into(&world.files()).unwrap();

    let answer = node.run(&["send", &file.to_string_lossy(), "--to", sample.to()]).unwrap();

    assert_eq!(answer.code, Some(1), "{}{}", answer.stdout, answer.stderr);
    assert!(answer.stdout.contains(sample.to()), "{}", answer.stdout);
    assert!(node.outbox().unwrap().is_empty());
    // The state that a sent message would have is not even nameable.
    assert!(node.reaches("00000000000000000000000000000000", Stage::Queued, 1).is_err());
}

#[test]
fn check_takes_every_valid_sample_at_its_own_clock_and_moved_to_now_and_no_invalid_one() {
    let programs = Programs::find().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let check = |sample: &cast::Sample, more: &[&str]| {
        let file = sample.write_into(folder.path()).unwrap().to_string_lossy().into_owned();
        let mut arguments = vec!["--json", "check", &file];
        arguments.extend(more);
        programs.run(Program::Safeconduct, &arguments).unwrap()
    };

    for (clock, more) in [(SAMPLES_CLOCK, vec!["--now", "2026-06-01T12:00:00Z"]), (unix_now(), vec![])] {
        for sample in cast::samples(clock).unwrap() {
            let answer = check(&sample, &more);
            assert_eq!(answer.code, Some(0), "{}: {}{}", sample.name, answer.stdout, answer.stderr);
        }
        for sample in cast::invalid_samples(clock).unwrap() {
            let answer = check(&sample, &more);
            assert_eq!(answer.code, Some(1), "{}: {}{}", sample.name, answer.stdout, answer.stderr);
            assert!(!findings(&answer.error().unwrap()).is_empty(), "{}", sample.name);
        }
    }
}
