//! The physical limit: envelopes appended to one file, one fdatasync for each batch of them.

use std::{
    fs::{self, File},
    io::{Seek as _, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use safeconduct_certs::system::SystemEntropy;
use safeconduct_protocol::entropy::Entropy as _;

use crate::{
    envelope::ENVELOPE_BYTES,
    error::BenchError,
    measure::{Times, count, now, rate},
};

/// What the log is written to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Growth {
    /// A file that grows: each sync makes its new length and blocks durable too.
    Growing,
    /// One whose blocks are there already, written over from its start: the sync has the data alone.
    Reused,
}

/// Bytes of a log that is used again.
const REUSED_BYTES: usize = 128 * 1024 * 1024;

/// A raw log of envelopes that are appended in batches of one size.
pub(crate) struct RawLog {
    file: File,
    path: PathBuf,
    growth: Growth,
    batch: usize,
    bytes: Vec<u8>,
    batches: usize,
    took: Duration,
    times: Times,
}

impl RawLog {
    /// A new file in `folder`, for batches of `batch` envelopes of random bytes.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn new(folder: &Path, growth: Growth, batch: usize) -> Result<Self, BenchError> {
        let name = if growth == Growth::Growing { "growing" } else { "reused" };
        let path = folder.join(format!("raw-{name}-{batch}"));
        let mut bytes = vec![0; batch.saturating_mul(ENVELOPE_BYTES)];
        SystemEntropy.fill(&mut bytes).map_err(|_no_entropy| BenchError::Registry("no randomness".to_owned()))?;
        let file =
            File::options().write(true).create_new(true).open(&path).map_err(BenchError::io("make a raw log"))?;
        let (times, took) = (Times::default(), Duration::ZERO);
        let mut log = Self { file, path, growth, batch, bytes, batches: 0, took, times };
        if growth == Growth::Reused {
            let fill = (0..log.places()).try_for_each(|_| log.file.write_all(&log.bytes));
            fill.and_then(|()| log.file.rewind()).map_err(BenchError::io("fill a raw log"))?;
        }
        settle(folder)?;
        Ok(log)
    }

    /// Batches of a log that is used again.
    const fn places(&self) -> usize {
        REUSED_BYTES / self.bytes.len()
    }

    /// Appends for this long, one fdatasync for each batch.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn append(&mut self, window: Duration) -> Result<(), BenchError> {
        let begun = now();
        let mut before = begun;
        while before < begun + window {
            if self.growth == Growth::Reused && self.batches.is_multiple_of(self.places()) {
                self.file.rewind().map_err(BenchError::io("rewind a raw log"))?;
            }
            let written = self.file.write_all(&self.bytes).and_then(|()| self.file.sync_data());
            written.map_err(BenchError::io("append to a raw log"))?;
            let after = now();
            self.times.push(after - before);
            before = after;
            self.batches = self.batches.saturating_add(1);
        }
        self.took = self.took.saturating_add(before - begun);
        Ok(())
    }

    /// Removes the file: envelopes a second, and the median time of a batch in microseconds.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn end(self) -> Result<(f64, f64), BenchError> {
        drop(self.file);
        remove(&self.path)?;
        let envelopes = count(self.batches.saturating_mul(self.batch));
        Ok((rate(envelopes, self.took), self.times.spread().p50_us))
    }
}

/// Removes a file and lets the file system forget it now, not during the next measurement.
fn remove(path: &Path) -> Result<(), BenchError> {
    fs::remove_file(path).map_err(BenchError::io("remove the raw log"))?;
    settle(path.parent().unwrap_or(path))
}

/// Waits until the disk has nothing left to do.
pub(crate) fn settle(folder: &Path) -> Result<(), BenchError> {
    let folder = File::open(folder).map_err(BenchError::io("open the folder"))?;
    rustix::fs::syncfs(&folder).map_err(|error| BenchError::io("sync the file system")(error.into()))
}
