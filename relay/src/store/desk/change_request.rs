//! Requests of nodes for changes of their own registrations: the newest of each, until a newer one comes.

use rusqlite::{OptionalExtension as _, Transaction, params};
use safeconduct_protocol::{id::NodeId, time::Day};

use super::store_error;
use crate::store::StoreError;

/// A request that waits.
pub(in crate::store) const WAITING: u8 = 0;

/// Keeps a request, if it is not the one that is kept; where it stands.
pub(super) fn put(
    transaction: &Transaction<'_>,
    node: NodeId,
    digest: &[u8; 32],
    request: &[u8],
) -> Result<Option<u8>, StoreError> {
    if let Some(stand) = stands(transaction, node, digest)? {
        return Ok(Some(stand));
    }
    transaction
        .prepare_cached(
            "REPLACE INTO change_request (node, digest, request, stand, seq)
             VALUES (?1, ?2, ?3, ?4, (SELECT ifnull(max(seq), 0) + 1 FROM change_request))",
        )
        .and_then(|mut statement| {
            statement.execute(params![node.as_bytes().as_slice(), digest.as_slice(), request, WAITING])
        })
        .map_err(store_error)?;
    Ok(Some(WAITING))
}

/// Notes what became of a request; what it holds is not needed any more then.
pub(super) fn settle(
    transaction: &Transaction<'_>,
    node: NodeId,
    digest: &[u8; 32],
    stand: u8,
    today: Day,
) -> Result<Option<u8>, StoreError> {
    if stand == WAITING {
        // Seen: others are shown first from now on.
        transaction
            .prepare_cached(
                "UPDATE change_request SET seq = (SELECT ifnull(max(seq), 0) + 1 FROM change_request)
                 WHERE node = ?1 AND digest = ?2 AND stand = ?3",
            )
            .and_then(|mut statement| {
                statement.execute(params![node.as_bytes().as_slice(), digest.as_slice(), WAITING])
            })
            .map_err(store_error)?;
        return stands(transaction, node, digest);
    }
    let settled = transaction
        .prepare_cached(
            "UPDATE change_request SET stand = ?3, request = x'', settled = ?4 WHERE node = ?1 AND digest = ?2",
        )
        .and_then(|mut statement| {
            statement.execute(params![node.as_bytes().as_slice(), digest.as_slice(), stand, today.0])
        })
        .map_err(store_error)?;
    Ok((settled > 0).then_some(stand))
}

fn stands(transaction: &Transaction<'_>, node: NodeId, digest: &[u8; 32]) -> Result<Option<u8>, StoreError> {
    transaction
        .prepare_cached("SELECT stand FROM change_request WHERE node = ?1 AND digest = ?2")
        .and_then(|mut statement| {
            statement.query_row(params![node.as_bytes().as_slice(), digest.as_slice()], |row| row.get(0)).optional()
        })
        .map_err(store_error)
}
