//! Waiting for an event with a deadline: the one place in the tests that sleeps, and only between two looks.

use std::time::{Duration, Instant};

use crate::error::WorldError;

/// First pause between two looks, in milliseconds.
const LOOK_MS: u64 = 20;
/// Longest pause between two looks: a look may start a process, and many worlds share two cores.
const LOOK_MS_MAX: u64 = 250;

/// A point in time after which waiting ends.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    began: Instant,
    length: Duration,
}

impl Deadline {
    /// A deadline `seconds` from now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a deadline over real processes is measured in real time")]
    pub fn in_seconds(seconds: u64) -> Self {
        Self { began: Instant::now(), length: Duration::from_secs(seconds) }
    }

    /// A deadline `milliseconds` from now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a deadline over real processes is measured in real time")]
    pub fn in_milliseconds(milliseconds: u64) -> Self {
        Self { began: Instant::now(), length: Duration::from_millis(milliseconds) }
    }

    /// Whether it has passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.began.elapsed() >= self.length
    }

    /// Time since it was set.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

/// What one look saw.
#[derive(Debug)]
pub enum Look<T> {
    /// The event, and what it brought.
    Seen(T),
    /// Not yet; what was seen instead, for the error.
    NotYet(String),
}

/// Looks until the event is seen.
///
/// # Errors
/// [`WorldError::Late`] after `seconds`, with what the last look saw; or the look's own error.
pub fn until<T>(
    what: &str,
    seconds: u64,
    mut look: impl FnMut() -> Result<Look<T>, WorldError>,
) -> Result<T, WorldError> {
    let deadline = Deadline::in_seconds(seconds);
    let mut pause_ms = LOOK_MS;
    loop {
        match look()? {
            Look::Seen(found) => return Ok(found),
            Look::NotYet(last) if deadline.passed() => {
                return Err(WorldError::Late { seconds, what: what.to_owned(), last });
            }
            Look::NotYet(_) => hold(pause_ms),
        }
        pause_ms = LOOK_MS_MAX.min(pause_ms + pause_ms / 2);
    }
}

/// Waits until `come` or the deadline, whichever is first; true when it has come.
pub fn at_most(deadline: Deadline, mut come: impl FnMut() -> bool) -> bool {
    loop {
        if come() {
            return true;
        }
        if deadline.passed() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Holds something for a while: a slow network, or the next look.
pub fn hold(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}
