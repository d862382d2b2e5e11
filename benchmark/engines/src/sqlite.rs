//! SQLite with the relay's schema and settings: the tables and statements of `relay/src/store/sqlite.rs` that
//! envelopes go through.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::engine::{Digest, Engine, Envelope, Failure, Place};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS item (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    place BLOB NOT NULL,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    expiry INTEGER NOT NULL,
    bytes BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS item_place ON item (place, seq);
CREATE INDEX IF NOT EXISTS notice_expiry ON item (expiry) WHERE kind >= 2;
CREATE TABLE IF NOT EXISTS seen (digest BLOB PRIMARY KEY, expiry INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (place BLOB PRIMARY KEY, envelopes INTEGER NOT NULL, bytes INTEGER NOT NULL)
    WITHOUT ROWID;
";

/// Pages given back in one idle moment, as the relay does.
const VACUUM_PAGES: u32 = 1024;

/// Whether deleted rows are overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Erase {
    Yes,
    No,
}

pub(crate) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    pub(crate) fn open(dir: &Path, erase: Erase) -> Result<Self, Failure> {
        let connection = Connection::open(dir.join("relay.db"))?;
        let erase = if erase == Erase::Yes { "ON" } else { "OFF" };
        connection.execute_batch(&format!(
            "PRAGMA auto_vacuum=INCREMENTAL;
             PRAGMA journal_mode=WAL;
             PRAGMA synchronous=FULL;
             PRAGMA secure_delete={erase};
             PRAGMA foreign_keys=ON;
             PRAGMA journal_size_limit=67108864;
             PRAGMA temp_store=MEMORY;
             PRAGMA cache_size=-65536;
             PRAGMA wal_autocheckpoint=4000;"
        ))?;
        connection.execute_batch(SCHEMA)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(Self { connection })
    }
}

impl Engine for Sqlite {
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut stored = 0;
        for envelope in batch {
            stored += usize::from(deposit(&transaction, envelope)?);
        }
        transaction.commit()?;
        Ok(stored)
    }

    fn read(&mut self, place: Place, after: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, bytes FROM item WHERE place = ?1 AND seq > ?2 AND kind = ?3 ORDER BY seq LIMIT ?4",
        )?;
        let rows = statement
            .query_map(params![place.0.as_slice(), after as i64, 0, limit as i64], |row| {
                Ok((row.get::<_, i64>(0)? as u64, row.get(1)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(rows)
    }

    fn done(&mut self, batch: &[Digest]) -> Result<usize, Failure> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut removed = 0;
        for digest in batch {
            removed += usize::from(settle(&transaction, *digest)?);
        }
        transaction.commit()?;
        Ok(removed)
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        let free: u32 = self.connection.query_row("PRAGMA freelist_count", [], |row| row.get(0))?;
        if free > VACUUM_PAGES {
            self.connection.execute_batch(&format!("PRAGMA incremental_vacuum({VACUUM_PAGES});"))?;
        }
        self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(())
    }
}

fn deposit(transaction: &Transaction<'_>, envelope: &Envelope) -> Result<bool, Failure> {
    let (digest, place) = (envelope.digest.0.as_slice(), envelope.place.0.as_slice());
    if transaction.prepare_cached("SELECT 1 FROM seen WHERE digest = ?1")?.exists([digest])? {
        return Ok(false);
    }
    // The quota is looked at, and here never reached.
    let _held: Option<(i64, i64)> = transaction
        .prepare_cached("SELECT envelopes, bytes FROM held WHERE place = ?1")?
        .query_row([place], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let seq = transaction
        .prepare_cached("INSERT INTO item (place, kind, digest, expiry, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .insert(params![place, 0, digest, envelope.expiry, envelope.bytes])?;
    transaction.prepare_cached("INSERT INTO seen (digest, expiry, seq) VALUES (?1, ?2, ?3)")?.execute(params![
        digest,
        envelope.expiry,
        seq
    ])?;
    transaction
        .prepare_cached(
            "INSERT INTO held (place, envelopes, bytes) VALUES (?1, 1, ?2)
             ON CONFLICT (place) DO UPDATE SET envelopes = envelopes + 1, bytes = bytes + excluded.bytes",
        )?
        .execute(params![place, envelope.bytes.len() as i64])?;
    Ok(true)
}

fn settle(transaction: &Transaction<'_>, digest: Digest) -> Result<bool, Failure> {
    let found: Option<(i64, Vec<u8>, i64, Vec<u8>)> = transaction
        .prepare_cached(
            "SELECT item.seq, place, length(bytes), substr(bytes, 1, 56)
             FROM seen JOIN item ON item.seq = seen.seq WHERE seen.digest = ?1",
        )?
        .query_row([digest.0.as_slice()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((seq, place, size, _head)) = found else { return Ok(false) };
    transaction.prepare_cached("DELETE FROM item WHERE seq = ?1")?.execute([seq])?;
    transaction
        .prepare_cached("UPDATE seen SET seq = ?2 WHERE digest = ?1")?
        .execute(params![digest.0.as_slice(), 0])?;
    transaction
        .prepare_cached("UPDATE held SET envelopes = envelopes - 1, bytes = bytes - ?2 WHERE place = ?1")?
        .execute(params![place, size])?;
    transaction.prepare_cached("DELETE FROM held WHERE place = ?1 AND envelopes <= 0")?.execute([&place])?;
    Ok(true)
}
