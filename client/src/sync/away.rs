//! Sessions with other relays than the home relay: where a recipient has its mailbox, or where a receipt is to go. Each lives
//! while something is to be done there.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use safeconduct_certs::link::{Alpn, Dialer, ExpectedRelay, LinkError};
use safeconduct_protocol::session::{backoff::Backoff, client::Opening};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use super::{
    Ended, Next, Sync,
    driver::Driver,
    pause_after, paused,
    wire::{Over, Wire},
};
use crate::{daemon::work::AwayPlan, error::Told, exit::Exit, log::event, registry::RelayRef};

/// How often it is looked where something is to be done.
const LOOK: Duration = Duration::from_secs(1);

/// A session ends when nothing was to be done at its relay for so long: referrals of one case come close together.
const IDLE: Duration = Duration::from_secs(60);

/// One relay that is connected to.
struct Running {
    plan: AwayPlan,
    stop: CancellationToken,
    wanted: Instant,
}

/// Runs until `stop`.
pub(super) async fn run(sync: Sync, stop: CancellationToken) {
    let mut running: BTreeMap<RelayRef, Running> = BTreeMap::new();
    let mut sessions: JoinSet<RelayRef> = JoinSet::new();
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            // Only a look begins sessions, so that no more end than looks let them.
            Some(ended) = sessions.join_next() => {
                if let Ok(relay) = ended {
                    running.remove(&relay);
                }
                continue;
            }
            _instant = look.tick() => {}
        }
        let Ok(plans) = sync.core.call(|node| node.away()).await else { continue };
        let now = Instant::now();
        for plan in plans {
            if let Some(known) = running.get_mut(&plan.at) {
                known.wanted = now;
                if known.plan != plan {
                    // It has moved, or has a new key: its next session is with the new one.
                    known.stop.cancel();
                }
                continue;
            }
            let (own, relay) = (stop.child_token(), plan.at);
            running.insert(relay, Running { plan: plan.clone(), stop: own.clone(), wanted: now });
            sessions.spawn(serve(sync.elsewhere(Some(relay)), plan, own));
        }
        for known in running.values().filter(|known| now.duration_since(known.wanted) > IDLE) {
            known.stop.cancel();
        }
    }
    while sessions.join_next().await.is_some() {}
}

/// Keeps a session with one relay until `stop`.
async fn serve(mut sync: Sync, plan: AwayPlan, stop: CancellationToken) -> RelayRef {
    let mut backoff = Backoff::default();
    let Ok(dialer) = sync.outside.dialer() else { return plan.at };
    while !stop.is_cancelled() {
        let began = Instant::now();
        let ended = attempt(&mut sync, &dialer, &plan, &stop).await;
        if stop.is_cancelled() {
            break;
        }
        let pause = pause_after(&mut backoff, &ended, began.elapsed(), sync.outside.dice());
        if ended.next == Next::AtOnce {
            continue;
        }
        let (reason, remedy) = (&ended.told.code, &ended.told.remedy);
        tracing::warn!(event = event::DISCONNECTED, relay = plan.at.relay.0, %reason, %remedy, retry_ms = pause);
        let (at, code) = (plan.at, code_of(&ended.told));
        sync.core.call(move |node| node.away_unreachable(at, code)).await.ok();
        if !paused(pause, &stop).await {
            break;
        }
    }
    dialer.finish().await;
    plan.at
}

/// What a message that waits for this relay is told to wait for.
fn code_of(told: &Told) -> &'static str {
    match told.exit() {
        Exit::Refused => "other-relay-refuses",
        Exit::Tampering => "other-relay-not-the-registered-one",
        Exit::Done | Exit::Usage | Exit::NotReady | Exit::Unreachable => "other-relay-unreachable",
    }
}

async fn attempt(sync: &mut Sync, dialer: &Dialer, plan: &AwayPlan, stop: &CancellationToken) -> Ended {
    let (node, key) = match sync.core.call(|node| node.credentials()).await {
        Ok(credentials) => credentials,
        Err(told) => return Ended::early(told),
    };
    let expected = ExpectedRelay::Pinned(plan.pinned);
    let link = tokio::select! {
        biased;
        () = stop.cancelled() => Err(LinkError::Lost),
        link = dialer.connect(&plan.address, expected, Some(&key), Alpn::Node) => link,
    };
    match link {
        Ok(link) => {
            let opening = Opening::Node { node, registry_size: 0 };
            let wire = Wire::open(link, opening, Arc::clone(&sync.clock));
            Driver::new(sync, wire).run(stop).await
        }
        Err(error) => Ended::early(Over::Link(error).into()),
    }
}
