//! How opening ends, and the little that is said about it outward.
//!
//! | Verdict | Outward (mailbox) | Prekey | Shown |
//! |---|---|---|---|
//! | `Malformed` | done | untouched | no, counted |
//! | `AlreadySettled` | the stored settlement again | untouched | no |
//! | `Nack` | nack | there is none | no |
//! | `CannotOpen` | done | kept | quarantine |
//! | `Hold` | nothing yet | kept | no |
//! | `Quarantine` | done | kept | quarantine, alert |
//! | `Duplicate` | done, receipt again | erased if one-time | no |
//! | `Opened` | done, once durable | erased if one-time | yes |
//!
//! `done` and `nack` have one length and leave on one tick, so that the outside learns nothing but whether the prekey
//! was there. For an envelope from a slot, `done` means that the item is dropped.

use super::{header::SignedHeader, opened::Opened, sealed::EnvelopeMalformed};
use crate::{
    envelope::desk::PolicyRefusal,
    receipt::settle::{NackReason, Settlement},
};

/// How opening an envelope ends.
#[non_exhaustive]
pub enum Verdict {
    /// No envelope, or not one for this place.
    Malformed(EnvelopeMalformed),
    /// These very bytes were settled before.
    AlreadySettled(Box<Settlement>),
    /// The prekey is not there.
    Nack(NackReason),
    /// The prekey is there, but does not open it. One event for every cause.
    CannotOpen,
    /// The sender's key is not in the registry copy: fetch the registry, then open again; at most seven days. Or its registration
    /// is suspended: open again when it is active; as long as an envelope lives.
    Hold,
    /// Opened, but not to be believed.
    Quarantine(Quarantined),
    /// A message that is there already, sealed anew: its sender missed the receipt.
    Duplicate(Box<Opened>),
    /// A new message.
    Opened(Box<Opened>),
}

/// What is kept of a message that is not believed, besides its envelope.
pub struct Quarantined {
    /// What is wrong.
    pub fault: Fault,
    /// The signed header, once the signature verified: then the sender did say this.
    pub signed: Option<Box<SignedHeader>>,
}

/// What is wrong with a message that opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No reply key of this slot lives.
    #[error("no reply key for this slot")]
    ReplyKey,
    /// The plaintext is not laid out as it must be.
    #[error("the opened bytes are no message")]
    Layout,
    /// The header's suite, recipient, prekey, binding or key flag is not that of the envelope: someone sealed another's
    /// signed message anew.
    #[error("the signed header belongs to another envelope")]
    Context,
    /// The sender's key stayed unknown for seven days.
    #[error("the sender is not in the registry")]
    SenderUnknown,
    /// The sender is suspended.
    #[error("the sender's registration is suspended")]
    SenderSuspended,
    /// The sender is revoked.
    #[error("the sender's registration was revoked")]
    SenderRevoked,
    /// Signed with an identity key that the sender has no more: somebody else may have it.
    #[error("the message is signed with a key that its sender has replaced")]
    SenderReplaced,
    /// The signature is not the sender's.
    #[error("the sender's signature does not verify")]
    Signature,
    /// Content, reply block, note or recipients are not those that were signed.
    #[error("the content is not what was signed")]
    Commitment,
    /// The same message id with other content was taken before: both are evidence against the sender.
    #[error("the sender signed two contents under one message id")]
    Equivocation,
    /// A referral to a reply key, a receipt to a prekey, a reply block in a receipt.
    #[error("content of this type does not come this way")]
    Route,
    /// Receipts that are malformed, not by the message's recipient, or about another message.
    #[error("the receipt does not belong to the message of its slot")]
    Receipt,
    /// The recipient's rules.
    #[error("the recipient's rules do not take it")]
    Policy(#[source] PolicyRefusal),
}

impl Fault {
    /// What a person does about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::ReplyKey | Self::Receipt => "nothing to do; if it repeats, tell the relay's operator",
            Self::Layout | Self::Commitment | Self::Route => {
                "phone the sender: its software is damaged or too new for this one"
            }
            Self::Context | Self::Signature => {
                "keep it and tell the authority: someone writes in another's name; the named sender may know nothing"
            }
            Self::SenderUnknown => "ask the authority whether this sender is registered",
            Self::SenderSuspended | Self::SenderRevoked | Self::SenderReplaced => {
                "phone the agency on a number that you know, or the authority"
            }
            Self::Equivocation => "keep both and tell the authority: two signed contents under one id are proof",
            Self::Policy(_) => "if you want such messages from this sender, change your rules and ask for it again",
        }
    }
}

/// What is told to the relay.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outward {
    /// Sign and send `done`; for a slot, drop the item.
    Done,
    /// Sign and send `nack`.
    Nack(NackReason),
    /// Send this again.
    Again(Box<Settlement>),
    /// Say nothing; the envelope stays where it is.
    Nothing,
}

impl Verdict {
    /// What is told to the relay, on the next tick, and nothing else ever.
    #[must_use]
    pub fn outward(&self) -> Outward {
        match self {
            Self::AlreadySettled(settlement) => Outward::Again(settlement.clone()),
            Self::Nack(reason) => Outward::Nack(*reason),
            Self::Hold => Outward::Nothing,
            Self::Malformed(_) | Self::CannotOpen | Self::Quarantine(_) | Self::Duplicate(_) | Self::Opened(_) => {
                Outward::Done
            }
        }
    }

    pub(crate) const fn quarantine(fault: Fault) -> Self {
        Self::Quarantine(Quarantined { fault, signed: None })
    }

    pub(crate) fn signed_fault(fault: Fault, signed: &SignedHeader) -> Self {
        Self::Quarantine(Quarantined { fault, signed: Some(Box::new(signed.clone())) })
    }
}
