//! Nothing of a referral is on the relay's disk, in its traffic or in any log; the same search finds it where it
//! belongs.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
#![expect(clippy::print_stderr, reason = "a test that fails says its seed and sizes")]

use safeconduct_tests::canary::Canaries;
use safeconduct_tests::cast::{self, AGENCIES, Sample};
use safeconduct_tests::world::{Node, Plan, Stage, World};

const WAY_SECONDS: u64 = 120;

/// A referral with strings that stand nowhere else.
fn marked(number: &str, caseworker: &str) -> Sample {
    let mut sample = cast::sample(number).unwrap();
    let caseworker = serde_json::Value::from(caseworker);
    *sample.referral.pointer_mut("/header/caseworker/name").unwrap() = caseworker;
    sample
}

fn deliver(world: &World, sample: &Sample, from: &Node, to: &Node) -> String {
    let file = sample.write_into(&world.files()).unwrap();
    let message_id = from.send(&file, to.agency.id).unwrap();
    from.reaches(&message_id, Stage::Delivered, WAY_SECONDS).unwrap();
    to.receives(sample.referral_id(), WAY_SECONDS).unwrap().message_id
}

/// Everything that must be nowhere but at the two agencies.
fn secrets(samples: &[&Sample]) -> Vec<String> {
    let names = AGENCIES.iter().map(|agency| agency.name.to_owned());
    samples.iter().flat_map(|sample| sample.confidential()).chain(names).collect()
}

#[test]
fn the_relay_holds_and_carries_no_string_of_a_referral_and_the_recipient_shows_all_of_them() {
    let mut world = World::found(Plan { capture: true, ..Plan::default() }).unwrap();
    let (first, second) = (marked("01", "Zylphia Quorvane"), marked("10", "Őrjöngő Vexmarch"));
    let agencies = [first.from(), first.to(), second.to()].map(|id| cast::by_id(id).unwrap());
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (linden, mut harbour, mut lantern) = (nodes.pop().unwrap(), nodes.pop().unwrap(), nodes.pop().unwrap());

    let at_harbour = deliver(&world, &first, &lantern, &harbour);
    let at_linden = deliver(&world, &second, &harbour, &linden);
    // A waiting envelope and a killed relay leave more on the disk than a quiet one.
    harbour.kill().unwrap();
    let waiting = first.renamed("5e1f0000-0000-4000-8000-000000000001".to_owned());
    let file = waiting.write_into(&world.files()).unwrap();
    let message_id = lantern.send(&file, harbour.agency.id).unwrap();
    lantern.reaches(&message_id, Stage::RelayAccepted, WAY_SECONDS).unwrap();

    let canaries = Canaries::new(secrets(&[&first, &second]));
    let live = canaries.in_folder(world.relay.folder()).unwrap();
    world.relay.kill().unwrap();
    lantern.kill().unwrap();
    let dead = canaries.in_folder(world.relay.folder()).unwrap();
    let logs = canaries.in_folder(&world.logs()).unwrap();
    let traffic = world.relay.capture().unwrap().bytes();
    let carried = canaries.in_bytes(&traffic);
    eprintln!(
        "looked for {} strings in {} bytes of disk, {} of traffic, {} of logs",
        canaries.count(),
        dead.bytes,
        traffic.len(),
        logs.bytes
    );

    assert!(
        live.findings.is_empty() && dead.findings.is_empty(),
        "on the relay's disk: {:?} {:?}",
        live.findings,
        dead.findings
    );
    assert!(carried.is_empty(), "in the traffic: {carried:?}");
    assert!(logs.findings.is_empty(), "in a log: {:?}", logs.findings);
    assert!(dead.bytes > 16_384 && traffic.len() > 65_536 && logs.bytes > 0, "there was something to search");
    for node in [&lantern, &harbour, &linden] {
        let own = Canaries::new(first.confidential().into_iter().chain(second.confidential()));
        let vault = own.in_folder(node.data()).unwrap();
        assert!(vault.findings.is_empty(), "in a vault: {:?}", vault.findings);
    }
    harbour.start().unwrap();
    assert_shown(&harbour, &at_harbour, &first);
    assert_shown(&linden, &at_linden, &second);
}

/// The same search, where the strings belong: so that it can fail.
fn assert_shown(node: &Node, message_id: &str, sample: &Sample) {
    let shown = node.done(&["show", message_id]).unwrap();
    let canaries = Canaries::new(sample.confidential());

    let found = canaries.in_bytes(strings(&shown).as_bytes());

    for needle in canaries.needles() {
        assert!(found.iter().any(|finding| finding.needle == *needle), "{needle:?} is not shown");
    }
}

/// All strings of a JSON value, as a person reads them.
fn strings(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => format!("{text}\n"),
        serde_json::Value::Array(elements) => elements.iter().map(strings).collect(),
        serde_json::Value::Object(members) => members.values().map(strings).collect(),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => value.to_string(),
    }
}
