//! How old a copy of the registry may be for what. Age is measured against the authority's own signed
//! time; the local clock is believed only above the lower bound that those times give.

use safeconduct_protocol::time::{DAY_S, HOUR_S, Timestamp};

/// Up to this age everything is allowed without a word.
pub const FRESH_S: u64 = 24 * HOUR_S;
/// Up to this age a banner is shown.
pub const STALE_S: u64 = 7 * DAY_S;
/// Beyond this age nothing is sent.
pub const EXPIRED_S: u64 = 30 * DAY_S;
/// A local clock this far ahead of a time that was signed just now is worth a word.
const SKEW_S: u64 = 24 * HOUR_S;

/// How fresh a copy of the registry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Freshness {
    /// At most 24 hours.
    Fresh,
    /// At most 7 days: show a banner.
    Stale {
        /// Newest signed time.
        since: Timestamp,
    },
    /// At most 30 days: nothing goes to nodes that were added or changed since.
    Restricted {
        /// Newest signed time.
        since: Timestamp,
    },
    /// Older: nothing is sent.
    Expired {
        /// Newest signed time.
        since: Timestamp,
    },
    /// There is no signed time at all: nothing is sent.
    Never,
}

/// How the local clock compares with the newest signed time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClockState {
    /// Not before it.
    Plausible,
    /// Before it: the clock is wrong, and the bound is used instead.
    Behind {
        /// By how many seconds.
        by_s: u64,
    },
}

/// The time to reckon with: the local clock, but never before what was signed or persisted.
#[must_use]
pub fn lower_bounded(local: Timestamp, newest_signed: Option<Timestamp>, persisted: Timestamp) -> Timestamp {
    local.max(newest_signed.unwrap_or_default()).max(persisted)
}

/// Compares the local clock with the newest signed time.
#[must_use]
pub fn clock_state(newest_signed: Option<Timestamp>, local: Timestamp) -> ClockState {
    match newest_signed.map_or(0, |signed| signed.since(local)) {
        // The two clocks are two machines' clocks.
        by_s if by_s > 60 => ClockState::Behind { by_s },
        _ => ClockState::Plausible,
    }
}

/// Whether a clock is further ahead of a time that was signed just now than two clocks are apart.
#[must_use]
pub fn is_far_ahead(signed_now: Timestamp, local: Timestamp) -> bool {
    local.since(signed_now) > SKEW_S
}

/// Judges the age of a copy whose newest signed time is `newest`.
#[must_use]
pub fn judge(newest: Option<Timestamp>, now: Timestamp) -> Freshness {
    let Some(since) = newest else { return Freshness::Never };
    match now.since(since) {
        age if age <= FRESH_S => Freshness::Fresh,
        age if age <= STALE_S => Freshness::Stale { since },
        age if age <= EXPIRED_S => Freshness::Restricted { since },
        _ => Freshness::Expired { since },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_age_has_its_bound_and_a_clock_before_the_signed_time_counts_as_fresh() {
        let signed = Timestamp(1_795_000_000);
        let at = |age| judge(Some(signed), signed.after(age));
        assert_eq!(at(0), Freshness::Fresh);
        assert_eq!(at(FRESH_S), Freshness::Fresh);
        assert_eq!(at(FRESH_S + 1), Freshness::Stale { since: signed });
        assert_eq!(at(STALE_S), Freshness::Stale { since: signed });
        assert_eq!(at(STALE_S + 1), Freshness::Restricted { since: signed });
        assert_eq!(at(EXPIRED_S), Freshness::Restricted { since: signed });
        assert_eq!(at(EXPIRED_S + 1), Freshness::Expired { since: signed });
        assert_eq!(judge(Some(signed), Timestamp(0)), Freshness::Fresh);
        assert_eq!(judge(None, signed), Freshness::Never);
    }

    /// Trap 42.
    #[test]
    fn a_clock_of_1970_is_named_and_not_reckoned_with() {
        let signed = Timestamp(1_795_000_000);
        assert_eq!(clock_state(Some(signed), Timestamp(0)), ClockState::Behind { by_s: signed.0 });
        assert_eq!(clock_state(Some(signed), signed.before(60)), ClockState::Plausible);
        assert_eq!(clock_state(Some(signed), signed.before(61)), ClockState::Behind { by_s: 61 });
        assert_eq!(clock_state(None, Timestamp(0)), ClockState::Plausible);
        assert_eq!(lower_bounded(Timestamp(5), Some(Timestamp(9)), Timestamp(7)), Timestamp(9));
        assert_eq!(lower_bounded(Timestamp(5), None, Timestamp(7)), Timestamp(7));
        assert!(is_far_ahead(signed, signed.after(SKEW_S + 1)));
        assert!(!is_far_ahead(signed, signed.after(SKEW_S)));
    }
}
