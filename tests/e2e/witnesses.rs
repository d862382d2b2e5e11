//! Two relays must sign each head: the authority goes round them twice, nothing is in force while one is away, and all is as soon as it
//! is back.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use safeconduct_tests::cast;
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Plan, Stage, World};

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 180;

fn size(world: &World) -> u64 {
    world.authority.done(&["status"]).unwrap()["size"].as_u64().unwrap()
}

#[test]
fn two_witnesses_must_sign_and_what_one_has_not_signed_is_in_force_nowhere_until_it_has() {
    let world = World::found(Plan::default()).unwrap();
    let mut second = world.another_relay("relay-2").unwrap();
    let sample = cast::sample("01").unwrap();
    let agencies = [cast::by_id(sample.from()).unwrap(), cast::by_id(sample.to()).unwrap()];
    let mut nodes = world.enrol_all(&agencies).unwrap();
    let (to, from) = (nodes.pop().unwrap(), nodes.pop().unwrap());
    let [one, other] = [&world.relay, &second].map(|relay| relay.folder().join("relay.pub").display().to_string());

    let rotate = ["root", "rotate", "--witness", &one, "--witness", &other, "--quorum", "2", "--yes"];
    assert_eq!(world.authority.done(&rotate).unwrap()["version"], 2);
    let both = size(&world);
    from.holds(both, STEP_SECONDS).unwrap();
    to.holds(both, STEP_SECONDS).unwrap();
    assert_eq!(from.done(&["status"]).unwrap()["registry"]["witness_quorum"], 2);
    from.done(&["ping", to.agency.id, "--wait-seconds", "60"]).unwrap();

    // One is away: the act is written down, told as not in force, and shown nowhere.
    second.stop().unwrap();
    let refused = world.authority.run(&["suspend", to.agency.id, "--yes"]).unwrap();
    let error = refused.error().unwrap();
    assert_eq!(refused.code, Some(4), "{error}");
    assert!(error["message"].as_str().unwrap().contains("1 of 2 witnesses have signed"), "{error}");
    assert_eq!(error["data"]["agency"], to.agency.id, "{error}");
    assert_eq!(size(&world), both + 1, "it is in the log of the authority");
    let file = sample.write_into(&world.files()).unwrap();
    let sent = from.send(&file, to.agency.id).unwrap();
    to.receives(sample.referral_id(), STEP_SECONDS).unwrap();
    from.reaches(&sent, Stage::Delivered, STEP_SECONDS).unwrap();
    for node in [&from, &to] {
        assert_eq!(node.done(&["status"]).unwrap()["registry"]["size"], both, "nobody has taken it");
    }

    second.start().unwrap();
    world.authority.publish().unwrap();
    from.holds(both + 1, STEP_SECONDS).unwrap();
    let standing = wait::until("the node to hear of its suspension", STEP_SECONDS, || {
        let data = to.done(&["status"])?;
        let heard = data["registry"]["standing"] == "suspended";
        Ok(if heard { Look::Seen(data) } else { Look::NotYet(data.to_string()) })
    });
    assert!(standing.is_ok());
    world.authority.done(&["resume", to.agency.id]).unwrap();
    from.holds(both + 2, STEP_SECONDS).unwrap();
    from.done(&["ping", to.agency.id, "--wait-seconds", "120"]).unwrap();
}
