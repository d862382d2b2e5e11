//! Chance: one seed, and from it a generator for each part, so that what one part draws changes nothing for another.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use safeconduct_faults::rng::SplitMix;
use safeconduct_protocol::entropy::{Entropy, NoEntropy};
use sha2::{Digest as _, Sha256};

/// A generator for one part of the simulation; a clone draws from the same.
#[derive(Clone)]
pub(crate) struct Dice(Arc<Mutex<SplitMix>>);

impl Dice {
    /// The generator of this part under this seed.
    pub(crate) fn new(seed: u64, part: &str) -> Self {
        let hash = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(part).finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        Self(Arc::new(Mutex::new(SplitMix::new(u64::from_be_bytes(first)))))
    }

    pub(crate) fn bits(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bits()
    }

    /// A number under `bound`; 0 for 0.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.bits().checked_rem(bound).unwrap_or_default()
    }

    /// An index under `length`.
    pub(crate) fn index(&self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// From `least` to `most`.
    pub(crate) fn within(&self, least: u64, most: u64) -> u64 {
        least.saturating_add(self.below(most.saturating_sub(least).saturating_add(1)))
    }

    /// True so many times in a thousand.
    pub(crate) fn in_thousand(&self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// A time between these, in milliseconds.
    pub(crate) fn millis(&self, least: u64, most: u64) -> Duration {
        Duration::from_millis(self.within(least, most))
    }
}

/// Randomness for keys and coins: SHA-256 in counter mode. Repeatable, and so of no worth outside of here.
pub(crate) struct Seeded {
    key: [u8; 32],
    counter: u64,
}

impl Seeded {
    pub(crate) fn new(seed: u64, part: &str) -> Self {
        let key = Sha256::new().chain_update(b"entropy").chain_update(seed.to_be_bytes()).chain_update(part).finalize();
        Self { key: key.into(), counter: 0 }
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for chunk in bytes.chunks_mut(32) {
            self.counter = self.counter.wrapping_add(1);
            let block = Sha256::new().chain_update(self.key).chain_update(self.counter.to_be_bytes()).finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}
