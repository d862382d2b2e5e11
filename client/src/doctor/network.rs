//! One real connection to the relay, when no daemon holds one; as this node, or without a vault as nobody.

use std::sync::Arc;

use safeconduct_certs::link::{Alpn, Dialer, ExpectedRelay, LinkError};
use safeconduct_protocol::{
    frame::Goodbye,
    session::client::Opening,
    time::{Clock, Timestamp},
};

use super::link;
use crate::{
    api::shapes::{Finding, RelayState},
    config::RelayAddress,
    daemon::Node,
    error::Told,
    exit::Exit,
    sync::{desk::Desk, reach, wire::Over},
};

/// Connects, waits for the relay's welcome, and says goodbye.
pub(super) fn probe(node: &mut Node) -> RelayState {
    let address = node.home_address().unwrap_or_default();
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
            state: match told.exit() {
                Exit::Unreachable => "unreachable",
                Exit::NotReady => "not-ready",
                Exit::Done | Exit::Refused | Exit::Usage | Exit::Tampering => "refused",
            }
            .to_owned(),
            reason: Some(told.code.clone()),
            last_error: Some(told.message.clone()),
            remedy: Some(told.remedy.clone()),
            ..RelayState::default()
        },
    }
}

/// Whether the relay's name resolves and something answers there over UDP: a handshake without any key of this node.
pub(super) fn anonymous(relay: &RelayAddress) -> Finding {
    let address = relay.as_str();
    let shaken = runtime().and_then(|runtime| {
        runtime.block_on(async {
            let dialer = Dialer::new().map_err(Over::Link)?;
            let link = dialer.connect(address, ExpectedRelay::ToBeChecked, None, Alpn::Enrol).await;
            let met = link.map(|link| link.closer().close(Goodbye::ShuttingDown));
            dialer.finish().await;
            Ok(met)
        })
    });
    match shaken {
        Err(told) => Finding::told("network", &told),
        Ok(Err(LinkError::Unresolved)) => link::unresolved(address),
        Ok(Err(LinkError::Unreachable)) => link::unanswered(address),
        Ok(Ok(()) | Err(_)) => link::answered(address),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Told> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Told::not_ready("no-runtime", format!("the system gives no event loop: {}", error.kind()), "try again")
    })
}

fn welcome(node: &mut Node) -> Result<(Timestamp, Timestamp), Told> {
    let plan = node.plan()?;
    let clock = node.clock();
    runtime()?.block_on(async {
        let dialer = Dialer::new().map_err(Over::Link)?;
        let pinned = match plan.pinned {
            Some(pinned) => pinned,
            None => reach::discover(&dialer, &plan, &clock).await?.0,
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
