//! What becomes of the bytes of items that left: where they went is overwritten, then the space is given back.
//!
//! Nothing is moved: a segment in which nothing lives any more is removed, and of one in which little lives the blocks
//! in between go back to the file system. Only what `index.db` knows durably to have left is touched, and only in
//! segments that the journal has left behind.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, IoSlice},
    sync::Arc,
};

use tracing::warn;

use super::{
    Guarded,
    record::erased,
    refused,
    segment::{At, PREAMBLE_BYTES, Segments},
};
use crate::store::StoreError;

/// Records that wait to be overwritten, before they are without an idle moment.
const WAITING_MAX: usize = 8192;
/// Block of a file system; only whole ones are given back.
const BLOCK_BYTES: u64 = 4096;

pub(super) struct Eraser {
    segments: Arc<Segments>,
    index: Arc<Guarded>,
    /// Items that live in each segment, by what `index.db` says.
    living: BTreeMap<u32, u64>,
    /// Left, and not yet overwritten.
    waiting: Vec<At>,
    /// Segments in which there may be blocks to give back.
    touched: BTreeSet<u32>,
    /// The journal is in this segment, as far as `index.db` knows: those before it are complete.
    newest: u32,
    segment_bytes: u32,
    punches: bool,
}

impl Eraser {
    /// `living` counts the items of each segment. After a crash every segment is looked through.
    pub(super) fn new(
        segments: Arc<Segments>,
        index: Arc<Guarded>,
        living: BTreeMap<u32, u64>,
        newest: u32,
        was_closed: bool,
        segment_bytes: u32,
    ) -> Self {
        let touched = if was_closed { BTreeSet::new() } else { segments.numbers().into_iter().collect() };
        Self { segments, index, living, waiting: Vec::new(), touched, newest, segment_bytes, punches: true }
    }

    /// An item came into a segment.
    pub(super) fn put(&mut self, segment: u32) {
        let living = self.living.entry(segment).or_default();
        *living = living.saturating_add(1);
    }

    /// It is durable that these left, and that the journal is in segment `newest`.
    pub(super) fn left(&mut self, left: Vec<At>, newest: u32) -> Result<(), StoreError> {
        // Also a segment of which nothing ever left: it may hold only that others left.
        self.touched.extend(self.newest..newest);
        self.newest = newest;
        for at in &left {
            if let Some(living) = self.living.get_mut(&at.segment) {
                *living = living.saturating_sub(1);
            }
            self.touched.insert(at.segment);
        }
        self.waiting.extend(left);
        if self.waiting.len() >= WAITING_MAX { self.round() } else { Ok(()) }
    }

    /// There is time: for what left, else for a spare segment.
    pub(super) fn idle(&mut self) -> Result<(), StoreError> {
        if self.waiting.is_empty() && !self.touched.iter().any(|segment| *segment < self.newest) {
            self.segments.make_spare(self.segment_bytes);
            return Ok(());
        }
        self.round()
    }

    /// Does all that waits, before the store closes.
    pub(super) fn finish(&mut self) -> Result<(), StoreError> {
        judged(self.overwrite().and_then(|()| self.remove_dead()))
    }

    fn round(&mut self) -> Result<(), StoreError> {
        judged(self.overwrite().and_then(|()| self.remove_dead()).and_then(|()| self.give_back()))
    }

    /// Writes over where each item went, and syncs: before its blocks are given back, so that they do not keep it.
    fn overwrite(&mut self) -> io::Result<()> {
        let mut written = BTreeSet::new();
        for at in &self.waiting {
            let Some(file) = self.segments.file(at.segment) else { continue };
            file.write_at(u64::from(at.offset), &mut [IoSlice::new(&erased(self.segments.salt(), at.length))])?;
            written.insert(at.segment);
        }
        written.into_iter().filter_map(|segment| self.segments.file(segment)).try_for_each(|file| file.sync())?;
        // Only now: what was refused is done again.
        self.waiting.clear();
        Ok(())
    }

    fn remove_dead(&mut self) -> io::Result<()> {
        let dead: Vec<u32> = self
            .touched
            .range(..self.newest)
            .copied()
            .filter(|segment| self.living.get(segment).copied().unwrap_or_default() == 0)
            .collect();
        for segment in dead {
            if self.segments.file(segment).is_some() {
                self.segments.retire(segment)?;
            }
            self.touched.remove(&segment);
            self.living.remove(&segment);
        }
        Ok(())
    }

    /// Gives back the blocks of one segment in which nothing lives.
    fn give_back(&mut self) -> io::Result<()> {
        let Some(segment) = self.touched.range(..self.newest).next().copied() else { return Ok(()) };
        self.touched.remove(&segment);
        let Some(file) = self.segments.file(segment).filter(|_| self.punches) else { return Ok(()) };
        let mut from = u64::from(PREAMBLE_BYTES);
        let end = file.length()?;
        let living = self.index.lock().in_segment(segment);
        for (begins, ends) in living.into_iter().chain([(end, end)]) {
            let (first, last) = (from.next_multiple_of(BLOCK_BYTES), begins / BLOCK_BYTES * BLOCK_BYTES);
            if first < last
                && let Err(error) = file.punch(first, last.saturating_sub(first))
            {
                if error.kind() != io::ErrorKind::Unsupported {
                    return Err(error);
                }
                self.punches = false;
                warn!(event = "store-no-holes", "the file system takes no holes: space returns by whole segments only");
                return Ok(());
            }
            from = ends;
        }
        Ok(())
    }
}

/// On a full disk it is done another time: in the next round, or after the next start.
fn judged(done: io::Result<()>) -> Result<(), StoreError> {
    match done.map_err(refused) {
        Err(StoreError::Full) => Ok(()),
        done => done,
    }
}
