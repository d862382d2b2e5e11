//! What partners' chains were seen to be. Every message and every `delivered` receipt shows length and head of its signer's chain
//! with this node, and each adds an entry to that chain, so no two of them show the same length: two that do were signed by two
//! machines, or by one that was put back. And a receipt echoes what its signer has seen of this node's chain.

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::node::ChangedBy;
use safeconduct_protocol::{
    envelope::header::{ContentType, SignedHeader},
    id::NodeId,
    receipt::{chain::ChainHead, node::Delivered},
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::RecoveryError;
use crate::{
    evidence::chain,
    keys::Identity,
    registry::Held,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// Heads that are remembered of one partner; what is older says nothing about a machine that is in use today.
pub const HEADS_KEPT_MAX: u32 = 1_000;

/// A message that was made so long after a longer chain was seen cannot have been overtaken by it on the way.
const BACK_SLACK_S: u64 = HOUR_S;

/// An alarm that nobody could do anything more about ends after this long.
const ALARM_S: u64 = 30 * DAY_S;

/// What is the matter with a chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChainTrouble {
    /// A partner has shown two objects at one length.
    Forked,
    /// A partner's chain has become shorter.
    WentBack,
    /// A partner has seen more of this node's chain than this vault holds.
    OwnLonger,
}

impl ChainTrouble {
    const ALL: [Self; 3] = [Self::Forked, Self::WentBack, Self::OwnLonger];

    const fn code(self) -> i64 {
        match self {
            Self::Forked => 1,
            Self::WentBack => 2,
            Self::OwnLonger => 3,
        }
    }
}

/// Notes the chain that a message of a partner shows, inside the transaction that stores the message.
pub(crate) fn heard(db: &Connection, signed: &SignedHeader, now: Timestamp) -> Result<(), VaultError> {
    let header = signed.header();
    // Receipts add no entry of their own when they are sealed.
    if header.content_type == ContentType::Receipt {
        return Ok(());
    }
    see(db, &header.sender, header.chain, &signed.hash(), header.created, now)
}

/// Notes the chain that a partner's receipt shows, and what it has seen of this node's own.
pub(crate) fn answered(
    db: &Connection,
    identity: &Identity,
    receipt: &Delivered,
    now: Timestamp,
) -> Result<(), VaultError> {
    let (partner, at) = (&receipt.about().recipient, receipt.at());
    let object = safeconduct_protocol::crypto::hash::sha256(&[receipt.as_bytes()]);
    see(db, partner, at.chain, &object, at.stored_at, now)?;
    let Some(echo) = at.echo else { return Ok(()) };
    if echo.length > chain::head(db, identity, partner)?.length && !is_lost(db, partner, &echo, now)? {
        alarm(db, partner, ChainTrouble::OwnLonger, now)?;
    }
    Ok(())
}

/// The registries have changed: a partner whose key was taken from it, by its paper or by its authority, has another machine, which
/// begins its chains anew. What was seen of the old one's, and the alarms about them, count no more.
///
/// # Errors
/// What the disk says.
pub(crate) fn follow(vault: &Vault, held: &Held) -> Result<(), VaultError> {
    let partners: Vec<[u8; 32]> = {
        let sql = "SELECT partner FROM partner_head UNION SELECT partner FROM chain_alarm";
        let mut rows = vault.db().prepare_cached(sql)?;
        rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for partner in partners {
        let Some(state) = held.node(&NodeId::from_bytes(partner)) else { continue };
        let Some(taken) = state.former_keys.iter().rev().find(|former| former.by != ChangedBy::IdentityKey) else {
            continue;
        };
        let taken = params![partner, int(taken.replaced_at)];
        let noted = vault.db().run(
            "INSERT INTO partner_taken (partner, replaced_at) VALUES (?1, ?2) ON CONFLICT (partner)
                DO UPDATE SET replaced_at = excluded.replaced_at WHERE excluded.replaced_at > partner_taken.replaced_at",
            taken,
        )?;
        if noted > 0 {
            vault.db().run("DELETE FROM partner_head WHERE partner = ?1", [partner])?;
            vault.db().run("DELETE FROM chain_alarm WHERE partner = ?1 AND kind IN (1, 2)", [partner])?;
        }
    }
    Ok(())
}

/// The longest chain that was seen of a partner.
pub(crate) fn longest(db: &Connection, partner: &NodeId) -> Result<Option<ChainHead>, VaultError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?));
    let found = db
        .one(
            "SELECT length, head FROM partner_head WHERE partner = ?1 ORDER BY length DESC LIMIT 1",
            params![partner.as_bytes()],
            read,
        )
        .optional()?;
    let head = |(length, hash)| Ok(ChainHead { length: uint(length)?, hash });
    found.map(head).transpose().map(|head| head.filter(|head| head.length > 0))
}

fn see(
    db: &Connection,
    partner: &NodeId,
    shown: ChainHead,
    object: &[u8; 32],
    made: Timestamp,
    now: Timestamp,
) -> Result<(), VaultError> {
    if made <= restored_at(db, partner)? {
        // From before the partner's restore, perhaps of what it has lost: late, and no sign of anything.
        return Ok(());
    }
    let key = params![partner.as_bytes(), int(shown.length)];
    let before: Option<[u8; 32]> = db
        .one("SELECT object FROM partner_head WHERE partner = ?1 AND length = ?2", key, |row| row.get(0))
        .optional()?;
    match before {
        Some(before) if before == *object => return Ok(()),
        Some(_) => return alarm(db, partner, ChainTrouble::Forked, now),
        None => {}
    }
    let longer: Option<i64> = db.one(
        "SELECT min(seen_at) FROM partner_head WHERE partner = ?1 AND length > ?2",
        params![partner.as_bytes(), int(shown.length)],
        |row| row.get(0),
    )?;
    if let Some(seen_at) = longer.map(uint).transpose()?
        && made > Timestamp(seen_at).after(BACK_SLACK_S)
    {
        alarm(db, partner, ChainTrouble::WentBack, now)?;
    }
    db.run(
        "INSERT INTO partner_head (partner, length, head, object, seen_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![partner.as_bytes(), int(shown.length), shown.hash, object, int(now.0)],
    )?;
    let oldest: Option<i64> = db
        .one(
            "SELECT length FROM partner_head WHERE partner = ?1 ORDER BY length DESC LIMIT 1 OFFSET ?2",
            params![partner.as_bytes(), HEADS_KEPT_MAX],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(oldest) = oldest {
        db.run("DELETE FROM partner_head WHERE partner = ?1 AND length <= ?2", params![partner.as_bytes(), oldest])?;
    }
    Ok(())
}

/// When a partner was restored last, by its own clock; 0 when it never was.
fn restored_at(db: &Connection, partner: &NodeId) -> Result<Timestamp, VaultError> {
    let at: Option<i64> = db
        .one("SELECT restored_at FROM partner_restore WHERE partner = ?1", params![partner.as_bytes()], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(Timestamp(uint(at.unwrap_or(0))?))
}

/// Whether what a partner has seen is what a restore of this vault has lost: it is known by its notice, or the notice is still on
/// its way there.
fn is_lost(db: &Connection, partner: &NodeId, echo: &ChainHead, now: Timestamp) -> Result<bool, VaultError> {
    let known: Option<i64> = db
        .one(
            "SELECT 1 FROM restore_loss WHERE partner = ?1 AND seen = ?2 AND head = ?3",
            params![partner.as_bytes(), int(echo.length), echo.hash],
            |row| row.get(0),
        )
        .optional()?;
    let telling: Option<i64> = db
        .one(
            "SELECT 1 FROM outbox WHERE recipient = ?1 AND kind = ?2 AND state <> 'delivered' AND queued_at > ?3",
            params![partner.as_bytes(), crate::outbox::MessageKind::Notice.code(), int(now.before(ALARM_S).0)],
            |row| row.get(0),
        )
        .optional()?;
    Ok(known.or(telling).is_some())
}

fn alarm(db: &Connection, partner: &NodeId, trouble: ChainTrouble, now: Timestamp) -> Result<(), VaultError> {
    db.run(
        "INSERT INTO chain_alarm (partner, kind, at) VALUES (?1, ?2, ?3)
            ON CONFLICT (partner, kind) DO UPDATE SET at = excluded.at",
        params![partner.as_bytes(), trouble.code(), int(now.0)],
    )?;
    Ok(())
}

/// The alarms that stand at `now`.
///
/// # Errors
/// What the disk says.
pub fn alarms(vault: &Vault, now: Timestamp) -> Result<Vec<(NodeId, ChainTrouble)>, RecoveryError> {
    let mut rows =
        vault.db().prepare_cached("SELECT partner, kind FROM chain_alarm WHERE at >= ?1 ORDER BY partner, kind")?;
    let rows = rows.query_map([int(now.before(ALARM_S).0)], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    let mut all = Vec::new();
    for row in rows {
        let (partner, code) = row?;
        let trouble = ChainTrouble::ALL.into_iter().find(|trouble| trouble.code() == code);
        all.extend(trouble.map(|trouble| (NodeId::from_bytes(partner), trouble)));
    }
    Ok(all)
}
