//! A queued message becomes an envelope (`docs/PROTOCOL.md` §7). The envelope and everything that its answers need
//! are durable before this returns, so before the first submit.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_certs::node::{NodeState, NodeStatus};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    envelope::{
        draft::{Draft, DraftParts, DraftRefused, SealTerms},
        header::SignedHeader,
        reply::{REPLY_BLOCK_BYTES, ReplyBlock, ReplyKeys},
        sealed::Sealed,
        target::Target,
    },
    id::{KeyId, MessageId, NodeId},
    limits::EXPIRY_DAYS_MAX,
    personal::Personal,
    prekey::record::{CheckedPrekey, PrekeyContext, PrekeyKind, PrekeyRecord, PrekeyRefused},
    receipt::chain::EntryKind,
    slot::SlotSecret,
    time::{DAY_S, Day, Timestamp},
};
use zeroize::Zeroizing;

use super::{FailReason, MessageKind, OutboxError, OutboxState, progress, standing::SUSPENDED};
use crate::{
    config::RECEIPT_DELAY_BOUND_S,
    evidence::chain,
    keys::Identity,
    recovery::notice,
    registry::{Held, RelayRef, acted_on},
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// A day less than the relay takes: near midnight a clock that is minutes ahead must not make the envelope refused.
const EXPIRY_DAYS: u32 = EXPIRY_DAYS_MAX - 1;

/// A recipient whose signed prekey is older than this has not been online since.
const QUIET_AFTER_S: u64 = 7 * DAY_S;

/// Seals a queued message to the prekey record that the relay served. A recipient who is not active any more fails
/// the message; a refused prekey leaves it queued and makes the next fetch ask for another.
///
/// # Errors
/// Any [`OutboxError`]; nothing was sealed then.
pub fn seal(
    vault: &mut Vault,
    identity: &Identity,
    held: &Held,
    message: &MessageId,
    record: &[u8],
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), OutboxError> {
    let row = match QueuedRow::load(vault.db(), message, now) {
        Err(OutboxError::Vault(VaultError::Damaged { .. })) => {
            // A row that can never be sealed stops itself, not the rest.
            progress::fail(vault.db(), message, FailReason::Damaged)?;
            return Err(OutboxError::WrongState { state: OutboxState::Failed });
        }
        other => other?,
    };
    if row.kind == MessageKind::Receipt {
        return Err(OutboxError::WrongState { state: OutboxState::Queued });
    }
    let member = recipient(vault.db(), held, &row, now)?;
    let prekey = match check_prekey(vault.db(), held, member, record, now) {
        Ok(prekey) => prekey,
        Err(OutboxError::Prekey(refused)) => {
            let fresh: [u8; 16] = random(entropy).map_err(VaultError::from)?;
            vault.db().run("UPDATE outbox SET request = ?2 WHERE message = ?1", params![message.as_bytes(), fresh])?;
            progress::put_off(vault.db(), message, refused.code(), 0, now)?;
            if refused.is_alarming() {
                note_refused(vault.db(), &member.id, refused.code())?;
            }
            return Err(OutboxError::Prekey(refused));
        }
        Err(error) => return Err(error),
    };
    let relay = held.home(&member.id).ok_or(OutboxError::RecipientUnknown)?;
    let reply = ReplyKeys::generate(held.home_relay(&identity.node), now, entropy).map_err(VaultError::from)?;
    let status = SlotSecret::random(entropy).map_err(VaultError::from)?;
    let target = Target::prekey(&prekey, member.mailbox);
    let told = vault.begin()?;
    notice::told_first(&told, identity, &row.recipient, now, entropy)?;
    told.commit().map_err(VaultError::from)?;
    let made = Made::new(&row, &target, vault.db(), identity, held, Some(&reply), &status, now, entropy)?;
    let tx = vault.begin()?;
    made.store(&tx, &row, Some(&reply), &status, &member.key_id, relay, now)?;
    acted_on::keep(&tx, held.registry())?;
    remember_prekey(&tx, &prekey, now)?;
    let header = made.header.header();
    let body = chain::message_body(message, &made.header.hash(), &header.content_commitment, &made.sealed.digest());
    let kind = match row.kind {
        MessageKind::Ping | MessageKind::Cover => EntryKind::Ping,
        MessageKind::Referral
        | MessageKind::Receipt
        | MessageKind::Notice
        | MessageKind::Case
        | MessageKind::Report => EntryKind::Sent,
    };
    chain::append(&tx, identity, &row.recipient, Some(message), kind, &body, now)?;
    Ok(tx.commit()?)
}

/// Seals every receipt whose time has come, to the reply key of the message that it is about. One that cannot be sealed
/// does not hold up the others: it fails when what is kept of it is damaged, else it is tried again later.
///
/// # Errors
/// What the disk says; what was not sealed stays queued.
pub fn seal_due_receipts(
    vault: &mut Vault,
    identity: &Identity,
    held: &Held,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<usize, OutboxError> {
    let due: Vec<[u8; 16]> = {
        let mut rows = vault.db().prepare_cached(
            "SELECT message FROM outbox
                WHERE state = 'queued' AND kind = 2 AND (not_before <= ?1 OR not_before > ?2) ORDER BY place",
        )?;
        let too_far = int(now.after(RECEIPT_DELAY_BOUND_S).0);
        rows.query_map([int(now.0), too_far], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut sealed: usize = 0;
    for message in due.into_iter().map(MessageId::from_bytes) {
        match seal_receipt(vault, identity, held, &message, now, entropy) {
            Ok(()) => sealed = sealed.saturating_add(1),
            Err(OutboxError::Vault(VaultError::Damaged { .. })) => {
                progress::fail(vault.db(), &message, FailReason::Damaged)?;
            }
            Err(OutboxError::Vault(error)) => return Err(error.into()),
            Err(error) => progress::put_off(vault.db(), &message, error.code(), 0, now)?,
        }
    }
    Ok(sealed)
}

fn seal_receipt(
    vault: &mut Vault,
    identity: &Identity,
    held: &Held,
    message: &MessageId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<(), OutboxError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "a receipt without a reply block" };
    let row = QueuedRow::load(vault.db(), message, now)?;
    let (block, key) = row.reply_target.as_deref().and_then(|t| t.split_first_chunk()).ok_or(DAMAGED)?;
    let block = ReplyBlock::parse(block).ok_or(DAMAGED)?;
    let key = KeyId::try_from(key).ok().ok_or(DAMAGED)?;
    if now > block.not_after() {
        progress::fail(vault.db(), message, FailReason::ReplyEnded)?;
        return Ok(());
    }
    let status = SlotSecret::random(entropy).map_err(VaultError::from)?;
    let relay = RelayRef { authority: held.authority_of(&row.recipient), relay: block.relay() };
    let target = Target::reply(&block, row.recipient, key);
    let made = Made::new(&row, &target, vault.db(), identity, held, None, &status, now, entropy)?;
    let tx = vault.begin()?;
    made.store(&tx, &row, None, &status, &key, relay, now)?;
    Ok(tx.commit()?)
}

/// What a receipt row keeps of where it goes: the block, then the id of the sender's identity key.
pub(crate) fn reply_target_bytes(block: &ReplyBlock, sender_key: &KeyId) -> Vec<u8> {
    let block: &[u8; REPLY_BLOCK_BYTES] = block.as_bytes();
    [block.as_slice(), sender_key.as_bytes()].concat()
}

/// A queued row, read for sealing.
struct QueuedRow {
    message: MessageId,
    kind: MessageKind,
    recipient: NodeId,
    content: Zeroizing<Vec<u8>>,
    salt: [u8; 32],
    created: Timestamp,
    reply_target: Option<Vec<u8>>,
}

impl QueuedRow {
    fn load(db: &Connection, message: &MessageId, now: Timestamp) -> Result<Self, OutboxError> {
        const ERASED: VaultError = VaultError::Damaged { what: "a queued message without content" };
        let read = |row: &Row<'_>| {
            let content: Option<Vec<u8>> = row.get("content")?;
            let loaded = Self {
                message: *message,
                kind: MessageKind::Ping,
                recipient: NodeId::from_bytes(row.get("recipient")?),
                content: Zeroizing::new(content.unwrap_or_default()),
                salt: row.get("salt")?,
                created: Timestamp(0),
                reply_target: row.get("reply_target")?,
            };
            let raw: (i64, i64, String) = (row.get("kind")?, row.get("queued_at")?, row.get("state")?);
            Ok((loaded, raw))
        };
        let found = db.one("SELECT * FROM outbox WHERE message = ?1", params![message.as_bytes()], read).optional()?;
        let (row, (kind, created, state)) = found.ok_or(OutboxError::UnknownMessage { message: *message })?;
        let state = OutboxState::parse(&state)?;
        if state != OutboxState::Queued {
            return Err(OutboxError::WrongState { state });
        }
        let kind = MessageKind::from_code(kind)?;
        if row.content.is_empty() && kind != MessageKind::Cover {
            return Err(ERASED.into());
        }
        // A clock that was ahead when the message was queued does not make it a message from the future.
        let created = Timestamp(uint(created)?).min(now);
        Ok(Self { kind, created, ..row })
    }

    /// The same at each sealing: id, time (unless it lay in the future), salt and content.
    fn draft(&self) -> Result<Draft, DraftRefused> {
        Draft::resume(DraftParts {
            content_type: self.kind.content_type(),
            content: Personal::new(self.content.clone()),
            message: self.message,
            created: self.created,
            salt: self.salt,
            recipients: vec![self.recipient],
        })
    }
}

/// The recipient, if the registry lets this node send to it now. A recipient who is not there or was revoked fails the message; one
/// who is suspended makes it wait, as a registry that is too old makes it wait.
fn recipient<'a>(
    db: &Connection,
    held: &'a Held,
    row: &QueuedRow,
    now: Timestamp,
) -> Result<&'a NodeState, OutboxError> {
    let Some(member) = held.node(&row.recipient) else {
        progress::fail(db, &row.message, FailReason::RecipientNotActive)?;
        return Err(OutboxError::RecipientUnknown);
    };
    match member.status {
        NodeStatus::Active => {}
        NodeStatus::Suspended => {
            progress::put_off(db, &row.message, SUSPENDED, 0, now)?;
            return Err(OutboxError::RecipientNotActive);
        }
        NodeStatus::Revoked { .. } => {
            progress::fail(db, &row.message, FailReason::RecipientRevoked)?;
            return Err(OutboxError::RecipientNotActive);
        }
    }
    if !held.may_send(member, now) {
        progress::put_off(db, &row.message, "registry-stale", 0, now)?;
        return Err(OutboxError::RegistryStale);
    }
    Ok(member)
}

fn check_prekey(
    db: &Connection,
    held: &Held,
    member: &NodeState,
    record: &[u8],
    now: Timestamp,
) -> Result<CheckedPrekey, OutboxError> {
    let record = PrekeyRecord::parse(record).map_err(OutboxError::Prekey)?;
    let used: Option<i64> = db
        .one("SELECT 1 FROM prekey_used WHERE prekey = ?1", params![record.id().as_bytes()], |row| row.get(0))
        .optional()?;
    let context = PrekeyContext {
        node: member.id,
        identity: &member.ik,
        suite_min: held.min_suite(&member.id),
        now,
        epoch_seen: epoch_seen(db, member)?,
        used: &|_| used.is_some(),
    };
    record.check(&context).map_err(OutboxError::Prekey)
}

/// The highest prekey epoch that a node has ever shown here under its present identity key; 0 at first. Whoever had an earlier one
/// may have shown anything.
fn epoch_seen(db: &Connection, member: &NodeState) -> Result<u64, VaultError> {
    let seen: Option<i64> = db
        .one(
            "SELECT epoch FROM peer WHERE node = ?1 AND (key_id IS NULL OR key_id = ?2)",
            params![member.id.as_bytes(), member.ik.key_id().as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    uint(seen.unwrap_or(0))
}

/// A key of `node` was refused that should alarm a person; the next good one ends that.
fn note_refused(db: &Connection, node: &NodeId, code: &'static str) -> Result<(), VaultError> {
    db.run(
        "INSERT INTO peer (node, epoch, key_refused) VALUES (?1, 0, ?2)
            ON CONFLICT (node) DO UPDATE SET key_refused = excluded.key_refused",
        params![node.as_bytes(), code],
    )?;
    Ok(())
}

/// A one-time prekey is used once; an epoch never goes back under one identity key.
///
/// The signed prekey is renewed each day on which the node is online: an old one says how long it has been away. An old
/// one-time prekey says nothing, for it lies until it is used.
fn remember_prekey(db: &Connection, prekey: &CheckedPrekey, now: Timestamp) -> Result<(), VaultError> {
    let terms = prekey.terms();
    if terms.kind == PrekeyKind::OneTime {
        db.run(
            "INSERT OR IGNORE INTO prekey_used (prekey, until) VALUES (?1, ?2)",
            params![prekey.id().as_bytes(), int(terms.not_after.0)],
        )?;
    }
    let old = now.since(terms.not_before) > QUIET_AFTER_S;
    let quiet_since = (old && terms.kind == PrekeyKind::Signed).then_some(int(terms.not_before.0));
    let says_nothing = old && terms.kind == PrekeyKind::OneTime;
    db.run(
        "INSERT INTO peer (node, epoch, quiet_since, key_id) VALUES (?1, ?2, ?3, ?5)
            ON CONFLICT (node) DO UPDATE SET key_refused = NULL, key_id = excluded.key_id,
                epoch = CASE WHEN key_id IS NULL OR key_id = excluded.key_id THEN max(epoch, excluded.epoch)
                    ELSE excluded.epoch END,
                quiet_since = CASE WHEN ?4 THEN quiet_since ELSE excluded.quiet_since END",
        params![terms.node.as_bytes(), int(terms.epoch), quiet_since, says_nothing, prekey.identity().as_bytes()],
    )?;
    Ok(())
}

/// An envelope that was just made, not yet stored.
struct Made {
    header: SignedHeader,
    sealed: Sealed,
    expiry: Day,
}

impl Made {
    #[expect(clippy::too_many_arguments, reason = "one call site a kind of message; a struct would only rename them")]
    fn new(
        row: &QueuedRow,
        target: &Target,
        db: &Connection,
        identity: &Identity,
        held: &Held,
        reply: Option<&ReplyKeys>,
        status: &SlotSecret,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, OutboxError> {
        let expiry = now.day().after(EXPIRY_DAYS);
        let checkpoint = held.checkpoint();
        let terms = SealTerms {
            target,
            sender: identity.node,
            identity: &identity.key,
            hedge: &identity.hedge,
            status_slot: status.id(),
            expiry,
            chain: chain::head(db, identity, &row.recipient)?,
            registry: held.point(),
            reply: reply.map(|keys| &keys.block),
            checkpoint: &checkpoint,
        };
        let signed = row.draft()?.sign(&terms, entropy)?;
        let header = signed.signed_header().clone();
        let sealed = signed.seal().map_err(DraftRefused::from)?;
        Ok(Self { header, sealed, expiry })
    }

    /// Stores the envelope beside its earlier ones and marks the message sealed.
    #[expect(clippy::too_many_arguments, reason = "two call sites; a struct would only rename them")]
    fn store(
        &self,
        db: &Connection,
        row: &QueuedRow,
        reply: Option<&ReplyKeys>,
        status: &SlotSecret,
        recipient_key: &KeyId,
        relay: RelayRef,
        now: Timestamp,
    ) -> Result<(), VaultError> {
        let watch_until = reply.map_or(now, |keys| keys.block.not_after());
        db.run(
            "INSERT INTO seal (digest, message, attempt, envelope, header, signature, prekey, sealed_at, recipient_key,
                reply_id, reply_secret, reply_slot, reply_slot_secret, status_slot, status_slot_secret, watch_until,
                expires, relay)
                VALUES (?1, ?2, (SELECT coalesce(max(attempt), 0) + 1 FROM seal WHERE message = ?2), ?3, ?4, ?5, ?6, ?7,
                ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
            params![
                self.sealed.digest().as_bytes(),
                row.message.as_bytes(),
                self.sealed.as_bytes(),
                self.header.as_bytes().as_slice(),
                self.header.signature().as_bytes(),
                self.sealed.prekey().as_bytes(),
                int(now.0),
                recipient_key.as_bytes(),
                reply.map(|keys| keys.block.id().as_bytes().to_vec()),
                reply.map(|keys| keys.secret.seed().reveal().as_slice()),
                reply.map(|keys| keys.block.slot().as_bytes().to_vec()),
                reply.map(|keys| keys.slot.as_bytes().as_slice()),
                status.id().as_bytes(),
                status.as_bytes(),
                int(watch_until.0),
                self.expiry.0,
                relay.to_bytes(),
            ],
        )?;
        db.run(
            "UPDATE outbox SET state = 'sealed', not_before = ?2, last_error = NULL WHERE message = ?1",
            params![row.message.as_bytes(), int(now.0)],
        )?;
        Ok(())
    }
}

impl From<DraftRefused> for OutboxError {
    fn from(refused: DraftRefused) -> Self {
        if let DraftRefused::TooLarge { bytes } = refused {
            Self::ContentTooLong { bytes }
        } else {
            Self::CannotSeal(refused)
        }
    }
}

impl From<PrekeyRefused> for OutboxError {
    fn from(refused: PrekeyRefused) -> Self {
        Self::Prekey(refused)
    }
}
