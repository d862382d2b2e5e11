//! Nodes whose home is another relay, and authorities that ours recognises.

use safeconduct_certs::{link::Alpn, node::Role, registry::leaf::LeafKind};
use safeconduct_protocol::{
    frame::{Frame, Goodbye, Head, PublishRefusal, SESSION_VERSION, SubmitRefusal, Tag},
    id::{InviteId, RelayId, RequestId},
    prekey::record::PrekeyKind,
    time::{DAY_S, Timestamp},
};

use super::world::{Authority, NOW, Node, Peer, World, envelope, hello, status_secret};

const UNTIL: Timestamp = NOW.after(DAY_S);

/// Another country's authority, with a shelter of its relay 2.
pub(super) fn abroad(n: u8, shelter: &Node) -> Authority {
    let mut authority = Authority::new(n);
    authority.add_elsewhere(shelter);
    authority
}

/// Publishes all of this authority's log.
pub(super) async fn publish(world: &World, authority: &Authority) -> Frame {
    let (mut admin, _) = world.admin_of(authority).await;
    admin.ask(authority.piece(0, authority.registry.size(), NOW)).await
}

/// A relay with node `here`, and an authority that is recognised and has published `there`.
pub(super) async fn with_abroad(here: &Node, there: &Node) -> (World, Authority) {
    let mut world = World::of(&[here]).await;
    let other = abroad(2, there);
    world.authority.recognise(&other, Role::NgoShelter, UNTIL);
    world.publish().await;
    assert!(matches!(publish(&world, &other).await, Frame::Published { size: 2, .. }));
    (world, other)
}

/// A session of a guest from abroad: it is not told of our log.
pub(super) async fn foreign_session(world: &World, node: &Node) -> Peer {
    let mut peer = world.dial(Some(&node.tls), Alpn::Node).await.unwrap();
    peer.send(hello(node, 64)).await;
    let frame = peer.receive().await;
    let Frame::Welcome { head, .. } = frame else { panic!("{}", frame.name()) };
    assert!(head == Head::default(), "our log is not taken for its own");
    peer
}

pub(super) fn refusal(frame: &Frame) -> (PublishRefusal, u64) {
    let Frame::PublishRefused { reason, size, .. } = frame else { panic!("{}", frame.name()) };
    (*reason, *size)
}

fn fetch(target: &Node) -> Frame {
    Frame::PrekeyFetch { tag: Tag(50), request: RequestId::from_bytes([9; 16]), node: target.id }
}

#[tokio::test]
async fn a_guest_of_another_relay_submits_fetches_prekeys_and_reads_its_slots() {
    let (a, far) = (Node::new(1), Node::new(4));
    let mut world = World::of(&[&a]).await;
    world.authority.add_elsewhere(&far);
    world.publish().await;
    let (mut home, mut guest) = (world.session(&a).await, world.session(&far).await);
    let prekey = a.prekey(PrekeyKind::OneTime, 0, NOW);
    home.ask(Frame::PrekeyPublish { tag: Tag(1), records: vec![prekey.as_bytes().to_vec().into()] }).await;

    let served = guest.ask(fetch(&a)).await;
    assert!(matches!(served, Frame::PrekeyServed { ref record, .. } if record == prekey.as_bytes()));
    let letter = envelope(*a.mailbox.as_bytes(), 10, NOW.day());
    assert!(matches!(guest.submit(&letter).await, Frame::Submitted { .. }));
    assert!(home.delivered().await == letter.as_bytes());
    let (secret, reply) = status_secret(77);
    guest.send(Frame::SlotWatch { secrets: vec![secret] }).await;
    let receipt = envelope(*reply.as_bytes(), 11, NOW.day());
    assert!(matches!(home.submit(&receipt).await, Frame::Submitted { .. }));
    let Frame::SlotItem { slot, seq, item, .. } = guest.receive().await else { panic!() };
    assert!(slot == reply && item == receipt.as_bytes());
    guest.send(Frame::SlotDrop { secret, seq }).await;
    let page = guest.ask(Frame::RegistryFetch { tag: Tag(7), from: 0 }).await;
    assert!(matches!(page, Frame::RegistryPage { ref records, .. } if records.len() == 4), "it is one of ours");
    let to_guest = envelope(*far.mailbox.as_bytes(), 12, NOW.day());
    let elsewhere = home.submit(&to_guest).await;
    assert!(matches!(elsewhere, Frame::SubmitRefused { reason: SubmitRefusal::RecipientElsewhere, .. }));
    let metrics = world.get("/metrics").await;
    assert!(metrics.contains("safeconduct_relay_guests{authority=\"own\"}"), "{metrics}");
}

#[tokio::test]
async fn a_guest_has_no_mailbox_and_no_prekeys_here() {
    let (a, far, there) = (Node::new(1), Node::new(4), Node::new(5));
    let (mut world, _) = with_abroad(&a, &there).await;
    world.authority.add_elsewhere(&far);
    world.publish().await;
    let letter = envelope(*a.mailbox.as_bytes(), 10, NOW.day());
    let mut sender = world.session(&far).await;
    assert!(matches!(sender.receive().await, Frame::ForeignHead { .. }), "it is one of ours");
    assert!(matches!(sender.submit(&letter).await, Frame::Submitted { .. }));

    for guest in [&far, &there] {
        for frame in [
            guest.done(&letter),
            Frame::PrekeyStock { tag: Tag(1) },
            Frame::PrekeyPublish { tag: Tag(1), records: Vec::new() },
        ] {
            let mut peer = world.dial(Some(&guest.tls), Alpn::Node).await.unwrap();
            peer.send(hello(guest, 64)).await;
            assert!(matches!(peer.receive().await, Frame::Welcome { .. }));
            peer.send(frame).await;
            assert_eq!(peer.goodbye().await, Goodbye::ProtocolError);
        }
    }
    let mut home = world.session(&a).await;
    assert!(matches!(home.receive().await, Frame::ForeignHead { .. }));
    assert!(home.delivered().await == letter.as_bytes(), "nothing of it was settled");
}

#[tokio::test]
async fn a_node_from_abroad_is_let_in_when_its_authority_is_recognised_and_has_published() {
    let (a, there) = (Node::new(1), Node::new(5));
    let mut world = World::of(&[&a]).await;
    let other = abroad(2, &there);
    assert_eq!(world.refused(&there).await, None, "unknown");
    let unknown = match world.dial(Some(&other.tls), Alpn::Authority).await {
        Err(_) => true,
        Ok(mut peer) => peer.next().await.is_err(),
    };
    assert!(unknown, "an authority that is not recognised");
    world.authority.recognise(&other, Role::NgoShelter, UNTIL);
    world.publish().await;
    assert_eq!(world.refused(&there).await, None, "recognised, but its log is not here");

    assert!(matches!(publish(&world, &other).await, Frame::Published { size: 2, .. }));

    let mut guest = foreign_session(&world, &there).await;
    let mut home = world.session(&a).await;
    home.receive().await;
    let letter = envelope(*a.mailbox.as_bytes(), 10, NOW.day());
    assert!(matches!(guest.submit(&letter).await, Frame::Submitted { .. }));
    assert!(home.delivered().await == letter.as_bytes());
    assert!(matches!(guest.ask(fetch(&a)).await, Frame::PrekeyRefused { .. }), "there are none");
    let root = *other.registry.root().hash();
    for ask in
        [Frame::RegistryFetch { tag: Tag(3), from: 0 }, Frame::ForeignFetch { tag: Tag(3), authority: root, from: 0 }]
    {
        let page = guest.ask(ask).await;
        let Frame::RegistryPage { leaves, head, .. } = page else { panic!("{}", page.name()) };
        assert!(leaves.is_empty() && head == Head::default());
    }
    let root = guest.ask(Frame::RootFetch { tag: Tag(4) }).await;
    assert!(matches!(root, Frame::Root { ref root, .. } if root.is_empty()));
    let to_guest = envelope(*there.mailbox.as_bytes(), 12, NOW.day());
    let elsewhere = home.submit(&to_guest).await;
    assert!(matches!(elsewhere, Frame::SubmitRefused { reason: SubmitRefusal::RecipientElsewhere, .. }), "no slot");
}

#[tokio::test]
async fn roles_out_of_scope_relays_and_stolen_names_are_not_let_in_from_abroad() {
    let (a, there, far_relay) = (Node::new(1), Node::new(5), Node::new(88));
    let mut world = World::of(&[&a]).await;
    let mut other = abroad(2, &there);
    // It claims the id of one of our nodes, under another key.
    let mut impostor = Node::new(6);
    impostor.id = a.id;
    other.add_at(&impostor, RelayId(2));
    world.authority.recognise(&other, Role::Police, UNTIL);
    world.publish().await;
    publish(&world, &other).await;

    assert_eq!(world.refused(&there).await, Some(Goodbye::NotRegistered), "a shelter, and only the police may");
    world.authority.recognise(&other, Role::NgoShelter, UNTIL);
    world.publish().await;
    foreign_session(&world, &there).await;
    assert_eq!(world.refused(&far_relay).await, Some(Goodbye::NotRegistered), "a relay");
    assert_eq!(world.refused(&impostor).await, Some(Goodbye::NotRegistered));
    let mut another = Authority::new(3);
    another.add_elsewhere(&there);
    world.authority.recognise(&another, Role::NgoShelter, UNTIL);
    world.publish().await;
    publish(&world, &another).await;
    assert_eq!(world.refused(&there).await, Some(Goodbye::NotRegistered), "two authorities name it");
}

#[tokio::test]
async fn guests_and_their_authority_are_cut_when_the_recognition_ends() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (mut world, other) = with_abroad(&a, &there).await;
    let mut guest = foreign_session(&world, &there).await;
    let (mut admin, _) = world.admin_of(&other).await;
    let mut home = world.session(&a).await;
    assert!(matches!(home.receive().await, Frame::ForeignHead { .. }));

    world.clock.set(UNTIL);

    assert_eq!(guest.goodbye().await, Goodbye::NotRegistered);
    assert_eq!(admin.goodbye().await, Goodbye::NotRegistered);
    assert_eq!(world.refused(&there).await, Some(Goodbye::NotRegistered));
    let mut late = world.dial(Some(&other.tls), Alpn::Authority).await.unwrap();
    late.send(Frame::AuthorityHello { version: SESSION_VERSION }).await;
    assert_eq!(late.goodbye().await, Goodbye::NotRegistered);
    let authority = *other.registry.root().hash();
    let page = home.ask(Frame::ForeignFetch { tag: Tag(3), authority, from: 0 }).await;
    assert!(matches!(page, Frame::RegistryPage { ref leaves, .. } if leaves.is_empty()));

    world.authority.recognise(&other, Role::NgoShelter, UNTIL.after(DAY_S));
    world.publish().await;
    assert!(matches!(home.receive().await, Frame::RegistryHead { .. }));
    assert!(matches!(home.receive().await, Frame::ForeignHead { head, .. } if head.size == 2), "told again");
    foreign_session(&world, &there).await;
}

#[tokio::test]
async fn a_recognised_authority_publishes_its_own_log_and_nothing_else() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (world, mut other) = with_abroad(&a, &there).await;
    let (mut admin, head) = world.admin_of(&other).await;
    assert_eq!(head.size, 2, "welcomed with what is held of its own log");
    let invite = InviteId::from_bytes([5; 16]);

    let put = admin.ask(Frame::InvitePut { tag: Tag(1), invites: vec![(invite, NOW.day())] }).await;
    assert_eq!(refusal(&put), (PublishRefusal::Root, 2));
    let answer = admin.ask(Frame::EnrolAnswer { tag: Tag(1), invite, answer: vec![1].into() }).await;
    assert_eq!(refusal(&answer), (PublishRefusal::Root, 2));
    let requests = admin.ask(Frame::RequestsFetch { tag: Tag(1) }).await;
    assert!(matches!(requests, Frame::Requests { ref requests, .. } if requests.is_empty()));
    let ours = world.authority.piece(0, 3, NOW);
    assert_eq!(refusal(&admin.ask(ours).await), (PublishRefusal::Root, 2));
    assert_eq!(refusal(&admin.ask(Authority::new(3).piece(0, 0, NOW)).await), (PublishRefusal::Root, 2));

    let shorter = Authority::new(2);
    assert_eq!(refusal(&admin.ask(shorter.piece(0, 0, NOW)).await), (PublishRefusal::Rollback, 2));
    let mut another_history = Authority::new(2);
    another_history.add_elsewhere(&Node::new(7));
    another_history.add_at(&there, RelayId(2));
    assert_eq!(refusal(&admin.ask(another_history.piece(0, 3, NOW)).await), (PublishRefusal::Rollback, 2));
    other.add_at(&Node::new(9), RelayId(2));
    let Frame::Publish { tag, root, from, leaves, records, mut head } = other.piece(2, 3, NOW) else { panic!() };
    head.note[30] ^= 1;
    let forged = Frame::Publish { tag, root, from, leaves, records, head };
    assert_eq!(refusal(&admin.ask(forged).await), (PublishRefusal::Replay, 2));
    assert!(matches!(admin.ask(other.piece(2, 3, NOW)).await, Frame::Published { size: 3, .. }));
    let page = admin.ask(Frame::RegistryFetch { tag: Tag(1), from: 0 }).await;
    assert!(matches!(page, Frame::RegistryPage { ref leaves, .. } if leaves.is_empty()), "not ours");
    let (_, of_ours) = world.admin_of(&world.authority).await;
    assert_eq!(of_ours.size, 3, "our log is as it was");
}

#[tokio::test]
async fn our_nodes_are_told_of_a_recognised_log_and_fetch_it_also_after_a_restart() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (mut world, mut other) = with_abroad(&a, &there).await;
    let named = *other.registry.root().hash();
    let mut home = world.session(&a).await;
    let told = |frame: Frame| {
        let Frame::ForeignHead { authority, head } = frame else { panic!("{}", frame.name()) };
        assert!(authority == named);
        head.size
    };
    assert_eq!(told(home.receive().await), 2);
    other.add_at(&Node::new(9), RelayId(2));
    publish(&world, &other).await;
    assert_eq!(told(home.receive().await), 3);

    world.restart().await;

    let mut home = world.session(&a).await;
    assert_eq!(told(home.receive().await), 3);
    let page = home.ask(Frame::ForeignFetch { tag: Tag(8), authority: named, from: 1 }).await;
    let Frame::RegistryPage { tag, from, leaves, records, head } = page else { panic!("{}", page.name()) };
    assert_eq!((tag, from, records.len(), head.size), (Tag(8), 1, 2, 3));
    assert!(leaves.iter().map(|leaf| leaf.as_slice()).eq(other.registry.leaves_from(1)));
    assert!(records.iter().all(|record| record.len() == 300));
    let unknown = home.ask(Frame::ForeignFetch { tag: Tag(9), authority: [3; 32], from: 0 }).await;
    assert!(matches!(unknown, Frame::RegistryPage { ref leaves, .. } if leaves.is_empty()));
    foreign_session(&world, &there).await;
    let data = world.data().to_owned();
    let usage = tokio::task::spawn_blocking(move || crate::upkeep::usage(&data).unwrap()).await.unwrap();
    assert_eq!((&usage["foreign_logs"], &usage["foreign_leaves"]), (&1.into(), &3.into()));
}

#[tokio::test]
async fn a_node_that_its_authority_abroad_revokes_is_cut() {
    let (a, there, beside) = (Node::new(1), Node::new(5), Node::new(6));
    let (world, mut other) = with_abroad(&a, &there).await;
    other.add_at(&beside, RelayId(2));
    publish(&world, &other).await;
    let (mut guest, mut stays) = (foreign_session(&world, &there).await, foreign_session(&world, &beside).await);
    other.mark(LeafKind::Revoke, &there);

    publish(&world, &other).await;

    assert_eq!(guest.goodbye().await, Goodbye::Revoked);
    assert_eq!(world.refused(&there).await, Some(Goodbye::Revoked));
    stays.has_nothing().await;
}

#[tokio::test]
async fn a_recognised_log_that_cannot_be_used_keeps_nobody_from_starting_and_is_published_anew() {
    let (a, there) = (Node::new(1), Node::new(5));
    let (mut world, other) = with_abroad(&a, &there).await;
    world.stop().await;
    let database = rusqlite::Connection::open(world.data().join("relay.db")).unwrap();
    database.execute("UPDATE foreign_leaf SET leaf = x'00' WHERE place = 1", []).unwrap();
    drop(database);

    world.start().await;

    let mut home = world.session(&a).await;
    home.has_nothing().await;
    assert_eq!(world.refused(&there).await, None);
    assert!(matches!(publish(&world, &other).await, Frame::Published { size: 2, .. }));
    assert!(matches!(home.receive().await, Frame::ForeignHead { .. }));
    foreign_session(&world, &there).await;
}

#[tokio::test]
async fn below_the_authoritys_least_version_no_node_is_served() {
    let a = Node::new(1);
    let mut world = World::of(&[&a]).await;
    world.authority.raise_version(SESSION_VERSION);
    world.publish().await;
    let mut served = world.session(&a).await;

    world.authority.raise_version(SESSION_VERSION + 1);
    world.publish().await;

    assert_eq!(served.goodbye().await, Goodbye::Version);
    assert_eq!(world.refused(&a).await, Some(Goodbye::Version));
}
