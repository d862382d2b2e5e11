//! An authority with its agencies, the relay's own program, and honest nodes that go on sending.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use quinn::{Connection, ConnectionError, Endpoint, RecvStream, SendStream};
use safeconduct_certs::{
    authority::{
        relay_file::RelayFile,
        root::{RootDraft, RootFile},
    },
    link::{Alpn, ExpectedRelay, TlsKey, client_config},
    log::{checkpoint::Checkpoint, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
    },
    system::{SystemClock, SystemEntropy},
};
use safeconduct_protocol::{
    crypto::{
        kem::{ENC_BYTES, KemSecret},
        note::NoteKey,
        sign::{SigningKey, VerifyingKey},
    },
    envelope::sealed::{Outer, Sealed},
    frame::{Frame, Head, LENGTH_PREFIX_BYTES, SESSION_VERSION, Tag},
    id::{LeafHash, MailboxId, NodeId, PrekeyId, RelayId, SlotId},
    limits::SUITE_1,
    receipt::{
        relay::RelayAccepted,
        settle::{SettleKind, Settlement},
    },
    secret::Secret,
    time::{Clock as _, Timestamp},
};
use safeconduct_relay::setup;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Nothing here takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at something that has no event.
const LOOK: Duration = Duration::from_millis(50);
/// Leaves in one piece of a publication.
const PIECE: usize = 40;

fn seed(kind: u8, number: u16) -> Secret<32> {
    let mut bytes = [kind; 32];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    Secret::new(bytes)
}

/// An agency's node.
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) mailbox: MailboxId,
    pub(crate) tls: TlsKey,
    ik: SigningKey,
    succession: SigningKey,
}

impl Node {
    pub(crate) fn new(number: u16) -> Self {
        let id = *seed(1, number).reveal();
        let mut mailbox = [0; 16];
        mailbox.copy_from_slice(&id[..16]);
        Self {
            id: NodeId::from_bytes(id),
            mailbox: MailboxId::from_bytes(mailbox),
            tls: TlsKey::from_seed(seed(2, number)),
            ik: SigningKey::from_seed(seed(3, number)),
            succession: SigningKey::from_seed(seed(4, number)),
        }
    }

    fn entry(&self, seq: u64, now: Timestamp) -> LeafFields {
        LeafFields {
            kind: LeafKind::Add,
            seq,
            node: self.id,
            previous: LeafHash::from_bytes([0; 32]),
            effective: now,
            ik: *self.ik.verifying_key().as_bytes(),
            succession: *self.succession.verifying_key().as_bytes(),
            tls_spki: self.tls.spki_hash(),
            home_relay: RelayId(1),
            mailbox: self.mailbox,
            roles: Roles::agency(&[Role::NgoShelter], Exercise::No).unwrap().bits(),
            suites: 1,
            directory: [7; 32],
            ml_dsa: None,
            terms: None,
        }
    }

    pub(crate) fn hello(&self, deliveries: u32) -> Frame {
        Frame::Hello { version: SESSION_VERSION, node: self.id, registry_size: 0, deliveries }
    }
}

/// The smallest envelope to these 16 bytes; nobody can open it, and the relay cannot tell.
pub(crate) fn envelope(address: [u8; 16], number: u64) -> Sealed {
    let (prekey, status_slot) = (PrekeyId::from_bytes([9; 16]), SlotId::from_bytes([8; 16]));
    let outer = Outer { address, prekey, status_slot, expiry: SystemClock.now().day().after(3) };
    let mut bytes = outer.to_bytes().to_vec();
    bytes.extend([1; ENC_BYTES]);
    bytes.resize(16_384 - 8, 5);
    bytes.extend(number.to_be_bytes());
    Sealed::try_from(bytes).unwrap()
}

/// What the relay's process takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// Resident, at most so far.
    pub(crate) most_bytes: u64,
    pub(crate) files: usize,
}

/// A relay that runs, and who is registered at it.
pub(crate) struct World {
    child: Child,
    pub(crate) address: SocketAddr,
    local: SocketAddr,
    tls: [u8; 32],
    receipts: VerifyingKey,
    _folder: tempfile::TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl World {
    /// The relay's program with these lines in its configuration, and so many agencies.
    pub(crate) async fn found(lines: &str, agencies: u16) -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let made = setup::init(folder.path(), "127.0.0.1:4433", &mut SystemEntropy).unwrap();
        let file = RelayFile::parse(&fs::read(&made.public_file).unwrap()).unwrap();
        let now = SystemClock.now();
        let authority = Authority::new(&file, agencies, now);
        fs::write(folder.path().join("root.scr"), authority.registry.root().as_bytes()).unwrap();
        let address = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let local = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let config = folder.path().join("relay.toml");
        let text = format!(
            "data = \".\"\naddress = \"127.0.0.1:{}\"\nlisten = \"{address}\"\nlocal_listen = \"{local}\"\nlog = \"error\"\n{lines}\n",
            address.port()
        );
        fs::write(&config, text).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_safeconduct-relay"))
            .args(["run", "--config"])
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let world = Self { child, address, local, tls: file.tls_spki, receipts: file.ik, _folder: folder };
        world.until("the relay listens", async || TcpStream::connect(local).await.is_ok()).await;
        let connection = world.dial(Ipv4Addr::LOCALHOST, Some(&authority.tls), Alpn::Authority).await.unwrap();
        let mut session = Session::open(connection).await;
        session.ask(&Frame::AuthorityHello { version: SESSION_VERSION }).await;
        for piece in authority.pieces(now) {
            let answer = session.ask(&piece).await;
            assert!(matches!(answer, Frame::Published { .. }), "{}", answer.name());
        }
        drop(session);
        world.until("the relay has nobody", async || world.metric("safeconduct_relay_links").await == 0).await;
        Arc::new(world)
    }

    /// A connection from this address of this machine.
    pub(crate) async fn dial(
        &self,
        from: Ipv4Addr,
        key: Option<&TlsKey>,
        alpn: Alpn,
    ) -> Result<Connection, ConnectionError> {
        self.dial_by(&Endpoint::client(SocketAddr::from((from, 0))).unwrap(), key, alpn).await
    }

    /// A connection from this socket.
    pub(crate) async fn dial_by(
        &self,
        socket: &Endpoint,
        key: Option<&TlsKey>,
        alpn: Alpn,
    ) -> Result<Connection, ConnectionError> {
        let config = client_config(key, ExpectedRelay::Pinned(self.tls), alpn).unwrap();
        timeout(PATIENCE, socket.connect_with(config, self.address, "relay").unwrap()).await.unwrap()
    }

    /// A session of this node that is up.
    pub(crate) async fn session(&self, from: Ipv4Addr, node: &Node, deliveries: u32) -> Session {
        let mut session = Session::open(self.dial(from, Some(&node.tls), Alpn::Node).await.unwrap()).await;
        let answer = session.ask(&node.hello(deliveries)).await;
        assert!(matches!(answer, Frame::Welcome { .. }), "{}", answer.name());
        session
    }

    /// The sum of what a metric counts; `name` may go on with labels.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let mut stream = TcpStream::connect(self.local).await.unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let of = |line: &str| line.rsplit_once(' ')?.1.parse::<f64>().ok();
        let lines = text.lines().filter(|line| line.starts_with(name) && !line.starts_with('#'));
        lines.filter_map(of).map(|value| value as u64).sum()
    }

    /// Handshakes, connections and whatever else is open now.
    async fn open(&self) -> [u64; 5] {
        [
            self.metric("safeconduct_relay_links").await,
            self.metric("safeconduct_relay_links{places=\"handshake\"}").await,
            self.metric("safeconduct_relay_connections{").await,
            self.metric("safeconduct_relay_watched_slots").await,
            self.metric("safeconduct_relay_blob_transfers_open").await,
        ]
    }

    pub(crate) fn taken(&self) -> Taken {
        let process = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let most_bytes = line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024;
        Taken { most_bytes, files: fs::read_dir(format!("{process}/fd")).unwrap().count() }
    }

    /// Looks until it is so.
    pub(crate) async fn until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let looking = async {
            while !is_so().await {
                sleep(LOOK).await;
            }
        };
        assert!(timeout(PATIENCE, looking).await.is_ok(), "never: {what}");
    }

    /// Runs an attack while honest nodes go on, and sees that nothing of it stays. `most_bytes` is what it may cost the relay
    /// at most, by the limits that are stated.
    pub(crate) async fn under(self: &Arc<Self>, most_bytes: u64, attack: impl Future<Output = ()>) {
        let honest = Honest::begin(self).await;
        honest.some(self, 20).await;
        let (open, before) = (self.open().await, self.taken());
        attack.await;
        honest.some(self, 20).await;
        self.until("what was open is closed", async || self.open().await == open).await;
        self.until("its files are closed", async || self.taken().files <= before.files + 2).await;
        let after = self.taken();
        let grown = after.most_bytes.saturating_sub(before.most_bytes);
        let carried = honest.end().await;
        let newcomer = Node::new(2);
        drop(self.session(Ipv4Addr::new(127, 5, 0, 3), &newcomer, 1).await);
        super::say(&format!(
            "{}: relay grew by {} KiB (may by {}), files {} -> {}, honest messages {carried}",
            std::thread::current().name().unwrap_or_default(),
            grown / 1024,
            most_bytes / 1024,
            before.files,
            after.files,
        ));
        assert!(grown <= most_bytes, "the relay has grown by {grown} bytes, of {most_bytes}");
    }
}

/// Who registers.
struct Authority {
    registry: Registry,
    log: NoteKey,
    timestamp: SigningKey,
    tls: TlsKey,
}

impl Authority {
    fn new(relay: &RelayFile, agencies: u16, now: Timestamp) -> Self {
        let key = |kind| SigningKey::from_seed(seed(kind, 0));
        let (root_key, registrar, timestamp) = (key(10), key(11), key(12));
        let (log, tls) = (NoteKey::from_seed(seed(13, 0)), TlsKey::from_seed(seed(14, 0)));
        let draft = RootDraft {
            version: 1,
            threshold: 1,
            root_keys: vec![root_key.verifying_key()],
            country: *b"XA",
            log_name: "xa.hostile/registry".to_owned(),
            log_key: log.verifier(),
            registrar: registrar.verifying_key(),
            timestamp: timestamp.verifying_key(),
            tls_spki: tls.spki_hash(),
            enrol: KemSecret::from_bytes(seed(15, 0)).public(),
            witness_quorum: 0,
            witnesses: Vec::new(),
            min_suite: SUITE_1,
            made_at: now,
        };
        let root: RootFile = draft.sign(&[(0, &root_key)]).unwrap();
        let own = LeafFields {
            node: relay.node,
            ik: *relay.ik.as_bytes(),
            tls_spki: relay.tls_spki,
            succession: [0; 32],
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: Roles::RELAY.bits(),
            ..Node::new(u16::MAX).entry(0, now)
        };
        let entries = (0..agencies).map(|number| Node::new(number).entry(u64::from(number) + 1, now));
        let leaves: Vec<_> = std::iter::once(own).chain(entries).map(|leaf| leaf.sign(&registrar, None)).collect();
        let mut registry = Registry::new(root);
        registry.extend(&leaves).unwrap();
        Self { registry, log, timestamp, tls }
    }

    fn pieces(&self, now: Timestamp) -> Vec<Frame> {
        let (size, root) = (self.registry.size(), self.registry.root_hash());
        let checkpoint = Checkpoint { origin: self.registry.root().log_name().to_owned(), size, root };
        let timestamp = LogTime { size, root, time: now }.sign(&self.timestamp);
        let head = Head { size, note: checkpoint.sign(&self.log).unwrap(), timestamp };
        let piece = |from: u64| {
            let leaves: Vec<_> = self.registry.leaves_from(from).take(PIECE).map(|leaf| leaf.to_vec().into()).collect();
            let records = leaves.iter().map(|_| vec![5; 552].into()).collect();
            let root = if from == 0 { self.registry.root().as_bytes() } else { &[] };
            Frame::Publish { tag: Tag(from + 1), root: root.to_vec().into(), from, leaves, records, head: head.clone() }
        };
        (0..size).step_by(PIECE).map(piece).collect()
    }
}

/// A connection with its stream.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    pub(crate) sender: SendStream,
    pub(crate) receiver: RecvStream,
}

impl Session {
    pub(crate) async fn open(connection: Connection) -> Self {
        let (sender, receiver) = connection.open_bi().await.unwrap();
        Self { connection, sender, receiver }
    }

    pub(crate) async fn send(&mut self, frame: &Frame) {
        self.sender.write_all(&frame.to_wire().unwrap()).await.unwrap();
    }

    /// The next frame; none when the connection is over. Not cancel safe.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let mut prefix = [0; LENGTH_PREFIX_BYTES];
        self.receiver.read_exact(&mut prefix).await.ok()?;
        let mut body = vec![0; Frame::body_length(prefix).unwrap()];
        self.receiver.read_exact(&mut body).await.ok()?;
        Some(Frame::from_body(&body).unwrap())
    }

    /// The next frame that is no credit.
    pub(crate) async fn receive(&mut self) -> Frame {
        loop {
            let frame = timeout(PATIENCE, self.next()).await.expect("an answer").expect("a connection");
            if !matches!(frame, Frame::Credit { .. }) {
                return frame;
            }
        }
    }

    pub(crate) async fn ask(&mut self, frame: &Frame) -> Frame {
        self.send(frame).await;
        self.receive().await
    }

    /// Waits until the relay has closed, and reads what it says until then.
    pub(crate) async fn closed(&mut self) -> ConnectionError {
        timeout(PATIENCE, async { while self.next().await.is_some() {} }).await.expect("the relay closes");
        timeout(PATIENCE, self.connection.closed()).await.expect("the relay closes")
    }
}

/// Node 0 sends to node 1 all the time, one message after the other; each is receipted by the relay, delivered, and done with.
struct Honest {
    stop: CancellationToken,
    sending: JoinHandle<u64>,
    taking: JoinHandle<u64>,
}

impl Honest {
    async fn begin(world: &Arc<World>) -> Self {
        let (from, to) = (Node::new(0), Node::new(1));
        let mut sender = world.session(Ipv4Addr::new(127, 5, 0, 1), &from, 8).await;
        let mut recipient = world.session(Ipv4Addr::new(127, 5, 0, 2), &to, 8).await;
        let (stop, receipts) = (CancellationToken::new(), world.receipts);
        let (stopped, done) = (stop.clone(), stop.clone());
        let tasks = TaskTracker::new();
        let sending = tasks.spawn(async move {
            let mut number = 0_u64;
            while !stopped.is_cancelled() {
                number += 1;
                let sealed = envelope(*to.mailbox.as_bytes(), number);
                let submit = Frame::Submit { tag: Tag(number), envelope: sealed.as_bytes().to_vec().into() };
                let answer = sender.ask(&submit).await;
                let Frame::Submitted { receipt, .. } = answer else { panic!("{}", answer.name()) };
                let receipt = RelayAccepted::parse(&receipt).unwrap();
                assert!(receipt.verify(&receipts).is_ok() && receipt.envelope() == sealed.digest());
                sleep(Duration::from_millis(20)).await;
            }
            number
        });
        let taking = tasks.spawn(async move {
            let to = Node::new(1);
            let mut number = 0_u64;
            loop {
                let next = tokio::select! {
                    next = recipient.receive() => next,
                    // The sender says how many; whatever is still to come has come by then.
                    () = async { done.cancelled().await; sleep(Duration::from_secs(2)).await } => return number,
                };
                let Frame::Deliver { envelope: bytes, .. } = next else { panic!("{}", next.name()) };
                number += 1;
                let expected = envelope(*to.mailbox.as_bytes(), number);
                assert!(bytes[..] == *expected.as_bytes(), "message {number} is not the next that was sent");
                let settled = Settlement::sign(&to.ik, to.id, expected.digest(), SettleKind::Done);
                recipient.send(&Frame::Settle { settlements: vec![settled.as_bytes().to_vec().into()] }).await;
                recipient.send(&Frame::Credit { count: 1 }).await;
            }
        });
        Self { stop, sending, taking }
    }

    /// Waits until so many more have gone through.
    async fn some(&self, world: &World, count: u64) {
        let settled = world.metric("safeconduct_relay_settled_total").await;
        let through = async || {
            assert!(!self.sending.is_finished() && !self.taking.is_finished(), "an honest node was thrown out");
            world.metric("safeconduct_relay_settled_total").await >= settled + count
        };
        world.until("honest messages go through", through).await;
    }

    /// All that were accepted were delivered, in their order.
    async fn end(self) -> u64 {
        self.stop.cancel();
        let (sent, taken) = (self.sending.await.unwrap(), self.taking.await.unwrap());
        assert_eq!(sent, taken, "accepted and delivered");
        sent
    }
}
