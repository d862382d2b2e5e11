//! Messages that came: opened, stored in one transaction each, then settled.
//!
//! # Layout
//! - this file: what a person is shown
//! - [`receive`]: an envelope of the mailbox, in three steps that a crash may separate
//! - [`slot`]: an item of a reply or status slot
//! - `decline`: what a rule refused is answered, at once or when its patience is over
//! - [`refused`]: what is judged again when what it was judged by has changed
//! - [`quarantine`]: what is not believed, and what waits for its sender to be known

pub(crate) mod decline;
mod desk;
mod error;
pub mod quarantine;
pub mod receive;
pub mod refused;
pub mod slot;
mod store;
#[cfg(test)]
mod tests;
mod waiting;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use safeconduct_protocol::{
    id::{EnvelopeDigest, MessageId, NodeId},
    time::Timestamp,
};
use zeroize::Zeroizing;

pub use self::error::InboxError;
use crate::{
    casework::clocks::Setting,
    keys::Identity,
    referral::Referral,
    registry::Held,
    vault::{Vault, VaultError, int, page::last_of_page, uint},
};

/// Who receives, and by which rules.
pub struct Here<'a> {
    /// This node.
    pub identity: &'a Identity,
    /// The registry as held.
    pub held: &'a Held,
    /// The agency's rules.
    pub rules: &'a Rules<'a>,
}

/// Judges the bytes of a referral, given the node that signed it.
pub type Validate<'a> = dyn Fn(&NodeId, &[u8]) -> Result<Summary, ContentRefused> + 'a;

/// What an agency lets in, and how it answers.
pub struct Rules<'a> {
    /// Judges the bytes of a referral that this node signed; what it refuses is kept, not shown, and not receipted.
    pub validate: &'a Validate<'a>,
    /// Whether it is known which agency a node is; what a nameless one sends is held until it is known.
    pub named: &'a dyn Fn(&NodeId) -> bool,
    /// The agency's own block list.
    pub blocked: &'a dyn Fn(&NodeId) -> bool,
    /// Longest random delay of a receipt, seconds; none for what is urgent.
    pub receipt_delay_max_s: u64,
    /// This machine's own clock, which may be before the time to reckon with: what cannot be undone waits for both.
    pub clock: Timestamp,
    /// Countries' rules, and the agencies of the directory: by them a referral that came becomes a case.
    pub setting: Setting<'a>,
}

/// The stable code of the first finding that refuses a referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentRefused(pub String);

/// What lists show of a referral.
#[derive(Clone, PartialEq, Eq)]
pub struct Summary {
    /// The referral's own id.
    pub referral_id: String,
    /// Its kind.
    pub kind: String,
    /// Its urgency.
    pub urgency: String,
    /// Whether receipts leave at once.
    pub haste: Haste,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// The referral itself.
    pub referral: Box<Referral>,
}

/// Whether a person waits for the receipt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Haste {
    /// The receipt leaves with the next tick.
    Urgent,
    /// The receipt waits a random while.
    Ordinary,
}

/// Where a message that came stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InboxState {
    /// Nobody has opened it.
    New,
    /// Somebody has.
    Read,
    /// Its content breaks the rules of referrals; not shown.
    Refused,
    /// The sender signed another content under the same id; not shown.
    Equivocation,
    /// A rule refused it: its sender was told, and nothing of it is kept.
    Declined,
}

impl InboxState {
    const ALL: [Self; 5] = [Self::New, Self::Read, Self::Refused, Self::Equivocation, Self::Declined];

    /// The state's name, for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Read => "read",
            Self::Refused => "refused",
            Self::Equivocation => "equivocation",
            Self::Declined => "declined",
        }
    }

    fn parse(text: &str) -> Result<Self, VaultError> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(VaultError::Damaged { what: "a received message in an unknown state" })
    }
}

/// A line of the list of messages that came.
pub struct InboxEntry {
    /// Which message.
    pub message: MessageId,
    /// Who sent it.
    pub sender: NodeId,
    /// The envelope that it came in.
    pub digest: EnvelopeDigest,
    /// The referral's own id.
    pub referral_id: Option<String>,
    /// The referral's kind.
    pub kind: Option<String>,
    /// Its urgency.
    pub urgency: Option<String>,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// When it was stored here.
    pub received_at: Timestamp,
    /// When somebody opened it first.
    pub read_at: Option<Timestamp>,
    /// Where it stands.
    pub state: InboxState,
    /// A remark: why it was refused, or that the sender's clock is wrong.
    pub note: Option<String>,
    /// When it came, this node's registry copy was over a week old, and so was all that is known of the sender's registration:
    /// the time of its last confirmation, 0 when there was none.
    pub unconfirmed_since: Option<Timestamp>,
}

const ENTRY_COLUMNS: &str = "SELECT message, sender, digest, referral, referral_kind, urgency, exercise, received_at,
    read_at, state, note, unconfirmed_since FROM inbox";
/// Business that is shown: referrals that nobody has to doubt.
const SHOWN: &str = "kind = 1 AND (state = 'new' OR state = 'read')";

fn entry(row: &Row<'_>) -> Result<InboxEntry, VaultError> {
    let time = |at: Option<i64>| at.map(|at| uint(at).map(Timestamp)).transpose();
    Ok(InboxEntry {
        message: MessageId::from_bytes(row.get("message")?),
        sender: NodeId::from_bytes(row.get("sender")?),
        digest: EnvelopeDigest::from_bytes(row.get("digest")?),
        referral_id: row.get("referral")?,
        kind: row.get("referral_kind")?,
        urgency: row.get("urgency")?,
        exercise: row.get("exercise")?,
        received_at: Timestamp(uint(row.get("received_at")?)?),
        read_at: time(row.get("read_at")?)?,
        state: InboxState::parse(&row.get::<_, String>("state")?)?,
        note: row.get("note")?,
        unconfirmed_since: time(row.get("unconfirmed_since")?)?,
    })
}

/// The referrals that came, newest first; pings are not business and not in it.
///
/// # Errors
/// What the disk says.
pub fn list(vault: &Vault) -> Result<Vec<InboxEntry>, VaultError> {
    Ok(page(vault, None, u32::MAX)?.0)
}

/// The newest `most` of them that came before the one at `place`, or of all; and the place at which these end, if there are older ones.
///
/// # Errors
/// What the disk says.
pub fn page(vault: &Vault, place: Option<i64>, most: u32) -> Result<(Vec<InboxEntry>, Option<i64>), VaultError> {
    let shown = format!("INDEXED BY inbox_shown WHERE {SHOWN} AND place < ?1 ORDER BY place DESC");
    let end = format!("SELECT place FROM inbox {shown} LIMIT 2 OFFSET ?2");
    let end = last_of_page(vault.db(), &end, place, most)?;
    let before = params![place.unwrap_or(i64::MAX), most];
    Ok((collect(vault.db(), &format!("{ENTRY_COLUMNS} {shown} LIMIT ?2"), before)?, end))
}

/// The newest two of them whose ids lie between these.
pub(crate) fn named(vault: &Vault, [from, to]: &[[u8; 16]; 2]) -> Result<Vec<InboxEntry>, VaultError> {
    let named = "INDEXED BY inbox_message WHERE message BETWEEN ?1 AND ?2";
    collect(vault.db(), &format!("{ENTRY_COLUMNS} {named} AND {SHOWN} ORDER BY place DESC LIMIT 2"), params![from, to])
}

/// Lines of what is kept and not shown that are listed at most: a list that anybody registered can lengthen is read to its end by nobody.
pub const REFUSED_LIST_MAX: u32 = 200;

/// What is kept and not shown, refused content and equivocation: the newest [`REFUSED_LIST_MAX`].
///
/// # Errors
/// What the disk says.
pub fn list_refused(vault: &Vault) -> Result<Vec<InboxEntry>, VaultError> {
    collect(
        vault.db(),
        &format!(
            "{ENTRY_COLUMNS} INDEXED BY inbox_doubted WHERE (state = 'refused' OR state = 'equivocation') ORDER BY place DESC LIMIT ?1"
        ),
        [REFUSED_LIST_MAX],
    )
}

/// How many are kept and not shown, all of them.
///
/// # Errors
/// What the disk says.
pub fn count_refused(vault: &Vault) -> Result<u64, VaultError> {
    let sql = "SELECT count(*) FROM inbox INDEXED BY inbox_doubted WHERE (state = 'refused' OR state = 'equivocation')";
    uint(vault.db().query_row(sql, [], |row| row.get(0))?)
}

fn collect(db: &Connection, query: &str, values: impl rusqlite::Params) -> Result<Vec<InboxEntry>, VaultError> {
    let mut rows = db.prepare(query)?;
    let mut rows = rows.query(values)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        list.push(entry(row)?);
    }
    Ok(list)
}

/// A message with its content, for the caseworker who asked; it counts as read from here on.
///
/// # Errors
/// [`InboxError::UnknownMessage`] when it is not there, or not to be shown.
pub fn show(
    vault: &Vault,
    message: &MessageId,
    now: Timestamp,
) -> Result<(InboxEntry, Zeroizing<Vec<u8>>), InboxError> {
    vault.db().execute(
        &format!("UPDATE inbox SET state = 'read', read_at = ?2 WHERE message = ?1 AND {SHOWN} AND read_at IS NULL"),
        params![message.as_bytes(), int(now.0)],
    )?;
    let mut rows = vault.db().prepare(&format!("{ENTRY_COLUMNS} WHERE message = ?1 AND {SHOWN} ORDER BY place"))?;
    let mut rows = rows.query(params![message.as_bytes()])?;
    let found = rows.next()?.ok_or(InboxError::UnknownMessage { message: *message })?;
    let entry = entry(found)?;
    let content: Option<Vec<u8>> = vault
        .db()
        .query_row(
            "SELECT content FROM inbox WHERE message = ?1 AND sender = ?2",
            params![message.as_bytes(), entry.sender.as_bytes()],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    let content = content.ok_or(InboxError::UnknownMessage { message: *message })?;
    Ok((entry, Zeroizing::new(content)))
}
