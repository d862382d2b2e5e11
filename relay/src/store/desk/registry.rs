//! The registry's log as published, and the logs of recognised authorities.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{number, store_error, unsigned};
use crate::{
    limits::{FOREIGN_BYTES_MAX, FOREIGN_LEAVES_MAX},
    store::{Publication, Published, StoreError, StoredLeaf},
};

pub(super) fn publish(transaction: &Transaction<'_>, publication: &Publication) -> Result<Published, StoreError> {
    let size: u64 =
        transaction.query_row("SELECT count(*) FROM leaf", [], |row| row.get(0).map(unsigned)).map_err(store_error)?;
    if publication.from != size {
        return Ok(Published::Gap(size));
    }
    note_seen(transaction, &[], publication)?;
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

pub(super) fn publish_foreign(
    transaction: &Transaction<'_>,
    authority: &[u8; 32],
    publication: &Publication,
) -> Result<Published, StoreError> {
    let held = transaction
        .prepare_cached("SELECT leaves, bytes FROM foreign_head WHERE authority = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([authority.as_slice()], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?))))
                .optional()
        })
        .map_err(store_error)?;
    let anew = publication.from == 0;
    let (size, mut bytes) = held.filter(|_| !anew).unwrap_or_default();
    if publication.from != size {
        return Ok(Published::Gap(size));
    }
    for StoredLeaf { leaf, record } in &publication.leaves {
        let more = u64::try_from(leaf.len().saturating_add(record.len())).unwrap_or(u64::MAX);
        bytes = bytes.saturating_add(more);
    }
    let leaves = size.saturating_add(u64::try_from(publication.leaves.len()).unwrap_or(u64::MAX));
    if bytes > u64::try_from(FOREIGN_BYTES_MAX).unwrap_or(u64::MAX) || leaves > FOREIGN_LEAVES_MAX {
        return Ok(Published::TooLarge);
    }
    if anew {
        transaction
            .execute("DELETE FROM leaf_seen WHERE authority = ?1", [authority.as_slice()])
            .map_err(store_error)?;
        transaction
            .execute("DELETE FROM foreign_leaf WHERE authority = ?1", [authority.as_slice()])
            .map_err(store_error)?;
    }
    note_seen(transaction, authority, publication)?;
    let mut next = size;
    for StoredLeaf { leaf, record } in &publication.leaves {
        transaction
            .prepare_cached("INSERT INTO foreign_leaf (authority, place, leaf, record) VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut statement| statement.execute(params![authority.as_slice(), number(next), leaf, record]))
            .map_err(store_error)?;
        next = next.saturating_add(1);
    }
    let Publication { root, note, timestamp, .. } = publication;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO foreign_head (authority, root, note, timestamp, leaves, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .and_then(|mut statement| {
            statement.execute(params![authority.as_slice(), root, note, timestamp, number(next), number(bytes)])
        })
        .map_err(store_error)?;
    Ok(Published::Taken(next))
}

/// Notes which signed time was held when these leaves were taken, so that what waits goes on to wait from then after a restart.
fn note_seen(transaction: &Transaction<'_>, authority: &[u8], publication: &Publication) -> Result<(), StoreError> {
    if publication.leaves.is_empty() {
        return Ok(());
    }
    transaction
        .prepare_cached("INSERT OR REPLACE INTO leaf_seen (authority, place, seen) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| {
            statement.execute(params![authority, number(publication.from), number(publication.seen.0)])
        })
        .map(drop)
        .map_err(store_error)
}
