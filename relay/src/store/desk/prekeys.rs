//! Prekeys: taken in, handed out once, remembered until they would be invalid anyway.

use rusqlite::{OptionalExtension as _, Transaction, params};
use safeconduct_protocol::{
    id::NodeId,
    limits::{PREKEY_SKEW_S, PREKEY_STOCK_TARGET, SIGNED_PREKEYS_KEPT},
    time::Timestamp,
};

use super::{count, number, seconds, store_error, unsigned};
use crate::store::{Handed, PrekeyEntry, Stock, StoreError};

/// `prekey.kind`, as in the record.
pub(super) const fn code(kind: Stock) -> i64 {
    match kind {
        Stock::Signed => 1,
        Stock::OneTime => 2,
    }
}

pub(super) fn put(transaction: &Transaction<'_>, node: NodeId, entries: &[PrekeyEntry]) -> Result<u32, StoreError> {
    let mut refused = 0_u32;
    for entry in entries {
        if !put_one(transaction, node, entry)? {
            refused = refused.saturating_add(1);
        }
    }
    transaction
        .prepare_cached(
            "DELETE FROM prekey WHERE node = ?1 AND kind = ?2 AND seq NOT IN
             (SELECT seq FROM prekey WHERE node = ?1 AND kind = ?2 ORDER BY not_before DESC, seq DESC LIMIT ?3)",
        )
        .and_then(|mut statement| {
            statement.execute(params![node.as_bytes().as_slice(), code(Stock::Signed), count(SIGNED_PREKEYS_KEPT)])
        })
        .map_err(store_error)?;
    Ok(refused)
}

fn put_one(transaction: &Transaction<'_>, node: NodeId, entry: &PrekeyEntry) -> Result<bool, StoreError> {
    let owner = node.as_bytes().as_slice();
    let id = entry.id.as_bytes().as_slice();
    if !raise_epoch(transaction, owner, entry.epoch)? {
        return Ok(false);
    }
    let handed_out = transaction
        .prepare_cached("SELECT 1 FROM handed_out WHERE id = ?1")
        .and_then(|mut statement| statement.exists([id]))
        .map_err(store_error)?;
    if handed_out {
        return Ok(false);
    }
    let held = transaction
        .prepare_cached("SELECT 1 FROM prekey WHERE id = ?1")
        .and_then(|mut statement| statement.exists([id]))
        .map_err(store_error)?;
    if held {
        return Ok(true);
    }
    if entry.kind == Stock::OneTime {
        let stock: i64 = transaction
            .prepare_cached("SELECT count(*) FROM prekey WHERE node = ?1 AND kind = ?2")
            .and_then(|mut statement| statement.query_row(params![owner, code(Stock::OneTime)], |row| row.get(0)))
            .map_err(store_error)?;
        if stock >= count(PREKEY_STOCK_TARGET * 2) {
            return Ok(false);
        }
    }
    transaction
        .prepare_cached(
            "INSERT INTO prekey (id, node, kind, not_before, not_after, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                id,
                owner,
                code(entry.kind),
                seconds(entry.not_before),
                seconds(entry.not_after),
                entry.record
            ])
        })
        .map_err(store_error)?;
    Ok(true)
}

/// Forgets all that a node's identity key has signed here: its prekeys, how high its epoch was, and its newest head.
pub(super) fn drop_all(transaction: &Transaction<'_>, node: NodeId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM prekey WHERE node = ?1",
        "DELETE FROM epoch WHERE node = ?1",
        "DELETE FROM node_head WHERE node = ?1",
    ] {
        transaction
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([node.as_bytes().as_slice()]))
            .map_err(store_error)?;
    }
    Ok(())
}

/// Refuses an epoch below the highest seen; a higher one drops what was uploaded under the lower ones.
fn raise_epoch(transaction: &Transaction<'_>, owner: &[u8], epoch: u64) -> Result<bool, StoreError> {
    let known: Option<u64> = transaction
        .prepare_cached("SELECT epoch FROM epoch WHERE node = ?1")
        .and_then(|mut statement| statement.query_row([owner], |row| row.get(0).map(unsigned)).optional())
        .map_err(store_error)?;
    if known == Some(epoch) {
        return Ok(true);
    }
    if known.is_some_and(|known| epoch < known) {
        return Ok(false);
    }
    transaction
        .prepare_cached("DELETE FROM prekey WHERE node = ?1")
        .and_then(|mut statement| statement.execute([owner]))
        .map_err(store_error)?;
    transaction
        .prepare_cached(
            "INSERT INTO epoch (node, epoch) VALUES (?1, ?2) ON CONFLICT (node) DO UPDATE SET epoch = excluded.epoch",
        )
        .and_then(|mut statement| statement.execute(params![owner, number(epoch)]))
        .map_err(store_error)?;
    Ok(true)
}

pub(super) fn take(
    transaction: &Transaction<'_>,
    node: NodeId,
    from: Stock,
    now: Timestamp,
) -> Result<Option<Handed>, StoreError> {
    if from == Stock::OneTime
        && let Some((seq, id, not_after, record)) = oldest_one_time(transaction, node, now)?
    {
        #[cfg(feature = "planted")]
        if safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::PrekeyTwice) {
            return Ok(Some(Handed { kind: Stock::OneTime, record }));
        }
        transaction
            .prepare_cached("DELETE FROM prekey WHERE seq = ?1")
            .and_then(|mut statement| statement.execute([seq]))
            .map_err(store_error)?;
        // By the day only: this row must not say when the key was asked for, and need not say more of when it ends.
        let until = Timestamp(unsigned(not_after)).day();
        transaction
            .prepare_cached("INSERT OR IGNORE INTO handed_out (id, until) VALUES (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![id, until.0]))
            .map_err(store_error)?;
        return Ok(Some(Handed { kind: Stock::OneTime, record }));
    }
    let record: Option<Vec<u8>> = transaction
        .prepare_cached(
            "SELECT record FROM prekey WHERE node = ?1 AND kind = ?2 AND not_after >= ?3 AND not_before <= ?4
             ORDER BY not_before DESC, seq DESC LIMIT 1",
        )
        .and_then(|mut statement| {
            statement
                .query_row(
                    params![
                        node.as_bytes().as_slice(),
                        code(Stock::Signed),
                        seconds(now),
                        seconds(now.after(PREKEY_SKEW_S))
                    ],
                    |row| row.get(0),
                )
                .optional()
        })
        .map_err(store_error)?;
    Ok(record.map(|record| Handed { kind: Stock::Signed, record }))
}

type OneTime = (i64, Vec<u8>, i64, Vec<u8>);

fn oldest_one_time(transaction: &Transaction<'_>, node: NodeId, now: Timestamp) -> Result<Option<OneTime>, StoreError> {
    transaction
        .prepare_cached(
            "SELECT seq, id, not_after, record FROM prekey
             WHERE node = ?1 AND kind = ?2 AND not_after >= ?3 AND not_before <= ?4 ORDER BY seq LIMIT 1",
        )
        .and_then(|mut statement| {
            statement
                .query_row(
                    params![
                        node.as_bytes().as_slice(),
                        code(Stock::OneTime),
                        seconds(now),
                        seconds(now.after(PREKEY_SKEW_S))
                    ],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
                )
                .optional()
        })
        .map_err(store_error)
}
