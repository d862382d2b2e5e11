//! The seam to the disk: what the relay must not lose (`docs/PROTOCOL.md` §5, `docs/STORAGE.md`).
//!
//! Two halves. [`Store`] is the one writer: everything that must survive a power cut goes through
//! [`Store::commit`], many changes at a time, and is durable when that returns. [`View`] reads, beside the writer.
//! [`committer`] puts the writer on its own thread and groups what arrives while the disk is busy; [`reader`] does
//! the same for views. The module `suite` is the contract as tests, run against every engine.
//!
//! What is kept of an envelope: place, digest, expiry day, bytes. Not who sent it, and no time to the second.

pub mod committer;
pub mod reader;
pub mod sqlite;
#[cfg(test)]
mod suite;

use safeconduct_protocol::{
    frame::SlotItemKind,
    id::{EnvelopeDigest, InviteId, MailboxId, NodeId, PrekeyId, SlotId},
    time::{Day, Timestamp},
};

/// Where an envelope waits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The mailbox of a registered node.
    Mailbox(MailboxId),
    /// A slot: any other 16 bytes. It exists from its first item on.
    Slot(SlotId),
}

/// An envelope to keep. The bytes were parsed as [`Sealed`](safeconduct_protocol::envelope::sealed::Sealed).
#[derive(Clone)]
pub struct Deposit {
    /// Where it waits.
    pub place: Place,
    /// Its digest.
    pub digest: EnvelopeDigest,
    /// The last day on which it may be collected.
    pub expiry: Day,
    /// The whole envelope.
    pub bytes: Vec<u8>,
}

/// A prekey record to serve. Its signature was checked.
#[derive(Clone)]
pub struct PrekeyEntry {
    /// Its id.
    pub id: PrekeyId,
    /// One-time, or signed.
    pub kind: Stock,
    /// The node's epoch that it belongs to.
    pub epoch: u64,
    /// Not served before this, less a day's slack.
    pub not_before: Timestamp,
    /// Not served after this.
    pub not_after: Timestamp,
    /// The record.
    pub record: Vec<u8>,
}

/// The two kinds of prekeys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stock {
    /// Handed out once.
    OneTime,
    /// Served again and again; the newest counts.
    Signed,
}

/// A leaf of the registry log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredLeaf {
    /// The leaf as signed.
    pub leaf: Vec<u8>,
    /// Its sealed directory record; empty where it has none.
    pub record: Vec<u8>,
}

/// The registry as published: new leaves, and the head that they lead to. It was replayed and verified.
#[derive(Clone)]
pub struct Publication {
    /// The root file.
    pub root: Vec<u8>,
    /// Index of the first new leaf: as many as the store holds.
    pub from: u64,
    /// New leaves.
    pub leaves: Vec<StoredLeaf>,
    /// The checkpoint note.
    pub note: Vec<u8>,
    /// The signed timestamp; empty where there is none.
    pub timestamp: Vec<u8>,
}

/// One change.
#[derive(Clone)]
#[non_exhaustive]
pub enum Change {
    /// Keep an envelope → [`Outcome::Deposit`].
    ///
    /// The same digest again, until its expiry day, is [`Deposited::Held`], stores nothing and looks at no bound, also
    /// when the first copy was collected. A mailbox beyond its bounds is [`Deposited::MailboxFull`], a slot with eight
    /// envelopes [`Deposited::SlotFull`]: nothing is ever evicted.
    Deposit(Deposit),
    /// The node is done with an envelope of its mailbox, or could not open it → [`Outcome::Settled`].
    ///
    /// Deletes the envelope if it waits in that mailbox (else `None`, nothing changes), and with `nack` files those
    /// bytes in the envelope's status slot, kept until `keep_until`, in the same transaction. Signed objects have their
    /// own eight places in a slot, so that envelopes written by a stranger can neither displace nor keep out one.
    Settle {
        /// The mailbox of the node that signed.
        mailbox: MailboxId,
        /// Which envelope.
        digest: EnvelopeDigest,
        /// The signed `nack`.
        nack: Option<Vec<u8>>,
        /// Last day of the filed nack.
        keep_until: Day,
    },
    /// An item of a slot was processed → [`Outcome::Dropped`]. Unknown items are no error.
    SlotDrop {
        /// Which slot; the right to it was checked.
        slot: SlotId,
        /// Which item.
        seq: u64,
    },
    /// Serve these prekeys → [`Outcome::Prekeys`].
    ///
    /// Held already: not counted as refused. Refused: an id that was handed out before, an epoch below the node's
    /// highest, one-time keys above twice the target stock. A higher epoch drops all of the lower ones. Only the newest
    /// [`SIGNED_PREKEYS_KEPT`](safeconduct_protocol::limits::SIGNED_PREKEYS_KEPT) signed prekeys are kept.
    PrekeysPut {
        /// Whose.
        node: NodeId,
        /// The records.
        entries: Vec<PrekeyEntry>,
    },
    /// Hand out a prekey → [`Outcome::Prekey`].
    ///
    /// A one-time key is deleted and its id kept until its `not_after`, so that it is never taken in again. Without
    /// one-time keys the newest valid signed prekey is given, which stays.
    PrekeyTake {
        /// Whose.
        node: NodeId,
        /// May it be a one-time key?
        from: Stock,
        /// For the keys' validity.
        now: Timestamp,
    },
    /// Take a publication → [`Outcome::Published`]; all or nothing.
    Publish(Publication),
    /// Open these invitations until their day; a day before `today` withdraws one with all that belongs to it
    /// → [`Outcome::Invited`].
    InvitesPut {
        /// Which, until when.
        invites: Vec<(InviteId, Day)>,
        /// Today.
        today: Day,
    },
    /// A sealed request → [`Outcome::Enrolment`]. The first one holds; the same bytes again are the same request.
    EnrolRequest {
        /// Which invitation.
        invite: InviteId,
        /// The request.
        request: Vec<u8>,
        /// Today.
        today: Day,
    },
    /// The authority's sealed answer → [`Outcome::Enrolment`]. A later answer replaces an earlier one; without a request there is
    /// nothing to answer.
    EnrolAnswer {
        /// Which invitation.
        invite: InviteId,
        /// The answer.
        answer: Vec<u8>,
    },
    /// An envelope's day is past: delete it, forget its digest, and file `notice` in its status slot
    /// → [`Outcome::Expired`] with the slot, if the envelope still waited. Does nothing before the day.
    Expire {
        /// Which envelope.
        digest: EnvelopeDigest,
        /// The signed `relay-expired`.
        notice: Vec<u8>,
        /// Last day of the filed notice.
        keep_until: Day,
        /// Today.
        today: Day,
    },
    /// Changes a counter that means nothing, on stable storage like everything: can the store be written?
    /// → [`Outcome::Probed`].
    Probe,
    /// Forgets filed notices, prekeys and handed-out ids whose day is past, and invitations whose day is
    /// [`INVITE_KEPT_DAYS`](crate::limits::INVITE_KEPT_DAYS) past → [`Outcome::Purged`].
    Purge {
        /// Today.
        today: Day,
    },
}

/// What became of a change.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// Of [`Change::Deposit`].
    Deposit(Deposited),
    /// Of [`Change::Settle`]: did the envelope wait there, and in which slot was its nack filed?
    Settled(Option<Option<SlotId>>),
    /// Of [`Change::SlotDrop`].
    Dropped,
    /// Of [`Change::PrekeysPut`].
    Prekeys {
        /// Records that were refused.
        refused: u32,
    },
    /// Of [`Change::PrekeyTake`].
    Prekey(Option<Handed>),
    /// Of [`Change::Publish`].
    Published(Published),
    /// Of [`Change::InvitesPut`].
    Invited,
    /// Of [`Change::EnrolRequest`] and [`Change::EnrolAnswer`].
    Enrolment(Enrolment),
    /// Of [`Change::Expire`]: the slot in which the notice was filed.
    Expired(Option<SlotId>),
    /// Of [`Change::Probe`].
    Probed,
    /// Of [`Change::Purge`].
    Purged,
}

/// What became of an envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deposited {
    /// Stored.
    Stored,
    /// The same envelope is held, or was, until its expiry day.
    Held,
    /// The mailbox is at its bound.
    MailboxFull,
    /// The slot holds its eight envelopes.
    SlotFull,
}

/// A prekey as handed out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handed {
    /// Which kind it is.
    pub kind: Stock,
    /// The record.
    pub record: Vec<u8>,
}

/// What became of a publication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Published {
    /// Taken; leaves held now.
    Taken(u64),
    /// It does not begin where the store ends; leaves held.
    Gap(u64),
}

/// Where an enrolment stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Enrolment {
    /// No such invitation.
    Unknown,
    /// Its day is past.
    Expired,
    /// Another request was made with it.
    Used,
    /// No request yet.
    Open,
    /// The request waits for the authority.
    Waiting,
    /// The sealed answer.
    Answered(Vec<u8>),
}

/// An envelope that waits in a mailbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deliverable {
    /// Its place in the order of arrival; grows, never used again.
    pub seq: u64,
    /// The whole envelope.
    pub bytes: Vec<u8>,
}

/// An item that lies in a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlotItem {
    /// Its place in the order of arrival; grows, never used again.
    pub seq: u64,
    /// What it is.
    pub kind: SlotItemKind,
    /// Envelope or signed object.
    pub bytes: Vec<u8>,
}

/// The ids of a node's prekeys that are served.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PrekeyStock {
    /// One-time, not yet handed out, oldest first.
    pub one_time: Vec<PrekeyId>,
    /// Signed, newest first.
    pub signed: Vec<PrekeyId>,
}

/// The registry's newest head as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredHead {
    /// The root file.
    pub root: Vec<u8>,
    /// Leaves held.
    pub size: u64,
    /// The checkpoint note.
    pub note: Vec<u8>,
    /// The signed timestamp.
    pub timestamp: Vec<u8>,
}

/// What the store holds, for the operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Usage {
    /// Envelopes in mailboxes and slots.
    pub envelopes: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of the largest single place.
    pub fullest_bytes: u64,
    /// Expiry day of the item that arrived first.
    pub oldest_expiry: Option<Day>,
}

/// Why the store did not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No space left on the disk. The batch was not taken; what is held is intact; later batches may succeed.
    #[error("the disk is full")]
    Full,
    /// The disk or the file failed. Nothing more may be promised by this process.
    #[error("the store failed")]
    Failed {
        /// What the engine says.
        source: rusqlite::Error,
    },
    /// A stored value is not what was written.
    #[error("the store is damaged: a {0} cannot be read back")]
    Damaged(&'static str),
    /// The engine's thread is gone.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Full => "free space on the data directory's disk; the relay recovers by itself",
            Self::Failed { .. } => "check the disk (`dmesg`), then start the relay again",
            Self::Damaged(_) => "stop the relay, keep a copy of its data directory, and restore the last backup",
            Self::Closed => "start the relay again",
        }
    }

    /// May the process go on after this?
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Full => false,
            Self::Failed { .. } | Self::Damaged(_) | Self::Closed => true,
        }
    }
}

/// The one writer of a relay's data.
///
/// Contract: see each method and each [`Change`]; `suite` checks it. An engine is used by one thread.
pub trait Store: Send {
    /// Applies all changes in order, in one transaction, each seeing those before it, and gives one outcome for each.
    ///
    /// When it returns `Ok`, everything is on stable storage: a power cut afterwards loses nothing of it. When it returns an error,
    /// nothing of the batch is visible, now or after a restart. A crash inside leaves all or nothing.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no space: the batch is refused and the store goes on. Anything else is
    /// final: the caller must not acknowledge anything any more.
    fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError>;

    /// Housekeeping for an idle moment: gives freed space back to the file system, a bounded piece of it per call.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    fn tidy(&mut self) -> Result<(), StoreError>;

    /// A view for another thread.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when the data cannot be opened a second time.
    fn view(&self) -> Result<Box<dyn View>, StoreError>;
}

/// Reads beside the writer.
///
/// Contract: a read that begins after a commit returned sees that commit. No read holds anything open when it returns,
/// or keeps the writer waiting.
pub trait View: Send {
    /// Envelopes of `mailbox` that arrived after `after`, oldest first, at most `limit`. `after` 0 is the beginning.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn deliverable(&self, mailbox: MailboxId, after: u64, limit: usize) -> Result<Vec<Deliverable>, StoreError>;

    /// Items of `slot` that arrived after `after`, oldest first: at most sixteen exist.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn slot_items(&self, slot: SlotId, after: u64) -> Result<Vec<SlotItem>, StoreError>;

    /// The prekeys of `node` that could be served at `now`.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn prekey_stock(&self, node: NodeId, now: Timestamp) -> Result<PrekeyStock, StoreError>;

    /// Digests above `after` whose day is before `today`, in order, at most `limit`, whether or not the envelope still waits.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn expired(&self, today: Day, after: EnvelopeDigest, limit: usize) -> Result<Vec<EnvelopeDigest>, StoreError>;

    /// The newest head, if a registry was ever published here.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn head(&self) -> Result<Option<StoredHead>, StoreError>;

    /// Leaves from index `from` on with their sealed records, in order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn leaves(&self, from: u64, limit: usize) -> Result<Vec<StoredLeaf>, StoreError>;

    /// Where an enrolment stands.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn enrolment(&self, invite: InviteId, today: Day) -> Result<Enrolment, StoreError>;

    /// Requests that have no answer yet, oldest first, at most `limit`. One made in time waits also past the
    /// invitation's day, until it is purged.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn enrolments_waiting(&self, limit: usize) -> Result<Vec<(InviteId, Vec<u8>)>, StoreError>;

    /// What the store holds.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn usage(&self) -> Result<Usage, StoreError>;
}
