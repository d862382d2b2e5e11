//! The operating system's clock and randomness, behind the protocol's seams; and what is in memory kept out of core dumps, swap and the
//! words of a panic.

use std::{
    fmt::Display,
    io::{self, Write as _},
    panic,
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

/// Keeps what this process has in memory out of swap, where the system lets it have as much locked memory as it wants: an unlimited
/// `RLIMIT_MEMLOCK` or `CAP_IPC_LOCK`. Under a limit nothing is done, since past it the system would refuse memory. Says whether all is kept.
///
/// What is locked does not stay so: SQLCipher unlocks each page in which it frees something. So call it again from time to time.
#[must_use]
pub fn lock_memory() -> bool {
    #[cfg(target_os = "linux")]
    if may_lock_all() {
        use rustix::mm::{MlockAllFlags, mlockall};
        // What is reserved and never used stays out of memory.
        return mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT).is_ok();
    }
    false
}

#[cfg(target_os = "linux")]
fn may_lock_all() -> bool {
    let unlimited = rustix::process::getrlimit(Resource::Memlock).current.is_none();
    let status = || std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    unlimited || is_capable(&status()) == Some(true)
}

/// Whether a process of which the system says this has `CAP_IPC_LOCK`.
#[cfg(target_os = "linux")]
fn is_capable(status: &str) -> Option<bool> {
    const CAP_IPC_LOCK: u32 = 14;
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    Some(u64::from_str_radix(effective.trim(), 16).ok()?.checked_shr(CAP_IPC_LOCK)? & 1 == 1)
}

/// Lets a panic say where it was, and nothing of what the program was doing: its words may hold what people wrote. Called first in each
/// program, before anything is read.
pub fn quiet_panics(program: &'static str, version: &'static str) {
    panic::set_hook(Box::new(move |panicked| {
        let line = match panicked.location() {
            Some(place) => failed_at(program, version, place),
            None => failed_at(program, version, &"a place that is not known"),
        };
        writeln!(io::stderr(), "{line}").ok();
    }));
}

fn failed_at(program: &str, version: &str, place: &dyn Display) -> String {
    format!(
        "{program} {version}: a fault in the program at {place}; start it again, and report this line: it says nothing of anybody"
    )
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

    #[test]
    fn memory_is_locked_where_the_system_lets_it_be_and_left_alone_where_not() {
        let locked = || {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap().trim().to_owned();
            line.strip_suffix(" kB").unwrap().parse::<u64>().unwrap()
        };
        let before = locked();
        if lock_memory() {
            assert!(may_lock_all() && locked() > before);
        } else {
            assert_eq!(locked(), before);
        }
    }

    #[test]
    fn of_all_capabilities_that_of_locking_memory_is_the_one_that_counts() {
        let of = |effective: &str| is_capable(&format!("Name:\tx\nCapPrm:\tffffffffffffffff\nCapEff:\t{effective}\n"));
        assert_eq!(of("0000000000004000"), Some(true));
        assert_eq!(of("000001ffffffffff"), Some(true));
        assert_eq!(of("000001ffffffbfff"), Some(false));
        assert_eq!(of("0000000000000000"), Some(false));
        assert_eq!((of("none"), is_capable("Name:\tx\n")), (None, None));
    }

    #[test]
    fn jitter_differs_and_the_clock_is_of_this_century() {
        let thrown: std::collections::BTreeSet<u64> = (0..64).map(|_| dice()).collect();
        assert_eq!(thrown.len(), 64);
        assert!(SystemClock.now() > Timestamp(1_700_000_000));
        let (mut one, mut two) = ([0; 32], [0; 32]);
        assert!(SystemEntropy.fill(&mut one).is_ok() && SystemEntropy.fill(&mut two).is_ok());
        assert!(one != two && one != [0; 32]);
    }
}
