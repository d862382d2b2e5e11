//! The index on the disk: `index.db`, written behind the journal by a thread of its own, many rows in one transaction.
//!
//! What it lacks after a crash is read from the journal: it carries the place up to which the journal is in it. It is
//! told of a batch only after the journal's fsync, so it is never ahead. Of an item that has left it keeps the digest
//! alone; then it lets the journal's bytes go (`erase`).

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};
use safeconduct_protocol::id::EnvelopeDigest;
use tracing::{error, warn};

use super::{
    Guarded,
    erase::Eraser,
    index::{Index, Item, Known},
    record::{Kind, Salt},
    segment::{At, Segments},
};
use crate::store::{
    StoreError,
    desk::{OpenError, SQLITE_VERSION_MIN, number, private_file, store_error, unsigned, use_wal},
    disk::Disk,
};

/// Name of the database file in the data directory.
pub const FILE_NAME: &str = "index.db";

/// `SCRI`: what `file` shows, and what keeps another program's database out.
const APPLICATION_ID: i64 = 0x5343_5249;
const SCHEMA_VERSION: i64 = 1;
/// Batches that wait for the thread; beyond, the writer waits.
const QUEUE_MAX: usize = 256;
/// Longest wait before rows are written.
const PATIENCE: Duration = Duration::from_millis(250);

// No second index: everything is looked up in memory, and rows come in the order of `seq`.
const SCHEMA: &str = "
CREATE TABLE envelope (
    seq INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    expiry INTEGER NOT NULL,
    place BLOB,
    status BLOB,
    segment INTEGER,
    offset INTEGER,
    length INTEGER
);
CREATE TABLE salt (one INTEGER PRIMARY KEY CHECK (one = 1), salt INTEGER NOT NULL);
INSERT INTO salt (one, salt) VALUES (1, random() & 0xffffffff);
CREATE TABLE applied (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    segment INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    position INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    clean INTEGER NOT NULL
);
";

/// Up to where the journal goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    /// The segment of the next record.
    pub(super) segment: u32,
    /// Its place there.
    pub(super) offset: u32,
    /// Its position.
    pub(super) position: u64,
    /// Its batch.
    pub(super) batch: u64,
    /// The next item's seq.
    pub(super) next_seq: u64,
}

/// One row's change.
#[derive(Clone, Copy)]
pub(super) enum Row {
    Put { seq: u64, item: Item, digest: EnvelopeDigest },
    Gone { seq: u64, item: Item },
    Forgotten { seq: u64 },
    Known { digest: EnvelopeDigest, known: Known },
}

/// A batch that the journal holds durably.
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    pub(super) mark: Mark,
}

enum Message {
    Batch(Batch),
    /// Write everything down, then answer what does not agree.
    Check {
        index: Vec<(u64, Item)>,
        answer: SyncSender<Result<Vec<u64>, StoreError>>,
    },
}

/// What `index.db` says at start.
pub(super) struct Loaded {
    pub(super) connection: Connection,
    /// What checksums begin with.
    pub(super) salt: Salt,
    /// None in a new store.
    pub(super) mark: Option<Mark>,
    /// The last process closed it.
    pub(super) was_closed: bool,
    /// Items in each segment.
    pub(super) living: BTreeMap<u32, u64>,
}

/// Opens or makes the index in the directory `data`, and reads it into `index`.
pub(super) fn load(disk: &dyn Disk, data: &Path, index: &mut Index) -> Result<Loaded, OpenError> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        return Err(OpenError::OldLibrary(rusqlite::version()));
    }
    let path = data.join(FILE_NAME);
    let engine = |source| OpenError::of(&path, source);
    let mut connection = open(disk, &path)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let (application, schema) = (pragma("application_id").map_err(engine)?, pragma("user_version").map_err(engine)?);
    let tables =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).map_err(engine)?;
    match (application, schema, tables) {
        (0, 0, 0) => make(&mut connection).map_err(engine)?,
        (APPLICATION_ID, SCHEMA_VERSION, _) => {}
        (APPLICATION_ID, found, _) if found > SCHEMA_VERSION => return Err(OpenError::Newer { path, found }),
        _ => return Err(OpenError::Foreign { path }),
    }
    let (mark, was_closed) = read(&connection, index).map_err(engine)?.ok_or(OpenError::Damaged)?;
    let salt = Salt(connection.query_row("SELECT salt FROM salt", [], |row| row.get(0)).map_err(engine)?);
    Ok(Loaded { connection, salt, mark, was_closed, living: index.by_segment() })
}

fn open(disk: &dyn Disk, path: &Path) -> Result<Connection, OpenError> {
    let engine = |source| OpenError::of(path, source);
    private_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match disk.vfs() {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs),
        None => Connection::open_with_flags(path, flags),
    }
    .map_err(engine)?;
    // One connection alone: no shared memory, and a second process is kept out.
    connection.execute_batch("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=FULL;").map_err(engine)?;
    use_wal(&connection).map_err(engine)?;
    connection
        .execute_batch(
            "PRAGMA synchronous=FULL;
             PRAGMA secure_delete=ON;
             PRAGMA temp_store=MEMORY;
             PRAGMA cache_size=-8192;
             PRAGMA trusted_schema=OFF;
             PRAGMA journal_size_limit=16777216;",
        )
        .map_err(engine)?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(engine)?;
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(engine)?;
    match (synchronous, mode.as_str()) {
        (2, "wal") => Ok(connection),
        (2, _) => Err(OpenError::Setting("journal_mode=WAL")),
        _ => Err(OpenError::Setting("synchronous=FULL")),
    }
}

fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

type Columns = (Option<[u8; 16]>, Option<[u8; 16]>, Option<u32>, Option<u32>, Option<u32>);

/// None when a row is not as it was written.
fn read(connection: &Connection, index: &mut Index) -> rusqlite::Result<Option<(Option<Mark>, bool)>> {
    let mut statement = connection.prepare(
        "SELECT seq, kind, digest, expiry, place, status, segment, offset, length FROM envelope ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, expiry) = (unsigned(row.get(0)?), row.get(3)?);
        let kind = row.get::<_, u8>(1).ok().and_then(Kind::of).filter(|kind| kind.is_item());
        let (Some(kind), Ok(digest)) = (kind, row.get(2).map(EnvelopeDigest::from_bytes)) else { return Ok(None) };
        if kind.is_envelope() {
            index.remember(digest, Known { seq, expiry });
        }
        let columns: Columns = (row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?);
        match columns {
            (Some(place), Some(status), Some(segment), Some(offset), Some(length)) => {
                let at = At { segment, offset, length };
                index.insert(seq, Item { kind, place, status, expiry, at, hour: 0 });
            }
            (None, None, None, None, None) if kind.is_envelope() => {}
            _ => return Ok(None),
        }
    }
    let mut statement = connection.prepare("SELECT segment, offset, position, batch, next_seq, clean FROM applied")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(Some((None, true))) };
    let mark = Mark {
        segment: row.get(0)?,
        offset: row.get(1)?,
        position: unsigned(row.get(2)?),
        batch: unsigned(row.get(3)?),
        next_seq: unsigned(row.get(4)?),
    };
    index.raise_next_seq(mark.next_seq);
    Ok(Some((Some(mark), row.get::<_, i64>(5)? == 1)))
}

/// The thread, seen from the writer.
pub(super) struct Keeper {
    queue: Option<SyncSender<Message>>,
    thread: Option<JoinHandle<()>>,
    fate: Arc<Fate>,
}

/// What became of the thread.
#[derive(Default)]
struct Fate {
    failed: AtomicBool,
    cause: OnceLock<StoreError>,
    abandoned: AtomicBool,
    /// The writer has gone.
    closing: AtomicBool,
}

impl Fate {
    fn is_open(&self) -> bool {
        !self.abandoned.load(Ordering::Acquire) && !self.closing.load(Ordering::Acquire)
    }
}

impl Keeper {
    /// Starts the thread.
    pub(super) fn start(
        loaded: Loaded,
        rows_max: usize,
        segments: Arc<Segments>,
        index: Arc<Guarded>,
    ) -> Result<Self, StoreError> {
        let (queue, messages) = sync_channel(QUEUE_MAX);
        let fate = Arc::new(Fate::default());
        let newest = loaded.mark.map_or(0, |mark| mark.segment);
        let eraser = Eraser::new(segments, index, loaded.living, newest, loaded.was_closed);
        let worker = Worker {
            connection: loaded.connection,
            pending: BTreeMap::new(),
            left: Vec::new(),
            mark: loaded.mark,
            rows_max,
            eraser,
            fate: Arc::clone(&fate),
        };
        let thread = thread::Builder::new()
            .name("store-index".to_owned())
            .spawn(move || worker.run(&messages))
            .map_err(|source| StoreError::Io { source })?;
        Ok(Self { queue: Some(queue), thread: Some(thread), fate })
    }

    /// Hands over a durable batch; waits while too many wait.
    pub(super) fn hand_over(&self, batch: Batch) -> Result<(), StoreError> {
        let sent = self.queue.as_ref().map(|queue| queue.send(Message::Batch(batch)));
        if matches!(sent, Some(Ok(()))) && !self.fate.failed.load(Ordering::Acquire) {
            return Ok(());
        }
        Err(StoreError::Index)
    }

    /// Has the thread failed?
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if self.fate.failed.load(Ordering::Acquire) { Err(StoreError::Index) } else { Ok(()) }
    }

    /// Writes down what was handed over, and gives the seqs of `index` that the database does not have so.
    pub(super) fn compare(&self, index: Vec<(u64, Item)>) -> Result<Vec<u64>, StoreError> {
        let (answer, answered) = sync_channel(1);
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.send(Message::Check { index, answer }).ok().ok_or(StoreError::Index)?;
        answered.recv().ok().ok_or(StoreError::Index)?
    }

    /// Leaves everything as it lies, as a crash would: for tests of one.
    pub(super) fn abandon(&self) {
        self.fate.abandoned.store(true, Ordering::Release);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.fate.closing.store(true, Ordering::Release);
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// A row that is to be written.
#[derive(Clone, Copy)]
enum Pending {
    /// Whole.
    Here { item: Item, digest: EnvelopeDigest },
    /// New, and its item has left already: the digest alone.
    New { kind: Kind, digest: EnvelopeDigest, expiry: u32 },
    /// Its item has left.
    Left,
    /// To be deleted.
    Deleted,
}

struct Worker {
    connection: Connection,
    pending: BTreeMap<u64, Pending>,
    /// Items that left, to be erased when that is durable.
    left: Vec<At>,
    mark: Option<Mark>,
    rows_max: usize,
    eraser: Eraser,
    fate: Arc<Fate>,
}

impl Worker {
    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let done = match messages.recv_timeout(PATIENCE) {
                Ok(Message::Batch(batch)) => {
                    self.take(batch);
                    if self.pending.len() < self.rows_max { Ok(()) } else { self.write(Closed::No) }
                }
                Ok(Message::Check { index, answer }) => {
                    let found = self.write(Closed::No).and_then(|()| self.compare(&index));
                    answer.send(found).ok();
                    Ok(())
                }
                Err(RecvTimeoutError::Timeout) => self.write(Closed::No).and_then(|()| self.eraser.idle()),
                Err(RecvTimeoutError::Disconnected) => {
                    if !self.fate.abandoned.load(Ordering::Acquire) {
                        self.write(Closed::No).and_then(|()| self.eraser.finish()).and_then(|()| self.close()).ok();
                    }
                    return;
                }
            };
            let done = match done {
                Err(StoreError::Full) => self.wait_for_room(),
                done => done,
            };
            if let Err(error) = done {
                error!(event = "store-index-failed", "{error}: {}", error.remedy());
                self.fate.cause.set(error).ok();
                self.fate.failed.store(true, Ordering::Release);
                return;
            }
        }
    }

    /// On a full disk nothing is lost: what waits is written when there is room, and until then nothing more is taken, so
    /// that the writer waits too.
    fn wait_for_room(&mut self) -> Result<(), StoreError> {
        warn!(event = "store-index-waits", "the disk is full: the index waits for room");
        loop {
            thread::sleep(PATIENCE);
            match self.write(Closed::No) {
                Err(StoreError::Full) if self.fate.is_open() => {}
                Err(StoreError::Full) => return Ok(()),
                done => return done,
            }
        }
    }

    fn take(&mut self, batch: Batch) {
        for row in batch.rows {
            match row {
                Row::Put { seq, item, digest } => {
                    self.eraser.put(item.at.segment);
                    self.pending.insert(seq, Pending::Here { item, digest });
                }
                Row::Gone { seq, item } => {
                    self.left.push(item.at);
                    let next = match (self.pending.get(&seq), item.kind.is_envelope()) {
                        (_, false) => Pending::Deleted,
                        (Some(Pending::Here { item, digest }), true) => {
                            Pending::New { kind: item.kind, digest: *digest, expiry: item.expiry }
                        }
                        (_, true) => Pending::Left,
                    };
                    self.pending.insert(seq, next);
                }
                Row::Forgotten { seq } => {
                    self.pending.insert(seq, Pending::Deleted);
                }
                Row::Known { digest, known } => {
                    let row = Pending::New { kind: Kind::Mailbox, digest, expiry: known.expiry };
                    self.pending.insert(known.seq, row);
                }
            }
        }
        self.mark = Some(batch.mark);
    }

    /// Writes all pending rows and the mark in one transaction; then the bytes of what left may go.
    fn write(&mut self, closed: Closed) -> Result<(), StoreError> {
        let Some(mark) = self.mark else { return Ok(()) };
        if self.pending.is_empty() && self.left.is_empty() && closed == Closed::No {
            return Ok(());
        }
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(store_error)?;
        write_rows(&transaction, &self.pending).map_err(store_error)?;
        write_mark(&transaction, mark, closed).map_err(store_error)?;
        transaction.commit().map_err(store_error)?;
        self.pending.clear();
        self.eraser.left(core::mem::take(&mut self.left), mark.segment)
    }

    /// The last word: everything is in the database, nothing need be read from the journal.
    fn close(&mut self) -> Result<(), StoreError> {
        self.write(Closed::Yes)?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(store_error)
    }

    fn compare(&self, index: &[(u64, Item)]) -> Result<Vec<u64>, StoreError> {
        let sound: String =
            self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(store_error)?;
        if sound != "ok" {
            return Err(StoreError::Damaged("index"));
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT kind, expiry, place, status, segment, offset, length FROM envelope WHERE seq = ?1")
            .map_err(store_error)?;
        let mut differing = Vec::new();
        for (seq, item) in index {
            let same = statement
                .query_row([number(*seq)], |row| {
                    let at = At { segment: row.get(4)?, offset: row.get(5)?, length: row.get(6)? };
                    let read = (row.get::<_, u8>(0)?, row.get::<_, u32>(1)?, row.get(2)?, row.get(3)?, at);
                    Ok(read == (item.kind.code(), item.expiry, item.place, item.status, item.at))
                })
                .unwrap_or(false);
            if !same {
                differing.push(*seq);
            }
        }
        Ok(differing)
    }
}

/// Is this the last write of a process that ends in order?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    Yes,
    No,
}

fn write_rows(transaction: &Transaction<'_>, pending: &BTreeMap<u64, Pending>) -> rusqlite::Result<()> {
    let mut put = transaction.prepare_cached(
        "INSERT OR REPLACE INTO envelope (seq, kind, digest, expiry, place, status, segment, offset, length)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let mut new = transaction
        .prepare_cached("INSERT OR REPLACE INTO envelope (seq, kind, digest, expiry) VALUES (?1, ?2, ?3, ?4)")?;
    let mut left = transaction.prepare_cached(
        "UPDATE envelope SET place = NULL, status = NULL, segment = NULL, offset = NULL, length = NULL WHERE seq = ?1",
    )?;
    let mut deleted = transaction.prepare_cached("DELETE FROM envelope WHERE seq = ?1")?;
    for (seq, row) in pending {
        let seq = number(*seq);
        match row {
            Pending::Here { item, digest } => put.execute(params![
                seq,
                item.kind.code(),
                digest.as_bytes().as_slice(),
                item.expiry,
                item.place.as_slice(),
                item.status.as_slice(),
                item.at.segment,
                item.at.offset,
                item.at.length
            ])?,
            Pending::New { kind, digest, expiry } => {
                new.execute(params![seq, kind.code(), digest.as_bytes().as_slice(), expiry])?
            }
            Pending::Left => left.execute([seq])?,
            Pending::Deleted => deleted.execute([seq])?,
        };
    }
    Ok(())
}

fn write_mark(transaction: &Transaction<'_>, mark: Mark, closed: Closed) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO applied (one, segment, offset, position, batch, next_seq, clean)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            mark.segment,
            mark.offset,
            number(mark.position),
            number(mark.batch),
            number(mark.next_seq),
            i64::from(closed == Closed::Yes)
        ])
        .map(drop)
}
