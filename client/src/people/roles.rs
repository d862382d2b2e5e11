//! What a person of the agency may do here. The agency gives these roles itself; the other agency never sees them.

use core::fmt;

use crate::casework::life::terms::Hand;

/// Declares the roles.
macro_rules! roles {
    ($($variant:ident = $bit:literal, $text:literal, $words:literal;)+) => {
        /// A role of a person of this agency.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum LocalRole {
            $(#[doc = concat!("`", $text, "`: ", $words, ".")] $variant,)+
        }

        impl LocalRole {
            /// Every one, in the order of their bits in the vault.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// What it means.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                }
            }

            /// Its bit in the vault; a bit is never used for another role.
            const fn bit(self) -> u8 {
                match self {
                    $(Self::$variant => 1 << $bit,)+
                }
            }
        }
    };
}

roles! {
    Caseworker = 0, "caseworker", "works with persons and sends referrals";
    Intake = 1, "intake", "looks at what comes in, asks and declines";
    MayAccept = 2, "may-accept", "looks at what comes in, and also accepts";
    Supervisor = 3, "supervisor", "does all that caseworkers and intake do";
    Auditor = 4, "auditor", "sees what was done, and no content";
    Admin = 5, "admin", "says who the people of this agency are, and sees no content";
}

impl LocalRole {
    /// The role with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == name)
    }

    /// The hand that acts on a referral in this role; none for who only looks on.
    #[must_use]
    pub const fn hand(self) -> Option<Hand> {
        match self {
            Self::Caseworker => Some(Hand::Caseworker),
            Self::Intake => Some(Hand::Intake),
            Self::MayAccept => Some(Hand::Accepting),
            Self::Supervisor => Some(Hand::Supervisor),
            Self::Auditor | Self::Admin => None,
        }
    }
}

/// The roles of one person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Roles(u8);

impl Roles {
    /// Every role: of whoever opens a vault in which nobody is recorded.
    pub const ALL: Self = Self(0b11_1111);

    /// These roles.
    #[must_use]
    pub fn of(roles: &[LocalRole]) -> Self {
        Self(roles.iter().fold(0, |bits, role| bits | role.bit()))
    }

    /// As the vault keeps them; `None` for bits that no role has.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        (bits & !Self::ALL.0 == 0).then_some(Self(bits))
    }

    /// As the vault keeps them: bit *i* is the *i*-th of [`LocalRole::ALL`].
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the person has this role.
    #[must_use]
    pub const fn has(self, role: LocalRole) -> bool {
        self.0 & role.bit() != 0
    }

    /// Each of them, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = LocalRole> {
        LocalRole::ALL.iter().copied().filter(move |role| self.has(*role))
    }

    /// Whether who has these roles may do what is asked of this hand.
    #[must_use]
    pub fn does(self, asked: Hand) -> bool {
        self.iter().filter_map(LocalRole::hand).any(|hand| hand.does(asked))
    }

    /// Whether the person works on referrals at all.
    #[must_use]
    pub fn works(self) -> bool {
        self.iter().any(|role| role.hand().is_some())
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, role) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{}", role.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_bits_names_and_hands_of_their_own() {
        let bits: Vec<u8> = LocalRole::ALL.iter().map(|role| role.bit()).collect();

        assert_eq!(bits, [1, 2, 4, 8, 16, 32]);
        assert_eq!(Roles::of(LocalRole::ALL), Roles::ALL);
        for role in LocalRole::ALL {
            assert_eq!(LocalRole::from_name(role.as_str()), Some(*role));
            assert_eq!(Roles::of(&[*role]).iter().collect::<Vec<_>>(), [*role]);
        }
        assert!(Roles::from_bits(0b100_0000).is_none());
        assert_eq!(Roles::of(&[LocalRole::Admin, LocalRole::Intake]).to_string(), "intake, admin");
    }

    #[test]
    fn each_role_does_what_its_hand_does_and_onlookers_do_nothing() {
        let does = |role, asked| Roles::of(&[role]).does(asked);

        assert!(does(LocalRole::Caseworker, Hand::Caseworker) && !does(LocalRole::Caseworker, Hand::Intake));
        assert!(does(LocalRole::MayAccept, Hand::Intake) && does(LocalRole::MayAccept, Hand::Accepting));
        assert!(!does(LocalRole::Intake, Hand::Accepting));
        assert!(does(LocalRole::Supervisor, Hand::Caseworker) && does(LocalRole::Supervisor, Hand::Accepting));
        for role in LocalRole::ALL {
            // What the node does by itself is nobody's to do.
            assert!(!does(*role, Hand::Node));
        }
        for asked in Hand::ALL {
            assert!(!Roles::of(&[LocalRole::Auditor, LocalRole::Admin]).does(*asked));
        }
        assert!(!Roles::of(&[LocalRole::Auditor, LocalRole::Admin]).works() && Roles::ALL.works());
    }
}
