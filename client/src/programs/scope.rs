//! What a program may ask for.

/// One thing that a token may be used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// To read: lists, referrals, posts, receipts, the directory; what opens nothing and says nothing to others.
    Read,
    /// To act as the token's person: open, accept, send, say.
    Act,
    /// To compute and release reports.
    Reports,
    /// To read the auditor's report: who did what and when, of every referral.
    Audit,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Act, Self::Reports, Self::Audit];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
            Self::Reports => "reports",
            Self::Audit => "audit",
        }
    }

    /// The scope of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::Act => 2,
            Self::Reports => 4,
            Self::Audit => 8,
        }
    }
}

/// Some of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// These.
    #[must_use]
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.iter().fold(0, |bits, scope| bits | scope.bit()))
    }

    /// As they are kept; none for a bit that is no scope's.
    #[must_use]
    pub fn from_bits(bits: u8) -> Option<Self> {
        (bits & !Self::of(&Scope::ALL).0 == 0).then_some(Self(bits))
    }

    /// As they are kept.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their names.
    #[must_use]
    pub fn names(self) -> Vec<String> {
        Scope::ALL.into_iter().filter(|scope| self.has(*scope)).map(|scope| scope.as_str().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_has_its_own_bit_and_name() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_name(scope.as_str()), Some(scope));
            let one = Scopes::of(&[scope]);
            assert!(one.has(scope) && one.names() == [scope.as_str()]);
            assert_eq!(Scope::ALL.into_iter().filter(|other| one.has(*other)).count(), 1);
            assert_eq!(Scopes::from_bits(one.bits()), Some(one));
        }
        assert_eq!(Scopes::from_bits(16), None);
        assert!(Scopes::of(&[]).is_empty() && Scope::from_name("admin").is_none());
    }
}
