//! Released reports, frozen as their bytes, and whether the next are released without a person's look.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{limits::REPORT_EDITIONS_MAX, time::Timestamp};

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
    /// It is not released: there is nothing to put right.
    #[error("no report of {period} was released")]
    Missing {
        /// Which.
        period: Period,
    },
    /// What would be released says the same.
    #[error("the report of {period} would say the same")]
    Same {
        /// Which.
        period: Period,
    },
    /// It was put right too often: from the difference of many reports something of a person could follow.
    #[error("the report of {period} was put right as often as it may be")]
    Often {
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
            Self::Missing { .. } => "not-released",
            Self::Same { .. } => "report-same",
            Self::Often { .. } => "report-corrected-often",
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
                "see it with `safeconduct report show`; what was wrong in it is put right in the next period's report, or with \
                 `safeconduct report correct`"
            }
            Self::Overlaps { .. } => "release periods of one length; change the length at the turn of a year",
            Self::Missing { .. } => "see what it would say with `safeconduct report compute`, then release it",
            Self::Same { .. } => "there is nothing to put right: the report stays as it is",
            Self::Often { .. } => "what is still wrong in it is put right in the next period's report",
            Self::Unreadable { .. } => "keep the data folder, and ask your operator to run `safeconduct doctor`",
            Self::Vault(_) => "run `safeconduct doctor`",
        }
    }
}

impl From<NotReleased> for Told {
    fn from(refused: NotReleased) -> Self {
        match refused {
            NotReleased::Vault(error) => error.into(),
            NotReleased::Open { .. }
            | NotReleased::Released { .. }
            | NotReleased::Overlaps { .. }
            | NotReleased::Missing { .. }
            | NotReleased::Same { .. }
            | NotReleased::Often { .. } => Self::refused(refused.code(), refused.to_string(), refused.remedy()),
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
    /// 1, and one more each time that it was put right.
    pub edition: u32,
}

/// The released report of a period.
///
/// # Errors
/// `Unreadable`, `Vault`.
pub fn released(db: &Connection, period: Period) -> Result<Option<Frozen>, NotReleased> {
    let sql = "SELECT bytes, released_at, edition FROM report WHERE period = ?1";
    let found: Option<(Vec<u8>, i64, u32)> = db
        .query_row(sql, [period.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
        .map_err(VaultError::from)?;
    let Some((bytes, at, edition)) = found else { return Ok(None) };
    let report = wire::read(&bytes).map_err(|source| NotReleased::Unreadable { period: period.to_string(), source })?;
    Ok(Some(Frozen { report, released_at: Timestamp(uint(at)?), edition }))
}

/// Which edition of a period's report is released; none before it is.
///
/// # Errors
/// What the vault says.
pub fn edition(db: &Connection, period: Period) -> Result<Option<u32>, VaultError> {
    let sql = "SELECT edition FROM report WHERE period = ?1";
    Ok(db.query_row(sql, [period.to_string()], |row| row.get(0)).optional()?)
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

/// Puts a released report right: the new one is released in its place, and the old one is kept beside it.
///
/// # Errors
/// `Missing`, `Same`, `Often`, `Unreadable`, `Vault`.
pub(crate) fn correct(
    vault: &mut Vault,
    report: &Report,
    officer: Pseudonym,
    now: Timestamp,
) -> Result<(), NotReleased> {
    let (period, bytes) = (report.period, wire::write(report));
    let transaction = vault.begin()?;
    let frozen = released(&transaction, period)?.ok_or(NotReleased::Missing { period })?;
    if wire::write(&frozen.report) == bytes {
        return Err(NotReleased::Same { period });
    }
    if frozen.edition >= REPORT_EDITIONS_MAX {
        return Err(NotReleased::Often { period });
    }
    let period = period.to_string();
    let former = "INSERT INTO report_former (period, edition, released_at, officer, bytes)
        SELECT period, edition, released_at, officer, bytes FROM report WHERE period = ?1";
    transaction.execute(former, [&period]).map_err(VaultError::from)?;
    let sql = "UPDATE report SET released_at = ?2, officer = ?3, bytes = ?4, edition = edition + 1 WHERE period = ?1";
    let values = params![period, int(now.0), officer.as_bytes(), bytes];
    transaction.execute(sql, values).map_err(VaultError::from)?;
    Ok(transaction.commit().map_err(VaultError::from)?)
}

/// Keeps a report that an agency gave in a file; a newer one of the same agency and period is not taken, for a released period is frozen.
///
/// # Errors
/// What the vault says.
pub(crate) fn keep_given(vault: &mut Vault, report: &Report, now: Timestamp) -> Result<bool, VaultError> {
    let transaction = vault.begin()?;
    let sql = "INSERT OR IGNORE INTO report_given (agency, period, bytes, at) VALUES (?1, ?2, ?3, ?4)";
    let values = params![report.agency.as_str(), report.period.to_string(), wire::write(report), int(now.0)];
    let kept = transaction.execute(sql, values)? == 1;
    let bytes: Vec<u8> = transaction.query_row(
        "SELECT bytes FROM report_given WHERE agency = ?1 AND period = ?2",
        params![report.agency.as_str(), report.period.to_string()],
        |row| row.get(0),
    )?;
    transaction.commit()?;
    Ok(kept || bytes == wire::write(report))
}

/// What agencies gave of a period, in the order of their ids.
///
/// # Errors
/// `Unreadable`, `Vault`.
pub fn given(db: &Connection, period: Period) -> Result<Vec<Report>, NotReleased> {
    let read = || -> Result<Vec<Vec<u8>>, rusqlite::Error> {
        let mut statement = db.prepare("SELECT bytes FROM report_given WHERE period = ?1 ORDER BY agency")?;
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
