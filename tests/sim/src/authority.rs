//! The authority: a real registry log with its root file, its leaves, its sealed directory records and its signed heads.

use std::collections::BTreeMap;

use safeconduct_certs::{
    authority::{
        relay_file::RelayFile,
        root::{RootDraft, RootFile},
    },
    directory::{self, DirectoryKey, Record, RoleName},
    enrol::change::ChangeRequest,
    link::{Link, TlsKey},
    log::{checkpoint::Checkpoint, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
    },
};
use safeconduct_client::keys::Identity;
use safeconduct_protocol::{
    crypto::{kem::KemSecret, note::NoteKey, sign::SigningKey},
    frame::{Frame, Head, SESSION_VERSION, Tag},
    id::{LeafHash, MailboxId, NodeId, RelayId},
    secret::Secret,
    time::Timestamp,
};

use crate::{clock::BEGIN, dice::Seeded};

/// Opens directory records.
pub(crate) const DIRECTORY: [u8; 32] = [6; 32];

/// An authority with its keys. The same in every simulation.
pub(crate) struct Authority {
    log: NoteKey,
    registrar: SigningKey,
    timestamp: SigningKey,
    enrol: KemSecret,
    pub(crate) tls: TlsKey,
    pub(crate) registry: Registry,
    /// Beside each leaf.
    records: Vec<Vec<u8>>,
    entropy: Seeded,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut entropy = Seeded::new(0, "authority");
        let roots: Vec<_> = (0..3).map(|_| SigningKey::generate(&mut entropy).unwrap()).collect();
        let log = NoteKey::generate(&mut entropy).unwrap();
        let registrar = SigningKey::generate(&mut entropy).unwrap();
        let timestamp = SigningKey::generate(&mut entropy).unwrap();
        let tls = TlsKey::generate(&mut entropy).unwrap();
        let enrol = KemSecret::generate(&mut entropy).unwrap();
        let draft = RootDraft {
            version: 1,
            threshold: 2,
            root_keys: roots.iter().map(SigningKey::verifying_key).collect(),
            country: *b"XA",
            log_name: "xa.sim/registry".to_owned(),
            log_key: log.verifier(),
            registrar: registrar.verifying_key(),
            timestamp: timestamp.verifying_key(),
            tls_spki: tls.spki_hash(),
            enrol: enrol.public(),
            witness_quorum: 0,
            witnesses: Vec::new(),
            min_suite: 1,
            made_at: BEGIN,
        };
        let root = draft.sign(&[(0, &roots[0]), (1, &roots[1])]).unwrap();
        Self { log, registrar, timestamp, enrol, tls, registry: Registry::new(root), records: Vec::new(), entropy }
    }

    /// The same authority once more, with a log of its own that begins with this one's.
    pub(crate) fn again(&self, seed: u64) -> Self {
        let mut again = Self::new();
        let leaves: Vec<&[u8]> = self.registry.leaves_from(0).collect();
        again.registry.extend(&leaves).unwrap();
        again.records.clone_from(&self.records);
        again.entropy = Seeded::new(seed, "authority");
        again
    }

    /// Opens what nodes ask for.
    pub(crate) const fn enrol(&self) -> &KemSecret {
        &self.enrol
    }

    /// An entry about a node that changes nothing but how it stands.
    pub(crate) fn enters(&mut self, kind: LeafKind, node: &NodeId, now: Timestamp) {
        let fields = match kind {
            LeafKind::Change => self.registry.next_change(node, now),
            _ => self.registry.next_entry(kind, node, now),
        };
        self.append(&fields.unwrap(), Vec::new());
    }

    /// Does what a node asks for, if its request fits what stands; whether it did.
    pub(crate) fn changes_keys(&mut self, request: &ChangeRequest, now: Timestamp) -> bool {
        let Some(state) = self.registry.node(&request.node) else { return false };
        if request.judge(state).is_err() {
            return false;
        }
        let Some(fields) = self.registry.next_change(&request.node, now) else { return false };
        let leaf = request.applied_to(fields).sign_beside(&self.registrar, request.statement.as_ref());
        self.registry.extend(&[leaf]).unwrap();
        self.records.push(Vec::new());
        true
    }

    pub(crate) fn root(&self) -> &RootFile {
        self.registry.root()
    }

    fn blank(&self) -> LeafFields {
        LeafFields {
            kind: LeafKind::Add,
            seq: self.registry.size(),
            node: NodeId::from_bytes([0; 32]),
            previous: LeafHash::from_bytes([0; 32]),
            effective: BEGIN,
            ik: [0; 32],
            succession: [0; 32],
            tls_spki: [0; 32],
            home_relay: RelayId(0),
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: 0,
            suites: 1,
            directory: [0; 32],
            ml_dsa: None,
            terms: None,
        }
    }

    fn append(&mut self, fields: &LeafFields, record: Vec<u8>) {
        self.registry.extend(&[fields.sign(&self.registrar, None)]).unwrap();
        self.records.push(record);
    }

    fn sealed(&mut self, record: &Record, node: &NodeId) -> (Vec<u8>, [u8; 32]) {
        directory::seal(record, &DirectoryKey::new(Secret::new(DIRECTORY)), node, &mut self.entropy).unwrap()
    }

    /// Registers a relay under this number.
    pub(crate) fn add_relay(&mut self, file: &RelayFile, number: RelayId) {
        let names = BTreeMap::from([("eng".to_owned(), format!("Relay {}", number.0))]);
        let agency = format!("xa.relay-{}", number.0).parse().unwrap();
        let bare = Record::bare(agency, names, "XA".to_owned(), Vec::new(), false);
        let (sealed, directory) = self.sealed(&Record { relay: Some(file.address.clone()), ..bare }, &file.node);
        let fields = LeafFields {
            node: file.node,
            ik: *file.ik.as_bytes(),
            tls_spki: file.tls_spki,
            home_relay: number,
            roles: Roles::RELAY.bits(),
            directory,
            ..self.blank()
        };
        self.append(&fields, sealed);
    }

    /// Registers a node for an agency.
    pub(crate) fn add_node(
        &mut self,
        agency: &str,
        identity: &Identity,
        tls_spki: [u8; 32],
        home_relay: RelayId,
        now: Timestamp,
    ) {
        let names = BTreeMap::from([("eng".to_owned(), agency.to_owned())]);
        let roles = [Role::NgoShelter].map(RoleName).to_vec();
        let record = Record::bare(agency.parse().unwrap(), names, "XA".to_owned(), roles, false);
        let (sealed, directory) = self.sealed(&record, &identity.node);
        let fields = LeafFields {
            node: identity.node,
            ik: *identity.public().as_bytes(),
            succession: identity.succession_public,
            tls_spki,
            home_relay,
            mailbox: identity.mailbox,
            effective: now,
            roles: Roles::agency(&[Role::NgoShelter], Exercise::No).unwrap().bits(),
            directory,
            ..self.blank()
        };
        self.append(&fields, sealed);
    }

    /// All entries, and the record beside each.
    pub(crate) fn entries(&self) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        (self.registry.leaves_from(0).map(<[u8]>::to_vec).collect(), self.records.clone())
    }

    /// A head of now.
    pub(crate) fn head(&self, now: Timestamp) -> Head {
        let (size, root) = (self.registry.size(), self.registry.root_hash());
        let checkpoint = Checkpoint { origin: self.root().log_name().to_owned(), size, root };
        let timestamp = LogTime { size, root, time: now }.sign(&self.timestamp);
        Head { size, note: checkpoint.sign(&self.log).unwrap(), timestamp }
    }

    /// Publishes over an open link what the relay lacks, under a head of now; whether it was taken.
    pub(crate) async fn publish(&self, mut link: Link, now: Timestamp) -> bool {
        if link.send(&Frame::AuthorityHello { version: SESSION_VERSION }).await.is_err() {
            return false;
        }
        let Ok(Frame::Welcome { head, .. }) = link.receive().await else { return false };
        let from = head.size;
        let leaves: Vec<_> = self.registry.leaves_from(from).map(|leaf| leaf.to_vec().into()).collect();
        let place = usize::try_from(from).unwrap_or_default();
        let records = self.records[place..].iter().map(|record| record.clone().into()).collect();
        let root = self.root().as_bytes().to_vec().into();
        let piece = Frame::Publish { tag: Tag(1), root, from, leaves, records, head: self.head(now) };
        if link.send(&piece).await.is_err() {
            return false;
        }
        matches!(link.receive().await, Ok(Frame::Published { .. } | Frame::Cosigned { .. }))
    }
}
