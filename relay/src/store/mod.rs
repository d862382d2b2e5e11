//! The seam to the disk: what the relay must not lose (`docs/PROTOCOL.md` §5).
//!
//! Two halves. [`Store`] is the one writer: everything that must survive a power cut goes through
//! [`Store::commit`], many changes at a time, and is durable when that returns. [`View`] reads, beside the writer.
//! [`committer`] puts the writer on its own thread and groups what arrives while the disk is busy; [`reader`] does
//! the same for views. The module `suite` is the contract as tests, run against every engine.
//!
//! What is kept of an envelope: place, digest, expiry day, bytes. Not who sent it, and no time to the second.

pub mod backup;
pub mod blobs;
mod change;
pub mod committer;
pub mod desk;
pub mod disk;
mod engine;
mod found;
pub mod journal;
mod migrate;
pub mod reader;
#[cfg(test)]
mod suite;
pub(crate) mod suspicion;
pub mod workers;

pub use change::{
    Blob, BlobBegun, Change, Deposit, Deposited, Enrolment, Handed, Outcome, Part, Place, PrekeyEntry, Publication,
    Published, Stock, StoredLeaf,
};
pub use engine::Engine;
pub use found::{Ages, Deliverable, PrekeyStock, SlotItem, StoredHead, Usage};
use safeconduct_protocol::{
    id::{BlobId, EnvelopeDigest, InviteId, MailboxId, NodeId, SlotId},
    time::{Day, Timestamp},
};

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
    /// The disk failed. Nothing more may be promised by this process.
    #[error("the disk failed: {}", source.kind())]
    Io {
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The index on the disk could not be written. Nothing more may be promised by this process.
    #[error("the index on the disk cannot be written")]
    Index,
    /// A change was handed to the half of the store that it is not for.
    #[error("a change was handed to the wrong half of the store")]
    Misplaced,
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
            Self::Failed { .. } | Self::Io { .. } | Self::Index => {
                "check the disk (`dmesg`), then start the relay again; all that was acknowledged is there"
            }
            Self::Misplaced => "report this as a defect of the relay; all that was acknowledged is there",
            Self::Damaged(_) => "stop the relay, keep a copy of its data directory, and restore the last backup",
            Self::Closed => "start the relay again",
        }
    }

    /// May the process go on after this?
    #[must_use]
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Full => false,
            Self::Failed { .. } | Self::Io { .. } | Self::Index | Self::Misplaced | Self::Damaged(_) | Self::Closed => {
                true
            }
        }
    }
}

/// The one writer of a relay's data.
///
/// Contract: see each method and each [`Change`]; `suite` checks it. An engine is used by one thread.
pub trait Store: Send {
    /// Applies all changes in order, in one transaction, each seeing those before it, and gives one outcome for each.
    ///
    /// When it returns `Ok`, everything is on stable storage: a power cut afterwards loses nothing of it. A crash inside
    /// leaves all or nothing of each half's part ([`Change::part`]); no batch of ours has both.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no space: the batch is refused, nothing of it is visible, now or after a
    /// restart, and the store goes on. Anything else is final: the caller must not acknowledge anything any more, and
    /// after a restart all of the batch is there or nothing.
    fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError>;

    /// Is there room for what makes the data grow ([`Change::grows`])? A reserve is kept for what makes it shrink.
    fn has_room(&self) -> bool;

    /// Housekeeping for an idle moment: gives freed space back to the file system, a bounded piece of it per call.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    fn tidy(&mut self) -> Result<(), StoreError>;

    /// The directory in which it lies; none of one that lies nowhere.
    fn data(&self) -> Option<&std::path::Path> {
        None
    }

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

    /// The newest head of each recognised authority that ever published here, by the hash of its root file.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn foreign_heads(&self) -> Result<Vec<([u8; 32], StoredHead)>, StoreError>;

    /// As [`leaves`](Self::leaves), of a recognised authority's log.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn foreign_leaves(&self, authority: [u8; 32], from: u64, limit: usize) -> Result<Vec<StoredLeaf>, StoreError>;

    /// The places at which publications of our log, or of a recognised authority's, went on, each with the newest signed time that was
    /// held then; in order.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn seen(&self, authority: Option<[u8; 32]>) -> Result<Vec<(u64, Timestamp)>, StoreError>;

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

    /// Requests of nodes for changes that wait for the authority, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn changes_waiting(&self, limit: usize) -> Result<Vec<(NodeId, Vec<u8>)>, StoreError>;
    /// The newest head of `node` that was put here.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn node_head(&self, node: NodeId) -> Result<Option<Vec<u8>>, StoreError>;

    /// The newest heads of nodes whose id is above `after`, in their order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn node_heads(&self, after: NodeId, limit: u32) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The sealed document of this id, be it whole or not.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn blob(&self, id: BlobId) -> Result<Option<Blob>, StoreError>;

    /// Sealed documents above this id, in order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn blobs_above(&self, after: BlobId, limit: usize) -> Result<Vec<Blob>, StoreError>;

    /// Sealed documents whose day is before `today`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn blobs_expired(&self, today: Day, limit: usize) -> Result<Vec<Blob>, StoreError>;

    /// The day of the last [`Change::Purge`].
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn swept(&self) -> Result<Option<Day>, StoreError>;

    /// What the store holds.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn usage(&self) -> Result<Usage, StoreError>;

    /// How long envelopes have waited in mailboxes, in the hour `hour` since 1970.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    fn ages(&self, hour: u32, today: Day) -> Result<Ages, StoreError>;
}
