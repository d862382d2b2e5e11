//! Changes of registrations as the relay sees them: requests that wait, keys that are renewed, nodes that move away.

use safeconduct_certs::registry::leaf::{LeafFields, LeafKind};
use safeconduct_protocol::{
    crypto::hash::sha256,
    frame::{ChangeStand, Frame, Goodbye, PrekeyRefusal, SubmitRefusal, Tag},
    id::{RelayId, RequestId},
    prekey::record::PrekeyKind,
    time::DAY_S,
};

use super::world::{NOW, Node, World, envelope};

fn stand(frame: Frame) -> ChangeStand {
    let Frame::ChangeState { state, .. } = frame else { panic!("{}", frame.name()) };
    state
}

#[tokio::test]
async fn a_request_for_a_change_waits_over_a_restart_and_its_state_can_be_asked() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let put = |bytes: &[u8]| Frame::ChangePut { tag: Tag(1), request: bytes.to_vec().into() };
    let settle =
        |bytes: &[u8], state| Frame::ChangeSettle { tag: Tag(2), node: a.id, request: sha256(&[bytes]), state };
    let mut node = world.session(&a).await;
    assert_eq!(stand(node.ask(put(b"")).await), ChangeStand::NotTaken);
    assert_eq!(stand(node.ask(put(&[1; 8_193])).await), ChangeStand::NotTaken);

    assert_eq!(stand(node.ask(put(b"first")).await), ChangeStand::Waiting);
    assert_eq!(stand(node.ask(put(b"newer")).await), ChangeStand::Waiting);
    assert_eq!(stand(world.session(&b).await.ask(put(b"of b")).await), ChangeStand::Waiting);
    world.restart().await;

    let mut admin = world.admin().await;
    let Frame::Changes { requests, .. } = admin.ask(Frame::ChangesFetch { tag: Tag(3) }).await else { panic!() };
    assert!(requests == [(a.id, b"newer".to_vec().into()), (b.id, b"of b".to_vec().into())]);
    // What was replaced is not settled in the newer one's place.
    assert!(matches!(admin.ask(settle(b"first", ChangeStand::Done)).await, Frame::Published { .. }));
    let mut node = world.session(&a).await;
    assert_eq!(stand(node.ask(put(b"newer")).await), ChangeStand::Waiting);
    assert!(matches!(admin.ask(settle(b"newer", ChangeStand::Stale)).await, Frame::Published { .. }));
    assert_eq!(stand(node.ask(put(b"newer")).await), ChangeStand::Stale);
    let Frame::Changes { requests, .. } = admin.ask(Frame::ChangesFetch { tag: Tag(4) }).await else { panic!() };
    assert_eq!(requests.len(), 1);
}

#[tokio::test]
async fn after_a_renewal_old_keys_open_no_session_and_serve_nobody_and_what_was_signed_before_still_settles() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let (mut node, mut partner) = (world.session(&b).await, world.session(&a).await);
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day().after(14));
    partner.submit(&letter).await;
    assert!(node.delivered().await == letter.as_bytes());
    let old = b.prekey(PrekeyKind::OneTime, 1, NOW);
    let publish = |record: &[u8]| Frame::PrekeyPublish { tag: Tag(5), records: vec![record.to_vec().into()] };
    assert!(matches!(node.ask(publish(old.as_bytes())).await, Frame::PrekeyStocked { refused: 0, .. }));

    let renewed = Node { id: b.id, mailbox: b.mailbox, ..Node::new(3) };
    world.authority.change(&b, Some(&b.ik), |fields| LeafFields {
        ik: *renewed.ik.verifying_key().as_bytes(),
        tls_spki: renewed.tls.spki_hash(),
        ..fields
    });
    world.publish().await;

    assert_eq!(node.goodbye().await, Goodbye::NotRegistered);
    let mut node = world.session(&renewed).await;
    assert!(node.delivered().await == letter.as_bytes());
    node.send(b.done(&letter)).await;
    node.has_nothing().await;
    let fetch = |n| Frame::PrekeyFetch { tag: Tag(n), request: RequestId::from_bytes([9; 16]), node: b.id };
    let mut partner = world.session(&a).await;
    let none = partner.ask(fetch(6)).await;
    assert!(matches!(none, Frame::PrekeyRefused { reason: PrekeyRefusal::NoneLeft, .. }), "{}", none.name());
    assert!(matches!(node.ask(publish(old.as_bytes())).await, Frame::PrekeyStocked { refused: 1, .. }));
    let new = renewed.prekey(PrekeyKind::OneTime, 1, NOW);
    assert!(matches!(node.ask(publish(new.as_bytes())).await, Frame::PrekeyStocked { refused: 0, .. }));
    let served = partner.ask(fetch(7)).await;
    assert!(matches!(served, Frame::PrekeyServed { ref record, .. } if **record == new.as_bytes()[..]));
    world.restart().await;
    world.session(&renewed).await.has_nothing().await;
}

#[tokio::test]
async fn a_settlement_by_a_key_that_was_taken_from_its_node_deletes_nothing() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day().after(14));
    world.session(&a).await.submit(&letter).await;
    let renewed = Node { id: b.id, mailbox: b.mailbox, tls: Node::new(2).tls, ..Node::new(3) };
    world
        .authority
        .change(&b, Some(&b.succession), |fields| LeafFields { ik: *renewed.ik.verifying_key().as_bytes(), ..fields });
    world.publish().await;

    let mut node = world.session(&renewed).await;
    assert!(node.delivered().await == letter.as_bytes());
    node.send(b.done(&letter)).await;
    node.has_nothing().await;

    assert!(world.session(&renewed).await.delivered().await == letter.as_bytes());
}

#[tokio::test]
async fn a_node_that_moved_away_collects_what_waits_here_and_nothing_new_comes() {
    let (a, b, far) = (Node::new(1), Node::new(2), Node::new(9));
    let mut world = World::of(&[&a, &b]).await;
    let [letter, late] = [10, 11].map(|n| envelope(*b.mailbox.as_bytes(), n, NOW.day().after(14)));
    world.session(&a).await.submit(&letter).await;
    world.authority.add_elsewhere(&far);
    world.authority.change(&b, None, |fields| LeafFields { home_relay: RelayId(2), ..fields });
    world.publish().await;

    let refused = world.session(&a).await.submit(&late).await;
    assert!(matches!(refused, Frame::SubmitRefused { reason: SubmitRefusal::RecipientElsewhere, .. }));
    let mut node = world.session(&b).await;
    assert!(node.delivered().await == letter.as_bytes());
    node.send(b.done(&letter)).await;
    node.has_nothing().await;
    world.session(&b).await.has_nothing().await;
    // Its time is over when the authority has signed a later one: it is a guest like any other then.
    world.clock.set(NOW.after(31 * DAY_S));
    world.publish().await;
    let mut late = world.session(&b).await;
    late.send(b.done(&letter)).await;
    assert_eq!(late.goodbye().await, Goodbye::ProtocolError);
}

#[tokio::test]
async fn a_node_that_is_resumed_finds_what_came_while_it_was_suspended() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    world.authority.mark(LeafKind::Suspend, &b);
    world.publish().await;
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day().after(14));
    assert!(matches!(world.session(&a).await.submit(&letter).await, Frame::Submitted { .. }));

    world.authority.mark(LeafKind::Change, &b);
    world.publish().await;

    assert!(world.session(&b).await.delivered().await == letter.as_bytes());
}

#[tokio::test]
async fn the_days_that_the_authoritys_keys_are_meant_to_serve_are_a_metric() {
    let world = World::of(&[]).await;
    let metrics = world.get("/metrics").await;
    for name in ["safeconduct_relay_timestamp_key_days ", "safeconduct_relay_log_key_days "] {
        assert!(metrics.contains(name), "{metrics}");
    }
}
