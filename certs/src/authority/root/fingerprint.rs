//! What is compared over the telephone.

use core::fmt;

use crate::crockford;

/// Bits of a fingerprint: an attacker grinds offline, so no fewer.
const FINGERPRINT_BITS: usize = 125;

/// The first 125 bits of `H("root", …)`: 25 characters to compare over the telephone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Takes the first 125 bits.
    #[must_use]
    pub const fn from_bits(mut bits: [u8; 16]) -> Self {
        let [.., last] = &mut bits;
        *last &= 0b1111_1000;
        Self(bits)
    }

    /// The bits, left-aligned, the last three zero.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads 25 characters as [`fmt::Display`] writes them, in any case and spacing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let values = crockford::read(text).ok()?;
        (values.len() == FINGERPRINT_BITS.checked_div(5)?).then(|| Self(crockford::pack(&values)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crockford::write(&self.0, 25))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}
