//! Expiry, in the background: what was not collected goes, and its sender finds a signed notice in the status slot.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use safeconduct_protocol::{
    id::EnvelopeDigest,
    receipt::relay::RelayExpired,
    time::{Day, Timestamp},
};
use tokio::time::interval;
use tracing::{error, info};

use crate::{
    blobs,
    limits::{NOTICE_LIFE_DAYS, NOTICES_AT_ONCE, SWEEP_GAP_DAYS, SWEEP_PAGE, SWEEP_S},
    metrics,
    shared::Shared,
    store::{Change, Outcome, committer::Source},
};

/// Seconds between two foldings of the histograms.
const UPKEEP_S: u64 = 30;

/// Sweeps at start and every hour, until the relay stops.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut rounds = interval(Duration::from_secs(SWEEP_S));
    let mut upkeep = interval(Duration::from_secs(UPKEEP_S));
    loop {
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => return,
            _ = upkeep.tick() => metrics::upkeep(),
            _ = rounds.tick() => sweep(&shared).await,
        }
    }
}

/// Is `today` far after the last sweep and after the newest day that the authority has signed?
fn is_doubtful(today: Day, last: Option<Day>, signed: Option<Day>) -> bool {
    let far_after = |day: Day| today > day.after(SWEEP_GAP_DAYS);
    last.is_some_and(far_after) && signed.is_none_or(far_after)
}

/// One round, in small steps, so that submits never wait long.
pub(crate) async fn sweep(shared: &Shared) {
    // Without a number there is nothing to sign with; nothing can have come in either.
    let Some(newest) = shared.feed.newest() else { return };
    let Some(relay) = newest.own else { return };
    let Ok(last) = shared.reader.ask(|view| view.swept()).await else { return };
    let signed = newest.registry.newest_time().map(Timestamp::day);
    let doubted = is_doubtful(shared.clock.now().day(), last, signed);
    shared.clock_doubted.store(doubted, Ordering::Relaxed);
    if doubted {
        error!(
            event = "clock-doubted",
            "the clock is far ahead of the last sweep; nothing expires until the authority signs a newer time"
        );
        return;
    }
    let mut after = EnvelopeDigest::from_bytes([0; 32]);
    let mut expired = 0_u64;
    loop {
        let now = shared.clock.now();
        let today = now.day();
        let Ok(page) = shared.reader.ask(move |view| view.expired(today, after, SWEEP_PAGE)).await else { return };
        let Some(last) = page.last() else { break };
        after = *last;
        let changes = page
            .iter()
            .map(|digest| Change::Expire {
                digest: *digest,
                notice: RelayExpired::sign(&shared.receipt_key, relay, *digest, now).as_bytes().to_vec(),
                keep_until: today.after(NOTICE_LIFE_DAYS),
                today,
            })
            .collect();
        let Ok(outcomes) = shared.committer.commit(Source::RELAY, changes).await else { return };
        for outcome in outcomes {
            if let Outcome::Expired(Some(slot)) = outcome {
                expired = expired.saturating_add(1);
                shared.live.slot(slot);
            }
        }
        if shared.stop.is_cancelled() {
            return;
        }
    }
    let blobs = blobs::sweep(shared).await;
    let today = shared.clock.now().day();
    while let Ok(Outcome::NoticesDropped(dropped)) =
        shared.committer.one(Source::RELAY, Change::DropNotices { today }).await
        && dropped >= NOTICES_AT_ONCE
        && !shared.stop.is_cancelled()
    {}
    // Last: it notes the day of a sweep that is complete.
    shared.committer.one(Source::RELAY, Change::Purge { today }).await.ok();
    metrics::expired(expired);
    info!(event = "swept", expired, blobs, "expired envelopes and documents are gone");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trap 42.
    #[test]
    fn a_clock_far_ahead_is_believed_only_with_the_authoritys_word() {
        let (last, far) = (Day(20_000), Day(20_000 + SWEEP_GAP_DAYS + 1));

        assert!(!is_doubtful(far, None, None), "a new relay");
        assert!(!is_doubtful(Day(20_000 + SWEEP_GAP_DAYS), Some(last), None));
        assert!(is_doubtful(far, Some(last), None));
        assert!(is_doubtful(far, Some(last), Some(last)));
        assert!(!is_doubtful(far, Some(last), Some(Day(20_020))));
    }
}
