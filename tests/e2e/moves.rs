//! A node moves to another relay: it follows by itself, and nothing that is on its way is lost.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use safeconduct_tests::cast::{self, Sample};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, Stage, World};
use serde_json::Value;

/// Longest time for one step, in seconds, on two shared cores: a node that was cut waits half a minute before it comes again.
const STEP_SECONDS: u64 = 180;

/// An agency's node whose configuration names no relay, as it is where nobody has a reason to name one.
fn enrolled(world: &World, agency: &str) -> Node {
    let mut node = world.new_node(cast::by_id(agency).unwrap()).unwrap();
    node.write_config("receipt_delay_max_s = 0\nsettle_tick_ms = 100\nlog = \"info\"\n").unwrap();
    let invitation = world.authority.invite(&node.agency, 7).unwrap();
    let address = world.relay.address().to_string();
    let asked = node.done(&["enrol", &invitation.code, "--relay", &address, "--no-wait"]).unwrap();
    let words: Vec<&str> = asked["words"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    world.authority.approve(agency, &words.join(" ")).unwrap();
    node.start().unwrap();
    node.connected().unwrap();
    node
}

fn another(sample: &Sample, digit: char) -> Sample {
    sample.renamed(format!("{0}{0}{0}{0}{0}{0}{0}{0}-0000-4000-8000-000000000000", digit))
}

/// Waits until a node is connected to the relay at this address.
fn is_at(node: &Node, address: &str) {
    wait::until(&format!("{} to be at {address}", node.agency.id), STEP_SECONDS, || {
        let status = node.done(&["status"])?;
        let relay = &status["relay"];
        let there = relay["address"] == address && relay["state"] == "connected";
        Ok(if there { Look::Seen(()) } else { Look::NotYet(relay.to_string()) })
    })
    .unwrap();
}

#[test]
fn a_node_follows_its_registration_to_another_relay_and_loses_nothing_on_the_way() {
    let mut world = World::found(Plan::default()).unwrap();
    let sample = cast::sample("01").unwrap();
    let mut from = enrolled(&world, sample.from());
    let mut to = enrolled(&world, sample.to());
    let new = world.another_relay("relay-2").unwrap();
    let new_address = new.address().to_string();

    // One waits in the mailbox at the old relay, and its receipt will have to come back.
    to.stop().unwrap();
    let waiting = from.send(&sample.write_into(&world.files()).unwrap(), sample.to()).unwrap();
    from.reaches(&waiting, Stage::RelayAccepted, STEP_SECONDS).unwrap();
    world.authority.done(&["change", sample.to(), "--relay", "2", "--yes"]).unwrap();
    // One is sent before this sender has heard of the move, or after: both are right.
    let second = another(&sample, '2');
    let sent = from.send(&second.write_into(&world.files()).unwrap(), sample.to()).unwrap();

    to.start().unwrap();
    is_at(&to, &new_address);
    to.receives(sample.referral_id(), STEP_SECONDS).unwrap();
    to.receives(second.referral_id(), STEP_SECONDS).unwrap();
    from.reaches(&waiting, Stage::Delivered, STEP_SECONDS).unwrap();
    from.reaches(&sent, Stage::Delivered, STEP_SECONDS).unwrap();

    // The sender moves too, with a receipt still to come to the reply slot at the old relay.
    to.stop().unwrap();
    let third = another(&sample, '3');
    let last = from.send(&third.write_into(&world.files()).unwrap(), sample.to()).unwrap();
    from.reaches(&last, Stage::RelayAccepted, STEP_SECONDS).unwrap();
    world.authority.done(&["change", sample.from(), "--relay", "2", "--yes"]).unwrap();
    is_at(&from, &new_address);
    to.start().unwrap();
    to.receives(third.referral_id(), STEP_SECONDS).unwrap();
    from.reaches(&last, Stage::Delivered, STEP_SECONDS).unwrap();

    // Both live at the new relay: with the old one gone, a message goes as before, also after a restart.
    world.relay.kill().unwrap();
    from.stop().unwrap();
    from.start().unwrap();
    let fourth = another(&sample, '4');
    let message = from.send(&fourth.write_into(&world.files()).unwrap(), sample.to()).unwrap();
    from.reaches(&message, Stage::Delivered, STEP_SECONDS).unwrap();
    assert_eq!(to.inbox().unwrap().len(), 4, "everything once");
}
