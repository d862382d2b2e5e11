//! Released reports, frozen as their bytes, and whether the next are released without a person's look.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::time::Timestamp;

use super::{
    period::Period,
    release::Report,
    wire::{self, ReportRefused},
};
use crate::{
    error::Told,
    people::Pseudonym,
    vault::{Vault, VaultError, int, uint},
};

/// Why a period is not released.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotReleased {
    /// The period lasts still.
    #[error("the period {period} has not ended")]
    Open {
        /// Which.
        period: Period,
    },
    /// It was released before.
    #[error("the period {period} is released already, and frozen")]
    Released {
        /// Which.
        period: Period,
    },
    /// It shares days with a released one: from the two together, a part would follow that nobody has controlled.
    #[error("the period {period} shares days with {other}, which is released")]
    Overlaps {
        /// Which.
        period: Period,
        /// The released one.
        other: Period,
    },
    /// A released report does not read any more.
    #[error("the frozen report of {period} does not read")]
    Unreadable {
        /// Which.
        period: String,
        /// Why.
        #[source]
        source: ReportRefused,
    },
    /// What the vault says.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl NotReleased {
    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "period-open",
            Self::Released { .. } => "period-released",
            Self::Overlaps { .. } => "period-overlaps",
            Self::Unreadable { .. } => "report-malformed",
            Self::Vault(_) => "vault",
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Open { .. } => "wait until it has ended; `safeconduct report compute` shows what it would say",
            Self::Released { .. } => {
                "see it with `safeconduct report show`; what was wrong in it is put right in the next period's report"
            }
            Self::Overlaps { .. } => "release periods of one length; change the length at the turn of a year",
            Self::Unreadable { .. } => "keep the data folder, and ask your operator to run `safeconduct doctor`",
            Self::Vault(_) => "run `safeconduct doctor`",
        }
    }
}

impl From<NotReleased> for Told {
    fn from(refused: NotReleased) -> Self {
        match refused {
            NotReleased::Vault(error) => error.into(),
            NotReleased::Open { .. } | NotReleased::Released { .. } | NotReleased::Overlaps { .. } => {
                Self::refused(refused.code(), refused.to_string(), refused.remedy())
            }
            NotReleased::Unreadable { .. } => Self::tampering(refused.code(), refused.to_string(), refused.remedy()),
        }
    }
}

/// A released report.
pub struct Frozen {
    /// What it says.
    pub report: Report,
    /// When it was released.
    pub released_at: Timestamp,
}

/// The released report of a period.
///
/// # Errors
/// `Unreadable`, `Vault`.
pub fn released(db: &Connection, period: Period) -> Result<Option<Frozen>, NotReleased> {
    let sql = "SELECT bytes, released_at FROM report WHERE period = ?1";
    let found: Option<(Vec<u8>, i64)> = db
        .query_row(sql, [period.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(VaultError::from)?;
    let Some((bytes, at)) = found else { return Ok(None) };
    let report = wire::read(&bytes).map_err(|source| NotReleased::Unreadable { period: period.to_string(), source })?;
    Ok(Some(Frozen { report, released_at: Timestamp(uint(at)?) }))
}

/// Whether a period's report is released.
///
/// # Errors
/// What the vault says.
pub fn is_released(db: &Connection, period: Period) -> Result<bool, VaultError> {
    let sql = "SELECT 1 FROM report WHERE period = ?1";
    Ok(db.query_row(sql, [period.to_string()], |_row| Ok(())).optional()?.is_some())
}

/// Every released period, in order, with when.
///
/// # Errors
/// What the vault says.
pub fn periods(db: &Connection) -> Result<Vec<(Period, Timestamp)>, VaultError> {
    let mut statement = db.prepare("SELECT period, released_at FROM report ORDER BY period")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (period, at): (String, i64) = (row.get(0)?, row.get(1)?);
        let period = Period::of(&period).ok_or(VaultError::Damaged { what: "a released period is no period" })?;
        all.push((period, Timestamp(uint(at)?)));
    }
    all.sort();
    Ok(all)
}

/// Whether a period may be released at `now`.
///
/// # Errors
/// `Open`, `Released`, `Overlaps`, `Vault`.
pub fn may_release(db: &Connection, period: Period, now: Timestamp) -> Result<(), NotReleased> {
    if now < period.end() {
        return Err(NotReleased::Open { period });
    }
    for (other, _) in periods(db)? {
        if other == period {
            return Err(NotReleased::Released { period });
        }
        if other.overlaps(period) {
            return Err(NotReleased::Overlaps { period, other });
        }
    }
    Ok(())
}

/// Freezes a report, by a person or by itself; its bytes, as they are in the vault from now on.
///
/// # Errors
/// As [`may_release`].
pub(crate) fn freeze(
    vault: &mut Vault,
    report: &Report,
    officer: Option<Pseudonym>,
    now: Timestamp,
) -> Result<Vec<u8>, NotReleased> {
    let bytes = wire::write(report);
    let transaction = vault.begin()?;
    may_release(&transaction, report.period, now)?;
    let sql = "INSERT INTO report (period, released_at, officer, bytes) VALUES (?1, ?2, ?3, ?4)";
    let officer = officer.map(|officer| *officer.as_bytes());
    transaction
        .execute(sql, params![report.period.to_string(), int(now.0), officer, bytes])
        .map_err(VaultError::from)?;
    transaction.commit().map_err(VaultError::from)?;
    Ok(bytes)
}

/// What agencies gave of a period and nobody has set aside, in the order of their ids.
///
/// # Errors
/// `Unreadable`, `Vault`.
pub fn given(db: &Connection, period: Period) -> Result<Vec<Report>, NotReleased> {
    let read = || -> Result<Vec<Vec<u8>>, rusqlite::Error> {
        let mut statement =
            db.prepare("SELECT bytes FROM report_given WHERE period = ?1 AND aside_at IS NULL ORDER BY agency")?;
        statement.query_map([period.to_string()], |row| row.get(0))?.collect()
    };
    let unreadable = |source| NotReleased::Unreadable { period: period.to_string(), source };
    let all = read().map_err(VaultError::from)?;
    all.iter().map(|bytes| wire::read(bytes).map_err(unreadable)).collect()
}

/// Since when reports are released without a look; none while a person has to say so each time.
///
/// # Errors
/// What the vault says.
pub fn scheduled(db: &Connection) -> Result<Option<Timestamp>, VaultError> {
    let since: Option<i64> =
        db.query_row("SELECT since FROM report_schedule WHERE only = 1", [], |row| row.get(0)).optional()?;
    since.map(|since| uint(since).map(Timestamp)).transpose()
}

/// Says that reports are released without a look, or may not.
///
/// # Errors
/// What the vault says.
pub(crate) fn schedule(vault: &mut Vault, on: Option<Timestamp>) -> Result<(), VaultError> {
    let transaction = vault.begin()?;
    match on {
        Some(now) => {
            transaction.execute("INSERT OR IGNORE INTO report_schedule (only, since) VALUES (1, ?1)", [int(now.0)])?;
        }
        None => {
            transaction.execute("DELETE FROM report_schedule", [])?;
        }
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests;
