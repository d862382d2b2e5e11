//! Time: tokio's, which stands still while something is to be done and then leaps to what is due next; and on top of it each
//! machine's own clock, which may be wrong.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use safeconduct_protocol::time::{Clock, Timestamp};
use tokio::time::Instant;

/// When every simulation begins: an hour after the template, in the days for which the samples are written.
pub(crate) const BEGIN: Timestamp = Timestamp(1_780_315_200);

/// The time that all machines would have if their clocks were right.
#[derive(Clone)]
pub(crate) struct TrueTime {
    began: Instant,
    base: Timestamp,
    /// Seconds in which nothing was done by anybody.
    skipped: Arc<AtomicU64>,
}

impl TrueTime {
    pub(crate) fn from(base: Timestamp) -> Self {
        Self { began: Instant::now(), base, skipped: Arc::default() }
    }

    /// Lets so many seconds pass at once for all machines, as when all of them were suspended.
    pub(crate) fn skip(&self, seconds: u64) {
        self.skipped.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.base.after(self.began.elapsed().as_secs()).after(self.skipped.load(Ordering::Relaxed))
    }

    /// Milliseconds since the beginning, skipped ones left out: for the story.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The clock of one machine.
pub(crate) struct MachineClock {
    time: TrueTime,
    /// Seconds that it is ahead.
    ahead: AtomicI64,
}

impl MachineClock {
    pub(crate) fn right(time: &TrueTime) -> Arc<Self> {
        Arc::new(Self { time: time.clone(), ahead: AtomicI64::new(0) })
    }

    /// Sets how far ahead it is, or behind.
    pub(crate) fn set_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::Relaxed);
    }
}

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.time.now().0.saturating_add_signed(self.ahead.load(Ordering::Relaxed)))
    }
}
