//! The node head: what a node's evidence and policy are at one moment, signed, and kept by its home relay, so that the node
//! notices when its vault has gone back or is in use twice (`docs/PROTOCOL.md` §8).
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCH1` |
//! | 4 | 32 | node id |
//! | 36 | 32 | identity key id |
//! | 68 | 8 | epoch |
//! | 76 | 8 | counter |
//! | 84 | 4 | day, days since 1970 |
//! | 88 | 4 | zero |
//! | 92 | 32 | `H("node-head", salt 32 || state 32)` |
//! | 124 | 64 | signature by the node's identity key, label `evidence-head`, over 0..124 |
//!
//! The counter rises by one with each head that is signed, at the beginning of a session and at fixed times, and never with
//! use; the salt is random each time and stays in the vault. So two heads say nothing of what happened between them.

use super::{ReceiptMalformed, verify_named};
use crate::{
    crypto::{
        hash::{HashLabel, hash},
        sign::{BadSignature, Label, SIGNATURE_BYTES, SigningKey, VerifyingKey},
    },
    id::{KeyId, NodeId},
    layout::{Reader, Writer},
    time::Day,
};

/// Bytes of a node head.
pub const NODE_HEAD_BYTES: usize = 188;
/// Bytes under the signature.
const SIGNED_BYTES: usize = 124;
const _: () = assert!(NODE_HEAD_BYTES - SIGNATURE_BYTES == SIGNED_BYTES);

const MAGIC: [u8; 4] = *b"SCH1";

/// Which of a node's heads it is. Ordered: a higher epoch is newer, then a higher counter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HeadPlace {
    /// The node's epoch.
    pub epoch: u64,
    /// Heads signed so far.
    pub counter: u64,
}

/// A signed node head. Parsed does not mean verified: see [`Self::verify`].
#[derive(Clone, PartialEq, Eq)]
pub struct NodeHead {
    bytes: [u8; NODE_HEAD_BYTES],
    node: NodeId,
    key: KeyId,
    place: HeadPlace,
    day: Day,
    commitment: [u8; 32],
}

/// What a head commits to: the salt keeps a reader from seeing whether `state` has changed between two heads.
#[must_use]
pub fn state_commitment(salt: &[u8; 32], state: &[u8; 32]) -> [u8; 32] {
    hash(HashLabel::NodeHead, &[salt, state])
}

impl NodeHead {
    /// Signs a head of `node`, whose identity key `key` is.
    #[must_use]
    pub fn sign(key: &SigningKey, node: NodeId, place: HeadPlace, day: Day, commitment: [u8; 32]) -> Self {
        let key_id = key.verifying_key().key_id();
        let writer = Writer::<NODE_HEAD_BYTES>::new()
            .put(&MAGIC)
            .put(node.as_bytes())
            .put(key_id.as_bytes())
            .put(&place.epoch.to_be_bytes())
            .put(&place.counter.to_be_bytes())
            .put(&day.0.to_be_bytes())
            .zero(4)
            .put(&commitment);
        let signature = key.sign(Label::EvidenceHead, writer.written());
        Self { bytes: writer.put(signature.as_bytes()).finish(), node, key: key_id, place, day, commitment }
    }

    /// Reads a head.
    ///
    /// # Errors
    /// [`ReceiptMalformed`]; every byte that must be zero is checked.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        read(bytes).ok_or(ReceiptMalformed)
    }

    /// Checks that `key`, the node's identity key, signed it.
    ///
    /// # Errors
    /// [`BadSignature`], also when the head names another key.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify_named(Label::EvidenceHead, &self.bytes, self.key, key)
    }

    /// Whose it is.
    #[must_use]
    pub const fn node(&self) -> NodeId {
        self.node
    }

    /// The identity key that it says it is signed with.
    #[must_use]
    pub const fn key(&self) -> KeyId {
        self.key
    }

    /// Which of the node's heads.
    #[must_use]
    pub const fn place(&self) -> HeadPlace {
        self.place
    }

    /// On which day it was signed, by the node's clock.
    #[must_use]
    pub const fn day(&self) -> Day {
        self.day
    }

    /// What it commits to: [`state_commitment`].
    #[must_use]
    pub const fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; NODE_HEAD_BYTES] {
        &self.bytes
    }
}

fn read(bytes: &[u8]) -> Option<NodeHead> {
    let bytes: [u8; NODE_HEAD_BYTES] = bytes.try_into().ok()?;
    let mut reader = Reader::new(&bytes);
    reader.exactly(&MAGIC)?;
    let node = NodeId::from_bytes(reader.array()?);
    let key = KeyId::from_bytes(reader.array()?);
    let place = HeadPlace { epoch: reader.u64()?, counter: reader.u64()? };
    let day = Day(reader.u32()?);
    reader.zero(4)?;
    let commitment = reader.array()?;
    Some(NodeHead { bytes, node, key, place, day, commitment })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn head(epoch: u64, counter: u64) -> (SigningKey, NodeHead) {
        let key = SigningKey::from_seed(Secret::new([9; 32]));
        let commitment = state_commitment(&[1; 32], &[2; 32]);
        let head =
            NodeHead::sign(&key, NodeId::from_bytes([3; 32]), HeadPlace { epoch, counter }, Day(20_833), commitment);
        (key, head)
    }

    #[test]
    fn a_head_round_trips_and_any_changed_byte_is_refused() {
        let (key, head) = head(2, 7);
        let public = key.verifying_key();

        assert!(NodeHead::parse(head.as_bytes()).is_ok_and(|read| read == head && read.verify(&public).is_ok()));
        for at in 0..NODE_HEAD_BYTES {
            let mut bytes = *head.as_bytes();
            bytes[at] ^= 0x10;
            assert!(!NodeHead::parse(&bytes).is_ok_and(|read| read.verify(&public).is_ok()), "byte {at}");
        }
        assert!(NodeHead::parse(&head.as_bytes()[1..]).is_err());
    }

    #[test]
    fn a_head_that_is_read_says_what_was_signed() {
        let (key, head) = head(2, 7);
        let read = NodeHead::parse(head.as_bytes()).unwrap();

        assert_eq!((read.node(), read.key()), (NodeId::from_bytes([3; 32]), key.verifying_key().key_id()));
        assert_eq!((read.place(), read.day()), (HeadPlace { epoch: 2, counter: 7 }, Day(20_833)));
        assert_eq!(read.commitment(), &state_commitment(&[1; 32], &[2; 32]));
        let other = SigningKey::from_seed(Secret::new([8; 32]));
        assert_eq!(read.verify(&other.verifying_key()), Err(BadSignature));
    }

    #[test]
    fn a_higher_epoch_is_newer_whatever_the_counter() {
        assert!(head(2, 1).1.place() > head(1, 900).1.place());
        assert!(head(2, 2).1.place() > head(2, 1).1.place());
    }

    #[test]
    fn the_same_state_under_another_salt_is_another_commitment() {
        assert_ne!(state_commitment(&[1; 32], &[2; 32]), state_commitment(&[3; 32], &[2; 32]));
        assert_ne!(state_commitment(&[1; 32], &[2; 32]), state_commitment(&[1; 32], &[4; 32]));
    }
}
