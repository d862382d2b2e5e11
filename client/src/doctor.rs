//! `doctor`: tries what sending and receiving need, and says in plain words what is wrong. A locked vault is not healthy.

mod disk;
mod network;

use std::path::Path;

use safeconduct_protocol::time::{DAY_S, HOUR_S};
use zeroize::Zeroizing;

use crate::{
    api::shapes::{Doctor, Finding, FindingState, RelayState},
    config::Config,
    daemon::Node,
    error::Told,
};

/// The clocks of relay and node may differ this much, in seconds.
pub const CLOCK_SLACK_S: u64 = 300;

/// A message that waits longer than this deserves a look.
const WAITING_S_MAX: u64 = HOUR_S;

/// The registry counts as fresh up to this age.
const REGISTRY_FRESH_S: u64 = DAY_S;

/// Past this age of the registry nothing is sent any more.
const REGISTRY_STALE_S: u64 = 30 * DAY_S;

impl Finding {
    fn ok(name: &str, says: impl Into<String>) -> Self {
        Self { name: name.to_owned(), state: FindingState::Ok, says: says.into(), remedy: String::new() }
    }

    fn warn(name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name: name.to_owned(), state: FindingState::Warn, says: says.into(), remedy: remedy.into() }
    }

    fn fail(name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name: name.to_owned(), state: FindingState::Fail, says: says.into(), remedy: remedy.into() }
    }

    fn told(name: &str, told: &Told) -> Self {
        Self::fail(name, told.message.clone(), told.remedy.clone())
    }
}

impl Doctor {
    fn of(findings: Vec<Finding>) -> Self {
        let healthy = findings.iter().all(|finding| finding.state != FindingState::Fail);
        Self { healthy, findings }
    }
}

/// What a running daemon finds.
#[must_use]
pub fn with_daemon(node: &mut Node, relay: &RelayState) -> Doctor {
    let mut findings = vec![Finding::ok("vault", "the vault is open"), disk::check(node.data())];
    findings.push(Finding::ok("daemon", "the daemon is running"));
    findings.extend(link(relay));
    findings.extend(of_node(node));
    Doctor::of(findings)
}

/// What can be found without a daemon: this opens the vault and connects once itself.
#[must_use]
pub fn without_daemon(data: &Path, passphrase: &Zeroizing<String>) -> Doctor {
    let mut findings = vec![disk::check(data)];
    findings.push(Finding::fail("daemon", "the daemon is not running", "start it with `safeconduct daemon`"));
    if let Err(error) = Config::load(data) {
        findings.push(Finding::told("configuration", &error.into()));
    }
    match Node::open(data, passphrase) {
        Ok(mut node) => {
            findings.insert(0, Finding::ok("vault", "the vault opens with this passphrase"));
            findings.extend(link(&network::probe(&mut node)));
            findings.extend(of_node(&mut node));
        }
        Err(told) => findings.insert(0, Finding::told("vault", &told)),
    }
    Doctor::of(findings)
}

/// What can be found when nobody unlocks the vault.
#[must_use]
pub fn locked(data: &Path, told: &Told) -> Doctor {
    let vault = Node::look(data).map_or_else(|none| Finding::told("vault", &none), |()| Finding::told("vault", told));
    Doctor::of(vec![
        vault,
        disk::check(data),
        Finding::fail("daemon", "the daemon is not running", "start it with `safeconduct daemon`"),
    ])
}

/// A daemon is there and does not answer.
#[must_use]
pub fn daemon_silent(told: &Told) -> Doctor {
    Doctor::of(vec![Finding::told("daemon", told)])
}

/// Relay and clock.
fn link(relay: &RelayState) -> Vec<Finding> {
    let address = relay.address.clone().unwrap_or_else(|| "no address".to_owned());
    let why = relay.last_error.clone().unwrap_or_else(|| "no answer yet".to_owned());
    let remedy = relay.remedy.clone().unwrap_or_else(|| "wait a moment, then run doctor again".to_owned());
    let mut findings = Vec::new();
    findings.push(match relay.state.as_str() {
        "connected" => Finding::ok("relay", format!("connected to {address}, and it knows this node")),
        "connecting" => Finding::warn("relay", format!("connecting to {address}: {why}"), remedy),
        _ => Finding::fail("relay", format!("no connection to {address}: {why}"), remedy),
    });
    match relay.clock_ahead_s {
        Some(ahead) if ahead.unsigned_abs() > CLOCK_SLACK_S => findings.push(Finding::fail(
            "clock",
            format!(
                "this machine's clock is {} s {} the relay's",
                ahead.unsigned_abs(),
                if ahead > 0 { "behind" } else { "ahead of" }
            ),
            "set this machine's clock, best by NTP; if it is right, tell the relay's operator",
        )),
        Some(_) => findings.push(Finding::ok("clock", "this machine's clock agrees with the relay's")),
        None => findings.push(Finding::warn(
            "clock",
            "the clock could not be compared with the relay's",
            "connect to the relay first",
        )),
    }
    findings
}

/// What the vault shows.
fn of_node(node: &mut Node) -> Vec<Finding> {
    let looked = node.check_up();
    match looked {
        Err(told) => vec![Finding::told("vault", &told)],
        Ok(up) => vec![registry(&up), standing(&up), prekeys(&up), outbox(&up), aside(&up)],
    }
}

/// What the checks judge, as the vault shows it.
pub struct CheckUp {
    /// Whether an enrolment was approved.
    pub enrolled: bool,
    /// Leaves of the registry copy.
    pub registry_size: u64,
    /// Age of the newest timestamp, seconds.
    pub registry_age_s: Option<u64>,
    /// `active`, `suspended`, `revoked` or `not-registered`.
    pub standing: String,
    /// One-time prekeys with a seed.
    pub one_time: u64,
    /// Seconds that the newest signed prekey is still valid; none when there is none.
    pub signed_valid_s: Option<u64>,
    /// Messages that wait for the relay longer than an hour.
    pub waiting: u64,
    /// Messages that the relay holds and whose receipt is overdue.
    pub overdue: u64,
    /// Envelopes kept aside.
    pub quarantined: u64,
    /// Alarms.
    pub alarms: Vec<String>,
}

impl CheckUp {
    /// Longest wait that is no finding, in seconds.
    pub const WAITING_S_MAX: u64 = WAITING_S_MAX;
}

fn registry(up: &CheckUp) -> Finding {
    match up.registry_age_s {
        _ if up.registry_size == 0 => Finding::fail(
            "registry",
            "this node has no registry yet",
            "finish enrolment and let the daemon connect once",
        ),
        None => Finding::warn("registry", "the registry has no signed timestamp", "ask your authority to publish one"),
        Some(age) if age > REGISTRY_STALE_S => Finding::fail(
            "registry",
            format!("the registry was last confirmed {} days ago; nothing is sent", age / DAY_S),
            "connect to the relay; if that works, ask your authority to publish a timestamp",
        ),
        Some(age) if age > REGISTRY_FRESH_S => Finding::warn(
            "registry",
            format!("the registry was last confirmed {} hours ago", age / HOUR_S),
            "ask your authority to publish a timestamp",
        ),
        Some(_) => Finding::ok("registry", format!("{} entries, confirmed within a day", up.registry_size)),
    }
}

fn standing(up: &CheckUp) -> Finding {
    match up.standing.as_str() {
        "active" => Finding::ok("registration", "this node is registered and active"),
        "suspended" => Finding::fail("registration", "this node's registration is suspended", "phone your authority"),
        "revoked" => Finding::fail("registration", "this node's registration was revoked", "phone your authority"),
        _ if up.enrolled => Finding::warn(
            "registration",
            "this node's entry is not in its registry copy yet",
            "let the daemon connect once",
        ),
        _ => Finding::fail("registration", "this node is not enrolled", "run `safeconduct enrol CODE`"),
    }
}

fn prekeys(up: &CheckUp) -> Finding {
    match up.signed_valid_s {
        None => Finding::warn(
            "keys",
            "no prekeys were made yet, so nobody can write to this node",
            "let the daemon connect once",
        ),
        Some(left) if left < 7 * DAY_S => Finding::warn(
            "keys",
            format!("the newest signed prekey is valid for {} more days", left / DAY_S),
            "keep the daemon connected: it makes a new one each day",
        ),
        Some(_) => Finding::ok("keys", format!("{} one-time prekeys and a fresh signed one", up.one_time)),
    }
}

fn outbox(up: &CheckUp) -> Finding {
    match (up.waiting, up.overdue) {
        (0, 0) => Finding::ok("outbox", "nothing waits longer than it should"),
        (0, overdue) => Finding::warn(
            "outbox",
            format!("{overdue} messages are at the relay and have no receipt from their recipient in time"),
            "phone the agency; see `safeconduct status`",
        ),
        (waiting, _) => Finding::warn(
            "outbox",
            format!("{waiting} messages wait longer than an hour to be sent"),
            "see `safeconduct status` for the reason of each",
        ),
    }
}

fn aside(up: &CheckUp) -> Finding {
    if let Some(alarm) = up.alarms.first() {
        return Finding::warn("alarms", alarm.clone(), "keep the data folder and phone your authority");
    }
    match up.quarantined {
        0 => Finding::ok("alarms", "none, and no envelope failed a check"),
        count => Finding::warn(
            "alarms",
            format!("{count} envelopes failed a check and are kept aside"),
            "one or two mean little; many mean that somebody tries: phone your authority",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn well() -> CheckUp {
        CheckUp {
            enrolled: true,
            registry_size: 3,
            registry_age_s: Some(60),
            standing: "active".to_owned(),
            one_time: 200,
            signed_valid_s: Some(29 * DAY_S),
            waiting: 0,
            overdue: 0,
            quarantined: 0,
            alarms: Vec::new(),
        }
    }

    #[test]
    fn a_well_node_is_well_in_every_check() {
        let up = well();
        for finding in [registry(&up), standing(&up), prekeys(&up), outbox(&up), aside(&up)] {
            assert_eq!(finding.state, FindingState::Ok, "{}", finding.says);
            assert!(finding.remedy.is_empty());
        }
    }

    #[test]
    fn every_trouble_is_named_with_a_remedy() {
        let cases = [
            (registry(&CheckUp { registry_size: 0, ..well() }), FindingState::Fail),
            (registry(&CheckUp { registry_age_s: None, ..well() }), FindingState::Warn),
            (registry(&CheckUp { registry_age_s: Some(2 * DAY_S), ..well() }), FindingState::Warn),
            (registry(&CheckUp { registry_age_s: Some(31 * DAY_S), ..well() }), FindingState::Fail),
            (standing(&CheckUp { standing: "revoked".to_owned(), ..well() }), FindingState::Fail),
            (standing(&CheckUp { standing: "suspended".to_owned(), ..well() }), FindingState::Fail),
            (
                standing(&CheckUp { standing: "not-registered".to_owned(), enrolled: false, ..well() }),
                FindingState::Fail,
            ),
            (prekeys(&CheckUp { signed_valid_s: None, ..well() }), FindingState::Warn),
            (outbox(&CheckUp { waiting: 2, ..well() }), FindingState::Warn),
            (outbox(&CheckUp { overdue: 1, ..well() }), FindingState::Warn),
            (aside(&CheckUp { quarantined: 1, ..well() }), FindingState::Warn),
            (aside(&CheckUp { alarms: vec!["x".to_owned()], ..well() }), FindingState::Warn),
        ];
        for (finding, state) in cases {
            assert_eq!(finding.state, state, "{}", finding.says);
            assert!(!finding.remedy.is_empty(), "{}", finding.says);
        }
    }

    #[test]
    fn a_clock_five_minutes_off_is_taken_and_one_second_more_is_named() {
        let at = |ahead: i64| {
            let relay =
                RelayState { state: "connected".to_owned(), clock_ahead_s: Some(ahead), ..RelayState::default() };
            link(&relay).into_iter().find(|finding| finding.name == "clock").unwrap().state
        };
        assert_eq!((at(300), at(-300)), (FindingState::Ok, FindingState::Ok));
        assert_eq!((at(301), at(-301)), (FindingState::Fail, FindingState::Fail));
    }
}
