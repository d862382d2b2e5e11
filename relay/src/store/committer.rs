//! Group commit: one thread owns each half's writer, and everything that arrives while one transaction is synced goes
//! into the next, from each sender its turn.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::{
    Change, Outcome, Part, Store, StoreError,
    disk::{Disk as _, Space, SystemDisk},
    workers::{Latency, Workers},
};
use crate::{
    limits::{COMMIT_BATCH_BYTES_MAX, COMMIT_BATCH_MAX, COMMIT_QUEUE_MAX, COMMIT_SHARE, TIDY_COMMITS},
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

/// Who hands something in: a session's number, or 0 for the relay itself. Only to share the disk fairly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Source(pub u64);

impl Source {
    /// The relay itself.
    pub const RELAY: Self = Self(0);
}

struct Request {
    source: Source,
    changes: Vec<Change>,
    answer: oneshot::Sender<Result<Vec<Outcome>, CommitError>>,
}

/// The way to the two writers; cheap to clone.
#[derive(Clone)]
pub struct Committer {
    journal: mpsc::Sender<Message>,
    desk: mpsc::Sender<Message>,
    data: Option<PathBuf>,
    state: Arc<State>,
}

enum Message {
    Commit(Request),
    Close { closed: oneshot::Sender<()> },
}

#[derive(Default)]
struct State {
    failed: CancellationToken,
    /// Only the reserve was left when the last batch began.
    full: AtomicBool,
    cause: OnceLock<StoreError>,
}

impl Committer {
    /// Starts a thread for each half of the store.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(journal: Box<dyn Store>, desk: Box<dyn Store>) -> std::io::Result<Self> {
        Self::start_on(&Workers::Threads, journal, desk)
    }

    /// The same, on these workers.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_on(workers: &Workers, journal: Box<dyn Store>, desk: Box<dyn Store>) -> std::io::Result<Self> {
        let state = Arc::new(State::default());
        let data = journal.data().map(Path::to_owned);
        Ok(Self {
            data,
            journal: Writer::start(workers, "store-journal", Part::Journal, journal, &state)?,
            desk: Writer::start(workers, "store-desk", Part::Desk, desk, &state)?,
            state,
        })
    }

    /// Makes `changes` of one half durable, in one transaction with what others hand in meanwhile. One outcome for each.
    ///
    /// # Errors
    /// [`CommitError`]: then none of them is, or will be.
    ///
    /// # Cancel safety
    /// A dropped future may or may not have stored; every change may be handed in again.
    pub async fn commit(&self, source: Source, changes: Vec<Change>) -> Result<Vec<Outcome>, CommitError> {
        self.hand_in(source, changes).await?.outcomes().await
    }

    /// Queues `changes`, after all that the same source handed in before; [`Pending`] is the rest of the way.
    ///
    /// # Errors
    /// [`CommitError::Failed`].
    ///
    /// # Cancel safety
    /// A dropped future has handed in nothing.
    pub async fn hand_in(&self, source: Source, changes: Vec<Change>) -> Result<Pending, CommitError> {
        let (answer, answered) = oneshot::channel();
        let queue = match changes.first().map(Change::part) {
            Some(Part::Desk) => &self.desk,
            Some(Part::Journal) | None => &self.journal,
        };
        queue.send(Message::Commit(Request { source, changes, answer })).await.ok().ok_or(CommitError::Failed)?;
        Ok(Pending(answered))
    }

    /// [`commit`](Self::commit) of a single change.
    ///
    /// # Errors
    /// As there.
    ///
    /// # Cancel safety
    /// As there.
    pub async fn one(&self, source: Source, change: Change) -> Result<Outcome, CommitError> {
        self.commit(source, vec![change]).await?.pop().ok_or(CommitError::Failed)
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

    /// Requests that wait for the journal, and for the desk.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        let waiting = |queue: &mpsc::Sender<Message>| queue.max_capacity().saturating_sub(queue.capacity());
        (waiting(&self.journal), waiting(&self.desk))
    }

    /// What is left on the store's file system.
    #[must_use]
    pub fn space(&self) -> Option<Space> {
        SystemDisk.space(self.data.as_deref()?)
    }

    /// Finishes what is queued and closes the store. What is handed in later is refused.
    ///
    /// # Cancel safety
    /// The store closes also when this is dropped.
    pub async fn close(&self) {
        for queue in [&self.journal, &self.desk] {
            let (closed, done) = oneshot::channel();
            if queue.send(Message::Close { closed }).await.is_ok() {
                done.await.ok();
            }
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
    ///
    /// # Cancel safety
    /// Safe: may be asked again, until it has answered.
    pub async fn outcomes(&mut self) -> Result<Vec<Outcome>, CommitError> {
        (&mut self.0).await.ok().ok_or(CommitError::Failed)?
    }

    /// The same, if they are durable already.
    pub fn ready(&mut self) -> Option<Result<Vec<Outcome>, CommitError>> {
        match self.0.try_recv() {
            Ok(outcomes) => Some(outcomes),
            Err(oneshot::error::TryRecvError::Empty) => None,
            Err(oneshot::error::TryRecvError::Closed) => Some(Err(CommitError::Failed)),
        }
    }
}

struct Writer {
    part: Part,
    store: Box<dyn Store>,
    messages: mpsc::Receiver<Message>,
    lanes: Lanes,
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
    fn start(
        workers: &Workers,
        name: &str,
        part: Part,
        store: Box<dyn Store>,
        state: &Arc<State>,
    ) -> std::io::Result<mpsc::Sender<Message>> {
        let (queue, messages) = mpsc::channel(COMMIT_QUEUE_MAX);
        let state = Arc::clone(state);
        let writer = Self { part, store, messages, lanes: Lanes::default(), state, commits: 0, room: Room::Enough };
        match workers {
            Workers::Threads => drop(thread::Builder::new().name(name.to_owned()).spawn(move || writer.run())?),
            #[expect(clippy::disallowed_methods, reason = "it ends with the last handle, as the thread does")]
            Workers::Tasks(latency) => drop(tokio::spawn(writer.run_as_task(Arc::clone(latency)))),
        }
        Ok(queue)
    }

    fn run(mut self) {
        loop {
            let first = if self.lanes.waiting == 0 { Some(self.messages.blocking_recv()) } else { None };
            match self.round(first) {
                Some(writer) => self = writer,
                None => return,
            }
        }
    }

    /// The same without a thread. A commit takes so long, and what arrives meanwhile goes into it.
    async fn run_as_task(mut self, latency: Latency) {
        loop {
            let first = if self.lanes.waiting == 0 { Some(self.messages.recv().await) } else { None };
            tokio::time::sleep(latency()).await;
            match self.round(first) {
                Some(writer) => self = writer,
                None => return,
            }
        }
    }

    /// One batch of what has come; the last ones, when it is closed. None when it is over.
    fn round(mut self, first: Option<Option<Message>>) -> Option<Self> {
        let closing = match self.gather(first) {
            Gathered::Requests => None,
            Gathered::Closing(closed) => Some(closed),
            Gathered::Over => return None,
        };
        while self.lanes.waiting > 0 {
            self.batch();
            if closing.is_none() {
                break;
            }
        }
        let Some(closed) = closing else { return Some(self) };
        self.messages.close();
        drop(self.store);
        closed.send(()).ok();
        None
    }

    /// Takes in what has arrived, `first` what was waited for.
    fn gather(&mut self, first: Option<Option<Message>>) -> Gathered {
        match first {
            Some(Some(Message::Commit(request))) => self.lanes.put(request),
            Some(Some(Message::Close { closed })) => return Gathered::Closing(closed),
            Some(None) => return Gathered::Over,
            None => {}
        }
        while self.lanes.waiting < COMMIT_QUEUE_MAX {
            match self.messages.try_recv() {
                Ok(Message::Commit(request)) => self.lanes.put(request),
                Ok(Message::Close { closed }) => return Gathered::Closing(closed),
                Err(_) => break,
            }
        }
        Gathered::Requests
    }

    /// One transaction.
    fn batch(&mut self) {
        let room = self.room();
        let mut changes = Vec::new();
        let mut waiters = Vec::new();
        for request in self.lanes.next_batch() {
            if room == Room::ReserveOnly && request.changes.iter().any(Change::grows) {
                metrics::commit_failed();
                request.answer.send(Err(CommitError::Full)).ok();
                continue;
            }
            waiters.push((request.changes.len(), request.answer));
            changes.extend(request.changes);
        }
        if !waiters.is_empty() {
            let outcome = self.commit(&changes);
            answer(outcome, waiters);
            self.tidy();
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
        let begun = metrics::now();
        match self.store.commit(changes) {
            Ok(outcomes) => {
                metrics::committed(self.part, changes.len(), begun.elapsed());
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
        let due = self.commits >= TIDY_COMMITS && self.messages.is_empty();
        if self.state.failed.is_cancelled() || (!due && self.room == Room::Enough) {
            return;
        }
        self.commits = 0;
        if let Err(error) = self.store.tidy() {
            self.refuse(error);
        }
    }
}

enum Gathered {
    Requests,
    Closing(oneshot::Sender<()>),
    Over,
}

/// What waits, by who handed it in.
#[derive(Default)]
struct Lanes {
    lanes: BTreeMap<Source, VecDeque<Request>>,
    waiting: usize,
    /// Who was in the last batch.
    before: BTreeSet<Source>,
}

impl Lanes {
    fn put(&mut self, request: Request) {
        self.waiting = self.waiting.saturating_add(1);
        self.lanes.entry(request.source).or_default().push_back(request);
    }

    /// Takes from each in turn, each in its own order, until the batch is large enough. With somebody who was not in the
    /// last batch, the others have only a share of this one: it is written the sooner.
    fn next_batch(&mut self) -> Vec<Request> {
        let has_newcomer = self.lanes.keys().any(|source| !self.before.contains(source));
        let rounds = if has_newcomer && self.lanes.len() > 1 { COMMIT_SHARE } else { COMMIT_BATCH_MAX };
        self.before = self.lanes.keys().copied().collect();
        let (mut batch, mut changes, mut bytes, mut round) = (Vec::new(), 0_usize, 0_usize, 0_usize);
        while self.waiting > 0 && round < rounds {
            round = round.saturating_add(1);
            for lane in self.lanes.values_mut() {
                let Some(request) = lane.pop_front() else { continue };
                self.waiting = self.waiting.saturating_sub(1);
                changes = changes.saturating_add(request.changes.len());
                bytes = request.changes.iter().map(Change::weight).fold(bytes, usize::saturating_add);
                batch.push(request);
                if changes >= COMMIT_BATCH_MAX || bytes >= COMMIT_BATCH_BYTES_MAX {
                    round = rounds;
                    break;
                }
            }
        }
        self.lanes.retain(|_, lane| !lane.is_empty());
        batch
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
    use crate::{
        limits::Quotas,
        store::{Deposited, Engine, View, disk::SystemDisk, suite},
    };

    fn engine(data: &Path) -> Engine {
        Engine::open(Arc::new(SystemDisk), data, Quotas::default()).unwrap()
    }

    fn start(engine: Engine) -> Committer {
        Committer::start(Box::new(engine.journal), Box::new(engine.desk)).unwrap()
    }

    #[tokio::test]
    async fn what_arrives_together_gets_its_own_outcomes() {
        let data = tempfile::tempdir().unwrap();
        let committer = start(engine(data.path()));

        let mut set = tokio::task::JoinSet::new();
        for n in 0..100_u8 {
            let committer = committer.clone();
            set.spawn(async move {
                let source = Source(u64::from(n % 7));
                committer.one(source, Change::Deposit(suite::deposit(1, n, 20_000))).await
            });
        }
        let outcomes = set.join_all().await;

        assert!(outcomes.into_iter().all(|o| o == Ok(Outcome::Deposit(Deposited::Stored))));
        committer.close().await;
        let purge = Change::Purge { today: suite::day(1) };
        assert_eq!(committer.one(Source::RELAY, purge).await, Err(CommitError::Failed));
        assert_eq!(engine(data.path()).view().unwrap().usage().unwrap().envelopes, 100);
    }

    fn request(source: u64, n: u8) -> Request {
        let changes = vec![Change::Deposit(suite::deposit(1, n, 20_000))];
        Request { source: Source(source), changes, answer: oneshot::channel().0 }
    }

    #[test]
    fn each_sender_has_its_turn_in_its_own_order_and_a_newcomer_makes_the_batch_small() {
        let mut lanes = Lanes::default();
        (0..100).for_each(|n| lanes.put(request(1, n)));
        assert_eq!(lanes.next_batch().len(), 100, "alone, it has the whole batch");

        (0..100).for_each(|n| lanes.put(request(1, n)));
        lanes.put(request(2, 200));
        let with_newcomer: Vec<_> = lanes.next_batch().iter().map(|request| request.source.0).collect();
        (0..50).for_each(|n| lanes.put(request(2, n)));
        let together = lanes.next_batch();

        assert_eq!(with_newcomer.len(), COMMIT_SHARE + 1);
        assert_eq!(with_newcomer[..3], [1, 2, 1]);
        assert_eq!(together.len(), 100 - COMMIT_SHARE + 50);
        let firsts = |source| {
            let of = together.iter().filter(move |request| request.source == Source(source));
            of.map(|request| {
                let Change::Deposit(deposit) = &request.changes[0] else { panic!() };
                deposit.bytes[0]
            })
        };
        assert!(firsts(1).eq(8..100) && firsts(2).eq(0..50));
        assert_eq!(lanes.waiting, 0);
    }

    #[test]
    fn a_batch_ends_at_its_bytes() {
        let mut lanes = Lanes::default();
        (0..3).for_each(|_| (0..200).for_each(|n| lanes.put(request(1, n))));

        assert_eq!(lanes.next_batch().len(), COMMIT_BATCH_BYTES_MAX / 16_384);
        assert_eq!(lanes.waiting, 600 - COMMIT_BATCH_BYTES_MAX / 16_384);
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
    struct NearlyFull<S>(S);

    impl<S: Store> Store for NearlyFull<S> {
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
        let mut engine = engine(data.path());
        let held = suite::deposit(1, 1, 20_000);
        let (mailbox, digest) = (suite::mailbox(1), held.digest);
        engine.commit(&[Change::Deposit(held)]).unwrap();
        let (journal, desk) = (NearlyFull(engine.journal), NearlyFull(engine.desk));
        let committer = Committer::start(Box::new(journal), Box::new(desk)).unwrap();

        let refused = committer.one(Source(1), Change::Deposit(suite::deposit(1, 2, 20_000))).await;
        let settle = Change::Settle { mailbox, digest, nack: None, keep_until: suite::day(1) };

        assert_eq!(refused, Err(CommitError::Full));
        assert_eq!(committer.one(Source(1), settle).await, Ok(Outcome::Settled(Some(None))));
        assert!(!committer.failed().is_cancelled());
    }

    #[tokio::test]
    async fn after_a_broken_disk_nothing_is_acknowledged_any_more() {
        let committer = Committer::start(Box::new(Broken), Box::new(Broken)).unwrap();

        let first = committer.one(Source::RELAY, Change::Purge { today: suite::day(1) }).await;
        let second = committer.one(Source::RELAY, Change::ProbeJournal).await;

        assert_eq!((first, second), (Err(CommitError::Failed), Err(CommitError::Failed)));
        assert!(committer.failed().is_cancelled());
        assert!(matches!(committer.cause(), Some(StoreError::Damaged(_))));
    }
}
