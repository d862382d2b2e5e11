//! Reads on a connection of their own, which cannot write.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use safeconduct_protocol::{
    frame::SlotItemKind,
    id::{EnvelopeDigest, InviteId, MailboxId, NodeId, PrekeyId, SlotId},
    limits::PREKEY_STOCK_TARGET,
    time::{Day, Timestamp},
};

use super::{
    BUSY_TIMEOUT, KIND_EXPIRED, KIND_MAILBOX, KIND_NACK, KIND_SLOT, count, enrolment, number, prekeys, seconds,
    store_error, unsigned,
};
use crate::store::{
    Deliverable, Enrolment, PrekeyStock, SlotItem, Stock, StoreError, StoredHead, StoredLeaf, Usage, View,
};

pub(super) struct SqliteView {
    connection: Connection,
}

impl SqliteView {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(store_error)?;
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

impl View for SqliteView {
    fn deliverable(&self, mailbox: MailboxId, after: u64, limit: usize) -> Result<Vec<Deliverable>, StoreError> {
        self.rows(
            "SELECT seq, bytes FROM item WHERE place = ?1 AND seq > ?2 AND kind = ?3 ORDER BY seq LIMIT ?4",
            params![mailbox.as_bytes().as_slice(), number(after), KIND_MAILBOX, count(limit)],
            |row| Ok(Deliverable { seq: unsigned(row.get(0)?), bytes: row.get(1)? }),
        )
    }

    fn slot_items(&self, slot: SlotId, after: u64) -> Result<Vec<SlotItem>, StoreError> {
        let items = self.rows(
            "SELECT seq, kind, bytes FROM item WHERE place = ?1 AND seq > ?2 AND kind > ?3 ORDER BY seq",
            params![slot.as_bytes().as_slice(), number(after), KIND_MAILBOX],
            |row| Ok((unsigned(row.get(0)?), row.get::<_, i64>(1)?, row.get(2)?)),
        )?;
        items
            .into_iter()
            .map(|(seq, kind, bytes)| {
                let kind = match kind {
                    KIND_SLOT => SlotItemKind::Envelope,
                    KIND_NACK => SlotItemKind::Nack,
                    KIND_EXPIRED => SlotItemKind::Expired,
                    _ => return Err(StoreError::Damaged("slot item")),
                };
                Ok(SlotItem { seq, kind, bytes })
            })
            .collect()
    }

    fn prekey_stock(&self, node: NodeId, now: Timestamp) -> Result<PrekeyStock, StoreError> {
        Ok(PrekeyStock {
            one_time: self.prekeys(node, Stock::OneTime, now, "seq")?,
            signed: self.prekeys(node, Stock::Signed, now, "not_before DESC, seq DESC")?,
        })
    }

    fn expired(&self, today: Day, after: EnvelopeDigest, limit: usize) -> Result<Vec<EnvelopeDigest>, StoreError> {
        self.rows(
            "SELECT digest FROM seen WHERE digest > ?1 AND expiry < ?2 ORDER BY digest LIMIT ?3",
            params![after.as_bytes().as_slice(), today.0, count(limit)],
            |row| row.get(0).map(EnvelopeDigest::from_bytes),
        )
    }

    fn head(&self) -> Result<Option<StoredHead>, StoreError> {
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

    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<StoredLeaf>, StoreError> {
        self.rows(
            "SELECT leaf, record FROM leaf WHERE place >= ?1 ORDER BY place LIMIT ?2",
            params![number(from), count(limit)],
            |row| Ok(StoredLeaf { leaf: row.get(0)?, record: row.get(1)? }),
        )
    }

    fn enrolment(&self, invite: InviteId, today: Day) -> Result<Enrolment, StoreError> {
        Ok(enrolment::find(&self.connection, invite)?.map_or(Enrolment::Unknown, |row| row.state(today)))
    }

    fn enrolments_waiting(&self, limit: usize) -> Result<Vec<(InviteId, Vec<u8>)>, StoreError> {
        self.rows(
            "SELECT id, request FROM invite WHERE request IS NOT NULL AND answer IS NULL ORDER BY seq LIMIT ?1",
            params![count(limit)],
            |row| Ok((InviteId::from_bytes(row.get(0)?), row.get(1)?)),
        )
    }

    fn swept(&self) -> Result<Option<Day>, StoreError> {
        self.connection
            .query_row("SELECT day FROM swept", [], |row| row.get(0).map(Day))
            .optional()
            .map_err(store_error)
    }

    fn usage(&self) -> Result<Usage, StoreError> {
        let (envelopes, bytes, fullest): (i64, i64, i64) = self
            .connection
            .query_row(
                "SELECT coalesce(sum(envelopes), 0), coalesce(sum(bytes), 0), coalesce(max(bytes), 0) FROM held",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .map_err(store_error)?;
        let oldest: Option<u32> = self
            .connection
            .query_row("SELECT expiry FROM item ORDER BY seq LIMIT 1", [], |row| row.get(0))
            .optional()
            .map_err(store_error)?;
        Ok(Usage {
            envelopes: unsigned(envelopes),
            bytes: unsigned(bytes),
            fullest_bytes: unsigned(fullest),
            oldest_expiry: oldest.map(Day),
        })
    }
}
