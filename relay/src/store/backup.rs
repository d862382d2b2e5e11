//! A copy of a store, taken while it serves, and put back on the same or another machine.
//!
//! The copy is a store of its own, without what left: every item is read, checked and written anew. Prekeys are left
//! out: after a restore they would be handed out twice. Nodes upload new ones by themselves. Sealed documents are left out too: they may
//! be far more than all the rest, and their senders have them for as long as the relay would.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::{
    Engine, Store as _, StoreError,
    blobs::{self, BlobFiles, CheckedBlobs},
    desk::{self, OpenError, store_error},
    disk::{Disk as _, SystemDisk, settle_copy},
    journal::{Adopted, Checked, Checker, INDEX_FILE_NAME, Journal, SEGMENTS},
};
use crate::limits::Quotas;

/// Says what a backup holds, and that it is complete: written last.
pub const MANIFEST: &str = "backup.json";
/// Where a restore is prepared, in the data directory.
const PREPARING: &str = "restoring";
const FORMAT: u32 = 1;
/// Items written at once: 4 MiB at most.
const PAGE: usize = 64;

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// Something is there already.
    #[error("{} is there already and not empty", .0.display())]
    Exists(PathBuf),
    /// No backup, or one that was not finished.
    #[error("{} is no complete backup", .0.display())]
    NotABackup(PathBuf),
    /// From a newer relay.
    #[error("the backup has format {0}, this relay knows {FORMAT}")]
    Newer(u32),
    /// It does not hold what its manifest says, or something in it has changed.
    #[error("the backup is damaged: {0} of its items cannot be read, or are missing")]
    Damaged(u64),
    /// A file cannot be read or written.
    #[error("{} cannot be used: {}", path.display(), source.kind())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Exists(_) => "name a directory that is not there yet; a restore wants the old store moved away first",
            Self::NotABackup(_) => "name a directory that `safeconduct-relay backup` made and finished",
            Self::Newer(_) => "install the relay that made it, or a newer one",
            Self::Damaged(_) => "use another backup; nothing was changed here",
            Self::File { .. } => "check the path, its permissions and the space on its disk",
            Self::Open(error) => error.remedy(),
            Self::Store(error) => error.remedy(),
        }
    }
}

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout.
    pub format: u32,
    /// Envelopes and notices.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Digests of envelopes that left.
    pub digests: u64,
    /// Items that were damaged in the store and are not in the copy.
    pub damaged: u64,
    /// Sealed documents that the store holds and the copy does not.
    #[serde(default)]
    pub documents_left_out: u64,
}

fn file<T>(path: &Path, done: io::Result<T>) -> Result<T, BackupError> {
    done.map_err(|source| BackupError::File { path: path.to_owned(), source })
}

/// Copies the store in the directory `data`, which `checker` reads, into the directory `to`.
///
/// # Errors
/// Any [`BackupError`]; what was begun in `to` is no backup then.
pub fn take(checker: &Checker, data: &Path, to: &Path) -> Result<Manifest, BackupError> {
    if to.exists() && file(to, fs::read_dir(to))?.next().is_some() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    file(to, SystemDisk.make_dir(to))?;
    let mut manifest = Manifest { format: FORMAT, items: 0, bytes: 0, digests: 0, damaged: 0, documents_left_out: 0 };
    let end = checker.next_seq();
    let mut journal = Journal::open(Arc::new(SystemDisk), to, Quotas::UNBOUNDED)?;
    items(checker, &mut journal, &mut manifest)?;
    digests(checker, end, &mut journal, &mut manifest)?;
    drop(journal);
    manifest.documents_left_out = desk_copy(data, to)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(io::Error::from);
    let path = to.join(MANIFEST);
    let written = text.and_then(|text| safeconduct_certs::durable::create(&path, &text, 0o600));
    file(&path, written)?;
    Ok(manifest)
}

fn items(checker: &Checker, journal: &mut Journal, manifest: &mut Manifest) -> Result<(), BackupError> {
    let mut page = Vec::with_capacity(PAGE);
    checker.each(|found| {
        let Ok(held) = found else {
            manifest.damaged = manifest.damaged.saturating_add(1);
            return Ok(());
        };
        manifest.items = manifest.items.saturating_add(1);
        manifest.bytes = manifest.bytes.saturating_add(u64::try_from(held.body.len()).unwrap_or(u64::MAX));
        page.push(Adopted {
            seq: Some(held.seq),
            digest: held.digest,
            expiry: held.expiry,
            item: Some((held.lies, held.body)),
        });
        if page.len() >= PAGE { journal.adopt(&core::mem::take(&mut page)) } else { Ok(()) }
    })?;
    Ok(journal.adopt(&page)?)
}

/// Digests of what left, each under its own seq. Not of what came after the copy began, nor of what is damaged: of that
/// the copy has no bytes, so that it must be taken in when it comes again.
fn digests(checker: &Checker, end: u64, journal: &mut Journal, manifest: &mut Manifest) -> Result<(), BackupError> {
    let mut after = None;
    loop {
        let page = checker.remembered(after.as_ref());
        let Some((last, ..)) = page.last() else { return Ok(()) };
        after = Some(*last);
        let left: Vec<_> = page
            .into_iter()
            .filter(|(digest, seq, _)| *seq < end && !checker.waits(*seq) && !journal.knows(digest))
            .map(|(digest, seq, expiry)| Adopted { seq: Some(seq), digest, expiry, item: None })
            .collect();
        manifest.digests = manifest.digests.saturating_add(u64::try_from(left.len()).unwrap_or(u64::MAX));
        journal.adopt(&left)?;
    }
}

/// The desk without its prekeys and what it knows of documents; gives how many those are. What was handed out stays known, so that it is
/// not taken in again.
fn desk_copy(data: &Path, to: &Path) -> Result<u64, BackupError> {
    let (from, copy) = (data.join(desk::FILE_NAME), to.join(desk::FILE_NAME));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(&from, flags).map_err(store_error)?;
    source.execute("VACUUM INTO ?1", [copy.to_string_lossy()]).map_err(store_error)?;
    let copied = Connection::open(&copy).map_err(store_error)?;
    let documents: i64 = copied.query_row("SELECT count(*) FROM blob", [], |row| row.get(0)).map_err(store_error)?;
    copied
        .execute_batch(
            "PRAGMA secure_delete=ON; PRAGMA synchronous=FULL; DELETE FROM prekey; DELETE FROM blob;
             UPDATE blob_held SET blobs = 0, bytes = 0; VACUUM; PRAGMA journal_mode=DELETE;",
        )
        .map_err(store_error)?;
    copied.close().map_err(|(_, error)| store_error(error))?;
    file(&copy, settle_copy(&copy))?;
    Ok(desk::unsigned(documents))
}

/// Puts the backup in the directory `from` into the directory `data`, which has no store. It is checked as a whole
/// before anything of it is in its place.
///
/// # Errors
/// Any [`BackupError`]; `data` is as it was then.
pub fn put_back(from: &Path, data: &Path) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(from)?;
    for name in [desk::FILE_NAME, INDEX_FILE_NAME, SEGMENTS] {
        let path = data.join(name);
        if path.exists() {
            return Err(BackupError::Exists(path));
        }
    }
    let preparing = data.join(PREPARING);
    if preparing.exists() {
        file(&preparing, fs::remove_dir_all(&preparing))?;
    }
    file(&preparing, SystemDisk.make_dir(&preparing))?;
    copy_all(from, &preparing)?;
    let checked = check(&preparing)?;
    let missing = manifest.items.saturating_sub(checked.items);
    let damaged = u64::try_from(checked.damage.len()).unwrap_or(u64::MAX).saturating_add(missing);
    if damaged > 0 {
        file(&preparing, fs::remove_dir_all(&preparing))?;
        return Err(BackupError::Damaged(damaged));
    }
    // The desk last: without it the relay serves nobody yet.
    for name in [SEGMENTS, INDEX_FILE_NAME, desk::FILE_NAME] {
        let path = data.join(name);
        file(&path, fs::rename(preparing.join(name), &path))?;
    }
    file(data, SystemDisk.sync_dir(data))?;
    file(&preparing, fs::remove_dir_all(&preparing))?;
    Ok(manifest)
}

fn read_manifest(from: &Path) -> Result<Manifest, BackupError> {
    let not_one = || BackupError::NotABackup(from.to_owned());
    let text = fs::read(from.join(MANIFEST)).ok().ok_or_else(not_one)?;
    let manifest: Manifest = serde_json::from_slice(&text).ok().ok_or_else(not_one)?;
    if manifest.format > FORMAT {
        return Err(BackupError::Newer(manifest.format));
    }
    Ok(manifest)
}

fn copy_all(from: &Path, to: &Path) -> Result<(), BackupError> {
    let segments = to.join(SEGMENTS);
    file(&segments, SystemDisk.make_dir(&segments))?;
    let mut names = vec![PathBuf::from(desk::FILE_NAME), PathBuf::from(INDEX_FILE_NAME)];
    for path in file(from, SystemDisk.list(&from.join(SEGMENTS)))? {
        names.extend(path.file_name().map(|name| Path::new(SEGMENTS).join(name)));
    }
    for name in names {
        let (source, target) = (from.join(&name), to.join(&name));
        file(&source, fs::copy(&source, &target))?;
        let copied = file(&target, fs::File::open(&target))?;
        file(&target, copied.sync_all())?;
    }
    file(&segments, SystemDisk.sync_dir(&segments))?;
    file(to, SystemDisk.sync_dir(to))
}

/// Opens a store that nobody serves, looks at all of it, and closes it.
///
/// # Errors
/// It cannot be opened or read.
pub fn check(data: &Path) -> Result<Checked, BackupError> {
    let engine = Engine::open(Arc::new(SystemDisk), data, Quotas::UNBOUNDED)?;
    engine.desk.check()?;
    Ok(engine.checker().run()?)
}

/// The same, and sealed documents.
///
/// # Errors
/// As there.
pub fn check_all(data: &Path) -> Result<(Checked, CheckedBlobs), BackupError> {
    let checked = check(data)?;
    let engine = Engine::open(Arc::new(SystemDisk), data, Quotas::UNBOUNDED)?;
    let files = BlobFiles::new(Arc::new(SystemDisk), data);
    let documents = blobs::check(&files, engine.view()?.as_ref())?;
    Ok((checked, documents))
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::{
        blob::BlobShape,
        crypto::hash::{HashLabel, hash},
        id::{BlobId, EnvelopeDigest, NodeId, PrekeyId},
        time::Timestamp,
    };

    use super::*;
    use crate::store::{Blob, Change, Deposit, Deposited, Outcome, PrekeyEntry, Publication, Stock, StoredLeaf, suite};

    fn deposit(n: u8) -> Deposit {
        let mut deposit = suite::deposit(1, n, 20_000);
        deposit.digest = EnvelopeDigest::from_bytes(hash(HashLabel::Envelope, &[&deposit.bytes]));
        deposit
    }

    fn engine(data: &Path) -> Engine {
        Engine::open(Arc::new(SystemDisk), data, Quotas::default()).unwrap()
    }

    fn waiting(engine: &Engine) -> Vec<u8> {
        let found = engine.view().unwrap().deliverable(suite::mailbox(1), 0, 100).unwrap();
        found.iter().map(|envelope| envelope.bytes[0]).collect()
    }

    fn foreign() -> Change {
        let leaves = vec![StoredLeaf { leaf: vec![1], record: vec![2] }];
        let publication = Publication {
            root: vec![3],
            from: 0,
            seen: Default::default(),
            leaves,
            note: vec![4],
            timestamp: Vec::new(),
        };
        Change::PublishForeign { authority: [5; 32], publication }
    }

    fn document() -> Blob {
        let (id, shape) = (BlobId::from_bytes([3; 16]), BlobShape::of(17_000).unwrap());
        Blob { id, shape, sha256: [3; 32], expiry: suite::day(1), is_whole: false }
    }

    /// A store with a document, three envelopes, one of them collected, and a prekey handed out.
    fn full(data: &Path) -> Engine {
        let mut engine = engine(data);
        let prekey = |n: u8| PrekeyEntry {
            id: PrekeyId::from_bytes([n; 16]),
            kind: Stock::OneTime,
            epoch: 0,
            not_before: Timestamp(0),
            not_after: Timestamp(2_000_000_000),
            record: vec![n],
        };
        let node = NodeId::from_bytes([1; 32]);
        engine.commit(&[Change::PrekeysPut { node, entries: vec![prekey(1), prekey(2)] }, foreign()]).unwrap();
        engine.commit(&[Change::PrekeyTake { node, from: Stock::OneTime, now: Timestamp(1) }]).unwrap();
        for n in 1..=3 {
            engine.commit(&[Change::Deposit(deposit(n))]).unwrap();
        }
        let settle = Change::Settle {
            mailbox: suite::mailbox(1),
            digest: deposit(2).digest,
            nack: None,
            keep_until: suite::day(1),
        };
        engine.commit(&[settle]).unwrap();
        engine.commit(&[Change::BlobBegin { blob: document(), bytes_max: u64::MAX }]).unwrap();
        engine
    }

    /// Trap 75.
    #[test]
    fn a_backup_taken_while_the_store_serves_is_restored_elsewhere_without_prekeys() {
        let (data, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut serving = full(data.path());
        let to = there.path().join("backup");

        let manifest = take(&serving.checker(), data.path(), &to).unwrap();
        serving.commit(&[Change::Deposit(deposit(4))]).unwrap();
        let elsewhere = there.path().join("data");
        fs::create_dir(&elsewhere).unwrap();
        assert_eq!(put_back(&to, &elsewhere).unwrap(), manifest);

        assert_eq!((manifest.items, manifest.bytes, manifest.digests), (2, 2 * 16_384, 1));
        let mut restored = engine(&elsewhere);
        assert_eq!(waiting(&restored), [1, 3]);
        let usage = restored.view().unwrap().usage().unwrap();
        assert_eq!((usage.foreign_logs, usage.foreign_leaves), (1, 1));
        assert_eq!((manifest.documents_left_out, usage.blobs, usage.blob_bytes), (1, 0, 0), "left out, and said so");
        let again = restored.commit(&[Change::Deposit(deposit(2))]).unwrap();
        assert_eq!(again, [Outcome::Deposit(Deposited::Held)], "what was collected stays known");
        let node = NodeId::from_bytes([1; 32]);
        let taken = restored.commit(&[Change::PrekeyTake { node, from: Stock::OneTime, now: Timestamp(1) }]).unwrap();
        assert_eq!(taken, [Outcome::Prekey(None)]);
        assert!(matches!(take(&serving.checker(), data.path(), &to), Err(BackupError::Exists(_))));
        assert!(matches!(put_back(&to, &elsewhere), Err(BackupError::Exists(_))));
    }

    #[test]
    fn a_damaged_or_unfinished_backup_changes_nothing() {
        let (data, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let to = there.path().join("backup");
        take(&full(data.path()).checker(), data.path(), &to).unwrap();
        let elsewhere = there.path().join("data");
        fs::create_dir(&elsewhere).unwrap();
        let segment = to.join(SEGMENTS).join("00000001.seg");
        let mut bytes = fs::read(&segment).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&segment, &bytes).unwrap();

        let damaged = put_back(&to, &elsewhere).unwrap_err();
        fs::remove_file(to.join(MANIFEST)).unwrap();
        let unfinished = put_back(&to, &elsewhere).unwrap_err();

        assert!(matches!(damaged, BackupError::Damaged(1)), "{damaged}");
        assert!(matches!(unfinished, BackupError::NotABackup(_)), "{unfinished}");
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    }
}
