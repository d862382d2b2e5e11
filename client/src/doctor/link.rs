//! What the state of the link says: the network, the relay, the clock.

use crate::{
    api::shapes::{Finding, RelayState},
    error::Told,
    note::{Count, Exact, Note, Refusal},
};

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
        return Finding::warn("network", Note::NetworkUnnamed {});
    };
    match reach(relay) {
        Reach::Untried => Finding::warn("network", Note::NetworkUntried {}),
        Reach::Unresolved => unresolved(address),
        Reach::Unanswered => unanswered(address),
        Reach::Answered => answered(address),
    }
}

pub(super) fn unresolved(address: &str) -> Finding {
    Finding::fail("network", Note::NetworkUnresolved { address: Exact(address.to_owned()) })
}

pub(super) fn unanswered(address: &str) -> Finding {
    Finding::fail("network", Note::NetworkUnanswered { address: Exact(address.to_owned()) })
}

pub(super) fn answered(address: &str) -> Finding {
    Finding::ok("network", format!("{address} resolves and answers over UDP"))
}

fn at_relay(relay: &RelayState) -> Finding {
    const NAME: &str = "relay";
    let is_connecting = relay.state == "connecting";
    if relay.state == "connected" {
        return Finding::ok(NAME, format!("connected{}, and it knows this node", to(relay)));
    }
    let note = match (&relay.reason, &relay.last_error) {
        (Some(code), Some(why)) => {
            let remedy = relay.remedy.clone().unwrap_or_default();
            Note::Refused { why: Refusal(Told::unreachable(code, why.clone(), remedy)) }
        }
        _ => Note::RelayUnheard {},
    };
    let remedy = relay.remedy.clone().unwrap_or_else(|| Note::RelayUnheard {}.remedy().to_owned());
    let stands = if is_connecting { "connecting" } else { "no connection" };
    let says = format!("{stands}{}: {}", to(relay), note.says());
    let found = if is_connecting { Finding::warn(NAME, note) } else { Finding::fail(NAME, note) };
    Finding { says, remedy, ..found }
}

fn to(relay: &RelayState) -> String {
    relay.address.as_ref().map(|address| format!(" to {address}")).unwrap_or_default()
}

fn clock(relay: &RelayState) -> Finding {
    const NAME: &str = "clock";
    match relay.clock_ahead_s {
        Some(ahead) if ahead.unsigned_abs() > CLOCK_SLACK_S => {
            let count = Count(ahead.unsigned_abs());
            Finding::fail(NAME, if ahead > 0 { Note::ClockSlow { count } } else { Note::ClockFast { count } })
        }
        Some(_) => Finding::ok(NAME, "this machine's clock agrees with the relay's"),
        None => Finding::warn(NAME, Note::ClockAlone {}),
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
