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

/// What each node has begun to put today. Only nodes that a log names get this far, and the logs are bounded.
pub(super) struct BlobQuota {
    bytes_per_day: u64,
    put: Mutex<BTreeMap<NodeId, (Day, u64)>>,
}

impl BlobQuota {
    pub(super) const fn new(bytes_per_day: u64) -> Self {
        Self { bytes_per_day, put: Mutex::new(BTreeMap::new()) }
    }

    /// Takes so many bytes of this node's day. It counts what was announced, not what has come: whoever only begins
    /// documents keeps the place of others no less. What is begun goes on, so that a document is never stuck at its half.
    pub(super) fn take(&self, node: NodeId, now: Timestamp, bytes: u64) -> Result<(), Refused> {
        let mut put = self.put.lock().unwrap_or_else(PoisonError::into_inner);
        let today = put.get(&node).filter(|(day, _)| *day == now.day()).map_or(0, |(_, bytes)| *bytes);
        let with = today.saturating_add(bytes);
        if with <= self.bytes_per_day {
            put.insert(node, (now.day(), with));
            return Ok(());
        }
        let left = DAY_S.saturating_sub(now.0.checked_rem(DAY_S).unwrap_or(0));
        Err((BlobRefusal::Quota, u32::try_from(left).unwrap_or(u32::MAX)))
    }

    /// It was not begun after all.
    pub(super) fn give_back(&self, node: NodeId, now: Timestamp, bytes: u64) {
        let mut put = self.put.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, today)) = put.get_mut(&node).filter(|(day, _)| *day == now.day()) {
            *today = today.saturating_sub(bytes);
        }
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

        assert_eq!(quota.take(node, evening, 400), Ok(()));
        assert_eq!(quota.take(node, evening, 601), Err((BlobRefusal::Quota, 60)), "until the day ends");
        assert_eq!(quota.take(node, evening, 600), Ok(()));
        assert_eq!(quota.take(other, evening, 1_000), Ok(()));
        quota.give_back(node, evening, 600);
        assert_eq!(quota.take(node, evening, 600), Ok(()), "it was not begun");
        assert_eq!(quota.take(node, evening.after(60), 1_000), Ok(()), "the next day");
        assert!(quota.take(node, evening.after(60), 1).is_err());
    }
}
