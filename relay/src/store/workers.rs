//! Where the store's work is done: on threads, which wait for the disk so that nobody else does; or, for the simulator
//! (`tests/sim`), in tasks of the one thread that everything runs on, so that a seed decides the order of all things.

use std::{sync::Arc, time::Duration};

/// How long the disk takes for a commit.
pub type Latency = Arc<dyn Fn() -> Duration + Send + Sync>;

/// Who waits for the disk.
#[derive(Clone, Default)]
pub enum Workers {
    /// Threads of their own.
    #[default]
    Threads,
    /// Tasks of the runtime, with a disk as slow as this.
    Tasks(Latency),
}

impl Workers {
    /// Does something that waits for the disk; none when it panicked.
    pub(crate) async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        match self {
            Self::Threads => tokio::task::spawn_blocking(work).await.ok(),
            Self::Tasks(_) => Some(work()),
        }
    }
}
