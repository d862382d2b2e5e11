//! An authority, nodes and a relay on loopback, in one process.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use safeconduct_certs::{
    authority::{
        relay_file::RelayFile,
        root::{Proposal, RootDraft, RootFile},
    },
    link::{Alpn, Dialer, ExpectedRelay, Link, LinkError, TlsKey, Transfers},
    log::{checkpoint::Checkpoint, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
        terms::{Border, Terms, What},
    },
    system::SystemEntropy,
};
use safeconduct_protocol::{
    crypto::{
        kem::{ENC_BYTES, KemSecret},
        note::NoteKey,
        sign::{SigningKey, VerifyingKey},
    },
    envelope::sealed::{Outer, Sealed},
    frame::{Frame, Goodbye, Head, SESSION_VERSION, Tag},
    id::{LeafHash, MailboxId, NodeId, PrekeyId, RelayId, SlotId},
    limits::SUITE_1,
    prekey::record::{PrekeyKind, PrekeyRecord, PrekeyTerms},
    receipt::settle::{SettleKind, Settlement},
    secret::Secret,
    time::{Clock, DAY_S, Day, Timestamp},
};
use tokio::{io::AsyncReadExt as _, io::AsyncWriteExt as _, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    config::Config,
    relay::{Relay, RelayError},
    setup,
};

/// Nothing here takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// When the tests begin.
pub(crate) const NOW: Timestamp = Timestamp(20_780 * DAY_S + 1_000);
pub(crate) const RELAY: RelayId = RelayId(1);

pub(crate) struct TestClock(AtomicU64);

impl TestClock {
    pub(crate) fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn seed(kind: u8, n: u8) -> Secret<32> {
    Secret::new([kind.wrapping_mul(31).wrapping_add(n); 32])
}

/// A registered node.
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) mailbox: MailboxId,
    pub(crate) ik: SigningKey,
    pub(crate) tls: TlsKey,
    pub(crate) succession: SigningKey,
}

impl Node {
    pub(crate) fn new(n: u8) -> Self {
        Self {
            id: NodeId::from_bytes([n; 32]),
            mailbox: MailboxId::from_bytes([n; 16]),
            ik: SigningKey::from_seed(seed(1, n)),
            tls: TlsKey::from_seed(seed(2, n)),
            succession: SigningKey::from_seed(seed(3, n)),
        }
    }

    fn entry(&self, seq: u64, home_relay: RelayId) -> LeafFields {
        LeafFields {
            kind: LeafKind::Add,
            seq,
            node: self.id,
            previous: LeafHash::from_bytes([0; 32]),
            effective: NOW,
            ik: *self.ik.verifying_key().as_bytes(),
            succession: *self.succession.verifying_key().as_bytes(),
            tls_spki: self.tls.spki_hash(),
            home_relay,
            mailbox: self.mailbox,
            roles: Roles::agency(&[Role::NgoShelter], Exercise::No).unwrap().bits(),
            suites: 1,
            directory: [7; 32],
            ml_dsa: None,
            terms: None,
        }
    }

    pub(crate) fn done(&self, envelope: &Sealed) -> Frame {
        let done = Settlement::sign(&self.ik, self.id, envelope.digest(), SettleKind::Done);
        Frame::Settle { settlements: vec![done.as_bytes().to_vec().into()] }
    }

    pub(crate) fn prekey(&self, kind: PrekeyKind, epoch: u64, now: Timestamp) -> PrekeyRecord {
        let secret = KemSecret::generate(&mut SystemEntropy).unwrap();
        let terms = PrekeyTerms { node: self.id, kind, epoch, not_before: now, not_after: now.after(29 * DAY_S) };
        PrekeyRecord::sign(&self.ik, terms, &secret.public())
    }
}

/// The smallest envelope to these 16 bytes; nobody can open it, and the relay cannot tell.
pub(crate) fn envelope(address: [u8; 16], n: u8, expiry: Day) -> Sealed {
    let outer = Outer { address, prekey: PrekeyId::from_bytes([n; 16]), status_slot: status_secret(n).1, expiry };
    let mut bytes = outer.to_bytes().to_vec();
    bytes.extend([n | 1; ENC_BYTES]);
    bytes.resize(16_384, n);
    Sealed::try_from(bytes).unwrap()
}

/// The status slot of envelope `n`, with its secret.
pub(crate) fn status_secret(n: u8) -> ([u8; 32], SlotId) {
    let secret = safeconduct_protocol::slot::SlotSecret::from_bytes([n; 32]);
    (*secret.as_bytes(), secret.id())
}

pub(crate) struct Authority {
    keys: Vec<SigningKey>,
    log: NoteKey,
    registrar: SigningKey,
    timestamp: SigningKey,
    pub(crate) tls: TlsKey,
    pub(crate) registry: Registry,
}

impl Authority {
    pub(crate) fn new(n: u8) -> Self {
        Self::under(n, &format!("xa.test/registry-{n}"))
    }

    /// One with this log name, which may be another's.
    pub(crate) fn under(n: u8, log_name: &str) -> Self {
        let (root_key, log) = (SigningKey::from_seed(seed(4, n)), NoteKey::from_seed(seed(5, n)));
        let (registrar, timestamp) = (SigningKey::from_seed(seed(6, n)), SigningKey::from_seed(seed(7, n)));
        let tls = TlsKey::from_seed(seed(8, n));
        let draft = RootDraft {
            version: 1,
            threshold: 1,
            root_keys: vec![root_key.verifying_key()],
            country: *b"XA",
            log_name: log_name.to_owned(),
            log_key: log.verifier(),
            registrar: registrar.verifying_key(),
            timestamp: timestamp.verifying_key(),
            tls_spki: tls.spki_hash(),
            enrol: KemSecret::from_bytes(seed(9, n)).public(),
            witness_quorum: 0,
            witnesses: Vec::new(),
            min_suite: SUITE_1,
            made_at: NOW,
        };
        let root: RootFile = draft.sign(&[(0, &root_key)]).unwrap();
        Self { keys: vec![root_key], log, registrar, timestamp, tls, registry: Registry::new(root) }
    }

    /// The root file with other keys of log, registrar and timestamps as its next version, from a seed.
    pub(crate) fn next_root(&self, n: u8) -> RootFile {
        let before = self.registry.root();
        let draft = RootDraft {
            version: before.version() + 1,
            log_key: NoteKey::from_seed(seed(5, n)).verifier(),
            registrar: SigningKey::from_seed(seed(6, n)).verifying_key(),
            timestamp: SigningKey::from_seed(seed(7, n)).verifying_key(),
            ..RootDraft::of(before)
        };
        let mut proposal = Proposal::new(&draft, before).unwrap();
        assert!(self.keys.iter().all(|key| proposal.sign(key)));
        proposal.complete().unwrap()
    }

    pub(crate) const fn log_key(&self) -> &NoteKey {
        &self.log
    }

    /// Brings that version into force.
    pub(crate) fn rotate(&mut self, n: u8) {
        let root = self.next_root(n);
        (self.log, self.registrar) = (NoteKey::from_seed(seed(5, n)), SigningKey::from_seed(seed(6, n)));
        self.timestamp = SigningKey::from_seed(seed(7, n));
        let fields = self.registry.next_about_registry(LeafKind::Root, NOW);
        let leaf = LeafFields { directory: *root.hash(), ..fields }.sign(&self.registrar, None);
        self.registry.extend_beside(&[leaf], &[root.own_bytes()]).unwrap();
    }

    fn append(&mut self, fields: &LeafFields) {
        assert!(!self.keys.is_empty());
        self.registry.extend(&[fields.sign(&self.registrar, None)]).unwrap();
    }

    pub(crate) fn add(&mut self, node: &Node) {
        self.add_at(node, RELAY);
    }

    pub(crate) fn add_at(&mut self, node: &Node, home_relay: RelayId) {
        self.append(&node.entry(self.registry.size(), home_relay));
    }

    /// Recognises another authority: these roles may send, and none but rapporteurs receive.
    pub(crate) fn recognise(&mut self, other: &Self, role: Role, until: Timestamp) {
        let bits = |role| Roles::agency(&[role], Exercise::No).unwrap().bits();
        let fields = LeafFields {
            directory: *other.registry.root().hash(),
            tls_spki: other.tls.spki_hash(),
            terms: Some(Terms {
                number: 0,
                from_roles: bits(role),
                to_roles: bits(Role::NationalRapporteur),
                from_country: Border(*b"XB"),
                to_country: Border::ANY,
                what: What::ALL,
                until,
                record: [1; 32],
            }),
            ..self.registry.next_about_registry(LeafKind::Recognise, NOW)
        };
        self.append(&fields);
    }

    pub(crate) fn raise_version(&mut self, version: u16) {
        let fields =
            LeafFields { suites: version.into(), ..self.registry.next_about_registry(LeafKind::MinVersion, NOW) };
        self.append(&fields);
    }

    /// Another relay, and a node of it.
    pub(crate) fn add_elsewhere(&mut self, node: &Node) {
        let far = Node::new(88);
        let file = RelayFile {
            address: "far.example:4433".to_owned(),
            ik: far.ik.verifying_key(),
            tls_spki: far.tls.spki_hash(),
            node: far.id,
            witness: None,
        };
        self.add_relay(&file, RelayId(2));
        self.add_at(node, RelayId(2));
    }

    pub(crate) fn add_relay(&mut self, file: &RelayFile, number: RelayId) {
        let fields = LeafFields {
            node: file.node,
            ik: *file.ik.as_bytes(),
            tls_spki: file.tls_spki,
            succession: [0; 32],
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: Roles::RELAY.bits(),
            ..Node::new(99).entry(self.registry.size(), number)
        };
        self.append(&fields);
    }

    pub(crate) fn mark(&mut self, kind: LeafKind, node: &Node) {
        let fields = self.registry.next_entry(kind, &node.id, NOW).unwrap();
        self.append(&fields);
    }

    /// Changes a node's entry, with the second signature by this key.
    pub(crate) fn change(
        &mut self,
        node: &Node,
        second: Option<&SigningKey>,
        change: impl FnOnce(LeafFields) -> LeafFields,
    ) {
        let fields = change(self.registry.next_entry(LeafKind::Change, &node.id, NOW).unwrap());
        self.registry.extend(&[fields.sign(&self.registrar, second)]).unwrap();
    }

    pub(crate) fn head(&self, now: Timestamp) -> Head {
        let (size, root) = (self.registry.size(), self.registry.root_hash());
        let checkpoint = Checkpoint { origin: self.registry.root().log_name().to_owned(), size, root };
        let timestamp = LogTime { size, root, time: now }.sign(&self.timestamp);
        Head { size, note: checkpoint.sign(&self.log).unwrap(), timestamp }
    }

    /// Leaves `from..to` as a publication's piece.
    pub(crate) fn piece(&self, from: u64, to: u64, now: Timestamp) -> Frame {
        let count = usize::try_from(to - from).unwrap();
        let leaves: Vec<_> = self.registry.leaves_from(from).take(count).map(|leaf| leaf.to_vec().into()).collect();
        let records = leaves.iter().map(|_| vec![5; 300].into()).collect();
        let root = self.registry.root().as_bytes().to_vec().into();
        Frame::Publish { tag: Tag(from + 1), root, from, leaves, records, head: self.head(now) }
    }
}

pub(crate) struct World {
    pub(crate) authority: Authority,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) config: Config,
    pub(crate) relay_key: VerifyingKey,
    relay_tls: [u8; 32],
    dialer: Dialer,
    running: Option<Running>,
    _data: tempfile::TempDir,
}

struct Running {
    stop: CancellationToken,
    task: JoinSet<Result<(), RelayError>>,
    address: String,
    local: std::net::SocketAddr,
}

impl World {
    /// A relay whose leaf is in the log, and these nodes; nothing is published yet.
    pub(crate) async fn unpublished(nodes: &[&Node]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let directory = data.path().join("relay");
        let made = setup::init(&directory, "127.0.0.1:4433", &mut SystemEntropy).unwrap();
        let file = RelayFile::parse(&std::fs::read(made.public_file).unwrap()).unwrap();
        let mut authority = Authority::new(1);
        authority.add_relay(&file, RELAY);
        for node in nodes {
            authority.add(node);
        }
        let root = directory.join("root.scr");
        std::fs::write(&root, authority.registry.root().as_bytes()).unwrap();
        let any = "127.0.0.1:0".parse().unwrap();
        let config = Config {
            data: directory,
            listen: any,
            address: file.address,
            root,
            local_listen: any,
            log: "info".to_owned(),
            admission: Default::default(),
            quotas: Default::default(),
            blobs: Default::default(),
        };
        let mut world = Self {
            authority,
            clock: Arc::new(TestClock(AtomicU64::new(NOW.0))),
            config,
            relay_key: file.ik,
            relay_tls: file.tls_spki,
            dialer: Dialer::new().unwrap(),
            running: None,
            _data: data,
        };
        world.start().await;
        world
    }

    /// A relay that serves these nodes.
    pub(crate) async fn of(nodes: &[&Node]) -> Self {
        let mut world = Self::unpublished(nodes).await;
        world.publish().await;
        world
    }

    pub(crate) async fn start(&mut self) {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as _;
        let relay = Relay::start(&self.config, clock).await.unwrap();
        let stop = CancellationToken::new();
        let (address, local) = (relay.address().to_string(), relay.local_address());
        let mut task = JoinSet::new();
        task.spawn(relay.run(stop.clone()));
        self.running = Some(Running { stop, task, address, local });
    }

    /// Ends the relay in order.
    pub(crate) async fn stop(&mut self) {
        let mut running = self.running.take().unwrap();
        running.stop.cancel();
        timeout(PATIENCE, running.task.join_next()).await.unwrap().unwrap().unwrap().unwrap();
    }

    /// Drops the relay where it stands, then starts it again.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    pub(crate) fn data(&self) -> &Path {
        &self.config.data
    }

    pub(crate) fn address(&self) -> &str {
        &self.running.as_ref().unwrap().address
    }

    pub(crate) async fn dial(&self, key: Option<&TlsKey>, alpn: Alpn) -> Result<Peer, LinkError> {
        let expected = ExpectedRelay::Pinned(self.relay_tls);
        let link = self.dialer.connect(self.address(), expected, key, alpn).await?;
        Ok(Peer { link, tag: 1_000 })
    }

    /// A session of this node that is up.
    pub(crate) async fn session(&self, node: &Node) -> Peer {
        let mut peer = self.dial(Some(&node.tls), Alpn::Node).await.unwrap();
        peer.send(hello(node, 64)).await;
        let welcome = peer.receive().await;
        assert!(matches!(welcome, Frame::Welcome { relay: RELAY, .. }), "{}", welcome.name());
        peer
    }

    /// A session of the authority that is up.
    pub(crate) async fn admin(&self) -> Peer {
        self.admin_of(&self.authority).await.0
    }

    /// A session of this authority that is up, and the head that it is welcomed with.
    pub(crate) async fn admin_of(&self, authority: &Authority) -> (Peer, Head) {
        let mut peer = self.dial(Some(&authority.tls), Alpn::Authority).await.unwrap();
        peer.send(Frame::AuthorityHello { version: SESSION_VERSION }).await;
        let frame = peer.receive().await;
        let Frame::Welcome { head, .. } = frame else { panic!("{}", frame.name()) };
        (peer, head)
    }

    /// How a session of this node is refused, be it in the handshake or at the hello.
    pub(crate) async fn refused(&self, node: &Node) -> Option<Goodbye> {
        match self.dial(Some(&node.tls), Alpn::Node).await {
            Err(_) => None,
            Ok(mut peer) => {
                peer.link.send(&hello(node, 64)).await.ok();
                match peer.next().await {
                    Ok(Frame::Goodbye { reason, .. }) | Err(LinkError::Closed(reason)) => Some(reason),
                    Ok(frame) => panic!("{}", frame.name()),
                    Err(_) => None,
                }
            }
        }
    }

    /// Publishes what the relay lacks.
    pub(crate) async fn publish(&mut self) {
        let mut admin = self.admin().await;
        let size = self.authority.registry.size();
        let answer = admin.ask(self.authority.piece(0, size, self.clock.now())).await;
        assert!(matches!(answer, Frame::Published { size: held, .. } if held == size), "{}", answer.name());
    }

    pub(crate) async fn get(&self, path: &str) -> String {
        let local = self.running.as_ref().unwrap().local;
        let mut stream = tokio::net::TcpStream::connect(local).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {local}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }
}

pub(crate) fn hello(node: &Node, deliveries: u32) -> Frame {
    Frame::Hello { version: SESSION_VERSION, node: node.id, registry_size: 0, deliveries }
}

/// The connecting end, frame by frame.
pub(crate) struct Peer {
    link: Link,
    tag: u64,
}

impl Peer {
    /// A way to streams beside the session's.
    pub(crate) fn transfers(&self) -> Transfers {
        self.link.transfers()
    }

    pub(crate) async fn send(&mut self, frame: Frame) {
        self.link.send(&frame).await.unwrap();
    }

    pub(crate) async fn next(&mut self) -> Result<Frame, LinkError> {
        timeout(PATIENCE, self.link.receive()).await.expect("an answer")
    }

    /// The next frame that is no credit.
    pub(crate) async fn receive(&mut self) -> Frame {
        loop {
            let frame = self.next().await.unwrap();
            if !matches!(frame, Frame::Credit { .. }) {
                return frame;
            }
        }
    }

    /// Sends a request and waits for what comes next.
    pub(crate) async fn ask(&mut self, frame: Frame) -> Frame {
        self.send(frame).await;
        self.receive().await
    }

    pub(crate) async fn submit(&mut self, envelope: &Sealed) -> Frame {
        self.tag += 1;
        self.ask(Frame::Submit { tag: Tag(self.tag), envelope: envelope.as_bytes().to_vec().into() }).await
    }

    /// The next envelope delivered.
    pub(crate) async fn delivered(&mut self) -> Vec<u8> {
        let frame = self.receive().await;
        let Frame::Deliver { envelope, .. } = frame else { panic!("{}", frame.name()) };
        envelope.into_vec()
    }

    /// Nothing more was sent before the answer to a request that is asked now.
    pub(crate) async fn has_nothing(&mut self) {
        self.tag += 1;
        let answer = self.ask(Frame::RootFetch { tag: Tag(self.tag) }).await;
        assert!(matches!(answer, Frame::Root { .. }), "{}", answer.name());
    }

    pub(crate) async fn goodbye(&mut self) -> Goodbye {
        loop {
            match self.next().await {
                Ok(Frame::Goodbye { reason, .. }) => return reason,
                Ok(_) => {}
                Err(LinkError::Closed(reason)) => return reason,
                Err(error) => panic!("{error}"),
            }
        }
    }
}
