//! Reading envelopes and notices, beside the writer.

use std::sync::Arc;

use safeconduct_protocol::{
    frame::SlotItemKind,
    id::{EnvelopeDigest, MailboxId, SlotId},
    limits::SLOT_ITEMS_MAX,
    time::Day,
};
use tracing::error;

use super::{
    Guarded,
    index::Item,
    record::Kind,
    segment::{ReadFailed, Segments},
};
use crate::{
    metrics,
    store::{Ages, Deliverable, SlotItem, StoreError, Usage},
};

/// What the readers see.
#[derive(Clone)]
pub(in crate::store) struct JournalView {
    index: Arc<Guarded>,
    segments: Arc<Segments>,
}

impl JournalView {
    pub(super) const fn new(index: Arc<Guarded>, segments: Arc<Segments>) -> Self {
        Self { index, segments }
    }

    /// The body of an item; none when it has left meanwhile, or is damaged: that is said, and the others go on.
    fn body(&self, seq: u64, item: Item) -> Result<Option<Vec<u8>>, StoreError> {
        match self.segments.read(item.at) {
            Ok((head, body)) if head.seq == seq => Ok(Some(body)),
            // A sector that cannot be read holds up its own envelope alone.
            Ok(_) | Err(ReadFailed::Missing | ReadFailed::Changed | ReadFailed::Io) => {
                if self.index.lock().item(seq).is_some() {
                    metrics::damaged();
                    let place = MailboxId::from_bytes(item.place);
                    error!(
                        event = "envelope-damaged",
                        place = %place.short(),
                        seq,
                        "an envelope is not as it was stored, and is not delivered: run `safeconduct-relay verify`"
                    );
                }
                Ok(None)
            }
        }
    }

    pub(crate) fn deliverable(
        &self,
        mailbox: MailboxId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Deliverable>, StoreError> {
        let mut after = after;
        let mut found = Vec::new();
        // Beyond damaged ones, so that one page of them does not hide what follows.
        while found.len() < limit {
            let lying = self.index.lock().lying(mailbox.as_bytes(), after, limit.saturating_sub(found.len()));
            let Some((last, _)) = lying.last() else { break };
            after = *last;
            for (seq, item) in lying {
                if item.kind == Kind::Mailbox
                    && let Some(bytes) = self.body(seq, item)?
                {
                    found.push(Deliverable { seq, bytes });
                }
            }
        }
        Ok(found)
    }

    pub(crate) fn slot_items(&self, slot: SlotId, after: u64) -> Result<Vec<SlotItem>, StoreError> {
        // Envelopes and notices have eight places each.
        let lying = self.index.lock().lying(slot.as_bytes(), after, SLOT_ITEMS_MAX.saturating_mul(2));
        let mut found = Vec::with_capacity(lying.len());
        for (seq, item) in lying {
            let kind = match item.kind {
                Kind::Slot => SlotItemKind::Envelope,
                Kind::Nack => SlotItemKind::Nack,
                Kind::Expired => SlotItemKind::Expired,
                Kind::Mailbox | Kind::Erased | Kind::Gone | Kind::Forgotten | Kind::Known | Kind::Probe => continue,
            };
            if let Some(bytes) = self.body(seq, item)? {
                found.push(SlotItem { seq, kind, bytes });
            }
        }
        Ok(found)
    }

    pub(crate) fn expired(&self, today: Day, after: EnvelopeDigest, limit: usize) -> Vec<EnvelopeDigest> {
        self.index.lock().expired(today, &after, limit)
    }

    pub(crate) fn usage(&self) -> Usage {
        self.index.lock().usage()
    }

    pub(crate) fn ages(&self, hour: u32, today: Day) -> Ages {
        let mut ages = Ages::default();
        self.index.lock().ages(|arrived, expiry| ages.count(arrived, expiry, hour, today));
        ages
    }
}
