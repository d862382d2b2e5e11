//! A node's stock of prekeys (`docs/PROTOCOL.md` §6): when to refill and rotate, and when a secret dies. Pure functions of the time and of what is there.

use crate::{
    id::NodeId,
    layout,
    limits::{MESSAGE_LIFE_S, PREKEY_STOCK_TARGET},
    time::{DAY_S, HOUR_S, Timestamp},
};

/// Stocks are looked at this often, whatever happened in between: the time of a refill must not show activity.
pub const REFILL_EVERY_S: u64 = 6 * HOUR_S;
/// A signed prekey is replaced when it is this old.
pub const SIGNED_PREKEY_AGE_MAX_S: u64 = DAY_S;

/// The next time after `now` at which this node looks at its stock. Times are fixed by the node's id, so that they
/// depend on nothing that happens, and not all nodes of a relay come at once.
#[must_use]
pub fn next_refill(node: &NodeId, now: Timestamp) -> Timestamp {
    let id = layout::field(node.as_bytes(), 0).map_or(0, u64::from_be_bytes);
    let phase = id.checked_rem(REFILL_EVERY_S).unwrap_or(0);
    let into_period = now.0.saturating_sub(phase).checked_rem(REFILL_EVERY_S).unwrap_or(0);
    if now.0 < phase {
        return Timestamp(phase);
    }
    now.after(REFILL_EVERY_S.saturating_sub(into_period))
}

/// What a node has when it looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stock {
    /// One-time prekeys that the relay still holds.
    pub one_time: usize,
    /// `not_before` of the newest signed prekey published, if there is one of the present epoch.
    pub newest_signed: Option<Timestamp>,
}

/// What to make and publish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refill {
    /// One-time prekeys to make: up to the target, not only when low.
    pub one_time: usize,
    /// Signed prekeys to make: 0 or 1.
    pub signed: usize,
}

/// What this stock needs now.
#[must_use]
pub fn refill(stock: &Stock, now: Timestamp) -> Refill {
    let fresh = stock.newest_signed.is_some_and(|made| made <= now && now.since(made) < SIGNED_PREKEY_AGE_MAX_S);
    Refill { one_time: PREKEY_STOCK_TARGET.saturating_sub(stock.one_time), signed: usize::from(!fresh) }
}

/// The last second at which a prekey opens anything, after which its secret is erased, used or not: what was sealed at its last second
/// may wait as long as a message lives.
#[must_use]
pub const fn opens_until(not_after: Timestamp) -> Timestamp {
    not_after.after(MESSAGE_LIFE_S)
}

/// The epoch after a restore: above everything that anyone remembers.
#[must_use]
pub fn epoch_after_restore(remembered: &[u64]) -> u64 {
    remembered.iter().max().map_or(0, |highest| highest.saturating_add(1))
}

/// Whether an epoch can be one: it counts restores, or is a time that the authority has signed and restores after it. One of a later
/// day would stand in the way of every other for good.
#[must_use]
pub const fn is_epoch(epoch: u64, now: Timestamp) -> bool {
    epoch <= now.after(DAY_S).0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000);

    /// Trap 76.
    #[test]
    fn refill_times_are_fixed_whatever_is_used() {
        let node = NodeId::from_bytes([0x5a; 32]);
        let first = next_refill(&node, NOW);
        assert_eq!(REFILL_EVERY_S, 21_600);
        assert!(first > NOW && first.since(NOW) <= REFILL_EVERY_S);
        for second in [0, 1, 7, first.since(NOW) - 1] {
            assert_eq!(next_refill(&node, NOW.after(second)), first);
        }
        assert_eq!(next_refill(&node, first), first.after(REFILL_EVERY_S));
        assert_ne!(next_refill(&NodeId::from_bytes([1; 32]), NOW), first);
    }

    #[test]
    fn a_stock_is_filled_to_its_target_and_the_signed_prekey_is_renewed_daily() {
        let full = Stock { one_time: PREKEY_STOCK_TARGET, newest_signed: Some(NOW) };
        assert_eq!(refill(&full, NOW.after(DAY_S - 1)), Refill { one_time: 0, signed: 0 });
        assert_eq!(refill(&full, NOW.after(DAY_S)), Refill { one_time: 0, signed: 1 });
        assert_eq!(refill(&full, NOW.before(1)), Refill { one_time: 0, signed: 1 });
        let empty = Stock { one_time: 0, newest_signed: None };
        assert_eq!(refill(&empty, NOW), Refill { one_time: PREKEY_STOCK_TARGET, signed: 1 });
    }

    /// Trap 11.
    #[test]
    fn a_prekey_opens_for_fourteen_days_after_its_record_is_over() {
        assert_eq!(opens_until(NOW).since(NOW), 14 * DAY_S);
    }

    #[test]
    fn the_epoch_after_a_restore_is_above_everything_remembered() {
        assert_eq!(epoch_after_restore(&[]), 0);
        assert_eq!(epoch_after_restore(&[3, 9, 4]), 10);
    }

    #[test]
    fn before_the_first_refill_time_there_is_that_one() {
        let node = NodeId::from_bytes([0x5a; 32]);
        let phase = next_refill(&node, Timestamp(0));
        assert!(phase.0 > 0 && phase.0 < REFILL_EVERY_S);
        assert_eq!(next_refill(&node, Timestamp(phase.0 - 1)), phase);
        assert_eq!(next_refill(&node, phase), phase.after(REFILL_EVERY_S));
        assert_eq!(next_refill(&node, NOW).since(phase) % REFILL_EVERY_S, 0);
    }

    #[test]
    fn an_epoch_is_a_count_or_a_time_up_to_a_day_ahead() {
        assert!(is_epoch(0, NOW) && is_epoch(NOW.0 + DAY_S, NOW));
        assert!(!is_epoch(NOW.0 + DAY_S + 1, NOW));
    }
}
