//! A sealed envelope: all that the relay sees (`docs/PROTOCOL.md` §7).
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCE1` |
//! | 4 | 2 | suite |
//! | 6 | 2 | zero |
//! | 8 | 16 | mailbox id or slot id |
//! | 24 | 16 | prekey id or reply key id |
//! | 40 | 16 | status slot |
//! | 56 | 4 | expiry, days since 1970 |
//! | 60 | 4 | zero |
//! | 64 | 1120 | enc |
//! | 1184 | n | ciphertext and tag |

use crate::{
    crypto::{
        hash::{HashLabel, hash},
        kem::{ENC_BYTES, enc_is_low_order},
    },
    id::{EnvelopeDigest, MailboxId, PrekeyId, SlotId},
    layout::{Reader, Writer, field},
    limits::{ENVELOPE_CLASSES_BYTES, SUITE_1},
    time::Day,
};

/// Bytes of the outer header: the AAD.
pub const OUTER_BYTES: usize = 64;
/// Where the ciphertext starts.
pub const CIPHERTEXT_AT: usize = OUTER_BYTES + ENC_BYTES;

const MAGIC: [u8; 4] = *b"SCE1";

/// The public fields of an envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outer {
    /// A mailbox id, or a reply slot id: the same length, so that neither says which it is.
    pub address: [u8; 16],
    /// A prekey id, or a reply key id.
    pub prekey: PrekeyId,
    /// Where a `nack` or a notice of expiry goes.
    pub status_slot: SlotId,
    /// The last day on which the relay keeps it.
    pub expiry: Day,
}

impl Outer {
    /// The 64 bytes, as they travel.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; OUTER_BYTES] {
        Writer::<OUTER_BYTES>::new()
            .put(&MAGIC)
            .put(&SUITE_1.to_be_bytes())
            .zero(2)
            .put(&self.address)
            .put(self.prekey.as_bytes())
            .put(self.status_slot.as_bytes())
            .put(&self.expiry.0.to_be_bytes())
            .zero(4)
            .finish()
    }
}

/// Why bytes are no envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeMalformed {
    /// Not exactly one of the three sizes.
    #[error("the envelope is not of a known size")]
    Class,
    /// Does not start with `SCE1`.
    #[error("the bytes are no envelope")]
    Magic,
    /// A suite that this version does not know.
    #[error("the envelope's suite is not known")]
    Suite,
    /// A byte that must be zero is not.
    #[error("a reserved byte of the envelope is not zero")]
    Reserved,
    /// The X25519 half of the encapsulated key has low order.
    #[error("the envelope's encapsulated key has low order")]
    LowOrder,
    /// Addressed to another mailbox or slot; only the recipient can tell.
    #[error("the envelope is addressed elsewhere")]
    Elsewhere,
    /// A suite below the registry's minimum; only the recipient asks.
    #[error("the envelope's suite is below what the registry asks for")]
    SuiteTooOld,
}

impl EnvelopeMalformed {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Class | Self::Magic | Self::Reserved | Self::LowOrder => {
                "nothing was lost by refusing it; if it repeats, tell the relay's operator"
            }
            Self::Suite => "update this software",
            Self::Elsewhere => "nothing to do here; if it repeats, tell the relay's operator",
            Self::SuiteTooOld => "ask the sender to update its software",
        }
    }
}

/// An envelope of a known class, suite and layout, whose encapsulated key is not of low order.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    bytes: Vec<u8>,
    outer: Outer,
    digest: EnvelopeDigest,
}

impl Sealed {
    /// The mailbox that it is addressed to, when it is not for a slot: the outside does not tell.
    #[must_use]
    pub const fn mailbox(&self) -> MailboxId {
        MailboxId::from_bytes(self.outer.address)
    }

    /// The same 16 bytes as a reply slot.
    #[must_use]
    pub const fn slot(&self) -> SlotId {
        SlotId::from_bytes(self.outer.address)
    }

    /// The prekey or reply key that it is sealed to.
    #[must_use]
    pub const fn prekey(&self) -> PrekeyId {
        self.outer.prekey
    }

    /// The last day on which the relay keeps it.
    #[must_use]
    pub const fn expiry(&self) -> Day {
        self.outer.expiry
    }

    /// All public fields.
    #[must_use]
    pub const fn outer(&self) -> &Outer {
        &self.outer
    }

    /// `H("envelope", all bytes)`.
    #[must_use]
    pub const fn digest(&self) -> EnvelopeDigest {
        self.digest
    }

    /// Its size in bytes: one of three.
    #[must_use]
    pub const fn class_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The bytes, as they travel and are stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, taken over.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Outer header, encapsulated key, ciphertext with tag.
    pub(crate) fn parts(&self) -> Option<(&[u8; OUTER_BYTES], &[u8; ENC_BYTES], &[u8])> {
        let (outer, rest) = self.bytes.split_first_chunk::<OUTER_BYTES>()?;
        let (enc, ciphertext) = rest.split_first_chunk::<ENC_BYTES>()?;
        Some((outer, enc, ciphertext))
    }
}

impl TryFrom<Vec<u8>> for Sealed {
    type Error = EnvelopeMalformed;

    fn try_from(bytes: Vec<u8>) -> Result<Self, Self::Error> {
        let outer = parse(&bytes)?;
        let digest = envelope_digest(&bytes);
        Ok(Self { bytes, outer, digest })
    }
}

/// `H("envelope", all bytes)`, also of bytes that are no envelope: they are settled by it all the same.
#[must_use]
pub fn envelope_digest(bytes: &[u8]) -> EnvelopeDigest {
    EnvelopeDigest::from_bytes(hash(HashLabel::Envelope, &[bytes]))
}

/// Reads and checks the public fields.
fn parse(bytes: &[u8]) -> Result<Outer, EnvelopeMalformed> {
    use EnvelopeMalformed as Malformed;

    if !ENVELOPE_CLASSES_BYTES.contains(&bytes.len()) {
        return Err(Malformed::Class);
    }
    let mut reader = Reader::new(bytes);
    reader.exactly(&MAGIC).ok_or(Malformed::Magic)?;
    if reader.u16() != Some(SUITE_1) {
        return Err(Malformed::Suite);
    }
    reader.zero(2).ok_or(Malformed::Reserved)?;
    let outer = Outer {
        address: reader.array().ok_or(Malformed::Class)?,
        prekey: reader.array().map(PrekeyId::from_bytes).ok_or(Malformed::Class)?,
        status_slot: reader.array().map(SlotId::from_bytes).ok_or(Malformed::Class)?,
        expiry: reader.u32().map(Day).ok_or(Malformed::Class)?,
    };
    reader.zero(4).ok_or(Malformed::Reserved)?;
    if enc_is_low_order(&field(bytes, OUTER_BYTES).ok_or(Malformed::Class)?) {
        return Err(Malformed::LowOrder);
    }
    Ok(outer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outer() -> Outer {
        Outer {
            address: [1; 16],
            prekey: PrekeyId::from_bytes([2; 16]),
            status_slot: SlotId::from_bytes([3; 16]),
            expiry: Day(20_833),
        }
    }

    /// An envelope of this size with a sound outside and nothing in it.
    fn of_size(bytes: usize) -> Vec<u8> {
        let mut envelope = outer().to_bytes().to_vec();
        envelope.resize(bytes, 9);
        envelope
    }

    #[test]
    fn every_class_is_taken_and_every_neighbour_refused() {
        for class in ENVELOPE_CLASSES_BYTES {
            assert!(Sealed::try_from(of_size(class)).is_ok_and(|sealed| sealed.class_bytes() == class));
            for neighbour in [class - 1, class + 1] {
                assert_eq!(Sealed::try_from(of_size(neighbour)).err(), Some(EnvelopeMalformed::Class));
            }
        }
        assert_eq!(Sealed::try_from(Vec::new()).err(), Some(EnvelopeMalformed::Class));
    }

    #[test]
    fn public_fields_read_back_and_the_bytes_stay_as_they_came() {
        let bytes = of_size(ENVELOPE_CLASSES_BYTES[0]);

        let sealed = Sealed::try_from(bytes.clone()).unwrap();

        assert_eq!(sealed.outer(), &outer());
        assert_eq!(sealed.digest(), envelope_digest(&bytes));
        assert_eq!((sealed.mailbox().as_bytes(), sealed.slot().as_bytes()), (&[1; 16], &[1; 16]));
        assert_eq!(sealed.into_bytes(), bytes);
    }
}
