//! The restore notice: a node tells a partner that its vault was restored, and how much of their dealings it still has
//! (`docs/PROTOCOL.md` §8). It travels as the body of a control word of kind 1.
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCB1` |
//! | 4 | 32 | node id |
//! | 36 | 32 | identity key id |
//! | 68 | 32 | partner's node id |
//! | 100 | 8 | epoch, from the restore on |
//! | 108 | 8 | restored at, Unix seconds |
//! | 116 | 8 | copy of, Unix seconds: the last moment of which the vault knows |
//! | 124 | 8 | pair chain length with this partner |
//! | 132 | 32 | its head |
//! | 164 | 64 | signature by the node's identity key, label `restore-notice`, over 0..164 |

use super::{ReceiptMalformed, chain::ChainHead, verify_named};
use crate::{
    crypto::sign::{BadSignature, Label, SigningKey, VerifyingKey},
    id::{KeyId, NodeId},
    layout::{Reader, Writer},
    time::Timestamp,
};

/// Bytes of a restore notice.
pub const RESTORE_NOTICE_BYTES: usize = 228;

const MAGIC: [u8; 4] = *b"SCB1";

/// What a restored node tells one partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Restored {
    /// Whose vault was restored.
    pub node: NodeId,
    /// To whom it is told.
    pub partner: NodeId,
    /// The node's epoch from here on: above every earlier one.
    pub epoch: u64,
    /// When, by the node's clock.
    pub restored_at: Timestamp,
    /// What the vault knows ends here, by the same clock.
    pub copy_of: Timestamp,
    /// The node's pair chain with the partner, as restored.
    pub chain: ChainHead,
}

/// A signed restore notice. Parsed does not mean verified.
#[derive(Clone, PartialEq, Eq)]
pub struct RestoreNotice {
    bytes: [u8; RESTORE_NOTICE_BYTES],
    key: KeyId,
    says: Restored,
}

impl RestoreNotice {
    /// Signs the notice with the node's identity key.
    #[must_use]
    pub fn sign(key: &SigningKey, says: Restored) -> Self {
        let key_id = key.verifying_key().key_id();
        let writer = Writer::<RESTORE_NOTICE_BYTES>::new()
            .put(&MAGIC)
            .put(says.node.as_bytes())
            .put(key_id.as_bytes())
            .put(says.partner.as_bytes())
            .put(&says.epoch.to_be_bytes())
            .put(&says.restored_at.0.to_be_bytes())
            .put(&says.copy_of.0.to_be_bytes())
            .put(&says.chain.length.to_be_bytes())
            .put(&says.chain.hash);
        let signature = key.sign(Label::RestoreNotice, writer.written());
        Self { bytes: writer.put(signature.as_bytes()).finish(), key: key_id, says }
    }

    /// Reads a notice.
    ///
    /// # Errors
    /// [`ReceiptMalformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptMalformed> {
        read(bytes).ok_or(ReceiptMalformed)
    }

    /// Checks that `key`, the node's identity key in the registry, signed it.
    ///
    /// # Errors
    /// [`BadSignature`], also when the notice names another key.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), BadSignature> {
        verify_named(Label::RestoreNotice, &self.bytes, self.key, key)
    }

    /// What it says.
    #[must_use]
    pub const fn says(&self) -> &Restored {
        &self.says
    }

    /// The bytes, as signed and as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; RESTORE_NOTICE_BYTES] {
        &self.bytes
    }
}

fn read(bytes: &[u8]) -> Option<RestoreNotice> {
    let bytes: [u8; RESTORE_NOTICE_BYTES] = bytes.try_into().ok()?;
    let mut reader = Reader::new(&bytes);
    reader.exactly(&MAGIC)?;
    let node = NodeId::from_bytes(reader.array()?);
    let key = KeyId::from_bytes(reader.array()?);
    let says = Restored {
        node,
        partner: NodeId::from_bytes(reader.array()?),
        epoch: reader.u64()?,
        restored_at: Timestamp(reader.u64()?),
        copy_of: Timestamp(reader.u64()?),
        chain: ChainHead { length: reader.u64()?, hash: reader.array()? },
    };
    Some(RestoreNotice { bytes, key, says })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn a_notice_round_trips_and_any_changed_byte_is_refused() {
        let key = SigningKey::from_seed(Secret::new([9; 32]));
        let says = Restored {
            node: NodeId::from_bytes([1; 32]),
            partner: NodeId::from_bytes([2; 32]),
            epoch: 3,
            restored_at: Timestamp(1_800_000_000),
            copy_of: Timestamp(1_799_900_000),
            chain: ChainHead { length: 9, hash: [4; 32] },
        };
        let notice = RestoreNotice::sign(&key, says);
        let public = key.verifying_key();

        assert!(RestoreNotice::parse(notice.as_bytes()).is_ok_and(|read| read == notice && *read.says() == says));
        for at in 0..RESTORE_NOTICE_BYTES {
            let mut bytes = *notice.as_bytes();
            bytes[at] ^= 0x10;
            assert!(!RestoreNotice::parse(&bytes).is_ok_and(|read| read.verify(&public).is_ok()), "byte {at}");
        }
        assert!(notice.verify(&public).is_ok() && RestoreNotice::parse(b"").is_err());
    }
}
