//! Time as an input: Unix seconds, days, and the seam through which a clock is handed in.

use serde::{Deserialize, Serialize};

/// Seconds in a day.
pub const DAY_S: u64 = 86_400;
/// Seconds in an hour.
pub const HOUR_S: u64 = 3_600;

/// Unix time in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// `seconds` later, at most the end of time.
    #[must_use]
    pub const fn after(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// `seconds` earlier, at least 1970.
    #[must_use]
    pub const fn before(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(seconds))
    }

    /// Seconds since `earlier`; 0 when that is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The day that holds this second.
    #[must_use]
    pub fn day(self) -> Day {
        let days = self.0 / DAY_S;
        Day(u32::try_from(days).unwrap_or(u32::MAX))
    }
}

/// Days since 1 January 1970, UTC. All that a relay keeps of an envelope's time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Day(pub u32);

impl Day {
    /// `days` later.
    #[must_use]
    pub const fn after(self, days: u32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The last second of this day.
    #[must_use]
    pub fn end(self) -> Timestamp {
        Timestamp(u64::from(self.0).saturating_add(1).saturating_mul(DAY_S).saturating_sub(1))
    }
}

/// Where time comes from.
///
/// Contract: `now` may stand still or jump either way; callers never assume that it grows.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_holds_its_first_and_last_second() {
        let day = Timestamp(20_000 * DAY_S).day();
        assert_eq!(day, Day(20_000));
        assert_eq!(day.end().day(), day);
        assert_eq!(day.end().after(1).day(), day.after(1));
    }

    #[test]
    fn a_shared_clock_tells_the_time_of_the_one_inside() {
        struct At(u64);
        impl Clock for At {
            fn now(&self) -> Timestamp {
                Timestamp(self.0)
            }
        }
        let shared: std::sync::Arc<dyn Clock> = std::sync::Arc::new(At(77));
        assert_eq!(std::sync::Arc::new(shared).now(), Timestamp(77));
    }
}
