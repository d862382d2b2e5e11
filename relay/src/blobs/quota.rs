//! How many bytes of sealed documents one node may put in a day, in memory: it is not kept over a restart and says nothing on disk.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use safeconduct_protocol::{
    blob::BlobRefusal,
    id::NodeId,
    time::{DAY_S, Day, Timestamp},
};

use super::Refused;

/// What each node has put today. Only nodes that a log names get this far, and the logs are bounded.
pub(super) struct BlobQuota {
    bytes_per_day: u64,
    put: Mutex<BTreeMap<NodeId, (Day, u64)>>,
}

impl BlobQuota {
    pub(super) const fn new(bytes_per_day: u64) -> Self {
        Self { bytes_per_day, put: Mutex::new(BTreeMap::new()) }
    }

    /// May this node put so many bytes more today?
    pub(super) fn check(&self, node: NodeId, now: Timestamp, bytes: u64) -> Result<(), Refused> {
        let put = self.put.lock().unwrap_or_else(PoisonError::into_inner);
        let today = put.get(&node).filter(|(day, _)| *day == now.day()).map_or(0, |(_, bytes)| *bytes);
        if today.saturating_add(bytes) <= self.bytes_per_day {
            return Ok(());
        }
        let left = DAY_S.saturating_sub(now.0.checked_rem(DAY_S).unwrap_or(0));
        Err((BlobRefusal::Quota, u32::try_from(left).unwrap_or(u32::MAX)))
    }

    /// So many bytes came. What is begun goes on, so that a document is never stuck at its half.
    pub(super) fn charge(&self, node: NodeId, now: Timestamp, bytes: usize) {
        let mut put = self.put.lock().unwrap_or_else(PoisonError::into_inner);
        let today = put.entry(node).or_insert_with(|| (now.day(), 0));
        if today.0 != now.day() {
            *today = (now.day(), 0);
        }
        today.1 = today.1.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_may_put_so_many_bytes_a_day_and_not_one_more_and_others_are_not_touched() {
        let quota = BlobQuota::new(1_000);
        let (node, other) = (NodeId::from_bytes([1; 32]), NodeId::from_bytes([2; 32]));
        let evening = Timestamp(20_000 * DAY_S - 60);

        quota.charge(node, evening, 400);

        assert_eq!(quota.check(node, evening, 600), Ok(()));
        assert_eq!(quota.check(node, evening, 601), Err((BlobRefusal::Quota, 60)), "until the day ends");
        assert_eq!(quota.check(other, evening, 1_000), Ok(()));
        assert_eq!(quota.check(node, evening.after(60), 1_000), Ok(()), "the next day");
        quota.charge(node, evening.after(60), 1);
        assert!(quota.check(node, evening.after(60), 1_000).is_err());
    }
}
