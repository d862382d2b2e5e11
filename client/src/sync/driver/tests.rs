//! A node's daemon against a relay that this test plays, over a real link.

use std::{net::SocketAddr, sync::Arc};

use safeconduct_certs::{
    link::{Alpn, Dialer, ExpectedRelay, FrameReceiver, FrameSender, KnownKeys, TlsKey, accept, listen},
    node::Exercise,
};
use safeconduct_protocol::{
    frame::Frame,
    id::{NodeId, RelayId},
    limits::CREDITS_HELD_MAX,
    session::client::Opening,
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
}

impl Session {
    async fn send(&mut self, frame: Frame) {
        self.sender.send(&frame).await.unwrap();
    }

    /// The next frame that is not about this node's own prekeys; those are answered.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            let frame = self.frames.receive().await.ok()?;
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
        keys::enrolment_approved(&vault, &safeconduct_protocol::secret::Secret::new([6; 32])).unwrap();
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
                arrived.send(Session { frames, sender }).await.ok();
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
        let key = TlsKey::from_seed(safeconduct_protocol::secret::Secret::new([8; 32]));
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
