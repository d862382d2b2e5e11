//! The record of what a store did to its files, and the failures that it is made to meet.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use rustix::io::Errno;

use crate::image::Snapshot;

/// A change of what one file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// `bytes` written at `offset`.
    Write {
        /// From the beginning of the file, in bytes.
        offset: u64,
        /// What was written.
        bytes: Arc<[u8]>,
    },
    /// The file cut or lengthened, with zeros, to `len`.
    Truncate {
        /// In bytes.
        len: u64,
    },
    /// `len` bytes from `offset` on read as zeros; the file's length is as before.
    Punch {
        /// In bytes.
        offset: u64,
        /// In bytes.
        len: u64,
    },
}

/// Something that was done to files. Paths are relative to the root of the [`Trace`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// A new file.
    Create {
        /// The file.
        path: Arc<Path>,
        /// What makes its name durable.
        first_sync: FirstSync,
    },
    /// A change of what a file holds.
    Change {
        /// The file.
        path: Arc<Path>,
        /// The change.
        change: Change,
    },
    /// What the file holds, and its length, made durable.
    Sync {
        /// The file.
        path: Arc<Path>,
    },
    /// A sync that failed: what was pending may be lost, whatever is synced later.
    SyncFailed {
        /// The file.
        path: Arc<Path>,
    },
    /// Creations, removals and renamings in a folder made durable.
    SyncDir {
        /// The folder; empty for the root.
        dir: Arc<Path>,
    },
    /// A file's name removed.
    Remove {
        /// The file.
        path: Arc<Path>,
    },
    /// A file renamed, over another one perhaps.
    Rename {
        /// The name before.
        from: Arc<Path>,
        /// The name after.
        to: Arc<Path>,
    },
    /// Anything else that failed, or the rest of a short write: nothing was changed.
    Failed {
        /// The file or folder.
        path: Arc<Path>,
    },
    /// An event of the test, such as an acknowledgement.
    Mark(u64),
}

/// What makes the name of a new file durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstSync {
    /// The first sync of the file, or of its folder.
    OfFile,
    /// A sync of its folder alone.
    OfFolder,
}

/// An event that the test recorded with [`Trace::mark`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The number of its op.
    pub at: usize,
    /// What the test marked it with.
    pub value: u64,
}

/// A failure of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `EIO`, from any op; nothing is changed. A sync that fails forgets what it was to make durable.
    Eio,
    /// `ENOSPC`, from a creation or a write; nothing is changed. Syncs, cuts and removals pass it.
    Enospc,
    /// The first `bytes` of a write are written, then `ENOSPC`.
    ShortWrite {
        /// How many are written, at most all but one.
        bytes: usize,
    },
}

impl Fault {
    /// The error that the operating system would give.
    #[must_use]
    pub fn to_error(self) -> io::Error {
        io::Error::from_raw_os_error(match self {
            Self::Eio => Errno::IO.raw_os_error(),
            Self::Enospc | Self::ShortWrite { .. } => Errno::NOSPC.raw_os_error(),
        })
    }
}

/// How long a failure stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// One op fails, the next one of its kind does not.
    Once,
    /// Every op of its kind fails until [`Trace::heal`]. A short write becomes a full disk.
    Always,
}

/// The record. A clone is the same record.
#[derive(Clone, Debug)]
pub struct Trace {
    shared: Arc<Shared>,
}

/// A record that may be gone.
#[derive(Debug)]
pub(crate) struct WeakTrace(Weak<Shared>);

impl WeakTrace {
    pub(crate) fn upgrade(&self) -> Option<Trace> {
        self.0.upgrade().map(|shared| Trace { shared })
    }
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    initial: Snapshot,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    ops: Vec<Op>,
    files: BTreeMap<Arc<Path>, FileId>,
    /// The other way round; a removed file is not in it.
    paths: BTreeMap<FileId, Arc<Path>>,
    files_ever: u64,
    plans: Vec<Plan>,
    fired: usize,
}

/// A file whatever its name; its number is never given again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileId(u64);

#[derive(Clone, Copy, Debug)]
struct Plan {
    at: usize,
    fault: Fault,
    lasting: Lasting,
}

/// What an op asks of the disk, and so which failures it can meet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Bytes(usize),
    Space,
    Nothing,
}

/// Why an op was not done, or not wholly.
#[derive(Debug)]
pub(crate) enum Refused<E> {
    /// A failure of [`Trace::fail_at`]; of a short write, with what was written.
    Injected(Fault),
    /// The real file's.
    Real(E),
}

impl From<Refused<Self>> for io::Error {
    fn from(refused: Refused<Self>) -> Self {
        match refused {
            Refused::Injected(fault) => fault.to_error(),
            Refused::Real(error) => error,
        }
    }
}

impl Trace {
    /// An empty record of what will be done below `root`, whose files of now are its beginning and durable.
    ///
    /// No database below `root` may be open: its locks would be lost.
    ///
    /// # Errors
    /// What reading `root` gives.
    pub fn new(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        let initial = Snapshot::read(&root)?;
        let mut state = State::default();
        for path in initial.paths() {
            state.name(path);
        }
        Ok(Self { shared: Arc::new(Shared { root, initial, state: Mutex::new(state) }) })
    }

    /// The folder, without links in its path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    pub(crate) fn initial(&self) -> &Snapshot {
        &self.shared.initial
    }

    pub(crate) fn downgrade(&self) -> WeakTrace {
        WeakTrace(Arc::downgrade(&self.shared))
    }

    /// Records an event of the test, `value`, and gives the number of its op.
    #[expect(clippy::must_use_candidate, reason = "it is called to record; the number is by the way")]
    pub fn mark(&self, value: u64) -> usize {
        let mut state = self.state();
        state.ops.push(Op::Mark(value));
        state.ops.len().saturating_sub(1)
    }

    /// The number of ops so far, which is the number of the next one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().ops.len()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ops so far; their bytes are shared, not copied.
    #[must_use]
    pub fn ops(&self) -> Vec<Op> {
        self.state().ops.clone()
    }

    /// Lets the first op fail that `fault` can hit, from the op with the number `at` on. Of several plans that can hit
    /// an op, the first made does.
    pub fn fail_at(&self, at: usize, fault: Fault, lasting: Lasting) {
        self.state().plans.push(Plan { at, fault, lasting });
    }

    /// Ends all failures, those to come among them.
    pub fn heal(&self) {
        self.state().plans.clear();
    }

    /// How many ops have failed by [`Trace::fail_at`].
    #[must_use]
    pub fn faults_fired(&self) -> usize {
        self.state().fired
    }

    /// `path` below the root; `None` if it is elsewhere. A relative path is below the root already.
    pub(crate) fn relative(&self, path: &Path) -> Option<PathBuf> {
        if path.is_relative() {
            return Some(path.to_owned());
        }
        if let Ok(below) = path.strip_prefix(self.root()) {
            return Some(below.to_owned());
        }
        let folder = path.parent()?.canonicalize().ok()?;
        Some(folder.strip_prefix(self.root()).ok()?.join(path.file_name()?))
    }

    /// Opens the file at `path` by `real`, and creates it with `may_create` if it is not there. One that is there and
    /// not in the record, because something else made it, is taken into the record as it is.
    pub(crate) fn open<T, E>(
        &self,
        path: &Path,
        may_create: Option<FirstSync>,
        real: impl FnOnce() -> Result<T, E>,
    ) -> Result<(FileId, T), Refused<E>> {
        let mut state = self.state();
        let full = self.root().join(path);
        if !full.exists() {
            let Some(first_sync) = may_create else {
                // The real file layer says that it is not there; if it comes by now, it is taken in.
                let opened = real().map_err(Refused::Real)?;
                return Ok((state.take_in(path, &full), opened));
            };
            let path: Arc<Path> = Arc::from(path);
            state.ask(Asks::Space, &path).map_err(Refused::Injected)?;
            let opened = real().map_err(Refused::Real)?;
            let file = state.name(&path);
            state.ops.push(Op::Create { path, first_sync });
            return Ok((file, opened));
        }
        let file = match state.files.get(path) {
            Some(file) => *file,
            None => state.take_in(path, &full),
        };
        Ok((file, real().map_err(Refused::Real)?))
    }

    /// Does the change that `make` gives by `real`. What is done to a file without a name is not recorded: no crash
    /// leaves anything of it.
    pub(crate) fn change<E>(
        &self,
        file: FileId,
        make: impl FnOnce() -> Result<Change, E>,
        real: impl FnOnce(&Change) -> Result<(), E>,
    ) -> Result<(), Refused<E>> {
        let mut state = self.state();
        let change = make().map_err(Refused::Real)?;
        let Some(path) = state.paths.get(&file).cloned() else { return real(&change).map_err(Refused::Real) };
        let asks = match &change {
            Change::Write { bytes, .. } => Asks::Bytes(bytes.len()),
            Change::Truncate { .. } | Change::Punch { .. } => Asks::Nothing,
        };
        let Err(fault) = state.ask(asks, &path) else {
            real(&change).map_err(Refused::Real)?;
            state.ops.push(Op::Change { path, change });
            return Ok(());
        };
        if let (Fault::ShortWrite { bytes: n }, Change::Write { offset, bytes }) = (fault, &change)
            && n > 0
        {
            let part = Change::Write { offset: *offset, bytes: bytes.get(..n).unwrap_or_default().into() };
            real(&part).map_err(Refused::Real)?;
            let failed = state.ops.pop();
            state.ops.push(Op::Change { path, change: part });
            state.ops.extend(failed);
        }
        Err(Refused::Injected(fault))
    }

    /// Makes what `file` holds durable, in the record: a real sync would take time and prove nothing.
    pub(crate) fn sync(&self, file: FileId) -> Result<(), Fault> {
        let mut state = self.state();
        let Some(path) = state.paths.get(&file).cloned() else { return Ok(()) };
        if let Err(fault) = state.ask(Asks::Nothing, &path) {
            let _failed = state.ops.pop();
            state.ops.push(Op::SyncFailed { path });
            return Err(fault);
        }
        state.ops.push(Op::Sync { path });
        Ok(())
    }

    /// Makes names in `dir` durable, in the record.
    pub(crate) fn sync_dir(&self, dir: &Path) -> Result<(), Fault> {
        let mut state = self.state();
        let dir: Arc<Path> = Arc::from(dir);
        state.ask(Asks::Nothing, &dir)?;
        state.ops.push(Op::SyncDir { dir });
        Ok(())
    }

    /// The same where the real file layer does not tell its caller of a failure.
    pub(crate) fn sync_dir_unasked(&self, dir: &Path) {
        self.state().ops.push(Op::SyncDir { dir: Arc::from(dir) });
    }

    pub(crate) fn remove<E>(&self, path: &Path, real: impl FnOnce() -> Result<(), E>) -> Result<(), Refused<E>> {
        let mut state = self.state();
        let path: Arc<Path> = Arc::from(path);
        state.ask(Asks::Nothing, &path).map_err(Refused::Injected)?;
        real().map_err(Refused::Real)?;
        if let Some(file) = state.files.remove(&path) {
            state.paths.remove(&file);
            state.ops.push(Op::Remove { path });
        }
        Ok(())
    }

    pub(crate) fn rename<E>(
        &self,
        from: &Path,
        to: &Path,
        real: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), Refused<E>> {
        let mut state = self.state();
        let (from, to): (Arc<Path>, Arc<Path>) = (Arc::from(from), Arc::from(to));
        let full = self.root().join(&from);
        if !state.files.contains_key(&from) && full.exists() {
            state.take_in(&from, &full);
        }
        state.ask(Asks::Nothing, &from).map_err(Refused::Injected)?;
        real().map_err(Refused::Real)?;
        if let Some(file) = state.files.remove(&from) {
            if let Some(replaced) = state.files.insert(Arc::clone(&to), file) {
                state.paths.remove(&replaced);
            }
            state.paths.insert(file, Arc::clone(&to));
            state.ops.push(Op::Rename { from, to });
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A file's number for a path that names a new one.
    fn name(&mut self, path: &Arc<Path>) -> FileId {
        let file = FileId(self.files_ever);
        self.files_ever = self.files_ever.saturating_add(1);
        if let Some(replaced) = self.files.insert(Arc::clone(path), file) {
            self.paths.remove(&replaced);
        }
        self.paths.insert(file, Arc::clone(path));
        file
    }

    /// Records a file that something else made: its creation, and what it holds.
    fn take_in(&mut self, path: &Path, full: &Path) -> FileId {
        let path: Arc<Path> = Arc::from(path);
        let file = self.name(&path);
        self.ops.push(Op::Create { path: Arc::clone(&path), first_sync: FirstSync::OfFile });
        let bytes: Arc<[u8]> = std::fs::read(full).unwrap_or_default().into();
        if !bytes.is_empty() {
            self.ops.push(Op::Change { path, change: Change::Write { offset: 0, bytes } });
        }
        file
    }

    /// Whether an op on `path` may be done now. If not, [`Op::Failed`] is recorded.
    fn ask(&mut self, asks: Asks, path: &Arc<Path>) -> Result<(), Fault> {
        let now = self.ops.len();
        let hits = |plan: &Plan| {
            plan.at <= now
                && match plan.fault {
                    Fault::Eio => true,
                    Fault::Enospc => asks != Asks::Nothing,
                    Fault::ShortWrite { .. } => matches!(asks, Asks::Bytes(_)),
                }
        };
        let Some(place) = self.plans.iter().position(hits) else { return Ok(()) };
        let fault = match (self.plans.get(place).map(|plan| plan.fault), asks) {
            (Some(Fault::ShortWrite { bytes }), Asks::Bytes(all)) => {
                Fault::ShortWrite { bytes: bytes.min(all.saturating_sub(1)) }
            }
            (Some(fault), _) => fault,
            (None, _) => return Ok(()),
        };
        match self.plans.get_mut(place) {
            Some(Plan { lasting: Lasting::Always, fault, .. }) => {
                if matches!(fault, Fault::ShortWrite { .. }) {
                    *fault = Fault::Enospc;
                }
            }
            Some(Plan { lasting: Lasting::Once, .. }) | None => drop(self.plans.remove(place)),
        }
        self.fired = self.fired.saturating_add(1);
        self.ops.push(Op::Failed { path: Arc::clone(path) });
        Err(fault)
    }
}
