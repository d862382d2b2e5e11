//! What became of referrals, for programs that follow it: filled by the database itself, in the transaction of what it tells.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::time::Timestamp;

use crate::vault::{VaultError, int, uint};

/// How long a change is kept, in seconds: 30 days.
pub const CHANGE_KEPT_S: u64 = 30 * 86_400;

/// One change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Where it stands: each one is further than all before.
    pub place: u64,
    /// What names the referral here.
    pub handle: [u8; 16],
    /// `referral` for a new one, `state`, or `post`.
    pub what: String,
    /// The referral's state with it.
    pub state: String,
}

/// Where to begin for who has heard up to `last`, and whether something between is erased, or `last` is of another vault.
///
/// # Errors
/// What the vault says.
pub fn begin(db: &Connection, last: Option<u64>) -> Result<(u64, bool), VaultError> {
    let newest = db.query_row("SELECT seq FROM sqlite_sequence WHERE name = 'change'", [], |row| row.get(0));
    let newest = uint(newest.optional()?.unwrap_or(0))?;
    let oldest: Option<i64> = db.query_row("SELECT min(place) FROM change", [], |row| row.get(0))?;
    let erased = oldest.map(uint).transpose()?.map_or(newest, |oldest| oldest.saturating_sub(1));
    Ok(match last {
        None => (newest, false),
        Some(last) if last > newest => (newest, true),
        Some(last) if last < erased => (erased, true),
        Some(last) => (last, false),
    })
}

/// The next ones after `after`, at most so many.
///
/// # Errors
/// What the vault says.
pub fn after(db: &Connection, after: u64, limit: u32) -> Result<Vec<Change>, VaultError> {
    let query = "SELECT place, handle, what, state FROM change WHERE place > ?1 ORDER BY place LIMIT ?2";
    let mut found = db.prepare_cached(query)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let rows = found.query_map(params![int(after), limit], row)?;
    rows.map(|row| {
        let (place, handle, what, state) = row?;
        Ok(Change { place: uint(place)?, handle, what, state })
    })
    .collect()
}

/// Notes when the newest ones were seen, and erases what was kept long enough.
///
/// # Errors
/// What the vault says.
pub fn keep(db: &Connection, now: Timestamp) -> Result<(), VaultError> {
    db.execute("UPDATE change SET at = ?1 WHERE at IS NULL", [int(now.0)])?;
    db.execute("DELETE FROM change WHERE at < ?1", [int(now.0.saturating_sub(CHANGE_KEPT_S))])?;
    Ok(())
}
