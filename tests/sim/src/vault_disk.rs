//! The disk of a node's machine: at a write that was drawn the machine dies, and while there is no room nothing is written.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{net::Net, node_machine, story::Story};

/// The disk under one life of a node; a clone is the same.
#[derive(Clone, Default)]
pub(crate) struct VaultDisk(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// Writes until the machine dies, if it is to.
    fuse: Option<u64>,
    is_full: bool,
    /// What the machine left when it died.
    left: Option<PathBuf>,
}

impl VaultDisk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The machine dies at the write after so many others, or lives on.
    pub(crate) fn dies_after(&self, writes: Option<u64>) {
        self.inner().fuse = writes;
    }

    pub(crate) fn full(&self, is_full: bool) {
        self.inner().is_full = is_full;
    }

    pub(crate) fn is_full(&self) -> bool {
        self.inner().is_full
    }

    pub(crate) fn has_died(&self) -> bool {
        self.inner().left.is_some()
    }

    /// What the machine left when it died.
    pub(crate) fn left(&self) -> Option<PathBuf> {
        self.inner().left.clone()
    }

    /// Lies under the vault in `dir` of the node at this place from now on. What is left of a life whose machine has died runs out in
    /// its old folder, and nobody hears of it.
    pub(crate) fn lie_under(&self, dir: &Path, left: PathBuf, place: usize, net: &Net, story: &Story) {
        let (disk, net, story, from) = (self.clone(), net.clone(), story.clone(), dir.to_owned());
        let at_write = move || {
            if disk.dies_now(&left) {
                net.end_run(place);
                node_machine::copy(&from, &left).unwrap();
                story.fault("node crash inside a step", format!("node {place} dies in the middle of a step"));
            }
            let (is_full, has_died) = (disk.is_full(), disk.has_died());
            if is_full && !has_died {
                story.count("writes of a node that found no room");
            }
            !is_full
        };
        put(dir, at_write);
    }

    fn dies_now(&self, left: &Path) -> bool {
        let mut inner = self.inner();
        let Some(writes) = inner.fuse else { return false };
        inner.fuse = writes.checked_sub(1);
        if inner.fuse.is_none() {
            inner.left = Some(left.to_owned());
        }
        inner.fuse.is_none()
    }
}

#[cfg(debug_assertions)]
fn put(dir: &Path, at_write: impl Fn() -> bool + 'static) {
    safeconduct_client::vault::simulated_disk(dir, std::rc::Rc::new(at_write));
}

/// An optimised build's vaults ask nobody.
#[cfg(not(debug_assertions))]
fn put(_dir: &Path, _at_write: impl Fn() -> bool + 'static) {}
