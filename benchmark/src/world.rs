//! An authority with a relay and many agencies, all from numbers, so that every process of a run knows the same keys.

use std::{collections::BTreeMap, fs, path::Path};

use safeconduct_certs::{
    authority::{
        relay_file::RelayFile,
        root::{RootDraft, RootFile},
    },
    directory::{self, DirectoryKey, Record, RoleName},
    link::TlsKey,
    log::{checkpoint::Checkpoint, merkle::leaf_hash, timestamp::LogTime},
    node::{Exercise, Role, Roles},
    registry::{
        Registry,
        leaf::{LeafFields, LeafKind},
    },
    system::{SystemClock, SystemEntropy},
};
use safeconduct_protocol::{
    crypto::{
        kem::KemSecret,
        note::NoteKey,
        sign::{SigningKey, VerifyingKey},
    },
    frame::{Frame, Head, Tag, leaves_in_page},
    id::{EnvelopeDigest, LeafHash, MailboxId, NodeId, RelayId},
    limits::{EXPIRY_DAYS_MAX, REGISTRY_PAGE_MAX, SUITE_1},
    receipt::settle::{SettleKind, Settlement},
    secret::Secret,
    time::{Clock as _, Timestamp},
};
use safeconduct_relay::setup;
use sha2::{Digest as _, Sha256};

use crate::{envelope::Template, error::BenchError, measure::count};

pub(crate) const RELAY: RelayId = RelayId(1);
/// Bytes of a sealed directory record.
const RECORD_BYTES: usize = 552;
/// The first agencies only receive, so that a mailbox's number is its agency's.
pub(crate) const RECEIVERS: u32 = 32;
/// These follow, and send.
pub(crate) const SENDERS: u32 = 4;
/// The one whose envelope is urgent.
pub(crate) const URGENT: u32 = RECEIVERS + SENDERS;

/// 32 bytes that only `kind` and `number` decide.
fn seed(kind: &str, number: u32) -> [u8; 32] {
    Sha256::new().chain_update(b"bench ").chain_update(kind).chain_update(number.to_be_bytes()).finalize().into()
}

fn signing(kind: &str, number: u32) -> SigningKey {
    SigningKey::from_seed(Secret::new(seed(kind, number)))
}

/// An agency's node.
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) tls: TlsKey,
    ik: SigningKey,
}

impl Node {
    pub(crate) fn new(number: u32) -> Self {
        Self {
            id: NodeId::from_bytes(seed("node", number)),
            tls: TlsKey::from_seed(Secret::new(seed("tls", number))),
            ik: signing("identity", number),
        }
    }

    fn mailbox(&self) -> MailboxId {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(self.id.as_bytes()) {
            *to = !from;
        }
        MailboxId::from_bytes(id)
    }

    fn entry(&self, seq: u64, number: u32, now: Timestamp) -> Result<LeafFields, BenchError> {
        let roles = Roles::agency(&[Role::NgoShelter], Exercise::No);
        Ok(LeafFields {
            kind: LeafKind::Add,
            seq,
            node: self.id,
            previous: LeafHash::from_bytes([0; 32]),
            effective: now,
            ik: *self.ik.verifying_key().as_bytes(),
            succession: *signing("succession", number).verifying_key().as_bytes(),
            tls_spki: self.tls.spki_hash(),
            home_relay: RELAY,
            mailbox: self.mailbox(),
            roles: roles.ok_or_else(|| BenchError::Registry("roles".to_owned()))?.bits(),
            suites: 1,
            directory: [7; 32],
            ml_dsa: None,
            terms: None,
        })
    }

    /// A signed `done`.
    pub(crate) fn done(&self, envelope: EnvelopeDigest) -> Vec<u8> {
        Settlement::sign(&self.ik, self.id, envelope, SettleKind::Done).as_bytes().to_vec()
    }
}

/// The authority, what it has registered, and the relay's files that never change.
pub(crate) struct World {
    registry: Registry,
    /// Sealed directory records, one an entry; none when noise does.
    records: Option<Vec<Vec<u8>>>,
    registrar: SigningKey,
    log: NoteKey,
    timestamp: SigningKey,
    pub(crate) authority_tls: TlsKey,
    pub(crate) relay_tls: [u8; 32],
    pub(crate) relay_key: VerifyingKey,
    pub(crate) templates: Vec<Template>,
    now: Timestamp,
}

impl World {
    /// Makes the relay's keys and root file in the directory `origin`, and a registry of `agencies`.
    ///
    /// # Errors
    /// [`BenchError`].
    pub(crate) fn make(origin: &Path, agencies: u32) -> Result<Self, BenchError> {
        let refused = |error: &dyn std::fmt::Display| BenchError::Registry(error.to_string());
        let made = setup::init(origin, "127.0.0.1:4433", &mut SystemEntropy).map_err(|error| refused(&error))?;
        let public = fs::read(&made.public_file).map_err(BenchError::io("read relay.pub"))?;
        let file = RelayFile::parse(&public).map_err(|error| refused(&error))?;
        let now = SystemClock.now();
        let authority_tls = TlsKey::from_seed(Secret::new(seed("authority", 0)));
        let (log, registrar) = (NoteKey::from_seed(Secret::new(seed("log", 0))), signing("registrar", 0));
        let timestamp = signing("timestamp", 0);
        let root = root_file(&log, &registrar, &timestamp, &authority_tls, now)?;
        fs::write(origin.join("root.scr"), root.as_bytes()).map_err(BenchError::io("write root.scr"))?;
        let mut registry = Registry::new(root);
        let relay = LeafFields {
            node: file.node,
            ik: *file.ik.as_bytes(),
            tls_spki: file.tls_spki,
            succession: [0; 32],
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: Roles::RELAY.bits(),
            ..Node::new(u32::MAX).entry(0, u32::MAX, now)?
        };
        registry.extend(&[relay.sign(&registrar, None)]).map_err(|error| refused(&error))?;
        for number in 0..agencies {
            let fields = Node::new(number).entry(registry.size(), number, now)?;
            registry.extend(&[fields.sign(&registrar, None)]).map_err(|error| refused(&error))?;
        }
        let expiry = now.day().after(EXPIRY_DAYS_MAX / 2);
        let template = |number| Template::new(Node::new(number).mailbox(), expiry, &mut SystemEntropy);
        let templates = (0..RECEIVERS).map(template).collect::<Result<Vec<_>, _>>()?;
        let (relay_tls, relay_key) = (file.tls_spki, file.ik);
        let records = None;
        Ok(Self { registry, records, registrar, log, timestamp, authority_tls, relay_tls, relay_key, templates, now })
    }

    /// Makes the log as long as one gets in years: gives each agency its directory record, adds more agencies, and changes
    /// TLS keys until there are so many entries.
    ///
    /// # Errors
    /// [`BenchError::Registry`].
    pub(crate) fn lengthen(&mut self, entries: u64, more: &[LeafFields], key: &DirectoryKey) -> Result<(), BenchError> {
        let refused = |error: &dyn std::fmt::Display| BenchError::Registry(error.to_string());
        let agencies = self.agencies();
        let mut records = vec![Vec::new()];
        let mut leaves = vec![self.registry.leaf(0).unwrap_or_default().to_vec()];
        let mut state = Vec::new();
        for number in 0..agencies.saturating_add(count(more.len())) {
            let small = u32::try_from(number).unwrap_or(u32::MAX);
            let own = Node::new(small).entry(number.saturating_add(1), small, self.now)?;
            let more = number.checked_sub(agencies).and_then(|place| more.get(usize::try_from(place).ok()?));
            let fields = match more {
                Some(more) => LeafFields { seq: own.seq, ..more.clone() },
                None => own,
            };
            let (record, directory) = directory::seal(&record(number)?, key, &fields.node, &mut SystemEntropy)
                .map_err(|error| refused(&error))?;
            let fields = LeafFields { directory, ..fields };
            let leaf = fields.sign(&self.registrar, None);
            state.push(LeafFields { previous: leaf_hash(&leaf), ..fields });
            leaves.push(leaf);
            records.push(record);
        }
        state.truncate(usize::try_from(agencies).unwrap_or(usize::MAX));
        let mut changes = 0_u32;
        while count(leaves.len()) < entries {
            let Some(fields) = state.get_mut(usize::try_from(u64::from(changes) % agencies).unwrap_or(0)) else {
                break;
            };
            fields.kind = LeafKind::Change;
            fields.seq = count(leaves.len());
            fields.tls_spki = seed("next tls", changes);
            let leaf = fields.sign(&self.registrar, None);
            fields.previous = leaf_hash(&leaf);
            leaves.push(leaf);
            records.push(Vec::new());
            changes = changes.saturating_add(1);
        }
        let mut registry = Registry::new(self.registry.root().clone());
        registry.extend(&leaves).map_err(|error| refused(&error))?;
        self.registry = registry;
        self.records = Some(records);
        Ok(())
    }

    /// The root file.
    pub(crate) fn root(&self) -> &[u8] {
        self.registry.root().as_bytes()
    }

    /// Entries of the log.
    pub(crate) fn entries(&self) -> u64 {
        self.registry.size()
    }

    /// Agencies registered.
    pub(crate) fn agencies(&self) -> u64 {
        self.registry.size().saturating_sub(1)
    }

    /// What the authority sends to a relay so that it knows the first `agencies`.
    ///
    /// # Errors
    /// [`BenchError::Registry`].
    pub(crate) fn pieces(&self, agencies: u64) -> Result<Vec<Frame>, BenchError> {
        let size = agencies.saturating_add(1).min(self.registry.size());
        let head = self.head(size)?;
        let mut pieces = Vec::new();
        let mut from = 0_u64;
        while from < size {
            let first = usize::try_from(from).unwrap_or(usize::MAX);
            let record = |place: usize| match &self.records {
                Some(records) => records.get(place).cloned().unwrap_or_default(),
                None => vec![5; RECORD_BYTES],
            };
            let left = usize::try_from(size.saturating_sub(from)).unwrap_or(usize::MAX);
            let sizes = self.registry.leaves_from(from).zip(first..).take(left.min(REGISTRY_PAGE_MAX));
            // The root file is in the first piece alone; that has as much less room.
            let root = if pieces.is_empty() { self.root() } else { &[] };
            let sizes = sizes.map(|(leaf, place)| leaf.len().saturating_add(record(place).len()));
            let count = match root.len() {
                0 => leaves_in_page(sizes),
                more => leaves_in_page(core::iter::once(more).chain(sizes)).saturating_sub(1),
            };
            let leaves: Vec<_> = self.registry.leaves_from(from).take(count).map(|leaf| leaf.to_vec().into()).collect();
            let records = (first..first.saturating_add(leaves.len())).map(|place| record(place).into()).collect();
            let page = u64::try_from(leaves.len()).unwrap_or(u64::MAX);
            if page == 0 {
                return Err(BenchError::Registry("an entry that fits no frame".to_owned()));
            }
            pieces.push(Frame::Publish {
                tag: Tag(from.saturating_add(1)),
                root: root.to_vec().into(),
                from,
                leaves,
                records,
                head: head.clone(),
            });
            from = from.saturating_add(page);
        }
        Ok(pieces)
    }

    fn head(&self, size: u64) -> Result<Head, BenchError> {
        let root = self.registry.root_hash_at(size).ok_or_else(|| BenchError::Registry("root hash".to_owned()))?;
        let checkpoint = Checkpoint { origin: self.registry.root().log_name().to_owned(), size, root };
        let note = checkpoint.sign(&self.log).ok_or_else(|| BenchError::Registry("checkpoint".to_owned()))?;
        Ok(Head { size, note, timestamp: LogTime { size, root, time: self.now }.sign(&self.timestamp) })
    }
}

fn record(number: u64) -> Result<Record, BenchError> {
    let agency = format!("xa.agency-{number}").parse();
    Ok(Record {
        represents: None,
        agency_id: agency.map_err(|_bad| BenchError::Registry("agency id".to_owned()))?,
        names: BTreeMap::from([("eng".to_owned(), format!("Agency {number}"))]),
        country: "XA".to_owned(),
        roles: vec![RoleName(Role::NgoShelter)],
        exercise: false,
        relay: None,
        services: Vec::new(),
        populations: None,
        languages: Vec::new(),
        hours: None,
        contact: None,
        geography: None,
        competencies: Vec::new(),
    })
}

fn root_file(
    log: &NoteKey,
    registrar: &SigningKey,
    timestamp: &SigningKey,
    tls: &TlsKey,
    now: Timestamp,
) -> Result<RootFile, BenchError> {
    let root_key = signing("root", 0);
    let draft = RootDraft {
        version: 1,
        threshold: 1,
        root_keys: vec![root_key.verifying_key()],
        country: *b"XA",
        log_name: "xa.bench/registry".to_owned(),
        log_key: log.verifier(),
        registrar: registrar.verifying_key(),
        timestamp: timestamp.verifying_key(),
        tls_spki: tls.spki_hash(),
        enrol: KemSecret::from_bytes(Secret::new(seed("enrol", 0))).public(),
        witness_quorum: 0,
        witnesses: Vec::new(),
        min_suite: SUITE_1,
        made_at: now,
    };
    draft.sign(&[(0, &root_key)]).map_err(|error| BenchError::Registry(error.to_string()))
}
