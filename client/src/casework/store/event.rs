//! The events of a referral, as signed, with the details that only both agencies can read.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    envelope::case::Details,
    id::{MessageId, NodeId},
    receipt::case::CaseEvent,
    time::Timestamp,
};
use zeroize::Zeroizing;

use super::row::Row;
use crate::{
    casework::life::{
        event::{Event, Log},
        terms::Side,
    },
    vault::{Sql as _, VaultError, int, uint},
};

const DAMAGED: VaultError = VaultError::Damaged { what: "a kept event of a referral is altered" };

/// An event as it is kept.
pub(crate) struct Kept {
    /// As signed.
    pub(crate) event: CaseEvent,
    /// `H("case-event", event)`.
    pub(crate) hash: [u8; 32],
    /// When this node had it first, by its own clock.
    pub(crate) at: Timestamp,
    /// Who signed it.
    pub(crate) side: Side,
    /// Its details, while they are kept.
    pub(crate) details: Option<Zeroizing<Vec<u8>>>,
    /// What they are committed to with.
    pub(crate) salt: Option<[u8; 32]>,
    /// When the sender's node stored it, by its own clock, as far as this node knows.
    pub(crate) stored_at: Option<Timestamp>,
}

fn side_code(side: Side) -> i64 {
    match side {
        Side::Sender => 1,
        Side::Recipient => 2,
    }
}

/// Both ends, sender first.
pub(crate) fn ends(row: &Row, own: &NodeId) -> (NodeId, NodeId) {
    match row.side {
        Side::Sender => (*own, row.partner),
        Side::Recipient => (row.partner, *own),
    }
}

/// An event that is about to be kept.
pub(crate) struct NewEvent<'a> {
    pub(crate) side: Side,
    pub(crate) event: &'a CaseEvent,
    pub(crate) details: Option<&'a Details>,
    /// The message that brought it.
    pub(crate) message: Option<&'a MessageId>,
    /// When the sender's node stored it.
    pub(crate) stored_at: Option<Timestamp>,
}

/// Keeps an event; whether it is new.
pub(crate) fn insert(db: &Connection, place: i64, new: &NewEvent<'_>, now: Timestamp) -> Result<bool, VaultError> {
    let NewEvent { side, event, details, message, stored_at } = new;
    let (side, says) = (*side, event.says());
    let new = db.run(
        // What came in a log came without its details: they are taken when the message itself arrives.
        "INSERT INTO case_event (referral, side, epoch, number, hash, bytes, salt, details, message, at, stored_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (referral, side, epoch, number, hash) DO UPDATE
                SET salt = excluded.salt, details = excluded.details, message = coalesce(message, excluded.message)
                WHERE details IS NULL AND excluded.details IS NOT NULL",
        params![
            place,
            side_code(side),
            int(says.epoch),
            says.number,
            event.hash(),
            event.as_bytes().as_slice(),
            details.map(|details| details.salt),
            details.map(|details| details.bytes.as_slice()),
            message.map(|message| message.as_bytes().to_vec()),
            int(now.0),
            stored_at.map(|at| int(at.0)),
        ],
    )?;
    Ok(new > 0)
}

/// Notes the message in which an event travels.
pub(crate) fn travels_in(db: &Connection, place: i64, hash: &[u8; 32], message: &MessageId) -> Result<(), VaultError> {
    let key = params![place, hash, message.as_bytes()];
    db.run("UPDATE case_event SET message = ?3 WHERE referral = ?1 AND hash = ?2", key)?;
    Ok(())
}

/// Notes when the other node stored what travelled in `message`; the referral that it is about.
pub(crate) fn stored(db: &Connection, message: &MessageId, at: Timestamp) -> Result<Option<i64>, VaultError> {
    db.run(
        "UPDATE case_event SET stored_at = coalesce(stored_at, ?2) WHERE message = ?1",
        params![message.as_bytes(), int(at.0)],
    )?;
    let key = params![message.as_bytes()];
    Ok(db.one("SELECT referral FROM case_event WHERE message = ?1", key, |row| row.get(0)).optional()?)
}

/// The events of a referral, as they came.
pub(crate) fn all(db: &Connection, place: i64) -> Result<Vec<Kept>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT bytes, side, details, stored_at, hash, at, salt FROM case_event WHERE referral = ?1 ORDER BY place",
    )?;
    let mut rows = rows.query([place])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (bytes, side): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
        all.push(Kept {
            event: CaseEvent::parse(&bytes).ok().ok_or(DAMAGED)?,
            hash: row.get(4)?,
            at: Timestamp(uint(row.get(5)?)?),
            side: Side::ALL.iter().copied().find(|one| side_code(*one) == side).ok_or(DAMAGED)?,
            details: row.get::<_, Option<Vec<u8>>>(2)?.map(Zeroizing::new),
            stored_at: row.get::<_, Option<i64>>(3)?.map(|at| uint(at).map(Timestamp)).transpose()?,
            salt: row.get(6)?,
        });
    }
    Ok(all)
}

/// The set of them, as the life needs it.
pub(crate) fn log(all: &[Kept], row: &Row, own: &NodeId) -> Result<Log, VaultError> {
    let (sender, recipient) = ends(row, own);
    let mut log = Log::new();
    for kept in all {
        let event = Event::of(&kept.event, &sender, &recipient).ok_or(DAMAGED)?;
        if let Some(at) = kept.stored_at {
            log.stored(event.hash, at);
        }
        log.add(event);
    }
    Ok(log)
}
