//! Blobs: what is known of each sealed document, and how much they are together. Their bytes are in files of their own.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use safeconduct_protocol::{blob::BlobShape, id::BlobId, time::Day};

use super::{count, number, store_error, unsigned};
use crate::store::{Blob, BlobBegun, StoreError};

/// What schema 4 added: for new stores, and for those of schema 3.
pub(in crate::store) const SCHEMA_4: &str = "
-- a sealed document: how long, until when, and whether all of it is here. Not who put it, nor for whom it is
CREATE TABLE IF NOT EXISTS blob (
    id BLOB PRIMARY KEY, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL, expiry INTEGER NOT NULL, is_whole INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blob_expiry ON blob (expiry, id);
CREATE TABLE IF NOT EXISTS blob_held (
    one INTEGER PRIMARY KEY CHECK (one = 1), blobs INTEGER NOT NULL, bytes INTEGER NOT NULL
);
INSERT OR IGNORE INTO blob_held (one, blobs, bytes) VALUES (1, 0, 0);
";

const COLUMNS: &str = "id, bytes, sha256, expiry, is_whole";

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Blob>> {
    let (id, bytes): (_, i64) = (row.get(0).map(BlobId::from_bytes)?, row.get(1)?);
    let (sha256, expiry, is_whole) = (row.get(2)?, row.get(3).map(Day)?, row.get(4)?);
    Ok(BlobShape::of(unsigned(bytes)).map(|shape| Blob { id, shape, sha256, expiry, is_whole }))
}

/// The blob of this id.
pub(super) fn find(connection: &Connection, id: BlobId) -> Result<Option<Blob>, StoreError> {
    let found = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM blob WHERE id = ?1"))
        .and_then(|mut statement| statement.query_row([id.as_bytes().as_slice()], read).optional())
        .map_err(store_error)?;
    match found {
        Some(None) => Err(StoreError::Damaged("blob's length")),
        found => Ok(found.flatten()),
    }
}

/// Blobs above this id, in their order.
pub(super) fn above(connection: &Connection, after: BlobId, limit: usize) -> Result<Vec<Blob>, StoreError> {
    page(connection, "id > ?1 ORDER BY id", params![after.as_bytes().as_slice(), count(limit)])
}

/// Blobs whose day is before this one.
pub(super) fn expired(connection: &Connection, today: Day, limit: usize) -> Result<Vec<Blob>, StoreError> {
    page(connection, "expiry < ?1 ORDER BY expiry, id", params![today.0, count(limit)])
}

fn page(connection: &Connection, which: &str, bounds: impl rusqlite::Params) -> Result<Vec<Blob>, StoreError> {
    let found: Vec<Option<Blob>> = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM blob WHERE {which} LIMIT ?2"))
        .and_then(|mut statement| statement.query_map(bounds, read)?.collect())
        .map_err(store_error)?;
    found.into_iter().collect::<Option<_>>().ok_or(StoreError::Damaged("blob's length"))
}

/// Blobs in all, and their bytes, those on their way included.
pub(super) fn held(connection: &Connection) -> Result<(u64, u64), StoreError> {
    connection
        .prepare_cached("SELECT blobs, bytes FROM blob_held")
        .and_then(|mut statement| statement.query_row([], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?)))))
        .map_err(store_error)
}

/// See [`Change::BlobBegin`](crate::store::Change::BlobBegin).
pub(super) fn begin(transaction: &Transaction<'_>, blob: &Blob, bytes_max: u64) -> Result<BlobBegun, StoreError> {
    if let Some(known) = find(transaction, blob.id)? {
        let same = known.shape == blob.shape && known.sha256 == blob.sha256;
        return Ok(match (same, known.is_whole) {
            (false, _) => BlobBegun::Conflict,
            (true, true) => BlobBegun::Held,
            (true, false) => BlobBegun::Begun,
        });
    }
    let bytes = blob.shape.bytes();
    if held(transaction)?.1.saturating_add(bytes) > bytes_max {
        return Ok(BlobBegun::Full);
    }
    let row = params![blob.id.as_bytes().as_slice(), number(bytes), blob.sha256.as_slice(), blob.expiry.0];
    run(transaction, "INSERT INTO blob (id, bytes, sha256, expiry, is_whole) VALUES (?1, ?2, ?3, ?4, 0)", row)?;
    run(transaction, "UPDATE blob_held SET blobs = blobs + 1, bytes = bytes + ?1", [number(bytes)])?;
    Ok(BlobBegun::Begun)
}

/// See [`Change::BlobWhole`](crate::store::Change::BlobWhole).
pub(super) fn whole(transaction: &Transaction<'_>, id: BlobId) -> Result<bool, StoreError> {
    Ok(run(transaction, "UPDATE blob SET is_whole = 1 WHERE id = ?1", [id.as_bytes().as_slice()])? > 0)
}

/// See [`Change::BlobDrop`](crate::store::Change::BlobDrop).
pub(super) fn drop_one(transaction: &Transaction<'_>, id: BlobId) -> Result<bool, StoreError> {
    let Some(blob) = find(transaction, id)? else { return Ok(false) };
    run(transaction, "DELETE FROM blob WHERE id = ?1", [id.as_bytes().as_slice()])?;
    let bytes = number(blob.shape.bytes());
    run(transaction, "UPDATE blob_held SET blobs = blobs - 1, bytes = bytes - ?1", [bytes])?;
    Ok(true)
}

fn run(transaction: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> Result<usize, StoreError> {
    transaction.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(store_error)
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use super::*;
    use crate::{
        limits::Quotas,
        store::{Change, Engine, Outcome, Store as _, desk, disk::SystemDisk},
    };

    fn open(data: &Path) -> Engine {
        Engine::open(Arc::new(SystemDisk), data, Quotas::default()).unwrap()
    }

    fn blob(n: u8, bytes: u64) -> Blob {
        let shape = BlobShape::of(bytes).unwrap();
        Blob {
            id: BlobId::from_bytes([n; 16]),
            shape,
            sha256: [n; 32],
            expiry: Day(20_000 + u32::from(n)),
            is_whole: false,
        }
    }

    fn begin(store: &mut Engine, blob: Blob, bytes_max: u64) -> BlobBegun {
        let outcome = store.commit(&[Change::BlobBegin { blob, bytes_max }]).unwrap().remove(0);
        let Outcome::BlobBegun(begun) = outcome else { panic!("{outcome:?}") };
        begun
    }

    #[test]
    fn blobs_are_counted_to_the_byte_and_none_is_evicted_for_another() {
        let data = tempfile::tempdir().unwrap();
        let mut store = open(data.path());
        let bytes_max = 3 * 16_400;

        assert_eq!(begin(&mut store, blob(1, 16_400), bytes_max), BlobBegun::Begun);
        assert_eq!(begin(&mut store, blob(2, 2 * 16_400), bytes_max), BlobBegun::Begun, "as much as there may be");
        assert_eq!(begin(&mut store, blob(3, 17), bytes_max), BlobBegun::Full, "17 bytes more");
        assert_eq!(begin(&mut store, blob(1, 16_400), bytes_max), BlobBegun::Begun, "goes on, counted once");
        assert_eq!(begin(&mut store, Blob { sha256: [9; 32], ..blob(1, 16_400) }, bytes_max), BlobBegun::Conflict);
        assert_eq!(begin(&mut store, blob(1, 17_000), bytes_max), BlobBegun::Conflict);
        let id = blob(1, 17).id;
        let done =
            store.commit(&[Change::BlobWhole { id }, Change::BlobWhole { id: BlobId::from_bytes([7; 16]) }]).unwrap();
        assert_eq!(done, [Outcome::BlobChanged(true), Outcome::BlobChanged(false)]);
        assert_eq!(begin(&mut store, blob(1, 16_400), bytes_max), BlobBegun::Held);

        drop(store);
        let mut store = open(data.path());
        let usage = store.view().unwrap().usage().unwrap();
        assert_eq!((usage.blobs, usage.blob_bytes), (2, bytes_max));
        let drop = Change::BlobDrop { id: blob(2, 17).id };
        assert_eq!(
            store.commit(&[drop.clone(), drop]).unwrap(),
            [Outcome::BlobChanged(true), Outcome::BlobChanged(false)]
        );
        let usage = store.view().unwrap().usage().unwrap();
        assert_eq!((usage.blobs, usage.blob_bytes), (1, 16_400));
    }

    #[test]
    fn those_whose_day_is_past_are_found_oldest_first_and_all_in_order_of_their_ids() {
        let data = tempfile::tempdir().unwrap();
        let mut store = open(data.path());
        for n in [3, 1, 2] {
            begin(&mut store, blob(n, 20_000), u64::MAX);
        }
        let view = store.view().unwrap();
        let ids = |blobs: Vec<Blob>| blobs.into_iter().map(|blob| blob.id.as_bytes()[0]).collect::<Vec<_>>();

        assert_eq!(ids(view.blobs_expired(Day(20_002), 9).unwrap()), [1], "a blob's own day is not past");
        assert_eq!(ids(view.blobs_expired(Day(20_009), 2).unwrap()), [1, 2]);
        assert_eq!(ids(view.blobs_above(BlobId::from_bytes([1; 16]), 9).unwrap()), [2, 3]);
        assert!(view.blob(blob(3, 17).id).unwrap().is_some_and(|found| found == blob(3, 20_000)));
        assert!(view.blob(BlobId::from_bytes([9; 16])).unwrap().is_none());
    }

    #[test]
    fn a_store_of_schema_3_gets_the_tables_that_it_lacks_and_keeps_the_rest() {
        let data = tempfile::tempdir().unwrap();
        drop(open(data.path()));
        let file = data.path().join(desk::FILE_NAME);
        let before = Connection::open(&file).unwrap();
        before.execute_batch("DROP TABLE blob; DROP TABLE blob_held; PRAGMA user_version=3;").unwrap();
        before.execute("UPDATE probe SET count = 77", []).unwrap();
        drop(before);

        let mut store = open(data.path());

        assert_eq!(begin(&mut store, blob(1, 20_000), u64::MAX), BlobBegun::Begun);
        let after = Connection::open(&file).unwrap();
        assert_eq!(desk::schema(&after, desk::APPLICATION_ID).unwrap(), Some(desk::SCHEMA_VERSION));
        assert_eq!(after.query_row("SELECT count FROM probe", [], |row| row.get::<_, i64>(0)).unwrap(), 77);
    }
}
