//! SQLite's way to files, recorded into a trace. The real files are SQLite's `unix` ones, locks and shared memory
//! (`-shm`) with them, so that several connections work as ever.
//!
//! What differs from `unix`: nothing is really synced, since the trace decides what a crash leaves; memory-mapped
//! reading and allocation in chunks are not offered; a named file outside of the root is refused; temporary files pass
//! unrecorded. A new journal or log brings a sync of its folder with its first sync, as with `unix`, which also makes
//! removals before it durable.
//!
//! The names of SQLite's files say what they are: `x` the database, `x-wal`, `x-journal`.

mod shim;

use std::cell::Cell;
use std::ffi::c_int;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::ffi;

use crate::trace::{Change, Fault, FileId, FirstSync, Refused, Trace};

/// A registration with SQLite. Open with `Connection::open_with_flags_and_vfs(path, flags, vfs.name())`.
///
/// When it is dropped, its name is no longer known and the trace is no longer held by it. Connections that are still
/// open go on and are recorded. SQLite may keep its pointer to a file layer as long as a connection lives, which this
/// crate cannot see, so about 300 bytes of each registration are never freed: a test process makes thousands at most.
#[derive(Debug)]
pub struct FaultVfs {
    name: String,
    registered: shim::Registered,
    /// The layer itself holds the trace weakly.
    trace: Trace,
}

impl FaultVfs {
    /// Registers a file layer over `trace` under a name that was never used in this process.
    ///
    /// # Errors
    /// `Other` if SQLite refuses, which it does only without memory or without its `unix` layer.
    pub fn register(trace: &Trace) -> io::Result<Self> {
        static REGISTERED_EVER: AtomicU64 = AtomicU64::new(0);
        let name = format!("safeconduct-faults-{}", REGISTERED_EVER.fetch_add(1, Ordering::Relaxed));
        let registered = shim::register(&name, trace.downgrade())?;
        Ok(Self { name, registered, trace: trace.clone() })
    }

    /// The name to open connections with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The record.
    #[must_use]
    pub const fn trace(&self) -> &Trace {
        &self.trace
    }
}

impl Drop for FaultVfs {
    fn drop(&mut self) {
        self.registered.unregister();
    }
}

/// What the shim keeps of an open file that is recorded.
struct Traced {
    trace: Trace,
    file: FileId,
    /// The folder to sync with the first sync.
    folder: Cell<Option<PathBuf>>,
}

/// A step of the real file layer: `SQLITE_OK` or its error.
fn checked(code: c_int) -> Result<(), c_int> {
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

/// The code for SQLite; `eio` is the one for an `EIO`.
fn code(done: Result<(), Refused<c_int>>, eio: c_int) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(Refused::Real(code)) => code,
        Err(Refused::Injected(Fault::Eio)) => eio,
        Err(Refused::Injected(Fault::Enospc | Fault::ShortWrite { .. })) => ffi::SQLITE_FULL,
    }
}

/// Whether `xOpen` with these flags opens what a crash must leave.
const fn is_state(flags: c_int) -> bool {
    let passing = ffi::SQLITE_OPEN_DELETEONCLOSE
        | ffi::SQLITE_OPEN_TEMP_DB
        | ffi::SQLITE_OPEN_TRANSIENT_DB
        | ffi::SQLITE_OPEN_TEMP_JOURNAL
        | ffi::SQLITE_OPEN_SUBJOURNAL;
    flags & passing == 0
}

/// `xOpen` of a file that is recorded.
fn open(trace: Trace, path: &Path, flags: c_int, real: impl FnOnce() -> c_int) -> Result<Traced, c_int> {
    let path = trace.relative(path).ok_or(ffi::SQLITE_CANTOPEN)?;
    let creates = flags & ffi::SQLITE_OPEN_CREATE != 0;
    let opened = trace.open(&path, creates.then_some(FirstSync::OfFile), || checked(real()));
    let file = match opened {
        Ok((file, ())) => file,
        Err(refused) => return Err(code(Err(refused), ffi::SQLITE_CANTOPEN)),
    };
    let journals = ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL;
    let folder = if creates && flags & journals != 0 { path.parent().map(Path::to_owned) } else { None };
    Ok(Traced { trace, file, folder: Cell::new(folder) })
}

/// `xDelete`.
fn delete(trace: &Trace, path: &Path, sync_dir: bool, real: impl FnOnce() -> c_int) -> c_int {
    let Some(path) = trace.relative(path) else { return ffi::SQLITE_IOERR_DELETE };
    let removed = code(trace.remove(&path, || checked(real())), ffi::SQLITE_IOERR_DELETE);
    if removed != ffi::SQLITE_OK || !sync_dir {
        return removed;
    }
    let synced = path.parent().map_or(Ok(()), |folder| trace.sync_dir(folder));
    code(synced.map_err(Refused::Injected), ffi::SQLITE_IOERR_DIR_FSYNC)
}

impl Traced {
    /// `xWrite`; `real` writes these bytes at this offset.
    fn write(&self, bytes: &[u8], offset: i64, real: impl FnOnce(&[u8]) -> c_int) -> c_int {
        let make = || {
            let offset = u64::try_from(offset).map_err(|_negative| ffi::SQLITE_IOERR_WRITE)?;
            Ok(Change::Write { offset, bytes: bytes.into() })
        };
        let written = self.trace.change(self.file, make, |change| match change {
            Change::Write { bytes, .. } => checked(real(bytes)),
            Change::Truncate { .. } | Change::Punch { .. } => Err(ffi::SQLITE_INTERNAL),
        });
        code(written, ffi::SQLITE_IOERR_WRITE)
    }

    /// `xTruncate`.
    fn truncate(&self, len: i64, real: impl FnOnce() -> c_int) -> c_int {
        let make = || {
            let len = u64::try_from(len).map_err(|_negative| ffi::SQLITE_IOERR_TRUNCATE)?;
            Ok(Change::Truncate { len })
        };
        code(self.trace.change(self.file, make, |_| checked(real())), ffi::SQLITE_IOERR_TRUNCATE)
    }

    /// `xSync`.
    fn sync(&self) -> c_int {
        if let Err(fault) = self.trace.sync(self.file) {
            return code(Err(Refused::Injected(fault)), ffi::SQLITE_IOERR_FSYNC);
        }
        if let Some(folder) = self.folder.take() {
            // `unix` does not say if this fails.
            self.trace.sync_dir_unasked(&folder);
        }
        ffi::SQLITE_OK
    }
}
