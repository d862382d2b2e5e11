//! This node's own prekeys: made, published, used up, erased (`docs/PROTOCOL.md` §6).
//!
//! The secret halves live in `prekeys.seeds`, the records and tombstones in the database, and no transaction spans
//! both. A new key's seed is durable in the file before its record is in the database, and so before it is uploaded. A
//! used key's tombstone is in the database before its seed leaves the file; a seed with a tombstone counts as gone.

pub mod last_resort;
pub(crate) mod seeds;

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    crypto::kem::KemSecret,
    entropy::Entropy,
    envelope::desk::{LivePrekey, PrekeyState},
    id::{KeyId, NodeId, PrekeyId},
    limits::{PREKEY_BATCH_MAX, PREKEY_LIFE_S, PREKEY_SKEW_S, PREKEY_STOCK_TARGET, SIGNED_PREKEYS_KEPT},
    prekey::{
        record::{PrekeyKind, PrekeyRecord, PrekeyTerms},
        stock::{REFILL_EVERY_S, Stock, next_refill, opens_until, refill as wanted},
    },
    receipt::settle::NackReason,
    time::{DAY_S, Timestamp},
};

use crate::{
    keys::Identity,
    registry,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// Where a record names the identity key that has signed it.
const SIGNED_BY: &str = "substr(record, 41, 32)";

const DAMAGED: VaultError = VaultError::Damaged { what: "a prekey record is altered" };
/// A tombstone outlives the last second at which its key could have opened anything by this much, so that a late
/// sender is told "consumed" or "expired" and not "unknown".
const TOMBSTONE_EXTRA_S: u64 = 30 * DAY_S;

/// One-time seeds kept at most: ten times the stock, 112 KB. A relay that denies what it holds cannot make the file
/// grow without end; beyond this its senders get signed prekeys.
pub const ONE_TIME_LIVE_MAX: usize = 10 * PREKEY_STOCK_TARGET;

/// What the relay says it holds of this node's prekeys.
#[derive(Default)]
pub struct RelayStock {
    /// One-time prekeys not yet handed out.
    pub one_time: Vec<PrekeyId>,
    /// Signed prekeys served.
    pub signed: Vec<PrekeyId>,
}

impl RelayStock {
    /// From the ids in the relay's answer.
    #[must_use]
    pub fn of(one_time: &[[u8; 16]], signed: &[[u8; 16]]) -> Self {
        let ids = |ids: &[[u8; 16]]| ids.iter().copied().map(PrekeyId::from_bytes).collect();
        Self { one_time: ids(one_time), signed: ids(signed) }
    }
}

const fn code(kind: PrekeyKind) -> i64 {
    match kind {
        PrekeyKind::Signed => 1,
        PrekeyKind::OneTime => 2,
    }
}

/// Looks one prekey up: by its exact id, never by trial. `now` is the time to reckon with: a clock that has gone back brings back
/// nothing that the authority's time has ended, and whoever is told so seals anew.
pub(crate) fn standing(vault: &Vault, id: &PrekeyId, now: Timestamp) -> Result<PrekeyState, VaultError> {
    match tombstone(vault.db(), id)? {
        Some(NackReason::Expired) => return Ok(PrekeyState::Expired),
        Some(_) => return Ok(PrekeyState::Consumed),
        None => {}
    }
    let record: Option<Vec<u8>> = vault
        .db()
        .one("SELECT record FROM prekey WHERE id = ?1", params![id.as_bytes()], |row| row.get(0))
        .optional()?;
    let (Some(record), Some(secret)) = (record, vault.seeds().secret(id)) else { return Ok(PrekeyState::Unknown) };
    let record = PrekeyRecord::parse(&record).ok().ok_or(DAMAGED)?;
    if registry::confirmed(vault.db(), now)? > opens_until(record.terms().not_after) {
        return Ok(PrekeyState::Expired);
    }
    let (kind, identity) = (record.terms().kind, record.identity());
    Ok(PrekeyState::Live(LivePrekey { secret: KemSecret::from_bytes(secret), kind, identity }))
}

/// What is known of a prekey whose seed is there: its kind, and how long it opens.
pub(crate) fn terms(vault: &Vault, id: &PrekeyId) -> Result<Option<(PrekeyKind, Timestamp)>, VaultError> {
    let kind: Option<i64> =
        vault.db().one("SELECT kind FROM prekey WHERE id = ?1", params![id.as_bytes()], |row| row.get(0)).optional()?;
    let Some((kind, not_after)) = kind.zip(vault.seeds().not_after(id)) else { return Ok(None) };
    let kind = if kind == code(PrekeyKind::OneTime) { PrekeyKind::OneTime } else { PrekeyKind::Signed };
    Ok(Some((kind, opens_until(not_after))))
}

fn tombstone(db: &Connection, id: &PrekeyId) -> Result<Option<NackReason>, VaultError> {
    let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    let reason = db.one("SELECT reason FROM tombstone WHERE id = ?1", params![id.as_bytes()], read).optional()?;
    Ok(reason.map(|code| if code == 3 { NackReason::Expired } else { NackReason::Consumed }))
}

/// Marks a one-time prekey as used, inside the transaction that stores what it opened.
pub(crate) fn bury(db: &Connection, id: &PrekeyId, opens_until: Timestamp) -> Result<(), VaultError> {
    bury_as(db, id, 2, opens_until)
}

fn bury_as(db: &Connection, id: &PrekeyId, reason: i64, opens_until: Timestamp) -> Result<(), VaultError> {
    db.run(
        "INSERT OR IGNORE INTO tombstone (id, reason, until) VALUES (?1, ?2, ?3)",
        params![id.as_bytes(), reason, int(opens_until.after(TOMBSTONE_EXTRA_S).0)],
    )?;
    db.run("DELETE FROM prekey WHERE id = ?1", params![id.as_bytes()])?;
    Ok(())
}

/// Erases every seed whose key was used up or whose time is over, and forgets tombstones that nobody asks for any
/// more. Run at start, before the network opens, and once an hour. Time is over only when the authority has signed that it
/// is, and `clock`, this machine's own, says so too: neither alone must make this node unreachable by being weeks ahead.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn erase_used_up(vault: &mut Vault, clock: Timestamp, entropy: &mut dyn Entropy) -> Result<(), VaultError> {
    let sure = registry::confirmed(vault.db(), clock)?;
    let over: Vec<_> = vault
        .seeds()
        .ids()
        .map(|(id, not_after)| (id, opens_until(not_after)))
        .filter(|(_, opens_until)| sure > *opens_until)
        .collect();
    if !over.is_empty() {
        let tx = vault.begin()?;
        for (id, opens_until) in &over {
            bury_as(&tx, id, 3, *opens_until)?;
        }
        tx.commit()?;
    }
    let mut gone = Vec::new();
    for (id, _) in vault.seeds().ids() {
        // A used key's record is deleted with its burial; a seed that never got a record was never published.
        if !has_record(vault.db(), &id)? {
            gone.push(id);
        }
    }
    forget(vault, &gone, entropy)?;
    vault.db().run("DELETE FROM tombstone WHERE until < ?1", [int(sure.0)])?;
    Ok(())
}

/// Takes these seeds out of the file: the step after the transaction that [`bury`] was part of.
pub(crate) fn forget(vault: &mut Vault, gone: &[PrekeyId], entropy: &mut dyn Entropy) -> Result<(), VaultError> {
    if gone.is_empty() {
        return Ok(());
    }
    vault.rewrite_seeds(entropy, |seeds| gone.iter().for_each(|id| seeds.remove(id)))
}

fn has_record(db: &Connection, id: &PrekeyId) -> Result<bool, VaultError> {
    let found: Option<i64> =
        db.one("SELECT 1 FROM prekey WHERE id = ?1", params![id.as_bytes()], |row| row.get(0)).optional()?;
    Ok(found.is_some())
}

/// Whether the time has come to top the stock up: at this node's own fixed times, and at first. A time that a clock far ahead has
/// noted does not count.
///
/// # Errors
/// What the disk says.
pub fn refill_due(vault: &Vault, node: &NodeId, now: Timestamp) -> Result<bool, VaultError> {
    let last: Option<i64> = vault.db().one("SELECT at FROM prekey_refill", [], |row| row.get(0)).optional()?;
    let Some(last) = last else { return Ok(true) };
    let last = Timestamp(uint(last)?);
    Ok(last.since(now) > REFILL_EVERY_S || next_refill(node, last) <= now)
}

/// Notes that the relay has answered for all of a refill.
///
/// # Errors
/// What the disk says.
pub fn refilled(vault: &Vault, now: Timestamp) -> Result<(), VaultError> {
    vault.db().run("REPLACE INTO prekey_refill (only, at) VALUES (1, ?1)", [int(now.0)])?;
    Ok(())
}

/// Whether the relay holds no signed prekey that opens here: it is new to this node, or was restored from a copy. However much is
/// used, this does not come of it, so that a refill then shows nothing either.
#[must_use]
pub fn nobody_can_write(vault: &Vault, identity: &KeyId, stock: &RelayStock) -> bool {
    let serves = |id: &PrekeyId| vault.seeds().not_after(id).is_some() && is_signed_by(vault.db(), id, identity);
    !stock.signed.iter().any(serves)
}

/// Whether a prekey was signed by this identity key. What the one before has signed opens on, and nobody seals to it any more.
fn is_signed_by(db: &Connection, id: &PrekeyId, identity: &KeyId) -> bool {
    let sql = format!("SELECT 1 FROM prekey WHERE id = ?1 AND {SIGNED_BY} = ?2");
    let found = db.one(&sql, params![id.as_bytes(), identity.as_bytes()], |row| row.get::<_, i64>(0));
    found.is_ok()
}

/// Tops the stock up to its target and renews the signed prekey when it is a day old. Gives the records to publish,
/// in batches that fit one request; whatever is not [`published`] yet is among them again. Run when [`refill_due`] or
/// [`nobody_can_write`], never when the stock happens to be low: the time of an upload must not show activity.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn refill(
    vault: &mut Vault,
    identity: &Identity,
    stock: &RelayStock,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Vec<Vec<Vec<u8>>>, VaultError> {
    let signer = identity.public().key_id();
    let usable = usable(vault, &signer, now)?;
    let waiting = usable.unpublished;
    let held = stock.one_time.iter().filter(|id| usable.published.contains(*id)).count();
    let live = usize::try_from(one_time_live(vault)?).unwrap_or(usize::MAX);
    let newest: Option<i64> = vault.db().one(
        &format!("SELECT max(made_at) FROM prekey WHERE kind = 1 AND made_at <= ?1 AND {SIGNED_BY} = ?2"),
        params![int(now.0), signer.as_bytes()],
        |row| row.get(0),
    )?;
    let newest_signed = newest.map(|made| uint(made).map(Timestamp)).transpose()?;
    let wanted = wanted(&Stock { one_time: held.saturating_add(waiting), newest_signed }, now);
    let missing = wanted.one_time.min(ONE_TIME_LIVE_MAX.saturating_sub(live));
    let signed = std::iter::repeat_n(PrekeyKind::Signed, wanted.signed);
    let kinds: Vec<_> = signed.chain(std::iter::repeat_n(PrekeyKind::OneTime, missing)).collect();
    if !kinds.is_empty() {
        make(vault, identity, &kinds, now, entropy)?;
    }
    to_publish(vault.db(), &signer, stock, now)
}

/// A prekey that was made later than this was made by a clock that was ahead: relay and senders refuse it until its time has
/// come, so that it counts for nothing.
fn made_until(now: Timestamp) -> i64 {
    int(now.after(PREKEY_SKEW_S).0)
}

/// One-time prekeys that a sender may use now and that open here.
struct Usable {
    published: BTreeSet<PrekeyId>,
    unpublished: usize,
}

fn usable(vault: &Vault, signer: &KeyId, now: Timestamp) -> Result<Usable, VaultError> {
    let mut rows = vault.db().prepare_cached(&format!(
        "SELECT id, published_at IS NULL FROM prekey
            WHERE kind = 2 AND made_at <= ?1 AND not_after >= ?2 AND {SIGNED_BY} = ?3"
    ))?;
    let mut usable = Usable { published: BTreeSet::new(), unpublished: 0 };
    let signed = params![made_until(now), int(now.0), signer.as_bytes()];
    for row in rows.query_map(signed, |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (id, waits): ([u8; 16], bool) = row?;
        if waits {
            usable.unpublished = usable.unpublished.saturating_add(1);
        } else {
            usable.published.insert(PrekeyId::from_bytes(id));
        }
    }
    Ok(usable)
}

/// Makes prekeys: the seeds are durable first.
fn make(
    vault: &mut Vault,
    identity: &Identity,
    kinds: &[PrekeyKind],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let not_after = now.after(PREKEY_LIFE_S);
    let mut made = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let secret = KemSecret::generate(entropy)?;
        let terms = PrekeyTerms { node: identity.node, kind: *kind, epoch: identity.epoch, not_before: now, not_after };
        made.push((PrekeyRecord::sign(&identity.key, terms, &secret.public()), secret));
    }
    vault.rewrite_seeds(entropy, |seeds| {
        for (record, secret) in &made {
            seeds.add(record.id(), not_after, secret.seed().duplicate());
        }
    })?;
    let tx = vault.begin()?;
    for (record, _) in &made {
        tx.run(
            "INSERT INTO prekey (id, kind, not_after, record, made_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![record.id().as_bytes(), code(record.terms().kind), int(not_after.0), record.as_bytes(), int(now.0)],
        )?;
    }
    Ok(tx.commit()?)
}

/// One-time records never published, and the newest signed ones that the relay does not hold.
fn to_publish(
    db: &Connection,
    signer: &KeyId,
    stock: &RelayStock,
    now: Timestamp,
) -> Result<Vec<Vec<Vec<u8>>>, VaultError> {
    let mut records: Vec<Vec<u8>> = Vec::new();
    let mut newest = db.prepare_cached(&format!(
        "SELECT id, record FROM prekey WHERE kind = 1 AND made_at <= ?2 AND {SIGNED_BY} = ?3
                ORDER BY made_at DESC LIMIT ?1"
    ))?;
    let kept = int(SIGNED_PREKEYS_KEPT as u64);
    let rows =
        newest.query_map(params![kept, made_until(now), signer.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for row in rows {
        let (id, record): ([u8; 16], Vec<u8>) = row?;
        if !stock.signed.contains(&PrekeyId::from_bytes(id)) {
            records.push(record);
        }
    }
    let mut fresh = db.prepare_cached(&format!(
        "SELECT record FROM prekey WHERE kind = 2 AND published_at IS NULL AND made_at <= ?1 AND not_after >= ?2
            AND {SIGNED_BY} = ?3 ORDER BY id"
    ))?;
    for row in fresh.query_map(params![made_until(now), int(now.0), signer.as_bytes()], |row| row.get(0))? {
        records.push(row?);
    }
    Ok(records.chunks(PREKEY_BATCH_MAX).map(<[Vec<u8>]>::to_vec).collect())
}

/// Notes that the relay has answered for this batch: with `stock`, and that it did not take `refused` of the records. The batch is
/// not sent again, unless the relay took nothing of it. A key that the relay does not list may have been handed out before it
/// looked, so every secret stays until it is used or its time is over.
///
/// # Errors
/// What the disk says.
pub fn published(
    vault: &mut Vault,
    batch: &[Vec<u8>],
    stock: &RelayStock,
    refused: usize,
    now: Timestamp,
) -> Result<(), VaultError> {
    let listed: BTreeSet<&PrekeyId> = stock.one_time.iter().chain(&stock.signed).collect();
    let id = |record: &Vec<u8>| PrekeyRecord::parse(record).ok().map(|record| record.id()).ok_or(DAMAGED);
    let ids = batch.iter().map(id).collect::<Result<Vec<PrekeyId>, _>>()?;
    if refused >= batch.len() && !ids.iter().any(|id| listed.contains(id)) {
        return Ok(());
    }
    let tx = vault.begin()?;
    for id in &ids {
        tx.run("UPDATE prekey SET published_at = ?1 WHERE id = ?2", params![int(now.0), id.as_bytes()])?;
    }
    Ok(tx.commit()?)
}

/// For how many more seconds the newest signed prekey is valid; `None` while none was made.
///
/// # Errors
/// What the disk says.
pub fn signed_valid_s(vault: &Vault, now: Timestamp) -> Result<Option<u64>, VaultError> {
    let newest = "SELECT max(not_after) FROM prekey WHERE kind = 1 AND made_at <= ?1";
    let not_after: Option<i64> = vault.db().one(newest, [made_until(now)], |row| row.get(0))?;
    not_after.map(|end| Ok(Timestamp(uint(end)?).since(now))).transpose()
}

/// How many one-time prekeys this node can still open.
///
/// # Errors
/// What the disk says.
pub fn one_time_live(vault: &Vault) -> Result<u64, VaultError> {
    let count: i64 = vault.db().one("SELECT count(*) FROM prekey WHERE kind = 2", [], |row| row.get(0))?;
    uint(count)
}

/// How many one-time prekeys have a record and a seed here.
///
/// # Errors
/// What the disk says.
pub fn one_time_open(vault: &Vault) -> Result<u64, VaultError> {
    let mut rows = vault.db().prepare_cached("SELECT id FROM prekey WHERE kind = 2")?;
    let mut open: u64 = 0;
    for id in rows.query_map([], |row| row.get::<_, [u8; 16]>(0))? {
        if vault.seeds().not_after(&PrekeyId::from_bytes(id?)).is_some() {
            open = open.saturating_add(1);
        }
    }
    Ok(open)
}

/// Whether this node ever made a prekey.
///
/// # Errors
/// What the disk says.
pub fn were_made(vault: &Vault) -> Result<bool, VaultError> {
    let known = "SELECT EXISTS (SELECT 1 FROM prekey) OR EXISTS (SELECT 1 FROM tombstone)";
    let known: bool = vault.db().one(known, [], |row| row.get(0))?;
    Ok(known || vault.seeds().ids().next().is_some())
}

/// How many of the prekeys that the relay holds have no seed here. One that was used up since the relay listed it is none of
/// them.
///
/// # Errors
/// What the disk says.
pub fn without_seed(vault: &Vault, stock: &RelayStock) -> Result<u64, VaultError> {
    let mut lost: u64 = 0;
    for id in stock.one_time.iter().chain(&stock.signed) {
        if vault.seeds().not_after(id).is_none() && tombstone(vault.db(), id)?.is_none() {
            lost = lost.saturating_add(1);
        }
    }
    Ok(lost)
}

#[cfg(test)]
mod tests;
