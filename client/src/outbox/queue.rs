//! How a message enters the outbox: durable before the caller hears that it is queued.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    envelope::{content::Control, header::content_commitment},
    id::{AgencyId, MessageId, NodeId},
    limits::CONTENT_BYTES_MAX,
    time::Timestamp,
};

use super::{ALARM_AFTER_S, MessageKind, OutboxError, Rank};
use crate::vault::{Vault, VaultError, int, uint};

/// A referral to be queued.
pub struct NewReferral<'a> {
    /// Canonical bytes, validated.
    pub content: &'a [u8],
    /// To which node.
    pub recipient: NodeId,
    /// Of which agency.
    pub agency: &'a AgencyId,
    /// The referral's own id, for lists.
    pub referral_id: &'a str,
    /// [`Rank::Urgent`] or [`Rank::Normal`].
    pub rank: Rank,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// The urgency's acknowledgement time, from now, when that is sooner than [`ALARM_AFTER_S`].
    pub alarm_after_s: u64,
    /// The same key again is the same message.
    pub idempotency: Option<&'a str>,
}

/// What queueing gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Queued {
    /// A new message.
    New(MessageId),
    /// The key was used before, for the same content and recipient.
    Already(MessageId),
}

impl Queued {
    /// The message's id.
    #[must_use]
    pub const fn message(self) -> MessageId {
        match self {
            Self::New(message) | Self::Already(message) => message,
        }
    }
}

/// Queues a referral; it is durable when this returns.
///
/// # Errors
/// [`OutboxError::ContentTooLong`], [`OutboxError::KeyReused`], or what the disk says; nothing is queued then.
pub fn queue(
    vault: &mut Vault,
    new: &NewReferral<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Queued, OutboxError> {
    if new.content.len() > CONTENT_BYTES_MAX {
        return Err(OutboxError::ContentTooLong { bytes: new.content.len() });
    }
    let row = NewRow {
        kind: MessageKind::Referral,
        rank: new.rank,
        recipient: new.recipient,
        agency: Some(new.agency.as_str()),
        referral: Some(new.referral_id),
        exercise: new.exercise,
        content: new.content,
        alarm_after_s: new.alarm_after_s.min(ALARM_AFTER_S),
        idempotency: new.idempotency,
        reply_target: None,
        not_before: now,
    };
    let tx = vault.begin()?;
    if let Some(key) = new.idempotency
        && let Some(message) = same_before(&tx, key, new)?
    {
        return Ok(Queued::Already(message));
    }
    let message = insert(&tx, &row, now, entropy)?;
    tx.commit().map_err(VaultError::from)?;
    Ok(Queued::New(message))
}

/// The message that was queued under `key` before for an agency, if its content is `content`; otherwise `None`.
///
/// # Errors
/// What the disk says.
pub fn queued_before(
    vault: &Vault,
    key: &str,
    agency: &AgencyId,
    content: &[u8],
) -> Result<Option<MessageId>, VaultError> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<([u8; 16], [u8; 32], [u8; 32])> = vault
        .db()
        .query_row(
            "SELECT message, salt, commitment FROM outbox WHERE idempotency = ?1 AND agency = ?2",
            [key, agency.as_str()],
            read,
        )
        .optional()?;
    let same = found.filter(|(_, salt, commitment)| content_commitment(salt, content) == *commitment);
    Ok(same.map(|(message, ..)| MessageId::from_bytes(message)))
}

/// When something was first queued under `key`.
///
/// # Errors
/// What the disk says.
pub fn queued_at(vault: &Vault, key: &str) -> Result<Option<Timestamp>, VaultError> {
    let at: Option<i64> = vault
        .db()
        .query_row("SELECT queued_at FROM outbox WHERE idempotency = ?1", [key], |row| row.get(0))
        .optional()?;
    Ok(at.map(uint).transpose()?.map(Timestamp))
}

/// Queues a ping: content type 3, answered by a real receipt, kept out of the lists of business.
///
/// # Errors
/// What the disk says.
pub fn queue_ping(
    vault: &mut Vault,
    recipient: NodeId,
    agency: &AgencyId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, OutboxError> {
    let content = Control::ping(entropy).map_err(VaultError::from)?.encode();
    let row = NewRow {
        kind: MessageKind::Ping,
        rank: Rank::Low,
        recipient,
        agency: Some(agency.as_str()),
        referral: None,
        exercise: false,
        content: &content,
        alarm_after_s: ALARM_AFTER_S,
        idempotency: None,
        reply_target: None,
        not_before: now,
    };
    let tx = vault.begin()?;
    let message = insert(&tx, &row, now, entropy)?;
    tx.commit().map_err(VaultError::from)?;
    Ok(message)
}

/// A row of the outbox that is about to be.
pub(crate) struct NewRow<'a> {
    pub(crate) kind: MessageKind,
    pub(crate) rank: Rank,
    pub(crate) recipient: NodeId,
    pub(crate) agency: Option<&'a str>,
    pub(crate) referral: Option<&'a str>,
    pub(crate) exercise: bool,
    pub(crate) content: &'a [u8],
    pub(crate) alarm_after_s: u64,
    pub(crate) idempotency: Option<&'a str>,
    /// For a receipt: the reply block that it goes to.
    pub(crate) reply_target: Option<&'a [u8]>,
    pub(crate) not_before: Timestamp,
}

/// Puts a row into the outbox, inside the caller's transaction.
pub(crate) fn insert(
    db: &Connection,
    row: &NewRow<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, VaultError> {
    let message = MessageId::from_bytes(random(entropy)?);
    let salt: [u8; 32] = random(entropy)?;
    let request: [u8; 16] = random(entropy)?;
    db.execute(
        "INSERT INTO outbox (message, idempotency, kind, rank, recipient, agency, referral, exercise, state, content,
            commitment, salt, request, queued_at, not_before, alarm_after_s, alarm_at, reply_target)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?13 + ?15, ?16)",
        params![
            message.as_bytes(),
            row.idempotency,
            row.kind.code(),
            row.rank.code(),
            row.recipient.as_bytes(),
            row.agency,
            row.referral,
            row.exercise,
            row.content,
            content_commitment(&salt, row.content),
            salt,
            request,
            int(now.0),
            int(row.not_before.0),
            int(row.alarm_after_s),
            row.reply_target,
        ],
    )?;
    Ok(message)
}

/// The message that was queued under `key` before, if it is the same.
fn same_before(db: &Connection, key: &str, new: &NewReferral<'_>) -> Result<Option<MessageId>, OutboxError> {
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let found = db
        .query_row("SELECT message, recipient, salt, commitment FROM outbox WHERE idempotency = ?1", [key], read)
        .optional()
        .map_err(VaultError::from)?;
    let Some((message, recipient, salt, kept)) = found else { return Ok(None) };
    let (salt, kept): ([u8; 32], [u8; 32]) = (salt, kept);
    let message = MessageId::from_bytes(message);
    if NodeId::from_bytes(recipient) == new.recipient && content_commitment(&salt, new.content) == kept {
        Ok(Some(message))
    } else {
        Err(OutboxError::KeyReused { message })
    }
}
