//! Node heads: one for each node, replaced only by a newer one.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use safeconduct_protocol::{id::NodeId, receipt::head::HeadPlace};

use super::{number, store_error};
use crate::store::StoreError;

/// Keeps `head` if it is newer than what is kept; gives what is kept then.
pub(super) fn put(
    transaction: &Transaction<'_>,
    node: NodeId,
    place: HeadPlace,
    head: &[u8],
) -> Result<Vec<u8>, StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO node_head (node, epoch, counter, head) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (node) DO UPDATE SET epoch = excluded.epoch, counter = excluded.counter, head = excluded.head
             WHERE (excluded.epoch, excluded.counter) > (epoch, counter)",
        )
        .and_then(|mut statement| {
            statement.execute(params![node.as_bytes().as_slice(), number(place.epoch), number(place.counter), head])
        })
        .map_err(store_error)?;
    Ok(kept(transaction, node)?.unwrap_or_default())
}

/// The heads of nodes above this one, in their order.
pub(super) fn above(connection: &Connection, after: NodeId, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("SELECT head FROM node_head WHERE node > ?1 ORDER BY node LIMIT ?2")
        .and_then(|mut statement| {
            statement.query_map(params![after.as_bytes().as_slice(), limit], |row| row.get(0))?.collect()
        })
        .map_err(store_error)
}

/// The head that is kept of a node.
pub(super) fn kept(connection: &Connection, node: NodeId) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("SELECT head FROM node_head WHERE node = ?1")
        .and_then(|mut statement| statement.query_row([node.as_bytes().as_slice()], |row| row.get(0)).optional())
        .map_err(store_error)
}
