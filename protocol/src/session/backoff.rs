//! Pauses between reconnects: doubled, bounded, with full jitter, so that a relay that comes back is not met by all
//! its nodes in the same second, and so that all are back within a minute.

use crate::limits::{RECONNECT_MAX_S, RECONNECT_MIN_S};

/// How long to wait before the next attempt.
#[derive(Debug, Clone)]
pub struct Backoff {
    ceiling_ms: u64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { ceiling_ms: RECONNECT_MIN_S.saturating_mul(1000) }
    }
}

impl Backoff {
    /// The next pause in milliseconds: uniform between 0 and the ceiling, which then doubles up to a minute.
    /// `dice` is any random number; `floor_s` is what the relay asked for, and itself bounded to an hour.
    #[must_use]
    pub fn next_ms(&mut self, dice: u64, floor_s: u32) -> u64 {
        let pause = dice.checked_rem(self.ceiling_ms.saturating_add(1)).unwrap_or_default();
        self.ceiling_ms = self.ceiling_ms.saturating_mul(2).min(RECONNECT_MAX_S.saturating_mul(1000));
        let floor_ms = u64::from(floor_s.min(3600)).saturating_mul(1000);
        pause.saturating_add(floor_ms)
    }

    /// A session was authenticated: the next pause starts small again.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute_and_no_further() {
        let mut backoff = Backoff::default();
        let ceilings: Vec<u64> = (0..10).map(|_| backoff.next_ms(u64::MAX, 0)).collect();
        assert!(ceilings.iter().all(|ms| *ms <= 60_000));
        assert_eq!(backoff.ceiling_ms, 60_000);
        backoff.reset();
        assert!(backoff.next_ms(u64::MAX, 0) <= 1_000);
    }

    #[test]
    fn the_relays_floor_is_kept() {
        assert!(Backoff::default().next_ms(0, 7) >= 7_000);
        assert!(Backoff::default().next_ms(0, u32::MAX) <= 3_601_000);
    }
}
