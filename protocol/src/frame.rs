//! Every frame, with its tag (`docs/PROTOCOL.md` §5). A frame's tag is its place in the enum: variants are appended,
//! never moved.
//!
//! On the wire a frame is its length (u32, big-endian) and its canonical encoding ([`codec`]). Signed
//! and sealed objects travel inside as plain bytes and are parsed by their own modules.

mod name;
mod page;
mod reason;

pub use page::leaves_in_page;
pub use reason::{ChangeStand, EnrolState, Goodbye, PrekeyRefusal, PublishRefusal, SlotItemKind, SubmitRefusal};

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    codec::{self, CodecError},
    id::{InviteId, NodeId, RelayId, RequestId, SlotId},
    limits::FRAME_BYTES_MAX,
    time::{Day, Timestamp},
};

/// Version of the session protocol that this crate speaks.
pub const SESSION_VERSION: u16 = 1;

/// Bytes of the length prefix.
pub const LENGTH_PREFIX_BYTES: usize = 4;

/// Pairs an answer with its request on one connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Tag(pub u64);

/// The secret that reads a slot; [`SlotId`] = `H("safeconduct/v1 slot", secret)[..16]`.
pub type SlotSecretBytes = [u8; 32];

/// Everything that travels on a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Frame {
    /// 0, node → relay: the first frame of a node's session.
    Hello {
        /// [`SESSION_VERSION`].
        version: u16,
        /// Who says so; must be the node whose TLS key this connection proved.
        node: NodeId,
        /// Leaves of the registry log that the node holds.
        registry_size: u64,
        /// Deliveries that the relay may send before more credit comes.
        deliveries: u32,
    },
    /// 1, relay → node: the session is authenticated from here on, not earlier.
    Welcome {
        /// The relay's version of the session protocol.
        version: u16,
        /// The relay's number in the registry.
        relay: RelayId,
        /// The relay's clock, so that a node can name its own clock's error.
        now: Timestamp,
        /// Submits that the node may send before more credit comes.
        submits: u32,
        /// The relay's newest registry head.
        head: Head,
    },
    /// 2, both ways: the last frame before a close.
    Goodbye {
        /// Why.
        reason: Goodbye,
        /// Seconds until a new connection makes sense; 0 when at once.
        retry_after_s: u32,
    },
    /// 3, both ways: `count` more deliveries (node → relay) or submits (relay → node).
    Credit {
        /// How many more.
        count: u32,
    },
    /// 4, node → relay: take charge of this envelope. Retries send the very same bytes.
    Submit {
        /// Pairs the answer.
        tag: Tag,
        /// The sealed envelope.
        envelope: ByteBuf,
    },
    /// 5, relay → node: stored durably; the signed `relay-accepted` receipt.
    Submitted {
        /// Of the submit.
        tag: Tag,
        /// [`RelayAccepted`](crate::receipt::relay::RelayAccepted) bytes.
        receipt: ByteBuf,
    },
    /// 6, relay → node: not stored.
    SubmitRefused {
        /// Of the submit.
        tag: Tag,
        /// Why.
        reason: SubmitRefusal,
        /// Seconds until a retry makes sense; 0 when never.
        retry_after_s: u32,
    },
    /// 7, relay → node: an envelope from the node's mailbox; uses one delivery credit.
    Deliver {
        /// Place in the mailbox; grows.
        seq: u64,
        /// The sealed envelope.
        envelope: ByteBuf,
    },
    /// 8, node → relay: signed `done` and `nack` objects, together on the tick, all of one length.
    Settle {
        /// [`Settlement`](crate::receipt::settle::Settlement) bytes, 1 to 256 of them.
        #[serde(deserialize_with = "codec::list")]
        settlements: Vec<ByteBuf>,
    },
    /// 9, node → relay: serve these prekeys for me. Idempotent by prekey id.
    PrekeyPublish {
        /// Pairs the answer.
        tag: Tag,
        /// Records, at most [`PREKEY_BATCH_MAX`](crate::limits::PREKEY_BATCH_MAX).
        #[serde(deserialize_with = "codec::list")]
        records: Vec<ByteBuf>,
    },
    /// 10, node → relay: which of my prekeys do you hold?
    PrekeyStock {
        /// Pairs the answer.
        tag: Tag,
    },
    /// 11, relay → node: answers both of the above.
    PrekeyStocked {
        /// Of the request.
        tag: Tag,
        /// Ids of the one-time prekeys not yet handed out, at most 400.
        #[serde(deserialize_with = "codec::list")]
        one_time: Vec<[u8; 16]>,
        /// Ids of the signed prekeys served.
        #[serde(deserialize_with = "codec::list")]
        signed: Vec<[u8; 16]>,
        /// Records of this upload that were refused (wrong signature, handed out before, too many).
        refused: u32,
    },
    /// 12, node → relay: one prekey of `node`, please. The same `request` gets the same key for ten minutes.
    PrekeyFetch {
        /// Pairs the answer.
        tag: Tag,
        /// Names this request over retries.
        request: RequestId,
        /// Whose prekey.
        node: NodeId,
    },
    /// 13, relay → node.
    PrekeyServed {
        /// Of the fetch.
        tag: Tag,
        /// The record: one-time while there are any, else the newest signed one.
        record: ByteBuf,
    },
    /// 14, relay → node.
    PrekeyRefused {
        /// Of the fetch.
        tag: Tag,
        /// Why.
        reason: PrekeyRefusal,
        /// Seconds until a retry makes sense.
        retry_after_s: u32,
    },
    /// 15, node → relay: send me what is and what comes in these slots, as long as this connection lives.
    SlotWatch {
        /// At most [`SLOT_WATCH_BATCH_MAX`](crate::limits::SLOT_WATCH_BATCH_MAX).
        #[serde(deserialize_with = "codec::list")]
        secrets: Vec<SlotSecretBytes>,
    },
    /// 16, relay → node: one item of a watched slot; uses one delivery credit.
    SlotItem {
        /// Which slot.
        slot: SlotId,
        /// Names the item for [`Frame::SlotDrop`].
        seq: u64,
        /// What it is.
        kind: SlotItemKind,
        /// Envelope or signed object.
        item: ByteBuf,
    },
    /// 17, node → relay: processed; the item may go.
    SlotDrop {
        /// Proves the right to it.
        secret: SlotSecretBytes,
        /// Which item.
        seq: u64,
    },
    /// 18, any → relay: leaves and sealed directory records from this index on.
    RegistryFetch {
        /// Pairs the answer.
        tag: Tag,
        /// First leaf wanted.
        from: u64,
    },
    /// 19, relay → any: at most [`REGISTRY_PAGE_MAX`](crate::limits::REGISTRY_PAGE_MAX) leaves; with their records at most
    /// [`REGISTRY_PAGE_BYTES_MAX`](crate::limits::REGISTRY_PAGE_BYTES_MAX), or one.
    RegistryPage {
        /// Of the fetch.
        tag: Tag,
        /// Index of the first leaf here.
        from: u64,
        /// Leaves as signed.
        #[serde(deserialize_with = "codec::list")]
        leaves: Vec<ByteBuf>,
        /// The sealed directory record of each leaf, empty where it has none; none at all on the enrolment ALPN.
        #[serde(deserialize_with = "codec::list")]
        records: Vec<ByteBuf>,
        /// Head that these pages lead to.
        head: Head,
    },
    /// 20, relay → node: the registry has grown or has a newer timestamp.
    RegistryHead {
        /// The newest head.
        head: Head,
    },
    /// 21, any → relay: the root file, please.
    RootFetch {
        /// Pairs the answer.
        tag: Tag,
    },
    /// 22, relay → any.
    Root {
        /// Of the fetch.
        tag: Tag,
        /// The authority's root file.
        root: ByteBuf,
    },
    /// 23, enrolling node → relay: put this sealed request before the authority. Once per invitation; the same bytes
    /// again are the same request.
    EnrolSubmit {
        /// Pairs the answer.
        tag: Tag,
        /// Which invitation.
        invite: InviteId,
        /// The request, sealed to the authority.
        request: ByteBuf,
    },
    /// 24, enrolling node → relay: is there an answer for this invitation?
    EnrolFetch {
        /// Pairs the answer.
        tag: Tag,
        /// Which invitation.
        invite: InviteId,
    },
    /// 25, relay → enrolling node: answers both.
    EnrolState {
        /// Of the request.
        tag: Tag,
        /// Where the enrolment stands.
        state: EnrolState,
        /// The sealed answer of the authority when `state` is [`EnrolState::Answered`], else empty.
        answer: ByteBuf,
    },
    /// 26, authority → relay: a piece of the registry. Taken durably when the head's log replays; all or nothing.
    Publish {
        /// Pairs the answer.
        tag: Tag,
        /// The root file.
        root: ByteBuf,
        /// Index of the first leaf here.
        from: u64,
        /// Leaves.
        #[serde(deserialize_with = "codec::list")]
        leaves: Vec<ByteBuf>,
        /// Their sealed directory records, empty where there is none.
        #[serde(deserialize_with = "codec::list")]
        records: Vec<ByteBuf>,
        /// The head; only the last piece has `head.size` = `from` + number of leaves.
        head: Head,
    },
    /// 27, relay → authority: answers [`Frame::Publish`], [`Frame::InvitePut`], [`Frame::EnrolAnswer`] and
    /// [`Frame::ChangeSettle`].
    Published {
        /// Of the request.
        tag: Tag,
        /// Leaves that the relay now holds.
        size: u64,
    },
    /// 28, relay → authority.
    PublishRefused {
        /// Of the request.
        tag: Tag,
        /// Why.
        reason: PublishRefusal,
        /// Leaves that the relay holds.
        size: u64,
    },
    /// 29, authority → relay: these invitations are open until their day; a day in the past withdraws one.
    InvitePut {
        /// Pairs the answer.
        tag: Tag,
        /// At most 256.
        #[serde(deserialize_with = "codec::list")]
        invites: Vec<(InviteId, Day)>,
    },
    /// 30, authority → relay: which requests wait?
    RequestsFetch {
        /// Pairs the answer.
        tag: Tag,
    },
    /// 31, relay → authority.
    Requests {
        /// Of the fetch.
        tag: Tag,
        /// Invitation and sealed request, at most 32; settle them to see more.
        #[serde(deserialize_with = "codec::list")]
        requests: Vec<(InviteId, ByteBuf)>,
    },
    /// 32, authority → relay: the sealed answer for an invitation.
    EnrolAnswer {
        /// Pairs the answer.
        tag: Tag,
        /// Which invitation.
        invite: InviteId,
        /// Sealed to the enrolling node.
        answer: ByteBuf,
    },
    /// 33, authority → relay: the first frame of an authority's session; answered by [`Frame::Welcome`].
    AuthorityHello {
        /// [`SESSION_VERSION`].
        version: u16,
    },
    /// 34, enrolling node → relay: the first frame of an enrolment session; answered by [`Frame::Welcome`].
    EnrolHello {
        /// [`SESSION_VERSION`].
        version: u16,
    },
    /// 35, node → relay: as [`Frame::RegistryFetch`], of a recognised authority's log; answered by [`Frame::RegistryPage`].
    ForeignFetch {
        /// Pairs the answer.
        tag: Tag,
        /// Which: the hash of the root file that our authority recognised.
        authority: [u8; 32],
        /// First leaf wanted.
        from: u64,
    },
    /// 36, relay → node: a recognised authority's log as this relay holds it; unasked, after `Welcome` and whenever it is newer.
    ForeignHead {
        /// Which: the hash of the root file that our authority recognised.
        authority: [u8; 32],
        /// The newest head.
        head: Head,
    },
    /// 37, node → relay: put this sealed request for a change of my registration before the authority. The same bytes again
    /// are the same request, and ask where it stands; others take its place.
    ChangePut {
        /// Pairs the answer.
        tag: Tag,
        /// The request, sealed to the authority.
        request: ByteBuf,
    },
    /// 38, relay → node.
    ChangeState {
        /// Of the request.
        tag: Tag,
        /// Where it stands.
        state: ChangeStand,
    },
    /// 39, authority → relay: which requests for changes wait?
    ChangesFetch {
        /// Pairs the answer.
        tag: Tag,
    },
    /// 40, relay → authority.
    Changes {
        /// Of the fetch.
        tag: Tag,
        /// Node and sealed request, at most 32; settle them to see more.
        #[serde(deserialize_with = "codec::list")]
        requests: Vec<(NodeId, ByteBuf)>,
    },
    /// 41, authority → relay: this is what became of a node's request; answered by [`Frame::Published`].
    ChangeSettle {
        /// Pairs the answer.
        tag: Tag,
        /// Whose request.
        node: NodeId,
        /// SHA-256 of the sealed request, so that a newer one is not settled with it.
        request: [u8; 32],
        /// What became of it.
        state: ChangeStand,
    },
    /// 42, relay → authority: answers the last piece of [`Frame::Publish`] when the relay, as a witness, has signed the head.
    Cosigned {
        /// Of the request.
        tag: Tag,
        /// Leaves that the relay now holds: those of the head, unless other witnesses must sign it first.
        size: u64,
        /// The checkpoint note with the relay's cosignature.
        note: ByteBuf,
    },
    /// 43, node → relay: keep this head of mine, if it is newer than the one that you keep. Empty: which one do you keep?
    NodeHeadPut {
        /// Pairs the answer.
        tag: Tag,
        /// [`NodeHead`](crate::receipt::head::NodeHead) bytes, or empty.
        head: ByteBuf,
    },
    /// 44, relay → node: answers [`Frame::NodeHeadPut`].
    NodeHead {
        /// Of the request.
        tag: Tag,
        /// The newest head of this node that the relay keeps; empty when it keeps none.
        head: ByteBuf,
    },
    /// 45, authority → relay: which heads of nodes do you keep? Their days tell when each was last here.
    HeadsFetch {
        /// Pairs the answer.
        tag: Tag,
        /// Of nodes whose id is above this one: zero at first, then the last that came.
        after: NodeId,
    },
    /// 46, relay → authority: answers [`Frame::HeadsFetch`].
    Heads {
        /// Of the request.
        tag: Tag,
        /// [`NodeHead`](crate::receipt::head::NodeHead) bytes in the order of their nodes, at most
        /// [`HEADS_PAGE_MAX`](crate::limits::HEADS_PAGE_MAX); fewer when there are no more.
        #[serde(deserialize_with = "codec::list")]
        heads: Vec<ByteBuf>,
    },
}

/// The newest signed state of the registry log, as it travels.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Head {
    /// Leaves in the log.
    pub size: u64,
    /// C2SP signed note of the checkpoint; empty while the relay holds no log.
    #[serde(with = "serde_bytes")]
    pub note: Vec<u8>,
    /// Signed timestamp over the checkpoint (`docs/PROTOCOL.md` §9); empty while there is none.
    #[serde(with = "serde_bytes")]
    pub timestamp: Vec<u8>,
}

impl Frame {
    /// The canonical encoding with its length prefix.
    ///
    /// # Errors
    /// [`CodecError::TooLong`] when the frame would exceed [`FRAME_BYTES_MAX`].
    pub fn to_wire(&self) -> Result<Vec<u8>, CodecError> {
        codec::to_wire(self, FRAME_BYTES_MAX)
    }

    /// Reads a frame's body, the length prefix taken off.
    ///
    /// # Errors
    /// As [`codec::decode`].
    pub fn from_body(body: &[u8]) -> Result<Self, CodecError> {
        codec::decode(body)
    }

    /// The length that a prefix announces.
    ///
    /// # Errors
    /// [`CodecError::TooLong`] before anything is allocated; [`CodecError::Malformed`] for 0.
    pub fn body_length(prefix: [u8; LENGTH_PREFIX_BYTES]) -> Result<usize, CodecError> {
        codec::body_length(prefix, FRAME_BYTES_MAX)
    }
}
