//! Crash points of a trace, and the folders that a crash at one of them may leave.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::content::{Content, PAGE_BYTES};
use crate::disk::{Disk, Fates};
use crate::trace::{Mark, Op, Trace};

/// Bytes that are read at a time to be compared.
const COMPARED_BYTES: usize = 16 * PAGE_BYTES;
const ZEROS: [u8; PAGE_BYTES] = [0; PAGE_BYTES];

/// SQLite's shared memory beside a database: it is made anew, never state.
fn is_state(path: &Path) -> bool {
    !path.as_os_str().as_encoded_bytes().ends_with(b"-shm")
}

/// The files of a folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    files: BTreeMap<Arc<Path>, Content>,
    folders: BTreeSet<PathBuf>,
}

impl Snapshot {
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let (paths, folders) = walk(root)?;
        let mut files = BTreeMap::new();
        for path in paths.into_iter().filter(|path| is_state(path)) {
            let content = Content::of(&std::fs::read(root.join(&path))?);
            files.insert(Arc::from(path), content);
        }
        Ok(Self { files, folders })
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Arc<Path>> {
        self.files.keys()
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = (&Arc<Path>, &Content)> {
        self.files.iter()
    }
}

/// Files and folders below `root`, relative to it.
fn walk(root: &Path) -> io::Result<(Vec<PathBuf>, BTreeSet<PathBuf>)> {
    let (mut files, mut folders, mut open) = (Vec::new(), BTreeSet::new(), vec![PathBuf::new()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                open.push(path.clone());
                folders.insert(path);
            } else if kind.is_file() {
                files.push(path);
            }
        }
    }
    Ok((files, folders))
}

/// The crash points of a trace, in order: before the first op, and after each.
#[derive(Debug)]
pub struct CrashImages {
    ops: Vec<Op>,
    marks: Arc<[Mark]>,
    folders: Arc<BTreeSet<PathBuf>>,
    disk: Disk,
    marked: usize,
    next: usize,
}

impl CrashImages {
    /// The crash points of what `trace` holds now, from what its root held when it was made.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        let ops = trace.ops();
        let mark =
            |(at, op): (usize, &Op)| if let Op::Mark(value) = op { Some(Mark { at, value: *value }) } else { None };
        Self {
            marks: ops.iter().enumerate().filter_map(mark).collect(),
            folders: Arc::new(trace.initial().folders.clone()),
            disk: Disk::new(trace.initial()),
            ops,
            marked: 0,
            next: 0,
        }
    }
}

impl Iterator for CrashImages {
    type Item = CrashPoint;

    fn next(&mut self) -> Option<CrashPoint> {
        let at = self.next;
        let mut last_op = None;
        if let Some(before) = at.checked_sub(1) {
            let op = self.ops.get(before)?;
            self.disk.apply(op);
            if let Op::Mark(_) = op {
                self.marked = self.marked.saturating_add(1);
            }
            last_op = Some(op.clone());
        }
        self.next = at.saturating_add(1);
        let (marks, folders) = (Arc::clone(&self.marks), Arc::clone(&self.folders));
        Some(CrashPoint { at, last_op, disk: self.disk.clone(), marks, marked: self.marked, folders })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.ops.len().saturating_add(1).saturating_sub(self.next);
        (left, Some(left))
    }
}

impl ExactSizeIterator for CrashImages {}

/// A point at which the power is lost. It stands on its own: points may be worked on by several threads.
#[derive(Clone, Debug)]
pub struct CrashPoint {
    at: usize,
    last_op: Option<Op>,
    disk: Disk,
    marks: Arc<[Mark]>,
    marked: usize,
    folders: Arc<BTreeSet<PathBuf>>,
}

impl CrashPoint {
    /// How many ops were done before: the op with this number was not.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The op just before; none at the first point.
    #[must_use]
    pub const fn last_op(&self) -> Option<&Op> {
        self.last_op.as_ref()
    }

    /// What was marked before.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        self.marks.get(..self.marked).unwrap_or_default()
    }

    /// How many changes may be lost here. If there are none, all images are the same.
    #[must_use]
    pub const fn pending(&self) -> usize {
        self.disk.pending()
    }

    /// The folder if all that is pending is lost.
    #[must_use]
    pub fn lost(&self) -> Image {
        self.image(Kind::Lost, Fates::Lost)
    }

    /// The folder if all that is pending is kept: a killed process, rather than a loss of power.
    #[must_use]
    pub fn kept(&self) -> Image {
        self.image(Kind::Kept, Fates::Kept)
    }

    /// The folder if each pending change is kept, lost or torn as `seed` has it.
    #[must_use]
    pub fn torn(&self, seed: u64) -> Image {
        self.image(Kind::Torn(seed), Fates::thrown(seed, self.at, self.pending()))
    }

    /// The folder if all is lost, if all is kept, and one for each seed; just one if nothing is pending.
    pub fn images(&self, seeds: impl IntoIterator<Item = u64>) -> impl Iterator<Item = Image> {
        let open = self.pending() > 0;
        let others = std::iter::once(None).chain(seeds.into_iter().map(Some)).filter(move |_| open);
        let others = others.map(|seed| seed.map_or_else(|| self.kept(), |seed| self.torn(seed)));
        std::iter::once(()).map(|()| self.lost()).chain(others)
    }

    fn image(&self, kind: Kind, fates: Fates) -> Image {
        let (marks, folders) = (Arc::clone(&self.marks), Arc::clone(&self.folders));
        Image { at: self.at, kind, files: self.disk.after_crash(fates), marks, marked: self.marked, folders }
    }
}

/// A folder that a crash left. Its `Display` says which one it is: point and seed.
#[derive(Clone, Debug)]
pub struct Image {
    at: usize,
    kind: Kind,
    files: BTreeMap<Arc<Path>, Content>,
    marks: Arc<[Mark]>,
    marked: usize,
    folders: Arc<BTreeSet<PathBuf>>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Lost,
    Kept,
    Torn(u64),
}

impl Image {
    /// The number of its crash point.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }

    /// What was marked before the crash.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        self.marks.get(..self.marked).unwrap_or_default()
    }

    /// The files, relative to the root.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(|path| &**path)
    }

    /// What a file holds.
    #[must_use]
    pub fn read(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        self.files.get(path.as_ref()).map(Content::to_vec)
    }

    /// The bytes of all files together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.files.values().map(Content::len).sum()
    }

    /// Makes `dir` hold this image and nothing else; what is right already is only read. It is fastest in memory
    /// (`/dev/shm`), in a folder that held another image of the same trace. No database in it may be open.
    ///
    /// # Errors
    /// What the file system gives.
    pub fn write_to(&self, dir: &Path) -> io::Result<()> {
        let (files, folders) = walk(dir)?;
        for path in files.iter().filter(|path| !self.files.contains_key(path.as_path())) {
            std::fs::remove_file(dir.join(path))?;
        }
        let parents = self.files.keys().filter_map(|path| path.parent());
        for folder in self.folders.iter().map(PathBuf::as_path).chain(parents) {
            if !folder.as_os_str().is_empty() && !folders.contains(folder) {
                std::fs::create_dir_all(dir.join(folder))?;
            }
        }
        let mut compared = vec![0; COMPARED_BYTES];
        for (path, content) in &self.files {
            write_file(&dir.join(path), content, &mut compared)?;
        }
        Ok(())
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "crash after {} ops, ", self.at)?;
        match self.kind {
            Kind::Lost => write!(f, "everything pending lost"),
            Kind::Kept => write!(f, "everything pending kept"),
            Kind::Torn(seed) => write!(f, "torn with seed {seed}"),
        }
    }
}

fn write_file(path: &Path, content: &Content, compared: &mut [u8]) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    let found = file.metadata()?.len();
    if found != content.len() as u64 {
        file.set_len(content.len() as u64)?;
    }
    let mut chunks = content.chunks();
    let mut at: u64 = 0;
    loop {
        // What lies past the found length is zeros by now: nothing to read there.
        let read = if at < found { read_up_to(&file, compared, at)? } else { 0 };
        let pages = chunks.by_ref().take(COMPARED_BYTES / PAGE_BYTES);
        let mut passed: usize = 0;
        for (n, page) in pages {
            let wanted = page.unwrap_or_else(|| ZEROS.get(..n).unwrap_or_default());
            let there = compared.get(passed..passed.saturating_add(n)).filter(|_| passed.saturating_add(n) <= read);
            if there.map_or_else(|| page.is_some() || at < found, |there| there != wanted) {
                file.write_all_at(wanted, at.saturating_add(passed as u64))?;
            }
            passed = passed.saturating_add(n);
        }
        if passed == 0 {
            return Ok(());
        }
        at = at.saturating_add(passed as u64);
    }
}

fn read_up_to(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    let mut done: usize = 0;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, at.saturating_add(done as u64)) {
            Ok(0) => break,
            Ok(n) => done = done.saturating_add(n),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests;
