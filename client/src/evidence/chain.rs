//! The pair chain: what this node keeps, entry by entry, of its dealings with one partner (`docs/PROTOCOL.md` §8).
//!
//! Entries hold ids, digests, commitments and receipts, no personal data: erasing content and salt leaves them standing
//! and meaningless. Bodies of the entries:
//!
//! | Type | Body |
//! |---|---|
//! | 1 sent, 4 received, 9 ping (either way) | message id 16, header hash 32, content commitment 32, envelope digest 32 |
//! | 2 relay-accepted, 3 delivered received, 5 delivered given, 6 nack received, 7 relay-expired | the signed object |
//! | 8 quarantined | envelope digest 32, then the reason's name |
//! | 10 restored, 11 partner restored | the signed restore notice |
//! | 12 given up | message id 16, content commitment 32, then the reason's name |

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_protocol::{
    id::{EnvelopeDigest, MessageId, NodeId},
    receipt::chain::{ChainHead, Entry, EntryKind},
    time::Timestamp,
};

use crate::{
    keys::Identity,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

const DAMAGED: VaultError = VaultError::Damaged { what: "an evidence entry is missing or altered" };

/// The body of entries about a message.
pub(crate) fn message_body(
    message: &MessageId,
    header_hash: &[u8; 32],
    commitment: &[u8; 32],
    digest: &EnvelopeDigest,
) -> Vec<u8> {
    [message.as_bytes().as_slice(), header_hash, commitment, digest.as_bytes()].concat()
}

/// Length and head of the chain with `partner`; the first head when nothing was written yet.
pub(crate) fn head(db: &Connection, identity: &Identity, partner: &NodeId) -> Result<ChainHead, VaultError> {
    head_as(db, (&identity.node, identity.epoch), partner)
}

fn head_as(db: &Connection, (own, epoch): (&NodeId, u64), partner: &NodeId) -> Result<ChainHead, VaultError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?));
    let found =
        db.one("SELECT length, head FROM pair WHERE partner = ?1", params![partner.as_bytes()], read).optional()?;
    match found {
        Some((length, hash)) => Ok(ChainHead { length: uint(length)?, hash }),
        None => Ok(ChainHead::start(own, partner, epoch)),
    }
}

/// The same as [`append`] where the node's keys are not at hand: its id and epoch are those of the vault.
pub(crate) fn append_here(
    db: &Connection,
    partner: &NodeId,
    message: Option<&MessageId>,
    kind: EntryKind,
    body: &[u8],
    now: Timestamp,
) -> Result<(), VaultError> {
    let (own, epoch): ([u8; 32], i64) =
        db.query_row("SELECT node, epoch FROM node", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    append_as(db, (&NodeId::from_bytes(own), uint(epoch)?), partner, message, kind, body, now).map(drop)
}

/// Appends an entry, inside the caller's transaction.
pub(crate) fn append(
    db: &Connection,
    identity: &Identity,
    partner: &NodeId,
    message: Option<&MessageId>,
    kind: EntryKind,
    body: &[u8],
    now: Timestamp,
) -> Result<ChainHead, VaultError> {
    append_as(db, (&identity.node, identity.epoch), partner, message, kind, body, now)
}

fn append_as(
    db: &Connection,
    (own, epoch): (&NodeId, u64),
    partner: &NodeId,
    message: Option<&MessageId>,
    kind: EntryKind,
    body: &[u8],
    now: Timestamp,
) -> Result<ChainHead, VaultError> {
    let entry = Entry::new(kind, now, body).ok().ok_or(DAMAGED)?;
    let after = head_as(db, (own, epoch), partner)?.then(&entry);
    // Every change that fails is taken back whole, so that this statement need not be able to take back itself.
    let grown = db.run(
        "UPDATE OR FAIL pair SET length = ?2, head = ?3 WHERE partner = ?1",
        params![partner.as_bytes(), int(after.length), after.hash],
    )?;
    if grown == 0 {
        db.run(
            "INSERT INTO pair (partner, epoch, length, head) VALUES (?1, ?2, ?3, ?4)",
            params![partner.as_bytes(), int(epoch), int(after.length), after.hash],
        )?;
    }
    db.run(
        "INSERT INTO evidence (partner, place, message, entry) VALUES (?1, ?2, ?3, ?4)",
        params![partner.as_bytes(), int(after.length), message.map(|id| id.as_bytes().to_vec()), entry.as_bytes()],
    )?;
    Ok(after)
}

/// The chain with `partner`, recomputed from its first entry.
///
/// # Errors
/// [`VaultError::Damaged`] when an entry is missing or altered.
pub fn entries(vault: &Vault, own: &NodeId, partner: &NodeId) -> Result<Vec<Entry>, VaultError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, [u8; 32]>(2)?));
    let pair = vault
        .db()
        .one("SELECT epoch, length, head FROM pair WHERE partner = ?1", params![partner.as_bytes()], read)
        .optional()?;
    let Some((epoch, length, head)) = pair else { return Ok(Vec::new()) };
    let mut entries = Vec::new();
    let mut rows = vault.db().prepare_cached("SELECT place, entry FROM evidence WHERE partner = ?1 ORDER BY place")?;
    let rows = rows.query_map(params![partner.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (expected, row) in (1_u64..).zip(rows) {
        let (place, bytes): (i64, Vec<u8>) = row?;
        if uint(place)? != expected {
            return Err(DAMAGED);
        }
        entries.push(Entry::parse(&bytes).ok().ok_or(DAMAGED)?);
    }
    let recomputed = ChainHead::start(own, partner, uint(epoch)?).then_all(&entries);
    if recomputed == (ChainHead { length: uint(length)?, hash: head }) { Ok(entries) } else { Err(DAMAGED) }
}

/// Ends a chain that does not hold with its last entry that follows from the first; what comes after is gone.
pub(crate) fn make_whole(vault: &mut Vault, own: &NodeId, partner: &NodeId) -> Result<(), VaultError> {
    let tx = vault.begin()?;
    let key = params![partner.as_bytes()];
    let epoch: i64 = tx.one("SELECT epoch FROM pair WHERE partner = ?1", key, |row| row.get(0))?;
    let mut head = ChainHead::start(own, partner, uint(epoch)?);
    {
        let mut rows = tx.prepare_cached("SELECT place, entry FROM evidence WHERE partner = ?1 ORDER BY place")?;
        let rows = rows.query_map(key, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        for (expected, row) in (1_i64..).zip(rows) {
            let (place, bytes) = row?;
            let Some(entry) = Entry::parse(&bytes).ok().filter(|_| place == expected) else { break };
            head = head.then(&entry);
        }
    }
    let changed = params![partner.as_bytes(), int(head.length), head.hash];
    tx.run("UPDATE pair SET length = ?2, head = ?3 WHERE partner = ?1", changed)?;
    tx.run("DELETE FROM evidence WHERE partner = ?1 AND place > ?2", params![partner.as_bytes(), int(head.length)])?;
    Ok(tx.commit()?)
}

/// The partners that a chain is kept with.
///
/// # Errors
/// What the disk says.
pub fn partners(vault: &Vault) -> Result<Vec<NodeId>, VaultError> {
    let mut rows = vault.db().prepare_cached("SELECT partner FROM pair ORDER BY partner")?;
    let rows = rows.query_map([], |row| row.get(0))?;
    rows.map(|row| Ok(NodeId::from_bytes(row?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys::identity,
        testing::{NOW, Seeded, vault},
    };

    #[test]
    fn a_chain_recomputes_and_a_cut_or_altered_entry_shows() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(1));
        let own = identity(&vault).unwrap();
        let partner = NodeId::from_bytes([7; 32]);
        assert_eq!(head(vault.db(), &own, &partner).unwrap().length, 0);

        for (kind, body) in [(EntryKind::Sent, b"one".as_slice()), (EntryKind::RelayAccepted, b"two")] {
            append(vault.db(), &own, &partner, None, kind, body, NOW).unwrap();
        }

        let kept = entries(&vault, &own.node, &partner).unwrap();
        assert!(kept[0].kind() == EntryKind::Sent && kept[0].body() == b"one" && kept[0].time() == NOW);
        assert!(kept[1].kind() == EntryKind::RelayAccepted && kept.len() == 2);
        for harm in ["DELETE FROM evidence WHERE place = 2", "UPDATE evidence SET entry = zeroblob(16) WHERE place = 1"]
        {
            vault.db().execute_batch("SAVEPOINT harm").unwrap();
            vault.db().execute(harm, []).unwrap();
            assert!(matches!(entries(&vault, &own.node, &partner), Err(VaultError::Damaged { .. })), "{harm}");
            vault.db().execute_batch("ROLLBACK TO harm; RELEASE harm").unwrap();
        }
        entries(&vault, &own.node, &partner).unwrap();
    }
}
