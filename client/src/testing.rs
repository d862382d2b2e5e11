//! What the tests of the durable state share: seeded randomness and a vault in a temporary directory.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use safeconduct_certs::{
    authority::root::{Proposal, RootDraft, RootFile},
    directory::DirectoryKey,
    enrol::paper::PaperKey,
    introduction::Introduced,
    keyfile::Cost,
    log::{checkpoint::Checkpoint, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
        terms::{Border, ROLES_ALL, Terms, What},
    },
};
use safeconduct_protocol::{
    crypto::{
        hash::sha256,
        kem::KemSecret,
        note::{NoteKey, NoteVerifier},
        sign::{SigningKey, VerifyingKey},
    },
    entropy::{Entropy, NoEntropy},
    envelope::sealed::Sealed,
    frame::Head,
    id::{InviteId, LeafHash, MailboxId, NodeId, RelayId},
    receipt::relay::RelayAccepted,
    secret::Secret,
    time::{Clock, Timestamp},
};
use zeroize::Zeroizing;

use crate::{
    casework::{
        clocks::{Known, Setting},
        store::columns::uuid_text,
    },
    keys::{self, Identity},
    outbox::At,
    referral::{self, Referral, profile::Profiles},
    registry::{self, Growth, Held, RelayRef},
    vault::Vault,
};

/// A time in the tests' world.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);

/// SHA-256 in counter mode over a seed: repeatable.
pub(crate) struct Seeded {
    seed: u64,
    counter: u64,
}

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for chunk in bytes.chunks_mut(32) {
            self.counter += 1;
            let block = sha256(&[&self.seed.to_be_bytes(), &self.counter.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

/// A clock that stands still.
pub(crate) struct Stopped(pub(crate) Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// The passphrase of every vault here.
pub(crate) fn passphrase() -> Zeroizing<String> {
    Zeroizing::new("three ferries cross before dawn".to_owned())
}

/// The cheapest passphrase derivation.
pub(crate) fn cheap() -> Cost {
    Cost::new(64, 1).unwrap()
}

/// How SQLite answers a statement, step by step.
pub(crate) fn plan(db: &rusqlite::Connection, statement: &str) -> Vec<String> {
    let mut plan = db.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let values = vec![0_i64; plan.parameter_count()];
    let steps = plan.query_map(rusqlite::params_from_iter(values), |row| row.get(3)).unwrap();
    steps.map(Result::unwrap).collect()
}

/// A new vault in `dir`.
pub(crate) fn vault(dir: &Path, entropy: &mut Seeded) -> Vault {
    vault_with_paper(dir, entropy).0
}

fn vault_with_paper(dir: &Path, entropy: &mut Seeded) -> (Vault, PaperKey) {
    keys::init(dir, &passphrase(), None, cheap(), NOW, entropy).unwrap()
}

/// Opens a vault again, as a restarted daemon does.
pub(crate) fn reopen(dir: &Path, now: Timestamp, entropy: &mut Seeded) -> Vault {
    Vault::open(dir, &passphrase(), now, entropy).unwrap()
}

/// An authority, a relay and nodes, all in this process: what they send each other is passed by hand.
pub(crate) struct World {
    pub(crate) entropy: Seeded,
    roots: Vec<SigningKey>,
    log: NoteKey,
    registrar: SigningKey,
    timestamp: SigningKey,
    root: RootFile,
    registry: Registry,
    pub(crate) relay: SigningKey,
}

/// The relay's number.
pub(crate) const RELAY: RelayId = RelayId(1);

/// A session with the relay, where every node has its mailbox.
pub(crate) const HOME: At = At { relay: RelayRef::own(RELAY), home: RelayRef::own(RELAY), was_home: false };

impl World {
    /// An authority with one relay registered.
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(seed, b"XA")
    }

    /// The same in another country.
    pub(crate) fn of(seed: u64, country: &[u8; 2]) -> Self {
        let log_name = format!("{}.test/registry", String::from_utf8_lossy(country).to_lowercase());
        Self::named(seed, country, log_name, Vec::new())
    }

    /// The same for exercises.
    pub(crate) fn of_practice(seed: u64, country: &[u8; 2]) -> Self {
        let country_text = String::from_utf8_lossy(country).to_lowercase();
        Self::named(seed, country, format!("{country_text}.practice.invalid/registry"), Vec::new())
    }

    /// With these witnesses, of which none is needed.
    pub(crate) fn witnessed(seed: u64, witnesses: Vec<(String, NoteVerifier)>) -> Self {
        Self::named(seed, b"XA", "xa.test/registry".to_owned(), witnesses)
    }

    fn named(seed: u64, country: &[u8; 2], log_name: String, witnesses: Vec<(String, NoteVerifier)>) -> Self {
        let mut entropy = Seeded::new(seed);
        let roots: Vec<_> = (0..3).map(|_| SigningKey::generate(&mut entropy).unwrap()).collect();
        let log = NoteKey::generate(&mut entropy).unwrap();
        let registrar = SigningKey::generate(&mut entropy).unwrap();
        let timestamp = SigningKey::generate(&mut entropy).unwrap();
        let relay = SigningKey::generate(&mut entropy).unwrap();
        let draft = RootDraft {
            version: 1,
            threshold: 2,
            root_keys: roots.iter().map(SigningKey::verifying_key).collect(),
            country: *country,
            log_name,
            log_key: log.verifier(),
            registrar: registrar.verifying_key(),
            timestamp: timestamp.verifying_key(),
            tls_spki: [1; 32],
            enrol: KemSecret::generate(&mut entropy).unwrap().public(),
            witness_quorum: 0,
            witnesses,
            min_suite: 1,
            made_at: NOW,
        };
        let root = draft.sign(&[(0, &roots[0]), (1, &roots[1])]).unwrap();
        let registry = Registry::new(root.clone());
        let mut world = Self { entropy, roots, log, registrar, timestamp, root, registry, relay };
        let fields = LeafFields {
            node: NodeId::from_bytes([9; 32]),
            ik: *world.relay.verifying_key().as_bytes(),
            succession: [0; 32],
            tls_spki: [2; 32],
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: Roles::RELAY.bits(),
            ..world.blank()
        };
        world.append(&fields);
        world
    }

    /// Other keys of log, registrar and timestamps, from a seed, in force from the next entry on; the version of the root file that lies
    /// beside that entry.
    pub(crate) fn rotate(&mut self, seed: u64) -> Vec<u8> {
        let entropy = &mut Seeded::new(seed);
        self.log = NoteKey::generate(entropy).unwrap();
        self.registrar = SigningKey::generate(entropy).unwrap();
        self.timestamp = SigningKey::generate(entropy).unwrap();
        let draft = RootDraft {
            version: self.root.version() + 1,
            log_key: self.log.verifier(),
            registrar: self.registrar.verifying_key(),
            timestamp: self.timestamp.verifying_key(),
            ..RootDraft::of(&self.root)
        };
        let mut proposal = Proposal::new(&draft, &self.root).unwrap();
        assert!(self.roots.iter().take(2).all(|key| proposal.sign(key)));
        self.root = proposal.complete().unwrap();
        let beside = self.root.own_bytes().to_vec();
        let fields = self.registry.next_about_registry(LeafKind::Root, NOW);
        let leaf = LeafFields { directory: *self.root.hash(), ..fields }.sign(&self.registrar, None);
        self.registry.extend_beside(&[leaf], &[&beside]).unwrap();
        beside
    }

    fn blank(&self) -> LeafFields {
        LeafFields {
            kind: LeafKind::Add,
            seq: self.registry.size(),
            node: NodeId::from_bytes([0; 32]),
            previous: LeafHash::from_bytes([0; 32]),
            effective: NOW,
            ik: [0; 32],
            succession: [0; 32],
            tls_spki: [0; 32],
            home_relay: RELAY,
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: 0,
            suites: 1,
            directory: [0; 32],
            ml_dsa: None,
            terms: None,
        }
    }

    pub(crate) fn append(&mut self, fields: &LeafFields) {
        assert_eq!(self.roots.len(), 3);
        self.registry.extend(&[fields.sign(&self.registrar, None)]).unwrap();
    }

    /// Registers a node.
    pub(crate) fn add(&mut self, identity: &Identity, exercise: Exercise) {
        self.add_with(identity, exercise, [0; 32]);
    }

    /// Registers a node whose entry commits to a directory record.
    pub(crate) fn add_with(&mut self, identity: &Identity, exercise: Exercise, directory: [u8; 32]) {
        let fields = LeafFields {
            node: identity.node,
            ik: *identity.public().as_bytes(),
            succession: identity.succession_public,
            tls_spki: sha256(&[identity.node.as_bytes()]),
            mailbox: identity.mailbox,
            roles: Roles::agency(&[Role::NgoShelter], exercise).unwrap().bits(),
            directory,
            ..self.blank()
        };
        self.append(&fields);
    }

    /// Registers another node under this id, with keys of its own.
    pub(crate) fn impersonate(&mut self, node: &NodeId) {
        let stranger = self.stranger().identity;
        self.add(&Identity { node: *node, ..stranger }, Exercise::No);
    }

    /// An entry about the registry itself.
    pub(crate) fn about(&self, kind: LeafKind, at: Timestamp) -> LeafFields {
        self.registry.next_about_registry(kind, at)
    }

    /// Changes what is registered of a node, apart from its keys.
    pub(crate) fn change(&mut self, node: &NodeId, roles: Roles, directory: [u8; 32]) {
        let fields = self.registry.next_entry(LeafKind::Change, node, NOW).unwrap();
        self.append(&LeafFields { roles: roles.bits(), directory, ..fields });
    }

    /// Gives a node another identity key, with its own yes or without.
    pub(crate) fn renew(&mut self, node: &NodeId, ik: &VerifyingKey, second: Option<&SigningKey>) {
        let fields = self.waiting_change(node, ik, NOW);
        self.registry.extend(&[fields.sign(&self.registrar, second)]).unwrap();
    }

    /// What an authority writes beside its entry that recognises another one of country XB, sealed under `own`, and the entry's terms.
    pub(crate) fn recognition(
        root: RootFile,
        directory: [u8; 32],
        own: &DirectoryKey,
        until: Timestamp,
        entropy: &mut Seeded,
    ) -> (Vec<u8>, Terms) {
        let introduced = Introduced { root, directory: DirectoryKey::new(Secret::new(directory)) };
        let (sealed, record) = introduced.seal(own, entropy).unwrap();
        let terms = Terms {
            number: 0,
            from_roles: ROLES_ALL,
            to_roles: ROLES_ALL,
            from_country: Border(*b"XB"),
            to_country: Border::ANY,
            what: What::ALL,
            until,
            record,
        };
        (sealed, terms)
    }

    /// A new signing key.
    pub(crate) fn signing_key(&mut self) -> SigningKey {
        SigningKey::generate(&mut self.entropy).unwrap()
    }

    /// An entry that gives a node another identity key.
    pub(crate) fn waiting_change(&self, node: &NodeId, ik: &VerifyingKey, effective: Timestamp) -> LeafFields {
        let fields = self.registry.next_entry(LeafKind::Change, node, effective).unwrap();
        LeafFields { ik: *ik.as_bytes(), ..fields }
    }

    /// Gives a node another TLS key.
    pub(crate) fn give_tls(&mut self, node: &NodeId, tls_spki: [u8; 32]) {
        let fields = self.registry.next_entry(LeafKind::Change, node, NOW).unwrap();
        self.append(&LeafFields { tls_spki, ..fields });
    }

    /// Makes a suspended node active again.
    pub(crate) fn resume(&mut self, node: &NodeId) {
        let fields = self.registry.next_entry(LeafKind::Change, node, NOW).unwrap();
        self.append(&fields);
    }

    /// Suspends or revokes a node.
    pub(crate) fn end(&mut self, node: &NodeId, kind: LeafKind) {
        let fields = self.registry.next_entry(kind, node, NOW).unwrap();
        self.append(&fields);
    }

    /// The authority's root file.
    pub(crate) fn root(&self) -> RootFile {
        self.root.clone()
    }

    /// The newest signed head, timestamped `at`.
    pub(crate) fn head(&self, at: Timestamp) -> Head {
        self.head_of(self.registry.size(), self.registry.root_hash(), at)
    }

    /// The same of any size and root.
    pub(crate) fn head_of(&self, size: u64, root: [u8; 32], at: Timestamp) -> Head {
        let checkpoint = Checkpoint { origin: self.root.log_name().to_owned(), size, root };
        let timestamp = LogTime { size, root, time: at }.sign(&self.timestamp);
        Head { size, note: checkpoint.sign(&self.log).unwrap(), timestamp }
    }

    /// Root over the whole log.
    pub(crate) fn held_root(&self) -> [u8; 32] {
        self.registry.root_hash()
    }

    /// Leaves from a place on.
    pub(crate) fn leaves(&self, from: u64) -> Vec<Vec<u8>> {
        self.registry.leaves_from(from).map(<[u8]>::to_vec).collect()
    }

    /// A node with a vault in a directory of its own, registered.
    pub(crate) fn node(&mut self, exercise: Exercise) -> Node {
        let node = self.stranger();
        self.add(&node.identity, exercise);
        node
    }

    /// A node that nobody has registered.
    pub(crate) fn stranger(&mut self) -> Node {
        let dir = tempfile::tempdir().unwrap();
        let (mut vault, paper) = vault_with_paper(dir.path(), &mut self.entropy);
        let invite = InviteId::from_bytes([3; 16]);
        let secret = Secret::new([4; 32]);
        keys::begin_enrolment(&mut vault, invite, "relay:4433", self.root.as_bytes(), b"request", &secret).unwrap();
        let identity = keys::identity(&vault).unwrap();
        let held = registry::load(&vault, NOW).unwrap();
        Node { dir, vault: Some(vault), identity, held, paper: Some(paper) }
    }

    /// Brings a node's registry copy up to date, as of `at`.
    pub(crate) fn update(&self, node: &mut Node, at: Timestamp) {
        let mut growth = Growth::new(&node.held);
        let from = growth.next();
        growth.page(from, &self.leaves(from), &[]).unwrap();
        node.held = growth.finish(node.vault.as_mut().unwrap(), &self.head(at), at).unwrap().0;
    }

    /// The relay's signed word that it holds an envelope.
    pub(crate) fn accept(&self, envelope: &[u8], now: Timestamp) -> Vec<u8> {
        let sealed = Sealed::try_from(envelope.to_vec()).unwrap();
        let size = u32::try_from(envelope.len()).unwrap();
        RelayAccepted::sign(&self.relay, RELAY, sealed.digest(), size, now, sealed.expiry()).as_bytes().to_vec()
    }
}

/// A node in its own directory.
pub(crate) struct Node {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) vault: Option<Vault>,
    pub(crate) identity: Identity,
    pub(crate) held: Held,
    /// Its succession key.
    pub(crate) paper: Option<PaperKey>,
}

impl Node {
    pub(crate) fn vault(&mut self) -> &mut Vault {
        self.vault.as_mut().unwrap()
    }

    /// Closes the vault as a killed process does, and opens it again.
    pub(crate) fn restart(&mut self, now: Timestamp, entropy: &mut Seeded) {
        drop(self.vault.take());
        let vault = reopen(self.dir.path(), now, entropy);
        self.held = registry::load(&vault, now).unwrap();
        self.vault = Some(vault);
    }
}

/// A referral of the samples, by the beginning of its file's name.
pub(crate) fn sample(name: &str) -> Referral {
    let path = format!("{}/../tests/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).unwrap();
    referral::parse(&bytes).unwrap_or_else(|_findings| panic!("{name} is a referral"))
}

/// A referral of its own for every content: where only the way of a message counts, its bytes may be any.
pub(crate) fn referral_like(content: &[u8], exercise: bool) -> Referral {
    static TEXT: LazyLock<serde_json::Value> = LazyLock::new(|| {
        let text = include_str!("../../tests/samples/01-woman-sex-industry-shelter.json");
        serde_json::from_str(text).unwrap()
    });
    let mut id = [0; 16];
    id.copy_from_slice(&sha256(&[content])[..16]);
    id[6] = id[6] & 0x0f | 0x40;
    id[8] = id[8] & 0x3f | 0x80;
    let mut value = TEXT.clone();
    value["header"]["referral_id"] = serde_json::Value::String(uuid_text(&id));
    value["header"]["exercise"] = serde_json::Value::Bool(exercise);
    let parsed = referral::parse(&serde_json::to_vec(&value).unwrap());
    parsed.unwrap_or_else(|_findings| panic!("the sample with another id is a referral"))
}

/// Countries' rules, and no directory.
pub(crate) fn setting() -> Setting<'static> {
    static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::shipped);
    static NOBODY: BTreeMap<NodeId, Known> = BTreeMap::new();
    Setting { profiles: &PROFILES, agencies: &NOBODY }
}
