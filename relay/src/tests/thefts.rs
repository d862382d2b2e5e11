//! What whoever has stolen a key, has one agency, or is an authority abroad must not be able to do for good.

use safeconduct_certs::{node::Role, registry::leaf::LeafFields, registry::replay::OVERRIDE_DELAY_S};
use safeconduct_protocol::{
    frame::{ChangeStand, Frame, Goodbye, PublishRefusal, Tag},
    id::RelayId,
    prekey::record::PrekeyKind,
    receipt::head::{HeadPlace, NodeHead},
    time::DAY_S,
};

use super::{
    guests::{foreign_session, publish, refusal, with_abroad},
    world::{Authority, NOW, Node, Peer, World},
};

async fn put_head(session: &mut Peer, by: &Node, epoch: u64, counter: u64) -> Vec<u8> {
    let head = NodeHead::sign(&by.ik, by.id, HeadPlace { epoch, counter }, NOW.day(), [9; 32]);
    let answer = session.ask(Frame::NodeHeadPut { tag: Tag(70), head: head.as_bytes().to_vec().into() }).await;
    let Frame::NodeHead { head: kept, .. } = answer else { panic!("{}", answer.name()) };
    assert!(kept.is_empty() || NodeHead::parse(&kept).is_ok());
    kept.into_vec()
}

async fn put_prekey(session: &mut Peer, by: &Node, epoch: u64) -> u32 {
    let record = by.prekey(PrekeyKind::OneTime, epoch, NOW);
    let records = vec![record.as_bytes().to_vec().into()];
    let answer = session.ask(Frame::PrekeyPublish { tag: Tag(5), records }).await;
    let Frame::PrekeyStocked { refused, .. } = answer else { panic!("{}", answer.name()) };
    refused
}

#[tokio::test]
async fn what_a_thief_signed_stands_in_nobodys_way_once_the_key_is_taken_back() {
    let b = Node::new(2);
    let mut world = World::of(&[&b]).await;
    let mut thief = world.session(&b).await;
    assert_eq!(put_prekey(&mut thief, &b, NOW.0 + DAY_S + 1).await, 1, "of a later day");
    assert_eq!(put_prekey(&mut thief, &b, u64::MAX).await, 1);
    assert!(put_head(&mut thief, &b, NOW.0 + DAY_S + 1, 1).await.is_empty());
    assert_eq!(put_prekey(&mut thief, &b, NOW.0 + DAY_S).await, 0);
    assert!(!put_head(&mut thief, &b, NOW.0 + DAY_S, u64::MAX).await.is_empty());

    let owner = Node { id: b.id, mailbox: b.mailbox, ..Node::new(3) };
    world.authority.change(&b, Some(&b.succession), |fields| LeafFields {
        ik: *owner.ik.verifying_key().as_bytes(),
        tls_spki: owner.tls.spki_hash(),
        ..fields
    });
    world.publish().await;

    let mut session = world.session(&owner).await;
    let none = session.ask(Frame::NodeHeadPut { tag: Tag(71), head: Vec::new().into() }).await;
    assert!(matches!(none, Frame::NodeHead { ref head, .. } if head.is_empty()), "{}", none.name());
    assert!(!put_head(&mut session, &owner, 1, 1).await.is_empty());
    assert_eq!(put_prekey(&mut session, &owner, 1).await, 0);
}

#[tokio::test]
async fn guests_file_no_requests_for_changes() {
    let (a, far, there) = (Node::new(1), Node::new(4), Node::new(5));
    let (mut world, _) = with_abroad(&a, &there).await;
    world.authority.add_elsewhere(&far);
    world.publish().await;
    let put = || Frame::ChangePut { tag: Tag(9), request: b"bytes".to_vec().into() };
    let (mut own, mut foreign) = (world.session(&far).await, foreign_session(&world, &there).await);
    assert!(matches!(own.receive().await, Frame::ForeignHead { .. }));
    for guest in [&mut own, &mut foreign] {
        let answer = guest.ask(put()).await;
        assert!(matches!(answer, Frame::ChangeState { state: ChangeStand::NotTaken, .. }), "{}", answer.name());
    }

    let changes = world.admin().await.ask(Frame::ChangesFetch { tag: Tag(3) }).await;
    assert!(matches!(changes, Frame::Changes { ref requests, .. } if requests.is_empty()));
}

#[tokio::test]
async fn a_head_of_a_later_day_is_refused_by_name_and_the_relay_goes_on() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (mut world, mut other) = with_abroad(&a, &there).await;
    world.authority.add(&Node::new(9));
    other.add_at(&Node::new(10), RelayId(2));
    for authority in [&world.authority, &other] {
        let (mut admin, head) = world.admin_of(authority).await;
        let size = authority.registry.size();
        let late = admin.ask(authority.piece(0, size, NOW.after(DAY_S + 1))).await;
        assert_eq!(refusal(&late), (PublishRefusal::Time, head.size));
        let soon = admin.ask(authority.piece(0, size, NOW.after(DAY_S))).await;
        assert!(matches!(soon, Frame::Published { size: held, .. } if held == size), "{}", soon.name());
    }
    world.restart().await;
    world.session(&a).await;
}

#[tokio::test]
async fn one_of_our_nodes_does_not_shut_out_a_guest_by_naming_its_key() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (mut world, _) = with_abroad(&a, &there).await;
    world.authority.change(&a, None, |fields| LeafFields { tls_spki: there.tls.spki_hash(), ..fields });
    world.publish().await;

    foreign_session(&world, &there).await;
}

#[tokio::test]
async fn an_authority_under_anothers_log_name_does_not_keep_the_other_out() {
    let (a, there, beside) = (Node::new(1), Node::new(5), Node::new(6));
    let (mut world, first) = with_abroad(&a, &there).await;
    let mut second = Authority::under(3, first.registry.root().log_name());
    second.add_elsewhere(&beside);
    second.add_at(&Node::new(7), RelayId(2));
    assert_eq!(first.registry.root().log_name(), second.registry.root().log_name());
    world.authority.recognise(&second, Role::NgoShelter, NOW.after(DAY_S));
    world.publish().await;

    assert!(matches!(publish(&world, &second).await, Frame::Published { size: 3, .. }));
    assert!(matches!(publish(&world, &first).await, Frame::Published { size: 2, .. }));
    let (_, head) = world.admin_of(&first).await;
    assert_eq!(head.size, 2);
    world.restart().await;
    assert!(matches!(publish(&world, &first).await, Frame::Published { size: 2, .. }));
}

#[tokio::test]
async fn a_change_that_is_dated_back_waits_over_a_restart_too() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (mut world, mut other) = with_abroad(&a, &there).await;
    let thief = Node { id: there.id, mailbox: there.mailbox, ..Node::new(6) };
    let theirs = |fields: LeafFields| LeafFields {
        effective: safeconduct_protocol::time::Timestamp(1),
        ik: *thief.ik.verifying_key().as_bytes(),
        tls_spki: thief.tls.spki_hash(),
        ..fields
    };
    other.change(&there, None, theirs);
    assert!(matches!(publish(&world, &other).await, Frame::Published { size: 3, .. }));

    world.restart().await;

    foreign_session(&world, &there).await;
    assert_eq!(world.refused(&thief).await, Some(Goodbye::NotRegistered));
    // And of our own log.
    let thief = Node { id: a.id, mailbox: a.mailbox, ..Node::new(8) };
    world.authority.change(&a, None, |fields| LeafFields {
        effective: safeconduct_protocol::time::Timestamp(1),
        ik: *thief.ik.verifying_key().as_bytes(),
        tls_spki: thief.tls.spki_hash(),
        ..fields
    });
    world.publish().await;
    world.restart().await;
    world.session(&a).await;
    world.clock.set(NOW.after(OVERRIDE_DELAY_S));
    world.publish().await;
    world.session(&thief).await;
}
