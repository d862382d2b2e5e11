//! What a relay signs: that it took durable charge of an envelope, and that one was not collected in time
//! (`docs/PROTOCOL.md` §8). Neither says anything about content or recipient.

use super::{ReceiptMalformed, verify};
use crate::{
    crypto::sign::{BadSignature, Label, SigningKey, VerifyingKey},
    id::{EnvelopeDigest, RelayId},
    layout::{Reader, Writer},
    time::{Day, Timestamp},
};

/// Bytes of a `relay-accepted` receipt.
pub const RELAY_ACCEPTED_BYTES: usize = 120;
/// Bytes of a `relay-expired` notice.
pub const RELAY_EXPIRED_BYTES: usize = 112;

const MAGIC_ACCEPTED: [u8; 4] = *b"SCA1";
const MAGIC_EXPIRED: [u8; 4] = *b"SCX1";

/// `relay-accepted`: magic `SCA1` 4 || relay id 4 || envelope digest 32 || size u32 || accepted_at 8 || expiry day u32
/// || signature 64 by the relay's identity key over the 56 bytes before. Parsed does not mean verified.
#[derive(Clone, PartialEq, Eq)]
pub struct RelayAccepted {
    bytes: [u8; RELAY_ACCEPTED_BYTES],
    relay: RelayId,
    envelope: EnvelopeDigest,
    size_bytes: u32,
    accepted_at: Timestamp,
    expiry: Day,
}

impl RelayAccepted {
    /// Signs that `relay` stored the envelope durably.
    #[must_use]
    pub fn sign(
        key: &SigningKey,
        relay: RelayId,
        envelope: EnvelopeDigest,
        size_bytes: u32,
        accepted_at: Timestamp,
        expiry: Day,
    ) -> Self {
        let writer = Writer::<RELAY_ACCEPTED_BYTES>::new()
            .put(&MAGIC_ACCEPTED)
            .put(&relay.0.to_be_bytes())
            .put(envelope.as_bytes())
            .put(&size_bytes.to_be_bytes())
            .put(&accepted_at.0.to_be_bytes())
            .put(&expiry.0.to_be_bytes());
        let signature = key.sign(Label::RelayAccepted, writer.written());
        let bytes = writer.put(signature.as_bytes()).finish();
        Self { bytes, relay, envelope, size_bytes, accepted_at, expiry }
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// [`ReceiptMalformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        let read = || {
            let bytes: [u8; RELAY_ACCEPTED_BYTES] = bytes.try_into().ok()?;
            let mut reader = Reader::new(&bytes);
            reader.exactly(&MAGIC_ACCEPTED)?;
            Some(Self {
                bytes,
                relay: RelayId(reader.u32()?),
                envelope: EnvelopeDigest::from_bytes(reader.array()?),
                size_bytes: reader.u32()?,
                accepted_at: Timestamp(reader.u64()?),
                expiry: Day(reader.u32()?),
            })
        };
        read().ok_or(ReceiptMalformed)
    }

    /// Checks the signature against the relay's registered receipt key.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify(Label::RelayAccepted, &self.bytes, key)
    }

    /// Which relay says so.
    #[must_use]
    pub const fn relay(&self) -> RelayId {
        self.relay
    }

    /// Of which envelope.
    #[must_use]
    pub const fn envelope(&self) -> EnvelopeDigest {
        self.envelope
    }

    /// The envelope's size.
    #[must_use]
    pub const fn size_bytes(&self) -> u32 {
        self.size_bytes
    }

    /// When, by the relay's clock.
    #[must_use]
    pub const fn accepted_at(&self) -> Timestamp {
        self.accepted_at
    }

    /// The last day on which the relay keeps it.
    #[must_use]
    pub const fn expiry(&self) -> Day {
        self.expiry
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; RELAY_ACCEPTED_BYTES] {
        &self.bytes
    }
}

/// `relay-expired`: magic `SCX1` 4 || relay id 4 || envelope digest 32 || expired_at 8 || signature 64 by the relay's
/// identity key over the 48 bytes before. Parsed does not mean verified.
#[derive(Clone, PartialEq, Eq)]
pub struct RelayExpired {
    bytes: [u8; RELAY_EXPIRED_BYTES],
    relay: RelayId,
    envelope: EnvelopeDigest,
    expired_at: Timestamp,
}

impl RelayExpired {
    /// Signs that `relay` let the envelope go uncollected.
    #[must_use]
    pub fn sign(key: &SigningKey, relay: RelayId, envelope: EnvelopeDigest, expired_at: Timestamp) -> Self {
        let writer = Writer::<RELAY_EXPIRED_BYTES>::new()
            .put(&MAGIC_EXPIRED)
            .put(&relay.0.to_be_bytes())
            .put(envelope.as_bytes())
            .put(&expired_at.0.to_be_bytes());
        let signature = key.sign(Label::RelayExpired, writer.written());
        Self { bytes: writer.put(signature.as_bytes()).finish(), relay, envelope, expired_at }
    }

    /// Reads a notice.
    ///
    /// # Errors
    /// [`ReceiptMalformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        let read = || {
            let bytes: [u8; RELAY_EXPIRED_BYTES] = bytes.try_into().ok()?;
            let mut reader = Reader::new(&bytes);
            reader.exactly(&MAGIC_EXPIRED)?;
            Some(Self {
                bytes,
                relay: RelayId(reader.u32()?),
                envelope: EnvelopeDigest::from_bytes(reader.array()?),
                expired_at: Timestamp(reader.u64()?),
            })
        };
        read().ok_or(ReceiptMalformed)
    }

    /// Checks the signature against the relay's registered receipt key.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify(Label::RelayExpired, &self.bytes, key)
    }

    /// Which relay says so.
    #[must_use]
    pub const fn relay(&self) -> RelayId {
        self.relay
    }

    /// Of which envelope.
    #[must_use]
    pub const fn envelope(&self) -> EnvelopeDigest {
        self.envelope
    }

    /// When, by the relay's clock.
    #[must_use]
    pub const fn expired_at(&self) -> Timestamp {
        self.expired_at
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; RELAY_EXPIRED_BYTES] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn key() -> SigningKey {
        SigningKey::from_seed(Secret::new([1; 32]))
    }

    #[test]
    fn relay_receipts_round_trip_and_any_changed_byte_is_refused() {
        let digest = EnvelopeDigest::from_bytes([9; 32]);
        let accepted = RelayAccepted::sign(&key(), RelayId(1), digest, 16_384, Timestamp(1_800_000_000), Day(20_850));
        let expired = RelayExpired::sign(&key(), RelayId(1), digest, Timestamp(1_800_000_000));
        let public = key().verifying_key();

        assert!(RelayAccepted::parse(accepted.as_bytes()).is_ok_and(|r| r == accepted && r.verify(&public).is_ok()));
        assert!(RelayExpired::parse(expired.as_bytes()).is_ok_and(|r| r == expired && r.verify(&public).is_ok()));
        for at in 0..RELAY_ACCEPTED_BYTES {
            let mut bytes = *accepted.as_bytes();
            bytes[at] ^= 0x80;
            assert!(!RelayAccepted::parse(&bytes).is_ok_and(|r| r.verify(&public).is_ok()), "byte {at}");
        }
        for at in 0..RELAY_EXPIRED_BYTES {
            let mut bytes = *expired.as_bytes();
            bytes[at] ^= 0x80;
            assert!(!RelayExpired::parse(&bytes).is_ok_and(|r| r.verify(&public).is_ok()), "byte {at}");
        }
    }
}
