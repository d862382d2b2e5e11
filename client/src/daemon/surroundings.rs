//! What a node has of the world: clock and randomness, the system's in every program.

use std::{fmt, sync::Arc};

use safeconduct_certs::system::{SystemClock, SystemEntropy};
use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy},
    time::Clock,
};

/// Clock and randomness of a node.
pub struct Surroundings {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What keys and coins are made of.
    pub entropy: Random,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Random::of(SystemEntropy) }
    }
}

/// A source of randomness.
pub struct Random(Box<dyn Entropy + Send>);

impl Random {
    /// This one.
    #[must_use]
    pub fn of(entropy: impl Entropy + 'static) -> Self {
        Self(Box::new(entropy))
    }
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

impl Entropy for Random {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self.0.fill(bytes)
    }
}
