//! How much one node may submit: a token bucket each, in memory. It is not kept over a restart and says nothing on disk.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use safeconduct_protocol::{id::NodeId, time::Timestamp};

struct Bucket {
    left: u32,
    filled: Timestamp,
}

/// Submits that each node has left. Only nodes that a log names get this far, here or abroad, and the logs are bounded.
pub(crate) struct SubmitQuota {
    burst: u32,
    per_s: u32,
    buckets: Mutex<BTreeMap<NodeId, Bucket>>,
}

impl SubmitQuota {
    /// So many at once, and so many more every second.
    pub(crate) const fn new(burst: u32, per_s: u32) -> Self {
        Self { burst, per_s, buckets: Mutex::new(BTreeMap::new()) }
    }

    /// Takes one; or says in how many seconds there is one again.
    pub(crate) fn take(&self, node: NodeId, now: Timestamp) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(node).or_insert(Bucket { left: self.burst, filled: now });
        // A clock that went back gives nothing and takes nothing.
        let passed = u32::try_from(now.since(bucket.filled)).unwrap_or(u32::MAX);
        bucket.left = bucket.left.saturating_add(passed.saturating_mul(self.per_s)).min(self.burst);
        bucket.filled = now;
        bucket.left = bucket.left.checked_sub(1).ok_or(1_u32)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{SUBMIT_BURST, SUBMITS_PER_S};

    #[test]
    fn a_node_has_its_burst_and_then_its_rate_and_others_are_not_touched() {
        let quota = SubmitQuota::new(SUBMIT_BURST, SUBMITS_PER_S);
        let (node, other) = (NodeId::from_bytes([1; 32]), NodeId::from_bytes([2; 32]));
        let now = Timestamp(1_800_000_000);

        let taken = (0..SUBMIT_BURST).all(|_| quota.take(node, now).is_ok());

        assert!(taken);
        assert_eq!(quota.take(node, now), Err(1));
        assert_eq!(quota.take(node, now.before(3_600)), Err(1), "a clock set back gives nothing");
        assert!(quota.take(other, now).is_ok());
        assert!(quota.take(node, now.after(1)).is_ok());
    }
}
