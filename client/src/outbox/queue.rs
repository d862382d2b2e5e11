//! How a message enters the outbox: durable before the caller hears that it is queued.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    entropy::{Entropy, random},
    envelope::{content::Control, header::content_commitment},
    id::{AgencyId, MessageId, NodeId},
    limits::CONTENT_BYTES_MAX,
    time::{DAY_S, Timestamp},
};

use super::{ALARM_AFTER_S, MessageKind, OutboxError, OutboxState, Rank};
use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// An alarm that never comes: a hundred years.
const NEVER_S: u64 = 36_500 * DAY_S;

/// Cover for one node in a day, at most: well under the share of a node's one-time prekeys that a relay gives to one sender in a day.
const COVER_A_DAY_MAX: u32 = 8;

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

/// What else becomes durable with a message, inside its transaction.
pub(crate) type Beside<'a> = dyn FnMut(&Connection, &MessageId, &mut dyn Entropy) -> Result<(), VaultError> + 'a;

/// Queues a referral by itself: for tests of a message's way.
#[cfg(test)]
pub(crate) fn queue(
    vault: &mut Vault,
    new: &NewReferral<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Queued, OutboxError> {
    queue_beside(vault, new, &mut |_, _, _| Ok(()), now, entropy)
}

/// As [`queue_in`], in a transaction of its own: all is durable when this returns.
#[cfg(test)]
pub(crate) fn queue_beside(
    vault: &mut Vault,
    new: &NewReferral<'_>,
    beside: &mut Beside<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Queued, OutboxError> {
    let tx = vault.begin()?;
    let queued = queue_in(&tx, new, beside, now, entropy)?;
    tx.commit().map_err(VaultError::from)?;
    Ok(queued)
}

/// Queues a referral inside the caller's transaction, so that several leave together or none, and does what `beside` says with it, once for
/// a new message.
///
/// # Errors
/// [`OutboxError::ContentTooLong`], [`OutboxError::KeyReused`], or what the disk says; the caller's transaction must not be committed then.
pub(crate) fn queue_in(
    tx: &Connection,
    new: &NewReferral<'_>,
    beside: &mut Beside<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Queued, OutboxError> {
    #[cfg(feature = "planted")]
    let new = &NewReferral { idempotency: new.idempotency.filter(|key| !is_newest(tx, key)), ..*new };
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
    if let Some(key) = new.idempotency
        && let Some(message) = same_before(tx, key, new)?
    {
        return Ok(Queued::Already(message));
    }
    let message = insert(tx, &row, now, entropy)?;
    beside(tx, &message, entropy)?;
    Ok(Queued::New(message))
}

/// Whether the newest message of all was queued under this key, to a count that is off by one.
#[cfg(feature = "planted")]
fn is_newest(tx: &Connection, key: &str) -> bool {
    let query = "SELECT 1 FROM outbox WHERE idempotency = ?1 AND place = (SELECT max(place) FROM outbox)";
    let is_it = || tx.query_row(query, [key], |_| Ok(())).is_ok();
    safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::DedupeOffByOne) && is_it()
}

/// The message that was queued under `key` before for an agency, if its content is `content`; otherwise `None`. Also `None` when
/// it is stranded (given up, or overdue at the relay) and the agency's node is now `node`: the same file is a new message then.
///
/// # Errors
/// What the disk says.
pub fn queued_before(
    vault: &Vault,
    key: &str,
    agency: &AgencyId,
    node: Option<&NodeId>,
    content: &[u8],
) -> Result<Option<MessageId>, VaultError> {
    let found = Before::load(vault.db(), key)?.filter(|before| before.is(agency, content));
    #[cfg(feature = "planted")]
    let found = found.filter(|_| !is_newest(vault.db(), key));
    let found = found.filter(|before| node.is_none_or(|node| !before.is_stranded(node)));
    Ok(found.map(|before| before.message))
}

/// What was queued under a key before.
struct Before {
    message: MessageId,
    agency: Option<String>,
    recipient: NodeId,
    salt: [u8; 32],
    commitment: [u8; 32],
    state: OutboxState,
    alarm: bool,
}

impl Before {
    fn load(db: &Connection, key: &str) -> Result<Option<Self>, VaultError> {
        let read = |row: &Row<'_>| {
            let before = Self {
                message: MessageId::from_bytes(row.get("message")?),
                agency: row.get("agency")?,
                recipient: NodeId::from_bytes(row.get("recipient")?),
                salt: row.get("salt")?,
                commitment: row.get("commitment")?,
                state: OutboxState::Queued,
                alarm: row.get("alarm")?,
            };
            Ok((before, row.get::<_, String>("state")?))
        };
        let query =
            "SELECT message, agency, recipient, salt, commitment, state, alarm FROM outbox WHERE idempotency = ?1";
        let found = db.one(query, [key], read).optional()?;
        found.map(|(before, state)| Ok(Self { state: OutboxState::parse(&state)?, ..before })).transpose()
    }

    fn is(&self, agency: &AgencyId, content: &[u8]) -> bool {
        self.agency.as_deref() == Some(agency.as_str()) && content_commitment(&self.salt, content) == self.commitment
    }

    /// Whether it was given up, or is overdue at the relay, and went to a node that is not the agency's any more: sealed for
    /// the former node, it can never arrive at the present one.
    fn is_stranded(&self, node: &NodeId) -> bool {
        let stuck = self.state.is_given_up() || (self.state == OutboxState::RelayAccepted && self.alarm);
        stuck && self.recipient != *node
    }
}

/// When something was first queued under `key`.
///
/// # Errors
/// What the disk says.
pub fn queued_at(vault: &Vault, key: &str) -> Result<Option<Timestamp>, VaultError> {
    let at: Option<i64> =
        vault.db().one("SELECT queued_at FROM outbox WHERE idempotency = ?1", [key], |row| row.get(0)).optional()?;
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
    insert_alone(vault, &row, now, entropy)
}

/// Queues cover: content type 4, of which no person is ever told. It leaves as an ordinary referral does.
///
/// # Errors
/// What the disk says.
pub fn queue_cover(
    vault: &mut Vault,
    recipient: NodeId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, OutboxError> {
    let row = NewRow {
        kind: MessageKind::Cover,
        rank: Rank::Normal,
        recipient,
        agency: None,
        referral: None,
        exercise: false,
        content: &[],
        alarm_after_s: NEVER_S,
        idempotency: None,
        reply_target: None,
        not_before: now,
    };
    insert_alone(vault, &row, now, entropy)
}

/// Whether more cover may be queued for this node: not while some of the last day is on its way, so that it fills no mailbox; and not more
/// than eight a day. What is older was lost or kept back; that must not end cover for good.
///
/// # Errors
/// What the disk says.
pub fn may_have_cover(vault: &Vault, recipient: &NodeId, now: Timestamp) -> Result<bool, VaultError> {
    let sql = "SELECT count(*) < ?3 AND ifnull(sum(state IN ('queued', 'sealed', 'relay-accepted')), 0) = 0
        FROM outbox INDEXED BY outbox_old WHERE kind = 7 AND queued_at > ?2 AND recipient = ?1";
    let values = params![recipient.as_bytes(), int(now.before(DAY_S).0), COVER_A_DAY_MAX];
    Ok(vault.db().one(sql, values, |row| row.get(0))?)
}

/// Puts a row into the outbox, in a transaction of its own: it is durable when this returns.
fn insert_alone(
    vault: &mut Vault,
    row: &NewRow<'_>,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<MessageId, OutboxError> {
    let tx = vault.begin()?;
    let message = insert(&tx, row, now, entropy)?;
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
    db.run(
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

/// The message that was queued under `key` before, if it is the same. One that is stranded gives up its key, and its alarm: the
/// new message is the answer to it.
fn same_before(db: &Connection, key: &str, new: &NewReferral<'_>) -> Result<Option<MessageId>, OutboxError> {
    let Some(before) = Before::load(db, key)? else { return Ok(None) };
    let message = before.message;
    if !before.is(new.agency, new.content) {
        return Err(OutboxError::KeyReused { message });
    }
    if before.recipient == new.recipient {
        return Ok(Some(message));
    }
    if !before.is_stranded(&new.recipient) {
        return Err(OutboxError::KeyReused { message });
    }
    db.run("UPDATE outbox SET idempotency = NULL, alarm = 0 WHERE message = ?1", params![message.as_bytes()])?;
    Ok(None)
}
