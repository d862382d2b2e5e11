//! What was answered to requests with an idempotency key, kept for a while in the vault, so that the same again is answered alike and
//! done once.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::time::Timestamp;

use super::store::PROGRAM_ID_BYTES;
use crate::vault::{Sql as _, VaultError, int};

/// How long an answer is kept, in seconds: a week.
pub const ANSWER_KEPT_S: u64 = 7 * 86_400;
/// Answers kept for one program, at most.
pub const ANSWERS_MAX: i64 = 10_000;

/// A request with an idempotency key.
#[derive(Clone, Copy)]
pub struct Keyed {
    /// Whose token.
    pub token: [u8; PROGRAM_ID_BYTES],
    /// SHA-256 over token and key: also what the outbox knows it by.
    pub key: [u8; 32],
    /// SHA-256 over method, path, query and body.
    pub request: [u8; 32],
}

/// What is known of it.
pub enum Before {
    /// Nothing: it is noted now, and is to be done.
    New,
    /// It was answered with this status and body.
    Answered(u16, Vec<u8>),
    /// Something else was asked with this key.
    Another,
    /// It was begun, and how it ended was not noted.
    Unknown,
    /// No more keys fit.
    Full,
}

/// Request, status and answer, as they are kept; and whether the answer may show what a consent covers no more.
type Kept = ([u8; 32], Option<u16>, Option<Vec<u8>>, bool);

/// The status of what was forgotten, also while it is being done: no answer of HTTP has it.
const FORGOTTEN: u16 = 0;
/// Whether a consent for what came here has ended by `?3` that had not when it was answered.
const LAPSED: &str = "EXISTS (SELECT 1 FROM referral r JOIN referral_consent c ON c.referral = r.place
    WHERE r.handle = api_answer.referral AND r.side = 2 AND c.ends > api_answer.at AND c.ends <= ?3)";

/// Looks for it, and notes it as begun when it is new. `referral` is what it is about: the answer goes with its content, and is not given
/// again once a consent for it has ended.
///
/// # Errors
/// What the vault says.
pub fn begin(db: &Connection, keyed: &Keyed, referral: Option<[u8; 16]>, now: Timestamp) -> Result<Before, VaultError> {
    let query = format!("SELECT request, status, answer, {LAPSED} FROM api_answer WHERE token = ?1 AND key = ?2");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let kept: Option<Kept> = db.query_row(&query, params![keyed.token, keyed.key, int(now.0)], row).optional()?;
    match kept {
        Some((request, ..)) if request != keyed.request => return Ok(Before::Another),
        Some((_, Some(status), Some(answer), false)) => return Ok(Before::Answered(status, answer)),
        Some(_) => return Ok(Before::Unknown),
        None => {}
    }
    let count: i64 =
        db.query_row("SELECT count(*) FROM api_answer WHERE token = ?1", [keyed.token], |row| row.get(0))?;
    if count >= ANSWERS_MAX {
        return Ok(Before::Full);
    }
    let statement = "INSERT INTO api_answer (token, key, request, referral, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    db.execute(statement, params![keyed.token, keyed.key, keyed.request, referral, int(now.0)])?;
    Ok(Before::New)
}

/// Notes how it ended; not what was forgotten meanwhile, for the answer may be of before.
///
/// # Errors
/// What the vault says.
pub fn end(db: &Connection, keyed: &Keyed, status: u16, answer: &[u8]) -> Result<(), VaultError> {
    let statement = "UPDATE api_answer SET status = ?3, answer = ?4 WHERE token = ?1 AND key = ?2 AND status IS NULL";
    db.execute(statement, params![keyed.token, keyed.key, status, answer])?;
    Ok(())
}

/// Nothing was done: the key serves again.
///
/// # Errors
/// What the vault says.
pub fn give_back(db: &Connection, keyed: &Keyed) -> Result<(), VaultError> {
    db.execute("DELETE FROM api_answer WHERE token = ?1 AND key = ?2", params![keyed.token, keyed.key])?;
    Ok(())
}

/// What was answered, or is being answered, about a referral of which a part may not be shown any more is forgotten; that its keys were
/// used stays.
///
/// # Errors
/// What the vault says.
pub(crate) fn forget_about(db: &Connection, place: i64) -> Result<(), VaultError> {
    let about = "referral = (SELECT handle FROM referral WHERE place = ?1)";
    db.run(
        &format!("UPDATE api_answer SET status = ?2, answer = NULL WHERE status IS NOT ?2 AND {about}"),
        params![place, FORGOTTEN],
    )?;
    Ok(())
}

/// The same of every referral that came here, for a consent that has ended by `sure`: also of those that are over.
///
/// # Errors
/// What the vault says.
pub fn forget_lapsed(db: &Connection, sure: Timestamp) -> Result<(), VaultError> {
    let sql = format!(
        "UPDATE api_answer SET status = ?1, answer = ?2 WHERE referral IS NOT NULL AND answer IS NOT NULL AND {LAPSED}"
    );
    db.execute(&sql, params![FORGOTTEN, None::<Vec<u8>>, int(sure.0)])?;
    Ok(())
}

/// Erases what was kept long enough.
///
/// # Errors
/// What the vault says.
pub fn erase_old(db: &Connection, now: Timestamp) -> Result<(), VaultError> {
    db.execute("DELETE FROM api_answer WHERE at < ?1", [int(now.0.saturating_sub(ANSWER_KEPT_S))])?;
    Ok(())
}
