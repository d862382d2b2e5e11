//! What one of two nodes has lost, or never got: events are asked for by their places, and given as signed, without details but for which consents were
//! taken back.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::case::{CaseContent, Details, LogPlace, Whose},
    id::NodeId,
    limits::{LOG_EVENTS_MAX, LOG_PLACES_MAX},
    receipt::case::CaseAct,
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{
    give::{Desk, tell, tell_later},
    life::terms::Side,
    stand::Now,
    store::{
        event,
        row::Row,
        timer::{self, TimerKind},
    },
};
use crate::vault::VaultError;

/// A question about one referral is answered once in so many seconds.
const ANSWER_AGAIN_S: u64 = HOUR_S;
/// The logs of all referrals are sent to one partner once in so many seconds.
const RESTORED_AGAIN_S: u64 = DAY_S;
/// Messages with which one question is answered at most.
const ANSWERS_MAX: usize = 4;
/// Changes of consents that are told again beside them, at most: more than a referral has consents.
const CHANGES_MAX: usize = 32;
/// Open referrals with one partner whose logs are sent after its restore.
const RESTORED_MAX: i64 = 1000;

const UNFIT: VaultError = VaultError::Unfit { what: "a log that fits its layout" };

/// Asks the other agency for what is missing.
pub(crate) fn ask(db: &Connection, found: &Now, now: Timestamp, entropy: &mut dyn Entropy) -> Result<(), VaultError> {
    let row = &found.row;
    let whose = |side: Side| if side == row.side { Whose::Own } else { Whose::Theirs };
    let gaps = found.standing.gaps.iter().take(LOG_PLACES_MAX);
    let places: Vec<_> = gaps.map(|gap| LogPlace { whose: whose(gap.of), epoch: 0, number: gap.number }).collect();
    if places.is_empty() {
        return Ok(());
    }
    let content = CaseContent::LogRequest(row.referral, places).encode().ok().ok_or(UNFIT)?;
    tell(db, row, &content, now, entropy).map(drop)
}

/// Answers such a question with what is here.
pub(crate) fn answer(
    db: &Connection,
    desk: &Desk<'_>,
    partner: &NodeId,
    referral: &[u8; 16],
    places: &[LogPlace],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    for side in Side::ALL {
        let Some(row) = Row::find(db, referral, *side, partner)? else { continue };
        let asked = |kept: &event::Kept| {
            let says = kept.event.says();
            // Seen from who asks: their own are those that the partner signed.
            let whose = if says.signer == *desk.own() { Whose::Theirs } else { Whose::Own };
            let at =
                |place: &LogPlace| place.whose == whose && (says.epoch, says.number) >= (place.epoch, place.number);
            places.iter().any(|place| at(place) && says.number >= place.number)
        };
        let events: Vec<event::Kept> = event::all(db, row.place)?.into_iter().filter(asked).collect();
        if !events.is_empty() && timer::again(db, row.place, TimerKind::Answered, ANSWER_AGAIN_S, now)? {
            send(db, &row, &events, now, entropy)?;
        }
    }
    Ok(())
}

fn send(
    db: &Connection,
    row: &Row,
    events: &[event::Kept],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    for events in events.chunks(LOG_EVENTS_MAX).take(ANSWERS_MAX) {
        let events = events.iter().map(|kept| kept.event.clone()).collect();
        let content = CaseContent::Log(events).encode().ok().ok_or(UNFIT)?;
        tell_later(db, row, &content, now, entropy)?;
    }
    // Which consents were taken back is told again, too: who does not know it shows too much.
    let changes =
        events.iter().filter(|kept| kept.side == row.side && kept.event.says().act == CaseAct::ConsentChanged);
    for kept in changes.take(CHANGES_MAX) {
        let Some((salt, bytes)) = kept.salt.zip(kept.details.clone()) else { continue };
        let event = Box::new(kept.event.clone());
        let content = CaseContent::Event(event, Some(Details { salt, bytes })).encode().ok().ok_or(UNFIT)?;
        tell_later(db, row, &content, now, entropy)?;
    }
    Ok(())
}

/// A partner was restored from a backup: it gets the events of every referral that is not erased, its own too.
pub(crate) fn restored(
    db: &Connection,
    partner: &NodeId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let condition = "partner = ?1 AND erased_at IS NULL ORDER BY place DESC LIMIT ?2";
    let newest =
        Row::all(db, "partner = ?1 AND erased_at IS NULL ORDER BY place DESC LIMIT 1", [partner.as_bytes()])?.pop();
    // The newest stands for all.
    let Some(newest) = newest else { return Ok(()) };
    if !timer::again(db, newest.place, TimerKind::Restored, RESTORED_AGAIN_S, now)? {
        return Ok(());
    }
    for row in Row::all(db, condition, params![partner.as_bytes(), RESTORED_MAX])? {
        send(db, &row, &event::all(db, row.place)?, now, entropy)?;
    }
    Ok(())
}
