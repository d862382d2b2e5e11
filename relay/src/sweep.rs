//! Expiry, in the background: what was not collected goes, and its sender finds a signed notice in the status slot.

use std::{sync::Arc, time::Duration};

use safeconduct_protocol::{id::EnvelopeDigest, receipt::relay::RelayExpired};
use tokio::time::interval;
use tracing::info;

use crate::{
    limits::{NOTICE_LIFE_DAYS, SWEEP_PAGE, SWEEP_S},
    metrics,
    shared::Shared,
    store::{Change, Outcome},
};

/// Seconds between two foldings of the histograms.
const UPKEEP_S: u64 = 30;

/// Sweeps at start and every hour, until the relay stops.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut rounds = interval(Duration::from_secs(SWEEP_S));
    let mut upkeep = interval(Duration::from_secs(UPKEEP_S));
    loop {
        tokio::select! {
            _ = rounds.tick() => sweep(&shared).await,
            _ = upkeep.tick() => metrics::upkeep(),
            () = shared.stop.cancelled() => return,
        }
    }
}

/// One round, in small steps, so that submits never wait long.
pub(crate) async fn sweep(shared: &Shared) {
    // Without a number there is nothing to sign with; nothing can have come in either.
    let Some(relay) = shared.feed.newest().and_then(|newest| newest.own) else { return };
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
        let Ok(outcomes) = shared.committer.commit(changes).await else { return };
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
    shared.committer.one(Change::Purge { today: shared.clock.now().day() }).await.ok();
    metrics::expired(expired);
    info!(event = "swept", expired, "expired envelopes are gone");
}
