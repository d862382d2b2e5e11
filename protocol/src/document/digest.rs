//! What the sender of a document vouches for: a hash of the document with a salt of its own, so that nobody who guesses the document
//! can tell whether it was this one.

use sha2::{Digest as _, Sha256};

use crate::crypto::hash::HashLabel;

/// `H("document", salt || u64 length || document)`, taken in piece by piece.
#[derive(Clone)]
pub struct SaltedDigest {
    state: Sha256,
    left: u64,
}

/// Other bytes came than were announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document is not as long as was said")]
pub struct OtherLength;

impl SaltedDigest {
    /// Of a document of `length` bytes.
    #[must_use]
    pub fn new(salt: &[u8; 32], length: u64) -> Self {
        let mut state = Sha256::new();
        state.update(HashLabel::Document.as_str().as_bytes());
        state.update([0]);
        state.update(salt);
        state.update(length.to_be_bytes());
        Self { state, left: length }
    }

    /// Takes the next bytes of it.
    ///
    /// # Errors
    /// [`OtherLength`] for more than were announced.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), OtherLength> {
        let length = u64::try_from(bytes.len()).map_err(|_long| OtherLength)?;
        self.left = self.left.checked_sub(length).ok_or(OtherLength)?;
        self.state.update(bytes);
        Ok(())
    }

    /// The hash of the whole.
    ///
    /// # Errors
    /// [`OtherLength`] when bytes are missing.
    pub fn finish(self) -> Result<[u8; 32], OtherLength> {
        if self.left == 0 { Ok(self.state.finalize().into()) } else { Err(OtherLength) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::hash::hash;

    #[test]
    fn pieces_make_the_hash_of_the_whole() {
        let document = b"a letter of three pages";
        let length = document.len() as u64;
        let whole = hash(HashLabel::Document, &[&[7; 32], &length.to_be_bytes(), document]);
        let mut digest = SaltedDigest::new(&[7; 32], length);
        for piece in document.chunks(5) {
            digest.take(piece).unwrap();
        }
        assert_eq!(digest.clone().finish(), Ok(whole));
        assert_eq!(digest.take(b"x"), Err(OtherLength));
        assert_eq!(SaltedDigest::new(&[7; 32], 1).finish(), Err(OtherLength));
    }
}
