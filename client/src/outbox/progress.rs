//! What relay and recipient answer to a submitted envelope. Only what is signed and verifies moves a message on.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_certs::node::NodeStatus;
#[cfg(feature = "planted")]
use safeconduct_protocol::planted;
use safeconduct_protocol::{
    crypto::sign::{Signature, VerifyingKey},
    envelope::{content::Control, header::SignedHeader},
    frame::{PrekeyRefusal, SubmitRefusal},
    id::{EnvelopeDigest, MessageId, NodeId, PrekeyId, RelayId},
    limits::RESEALS_MAX,
    receipt::{
        chain::EntryKind,
        node::{Delivered, SentMessage},
        relay::{RelayAccepted, RelayExpired},
        restore::RestoreNotice,
        settle::{SettleKind, Settlement},
    },
    time::Timestamp,
};

use super::{FailReason, MessageKind, OutboxError, OutboxState};
use crate::{
    evidence::{self, ReceiptKind, chain},
    keys::Identity,
    recovery::{chains, notice},
    registry::{Held, RelayRef},
    vault::{Sql as _, Vault, VaultError, int},
};

/// Longest pause before the same envelope is submitted again.
pub(super) const PAUSE_MAX_S: u64 = 900;

/// One envelope that was made, with the message that it carries.
pub(crate) struct SealRow {
    pub(crate) digest: EnvelopeDigest,
    pub(crate) message: MessageId,
    pub(crate) kind: MessageKind,
    pub(crate) state: OutboxState,
    pub(crate) recipient: NodeId,
    pub(crate) prekey: PrekeyId,
    pub(crate) header: Vec<u8>,
    pub(crate) signature: [u8; 64],
    /// Whether a newer envelope was made for the message.
    pub(crate) superseded: bool,
    pub(crate) reseals: u32,
    pub(crate) accepted: Option<Vec<u8>>,
    /// The relay that it was made for; none for one of an older version: the home relay.
    relay: Option<Vec<u8>>,
}

const SEAL_COLUMNS: &str = "SELECT s.digest, s.message, s.prekey, s.header, s.signature, s.accepted, s.relay, o.kind,
    o.state, o.recipient, o.reseals,
    EXISTS (SELECT 1 FROM seal n WHERE n.message = s.message AND n.attempt > s.attempt) AS superseded
    FROM seal s JOIN outbox o ON o.message = s.message";

impl SealRow {
    pub(crate) fn by_digest(db: &Connection, digest: &EnvelopeDigest) -> Result<Option<Self>, VaultError> {
        Self::load(db, "s.digest = ?1", digest.as_bytes())
    }

    /// The envelope whose status slot this is.
    pub(crate) fn by_status_slot(db: &Connection, slot: &[u8; 16]) -> Result<Option<Self>, VaultError> {
        Self::load(db, "s.status_slot = ?1", slot)
    }

    /// The envelope whose reply key this is.
    pub(crate) fn by_reply_key(db: &Connection, id: &PrekeyId) -> Result<Option<Self>, VaultError> {
        Self::load(db, "s.reply_id = ?1", id.as_bytes())
    }

    fn load(db: &Connection, condition: &str, key: &[u8]) -> Result<Option<Self>, VaultError> {
        let read = |row: &Row<'_>| {
            let loaded = Self {
                digest: EnvelopeDigest::from_bytes(row.get("digest")?),
                message: MessageId::from_bytes(row.get("message")?),
                kind: MessageKind::Ping,
                state: OutboxState::Queued,
                recipient: NodeId::from_bytes(row.get("recipient")?),
                prekey: PrekeyId::from_bytes(row.get("prekey")?),
                header: row.get("header")?,
                signature: row.get("signature")?,
                superseded: row.get("superseded")?,
                reseals: row.get("reseals")?,
                accepted: row.get("accepted")?,
                relay: row.get("relay")?,
            };
            Ok((loaded, row.get("kind")?, row.get::<_, String>("state")?))
        };
        let found = db.one(&format!("{SEAL_COLUMNS} WHERE {condition}"), [key], read).optional()?;
        let Some((row, kind, state)) = found else { return Ok(None) };
        Ok(Some(Self { kind: MessageKind::from_code(kind)?, state: OutboxState::parse(&state)?, ..row }))
    }

    /// The header that was signed for it.
    pub(crate) fn signed_header(&self) -> Result<SignedHeader, VaultError> {
        const DAMAGED: VaultError = VaultError::Damaged { what: "a signed header in the outbox is altered" };
        let bytes = self.header.as_slice().try_into().ok().ok_or(DAMAGED)?;
        SignedHeader::parse(bytes, Signature::from_bytes(self.signature)).ok_or(DAMAGED)
    }

    /// The relay that holds it, or is to.
    pub(crate) fn relay(&self, identity: &Identity, held: &Held) -> RelayRef {
        let made_for = self.relay.as_deref().and_then(RelayRef::from_bytes);
        made_for.or_else(|| held.home(&identity.node)).unwrap_or(RelayRef::own(RelayId(0)))
    }

    /// The key of the relay that holds it, if it is the relay of this number.
    fn relay_key<'h>(&self, identity: &Identity, held: &'h Held, number: RelayId) -> Option<&'h VerifyingKey> {
        let relay = self.relay(identity, held);
        held.relay_key(&relay).filter(|_| relay.relay == number)
    }

    /// What a `delivered` receipt about this envelope must repeat.
    pub(crate) fn as_sent(&self) -> Result<SentMessage, VaultError> {
        Ok(SentMessage::of(&self.signed_header()?, self.digest))
    }
}

/// Takes the relay's signed word that it holds an envelope. The same again changes nothing.
///
/// # Errors
/// [`OutboxError::FalseReceipt`] when it does not verify or is about another envelope: nothing moves then.
pub fn relay_accepted(
    vault: &mut Vault,
    identity: &Identity,
    held: &Held,
    digest: &EnvelopeDigest,
    receipt: &[u8],
    now: Timestamp,
) -> Result<(), OutboxError> {
    let parsed = RelayAccepted::parse(receipt).ok().ok_or(OutboxError::FalseReceipt)?;
    let tx = vault.begin()?;
    let row = SealRow::by_digest(&tx, digest)?.ok_or(OutboxError::FalseReceipt)?;
    let key = row.relay_key(identity, held, parsed.relay()).ok_or(OutboxError::FalseReceipt)?;
    #[cfg(feature = "planted")]
    let unverified = planted::is(planted::Bug::ReceiptUnverified);
    #[cfg(not(feature = "planted"))]
    let unverified = false;
    if !unverified {
        parsed.verify(key).ok().ok_or(OutboxError::FalseReceipt)?;
    }
    if parsed.envelope() != *digest && !unverified {
        return Err(OutboxError::FalseReceipt);
    }
    if row.accepted.is_some() {
        return Ok(());
    }
    tx.run("UPDATE seal SET accepted = ?2 WHERE digest = ?1", params![digest.as_bytes(), receipt])?;
    if row.state == OutboxState::Sealed && !row.superseded {
        tx.run(
            "UPDATE outbox SET state = 'relay-accepted', accepted_at = ?2, last_error = NULL, attempts = attempts + 1
                WHERE message = ?1",
            params![row.message.as_bytes(), int(now.0)],
        )?;
    }
    if row.kind == MessageKind::Receipt {
        // A receipt has arrived as far as this node will ever know, whatever else was planned for it: nothing of it is
        // needed any more, and nothing is left to be sent.
        tx.run(
            "UPDATE outbox SET state = 'relay-accepted', accepted_at = coalesce(accepted_at, ?2), reason = NULL,
                last_error = NULL, content = NULL WHERE message = ?1",
            params![row.message.as_bytes(), int(now.0)],
        )?;
        tx.run("UPDATE seal SET envelope = NULL WHERE message = ?1", params![row.message.as_bytes()])?;
    } else {
        evidence::keep(&tx, &row.message, ReceiptKind::RelayAccepted, digest, receipt, now)?;
        let (kind, partner) = (EntryKind::RelayAccepted, &row.recipient);
        chain::append(&tx, identity, partner, Some(&row.message), kind, receipt, now)?;
    }
    Ok(tx.commit()?)
}

/// Notes that the relay did not take an envelope. The very same one is submitted again, later, whatever the reason.
///
/// [`SubmitRefusal::Expiry`] is no reason to seal anew: a new envelope gets its last day from the same clock, so that where
/// the two clocks differ it is refused like this one, and each costs the recipient a prekey. [`upkeep`](super::upkeep) seals
/// anew what by this node's own time has outlived its day, or was sealed by a clock that was ahead.
///
/// # Errors
/// What the disk says.
pub fn submit_refused(
    vault: &mut Vault,
    identity: &Identity,
    held: &Held,
    digest: &EnvelopeDigest,
    reason: SubmitRefusal,
    retry_after_s: u32,
    now: Timestamp,
) -> Result<(), OutboxError> {
    let tx = vault.begin()?;
    let Some(row) = SealRow::by_digest(&tx, digest)? else { return Ok(()) };
    if row.state != OutboxState::Sealed || row.superseded {
        return Ok(());
    }
    put_off(&tx, &row.message, submit_code(reason), retry_after_s, now)?;
    let moved = held.home(&row.recipient).is_some_and(|home| home != row.relay(identity, held));
    if reason == SubmitRefusal::RecipientElsewhere && moved && row.kind != MessageKind::Receipt {
        // The recipient's mailbox is elsewhere since: a new envelope goes there.
        requeue(&tx, &row.message)?;
    }
    Ok(tx.commit()?)
}

/// Notes that the relay served no prekey; the message stays queued.
///
/// # Errors
/// What the disk says.
pub fn prekey_refused(
    vault: &mut Vault,
    message: &MessageId,
    reason: PrekeyRefusal,
    retry_after_s: u32,
    now: Timestamp,
) -> Result<(), OutboxError> {
    Ok(put_off(vault.db(), message, prekey_code(reason), retry_after_s, now)?)
}

/// The code that is kept of why the relay did not take an envelope.
pub(super) const fn submit_code(reason: SubmitRefusal) -> &'static str {
    match reason {
        SubmitRefusal::Malformed => "relay-says-malformed",
        SubmitRefusal::Expiry => "relay-says-expiry",
        SubmitRefusal::MailboxFull => "mailbox-full",
        SubmitRefusal::RecipientRevoked => "relay-says-recipient-revoked",
        SubmitRefusal::SlotFull => "slot-full",
        SubmitRefusal::Quota => "quota",
        SubmitRefusal::StorageFailed => "relay-storage-failed",
        SubmitRefusal::Conflict => "relay-says-conflict",
        SubmitRefusal::RelayFull => "relay-full",
        SubmitRefusal::Maintenance => "relay-in-maintenance",
        SubmitRefusal::RecipientElsewhere => "recipient-at-another-relay",
        _ => "relay-refused",
    }
}

/// The code that is kept of why the relay served no prekey.
pub(super) const fn prekey_code(reason: PrekeyRefusal) -> &'static str {
    match reason {
        PrekeyRefusal::UnknownNode => "relay-says-unknown-node",
        PrekeyRefusal::NotActive => "relay-says-not-active",
        PrekeyRefusal::NoneLeft => "no-prekey-left",
        PrekeyRefusal::Quota => "prekey-quota",
        PrekeyRefusal::StorageFailed => "relay-storage-failed",
        _ => "relay-refused",
    }
}

/// Notes why a message did not move, and when it is tried again: later each time, at most 15 minutes.
pub(crate) fn put_off(
    db: &Connection,
    message: &MessageId,
    code: &'static str,
    retry_after_s: u32,
    now: Timestamp,
) -> Result<(), VaultError> {
    let attempts: Option<u32> = db
        .one("SELECT attempts FROM outbox WHERE message = ?1", params![message.as_bytes()], |row| row.get(0))
        .optional()?;
    let doubled = 1_u64.checked_shl(attempts.unwrap_or(0)).unwrap_or(PAUSE_MAX_S);
    let pause = doubled.max(u64::from(retry_after_s)).clamp(1, PAUSE_MAX_S);
    db.run(
        "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, not_before = ?3 WHERE message = ?1",
        params![message.as_bytes(), code, int(now.after(pause).0)],
    )?;
    Ok(())
}

/// Notes why a message does not move now; its next attempt is not put off.
pub(crate) fn note(db: &Connection, message: &MessageId, code: &'static str) -> Result<(), VaultError> {
    db.run(
        "UPDATE outbox SET last_error = ?2 WHERE message = ?1 AND last_error IS NOT ?2",
        params![message.as_bytes(), code],
    )?;
    Ok(())
}

/// Gives a message up until a person decides. Of a receipt nobody is told: its sender's own alarm does. Nor of cover.
pub(crate) fn fail(db: &Connection, message: &MessageId, reason: FailReason) -> Result<(), VaultError> {
    db.run(
        "UPDATE outbox SET state = 'failed', reason = ?2, alarm = (kind NOT IN (2, 7)) WHERE message = ?1
            AND state NOT IN ('delivered', 'failed')",
        params![message.as_bytes(), reason.as_str()],
    )?;
    Ok(())
}

/// Gives up a message whose referral's time has ended before the relay had it.
pub(crate) fn out_of_time(db: &Connection, message: &MessageId) -> Result<(), VaultError> {
    db.execute(
        "UPDATE outbox SET state = 'failed', reason = ?2, alarm = 1 WHERE message = ?1 AND state IN ('queued', 'sealed')",
        params![message.as_bytes(), FailReason::OutOfTime.as_str()],
    )?;
    Ok(())
}

/// Back to where a prekey is needed; a fresh request id makes the relay give another one.
fn requeue(db: &Connection, message: &MessageId) -> Result<(), VaultError> {
    db.run(
        "UPDATE outbox SET state = 'queued', request = randomblob(16) WHERE message = ?1",
        params![message.as_bytes()],
    )?;
    Ok(())
}

/// Takes a recipient's receipt that was opened with the reply key of its envelope and verified there. Final.
pub(crate) fn delivered(
    db: &Connection,
    identity: &Identity,
    receipt: &Delivered,
    now: Timestamp,
) -> Result<(), OutboxError> {
    let about = receipt.about();
    let row = SealRow::by_digest(db, &about.envelope)?.ok_or(OutboxError::FalseReceipt)?;
    receipt.matches(&row.as_sent()?).ok().ok_or(OutboxError::FalseReceipt)?;
    let (kind, bytes) = (ReceiptKind::Delivered, receipt.as_bytes());
    let known = db
        .one(
            "SELECT 1 FROM receipt WHERE message = ?1 AND kind = ?2 AND digest = ?3",
            params![row.message.as_bytes(), kind.as_str(), row.digest.as_bytes()],
            |row| row.get::<_, i64>(0),
        )
        .optional()?;
    if known.is_some() {
        return Ok(());
    }
    evidence::keep(db, &row.message, kind, &row.digest, bytes, now)?;
    if row.kind == MessageKind::Notice {
        notice_arrived(db, &row, receipt, now)?;
    }
    chains::answered(db, identity, receipt, now)?;
    chain::append(db, identity, &row.recipient, Some(&row.message), EntryKind::DeliveredReceived, bytes, now)?;
    db.run(
        "UPDATE outbox SET state = 'delivered', reason = NULL, last_error = NULL, alarm = 0,
            delivered_at = coalesce(delivered_at, ?2) WHERE message = ?1",
        params![row.message.as_bytes(), int(now.0)],
    )?;
    db.run("UPDATE peer SET quiet_since = NULL WHERE node = ?1", params![row.recipient.as_bytes()])?;
    Ok(())
}

/// Takes a recipient's word, opened with the reply key of its envelope and verified there, that a rule refused the message.
pub(crate) fn refused(
    db: &Connection,
    message: &MessageId,
    digest: &EnvelopeDigest,
    event: &[u8],
    now: Timestamp,
) -> Result<(), VaultError> {
    evidence::keep(db, message, ReceiptKind::Refused, digest, event, now)?;
    fail(db, message, FailReason::RefusedThere)?;
    // Given up before or not: what the recipient has signed is how it ended.
    db.execute(
        "UPDATE outbox SET reason = ?2 WHERE message = ?1 AND state = 'failed'",
        params![message.as_bytes(), FailReason::RefusedThere.as_str()],
    )?;
    Ok(())
}

/// A partner has the notice that this vault was restored: its receipt says how much more it had seen.
fn notice_arrived(db: &Connection, row: &SealRow, receipt: &Delivered, now: Timestamp) -> Result<(), VaultError> {
    let content: Option<Vec<u8>> = db
        .one("SELECT content FROM outbox WHERE message = ?1", params![row.message.as_bytes()], |row| row.get(0))
        .optional()?
        .flatten();
    let told = content.and_then(|content| match Control::decode(&content) {
        Ok(Control::RestoreNotice(bytes)) => RestoreNotice::parse(&bytes).ok(),
        Ok(_) | Err(_) => None,
    });
    match told {
        Some(told) => notice::delivered(db, &row.recipient, told.says().chain.length, receipt.at().echo, now),
        None => Ok(()),
    }
}

/// Takes a `nack` from an envelope's status slot: only one that the recipient signed and that names this envelope
/// and the prekey that it was sealed to. The message is sealed anew, at most [`RESEALS_MAX`] times, then a person is asked.
pub(crate) fn nacked(
    db: &Connection,
    identity: &Identity,
    held: &Held,
    row: &SealRow,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(), OutboxError> {
    const FALSE: OutboxError = OutboxError::FalseReceipt;
    let nack = Settlement::parse(bytes).ok().ok_or(FALSE)?;
    let SettleKind::Nack { prekey, .. } = nack.kind() else { return Err(FALSE) };
    if nack.node() != row.recipient || nack.envelope() != row.digest || prekey != row.prekey {
        return Err(FALSE);
    }
    let state = held.node(&row.recipient).ok_or(FALSE)?;
    // By the key that it had then, if it has renewed it since.
    let signed = held.registry_of(&row.recipient).counting_keys(&row.recipient).any(|key| nack.verify(key).is_ok());
    signed.then_some(()).ok_or(FALSE)?;
    let waits = matches!(row.state, OutboxState::Sealed | OutboxState::RelayAccepted) && !row.superseded;
    evidence::keep(db, &row.message, ReceiptKind::Nack, &row.digest, bytes, now)?;
    if !waits {
        return Ok(());
    }
    chain::append(db, identity, &row.recipient, Some(&row.message), EntryKind::NackReceived, bytes, now)?;
    if matches!(state.status, NodeStatus::Revoked { .. }) {
        return Ok(fail(db, &row.message, FailReason::RecipientRevoked)?);
    }
    if row.reseals >= RESEALS_MAX {
        return Ok(fail(db, &row.message, FailReason::NackedTooOften)?);
    }
    requeue(db, &row.message)?;
    db.run(
        "UPDATE outbox SET reseals = reseals + 1, not_before = ?2, last_error = 'nack' WHERE message = ?1",
        params![row.message.as_bytes(), int(now.0)],
    )?;
    Ok(())
}

/// Takes the relay's signed word that nobody collected an envelope in time.
pub(crate) fn expired(
    db: &Connection,
    identity: &Identity,
    held: &Held,
    row: &SealRow,
    bytes: &[u8],
    now: Timestamp,
) -> Result<(), OutboxError> {
    const FALSE: OutboxError = OutboxError::FalseReceipt;
    let notice = RelayExpired::parse(bytes).ok().ok_or(FALSE)?;
    let key = row.relay_key(identity, held, notice.relay()).ok_or(FALSE)?;
    notice.verify(key).ok().ok_or(FALSE)?;
    if notice.envelope() != row.digest {
        return Err(FALSE);
    }
    evidence::keep(db, &row.message, ReceiptKind::RelayExpired, &row.digest, bytes, now)?;
    if matches!(row.state, OutboxState::Sealed | OutboxState::RelayAccepted) && !row.superseded {
        chain::append(db, identity, &row.recipient, Some(&row.message), EntryKind::RelayExpired, bytes, now)?;
        db.run(
            "UPDATE outbox SET state = 'expired', alarm = (kind NOT IN (2, 7)) WHERE message = ?1",
            params![row.message.as_bytes()],
        )?;
    }
    Ok(())
}
