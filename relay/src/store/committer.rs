//! Group commit: one thread owns the writer, and everything that arrives while one transaction is synced goes into
//! the next.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{Change, Outcome, Store, StoreError};
use crate::{
    limits::{COMMIT_BATCH_MAX, COMMIT_QUEUE_MAX, TIDY_COMMITS},
    metrics,
};

/// Why nothing was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The disk is full; later attempts may succeed.
    #[error("the disk is full")]
    Full,
    /// The store failed or is closed; this process stores nothing any more.
    #[error("the store takes nothing any more")]
    Failed,
}

enum Request {
    Commit { changes: Vec<Change>, answer: oneshot::Sender<Result<Vec<Outcome>, CommitError>> },
    Close { closed: oneshot::Sender<()> },
}

/// The way to the writer; cheap to clone.
#[derive(Clone)]
pub struct Committer {
    queue: mpsc::Sender<Request>,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    failed: CancellationToken,
    /// Only the reserve was left when the last batch began.
    full: AtomicBool,
    cause: OnceLock<StoreError>,
}

impl Committer {
    /// Starts the writer's thread.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(store: Box<dyn Store>) -> std::io::Result<Self> {
        let (queue, requests) = mpsc::channel(COMMIT_QUEUE_MAX);
        let state = Arc::new(State::default());
        let writer = Writer { store, requests, state: Arc::clone(&state), commits: 0, room: Room::Enough };
        thread::Builder::new().name("store-writer".to_owned()).spawn(move || writer.run())?;
        Ok(Self { queue, state })
    }

    /// Makes `changes` durable, in one transaction with what others hand in meanwhile. One outcome for each.
    ///
    /// # Errors
    /// [`CommitError`]: then none of them is, or will be.
    ///
    /// # Cancel safety
    /// A dropped future may or may not have stored; every change may be handed in again.
    pub async fn commit(&self, changes: Vec<Change>) -> Result<Vec<Outcome>, CommitError> {
        self.hand_in(changes).await?.outcomes().await
    }

    /// Queues `changes`, after all that was handed in before; [`Pending`] is the rest of the way.
    ///
    /// # Errors
    /// [`CommitError::Failed`].
    ///
    /// # Cancel safety
    /// A dropped future has handed in nothing.
    pub async fn hand_in(&self, changes: Vec<Change>) -> Result<Pending, CommitError> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Request::Commit { changes, answer }).await.ok().ok_or(CommitError::Failed)?;
        Ok(Pending(answered))
    }

    /// [`commit`](Self::commit) of a single change.
    ///
    /// # Errors
    /// As there.
    ///
    /// # Cancel safety
    /// As there.
    pub async fn one(&self, change: Change) -> Result<Outcome, CommitError> {
        self.commit(vec![change]).await?.pop().ok_or(CommitError::Failed)
    }

    /// Is cancelled when the store has failed for good.
    #[must_use]
    pub fn failed(&self) -> &CancellationToken {
        &self.state.failed
    }

    /// Was only the reserve left of the disk when the last batch began?
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.state.full.load(Ordering::Relaxed)
    }

    /// What it failed of.
    #[must_use]
    pub fn cause(&self) -> Option<&StoreError> {
        self.state.cause.get()
    }

    /// Finishes what is queued and closes the store. What is handed in later is refused.
    ///
    /// # Cancel safety
    /// The store closes also when this is dropped.
    pub async fn close(&self) {
        let (closed, done) = oneshot::channel();
        if self.queue.send(Request::Close { closed }).await.is_ok() {
            done.await.ok();
        }
    }
}

/// Changes on their way to the disk.
pub struct Pending(oneshot::Receiver<Result<Vec<Outcome>, CommitError>>);

impl Pending {
    /// Waits until they are durable. One outcome for each.
    ///
    /// # Errors
    /// [`CommitError`]: then none of them is, or will be.
    pub async fn outcomes(self) -> Result<Vec<Outcome>, CommitError> {
        self.0.await.ok().ok_or(CommitError::Failed)?
    }
}

struct Writer {
    store: Box<dyn Store>,
    requests: mpsc::Receiver<Request>,
    state: Arc<State>,
    commits: u32,
    room: Room,
}

/// Space on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Enough,
    /// Only the reserve is left: what makes the data grow is refused.
    ReserveOnly,
}

type Waiter = (usize, oneshot::Sender<Result<Vec<Outcome>, CommitError>>);

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.requests.blocking_recv() {
            let room = self.room();
            let mut batch = Batch::default();
            batch.take(first, room);
            while batch.close.is_none() && batch.changes.len() < COMMIT_BATCH_MAX {
                let Ok(next) = self.requests.try_recv() else { break };
                batch.take(next, room);
            }
            if !batch.waiters.is_empty() {
                let outcome = self.commit(&batch.changes);
                answer(outcome, batch.waiters);
                self.tidy();
            }
            if let Some(closed) = batch.close {
                self.requests.close();
                drop(self.store);
                closed.send(()).ok();
                return;
            }
        }
    }

    /// Is there space? Says so once when it changes.
    fn room(&mut self) -> Room {
        let room = if self.store.has_room() { Room::Enough } else { Room::ReserveOnly };
        if room != self.room {
            self.room = room;
            self.state.full.store(room == Room::ReserveOnly, Ordering::Relaxed);
            match room {
                Room::Enough => info!(event = "store-has-room", "there is space on the disk again"),
                Room::ReserveOnly => warn!(event = "store-full", "the disk is nearly full: nothing new is taken in"),
            }
        }
        room
    }

    fn commit(&mut self, changes: &[Change]) -> Result<Vec<Outcome>, CommitError> {
        if self.state.failed.is_cancelled() {
            return Err(CommitError::Failed);
        }
        let begun = now();
        match self.store.commit(changes) {
            Ok(outcomes) => {
                metrics::committed(changes.len(), begun.elapsed());
                self.commits = self.commits.saturating_add(1);
                Ok(outcomes)
            }
            Err(error) => Err(self.refuse(error)),
        }
    }

    /// Only a full disk is survived: after any other error nobody knows what the disk holds.
    fn refuse(&self, error: StoreError) -> CommitError {
        metrics::commit_failed();
        if !error.is_final() {
            warn!(event = "store-full", "{error}: {}", error.remedy());
            return CommitError::Full;
        }
        error!(event = "store-failed", "{error}: {}", error.remedy());
        self.state.cause.set(error).ok();
        self.state.failed.cancel();
        CommitError::Failed
    }

    /// In an idle moment; while only the reserve is left, after every commit.
    fn tidy(&mut self) {
        let due = self.commits >= TIDY_COMMITS && self.requests.is_empty();
        if self.state.failed.is_cancelled() || (!due && self.room == Room::Enough) {
            return;
        }
        self.commits = 0;
        if let Err(error) = self.store.tidy() {
            self.refuse(error);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement for the operator; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}

/// What goes into one transaction.
#[derive(Default)]
struct Batch {
    changes: Vec<Change>,
    waiters: Vec<Waiter>,
    /// Somebody asks to close after it.
    close: Option<oneshot::Sender<()>>,
}

impl Batch {
    fn take(&mut self, request: Request, room: Room) {
        match request {
            Request::Commit { changes, answer } => {
                if room == Room::ReserveOnly && changes.iter().any(Change::grows) {
                    metrics::commit_failed();
                    answer.send(Err(CommitError::Full)).ok();
                    return;
                }
                self.waiters.push((changes.len(), answer));
                self.changes.extend(changes);
            }
            Request::Close { closed } => self.close = Some(closed),
        }
    }
}

/// Gives each waiter its part. A waiter that has gone away is no matter: what it asked for is stored.
fn answer(outcome: Result<Vec<Outcome>, CommitError>, waiters: Vec<Waiter>) {
    match outcome {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for (length, waiter) in waiters {
                waiter.send(Ok(outcomes.by_ref().take(length).collect())).ok();
            }
        }
        Err(error) => {
            for (_, waiter) in waiters {
                waiter.send(Err(error)).ok();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{View, sqlite::Sqlite, suite};

    #[tokio::test]
    async fn what_arrives_together_gets_its_own_outcomes() {
        let data = tempfile::tempdir().unwrap();
        let committer = Committer::start(Box::new(Sqlite::open(data.path()).unwrap())).unwrap();

        let many: Vec<_> = (0..100_u8)
            .map(|n| {
                let committer = committer.clone();
                async move { committer.one(Change::Deposit(suite::deposit(1, n, 20_000))).await }
            })
            .collect();
        let mut set = tokio::task::JoinSet::new();
        for one in many {
            set.spawn(one);
        }
        let outcomes = set.join_all().await;

        assert!(outcomes.into_iter().all(|o| o == Ok(Outcome::Deposit(crate::store::Deposited::Stored))));
        committer.close().await;
        assert_eq!(committer.one(Change::Purge { today: suite::day(1) }).await, Err(CommitError::Failed));
        let store = Sqlite::open(data.path()).unwrap();
        assert_eq!(store.view().unwrap().usage().unwrap().envelopes, 100);
    }

    /// A store whose disk is broken.
    struct Broken;

    impl Store for Broken {
        fn has_room(&self) -> bool {
            true
        }
        fn commit(&mut self, _batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
            Err(StoreError::Damaged("test row"))
        }
        fn tidy(&mut self) -> Result<(), StoreError> {
            Ok(())
        }
        fn view(&self) -> Result<Box<dyn View>, StoreError> {
            Err(StoreError::Closed)
        }
    }

    /// An engine on a disk of which only the reserve is left.
    struct NearlyFull(Sqlite);

    impl Store for NearlyFull {
        fn has_room(&self) -> bool {
            false
        }
        fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
            self.0.commit(batch)
        }
        fn tidy(&mut self) -> Result<(), StoreError> {
            self.0.tidy()
        }
        fn view(&self) -> Result<Box<dyn View>, StoreError> {
            self.0.view()
        }
    }

    #[tokio::test]
    async fn on_a_nearly_full_disk_nothing_is_taken_in_and_what_is_held_can_go() {
        let data = tempfile::tempdir().unwrap();
        let mut store = Sqlite::open(data.path()).unwrap();
        let held = suite::deposit(1, 1, 20_000);
        let (mailbox, digest) = (suite::mailbox(1), held.digest);
        store.commit(&[Change::Deposit(held)]).unwrap();
        let committer = Committer::start(Box::new(NearlyFull(store))).unwrap();

        let refused = committer.one(Change::Deposit(suite::deposit(1, 2, 20_000))).await;
        let settle = Change::Settle { mailbox, digest, nack: None, keep_until: suite::day(1) };

        assert_eq!(refused, Err(CommitError::Full));
        assert_eq!(committer.one(settle).await, Ok(Outcome::Settled(Some(None))));
        assert!(!committer.failed().is_cancelled());
    }

    #[tokio::test]
    async fn after_a_broken_disk_nothing_is_acknowledged_any_more() {
        let committer = Committer::start(Box::new(Broken)).unwrap();

        let first = committer.one(Change::Purge { today: suite::day(1) }).await;
        let second = committer.one(Change::Purge { today: suite::day(1) }).await;

        assert_eq!((first, second), (Err(CommitError::Failed), Err(CommitError::Failed)));
        assert!(committer.failed().is_cancelled());
        assert!(matches!(committer.cause(), Some(StoreError::Damaged(_))));
    }
}
