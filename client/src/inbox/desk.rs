//! What this node knows when it opens an envelope, answered from the vault and the registry.

use std::cell::RefCell;

use rusqlite::{OptionalExtension as _, params};
use safeconduct_certs::{node::NodeStatus, registry::KeyStanding};
use safeconduct_protocol::{
    crypto::kem::KemSecret,
    envelope::{
        desk::{Arrival, Desk, PolicyRefusal, PrekeyState, ReplyKey, SenderState},
        header::{ContentType, Header},
        open::open as run,
        verdict::Verdict,
    },
    id::{EnvelopeDigest, KeyId, MessageId, NodeId, PrekeyId, SlotId},
    receipt::settle::Settlement,
    secret::Secret,
    time::Timestamp,
};

use super::Here;
use crate::{
    outbox::progress::SealRow,
    prekeys,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// The first failure of the vault while the check list asked. The list has no way to hear of it, so its verdict counts
/// for nothing then.
struct Failure(RefCell<Option<VaultError>>);

impl Failure {
    fn or<T>(&self, fallback: T, result: Result<T, VaultError>) -> T {
        result.unwrap_or_else(|error| {
            self.0.borrow_mut().get_or_insert(error);
            fallback
        })
    }
}

/// Runs the check list over an envelope. Nothing is changed.
pub(super) fn open(
    vault: &Vault,
    here: &Here<'_>,
    arrival: Arrival,
    bytes: &[u8],
    digest: &EnvelopeDigest,
    now: Timestamp,
) -> Result<Verdict, VaultError> {
    let failure = Failure(RefCell::new(None));
    let held_since = held_since(vault, digest)?;
    let verdict = run(
        arrival,
        bytes,
        &Desk {
            node: here.identity.node,
            mailbox: here.identity.mailbox,
            suite_min: here.held.registry().min_suite(),
            now,
            held_since,
            settled: &|digest| failure.or(None, settled(vault, digest)),
            prekey: &|id| failure.or(PrekeyState::Unknown, prekeys::standing(vault, id, now)),
            reply_key: &|slot, id| failure.or(None, reply_key(vault, slot, id, now)),
            // A receipt names the message that it is about; anything else is judged by who its sender is.
            sender: &|node, key| match arrival {
                Arrival::Mailbox if !(here.rules.named)(node) => SenderState::Unknown,
                Arrival::Mailbox | Arrival::Slot(_) => sender(here, node, key),
            },
            seen: &|sender, message| failure.or(None, seen(vault, sender, message)),
            recipients: &|_, _| None,
            policy: &|header, _| policy(here, arrival, header, now),
        },
    );
    match failure.0.into_inner() {
        Some(error) => Err(error),
        None => Ok(verdict),
    }
}

fn held_since(vault: &Vault, digest: &EnvelopeDigest) -> Result<Option<Timestamp>, VaultError> {
    let since: Option<i64> = vault
        .db()
        .one(
            "SELECT at FROM quarantine WHERE digest = ?1 AND class = ?2",
            params![digest.as_bytes(), super::quarantine::Class::Held.code()],
            |row| row.get(0),
        )
        .optional()?;
    since.map(|at| uint(at).map(Timestamp)).transpose()
}

fn settled(vault: &Vault, digest: &EnvelopeDigest) -> Result<Option<Settlement>, VaultError> {
    let bytes: Option<Vec<u8>> = vault
        .db()
        .one("SELECT settlement FROM replay WHERE digest = ?1", params![digest.as_bytes()], |row| row.get(0))
        .optional()?;
    let damaged = VaultError::Damaged { what: "a stored settlement is altered" };
    bytes.map(|bytes| Settlement::parse(&bytes).ok().ok_or(damaged)).transpose()
}

fn reply_key(vault: &Vault, slot: &SlotId, id: &PrekeyId, now: Timestamp) -> Result<Option<ReplyKey>, VaultError> {
    let secret: Option<[u8; 32]> = vault
        .db()
        .one(
            "SELECT reply_secret FROM seal WHERE reply_id = ?1 AND reply_slot = ?2 AND watch_until >= ?3
                AND reply_secret IS NOT NULL",
            params![id.as_bytes(), slot.as_bytes(), int(now.0)],
            |row| row.get(0),
        )
        .optional()?;
    let Some(secret) = secret.map(Secret::new) else { return Ok(None) };
    let Some(row) = SealRow::by_reply_key(vault.db(), id)? else { return Ok(None) };
    let identity = row.signed_header()?.header().sender_key;
    Ok(Some(ReplyKey { secret: KemSecret::from_bytes(secret), identity, sent: row.as_sent()? }))
}

fn sender(here: &Here<'_>, node: &NodeId, key: &KeyId) -> SenderState {
    let Some(state) = here.held.node(node) else { return SenderState::Unknown };
    match state.status {
        NodeStatus::Active => match here.held.registry_of(node).key_standing(node, key) {
            KeyStanding::Current(identity) | KeyStanding::Former(identity) => SenderState::Active(identity),
            KeyStanding::Replaced => SenderState::Replaced,
            // A newer registry may name it.
            KeyStanding::Unknown => SenderState::Active(state.ik),
        },
        NodeStatus::Suspended => SenderState::Suspended,
        NodeStatus::Revoked { .. } => SenderState::Revoked,
    }
}

fn seen(vault: &Vault, sender: &NodeId, message: &MessageId) -> Result<Option<[u8; 32]>, VaultError> {
    Ok(vault
        .db()
        .one(
            "SELECT commitment FROM inbox WHERE sender = ?1 AND message = ?2",
            params![sender.as_bytes(), message.as_bytes()],
            |row| row.get(0),
        )
        .optional()?)
}

/// A relay sends nothing; the agency may block a node; a node abroad writes here while its authority is recognised. Referrals
/// are judged by the agreements with their content, so that a person can be told which one is missing.
fn policy(here: &Here<'_>, arrival: Arrival, header: &Header, now: Timestamp) -> Result<(), PolicyRefusal> {
    let sender = &header.sender;
    let control = arrival == Arrival::Mailbox && header.content_type != ContentType::Referral;
    let abroad = here.held.authority_of(sender).is_some();
    if control && abroad && here.held.recognition_of(sender).is_none_or(|one| !one.terms.hold_at(now)) {
        return Err(PolicyRefusal::Role);
    }
    if here.held.node(sender).is_some_and(safeconduct_certs::node::NodeState::is_relay) {
        return Err(PolicyRefusal::Role);
    }
    if (here.rules.blocked)(sender) { Err(PolicyRefusal::Blocked) } else { Ok(()) }
}
