//! Where everything is, in memory: about 250 bytes for each envelope that waits, about 70 for each digest that is
//! remembered. What it holds is also in `index.db` (`keeper`), or in the part of the journal that is read at start.
//!
//! A change is judged and carried out here first, before it is on the disk: readers do not see new items until
//! [`Index::reveal`], and [`Index::undo`] takes everything back when the disk refuses.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_protocol::{
    id::{EnvelopeDigest, MailboxId, SlotId},
    limits::SLOT_ITEMS_MAX,
    time::Day,
};

use super::{record::Kind, segment::At};
use crate::{
    limits::Quotas,
    store::{Deposit, Deposited, Place, Usage},
};

/// Digests that are remembered for each envelope that may wait: most are collected long before their day.
const DIGESTS_PER_ENVELOPE: u64 = 4;
/// Where an envelope names its status slot (`docs/PROTOCOL.md` §7).
const STATUS_SLOT_FROM: usize = 40;
const STATUS_SLOT_TO: usize = STATUS_SLOT_FROM + SlotId::LEN;

/// Something that lies in a mailbox or slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) place: [u8; 16],
    /// The status slot that an envelope names.
    pub(super) status: [u8; 16],
    pub(super) expiry: u32,
    pub(super) at: At,
    /// When it came, in hours since 1970, for the operator's ages; 0 for what was there at start. Never on the disk.
    pub(super) hour: u32,
}

/// What is remembered of a digest until its day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Known {
    pub(super) seq: u64,
    pub(super) expiry: u32,
}

/// What one change did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Effect<'a> {
    /// An item came.
    Put { seq: u64, item: Item, digest: EnvelopeDigest, body: &'a [u8] },
    /// An item left.
    Gone { seq: u64, item: Item },
    /// A digest was forgotten.
    Forgotten { digest: EnvelopeDigest, known: Known },
    /// A digest is remembered, of an envelope that left elsewhere.
    Known { digest: EnvelopeDigest, known: Known },
    /// Nothing; the disk is tried.
    Probe,
}

/// Something that another store held.
pub(in crate::store) struct Adopted {
    /// Its seq there; none to give it the next.
    pub(in crate::store) seq: Option<u64>,
    pub(in crate::store) digest: EnvelopeDigest,
    pub(in crate::store) expiry: u32,
    /// Where it lies, and its bytes; none for a digest that is only remembered.
    pub(in crate::store) item: Option<(Lies, Vec<u8>)>,
}

/// What and where an adopted item is.
#[derive(Clone, Copy)]
pub(in crate::store) struct Lies {
    pub(in crate::store) kind: Kind,
    pub(in crate::store) place: [u8; 16],
}

/// What lies at one place.
#[derive(Default)]
struct Lying {
    seqs: BTreeSet<u64>,
    envelopes: u64,
    bytes: u64,
    notices: usize,
}

/// Everything that is held.
pub(super) struct Index {
    items: BTreeMap<u64, Item>,
    places: BTreeMap<[u8; 16], Lying>,
    known: BTreeMap<EnvelopeDigest, Known>,
    next_seq: u64,
    /// Where items lie that left in the batch that is being written: until it is durable, their bytes must stay.
    leaving: Vec<At>,
    /// Readers see items below this.
    visible: u64,
    envelopes: u64,
    bytes: u64,
    quotas: Quotas,
}

/// Whether what ends with this day has ended.
fn is_past(expiry: u32, today: Day) -> bool {
    #[cfg(feature = "planted")]
    if safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::ExpiryWrongWay) {
        return expiry > today.0;
    }
    expiry < today.0
}

impl Index {
    pub(super) const fn new(quotas: Quotas) -> Self {
        Self {
            items: BTreeMap::new(),
            places: BTreeMap::new(),
            known: BTreeMap::new(),
            next_seq: 1,
            leaving: Vec::new(),
            visible: 1,
            envelopes: 0,
            bytes: 0,
            quotas,
        }
    }

    pub(super) const fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Never gives out a seq below this again.
    pub(super) fn raise_next_seq(&mut self, next: u64) {
        self.next_seq = self.next_seq.max(next);
    }

    /// What was put so far is durable: readers may see it.
    pub(super) fn reveal(&mut self) {
        self.visible = self.next_seq;
        self.leaving.clear();
    }

    // Judging a change, and carrying it out.

    /// See [`Change::Deposit`](crate::store::Change::Deposit).
    pub(super) fn deposit<'a>(&mut self, deposit: &'a Deposit, effects: &mut Vec<Effect<'a>>) -> Deposited {
        if self.known.contains_key(&deposit.digest) {
            return Deposited::Held;
        }
        let (place, kind) = match &deposit.place {
            Place::Mailbox(mailbox) => (*mailbox.as_bytes(), Kind::Mailbox),
            Place::Slot(slot) => (*slot.as_bytes(), Kind::Slot),
        };
        let (envelopes, bytes) = self.places.get(&place).map_or((0, 0), |lying| (lying.envelopes, lying.bytes));
        let size = u64::try_from(deposit.bytes.len()).unwrap_or(u64::MAX);
        match deposit.place {
            Place::Mailbox(_)
                if envelopes >= self.quotas.mailbox_envelopes
                    || bytes.saturating_add(size) > self.quotas.mailbox_bytes =>
            {
                return Deposited::MailboxFull;
            }
            Place::Slot(_) if usize::try_from(envelopes).is_ok_and(|held| held >= SLOT_ITEMS_MAX) => {
                return Deposited::SlotFull;
            }
            Place::Mailbox(_) | Place::Slot(_) => {}
        }
        let digests = u64::try_from(self.known.len()).unwrap_or(u64::MAX);
        if self.envelopes >= self.quotas.envelopes
            || digests >= self.quotas.envelopes.saturating_mul(DIGESTS_PER_ENVELOPE)
        {
            return Deposited::StoreFull;
        }
        let item = Item {
            kind,
            place,
            status: status_of(&deposit.bytes),
            expiry: deposit.expiry.0,
            at: At::nowhere(&deposit.bytes),
            hour: deposit.hour,
        };
        self.put(item, deposit.digest, &deposit.bytes, effects);
        Deposited::Stored
    }

    /// See [`Change::Settle`](crate::store::Change::Settle).
    pub(super) fn settle<'a>(
        &mut self,
        mailbox: MailboxId,
        digest: EnvelopeDigest,
        nack: Option<(&'a [u8], Day)>,
        effects: &mut Vec<Effect<'a>>,
    ) -> Option<Option<SlotId>> {
        let known = *self.known.get(&digest)?;
        let item = *self.items.get(&known.seq)?;
        if item.kind != Kind::Mailbox || item.place != *mailbox.as_bytes() {
            return None;
        }
        self.leave(known.seq, item, effects);
        Some(nack.and_then(|notice| self.file(item.status, Kind::Nack, digest, notice, effects)))
    }

    /// See [`Change::SlotDrop`](crate::store::Change::SlotDrop).
    pub(super) fn slot_drop(&mut self, slot: SlotId, seq: u64, effects: &mut Vec<Effect<'_>>) {
        if let Some(item) = self.items.get(&seq).copied()
            && item.place == *slot.as_bytes()
            && item.kind != Kind::Mailbox
        {
            self.leave(seq, item, effects);
        }
    }

    /// See [`Change::Expire`](crate::store::Change::Expire).
    pub(super) fn expire<'a>(
        &mut self,
        digest: EnvelopeDigest,
        notice: (&'a [u8], Day),
        today: Day,
        effects: &mut Vec<Effect<'a>>,
    ) -> Option<SlotId> {
        let known = self.known.get(&digest).copied().filter(|known| is_past(known.expiry, today))?;
        let waiting = self.items.get(&known.seq).copied();
        let filed = waiting.and_then(|item| {
            self.leave(known.seq, item, effects);
            self.file(item.status, Kind::Expired, digest, notice, effects)
        });
        self.known.remove(&digest);
        effects.push(Effect::Forgotten { digest, known });
        filed
    }

    /// See [`Change::DropNotices`](crate::store::Change::DropNotices).
    pub(super) fn drop_notices(&mut self, today: Day, most: usize, effects: &mut Vec<Effect<'_>>) -> usize {
        let past: Vec<(u64, Item)> = self
            .items
            .iter()
            .filter(|(_, item)| !item.kind.is_envelope() && item.expiry < today.0)
            .map(|(seq, item)| (*seq, *item))
            .take(most)
            .collect();
        let dropped = past.len();
        for (seq, item) in past {
            self.leave(seq, item, effects);
        }
        dropped
    }

    /// Files a signed object, kept until its day, unless the slot holds its eight of them.
    fn file<'a>(
        &mut self,
        slot: [u8; 16],
        kind: Kind,
        digest: EnvelopeDigest,
        (bytes, keep_until): (&'a [u8], Day),
        effects: &mut Vec<Effect<'a>>,
    ) -> Option<SlotId> {
        if self.places.get(&slot).is_some_and(|lying| lying.notices >= SLOT_ITEMS_MAX) {
            return None;
        }
        let item = Item { kind, place: slot, status: [0; 16], expiry: keep_until.0, at: At::nowhere(bytes), hour: 0 };
        self.put(item, digest, bytes, effects);
        Some(SlotId::from_bytes(slot))
    }

    fn put<'a>(&mut self, item: Item, digest: EnvelopeDigest, body: &'a [u8], effects: &mut Vec<Effect<'a>>) {
        let seq = self.next_seq;
        self.insert(seq, item);
        if item.kind.is_envelope() {
            self.known.insert(digest, Known { seq, expiry: item.expiry });
        }
        effects.push(Effect::Put { seq, item, digest, body });
    }

    fn leave(&mut self, seq: u64, item: Item, effects: &mut Vec<Effect<'_>>) {
        self.take_out(seq);
        self.leaving.push(item.at);
        effects.push(Effect::Gone { seq, item });
    }

    /// Says where an item of this batch lies, once that is known.
    pub(super) fn lies_at(&mut self, seq: u64, at: At) {
        if let Some(item) = self.items.get_mut(&seq) {
            item.at = at;
        }
    }

    // The same without judging: at start, and to take back.

    /// An item as it was stored.
    pub(super) fn insert(&mut self, seq: u64, item: Item) {
        self.next_seq = self.next_seq.max(seq.saturating_add(1));
        let lying = self.places.entry(item.place).or_default();
        lying.seqs.insert(seq);
        let size = u64::from(item.at.length);
        if item.kind.is_envelope() {
            lying.envelopes = lying.envelopes.saturating_add(1);
            lying.bytes = lying.bytes.saturating_add(size);
            self.envelopes = self.envelopes.saturating_add(1);
            self.bytes = self.bytes.saturating_add(size);
        } else {
            lying.notices = lying.notices.saturating_add(1);
        }
        self.items.insert(seq, item);
    }

    /// Something as another store held it.
    pub(super) fn adopt<'a>(&mut self, adopted: &'a Adopted) -> Effect<'a> {
        let (seq, digest, expiry) = (adopted.seq.unwrap_or(self.next_seq), adopted.digest, adopted.expiry);
        let known = Known { seq, expiry };
        let Some((Lies { kind, place }, body)) = &adopted.item else {
            self.remember(digest, known);
            return Effect::Known { digest, known };
        };
        let status = if kind.is_envelope() { status_of(body) } else { [0; 16] };
        let item = Item { kind: *kind, place: *place, status, expiry, at: At::nowhere(body), hour: 0 };
        self.insert(seq, item);
        if kind.is_envelope() {
            self.remember(digest, known);
        }
        Effect::Put { seq, item, digest, body }
    }

    /// A digest as it was remembered.
    pub(super) fn remember(&mut self, digest: EnvelopeDigest, known: Known) {
        self.next_seq = self.next_seq.max(known.seq.saturating_add(1));
        self.known.insert(digest, known);
    }

    /// Is it remembered?
    pub(super) fn knows(&self, digest: &EnvelopeDigest) -> bool {
        self.known.contains_key(digest)
    }

    /// Forgets a digest.
    pub(super) fn forget(&mut self, digest: &EnvelopeDigest) -> Option<Known> {
        self.known.remove(digest)
    }

    /// Takes an item out; nothing when it is not there.
    pub(super) fn take_out(&mut self, seq: u64) -> Option<Item> {
        let item = self.items.remove(&seq)?;
        let size = u64::from(item.at.length);
        if item.kind.is_envelope() {
            self.envelopes = self.envelopes.saturating_sub(1);
            self.bytes = self.bytes.saturating_sub(size);
        }
        if let Some(lying) = self.places.get_mut(&item.place) {
            lying.seqs.remove(&seq);
            if item.kind.is_envelope() {
                lying.envelopes = lying.envelopes.saturating_sub(1);
                lying.bytes = lying.bytes.saturating_sub(size);
            } else {
                lying.notices = lying.notices.saturating_sub(1);
            }
            if lying.seqs.is_empty() {
                self.places.remove(&item.place);
            }
        }
        Some(item)
    }

    /// Takes back what a refused batch did. Its seqs are used again: nobody has seen them.
    pub(super) fn undo(&mut self, effects: &[Effect<'_>], next_seq: u64) {
        for effect in effects.iter().rev() {
            match effect {
                Effect::Put { seq, item, digest, .. } => {
                    self.take_out(*seq);
                    if item.kind.is_envelope() {
                        self.known.remove(digest);
                    }
                }
                Effect::Gone { seq, item } => self.insert(*seq, *item),
                Effect::Forgotten { digest, known } => self.remember(*digest, *known),
                Effect::Known { digest, .. } => {
                    self.known.remove(digest);
                }
                Effect::Probe => {}
            }
        }
        self.next_seq = next_seq;
        self.leaving.clear();
    }

    // Reading.

    /// An item, if it is there.
    pub(super) fn item(&self, seq: u64) -> Option<Item> {
        self.items.get(&seq).copied()
    }

    /// Visible items of a place after `after`, oldest first, at most `most`.
    pub(super) fn lying(&self, place: &[u8; 16], after: u64, most: usize) -> Vec<(u64, Item)> {
        let Some(lying) = self.places.get(place) else { return Vec::new() };
        lying
            .seqs
            .range(after.saturating_add(1)..self.visible.max(after.saturating_add(1)))
            .filter_map(|seq| self.items.get(seq).map(|item| (*seq, *item)))
            .take(most)
            .collect()
    }

    /// Visible items from `seq` on, at most `most`.
    pub(super) fn from(&self, seq: u64, most: usize) -> Vec<(u64, Item)> {
        self.items.range(seq..self.visible.max(seq)).map(|(seq, item)| (*seq, *item)).take(most).collect()
    }

    /// How many items lie in each segment.
    pub(super) fn by_segment(&self) -> BTreeMap<u32, u64> {
        let mut counts = BTreeMap::new();
        for item in self.items.values() {
            let count: &mut u64 = counts.entry(item.at.segment).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    /// From where to where the items of a segment lie, in order: visible or not, and those that are just leaving.
    pub(super) fn in_segment(&self, segment: u32) -> Vec<(u64, u64)> {
        let mut lying: Vec<_> = self
            .items
            .values()
            .map(|item| item.at)
            .chain(self.leaving.iter().copied())
            .filter(|at| at.segment == segment)
            .map(|at| (u64::from(at.offset), u64::from(at.end())))
            .collect();
        lying.sort_unstable();
        lying
    }

    /// Digests after `after`, in order, at most `most`.
    pub(super) fn known_after(&self, after: Option<&EnvelopeDigest>, most: usize) -> Vec<(EnvelopeDigest, Known)> {
        use std::ops::Bound::{Excluded, Unbounded};
        let from = after.map_or(Unbounded, Excluded);
        self.known.range((from, Unbounded)).map(|(digest, known)| (*digest, *known)).take(most).collect()
    }

    /// Digests after `after` whose day is before `today`, in order, at most `most`.
    pub(super) fn expired(&self, today: Day, after: &EnvelopeDigest, most: usize) -> Vec<EnvelopeDigest> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.known
            .range((Excluded(after), Unbounded))
            .filter(|(_, known)| is_past(known.expiry, today))
            .map(|(digest, _)| *digest)
            .take(most)
            .collect()
    }

    /// What is held.
    pub(super) fn usage(&self) -> Usage {
        let mut usage = Usage {
            envelopes: self.envelopes,
            bytes: self.bytes,
            places: u64::try_from(self.places.len()).unwrap_or(u64::MAX),
            digests: u64::try_from(self.known.len()).unwrap_or(u64::MAX),
            ..Usage::default()
        };
        for lying in self.places.values() {
            usage.fullest_bytes = usage.fullest_bytes.max(lying.bytes);
            usage.fullest_envelopes = usage.fullest_envelopes.max(lying.envelopes);
        }
        usage.oldest_expiry = self.items.values().find(|item| item.kind.is_envelope()).map(|item| Day(item.expiry));
        usage
    }

    /// Calls `each` with the hour of arrival and the expiry day of every envelope that waits in a mailbox.
    pub(super) fn ages(&self, mut each: impl FnMut(u32, Day)) {
        for item in self.items.values().filter(|item| item.kind == Kind::Mailbox) {
            each(item.hour, Day(item.expiry));
        }
    }
}

/// The status slot that an envelope names.
pub(super) fn status_of(envelope: &[u8]) -> [u8; 16] {
    envelope.get(STATUS_SLOT_FROM..STATUS_SLOT_TO).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
}
