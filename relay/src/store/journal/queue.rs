//! What the writer hands to the keeper: bounded, and without waking it for each batch. A thread that is woken takes the
//! processor just when the answer is to leave; the keeper looks by itself, soon enough.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How soon the keeper looks.
const LOOK: Duration = Duration::from_millis(50);

struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

/// A queue of at most so many.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    /// There is room, or the reader has gone.
    room: Condvar,
    /// The reader should look now.
    look: Condvar,
    most: usize,
}

/// What the reader found.
pub(super) enum Found<T> {
    /// At least one, in order.
    Some(VecDeque<T>),
    /// Nothing, and nothing new for a while.
    Nothing,
    /// Nothing, and nobody hands in any more.
    Closed,
}

impl<T> Queue<T> {
    pub(super) const fn new(most: usize) -> Self {
        let state = Mutex::new(State { waiting: VecDeque::new(), closed: false });
        Self { state, room: Condvar::new(), look: Condvar::new(), most }
    }

    fn locked(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands one in, and waits while the queue is full. Gives it back when nobody reads any more.
    pub(super) fn put(&self, one: T) -> Result<(), T> {
        let mut state = self.locked();
        while state.waiting.len() >= self.most && !state.closed {
            self.look.notify_one();
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return Err(one);
        }
        state.waiting.push_back(one);
        Ok(())
    }

    /// Asks the reader to look now.
    pub(super) fn hurry(&self) {
        self.look.notify_one();
    }

    /// Takes everything; waits a moment when there is nothing.
    pub(super) fn take(&self) -> Found<T> {
        let mut state = self.locked();
        if state.waiting.is_empty() && !state.closed {
            let waited = self.look.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
        }
        if state.waiting.is_empty() {
            return if state.closed { Found::Closed } else { Found::Nothing };
        }
        self.room.notify_all();
        Found::Some(core::mem::take(&mut state.waiting))
    }

    /// Is it full?
    pub(super) fn is_full(&self) -> bool {
        self.locked().waiting.len() >= self.most
    }

    /// The reader has gone: what waits is dropped, so that whoever waits for an answer to it is told.
    pub(super) fn abandon(&self) {
        self.close();
        self.locked().waiting.clear();
    }

    /// Nothing more is handed in.
    pub(super) fn close(&self) {
        self.locked().closed = true;
        self.room.notify_all();
        self.look.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_full_queue_makes_the_writer_wait_and_a_closed_one_gives_back() {
        let queue = Arc::new(Queue::new(2));
        queue.put(1).unwrap();
        queue.put(2).unwrap();
        let writer = Arc::clone(&queue);
        let third = std::thread::spawn(move || writer.put(3));

        let mut taken = Vec::new();
        while taken.len() < 3 {
            if let Found::Some(some) = queue.take() {
                taken.extend(some);
            }
        }
        assert!(third.join().unwrap().is_ok());
        assert_eq!(taken, [1, 2, 3]);

        queue.put(4).unwrap();
        queue.close();
        assert_eq!(queue.put(5), Err(5));
        assert!(matches!(queue.take(), Found::Some(rest) if rest == [4]));
        assert!(matches!(queue.take(), Found::Closed));
    }
}
