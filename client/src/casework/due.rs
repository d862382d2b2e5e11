//! Once a minute: what time does to referrals. Reminders, the end of their time, questions for what is missing, erasure.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    entropy::Entropy,
    time::{HOUR_S, Timestamp},
};

use super::{
    endings, erase,
    give::Desk,
    lapse, resync, stand,
    store::{
        news::News,
        row::Row,
        timer::{self, DueTimer, TimerKind},
    },
    waits,
};
use crate::{
    registry,
    vault::{Sql as _, Vault, VaultError, int},
};

/// Timers that one run takes at most.
const AT_ONCE_MAX: u32 = 256;
/// After this long the other agency is asked for events that are missing, in seconds; then each time after [`ASK_AGAIN_S`].
const ASK_AFTER_S: u64 = 60;
/// Seconds between two questions.
const ASK_AGAIN_S: u64 = 6 * HOUR_S;
/// Questions about one referral at most.
const ASKS_MAX: i64 = 16;
/// How long codes about a person stay after the content, for counts of the year.
const CODES_KEPT_S: u64 = 400 * 24 * HOUR_S;

/// What of a referral does not read is tried again after so long, in seconds.
const DAMAGED_AGAIN_S: u64 = 6 * HOUR_S;

/// What one run did.
#[derive(Clone, Default)]
pub(crate) struct Done {
    /// Referrals for which the next agency is to be asked.
    pub(crate) to_escalate: Vec<i64>,
}

/// Does what is due at `now`; what cannot be undone waits until this machine's own clock and the authority's time agree.
///
/// # Errors
/// What the disk says; running it again is safe.
pub(crate) fn run(
    vault: &mut Vault,
    desk: &Desk<'_>,
    now: Timestamp,
    clock: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Done, VaultError> {
    let tx = vault.begin()?;
    let sure = registry::confirmed(&tx, clock)?;
    let mut done = Done::default();
    for place in stand::behind(&tx)? {
        apart(&tx, place, || stand::refresh(&tx, place, desk.own(), desk.setting, now).map(drop))?;
    }
    for kind in [
        TimerKind::Acknowledge,
        TimerKind::Decide,
        TimerKind::Life,
        TimerKind::Withdrawal,
        TimerKind::Escalate,
        TimerKind::Gap,
        TimerKind::Remind,
    ] {
        for due in timer::due(&tx, now, kind, AT_ONCE_MAX)? {
            let is_to_escalate = one(&tx, &due, now, || at_its_time(&tx, desk, &due, now, entropy))?;
            done.to_escalate.extend(is_to_escalate.unwrap_or(false).then_some(due.referral));
        }
    }
    surely(&tx, desk, now.min(sure), now, entropy)?;
    waits::forget(&tx, now)?;
    forget(&tx, sure)?;
    tx.commit()?;
    Ok(done)
}

/// Does what one timer is for; whether the next agency is to be asked.
fn at_its_time(
    db: &Connection,
    desk: &Desk<'_>,
    due: &DueTimer,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<bool, VaultError> {
    let kind = due.kind;
    if kind == TimerKind::Gap {
        timer::put(db, due.referral, kind, now.after(ASK_AGAIN_S))?;
    }
    if kind != TimerKind::Escalate {
        timer::done(db, due)?;
    }
    let found = stand::refresh(db, due.referral, desk.own(), desk.setting, now)?;
    match kind {
        TimerKind::Withdrawal => Row::add_news(db, due.referral, News::WithdrawalOverdue)?,
        TimerKind::Escalate => return Ok(found.row.escalate_by.is_some()),
        TimerKind::Gap => resync::ask(db, &found, now, entropy)?,
        TimerKind::Remind => {
            if let Some(news) = News::from_name(&due.part) {
                Row::add_news(db, due.referral, news)?;
            }
        }
        TimerKind::Acknowledge
        | TimerKind::Decide
        | TimerKind::Life
        | TimerKind::Erase
        | TimerKind::Answered
        | TimerKind::Restored
        | TimerKind::Consent
        | TimerKind::Unsent => {}
    }
    Ok(false)
}

/// What cannot be undone, at the time of which this node is sure.
fn surely(
    db: &Connection,
    desk: &Desk<'_>,
    sure: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    for kind in [TimerKind::Consent, TimerKind::Unsent, TimerKind::Erase] {
        for due in timer::due(db, sure, kind, AT_ONCE_MAX)? {
            one(db, &due, now, || {
                timer::done(db, &due)?;
                if kind == TimerKind::Consent {
                    lapse::at(db, desk, due.referral, sure, now, entropy)
                } else if kind == TimerKind::Unsent {
                    endings::unsent(db, desk, due.referral, now)
                } else {
                    erase_on_its_day(db, desk, due.referral, now, entropy)
                }
            })?;
        }
    }
    Ok(())
}

fn erase_on_its_day(
    db: &Connection,
    desk: &Desk<'_>,
    place: i64,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let found = stand::refresh(db, place, desk.own(), desk.setting, now)?;
    // The referral may have come alive again since the timer was set.
    if found.row.erase_on.is_some_and(|on| on <= now) {
        erase::and_certify(db, desk, place, now, entropy)?;
    }
    Ok(())
}

/// Does what one timer is for, apart from the others: where something of its referral does not read, it is tried again later.
fn one<T>(
    db: &Connection,
    due: &DueTimer,
    now: Timestamp,
    job: impl FnOnce() -> Result<T, VaultError>,
) -> Result<Option<T>, VaultError> {
    let done = apart(db, due.referral, job)?;
    if done.is_none() {
        timer::later(db, due, now.after(DAMAGED_AGAIN_S))?;
    }
    Ok(done)
}

/// Does something about one referral whole or not at all. Where something that is kept of it does not read, it is not done, a person is told
/// that once, and the other referrals go on.
fn apart<T>(db: &Connection, place: i64, job: impl FnOnce() -> Result<T, VaultError>) -> Result<Option<T>, VaultError> {
    db.run("SAVEPOINT one_referral", [])?;
    match job() {
        Ok(done) => {
            db.run("RELEASE one_referral", [])?;
            Ok(Some(done))
        }
        Err(error) if error.is_of_one_row() => {
            db.run("ROLLBACK TO one_referral", [])?;
            db.run("RELEASE one_referral", [])?;
            if timer::once(db, place, DAMAGED, "")? {
                Row::add_news(db, place, News::Damaged)?;
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Notes that a person was told of damage.
const DAMAGED: &str = "damaged";

/// The referrals of which something does not read, and nobody has looked since that was told: what they are called here.
pub(crate) fn damaged(db: &Connection) -> Result<Vec<[u8; 16]>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT r.handle FROM timer t JOIN referral r ON r.place = t.referral
            WHERE t.done = 1 AND t.kind = ?1 AND r.alarm & ?2 <> 0 ORDER BY r.place LIMIT ?3",
    )?;
    let rows = rows.query_map(params![DAMAGED, News::Damaged.bit(), AT_ONCE_MAX], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the other agency was asked so often that it has nothing to answer.
pub(crate) fn asked_enough(db: &Connection, place: i64) -> Result<bool, VaultError> {
    Ok(timer::count_done(db, place, TimerKind::Gap)? >= ASKS_MAX)
}

/// Nobody else may be asked: its escalation is over.
pub(crate) fn escalated(db: &Connection, place: i64) -> Result<(), VaultError> {
    timer::all_done(db, place, TimerKind::Escalate)
}

/// When the other agency is asked for what is missing.
pub(crate) const fn ask_at(now: Timestamp) -> Timestamp {
    now.after(ASK_AFTER_S)
}

/// Codes about a person whose content is erased long since are of no use to any count.
fn forget(db: &Connection, sure: Timestamp) -> Result<(), VaultError> {
    db.run(
        "UPDATE referral INDEXED BY referral_codes SET gender = NULL, exploitation = 0, industry = 0, control = 0, recruitment = 0, citizenship = NULL
            WHERE erased_at < ?1 AND (gender IS NOT NULL OR exploitation <> 0 OR control <> 0 OR recruitment <> 0
                OR industry <> 0 OR citizenship IS NOT NULL)",
        params![int(sure.before(CODES_KEPT_S).0)],
    )?;
    Ok(())
}
