//! `delivered`: the recipient's daemon opened, verified and durably stored a message (`docs/PROTOCOL.md` §8). It does
//! not say that a person saw it.
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCV1` |
//! | 4 | 32 | recipient node id |
//! | 36 | 32 | recipient key id |
//! | 68 | 32 | sender node id |
//! | 100 | 16 | message id |
//! | 116 | 32 | header hash |
//! | 148 | 32 | content commitment |
//! | 180 | 32 | envelope digest |
//! | 212 | 8 | stored_at |
//! | 220 | 8 | registry size |
//! | 228 | 32 | registry root |
//! | 260 | 8 | recipient's pair chain length |
//! | 268 | 32 | its head |
//! | 300 | 8 | echo: longest pair chain that the recipient has seen of the sender; 0 for none |
//! | 308 | 32 | its head; zero for none |
//! | 340 | 64 | signature by the recipient's identity key over 0..340 |

use super::{ReceiptMalformed, chain::ChainHead, verify_named};
use crate::{
    crypto::sign::{BadSignature, Label, SigningKey, VerifyingKey},
    envelope::header::{RegistryPoint, SignedHeader},
    id::{EnvelopeDigest, KeyId, MessageId, NodeId},
    layout::{Reader, Writer, is_zero},
    time::Timestamp,
};

/// Bytes of a `delivered` receipt.
pub const DELIVERED_BYTES: usize = 404;

const MAGIC: [u8; 4] = *b"SCV1";

/// One sealing of one message, as its sender remembers it and a receipt must repeat it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SentMessage {
    /// The sender: oneself, when checking a receipt.
    pub sender: NodeId,
    /// To whom it was sealed.
    pub recipient: NodeId,
    /// The message.
    pub message: MessageId,
    /// `H("header", signed header)`.
    pub header_hash: [u8; 32],
    /// The header's content commitment.
    pub content_commitment: [u8; 32],
    /// Of the sealed envelope.
    pub envelope: EnvelopeDigest,
}

impl SentMessage {
    /// What a sender remembers of a message that it sealed, and a recipient repeats of one that it opened.
    #[must_use]
    pub fn of(signed: &SignedHeader, envelope: EnvelopeDigest) -> Self {
        let header = signed.header();
        Self {
            sender: header.sender,
            recipient: header.recipient,
            message: header.message,
            header_hash: signed.hash(),
            content_commitment: header.content_commitment,
            envelope,
        }
    }
}

/// Where the recipient stood when it stored the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DeliveredAt {
    /// When it was stored, by the recipient's clock.
    pub stored_at: Timestamp,
    /// The registry that it acted on.
    pub registry: RegistryPoint,
    /// Its pair chain with the sender.
    pub chain: ChainHead,
    /// The sender's pair chain at the longest that the recipient has seen of it: a sender that holds less has lost something.
    pub echo: Option<ChainHead>,
}

/// A field of a receipt is not that of the message which it should be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the receipt is not about this message")]
pub struct OtherMessage;

/// A signed `delivered` receipt. Parsed does not mean verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivered {
    bytes: [u8; DELIVERED_BYTES],
    recipient_key: KeyId,
    about: SentMessage,
    at: DeliveredAt,
}

impl Delivered {
    /// Signs the receipt with the recipient's identity key. Only after the message is durable.
    #[must_use]
    pub fn sign(key: &SigningKey, about: SentMessage, at: DeliveredAt) -> Self {
        let recipient_key = key.verifying_key().key_id();
        let writer = Writer::<DELIVERED_BYTES>::new()
            .put(&MAGIC)
            .put(about.recipient.as_bytes())
            .put(recipient_key.as_bytes())
            .put(about.sender.as_bytes())
            .put(about.message.as_bytes())
            .put(&about.header_hash)
            .put(&about.content_commitment)
            .put(about.envelope.as_bytes())
            .put(&at.stored_at.0.to_be_bytes())
            .put(&at.registry.size.to_be_bytes())
            .put(&at.registry.root)
            .put(&at.chain.length.to_be_bytes())
            .put(&at.chain.hash)
            .put(&at.echo.map_or(0, |echo| echo.length).to_be_bytes())
            .put(&at.echo.map_or([0; 32], |echo| echo.hash));
        let signature = key.sign(Label::ReceiptDelivered, writer.written());
        Self { bytes: writer.put(signature.as_bytes()).finish(), recipient_key, about, at }
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// [`ReceiptMalformed`]; every byte that must be zero is checked.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        read(bytes).ok_or(ReceiptMalformed)
    }

    /// Checks that `key`, the recipient's identity key in the registry, signed this receipt.
    ///
    /// # Errors
    /// [`BadSignature`], also when the receipt names another key.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify_named(Label::ReceiptDelivered, &self.bytes, self.recipient_key, key)
    }

    /// Checks that the receipt is about this very sealing of this message, in every field that interlocks.
    ///
    /// # Errors
    /// [`OtherMessage`].
    pub fn matches(&self, sent: &SentMessage) -> Result<(), OtherMessage> {
        if self.about == *sent { Ok(()) } else { Err(OtherMessage) }
    }

    /// What it is about.
    #[must_use]
    pub const fn about(&self) -> &SentMessage {
        &self.about
    }

    /// When and on which state of registry and chain.
    #[must_use]
    pub const fn at(&self) -> &DeliveredAt {
        &self.at
    }

    /// The identity key that it says it is signed with.
    #[must_use]
    pub const fn recipient_key(&self) -> KeyId {
        self.recipient_key
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; DELIVERED_BYTES] {
        &self.bytes
    }
}

/// A length of 0 echoes nothing, and then there is no head either.
fn echo(reader: &mut Reader<'_>) -> Option<Option<ChainHead>> {
    match (reader.u64()?, reader.array()?) {
        (0, hash) => is_zero(&hash).then_some(None),
        (length, hash) => Some(Some(ChainHead { length, hash })),
    }
}

fn read(bytes: &[u8]) -> Option<Delivered> {
    let bytes: [u8; DELIVERED_BYTES] = bytes.try_into().ok()?;
    let mut reader = Reader::new(&bytes);
    reader.exactly(&MAGIC)?;
    let recipient = NodeId::from_bytes(reader.array()?);
    let recipient_key = KeyId::from_bytes(reader.array()?);
    let about = SentMessage {
        recipient,
        sender: NodeId::from_bytes(reader.array()?),
        message: MessageId::from_bytes(reader.array()?),
        header_hash: reader.array()?,
        content_commitment: reader.array()?,
        envelope: EnvelopeDigest::from_bytes(reader.array()?),
    };
    let at = DeliveredAt {
        stored_at: Timestamp(reader.u64()?),
        registry: RegistryPoint { size: reader.u64()?, root: reader.array()? },
        chain: ChainHead { length: reader.u64()?, hash: reader.array()? },
        echo: echo(&mut reader)?,
    };
    Some(Delivered { bytes, recipient_key, about, at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn sent() -> SentMessage {
        SentMessage {
            sender: NodeId::from_bytes([1; 32]),
            recipient: NodeId::from_bytes([2; 32]),
            message: MessageId::from_bytes([3; 16]),
            header_hash: [4; 32],
            content_commitment: [5; 32],
            envelope: EnvelopeDigest::from_bytes([6; 32]),
        }
    }

    fn receipt() -> (SigningKey, Delivered) {
        let key = SigningKey::from_seed(Secret::new([9; 32]));
        let at = DeliveredAt {
            stored_at: Timestamp(1_800_000_000),
            registry: RegistryPoint { size: 12, root: [7; 32] },
            chain: ChainHead { length: 3, hash: [8; 32] },
            echo: Some(ChainHead { length: 5, hash: [10; 32] }),
        };
        let receipt = Delivered::sign(&key, sent(), at);
        (key, receipt)
    }

    #[test]
    fn a_receipt_round_trips_and_any_changed_byte_is_refused() {
        let (key, receipt) = receipt();
        let public = key.verifying_key();

        assert!(Delivered::parse(receipt.as_bytes()).is_ok_and(|r| r == receipt && r.verify(&public).is_ok()));
        for at in 0..DELIVERED_BYTES {
            let mut bytes = *receipt.as_bytes();
            bytes[at] ^= 0x10;
            assert!(!Delivered::parse(&bytes).is_ok_and(|r| r.verify(&public).is_ok()), "byte {at}");
        }
    }

    #[test]
    fn a_receipt_matches_its_own_message_and_no_other() {
        let (_, receipt) = receipt();
        let others = [
            SentMessage { sender: NodeId::from_bytes([0; 32]), ..sent() },
            SentMessage { recipient: NodeId::from_bytes([0; 32]), ..sent() },
            SentMessage { message: MessageId::from_bytes([0; 16]), ..sent() },
            SentMessage { header_hash: [0; 32], ..sent() },
            SentMessage { content_commitment: [0; 32], ..sent() },
            SentMessage { envelope: EnvelopeDigest::from_bytes([0; 32]), ..sent() },
        ];

        assert_eq!(receipt.matches(&sent()), Ok(()));
        for other in others {
            assert_eq!(receipt.matches(&other), Err(OtherMessage));
        }
    }
}
