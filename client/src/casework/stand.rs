//! What a referral is now, written into its row: outbox, receipts, events and clock, folded anew. Safe to run at any time.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    id::{MessageId, NodeId},
    receipt::node::Delivered,
    time::Timestamp,
};

use super::{
    clocks::{self, Clocks, Setting, Times},
    due, lapse,
    life::{
        event::Log,
        fold::{Facts, Standing, Way, fold},
        state::{Phase, State},
        terms::{Effect, Side},
    },
    reminders,
    store::{
        event::{self, Kept},
        news::News,
        revision,
        row::{Row, way_code, why_code},
        timer::{self, TimerKind},
    },
};
use crate::{
    outbox::OutboxState,
    vault::{Sql as _, VaultError, int, uint},
};

/// A referral as it stands, with what makes it so.
pub(crate) struct Now {
    /// Its row, as it is now.
    pub(crate) row: Row,
    /// What the events say.
    pub(crate) standing: Standing,
    /// The set of events.
    pub(crate) log: Log,
    /// The events as signed.
    pub(crate) events: Vec<Kept>,
}

impl Now {
    /// The event with this hash.
    pub(crate) fn event(&self, hash: &[u8; 32]) -> Option<&Kept> {
        self.events.iter().find(|kept| kept.hash == *hash)
    }
}

/// Reads a referral, without changing anything.
pub(crate) fn look(db: &Connection, place: i64, own: &NodeId, now: Timestamp) -> Result<Now, VaultError> {
    let mut row = Row::at(db, place)?;
    if row.side == Side::Sender {
        let (way, delivered_at) = sent_way(db, &row)?;
        row.way = furthest(row.way, way);
        row.delivered_at = row.delivered_at.or(delivered_at);
    }
    let events = event::all(db, place)?;
    if row.side == Side::Sender && row.delivered_at.is_none() {
        // Whoever acts has it, also without a receipt.
        let acted = events.iter().filter(|kept| kept.side == Side::Recipient && !kept.event.says().by_node);
        row.delivered_at = acted.map(|kept| kept.at).min();
    }
    let log = event::log(&events, &row, own)?;
    let facts = Facts {
        way: row.way,
        expires_at: row.expires_at,
        level: revision::first_level(db, place)?,
        erased: row.erased_at.is_some(),
    };
    let standing = fold(&log, &facts, now);
    Ok(Now { row, standing, log, events })
}

/// How far it came, by what was known and by what the outbox has now. A vault that was put back may have lost receipts: what was known
/// stays known, but for what was given up, or is sent again after that.
const fn furthest(known: Way, now: Way) -> Way {
    match (known, now) {
        (Way::Draft, now) | (Way::Queued | Way::Failed, now) => now,
        (Way::Submitted, Way::Failed | Way::Delivered) => now,
        (Way::Submitted | Way::Delivered, _) => known,
    }
}

/// Folds anew and writes what follows: state, times, clocks, timers, news.
pub(crate) fn refresh(
    db: &Connection,
    place: i64,
    own: &NodeId,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<Now, VaultError> {
    let mut found = look(db, place, own, now)?;
    let Now { row, standing, events, .. } = &mut found;
    let by_hash = events.iter().map(|kept| (kept.hash, kept)).collect();
    let times = Times::of(standing, &by_hash, row);
    if row.state != standing.state {
        match (row.state, standing.state) {
            (_, State::Failed) => Row::add_news(db, place, News::AskAgain)?,
            (State::Failed, State::Queued) => Row::drop_news(db, place, News::AskAgain)?,
            _ => {}
        }
        row.state = standing.state;
        row.state_at = times.ended.filter(|_| standing.state.phase() == Phase::Final).unwrap_or(now).min(now);
    }
    if standing.equivocations.iter().any(|(side, _)| *side != row.side) {
        Row::add_news(db, place, News::Equivocation)?;
    }
    for due in standing.due.iter().filter(|due| due.side == row.side) {
        let because = due.because.map(|hash| hex(&hash)).unwrap_or_default();
        if let Some(news) = news_of(due.effect)
            && timer::once(db, place, due.effect.as_str(), &because)?
        {
            Row::add_news(db, place, news)?;
        }
    }
    let clocks = clocks::clocks(row, standing, &times, setting, own);
    let clocks = Clocks { erase_on: clocks.erase_on.filter(|_| row.hold.is_none()), ..clocks };
    write(db, row, standing, &times, &clocks, now)?;
    set_timers(db, &found, &clocks, now)?;
    remind(db, &found, &clocks, setting, now)?;
    found.row = Row::at(db, place)?;
    Ok(found)
}

/// Sets what is due when.
fn set_timers(db: &Connection, found: &Now, clocks: &Clocks, now: Timestamp) -> Result<(), VaultError> {
    let Now { row, standing, .. } = found;
    let place = row.place;
    let asks = !standing.gaps.is_empty() && row.erased_at.is_none() && !due::asked_enough(db, place)?;
    let gap_at = match asks {
        false => None,
        true => Some(timer::waiting(db, place, TimerKind::Gap)?.unwrap_or_else(|| due::ask_at(now))),
    };
    let wanted = [
        (TimerKind::Acknowledge, clocks.acknowledge_by),
        (TimerKind::Decide, clocks.decide_by),
        (TimerKind::Escalate, clocks.escalate_by),
        (TimerKind::Life, Some(row.expires_at).filter(|_| standing.state.may_expire())),
        (TimerKind::Withdrawal, clocks.withdrawal_by),
        (TimerKind::Erase, clocks.erase_on.filter(|_| row.erased_at.is_none())),
        (TimerKind::Gap, gap_at),
        (
            TimerKind::Unsent,
            Some(row.expires_at).filter(|_| standing.state == State::Expired && row.way == Way::Queued),
        ),
    ];
    let ends = lapse::due(db, found)?.into_iter().map(|end| (TimerKind::Consent, end));
    let wanted: Vec<_> = wanted.into_iter().filter_map(|(kind, due)| Some((kind, due?))).chain(ends).collect();
    timer::set(db, place, &wanted)
}

/// Sets what a person is to be reminded of.
fn remind(
    db: &Connection,
    found: &Now,
    clocks: &Clocks,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<(), VaultError> {
    let row = &found.row;
    for reminder in reminders::hold_reviews(row, now) {
        timer::remind(db, row.place, reminder.news.as_str(), reminder.due)?;
    }
    let open = found.standing.state.phase() == Phase::Open && row.erased_at.is_none();
    let newest = if open { revision::readable(db, row.place)? } else { None };
    let owes = newest.as_ref().is_some_and(|(_, referral)| reminders::owes_for_override(found, referral, setting));
    if row.has(News::OverrideOpen) && !owes {
        Row::drop_news(db, row.place, News::OverrideOpen)?;
    }
    let Some((_, referral)) = newest else { return Ok(()) };
    for reminder in reminders::reminders(found, &referral, clocks, setting) {
        timer::remind(db, row.place, reminder.news.as_str(), reminder.due)?;
    }
    Ok(())
}

/// The law keeps the content, with a reference; none ends that. Whoever says so again has looked at it.
pub(crate) fn hold(db: &Connection, place: i64, reference: Option<&str>, now: Timestamp) -> Result<(), VaultError> {
    let sql = "UPDATE referral SET hold = ?2, hold_since = ?3 WHERE place = ?1";
    db.execute(sql, params![place, reference, reference.map(|_held| int(now.0))])?;
    Row::drop_news(db, place, News::HoldReview)
}

/// What an effect asks a caseworker to look at.
const fn news_of(effect: Effect) -> Option<News> {
    match effect {
        Effect::Alert | Effect::JudgeCoverage => Some(News::Told),
        Effect::RefuseUncovered | Effect::HideUncovered => Some(News::ConsentEnds),
        Effect::SafetyCheck => Some(News::SafetyCheck),
        Effect::AskAgain => Some(News::AskAgain),
        Effect::AskReinstate | Effect::ShowClocks => Some(News::Crossed),
        Effect::Queue
        | Effect::KeepReceipt
        | Effect::StartClocks
        | Effect::StopAcknowledge
        | Effect::PauseDecide
        | Effect::ResumeDecide
        | Effect::StopDecide
        | Effect::StopClocks
        | Effect::TakeRevision
        | Effect::EraseNow
        | Effect::EraseNotAccepted
        | Effect::EraseLater
        | Effect::ApplyWithdrawal
        | Effect::EraseUncovered
        | Effect::QueueAlternate
        | Effect::WithdrawAlternate
        | Effect::WatchOverride
        | Effect::WatchReflection
        | Effect::Tombstone => None,
    }
}

fn write(
    db: &Connection,
    row: &Row,
    standing: &Standing,
    times: &Times,
    clocks: &Clocks,
    now: Timestamp,
) -> Result<(), VaultError> {
    let at = |at: Option<Timestamp>| at.map(|at| int(at.0));
    let late =
        [clocks.acknowledge_by, clocks.decide_by, clocks.withdrawal_by].into_iter().flatten().any(|by| by <= now);
    db.run(
        "UPDATE referral SET state = ?2, state_at = ?3, way = ?4, why = ?5, level = max(level, ?6), successor = coalesce(?7, successor),
            delivered_at = ?8, opened_at = ?9, decided_at = ?10, service_at = ?11, ended_at = ?12, acknowledge_by = ?13,
            decide_by = ?14, escalate_by = ?15, erase_on = ?16, turn = ?17, late = ?18 WHERE place = ?1",
        params![
            row.place,
            standing.state.code(),
            int(row.state_at.0),
            way_code(row.way),
            standing.why.map(why_code),
            standing.level,
            standing.successor,
            at(row.delivered_at),
            at(times.opened),
            at(times.decided),
            at(times.service),
            at(times.ended),
            at(clocks.acknowledge_by),
            at(clocks.decide_by),
            at(clocks.escalate_by),
            at(clocks.erase_on),
            clocks::turn(row.side, standing, times) as i64,
            late,
        ],
    )?;
    Ok(())
}

/// How far the first revision came, and when the recipient's node stored it: as it says, between what the relay and what this node's own
/// clock said.
fn sent_way(db: &Connection, row: &Row) -> Result<(Way, Option<Timestamp>), VaultError> {
    let Some(message) = revision::messages(db, row.place)?.into_iter().next() else { return Ok((row.way, None)) };
    let query = "SELECT state, accepted_at, delivered_at FROM outbox WHERE message = ?1";
    let found: Option<(String, Option<i64>, Option<i64>)> = db
        .one(query, params![message.as_bytes()], |found| Ok((found.get(0)?, found.get(1)?, found.get(2)?)))
        .optional()?;
    let Some((state, accepted, delivered)) = found else { return Ok((row.way, None)) };
    let way = match OutboxState::parse(&state)? {
        OutboxState::Queued | OutboxState::Sealed => Way::Queued,
        OutboxState::RelayAccepted => Way::Submitted,
        OutboxState::Delivered => Way::Delivered,
        OutboxState::Failed | OutboxState::Expired => Way::Failed,
    };
    let time = |at: Option<i64>| at.map(|at| uint(at).map(Timestamp)).transpose();
    let (accepted, delivered) = (time(accepted)?, time(delivered)?);
    let said = if way == Way::Delivered { stored_at(db, &message)? } else { None };
    let latest = delivered.unwrap_or(Timestamp(u64::MAX));
    Ok((way, said.map(|said| said.max(accepted.unwrap_or(Timestamp(0)).min(latest)).min(latest))))
}

/// When the recipient's node stored a message, as its verified receipts say; the earliest.
pub(crate) fn stored_at(db: &Connection, message: &MessageId) -> Result<Option<Timestamp>, VaultError> {
    let mut rows = db.prepare_cached("SELECT bytes FROM receipt WHERE message = ?1 AND kind = 'delivered'")?;
    let rows = rows.query_map(params![message.as_bytes()], |row| row.get::<_, Vec<u8>>(0))?;
    let mut earliest = None;
    for bytes in rows {
        let receipt = Delivered::parse(&bytes?).ok().map(|receipt| receipt.at().stored_at);
        earliest = earliest.into_iter().chain(receipt).min();
    }
    Ok(earliest)
}

/// What became of a message of the outbox is followed: by the referral of which it is a revision, or that it is about.
///
/// # Errors
/// What the disk says; running it again is safe.
pub(crate) fn follow(
    db: &Connection,
    message: &MessageId,
    own: &NodeId,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<(), VaultError> {
    let place = match Row::by_message(db, message.as_bytes())? {
        Some(row) => Some(row.place),
        None => match stored_at(db, message)? {
            Some(at) => event::stored(db, message, at)?,
            None => None,
        },
    };
    place.map_or(Ok(()), |place| refresh(db, place, own, setting, now).map(drop))
}

/// Referrals whose message has moved without their being told, after a crash between the two.
///
/// # Errors
/// What the disk says.
pub(crate) fn behind(db: &Connection) -> Result<Vec<i64>, VaultError> {
    let mut rows = db.prepare_cached(
        "SELECT DISTINCT r.place FROM referral r JOIN referral_revision v ON v.referral = r.place
            JOIN outbox o ON o.message = v.message
            WHERE r.side = 1 AND r.state IN ('queued', 'failed', 'submitted')
                AND v.message = (SELECT f.message FROM referral_revision f WHERE f.referral = r.place ORDER BY f.revision, f.at LIMIT 1)
                AND NOT (r.way = 4 OR (r.way = 3 AND o.state IN ('queued', 'sealed'))) AND r.way <> CASE o.state
                WHEN 'queued' THEN 1 WHEN 'sealed' THEN 1 WHEN 'relay-accepted' THEN 3 WHEN 'delivered' THEN 4 ELSE 2 END
            LIMIT 256",
    )?;
    let rows = rows.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |text, byte| text + &format!("{byte:02x}"))
}

/// Whether it can still be opened by a person here.
pub(crate) const fn may_be_read(state: State) -> bool {
    !matches!(state, State::Withdrawn | State::Expired | State::Erased)
}
