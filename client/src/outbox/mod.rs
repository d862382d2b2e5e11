//! Messages on their way out: queued → sealed → relay-accepted → delivered, or failed, or expired.
//!
//! # Layout
//! - this file: what is queued, and in which order it leaves
//! - [`seal`]: a queued message becomes an envelope, durable before it is sent
//! - [`progress`]: what relay and recipient answer
//! - [`upkeep`]: alarms, expiry, erasure
//!
//! Every step is one transaction. What is sent again is the very same bytes, until a *re-seal* makes a new envelope
//! with a new prekey under the same message id. The sender believes only a verified `delivered` receipt: everything else
//! leaves the message where it is.

mod error;
pub mod progress;
pub mod seal;
pub mod upkeep;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    envelope::{
        content::Control,
        header::{ContentType, content_commitment},
    },
    id::{AgencyId, EnvelopeDigest, MessageId, NodeId, RequestId},
    limits::CONTENT_BYTES_MAX,
    slot::SlotSecret,
    time::{DAY_S, Timestamp},
};
use zeroize::Zeroizing;

pub use self::error::{FailReason, OutboxError};
use crate::vault::{Vault, VaultError, int, uint};

/// A sender is alarmed when no `delivered` receipt came this long after the relay took charge (`CONSTRUCTION` A.20.3).
pub const ALARM_AFTER_S: u64 = DAY_S;

/// What a message carries, apart from its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MessageKind {
    /// A referral's canonical bytes: business.
    Referral,
    /// Receipts to one reply key.
    Receipt,
    /// A ping: a real round trip, kept apart from business.
    Ping,
}

impl MessageKind {
    pub(crate) const fn code(self) -> i64 {
        match self {
            Self::Referral => 1,
            Self::Receipt => 2,
            Self::Ping => 3,
        }
    }

    pub(crate) const fn content_type(self) -> ContentType {
        match self {
            Self::Referral => ContentType::Referral,
            Self::Receipt => ContentType::Receipt,
            Self::Ping => ContentType::Control,
        }
    }

    pub(crate) fn from_code(code: i64) -> Result<Self, VaultError> {
        [Self::Referral, Self::Receipt, Self::Ping]
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or(VaultError::Damaged { what: "a message of unknown kind" })
    }
}

/// Which leaves first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rank {
    /// Someone waits for a bed tonight.
    Urgent,
    /// Other referrals.
    Normal,
    /// Pings.
    Low,
    /// Receipts yield to referrals.
    Receipt,
}

impl Rank {
    const fn code(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Normal => 1,
            Self::Low => 2,
            Self::Receipt => 3,
        }
    }
}

/// Where a message stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutboxState {
    /// Durable here; needs a prekey of the recipient.
    Queued,
    /// An envelope exists and is sent until the relay takes it.
    Sealed,
    /// The relay says, signed, that it took charge.
    RelayAccepted,
    /// The recipient's node says, signed, that it stored the message. Final.
    Delivered,
    /// A person is needed.
    Failed,
    /// The relay says, signed, that nobody collected it in time. A person is needed.
    Expired,
}

impl OutboxState {
    const ALL: [Self; 6] =
        [Self::Queued, Self::Sealed, Self::RelayAccepted, Self::Delivered, Self::Failed, Self::Expired];

    /// The state's name, for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sealed => "sealed",
            Self::RelayAccepted => "relay-accepted",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    fn parse(text: &str) -> Result<Self, VaultError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(VaultError::Damaged { what: "a message in an unknown state" })
    }
}

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
    /// The urgency's acknowledgement time when that is sooner than [`ALARM_AFTER_S`].
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
            commitment, salt, request, queued_at, not_before, alarm_after_s, reply_target)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued', ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
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

/// A queued message that needs a prekey of its recipient.
pub struct Waiting {
    /// Which message.
    pub message: MessageId,
    /// Whose prekey.
    pub recipient: NodeId,
    /// Names the request over retries, so that a lost answer burns no prekey.
    pub request: RequestId,
}

/// What needs a prekey now: urgent first, then oldest.
///
/// # Errors
/// What the disk says.
pub fn to_seal(vault: &Vault, now: Timestamp, count_max: u32) -> Result<Vec<Waiting>, VaultError> {
    let mut rows = vault.db().prepare(
        "SELECT message, recipient, request FROM outbox
            WHERE state = 'queued' AND kind <> 2 AND not_before <= ?1 ORDER BY rank, place LIMIT ?2",
    )?;
    let rows = rows.query_map(params![int(now.0), count_max], |row| {
        Ok(Waiting {
            message: MessageId::from_bytes(row.get(0)?),
            recipient: NodeId::from_bytes(row.get(1)?),
            request: RequestId::from_bytes(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// An envelope to submit.
pub struct Submission {
    /// Of which message.
    pub message: MessageId,
    /// The envelope's digest, which the relay's receipt names.
    pub digest: EnvelopeDigest,
    /// The very bytes, the same at each retry.
    pub envelope: Vec<u8>,
}

/// What to submit now: urgent first, then oldest, receipts last.
///
/// # Errors
/// What the disk says.
pub fn to_submit(vault: &Vault, now: Timestamp, count_max: u32) -> Result<Vec<Submission>, VaultError> {
    let mut rows = vault.db().prepare(
        "SELECT o.message, s.digest, s.envelope FROM outbox o JOIN seal s ON s.message = o.message
            WHERE o.state = 'sealed' AND o.not_before <= ?1 AND s.envelope IS NOT NULL
                AND s.attempt = (SELECT max(attempt) FROM seal WHERE message = o.message)
            ORDER BY o.rank, o.place LIMIT ?2",
    )?;
    let rows = rows.query_map(params![int(now.0), count_max], |row| {
        Ok(Submission {
            message: MessageId::from_bytes(row.get(0)?),
            digest: EnvelopeDigest::from_bytes(row.get(1)?),
            envelope: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The envelope of one sealed message.
///
/// # Errors
/// What the disk says.
pub fn submission(vault: &Vault, message: &MessageId) -> Result<Option<Submission>, VaultError> {
    let read = |row: &Row<'_>| {
        let digest = EnvelopeDigest::from_bytes(row.get(0)?);
        Ok(Submission { message: *message, digest, envelope: row.get(1)? })
    };
    let found = vault.db().query_row(
        "SELECT s.digest, s.envelope FROM outbox o JOIN seal s ON s.message = o.message
            WHERE o.message = ?1 AND o.state = 'sealed' AND s.envelope IS NOT NULL
                AND s.attempt = (SELECT max(attempt) FROM seal WHERE message = ?1)",
        params![message.as_bytes()],
        read,
    );
    Ok(found.optional()?)
}

/// The slots in which answers to this node's messages may come: reply and status slots of all that is under way.
///
/// # Errors
/// What the disk says.
pub fn slots_to_watch(vault: &Vault, now: Timestamp) -> Result<Vec<SlotSecret>, VaultError> {
    let mut rows = vault.db().prepare(
        "SELECT s.reply_slot_secret, s.status_slot_secret FROM seal s JOIN outbox o ON o.message = s.message
            WHERE o.kind <> 2 AND o.state <> 'delivered' AND s.watch_until >= ?1 ORDER BY s.sealed_at DESC",
    )?;
    let mut secrets = Vec::new();
    for row in rows.query_map([int(now.0)], |row| Ok((row.get::<_, Option<[u8; 32]>>(0)?, row.get(1)?)))? {
        let (reply, status) = row?;
        secrets.extend(reply.map(SlotSecret::from_bytes));
        secrets.push(SlotSecret::from_bytes(status));
    }
    Ok(secrets)
}

/// A line of the list of messages.
pub struct OutboxEntry {
    /// Which message.
    pub message: MessageId,
    /// What it carries.
    pub kind: MessageKind,
    /// To which node.
    pub recipient: NodeId,
    /// Of which agency.
    pub agency: Option<String>,
    /// The referral's own id.
    pub referral_id: Option<String>,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// Where it stands.
    pub state: OutboxState,
    /// Why it failed, as [`FailReason::as_str`].
    pub reason: Option<String>,
    /// Submits so far.
    pub attempts: u32,
    /// Envelopes made anew so far.
    pub reseals: u32,
    /// What went wrong last, a code.
    pub last_error: Option<String>,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// When the relay's receipt came.
    pub accepted_at: Option<Timestamp>,
    /// When the recipient's receipt came.
    pub delivered_at: Option<Timestamp>,
    /// No receipt came in time: a person should phone, or send again.
    pub alarm: bool,
}

const ENTRY_COLUMNS: &str = "SELECT message, kind, recipient, agency, referral, exercise, state, reason, attempts,
    reseals, last_error, queued_at, accepted_at, delivered_at, alarm FROM outbox";

fn entry(row: &Row<'_>) -> Result<OutboxEntry, VaultError> {
    let time = |at: Option<i64>| at.map(|at| uint(at).map(Timestamp)).transpose();
    Ok(OutboxEntry {
        message: MessageId::from_bytes(row.get("message")?),
        kind: MessageKind::from_code(row.get("kind")?)?,
        recipient: NodeId::from_bytes(row.get("recipient")?),
        agency: row.get("agency")?,
        referral_id: row.get("referral")?,
        exercise: row.get("exercise")?,
        state: OutboxState::parse(&row.get::<_, String>("state")?)?,
        reason: row.get("reason")?,
        attempts: row.get("attempts")?,
        reseals: row.get("reseals")?,
        last_error: row.get("last_error")?,
        queued_at: Timestamp(uint(row.get("queued_at")?)?),
        accepted_at: time(row.get("accepted_at")?)?,
        delivered_at: time(row.get("delivered_at")?)?,
        alarm: row.get("alarm")?,
    })
}

/// The referrals that were sent, newest first; pings and receipts are not business and not in it.
///
/// # Errors
/// What the disk says.
pub fn list(vault: &Vault) -> Result<Vec<OutboxEntry>, VaultError> {
    let mut rows = vault.db().prepare(&format!("{ENTRY_COLUMNS} WHERE kind = 1 ORDER BY place DESC"))?;
    let mut rows = rows.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        list.push(entry(row)?);
    }
    Ok(list)
}

/// One message, of whatever kind.
///
/// # Errors
/// What the disk says.
pub fn find(vault: &Vault, message: &MessageId) -> Result<Option<OutboxEntry>, VaultError> {
    let mut rows = vault.db().prepare(&format!("{ENTRY_COLUMNS} WHERE message = ?1"))?;
    let mut rows = rows.query(params![message.as_bytes()])?;
    rows.next()?.map(entry).transpose()
}

/// A referral's canonical bytes, until they are erased.
///
/// # Errors
/// What the disk says.
pub fn content(vault: &Vault, message: &MessageId) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let found: Option<Option<Vec<u8>>> = vault
        .db()
        .query_row("SELECT content FROM outbox WHERE message = ?1", params![message.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(found.flatten().map(Zeroizing::new))
}
