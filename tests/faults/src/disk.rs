//! The disk at one point of a trace: what is durable there, and what is pending.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::content::{Content, index};
use crate::image::Snapshot;
use crate::rng::SplitMix;
use crate::trace::{Change, FirstSync, Op};

/// The unit that a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

/// A file whatever its name, as the disk counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Inode(u64);

/// What is durable and what is pending. A clone shares all that it can.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    names: Arc<Names>,
    files: Arc<BTreeMap<Inode, Arc<File>>>,
    pending: usize,
}

#[derive(Clone, Debug, Default)]
struct Names {
    /// What the running system sees.
    live: BTreeMap<Arc<Path>, Inode>,
    /// What is durable, but for the entries of `log`.
    durable: BTreeMap<Arc<Path>, Inode>,
    /// Changes since, in order.
    log: Vec<Entry>,
    inodes_ever: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    change: Naming,
    /// Folders that must be synced to make it durable; it is durable if there are none.
    awaits: Vec<Arc<Path>>,
    first_sync: FirstSync,
}

#[derive(Clone, Debug)]
enum Naming {
    Create { path: Arc<Path>, inode: Inode },
    Remove { path: Arc<Path> },
    Rename { from: Arc<Path>, to: Arc<Path>, inode: Inode },
}

#[derive(Clone, Debug, Default)]
struct File {
    /// What is durable, but for the entries of `log`.
    durable: Content,
    /// Changes since, in order.
    log: Vec<Pending>,
}

#[derive(Clone, Debug)]
struct Pending {
    change: Change,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The next sync makes it durable.
    Awaits,
    /// A sync failed: nothing makes it durable any more, but it may be there.
    Doubtful,
    /// It is there, over doubtful ones before it.
    Durable,
}

impl Disk {
    pub(crate) fn new(initial: &Snapshot) -> Self {
        let (mut names, mut files) = (Names::default(), BTreeMap::new());
        for (path, content) in initial.files() {
            let inode = names.inode();
            names.live.insert(Arc::clone(path), inode);
            names.durable.insert(Arc::clone(path), inode);
            files.insert(inode, Arc::new(File { durable: content.clone(), log: Vec::new() }));
        }
        Self { names: Arc::new(names), files: Arc::new(files), pending: 0 }
    }

    /// How many changes a crash may lose.
    pub(crate) const fn pending(&self) -> usize {
        self.pending
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        match op {
            Op::Create { path, first_sync } => self.create(path, *first_sync),
            Op::Change { path, change } => {
                if let Some(file) = self.file(path) {
                    file.log.push(Pending { change: change.clone(), standing: Standing::Awaits });
                }
            }
            Op::Sync { path } => {
                if let Some(file) = self.file(path) {
                    file.sync();
                }
                if let Some(inode) = self.names.live.get(path).copied() {
                    Arc::make_mut(&mut self.names).file_synced(inode);
                }
            }
            Op::SyncFailed { path } => {
                if let Some(file) = self.file(path) {
                    file.sync_failed();
                }
            }
            Op::SyncDir { dir } => {
                Arc::make_mut(&mut self.names).folder_synced(dir);
                self.forget();
            }
            Op::Remove { path } => {
                let names = Arc::make_mut(&mut self.names);
                if names.live.remove(path).is_some() {
                    names.note(Naming::Remove { path: Arc::clone(path) }, &[path], FirstSync::OfFolder);
                }
            }
            Op::Rename { from, to } => {
                let names = Arc::make_mut(&mut self.names);
                if let Some(inode) = names.live.remove(from) {
                    names.live.insert(Arc::clone(to), inode);
                    let change = Naming::Rename { from: Arc::clone(from), to: Arc::clone(to), inode };
                    names.note(change, &[from, to], FirstSync::OfFolder);
                }
            }
            Op::Failed { .. } | Op::Mark(_) => return,
        }
        self.pending = self.names.log.iter().filter(|entry| !entry.awaits.is_empty()).count()
            + self.files.values().map(|file| file.pending()).sum::<usize>();
    }

    fn create(&mut self, path: &Arc<Path>, first_sync: FirstSync) {
        let names = Arc::make_mut(&mut self.names);
        let inode = names.inode();
        names.live.insert(Arc::clone(path), inode);
        names.note(Naming::Create { path: Arc::clone(path), inode }, &[path], first_sync);
        Arc::make_mut(&mut self.files).insert(inode, Arc::default());
    }

    fn file(&mut self, path: &Arc<Path>) -> Option<&mut File> {
        let inode = self.names.live.get(path)?;
        Arc::make_mut(&mut self.files).get_mut(inode).map(Arc::make_mut)
    }

    /// Forgets files that no image can hold any more.
    fn forget(&mut self) {
        let reachable = self.names.reachable();
        if reachable.len() < self.files.len() {
            Arc::make_mut(&mut self.files).retain(|inode, _| reachable.contains(inode));
        }
    }

    /// The files that a crash here leaves if `fates` decides on what is pending.
    pub(crate) fn after_crash(&self, mut fates: Fates) -> BTreeMap<Arc<Path>, Content> {
        let mut names = self.names.durable.clone();
        for entry in &self.names.log {
            if entry.awaits.is_empty() || fates.keeps() {
                entry.change.apply(&mut names);
            }
        }
        let content = |(path, inode)| {
            let file = self.files.get(&inode)?;
            Some((path, file.after_crash(&mut fates)))
        };
        names.into_iter().filter_map(content).collect()
    }
}

impl Names {
    const fn inode(&mut self) -> Inode {
        let inode = Inode(self.inodes_ever);
        self.inodes_ever = self.inodes_ever.wrapping_add(1);
        inode
    }

    fn note(&mut self, change: Naming, paths: &[&Arc<Path>], first_sync: FirstSync) {
        let folders: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
        let awaits = folders.into_iter().map(Arc::from).collect();
        self.log.push(Entry { change, awaits, first_sync });
    }

    fn file_synced(&mut self, synced: Inode) {
        for entry in &mut self.log {
            if let (Naming::Create { inode, .. }, FirstSync::OfFile) = (&entry.change, entry.first_sync)
                && *inode == synced
            {
                entry.awaits.clear();
            }
        }
        self.settle();
    }

    fn folder_synced(&mut self, dir: &Path) {
        for entry in &mut self.log {
            entry.awaits.retain(|folder| **folder != *dir);
        }
        self.settle();
    }

    /// Moves durable entries that have nothing pending before them from `log` to `durable`.
    fn settle(&mut self) {
        let settled = self.log.iter().take_while(|entry| entry.awaits.is_empty()).count();
        for entry in self.log.drain(..settled) {
            entry.change.apply(&mut self.durable);
        }
    }

    fn reachable(&self) -> BTreeSet<Inode> {
        let named = self.live.values().chain(self.durable.values()).copied();
        let pending = self.log.iter().filter_map(|entry| match &entry.change {
            Naming::Create { inode, .. } | Naming::Rename { inode, .. } => Some(*inode),
            Naming::Remove { .. } => None,
        });
        named.chain(pending).collect()
    }
}

impl Naming {
    fn apply(&self, names: &mut BTreeMap<Arc<Path>, Inode>) {
        match self {
            Self::Create { path, inode } => {
                names.insert(Arc::clone(path), *inode);
            }
            Self::Remove { path } => {
                names.remove(path);
            }
            Self::Rename { from, to, inode } => {
                if names.get(from) == Some(inode) {
                    names.remove(from);
                }
                names.insert(Arc::clone(to), *inode);
            }
        }
    }
}

impl File {
    fn pending(&self) -> usize {
        self.log.iter().filter(|pending| pending.standing != Standing::Durable).count()
    }

    fn sync(&mut self) {
        for pending in &mut self.log {
            if pending.standing == Standing::Awaits {
                pending.standing = Standing::Durable;
            }
        }
        let settled = self.log.iter().take_while(|pending| pending.standing == Standing::Durable).count();
        for pending in self.log.drain(..settled) {
            keep(&pending.change, &mut self.durable);
        }
    }

    fn sync_failed(&mut self) {
        for pending in &mut self.log {
            if pending.standing == Standing::Awaits {
                pending.standing = Standing::Doubtful;
            }
        }
    }

    fn after_crash(&self, fates: &mut Fates) -> Content {
        let mut content = self.durable.clone();
        for pending in &self.log {
            let fate = if pending.standing == Standing::Durable { Fate::Kept } else { fates.next() };
            match fate {
                Fate::Kept => keep(&pending.change, &mut content),
                Fate::Lost => fates.lose(&pending.change, &mut content),
                Fate::Torn => fates.tear(&pending.change, &mut content),
            }
        }
        content
    }
}

fn keep(change: &Change, content: &mut Content) {
    match change {
        Change::Write { offset, bytes } => content.write(index(*offset), bytes),
        Change::Truncate { len } => content.set_len(index(*len)),
        Change::Punch { offset, len } => content.zero(index(*offset), index(*len)),
    }
}

/// What becomes of one pending change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Lost,
    Torn,
}

/// What becomes of pending changes.
pub(crate) enum Fates {
    /// All are kept.
    Kept,
    /// All are lost.
    Lost,
    /// Each is kept, lost or torn on its own.
    Thrown(Dice),
}

/// Throws for each pending change. One lean holds for a whole image, so that images with one loss among much that is
/// kept, and the reverse, come as often as mixed ones.
pub(crate) struct Dice {
    rng: SplitMix,
    lean: Lean,
    thrown: u64,
}

enum Lean {
    Even,
    MostlyKept,
    MostlyLost,
    AllKeptBut(u64),
    AllLostBut(u64),
}

impl Fates {
    /// Dice for an image of a point with `pending` changes.
    pub(crate) fn thrown(seed: u64, point: usize, pending: usize) -> Self {
        let mut rng = SplitMix::new(SplitMix::new(seed).bits().wrapping_add(point as u64));
        let odd = rng.below(pending as u64);
        let lean = match rng.below(5) {
            0 => Lean::Even,
            1 => Lean::MostlyKept,
            2 => Lean::MostlyLost,
            3 => Lean::AllKeptBut(odd),
            _ => Lean::AllLostBut(odd),
        };
        Self::Thrown(Dice { rng, lean, thrown: 0 })
    }

    fn next(&mut self) -> Fate {
        match self {
            Self::Kept => Fate::Kept,
            Self::Lost => Fate::Lost,
            Self::Thrown(dice) => dice.throw(),
        }
    }

    /// For what is kept or lost and cannot be torn.
    fn keeps(&mut self) -> bool {
        match self.next() {
            Fate::Kept => true,
            Fate::Lost => false,
            Fate::Torn => self.coin(),
        }
    }

    fn coin(&mut self) -> bool {
        match self {
            Self::Kept => true,
            Self::Lost => false,
            Self::Thrown(dice) => dice.rng.one_in(2),
        }
    }

    /// A write past the end that is lost may have lengthened the file.
    fn lose(&mut self, change: &Change, content: &mut Content) {
        if let (Change::Write { offset, bytes }, Self::Thrown(dice)) = (change, self) {
            let end = index(*offset).saturating_add(bytes.len());
            if end > content.len() && dice.rng.one_in(4) {
                content.set_len(end);
            }
        }
    }

    fn tear(&mut self, change: &Change, content: &mut Content) {
        let Self::Thrown(dice) = self else { return };
        match change {
            Change::Write { offset, bytes } => {
                let start = index(*offset);
                for (from, n) in dice.sectors(start, bytes.len()) {
                    content.write(start.saturating_add(from), bytes.get(from..from.saturating_add(n)).unwrap_or(&[]));
                }
                self.lose(change, content);
            }
            Change::Punch { offset, len } => {
                let (start, len) = (index(*offset), index(*len).min(content.len()));
                for (from, n) in dice.sectors(start, len) {
                    content.zero(start.saturating_add(from), n);
                }
            }
            Change::Truncate { len } => {
                if dice.rng.one_in(2) {
                    content.set_len(index(*len));
                }
            }
        }
    }
}

impl Dice {
    fn throw(&mut self) -> Fate {
        let this = self.thrown;
        self.thrown = this.wrapping_add(1);
        let (likely, likely_in_8) = match self.lean {
            Lean::Even => return self.other_than(None),
            Lean::MostlyKept => (Fate::Kept, 7),
            Lean::MostlyLost => (Fate::Lost, 7),
            Lean::AllKeptBut(odd) => (Fate::Kept, if this == odd { 0 } else { 8 }),
            Lean::AllLostBut(odd) => (Fate::Lost, if this == odd { 0 } else { 8 }),
        };
        if self.rng.below(8) < likely_in_8 { likely } else { self.other_than(Some(likely)) }
    }

    fn other_than(&mut self, likely: Option<Fate>) -> Fate {
        let fates = [Fate::Kept, Fate::Lost, Fate::Torn];
        let possible = || fates.into_iter().filter(|fate| Some(*fate) != likely);
        let chosen = index(self.rng.below(possible().count() as u64));
        possible().nth(chosen).unwrap_or(Fate::Torn)
    }

    /// Some of the sectors that `len` bytes from `start` on touch, as offset into them and length: the first ones, or
    /// any.
    fn sectors(&mut self, start: usize, len: usize) -> Vec<(usize, usize)> {
        let first = start / SECTOR_BYTES;
        let sectors = start.saturating_add(len).div_ceil(SECTOR_BYTES).saturating_sub(first);
        let cut = self.rng.one_in(3).then(|| index(self.rng.below(sectors as u64)));
        let mut kept = Vec::new();
        for number in 0..sectors {
            if cut.map_or_else(|| self.rng.one_in(2), |cut| number < cut) {
                let from = first.saturating_add(number).saturating_mul(SECTOR_BYTES).saturating_sub(start);
                let end = first.saturating_add(number).saturating_add(1).saturating_mul(SECTOR_BYTES);
                let end = end.saturating_sub(start).min(len);
                kept.push((from, end.saturating_sub(from)));
            }
        }
        kept
    }
}
