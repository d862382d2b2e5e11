//! A person of this agency, as acts name them.

use core::fmt;

use safeconduct_protocol::personal::{Personal, Reveal};
use zeroize::Zeroizing;

use super::{PeopleError, Roles};
use crate::casework::life::terms::Hand;

/// Bytes of a pseudonym.
pub const PSEUDONYM_BYTES: usize = 16;

/// What others see of a person who acted: random, the same for all acts of the person, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pseudonym([u8; PSEUDONYM_BYTES]);

impl Pseudonym {
    /// Takes the bytes.
    #[must_use]
    pub const fn new(bytes: [u8; PSEUDONYM_BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes, as a case event has them.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; PSEUDONYM_BYTES] {
        &self.0
    }

    /// Its 32 hex digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads what [`Self::to_hex`] writes; either case is taken.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; PSEUDONYM_BYTES];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// A person who acts. No `Debug`: the name is for this agency alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Officer {
    pub(super) pseudonym: Pseudonym,
    pub(super) name: Option<Personal<Zeroizing<String>>>,
    pub(super) roles: Roles,
}

impl Officer {
    /// Whoever opens a vault in which nobody is recorded: one person with all roles.
    #[must_use]
    pub const fn alone(pseudonym: Pseudonym) -> Self {
        Self { pseudonym, name: None, roles: Roles::ALL }
    }

    /// What others see of the person.
    #[must_use]
    pub const fn pseudonym(&self) -> Pseudonym {
        self.pseudonym
    }

    /// What the person may do here.
    #[must_use]
    pub const fn roles(&self) -> Roles {
        self.roles
    }

    /// Whether nobody is recorded here, so that there is no second person.
    #[must_use]
    pub const fn is_alone(&self) -> bool {
        self.name.is_none()
    }

    /// The name, for the screen of this agency; none for who is alone.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.reveal(Reveal::ToShow).as_str())
    }

    /// Whether the person may do what is asked of this hand.
    ///
    /// # Errors
    /// [`PeopleError::NotYourRole`].
    pub fn does(&self, asked: Hand) -> Result<(), PeopleError> {
        if self.roles.does(asked) { Ok(()) } else { Err(PeopleError::NotYourRole { asked: asked.as_str() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_reads_what_it_writes_and_nothing_else() {
        let pseudonym = Pseudonym::new([0xab; 16]);

        assert_eq!(Pseudonym::from_hex(&pseudonym.to_hex()), Some(pseudonym));
        assert_eq!(Pseudonym::from_hex(&pseudonym.to_hex().to_uppercase()), Some(pseudonym));
        for bad in ["", "ab", &"g".repeat(32), &"a".repeat(31), &"a".repeat(33), &"+1".repeat(16)] {
            assert_eq!(Pseudonym::from_hex(bad), None, "{bad}");
        }
    }
}
