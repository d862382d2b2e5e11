//! Envelopes and what lies in slots.

use rusqlite::{OptionalExtension as _, Transaction, params};
use safeconduct_protocol::{
    id::{EnvelopeDigest, MailboxId, SlotId},
    limits::{MAILBOX_BYTES_MAX, MAILBOX_ENVELOPES_MAX, SLOT_ITEMS_MAX},
    time::Day,
};

use super::{KIND_EXPIRED, KIND_MAILBOX, KIND_NACK, KIND_SLOT, count, number, store_error, unsigned};
use crate::store::{Deposit, Deposited, Place, StoreError};

/// `seen.seq` of an envelope that is gone.
const COLLECTED: i64 = 0;
/// Where an envelope names its status slot (`docs/PROTOCOL.md` §7).
const STATUS_SLOT_FROM: usize = 40;
const STATUS_SLOT_TO: usize = STATUS_SLOT_FROM + SlotId::LEN;

pub(super) fn deposit(transaction: &Transaction<'_>, deposit: &Deposit) -> Result<Deposited, StoreError> {
    let digest = deposit.digest.as_bytes().as_slice();
    let (place, kind) = match &deposit.place {
        Place::Mailbox(mailbox) => (mailbox.as_bytes().as_slice(), KIND_MAILBOX),
        Place::Slot(slot) => (slot.as_bytes().as_slice(), KIND_SLOT),
    };
    let seen = transaction
        .prepare_cached("SELECT 1 FROM seen WHERE digest = ?1")
        .and_then(|mut statement| statement.exists([digest]))
        .map_err(store_error)?;
    if seen {
        return Ok(Deposited::Held);
    }
    let (envelopes, bytes) = held(transaction, place)?;
    let size = u64::try_from(deposit.bytes.len()).unwrap_or(u64::MAX);
    match deposit.place {
        Place::Mailbox(_) if envelopes >= MAILBOX_ENVELOPES_MAX || bytes.saturating_add(size) > MAILBOX_BYTES_MAX => {
            return Ok(Deposited::MailboxFull);
        }
        Place::Slot(_) if usize::try_from(envelopes).is_ok_and(|held| held >= SLOT_ITEMS_MAX) => {
            return Ok(Deposited::SlotFull);
        }
        Place::Mailbox(_) | Place::Slot(_) => {}
    }
    let expiry = i64::from(deposit.expiry.0);
    let seq = insert(transaction, place, kind, digest, deposit.expiry, &deposit.bytes)?;
    transaction
        .prepare_cached("INSERT INTO seen (digest, expiry, seq) VALUES (?1, ?2, ?3)")
        .and_then(|mut statement| statement.execute(params![digest, expiry, seq]))
        .map_err(store_error)?;
    transaction
        .prepare_cached(
            "INSERT INTO held (place, envelopes, bytes) VALUES (?1, 1, ?2)
             ON CONFLICT (place) DO UPDATE SET envelopes = envelopes + 1, bytes = bytes + excluded.bytes",
        )
        .and_then(|mut statement| statement.execute(params![place, number(size)]))
        .map_err(store_error)?;
    Ok(Deposited::Stored)
}

pub(super) fn settle(
    transaction: &Transaction<'_>,
    mailbox: MailboxId,
    digest: EnvelopeDigest,
    nack: Option<&[u8]>,
    keep_until: Day,
) -> Result<Option<Option<SlotId>>, StoreError> {
    let Some(envelope) = find(transaction, digest)? else { return Ok(None) };
    if envelope.kind != KIND_MAILBOX || envelope.place != mailbox.as_bytes() {
        return Ok(None);
    }
    remove(transaction, digest, &envelope)?;
    let filed = match nack {
        Some(nack) => file(transaction, envelope.status_slot()?, KIND_NACK, digest, keep_until, nack)?,
        None => None,
    };
    Ok(Some(filed))
}

pub(super) fn expire(
    transaction: &Transaction<'_>,
    digest: EnvelopeDigest,
    notice: &[u8],
    keep_until: Day,
    today: Day,
) -> Result<Option<SlotId>, StoreError> {
    let expired = transaction
        .prepare_cached("SELECT 1 FROM seen WHERE digest = ?1 AND expiry < ?2")
        .and_then(|mut statement| statement.exists(params![digest.as_bytes().as_slice(), today.0]))
        .map_err(store_error)?;
    if !expired {
        return Ok(None);
    }
    let filed = match find(transaction, digest)? {
        Some(envelope) => {
            remove(transaction, digest, &envelope)?;
            file(transaction, envelope.status_slot()?, KIND_EXPIRED, digest, keep_until, notice)?
        }
        None => None,
    };
    transaction
        .prepare_cached("DELETE FROM seen WHERE digest = ?1")
        .and_then(|mut statement| statement.execute([digest.as_bytes().as_slice()]))
        .map_err(store_error)?;
    Ok(filed)
}

pub(super) fn slot_drop(transaction: &Transaction<'_>, slot: SlotId, seq: u64) -> Result<(), StoreError> {
    let item: Option<(i64, Vec<u8>, i64)> = transaction
        .prepare_cached("SELECT kind, digest, length(bytes) FROM item WHERE seq = ?1 AND place = ?2 AND kind > ?3")
        .and_then(|mut statement| {
            statement
                .query_row(params![number(seq), slot.as_bytes().as_slice(), KIND_MAILBOX], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()
        })
        .map_err(store_error)?;
    let Some((kind, digest, size)) = item else { return Ok(()) };
    if kind == KIND_SLOT {
        let digest = EnvelopeDigest::try_from(digest.as_slice()).ok().ok_or(StoreError::Damaged("digest"))?;
        let stored = Stored { seq: number(seq), kind, place: slot.as_bytes().to_vec(), size, head: Vec::new() };
        return remove(transaction, digest, &stored);
    }
    delete(transaction, number(seq))
}

/// An envelope as found by its digest.
struct Stored {
    seq: i64,
    kind: i64,
    place: Vec<u8>,
    size: i64,
    /// The first bytes, up to and with the status slot.
    head: Vec<u8>,
}

impl Stored {
    fn status_slot(&self) -> Result<SlotId, StoreError> {
        self.head
            .get(STATUS_SLOT_FROM..STATUS_SLOT_TO)
            .and_then(|bytes| SlotId::try_from(bytes).ok())
            .ok_or(StoreError::Damaged("status slot"))
    }
}

fn find(transaction: &Transaction<'_>, digest: EnvelopeDigest) -> Result<Option<Stored>, StoreError> {
    transaction
        .prepare_cached(
            "SELECT item.seq, kind, place, length(bytes), substr(bytes, 1, ?2)
             FROM seen JOIN item ON item.seq = seen.seq WHERE seen.digest = ?1",
        )
        .and_then(|mut statement| {
            statement
                .query_row(params![digest.as_bytes().as_slice(), count(STATUS_SLOT_TO)], |row| {
                    Ok(Stored {
                        seq: row.get(0)?,
                        kind: row.get(1)?,
                        place: row.get(2)?,
                        size: row.get(3)?,
                        head: row.get(4)?,
                    })
                })
                .optional()
        })
        .map_err(store_error)
}

/// Deletes an envelope; its digest stays known until its day.
fn remove(transaction: &Transaction<'_>, digest: EnvelopeDigest, envelope: &Stored) -> Result<(), StoreError> {
    delete(transaction, envelope.seq)?;
    transaction
        .prepare_cached("UPDATE seen SET seq = ?2 WHERE digest = ?1")
        .and_then(|mut statement| statement.execute(params![digest.as_bytes().as_slice(), COLLECTED]))
        .map_err(store_error)?;
    transaction
        .prepare_cached("UPDATE held SET envelopes = envelopes - 1, bytes = bytes - ?2 WHERE place = ?1")
        .and_then(|mut statement| statement.execute(params![envelope.place, envelope.size]))
        .map_err(store_error)?;
    transaction
        .prepare_cached("DELETE FROM held WHERE place = ?1 AND envelopes <= 0")
        .and_then(|mut statement| statement.execute([&envelope.place]))
        .map_err(store_error)?;
    Ok(())
}

fn delete(transaction: &Transaction<'_>, seq: i64) -> Result<(), StoreError> {
    transaction
        .prepare_cached("DELETE FROM item WHERE seq = ?1")
        .and_then(|mut statement| statement.execute([seq]))
        .map_err(store_error)?;
    Ok(())
}

/// Files a signed object, unless the slot holds its eight of them.
fn file(
    transaction: &Transaction<'_>,
    slot: SlotId,
    kind: i64,
    digest: EnvelopeDigest,
    keep_until: Day,
    bytes: &[u8],
) -> Result<Option<SlotId>, StoreError> {
    let filed: i64 = transaction
        .prepare_cached("SELECT count(*) FROM item WHERE place = ?1 AND kind >= ?2")
        .and_then(|mut statement| statement.query_row(params![slot.as_bytes().as_slice(), KIND_NACK], |row| row.get(0)))
        .map_err(store_error)?;
    if filed >= count(SLOT_ITEMS_MAX) {
        return Ok(None);
    }
    insert(transaction, slot.as_bytes(), kind, digest.as_bytes(), keep_until, bytes)?;
    Ok(Some(slot))
}

fn insert(
    transaction: &Transaction<'_>,
    place: &[u8],
    kind: i64,
    digest: &[u8],
    expiry: Day,
    bytes: &[u8],
) -> Result<i64, StoreError> {
    transaction
        .prepare_cached("INSERT INTO item (place, kind, digest, expiry, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")
        .and_then(|mut statement| statement.insert(params![place, kind, digest, expiry.0, bytes]))
        .map_err(store_error)
}

fn held(transaction: &Transaction<'_>, place: &[u8]) -> Result<(u64, u64), StoreError> {
    transaction
        .prepare_cached("SELECT envelopes, bytes FROM held WHERE place = ?1")
        .and_then(|mut statement| {
            statement.query_row([place], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?)))).optional()
        })
        .map(Option::unwrap_or_default)
        .map_err(store_error)
}
