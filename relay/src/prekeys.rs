//! Prekeys in and out. A pop is durable before it is answered; who asked is known in memory only.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use safeconduct_protocol::{
    frame::{Frame, PrekeyRefusal, Tag},
    id::{NodeId, RequestId},
    limits::{PREKEY_POPS_PER_HOUR_MAX, PREKEY_RETRY_S},
    prekey::record::{PrekeyContext, PrekeyKind, PrekeyRecord},
    time::{DAY_S, Day, HOUR_S, Timestamp},
};
use serde_bytes::ByteBuf;

use crate::{
    feed::Snapshot,
    limits::{PREKEY_FETCHES_PER_HOUR_MAX, PREKEY_PAIRS_MAX, PREKEY_RETRIES_MAX, PREKEY_STOCK_SHARE},
    metrics,
    shared::Shared,
    store::{
        Change, Handed, Outcome, PrekeyEntry, PrekeyStock, Stock,
        committer::{CommitError, Source},
    },
};

/// Seconds after which a node without prekeys may have published some, or a full disk has room.
const RETRY_S: u32 = 600;

/// Takes in an upload and answers with the stock.
pub(crate) async fn publish(shared: &Shared, node: NodeId, tag: Tag, records: Vec<ByteBuf>) -> Option<Frame> {
    let now = shared.clock.now();
    let given = records.len();
    // Until it is stored, the key that it was judged by is the node's.
    let keys = shared.keys.read().await;
    let entries = checked(&*shared.feed.newest()?, node, now, &records)?;
    let mut refused = u32::try_from(given.saturating_sub(entries.len())).unwrap_or(u32::MAX);
    match shared.committer.one(Source::RELAY, Change::PrekeysPut { node, entries }).await {
        Ok(Outcome::Prekeys { refused: more }) => refused = refused.saturating_add(more),
        // Nothing was taken; the stock below tells the node so.
        Ok(_) | Err(_) => refused = u32::try_from(given).unwrap_or(u32::MAX),
    }
    drop(keys);
    stock(shared, node, tag, refused).await
}

/// Answers with the ids of a node's prekeys. No answer when the store cannot be read: the node asks again.
pub(crate) async fn stock(shared: &Shared, node: NodeId, tag: Tag, refused: u32) -> Option<Frame> {
    let now = shared.clock.now();
    let PrekeyStock { one_time, signed } = shared.reader.ask(move |view| view.prekey_stock(node, now)).await.ok()?;
    Some(Frame::PrekeyStocked {
        tag,
        one_time: one_time.iter().map(|id| *id.as_bytes()).collect(),
        signed: signed.iter().map(|id| *id.as_bytes()).collect(),
        refused,
    })
}

/// The records that may be served: of this node, by its current key, sound and in time.
fn checked(snapshot: &Snapshot, node: NodeId, now: Timestamp, records: &[ByteBuf]) -> Option<Vec<PrekeyEntry>> {
    let identity = &snapshot.registry.node(&node)?.ik;
    let suite_min = snapshot.registry.min_suite();
    let context = PrekeyContext { node, identity, suite_min, now, epoch_seen: 0, used: &|_| false };
    let entries = records.iter().filter_map(|bytes| {
        let record = PrekeyRecord::parse(bytes).ok()?;
        record.check(&context).ok()?;
        let terms = record.terms();
        // Counts of restores, or signed times: none is of a later day, and one that is would keep out all others for good.
        if terms.epoch > now.after(DAY_S).0 {
            return None;
        }
        let kind = match terms.kind {
            PrekeyKind::Signed => Stock::Signed,
            PrekeyKind::OneTime => Stock::OneTime,
        };
        Some(PrekeyEntry {
            id: record.id(),
            kind,
            epoch: terms.epoch,
            not_before: terms.not_before,
            not_after: terms.not_after,
            record: record.as_bytes().to_vec(),
        })
    });
    Some(entries.collect())
}

/// Hands out a prekey of `target`.
pub(crate) async fn fetch(
    shared: &Shared,
    snapshot: &Snapshot,
    requester: NodeId,
    tag: Tag,
    request: RequestId,
    target: NodeId,
) -> Frame {
    let refused = |reason, retry_after_s| Frame::PrekeyRefused { tag, reason, retry_after_s };
    if let Err(reason) = snapshot.prekey_owner(&target) {
        return refused(reason, 0);
    }
    let now = shared.clock.now();
    if let Some(record) = shared.prekeys.retry(requester, request, target, now) {
        return Frame::PrekeyServed { tag, record: record.into() };
    }
    let stock = match shared.prekeys.needs_stock(requester, target, now) {
        false => None,
        true => {
            shared.reader.ask(move |view| view.prekey_stock(target, now)).await.ok().map(|stock| stock.one_time.len())
        }
    };
    let Ok(from) = shared.prekeys.judge(requester, target, stock, now) else {
        return refused(PrekeyRefusal::Quota, u32::try_from(HOUR_S).unwrap_or(RETRY_S));
    };
    let taken = take(shared, snapshot, target, from, now).await;
    if from == Stock::OneTime && !matches!(&taken, Ok(Outcome::Prekey(Some(Handed { kind: Stock::OneTime, .. })))) {
        shared.prekeys.give_back(requester, target);
    }
    match taken {
        Ok(Outcome::Prekey(Some(Handed { kind, record }))) => {
            shared.prekeys.handed(requester, request, target, kind, &record, now);
            metrics::prekey_served(match kind {
                Stock::OneTime => "one-time",
                Stock::Signed => "signed",
            });
            Frame::PrekeyServed { tag, record: record.into() }
        }
        Ok(Outcome::Prekey(None)) => refused(PrekeyRefusal::NoneLeft, RETRY_S),
        Ok(_) | Err(_) => refused(PrekeyRefusal::StorageFailed, RETRY_S),
    }
}

/// Keys that are taken and thrown away, at most, because the node has another identity key since.
const OLD_KEYS_MAX: usize = 8;

/// Takes a key that the node's current identity has signed. Those of the one before went with its change; one that was
/// uploaded at that very moment may have stayed.
async fn take(
    shared: &Shared,
    snapshot: &Snapshot,
    node: NodeId,
    from: Stock,
    now: Timestamp,
) -> Result<Outcome, CommitError> {
    let identity = snapshot.registry.node(&node).map(|state| state.key_id);
    let is_old = |handed: &Handed| {
        let signed_by = PrekeyRecord::parse(&handed.record).ok().map(|record| record.identity());
        signed_by.is_some() && signed_by != identity
    };
    for _ in 0..OLD_KEYS_MAX {
        let taken = shared.committer.one(Source::RELAY, Change::PrekeyTake { node, from, now }).await?;
        let Outcome::Prekey(Some(handed)) = &taken else { return Ok(taken) };
        match is_old(handed).then_some(handed.kind) {
            None => return Ok(taken),
            // The newest of them: there is none of the new key.
            Some(Stock::Signed) => return Ok(Outcome::Prekey(None)),
            Some(Stock::OneTime) => {}
        }
    }
    let taken = shared.committer.one(Source::RELAY, Change::PrekeyTake { node, from: Stock::Signed, now }).await?;
    let old = matches!(&taken, Outcome::Prekey(Some(handed)) if is_old(handed));
    Ok(if old { Outcome::Prekey(None) } else { taken })
}

/// What one node has taken of another's.
struct Pair {
    hour: Timestamp,
    fetches: u32,
    pops: u32,
    day: Day,
    /// One-time keys that it may take this day.
    share: usize,
    taken: usize,
}

impl Pair {
    fn is_old(&self, now: Timestamp) -> bool {
        self.day < now.day() && now.since(self.hour) >= HOUR_S
    }
}

struct Kept {
    target: NodeId,
    record: Vec<u8>,
    at: Timestamp,
}

#[derive(Default)]
struct Inner {
    pairs: BTreeMap<(NodeId, NodeId), Pair>,
    retries: BTreeMap<(NodeId, RequestId), Kept>,
    /// Oldest first.
    order: VecDeque<(NodeId, RequestId)>,
}

/// A requester has asked too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooOften;

/// Quotas and answers kept for retries, in memory.
#[derive(Default)]
pub(crate) struct PrekeyDesk(Mutex<Inner>);

impl PrekeyDesk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer that this very request got before.
    fn retry(&self, requester: NodeId, request: RequestId, target: NodeId, now: Timestamp) -> Option<Vec<u8>> {
        let inner = self.inner();
        let kept = inner.retries.get(&(requester, request))?;
        (kept.target == target && now.since(kept.at) <= PREKEY_RETRY_S).then(|| kept.record.clone())
    }

    /// Is the share to be reckoned from the stock: on the first fetch of the day, and before it counts as used up, since
    /// the stock may have grown?
    fn needs_stock(&self, requester: NodeId, target: NodeId, now: Timestamp) -> bool {
        let used_up = |pair: &Pair| pair.day != now.day() || pair.taken >= pair.share;
        self.inner().pairs.get(&(requester, target)).is_none_or(used_up)
    }

    /// A one-time key was granted, but there was none.
    fn give_back(&self, requester: NodeId, target: NodeId) {
        if let Some(pair) = self.inner().pairs.get_mut(&(requester, target)) {
            pair.pops = pair.pops.saturating_sub(1);
            pair.taken = pair.taken.saturating_sub(1);
        }
    }

    /// May it be a one-time key? Beyond the quotas the signed key is served, so that a referral still goes out.
    fn judge(
        &self,
        requester: NodeId,
        target: NodeId,
        stock: Option<usize>,
        now: Timestamp,
    ) -> Result<Stock, TooOften> {
        let mut inner = self.inner();
        let key = (requester, target);
        if inner.pairs.len() >= PREKEY_PAIRS_MAX && !inner.pairs.contains_key(&key) {
            inner.pairs.retain(|_, pair| !pair.is_old(now));
            if inner.pairs.len() >= PREKEY_PAIRS_MAX {
                return Ok(Stock::Signed);
            }
        }
        let fresh = Pair { hour: now, fetches: 0, pops: 0, day: now.day(), share: 0, taken: 0 };
        let pair = inner.pairs.entry(key).or_insert(fresh);
        if now.since(pair.hour) >= HOUR_S || now < pair.hour {
            (pair.hour, pair.fetches, pair.pops) = (now, 0, 0);
        }
        if let Some(stock) = stock {
            if pair.day != now.day() {
                (pair.day, pair.share, pair.taken) = (now.day(), 0, 0);
            }
            // Of what would be there without this requester. At least one: a node with a small stock is still reached.
            let whole = stock.saturating_add(pair.taken);
            pair.share = pair.share.max(whole.checked_div(PREKEY_STOCK_SHARE).unwrap_or_default().max(1));
        }
        if pair.fetches >= PREKEY_FETCHES_PER_HOUR_MAX {
            return Err(TooOften);
        }
        pair.fetches = pair.fetches.saturating_add(1);
        if pair.pops >= PREKEY_POPS_PER_HOUR_MAX || pair.taken >= pair.share {
            return Ok(Stock::Signed);
        }
        // Counted before the pop, so that many at once cannot pass together.
        pair.pops = pair.pops.saturating_add(1);
        pair.taken = pair.taken.saturating_add(1);
        Ok(Stock::OneTime)
    }

    /// Keeps an answer for a retry.
    fn handed(
        &self,
        requester: NodeId,
        request: RequestId,
        target: NodeId,
        kind: Stock,
        record: &[u8],
        now: Timestamp,
    ) {
        if kind == Stock::Signed {
            return;
        }
        let mut inner = self.inner();
        while inner.order.len() >= PREKEY_RETRIES_MAX
            || inner
                .order
                .front()
                .is_some_and(|oldest| inner.retries.get(oldest).is_none_or(|kept| now.since(kept.at) > PREKEY_RETRY_S))
        {
            let Some(oldest) = inner.order.pop_front() else { break };
            inner.retries.remove(&oldest);
        }
        let kept = Kept { target, record: record.to_vec(), at: now };
        if inner.retries.insert((requester, request), kept).is_none() {
            inner.order.push_back((requester, request));
        }
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::time::DAY_S;

    use super::*;

    const A: NodeId = NodeId::from_bytes([1; 32]);
    const B: NodeId = NodeId::from_bytes([2; 32]);
    const C: NodeId = NodeId::from_bytes([3; 32]);
    const NOW: Timestamp = Timestamp(20_000 * DAY_S);

    fn pops(desk: &PrekeyDesk, requester: NodeId, times: usize, stock: usize, now: Timestamp) -> usize {
        let mut taken = 0;
        for _ in 0..times {
            let left = desk.needs_stock(requester, B, now).then_some(stock - taken);
            taken += usize::from(desk.judge(requester, B, left, now) == Ok(Stock::OneTime));
        }
        taken
    }

    #[test]
    fn a_stock_that_was_empty_at_first_does_not_bind_the_rest_of_the_day() {
        let desk = PrekeyDesk::default();
        assert_eq!(desk.judge(A, B, Some(0), NOW), Ok(Stock::OneTime));
        desk.give_back(A, B);

        assert_eq!(pops(&desk, A, 50, 100, NOW), 10);
    }

    /// Trap 9.
    #[test]
    fn one_requester_takes_a_tenth_of_the_stock_a_day_and_others_are_not_touched() {
        let desk = PrekeyDesk::default();

        assert_eq!(pops(&desk, A, 100, 100, NOW), 10);
        assert_eq!(pops(&desk, A, 100, 90, NOW.after(2 * HOUR_S)), 0);
        assert_eq!(pops(&desk, C, 100, 90, NOW), 9);
        assert_eq!(pops(&desk, A, 100, 3, NOW.after(DAY_S)), 1, "a small stock still gives one");
    }

    #[test]
    fn one_requester_takes_twenty_an_hour_and_is_refused_after_very_many() {
        let desk = PrekeyDesk::default();
        let most = usize::try_from(PREKEY_POPS_PER_HOUR_MAX).unwrap();

        assert_eq!(pops(&desk, A, 100, 400, NOW), most);
        assert_eq!(pops(&desk, A, 100, 400, NOW.after(HOUR_S)), most);
        let rest = usize::try_from(PREKEY_FETCHES_PER_HOUR_MAX).unwrap() - 100;
        assert_eq!(pops(&desk, A, rest, 400, NOW.after(HOUR_S)), 0);
        assert_eq!(desk.judge(A, B, None, NOW.after(HOUR_S)), Err(TooOften));
        assert!(desk.judge(A, B, None, NOW.after(2 * HOUR_S)).is_ok());
    }

    #[test]
    fn a_retry_gets_the_same_key_for_ten_minutes_and_only_for_the_same_target() {
        let desk = PrekeyDesk::default();
        let request = RequestId::from_bytes([9; 16]);
        desk.handed(A, request, B, Stock::OneTime, b"key", NOW);

        assert_eq!(desk.retry(A, request, B, NOW.after(PREKEY_RETRY_S)), Some(b"key".to_vec()));
        assert_eq!(desk.retry(A, request, B, NOW.after(PREKEY_RETRY_S + 1)), None);
        assert_eq!(desk.retry(A, request, C, NOW), None);
        assert_eq!(desk.retry(C, request, B, NOW), None);
    }

    #[test]
    fn kept_answers_are_bounded() {
        let desk = PrekeyDesk::default();
        for n in 0..=u32::try_from(PREKEY_RETRIES_MAX).unwrap() {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&n.to_be_bytes());
            desk.handed(A, RequestId::from_bytes(id), B, Stock::OneTime, b"key", NOW);
        }

        let inner = desk.inner();

        assert_eq!((inner.retries.len(), inner.order.len()), (PREKEY_RETRIES_MAX, PREKEY_RETRIES_MAX));
    }
}
