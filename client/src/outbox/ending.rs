//! Every message ends, and its end is written down once: by the recipient's receipt or refusal, by the relay's notice, or by this node,
//! which gives up what never left and what nobody can answer any more.

use rusqlite::{Connection, params};
use safeconduct_protocol::{
    id::{MessageId, NodeId},
    limits::{MESSAGE_LIFE_S, REPLY_LIFE_EXTRA_S},
    receipt::chain::EntryKind,
    time::{DAY_S, Timestamp},
};

use super::FailReason;
use crate::{
    evidence::chain,
    vault::{VaultError, int},
};

/// After this long nothing that waits is of use to anybody: no referral lives longer.
pub const UNSENT_MAX_S: u64 = 90 * DAY_S;
/// Ends that are written down in one run at most.
const AT_ONCE_MAX: u32 = 256;

// Asked once a minute: the indexes hold only what is on its way, and ends that are not written down yet.

const UNSENT: &str = "UPDATE outbox INDEXED BY outbox_unsent SET state = 'failed', reason = ?2, alarm = 1
    WHERE (kind = 1 OR kind = 5 OR kind = 6) AND (state = 'queued' OR state = 'sealed') AND alarm_at - alarm_after_s < ?1";
const UNHEARD: &str = "UPDATE outbox INDEXED BY outbox_unheard SET state = 'failed', reason = ?2, alarm = 1
    WHERE (kind = 1 OR kind = 5 OR kind = 6) AND state = 'relay-accepted' AND accepted_at < ?1
        AND NOT EXISTS (SELECT 1 FROM seal s WHERE s.message = outbox.message AND s.watch_until >= ?3)";
const ENDED: &str =
    "SELECT message, recipient, commitment, state, ifnull(reason, '') FROM outbox INDEXED BY outbox_ended
    WHERE (kind = 1 OR kind = 5 OR kind = 6) AND (state = 'failed' OR state = 'expired') AND ended_at IS NULL ORDER BY place LIMIT ?1";

/// Gives up what has waited too long, and what nobody can answer any more: `sure` is the time of which this node is sure.
pub(super) fn give_up(db: &Connection, sure: Timestamp) -> Result<(), VaultError> {
    let before = int(sure.before(UNSENT_MAX_S).0);
    db.execute(UNSENT, params![before, FailReason::OutOfTime.as_str()])?;
    let before = int(sure.before(MESSAGE_LIFE_S.saturating_add(REPLY_LIFE_EXTRA_S)).0);
    db.execute(UNHEARD, params![before, FailReason::NoWord.as_str(), int(sure.0)])?;
    Ok(())
}

/// Writes into the chains with their recipients what was given up and is not written down yet. What relay or recipient have signed is
/// evidence by itself.
pub(super) fn write_down(db: &Connection, now: Timestamp) -> Result<(), VaultError> {
    type Ended = ([u8; 16], [u8; 32], [u8; 32], String, String);
    let ended: Vec<Ended> = {
        let mut rows = db.prepare_cached(ENDED)?;
        let rows =
            rows.query_map([AT_ONCE_MAX], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        rows.collect::<Result<_, _>>()?
    };
    for (message, recipient, commitment, state, reason) in ended {
        let is_signed = state == "expired" || reason == FailReason::RefusedThere.as_str();
        if !is_signed {
            let body = [&message[..], &commitment, reason.as_bytes()].concat();
            let (partner, message) = (NodeId::from_bytes(recipient), MessageId::from_bytes(message));
            chain::append_here(db, &partner, Some(&message), EntryKind::GivenUp, &body, now)?;
        }
        db.execute("UPDATE outbox SET ended_at = ?2 WHERE message = ?1", params![message, int(now.0)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, plan, vault};

    #[test]
    fn what_is_to_end_is_found_without_reading_what_has_ended() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(4));
        for (statement, index) in [(UNSENT, "outbox_unsent"), (UNHEARD, "outbox_unheard"), (ENDED, "outbox_ended")] {
            let steps = plan(vault.db(), statement);
            assert!(steps.iter().any(|step| step.contains(index)), "{statement}: {steps:?}");
            assert!(
                !steps.iter().any(|step| step == "SCAN outbox" || step.starts_with("SCAN s")),
                "{statement}: {steps:?}"
            );
        }
    }
}
