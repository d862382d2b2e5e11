//! Envelopes and slot items out: what one session has yet to send, oldest first, by the node's credit.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_protocol::{
    frame::Frame,
    id::{MailboxId, SlotId},
    limits::SLOTS_WATCHED_MAX,
};

use crate::{
    limits::DELIVER_PAGE,
    live::Woken,
    store::{StoreError, reader::Reader},
};

/// What a session sends by itself.
pub(crate) struct Deliveries {
    /// None of a guest.
    mailbox: Option<MailboxId>,
    /// Newest envelope sent on this connection.
    sent: u64,
    /// There may be envelopes after `sent`.
    mailbox_woken: bool,
    /// Watched slots, with the newest item sent of each.
    slots: BTreeMap<SlotId, u64>,
    /// Slots that may hold more.
    pending: BTreeSet<SlotId>,
}

/// A node watches more slots than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManySlots;

impl Deliveries {
    pub(crate) const fn new(mailbox: Option<MailboxId>) -> Self {
        Self { mailbox, sent: 0, mailbox_woken: mailbox.is_some(), slots: BTreeMap::new(), pending: BTreeSet::new() }
    }

    pub(crate) fn woken(&mut self, woken: &Woken) {
        self.mailbox_woken |= woken.mailbox_woken;
        if woken.all_slots {
            self.pending.extend(self.slots.keys());
        }
        self.pending.extend(woken.slots.iter().filter(|slot| self.slots.contains_key(slot)));
    }

    /// Watches a slot; says whether it is new. No watch ends before the connection does: a node that needs room connects anew.
    pub(crate) fn watch(&mut self, slot: SlotId) -> Result<bool, TooManySlots> {
        if self.slots.contains_key(&slot) {
            return Ok(false);
        }
        if self.slots.len() >= SLOTS_WATCHED_MAX {
            return Err(TooManySlots);
        }
        self.slots.insert(slot, 0);
        self.pending.insert(slot);
        Ok(true)
    }

    pub(crate) fn watched(&self) -> impl Iterator<Item = SlotId> + '_ {
        self.slots.keys().copied()
    }

    pub(crate) fn is_idle(&self) -> bool {
        !self.mailbox_woken && self.pending.is_empty()
    }

    /// The next frames, at most `window`; none when there is nothing. Mail goes first: receipts are less urgent.
    pub(crate) async fn next(&mut self, reader: &Reader, window: u32) -> Result<Vec<Frame>, StoreError> {
        let room = usize::try_from(window).unwrap_or(DELIVER_PAGE).min(DELIVER_PAGE);
        if room > 0 && self.mailbox_woken {
            let frames = self.waiting(reader, room).await?;
            if !frames.is_empty() {
                return Ok(frames);
            }
        }
        while room > 0
            && let Some(slot) = self.pending.first().copied()
        {
            let frames = self.slot(reader, slot, room).await?;
            if !frames.is_empty() {
                return Ok(frames);
            }
        }
        Ok(Vec::new())
    }

    async fn waiting(&mut self, reader: &Reader, room: usize) -> Result<Vec<Frame>, StoreError> {
        let Some(mailbox) = self.mailbox else {
            self.mailbox_woken = false;
            return Ok(Vec::new());
        };
        let sent = self.sent;
        let page = reader.ask(move |view| view.deliverable(mailbox, sent, room)).await?;
        self.mailbox_woken = page.len() == room;
        if let Some(last) = page.last() {
            self.sent = last.seq;
        }
        Ok(page.into_iter().map(|found| Frame::Deliver { seq: found.seq, envelope: found.bytes.into() }).collect())
    }

    async fn slot(&mut self, reader: &Reader, slot: SlotId, room: usize) -> Result<Vec<Frame>, StoreError> {
        let sent = self.slots.get(&slot).copied().unwrap_or_default();
        let mut items = reader.ask(move |view| view.slot_items(slot, sent)).await?;
        if items.len() <= room {
            self.pending.remove(&slot);
        }
        items.truncate(room);
        if let Some(last) = items.last() {
            self.slots.insert(slot, last.seq);
        }
        Ok(items
            .into_iter()
            .map(|found| Frame::SlotItem { slot, seq: found.seq, kind: found.kind, item: found.bytes.into() })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::id::EnvelopeDigest;

    use super::*;
    use crate::{
        limits::Quotas,
        store::{Change, Deposit, Engine, Place, Store as _, disk::SystemDisk},
    };

    const MAILBOX: MailboxId = MailboxId::from_bytes([1; 16]);
    const SLOT: SlotId = SlotId::from_bytes([2; 16]);

    fn put(store: &mut Engine, place: Place, n: u8) {
        let deposit = Deposit {
            place,
            digest: EnvelopeDigest::from_bytes([n; 32]),
            expiry: safeconduct_protocol::time::Day(20_000),
            hour: 0,
            bytes: vec![n; 16_384],
        };
        store.commit(&[Change::Deposit(deposit)]).unwrap();
    }

    fn firsts(frames: &[Frame]) -> Vec<u8> {
        let first = |frame: &Frame| {
            let (Frame::Deliver { envelope: bytes, .. } | Frame::SlotItem { item: bytes, .. }) = frame else {
                panic!("{}", frame.name());
            };
            bytes[0]
        };
        frames.iter().map(first).collect()
    }

    #[tokio::test]
    async fn mail_goes_first_oldest_first_and_each_once_within_the_window() {
        let data = tempfile::tempdir().unwrap();
        let mut store = Engine::open(std::sync::Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap();
        for n in 0..20 {
            put(&mut store, Place::Mailbox(MAILBOX), n);
        }
        for n in 100..103 {
            put(&mut store, Place::Slot(SLOT), n);
        }
        let reader = Reader::start(vec![store.view().unwrap()]).unwrap();
        let mut deliveries = Deliveries::new(Some(MAILBOX));
        assert_eq!(deliveries.watch(SLOT), Ok(true));
        assert_eq!(deliveries.watch(SLOT), Ok(false));

        assert!(deliveries.next(&reader, 0).await.unwrap().is_empty());
        assert_eq!(firsts(&deliveries.next(&reader, 3).await.unwrap()), [0, 1, 2]);
        assert_eq!(firsts(&deliveries.next(&reader, 64).await.unwrap()), (3..19).collect::<Vec<_>>());
        assert_eq!(firsts(&deliveries.next(&reader, 64).await.unwrap()), [19]);
        assert_eq!(firsts(&deliveries.next(&reader, 2).await.unwrap()), [100, 101]);
        assert!(!deliveries.is_idle());
        assert_eq!(firsts(&deliveries.next(&reader, 2).await.unwrap()), [102]);
        assert!(deliveries.next(&reader, 2).await.unwrap().is_empty() && deliveries.is_idle());

        put(&mut store, Place::Mailbox(MAILBOX), 50);
        put(&mut store, Place::Slot(SLOT), 103);
        deliveries.woken(&Woken { mailbox_woken: true, all_slots: true, ..Woken::default() });
        assert_eq!(firsts(&deliveries.next(&reader, 5).await.unwrap()), [50]);
        assert_eq!(firsts(&deliveries.next(&reader, 5).await.unwrap()), [103]);
    }

    #[test]
    fn a_connection_watches_its_bound_of_slots_and_no_more_and_the_same_again_costs_nothing() {
        let slot = |number: usize| {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
            SlotId::from_bytes(bytes)
        };
        let mut deliveries = Deliveries::new(Some(MAILBOX));

        assert!((0..SLOTS_WATCHED_MAX).all(|number| deliveries.watch(slot(number)) == Ok(true)));

        assert_eq!(deliveries.watch(slot(3)), Ok(false));
        assert_eq!(deliveries.watch(slot(SLOTS_WATCHED_MAX)), Err(TooManySlots));
    }
}
