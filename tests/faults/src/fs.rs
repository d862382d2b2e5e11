//! A store's own files, such as logs that it appends to: real files, recorded into a trace.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::FallocateFlags;
use rustix::io::Errno;

use crate::trace::{Change, Fault, FileId, FirstSync, Refused, Trace};

/// The files below the root of a trace. Paths are below the root, or absolute and in it. A clone is the same folder.
#[derive(Clone, Debug)]
pub struct Files {
    trace: Trace,
}

/// An open file. Whatever is renamed, it stays this file; once it is removed, nothing of it is recorded. A clone is the
/// same open file; several threads may use it.
#[derive(Clone, Debug)]
pub struct FaultFile {
    trace: Trace,
    file: Arc<File>,
    id: FileId,
}

impl Files {
    /// The files below the root of `trace`.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        Self { trace: trace.clone() }
    }

    fn below(&self, path: &Path) -> io::Result<PathBuf> {
        self.trace.relative(path).ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// Creates `path`, whose name is durable from `first_sync` on.
    ///
    /// # Errors
    /// `AlreadyExists`; an injected `EIO` or `ENOSPC`; what the file system gives.
    pub fn create(&self, path: impl AsRef<Path>, first_sync: FirstSync) -> io::Result<FaultFile> {
        self.open_by(path.as_ref(), Some(first_sync), |options| options.create_new(true))
    }

    /// Opens `path` to be read and written.
    ///
    /// # Errors
    /// `NotFound`; what the file system gives.
    pub fn open(&self, path: impl AsRef<Path>) -> io::Result<FaultFile> {
        self.open_by(path.as_ref(), None, |options| options)
    }

    /// Opens `path`, and creates it if it is not there.
    ///
    /// # Errors
    /// An injected `EIO` or `ENOSPC`; what the file system gives.
    pub fn open_or_create(&self, path: impl AsRef<Path>, first_sync: FirstSync) -> io::Result<FaultFile> {
        self.open_by(path.as_ref(), Some(first_sync), |options| options.create(true))
    }

    fn open_by(
        &self,
        path: &Path,
        may_create: Option<FirstSync>,
        with: impl FnOnce(&mut OpenOptions) -> &mut OpenOptions,
    ) -> io::Result<FaultFile> {
        let path = self.below(path)?;
        let full = self.trace.root().join(&path);
        let open = || with(OpenOptions::new().read(true).write(true).mode(0o600)).open(full);
        let (id, file) = self.trace.open(&path, may_create, open)?;
        Ok(FaultFile { trace: self.trace.clone(), file: Arc::new(file), id })
    }

    /// Removes the name `path`.
    ///
    /// # Errors
    /// An injected `EIO`; what the file system gives.
    pub fn remove(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = self.below(path.as_ref())?;
        Ok(self.trace.remove(&path, || std::fs::remove_file(self.trace.root().join(&path)))?)
    }

    /// Renames `from` to `to`, over a file that is there.
    ///
    /// # Errors
    /// An injected `EIO`; what the file system gives.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
        let (from, to) = (self.below(from.as_ref())?, self.below(to.as_ref())?);
        let root = self.trace.root();
        Ok(self.trace.rename(&from, &to, || std::fs::rename(root.join(&from), root.join(&to)))?)
    }

    /// Makes creations, removals and renamings in `dir` durable; an empty path is the root.
    ///
    /// # Errors
    /// An injected `EIO`.
    pub fn sync_dir(&self, dir: impl AsRef<Path>) -> io::Result<()> {
        self.trace.sync_dir(&self.below(dir.as_ref())?).map_err(Fault::to_error)
    }

    /// Makes a folder and those above it. Folders are not recorded: see the crate's model.
    ///
    /// # Errors
    /// What the file system gives.
    pub fn create_dir_all(&self, dir: impl AsRef<Path>) -> io::Result<()> {
        std::fs::create_dir_all(self.trace.root().join(self.below(dir.as_ref())?))
    }
}

impl FaultFile {
    /// Writes all of `bytes` at `offset`, as one op.
    ///
    /// # Errors
    /// An injected `EIO` or `ENOSPC`, the latter with a part written perhaps; what the file system gives.
    pub fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        Ok(self.write(|| Ok(offset), bytes.into())?)
    }

    /// Writes `bytes` at `offset` and gives how many were written, as `pwrite` does: a short write of at least a byte
    /// succeeds, and only the next one fails if the failure stays.
    ///
    /// # Errors
    /// An injected `EIO` or `ENOSPC`; what the file system gives.
    pub fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        match self.write(|| Ok(offset), bytes.into()) {
            Ok(()) => Ok(bytes.len()),
            Err(Refused::Injected(Fault::ShortWrite { bytes })) if bytes > 0 => Ok(bytes),
            Err(refused) => Err(refused.into()),
        }
    }

    /// Writes all of `parts` one after the other at `offset`, as one op.
    ///
    /// # Errors
    /// As [`FaultFile::write_all_at`].
    pub fn write_all_vectored_at(&self, parts: &[IoSlice<'_>], offset: u64) -> io::Result<()> {
        Ok(self.write(|| Ok(offset), joined(parts))?)
    }

    /// Writes all of `bytes` at the end, as one op, and gives the offset at which they begin.
    ///
    /// # Errors
    /// As [`FaultFile::write_all_at`].
    pub fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        self.append_vectored(&[IoSlice::new(bytes)])
    }

    /// Writes all of `parts` one after the other at the end, as one op, and gives the offset at which they begin.
    ///
    /// # Errors
    /// As [`FaultFile::write_all_at`].
    pub fn append_vectored(&self, parts: &[IoSlice<'_>]) -> io::Result<u64> {
        let mut start = 0;
        self.write(
            || {
                start = self.len()?;
                Ok(start)
            },
            joined(parts),
        )?;
        Ok(start)
    }

    fn write(&self, offset: impl FnOnce() -> io::Result<u64>, bytes: Arc<[u8]>) -> Result<(), Refused<io::Error>> {
        self.change(|| Ok(Change::Write { offset: offset()?, bytes }))
    }

    fn change(&self, make: impl FnOnce() -> io::Result<Change>) -> Result<(), Refused<io::Error>> {
        self.trace.change(self.id, make, |change| match change {
            Change::Write { offset, bytes } => self.file.write_all_at(bytes, *offset),
            Change::Truncate { len } => self.file.set_len(*len),
            Change::Punch { offset, len } => punch(&self.file, *offset, *len),
        })
    }

    /// Cuts or lengthens the file, with zeros, to `len` bytes.
    ///
    /// # Errors
    /// An injected `EIO`; what the file system gives.
    pub fn truncate(&self, len: u64) -> io::Result<()> {
        Ok(self.change(|| Ok(Change::Truncate { len }))?)
    }

    /// Gives back the space of `len` bytes from `offset` on: they read as zeros, the length is as before.
    ///
    /// # Errors
    /// An injected `EIO`; what the file system gives.
    pub fn punch(&self, offset: u64, len: u64) -> io::Result<()> {
        Ok(self.change(|| Ok(Change::Punch { offset, len }))?)
    }

    /// Makes what the file holds, and its length, durable. The real file is not synced: the record decides what a
    /// crash leaves.
    ///
    /// # Errors
    /// An injected `EIO`.
    pub fn sync(&self) -> io::Result<()> {
        self.trace.sync(self.id).map_err(Fault::to_error)
    }

    /// Reads at `offset`, as `pread` does.
    ///
    /// # Errors
    /// What the file system gives.
    pub fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(bytes, offset)
    }

    /// Reads all of `bytes` at `offset`.
    ///
    /// # Errors
    /// `UnexpectedEof`; what the file system gives.
    pub fn read_exact_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        self.file.read_exact_at(bytes, offset)
    }

    /// The length in bytes.
    ///
    /// # Errors
    /// What the file system gives.
    #[expect(clippy::len_without_is_empty, reason = "a file's length, as of std's metadata")]
    pub fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }
}

fn joined(parts: &[IoSlice<'_>]) -> Arc<[u8]> {
    parts.iter().flat_map(|part| part.iter().copied()).collect::<Vec<u8>>().into()
}

/// A hole, or zeros where the file system knows no holes.
fn punch(file: &File, offset: u64, len: u64) -> io::Result<()> {
    if len == 0 {
        return Ok(());
    }
    match rustix::fs::fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, offset, len) {
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
            let end = file.metadata()?.len().min(offset.saturating_add(len));
            let zeros = usize::try_from(end.saturating_sub(offset)).map_err(io::Error::other)?;
            file.write_all_at(&vec![0; zeros], offset)
        }
        other => Ok(other?),
    }
}
