//! The index on the disk: `index.db`, written behind the journal by a thread of its own, many rows in one transaction.
//!
//! What it lacks after a crash is read from the journal: it carries the place up to which the journal is in it. It is
//! told of a batch only after the journal's fsync, so it is never ahead. Of an item that has left it keeps the digest
//! alone; then it lets the journal's bytes go (`erase`).

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use safeconduct_protocol::id::EnvelopeDigest;
use tracing::{error, warn};

use super::{
    Guarded,
    erase::Eraser,
    index::{Item, Known},
    queue::{Found, Queue},
    record::Kind,
    segment::{At, Segments},
    tables::{Loaded, Mark},
};
use crate::{
    limits::Quotas,
    store::{
        StoreError,
        desk::{number, store_error},
        suspicion,
    },
};

/// Batches that wait for the thread; beyond, the writer waits.
const QUEUE_MAX: usize = 256;
/// Longest wait for an answer of the thread: it may be waiting for room.
const ANSWER_WAIT: Duration = Duration::from_secs(60);
/// Between two looks whether a full disk has room again.
const WAIT_FOR_ROOM: Duration = Duration::from_millis(250);

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

/// The thread, seen from the writer.
pub(super) struct Keeper {
    queue: Arc<Queue<Message>>,
    thread: Option<JoinHandle<()>>,
    fate: Arc<Fate>,
}

/// What became of the thread.
#[derive(Default)]
struct Fate {
    failed: AtomicBool,
    abandoned: AtomicBool,
    /// The writer has gone.
    closing: AtomicBool,
    /// The disk is full, and the thread waits.
    no_room: AtomicBool,
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
        quotas: Quotas,
        segments: Arc<Segments>,
        index: Arc<Guarded>,
    ) -> Result<Self, StoreError> {
        let queue = Arc::new(Queue::new(QUEUE_MAX));
        let fate = Arc::new(Fate::default());
        let newest = loaded.mark.map_or(0, |mark| mark.segment);
        let data = segments.data().to_owned();
        let eraser = Eraser::new(segments, index, loaded.living, newest, loaded.was_closed, quotas.segment_bytes);
        let worker = Worker {
            connection: loaded.connection,
            pending: BTreeMap::new(),
            left: Vec::new(),
            mark: loaded.mark,
            rows_max: quotas.index_rows,
            data,
            eraser,
            fate: Arc::clone(&fate),
        };
        let thread = thread::Builder::new()
            .name("store-index".to_owned())
            .spawn({
                let queue = Arc::clone(&queue);
                move || {
                    let reading = Reading(queue);
                    worker.run(&reading.0);
                }
            })
            .map_err(|source| StoreError::Io { source })?;
        Ok(Self { queue, thread: Some(thread), fate })
    }

    /// Hands over a durable batch; waits while too many wait.
    pub(super) fn hand_over(&self, batch: Batch) -> Result<(), StoreError> {
        let sent = self.queue.put(Message::Batch(batch));
        if sent.is_ok() && !self.fate.failed.load(Ordering::Acquire) {
            return Ok(());
        }
        Err(StoreError::Index)
    }

    /// Has the thread failed?
    pub(super) fn check(&self) -> Result<(), StoreError> {
        if self.fate.failed.load(Ordering::Acquire) {
            return Err(StoreError::Index);
        }
        // Handing over would wait, with a batch that is durable and not yet answered.
        if self.fate.no_room.load(Ordering::Acquire) && self.queue.is_full() { Err(StoreError::Full) } else { Ok(()) }
    }

    /// Writes down what was handed over, and gives the seqs of `index` that the database does not have so.
    pub(super) fn compare(&self, index: Vec<(u64, Item)>) -> Result<Vec<u64>, StoreError> {
        let (answer, answered) = sync_channel(1);
        self.queue.put(Message::Check { index, answer }).ok().ok_or(StoreError::Index)?;
        self.queue.hurry();
        answered.recv_timeout(ANSWER_WAIT).ok().ok_or(StoreError::Index)?
    }

    /// Was it left as a crash would leave it?
    pub(super) fn is_abandoned(&self) -> bool {
        self.fate.abandoned.load(Ordering::Acquire)
    }

    /// Leaves everything as it lies, as a crash would: for tests of one.
    pub(super) fn abandon(&self) {
        self.fate.abandoned.store(true, Ordering::Release);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.fate.closing.store(true, Ordering::Release);
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Ends the queue when the thread ends, however it does.
struct Reading(Arc<Queue<Message>>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abandon();
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
    data: PathBuf,
    eraser: Eraser,
    fate: Arc<Fate>,
}

impl Worker {
    fn run(mut self, queue: &Queue<Message>) {
        loop {
            let done = match queue.take() {
                Found::Some(messages) => messages.into_iter().try_for_each(|message| self.message(message)),
                Found::Nothing => match self.write(Closed::No).and_then(|()| self.eraser.idle()) {
                    Err(StoreError::Full) => self.wait_for_room(),
                    done => done,
                },
                Found::Closed => {
                    let last = if self.fate.abandoned.load(Ordering::Acquire) {
                        Ok(())
                    } else {
                        self.write(Closed::No).and_then(|()| self.eraser.finish()).and_then(|()| self.close())
                    };
                    return self.end(last);
                }
            };
            if done.is_err() {
                return self.end(done);
            }
        }
    }

    /// After a disk that failed, the next start must not trust what it sees.
    fn end(&self, last: Result<(), StoreError>) {
        let Err(error) = last else { return };
        error!(event = "store-index-failed", "{error}: {}", error.remedy());
        if error.is_final() {
            suspicion::leave(&self.data);
        }
        self.fate.failed.store(true, Ordering::Release);
    }

    fn message(&mut self, message: Message) -> Result<(), StoreError> {
        match message {
            Message::Batch(batch) => {
                self.take(batch);
                if self.pending.len() < self.rows_max {
                    return Ok(());
                }
                match self.write(Closed::No) {
                    Err(StoreError::Full) => self.wait_for_room(),
                    done => done,
                }
            }
            Message::Check { index, answer } => {
                let found = self.write(Closed::No).and_then(|()| self.compare(&index));
                answer.send(found).ok();
                Ok(())
            }
        }
    }

    /// On a full disk nothing is lost: what waits is written when there is room, and until then nothing more is taken, so
    /// that the writer waits too.
    fn wait_for_room(&mut self) -> Result<(), StoreError> {
        warn!(event = "store-index-waits", "the disk is full: the index waits for room");
        self.fate.no_room.store(true, Ordering::Release);
        let done = loop {
            thread::sleep(WAIT_FOR_ROOM);
            match self.write(Closed::No) {
                Err(StoreError::Full) if self.fate.is_open() => {}
                Err(StoreError::Full) => break Ok(()),
                done => break done,
            }
        };
        self.fate.no_room.store(false, Ordering::Release);
        done
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
