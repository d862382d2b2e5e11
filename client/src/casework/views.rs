//! The log of views: who looked at what of a referral, or took it out. Every look leaves a line; none is ever changed.

use rusqlite::{Connection, params};
use safeconduct_protocol::time::Timestamp;

use crate::{
    people::Pseudonym,
    vault::{VaultError, int},
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
