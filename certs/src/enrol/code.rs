//! The invitation code: 45 characters that carry the invitation's secret and the authority's root fingerprint, read
//! aloud or written on a letter.
//!
//! ```text
//! version 5 bits (1) · secret 80 · root fingerprint 125 · check 15 = 225 bits = nine groups of five characters
//! ```

use core::fmt;

use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash, hash16},
    entropy::{Entropy, NoEntropy},
    id::InviteId,
    secret::Secret,
};

use crate::{
    authority::root::Fingerprint,
    crockford::{self, fives},
};

/// Characters of a code.
pub const CODE_CHARACTERS: usize = 45;
/// Bytes of the secret.
pub const SECRET_BYTES: usize = 10;
const VERSION: u8 = 1;
/// Characters that the check is over.
const CHECKED_CHARACTERS: usize = 42;

/// Why what was typed is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeRefused {
    /// A character that no code has.
    #[error("character {place} of the invitation code is none of 0-9 and A-Z without I, L, O, U")]
    NotACharacter {
        /// Its place, from 1, spaces and hyphens not counted.
        place: usize,
    },
    /// Too few or too many characters.
    #[error("the invitation code has {got} characters and not {CODE_CHARACTERS}")]
    Length {
        /// How many, spaces and hyphens not counted.
        got: usize,
    },
    /// Some character is not the one that was given.
    #[error("the invitation code is mistyped: its check does not fit")]
    Mistyped,
    /// A code of another version.
    #[error("the invitation code is of version {0}, which this program does not know")]
    Version(u8),
}

impl CodeRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotACharacter { .. } => "look at that character again; there is no letter I, L, O or U in a code",
            Self::Length { .. } => "compare with the letter: nine groups of five characters",
            Self::Mistyped => "compare each group with the letter, or ask for the code to be read again",
            Self::Version(_) => "update this program",
        }
    }
}

/// One invitation: knowing it is the right to ask once.
pub struct InviteCode {
    secret: Secret<SECRET_BYTES>,
    root: Fingerprint,
}

impl InviteCode {
    /// A fresh invitation of the authority with this root. Made so that every single mistyped character and every
    /// exchange of two neighbours is noticed, not only all but one in 32768.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn generate(root: Fingerprint, entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        loop {
            let code = Self { secret: Secret::random(entropy)?, root };
            if code.notices_every_slip() {
                return Ok(code);
            }
        }
    }

    /// Reads what was typed, in any case and spacing.
    ///
    /// # Errors
    /// [`CodeRefused`].
    pub fn parse(text: &str) -> Result<Self, CodeRefused> {
        let values = crockford::read(text).map_err(|bad| CodeRefused::NotACharacter { place: bad.place })?;
        if values.len() != CODE_CHARACTERS {
            return Err(CodeRefused::Length { got: values.len() });
        }
        if !check_fits(&values) {
            return Err(CodeRefused::Mistyped);
        }
        let (version, rest) = values.split_first().ok_or(CodeRefused::Mistyped)?;
        if *version != VERSION {
            return Err(CodeRefused::Version(*version));
        }
        let (secret, rest) = rest.split_at_checked(16).ok_or(CodeRefused::Mistyped)?;
        let root = rest.get(..25).ok_or(CodeRefused::Mistyped)?;
        Ok(Self { secret: Secret::new(crockford::pack(secret)), root: Fingerprint::from_bits(crockford::pack(root)) })
    }

    /// The invitation's public name: `H("invite-id", secret)[..16]`.
    #[must_use]
    pub fn invite(&self) -> InviteId {
        invite_id(self.secret.reveal())
    }

    /// The secret, which the request proves.
    #[must_use]
    pub const fn secret(&self) -> &Secret<SECRET_BYTES> {
        &self.secret
    }

    /// Fingerprint of the root file that this invitation speaks for.
    #[must_use]
    pub const fn root(&self) -> Fingerprint {
        self.root
    }

    /// The code as it is given to the node's operator. It is a secret: show it once, to a person.
    #[must_use]
    pub fn reveal(&self) -> String {
        let values = self.values();
        crockford::write(&crockford::pack::<29>(&values), CODE_CHARACTERS)
    }

    fn values(&self) -> Vec<u8> {
        let mut values = vec![VERSION];
        values.extend(fives(self.secret.reveal(), 16));
        values.extend(fives(self.root.as_bytes(), 25));
        let check = check_of(&values);
        values.extend(check);
        values
    }

    fn notices_every_slip(&self) -> bool {
        let good = self.values();
        for place in 0..CHECKED_CHARACTERS {
            let mut bent = good.clone();
            for other in 0..32_u8 {
                if good.get(place) == Some(&other) {
                    continue;
                }
                if let Some(value) = bent.get_mut(place) {
                    *value = other;
                }
                if check_fits(&bent) {
                    return false;
                }
            }
        }
        (1..CODE_CHARACTERS).all(|place| {
            let mut bent = good.clone();
            bent.swap(place.saturating_sub(1), place);
            bent == good || !check_fits(&bent)
        })
    }
}

impl fmt::Debug for InviteCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InviteCode({})", self.invite().short())
    }
}

/// The public name of an invitation with this secret.
#[must_use]
pub fn invite_id(secret: &[u8; SECRET_BYTES]) -> InviteId {
    InviteId::from_bytes(hash16(HashLabel::InviteId, &[secret]))
}

/// The check over the first 42 values: 15 bits of a hash.
fn check_of(values: &[u8]) -> Vec<u8> {
    let checked = values.get(..CHECKED_CHARACTERS).unwrap_or(values);
    let packed: [u8; 27] = crockford::pack(checked);
    fives(&hash(HashLabel::InviteCheck, &[&packed]), 3).collect()
}

fn check_fits(values: &[u8]) -> bool {
    values.get(CHECKED_CHARACTERS..).is_some_and(|check| check == check_of(values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Keys, Seeded};

    fn code(seed: u64) -> InviteCode {
        InviteCode::generate(Keys::new(1).root().fingerprint(), &mut Seeded::new(seed)).unwrap()
    }

    #[test]
    fn a_code_is_read_back_in_any_spelling() {
        let code = code(1);
        let text = code.reveal();
        assert_eq!(text.len(), CODE_CHARACTERS + 8);
        for spelling in
            [text.clone(), text.to_lowercase(), text.replace('-', " "), text.replace('0', "o").replace('1', "l")]
        {
            let read = InviteCode::parse(&spelling).unwrap();
            assert_eq!(read.invite(), code.invite());
            assert_eq!(read.root(), code.root());
            assert!(read.secret().equals(code.secret()));
        }
    }

    #[test]
    fn every_single_mistyped_character_of_every_code_is_noticed() {
        for seed in 0..20 {
            let text = code(seed).reveal().replace('-', "");
            for place in 0..text.len() {
                for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
                    let mut bent = text.clone();
                    bent.replace_range(place..=place, &other.to_string());
                    if bent != text {
                        assert_eq!(InviteCode::parse(&bent).err(), Some(CodeRefused::Mistyped), "seed {seed}");
                    }
                }
            }
        }
    }

    #[test]
    fn exchanged_neighbours_are_noticed() {
        let text = code(5).reveal().replace('-', "");
        for place in 1..text.len() {
            let mut bent = text.clone().into_bytes();
            bent.swap(place - 1, place);
            if bent != text.as_bytes() {
                let bent = String::from_utf8(bent).unwrap();
                assert_eq!(InviteCode::parse(&bent).err(), Some(CodeRefused::Mistyped));
            }
        }
    }

    #[test]
    fn each_kind_of_error_is_named() {
        let text = code(1).reveal();
        assert_eq!(InviteCode::parse(&text[..52]).err(), Some(CodeRefused::Length { got: 44 }));
        assert_eq!(InviteCode::parse("").err(), Some(CodeRefused::Length { got: 0 }));
        assert_eq!(InviteCode::parse(&format!("{text}0")).err(), Some(CodeRefused::Length { got: 46 }));
        let bent = format!("{}U{}", &text[..7], &text[8..]);
        assert_eq!(InviteCode::parse(&bent).err(), Some(CodeRefused::NotACharacter { place: 7 }));
        // A code of version 2 whose check fits.
        let mut values = code(1).values();
        values[0] = 2;
        values.truncate(CHECKED_CHARACTERS);
        let check = check_of(&values);
        values.extend(check);
        let newer = crockford::write(&crockford::pack::<29>(&values), CODE_CHARACTERS);
        assert_eq!(InviteCode::parse(&newer).err(), Some(CodeRefused::Version(2)));
    }

    #[test]
    fn a_log_shows_which_invitation_it_is_and_not_its_code() {
        let root = Keys::new(1).root().fingerprint();
        let code = InviteCode::generate(root, &mut Seeded::new(3)).unwrap();
        assert_eq!(format!("{code:?}"), format!("InviteCode({})", code.invite().short()));
    }
}
