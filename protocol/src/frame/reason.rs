//! The small words inside frames: what lies in a slot, why something ends or is refused, where an enrolment stands.
//! Appended, never moved.

use serde::{Deserialize, Serialize};

/// What lies in a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SlotItemKind {
    /// A sealed envelope (a receipt message).
    Envelope,
    /// A signed [`Settlement`](crate::receipt::settle::Settlement) that is a `nack`.
    Nack,
    /// A signed [`RelayExpired`](crate::receipt::relay::RelayExpired).
    Expired,
}

/// Why a session ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Goodbye {
    /// The relay shuts down; come back.
    ShuttingDown,
    /// The node's registration was revoked.
    Revoked,
    /// The node's registration is suspended.
    Suspended,
    /// This key is not registered.
    NotRegistered,
    /// A frame broke the protocol.
    ProtocolError,
    /// The other end speaks another version.
    Version,
    /// Too many connections or requests.
    Busy,
    /// Another connection of the same node took over.
    Replaced,
    /// The relay cannot store anything now.
    StorageFailed,
    /// The relay has no registry yet.
    NoRegistry,
}

impl Goodbye {
    /// Each reason, in the order of their tags.
    pub const ALL: [Self; 10] = [
        Self::ShuttingDown,
        Self::Revoked,
        Self::Suspended,
        Self::NotRegistered,
        Self::ProtocolError,
        Self::Version,
        Self::Busy,
        Self::Replaced,
        Self::StorageFailed,
        Self::NoRegistry,
    ];
}

/// Why an envelope was not stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SubmitRefusal {
    /// Not an envelope of a known class, suite and layout.
    Malformed,
    /// The expiry day is past, or more than 14 days ahead.
    Expiry,
    /// The mailbox is full; it stays queued at the sender.
    MailboxFull,
    /// The recipient's registration was revoked.
    RecipientRevoked,
    /// The slot holds its eight items.
    SlotFull,
    /// The sender's quota for this time is used up.
    Quota,
    /// The relay's disk is full or failing.
    StorageFailed,
    /// A different envelope with this digest or place exists.
    Conflict,
    /// The mailbox is at another relay; relays do not hand on yet.
    RecipientElsewhere,
    /// The relay holds all the envelopes that its operator lets it hold.
    RelayFull,
    /// The relay takes nothing in while it is looked after; what it holds is delivered.
    Maintenance,
}

/// Why no prekey was served.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PrekeyRefusal {
    /// The node is not registered here.
    UnknownNode,
    /// The node is revoked or suspended.
    NotActive,
    /// The node has published no prekey that is still valid.
    NoneLeft,
    /// The requester's quota for this node is used up.
    Quota,
    /// The relay's disk is failing.
    StorageFailed,
}

/// Where an enrolment stands at the relay.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EnrolState {
    /// No such invitation is open.
    UnknownInvite,
    /// The invitation has expired.
    InviteExpired,
    /// Another request was made with this invitation.
    InviteUsed,
    /// No request yet.
    Open,
    /// The request waits for the authority.
    Waiting,
    /// The authority has answered.
    Answered,
    /// The request is too large, or the relay cannot store it.
    Refused,
}

/// Why a publication was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PublishRefusal {
    /// The root file is not the one this relay is pinned to.
    Root,
    /// The log does not replay, or does not lead to the head.
    Replay,
    /// The pieces do not follow what the relay holds; start at `size`.
    Gap,
    /// Smaller than, or different from, what the relay holds.
    Rollback,
    /// The relay's disk is full or failing.
    StorageFailed,
    /// Too large.
    TooLarge,
    /// Fewer witnesses have signed the head than the root file asks for, and this relay is none of them.
    Witnesses,
    /// The head's timestamp is more than a day ahead of the relay's clock.
    Time,
}

/// Where a request for a change of a registration stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChangeStand {
    /// It waits for the authority.
    Waiting,
    /// The authority has made the change.
    Done,
    /// It cannot be what the node made, or asks for what the registry's rules do not allow.
    Refused,
    /// The registration has changed since it was made: make it anew.
    Stale,
    /// A person at the authority said no.
    Rejected,
    /// The relay does not take it now: too large, too often, or its disk is full or failing.
    NotTaken,
}
