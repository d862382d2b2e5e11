//! The relay over real connections on loopback.

mod blobs;
mod changes;
mod guests;
mod raw;
mod rotation;
mod thefts;
mod traps;
mod world;

use safeconduct_certs::{
    link::{Alpn, LinkError, TlsKey},
    registry::leaf::LeafKind,
    system::SystemEntropy,
};
use safeconduct_protocol::{
    frame::{
        EnrolState, Frame, Goodbye, PrekeyRefusal, PublishRefusal, SESSION_VERSION, SlotItemKind, SubmitRefusal, Tag,
    },
    id::{InviteId, PrekeyId, RequestId},
    prekey::record::PrekeyKind,
    receipt::{
        head::{HeadPlace, NodeHead},
        relay::{RelayAccepted, RelayExpired},
        settle::{NackReason, SettleKind, Settlement},
    },
    time::{Clock as _, DAY_S},
};

use self::world::{Authority, NOW, Node, RELAY, World, envelope, hello, status_secret};
use crate::{
    config::Config,
    lock::LockError,
    relay::{Relay, RelayError},
};

#[tokio::test]
async fn an_envelope_is_accepted_delivered_settled_and_never_comes_again() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let (mut sender, mut recipient) = (world.session(&a).await, world.session(&b).await);
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day().after(14));

    let answer = sender.submit(&letter).await;

    let Frame::Submitted { receipt, .. } = answer else { panic!("{}", answer.name()) };
    let receipt = RelayAccepted::parse(&receipt).unwrap();
    receipt.verify(&world.relay_key).unwrap();
    assert!(receipt.envelope() == letter.digest() && receipt.relay() == RELAY && receipt.accepted_at() == NOW);
    assert!(recipient.delivered().await == letter.as_bytes());
    recipient.send(b.done(&letter)).await;
    recipient.has_nothing().await;
    assert!(matches!(sender.submit(&letter).await, Frame::Submitted { .. }), "the same bytes get a receipt again");
    recipient.has_nothing().await;
    world.restart().await;
    world.session(&b).await.has_nothing().await;
}

#[tokio::test]
async fn what_was_not_settled_comes_again_in_order_after_a_restart() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let letters: Vec<_> = (10..40).map(|n| envelope(*b.mailbox.as_bytes(), n, NOW.day().after(14))).collect();
    let mut sender = world.session(&a).await;
    for letter in &letters {
        assert!(matches!(sender.submit(letter).await, Frame::Submitted { .. }));
    }
    let mut first = world.session(&b).await;
    for letter in &letters {
        assert!(first.delivered().await == letter.as_bytes());
    }
    first.send(b.done(&letters[3])).await;
    first.has_nothing().await;

    world.restart().await;

    assert_eq!(first.goodbye().await, Goodbye::ShuttingDown);
    let mut second = world.session(&b).await;
    for letter in letters.iter().enumerate().filter(|(place, _)| *place != 3).map(|(_, letter)| letter) {
        assert!(second.delivered().await == letter.as_bytes());
    }
    second.has_nothing().await;
}

#[tokio::test]
async fn no_more_is_delivered_than_was_granted() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let letters: Vec<_> = (10..14).map(|n| envelope(*b.mailbox.as_bytes(), n, NOW.day())).collect();
    let mut sender = world.session(&a).await;
    for letter in &letters {
        sender.submit(letter).await;
    }
    let mut peer = world.dial(Some(&b.tls), Alpn::Node).await.unwrap();
    peer.send(hello(&b, 1)).await;
    assert!(matches!(peer.receive().await, Frame::Welcome { .. }));

    assert!(peer.delivered().await == letters[0].as_bytes());
    peer.has_nothing().await;
    peer.send(Frame::Credit { count: 2 }).await;
    assert!(peer.delivered().await == letters[1].as_bytes());
    assert!(peer.delivered().await == letters[2].as_bytes());
    peer.has_nothing().await;
    peer.send(Frame::Credit { count: 65 }).await;
    assert_eq!(peer.goodbye().await, Goodbye::ProtocolError);
}

#[tokio::test]
async fn a_nack_and_a_receipt_reach_whoever_holds_the_slots_secret() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let (mut sender, mut recipient) = (world.session(&a).await, world.session(&b).await);
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day());
    let (status, status_slot) = status_secret(10);
    let (reply, reply_slot) = status_secret(77);
    sender.send(Frame::SlotWatch { secrets: vec![status, reply] }).await;
    sender.submit(&letter).await;
    recipient.delivered().await;

    let kind = SettleKind::Nack { prekey: PrekeyId::from_bytes([10; 16]), reason: NackReason::Unknown, epoch: 3 };
    let nack = Settlement::sign(&b.ik, b.id, letter.digest(), kind);
    recipient.send(Frame::Settle { settlements: vec![nack.as_bytes().to_vec().into()] }).await;
    let Frame::SlotItem { slot, seq, kind, item } = sender.receive().await else { panic!() };
    assert!(slot == status_slot && kind == SlotItemKind::Nack && item == nack.as_bytes());
    let receipt = envelope(*reply_slot.as_bytes(), 11, NOW.day());
    assert!(matches!(recipient.submit(&receipt).await, Frame::Submitted { .. }));
    let Frame::SlotItem { slot, kind, item, .. } = sender.receive().await else { panic!() };
    assert!(slot == reply_slot && kind == SlotItemKind::Envelope && item == receipt.as_bytes());

    sender.send(Frame::SlotDrop { secret: status, seq }).await;
    sender.has_nothing().await;
    let mut again = world.session(&a).await;
    again.send(Frame::SlotWatch { secrets: vec![status, reply] }).await;
    let Frame::SlotItem { slot, .. } = again.receive().await else { panic!() };
    assert!(slot == reply_slot, "what was dropped is gone, what was not comes again");
    again.has_nothing().await;
}

/// Trap 36.
#[tokio::test]
async fn a_settlement_by_another_key_deletes_nothing() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let (mut sender, mut recipient) = (world.session(&a).await, world.session(&b).await);
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day());
    sender.submit(&letter).await;
    recipient.delivered().await;

    let forged = Settlement::sign(&a.ik, b.id, letter.digest(), SettleKind::Done);
    recipient.send(Frame::Settle { settlements: vec![forged.as_bytes().to_vec().into()] }).await;
    sender.send(a.done(&letter)).await;
    sender.has_nothing().await;
    recipient.has_nothing().await;

    assert!(world.session(&b).await.delivered().await == letter.as_bytes());
}

#[tokio::test]
async fn envelopes_that_cannot_be_kept_are_refused_by_name() {
    let (a, b, gone, far) = (Node::new(1), Node::new(2), Node::new(3), Node::new(4));
    let mut world = World::of(&[&a, &b, &gone]).await;
    world.authority.mark(LeafKind::Revoke, &gone);
    world.authority.add_elsewhere(&far);
    world.publish().await;
    let mut sender = world.session(&a).await;
    let day = NOW.day();
    let to = |node: &Node, expiry| envelope(*node.mailbox.as_bytes(), 10, expiry);

    for (letter, expected) in [
        (to(&b, day.after(15)), SubmitRefusal::Expiry),
        (to(&b, safeconduct_protocol::time::Day(day.0 - 1)), SubmitRefusal::Expiry),
        (to(&gone, day), SubmitRefusal::RecipientRevoked),
        (to(&far, day), SubmitRefusal::RecipientElsewhere),
    ] {
        let answer = sender.submit(&letter).await;
        let Frame::SubmitRefused { reason, .. } = answer else { panic!("{}", answer.name()) };
        assert_eq!(reason, expected);
    }
    let garbage = Frame::Submit { tag: Tag(1), envelope: vec![1; 16_384].into() };
    assert!(matches!(sender.ask(garbage).await, Frame::SubmitRefused { reason: SubmitRefusal::Malformed, .. }));
    for n in 20..28 {
        assert!(matches!(sender.submit(&envelope([200; 16], n, day)).await, Frame::Submitted { .. }));
    }
    let ninth = sender.submit(&envelope([200; 16], 30, day)).await;
    assert!(matches!(ninth, Frame::SubmitRefused { reason: SubmitRefusal::SlotFull, .. }));
}

/// Trap 59.
#[tokio::test]
async fn prekeys_are_handed_out_once_and_a_retry_gets_the_same() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let (mut asker, mut owner) = (world.session(&a).await, world.session(&b).await);
    let fetch =
        |n: u8| Frame::PrekeyFetch { tag: Tag(u64::from(n) + 50), request: RequestId::from_bytes([n; 16]), node: b.id };
    let nothing = asker.ask(fetch(1)).await;
    assert!(matches!(nothing, Frame::PrekeyRefused { reason: PrekeyRefusal::NoneLeft, .. }));
    let once = b.prekey(PrekeyKind::OneTime, 0, NOW);
    let signed = b.prekey(PrekeyKind::Signed, 0, NOW);
    let foreign = a.prekey(PrekeyKind::OneTime, 0, NOW);
    let upload = |tag| Frame::PrekeyPublish {
        tag: Tag(tag),
        records: [&once, &signed, &foreign].map(|record| record.as_bytes().to_vec().into()).into(),
    };

    let stocked = owner.ask(upload(1)).await;
    let Frame::PrekeyStocked { one_time, signed: signed_ids, refused, .. } = stocked else { panic!() };
    assert_eq!((one_time.as_slice(), signed_ids.len(), refused), ([*once.id().as_bytes()].as_slice(), 1, 1));
    let served = |frame: Frame| {
        let Frame::PrekeyServed { record, .. } = frame else { panic!("{}", frame.name()) };
        record.into_vec()
    };
    assert!(served(asker.ask(fetch(2)).await) == once.as_bytes());
    assert!(served(asker.ask(fetch(2)).await) == once.as_bytes(), "a retry");
    assert!(served(asker.ask(fetch(3)).await) == signed.as_bytes());

    let again = owner.ask(upload(2)).await;
    assert!(matches!(again, Frame::PrekeyStocked { refused: 2, ref one_time, .. } if one_time.is_empty()));
    let unknown = Frame::PrekeyFetch { tag: Tag(9), request: RequestId::from_bytes([9; 16]), node: Node::new(50).id };
    assert!(matches!(asker.ask(unknown).await, Frame::PrekeyRefused { reason: PrekeyRefusal::UnknownNode, .. }));
}

#[tokio::test]
async fn a_relay_without_registry_serves_the_authority_alone() {
    let a = Node::new(1);
    let mut world = World::unpublished(&[&a]).await;

    assert!(world.get("/health").await.contains("no-registry"));
    let refused = match world.dial(Some(&a.tls), Alpn::Node).await {
        Err(error) => error,
        Ok(mut peer) => peer.next().await.err().unwrap(),
    };
    assert_eq!(refused, LinkError::KeyRefused);
    let mut guest = world.dial(None, Alpn::Enrol).await.unwrap();
    guest.send(Frame::EnrolHello { version: SESSION_VERSION }).await;
    assert_eq!(guest.goodbye().await, Goodbye::NoRegistry);
    world.publish().await;

    world.session(&a).await.has_nothing().await;
    let health = world.get("/health").await;
    assert!(health.starts_with("HTTP/1.1 200") && health.contains("\"registry_leaves\":2"), "{health}");
    let metrics = world.get("/metrics").await;
    assert!(metrics.contains("safeconduct_relay_registry_leaves"), "{metrics}");
}

#[tokio::test]
async fn revoked_and_suspended_nodes_are_cut_and_told_why() {
    let (a, b, c) = (Node::new(1), Node::new(2), Node::new(3));
    let mut world = World::of(&[&a, &b, &c]).await;
    let mut sessions = (world.session(&a).await, world.session(&b).await, world.session(&c).await);
    world.authority.mark(LeafKind::Revoke, &a);
    world.authority.mark(LeafKind::Suspend, &b);

    world.publish().await;

    assert_eq!(sessions.0.goodbye().await, Goodbye::Revoked);
    assert_eq!(sessions.1.goodbye().await, Goodbye::Suspended);
    assert!(matches!(sessions.2.receive().await, Frame::RegistryHead { head } if head.size == 6));
    let mut again = world.dial(Some(&a.tls), Alpn::Node).await.unwrap();
    again.send(hello(&a, 64)).await;
    assert_eq!(again.goodbye().await, Goodbye::Revoked);
    let to_suspended = envelope(*b.mailbox.as_bytes(), 10, NOW.day());
    assert!(matches!(sessions.2.submit(&to_suspended).await, Frame::Submitted { .. }), "kept until it is resumed");
}

#[tokio::test]
async fn a_key_opens_a_session_for_its_own_node_alone_and_only_one() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let mut first = world.session(&a).await;

    let mut thief = world.dial(Some(&a.tls), Alpn::Node).await.unwrap();
    thief.send(hello(&b, 64)).await;
    assert_eq!(thief.goodbye().await, Goodbye::NotRegistered);
    let mut second = world.session(&a).await;
    assert_eq!(first.goodbye().await, Goodbye::Replaced);
    second.has_nothing().await;
    let mut imposter = world.dial(Some(&a.tls), Alpn::Authority).await.unwrap();
    imposter.send(Frame::AuthorityHello { version: SESSION_VERSION }).await;
    assert_eq!(imposter.goodbye().await, Goodbye::NotRegistered);
    let stranger = TlsKey::generate(&mut SystemEntropy).unwrap();
    let refused = match world.dial(Some(&stranger), Alpn::Node).await {
        Err(error) => error,
        Ok(mut peer) => peer.next().await.err().unwrap(),
    };
    assert_eq!(refused, LinkError::KeyRefused);
}

#[tokio::test]
async fn a_peer_that_breaks_the_rules_loses_its_own_connection_alone() {
    let (a, b) = (Node::new(1), Node::new(2));
    let world = World::of(&[&a, &b]).await;
    let mut good = world.session(&b).await;
    let short = Frame::Settle { settlements: vec![vec![1, 2, 3].into()] };
    let not_its_own = Frame::RequestsFetch { tag: Tag(1) };
    let answer_without_question = Frame::Root { tag: Tag(1), root: Vec::new().into() };

    for bad in [short, not_its_own, answer_without_question] {
        let mut peer = world.session(&a).await;
        peer.send(bad).await;
        assert_eq!(peer.goodbye().await, Goodbye::ProtocolError);
    }
    let mut early = world.dial(Some(&a.tls), Alpn::Node).await.unwrap();
    early.send(Frame::RootFetch { tag: Tag(1) }).await;
    assert_eq!(early.goodbye().await, Goodbye::ProtocolError);
    let mut other_version = world.dial(Some(&a.tls), Alpn::Node).await.unwrap();
    let Frame::Hello { node, registry_size, deliveries, .. } = hello(&a, 1) else { panic!() };
    other_version.send(Frame::Hello { version: 2, node, registry_size, deliveries }).await;
    assert_eq!(other_version.goodbye().await, Goodbye::Version);

    good.has_nothing().await;
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_their_own_connection_alone() {
    let a = Node::new(1);
    let world = World::of(&[&a]).await;
    let mut good = world.session(&a).await;
    let unknown_variant = [0, 0, 0, 1, 200];
    let trailing = [0, 0, 0, 3, 34, 1, 1];

    for bytes in
        [&[0, 0, 0, 0][..], &[0xff; 64][..], &[0, 2, 0, 1][..], &unknown_variant, &trailing, b"GET / HTTP/1.1\r\n"]
    {
        assert_eq!(raw::close_code_after(world.address(), bytes).await, raw::code(Goodbye::ProtocolError), "{bytes:?}");
    }

    good.has_nothing().await;
}

#[tokio::test]
async fn enrolment_goes_through_the_relay_once_for_each_invitation() {
    let a = Node::new(1);
    let mut world = World::of(&[&a]).await;
    let invite = InviteId::from_bytes([5; 16]);
    let mut guest = world.dial(None, Alpn::Enrol).await.unwrap();
    guest.send(Frame::EnrolHello { version: SESSION_VERSION }).await;
    assert!(matches!(guest.receive().await, Frame::Welcome { .. }));
    let submit = |bytes: &[u8]| Frame::EnrolSubmit { tag: Tag(1), invite, request: bytes.to_vec().into() };
    let state = |frame: Frame| {
        let Frame::EnrolState { state, answer, .. } = frame else { panic!("{}", frame.name()) };
        (state, answer.into_vec())
    };
    let page = guest.ask(Frame::RegistryFetch { tag: Tag(2), from: 0 }).await;
    assert!(
        matches!(page, Frame::RegistryPage { ref leaves, ref records, .. } if leaves.len() == 2 && records.is_empty())
    );
    assert_eq!(state(guest.ask(submit(b"mine")).await).0, EnrolState::UnknownInvite);

    let mut admin = world.admin().await;
    let put = |day| Frame::InvitePut { tag: Tag(1), invites: vec![(invite, day)] };
    assert!(matches!(admin.ask(put(NOW.day())).await, Frame::Published { .. }));
    let no_request = Frame::EnrolAnswer { tag: Tag(2), invite, answer: b"yes".to_vec().into() };
    assert!(matches!(admin.ask(no_request.clone()).await, Frame::PublishRefused { .. }));
    assert_eq!(state(guest.ask(submit(&[0; 9_000])).await).0, EnrolState::Refused);
    assert_eq!(state(guest.ask(submit(b"mine")).await).0, EnrolState::Waiting);
    assert_eq!(state(guest.ask(submit(b"other")).await).0, EnrolState::InviteUsed);
    world.restart().await;
    let mut admin = world.admin().await;
    let Frame::Requests { requests, .. } = admin.ask(Frame::RequestsFetch { tag: Tag(3) }).await else { panic!() };
    assert!(requests == [(invite, b"mine".to_vec().into())]);
    assert!(matches!(admin.ask(no_request).await, Frame::Published { .. }));

    let mut guest = world.dial(None, Alpn::Enrol).await.unwrap();
    guest.send(Frame::EnrolHello { version: SESSION_VERSION }).await;
    assert!(matches!(guest.receive().await, Frame::Welcome { .. }));
    let answered = state(guest.ask(Frame::EnrolFetch { tag: Tag(4), invite }).await);
    assert_eq!(answered, (EnrolState::Answered, b"yes".to_vec()));
}

#[tokio::test]
async fn a_registry_comes_in_pieces_and_only_forward() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::unpublished(&[&a, &b]).await;
    let mut admin = world.admin().await;
    let refusal = |frame: Frame| {
        let Frame::PublishRefused { reason, size, .. } = frame else { panic!("{}", frame.name()) };
        (reason, size)
    };
    let now = world.clock.now();
    assert_eq!(refusal(admin.ask(world.authority.piece(1, 3, now)).await), (PublishRefusal::Gap, 0));
    assert!(matches!(admin.ask(world.authority.piece(0, 2, now)).await, Frame::Published { size: 0, .. }));
    assert!(matches!(admin.ask(world.authority.piece(2, 3, now)).await, Frame::Published { size: 3, .. }));
    assert!(matches!(admin.ask(world.authority.piece(3, 3, now.after(60))).await, Frame::Published { size: 3, .. }));

    let mut other_history = Authority::new(1);
    other_history.add_elsewhere(&b);
    other_history.mark(LeafKind::Suspend, &b);
    assert_eq!(refusal(admin.ask(other_history.piece(0, 3, now)).await), (PublishRefusal::Rollback, 3));
    let shorter = Authority::new(1);
    assert_eq!(refusal(admin.ask(shorter.piece(0, 0, now)).await).0, PublishRefusal::Rollback);
    assert_eq!(refusal(admin.ask(Authority::new(2).piece(0, 0, now)).await).0, PublishRefusal::Root);
    world.authority.add(&Node::new(9));
    let Frame::Publish { tag, root, from, leaves, records, mut head } = world.authority.piece(3, 4, now) else {
        panic!()
    };
    head.note[30] ^= 1;
    let forged = Frame::Publish { tag, root, from, leaves, records, head };
    assert_eq!(refusal(admin.ask(forged).await), (PublishRefusal::Replay, 3));
    assert!(matches!(admin.ask(world.authority.piece(3, 4, now)).await, Frame::Published { size: 4, .. }));

    world.restart().await;
    let mut session = world.session(&a).await;
    let page = session.ask(Frame::RegistryFetch { tag: Tag(7), from: 1 }).await;
    let Frame::RegistryPage { from, leaves, records, head, .. } = page else { panic!() };
    assert_eq!((from, leaves.len(), records.len(), head.size), (1, 3, 3, 4));
    assert!(records.iter().all(|record| record.len() == 300));
}

#[tokio::test]
async fn what_nobody_collects_leaves_a_signed_notice() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let letter = envelope(*b.mailbox.as_bytes(), 10, NOW.day());
    let (secret, _) = status_secret(10);
    world.session(&a).await.submit(&letter).await;

    world.clock.set(NOW.after(DAY_S));
    world.restart().await;

    let mut sender = world.session(&a).await;
    sender.send(Frame::SlotWatch { secrets: vec![secret] }).await;
    let Frame::SlotItem { kind, item, .. } = sender.receive().await else { panic!() };
    let notice = RelayExpired::parse(&item).unwrap();
    notice.verify(&world.relay_key).unwrap();
    assert!(kind == SlotItemKind::Expired && notice.envelope() == letter.digest());
    world.session(&b).await.has_nothing().await;
}

#[tokio::test]
async fn what_prevents_a_start_is_named_for_what_it_is() {
    let mut world = World::of(&[]).await;
    let start = async |config: Config| {
        let clock = std::sync::Arc::new(safeconduct_certs::system::SystemClock);
        Relay::start(&config, clock).await.err().unwrap()
    };
    let config = world.config.clone();

    let second = start(config.clone()).await;
    assert!(matches!(second, RelayError::Lock(LockError::Taken(_))), "{second}");
    let taken = world.address().parse().unwrap();
    let other = tempfile::tempdir().unwrap();
    let data = other.path().join("relay");
    crate::setup::init(&data, "127.0.0.1:1", &mut SystemEntropy).unwrap();
    let in_use = start(Config { data, listen: taken, ..config.clone() }).await;
    assert!(matches!(in_use, RelayError::Listen { kind: std::io::ErrorKind::AddrInUse, .. }), "{in_use}");
    assert!(in_use.to_string().contains("the port is in use"));
    world.stop().await;
    let no_root = start(Config { root: other.path().join("none"), ..config.clone() }).await;
    assert!(matches!(no_root, RelayError::RootMissing { .. }), "{no_root}");
    let bad_root = start(Config { root: world.data().join("relay.toml"), ..config.clone() }).await;
    assert!(matches!(bad_root, RelayError::Root { .. }), "{bad_root}");
    let other_root = other.path().join("other.scr");
    std::fs::write(&other_root, Authority::new(2).registry.root().as_bytes()).unwrap();
    let other_authority = start(Config { root: other_root, ..config.clone() }).await;
    assert!(matches!(other_authority, RelayError::Feed(_)), "{other_authority}");
    let no_data = start(Config { data: other.path().join("none"), ..config }).await;
    assert!(matches!(no_data, RelayError::Lock(LockError::Missing(_))), "{no_data}");
}

#[tokio::test]
async fn a_node_head_is_kept_for_its_node_alone_and_only_a_newer_one_of_its_own_key_replaces_it() {
    let (a, b) = (Node::new(1), Node::new(2));
    let mut world = World::of(&[&a, &b]).await;
    let head = |by: &Node, of: &Node, counter| {
        NodeHead::sign(&by.ik, of.id, HeadPlace { epoch: 1, counter }, NOW.day(), [9; 32]).as_bytes().to_vec()
    };
    async fn put(session: &mut world::Peer, head: Vec<u8>) -> Vec<u8> {
        let answer = session.ask(Frame::NodeHeadPut { tag: Tag(70), head: head.into() }).await;
        let Frame::NodeHead { head, .. } = answer else { panic!("{}", answer.name()) };
        head.into_vec()
    }
    let mut session = world.session(&a).await;
    let second = head(&a, &a, 2);

    assert!(put(&mut session, Vec::new()).await.is_empty());
    assert!(put(&mut session, second.clone()).await == second);
    for other in [head(&a, &a, 1), head(&b, &a, 9), head(&a, &b, 9), head(&b, &b, 9), vec![0; second.len()]] {
        assert!(put(&mut session, other).await == second);
    }
    assert!(put(&mut world.session(&b).await, Vec::new()).await.is_empty());
    world.restart().await;
    assert!(put(&mut world.session(&a).await, Vec::new()).await == second);
    session = world.session(&a).await;
    session.send(Frame::NodeHeadPut { tag: Tag(71), head: vec![0; second.len() - 1].into() }).await;
    assert_eq!(session.goodbye().await, Goodbye::ProtocolError);
}
