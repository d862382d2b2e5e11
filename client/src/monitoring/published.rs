//! The sum of a period that was shown: from the first number of it on it stays as it is, over the very reports that it was made of. Two sums
//! that differ by one report would tell that report.

use rusqlite::{Connection, params};
use safeconduct_protocol::time::Timestamp;

use super::{
    national::{National, Sum},
    period::Period,
    release::Report,
    store::NotReleased,
    wire,
};
use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// The reports of which a sum was made.
pub struct Published {
    /// When a number of it was shown first.
    pub at: Timestamp,
    /// In the order of their agencies' ids.
    pub reports: Vec<Report>,
}

/// What has come between a sum and what is here now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Since {
    /// Reports that count here and are not in the sum, for they came later.
    pub late: u64,
    /// Reports in the sum that were set aside since, or yielded to another one of their agency.
    pub aside: u64,
}

/// Whether a sum shows any number, so that another one beside it could tell something.
#[must_use]
pub fn shows_any(sum: &National) -> bool {
    let shown = |sum: &Sum| *sum != Sum::Hidden;
    sum.tables.iter().any(|table| shown(&table.total) || table.rows.iter().any(|(_, sum)| shown(sum)))
}

/// What the sum of a period was made of, if one was shown.
///
/// # Errors
/// `Unreadable`, `Vault`.
pub fn of(db: &Connection, period: Period) -> Result<Option<Published>, NotReleased> {
    let read = || -> Result<Vec<(Vec<u8>, i64)>, rusqlite::Error> {
        let mut statement = db.prepare("SELECT bytes, at FROM report_summed WHERE period = ?1 ORDER BY agency")?;
        statement.query_map([period.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let rows = read().map_err(VaultError::from)?;
    let Some(at) = rows.iter().map(|(_, at)| *at).min() else { return Ok(None) };
    let unreadable = |source| NotReleased::Unreadable { period: period.to_string(), source };
    let reports = rows.iter().map(|(bytes, _)| wire::read(bytes).map_err(unreadable)).collect::<Result<_, _>>()?;
    Ok(Some(Published { at: Timestamp(uint(at)?), reports }))
}

/// Keeps what the sum of a period was made of. One that is kept already stays.
///
/// # Errors
/// What the vault says; nothing is kept then, and nothing may be shown.
pub(crate) fn keep(vault: &mut Vault, period: Period, reports: &[Report], now: Timestamp) -> Result<(), VaultError> {
    let transaction = vault.begin()?;
    let any = "SELECT EXISTS (SELECT 1 FROM report_summed WHERE period = ?1)";
    if !transaction.one(any, [period.to_string()], |row| row.get(0))? {
        for report in reports {
            transaction.run(
                "INSERT INTO report_summed (period, agency, bytes, at) VALUES (?1, ?2, ?3, ?4)",
                params![period.to_string(), report.agency.as_str(), wire::write(report), int(now.0)],
            )?;
        }
    }
    Ok(transaction.commit()?)
}

/// What has come since the sum of a period was shown.
///
/// # Errors
/// What the vault says.
pub fn since(db: &Connection, period: Period) -> Result<Since, VaultError> {
    let count = |sql: &str| db.one(sql, [period.to_string()], |row| row.get::<_, i64>(0)).map(uint);
    let late = count(
        "SELECT count(*) FROM report_given g WHERE g.period = ?1 AND g.aside_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM report_summed s WHERE s.period = g.period AND s.agency = g.agency AND s.bytes = g.bytes)",
    )??;
    let aside = count(
        "SELECT count(*) FROM report_summed s WHERE s.period = ?1 AND NOT EXISTS
            (SELECT 1 FROM report_given g WHERE g.period = s.period AND g.agency = s.agency AND g.bytes = s.bytes AND g.aside_at IS NULL)",
    )??;
    Ok(Since { late, aside })
}
