//! An opened message: every check of the list passed. Made nowhere else.

use super::{
    case::Details,
    header::{Header, SignedHeader},
    reply::ReplyBlock,
    target::{Target, Via},
};
use crate::{
    crypto::sign::VerifyingKey,
    id::{EnvelopeDigest, PrekeyId},
    personal::PersonalBytes,
    receipt::{
        case::CaseEvent,
        node::{Delivered, SentMessage},
    },
};

/// What the recipient's node says about a message, in its reply slot.
pub enum Answer {
    /// It has opened, checked and stored it.
    Delivered(Box<Delivered>),
    /// A rule refused it after it was opened: declined by the node itself. The details name the rule.
    Refused(Box<CaseEvent>, Option<Details>),
}

impl Answer {
    /// The receipt, if it is one.
    #[must_use]
    pub const fn delivered(&self) -> Option<&Delivered> {
        match self {
            Self::Delivered(receipt) => Some(receipt),
            Self::Refused(..) => None,
        }
    }
}

/// A message that passed every check. What is left is to store it durably, then to settle it.
pub struct Opened {
    pub(crate) signed: SignedHeader,
    pub(crate) envelope: EnvelopeDigest,
    pub(crate) via: Via,
    pub(crate) identity: VerifyingKey,
    pub(crate) salt: [u8; 32],
    pub(crate) content: PersonalBytes,
    pub(crate) reply: Option<ReplyBlock>,
    pub(crate) checkpoint: Vec<u8>,
    pub(crate) receipts: Vec<Answer>,
}

impl Opened {
    /// The header's fields.
    #[must_use]
    pub const fn header(&self) -> &Header {
        self.signed.header()
    }

    /// Header, its very bytes and the sender's signature, for the evidence.
    #[must_use]
    pub const fn signed_header(&self) -> &SignedHeader {
        &self.signed
    }

    /// Of the envelope that it came in.
    #[must_use]
    pub const fn envelope(&self) -> EnvelopeDigest {
        self.envelope
    }

    /// By mailbox and prekey, or by slot and reply key.
    #[must_use]
    pub const fn via(&self) -> Via {
        self.via
    }

    /// The key that it was sealed to; its secret goes with the transaction that stores the message, if it was a
    /// one-time key.
    #[must_use]
    pub const fn prekey(&self) -> PrekeyId {
        self.signed.header().prekey
    }

    /// The sender's identity key that verified it.
    #[must_use]
    pub const fn sender_identity(&self) -> &VerifyingKey {
        &self.identity
    }

    /// The salt of its commitments: with the content it opens them, alone it says nothing.
    #[must_use]
    pub const fn salt(&self) -> &[u8; 32] {
        &self.salt
    }

    /// The content.
    #[must_use]
    pub const fn content(&self) -> &PersonalBytes {
        &self.content
    }

    /// Where receipts go.
    #[must_use]
    pub const fn reply(&self) -> Option<&ReplyBlock> {
        self.reply.as_ref()
    }

    /// The target of a receipt about it; none when the sender asked for none.
    #[must_use]
    pub fn reply_target(&self) -> Option<Target> {
        let header = self.header();
        self.reply.as_ref().map(|block| Target::reply(block, header.sender, header.sender_key))
    }

    /// The sender's registry checkpoint, a signed note, not verified here.
    #[must_use]
    pub fn checkpoint(&self) -> &[u8] {
        &self.checkpoint
    }

    /// The answers in it, verified and matched to the message that one sent; empty unless it is a receipt message.
    #[must_use]
    pub fn receipts(&self) -> &[Answer] {
        &self.receipts
    }

    /// What a `delivered` receipt about it must repeat.
    #[must_use]
    pub fn as_sent(&self) -> SentMessage {
        SentMessage::of(&self.signed, self.envelope)
    }
}
