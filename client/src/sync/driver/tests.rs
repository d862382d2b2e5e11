//! A node's daemon against a relay that this test plays, over a real link.

use std::{net::SocketAddr, sync::Arc};

use rusqlite::params;
use safeconduct_certs::{
    link::{Alpn, Dialer, ExpectedRelay, FrameReceiver, FrameSender, KnownKeys, TlsKey, accept, listen},
    node::Exercise,
};
use safeconduct_protocol::{
    crypto::{hash::sha256, sign::SigningKey},
    frame::{Frame, SlotSecretBytes},
    id::{MailboxId, NodeId, RelayId},
    limits::{CREDITS_HELD_MAX, SLOTS_WATCHED_MAX},
    secret::Secret,
    session::client::Opening,
    slot::SlotSecret,
    time::Clock,
};
use tokio::{sync::mpsc, task::JoinHandle};

use super::*;
use crate::{
    config::Config,
    daemon::{Core, CoreThread, Handle, Node},
    keys,
    testing::{NOW, World},
};

const NODE: NodeId = NodeId::from_bytes([7; 32]);

/// Longer than a test: no tick comes.
const NO_TICK_MS: u64 = 3_600_000;

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

struct All;

impl KnownKeys for All {
    fn knows(&self, _spki_hash: &[u8; 32]) -> bool {
        true
    }
}

/// The relay's end of one session.
struct Session {
    frames: FrameReceiver,
    sender: FrameSender,
    /// The node head that this relay keeps.
    head: Vec<u8>,
}

impl Session {
    async fn send(&mut self, frame: Frame) {
        self.sender.send(&frame).await.unwrap();
    }

    /// The next frame that is not about this node's own prekeys or its head; those are answered.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            let frame = self.frames.receive().await.ok()?;
            if let Frame::NodeHeadPut { tag, head } = frame {
                if !head.is_empty() {
                    self.head = head.into_vec();
                }
                self.send(Frame::NodeHead { tag, head: self.head.clone().into() }).await;
                continue;
            }
            let (Frame::PrekeyStock { tag } | Frame::PrekeyPublish { tag, .. }) = frame else { return Some(frame) };
            self.send(Frame::PrekeyStocked { tag, one_time: Vec::new(), signed: Vec::new(), refused: 0 }).await;
        }
    }
}

/// A node with a daemon's sync task, and the relay that it connects to.
struct Rig {
    _dir: tempfile::TempDir,
    _thread: CoreThread,
    core: Core,
    size: u64,
    sync: Sync,
    sessions: mpsc::Receiver<Session>,
    dialer: Dialer,
    address: SocketAddr,
    relay: [u8; 32],
    _listening: JoinHandle<()>,
}

impl Rig {
    /// Everything there, and a registry copy that is level.
    fn new(settle_tick_ms: u64) -> Self {
        let mut world = World::new(90);
        let mut node = world.node(Exercise::No);
        world.update(&mut node, NOW);
        let head = world.head(NOW);
        let crate::testing::Node { dir, vault, .. } = node;
        let vault = vault.unwrap();
        keys::enrolment_approved(&vault, &Secret::new([6; 32])).unwrap();
        let config = Config { settle_tick_ms, ..Config::default() };
        let for_node = config.clone();
        let (core, thread) = Core::start(move || Node::of_test(vault, for_node, Arc::new(At(NOW)))).unwrap();
        let (_handle, reports) = Handle::new(core.clone());
        let key = TlsKey::generate(&mut world.entropy).unwrap();
        let endpoint = listen(SocketAddr::from(([127, 0, 0, 1], 0)), &key, Arc::new(All)).unwrap();
        let address = endpoint.local_addr().unwrap();
        let (arrived, sessions) = mpsc::channel(4);
        let size = head.size;
        let tasks = tokio_util::task::TaskTracker::new();
        let listening = tasks.spawn(async move {
            while let Some(incoming) = endpoint.accept().await {
                let (mut sender, mut frames) = accept(incoming).await.unwrap().split();
                assert!(matches!(frames.receive().await, Ok(Frame::Hello { .. })));
                let welcome =
                    Frame::Welcome { version: 1, relay: RelayId(1), now: NOW, submits: 64, head: head.clone() };
                sender.send(&welcome).await.unwrap();
                arrived.send(Session { frames, sender, head: Vec::new() }).await.ok();
            }
        });
        let sync = Sync::new(core.clone(), config, Arc::new(At(NOW)), reports);
        Self {
            _dir: dir,
            _thread: thread,
            core,
            size,
            sync,
            sessions,
            dialer: Dialer::new().unwrap(),
            address,
            relay: key.spki_hash(),
            _listening: listening,
        }
    }

    async fn wire(&mut self) -> Wire {
        let key = TlsKey::from_seed(Secret::new([8; 32]));
        let expected = ExpectedRelay::Pinned(self.relay);
        let link = self.dialer.connect(&self.address.to_string(), expected, Some(&key), Alpn::Node).await.unwrap();
        let opening = Opening::Node { node: NODE, registry_size: self.size };
        Wire::open(link, opening, Arc::new(At(NOW)))
    }
}

/// Runs one session of `rig` beside what the relay does in it.
async fn session<T>(
    rig: &mut Rig,
    stop: &CancellationToken,
    relay: impl AsyncFnOnce(Session, Core) -> T,
) -> (Ended, T) {
    let wire = rig.wire().await;
    let core = rig.core.clone();
    let Rig { sync, sessions, .. } = rig;
    let driving = Driver::new(sync, wire).run(stop);
    let playing = async {
        let session = sessions.recv().await.unwrap();
        relay(session, core).await
    };
    tokio::join!(driving, playing)
}

fn garbage(seq: u64) -> Frame {
    Frame::Deliver { seq, envelope: vec![7; 16_384].into() }
}

#[tokio::test]
async fn nothing_leaves_at_the_instant_at_which_an_envelope_was_processed() {
    let mut rig = Rig::new(NO_TICK_MS);
    let stop = CancellationToken::new();

    let (_ended, first) = session(&mut rig, &stop, async |mut relay, _core| {
        for seq in 0..u64::from(CREDITS_HELD_MAX) {
            relay.send(garbage(seq)).await;
        }
        let first = relay.next().await.unwrap();
        stop.cancel();
        first
    })
    .await;

    assert!(first == Frame::Credit { count: CREDITS_HELD_MAX }, "{}", first.name());
}

#[tokio::test]
async fn the_tick_sends_settlements_then_credit_then_a_question_for_leaves_whatever_came() {
    let mut rig = Rig::new(50);
    let stop = CancellationToken::new();

    let (_ended, names) = session(&mut rig, &stop, async |mut relay, _core| {
        relay.send(garbage(1)).await;
        let mut names = Vec::new();
        while names.len() < 3 {
            names.push(relay.next().await.unwrap().name());
        }
        stop.cancel();
        names
    })
    .await;

    assert_eq!(names, ["settle", "credit", "registry-fetch"]);
}

/// Adds so many agencies to the log of which the rig's node holds two entries; all leaves, and the head.
fn grown(count: usize) -> (Vec<Vec<u8>>, Head) {
    let mut world = World::new(90);
    world.node(Exercise::No);
    let identity = |number: usize| keys::Identity {
        node: NodeId::from_bytes(sha256(&[&number.to_be_bytes()])),
        node_random: [0; 16],
        key: SigningKey::from_seed(Secret::new(sha256(&[&number.to_be_bytes(), b"ik"]))),
        succession_public: *SigningKey::from_seed(Secret::new(sha256(&[&number.to_be_bytes(), b"sk"])))
            .verifying_key()
            .as_bytes(),
        mailbox: MailboxId::from_bytes(*sha256(&[&number.to_be_bytes(), b"mailbox"]).first_chunk().unwrap()),
        hedge: Secret::new([0; 32]),
        epoch: 1,
        relay: None,
    };
    for number in 0..count {
        world.add(&identity(number), Exercise::No);
    }
    (world.leaves(0), world.head(NOW.after(60)))
}

/// Answers so many questions for pages, the last that came first, with pages of at most so many leaves.
async fn hand_out(relay: &mut Session, leaves: &[Vec<u8>], head: &Head, at_once: usize, length: usize) -> Vec<u64> {
    let mut asked = Vec::new();
    while asked.len() < at_once {
        if let Frame::RegistryFetch { tag, from } = relay.next().await.unwrap() {
            asked.push((tag, from));
        }
    }
    for (tag, from) in asked.iter().rev() {
        let first = usize::try_from(*from).unwrap();
        let page: Vec<_> = leaves.iter().skip(first).take(length).map(|leaf| leaf.clone().into()).collect();
        let records = page.iter().map(|_| Vec::new().into()).collect();
        let (tag, from, head) = (*tag, *from, head.clone());
        relay.send(Frame::RegistryPage { tag, from, leaves: page, records, head }).await;
    }
    asked.into_iter().map(|(_, from)| from).collect()
}

async fn level_with(core: &Core, size: u64) {
    while core.call(|node| Ok(node.registry_size())).await.unwrap() < size {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn pages_are_asked_for_ahead_and_taken_in_their_order_whichever_comes_first() {
    let mut rig = Rig::new(NO_TICK_MS);
    let stop = CancellationToken::new();
    let (leaves, head) = grown(450);

    let (_ended, asked) = session(&mut rig, &stop, async |mut relay, core| {
        relay.send(Frame::RegistryHead { head: head.clone() }).await;
        let asked = hand_out(&mut relay, &leaves, &head, 5, 100).await;
        level_with(&core, head.size).await;
        stop.cancel();
        asked
    })
    .await;

    assert_eq!(asked, [2, 102, 202, 302, 402]);
}

#[tokio::test]
async fn a_relay_that_makes_shorter_pages_is_asked_for_one_after_the_other() {
    let mut rig = Rig::new(NO_TICK_MS);
    let stop = CancellationToken::new();
    let (leaves, head) = grown(148);

    let (_ended, asked) = session(&mut rig, &stop, async |mut relay, core| {
        relay.send(Frame::RegistryHead { head: head.clone() }).await;
        let mut asked = hand_out(&mut relay, &leaves, &head, 2, 40).await;
        for _ in 0..3 {
            asked.extend(hand_out(&mut relay, &leaves, &head, 1, 40).await);
        }
        level_with(&core, head.size).await;
        stop.cancel();
        asked
    })
    .await;

    assert_eq!(asked, [2, 102, 42, 82, 122]);
}

/// Trap 38. The relay serves a head of before this node was registered: the session ends, and `status` says what it is.
#[tokio::test]
async fn a_relay_that_serves_an_older_registry_is_left_at_once_and_the_report_says_so() {
    let mut rig = Rig::new(20);
    let stop = CancellationToken::new();
    let old = World::new(90).head(NOW.after(60));

    let (ended, ()) = session(&mut rig, &stop, async |mut relay, _core| {
        relay.send(Frame::RegistryHead { head: old }).await;
        while relay.next().await.is_some() {}
    })
    .await;
    rig.sync.trouble(&ended.told, 0);

    let report = rig.sync.reports.relay.borrow().clone();
    assert_eq!((report.state.as_str(), report.reason.as_deref()), ("refused", Some("registry-head")));
    assert!(report.last_error.unwrap().contains("the head is older: 1 entries, and 2 were seen before"));
    assert!(report.remedy.unwrap().contains("tell its operator; the newer copy stays in use"));
    assert_eq!((ended.next, rig.core.call(|node| Ok(node.registry_size())).await.unwrap()), (Next::Paused, 2));
}

/// As many messages at the relay as given, each with a reply slot and a status slot.
fn messages_at_the_relay(node: &mut Node, count: u32) -> Result<(), Told> {
    let secret = |number: u32, kind: u8| {
        let mut bytes = [kind; 32];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        bytes
    };
    let tx = node.vault_of_test().begin()?;
    for number in 0..count {
        let message = secret(number, 1);
        tx.execute(
            "INSERT INTO outbox (message, kind, rank, recipient, exercise, state, commitment, salt, request, queued_at,
                not_before, alarm_after_s, alarm_at)
                VALUES (?1, 1, 1, x'00', 0, 'relay-accepted', x'00', x'00', x'00', ?2, 0, 1000000, ?3)",
            params![&message[..16], crate::vault::int(NOW.0), crate::vault::int(NOW.after(1_000_000).0)],
        )
        .unwrap();
        let (reply, status) = (secret(number, 2), secret(number, 3));
        tx.execute(
            "INSERT INTO seal (digest, message, attempt, header, signature, prekey, sealed_at, recipient_key, reply_slot,
                reply_slot_secret, status_slot, status_slot_secret, watch_until, expires)
                VALUES (?1, ?2, 1, x'00', x'00', x'00', ?3, x'00', ?4, ?5, ?6, ?7, ?8, 30000)",
            params![
                secret(number, 4),
                &message[..16],
                crate::vault::int(NOW.0),
                SlotSecret::from_bytes(reply).id().as_bytes(),
                reply,
                SlotSecret::from_bytes(status).id().as_bytes(),
                status,
                crate::vault::int(NOW.after(1_000_000).0),
            ],
        )
        .unwrap();
    }
    tx.commit().unwrap();
    Ok(())
}

/// Collects the slots that a session watches until there are `count`.
async fn watched(relay: &mut Session, count: usize) -> BTreeSet<SlotSecretBytes> {
    let mut slots = BTreeSet::new();
    while slots.len() < count {
        let Some(Frame::SlotWatch { secrets }) = relay.next().await else { panic!("no more slots") };
        slots.extend(secrets);
    }
    slots
}

#[tokio::test]
async fn after_more_seals_than_one_connection_may_watch_a_new_one_watches_the_rest_at_once() {
    const MORE: usize = 10;
    let mut rig = Rig::new(20);
    let stop = CancellationToken::new();
    let messages = u32::try_from(SLOTS_WATCHED_MAX / 2 + MORE).unwrap();
    rig.core.call(move |node| messages_at_the_relay(node, messages)).await.unwrap();

    let (ended, first) = session(&mut rig, &stop, async |mut relay, core| {
        let first = watched(&mut relay, SLOTS_WATCHED_MAX).await;
        // Receipts of half of the messages come.
        let delivered = "UPDATE outbox SET state = 'delivered' WHERE place % 2 = 0";
        core.call(move |node| Ok(node.vault_of_test().db().execute(delivered, []).unwrap())).await.unwrap();
        assert!(relay.next().await.is_none(), "the node ends the session");
        first
    })
    .await;
    let (_ended, second) = session(&mut rig, &stop, async |mut relay, _core| {
        let second = watched(&mut relay, SLOTS_WATCHED_MAX / 2 + MORE).await;
        stop.cancel();
        second
    })
    .await;

    assert_eq!(ended.next, Next::AtOnce);
    assert_eq!(first.len(), SLOTS_WATCHED_MAX, "never more than the relay lets one connection watch");
    for number in (0..messages).step_by(2) {
        let mut reply = [2; 32];
        reply[..4].copy_from_slice(&number.to_be_bytes());
        assert!(second.contains(&reply), "{number} is watched");
    }
}

/// Trap 43: the vault of yesterday is put back, and the relay keeps a head of today.
#[tokio::test]
async fn a_vault_that_has_gone_back_sends_and_takes_nothing_and_is_not_tried_again() {
    let mut rig = Rig::new(20);
    let stop = CancellationToken::new();
    let newer = rig.core.call(|node| node.next_head()).await.unwrap();
    let back = "UPDATE node_head SET counter = 0, signed = NULL";
    rig.core.call(move |node| Ok(node.vault_of_test().db().execute(back, []).unwrap())).await.unwrap();

    let (ended, rest) = session(&mut rig, &stop, async |mut relay, _core| {
        relay.head = newer;
        relay.send(garbage(1)).await;
        let rest = relay.next().await;
        rest.map(|frame| frame.name())
    })
    .await;

    assert_eq!((ended.next, ended.told.code.as_str()), (Next::Never, "vault-rolled-back"));
    assert!(matches!(rest, None | Some("goodbye")), "{rest:?}");
    let kept: i64 = rig
        .core
        .call(|node| {
            let count = "SELECT (SELECT count(*) FROM quarantine) + (SELECT count(*) FROM replay)";
            Ok(node.vault_of_test().db().query_row(count, [], |row| row.get(0)).unwrap())
        })
        .await
        .unwrap();
    assert_eq!(kept, 0, "nothing of what came was taken");
}
