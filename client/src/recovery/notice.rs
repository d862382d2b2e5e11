//! Restore notices: to each recent partner after a restore, and what a partner's notice changes here.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::node::ChangedBy;
use safeconduct_protocol::{
    entropy::Entropy,
    envelope::{content::Control, header::SignedHeader},
    id::NodeId,
    limits::{MESSAGE_LIFE_S, REPLY_LIFE_EXTRA_S},
    prekey::stock::is_epoch,
    receipt::{
        chain::{ChainHead, EntryKind},
        restore::{RestoreNotice, Restored},
    },
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::RecoveryError;
use crate::{
    evidence::chain,
    keys::Identity,
    outbox::{self, MessageKind, NewRow, Rank},
    registry::Held,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// Partners of dealings no older than this are told: nothing of older ones is under way or kept for sending again.
const RECENT_S: u64 = MESSAGE_LIFE_S + REPLY_LIFE_EXTRA_S;

/// Notices leave before everything that shows the shorter chain; an alarm is a day away, as for other messages.
const ALARM_AFTER_S: u64 = 24 * HOUR_S;

/// Queues a notice for each recent partner, each with an entry in its chain, inside the caller's transaction; how many.
pub(super) fn queue_all(
    vault_db: &Connection,
    identity: &Identity,
    copy_of: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<usize, VaultError> {
    let partners: Vec<[u8; 32]> = {
        let mut rows = vault_db.prepare("SELECT partner FROM pair ORDER BY partner")?;
        rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut told: usize = 0;
    for partner in partners.into_iter().map(NodeId::from_bytes) {
        if last_dealing(vault_db, &partner)? < copy_of.before(RECENT_S) {
            continue;
        }
        queue(vault_db, identity, &partner, copy_of, now, entropy)?;
        told = told.saturating_add(1);
    }
    Ok(told)
}

fn queue(
    db: &Connection,
    identity: &Identity,
    partner: &NodeId,
    copy_of: Timestamp,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let held = chain::head(db, identity, partner)?;
    let says = Restored {
        node: identity.node,
        partner: *partner,
        epoch: identity.epoch,
        restored_at: now,
        copy_of,
        chain: held,
    };
    let notice = RestoreNotice::sign(&identity.key, says);
    let content = Control::RestoreNotice(notice.as_bytes().to_vec()).encode();
    let row = NewRow {
        kind: MessageKind::Notice,
        rank: Rank::Urgent,
        recipient: *partner,
        agency: None,
        referral: None,
        exercise: false,
        content: &content,
        alarm_after_s: ALARM_AFTER_S,
        idempotency: None,
        reply_target: None,
        not_before: now,
    };
    let message = outbox::insert(db, &row, now, entropy)?;
    chain::append(db, identity, partner, Some(&message), EntryKind::Restored, notice.as_bytes(), now)?;
    Ok(())
}

/// A partner of whom the backup knows nothing turns up after a restore: it is told, too. Inside the transaction that stores its
/// message, before anything of that is in the chain.
pub(crate) fn told_late(
    db: &Connection,
    identity: &Identity,
    signed: &SignedHeader,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    let header = signed.header();
    if header.chain.length == 0 { Ok(()) } else { told_first(db, identity, &header.sender, now, entropy) }
}

/// A partner of whom the backup knows nothing is about to be shown a chain from its beginning, of which it may have seen another before
/// the restore: it is told, before anything of that is in the chain. One that never had to do with this node is told as well, for the
/// backup does not say which it is.
pub(crate) fn told_first(
    db: &Connection,
    identity: &Identity,
    partner: &NodeId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), VaultError> {
    if chain::head(db, identity, partner)?.length > 0 {
        return Ok(());
    }
    let lately: Option<i64> = db.one(
        "SELECT max(copy_of) FROM restored WHERE pending = 0 AND at >= ?1",
        [int(now.before(RECENT_S).0)],
        |row| row.get(0),
    )?;
    match lately {
        Some(copy_of) => queue(db, identity, partner, Timestamp(uint(copy_of)?), now, entropy),
        None => Ok(()),
    }
}

/// When this node had to do with a partner last, as its chain says.
fn last_dealing(db: &Connection, partner: &NodeId) -> Result<Timestamp, VaultError> {
    let entry: Option<Vec<u8>> = db
        .one(
            "SELECT entry FROM evidence WHERE partner = ?1 ORDER BY place DESC LIMIT 1",
            params![partner.as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    let parsed = entry.and_then(|entry| safeconduct_protocol::receipt::chain::Entry::parse(&entry).ok());
    Ok(parsed.map_or(Timestamp(0), |entry| entry.time()))
}

/// Takes a partner's notice, inside the transaction that stores its message, after its receipt was made: what was seen of its
/// chain beyond what it still holds counts no more. A notice that does not hold, or no newer than one that was taken, changes
/// nothing; whether it changed something.
pub(crate) fn take(
    db: &Connection,
    identity: &Identity,
    held: &Held,
    signed: &SignedHeader,
    content: &[u8],
    now: Timestamp,
) -> Result<bool, VaultError> {
    let Ok(Control::RestoreNotice(bytes)) = Control::decode(content) else { return Ok(false) };
    let header = signed.header();
    let Some(notice) = believed(identity, held, &header.sender, &bytes) else { return Ok(false) };
    let says = notice.says();
    // A time or an epoch of a later day would silence everything that comes until then.
    if says.restored_at > now.after(DAY_S) || !is_epoch(says.epoch, now) {
        return Ok(false);
    }
    let Some(key) = held.node(&says.node).map(|state| state.ik.key_id()) else { return Ok(false) };
    let known: Option<i64> = db
        .one("SELECT epoch FROM partner_restore WHERE partner = ?1", params![says.node.as_bytes()], |row| row.get(0))
        .optional()?;
    if known.is_some_and(|epoch| epoch >= int(says.epoch)) {
        return Ok(false);
    }
    db.run(
        "REPLACE INTO partner_restore (partner, epoch, length, restored_at, copy_of, notice, at, answered, key_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)",
        params![
            says.node.as_bytes(),
            int(says.epoch),
            int(says.chain.length),
            int(says.restored_at.0),
            int(says.copy_of.0),
            notice.as_bytes().as_slice(),
            int(now.0),
            key.as_bytes(),
        ],
    )?;
    db.run(
        "DELETE FROM partner_head WHERE partner = ?1 AND length > ?2",
        params![says.node.as_bytes(), int(says.chain.length)],
    )?;
    if fits(db, &says.node, &says.chain)? {
        db.run("DELETE FROM chain_alarm WHERE partner = ?1 AND kind IN (1, 2)", params![says.node.as_bytes()])?;
    }
    let kind = EntryKind::PartnerRestored;
    chain::append(db, identity, &says.node, Some(&header.message), kind, notice.as_bytes(), now)?;
    Ok(true)
}

/// The registries have changed: what a partner said of a restore under a key that was taken from it, by its paper or by its authority,
/// does not count any more. After an ordinary renewal it does.
///
/// # Errors
/// What the disk says.
pub(crate) fn follow(vault: &Vault, held: &Held) -> Result<(), VaultError> {
    let rows: Vec<([u8; 32], [u8; 32])> = {
        let mut rows =
            vault.db().prepare_cached("SELECT partner, key_id FROM partner_restore WHERE key_id IS NOT NULL")?;
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
    };
    for (partner, key) in rows {
        let Some(state) = held.node(&NodeId::from_bytes(partner)) else { continue };
        // Each was replaced by the next: what was taken away with a later one is not trusted either.
        let mut since = state.former_keys.iter().skip_while(|former| *former.key.key_id().as_bytes() != key).peekable();
        let renewed = since.peek().is_some() && since.all(|former| former.by == ChangedBy::IdentityKey);
        if *state.ik.key_id().as_bytes() != key && !renewed {
            vault.db().run("DELETE FROM partner_restore WHERE partner = ?1", [partner])?;
        }
    }
    Ok(())
}

/// A notice that its sender has signed, about itself, to this node.
fn believed(identity: &Identity, held: &Held, sender: &NodeId, bytes: &[u8]) -> Option<RestoreNotice> {
    let notice = RestoreNotice::parse(bytes).ok()?;
    notice.verify(&held.node(sender)?.ik).ok()?;
    let says = notice.says();
    (says.node == *sender && says.partner == identity.node).then_some(notice)
}

/// Whether the chain that a partner holds is the one that it has shown at that length, if it has. One without entries is: its backup
/// is older than the first dealing, and such a chain's head is another in each epoch.
fn fits(db: &Connection, partner: &NodeId, held: &ChainHead) -> Result<bool, VaultError> {
    if held.length == 0 {
        return Ok(true);
    }
    let shown: Option<[u8; 32]> = db
        .one(
            "SELECT head FROM partner_head WHERE partner = ?1 AND length = ?2",
            params![partner.as_bytes(), int(held.length)],
            |row| row.get(0),
        )
        .optional()?;
    Ok(shown.is_none_or(|shown| shown == held.hash))
}

/// A partner has this node's notice, and says how much of this node's chain it had seen: what lies between is lost here.
pub(crate) fn delivered(
    db: &Connection,
    partner: &NodeId,
    held_before: u64,
    echo: Option<ChainHead>,
    now: Timestamp,
) -> Result<(), VaultError> {
    let Some(seen) = echo.filter(|echo| echo.length > held_before) else { return Ok(()) };
    db.run(
        "REPLACE INTO restore_loss (partner, held, seen, head, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![partner.as_bytes(), int(held_before), int(seen.length), seen.hash, int(now.0)],
    )?;
    Ok(())
}

/// What a restore of this vault has lost of its dealings with one partner, as the partner says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Loss {
    /// With whom.
    pub partner: NodeId,
    /// Entries of the chain that the vault held.
    pub held: u64,
    /// Entries that the partner has seen.
    pub seen: u64,
}

/// What restores of this vault have lost.
///
/// # Errors
/// What the disk says.
pub fn losses(vault: &Vault) -> Result<Vec<Loss>, RecoveryError> {
    let mut rows = vault.db().prepare_cached("SELECT partner, held, seen FROM restore_loss ORDER BY partner")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut all = Vec::new();
    for row in rows {
        let (partner, held, seen) = row?;
        all.push(Loss { partner: NodeId::from_bytes(partner), held: uint(held)?, seen: uint(seen)? });
    }
    Ok(all)
}
