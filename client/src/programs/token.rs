//! The secret with which a program is admitted: 32 random bytes, written as text. The vault has only its SHA-256.

use safeconduct_protocol::{
    crypto::hash::sha256,
    entropy::{Entropy, NoEntropy, random},
    secret::Secret,
};
use zeroize::Zeroizing;

/// What a token's text begins with, so that it is known for one wherever it is found.
const PREFIX: &str = "sct1-";
/// Bytes of a token.
const TOKEN_BYTES: usize = 32;

/// A token. No `Debug`: it is a secret.
pub struct Token(Secret<TOKEN_BYTES>);

impl Token {
    /// Makes one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn make(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(Secret::new(random(entropy)?)))
    }

    /// Its text: a prefix and 64 hex digits.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        // Room for all of it at once: a string that grows leaves its beginning behind.
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + 2 * TOKEN_BYTES));
        text.push_str(PREFIX);
        for byte in self.0.reveal() {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(half), 16).unwrap_or_default());
            }
        }
        text
    }

    /// Reads what [`Self::text`] writes.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == 2 * TOKEN_BYTES)?;
        let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            let half = |digit: u8| char::from(digit).to_digit(16).and_then(|half| u8::try_from(half).ok());
            let (high, low) = (half(*pair.first()?)?, half(*pair.get(1)?)?);
            *byte = (high << 4) | low;
        }
        Some(Self(Secret::new(*bytes)))
    }

    /// What the vault keeps of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        sha256(&[self.0.reveal()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn a_token_is_read_as_it_was_written_and_nothing_else_is() {
        let token = Token::make(&mut Seeded::new(7)).unwrap();
        let text = token.text();
        assert_eq!(text.len(), 69);
        assert_eq!(Token::read(&text).unwrap().hash(), token.hash());
        for wrong in ["", "sct1-", &text[1..], &text[..68], &format!("{}g", &text[..68]), &format!("{}é", &text[..67])]
        {
            assert!(Token::read(wrong).is_none(), "{wrong}");
        }
    }
}
