//! Ed25519 over the text of a C2SP signed note: for log and witness keys, which sign notes and nothing else.
//!
//! A note's text holds no control characters but the newline, and every object of ours has a NUL byte after its label:
//! so neither can be taken for the other, even if one key were used for both by mistake.

use super::sign::{BadSignature, KeyRefused, PUBLIC_KEY_BYTES, Signature, SigningKey, VerifyingKey};
use crate::{
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};

/// The text is not that of a signed note: empty, not ended by a newline, or with control characters in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not that of a signed note")]
pub struct NotANote;

/// Whether `text` can be a note's text (C2SP signed-note: UTF-8, ends with a newline, no other control characters).
fn is_note(text: &[u8]) -> bool {
    let plain = |byte: &u8| *byte == b'\n' || (*byte >= 0x20 && *byte != 0x7f);
    core::str::from_utf8(text).is_ok() && text.ends_with(b"\n") && text.iter().all(plain)
}

/// A log's or witness's private key.
pub struct NoteKey(SigningKey);

impl NoteKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(SigningKey::generate(entropy)?))
    }

    /// The key of an RFC 8032 seed.
    #[must_use]
    pub fn from_seed(seed: Secret<32>) -> Self {
        Self(SigningKey::from_seed(seed))
    }

    /// The seed, to be stored sealed.
    #[must_use]
    pub fn seed(&self) -> Secret<32> {
        self.0.seed()
    }

    /// Signs the text of a note, its last newline included.
    ///
    /// # Errors
    /// [`NotANote`] for anything else, above all for an object of ours.
    pub fn sign(&self, text: &[u8]) -> Result<Signature, NotANote> {
        if is_note(text) { Ok(self.0.sign_raw(text)) } else { Err(NotANote) }
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> NoteVerifier {
        NoteVerifier(self.0.verifying_key())
    }
}

/// A log's or witness's public key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoteVerifier(VerifyingKey);

impl NoteVerifier {
    /// The bytes, as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; PUBLIC_KEY_BYTES] {
        self.0.as_bytes()
    }

    /// Checks the signature over a note's text.
    ///
    /// # Errors
    /// [`BadSignature`], also when the text is not that of a note.
    pub fn verify(&self, text: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        if is_note(text) { self.0.verify_raw(text, signature) } else { Err(BadSignature) }
    }
}

impl TryFrom<[u8; PUBLIC_KEY_BYTES]> for NoteVerifier {
    type Error = KeyRefused;

    fn try_from(bytes: [u8; PUBLIC_KEY_BYTES]) -> Result<Self, Self::Error> {
        VerifyingKey::try_from(bytes).map(Self)
    }
}
