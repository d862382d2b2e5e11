//! The registry's log as published.

use rusqlite::{Transaction, params};

use super::{number, store_error, unsigned};
use crate::store::{Publication, Published, StoreError, StoredLeaf};

pub(super) fn publish(transaction: &Transaction<'_>, publication: &Publication) -> Result<Published, StoreError> {
    let size: u64 =
        transaction.query_row("SELECT count(*) FROM leaf", [], |row| row.get(0).map(unsigned)).map_err(store_error)?;
    if publication.from != size {
        return Ok(Published::Gap(size));
    }
    let mut next = size;
    for StoredLeaf { leaf, record } in &publication.leaves {
        transaction
            .prepare_cached("INSERT INTO leaf (place, leaf, record) VALUES (?1, ?2, ?3)")
            .and_then(|mut statement| statement.execute(params![number(next), leaf, record]))
            .map_err(store_error)?;
        next = next.saturating_add(1);
    }
    transaction
        .prepare_cached(
            "INSERT INTO head (one, root, note, timestamp) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (one) DO UPDATE SET root = excluded.root, note = excluded.note, timestamp = excluded.timestamp",
        )
        .and_then(|mut statement| {
            statement.execute(params![publication.root, publication.note, publication.timestamp])
        })
        .map_err(store_error)?;
    Ok(Published::Taken(next))
}
