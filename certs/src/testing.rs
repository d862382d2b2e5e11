//! Seeded randomness for this crate's own tests.

use safeconduct_protocol::entropy::{Entropy, NoEntropy};
use sha2::{Digest as _, Sha256};

/// SHA-256 in counter mode over a seed: repeatable, and never outside tests.
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
            let block = Sha256::digest([self.seed.to_be_bytes(), self.counter.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

use safeconduct_protocol::{
    crypto::{kem::KemSecret, note::NoteKey, sign::SigningKey},
    frame::Head,
    id::{LeafHash, MailboxId, NodeId, RelayId},
    secret::Secret,
    time::Timestamp,
};

use crate::{
    authority::root::{Proposal, RootDraft, RootFile, RootRefused},
    link::TlsKey,
    log::{checkpoint::Checkpoint, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
    },
};

/// When everything in these tests happens.
pub(crate) const NOW: Timestamp = Timestamp(1_795_478_400);

/// An authority's keys, from a seed.
pub(crate) struct Keys {
    pub(crate) roots: Vec<SigningKey>,
    pub(crate) log: NoteKey,
    pub(crate) registrar: SigningKey,
    pub(crate) timestamp: SigningKey,
    pub(crate) tls: TlsKey,
    pub(crate) enrol: KemSecret,
}

impl Keys {
    pub(crate) fn new(seed: u64) -> Self {
        let mut entropy = Seeded::new(seed);
        let entropy = &mut entropy;
        Self {
            roots: (0..3).map(|_| SigningKey::generate(entropy).unwrap()).collect(),
            log: NoteKey::generate(entropy).unwrap(),
            registrar: SigningKey::generate(entropy).unwrap(),
            timestamp: SigningKey::generate(entropy).unwrap(),
            tls: TlsKey::generate(entropy).unwrap(),
            enrol: KemSecret::generate(entropy).unwrap(),
        }
    }

    pub(crate) fn draft(&self) -> RootDraft {
        RootDraft {
            version: 1,
            threshold: 2,
            root_keys: self.roots.iter().map(SigningKey::verifying_key).collect(),
            country: *b"XA",
            log_name: "xa.test/registry".to_owned(),
            log_key: self.log.verifier(),
            registrar: self.registrar.verifying_key(),
            timestamp: self.timestamp.verifying_key(),
            tls_spki: self.tls.spki_hash(),
            enrol: self.enrol.public(),
            witness_quorum: 0,
            witnesses: Vec::new(),
            min_suite: 1,
            made_at: NOW,
        }
    }

    pub(crate) fn root(&self) -> RootFile {
        self.draft().sign(&[(0, &self.roots[0]), (2, &self.roots[2])]).unwrap()
    }

    /// The same authority with other keys of log, registrar and timestamps, from a seed.
    pub(crate) fn rotated(&self, seed: u64) -> Self {
        let Self { log, registrar, timestamp, .. } = Self::new(seed);
        let roots = self.roots.iter().map(|key| SigningKey::from_seed(key.seed())).collect();
        let tls = TlsKey::from_seed(self.tls.seed().duplicate());
        let enrol = KemSecret::from_bytes(self.enrol.seed().duplicate());
        Self { roots, log, registrar, timestamp, tls, enrol }
    }

    /// The root file with these keys as its next version, signed by these.
    pub(crate) fn following(&self, before: &RootFile, signers: &[&SigningKey]) -> Result<RootFile, RootRefused> {
        self.following_with(before, signers, |_draft| ())
    }

    /// The same, bent.
    pub(crate) fn following_with(
        &self,
        before: &RootFile,
        signers: &[&SigningKey],
        bend: impl FnOnce(&mut RootDraft),
    ) -> Result<RootFile, RootRefused> {
        let mut draft = RootDraft { version: before.version() + 1, ..self.draft() };
        bend(&mut draft);
        let mut proposal = Proposal::new(&draft, before)?;
        for key in signers {
            proposal.sign(key);
        }
        proposal.complete()
    }

    /// The root file that follows, signed by the first two holders.
    pub(crate) fn next_root(&self, before: &RootFile) -> RootFile {
        self.following(before, &[&self.roots[0], &self.roots[1]]).unwrap()
    }

    /// The entry that brings this root file into force.
    pub(crate) fn announce(&self, registry: &Registry, root: &RootFile) -> Vec<u8> {
        let fields = registry.next_about_registry(LeafKind::Root, NOW);
        LeafFields { directory: *root.hash(), ..fields }.sign(&self.registrar, None)
    }

    /// A head over the first `size` entries, timestamped at `time`.
    pub(crate) fn head(&self, registry: &Registry, size: u64, time: Timestamp) -> Head {
        let root = registry.root_hash_at(size).unwrap();
        let checkpoint = Checkpoint { origin: registry.root().log_name().to_owned(), size, root };
        let timestamp = LogTime { size, root, time }.sign(&self.timestamp);
        Head { size, note: checkpoint.sign(&self.log).unwrap(), timestamp }
    }
}

/// A node's keys, from a seed.
pub(crate) struct Actor {
    pub(crate) ik: SigningKey,
    pub(crate) succession: SigningKey,
    pub(crate) tls: TlsKey,
    seed: u8,
}

impl Actor {
    pub(crate) fn new(seed: u8) -> Self {
        let key = |kind| SigningKey::from_seed(Secret::new([seed; 32].map(|byte: u8| byte ^ kind)));
        let tls = TlsKey::from_seed(Secret::new([seed ^ 0x30; 32]));
        Self { ik: key(0x10), succession: key(0x20), tls, seed }
    }

    /// An `add` entry for an agency at relay 1.
    pub(crate) fn add(&self, seq: u64) -> LeafFields {
        LeafFields {
            kind: LeafKind::Add,
            seq,
            node: NodeId::from_bytes([self.seed; 32]),
            previous: LeafHash::from_bytes([0; 32]),
            effective: NOW,
            ik: *self.ik.verifying_key().as_bytes(),
            succession: *self.succession.verifying_key().as_bytes(),
            tls_spki: self.tls.spki_hash(),
            home_relay: RelayId(1),
            mailbox: MailboxId::from_bytes([self.seed; 16]),
            roles: Roles::agency(&[Role::NgoShelter], Exercise::No).unwrap().bits(),
            suites: 1,
            directory: [self.seed; 32],
            ml_dsa: None,
            terms: None,
        }
    }

    /// An `add` entry for relay 1.
    pub(crate) fn add_relay(&self, seq: u64) -> LeafFields {
        LeafFields {
            succession: [0; 32],
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: Roles::RELAY.bits(),
            ..self.add(seq)
        }
    }
}
