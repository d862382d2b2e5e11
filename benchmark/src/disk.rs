//! The physical limit: envelopes appended to one file, one fdatasync for each batch of them.

use std::{
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    time::Duration,
};

use safeconduct_certs::system::SystemEntropy;
use safeconduct_protocol::entropy::Entropy as _;

use crate::{
    envelope::ENVELOPE_BYTES,
    error::BenchError,
    measure::{Times, count, now, rate},
};

/// What one run of appends gave.
pub(crate) struct Appended {
    /// Envelopes a second.
    pub(crate) rate: f64,
    /// Write and sync of one batch.
    pub(crate) times: Times,
}

/// What the log is written to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// A file that grows: each sync makes its new length and blocks durable too.
    Growing,
    /// One whose blocks are there already, written over from its start: the sync has the data alone.
    Reused,
}

/// Bytes of a log that is used again.
const REUSED_BYTES: usize = 128 * 1024 * 1024;

/// Appends batches of `batch` envelopes for this long, to a new file in `folder` that is removed afterwards.
///
/// # Errors
/// What the disk says.
pub(crate) fn append(folder: &Path, log: Log, batch: usize, window: Duration) -> Result<Appended, BenchError> {
    let path = folder.join("raw.log");
    let mut bytes = vec![0; batch.saturating_mul(ENVELOPE_BYTES)];
    SystemEntropy.fill(&mut bytes).map_err(|_no_entropy| BenchError::Registry("no randomness".to_owned()))?;
    let failed = || format!("append to {}", path.display());
    let mut file = File::options().write(true).create_new(true).open(&path).map_err(BenchError::io(failed()))?;
    if log == Log::Reused {
        for _ in 0..REUSED_BYTES / bytes.len() {
            file.write_all(&bytes).map_err(BenchError::io(failed()))?;
        }
        file.seek(SeekFrom::Start(0)).map_err(BenchError::io(failed()))?;
    }
    settle(folder)?;
    let begun = now();
    let (mut times, mut batches, mut before) = (Times::default(), 0_usize, begun);
    while before < begun + window {
        let full = REUSED_BYTES / bytes.len();
        if log == Log::Reused && batches > 0 && batches.is_multiple_of(full) {
            file.seek(SeekFrom::Start(0)).map_err(BenchError::io(failed()))?;
        }
        file.write_all(&bytes).and_then(|()| file.sync_data()).map_err(BenchError::io(failed()))?;
        let after = now();
        times.push(after - before);
        before = after;
        batches = batches.saturating_add(1);
    }
    let appended = Appended { rate: rate(count(batches.saturating_mul(batch)), before - begun), times };
    drop(file);
    remove(&path)?;
    Ok(appended)
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
