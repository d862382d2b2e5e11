//! When nodes were last seen.

use safeconduct_protocol::{
    receipt::head::{HeadPlace, NodeHead},
    time::Day,
};

use super::{Actor, World, agency, asked};

#[test]
fn only_what_a_node_has_signed_tells_when_it_was_last_seen() {
    let mut world = World::with_relay();
    let mut office = world.open();
    let (actor, other) = (Actor::new(20), Actor::new(21));
    let words = asked(&mut office, &actor);
    let node = office.approve(&agency(), &words.to_string()).unwrap();
    let today = office.clock.now().day();
    let head = |by: &Actor, day: u32| {
        NodeHead::sign(&by.ik, node, HeadPlace { epoch: 1, counter: 1 }, Day(day), [9; 32]).as_bytes().to_vec()
    };
    assert_eq!(office.last_seen(&node), None);

    assert_eq!(office.take_node_head(&head(&other, today.0)), Some(node));
    assert_eq!(office.take_node_head(b"no head"), None);
    assert_eq!(office.last_seen(&node), None, "signed by another");
    office.take_node_head(&head(&actor, today.0 - 3));
    office.take_node_head(&head(&actor, today.0 - 9));
    assert_eq!(office.last_seen(&node), Some(Day(today.0 - 3)), "an older one takes nothing back");
    office.save_seen().unwrap();
    drop(office);

    let mut office = world.open();
    assert_eq!(office.last_seen(&node), Some(Day(today.0 - 3)), "written down");
    office.take_node_head(&head(&actor, today.0 + 400));
    assert_eq!(office.last_seen(&node), Some(today), "no day that is not over");
    drop(office);
    std::fs::write(world.path().join("seen.sealed"), b"damaged").unwrap();
    assert_eq!(world.open().last_seen(&node), None, "damage costs the list, and nothing else");
}
