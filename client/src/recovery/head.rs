//! The node head. In the vault it is a hash over what must never go back by itself (the views `node_state` and `node_rows`), written with every
//! change of that: a page of another day does not fit it. Signed, with a counter, the home relay keeps it: a vault that has gone
//! back as a whole finds a newer one there, and a second machine another one under the same number.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::utc;
use safeconduct_protocol::{
    crypto::hash::sha256,
    entropy::{Entropy, random},
    id::NodeId,
    prekey::stock::{REFILL_EVERY_S, is_epoch, next_refill},
    receipt::head::{HeadPlace, NodeHead, state_commitment},
    time::{DAY_S, Day, Timestamp},
};

use super::RecoveryError;
use crate::{
    evidence::chain,
    keys::Identity,
    vault::{Vault, VaultError, int, line_sum, uint},
};

const GONE: VaultError = VaultError::Damaged { what: "the node head is missing" };

/// What the relay's head says about this vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judged {
    /// The relay keeps what this vault has signed, or an older head, or none.
    Level,
    /// The relay keeps something that this node has not signed; it counts for nothing.
    NotOurs,
}

/// Checks the vault against itself, at each start, before the network opens: the head over its state, and every pair chain
/// from its first entry.
///
/// # Errors
/// [`RecoveryError::Mixed`]; what it was stopped for, when a person has not decided yet; or what the disk says.
pub fn check(vault: &Vault, own: &NodeId) -> Result<(), RecoveryError> {
    fits(vault, own)?;
    halted(vault).and_then(|halt| halt.map_or(Ok(()), Err))
}

/// The vault against itself alone.
pub(super) fn fits(vault: &Vault, own: &NodeId) -> Result<(), RecoveryError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, [u8; 32]>(1)?));
    let query = "SELECT state, lines FROM node_head";
    let written: ([u8; 32], [u8; 32]) = vault.db().query_row(query, [], read).optional()?.ok_or(GONE)?;
    if written != found(vault.db())? {
        return Err(RecoveryError::Mixed { what: "the list of its partners, its registry or its identity" });
    }
    for partner in chain::partners(vault)? {
        match chain::entries(vault, own, &partner) {
            Ok(_) => {}
            Err(VaultError::Damaged { .. }) => {
                return Err(RecoveryError::Mixed { what: "the evidence of its dealings with a partner" });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// What the head is to be over, from the tables.
fn found(db: &Connection) -> Result<([u8; 32], [u8; 32]), VaultError> {
    let state = db.query_row("SELECT state FROM node_state", [], |row| row.get(0))?;
    let mut lines = line_sum::EMPTY;
    let mut rows = db.prepare("SELECT line FROM node_rows")?;
    for line in rows.query_map([], |row| row.get::<_, String>(0))? {
        lines = line_sum::replaced(lines, None, Some(&line?));
    }
    Ok((state, lines))
}

/// From here on the vault is what it is, whatever the head was over.
pub(super) fn stamp(db: &Connection) -> Result<(), VaultError> {
    let (state, lines) = found(db)?;
    db.execute("UPDATE node_head SET state = ?1, lines = ?2", params![state, lines])?;
    Ok(())
}

/// The head that was signed last, and its place; with counter 0 while none was.
fn newest(db: &Connection, identity: &Identity) -> Result<(Option<NodeHead>, HeadPlace), RecoveryError> {
    let signed: Option<Vec<u8>> =
        db.query_row("SELECT signed FROM node_head", [], |row| row.get(0)).optional()?.ok_or(GONE)?;
    let Some(signed) = signed else { return Ok((None, HeadPlace { epoch: identity.epoch, counter: 0 })) };
    const ALTERED: VaultError = VaultError::Damaged { what: "the node head is altered" };
    let head = NodeHead::parse(&signed).ok().ok_or(ALTERED)?;
    let place = head.place();
    Ok((Some(head), place))
}

/// The last head that this vault has signed, and whether it commits to what the vault says that it does; none before the first of
/// its present identity key.
///
/// # Errors
/// [`VaultError::Damaged`] when it does not hold.
pub fn verified(vault: &Vault, identity: &Identity) -> Result<Option<NodeHead>, RecoveryError> {
    const FALSE: VaultError = VaultError::Damaged { what: "the signed node head does not verify" };
    let (Some(head), _) = newest(vault.db(), identity)? else { return Ok(None) };
    if head.key() != identity.public().key_id() {
        return Ok(None);
    }
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, [u8; 32]>(1)?));
    let (salt, state) = vault.db().query_row("SELECT salt, signed_state FROM node_head", [], read)?;
    let commits = *head.commitment() == state_commitment(&salt, &state);
    if commits && head.node() == identity.node && head.verify(&identity.public()).is_ok() {
        Ok(Some(head))
    } else {
        Err(FALSE.into())
    }
}

/// Signs the next head; it is durable in the vault when the transaction of `db` is, so before the relay has it.
pub(super) fn sign(
    db: &Connection,
    identity: &Identity,
    counter_min: u64,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<NodeHead, RecoveryError> {
    let (_, last) = newest(db, identity)?;
    let counter = last.counter.max(counter_min).saturating_add(1);
    let salt: [u8; 32] = random(entropy).map_err(VaultError::from)?;
    let parts = db.query_row("SELECT state, lines FROM node_head", [], |row| {
        Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, [u8; 32]>(1)?))
    })?;
    let state = sha256(&[&parts.0, &parts.1]);
    let place = HeadPlace { epoch: identity.epoch, counter };
    let head = NodeHead::sign(&identity.key, identity.node, place, now.day(), state_commitment(&salt, &state));
    db.execute(
        "UPDATE node_head SET counter = ?1, signed = ?2, salt = ?3, signed_state = ?4, signed_at = ?5",
        params![int(counter), head.as_bytes().as_slice(), salt, state, int(now.0)],
    )?;
    Ok(head)
}

/// The next head to put: durable here when this returns.
///
/// # Errors
/// What the disk says.
pub fn next(
    vault: &mut Vault,
    identity: &Identity,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<NodeHead, RecoveryError> {
    let tx = vault.begin()?;
    let head = sign(&tx, identity, 0, now, entropy)?;
    tx.commit()?;
    Ok(head)
}

/// Whether the time has come to put the next one: this node's own fixed times, those of its prekeys, whatever was done since.
///
/// # Errors
/// What the disk says.
pub fn is_due(vault: &Vault, node: &NodeId, now: Timestamp) -> Result<bool, RecoveryError> {
    let last: Option<i64> = vault.db().query_row("SELECT signed_at FROM node_head", [], |row| row.get(0))?;
    let Some(last) = last else { return Ok(true) };
    let last = Timestamp(uint(last)?);
    Ok(last.since(now) > REFILL_EVERY_S || next_refill(node, last) <= now)
}

/// Holds the head that the relay keeps against this vault. When the vault has gone back or is in use twice, that is noted before
/// this returns, and holds until a person decides.
///
/// # Errors
/// [`RecoveryError::RolledBack`], [`RecoveryError::Cloned`]; or what the disk says.
pub fn judge(vault: &mut Vault, identity: &Identity, theirs: &[u8], now: Timestamp) -> Result<Judged, RecoveryError> {
    if theirs.is_empty() {
        return Ok(Judged::Level);
    }
    #[cfg(feature = "planted")]
    if safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::GapUnnoticed) {
        return Ok(Judged::Level);
    }
    let Some(head) = own(identity, theirs, now) else { return Ok(Judged::NotOurs) };
    let (ours, place) = newest(vault.db(), identity)?;
    let code = if head.place() > place {
        "vault-rolled-back"
    } else if head.place() == place && ours.is_none_or(|ours| ours != head) {
        "vault-cloned"
    } else {
        return Ok(Judged::Level);
    };
    vault.db().execute(
        "REPLACE INTO halt (only, code, theirs, at) VALUES (1, ?1, ?2, ?3)",
        params![code, theirs, int(now.0)],
    )?;
    halted(vault)?.map_or(Ok(Judged::Level), Err)
}

/// A head that this node has signed with its present key, at a place that it can have reached: nobody makes a head a second, and a
/// place beyond that, which only somebody else who has the key can have signed, would stop this node again after each restore.
pub(super) fn own(identity: &Identity, bytes: &[u8], now: Timestamp) -> Option<NodeHead> {
    let head = NodeHead::parse(bytes).ok()?;
    head.verify(&identity.public()).ok()?;
    let place = head.place();
    let can_be = is_epoch(place.epoch, now) && place.counter <= now.after(DAY_S).0;
    (head.node() == identity.node && can_be).then_some(head)
}

/// Why this node does nothing until a person decides.
fn halted(vault: &Vault) -> Result<Option<RecoveryError>, RecoveryError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
    let Some((code, theirs)) = vault.db().query_row("SELECT code, theirs FROM halt", [], read).optional()? else {
        return Ok(None);
    };
    const ALTERED: VaultError = VaultError::Damaged { what: "the note of a vault that has gone back is altered" };
    let theirs = NodeHead::parse(&theirs).ok().ok_or(ALTERED)?;
    let identity = crate::keys::identity(vault)?;
    let (ours, place) = newest(vault.db(), &identity)?;
    let theirs_day = utc::day(theirs.day());
    Ok(Some(if code == "vault-cloned" {
        RecoveryError::Cloned { theirs: theirs.place(), theirs_day }
    } else {
        let ours_day = ours.map_or(Day(0), |head| head.day());
        RecoveryError::RolledBack { ours: place, ours_day: utc::day(ours_day), theirs: theirs.place(), theirs_day }
    }))
}
