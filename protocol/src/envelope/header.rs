//! The signed header, 352 bytes (`docs/PROTOCOL.md` §7): everything that the sender vouches for.
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 2 | suite |
//! | 2 | 1 | content type |
//! | 3 | 1 | flags |
//! | 4 | 16 | message id |
//! | 20 | 32 | sender node id |
//! | 52 | 32 | sender key id |
//! | 84 | 32 | recipient node id |
//! | 116 | 16 | prekey id |
//! | 132 | 8 | created |
//! | 140 | 8 | pair chain length |
//! | 148 | 32 | pair chain head |
//! | 180 | 8 | registry size |
//! | 188 | 32 | registry root |
//! | 220 | 32 | content commitment |
//! | 252 | 32 | rest commitment |
//! | 284 | 32 | binding |
//! | 316 | 32 | recipients commitment |
//! | 348 | 4 | zero |

use crate::{
    crypto::{
        hash::{HashLabel, hash},
        sign::Signature,
    },
    id::{KeyId, MessageId, NodeId, PrekeyId},
    layout::{Reader, Writer},
    receipt::chain::ChainHead,
    time::Timestamp,
};

/// Bytes of a signed header.
pub const HEADER_BYTES: usize = 352;

const FLAG_REPLY: u8 = 1;
const FLAG_LAST_RESORT: u8 = 2;

/// What a message holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ContentType {
    /// One referral as canonical JSON.
    Referral,
    /// Receipts about one message.
    Receipt,
    /// A word between daemons.
    Control,
    /// Nothing: it exists to be seen.
    Cover,
    /// What two agencies tell each other about a referral once it has arrived.
    Case,
    /// What an agency has released of a period, for a co-ordinator.
    Report,
}

impl ContentType {
    /// The number that stands in the header.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Referral => 1,
            Self::Receipt => 2,
            Self::Control => 3,
            Self::Cover => 4,
            Self::Case => 5,
            Self::Report => 6,
        }
    }

    /// The type of a number.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Referral),
            2 => Some(Self::Receipt),
            3 => Some(Self::Control),
            4 => Some(Self::Cover),
            5 => Some(Self::Case),
            6 => Some(Self::Report),
            _ => None,
        }
    }
}

/// Whether a message brings a reply block.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReplyFlag {
    /// It does.
    Present,
    /// It does not.
    Absent,
}

/// What kind of key a message was sealed to, as its sender says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyFlag {
    /// A signed prekey, the last resort.
    LastResort,
    /// A one-time prekey or a reply key.
    Once,
}

/// A state of the registry log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RegistryPoint {
    /// Leaves.
    pub size: u64,
    /// RFC 6962 root hash.
    pub root: [u8; 32],
}

/// The fields of a signed header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// The cryptographic suite.
    pub suite: u16,
    /// What is in it.
    pub content_type: ContentType,
    /// Whether a reply block is in it.
    pub reply: ReplyFlag,
    /// What it was sealed to.
    pub key: KeyFlag,
    /// The same on a re-seal.
    pub message: MessageId,
    /// Who sends.
    pub sender: NodeId,
    /// With which identity key.
    pub sender_key: KeyId,
    /// To whom.
    pub recipient: NodeId,
    /// To which prekey or reply key.
    pub prekey: PrekeyId,
    /// When, by the sender's clock.
    pub created: Timestamp,
    /// The sender's pair chain with the recipient.
    pub chain: ChainHead,
    /// The registry that the sender acted on.
    pub registry: RegistryPoint,
    /// `H("content", salt || u32 n || content)`.
    pub content_commitment: [u8; 32],
    /// `H("rest", reply block || checkpoint note)`.
    pub rest_commitment: [u8; 32],
    /// HPKE export of the context that sealed it.
    pub binding: [u8; 32],
    /// `H("recipients", salt || sorted node ids)`.
    pub recipients_commitment: [u8; 32],
}

impl Header {
    /// The 352 bytes, as they are signed.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let reply = if self.reply == ReplyFlag::Present { FLAG_REPLY } else { 0 };
        let key = if self.key == KeyFlag::LastResort { FLAG_LAST_RESORT } else { 0 };
        Writer::<HEADER_BYTES>::new()
            .put(&self.suite.to_be_bytes())
            .put(&[self.content_type.code(), reply | key])
            .put(self.message.as_bytes())
            .put(self.sender.as_bytes())
            .put(self.sender_key.as_bytes())
            .put(self.recipient.as_bytes())
            .put(self.prekey.as_bytes())
            .put(&self.created.0.to_be_bytes())
            .put(&self.chain.length.to_be_bytes())
            .put(&self.chain.hash)
            .put(&self.registry.size.to_be_bytes())
            .put(&self.registry.root)
            .put(&self.content_commitment)
            .put(&self.rest_commitment)
            .put(&self.binding)
            .put(&self.recipients_commitment)
            .zero(4)
            .finish()
    }

    /// Reads a header; `None` for an unknown content type or flag, or a reserved byte that is not zero.
    #[must_use]
    pub fn parse(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let suite = reader.u16()?;
        let content_type = ContentType::from_code(reader.u8()?)?;
        let flags = reader.u8()?;
        if flags & !(FLAG_REPLY | FLAG_LAST_RESORT) != 0 {
            return None;
        }
        let header = Self {
            suite,
            content_type,
            reply: if flags & FLAG_REPLY == 0 { ReplyFlag::Absent } else { ReplyFlag::Present },
            key: if flags & FLAG_LAST_RESORT == 0 { KeyFlag::Once } else { KeyFlag::LastResort },
            message: MessageId::from_bytes(reader.array()?),
            sender: NodeId::from_bytes(reader.array()?),
            sender_key: KeyId::from_bytes(reader.array()?),
            recipient: NodeId::from_bytes(reader.array()?),
            prekey: PrekeyId::from_bytes(reader.array()?),
            created: Timestamp(reader.u64()?),
            chain: ChainHead { length: reader.u64()?, hash: reader.array()? },
            registry: RegistryPoint { size: reader.u64()?, root: reader.array()? },
            content_commitment: reader.array()?,
            rest_commitment: reader.array()?,
            binding: reader.array()?,
            recipients_commitment: reader.array()?,
        };
        reader.zero(4)?;
        reader.end()?;
        Some(header)
    }
}

/// A header with the very bytes that were signed and the signature over them: what goes into evidence.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedHeader {
    header: Header,
    bytes: Box<[u8; HEADER_BYTES]>,
    signature: Signature,
}

impl SignedHeader {
    /// Reads a header and keeps its bytes. Says nothing about the signature.
    #[must_use]
    pub fn parse(bytes: &[u8; HEADER_BYTES], signature: Signature) -> Option<Self> {
        Some(Self { header: Header::parse(bytes)?, bytes: Box::new(*bytes), signature })
    }

    /// The fields.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The bytes under the signature.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HEADER_BYTES] {
        &self.bytes
    }

    /// The sender's signature, label `message`.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// `H("header", signed header)`.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash(HashLabel::Header, &[self.bytes.as_slice()])
    }
}

/// `H("content", salt || u32 n || content)`.
#[must_use]
pub fn content_commitment(salt: &[u8; 32], content: &[u8]) -> [u8; 32] {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    hash(HashLabel::Content, &[salt, &length.to_be_bytes(), content])
}

/// `H("rest", reply block || checkpoint note)`.
#[must_use]
pub fn rest_commitment(reply_block: &[u8], checkpoint: &[u8]) -> [u8; 32] {
    hash(HashLabel::Rest, &[reply_block, checkpoint])
}

/// `H("recipients", salt || sorted node ids)`; `recipients` may come in any order.
#[must_use]
pub fn recipients_commitment(salt: &[u8; 32], recipients: &[NodeId]) -> [u8; 32] {
    let mut sorted = recipients.to_vec();
    sorted.sort_unstable();
    let parts: Vec<&[u8]> =
        core::iter::once(salt.as_slice()).chain(sorted.iter().map(|node| node.as_bytes().as_slice())).collect();
    hash(HashLabel::Recipients, &parts)
}
