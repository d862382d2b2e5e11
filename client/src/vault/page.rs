//! Where a page of a long list ends.

use rusqlite::{Connection, params};

use super::VaultError;

/// The last place of a page of `most` rows that begins before `place`, or with the newest; none when nothing comes after it.
///
/// `query` gives places, newest first, of which none is `?1` or above, and skips `?2` of them.
///
/// # Errors
/// What the disk says.
pub(crate) fn last_of_page(
    db: &Connection,
    query: &str,
    place: Option<i64>,
    most: u32,
) -> Result<Option<i64>, VaultError> {
    let mut rows = db.prepare_cached(query)?;
    let mut rows = rows.query(params![place.unwrap_or(i64::MAX), most.saturating_sub(1)])?;
    let last: Option<i64> = rows.next()?.map(|row| row.get(0)).transpose()?;
    Ok(if rows.next()?.is_some() { last } else { None })
}
