//! Envelopes and notices: an append-only journal in segment files, with its index in memory.
//!
//! A batch is judged against the index, appended with one write, and durable after one fsync; then readers see it.
//! `index.db` follows behind on a thread of its own, and says at start from where on the journal must be read again.
//!
//! - `record`, `segment`: the bytes · `index`: what is where, and what a change does · `replay`: what a crash left
//! - `tables`, `keeper`: the index on the disk, what it says at start and how it follows · `erase`: what becomes of bytes whose item is gone
//! - `view`: reading · `check`: is every byte as it was written?

mod check;
mod erase;
mod index;
mod keeper;
mod queue;
mod record;
mod replay;
mod segment;
mod tables;
#[cfg(test)]
mod tests;
mod view;

use std::{
    io::IoSlice,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rustix::io::Errno;
use safeconduct_protocol::id::EnvelopeDigest;

use self::{
    index::{Effect, Index},
    keeper::{Batch, Keeper, Row},
    record::Head,
    segment::{At, PREAMBLE_BYTES, Segments},
    tables::Mark,
};
pub use self::{segment::DIRECTORY as SEGMENTS, tables::FILE_NAME as INDEX_FILE_NAME};
use super::{
    Change, Outcome, StoreError,
    desk::OpenError,
    disk::{Disk, DiskFile},
};
use crate::limits::{NOTICES_AT_ONCE, Quotas, RESERVE_BYTES, RESERVE_SHARE};

pub use self::check::{Checked, Checker, Damage, Wrong};
pub(super) use self::{
    index::{Adopted, Lies},
    record::Kind,
    view::JournalView,
};

/// The index, shared by the writer and the readers.
struct Guarded(Mutex<Index>);

impl Guarded {
    /// Nothing in it is left half-done by a panic: the writer takes back what it could not finish.
    fn lock(&self) -> MutexGuard<'_, Index> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writer of envelopes and notices.
pub struct Journal {
    data: PathBuf,
    index: Arc<Guarded>,
    segments: Arc<Segments>,
    file: Arc<dyn DiskFile>,
    mark: Mark,
    segment_bytes: u32,
    keeper: Arc<Keeper>,
}

impl Journal {
    /// Opens or makes the journal in the directory `data`.
    ///
    /// # Errors
    /// Any [`OpenError`]; nothing that was acknowledged is lost then.
    pub fn open(disk: Arc<dyn Disk>, data: &Path, quotas: Quotas) -> Result<Self, OpenError> {
        let mut index = Index::new(quotas);
        let loaded = tables::load(disk.as_ref(), data, &mut index)?;
        let segments = Arc::new(Segments::open(disk, data, loaded.salt).map_err(OpenError::Journal)?);
        // Without the index that belongs to them, segments cannot be read; cut off, they would be lost.
        if loaded.is_new && !segments.numbers().is_empty() {
            return Err(OpenError::Damaged);
        }
        for number in loaded.living.keys() {
            if segments.first_position(*number).is_none() {
                return Err(OpenError::SegmentMissing(*number));
            }
        }
        let begun = loaded.mark;
        let replayed = replay::run(&segments, begun, quotas.segment_bytes, &mut index).map_err(OpenError::Journal)?;
        let mark = Mark { next_seq: index.next_seq(), ..replayed.mark };
        index.reveal();
        let index = Arc::new(Guarded(Mutex::new(index)));
        let keeper =
            Keeper::start(loaded, quotas, Arc::clone(&segments), Arc::clone(&index)).map_err(OpenError::Journal)?;
        // Also of nothing new: it says that the store is in use, so that a crash is seen as one.
        keeper.hand_over(Batch { rows: replayed.rows, mark }).map_err(OpenError::Journal)?;
        Ok(Self {
            data: data.to_owned(),
            index,
            segments,
            file: replayed.file,
            mark,
            segment_bytes: quotas.segment_bytes,
            keeper: Arc::new(keeper),
        })
    }

    /// Applies all changes in order and makes them durable. See [`Store::commit`](super::Store::commit).
    ///
    /// # Errors
    /// As there.
    pub(super) fn commit(&mut self, batch: &[Change]) -> Result<Vec<Outcome>, StoreError> {
        self.keeper.check()?;
        self.roll()?;
        let mut effects = Vec::with_capacity(batch.len());
        let next_seq = self.mark.next_seq;
        let index = Arc::clone(&self.index);
        let mut guard = index.lock();
        let mut outcomes = Vec::with_capacity(batch.len());
        for change in batch {
            match apply(&mut guard, change, &mut effects) {
                Some(outcome) => outcomes.push(outcome),
                None => {
                    guard.undo(&effects, next_seq);
                    return Err(StoreError::Misplaced);
                }
            }
        }
        drop(guard);
        self.write(effects, next_seq)?;
        Ok(outcomes)
    }

    /// Is this digest remembered?
    pub(super) fn knows(&self, digest: &EnvelopeDigest) -> bool {
        self.index.lock().knows(digest)
    }

    /// Never gives out a seq below this.
    pub(super) fn raise_next_seq(&mut self, next: u64) -> Result<(), StoreError> {
        let mut index = self.index.lock();
        index.raise_next_seq(next);
        index.reveal();
        self.mark.next_seq = index.next_seq();
        drop(index);
        self.keeper.hand_over(Batch { rows: Vec::new(), mark: self.mark })
    }

    /// Stores items as they lay in another store, in the order of their seqs, and durably; no bound is looked at.
    pub(super) fn adopt(&mut self, items: &[Adopted]) -> Result<(), StoreError> {
        self.keeper.check()?;
        self.roll()?;
        let next_seq = self.mark.next_seq;
        let index = Arc::clone(&self.index);
        let mut guard = index.lock();
        let effects = items.iter().map(|adopted| guard.adopt(adopted)).collect();
        drop(guard);
        self.write(effects, next_seq)
    }

    /// Makes durable what the index holds already, and shows it to the readers; or takes it back.
    fn write(&mut self, mut effects: Vec<Effect<'_>>, next_seq: u64) -> Result<(), StoreError> {
        if effects.is_empty() {
            return Ok(());
        }
        let index = Arc::clone(&self.index);
        let after = self.lay_out(&mut index.lock(), &mut effects);
        if let Err(error) = self.append(&effects) {
            index.lock().undo(&effects, next_seq);
            return Err(error);
        }
        let mut guard = index.lock();
        self.mark = Mark { next_seq: guard.next_seq(), ..after };
        guard.reveal();
        drop(guard);
        self.keeper.hand_over(Batch { rows: effects.iter().filter_map(row).collect(), mark: self.mark })
    }

    /// Is there room for more than the reserve?
    pub(super) fn has_room(&self) -> bool {
        // A file system that does not say is judged by what it does.
        self.segments
            .disk()
            .space(&self.data)
            .is_none_or(|space| space.free_bytes >= RESERVE_BYTES.min(space.whole_bytes / RESERVE_SHARE))
    }

    /// The directory in which it lies.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// A view for another thread.
    pub(super) fn view(&self) -> JournalView {
        JournalView::new(Arc::clone(&self.index), Arc::clone(&self.segments))
    }

    /// What `verify` asks, for another thread.
    pub(super) fn checker(&self) -> Checker {
        Checker::new(Arc::clone(&self.index), Arc::clone(&self.segments), Arc::clone(&self.keeper))
    }

    /// Ends as a crash does, for tests of one: what is not on the disk now will not be.
    #[doc(hidden)]
    pub fn crash(self) {
        self.keeper.abandon();
    }

    /// Begins a new segment when this one is full: one batch never spans two.
    fn roll(&mut self) -> Result<(), StoreError> {
        if self.mark.offset < self.segment_bytes {
            return Ok(());
        }
        let number = self.mark.segment.checked_add(1).ok_or(StoreError::Damaged("segment number"))?;
        self.file = self.segments.create(number, self.mark.position).map_err(refused)?;
        self.mark = Mark { segment: number, offset: PREAMBLE_BYTES, ..self.mark };
        Ok(())
    }

    /// Gives each new item its place behind the last record; the mark after all of them.
    fn lay_out(&self, index: &mut Index, effects: &mut [Effect<'_>]) -> Mark {
        let mut mark = Mark { batch: self.mark.batch.saturating_add(1), ..self.mark };
        // An item may come and leave in one batch.
        let mut placed = Vec::new();
        for effect in effects.iter_mut() {
            let mut length = 0;
            match effect {
                Effect::Put { seq, item, .. } => {
                    length = item.at.length;
                    item.at = At { segment: mark.segment, offset: mark.offset, length };
                    index.lies_at(*seq, item.at);
                    placed.push((*seq, item.at));
                }
                Effect::Gone { seq, item } if *seq >= self.mark.next_seq => {
                    if let Ok(found) = placed.binary_search_by_key(seq, |(seq, _)| *seq)
                        && let Some((_, at)) = placed.get(found)
                    {
                        item.at = *at;
                    }
                }
                Effect::Gone { .. } | Effect::Forgotten { .. } | Effect::Known { .. } | Effect::Probe => {}
            }
            mark.offset = At { segment: mark.segment, offset: mark.offset, length }.end();
            mark.position = mark.position.saturating_add(1);
        }
        mark
    }

    /// Writes the batch behind the last one, and syncs it.
    fn append(&self, effects: &[Effect<'_>]) -> Result<(), StoreError> {
        let last = effects.len().saturating_sub(1);
        let mut position = self.mark.position;
        let mut heads = Vec::with_capacity(effects.len());
        for (place, effect) in effects.iter().enumerate() {
            heads.push(self.head(effect, position, place == last).to_bytes(self.segments.salt(), body(effect)));
            position = position.saturating_add(1);
        }
        let mut parts: Vec<IoSlice<'_>> = heads
            .iter()
            .zip(effects)
            .flat_map(|(head, effect)| [IoSlice::new(head), IoSlice::new(body(effect))])
            .collect();
        let offset = u64::from(self.mark.offset);
        match self.file.write_at(offset, &mut parts) {
            Ok(()) => self.file.sync().map_err(|source| StoreError::Io { source }),
            Err(error) => {
                // What was written of it must not be read as a batch later.
                let cut = self.file.set_length(offset).and_then(|()| self.file.sync());
                cut.map_err(|source| StoreError::Io { source })?;
                Err(refused(error))
            }
        }
    }

    fn head(&self, effect: &Effect<'_>, position: u64, ends_batch: bool) -> Head {
        let nothing = Head {
            position,
            batch: self.mark.batch,
            seq: 0,
            kind: Kind::Probe,
            ends_batch,
            length: 0,
            expiry: 0,
            place: [0; 16],
            digest: EnvelopeDigest::from_bytes([0; 32]),
        };
        match effect {
            Effect::Put { seq, item, digest, .. } => Head {
                seq: *seq,
                kind: item.kind,
                length: item.at.length,
                expiry: item.expiry,
                place: item.place,
                digest: *digest,
                ..nothing
            },
            // Not where it lay: that it left a mailbox must not be read here later.
            Effect::Gone { seq, .. } => Head { seq: *seq, kind: Kind::Gone, ..nothing },
            Effect::Forgotten { digest, known } => {
                Head { seq: known.seq, kind: Kind::Forgotten, digest: *digest, ..nothing }
            }
            Effect::Known { digest, known } => {
                Head { seq: known.seq, kind: Kind::Known, digest: *digest, expiry: known.expiry, ..nothing }
            }
            Effect::Probe => nothing,
        }
    }
}

impl Drop for Journal {
    /// Gives back what was prepared for more records.
    fn drop(&mut self) {
        if !self.keeper.is_abandoned() {
            self.file.set_length(u64::from(self.mark.offset)).ok();
        }
    }
}

/// What the disk's refusal of new bytes means.
fn refused(source: std::io::Error) -> StoreError {
    let errno = source.raw_os_error();
    if errno == Some(Errno::NOSPC.raw_os_error()) || errno == Some(Errno::DQUOT.raw_os_error()) {
        return StoreError::Full;
    }
    StoreError::Io { source }
}

const fn body<'a>(effect: &Effect<'a>) -> &'a [u8] {
    match effect {
        Effect::Put { body, .. } => body,
        Effect::Gone { .. } | Effect::Forgotten { .. } | Effect::Known { .. } | Effect::Probe => &[],
    }
}

const fn row(effect: &Effect<'_>) -> Option<Row> {
    match effect {
        Effect::Put { seq, item, digest, .. } => Some(Row::Put { seq: *seq, item: *item, digest: *digest }),
        Effect::Gone { seq, item } => Some(Row::Gone { seq: *seq, item: *item }),
        Effect::Forgotten { known, .. } => Some(Row::Forgotten { seq: known.seq }),
        Effect::Known { digest, known } => Some(Row::Known { digest: *digest, known: *known }),
        Effect::Probe => None,
    }
}

/// Carries out one change in the index. None for one that is not the journal's.
fn apply<'a>(index: &mut Index, change: &'a Change, effects: &mut Vec<Effect<'a>>) -> Option<Outcome> {
    Some(match change {
        Change::Deposit(deposit) => Outcome::Deposit(index.deposit(deposit, effects)),
        Change::Settle { mailbox, digest, nack, keep_until } => {
            let nack = nack.as_deref().map(|bytes| (bytes, *keep_until));
            Outcome::Settled(index.settle(*mailbox, *digest, nack, effects))
        }
        Change::SlotDrop { slot, seq } => {
            index.slot_drop(*slot, *seq, effects);
            Outcome::Dropped
        }
        Change::Expire { digest, notice, keep_until, today } => {
            Outcome::Expired(index.expire(*digest, (notice, *keep_until), *today, effects))
        }
        Change::DropNotices { today } => Outcome::NoticesDropped(index.drop_notices(*today, NOTICES_AT_ONCE, effects)),
        Change::ProbeJournal => {
            effects.push(Effect::Probe);
            Outcome::Probed
        }
        Change::PrekeysPut { .. }
        | Change::PrekeyTake { .. }
        | Change::PrekeysDrop { .. }
        | Change::ChangeRequest { .. }
        | Change::ChangeSettle { .. }
        | Change::Publish(_)
        | Change::InvitesPut { .. }
        | Change::EnrolRequest { .. }
        | Change::EnrolAnswer { .. }
        | Change::NodeHeadPut { .. }
        | Change::BlobBegin { .. }
        | Change::BlobWhole { .. }
        | Change::BlobDrop { .. }
        | Change::Probe
        | Change::Purge { .. }
        | Change::PublishForeign { .. } => return None,
    })
}
