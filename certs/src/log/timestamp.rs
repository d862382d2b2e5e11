//! The signed timestamp: "at this time the log had this size and this root" (`docs/PROTOCOL.md` §9), 120 bytes.
//!
//! ```text
//! 0 "SCT1" · 4 zero 4 · 8 size u64 · 16 root 32 · 48 time u64 · 56 signature 64 (label timestamp, over 0..56)
//! ```

use safeconduct_protocol::{
    crypto::sign::{Label, Signature, SigningKey, VerifyingKey},
    time::Timestamp,
};

use crate::layout::Reader;

/// Bytes of a signed timestamp.
pub const TIMESTAMP_BYTES: usize = 120;
const SIGNED_BYTES: usize = 56;
const MAGIC: &[u8; 4] = b"SCT1";

/// The bytes are no timestamp by this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the registry's timestamp is malformed or not signed by the authority")]
pub struct TimestampRefused;

/// A verified statement of the authority's timestamp key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogTime {
    /// Leaves in the log.
    pub size: u64,
    /// Root over them.
    pub root: [u8; 32],
    /// When.
    pub time: Timestamp,
}

impl LogTime {
    /// Reads and verifies a timestamp.
    ///
    /// # Errors
    /// [`TimestampRefused`].
    pub fn open(bytes: &[u8], key: &VerifyingKey) -> Result<Self, TimestampRefused> {
        let (signed, signature) = bytes.split_at_checked(SIGNED_BYTES).ok_or(TimestampRefused)?;
        let signature = Signature::from_bytes(signature.try_into().ok().ok_or(TimestampRefused)?);
        let parsed = Self::parse(signed).ok_or(TimestampRefused)?;
        key.verify(Label::Timestamp, signed, &signature).ok().ok_or(TimestampRefused)?;
        Ok(parsed)
    }

    /// Signs the statement.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(TIMESTAMP_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(&self.root);
        bytes.extend_from_slice(&self.time.0.to_be_bytes());
        let signature = key.sign(Label::Timestamp, &bytes);
        bytes.extend_from_slice(signature.as_bytes());
        bytes
    }

    fn parse(signed: &[u8]) -> Option<Self> {
        let mut fields = Reader::new(signed);
        fields.exactly(MAGIC)?;
        fields.zero(4)?;
        let parsed = Self { size: fields.u64()?, root: fields.array()?, time: Timestamp(fields.u64()?) };
        fields.end()?;
        Some(parsed)
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::secret::Secret;

    use super::*;

    #[test]
    fn a_timestamp_is_120_bytes_and_every_flipped_bit_is_refused() {
        let key = SigningKey::from_seed(Secret::new([5; 32]));
        let said = LogTime { size: 7, root: [9; 32], time: Timestamp(1_795_000_000) };
        let bytes = said.sign(&key);
        assert_eq!(bytes.len(), TIMESTAMP_BYTES);
        assert_eq!(LogTime::open(&bytes, &key.verifying_key()), Ok(said));
        for place in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[place] ^= 0x10;
            assert_eq!(LogTime::open(&bent, &key.verifying_key()), Err(TimestampRefused), "byte {place}");
        }
        assert_eq!(LogTime::open(&bytes[..119], &key.verifying_key()), Err(TimestampRefused));
        assert_eq!(LogTime::open(&[&bytes[..], &[0]].concat(), &key.verifying_key()), Err(TimestampRefused));
    }
}
