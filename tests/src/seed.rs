//! Random points that can be had again: a small generator and a seed that the test prints.

use std::hash::{BuildHasher as _, Hasher as _};

/// `SplitMix64`: not for keys, only for choosing points, victims and positions.
#[derive(Clone, Debug)]
pub struct Seeded {
    seed: u64,
    state: u64,
}

impl Seeded {
    /// The generator of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// From the environment variable `name`, so that a failure can be had again; else from fresh randomness.
    #[must_use]
    pub fn from_env(name: &str) -> Self {
        let given = std::env::var(name).ok().and_then(|text| text.parse().ok());
        Self::new(given.unwrap_or_else(fresh))
    }

    /// The seed, to be printed.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        match self.next().checked_rem(bound) {
            Some(rest) => rest,
            None => 0,
        }
    }

    /// A random version 4 UUID, in text.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            (a >> 16) & 0xffff,
            a & 0x0fff,
            0x8000 | ((b >> 48) & 0x3fff),
            b & 0xffff_ffff_ffff
        )
    }
}

/// A number that differs from process to process and from call to call.
#[must_use]
pub fn fresh() -> u64 {
    // Every `RandomState` is keyed anew from the system's randomness.
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_points() {
        let (mut one, mut two) = (Seeded::new(7), Seeded::new(7));
        assert_eq!(one.uuid(), two.uuid());
        assert_eq!(one.below(10), two.below(10));
        assert!(one.below(3) < 3);
        assert_eq!(one.below(0), 0);
    }

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        let uuid = Seeded::new(1).uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.as_bytes()[14], b'4');
        assert!(matches!(uuid.as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }
}
