//! The succession key as it is kept on paper: 55 characters that a person types once in years, when everything else is lost.
//! They say nothing of whose they are; the registry knows, which names the public half.
//!
//! ```text
//! version 5 bits (2) · seed 256 · zero 4 · check 10 = 275 bits = eleven groups of five characters
//! ```

use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        sign::{SigningKey, VerifyingKey},
    },
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};
use zeroize::Zeroizing;

use crate::crockford::{self, fives};

/// Characters on the paper.
pub const PAPER_CHARACTERS: usize = 55;
const VERSION: u8 = 2;
/// Characters of the seed, four zero bits included.
const SEED_CHARACTERS: usize = 52;
/// Characters that the check is over.
const CHECKED_CHARACTERS: usize = 53;

/// Why what was typed is no succession key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaperRefused {
    /// A character that no paper has.
    #[error("character {place} of the succession key is none of 0-9 and A-Z without I, L, O, U")]
    NotACharacter {
        /// Its place, from 1, spaces and hyphens not counted.
        place: usize,
    },
    /// Too few or too many characters.
    #[error("the succession key has {got} characters and not {PAPER_CHARACTERS}")]
    Length {
        /// How many, spaces and hyphens not counted.
        got: usize,
    },
    /// Some character is not the one on the paper.
    #[error("the succession key is mistyped: its check does not fit")]
    Mistyped,
    /// Of another version, or an invitation code.
    #[error("this is no succession key of a version that this program knows")]
    Version,
}

impl PaperRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotACharacter { .. } => "look at that character again; there is no letter I, L, O or U on the paper",
            Self::Length { .. } => "compare with the paper: eleven groups of five characters",
            Self::Mistyped => "compare each group with the paper",
            Self::Version => "check that it is the paper with the succession key; update this program",
        }
    }
}

/// A succession key in its secret half.
pub struct PaperKey(Secret<32>);

impl PaperKey {
    /// A new one. Made so that every single mistyped character and every exchange of two neighbours is noticed.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        loop {
            let key = Self(Secret::random(entropy)?);
            if key.notices_every_slip() {
                return Ok(key);
            }
        }
    }

    /// Reads what was typed, in any case and spacing. The 64 hex digits that a version before printed are read too; whether
    /// they are right, only the registry can say.
    ///
    /// # Errors
    /// [`PaperRefused`].
    pub fn parse(text: &str) -> Result<Self, PaperRefused> {
        let hex: Zeroizing<String> = Zeroizing::new(text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
        if let Some(seed) = from_hex(&hex) {
            return Ok(Self(seed));
        }
        let values = crockford::read(text).map_err(|bad| PaperRefused::NotACharacter { place: bad.place })?;
        let values = Zeroizing::new(values);
        if values.len() != PAPER_CHARACTERS {
            return Err(PaperRefused::Length { got: values.len() });
        }
        if !check_fits(&values) {
            return Err(PaperRefused::Mistyped);
        }
        let (version, rest) = values.split_first().ok_or(PaperRefused::Mistyped)?;
        let seed = rest.get(..SEED_CHARACTERS).ok_or(PaperRefused::Mistyped)?;
        if *version != VERSION || seed.last().is_none_or(|last| last & 0b1111 != 0) {
            return Err(PaperRefused::Version);
        }
        let packed = Zeroizing::new(crockford::pack::<33>(seed));
        let seed = packed.get(..32).and_then(Secret::from_slice).ok_or(PaperRefused::Mistyped)?;
        Ok(Self(seed))
    }

    /// The characters, to be printed: a secret.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        let values = self.values();
        let packed = Zeroizing::new(crockford::pack::<35>(&values));
        Zeroizing::new(crockford::write(packed.as_slice(), PAPER_CHARACTERS))
    }

    /// The key itself.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(self.0.duplicate())
    }

    /// Its public half, which stands in the registry.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        self.signing_key().verifying_key()
    }

    fn values(&self) -> Zeroizing<Vec<u8>> {
        let mut values = Zeroizing::new(Vec::with_capacity(PAPER_CHARACTERS));
        values.push(VERSION);
        values.extend(fives(self.0.reveal(), SEED_CHARACTERS));
        let check = check_of(&values);
        values.extend(check);
        values
    }

    fn notices_every_slip(&self) -> bool {
        let good = self.values();
        let mut bent = good.clone();
        for place in 0..PAPER_CHARACTERS {
            let Some(right) = good.get(place).copied() else { return false };
            for other in (0..32_u8).filter(|other| *other != right) {
                if let Some(value) = bent.get_mut(place) {
                    *value = other;
                }
                if check_fits(&bent) {
                    return false;
                }
            }
            if let Some(value) = bent.get_mut(place) {
                *value = right;
            }
        }
        (1..PAPER_CHARACTERS).all(|place| {
            bent.swap(place.saturating_sub(1), place);
            let noticed = *bent == *good || !check_fits(&bent);
            bent.swap(place.saturating_sub(1), place);
            noticed
        })
    }
}

/// The check over the first 53 values: 10 bits of a hash.
fn check_of(values: &[u8]) -> Vec<u8> {
    let checked = values.get(..CHECKED_CHARACTERS).unwrap_or(values);
    let packed = Zeroizing::new(crockford::pack::<34>(checked));
    fives(&hash(HashLabel::PaperCheck, &[packed.as_slice()]), PAPER_CHARACTERS - CHECKED_CHARACTERS).collect()
}

fn check_fits(values: &[u8]) -> bool {
    values.get(CHECKED_CHARACTERS..).is_some_and(|check| check == check_of(values))
}

fn from_hex(text: &str) -> Option<Secret<32>> {
    let mut seed = Zeroizing::new([0_u8; 32]);
    hex::decode_to_slice(text, seed.as_mut_slice()).ok()?;
    Some(Secret::new(*seed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn a_paper_is_read_back_in_any_spelling() {
        let key = PaperKey::generate(&mut Seeded::new(7)).unwrap();
        let text = key.reveal();
        assert_eq!(text.len(), 55 + 10);
        for typed in [text.to_string(), text.to_lowercase(), text.replace('-', " "), text.replace('0', "o")] {
            assert_eq!(PaperKey::parse(&typed).map(|read| read.public()), Ok(key.public()));
        }
    }

    #[test]
    fn every_slip_of_a_typist_is_noticed() {
        let text = PaperKey::generate(&mut Seeded::new(8)).unwrap().reveal().replace('-', "");
        for place in 0..text.len() {
            for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".bytes() {
                let mut bent = text.clone().into_bytes();
                if bent[place] != other {
                    bent[place] = other;
                    assert!(PaperKey::parse(core::str::from_utf8(&bent).unwrap()).is_err(), "place {place}");
                }
            }
        }
        for place in 1..text.len() {
            let mut bent = text.clone().into_bytes();
            bent.swap(place - 1, place);
            let bent = String::from_utf8(bent).unwrap();
            assert!(bent == text || PaperKey::parse(&bent).is_err(), "exchanged at {place}");
        }
        assert_eq!(PaperKey::parse(&text[1..]).err(), Some(PaperRefused::Length { got: 54 }));
        assert_eq!(PaperKey::parse("U").err(), Some(PaperRefused::NotACharacter { place: 1 }));
    }

    #[test]
    fn a_paper_of_a_version_before_is_read_too() {
        let hex = "0123 4567 89ab cdef 0123 4567 89AB CDEF 0123 4567 89ab cdef 0123 4567 89ab cdef";
        let key = PaperKey::parse(hex).unwrap();
        assert_eq!(key.0.reveal()[..4], [0x01, 0x23, 0x45, 0x67]);
    }
}
