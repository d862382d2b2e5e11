//! Messages on their way out: queued → sealed → relay-accepted → delivered, or failed, or expired.
//!
//! # Layout
//! - this file: states, what leaves when, lists
//! - `queue`: a referral, a ping or cover becomes durable
//! - [`seal`]: a queued message becomes an envelope, durable before it is sent
//! - [`progress`]: what relay and recipient answer
//! - [`standing`]: what suspensions, revocations and new keys of recipients mean for it
//! - [`trouble`]: why a message does not move, in words
//! - [`upkeep`]: alarms, expiry, erasure · [`ending`]: every message ends, and that is written down
//!
//! Every step is one transaction. What is sent again is the very same bytes, until a *re-seal* makes a new envelope
//! with a new prekey under the same message id. The sender believes only a verified `delivered` receipt: everything else
//! leaves the message where it is.

pub mod ending;
mod error;
pub mod pages;
pub mod progress;
mod queue;
pub mod seal;
pub mod standing;
pub mod trouble;
pub mod upkeep;

use rusqlite::{OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    envelope::header::ContentType,
    id::{EnvelopeDigest, MessageId, NodeId, RequestId},
    slot::SlotSecret,
    time::{DAY_S, Timestamp},
};
use zeroize::Zeroizing;

#[cfg(test)]
pub(crate) use self::queue::queue;
#[cfg(test)]
pub(crate) use self::queue::queue_beside;
pub(crate) use self::queue::{NewRow, insert, queue_in};
pub use self::{
    error::{FailReason, OutboxError},
    queue::{NewReferral, Queued, may_have_cover, queue_cover, queue_ping, queued_at, queued_before},
};
use crate::{
    registry::RelayRef,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// A sender is alarmed when no `delivered` receipt came this long after the message was queued, wherever it is stuck; that is
/// at the latest after a day.
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
    /// That this node's vault was restored.
    Notice,
    /// What is told of a referral that has arrived.
    Case,
    /// A report of a period, for a co-ordinator.
    Report,
    /// Nothing: it exists to be seen by a relay, and nobody is told when it does not arrive.
    Cover,
}

impl MessageKind {
    pub(crate) const fn code(self) -> i64 {
        match self {
            Self::Referral => 1,
            Self::Receipt => 2,
            Self::Ping => 3,
            Self::Notice => 4,
            Self::Case => 5,
            Self::Report => 6,
            Self::Cover => 7,
        }
    }

    pub(crate) const fn content_type(self) -> ContentType {
        match self {
            Self::Referral => ContentType::Referral,
            Self::Receipt => ContentType::Receipt,
            Self::Ping | Self::Notice => ContentType::Control,
            Self::Case => ContentType::Case,
            Self::Report => ContentType::Report,
            Self::Cover => ContentType::Cover,
        }
    }

    pub(crate) fn from_code(code: i64) -> Result<Self, VaultError> {
        [Self::Referral, Self::Receipt, Self::Ping, Self::Notice, Self::Case, Self::Report, Self::Cover]
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

    /// Whether it is on its way, and its recipient's receipt is waited for.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Queued | Self::Sealed | Self::RelayAccepted)
    }

    /// Whether nothing more happens to it before a person decides.
    #[must_use]
    pub const fn is_given_up(self) -> bool {
        matches!(self, Self::Failed | Self::Expired)
    }

    pub(crate) fn parse(text: &str) -> Result<Self, VaultError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(VaultError::Damaged { what: "a message in an unknown state" })
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

/// The last moment to which a pause from `now` can reach: what waits for longer was put off by a clock that was wrong, and
/// is due.
fn pause_end(now: Timestamp) -> i64 {
    int(now.after(progress::PAUSE_MAX_S).0)
}

/// The relay of a session, and the one where this node has its mailbox.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct At {
    /// The session's.
    pub relay: RelayRef,
    /// This node's.
    pub home: RelayRef,
    /// Whether this node had its mailbox at the session's relay before it moved: who writes to it from an older registry copy
    /// answers there.
    pub was_home: bool,
}

impl At {
    /// Whether the session is with this node's own relay.
    #[must_use]
    pub fn is_home(&self) -> bool {
        self.relay == self.home
    }
}

/// What needs a prekey now, of those recipients that are `here`: urgent first, then oldest.
///
/// # Errors
/// What the disk says.
pub fn to_seal(
    vault: &Vault,
    now: Timestamp,
    count_max: u32,
    here: &dyn Fn(&NodeId) -> bool,
) -> Result<Vec<Waiting>, VaultError> {
    let most = usize::try_from(count_max).unwrap_or(usize::MAX);
    let mut rows = vault.db().prepare_cached(
        "SELECT message, recipient, request FROM outbox
            WHERE state = 'queued' AND kind <> 2 AND (not_before <= ?1 OR not_before > ?2) ORDER BY rank, place",
    )?;
    let mut rows = rows.query(params![int(now.0), pause_end(now)])?;
    let mut waiting = Vec::new();
    while waiting.len() < most
        && let Some(row) = rows.next()?
    {
        let recipient = NodeId::from_bytes(row.get(1)?);
        if here(&recipient) {
            let message = MessageId::from_bytes(row.get(0)?);
            waiting.push(Waiting { message, recipient, request: RequestId::from_bytes(row.get(2)?) });
        }
    }
    Ok(waiting)
}

/// The nodes to which something waits that is not sealed yet.
///
/// # Errors
/// What the disk says.
pub fn waiting_for(vault: &Vault) -> Result<Vec<NodeId>, VaultError> {
    let mut rows =
        vault.db().prepare_cached("SELECT DISTINCT recipient FROM outbox WHERE state = 'queued' AND kind <> 2")?;
    Ok(rows.query_map([], |row| row.get(0).map(NodeId::from_bytes))?.collect::<Result<_, _>>()?)
}

/// The relays that something sealed is for, or where an answer may come into a status slot.
///
/// # Errors
/// What the disk says.
pub fn relays_wanted(vault: &Vault, now: Timestamp) -> Result<Vec<RelayRef>, VaultError> {
    let mut rows = vault.db().prepare_cached(
        "SELECT DISTINCT s.relay FROM seal s JOIN outbox o ON o.message = s.message
            WHERE s.relay IS NOT NULL AND ((o.state = 'sealed' AND s.envelope IS NOT NULL)
                OR (o.kind <> 2 AND o.state NOT IN ('delivered', 'failed', 'expired') AND s.watch_until >= ?1))",
    )?;
    let rows = rows.query_map([int(now.0)], |row| row.get::<_, Vec<u8>>(0))?;
    let mut wanted = Vec::new();
    for bytes in rows {
        wanted.extend(RelayRef::from_bytes(&bytes?));
    }
    Ok(wanted)
}

/// The relays that something sealed is for.
///
/// # Errors
/// What the disk says.
pub fn relays_to_submit(vault: &Vault) -> Result<Vec<RelayRef>, VaultError> {
    let mut rows = vault.db().prepare_cached(
        "SELECT DISTINCT s.relay FROM seal s JOIN outbox o ON o.message = s.message
            WHERE s.relay IS NOT NULL AND o.state = 'sealed' AND s.envelope IS NOT NULL",
    )?;
    let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(rows.iter().filter_map(|bytes| RelayRef::from_bytes(bytes)).collect())
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

/// What to submit now at this relay: urgent first, then oldest, receipts last.
///
/// # Errors
/// What the disk says.
pub fn to_submit(vault: &Vault, now: Timestamp, count_max: u32, at: &At) -> Result<Vec<Submission>, VaultError> {
    let mut rows = vault.db().prepare_cached(
        "SELECT o.message, s.digest, s.envelope FROM outbox o JOIN seal s ON s.message = o.message
            WHERE o.state = 'sealed' AND (o.not_before <= ?1 OR o.not_before > ?3) AND s.envelope IS NOT NULL
                AND s.attempt = (SELECT max(attempt) FROM seal WHERE message = o.message)
                AND coalesce(s.relay, ?4) = ?5
            ORDER BY o.rank, o.place LIMIT ?2",
    )?;
    let (home, relay) = (at.home.to_bytes(), at.relay.to_bytes());
    let rows = rows.query_map(params![int(now.0), count_max, pause_end(now), home, relay], |row| {
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
    let found = vault.db().one(
        "SELECT s.digest, s.envelope FROM outbox o JOIN seal s ON s.message = o.message
            WHERE o.message = ?1 AND o.state = 'sealed' AND s.envelope IS NOT NULL
                AND s.attempt = (SELECT max(attempt) FROM seal WHERE message = ?1)",
        params![message.as_bytes()],
        read,
    );
    Ok(found.optional()?)
}

/// The slots at this relay in which answers to this node's messages may come, of all that is under way: status slots are
/// where the envelope is, reply slots at home, or where home was.
///
/// # Errors
/// What the disk says.
pub fn slots_to_watch(vault: &Vault, now: Timestamp, at: &At) -> Result<Vec<SlotSecret>, VaultError> {
    let mut rows = vault.db().prepare_cached(
        "SELECT CASE WHEN ?2 = ?3 OR ?4 THEN s.reply_slot_secret END,
                CASE WHEN coalesce(s.relay, ?3) = ?2 THEN s.status_slot_secret END FROM seal s JOIN outbox o ON o.message = s.message
            WHERE o.kind <> 2 AND o.state <> 'delivered' AND s.watch_until >= ?1 ORDER BY s.sealed_at DESC",
    )?;
    let mut secrets = Vec::new();
    let asked = params![int(now.0), at.relay.to_bytes(), at.home.to_bytes(), at.was_home];
    for row in rows.query_map(asked, |row| Ok([row.get::<_, Option<[u8; 32]>>(0)?, row.get(1)?]))? {
        secrets.extend(row?.into_iter().flatten().map(SlotSecret::from_bytes));
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
    /// No receipt came in time, or it was given up and nobody has seen that yet: a person should phone, or send again.
    pub alarm: bool,
    /// The recipient's node has not been online since then, as far as its keys tell, and the message waits for it.
    pub quiet_since: Option<Timestamp>,
}

const ENTRY_COLUMNS: &str = "SELECT message, kind, recipient, agency, referral, exercise, state, reason, attempts,
    reseals, last_error, queued_at, accepted_at, delivered_at, alarm,
    CASE WHEN kind <> 2 AND state IN ('sealed', 'relay-accepted')
        THEN (SELECT quiet_since FROM peer WHERE node = recipient) END AS quiet_since FROM outbox";

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
        quiet_since: time(row.get("quiet_since")?)?,
    })
}

/// The referrals that were sent, newest first, and what was said about one and has not arrived in time; pings and receipts are not business
/// and not in it.
///
/// # Errors
/// What the disk says.
pub fn list(vault: &Vault) -> Result<Vec<OutboxEntry>, VaultError> {
    collect(vault, "kind = 1 OR (kind IN (5, 6) AND alarm = 1) ORDER BY place DESC", [])
}

/// Those that [`list`] lists, by the range of their ids.
const NAMED: &str =
    "message BETWEEN ?1 AND ?2 AND (kind = 1 OR (kind IN (5, 6) AND alarm = 1)) ORDER BY place DESC LIMIT 2";

/// Of what [`list`] lists: the newest two whose ids lie between these.
pub(crate) fn named(vault: &Vault, [from, to]: &[[u8; 16]; 2]) -> Result<Vec<OutboxEntry>, VaultError> {
    collect(vault, NAMED, params![from, to])
}

fn collect(vault: &Vault, condition: &str, values: impl rusqlite::Params) -> Result<Vec<OutboxEntry>, VaultError> {
    let mut rows = vault.db().prepare_cached(&format!("{ENTRY_COLUMNS} WHERE {condition}"))?;
    let mut rows = rows.query(values)?;
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
    let mut rows = vault.db().prepare_cached(&format!("{ENTRY_COLUMNS} WHERE message = ?1"))?;
    let mut rows = rows.query(params![message.as_bytes()])?;
    rows.next()?.map(entry).transpose()
}

/// A node of which the relay has served a key that no honest relay serves, and no good one since.
pub struct RefusedKey {
    /// Whose key.
    pub node: NodeId,
    /// Why it was refused, as [`Trouble`](trouble::Trouble) puts into words.
    pub code: String,
}

/// The nodes of which the relay last served a key that should alarm a person.
///
/// # Errors
/// What the disk says.
pub fn refused_keys(vault: &Vault) -> Result<Vec<RefusedKey>, VaultError> {
    let mut rows =
        vault.db().prepare_cached("SELECT node, key_refused FROM peer WHERE key_refused IS NOT NULL ORDER BY node")?;
    let rows = rows.query_map([], |row| Ok(RefusedKey { node: NodeId::from_bytes(row.get(0)?), code: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A referral's canonical bytes, until they are erased.
///
/// # Errors
/// What the disk says.
pub fn content(vault: &Vault, message: &MessageId) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let found: Option<Option<Vec<u8>>> = vault
        .db()
        .one("SELECT content FROM outbox WHERE message = ?1", params![message.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(found.flatten().map(Zeroizing::new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Seeded, plan, vault};

    #[test]
    fn what_is_current_and_what_is_named_is_found_without_reading_what_was_sent_before() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(8));
        for condition in [pages::CURRENT, pages::BEFORE, NAMED] {
            let steps = plan(vault.db(), &format!("{ENTRY_COLUMNS} WHERE {condition}"));
            let is_waste = |step: &&String| step.contains("SCAN outbox") && !step.contains("INDEX outbox_");
            assert!(!steps.iter().any(|step| is_waste(&step)), "{steps:?}");
            assert!(steps.iter().any(|step| step.starts_with("SEARCH outbox USING")), "{steps:?}");
        }
    }
}
