//! The log of views: who looked at what of a referral, or took it out. Every look leaves a line; none is ever changed.

use rusqlite::{Connection, Row, params};
use safeconduct_protocol::time::Timestamp;

use crate::{
    people::Pseudonym,
    vault::{VaultError, int, uint},
};

/// Reason of a line: it went into an export for other case management.
pub(crate) const EXPORT: &str = "export";
/// Reason of a line: it went into an auditor's report, which holds no content.
pub(crate) const AUDIT: &str = "audit";
/// Reason of a line: its evidence was exported.
pub(crate) const EVIDENCE: &str = "evidence";

/// A look.
pub(crate) struct Look<'a> {
    /// Who; none where nobody was named, which is only for what holds no content.
    pub(crate) officer: Option<Pseudonym>,
    /// Sections by their bits, in the order of the schema; 0: nothing of the content.
    pub(crate) sections: u16,
    /// Why.
    pub(crate) reason: Option<&'a str>,
}

/// Notes a look at the referral in this place.
pub(crate) fn note(db: &Connection, place: i64, look: &Look<'_>, now: Timestamp) -> Result<(), VaultError> {
    let sql = "INSERT INTO view_log (referral, officer, at, sections, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
    let officer = look.officer.map(|officer| *officer.as_bytes());
    db.prepare_cached(sql)?.execute(params![place, officer, int(now.0), look.sections, look.reason])?;
    Ok(())
}

/// A line of the log as it is kept.
pub(crate) struct Kept {
    /// Its place in the log.
    pub(crate) place: i64,
    /// The place of the referral.
    pub(crate) referral: i64,
    /// Who looked.
    pub(crate) officer: Option<Pseudonym>,
    /// When.
    pub(crate) at: Timestamp,
    /// Sections by their bits.
    pub(crate) sections: u16,
    /// Why.
    pub(crate) reason: Option<String>,
}

/// Which lines are wanted; none of these means all.
#[derive(Default)]
pub(crate) struct Wanted {
    /// Of this person.
    pub(crate) officer: Option<Pseudonym>,
    /// Of the referral in this place.
    pub(crate) referral: Option<i64>,
    /// At this time or later.
    pub(crate) since: Option<u64>,
    /// Before this time.
    pub(crate) until: Option<u64>,
    /// Before this place in the log.
    pub(crate) before: Option<i64>,
}

/// Lines of the log, newest first, at most so many.
pub(crate) fn list(db: &Connection, wanted: &Wanted, lines: u32) -> Result<Vec<Kept>, VaultError> {
    let sql = "SELECT place, referral, officer, at, sections, reason FROM view_log
        WHERE place < ?1 AND (?2 IS NULL OR officer = ?2) AND (?3 IS NULL OR referral = ?3) AND at >= ?4 AND at < ?5
        ORDER BY place DESC LIMIT ?6";
    let officer = wanted.officer.map(|officer| *officer.as_bytes());
    let bounds = params![
        wanted.before.unwrap_or(i64::MAX),
        officer,
        wanted.referral,
        wanted.since.map_or(0, int),
        wanted.until.map_or(i64::MAX, int),
        lines
    ];
    let read = |row: &Row<'_>| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<[u8; 16]>>(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
    };
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(bounds, read)?;
    rows.map(|row| {
        let (place, referral, officer, at, sections, reason) = row?;
        let officer = officer.map(Pseudonym::new);
        Ok(Kept { place, referral, officer, at: Timestamp(uint(at)?), sections, reason })
    })
    .collect()
}
