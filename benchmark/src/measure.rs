//! Time and what is made of it: medians, percentiles, ratios.

use std::time::{Duration, Instant};

use serde::Serialize;

/// The moment now. Measuring is what this program is for.
#[expect(clippy::disallowed_methods, reason = "a benchmark's subject is real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Waits; for what has no event.
pub(crate) async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Exact up to 2^53, which no count of ours reaches.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}

/// Number of things.
pub(crate) fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}

/// So many in this time, for each second.
pub(crate) fn rate(count: u64, time: Duration) -> f64 {
    float(count) / time.as_secs_f64()
}

/// The middle one; 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(low), Some(high)) = (sorted.get(sorted.len().saturating_sub(1) / 2), sorted.get(sorted.len() / 2)) else {
        return 0.0;
    };
    f64::midpoint(*low, *high)
}

/// Times of one kind of step, in microseconds.
#[derive(Default, Clone)]
pub(crate) struct Times(Vec<u64>);

/// How a set of times is spread, in microseconds.
#[derive(Serialize, Clone, Copy, Default)]
pub(crate) struct Spread {
    pub(crate) samples: u64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) worst_us: f64,
}

impl Times {
    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub(crate) fn spread(&self) -> Spread {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = |percent: usize| {
            let place = sorted.len().saturating_mul(percent).div_ceil(100).saturating_sub(1);
            sorted.get(place).map_or(0.0, |nanos| float(*nanos) / 1_000.0)
        };
        Spread { samples: count(sorted.len()), p50_us: at(50), p99_us: at(99), worst_us: at(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_lies_in_the_middle() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(&[]).abs() < f64::EPSILON);
    }

    #[test]
    fn a_spread_names_real_samples() {
        let mut times = Times::default();
        for micros in 1..=200 {
            times.push(Duration::from_micros(micros));
        }

        let spread = times.spread();

        assert_eq!(spread.samples, 200);
        assert!((spread.p50_us - 100.0).abs() < f64::EPSILON && (spread.p99_us - 198.0).abs() < f64::EPSILON);
        assert!((spread.worst_us - 200.0).abs() < f64::EPSILON);
    }
}
