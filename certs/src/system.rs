//! The operating system's clock and randomness, behind the protocol's seams; and keys kept out of core dumps.

use std::{
    io,
    time::{SystemTime, UNIX_EPOCH},
};

use rustix::process::{Resource, Rlimit, setrlimit};
use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy},
    time::{Clock, Timestamp},
};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock enters")]
        let now = SystemTime::now();
        Timestamp(now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(bytes).ok().ok_or(NoEntropy)
    }
}

/// A random number for jitter; 0 when the system gives none, since jitter is no secret.
#[must_use]
pub fn dice() -> u64 {
    let mut bytes = [0_u8; 8];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from_be_bytes(bytes),
        Err(_) => 0,
    }
}

/// What a program says when [`no_core_dumps`] fails.
pub const CORE_DUMPS_ON: &str =
    "the system does not let this program turn off core dumps: a crash may write keys to the disk";

/// Keeps this process's memory out of core dumps and, on Linux, from other processes of its account. Called first in each
/// program that holds keys.
///
/// # Errors
/// What the system says; the program can go on, and should say [`CORE_DUMPS_ON`].
pub fn no_core_dumps() -> io::Result<()> {
    let limited = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(limited?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn a_program_with_keys_leaves_no_core_dump() {
        no_core_dumps().unwrap();

        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
