//! Publications of which pieces are still to come: one of each log at a time, bounded together, and forgotten when nobody goes on.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use safeconduct_certs::{introduction::SEALED_INTRODUCED_BYTES_MAX, registry::leaf::LEAF_BYTES_MAX};
use safeconduct_protocol::{frame::PublishRefusal, limits::REGISTRY_PAGE_MAX, time::Timestamp};
use serde_bytes::ByteBuf;

use crate::{
    foreign::Log,
    limits::{
        FOREIGN_BYTES_MAX, FOREIGN_LEAVES_MAX, FOREIGN_UNDERWAY_BYTES_MAX, LEAF_COST_BYTES, PUBLICATION_BYTES_MAX,
        UNDERWAY_S,
    },
    store::StoredLeaf,
};

/// The pieces of a publication that came so far.
pub(crate) struct Pieces {
    /// Which connection brings them.
    by: u64,
    pub(crate) from: u64,
    pub(crate) leaves: Vec<StoredLeaf>,
    bytes: usize,
    newest: Timestamp,
}

impl Pieces {
    /// Index after the last leaf.
    fn reached(&self) -> u64 {
        self.from.saturating_add(u64::try_from(self.leaves.len()).unwrap_or(u64::MAX))
    }
}

/// What one frame brings.
pub(crate) struct Part<'p> {
    pub(crate) from: u64,
    pub(crate) leaves: &'p [ByteBuf],
    pub(crate) records: &'p [ByteBuf],
    /// Leaves that the head is over.
    pub(crate) size: u64,
}

impl Part<'_> {
    /// Before anything of it is kept.
    fn judge(&self, log: Log) -> Result<(), PublishRefusal> {
        let leaves = || self.leaves.iter().zip(self.records);
        if self.records.len() != self.leaves.len() || leaves().any(|(leaf, _)| leaf.is_empty()) {
            return Err(PublishRefusal::Replay);
        }
        let too_long = |(leaf, record): (&ByteBuf, &ByteBuf)| {
            leaf.len() > LEAF_BYTES_MAX || record.len() > SEALED_INTRODUCED_BYTES_MAX
        };
        let too_many = matches!(log, Log::Foreign(_)) && self.size > FOREIGN_LEAVES_MAX;
        if self.leaves.len() > REGISTRY_PAGE_MAX || leaves().any(too_long) || too_many {
            return Err(PublishRefusal::TooLarge);
        }
        Ok(())
    }
}

/// All that are under way.
#[derive(Default)]
pub(crate) struct Underway {
    next: AtomicU64,
    all: Mutex<BTreeMap<Log, Pieces>>,
}

/// One connection's share in them: what it has brought is forgotten with it.
pub(crate) struct Hand {
    id: u64,
    underway: Arc<Underway>,
}

impl Hand {
    pub(crate) fn new(underway: &Arc<Underway>) -> Self {
        Self { id: underway.next.fetch_add(1, Ordering::Relaxed), underway: Arc::clone(underway) }
    }

    /// Takes what a frame brings; all pieces, when that was the last. What another connection has begun of this log is forgotten:
    /// the newest publication counts.
    pub(crate) fn take(
        &self,
        log: Log,
        held: u64,
        now: Timestamp,
        part: &Part<'_>,
    ) -> Result<Option<Pieces>, PublishRefusal> {
        part.judge(log)?;
        let mut all = self.underway.all();
        // A recognition that has changed meanwhile: it is another log.
        all.retain(|of, pieces| *of == log || pieces.by != self.id);
        let mut pieces = match all.remove(&log) {
            Some(pieces) if pieces.by == self.id && pieces.reached() == part.from => pieces,
            Some(pieces) if pieces.by == self.id => return Err(PublishRefusal::Gap),
            before if part.from > held => {
                all.extend(before.map(|before| (log, before)));
                return Err(PublishRefusal::Gap);
            }
            _ => Pieces { by: self.id, from: part.from, leaves: Vec::new(), bytes: 0, newest: now },
        };
        pieces.newest = now;
        for (leaf, record) in part.leaves.iter().zip(part.records) {
            pieces.bytes =
                pieces.bytes.saturating_add(leaf.len()).saturating_add(record.len()).saturating_add(LEAF_COST_BYTES);
            pieces.leaves.push(StoredLeaf { leaf: leaf.to_vec(), record: record.to_vec() });
        }
        let of_one = if log == Log::Own { PUBLICATION_BYTES_MAX } else { FOREIGN_BYTES_MAX };
        if pieces.bytes > of_one {
            return Err(PublishRefusal::TooLarge);
        }
        let reached = pieces.reached();
        if reached > part.size {
            return Err(PublishRefusal::Replay);
        }
        if reached == part.size {
            return Ok(Some(pieces));
        }
        let foreign = all.iter().filter(|(of, _)| **of != Log::Own).map(|(_, pieces)| pieces.bytes);
        let together = foreign.fold(pieces.bytes, usize::saturating_add);
        if log != Log::Own && together > FOREIGN_UNDERWAY_BYTES_MAX {
            return Err(PublishRefusal::StorageFailed);
        }
        all.insert(log, pieces);
        Ok(None)
    }

    /// Forgets what this connection has brought.
    pub(crate) fn forget(&self) {
        self.underway.all().retain(|_, pieces| pieces.by != self.id);
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.forget();
    }
}

impl Underway {
    /// Forgets publications that nobody has gone on with.
    pub(crate) fn forget_stale(&self, now: Timestamp) {
        self.all().retain(|_, pieces| now.since(pieces.newest) <= UNDERWAY_S);
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Log, Pieces>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::introduction::SEALED_INTRODUCED_BYTES;

    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);
    const LOG: Log = Log::Foreign([1; 32]);

    fn leaves(count: usize, length: usize) -> Vec<ByteBuf> {
        vec![vec![7; length].into(); count]
    }

    /// Offers a piece with records of this length.
    fn offer(hand: &Hand, log: Log, from: u64, leaves: &[ByteBuf], record: usize) -> Result<bool, PublishRefusal> {
        let records = vec![ByteBuf::from(vec![0; record]); leaves.len()];
        let part = Part { from, leaves, records: &records, size: FOREIGN_LEAVES_MAX };
        hand.take(log, 0, NOW, &part).map(|whole| whole.is_some())
    }

    #[test]
    fn pieces_without_weight_do_not_fill_the_memory() {
        let underway = Arc::default();
        let hand = Hand::new(&underway);
        assert_eq!(offer(&hand, LOG, 0, &leaves(1, 0), 0), Err(PublishRefusal::Replay));
        assert_eq!(offer(&hand, LOG, 0, &leaves(REGISTRY_PAGE_MAX + 1, 1), 0), Err(PublishRefusal::TooLarge));
        assert_eq!(offer(&hand, LOG, 0, &leaves(1, LEAF_BYTES_MAX + 1), 0), Err(PublishRefusal::TooLarge));
        assert_eq!(offer(&hand, LOG, 0, &leaves(1, 1), SEALED_INTRODUCED_BYTES_MAX + 1), Err(PublishRefusal::TooLarge));
        // A recognised authority has changed its keys: so many versions of its root file lie beside the entry.
        assert_eq!(offer(&hand, LOG, 0, &leaves(1, 300), SEALED_INTRODUCED_BYTES_MAX), Ok(false));
        hand.forget();
        let (one, none) = (leaves(1, 300), Vec::new());
        let above = Part { from: 0, leaves: &one, records: &none, size: 9 };
        assert!(matches!(hand.take(LOG, 0, NOW, &above), Err(PublishRefusal::Replay)), "a record for each");
        let above = Part { from: 0, leaves: &one, records: &one, size: FOREIGN_LEAVES_MAX + 1 };
        assert!(matches!(hand.take(LOG, 0, NOW, &above), Err(PublishRefusal::TooLarge)));
        assert!(hand.take(Log::Own, 0, NOW, &above).is_ok(), "our own log may be longer");

        // The lightest leaves: what is kept of each counts.
        let mut from = 0;
        let refused = loop {
            match offer(&hand, LOG, from, &leaves(REGISTRY_PAGE_MAX, 1), SEALED_INTRODUCED_BYTES) {
                Ok(false) => from += REGISTRY_PAGE_MAX as u64,
                other => break other,
            }
        };
        assert_eq!(refused, Err(PublishRefusal::TooLarge));
        assert!(usize::try_from(from).unwrap() * (1 + SEALED_INTRODUCED_BYTES + LEAF_COST_BYTES) <= FOREIGN_BYTES_MAX);
    }

    #[test]
    fn a_log_has_one_publication_under_way_and_it_ends_with_its_connection_or_its_time() {
        let underway = Arc::default();
        let (first, second) = (Hand::new(&underway), Hand::new(&underway));
        assert_eq!(offer(&first, LOG, 0, &leaves(2, 300), 0), Ok(false));
        assert_eq!(offer(&second, LOG, 2, &leaves(2, 300), 0), Err(PublishRefusal::Gap), "not another's");
        assert_eq!(offer(&first, LOG, 2, &leaves(2, 300), 0), Ok(false));
        assert_eq!(offer(&second, LOG, 0, &leaves(2, 300), 0), Ok(false));
        assert_eq!(underway.all().len(), 1);
        assert_eq!(offer(&first, LOG, 4, &leaves(2, 300), 0), Err(PublishRefusal::Gap), "the newer one counts");

        drop(first);
        assert_eq!(underway.all().len(), 1);
        underway.forget_stale(NOW.after(UNDERWAY_S));
        assert_eq!(underway.all().len(), 1);
        underway.forget_stale(NOW.after(UNDERWAY_S + 1));
        assert_eq!(underway.all().len(), 0);
        assert_eq!(offer(&second, LOG, 0, &leaves(2, 300), 0), Ok(false));
        drop(second);
        assert_eq!(underway.all().len(), 0);
    }

    #[test]
    fn what_authorities_abroad_have_under_way_together_is_bounded_and_ours_is_not_kept_out_by_it() {
        let underway: Arc<Underway> = Arc::default();
        let hands: Vec<_> = (0..4_u8).map(|n| (Hand::new(&underway), Log::Foreign([n; 32]))).collect();
        let heavy = leaves(REGISTRY_PAGE_MAX, LEAF_BYTES_MAX);
        let mut from = 0;
        let refused = 'full: loop {
            for (hand, log) in &hands {
                match offer(hand, *log, from, &heavy, SEALED_INTRODUCED_BYTES) {
                    Ok(false) => {}
                    other => break 'full other,
                }
            }
            from += REGISTRY_PAGE_MAX as u64;
        };
        assert_eq!(refused, Err(PublishRefusal::StorageFailed));
        assert_eq!(offer(&Hand::new(&underway), Log::Own, 0, &heavy, 0), Ok(false));
    }
}
