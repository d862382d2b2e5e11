//! What a recipient knows when it opens an envelope: its own ids, and where to look things up. The core asks, the
//! client answers from its database and its registry copy.

use super::header::{ContentType, Header};
use crate::{
    crypto::{kem::KemSecret, sign::VerifyingKey},
    id::{EnvelopeDigest, KeyId, MailboxId, MessageId, NodeId, PrekeyId, SlotId},
    personal::PersonalBytes,
    prekey::record::PrekeyKind,
    receipt::{node::SentMessage, settle::Settlement},
    time::Timestamp,
};

/// How an envelope came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// From one's own mailbox.
    Mailbox,
    /// From this reply slot.
    Slot(SlotId),
}

/// What became of one's prekey.
#[non_exhaustive]
pub enum PrekeyState {
    /// Its secret is there.
    Live(LivePrekey),
    /// It was used, and its secret erased.
    Consumed,
    /// Its time is over, and its secret erased.
    Expired,
    /// Never had, or lost.
    Unknown,
}

/// A prekey whose secret is there.
pub struct LivePrekey {
    /// The secret.
    pub secret: KemSecret,
    /// Signed or one-time.
    pub kind: PrekeyKind,
    /// The identity key that its record names.
    pub identity: KeyId,
}

/// A reply key that is waiting for receipts.
pub struct ReplyKey {
    /// The secret.
    pub secret: KemSecret,
    /// The identity key with which the message was signed that brought the reply block out.
    pub identity: KeyId,
    /// That message, as sealed.
    pub sent: SentMessage,
}

/// What the registry says of the key that a message is signed with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SenderState {
    /// Neither this node nor this key is in one's registry copy.
    Unknown,
    /// Registered and active, with this identity key: the one that was asked about, if it still counts, else the present one.
    Active(VerifyingKey),
    /// Registered and active, with another identity key; the one that was asked about counts for nothing any more.
    Replaced,
    /// Suspended.
    Suspended,
    /// Revoked.
    Revoked,
}

/// Why the recipient's rules do not take a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyRefusal {
    /// The sender's roles do not let it send this.
    #[error("the sender's roles do not allow this content")]
    Role,
    /// The sender is on the recipient's own block list.
    #[error("the sender is blocked here")]
    Blocked,
    /// An exercise message among real ones, or a real one among exercises.
    #[error("exercise and real agencies do not mix")]
    Exercise,
}

/// Everything that opening asks for. None of the answers may block for long; none of them changes anything.
pub struct Desk<'a> {
    /// Oneself.
    pub node: NodeId,
    /// One's mailbox.
    pub mailbox: MailboxId,
    /// The registry's minimum suite.
    pub suite_min: u16,
    /// The time now.
    pub now: Timestamp,
    /// Since when this envelope has been held for a sender that is not in the registry, or suspended; none at first.
    pub held_since: Option<Timestamp>,
    /// How this envelope was settled before, if it was.
    pub settled: &'a dyn Fn(&EnvelopeDigest) -> Option<Settlement>,
    /// One's prekey of this id. A secret that has a tombstone is [`PrekeyState::Consumed`].
    pub prekey: &'a dyn Fn(&PrekeyId) -> PrekeyState,
    /// One's reply key of this slot and id, while it lives.
    pub reply_key: &'a dyn Fn(&SlotId, &PrekeyId) -> Option<ReplyKey>,
    /// What the registry says of this node and identity key.
    pub sender: &'a dyn Fn(&NodeId, &KeyId) -> SenderState,
    /// The content commitment under which this message of this sender was taken before.
    pub seen: &'a dyn Fn(&NodeId, &MessageId) -> Option<[u8; 32]>,
    /// All recipients that the content names; none when it names no list, which means oneself alone.
    pub recipients: &'a dyn Fn(ContentType, &PersonalBytes) -> Option<Vec<NodeId>>,
    /// One's own rules about who may send what.
    pub policy: &'a dyn Fn(&Header, &PersonalBytes) -> Result<(), PolicyRefusal>,
}
