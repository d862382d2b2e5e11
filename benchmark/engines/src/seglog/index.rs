//! The SQLite index of the log, written by a thread of its own.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::Span;
use crate::engine::{Digest, Failure, Place};

/// A transaction holds at most so many rows, and begins at most so long after its first.
const ROWS_MAX: usize = 2048;
const WAIT: Duration = Duration::from_millis(250);
/// Batches that the log may be ahead.
const QUEUE: usize = 1024;

// Every insert is at the end of its tree: what finds a digest or a mailbox is in memory.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS item (
    seq INTEGER PRIMARY KEY,
    place BLOB NOT NULL,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    expiry INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS seen (seq INTEGER PRIMARY KEY, digest BLOB NOT NULL, expiry INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS position (one INTEGER PRIMARY KEY CHECK (one = 1), segment INTEGER NOT NULL, start INTEGER NOT NULL);
";

/// A place in the log.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Position {
    pub(super) segment: u32,
    pub(super) offset: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) seq: u64,
    pub(super) place: Place,
    pub(super) digest: Digest,
    pub(super) expiry: u32,
    pub(super) span: Span,
}

/// What one batch of the log changed, and where it ends.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<Row>,
    pub(super) gone: Vec<(u64, Digest, u32)>,
    pub(super) end: Position,
}

impl Batch {
    const fn size(&self) -> usize {
        self.rows.len() + self.gone.len()
    }
}

pub(super) struct Index {
    queue: Option<SyncSender<Batch>>,
    position: Arc<Mutex<Position>>,
    thread: Option<JoinHandle<Result<(), Failure>>>,
}

impl Index {
    pub(super) fn start(dir: &Path, position: Position) -> Result<Self, Failure> {
        let mut connection = connect(dir)?;
        let (queue, batches) = sync_channel(QUEUE);
        let position = Arc::new(Mutex::new(position));
        let reached = Arc::clone(&position);
        let thread = std::thread::spawn(move || write(&mut connection, &batches, &reached));
        Ok(Self { queue: Some(queue), position, thread: Some(thread) })
    }

    pub(super) fn send(&self, batch: Batch) -> Result<(), Failure> {
        let sent = self.queue.as_ref().is_some_and(|queue| queue.send(batch).is_ok());
        sent.then_some(()).ok_or_else(|| Failure("the index thread has stopped".to_owned()))
    }

    /// Up to where the index durably has everything.
    pub(super) fn position(&self) -> Position {
        *self.position.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn connect(dir: &Path) -> Result<Connection, Failure> {
    let connection = Connection::open(dir.join("index.db"))?;
    connection.execute_batch(
        "PRAGMA auto_vacuum=INCREMENTAL;
         PRAGMA journal_mode=WAL;
         PRAGMA synchronous=FULL;
         PRAGMA secure_delete=ON;
         PRAGMA journal_size_limit=67108864;
         PRAGMA temp_store=MEMORY;
         PRAGMA cache_size=-16384;
         PRAGMA wal_autocheckpoint=4000;",
    )?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

/// All that the index has.
pub(super) struct Loaded {
    pub(super) rows: Vec<Row>,
    /// Digests that are known although their envelopes are gone, with their expiry.
    pub(super) gone: Vec<(Digest, u32)>,
    pub(super) position: Position,
}

pub(super) fn load(dir: &Path) -> Result<Loaded, Failure> {
    let connection = connect(dir)?;
    let rows = connection
        .prepare("SELECT seq, place, digest, expiry, segment, start, length FROM item ORDER BY seq")?
        .query_map([], |row| {
            Ok(Row {
                seq: row.get::<_, i64>(0)? as u64,
                place: Place(row.get(1)?),
                digest: Digest(row.get(2)?),
                expiry: row.get(3)?,
                span: Span { segment: row.get(4)?, offset: row.get::<_, i64>(5)? as u64, length: row.get(6)? },
            })
        })?
        .collect::<Result<_, _>>()?;
    let gone = connection
        .prepare("SELECT digest, expiry FROM seen")?
        .query_map([], |row| Ok((Digest(row.get(0)?), row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let position = connection
        .query_row("SELECT segment, start FROM position", [], |row| {
            Ok(Position { segment: row.get(0)?, offset: row.get::<_, i64>(1)? as u64 })
        })
        .optional()?;
    Ok(Loaded { rows, gone, position: position.unwrap_or_default() })
}

fn write(connection: &mut Connection, batches: &Receiver<Batch>, reached: &Mutex<Position>) -> Result<(), Failure> {
    while let Ok(first) = batches.recv() {
        let until = Instant::now() + WAIT;
        let mut rows = first.size();
        let mut together = vec![first];
        while rows < ROWS_MAX {
            match batches.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(next) => {
                    rows += next.size();
                    together.push(next);
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        let end = commit(connection, &together)?;
        *reached.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }
    Ok(())
}

fn commit(connection: &mut Connection, together: &[Batch]) -> Result<Position, Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut end = Position::default();
    {
        let mut insert =
            transaction.prepare_cached("INSERT OR REPLACE INTO item VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7)")?;
        let mut remove = transaction.prepare_cached("DELETE FROM item WHERE seq = ?1")?;
        let mut keep = transaction.prepare_cached("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3)")?;
        for batch in together {
            for row in &batch.rows {
                let Span { segment, offset, length } = row.span;
                insert.execute(params![
                    row.seq as i64,
                    row.place.0.as_slice(),
                    row.digest.0.as_slice(),
                    row.expiry,
                    segment,
                    offset as i64,
                    length
                ])?;
            }
            for (seq, digest, expiry) in &batch.gone {
                remove.execute([*seq as i64])?;
                keep.execute(params![*seq as i64, digest.0.as_slice(), expiry])?;
            }
            end = batch.end;
        }
        transaction
            .prepare_cached("INSERT OR REPLACE INTO position VALUES (1, ?1, ?2)")?
            .execute(params![end.segment, end.offset as i64])?;
    }
    transaction.commit()?;
    Ok(end)
}
