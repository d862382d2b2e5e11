//! What happened, as a person reads it; its hash, which is the same for the same seed; and the counts.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest as _, Sha256};

use crate::clock::TrueTime;

/// The record of one seed; a clone writes into the same.
#[derive(Clone)]
pub(crate) struct Story(Arc<Mutex<Inner>>);

struct Inner {
    time: TrueTime,
    /// Whether lines are kept to be read.
    told: bool,
    lines: Vec<String>,
    hash: Sha256,
    counts: BTreeMap<&'static str, u64>,
    broken: Option<String>,
}

/// What is left of a story.
pub struct Ending {
    /// Of all lines, kept or not.
    pub hash: [u8; 32],
    /// The lines, if they were kept.
    pub lines: Vec<String>,
    /// How often each thing happened.
    pub counts: BTreeMap<&'static str, u64>,
    /// The first invariant that did not hold.
    pub broken: Option<String>,
}

impl Story {
    pub(crate) fn new(time: TrueTime, told: bool) -> Self {
        let (lines, hash, counts) = (Vec::new(), Sha256::new(), BTreeMap::new());
        Self(Arc::new(Mutex::new(Inner { time, told, lines, hash, counts, broken: None })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One line: who did what.
    pub(crate) fn tell(&self, what: impl AsRef<str>) {
        let mut inner = self.inner();
        let ms = inner.time.elapsed_ms();
        let line = format!("{:>6}.{:03}  {}", ms / 1000, ms % 1000, what.as_ref());
        inner.hash.update(line.as_bytes());
        inner.hash.update([0]);
        if inner.told {
            inner.lines.push(line);
        }
    }

    /// Counts one of these.
    pub(crate) fn count(&self, what: &'static str) {
        self.add(what, 1);
    }

    pub(crate) fn add(&self, what: &'static str, number: u64) {
        let mut inner = self.inner();
        let count = inner.counts.entry(what).or_default();
        *count = count.saturating_add(number);
    }

    /// A fault was injected: counted and told.
    pub(crate) fn fault(&self, kind: &'static str, what: impl AsRef<str>) {
        self.count(kind);
        self.tell(format!("FAULT {}", what.as_ref()));
    }

    /// An invariant does not hold. The first one counts.
    pub(crate) fn broken(&self, what: impl AsRef<str>) {
        self.tell(format!("BROKEN {}", what.as_ref()));
        self.inner().broken.get_or_insert_with(|| what.as_ref().to_owned());
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.inner().broken.is_some()
    }

    pub(crate) fn end(&self) -> Ending {
        let mut inner = self.inner();
        Ending {
            hash: inner.hash.clone().finalize().into(),
            lines: core::mem::take(&mut inner.lines),
            counts: core::mem::take(&mut inner.counts),
            broken: inner.broken.take(),
        }
    }
}
