//! What time does to messages: alarms, envelopes that outlived their day, erasure. Run once a minute.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    id::MessageId,
    limits::{EXPIRY_DAYS_MAX, MESSAGE_LIFE_S, RESEALS_MAX},
    time::{HOUR_S, Timestamp},
};

use super::{OutboxEntry, OutboxError, OutboxState, ending, find};
use crate::{
    registry,
    vault::{Sql as _, Vault, VaultError, int},
};

/// Sealed content stays this long after the recipient's receipt, for a person to look at, then it is erased
pub const CONTENT_KEPT_S: u64 = 72 * HOUR_S;

/// A time further ahead than this was noted by a clock that was wrong.
const AHEAD_MAX_S: u64 = 300;

// Each is asked once a minute, and reads only what it changes: the indexes that are named hold nothing else for long.

const ALARM: &str = "UPDATE outbox INDEXED BY outbox_alarm SET alarm = 1
    WHERE (state = 'queued' OR state = 'sealed' OR state = 'relay-accepted') AND kind <> 2 AND alarm = 0 AND alarm_at <= ?1";
const FORGET_CONTENT: &str = "UPDATE outbox INDEXED BY outbox_kept SET content = NULL
    WHERE content IS NOT NULL AND state = 'delivered' AND delivered_at <= ?1";
const FORGET_ENVELOPES: &str = "UPDATE seal SET envelope = NULL, reply_secret = NULL, reply_slot_secret = NULL
    WHERE envelope IS NOT NULL AND digest IN (SELECT s.digest FROM seal s INDEXED BY seal_kept
        CROSS JOIN outbox o WHERE s.envelope IS NOT NULL AND o.message = s.message AND o.state = 'delivered' AND o.delivered_at <= ?1)";
const FORGET_KEYS: &str =
    "UPDATE seal INDEXED BY seal_watched SET reply_secret = NULL, reply_slot_secret = NULL, status_slot_secret = NULL
    WHERE watch_until < ?1 AND (reply_secret IS NOT NULL OR status_slot_secret IS NOT NULL)";
const BRING_BACK: &str =
    "UPDATE outbox INDEXED BY outbox_ahead SET queued_at = min(queued_at, ?1), accepted_at = min(accepted_at, ?1),
    delivered_at = min(delivered_at, ?1) WHERE max(queued_at, ifnull(accepted_at, 0), ifnull(delivered_at, 0)) > ?2";
const BRING_BACK_ALARMS: &str =
    "UPDATE outbox INDEXED BY outbox_alarm_ahead SET alarm_at = ?1 + alarm_after_s WHERE alarm_at - alarm_after_s > ?2";
const DONE: &str = "SELECT message FROM outbox INDEXED BY outbox_old WHERE kind IN (2, 3, 4, 7) AND queued_at < ?1
    AND ((kind = 2 AND state IN ('relay-accepted', 'failed')) OR (kind <> 2
        AND NOT EXISTS (SELECT 1 FROM seal s WHERE s.message = outbox.message AND s.watch_until >= ?2)))";
const FORGET_PREKEYS: &str = "DELETE FROM prekey_used WHERE until < ?1";

/// Whether the salt of a commitment is erased with the content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SaltPolicy {
    /// Kept: whoever still has the content can show that this was it.
    #[default]
    Keep,
    /// Erased: the commitment stays and means nothing.
    Erase,
}

/// What upkeep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Upkeep {
    /// Messages whose sender is alarmed from now on.
    pub alarmed: usize,
    /// Envelopes that the relay would not take any more, to be sealed anew.
    pub outlived: usize,
    /// Messages whose content was erased.
    pub erased: usize,
    /// Messages that were noted by a clock that was ahead: they count as noted now.
    pub ahead: usize,
}

/// Does what is due at `now`, and on this machine's own clock where it cannot be undone.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn run(vault: &mut Vault, salt: SaltPolicy, now: Timestamp, clock: Timestamp) -> Result<Upkeep, VaultError> {
    let tx = vault.begin()?;
    let ahead = bring_back(&tx, now)?;
    let alarmed = tx.run(ALARM, [int(now.0)])?;
    let outlived = requeue_untimely(&tx, now)?;
    let due = int(now.before(CONTENT_KEPT_S).0);
    let erased = tx.run(FORGET_CONTENT, [due])?;
    tx.run(FORGET_ENVELOPES, [due])?;
    // Keys cannot be had back, so that one clock that is ahead must not erase them.
    let sure = registry::confirmed(&tx, clock)?;
    let keys = tx.run(FORGET_KEYS, [int(sure.0)])?;
    if salt == SaltPolicy::Erase {
        tx.run("UPDATE outbox SET salt = zeroblob(32) WHERE content IS NULL", [])?;
    }
    ending::give_up(&tx, now.min(sure))?;
    ending::write_down(&tx, now)?;
    forget(&tx, now, sure)?;
    tx.commit()?;
    if erased > 0 || keys > 0 {
        vault.checkpoint()?;
    }
    Ok(Upkeep { alarmed, outlived, erased, ahead })
}

/// Envelopes whose last day no relay takes are sealed anew: those that have outlived it, and those that a clock that was
/// ahead has given one too far away. The first takes days each time; the second is bounded, for a clock can be set to and
/// fro: after that the envelope waits until its day is near enough.
fn requeue_untimely(db: &Connection, now: Timestamp) -> Result<usize, VaultError> {
    let newest =
        "s.message = outbox.message AND s.attempt = (SELECT max(attempt) FROM seal WHERE message = outbox.message)";
    let outlived = db.run(
        &format!(
            "UPDATE outbox SET state = 'queued', not_before = ?1, last_error = 'envelope-outlived',
                request = randomblob(16)
                WHERE state = 'sealed' AND NOT EXISTS (SELECT 1 FROM seal s WHERE {newest} AND s.expires >= ?2)"
        ),
        params![int(now.0), now.day().0],
    )?;
    let ahead = db.run(
        &format!(
            "UPDATE outbox SET state = 'queued', not_before = ?1, last_error = 'envelope-ahead', reseals = reseals + 1,
                request = randomblob(16)
                WHERE state = 'sealed' AND reseals < ?3
                    AND EXISTS (SELECT 1 FROM seal s WHERE {newest} AND s.expires > ?2)"
        ),
        params![int(now.0), now.day().after(EXPIRY_DAYS_MAX).0, RESEALS_MAX],
    )?;
    Ok(outlived.saturating_add(ahead))
}

/// Times that lie in the future were noted by a clock that was wrong: they become now, so that alarms, pauses and erasure
/// do not wait for them.
fn bring_back(db: &Connection, now: Timestamp) -> Result<usize, VaultError> {
    let (now, most) = (int(now.0), int(now.after(AHEAD_MAX_S).0));
    let ahead = db.run(BRING_BACK, [now, most])?;
    db.run(BRING_BACK_ALARMS, [now, most])?;
    Ok(ahead)
}

/// Receipts are done when the relay has them; pings and cover mean nothing when nothing can answer them any more; a used prekey is
/// remembered as long as it could be served again.
fn forget(db: &Connection, now: Timestamp, sure: Timestamp) -> Result<(), VaultError> {
    let old = int(now.before(MESSAGE_LIFE_S).0);
    let done: Vec<[u8; 16]> = {
        let mut rows = db.prepare_cached(DONE)?;
        rows.query_map(params![old, int(now.0)], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for message in done {
        db.run("DELETE FROM seal WHERE message = ?1", [message])?;
        db.run("DELETE FROM outbox WHERE message = ?1", [message])?;
    }
    db.run(FORGET_PREKEYS, [int(sure.0)])?;
    Ok(())
}

/// Sends a message again after a person's yes: it gets a new envelope with a new prekey, under the same message id, so that
/// the recipient shows it once even if the first one arrives too.
///
/// # Errors
/// [`OutboxError::WrongState`] when it is delivered, or still on its way and not overdue.
pub fn send_again(vault: &mut Vault, message: &MessageId, now: Timestamp) -> Result<(), OutboxError> {
    may_send_again(&find(vault, message)?.ok_or(OutboxError::UnknownMessage { message: *message })?)?;
    vault.db().run(
        "UPDATE outbox SET state = 'queued', reason = NULL, last_error = NULL, attempts = 0, reseals = 0, alarm = 0,
            alarm_at = ?2 + alarm_after_s, not_before = ?2, request = randomblob(16), ended_at = NULL WHERE message = ?1",
        params![message.as_bytes(), int(now.0)],
    )?;
    Ok(())
}

/// Whether a message can be sent again.
///
/// # Errors
/// [`OutboxError::WrongState`] when it is delivered, or still on its way and not overdue.
pub const fn may_send_again(entry: &OutboxEntry) -> Result<(), OutboxError> {
    let may = match entry.state {
        OutboxState::Failed | OutboxState::Expired => true,
        OutboxState::RelayAccepted => entry.alarm,
        OutboxState::Queued | OutboxState::Sealed | OutboxState::Delivered => false,
    };
    if may { Ok(()) } else { Err(OutboxError::WrongState { state: entry.state }) }
}

/// Ends the alarm of a message that was given up: a person has seen it, and does something else about it than send it again.
///
/// # Errors
/// [`OutboxError::WrongState`] while it is on its way, or when it has arrived.
pub fn seen(vault: &Vault, entry: &OutboxEntry) -> Result<(), OutboxError> {
    if !entry.state.is_given_up() {
        return Err(OutboxError::WrongState { state: entry.state });
    }
    vault.db().run("UPDATE outbox SET alarm = 0 WHERE message = ?1", params![entry.message.as_bytes()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, plan, vault};

    #[test]
    fn what_is_done_each_minute_reads_no_whole_table() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(4));
        let asked = [ALARM, FORGET_CONTENT, FORGET_KEYS, BRING_BACK, BRING_BACK_ALARMS, DONE, FORGET_PREKEYS];
        for statement in asked {
            let steps = plan(vault.db(), statement);
            assert!(!steps.is_empty() && !steps.iter().any(|step| step.contains("SCAN")), "{statement}: {steps:?}");
        }
        // Of the envelopes only those that are still there.
        let steps = plan(vault.db(), FORGET_ENVELOPES);
        let scanned: Vec<&String> = steps.iter().filter(|step| step.contains("SCAN")).collect();
        assert!(scanned.iter().all(|step| step.contains("seal_kept")) && scanned.len() == 1, "{steps:?}");
    }
}
