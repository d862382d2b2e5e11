//! What a node tells its relay about one envelope: `done` or `nack`, in one common form (`docs/PROTOCOL.md` §8).
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCD1` (done) or `SCN1` (nack) |
//! | 4 | 32 | node id |
//! | 36 | 32 | envelope digest |
//! | 68 | 16 | prekey id; zero for done |
//! | 84 | 1 | reason |
//! | 85 | 3 | zero |
//! | 88 | 8 | epoch; zero for done |
//! | 96 | 64 | signature by the node's identity key, label `done` or `nack`, over 0..96 |

use super::{ReceiptMalformed, verify};
use crate::{
    crypto::sign::{BadSignature, Label, SigningKey, VerifyingKey},
    id::{EnvelopeDigest, NodeId, PrekeyId},
    layout::{Reader, Writer},
};

/// Bytes of a settlement, the same for every outcome.
pub const SETTLEMENT_BYTES: usize = 160;
/// Bytes under the signature.
const SIGNED_BYTES: usize = 96;

const MAGIC_DONE: [u8; 4] = *b"SCD1";
const MAGIC_NACK: [u8; 4] = *b"SCN1";

/// Why a prekey cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum NackReason {
    /// The node never had it, or has lost it.
    Unknown,
    /// It was used for another envelope, and is gone.
    Consumed,
    /// Its time is over, and it is gone.
    Expired,
}

impl NackReason {
    const fn code(self) -> u8 {
        match self {
            Self::Unknown => 1,
            Self::Consumed => 2,
            Self::Expired => 3,
        }
    }
}

/// What is settled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SettleKind {
    /// The node needs the envelope no longer; says nothing about what was in it.
    Done,
    /// The envelope's prekey cannot be used; the sender may seal anew.
    Nack {
        /// The prekey, as the envelope names it.
        prekey: PrekeyId,
        /// Why.
        reason: NackReason,
        /// The node's prekey epoch now.
        epoch: u64,
    },
}

impl SettleKind {
    /// The label that it is signed under.
    #[must_use]
    pub const fn label(self) -> Label {
        match self {
            Self::Done => Label::Done,
            Self::Nack { .. } => Label::Nack,
        }
    }
}

/// A signed `done` or `nack`. Parsed does not mean verified: see [`Self::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct Settlement {
    bytes: [u8; SETTLEMENT_BYTES],
    node: NodeId,
    envelope: EnvelopeDigest,
    kind: SettleKind,
}

impl Settlement {
    /// Signs a settlement by `node`, whose identity key `key` is.
    #[must_use]
    pub fn sign(key: &SigningKey, node: NodeId, envelope: EnvelopeDigest, kind: SettleKind) -> Self {
        let writer = Writer::<SETTLEMENT_BYTES>::new();
        let writer = match kind {
            SettleKind::Done => {
                writer.put(&MAGIC_DONE).put(node.as_bytes()).put(envelope.as_bytes()).zero(16).zero(1).zero(3).zero(8)
            }
            SettleKind::Nack { prekey, reason, epoch } => writer
                .put(&MAGIC_NACK)
                .put(node.as_bytes())
                .put(envelope.as_bytes())
                .put(prekey.as_bytes())
                .put(&[reason.code()])
                .zero(3)
                .put(&epoch.to_be_bytes()),
        };
        let signature = key.sign(kind.label(), writer.written());
        Self { bytes: writer.put(signature.as_bytes()).finish(), node, envelope, kind }
    }

    /// Reads a settlement.
    ///
    /// # Errors
    /// [`ReceiptMalformed`]; every byte that must be zero is checked.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        read(bytes).ok_or(ReceiptMalformed)
    }

    /// Checks the signature against the node's registered identity key.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify(self.kind.label(), &self.bytes, key)
    }

    /// Who settles.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.node
    }

    /// Which envelope.
    #[must_use]
    pub const fn envelope(&self) -> EnvelopeDigest {
        self.envelope
    }

    /// How.
    #[must_use]
    pub const fn kind(&self) -> SettleKind {
        self.kind
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SETTLEMENT_BYTES] {
        &self.bytes
    }
}

fn read(bytes: &[u8]) -> Option<Settlement> {
    let bytes: [u8; SETTLEMENT_BYTES] = bytes.try_into().ok()?;
    let mut reader = Reader::new(&bytes);
    let magic = reader.array::<4>()?;
    let node = NodeId::from_bytes(reader.array()?);
    let envelope = EnvelopeDigest::from_bytes(reader.array()?);
    let kind = match magic {
        MAGIC_DONE => {
            reader.zero(SIGNED_BYTES.checked_sub(68)?)?;
            SettleKind::Done
        }
        MAGIC_NACK => {
            let prekey = PrekeyId::from_bytes(reader.array()?);
            let reason = match reader.u8()? {
                1 => NackReason::Unknown,
                2 => NackReason::Consumed,
                3 => NackReason::Expired,
                _ => return None,
            };
            reader.zero(3)?;
            SettleKind::Nack { prekey, reason, epoch: reader.u64()? }
        }
        _ => return None,
    };
    Some(Settlement { bytes, node, envelope, kind })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn key() -> SigningKey {
        SigningKey::from_seed(Secret::new([1; 32]))
    }

    fn both() -> [Settlement; 2] {
        let node = NodeId::from_bytes([2; 32]);
        let envelope = EnvelopeDigest::from_bytes([3; 32]);
        let nack = SettleKind::Nack { prekey: PrekeyId::from_bytes([4; 16]), reason: NackReason::Consumed, epoch: 5 };
        [Settlement::sign(&key(), node, envelope, SettleKind::Done), Settlement::sign(&key(), node, envelope, nack)]
    }

    #[test]
    fn done_and_nack_round_trip_verify_and_have_one_length() {
        for settlement in both() {
            let read = Settlement::parse(settlement.as_bytes()).unwrap();

            assert!(read == settlement);
            assert_eq!(read.as_bytes().len(), SETTLEMENT_BYTES);
            assert_eq!(read.verify(&key().verifying_key()), Ok(()));
        }
    }

    #[test]
    fn any_changed_byte_is_malformed_or_does_not_verify() {
        for settlement in both() {
            for at in 0..SETTLEMENT_BYTES {
                let mut bytes = *settlement.as_bytes();
                bytes[at] ^= 1;
                let holds = Settlement::parse(&bytes).is_ok_and(|s| s.verify(&key().verifying_key()).is_ok());
                assert!(!holds, "byte {at}");
            }
        }
    }

    #[test]
    fn a_nack_relabelled_done_does_not_verify() {
        let [_, nack] = both();
        let mut bytes = *nack.as_bytes();
        bytes[..4].copy_from_slice(b"SCD1");
        bytes[68..96].fill(0);

        let done = Settlement::parse(&bytes).unwrap();

        assert_eq!(done.verify(&key().verifying_key()), Err(BadSignature));
    }

    #[test]
    fn a_settlement_that_is_read_says_what_was_signed() {
        let (node, envelope) = (NodeId::from_bytes([2; 32]), EnvelopeDigest::from_bytes([3; 32]));
        let prekey = PrekeyId::from_bytes([4; 16]);
        let nack = |reason| SettleKind::Nack { prekey, reason, epoch: 0x0102_0304_0506_0708 };
        let reasons = [(NackReason::Unknown, 1), (NackReason::Consumed, 2), (NackReason::Expired, 3)];
        let kinds = reasons.map(|(reason, code)| (nack(reason), Label::Nack, code));

        for (kind, label, code) in [(SettleKind::Done, Label::Done, 0)].into_iter().chain(kinds) {
            let read = Settlement::parse(Settlement::sign(&key(), node, envelope, kind).as_bytes()).unwrap();

            assert_eq!((read.node(), read.envelope(), read.kind(), read.kind().label()), (node, envelope, kind, label));
            assert_eq!(read.as_bytes()[84], code, "{kind:?}");
        }
        for code in [0, 4] {
            let mut other = *Settlement::sign(&key(), node, envelope, nack(NackReason::Expired)).as_bytes();
            other[84] = code;
            assert!(Settlement::parse(&other).is_err(), "{code} is no reason");
        }
    }
}
