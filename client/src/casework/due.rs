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
        timer::{self, TimerKind},
    },
    take,
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
        stand::refresh(&tx, place, desk.own(), desk.setting, now)?;
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
            if kind == TimerKind::Gap {
                timer::put(&tx, due.referral, kind, now.after(ASK_AGAIN_S))?;
            }
            if kind != TimerKind::Escalate {
                timer::done(&tx, &due)?;
            }
            let found = stand::refresh(&tx, due.referral, desk.own(), desk.setting, now)?;
            match kind {
                TimerKind::Withdrawal => Row::add_news(&tx, due.referral, News::WithdrawalOverdue)?,
                TimerKind::Escalate if found.row.escalate_by.is_some() => done.to_escalate.push(due.referral),
                TimerKind::Gap => resync::ask(&tx, &found, now, entropy)?,
                TimerKind::Remind => {
                    if let Some(news) = News::from_name(&due.part) {
                        Row::add_news(&tx, due.referral, news)?;
                    }
                }
                TimerKind::Acknowledge
                | TimerKind::Decide
                | TimerKind::Life
                | TimerKind::Escalate
                | TimerKind::Erase
                | TimerKind::Answered
                | TimerKind::Restored
                | TimerKind::Consent
                | TimerKind::Unsent => {}
            }
        }
    }
    surely(&tx, desk, now.min(sure), now, entropy)?;
    take::forget(&tx, now)?;
    forget(&tx, sure)?;
    tx.commit()?;
    Ok(done)
}

/// What cannot be undone, at the time of which this node is sure.
fn surely(
    db: &Connection,
    desk: &Desk<'_>,
    sure: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    for due in timer::due(db, sure, TimerKind::Consent, AT_ONCE_MAX)? {
        timer::done(db, &due)?;
        lapse::at(db, desk, due.referral, sure, now, entropy)?;
    }
    for due in timer::due(db, sure, TimerKind::Unsent, AT_ONCE_MAX)? {
        timer::done(db, &due)?;
        endings::unsent(db, desk, due.referral, now)?;
    }
    for due in timer::due(db, sure, TimerKind::Erase, AT_ONCE_MAX)? {
        timer::done(db, &due)?;
        let found = stand::refresh(db, due.referral, desk.own(), desk.setting, now)?;
        // The referral may have come alive again since the timer was set.
        if found.row.erase_on.is_some_and(|on| on <= now) {
            erase::and_certify(db, desk, due.referral, now, entropy)?;
        }
    }
    Ok(())
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
