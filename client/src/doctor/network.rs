//! One real connection to the relay, when no daemon holds one.

use std::sync::Arc;

use safeconduct_certs::link::{Dialer, ExpectedRelay};
use safeconduct_protocol::{
    session::client::Opening,
    time::{Clock, Timestamp},
};

use crate::{
    api::shapes::RelayState,
    daemon::Node,
    error::Told,
    exit::Exit,
    sync::{desk::Desk, reach, wire::Over},
};

/// Connects, waits for the relay's welcome, and says goodbye.
pub(super) fn probe(node: &mut Node) -> RelayState {
    let address = node.relay_address();
    match welcome(node) {
        Ok((relay_now, now)) => {
            let ahead = i64::try_from(relay_now.since(now)).unwrap_or(i64::MAX);
            let behind = i64::try_from(now.since(relay_now)).unwrap_or(i64::MAX);
            RelayState {
                address,
                state: "connected".to_owned(),
                clock_ahead_s: Some(ahead.saturating_sub(behind)),
                ..RelayState::default()
            }
        }
        Err(told) => RelayState {
            address,
            state: if told.exit() == Exit::Unreachable { "unreachable" } else { "refused" }.to_owned(),
            reason: Some(told.code.clone()),
            last_error: Some(told.message.clone()),
            remedy: Some(told.remedy.clone()),
            ..RelayState::default()
        },
    }
}

fn welcome(node: &mut Node) -> Result<(Timestamp, Timestamp), Told> {
    let plan = node.plan()?;
    let clock = node.clock();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Told::not_ready("no-runtime", format!("the system gives no event loop: {}", error.kind()), "try again")
    })?;
    runtime.block_on(async {
        let dialer = Dialer::new().map_err(Over::Link)?;
        let pinned = match plan.pinned {
            Some(pinned) => pinned,
            None => reach::discover(&dialer, &plan, &clock).await?,
        };
        let opening = Opening::Node { node: plan.node, registry_size: plan.registry_size };
        let expected = ExpectedRelay::Pinned(pinned);
        let desk = Desk::open(&dialer, &plan.address, expected, Some(&plan.key), opening, Arc::clone(&clock)).await?;
        let relay_now = desk.relay_now();
        desk.close().await;
        dialer.finish().await;
        Ok((relay_now, clock.now()))
    })
}
