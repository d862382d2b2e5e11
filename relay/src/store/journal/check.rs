//! Is every byte as it was written? Reads everything that is held, beside the running service.

use std::sync::Arc;

use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    id::{EnvelopeDigest, MailboxId},
};

use super::{
    Guarded,
    index::{Item, Lies, status_of},
    keeper::Keeper,
    segment::{ReadFailed, Segments},
};
use crate::store::StoreError;

/// Items looked at between two looks at the clock of others.
const PAGE: usize = 256;

/// Something that is not as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damage {
    /// The mailbox or slot that it belongs to.
    pub place: MailboxId,
    /// Its place in the order of arrival.
    pub seq: u64,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Wrong {
    /// Its bytes have changed, or cannot be read.
    Bytes,
    /// Its segment is not there.
    Segment,
    /// The index on the disk says something else of it.
    Index,
}

impl Wrong {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Segment => "segment",
            Self::Index => "index",
        }
    }
}

/// What was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Checked {
    /// Envelopes and notices.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is not as it was written.
    pub damage: Vec<Damage>,
}

/// Damage listed; beyond, it is counted only by the operator's eye on the rest.
const DAMAGE_MAX: usize = 10_000;

/// Looks at everything. For a thread of its own.
#[derive(Clone)]
pub struct Checker {
    index: Arc<Guarded>,
    segments: Arc<Segments>,
    keeper: Arc<Keeper>,
}

/// One item as it lies on the disk.
pub(in crate::store) struct Held {
    pub(in crate::store) seq: u64,
    pub(in crate::store) lies: Lies,
    pub(in crate::store) expiry: u32,
    pub(in crate::store) digest: EnvelopeDigest,
    pub(in crate::store) body: Vec<u8>,
}

impl Checker {
    pub(super) const fn new(index: Arc<Guarded>, segments: Arc<Segments>, keeper: Arc<Keeper>) -> Self {
        Self { index, segments, keeper }
    }

    /// Reads everything that was there at the beginning and still is.
    ///
    /// # Errors
    /// The index on the disk cannot be read, or is damaged as a whole.
    pub fn run(&self) -> Result<Checked, StoreError> {
        let mut checked = Checked::default();
        self.each(|found| {
            checked.items = checked.items.saturating_add(1);
            match found {
                Ok(held) => {
                    let length = u64::try_from(held.body.len()).unwrap_or(u64::MAX);
                    checked.bytes = checked.bytes.saturating_add(length);
                }
                Err(damage) if checked.damage.len() < DAMAGE_MAX => checked.damage.push(damage),
                Err(_) => {}
            }
            Ok(())
        })?;
        Ok(checked)
    }

    /// Calls `each` with every item, in the order of arrival, or with what is wrong with it.
    ///
    /// # Errors
    /// As [`run`](Self::run), and what `each` gives.
    pub(in crate::store) fn each(
        &self,
        mut each: impl FnMut(Result<Held, Damage>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut from = 0;
        loop {
            let page = self.index.lock().from(from, PAGE);
            let Some((last, _)) = page.last() else { return Ok(()) };
            from = last.saturating_add(1);
            let differing = self.keeper.compare(page.clone())?;
            for (seq, item) in page {
                let found = match self.look(seq, item) {
                    Err(what) => Err(what),
                    Ok(_) if differing.binary_search(&seq).is_ok() => Err(Wrong::Index),
                    Ok(held) => Ok(held),
                };
                // It may have left while we looked.
                if found.is_err() && self.index.lock().item(seq) != Some(item) {
                    continue;
                }
                each(found.map_err(|what| Damage { place: MailboxId::from_bytes(item.place), seq, what }))?;
            }
        }
    }

    fn look(&self, seq: u64, item: Item) -> Result<Held, Wrong> {
        let (head, body) = self.segments.read(item.at).map_err(|failed| match failed {
            ReadFailed::Missing => Wrong::Segment,
            ReadFailed::Io | ReadFailed::Changed => Wrong::Bytes,
        })?;
        let said = (head.seq, head.kind, head.place, head.expiry);
        if said != (seq, item.kind, item.place, item.expiry) {
            return Err(Wrong::Index);
        }
        if item.kind.is_envelope() {
            let digest = hash(HashLabel::Envelope, &[&body]);
            if head.digest != EnvelopeDigest::from_bytes(digest) || item.status != status_of(&body) {
                return Err(Wrong::Bytes);
            }
        }
        let lies = Lies { kind: item.kind, place: item.place };
        Ok(Held { seq, lies, expiry: item.expiry, digest: head.digest, body })
    }

    /// The seq that the next item will have.
    pub(in crate::store) fn next_seq(&self) -> u64 {
        self.index.lock().next_seq()
    }

    /// Does this item still wait?
    pub(in crate::store) fn waits(&self, seq: u64) -> bool {
        self.index.lock().item(seq).is_some()
    }

    /// Digests that are remembered of envelopes that left, page by page after `after`: digest, seq, expiry day.
    pub(in crate::store) fn remembered(&self, after: Option<&EnvelopeDigest>) -> Vec<(EnvelopeDigest, u64, u32)> {
        let known = self.index.lock().known_after(after, PAGE);
        known.into_iter().map(|(digest, known)| (digest, known.seq, known.expiry)).collect()
    }
}
