//! Stores of older relays, brought up to date at start.
//!
//! Schema 1 had everything in `relay.db`, envelopes too. Until the last step, which changes the schema's number, what it
//! holds stays as it was; a start that did not get that far begins again. Schemas 3 and 4 have more tables than the one before.

use std::{io, path::Path, sync::Arc};

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};
use safeconduct_protocol::id::EnvelopeDigest;
use tracing::info;

use super::{
    desk::{self, OpenError, unsigned},
    disk::Disk,
    journal::{Adopted, INDEX_FILE_NAME, Journal, Kind, Lies, SEGMENTS},
};
use crate::limits::Quotas;

/// Rows moved at once: 64 × 64 KiB at most.
const PAGE: i64 = 64;

/// Does what is to be done before the store is opened.
pub(super) fn bring_up_to_date(disk: &Arc<dyn Disk>, data: &Path) -> Result<(), OpenError> {
    let path = data.join(desk::FILE_NAME);
    if !path.exists() {
        return Ok(());
    }
    let mut connection = desk::connect(disk.as_ref(), &path)?;
    let engine = |source| OpenError::of(&path, source);
    if desk::schema(&connection, desk::APPLICATION_ID).map_err(engine)? == Some(1) {
        from_1_to_2(disk, data, &path, &mut connection)?;
    }
    if desk::schema(&connection, desk::APPLICATION_ID).map_err(engine)? == Some(2) {
        grown(&mut connection, desk::SCHEMA_3, 3).map_err(engine)?;
    }
    if desk::schema(&connection, desk::APPLICATION_ID).map_err(engine)? == Some(3) {
        grown(&mut connection, desk::SCHEMA_4, 4).map_err(engine)?;
    }
    Ok(())
}

fn from_1_to_2(disk: &Arc<dyn Disk>, data: &Path, path: &Path, connection: &mut Connection) -> Result<(), OpenError> {
    let engine = |source| OpenError::of(path, source);
    clear(disk.as_ref(), data).map_err(|source| OpenError::Create { path: data.join(SEGMENTS), source })?;
    let mut journal = Journal::open(Arc::clone(disk), data, Quotas::UNBOUNDED)?;
    let moved = envelopes(connection, path, &mut journal)?;
    remembered(connection, path, &mut journal)?;
    // Closes it: everything is in its own index before the old place goes.
    drop(journal);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(engine)?;
    transaction.execute_batch("DROP TABLE item; DROP TABLE seen; DROP TABLE held;").map_err(engine)?;
    transaction.pragma_update(None, "user_version", 2).map_err(engine)?;
    transaction.commit().map_err(engine)?;
    info!(event = "store-migrated", items = moved, "the store was brought from schema 1 to 2");
    Ok(())
}

/// A schema that has more tables than the one before it, and is the same otherwise.
fn grown(connection: &mut Connection, tables: &str, schema: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(tables)?;
    transaction.pragma_update(None, "user_version", schema)?;
    transaction.commit()?;
    info!(event = "store-migrated", schema, "the store has the tables of the next schema");
    Ok(())
}

/// Removes what an earlier start left that did not get to its end.
fn clear(disk: &dyn Disk, data: &Path) -> io::Result<()> {
    let segments = data.join(SEGMENTS);
    if segments.exists() {
        for path in disk.list(&segments)? {
            disk.remove(&path)?;
        }
        disk.sync_dir(&segments)?;
    }
    for ending in ["", "-wal", "-shm", "-journal"] {
        let path = data.join(format!("{INDEX_FILE_NAME}{ending}"));
        if path.exists() {
            disk.remove(&path)?;
        }
    }
    disk.sync_dir(data)
}

type Row = (i64, [u8; 16], u8, [u8; 32], u32, Vec<u8>);

fn envelopes(connection: &Connection, path: &Path, journal: &mut Journal) -> Result<u64, OpenError> {
    let engine = |source| OpenError::of(path, source);
    let mut after = 0_i64;
    let mut moved = 0_u64;
    loop {
        let page: Vec<Row> = connection
            .prepare_cached(
                "SELECT seq, place, kind, digest, expiry, bytes FROM item WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![after, PAGE], |row| {
                        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
                    })?
                    .collect()
            })
            .map_err(engine)?;
        let Some(last) = page.last() else { return Ok(moved) };
        after = last.0;
        let mut adopted = Vec::with_capacity(page.len());
        for (seq, place, kind, digest, expiry, bytes) in page {
            // Kinds were numbered from 0.
            let kind =
                kind.checked_add(1).and_then(Kind::of).filter(|kind| kind.is_item()).ok_or(OpenError::Damaged)?;
            adopted.push(Adopted {
                seq: Some(unsigned(seq)),
                digest: EnvelopeDigest::from_bytes(digest),
                expiry,
                item: Some((Lies { kind, place }, bytes)),
            });
        }
        moved = moved.saturating_add(u64::try_from(adopted.len()).unwrap_or(u64::MAX));
        journal.adopt(&adopted).map_err(OpenError::Journal)?;
    }
}

/// Digests of envelopes that were collected, under seqs that no node has seen.
fn remembered(connection: &Connection, path: &Path, journal: &mut Journal) -> Result<(), OpenError> {
    let engine = |source| OpenError::of(path, source);
    let highest: Option<i64> = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'item'", [], |row| row.get(0))
        .optional()
        .map_err(engine)?;
    journal.raise_next_seq(unsigned(highest.unwrap_or(0)).saturating_add(1)).map_err(OpenError::Journal)?;
    let mut after = vec![];
    loop {
        let page: Vec<([u8; 32], u32)> = connection
            .prepare_cached(
                "SELECT digest, expiry FROM seen WHERE digest > ?1
                 AND NOT EXISTS (SELECT 1 FROM item WHERE item.seq = seen.seq) ORDER BY digest LIMIT ?2",
            )
            .and_then(|mut statement| {
                statement.query_map(params![after, PAGE], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .map_err(engine)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = last.to_vec();
        let adopted: Vec<_> = page
            .into_iter()
            .map(|(digest, expiry)| Adopted {
                seq: None,
                digest: EnvelopeDigest::from_bytes(digest),
                expiry,
                item: None,
            })
            .collect();
        journal.adopt(&adopted).map_err(OpenError::Journal)?;
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::id::{MailboxId, NodeId, SlotId};

    use super::*;
    use crate::store::{Change, Deposited, Engine, Outcome, Stock, Store as _, disk::SystemDisk, suite};

    /// What a relay with schema 1 left: an envelope in a mailbox, one in a slot, a nack, one that was collected, a prekey.
    fn old_store(data: &Path) {
        let connection = Connection::open(data.join(desk::FILE_NAME)).unwrap();
        connection.execute_batch("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;").unwrap();
        connection.execute_batch(include_str!("migrate/schema_1.sql")).unwrap();
        connection.execute_batch("PRAGMA application_id=1396920908; PRAGMA user_version=1;").unwrap();
        let item = |seq: i64, place: [u8; 16], kind: u8, n: u8, bytes: &[u8]| {
            connection
                .execute(
                    "INSERT INTO item (seq, place, kind, digest, expiry, bytes) VALUES (?1, ?2, ?3, ?4, 20005, ?5)",
                    params![seq, place.as_slice(), kind, [n; 32].as_slice(), bytes],
                )
                .unwrap();
        };
        let seen = |n: u8, seq: i64| {
            connection
                .execute(
                    "INSERT INTO seen (digest, expiry, seq) VALUES (?1, 20005, ?2)",
                    params![[n; 32].as_slice(), seq],
                )
                .unwrap();
        };
        item(3, [1; 16], 0, 7, &suite::deposit(1, 7, 20_005).bytes);
        item(5, [9; 16], 1, 8, &suite::deposit(1, 8, 20_005).bytes);
        item(6, [107; 16], 2, 9, b"nack");
        seen(7, 3);
        seen(8, 5);
        seen(9, 0);
        connection
            .execute(
                "INSERT INTO prekey (id, node, kind, not_before, not_after, record) VALUES (?1, ?2, 2, 0, 2000000000, ?3)",
                params![[1_u8; 16].as_slice(), [4_u8; 32].as_slice(), [5_u8; 9].as_slice()],
            )
            .unwrap();
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('item', 40)", []).ok();
        connection.execute("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'item'", []).unwrap();
    }

    fn judge(data: &Path) {
        let mut engine = Engine::open(Arc::new(SystemDisk), data, Quotas::default()).unwrap();
        let view = engine.view().unwrap();
        let waiting = view.deliverable(MailboxId::from_bytes([1; 16]), 0, 9).unwrap();
        assert_eq!((waiting.len(), waiting[0].seq), (1, 3));
        assert_eq!(waiting[0].bytes, suite::deposit(1, 7, 20_005).bytes);
        assert_eq!(view.slot_items(SlotId::from_bytes([9; 16]), 0).unwrap()[0].seq, 5);
        assert_eq!(view.slot_items(SlotId::from_bytes([107; 16]), 0).unwrap()[0].bytes, b"nack");
        let again: Vec<_> = [7, 8, 9].map(|n| Change::Deposit(suite::deposit(1, n, 20_005))).into();
        assert!(engine.commit(&again).unwrap().iter().all(|o| *o == Outcome::Deposit(Deposited::Held)));
        let node = NodeId::from_bytes([4; 32]);
        let now = safeconduct_protocol::time::Timestamp(1);
        let taken = engine.commit(&[Change::PrekeyTake { node, from: Stock::OneTime, now }]).unwrap();
        assert!(matches!(&taken[0], Outcome::Prekey(Some(_))));
        engine.commit(&[Change::Deposit(suite::deposit(2, 50, 20_005))]).unwrap();
        let new = view.deliverable(suite::mailbox(2), 0, 9).unwrap();
        assert!(new[0].seq > 40, "a seq that a node may have seen is not used again");
    }

    #[test]
    fn a_store_of_schema_1_is_brought_up_to_date_with_everything_in_it() {
        let data = tempfile::tempdir().unwrap();
        old_store(data.path());

        judge(data.path());

        let connection = Connection::open(data.path().join(desk::FILE_NAME)).unwrap();
        assert_eq!(desk::schema(&connection, desk::APPLICATION_ID).unwrap(), Some(desk::SCHEMA_VERSION));
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('item', 'seen', 'held')", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(tables, 0);
    }

    #[test]
    fn a_store_of_schema_2_gets_the_tables_that_it_lacks_and_keeps_the_rest() {
        let data = tempfile::tempdir().unwrap();
        let mut engine = Engine::open(Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap();
        engine.commit(&[Change::Deposit(suite::deposit(1, 7, 20_005))]).unwrap();
        drop(engine);
        let connection = Connection::open(data.path().join(desk::FILE_NAME)).unwrap();
        connection.execute_batch("DROP TABLE foreign_leaf; DROP TABLE foreign_head; PRAGMA user_version=2;").unwrap();
        drop(connection);

        let engine = Engine::open(Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap();

        let view = engine.view().unwrap();
        assert_eq!(view.foreign_heads().unwrap().len(), 0);
        assert_eq!(view.deliverable(MailboxId::from_bytes([1; 16]), 0, 9).unwrap().len(), 1);
    }

    #[test]
    fn a_store_of_schema_2_takes_node_heads_after_its_first_start() {
        let data = tempfile::tempdir().unwrap();
        drop(Engine::open(Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap());
        let file = data.path().join(desk::FILE_NAME);
        Connection::open(&file).unwrap().execute_batch("DROP TABLE node_head; PRAGMA user_version=2;").unwrap();

        let mut engine = Engine::open(Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap();

        let place = safeconduct_protocol::receipt::head::HeadPlace { epoch: 1, counter: 1 };
        let put = Change::NodeHeadPut { node: NodeId::from_bytes([1; 32]), place, head: vec![7] };
        assert_eq!(engine.commit(&[put]).unwrap(), [Outcome::NodeHead(vec![7])]);
    }

    #[test]
    fn a_start_that_did_not_get_to_the_end_begins_again() {
        let data = tempfile::tempdir().unwrap();
        old_store(data.path());
        // As a crash leaves it: something was moved already, the old tables still count.
        let mut half = Journal::open(Arc::new(SystemDisk), data.path(), Quotas::UNBOUNDED).unwrap();
        half.commit(&[Change::Deposit(suite::deposit(1, 77, 20_005))]).unwrap();
        half.crash();

        judge(data.path());
    }
}
