//! The authority's directory on the administrator's disk, opened under a lock by one command at a time.
//!
//! ```text
//! root.scr                what everybody may have
//! keys/                   sealed keys; the root keys belong on other media
//! leaves.log              entries and their sealed directory records, append-only
//! head.bin                newest checkpoint and timestamp
//! book.sealed             invitations and what became of them
//! seen.sealed             when each node was last seen
//! audit.log               what was done and refused
//! lock                    held while a command runs
//! ```
//!
//! The log is the truth: an entry counts once it is in `leaves.log`, and everything after it can be made again.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use safeconduct_protocol::{
    codec,
    crypto::sign::Signature,
    entropy::Entropy,
    frame::Head,
    id::{AgencyId, NodeId},
    time::{Clock, Timestamp},
};

use super::{
    AdminError,
    append::AppendFile,
    audit::{Audit, AuditLine},
    book::Book,
    keys::{Keys, root_key_name},
    root::{ROOT_BYTES_MAX, RootFile},
    seen::Seen,
};
use crate::{
    directory::{self, Record},
    durable,
    layout::Reader,
    log::{checkpoint::Checkpoint, note, timestamp::LogTime},
    node::{NodeState, NodeStatus},
    registry::{Registry, ReplayError, leaf::LeafFields},
};

pub(super) const ROOT_FILE: &str = "root.scr";
const LOG_FILE: &str = "leaves.log";
const LOG: &str = "the log of entries";
const HEAD_FILE: &str = "head.bin";
const HEAD: &str = "the signed head";
/// Seconds between this machine's clock and a relay's from which on one of them is wrong.
pub const CLOCKS_APART_S: u64 = 300;

/// An authority at work: locked, unlocked, replayed.
pub struct Office {
    pub(super) folder: PathBuf,
    pub(super) keys: Keys,
    pub(super) registry: Registry,
    /// Sealed directory record of each entry, empty where it has none.
    pub(super) records: Vec<Vec<u8>>,
    pub(super) book: Book,
    pub(super) seen: Seen,
    pub(super) clock: Box<dyn Clock>,
    pub(super) entropy: Box<dyn Entropy>,
    /// Whether a relay's clock has agreed with ours since this directory was opened.
    pub(super) clock_agrees: bool,
    /// Whether the head was signed since the relays are being told.
    pub(super) signed_now: bool,
    log: AppendFile,
    audit: Audit,
    _lock: File,
}

/// A registered agency or relay with what the directory says about it.
pub struct Registered<'o> {
    /// As the registry has it.
    pub state: &'o NodeState,
    /// As the directory has it.
    pub record: Record,
}

impl Office {
    /// Opens the directory: lock, root file, keys, log, head, book. A torn last entry is cut off; damage is an error.
    ///
    /// # Errors
    /// [`AdminError`].
    pub fn open(
        folder: &Path,
        passphrase: &[u8],
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<Self, AdminError> {
        let root = read_root(folder)?;
        let lock = lock(folder)?;
        let keys = Keys::open(&folder.join("keys"), passphrase, &root)?;
        let (log, items) = AppendFile::open(&folder.join(LOG_FILE), LOG)?;
        let mut registry = Registry::new(root);
        let damaged = AdminError::Damaged { what: LOG };
        let parts = items.iter().map(|item| split(item)).collect::<Option<Vec<_>>>().ok_or(damaged)?;
        let (leaves, records): (Vec<&[u8]>, Vec<Vec<u8>>) =
            parts.into_iter().map(|(leaf, record)| (leaf, record.to_vec())).unzip();
        registry.extend(&leaves).map_err(|_rule| damaged)?;
        let book = Book::read(folder, keys.unlock.reveal())?;
        let seen = Seen::read(folder, keys.unlock.reveal())?;
        let audit = Audit::open(folder, keys.unlock.reveal())?;
        let mut office = Self {
            folder: folder.to_owned(),
            keys,
            registry,
            records,
            book,
            seen,
            clock,
            entropy,
            clock_agrees: false,
            signed_now: false,
            log,
            audit,
            _lock: lock,
        };
        office.read_head()?;
        office.finish_rotation()?;
        Ok(office)
    }

    /// The replayed registry.
    #[must_use]
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The root file.
    #[must_use]
    pub fn root(&self) -> &RootFile {
        self.registry.root()
    }

    /// What was done and refused here.
    #[must_use]
    pub fn audit_lines(&self) -> &[AuditLine] {
        self.audit.lines()
    }

    /// Root keys that still lie on this machine, by file name.
    #[must_use]
    pub fn root_keys_here(&self) -> Vec<String> {
        let holders = (1_u8..).zip(self.root().root_keys());
        let names = holders.map(|(number, _)| root_key_name(number, self.holder_since(number)));
        names.filter(|name| self.folder.join("keys").join(name).exists()).collect()
    }

    /// Everything that is registered, revoked too, in the order of the log.
    ///
    /// # Errors
    /// [`AdminError::Damaged`] when a record does not open.
    pub fn registered(&self) -> Result<Vec<Registered<'_>>, AdminError> {
        let mut newest: BTreeMap<NodeId, &[u8]> = BTreeMap::new();
        for (index, sealed) in (0_u64..).zip(&self.records) {
            if let Some(node) = self.registry.leaf_node(index).filter(|_| !sealed.is_empty()) {
                newest.insert(node, sealed);
            }
        }
        let mut all = Vec::with_capacity(newest.len());
        for (node, sealed) in newest {
            let state = self.registry.node(&node).ok_or(AdminError::Damaged { what: LOG })?;
            let record = directory::open(sealed, &self.keys.directory, state);
            let record = record.map_err(|_refused| AdminError::Damaged { what: LOG })?;
            all.push(Registered { state, record });
        }
        all.sort_by_key(|registered| registered.state.added_at);
        Ok(all)
    }

    /// The node of an agency, or a relay, that is not revoked.
    pub(super) fn standing(&self, agency: &AgencyId) -> Result<Option<NodeId>, AdminError> {
        let stands = |registered: &&Registered<'_>| {
            registered.record.agency_id == *agency && !matches!(registered.state.status, NodeStatus::Revoked { .. })
        };
        Ok(self.registered()?.iter().find(stands).map(|registered| registered.state.id))
    }

    /// Appends an entry: judged by the rules of the log, signed, durable, then counted; and a head over it.
    pub(super) fn append(&mut self, fields: &LeafFields, record: &[u8]) -> Result<(), AdminError> {
        self.append_beside(fields, record, None)
    }

    /// The same, beside the signature that the node has made of its succession statement.
    pub(super) fn append_beside(
        &mut self,
        fields: &LeafFields,
        record: &[u8],
        second: Option<&Signature>,
    ) -> Result<(), AdminError> {
        let leaf = fields.sign_beside(&self.keys.registrar, second);
        let refused = |error: ReplayError| AdminError::Leaf(error.reason);
        self.registry.would_take(&leaf).map_err(refused)?;
        self.log.append(&join(&leaf, record))?;
        self.registry.extend(&[&leaf]).map_err(refused)?;
        self.records.push(record.to_vec());
        self.sign_head()
    }

    /// Signs a checkpoint over the whole log and a timestamp of now, and keeps both.
    ///
    /// # Errors
    /// [`AdminError::Clock`] when the clock is before the newest timestamp, [`AdminError::Disk`].
    pub fn sign_head(&mut self) -> Result<(), AdminError> {
        let now = self.now()?;
        let (size, root) = (self.registry.size(), self.registry.root_hash());
        let known = self.registry.checkpoint().is_some_and(|head| head.size == size && head.root == root);
        let note = match self.registry.head().filter(|_| known) {
            // Witnesses may have signed it already.
            Some(head) => head.note.clone(),
            None => {
                let checkpoint = Checkpoint { origin: self.root().log_name().to_owned(), size, root };
                checkpoint.sign(&self.keys.log).ok_or(AdminError::Damaged { what: HEAD })?
            }
        };
        let timestamp = LogTime { size, root, time: now }.sign(&self.keys.timestamp);
        self.keep_head(&Head { size, note, timestamp }, now)
    }

    /// Makes a head durable, and takes it.
    fn keep_head(&mut self, head: &Head, now: Timestamp) -> Result<(), AdminError> {
        let bytes = codec::encode(head).ok().ok_or(AdminError::Damaged { what: HEAD })?;
        durable::write(&self.folder.join(HEAD_FILE), &bytes, durable::PUBLIC).map_err(AdminError::disk(HEAD))?;
        self.registry.accept_own_head(head, now).map_err(AdminError::Head)?;
        Ok(())
    }

    /// Takes over cosignatures of the root file's witnesses from a note over the same head; whether there were any. Durable
    /// when this returns.
    ///
    /// # Errors
    /// [`AdminError::Disk`].
    pub fn take_cosignatures(&mut self, note: &[u8]) -> Result<bool, AdminError> {
        let Some(head) = self.registry.head().cloned() else { return Ok(false) };
        let witnesses = self.registry.root_at(head.size).witnesses();
        let Some(note) = note::merge(&head.note, note, witnesses) else { return Ok(false) };
        let now = self.registry.newest_time().unwrap_or_default();
        self.keep_head(&Head { note, ..head }, now)?;
        Ok(true)
    }

    /// Witnesses that have signed the newest head, and how many must have.
    #[must_use]
    pub fn witnessed(&self) -> (Vec<String>, u8) {
        let note = self.registry.head().map(|head| head.note.as_slice()).unwrap_or_default();
        let root = self.registry.root_at(self.registry.head_size());
        (Checkpoint::witnesses_of(note, root), root.witness_quorum())
    }

    /// The time now, which is never before what this authority has signed already.
    pub(super) fn now(&self) -> Result<Timestamp, AdminError> {
        let now = self.clock.now();
        let signed = self.registry.newest_time().unwrap_or_default();
        if signed > now { Err(AdminError::Clock { by_s: signed.since(now) }) } else { Ok(now) }
    }

    /// Compares the clock with a relay's, before anything is signed for it or sent: a time that is signed too early is taken by nobody,
    /// and nothing can be signed before it has come. Once one relay's clock agrees, another's is the wrong one, and is no obstacle.
    pub(super) fn compare_clocks(&mut self, theirs: Timestamp) -> Result<(), AdminError> {
        let now = self.clock.now();
        let by_s = now.since(theirs).max(theirs.since(now));
        self.clock_agrees |= by_s <= CLOCKS_APART_S;
        if self.clock_agrees { Ok(()) } else { Err(AdminError::ClocksApart { ahead: now > theirs, by_s }) }
    }

    pub(super) fn save_book(&mut self) -> Result<(), AdminError> {
        self.book.write(&self.folder, self.keys.unlock.reveal(), self.entropy.as_mut())
    }

    pub(super) fn note_act(&mut self, act: &str, agency: &str, detail: &str) -> Result<(), AdminError> {
        let now = self.clock.now();
        self.audit.write(self.keys.unlock.reveal(), now, act, agency, detail, self.entropy.as_mut())
    }

    /// Takes the head that was kept. One that covers less than the log is a crash between both and is signed anew; one
    /// that covers more means that the log was cut.
    fn read_head(&mut self) -> Result<(), AdminError> {
        let bytes = match std::fs::read(self.folder.join(HEAD_FILE)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return self.sign_missing_head(),
            other => other.map_err(AdminError::disk(HEAD))?,
        };
        let head: Head = codec::decode(&bytes).ok().ok_or(AdminError::Damaged { what: HEAD })?;
        let now = self.clock.now();
        self.registry.accept_own_head(&head, now).map_err(AdminError::Head)?;
        self.sign_missing_head()
    }

    fn sign_missing_head(&mut self) -> Result<(), AdminError> {
        if self.registry.head_size() < self.registry.size() { self.sign_head() } else { Ok(()) }
    }
}

/// Reads the root file of an authority's directory; no passphrase is needed.
///
/// # Errors
/// [`AdminError::Missing`], [`AdminError::Damaged`], [`AdminError::Disk`].
pub fn read_root(folder: &Path) -> Result<RootFile, AdminError> {
    let bytes = match std::fs::read(folder.join(ROOT_FILE)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(AdminError::Missing),
        other => other.map_err(AdminError::disk("the root file"))?,
    };
    let damaged = AdminError::Damaged { what: "the root file" };
    if bytes.len() > ROOT_BYTES_MAX { Err(damaged) } else { RootFile::parse(&bytes).ok().ok_or(damaged) }
}

/// Takes the directory's lock for as long as the file lives.
pub(super) fn lock(folder: &Path) -> Result<File, AdminError> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create(true).truncate(false).mode(durable::PRIVATE).open(folder.join("lock"));
    let file = opened.map_err(AdminError::disk("the lock file"))?;
    match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(AdminError::Busy),
        Err(error) => Err(AdminError::Disk { what: "the lock file", kind: std::io::Error::from(error).kind() }),
    }
}

fn join(leaf: &[u8], record: &[u8]) -> Vec<u8> {
    let length = u32::try_from(leaf.len()).unwrap_or(u32::MAX);
    [length.to_be_bytes().as_slice(), leaf, record].concat()
}

fn split(item: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = Reader::new(item);
    let length = usize::try_from(reader.u32()?).ok()?;
    Some((reader.slice(length)?, reader.rest()))
}
