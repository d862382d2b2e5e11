//! What the state of the link says: the network, the relay, the clock.

use crate::api::shapes::{Finding, RelayState};

/// The clocks of relay and node may differ this much, in seconds.
pub const CLOCK_SLACK_S: u64 = 300;

/// How far a connection came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// No connection was tried, or its end is not known yet.
    Untried,
    /// The relay's name has no address.
    Unresolved,
    /// Nothing answered over UDP.
    Unanswered,
    /// Something answered.
    Answered,
}

fn reach(relay: &RelayState) -> Reach {
    match (relay.state.as_str(), relay.reason.as_deref()) {
        ("connected", _) => Reach::Answered,
        ("not-enrolled" | "not-ready", _) | (_, None) => Reach::Untried,
        (_, Some("relay-unresolved")) => Reach::Unresolved,
        (_, Some("relay-unreachable")) => Reach::Unanswered,
        (_, Some("enrolment-rejected" | "no-runtime" | "bad-tls-key" | "root-file")) => Reach::Untried,
        (_, Some(_)) => Reach::Answered,
    }
}

/// Whether no connection was tried.
pub(super) fn untried(relay: &RelayState) -> bool {
    reach(relay) == Reach::Untried
}

/// Network, relay and clock.
pub(super) fn findings(relay: &RelayState) -> Vec<Finding> {
    vec![network(relay), at_relay(relay), clock(relay)]
}

/// Name resolution and UDP.
fn network(relay: &RelayState) -> Finding {
    let Some(address) = &relay.address else {
        return Finding::warn("network", "not checked: no relay is named", "name it as `relay` in config.toml");
    };
    match reach(relay) {
        Reach::Untried => Finding::warn("network", "not checked: no connection was tried", "see the line of the relay"),
        Reach::Unresolved => unresolved(address),
        Reach::Unanswered => unanswered(address),
        Reach::Answered => answered(address),
    }
}

pub(super) fn unresolved(address: &str) -> Finding {
    Finding::fail(
        "network",
        format!("the name of {address} does not resolve"),
        "check the relay's address (host:port) and this machine's name service",
    )
}

pub(super) fn unanswered(address: &str) -> Finding {
    Finding::fail(
        "network",
        format!("{address} resolves, and nothing answers over UDP"),
        "check that UDP to that port leaves this network; a firewall may drop it, or the relay is down",
    )
}

pub(super) fn answered(address: &str) -> Finding {
    Finding::ok("network", format!("{address} resolves and answers over UDP"))
}

fn at_relay(relay: &RelayState) -> Finding {
    let why = relay.last_error.clone().unwrap_or_else(|| "no answer yet".to_owned());
    let remedy = relay.remedy.clone().unwrap_or_else(|| "wait a moment, then run doctor again".to_owned());
    match relay.state.as_str() {
        "connected" => Finding::ok("relay", format!("connected{}, and it knows this node", to(relay))),
        "connecting" => Finding::warn("relay", format!("connecting{}: {why}", to(relay)), remedy),
        _ => Finding::fail("relay", format!("no connection{}: {why}", to(relay)), remedy),
    }
}

fn to(relay: &RelayState) -> String {
    relay.address.as_ref().map(|address| format!(" to {address}")).unwrap_or_default()
}

fn clock(relay: &RelayState) -> Finding {
    match relay.clock_ahead_s {
        Some(ahead) if ahead.unsigned_abs() > CLOCK_SLACK_S => Finding::fail(
            "clock",
            format!(
                "this machine's clock is {} s {} the relay's",
                ahead.unsigned_abs(),
                if ahead > 0 { "behind" } else { "ahead of" }
            ),
            "set this machine's clock, best by NTP; if it is right, tell the relay's operator",
        ),
        Some(_) => Finding::ok("clock", "this machine's clock agrees with the relay's"),
        None => {
            Finding::warn("clock", "the clock could not be compared with the relay's", "connect to the relay first")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shapes::FindingState;

    /// Trap 42.
    #[test]
    fn a_clock_five_minutes_off_is_taken_and_one_second_more_is_named() {
        let at = |ahead: i64| clock(&RelayState { clock_ahead_s: Some(ahead), ..RelayState::default() }).state;
        assert_eq!((at(300), at(-300)), (FindingState::Ok, FindingState::Ok));
        assert_eq!((at(301), at(-301)), (FindingState::Fail, FindingState::Fail));
    }

    #[test]
    fn the_network_is_judged_apart_from_the_relay() {
        let of = |state: &str, reason: Option<&str>| {
            let relay = RelayState {
                address: Some("relay.example.org:4433".to_owned()),
                state: state.to_owned(),
                reason: reason.map(str::to_owned),
                ..RelayState::default()
            };
            (network(&relay).state, at_relay(&relay).state)
        };
        assert_eq!(of("connected", None), (FindingState::Ok, FindingState::Ok));
        assert_eq!(of("refused", Some("revoked")), (FindingState::Ok, FindingState::Fail));
        assert_eq!(of("unreachable", Some("relay-unreachable")), (FindingState::Fail, FindingState::Fail));
        assert_eq!(of("unreachable", Some("relay-unresolved")), (FindingState::Fail, FindingState::Fail));
        assert_eq!(of("not-enrolled", Some("not-enrolled")), (FindingState::Warn, FindingState::Fail));
        assert_eq!(of("connecting", None), (FindingState::Warn, FindingState::Warn));
    }
}
