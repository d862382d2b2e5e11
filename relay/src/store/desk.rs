//! Prekeys, registry and enrolment: SQLite in WAL mode with `synchronous=FULL`, in `relay.db`.
//!
//! The workspace links one SQLite for relay and client (the bundled SQLCipher build); here it is opened without a key,
//! because everything that matters is sealed already. Never the distribution's library: versions before 3.51.3
//! can corrupt a WAL file that two connections share, so the version is asserted at start.

mod blobs;
mod change_request;
mod enrolment;
mod heads;
mod prekeys;
mod registry;
mod view;

use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use safeconduct_protocol::time::{Day, Timestamp};

pub(super) use self::{blobs::SCHEMA_4, view::DeskView};
use super::{Change, Outcome, StoreError, disk::Disk};
use crate::limits::{CHANGE_KEPT_DAYS, INVITE_KEPT_DAYS, RESERVE_BYTES, RESERVE_SHARE};

/// Name of the database file in the data directory.
pub const FILE_NAME: &str = "relay.db";

/// The write-ahead log beside it.
const LOG_NAME: &str = "relay.db-wal";

/// SQLite before this can corrupt a shared WAL.
pub(super) const SQLITE_VERSION_MIN: i32 = 3_051_003;
/// `SCRL`: what `file` shows, and what keeps another program's database out.
pub(super) const APPLICATION_ID: i64 = 0x5343_524c;
/// The schema below. Higher ones are from a newer relay.
pub(super) const SCHEMA_VERSION: i64 = 4;
/// The store cannot be opened with less than this: a log and its index.
const OPEN_BYTES_MIN: u64 = 128 * 1024;
/// Another process may hold the file for a moment (an operator's `sqlite3`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Pages given back to the file system in one idle moment: 4 MiB.
const VACUUM_PAGES: u32 = 1024;
/// WAL pages between automatic checkpoints: 16 MiB.
const CHECKPOINT_PAGES: u32 = 4000;

const SCHEMA: &str = "
CREATE TABLE prekey (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    node BLOB NOT NULL,
    kind INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    record BLOB NOT NULL
);
CREATE INDEX prekey_node ON prekey (node, kind, seq);
CREATE TABLE handed_out (id BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE epoch (node BLOB PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE leaf (place INTEGER PRIMARY KEY, leaf BLOB NOT NULL, record BLOB NOT NULL);
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1), root BLOB NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL
);
CREATE TABLE invite (
    seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, expiry INTEGER NOT NULL, request BLOB, answer BLOB
);
CREATE TABLE swept (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL);
CREATE TABLE probe (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL);
INSERT INTO probe (one, count) VALUES (1, 0);
";

/// What schema 3 added: for new stores, and for those of schema 2.
pub(super) const SCHEMA_3: &str = "
CREATE TABLE IF NOT EXISTS foreign_leaf (
    authority BLOB NOT NULL, place INTEGER NOT NULL, leaf BLOB NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (authority, place)
);
CREATE TABLE IF NOT EXISTS foreign_head (
    authority BLOB PRIMARY KEY, root BLOB NOT NULL, note BLOB NOT NULL, timestamp BLOB NOT NULL,
    leaves INTEGER NOT NULL, bytes INTEGER NOT NULL
) WITHOUT ROWID;
-- a node's newest request for a change of its registration, and where it stands
CREATE TABLE IF NOT EXISTS change_request (
    node BLOB PRIMARY KEY, digest BLOB NOT NULL, request BLOB NOT NULL, stand INTEGER NOT NULL, seq INTEGER NOT NULL,
    settled INTEGER
) WITHOUT ROWID;
-- the newest signed time that was held when the leaves from this place on were taken; our own log's authority is empty
CREATE TABLE IF NOT EXISTS leaf_seen (
    authority BLOB NOT NULL, place INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (authority, place)
) WITHOUT ROWID;
-- the newest signed head of each node, by which it notices that its vault has gone back
CREATE TABLE IF NOT EXISTS node_head (
    node BLOB PRIMARY KEY, epoch INTEGER NOT NULL, counter INTEGER NOT NULL, head BLOB NOT NULL
) WITHOUT ROWID;
";

/// Why the engine could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The linked library is not the bundled one.
    #[error("this binary is linked with SQLite {0}, which can corrupt its log")]
    OldLibrary(&'static str),
    /// The file belongs to another program.
    #[error("{} is no relay database", path.display())]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// The file is from a newer relay.
    #[error("{} has schema {found}, this relay knows {SCHEMA_VERSION}", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: i64,
    },
    /// A setting that durability depends on was not taken.
    #[error("the database does not take the setting {0}")]
    Setting(&'static str),
    /// The file cannot be made.
    #[error("{} cannot be made", path.display())]
    Create {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The disk has no room for the store's own files.
    #[error("the disk of {} is full", path.display())]
    DiskFull {
        /// Which file.
        path: PathBuf,
    },
    /// A segment that the index names is not there.
    #[error("the segment {0:08x} is missing or not a segment")]
    SegmentMissing(u32),
    /// The index holds what nobody wrote.
    #[error("the index of the envelopes is damaged")]
    Damaged,
    /// The journal cannot be read or written.
    #[error("the journal cannot be opened: {0}")]
    Journal(#[source] StoreError),
    /// The engine refused.
    #[error("{} cannot be opened", path.display())]
    Engine {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

impl OpenError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::OldLibrary(_) => "install the relay as it was built, with its own SQLite",
            Self::Foreign { .. } => "name the relay's own data directory in `data`",
            Self::Newer { .. } => "run the newer relay again, or restore a backup made by this one",
            Self::Setting(_) => "put the data directory on a local disk (no network file system)",
            Self::Create { .. } => "check that the data directory is writable and that its disk has space",
            Self::DiskFull { .. } => "free space on that disk, then start the relay again; nothing is lost",
            Self::Engine { .. } => "check the disk (`dmesg`); if the file is damaged, restore the last backup",
            Self::Journal(StoreError::Full) => "free space on that disk, then start the relay again; nothing is lost",
            Self::SegmentMissing(_) | Self::Damaged | Self::Journal(_) => {
                "keep a copy of the data directory, check the disk (`dmesg`), then restore the last backup"
            }
        }
    }
}

impl OpenError {
    /// What the engine's refusal means: on a full disk it reports all kinds of failed calls.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let full = source.sqlite_error_code() == Some(ErrorCode::DiskFull)
            || rustix::fs::statvfs(path).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < OPEN_BYTES_MIN);
        if full { Self::DiskFull { path: path.to_owned() } } else { Self::Engine { path: path.to_owned(), source } }
    }
}

/// The writer's connection.
pub struct Desk {
    connection: Connection,
    path: PathBuf,
    log: PathBuf,
    vfs: Option<String>,
}

impl Desk {
    /// Opens or makes the database in the directory `data`.
    ///
    /// # Errors
    /// Any [`OpenError`]; nothing was changed then.
    pub fn open(disk: &dyn Disk, data: &Path) -> Result<Self, OpenError> {
        if rusqlite::version_number() < SQLITE_VERSION_MIN {
            return Err(OpenError::OldLibrary(rusqlite::version()));
        }
        let path = data.join(FILE_NAME);
        let engine = |source| OpenError::of(&path, source);
        let mut connection = connect(disk, &path)?;
        match schema(&connection, APPLICATION_ID).map_err(engine)? {
            None => make(&mut connection).map_err(engine)?,
            Some(SCHEMA_VERSION) => {}
            Some(found) if found > SCHEMA_VERSION => return Err(OpenError::Newer { path, found }),
            Some(_) => return Err(OpenError::Foreign { path }),
        }
        set(&connection).map_err(engine)?;
        assert_durable(&connection).map_err(engine)?.map_err(OpenError::Setting)?;
        let vfs = disk.vfs().map(str::to_owned);
        Ok(Self { connection, path, log: data.join(LOG_NAME), vfs })
    }

    /// Bounds the database file to `pages` pages of 4 KiB: a full disk, for tests of one.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    #[doc(hidden)]
    pub fn bound_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.connection
            .query_row(&format!("PRAGMA max_page_count={pages}"), [], |_| Ok(()))
            .map_err(|source| StoreError::Failed { source })
    }
}

/// A file that only this account may read; the files beside a database copy its mode.
pub(super) fn private_file(path: &Path) -> Result<(), OpenError> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map(drop)
        .map_err(|source| OpenError::Create { path: path.to_owned(), source })
}

/// A connection that writes.
pub(super) fn connect(disk: &dyn Disk, path: &Path) -> Result<Connection, OpenError> {
    private_file(path)?;
    let engine = |source| OpenError::of(path, source);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open_on(disk.vfs(), path, flags).map_err(engine)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(engine)?;
    Ok(connection)
}

/// Opens a database through a VFS.
pub(super) fn open_on(vfs: Option<&str>, path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs),
        None => Connection::open_with_flags(path, flags),
    }
}

/// The schema of a database of ours with this application id: none of an empty file, 0 of another program's.
pub(super) fn schema(connection: &Connection, application: i64) -> rusqlite::Result<Option<i64>> {
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (pragma("application_id")?, pragma("user_version")?, tables) {
        (0, 0, 0) => None,
        (found, schema, _) if found == application => Some(schema),
        _ => Some(0),
    })
}

/// A new database: what must be set before the first table is made, then the tables.
fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA auto_vacuum=INCREMENTAL;")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.execute_batch(SCHEMA_3)?;
    transaction.execute_batch(SCHEMA_4)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

/// Changes to a write-ahead log. The statement is stepped to its end: what fails in its commit is told only there, and
/// the mode read back at once would be the one that was asked for.
pub(super) fn use_wal(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("PRAGMA journal_mode=WAL")?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

fn set(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA synchronous=FULL")?;
    use_wal(connection)?;
    connection.execute_batch(&format!(
        "PRAGMA synchronous=FULL;
         PRAGMA secure_delete=ON;
         PRAGMA foreign_keys=ON;
         PRAGMA journal_size_limit=67108864;
         PRAGMA temp_store=MEMORY;
         PRAGMA cache_size=-65536;
         PRAGMA trusted_schema=OFF;
         PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES};"
    ))
}

/// A wrapper, a build flag or a file system may quietly have turned these down; then nothing is durable.
fn assert_durable(connection: &Connection) -> rusqlite::Result<Result<(), &'static str>> {
    let number = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        return Ok(Err("journal_mode=WAL"));
    }
    if number("synchronous")? != 2 {
        return Ok(Err("synchronous=FULL"));
    }
    if number("secure_delete")? != 1 {
        return Ok(Err("secure_delete=ON"));
    }
    if number("auto_vacuum")? != 2 {
        return Ok(Err("auto_vacuum=INCREMENTAL"));
    }
    Ok(Ok(()))
}

impl Desk {
    fn try_commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store_error)?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for change in batch {
            // Leaving here drops the transaction, which rolls it back.
            outcomes.push(apply(&transaction, change)?);
        }
        transaction.commit().map_err(store_error)?;
        Ok(outcomes)
    }

    /// See [`Store::commit`](super::Store::commit).
    ///
    /// # Errors
    /// As there.
    pub(super) fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        match self.try_commit(batch) {
            // Rolled back whole, so it may be tried again: the log itself may be what fills the disk.
            Err(StoreError::Full) => {
                self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(store_error)?;
                self.try_commit(batch)
            }
            done => done,
        }
    }

    /// See [`Store::has_room`](super::Store::has_room).
    pub(super) fn has_room(&self) -> bool {
        // A file system that does not say is judged by what it does.
        let Ok(disk) = rustix::fs::statvfs(&self.path) else { return true };
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let whole = disk.f_blocks.saturating_mul(disk.f_frsize);
        // What is in the log has yet to be written into the database, beside it.
        let log = std::fs::metadata(&self.log).map_or(0, |log| log.len());
        free >= RESERVE_BYTES.min(whole / RESERVE_SHARE).saturating_add(log)
    }

    /// See [`Store::tidy`](super::Store::tidy).
    ///
    /// # Errors
    /// As there.
    pub(super) fn tidy(&mut self) -> Result<(), StoreError> {
        let free: i64 =
            self.connection.query_row("PRAGMA freelist_count", [], |row| row.get(0)).map_err(store_error)?;
        if free > i64::from(VACUUM_PAGES) || (free > 0 && !self.has_room()) {
            self.connection
                .execute_batch(&format!("PRAGMA incremental_vacuum({VACUUM_PAGES});"))
                .map_err(store_error)?;
        }
        let checkpoint = if self.has_room() { "PASSIVE" } else { "TRUNCATE" };
        self.connection.query_row(&format!("PRAGMA wal_checkpoint({checkpoint})"), [], |_| Ok(())).map_err(store_error)
    }

    /// Is the database as SQLite wrote it?
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Failed`].
    pub fn check(&self) -> Result<(), StoreError> {
        let found: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|source| StoreError::Failed { source })?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Damaged("row of relay.db")) }
    }

    /// A view for another thread.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub(super) fn view(&self) -> Result<DeskView, StoreError> {
        DeskView::open(self.vfs.as_deref(), &self.path)
    }
}

fn apply(transaction: &Transaction<'_>, change: &Change) -> Result<Outcome, StoreError> {
    match change {
        Change::PrekeysPut { node, entries } => {
            prekeys::put(transaction, *node, entries).map(|refused| Outcome::Prekeys { refused })
        }
        Change::PrekeyTake { node, from, now } => prekeys::take(transaction, *node, *from, *now).map(Outcome::Prekey),
        Change::Publish(publication) => registry::publish(transaction, publication).map(Outcome::Published),
        Change::InvitesPut { invites, today } => {
            enrolment::invite(transaction, invites, *today).map(|()| Outcome::Invited)
        }
        Change::EnrolRequest { invite, request, today } => {
            enrolment::request(transaction, *invite, request, *today).map(Outcome::Enrolment)
        }
        Change::EnrolAnswer { invite, answer } => {
            enrolment::answer(transaction, *invite, answer).map(Outcome::Enrolment)
        }
        Change::ChangeRequest { node, digest, request } => {
            change_request::put(transaction, *node, digest, request).map(Outcome::NodeChange)
        }
        Change::ChangeSettle { node, digest, stand, today } => {
            change_request::settle(transaction, *node, digest, *stand, *today).map(Outcome::NodeChange)
        }
        Change::PrekeysDrop { node } => prekeys::drop_all(transaction, *node).map(|()| Outcome::Prekeys { refused: 0 }),
        Change::NodeHeadPut { node, place, head } => {
            heads::put(transaction, *node, *place, head).map(Outcome::NodeHead)
        }
        Change::BlobBegin { blob, bytes_max } => blobs::begin(transaction, blob, *bytes_max).map(Outcome::BlobBegun),
        Change::BlobWhole { id } => blobs::whole(transaction, *id).map(Outcome::BlobChanged),
        Change::BlobDrop { id } => blobs::drop_one(transaction, *id).map(Outcome::BlobChanged),
        Change::Probe => transaction
            .execute("UPDATE probe SET count = (count + 1) % 1000", [])
            .map(|_| Outcome::Probed)
            .map_err(store_error),
        Change::Purge { today } => purge(transaction, *today).map(|()| Outcome::Purged),
        Change::PublishForeign { authority, publication } => {
            registry::publish_foreign(transaction, authority, publication).map(Outcome::Published)
        }
        Change::Deposit(_)
        | Change::Settle { .. }
        | Change::SlotDrop { .. }
        | Change::Expire { .. }
        | Change::DropNotices { .. }
        | Change::ProbeJournal => Err(StoreError::Misplaced),
    }
}

fn purge(transaction: &Transaction<'_>, today: Day) -> Result<(), StoreError> {
    let day = i64::from(today.0);
    let seconds = number(u64::from(today.0).saturating_mul(safeconduct_protocol::time::DAY_S));
    let run = |sql: &str, bound: i64| {
        transaction.prepare_cached(sql).and_then(|mut statement| statement.execute([bound])).map_err(store_error)
    };
    run("DELETE FROM handed_out WHERE until < ?1", day)?;
    run("DELETE FROM prekey WHERE not_after < ?1", seconds)?;
    run("DELETE FROM invite WHERE expiry < ?1", day.saturating_sub(i64::from(INVITE_KEPT_DAYS)))?;
    run("DELETE FROM change_request WHERE settled < ?1", day.saturating_sub(i64::from(CHANGE_KEPT_DAYS)))?;
    run("INSERT INTO swept (one, day) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET day = excluded.day", day)?;
    Ok(())
}

/// What the engine says, by what it means for the relay.
pub(super) fn store_error(source: rusqlite::Error) -> StoreError {
    match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        _ => StoreError::Failed { source },
    }
}

/// SQLite's integers are signed; nothing of ours comes near the end.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// What [`number`] wrote.
pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn seconds(time: Timestamp) -> i64 {
    number(time.0)
}

fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::id::NodeId;

    use super::*;
    use crate::store::disk::SystemDisk;

    fn open(data: &Path) -> Result<Desk, OpenError> {
        Desk::open(&SystemDisk, data)
    }

    #[test]
    fn a_full_disk_refuses_the_batch_keeps_the_rest_and_recovers() {
        let data = tempfile::tempdir().unwrap();
        let mut desk = open(data.path()).unwrap();
        desk.bound_pages(60).unwrap();
        let invites = |n: u32| Change::InvitesPut {
            invites: (0..100).map(|k| (safeconduct_protocol::id::InviteId::from_bytes(bytes(n, k)), Day(9))).collect(),
            today: Day(1),
        };
        let mut held = 0;
        let refused = loop {
            match desk.commit(&[invites(held)]) {
                Ok(_) => held += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, StoreError::Full) && !refused.is_final() && held > 0, "{refused}");

        desk.bound_pages(100_000).unwrap();
        desk.commit(&[invites(held)]).unwrap();

        let count: u32 = desk.connection.query_row("SELECT count(*) FROM invite", [], |row| row.get(0)).unwrap();
        assert_eq!(count, (held + 1) * 100);
    }

    fn bytes(n: u32, k: u32) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        bytes[4..8].copy_from_slice(&k.to_be_bytes());
        bytes
    }

    #[test]
    fn the_database_of_another_program_or_a_newer_relay_is_refused_unchanged() {
        let data = tempfile::tempdir().unwrap();
        drop(open(data.path()).unwrap());
        let file = data.path().join(FILE_NAME);
        let alter = |sql: &str| Connection::open(&file).unwrap().execute_batch(sql).unwrap();

        alter("PRAGMA user_version=5");
        let newer = open(data.path()).err().unwrap();
        alter("PRAGMA user_version=4; PRAGMA application_id=7");
        let foreign = open(data.path()).err().unwrap();
        std::fs::write(
            &file,
            b"not a database, but a text of more than a hundred bytes, so that its head is read at all: lorem ipsum",
        )
        .unwrap();
        let garbage = open(data.path()).err().unwrap();

        assert!(matches!(newer, OpenError::Newer { found: 5, .. }), "{newer}");
        assert!(matches!(foreign, OpenError::Foreign { .. }), "{foreign}");
        assert!(matches!(garbage, OpenError::Engine { .. }), "{garbage}");
    }

    #[test]
    fn an_envelope_has_no_place_at_the_desk() {
        let data = tempfile::tempdir().unwrap();
        let mut desk = open(data.path()).unwrap();

        let taken = desk.commit(&[Change::ProbeJournal]);

        assert!(matches!(taken, Err(StoreError::Misplaced)));
        let take = Change::PrekeyTake {
            node: NodeId::from_bytes([1; 32]),
            from: super::super::Stock::OneTime,
            now: Timestamp(1),
        };
        assert_eq!(desk.commit(&[take]).unwrap(), [Outcome::Prekey(None)]);
    }
}
