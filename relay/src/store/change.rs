//! What is written, and what becomes of it. Each change is the contract of its own.

use safeconduct_protocol::{
    blob::BlobShape,
    id::{BlobId, EnvelopeDigest, InviteId, MailboxId, NodeId, PrekeyId, SlotId},
    receipt::head::HeadPlace,
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
    /// When it came, in hours since 1970: for the operator's ages, in memory only.
    pub hour: u32,
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
    /// The newest signed time that was held before, by which what waits is reckoned.
    pub seen: Timestamp,
    /// New leaves.
    pub leaves: Vec<StoredLeaf>,
    /// The checkpoint note.
    pub note: Vec<u8>,
    /// The signed timestamp; empty where there is none.
    pub timestamp: Vec<u8>,
}

/// What is known of a sealed document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blob {
    /// Its id.
    pub id: BlobId,
    /// Its length.
    pub shape: BlobShape,
    /// SHA-256 of the whole.
    pub sha256: [u8; 32],
    /// The last day on which it may be fetched.
    pub expiry: Day,
    /// Is all of it here, durably and with that hash?
    pub is_whole: bool,
}

/// One change.
#[derive(Clone)]
#[non_exhaustive]
pub enum Change {
    /// Keep an envelope → [`Outcome::Deposit`].
    ///
    /// The same digest again, until its expiry day, is [`Deposited::Held`], stores nothing and looks at no bound, also
    /// when the first copy was collected. A mailbox beyond its bounds is [`Deposited::MailboxFull`], a slot with eight
    /// envelopes [`Deposited::SlotFull`], and when the relay holds all that it may [`Deposited::StoreFull`]: nothing is
    /// ever evicted.
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
    /// A node's sealed request for a change of its registration → [`Outcome::NodeChange`]. One a node is kept: the same bytes
    /// again are the same request, others take its place and wait.
    ChangeRequest {
        /// Whose.
        node: NodeId,
        /// SHA-256 of the request.
        digest: [u8; 32],
        /// The request.
        request: Vec<u8>,
    },
    /// What became of that very request → [`Outcome::NodeChange`]; nothing changes when it is not there any more. That it waits means
    /// that it was seen: it comes after the others from now on.
    ChangeSettle {
        /// Whose.
        node: NodeId,
        /// SHA-256 of the request.
        digest: [u8; 32],
        /// What became of it.
        stand: u8,
        /// Today: a settled request is forgotten [`CHANGE_KEPT_DAYS`](crate::limits::CHANGE_KEPT_DAYS) later.
        today: Day,
    },
    /// Forgets prekeys, epoch and head of a node, whose identity key is another one now → [`Outcome::Prekeys`].
    PrekeysDrop {
        /// Whose.
        node: NodeId,
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
    /// Drops filed notices whose day is past, [`NOTICES_AT_ONCE`](crate::limits::NOTICES_AT_ONCE) at most
    /// → [`Outcome::NoticesDropped`].
    DropNotices {
        /// Today.
        today: Day,
    },
    /// Keep a node's signed head, if it is newer than the one that is kept → [`Outcome::NodeHead`] with what is kept now.
    NodeHeadPut {
        /// Whose; the signature was checked.
        node: NodeId,
        /// Which of the node's heads it is.
        place: HeadPlace,
        /// The head.
        head: Vec<u8>,
    },
    /// Take charge of a sealed document, or of what is missing of it → [`Outcome::BlobBegun`]. It counts as a whole from now on.
    BlobBegin {
        /// Which; not whole.
        blob: Blob,
        /// Bytes that all of them together may have.
        bytes_max: u64,
    },
    /// All of it is on stable storage, and has the hash that it is to have → [`Outcome::BlobChanged`].
    BlobWhole {
        /// Which.
        id: BlobId,
    },
    /// Forget a sealed document; its file goes afterwards → [`Outcome::BlobChanged`].
    BlobDrop {
        /// Which.
        id: BlobId,
    },
    /// Changes a counter that means nothing, on stable storage like everything: can the desk be written?
    /// → [`Outcome::Probed`].
    Probe,
    /// The same of the journal.
    ProbeJournal,
    /// Forgets prekeys and handed-out ids whose day is past, and invitations whose day is
    /// [`INVITE_KEPT_DAYS`](crate::limits::INVITE_KEPT_DAYS) past, and settled requests for changes; notes the day
    /// → [`Outcome::Purged`].
    Purge {
        /// Today.
        today: Day,
    },
    /// Take a publication of a recognised authority → [`Outcome::Published`]; all or nothing. One that begins at 0 takes
    /// the place of what is held of that authority, which could not be used. A log that would come above
    /// [`FOREIGN_BYTES_MAX`](crate::limits::FOREIGN_BYTES_MAX) is [`Published::TooLarge`].
    PublishForeign {
        /// The hash of the root file that our authority recognised.
        authority: [u8; 32],
        /// New leaves and head.
        publication: Publication,
    },
}

/// The two halves of a store, each with a writer of its own: neither waits for the other's disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Envelopes and notices.
    Journal,
    /// Prekeys, registry, enrolment.
    Desk,
}

impl Change {
    /// Whose it is.
    #[must_use]
    pub const fn part(&self) -> Part {
        match self {
            Self::Deposit(_)
            | Self::Settle { .. }
            | Self::SlotDrop { .. }
            | Self::Expire { .. }
            | Self::DropNotices { .. }
            | Self::ProbeJournal => Part::Journal,
            Self::PrekeysPut { .. }
            | Self::PrekeyTake { .. }
            | Self::Publish(_)
            | Self::InvitesPut { .. }
            | Self::EnrolRequest { .. }
            | Self::EnrolAnswer { .. }
            | Self::ChangeRequest { .. }
            | Self::ChangeSettle { .. }
            | Self::PrekeysDrop { .. }
            | Self::NodeHeadPut { .. }
            | Self::BlobBegin { .. }
            | Self::BlobWhole { .. }
            | Self::BlobDrop { .. }
            | Self::Probe
            | Self::Purge { .. }
            | Self::PublishForeign { .. } => Part::Desk,
        }
    }

    /// Bytes that it brings, about: what a batch is bounded by.
    #[must_use]
    pub const fn weight(&self) -> usize {
        match self {
            Self::Deposit(deposit) => deposit.bytes.len(),
            Self::Settle { .. }
            | Self::SlotDrop { .. }
            | Self::Expire { .. }
            | Self::DropNotices { .. }
            | Self::PrekeysPut { .. }
            | Self::PrekeyTake { .. }
            | Self::Publish(_)
            | Self::InvitesPut { .. }
            | Self::EnrolRequest { .. }
            | Self::EnrolAnswer { .. }
            | Self::ChangeRequest { .. }
            | Self::ChangeSettle { .. }
            | Self::PrekeysDrop { .. }
            | Self::NodeHeadPut { .. }
            | Self::BlobBegin { .. }
            | Self::BlobWhole { .. }
            | Self::BlobDrop { .. }
            | Self::Probe
            | Self::ProbeJournal
            | Self::Purge { .. }
            | Self::PublishForeign { .. } => 512,
        }
    }
    /// Does it take up space for long?
    #[must_use]
    pub const fn grows(&self) -> bool {
        match self {
            Self::Deposit(_)
            | Self::PrekeysPut { .. }
            | Self::Publish(_)
            | Self::InvitesPut { .. }
            | Self::EnrolRequest { .. }
            | Self::EnrolAnswer { .. }
            | Self::PublishForeign { .. }
            | Self::BlobBegin { .. }
            | Self::ChangeRequest { .. } => true,
            Self::ChangeSettle { .. }
            | Self::PrekeysDrop { .. }
            | Self::Settle { .. }
            | Self::SlotDrop { .. }
            | Self::PrekeyTake { .. }
            | Self::Expire { .. }
            | Self::DropNotices { .. }
            // One row for each node, replaced.
            | Self::NodeHeadPut { .. }
            | Self::BlobWhole { .. }
            | Self::BlobDrop { .. }
            | Self::Probe
            | Self::ProbeJournal
            | Self::Purge { .. } => false,
        }
    }
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
    /// Of [`Change::Publish`] and [`Change::PublishForeign`].
    Published(Published),
    /// Of [`Change::InvitesPut`].
    Invited,
    /// Of [`Change::EnrolRequest`] and [`Change::EnrolAnswer`].
    Enrolment(Enrolment),
    /// Of [`Change::ChangeRequest`] and [`Change::ChangeSettle`]: where the request stands, none when it is not there.
    NodeChange(Option<u8>),
    /// Of [`Change::NodeHeadPut`]: the head that is kept now.
    NodeHead(Vec<u8>),
    /// Of [`Change::Expire`]: the slot in which the notice was filed.
    Expired(Option<SlotId>),
    /// Of [`Change::DropNotices`]: how many; as many as it may be means that there are more.
    NoticesDropped(usize),
    /// Of [`Change::BlobBegin`].
    BlobBegun(BlobBegun),
    /// Of [`Change::BlobWhole`] and [`Change::BlobDrop`]: was it known?
    BlobChanged(bool),
    /// Of [`Change::Probe`] and [`Change::ProbeJournal`].
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
    /// The relay holds all the envelopes that it may.
    StoreFull,
}

/// What becomes of a sealed document that is to be put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlobBegun {
    /// It may be written, or gone on with.
    Begun,
    /// All of it is here.
    Held,
    /// Another document has this id.
    Conflict,
    /// Together they would have more bytes than they may.
    Full,
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
    /// Of a recognised authority: the log is larger than it may be.
    TooLarge,
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
