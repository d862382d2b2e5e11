//! What is to be done at a relay for which document, and what became of it. Every step of a transfer ends here, durably.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    blob::{BlobRefusal, BlobSecret},
    id::NodeId,
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{
    error::DocumentError,
    store::{Document, Handle, Opening, State, find, opened},
};
use crate::{
    registry::RelayRef,
    vault::{int, uint},
};

/// A relay keeps a document so long; whoever could not put or fetch it in this time is told.
const TRIED_S: u64 = 14 * DAY_S;
/// First pause after an attempt that failed, doubled with each.
const PAUSE_S: u64 = 2;
/// Longest pause.
const PAUSE_MAX_S: u64 = HOUR_S;
/// What is to be tried later than this was put off by a clock that was ahead, and is tried now.
const AHEAD_S: u64 = DAY_S;
/// Times that a document is put anew which the relay found to be another than was announced.
const HASH_TRIES: u32 = 3;

/// The code of a document that does not leave, or is not shown, because the consent for it has ended or was taken back.
pub(crate) const CONSENT_OVER: &str = "consent-over";

/// What is to be done at a relay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Job {
    /// Put it there.
    Put,
    /// Fetch it.
    Fetch,
    /// It is here: the relay need not keep it.
    Discard,
}

/// One thing that is due at a relay.
pub struct Due {
    /// Which document.
    pub handle: Handle,
    /// What.
    pub job: Job,
    /// Proves the right to it, and names it.
    pub secret: BlobSecret,
    /// What opens it.
    pub opening: Opening,
}

/// What is due at a relay, oldest first: documents to put and to fetch, and such as it need not keep.
///
/// # Errors
/// What the vault says.
pub fn due(
    db: &Connection,
    relay: RelayRef,
    own: NodeId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Due>, DocumentError> {
    let mut statement = db.prepare_cached(
        "SELECT * FROM document WHERE relay = ?1 AND (try_at <= ?2 OR try_at > ?4) AND key IS NOT NULL
             AND (state IN ('waiting', 'wanted') OR (state = 'held' AND at_relay = 1)) ORDER BY at, post, place LIMIT ?3",
    )?;
    let mut rows = statement.query(params![relay.to_bytes(), int(now.0), limit, int(now.after(AHEAD_S).0)])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let state: String = row.get("state")?;
        let job = match state.as_str() {
            "waiting" => Job::Put,
            "wanted" => Job::Fetch,
            _ => Job::Discard,
        };
        let secret: [u8; 32] = row.get("secret")?;
        due.push(Due {
            handle: Handle(row.get("handle")?),
            job,
            secret: BlobSecret::from_bytes(secret),
            opening: opened(row, own)?,
        });
    }
    Ok(due)
}

/// The relays at which something is due.
///
/// # Errors
/// What the vault says.
pub fn relays_due(db: &Connection, now: Timestamp) -> Result<Vec<RelayRef>, DocumentError> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT relay FROM document WHERE (try_at <= ?1 OR try_at > ?2) AND key IS NOT NULL
             AND (state IN ('waiting', 'wanted') OR (state = 'held' AND at_relay = 1))",
    )?;
    let rows = statement.query_map([int(now.0), int(now.after(AHEAD_S).0)], |row| row.get::<_, Vec<u8>>(0))?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.iter().filter_map(|bytes| RelayRef::from_bytes(bytes)).collect())
}

/// So many chunks are put, or here.
///
/// # Errors
/// What the vault says.
pub fn progress(db: &Connection, handle: Handle, have: u32) -> Result<(), DocumentError> {
    db.prepare_cached("UPDATE document SET have = ?2, reason = NULL WHERE handle = ?1")?
        .execute(params![handle.0, have])?;
    Ok(())
}

/// A step came to its end. One that is here is dropped at the relay next.
///
/// # Errors
/// What the vault says.
pub fn settle(db: &Connection, handle: Handle, state: State, now: Timestamp) -> Result<(), DocumentError> {
    let at_relay = state == State::Held;
    db.prepare_cached(
        "UPDATE document SET state = ?2, reason = NULL, at_relay = ?3, try_at = ?4, tries = 0 WHERE handle = ?1 AND key IS NOT NULL",
    )?
    .execute(params![handle.0, state.code(), at_relay, int(now.0)])?;
    Ok(())
}

/// The relay keeps it no more.
///
/// # Errors
/// What the vault says.
pub fn discarded(db: &Connection, handle: Handle) -> Result<(), DocumentError> {
    db.prepare_cached("UPDATE document SET at_relay = 0 WHERE handle = ?1")?.execute([handle.0])?;
    Ok(())
}

/// A document waits, with this code, and is looked at again after the longest pause.
///
/// # Errors
/// What the vault says.
pub(crate) fn wait(db: &Connection, handle: Handle, code: &str, now: Timestamp) -> Result<(), DocumentError> {
    db.prepare_cached("UPDATE document SET reason = ?2, try_at = ?3 WHERE handle = ?1")?.execute(params![
        handle.0,
        code,
        int(now.after(PAUSE_MAX_S).0)
    ])?;
    Ok(())
}

/// A document does not leave: with this code it waits for a person.
///
/// # Errors
/// What the vault says.
pub(crate) fn hold_back(db: &Connection, handle: Handle, code: &str, now: Timestamp) -> Result<(), DocumentError> {
    settle(db, handle, State::Failed, now)?;
    db.prepare_cached("UPDATE document SET reason = ?2 WHERE handle = ?1 AND key IS NOT NULL")?
        .execute(params![handle.0, code])?;
    Ok(())
}

/// A relay refused, or the transfer was cut, with this code: it is tried again after a pause, until it was tried for as long as a relay
/// keeps a document. What ends it at once: a document that is not there any more, and one that cannot be put.
///
/// # Errors
/// What the vault says.
pub fn put_off(
    db: &Connection,
    due: (Handle, Job),
    why: Result<(BlobRefusal, u32), &'static str>,
    now: Timestamp,
) -> Result<(), DocumentError> {
    let (handle, job) = due;
    let (tries, at): (u32, i64) = db
        .prepare_cached("SELECT tries, at FROM document WHERE handle = ?1")?
        .query_row([handle.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (code, floor_s) = match why {
        Ok((reason, retry_after_s)) => (refusal_code(reason), u64::from(retry_after_s)),
        Err(code) => (code, 1),
    };
    let is_past = now.since(Timestamp(uint(at)?)) > TRIED_S;
    let is_over = match why {
        Ok((BlobRefusal::Hash, _)) => tries >= HASH_TRIES,
        Ok((_, 0)) => true,
        _ => is_past,
    };
    if is_over {
        let state = match (job, why) {
            // It need not be there to be dropped.
            (Job::Discard, _) => return discarded(db, handle),
            (Job::Fetch, Ok((BlobRefusal::Unknown, _))) => State::Gone,
            _ => State::Failed,
        };
        settle(db, handle, state, now)?;
        db.prepare_cached("UPDATE document SET reason = ?2 WHERE handle = ?1")?.execute(params![handle.0, code])?;
        return Ok(());
    }
    let pause = PAUSE_S
        .saturating_mul(1_u64.checked_shl(tries.min(30)).unwrap_or(u64::MAX))
        .min(PAUSE_MAX_S)
        .max(floor_s)
        .min(AHEAD_S);
    db.prepare_cached("UPDATE document SET reason = ?2, try_at = ?3, tries = tries + 1 WHERE handle = ?1")?
        .execute(params![handle.0, code, int(now.after(pause).0)])?;
    Ok(())
}

/// A person asks for it again: what is gone, broken or failed waits anew.
///
/// # Errors
/// [`DocumentError::Unknown`], or what the vault says.
pub fn try_again(db: &Connection, handle: Handle, now: Timestamp) -> Result<Document, DocumentError> {
    let document = find(db, handle)?;
    let state = match (document.is_received, document.state) {
        (_, State::Stored | State::Held | State::Erased) => return Ok(document),
        (true, _) => State::Wanted,
        (false, _) => State::Waiting,
    };
    db.prepare_cached("UPDATE document SET at = ?2 WHERE handle = ?1")?.execute(params![handle.0, int(now.0)])?;
    settle(db, handle, state, now)?;
    find(db, handle)
}

/// A refusal as a stable code.
const fn refusal_code(reason: BlobRefusal) -> &'static str {
    match reason {
        BlobRefusal::Unknown => "document-gone",
        BlobRefusal::Length | BlobRefusal::Conflict => "document-refused",
        BlobRefusal::Quota => "document-quota",
        BlobRefusal::Full => "relay-full",
        BlobRefusal::Hash => "document-changed",
        BlobRefusal::Expiry => "document-expiry",
        BlobRefusal::Busy => "relay-busy",
        BlobRefusal::Maintenance => "relay-maintenance",
        BlobRefusal::StorageFailed => "relay-storage-failed",
        _ => "relay-refuses",
    }
}
