//! Reads on their own threads, each with a view of its own, so that a delivery never waits for a commit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::sync::{mpsc, oneshot};
use tracing::error;

use super::{StoreError, View, workers::Workers};
use crate::limits::READ_QUEUE_MAX;

type Job = Box<dyn FnOnce(&dyn View) + Send>;

/// The way to the readers; cheap to clone.
#[derive(Clone)]
pub struct Reader {
    queues: Arc<[mpsc::Sender<Job>]>,
    next: Arc<AtomicUsize>,
}

impl Reader {
    /// Starts one thread for each view.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn start(views: Vec<Box<dyn View>>) -> std::io::Result<Self> {
        Self::start_on(&Workers::Threads, views)
    }

    /// The same, on these workers.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_on(workers: &Workers, views: Vec<Box<dyn View>>) -> std::io::Result<Self> {
        let mut queues = Vec::with_capacity(views.len());
        for view in views {
            let (queue, mut jobs) = mpsc::channel::<Job>(READ_QUEUE_MAX);
            match workers {
                Workers::Threads => {
                    let read = move || {
                        while let Some(job) = jobs.blocking_recv() {
                            job(view.as_ref());
                        }
                    };
                    drop(thread::Builder::new().name("store-reader".to_owned()).spawn(read)?);
                }
                #[expect(clippy::disallowed_methods, reason = "it ends with the last handle, as the thread does")]
                Workers::Tasks(_) => drop(tokio::spawn(async move {
                    while let Some(job) = jobs.recv().await {
                        job(view.as_ref());
                    }
                })),
            }
            queues.push(queue);
        }
        Ok(Self { queues: queues.into(), next: Arc::new(AtomicUsize::new(0)) })
    }

    /// Runs `read` on a reader's thread.
    ///
    /// # Errors
    /// What `read` gives, or [`StoreError::Closed`].
    ///
    /// # Cancel safety
    /// Safe: reads change nothing.
    pub async fn ask<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn View) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |view| {
            answer.send(read(view)).ok();
        });
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let queue = turn.checked_rem(self.queues.len()).and_then(|at| self.queues.get(at)).ok_or(StoreError::Closed)?;
        queue.send(job).await.ok().ok_or(StoreError::Closed)?;
        let result = answered.await.ok().ok_or(StoreError::Closed)?;
        if let Err(error) = &result {
            error!(event = "store-read-failed", "{error}: {}", error.remedy());
        }
        result
    }
}
