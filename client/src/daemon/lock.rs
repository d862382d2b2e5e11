//! The automatic lock. It guards what persons read and do through the running daemon, not the daemon's own work: the identity key
//! stays open, because without it nothing could be taken from the relay and senders would be told that nobody collects.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{error::Told, log::event};

struct State {
    last: Instant,
    is_locked: bool,
}

/// Whether persons may read, and until when.
pub struct Lock {
    /// Time without a person's command after which reading is locked; none for never.
    after: Option<Duration>,
    state: Mutex<State>,
}

impl Lock {
    /// Open, and locked after so many minutes without a person's command; 0 for never.
    #[must_use]
    pub fn after_minutes(minutes: u64) -> Self {
        let after = (minutes > 0).then(|| Duration::from_secs(minutes.saturating_mul(60)));
        Self { after, state: Mutex::new(State { last: Instant::now(), is_locked: false }) }
    }

    fn state(&self, now: Instant) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let over = self.after.is_some_and(|after| now.saturating_duration_since(state.last) >= after);
        if over && !state.is_locked {
            state.is_locked = true;
            tracing::info!(event = event::LOCKED);
        }
        state
    }

    /// A person asks for something that is not for everybody at this machine.
    ///
    /// # Errors
    /// `locked`.
    pub fn pass(&self) -> Result<(), Told> {
        self.pass_at(Instant::now())
    }

    fn pass_at(&self, now: Instant) -> Result<(), Told> {
        let mut state = self.state(now);
        if state.is_locked {
            return Err(locked());
        }
        state.last = now;
        Ok(())
    }

    /// A program asks for the same. That is no sign of a person: the time goes on.
    ///
    /// # Errors
    /// `locked`.
    pub fn look(&self) -> Result<(), Told> {
        if self.is_locked() { Err(locked()) } else { Ok(()) }
    }

    /// Whether reading is locked.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.state(Instant::now()).is_locked
    }

    /// When reading will be locked by itself, unless somebody asks for something before; none when it is locked, or never will be.
    #[must_use]
    pub fn falls_at(&self) -> Option<Instant> {
        let state = self.state(Instant::now());
        self.after.filter(|_| !state.is_locked).and_then(|after| state.last.checked_add(after))
    }

    /// Locks at once.
    pub fn lock(&self) {
        self.state(Instant::now()).is_locked = true;
    }

    /// Opens; the passphrase was right.
    pub fn unlock(&self) {
        let now = Instant::now();
        let mut state = self.state(now);
        state.is_locked = false;
        state.last = now;
    }
}

fn locked() -> Told {
    Told::not_ready(
        "locked",
        "reading is locked: nobody has used this node for a while, or somebody has locked it",
        "run `safeconduct unlock`; the node goes on receiving meanwhile",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_locked_after_its_time_without_a_persons_command_and_not_before() {
        let lock = Lock::after_minutes(2);
        let began = lock.state.lock().unwrap().last;
        let at = |seconds| began + Duration::from_secs(seconds);

        assert_eq!(lock.falls_at(), Some(at(120)));
        assert!(lock.pass_at(at(119)).is_ok());
        assert_eq!(lock.falls_at(), Some(at(239)));
        assert!(!lock.state(at(238)).is_locked, "each command begins the time anew, and looking does not");
        assert_eq!(lock.pass_at(at(239)).unwrap_err().code, "locked");
        assert!(lock.pass_at(at(119)).is_err(), "time alone does not open it");
        lock.unlock();
        assert!(lock.pass().is_ok());
        lock.lock();
        assert!(lock.pass().is_err() && lock.look().is_err() && lock.falls_at().is_none());
    }

    #[test]
    fn nought_minutes_lock_never_and_a_person_locks_at_once() {
        let lock = Lock::after_minutes(0);
        let far = Instant::now() + Duration::from_secs(1_000_000);
        assert!(lock.pass_at(far).is_ok() && lock.falls_at().is_none());
        lock.lock();
        assert!(lock.is_locked());
    }
}
