//! Reads on a connection of their own, which cannot write.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use safeconduct_protocol::{
    id::{BlobId, InviteId, NodeId, PrekeyId},
    limits::PREKEY_STOCK_TARGET,
    time::{Day, Timestamp},
};

use super::{BUSY_TIMEOUT, blobs, count, enrolment, heads, number, open_on, prekeys, seconds, store_error, unsigned};
use crate::store::{Blob, Enrolment, PrekeyStock, Stock, StoreError, StoredHead, StoredLeaf};

pub(in crate::store) struct DeskView {
    connection: Connection,
}

impl DeskView {
    pub(super) fn open(vfs: Option<&str>, path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = open_on(vfs, path, flags).map_err(store_error)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(store_error)?;
        connection
            .execute_batch("PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;")
            .map_err(store_error)?;
        Ok(Self { connection })
    }

    fn rows<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map(parameters, read)?.collect())
            .map_err(store_error)
    }

    fn prekeys(&self, node: NodeId, kind: Stock, now: Timestamp, order: &str) -> Result<Vec<PrekeyId>, StoreError> {
        self.rows(
            &format!(
                "SELECT id FROM prekey WHERE node = ?1 AND kind = ?2 AND not_after >= ?3 ORDER BY {order} LIMIT ?4"
            ),
            params![node.as_bytes().as_slice(), prekeys::code(kind), seconds(now), count(PREKEY_STOCK_TARGET * 2)],
            |row| row.get(0).map(PrekeyId::from_bytes),
        )
    }
}

impl DeskView {
    pub(in crate::store) fn prekey_stock(&self, node: NodeId, now: Timestamp) -> Result<PrekeyStock, StoreError> {
        Ok(PrekeyStock {
            one_time: self.prekeys(node, Stock::OneTime, now, "seq")?,
            signed: self.prekeys(node, Stock::Signed, now, "not_before DESC, seq DESC")?,
        })
    }

    pub(in crate::store) fn head(&self) -> Result<Option<StoredHead>, StoreError> {
        self.connection
            .prepare_cached("SELECT root, (SELECT count(*) FROM leaf), note, timestamp FROM head")
            .and_then(|mut statement| {
                statement
                    .query_row([], |row| {
                        Ok(StoredHead {
                            root: row.get(0)?,
                            size: unsigned(row.get(1)?),
                            note: row.get(2)?,
                            timestamp: row.get(3)?,
                        })
                    })
                    .optional()
            })
            .map_err(store_error)
    }

    pub(in crate::store) fn leaves(&self, from: u64, limit: usize) -> Result<Vec<StoredLeaf>, StoreError> {
        self.rows(
            "SELECT leaf, record FROM leaf WHERE place >= ?1 ORDER BY place LIMIT ?2",
            params![number(from), count(limit)],
            |row| Ok(StoredLeaf { leaf: row.get(0)?, record: row.get(1)? }),
        )
    }

    pub(in crate::store) fn foreign_heads(&self) -> Result<Vec<([u8; 32], StoredHead)>, StoreError> {
        self.rows("SELECT authority, root, leaves, note, timestamp FROM foreign_head", [], |row| {
            let (root, size) = (row.get(1)?, unsigned(row.get(2)?));
            Ok((row.get(0)?, StoredHead { root, size, note: row.get(3)?, timestamp: row.get(4)? }))
        })
    }

    pub(in crate::store) fn foreign_leaves(
        &self,
        authority: &[u8; 32],
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredLeaf>, StoreError> {
        self.rows(
            "SELECT leaf, record FROM foreign_leaf WHERE authority = ?1 AND place >= ?2 ORDER BY place LIMIT ?3",
            params![authority.as_slice(), number(from), count(limit)],
            |row| Ok(StoredLeaf { leaf: row.get(0)?, record: row.get(1)? }),
        )
    }

    pub(in crate::store) fn seen(&self, authority: Option<&[u8; 32]>) -> Result<Vec<(u64, Timestamp)>, StoreError> {
        let authority = authority.map(<[u8; 32]>::as_slice).unwrap_or_default();
        self.rows("SELECT place, seen FROM leaf_seen WHERE authority = ?1 ORDER BY place", params![authority], |row| {
            Ok((unsigned(row.get(0)?), Timestamp(unsigned(row.get(1)?))))
        })
    }

    /// Logs of recognised authorities, and their leaves.
    pub(in crate::store) fn foreign_held(&self) -> Result<(u64, u64), StoreError> {
        self.connection
            .prepare_cached("SELECT count(*), coalesce(sum(leaves), 0) FROM foreign_head")
            .and_then(|mut statement| statement.query_row([], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?)))))
            .map_err(store_error)
    }

    pub(in crate::store) fn enrolment(&self, invite: InviteId, today: Day) -> Result<Enrolment, StoreError> {
        Ok(enrolment::find(&self.connection, invite)?.map_or(Enrolment::Unknown, |row| row.state(today)))
    }

    pub(in crate::store) fn enrolments_waiting(&self, limit: usize) -> Result<Vec<(InviteId, Vec<u8>)>, StoreError> {
        self.rows(
            "SELECT id, request FROM invite WHERE request IS NOT NULL AND answer IS NULL ORDER BY seq LIMIT ?1",
            params![count(limit)],
            |row| Ok((InviteId::from_bytes(row.get(0)?), row.get(1)?)),
        )
    }

    pub(in crate::store) fn changes_waiting(&self, limit: usize) -> Result<Vec<(NodeId, Vec<u8>)>, StoreError> {
        self.rows(
            "SELECT node, request FROM change_request WHERE stand = 0 ORDER BY seq LIMIT ?1",
            params![count(limit)],
            |row| Ok((NodeId::from_bytes(row.get(0)?), row.get(1)?)),
        )
    }

    pub(in crate::store) fn node_head(&self, node: NodeId) -> Result<Option<Vec<u8>>, StoreError> {
        heads::kept(&self.connection, node)
    }

    pub(in crate::store) fn node_heads(&self, after: NodeId, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        heads::above(&self.connection, after, limit)
    }

    pub(in crate::store) fn blob(&self, id: BlobId) -> Result<Option<Blob>, StoreError> {
        blobs::find(&self.connection, id)
    }

    pub(in crate::store) fn blobs_above(&self, after: BlobId, limit: usize) -> Result<Vec<Blob>, StoreError> {
        blobs::above(&self.connection, after, limit)
    }

    pub(in crate::store) fn blobs_expired(&self, today: Day, limit: usize) -> Result<Vec<Blob>, StoreError> {
        blobs::expired(&self.connection, today, limit)
    }

    /// Blobs in all, and their bytes.
    pub(in crate::store) fn blobs_held(&self) -> Result<(u64, u64), StoreError> {
        blobs::held(&self.connection)
    }

    pub(in crate::store) fn swept(&self) -> Result<Option<Day>, StoreError> {
        self.connection
            .query_row("SELECT day FROM swept", [], |row| row.get(0).map(Day))
            .optional()
            .map_err(store_error)
    }
}
