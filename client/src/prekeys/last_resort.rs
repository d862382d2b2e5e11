//! Whether the relay serves signed prekeys while it has one-time ones: what is sealed to a signed one opens until that key ends,
//! so a relay that wants much to open late serves nothing else.
//!
//! The relay's own reports are held against what arrives. A message under a signed prekey speaks against the relay when some
//! one-time prekey was in the report before the message was queued and is still in a report after it came: the relay had that key all
//! the while. Unless the sender may have used up its share (`docs/PROTOCOL.md` §3), for then the relay is to serve the signed
//! one. One message proves little; several within a day are an alarm.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    id::{EnvelopeDigest, NodeId, PrekeyId},
    limits::PREKEY_POPS_PER_HOUR_MAX,
    prekey::record::PrekeyKind,
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{RelayStock, code};
use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// So many messages that speak against the relay within a day are an alarm: one or two may be a fetch whose message never came.
pub const WITHHELD_MIN: u64 = 3;

/// The alarm is shown so long after the last of them.
const ALARM_S: u64 = 7 * DAY_S;

/// Reports closer together than this are one: a link that comes and goes must not fill the table.
const REPORT_EVERY_S: u64 = HOUR_S;

/// Reports and arrivals are kept so long; a message that waited longer for its recipient is not judged.
const KEPT_S: u64 = 2 * DAY_S;

/// How far a sender's clock may be off.
const CLOCK_SLACK_S: u64 = 300;

/// Arrivals of each kind kept at most; beyond, they are not judged.
const ARRIVALS_MAX: i64 = 4_096;

/// One requester gets this part of the stock in a day.
const SHARE: u64 = 10;

/// Of an arrival: not judged yet, spoken for, speaks against the relay.
const OPEN: i64 = 0;
const EXPLAINED: i64 = 1;
const AGAINST: i64 = 2;

/// One-time prekeys seem to be kept back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Withheld {
    /// Messages within a day that came under a signed prekey for no other reason.
    pub messages: u64,
    /// How many nodes sent them. One alone may have used the signed prekey of its own accord.
    pub senders: u64,
}

/// Notes under which kind of prekey an envelope came, inside the transaction that stores it.
pub(crate) fn arrived(
    db: &Connection,
    kind: PrekeyKind,
    sender: &NodeId,
    created: Timestamp,
    envelope: &EnvelopeDigest,
    now: Timestamp,
) -> Result<(), VaultError> {
    db.run(
        "INSERT OR IGNORE INTO prekey_arrival (digest, sender, kind, created, at) SELECT ?1, ?2, ?3, ?4, ?5
            WHERE (SELECT count(*) FROM prekey_arrival WHERE kind = ?3) < ?6",
        params![envelope.as_bytes(), sender.as_bytes(), code(kind), int(created.0), int(now.0), ARRIVALS_MAX],
    )?;
    Ok(())
}

/// Takes a report of the relay and judges by it what came before.
///
/// # Errors
/// What the disk says; nothing is changed then.
pub fn reported(vault: &mut Vault, stock: &RelayStock, now: Timestamp) -> Result<(), VaultError> {
    let tx = vault.begin()?;
    for row in open(&tx)? {
        let verdict = match report_before(&tx, row.created)? {
            Some(before) => judge(&tx, &row, still_there(&before, stock))?,
            None => OPEN,
        };
        tx.run("UPDATE prekey_arrival SET verdict = ?2 WHERE digest = ?1", params![row.digest, verdict])?;
    }
    let day = int(now.before(DAY_S).0);
    let (messages, senders): (i64, i64) = tx.one(
        "SELECT count(*), count(DISTINCT sender) FROM prekey_arrival WHERE verdict = ?1 AND at >= ?2",
        [AGAINST, day],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if uint(messages)? >= WITHHELD_MIN {
        tx.run(
            "REPLACE INTO prekey_withheld (only, at, messages, senders) VALUES (1, ?1, ?2, ?3)",
            [int(now.0), messages, senders],
        )?;
    }
    for table in ["prekey_arrival", "stock_report"] {
        let old = format!("DELETE FROM {table} WHERE at < ?1 OR at > ?2");
        tx.run(&old, [int(now.before(KEPT_S).0), int(now.after(CLOCK_SLACK_S).0)])?;
    }
    let newest: Option<i64> = tx.one("SELECT max(at) FROM stock_report", [], |row| row.get(0))?;
    if newest.is_none_or(|at| at <= int(now.before(REPORT_EVERY_S).0)) {
        let ids: Vec<u8> = stock.one_time.iter().flat_map(|id| *id.as_bytes()).collect();
        tx.run("INSERT INTO stock_report (at, one_time) VALUES (?1, ?2)", params![int(now.0), ids])?;
    }
    Ok(tx.commit()?)
}

/// An arrival under a signed prekey that is not judged yet.
struct Arrival {
    digest: [u8; 32],
    sender: [u8; 32],
    created: Timestamp,
}

fn open(db: &Connection) -> Result<Vec<Arrival>, VaultError> {
    let mut rows =
        db.prepare_cached("SELECT digest, sender, created FROM prekey_arrival WHERE kind = ?1 AND verdict = ?2")?;
    let rows =
        rows.query_map([code(PrekeyKind::Signed), OPEN], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?)))?;
    rows.map(|row| {
        let (digest, sender, created) = row?;
        Ok(Arrival { digest, sender, created: Timestamp(uint(created)?) })
    })
    .collect()
}

/// The one-time prekeys of the last report that surely came before this time of a sender's clock.
fn report_before(db: &Connection, created: Timestamp) -> Result<Option<Vec<u8>>, VaultError> {
    Ok(db
        .one(
            "SELECT one_time FROM stock_report WHERE at <= ?1 ORDER BY at DESC LIMIT 1",
            [int(created.before(CLOCK_SLACK_S).0)],
            |row| row.get(0),
        )
        .optional()?)
}

/// How many of the keys that were reported then are reported now.
fn still_there(before: &[u8], stock: &RelayStock) -> u64 {
    let now: BTreeSet<&PrekeyId> = stock.one_time.iter().collect();
    let (ids, _rest) = before.as_chunks::<16>();
    let kept = ids.iter().filter(|id| now.contains(&PrekeyId::from_bytes(**id))).count();
    u64::try_from(kept).unwrap_or(u64::MAX)
}

/// The verdict on an arrival while the relay held at least `kept` one-time prekeys.
fn judge(db: &Connection, arrival: &Arrival, kept: u64) -> Result<i64, VaultError> {
    if kept == 0 {
        return Ok(EXPLAINED);
    }
    let share = (kept / SHARE).clamp(1, u64::from(PREKEY_POPS_PER_HOUR_MAX));
    let taken: i64 = db.one(
        "SELECT count(*) FROM prekey_arrival WHERE kind = ?1 AND sender = ?2 AND at >= ?3",
        params![code(PrekeyKind::OneTime), arrival.sender, int(arrival.created.before(DAY_S).0)],
        |row| row.get(0),
    )?;
    Ok(if uint(taken)? >= share { EXPLAINED } else { AGAINST })
}

/// Whether the relay seems to keep one-time prekeys back.
///
/// # Errors
/// What the disk says.
pub fn withheld(vault: &Vault, now: Timestamp) -> Result<Option<Withheld>, VaultError> {
    let found: Option<(i64, i64)> = vault
        .db()
        .one("SELECT messages, senders FROM prekey_withheld WHERE at >= ?1", [int(now.before(ALARM_S).0)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found.map(|(messages, senders)| Ok(Withheld { messages: uint(messages)?, senders: uint(senders)? })).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, Seeded, reopen, vault};

    fn stock(ids: std::ops::Range<u8>) -> RelayStock {
        RelayStock { one_time: ids.map(|id| PrekeyId::from_bytes([id; 16])).collect(), signed: Vec::new() }
    }

    /// Messages that arrive one second after they were queued.
    fn came(vault: &Vault, kind: PrekeyKind, sender: u8, first: u8, count: u8, at: Timestamp) {
        for number in first..first + count {
            let digest = EnvelopeDigest::from_bytes([number; 32]);
            arrived(vault.db(), kind, &NodeId::from_bytes([sender; 32]), at.before(1), &digest, at).unwrap();
        }
    }

    fn told(vault: &Vault, now: Timestamp) -> Option<(u64, u64)> {
        withheld(vault, now).unwrap().map(|withheld| (withheld.messages, withheld.senders))
    }

    /// Trap 27.
    #[test]
    fn three_messages_to_the_signed_key_while_one_time_ones_lie_at_the_relay_are_an_alarm_and_two_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(dir.path(), &mut Seeded::new(1));
        reported(&mut vault, &stock(0..150), NOW).unwrap();

        came(&vault, PrekeyKind::Signed, 1, 0, 2, NOW.after(HOUR_S));
        reported(&mut vault, &stock(0..150), NOW.after(2 * HOUR_S)).unwrap();
        let two = told(&vault, NOW.after(2 * HOUR_S));
        came(&vault, PrekeyKind::Signed, 2, 2, 1, NOW.after(3 * HOUR_S));
        let unjudged = told(&vault, NOW.after(3 * HOUR_S));
        reported(&mut vault, &stock(0..150), NOW.after(6 * HOUR_S)).unwrap();
        drop(vault);
        let again = reopen(dir.path(), NOW.after(7 * HOUR_S), &mut Seeded::new(2));

        assert_eq!((two, unjudged), (None, None));
        assert_eq!(told(&again, NOW.after(7 * HOUR_S)), Some((3, 2)), "also after a restart");
        assert_eq!(told(&again, NOW.after(6 * HOUR_S + ALARM_S)), Some((3, 2)));
        assert_eq!(told(&again, NOW.after(6 * HOUR_S + ALARM_S + 1)), None);
    }

    #[test]
    fn messages_to_the_signed_key_are_no_alarm_when_the_stock_was_empty_or_all_of_it_was_taken() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(dir.path(), &mut Seeded::new(3));
        let later = NOW.after(6 * HOUR_S);

        came(&vault, PrekeyKind::Signed, 1, 0, 50, NOW.after(1));
        reported(&mut vault, &stock(0..0), NOW.after(1)).unwrap();
        came(&vault, PrekeyKind::Signed, 1, 50, 50, NOW.after(HOUR_S));
        reported(&mut vault, &stock(0..200), NOW.after(3 * HOUR_S)).unwrap();
        came(&vault, PrekeyKind::Signed, 2, 100, 50, NOW.after(4 * HOUR_S));
        reported(&mut vault, &stock(200..250), later).unwrap();

        assert_eq!(told(&vault, later), None);
    }

    #[test]
    fn what_was_queued_before_the_relay_had_a_stock_is_no_alarm() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(dir.path(), &mut Seeded::new(4));
        reported(&mut vault, &stock(0..200), NOW).unwrap();

        came(&vault, PrekeyKind::Signed, 1, 0, 50, NOW.after(CLOCK_SLACK_S));
        reported(&mut vault, &stock(0..200), NOW.after(6 * HOUR_S)).unwrap();
        let before = told(&vault, NOW.after(6 * HOUR_S));
        came(&vault, PrekeyKind::Signed, 1, 50, 3, NOW.after(6 * HOUR_S + CLOCK_SLACK_S + 1));
        reported(&mut vault, &stock(0..200), NOW.after(12 * HOUR_S)).unwrap();

        assert_eq!((before, told(&vault, NOW.after(12 * HOUR_S))), (None, Some((3, 1))));
    }

    #[test]
    fn a_sender_that_has_had_its_share_gets_the_signed_key_without_an_alarm() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(dir.path(), &mut Seeded::new(5));
        let now = NOW.after(6 * HOUR_S);
        reported(&mut vault, &stock(0..200), NOW).unwrap();

        // A tenth of the 190 that were there all the while is 19.
        came(&vault, PrekeyKind::OneTime, 1, 0, 19, NOW.after(HOUR_S));
        came(&vault, PrekeyKind::Signed, 1, 100, 50, NOW.after(HOUR_S));
        came(&vault, PrekeyKind::OneTime, 2, 50, 18, NOW.after(HOUR_S));
        came(&vault, PrekeyKind::Signed, 2, 150, 40, NOW.after(HOUR_S));
        reported(&mut vault, &stock(10..200), now).unwrap();

        assert_eq!(told(&vault, now), Some((40, 1)), "nineteen are a share, eighteen are not");
    }

    #[test]
    fn reports_and_arrivals_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let mut vault = vault(dir.path(), &mut Seeded::new(6));
        let rows = |vault: &Vault, table: &str| -> i64 {
            vault.db().query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };

        for quarter in 0..240 {
            reported(&mut vault, &stock(0..200), NOW.after(quarter * 900)).unwrap();
        }
        let tx = vault.begin().unwrap();
        for number in 0..=u32::try_from(ARRIVALS_MAX).unwrap() {
            let mut digest = [0; 32];
            digest[..4].copy_from_slice(&number.to_be_bytes());
            let (digest, sender) = (EnvelopeDigest::from_bytes(digest), NodeId::from_bytes([1; 32]));
            arrived(&tx, PrekeyKind::Signed, &sender, NOW, &digest, NOW).unwrap();
        }
        tx.commit().unwrap();

        assert!(rows(&vault, "stock_report") <= 49);
        assert_eq!(rows(&vault, "prekey_arrival"), ARRIVALS_MAX);
        reported(&mut vault, &stock(0..200), NOW.after(5 * DAY_S)).unwrap();
        assert_eq!((rows(&vault, "stock_report"), rows(&vault, "prekey_arrival")), (1, 0));
    }
}
