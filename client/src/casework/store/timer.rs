//! What is due when. A row that is done stays, so that nothing happens twice.

use rusqlite::{Connection, params};
use safeconduct_protocol::time::Timestamp;

use crate::vault::{Sql as _, VaultError, int};

/// What happens at a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum TimerKind {
    /// A person should have opened it.
    Acknowledge,
    /// Somebody should have decided.
    Decide,
    /// The next agency is asked.
    Escalate,
    /// The end of its time.
    Life,
    /// What was withdrawn should be erased.
    Withdrawal,
    /// The day of erasure.
    Erase,
    /// Events are missing, and asked for.
    Gap,
    /// A person is reminded; the part names of what.
    Remind,
    /// A question for events was answered.
    Answered,
    /// A consent ends by itself.
    Consent,
    /// Its time has ended before it left: it does not leave any more.
    Unsent,
    /// A partner that was restored got the logs of all its referrals, of which this is one.
    Restored,
}

impl TimerKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Decide => "decide",
            Self::Escalate => "escalate",
            Self::Life => "life",
            Self::Withdrawal => "withdrawal",
            Self::Erase => "erase",
            Self::Gap => "gap",
            Self::Remind => "remind",
            Self::Answered => "answered",
            Self::Restored => "restored",
            Self::Consent => "consent",
            Self::Unsent => "unsent",
        }
    }
}

/// A timer whose time has come.
pub(crate) struct DueTimer {
    pub(crate) referral: i64,
    pub(crate) kind: TimerKind,
    pub(crate) part: String,
    pub(crate) due: Timestamp,
}

// Of one referral: by its key, and not by the index of all that wait, which SQLite would choose for `done` without the plus.

const DROP: &str = "DELETE FROM timer WHERE referral = ?1 AND +done = 0";
const WAITING: &str = "SELECT min(due) FROM timer WHERE referral = ?1 AND kind = ?2 AND +done = 0";
const COUNT_DONE: &str = "SELECT count(*) FROM timer WHERE referral = ?1 AND kind = ?2 AND +done = 1";

/// Sets the timers of a referral: those that are not in `wanted` are dropped, unless they are done.
pub(crate) fn set(db: &Connection, place: i64, wanted: &[(TimerKind, Timestamp)]) -> Result<(), VaultError> {
    db.run(DROP, [place])?;
    for (kind, due) in wanted {
        put(db, place, *kind, *due)?;
    }
    // What is still to be erased is: a hold may have ended since its day.
    db.run(
        "UPDATE timer SET done = 0 WHERE referral = ?1 AND kind = ?2 AND due = ?3",
        params![
            place,
            TimerKind::Erase.as_str(),
            wanted.iter().find(|(kind, _)| *kind == TimerKind::Erase).map(|(_, due)| int(due.0))
        ],
    )?;
    Ok(())
}

/// Timers of a kind whose time has come, the earliest first.
pub(crate) fn due(db: &Connection, now: Timestamp, kind: TimerKind, most: u32) -> Result<Vec<DueTimer>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT referral, due, part FROM timer WHERE done = 0 AND kind = ?2 AND due <= ?1 ORDER BY due LIMIT ?3",
    )?;
    let mut rows = rows.query(params![int(now.0), kind.as_str(), most])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let due = Timestamp(crate::vault::uint(row.get(1)?)?);
        all.push(DueTimer { referral: row.get(0)?, kind, part: row.get(2)?, due });
    }
    Ok(all)
}

/// When a timer of this kind is due that is not done yet.
pub(crate) fn waiting(db: &Connection, place: i64, kind: TimerKind) -> Result<Option<Timestamp>, VaultError> {
    let due: Option<i64> = db.one(WAITING, params![place, kind.as_str()], |row| row.get(0))?;
    due.map(|due| crate::vault::uint(due).map(Timestamp)).transpose()
}

/// How often a timer of this kind has done its work.
pub(crate) fn count_done(db: &Connection, place: i64, kind: TimerKind) -> Result<i64, VaultError> {
    Ok(db.one(COUNT_DONE, params![place, kind.as_str()], |row| row.get(0))?)
}

/// Every timer of this kind has done its work.
pub(crate) fn all_done(db: &Connection, place: i64, kind: TimerKind) -> Result<(), VaultError> {
    db.run("UPDATE timer SET done = 1 WHERE referral = ?1 AND kind = ?2", params![place, kind.as_str()])?;
    Ok(())
}

/// Nothing is due any more of a referral that is erased; what was told stays told.
pub(crate) fn forget(db: &Connection, place: i64) -> Result<(), VaultError> {
    db.run("DELETE FROM timer WHERE referral = ?1 AND due > 0", [place])?;
    Ok(())
}

/// Sets one more timer.
pub(crate) fn put(db: &Connection, place: i64, kind: TimerKind, due: Timestamp) -> Result<(), VaultError> {
    put_part(db, place, (kind, ""), due)
}

fn put_part(db: &Connection, place: i64, (kind, part): (TimerKind, &str), due: Timestamp) -> Result<(), VaultError> {
    db.run(
        "INSERT OR IGNORE INTO timer (referral, kind, part, due) VALUES (?1, ?2, ?3, ?4)",
        params![place, kind.as_str(), part, int(due.0)],
    )?;
    Ok(())
}

/// Whether something that is done at most once in `pause_s` seconds may be done now; it counts as done then.
pub(crate) fn again(
    db: &Connection,
    place: i64,
    kind: TimerKind,
    pause_s: u64,
    now: Timestamp,
) -> Result<bool, VaultError> {
    // A time in the future was noted by a clock that was wrong.
    let query = "SELECT count(*) FROM timer WHERE referral = ?1 AND kind = ?2 AND due > ?3 AND due <= ?4";
    let within = params![place, kind.as_str(), int(now.before(pause_s).0), int(now.0)];
    if db.one(query, within, |row| row.get::<_, i64>(0))? > 0 {
        return Ok(false);
    }
    db.run("DELETE FROM timer WHERE referral = ?1 AND kind = ?2", params![place, kind.as_str()])?;
    db.run(
        "INSERT INTO timer (referral, kind, due, done) VALUES (?1, ?2, ?3, 1)",
        params![place, kind.as_str(), int(now.0)],
    )?;
    Ok(true)
}

/// Sets a reminder, unless it was told already.
pub(crate) fn remind(db: &Connection, place: i64, of: &str, due: Timestamp) -> Result<(), VaultError> {
    put_part(db, place, (TimerKind::Remind, of), due)
}

/// A timer has done its work.
pub(crate) fn done(db: &Connection, timer: &DueTimer) -> Result<(), VaultError> {
    db.run(
        "UPDATE timer SET done = 1 WHERE referral = ?1 AND kind = ?2 AND part = ?3 AND due = ?4",
        params![timer.referral, timer.kind.as_str(), timer.part, int(timer.due.0)],
    )?;
    Ok(())
}

/// Puts a timer off.
pub(crate) fn later(db: &Connection, timer: &DueTimer, due: Timestamp) -> Result<(), VaultError> {
    db.run(
        "UPDATE OR REPLACE timer SET due = ?5 WHERE referral = ?1 AND kind = ?2 AND part = ?3 AND due = ?4",
        params![timer.referral, timer.kind.as_str(), timer.part, int(timer.due.0), int(due.0)],
    )?;
    Ok(())
}

/// Notes that an effect is done because of an event; whether it was not before.
pub(crate) fn once(db: &Connection, place: i64, effect: &str, because: &str) -> Result<bool, VaultError> {
    let new = db.run(
        "INSERT OR IGNORE INTO timer (referral, kind, part, due, done) VALUES (?1, ?2, ?3, 0, 1)",
        params![place, effect, because],
    )?;
    Ok(new > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, plan, vault};

    #[test]
    fn what_is_due_of_one_referral_is_found_without_reading_that_of_others() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(9));
        for statement in [DROP, WAITING, COUNT_DONE] {
            let steps = plan(vault.db(), statement);
            let by_key = |step: &String| step.starts_with("SEARCH timer USING PRIMARY KEY (referral=?");
            assert!(!steps.is_empty() && steps.iter().all(by_key), "{statement}: {steps:?}");
        }
    }
}
