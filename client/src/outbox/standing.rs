//! What a newer registry copy means for messages on their way: what is for a suspended node waits and goes on when it is active
//! again, what is for a revoked one has ended and stays until a person has seen it, and what is sealed to keys that their node
//! cannot have any more is sealed anew. Nothing is lost without a word.

use rusqlite::{Connection, params};
use safeconduct_certs::{
    node::{NodeState, NodeStatus},
    registry::{KeyStanding, Registry},
};
use safeconduct_protocol::{
    id::{KeyId, MessageId, NodeId},
    time::Timestamp,
};

use super::{FailReason, OutboxState, progress};
use crate::{
    registry::Held,
    vault::{Sql as _, Vault, VaultError, int},
};

/// The code of what waits because its recipient is suspended.
pub const SUSPENDED: &str = "recipient-suspended";

/// What following the registry did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Followed {
    /// Messages that have ended, because their recipient was revoked.
    pub ended: usize,
    /// Messages that go on, because their recipient is active again.
    pub freed: usize,
    /// Messages that are sealed anew, because their recipient has other keys or another place.
    pub resealed: usize,
}

/// A message on its way.
struct OnItsWay {
    message: MessageId,
    recipient: NodeId,
    state: OutboxState,
    waits: bool,
    /// The identity key that it was sealed to last.
    sealed_to: Option<KeyId>,
    /// The mailbox of an envelope that the relay does not have yet.
    mailbox: Option<[u8; 16]>,
}

/// Brings everything that is on its way in line with the registry. Run when the copy has changed.
///
/// # Errors
/// What the disk says; running it again is safe.
pub fn follow(vault: &mut Vault, held: &Held, now: Timestamp) -> Result<Followed, VaultError> {
    let tx = vault.begin()?;
    let mut followed = Followed::default();
    for one in on_its_way(&tx)? {
        let Some(state) = held.node(&one.recipient) else { continue };
        let registry = held.registry_of(&one.recipient);
        match state.status {
            NodeStatus::Revoked { .. } => {
                progress::fail(&tx, &one.message, FailReason::RecipientRevoked)?;
                followed.ended = followed.ended.saturating_add(1);
            }
            NodeStatus::Suspended => {}
            NodeStatus::Active if one.waits => {
                free(&tx, &one.message, now)?;
                followed.freed = followed.freed.saturating_add(1);
            }
            NodeStatus::Active if is_lost(registry, state, &one) => {
                anew(&tx, &one.message, now)?;
                followed.resealed = followed.resealed.saturating_add(1);
            }
            NodeStatus::Active => {}
        }
    }
    tx.commit()?;
    Ok(followed)
}

fn on_its_way(db: &Connection) -> Result<Vec<OnItsWay>, VaultError> {
    // The mailbox stands in the clear part of an envelope, from its ninth byte on.
    let mut rows = db.prepare_cached(
        "SELECT o.message, o.recipient, o.state, ifnull(o.last_error, '') = ?1 AS waits, s.recipient_key,
            CASE WHEN o.state = 'sealed' THEN substr(s.envelope, 9, 16) END AS mailbox
            FROM outbox o LEFT JOIN seal s ON s.message = o.message
                AND s.attempt = (SELECT max(attempt) FROM seal WHERE message = o.message)
            WHERE o.kind <> 2 AND o.state IN ('queued', 'sealed', 'relay-accepted')",
    )?;
    let rows = rows.query_map([SUSPENDED], |row| {
        let (key, mailbox): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get("recipient_key")?, row.get("mailbox")?);
        let (message, recipient): (Vec<u8>, Vec<u8>) = (row.get("message")?, row.get("recipient")?);
        let (waits, state): (bool, String) = (row.get("waits")?, row.get("state")?);
        // One row that is damaged is told of when it is its turn; it does not keep the others from following.
        let one = message.try_into().ok().zip(recipient.try_into().ok()).zip(OutboxState::parse(&state).ok());
        Ok(one.map(|((message, recipient), state)| OnItsWay {
            message: MessageId::from_bytes(message),
            recipient: NodeId::from_bytes(recipient),
            state,
            waits,
            sealed_to: key.and_then(|key| key.try_into().ok()).map(KeyId::from_bytes),
            mailbox: mailbox.and_then(|mailbox| mailbox.try_into().ok()),
        }))
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Whether nobody can open what was sealed last, or nobody will find it: the identity key that it names was taken from its node,
/// or the relay does not have it yet and its mailbox has been left.
fn is_lost(registry: &Registry, state: &NodeState, one: &OnItsWay) -> bool {
    let Some(key) = &one.sealed_to else { return false };
    match one.state {
        OutboxState::Sealed | OutboxState::RelayAccepted => {}
        OutboxState::Queued | OutboxState::Delivered | OutboxState::Failed | OutboxState::Expired => return false,
    }
    let replaced = registry.key_standing(&state.id, key) == KeyStanding::Replaced;
    // An ordinary renewal that is weeks old is no such thing: what it sealed has expired by itself.
    let taken =
        replaced && state.former_keys.iter().any(|former| former.key.key_id() == *key && former.counts_until.is_none());
    taken || one.mailbox.is_some_and(|mailbox| mailbox != *state.mailbox.as_bytes())
}

fn free(db: &Connection, message: &MessageId, now: Timestamp) -> Result<(), VaultError> {
    db.run(
        "UPDATE outbox SET last_error = NULL, attempts = 0, not_before = ?2 WHERE message = ?1",
        params![message.as_bytes(), int(now.0)],
    )?;
    Ok(())
}

fn anew(db: &Connection, message: &MessageId, now: Timestamp) -> Result<(), VaultError> {
    db.run(
        "UPDATE outbox SET state = 'queued', last_error = 'recipient-moved', attempts = 0, not_before = ?2,
            request = randomblob(16) WHERE message = ?1",
        params![message.as_bytes(), int(now.0)],
    )?;
    Ok(())
}

/// How many messages wait for each suspended recipient, as its agency is called here.
///
/// # Errors
/// What the disk says.
pub fn waiting_for_suspended(vault: &Vault) -> Result<Vec<(String, u64)>, VaultError> {
    let mut rows = vault.db().prepare_cached(
        "SELECT ifnull(agency, substr(hex(recipient), 1, 8)), count(*) FROM outbox
            WHERE last_error = ?1 AND kind NOT IN (2, 7) AND state = 'queued' GROUP BY recipient ORDER BY 1",
    )?;
    let rows = rows.query_map([SUSPENDED], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    rows.map(|row| row.map_err(VaultError::from).and_then(|(agency, count)| Ok((agency, crate::vault::uint(count)?))))
        .collect()
}

/// How many messages have not reached the relay.
///
/// # Errors
/// What the disk says.
pub fn not_at_the_relay(vault: &Vault) -> Result<u64, VaultError> {
    let sql = "SELECT count(*) FROM outbox WHERE kind NOT IN (2, 7) AND state IN ('queued', 'sealed')";
    crate::vault::uint(vault.db().one(sql, [], |row| row.get(0))?)
}
