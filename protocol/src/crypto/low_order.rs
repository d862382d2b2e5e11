//! The X25519 values that are refused (`docs/PROTOCOL.md` §6): those for which X25519(k, u) = 0 for a clamped k.
//!
//! A clamped k is a multiple of 8 and of no other factor of the group orders of curve and twist, so the result is zero
//! exactly for the u of small order: 0, 1, -1 and the two of order 8. With the encodings at and above p = 2^255 - 19
//! that is seven, and X25519 ignores the top bit, which makes fourteen. Comparing with the seven costs nanoseconds
//! where a multiplication costs 30 µs, and the relay checks every envelope; a test compares both rules. X-Wing itself
//! takes all fourteen.

/// The seven encodings, top bit clear.
const LOW_ORDER: [[u8; 32]; 7] = [
    // 0
    [0; 32],
    // 1
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    // order 8
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    // order 8
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    // p - 1
    [
        0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    // p = 0
    [
        0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
    // p + 1 = 1
    [
        0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f,
    ],
];

/// Whether `u` is one of the fourteen. The value is public, so the comparison need not take constant time.
#[must_use]
pub fn is_low_order(u: &[u8; 32]) -> bool {
    let mut masked = *u;
    if let Some(top) = masked.last_mut() {
        *top &= 0x7f;
    }
    LOW_ORDER.contains(&masked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rule as the protocol states it.
    fn vanishes(u: [u8; 32]) -> bool {
        x25519_dalek::x25519([0; 32], u) == [0; 32]
    }

    #[test]
    fn all_fourteen_low_order_encodings_are_refused_by_both_rules() {
        for low in LOW_ORDER {
            for top in [0, 0x80] {
                let mut u = low;
                u[31] |= top;
                assert!(is_low_order(&u) && vanishes(u), "{u:02x?}");
            }
        }
    }

    #[test]
    fn neighbours_of_the_low_order_encodings_are_taken_by_both_rules() {
        let mut taken = 0;
        for low in LOW_ORDER {
            for at in 0..32 {
                for bit in 0..8 {
                    let mut u = low;
                    u[at] ^= 1 << bit;
                    assert_eq!(is_low_order(&u), vanishes(u), "{u:02x?}");
                    taken += usize::from(!is_low_order(&u));
                }
            }
        }
        assert!(taken > 1_700, "{taken}");
    }

    proptest! {
        #[test]
        fn both_rules_agree_on_any_value(u: [u8; 32]) {
            prop_assert_eq!(is_low_order(&u), vanishes(u));
        }
    }
}
