//! When cover is handed in: at moments that say nothing, as the arrivals of a Poisson process. Each pause is drawn from the exponential
//! distribution by itself, whether there is a connection or not: what is handed in while there is none waits beside what people hand in, and
//! leaves with it, so that a relay that ends connections learns nothing by that. The bell is rung as for them.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Outside, Sync};
use crate::{daemon::Core, log::event};

/// Mean pause (CONSTRUCTION, activity pattern: one in 20 minutes).
const MEAN: Duration = Duration::from_secs(1_200);
/// Numbers of 53 bits are those that a double holds exactly.
const BITS: u32 = 53;

/// What hands in cover, where a node was asked for it.
pub(super) struct Queueing {
    core: Core,
    bell: Arc<Notify>,
    outside: Outside,
    is_asked_for: bool,
}

impl Queueing {
    /// For the same vault.
    pub(super) fn of(sync: &Sync) -> Self {
        Self {
            core: sync.core.clone(),
            bell: Arc::clone(&sync.reports.bell),
            outside: sync.outside.clone(),
            is_asked_for: sync.config.cover,
        }
    }

    /// Runs until `stop`. That cover cannot be handed in is nobody's trouble.
    pub(super) async fn run(self, stop: CancellationToken) {
        if !self.is_asked_for {
            return;
        }
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause(self.outside.dice())) => {}
            }
            match self.core.call(|node| node.queue_cover()).await {
                Ok(()) => self.bell.notify_one(),
                Err(told) => tracing::warn!(event = event::COVER_FAILED, reason = %told.code),
            }
        }
    }
}

/// The pause until the next one, from 64 random bits; a sixteenth of a second at least, and under thirteen hours.
pub(super) fn pause(dice: u64) -> Duration {
    let numerator = dice.wrapping_shr(u64::BITS.saturating_sub(BITS)).saturating_add(1);
    let unit = as_f64(numerator) / 2_f64.powi(i32::try_from(BITS).unwrap_or(i32::MAX));
    MEAN.mul_f64(-unit.ln()).max(Duration::from_millis(62))
}

/// A number of at most 2^53, exactly.
fn as_f64(number: u64) -> f64 {
    let (high, low) = (number.wrapping_shr(32), number & u64::from(u32::MAX));
    let [high, low] = [high, low].map(|half| f64::from(u32::try_from(half).unwrap_or(u32::MAX)));
    high.mul_add(4_294_967_296.0, low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_those_of_a_poisson_process_and_bounded() {
        // Even steps through all numbers: what is drawn evenly, without chance.
        const STEPS: u64 = 100_000;
        let pauses: Vec<Duration> = (0..STEPS).map(|step| pause(step * (u64::MAX / STEPS))).collect();
        let mean = pauses.iter().sum::<Duration>().as_secs_f64() / 100_000.0;
        assert!((mean - 1_200.0).abs() < 2.0, "{mean}");
        for (after_s, left) in [(1_200, 0.367_879), (2_400, 0.135_335), (60, 0.951_229)] {
            let longer = pauses.iter().filter(|pause| **pause > Duration::from_secs(after_s)).count();
            let share = f64::from(u32::try_from(longer).unwrap()) / 100_000.0;
            assert!((share - left).abs() < 0.000_1, "{share} are longer than {after_s} s, not {left}");
        }
        assert_eq!(pause(u64::MAX), Duration::from_millis(62));
        assert!(pause(0) < Duration::from_secs(13 * 3_600) && pause(0) > Duration::from_secs(12 * 3_600));
    }
}
