//! Seeded randomness for this crate's own tests.

use safeconduct_protocol::entropy::{Entropy, NoEntropy};
use sha2::{Digest as _, Sha256};

/// SHA-256 in counter mode over a seed: repeatable, and never outside tests.
pub(crate) struct Seeded {
    seed: u64,
    counter: u64,
}

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        for chunk in bytes.chunks_mut(32) {
            self.counter += 1;
            let block = Sha256::digest([self.seed.to_be_bytes(), self.counter.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}
