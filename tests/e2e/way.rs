//! The whole way: the twelve sample referrals between the eighteen agencies that they name.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::collections::BTreeMap;

use safeconduct_tests::cast::{self, AGENCIES, Sample};
use safeconduct_tests::shift::unix_now;
use safeconduct_tests::world::{Node, Plan, Stage, World};

/// Longest time for one referral, in seconds, on two cores shared by nineteen daemons.
const WAY_SECONDS: u64 = 120;

fn everyone(world: &World) -> BTreeMap<&'static str, Node> {
    world.enrol_all(&AGENCIES).unwrap().into_iter().map(|node| (node.agency.id, node)).collect()
}

fn assert_arrived_once(sample: &Sample, nodes: &BTreeMap<&str, Node>, message_id: &str) {
    let (from, to) = (&nodes[sample.from()], &nodes[sample.to()]);

    let message = to.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    from.reaches(message_id, Stage::Delivered, WAY_SECONDS).unwrap();

    let same = to.inbox().unwrap().into_iter().filter(|m| m.referral_id == sample.referral_id()).count();
    assert_eq!(same, 1, "{} is shown {same} times", sample.name);
    assert_eq!(message.from, sample.from());
    let shown = to.done(&["show", &message.message_id]).unwrap();
    assert_eq!(shown["referral"], sample.referral, "{} was changed on the way", sample.name);
    let receipts = from.receipts(message_id).unwrap();
    assert_eq!(receipts, ["relay-accepted", "delivered"], "{}", sample.name);
}

#[test]
fn the_twelve_samples_arrive_once_each_unchanged_and_with_their_receipts() {
    let world = World::found(Plan::default()).unwrap();
    let nodes = everyone(&world);
    let samples = cast::samples(unix_now()).unwrap();

    let sent: Vec<String> = samples
        .iter()
        .map(|sample| {
            let file = sample.write_into(&world.files()).unwrap();
            nodes[sample.from()].send(&file, sample.to()).unwrap()
        })
        .collect();

    for (sample, message_id) in samples.iter().zip(&sent) {
        assert_arrived_once(sample, &nodes, message_id);
    }
    let exercises: Vec<_> = AGENCIES.iter().filter(|agency| agency.exercise).collect();
    for agency in exercises {
        let data = nodes[agency.id].done(&["inbox"]).unwrap();
        assert!(data["messages"].as_array().unwrap().iter().all(|message| message["exercise"] == true));
    }
}

#[test]
fn a_referral_waits_for_a_node_that_is_off_and_a_ping_comes_back_signed() {
    let world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let (from, to) = (cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap());
    let mut nodes = world.enrol_all(&[from, to]).unwrap();
    let (mut to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    from.done(&["ping", to.agency.id, "--wait-seconds", "60"]).unwrap();
    to.stop().unwrap();

    let file = sample.write_into(&world.files()).unwrap();
    let message_id = from.send(&file, to.agency.id).unwrap();
    from.reaches(&message_id, Stage::RelayAccepted, WAY_SECONDS).unwrap();
    to.start().unwrap();

    to.receives(sample.referral_id(), WAY_SECONDS).unwrap();
    from.reaches(&message_id, Stage::Delivered, WAY_SECONDS).unwrap();
    let business: Vec<_> = to.inbox().unwrap().into_iter().map(|message| message.referral_id).collect();
    assert_eq!(business, [sample.referral_id()], "a ping is kept apart from business");
}

#[test]
fn daemon_and_relay_end_cleanly_when_asked() {
    let mut world = World::found(Plan::default()).unwrap();
    let mut node = world.enrol(AGENCIES[1]).unwrap();

    node.stop().unwrap();
    world.relay.stop().unwrap();

    world.relay.start().unwrap();
    node.start().unwrap();
    node.connected().unwrap();
}
