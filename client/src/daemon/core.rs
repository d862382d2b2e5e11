//! The core thread: owns the open vault, and does one thing after another. SQLite and Argon2 block, so they live here and
//! not among the asynchronous tasks.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio::sync::{mpsc, oneshot};

use super::Node;
use crate::error::Told;

/// Things waiting for the core thread; who comes when it is full waits.
const JOBS_MAX: usize = 256;

type Job = Box<dyn FnOnce(&mut Node) + Send>;

/// A handle to the core thread. It ends when the last handle is gone.
#[derive(Clone)]
pub struct Core {
    jobs: mpsc::Sender<Job>,
}

/// The running thread. Who drops it waits until the vault is closed: the process must not end meanwhile, for the library that
/// encrypts the vault is taken down with it.
pub struct CoreThread {
    thread: Option<thread::JoinHandle<()>>,
    /// Nothing more is done, though there are handles.
    ending: Arc<AtomicBool>,
    jobs: mpsc::WeakSender<Job>,
}

impl Core {
    /// Starts the thread; it opens the vault itself, and this returns when that is done.
    ///
    /// # Errors
    /// What `open` says.
    pub fn start(open: impl FnOnce() -> Result<Node, Told> + Send + 'static) -> Result<(Self, CoreThread), Told> {
        let (jobs, waiting) = mpsc::channel::<Job>(JOBS_MAX);
        let (opened, whether) = std::sync::mpsc::sync_channel(1);
        let ending = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&ending);
        let body = move || match open() {
            Ok(node) => {
                opened.send(Ok(())).ok();
                work(node, waiting, &until);
            }
            Err(told) => {
                opened.send(Err(told)).ok();
            }
        };
        let thread = thread::Builder::new().name("core".to_owned()).spawn(body).map_err(|error| {
            Told::not_ready("no-thread", format!("the system gives no thread: {}", error.kind()), "try again")
        })?;
        let opened = whether.recv().unwrap_or_else(|_gone| Err(gone()));
        if let Err(told) = opened {
            thread.join().ok();
            return Err(told);
        }
        let thread = CoreThread { thread: Some(thread), ending, jobs: jobs.downgrade() };
        Ok((Self { jobs }, thread))
    }

    /// The same without a thread of its own: the vault is worked on wherever the future is polled, which ends as the thread would. For
    /// the simulator (`tests/sim`), where everything is one thread.
    pub fn on_this_thread(node: Node) -> (Self, impl Future<Output = ()> + Send) {
        let (jobs, mut waiting) = mpsc::channel::<Job>(JOBS_MAX);
        let work = async move {
            let mut node = node;
            while let Some(job) = waiting.recv().await {
                job(&mut node);
            }
        };
        (Self { jobs }, work)
    }

    /// Does `job` on the core thread and returns what it says.
    ///
    /// # Errors
    /// What the job says; `core-gone` when the thread has ended.
    ///
    /// # Cancel safety
    /// A dropped future may have been done all the same.
    pub async fn call<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Node) -> Result<T, Told> + Send + 'static,
    ) -> Result<T, Told> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |node| {
            answer.send(job(node)).ok();
        });
        self.jobs.send(job).await.map_err(|_closed| gone())?;
        answered.await.unwrap_or_else(|_dropped| Err(gone()))
    }
}

impl Core {
    /// Waits until the thread has ended, which it does before its handles are gone only when it panicked.
    pub async fn ended(&self) {
        self.jobs.closed().await;
    }
}

impl CoreThread {
    /// Waits until the thread has done what was asked and closed the vault. All handles must be gone.
    ///
    /// # Errors
    /// `core-gone` when it panicked.
    pub fn join(mut self) -> Result<(), Told> {
        self.thread.take().map_or(Ok(()), thread::JoinHandle::join).map_err(|_panic| gone())
    }
}

impl Drop for CoreThread {
    fn drop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.ending.store(true, Ordering::Release);
        // Wakes it; when it has too much to do for that, it is awake.
        if let Some(jobs) = self.jobs.upgrade() {
            jobs.try_send(Box::new(|_node| ())).ok();
        }
        thread.join().ok();
    }
}

fn work(mut node: Node, mut waiting: mpsc::Receiver<Job>, ending: &AtomicBool) {
    while let Some(job) = waiting.blocking_recv() {
        if ending.load(Ordering::Acquire) {
            return;
        }
        job(&mut node);
    }
}

fn gone() -> Told {
    Told::not_ready("core-gone", "the daemon is shutting down", "start it again with `safeconduct daemon`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::Config,
        testing::{self, Seeded},
    };

    #[tokio::test]
    async fn a_panic_on_the_core_thread_is_told_to_who_waits() {
        let dir = tempfile::tempdir().unwrap();
        let vault = testing::vault(dir.path(), &mut Seeded::new(3));
        let (core, thread) = Core::start(move || Node::of(vault, Config::default())).unwrap();

        let refused = core.call(|_node| -> Result<(), Told> { panic!("a job of this test") }).await.err().unwrap();
        core.ended().await;

        assert_eq!(refused.code, "core-gone");
        assert!(core.call(|_node| Ok(())).await.is_err() && thread.join().is_err());
    }

    #[tokio::test]
    async fn who_drops_the_thread_waits_until_the_vault_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let vault = testing::vault(dir.path(), &mut Seeded::new(3));
        let (core, thread) = Core::start(move || Node::of(vault, Config::default())).unwrap();
        let closed = Arc::new(());
        let until = Arc::clone(&closed);
        // Part of a job that is not done any more: gone with the thread.
        core.jobs.try_send(Box::new(|_node| thread::sleep(core::time::Duration::from_millis(50)))).unwrap();
        core.jobs.try_send(Box::new(move |_node| drop(until))).unwrap();

        drop(thread);

        assert_eq!(Arc::strong_count(&closed), 1);
        assert_eq!(core.call(|_node| Ok(())).await.unwrap_err().code, "core-gone");
    }
}
