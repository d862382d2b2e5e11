//! The newest of something, and who wants to hear of the next. Like tokio's `watch`, but for the order in which those who wait are
//! woken: theirs, the longest there first, where `watch` draws it. A simulated world must be the same twice (`tests/sim`).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard},
};

use tokio::sync::Notify;

/// A value of which everyone sees the newest. A clone is the same.
pub(crate) struct Newest<T>(Arc<Inner<T>>);

struct Inner<T> {
    value: RwLock<T>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    next: u64,
    /// One each, so that waiting is nobody else's lock.
    bells: BTreeMap<u64, Arc<Notify>>,
}

impl<T> Inner<T> {
    fn read(&self) -> RwLockReadGuard<'_, T> {
        self.value.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Newest<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(Inner { value: RwLock::new(value), waiting: Mutex::default() }))
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read()
    }

    /// Changes the value, and wakes those who wait when `change` says that it has done so.
    pub(crate) fn replace(&self, change: impl FnOnce(&mut T) -> bool) {
        let changed = change(&mut *self.0.value.write().unwrap_or_else(PoisonError::into_inner));
        if changed {
            self.wake();
        }
    }

    /// Wakes all who wait, as if there were a newer one.
    pub(crate) fn wake(&self) {
        self.0.waiting().bells.values().for_each(|bell| bell.notify_one());
    }

    /// Hears of all that comes from now on.
    pub(crate) fn follow(&self) -> Following<T> {
        let bell = Arc::<Notify>::default();
        let mut waiting = self.0.waiting();
        let number = waiting.next;
        waiting.next = number.saturating_add(1);
        waiting.bells.insert(number, Arc::clone(&bell));
        drop(waiting);
        Following { of: Arc::clone(&self.0), number, bell }
    }
}

/// One who waits.
pub(crate) struct Following<T> {
    of: Arc<Inner<T>>,
    number: u64,
    bell: Arc<Notify>,
}

impl<T> Following<T> {
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.of.read()
    }

    /// Waits until there was a newer one since this last returned: several are one. Cancel safe.
    pub(crate) async fn changed(&self) {
        self.bell.notified().await;
    }
}

impl<T> Drop for Following<T> {
    fn drop(&mut self) {
        self.of.waiting().bells.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use core::{
        future::Future as _,
        pin::pin,
        task::{Context, Poll, Waker},
    };

    use super::*;

    fn is_told<T>(following: &Following<T>) -> bool {
        let told = pin!(following.changed());
        told.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
    }

    #[test]
    fn a_follower_hears_once_of_what_came_and_sees_the_newest() {
        let newest = Newest::new(1);
        let following = newest.follow();
        assert!(!is_told(&following));

        newest.replace(|value| core::mem::replace(value, 2) == 1);
        newest.replace(|value| core::mem::replace(value, 3) == 2);

        assert!(is_told(&following));
        assert!(!is_told(&following), "several are one");
        assert_eq!(*following.read(), 3);
    }

    #[test]
    fn what_changes_nothing_wakes_nobody_and_who_has_gone_is_forgotten() {
        let newest = Newest::new(1);
        let following = newest.follow();

        newest.replace(|_| false);
        assert!(!is_told(&following));
        newest.wake();
        assert!(is_told(&following));

        drop(following);
        assert!(newest.0.waiting().bells.is_empty());
    }
}
