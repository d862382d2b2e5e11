//! What the tests of the durable state share: seeded randomness and a vault in a temporary directory.

use std::path::Path;

use safeconduct_certs::keyfile::Cost;
use safeconduct_protocol::{
    crypto::hash::sha256,
    entropy::{Entropy, NoEntropy},
    time::Timestamp,
};
use zeroize::Zeroizing;

use crate::{keys, vault::Vault};

/// A time in the tests' world.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);

/// SHA-256 in counter mode over a seed: repeatable.
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
            let block = sha256(&[&self.seed.to_be_bytes(), &self.counter.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

/// The passphrase of every vault here.
pub(crate) fn passphrase() -> Zeroizing<String> {
    Zeroizing::new("three ferries cross before dawn".to_owned())
}

/// The cheapest passphrase derivation.
pub(crate) fn cheap() -> Cost {
    Cost::new(64, 1).unwrap()
}

/// A new vault in `dir`.
pub(crate) fn vault(dir: &Path, entropy: &mut Seeded) -> Vault {
    keys::init(dir, &passphrase(), None, cheap(), NOW, entropy).unwrap().0
}

/// Opens a vault again, as a restarted daemon does.
pub(crate) fn reopen(dir: &Path, now: Timestamp, entropy: &mut Seeded) -> Vault {
    Vault::open(dir, &passphrase(), now, entropy).unwrap()
}
