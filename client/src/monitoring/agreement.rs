//! What a person here has agreed to: that from now on the report of each period goes to this co-ordinator by itself. One line each, with
//! who said so and when; it stays when it has ended.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    id::{AgencyId, NodeId},
    time::Timestamp,
};

use super::part::Indicators;
use crate::{
    people::Pseudonym,
    vault::{Vault, VaultError, int, uint},
};

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// The co-ordinator.
    pub agency: AgencyId,
    /// Which indicators go to it.
    pub indicators: Indicators,
    /// Who has agreed.
    pub officer: Pseudonym,
    /// When: only periods that end later go by themselves.
    pub since: Timestamp,
    /// When somebody here ended it.
    pub ended_at: Option<Timestamp>,
}

/// Who agrees to what.
pub(crate) struct NewAgreement<'a> {
    /// The co-ordinator.
    pub(crate) agency: &'a AgencyId,
    /// Its node, when that was said.
    pub(crate) node: NodeId,
    /// Which indicators.
    pub(crate) indicators: Indicators,
    /// Who.
    pub(crate) officer: Pseudonym,
}

const COLUMNS: &str = "SELECT agency, indicators, officer, since, ended_at FROM report_agreement";

fn read(row: &Row<'_>) -> Result<Agreement, VaultError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "an agreement about reports is altered" };
    let agency: String = row.get(0)?;
    let ended: Option<i64> = row.get(4)?;
    Ok(Agreement {
        agency: agency.parse().map_err(|_not| DAMAGED)?,
        indicators: Indicators::from_bits(row.get(1)?).ok_or(DAMAGED)?,
        officer: Pseudonym::new(row.get(2)?),
        since: Timestamp(uint(row.get(3)?)?),
        ended_at: ended.map(uint).transpose()?.map(Timestamp),
    })
}

fn lines(db: &Connection, condition: &str) -> Result<Vec<Agreement>, VaultError> {
    let mut statement = db.prepare(&format!("{COLUMNS} {condition} ORDER BY place"))?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// All of them, the ended ones too, oldest first.
///
/// # Errors
/// What the vault says.
pub fn all(db: &Connection) -> Result<Vec<Agreement>, VaultError> {
    lines(db, "")
}

/// Those that hold, oldest first.
///
/// # Errors
/// What the vault says.
pub fn that_hold(db: &Connection) -> Result<Vec<Agreement>, VaultError> {
    lines(db, "WHERE ended_at IS NULL")
}

/// Notes one; whether it is new: with one co-ordinator one holds at a time.
///
/// # Errors
/// What the vault says.
pub(crate) fn agree(vault: &mut Vault, new: &NewAgreement<'_>, now: Timestamp) -> Result<bool, VaultError> {
    let sql =
        "INSERT OR IGNORE INTO report_agreement (agency, node, indicators, officer, since) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values =
        params![new.agency.as_str(), new.node.as_bytes(), new.indicators.bits(), new.officer.as_bytes(), int(now.0)];
    Ok(vault.db().execute(sql, values)? == 1)
}

/// Ends the one that holds; whether there was one.
///
/// # Errors
/// What the vault says.
pub(crate) fn end(vault: &mut Vault, agency: &AgencyId, by: Pseudonym, now: Timestamp) -> Result<bool, VaultError> {
    let sql = "UPDATE report_agreement SET ended_by = ?2, ended_at = ?3 WHERE agency = ?1 AND ended_at IS NULL";
    Ok(vault.db().execute(sql, params![agency.as_str(), by.as_bytes(), int(now.0)])? == 1)
}

/// Whether one holds with this agency.
pub(crate) fn holds(db: &Connection, agency: &AgencyId) -> Result<bool, VaultError> {
    let sql = "SELECT 1 FROM report_agreement WHERE agency = ?1 AND ended_at IS NULL";
    Ok(db.query_row(sql, [agency.as_str()], |_row| Ok(())).optional()?.is_some())
}
