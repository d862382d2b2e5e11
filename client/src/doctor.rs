//! `doctor`: tries what sending and receiving need, and says in plain words what is wrong. A locked vault is not healthy.

mod disk;
mod link;
mod network;

pub use self::link::CLOCK_SLACK_S;

use std::path::Path;

use safeconduct_protocol::time::{DAY_S, HOUR_S, Timestamp};
use zeroize::Zeroizing;

use crate::{
    api::shapes::{Doctor, Finding, FindingState, RelayState},
    config::{Config, RelayAddress},
    daemon::{Node, recovery::BACKUP_S_MAX},
    error::Told,
    registry::age,
};

/// A message that waits longer than this deserves a look.
const WAITING_S_MAX: u64 = HOUR_S;

const CLOCK: &str = "clock";

impl Finding {
    fn ok(name: &str, says: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            state: FindingState::Ok,
            says: says.into(),
            remedy: String::new(),
            tampering: false,
        }
    }

    fn warn(name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            state: FindingState::Warn,
            says: says.into(),
            remedy: remedy.into(),
            tampering: false,
        }
    }

    fn fail(name: &str, says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            state: FindingState::Fail,
            says: says.into(),
            remedy: remedy.into(),
            tampering: false,
        }
    }

    fn told(name: &str, told: &Told) -> Self {
        let tampering = told.exit() == crate::exit::Exit::Tampering;
        Self { tampering, ..Self::fail(name, told.message.clone(), told.remedy.clone()) }
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
    findings.extend(joined(link::findings(relay), of_node(node, relay)));
    Doctor::of(findings)
}

/// What can be found without a daemon: this opens the vault and connects once itself.
#[must_use]
pub fn without_daemon(data: &Path, passphrase: &Zeroizing<String>) -> Doctor {
    let mut findings = vec![disk::check(data), no_daemon()];
    // A vault opens whatever the configuration says.
    let config = configuration(data, &mut findings);
    match Node::open_with(data, passphrase, config.clone().unwrap_or_default()) {
        Ok(mut node) => {
            findings.insert(0, Finding::ok("vault", "the vault opens with this passphrase"));
            let relay = network::probe(&mut node);
            let mut met = link::findings(&relay);
            if link::untried(&relay)
                && let Some(Ok(address)) = relay.address.clone().map(RelayAddress::try_from)
            {
                met.retain(|finding| finding.name != "network");
                met.insert(0, network::anonymous(&address));
            }
            findings.extend(joined(met, of_node(&mut node, &relay)));
        }
        Err(told) => {
            findings.insert(0, Finding::told("vault", &told));
            findings.extend(from_outside(config.as_ref(), "the vault does not open"));
        }
    }
    Doctor::of(findings)
}

/// What can be found when nobody unlocks the vault.
#[must_use]
pub fn locked(data: &Path, told: &Told) -> Doctor {
    let vault = Node::look(data).map_or_else(|none| Finding::told("vault", &none), |()| Finding::told("vault", told));
    let mut findings = vec![vault, disk::check(data), no_daemon()];
    let config = configuration(data, &mut findings);
    findings.extend(from_outside(config.as_ref(), "the vault is locked"));
    Doctor::of(findings)
}

fn no_daemon() -> Finding {
    Finding::fail("daemon", "the daemon is not running", "start it with `safeconduct daemon`")
}

/// The configuration; what is wrong with it is one finding.
fn configuration(data: &Path, findings: &mut Vec<Finding>) -> Option<Config> {
    Config::load(data).map_err(|error| findings.push(Finding::told("configuration", &error.into()))).ok()
}

/// The network as far as the configuration names a relay; the rest is in the vault.
fn from_outside(config: Option<&Config>, why: &str) -> Vec<Finding> {
    // What to do is said by the vault's own line.
    let unchecked = |name| Finding::warn(name, format!("not checked: {why}"), "");
    let network =
        config.and_then(|config| config.relay.as_ref()).map_or_else(|| unchecked("network"), network::anonymous);
    let rest = [
        "relay",
        "clock",
        "registry",
        "witnesses",
        "registration",
        "key-changes",
        "keys",
        "renewals",
        "outbox",
        "alarms",
        "backup",
    ];
    core::iter::once(network).chain(rest.into_iter().map(unchecked)).collect()
}

/// A daemon is there and does not answer.
#[must_use]
pub fn daemon_silent(told: &Told) -> Doctor {
    Doctor::of(vec![Finding::told("daemon", told)])
}

/// What the vault shows. What the relay has said of this node's registration goes before the registry copy, which gets no
/// news when the relay turns this node away.
fn of_node(node: &mut Node, relay: &RelayState) -> Vec<Finding> {
    match node.check_up() {
        Err(told) => vec![Finding::told("vault", &told)],
        Ok(mut up) => {
            up.standing = stands(&up.standing, relay).to_owned();
            let found = [
                registry(&up),
                witnesses(&up),
                standing(&up),
                key_changes(&up),
                prekeys(&up),
                renewals(&up),
                outbox(&up),
                aside(&up),
                backup(&up),
            ];
            own_clock(&up).into_iter().chain(found).collect()
        }
    }
}

/// The findings about the link, then those about the vault. What the authority's signed time says of the clock goes before what
/// the relay says of it, which may be wrong or lie.
fn joined(mut link: Vec<Finding>, vault: Vec<Finding>) -> Vec<Finding> {
    if vault.iter().any(|finding| finding.name == CLOCK) {
        link.retain(|finding| finding.name != CLOCK);
    }
    link.extend(vault);
    link
}

/// This node's standing, from the registry copy and from what the relay says when it turns the node away.
#[must_use]
pub fn stands<'a>(copy: &'a str, relay: &'a RelayState) -> &'a str {
    match (copy, relay.reason.as_deref()) {
        (_, Some("revoked")) => "revoked",
        ("active" | "not-registered", Some("suspended")) => "suspended",
        ("active", Some("not-registered")) => "not-known-to-relay",
        _ => copy,
    }
}

/// What the checks judge, as the vault shows it.
pub struct CheckUp {
    /// Whether an enrolment was approved.
    pub enrolled: bool,
    /// Leaves of the registry copy.
    pub registry_size: u64,
    /// How many witnesses must sign the registry's head; none without a registry.
    pub witness_quorum: Option<u8>,
    /// Age of the newest timestamp, seconds.
    pub registry_age_s: Option<u64>,
    /// By how many seconds this machine's clock is behind it; none when it is not, or by no more than clocks differ.
    pub clock_behind_s: Option<u64>,
    /// `active`, `suspended`, `revoked`, `not-registered` or `not-known-to-relay`.
    pub standing: String,
    /// What is the matter with this node's own identity key; none while the registry names it.
    pub own_key: Option<Told>,
    /// Keys that the authority alone has changed, or is about to.
    pub key_changes: Vec<KeyChange>,
    /// One-time prekeys with a seed.
    pub one_time: u64,
    /// Whether this node ever made prekeys.
    pub keys_made: bool,
    /// Prekeys that the relay said it holds, and whose seeds are not here; none while it has not said.
    pub without_seed: Option<u64>,
    /// Seconds that the newest signed prekey is still valid; none when there is none.
    pub signed_valid_s: Option<u64>,
    /// Messages that wait for the relay longer than an hour.
    pub waiting: u64,
    /// Messages that the relay holds and whose receipt is overdue.
    pub overdue: u64,
    /// Messages that failed or expired, and nobody has seen that yet.
    pub given_up: u64,
    /// Envelopes kept aside.
    pub quarantined: u64,
    /// Alarms.
    pub alarms: Vec<String>,
    /// What is to be renewed soon, or should have been.
    pub reminders: Vec<String>,
    /// That the authority has signed two registries, and where the proof of it lies.
    pub fork: Option<String>,
    /// Age of the last backup, seconds; none when there was none.
    pub backup_age_s: Option<u64>,
}

/// A change of a node's keys by the authority alone: everybody is shown it.
pub struct KeyChange {
    /// The agency, or the node's id.
    pub agency: String,
    /// Whether it is this node.
    pub own: bool,
    /// When it takes effect; none when it has.
    pub from: Option<Timestamp>,
}

impl CheckUp {
    /// Longest wait that is no finding, in seconds.
    pub const WAITING_S_MAX: u64 = WAITING_S_MAX;
}

fn registry(up: &CheckUp) -> Finding {
    if let Some(fork) = &up.fork {
        let remedy = "phone your authority from a number that you know, and hand the file to it and to your partners; \
            `safeconduct-admin audit --proof FILE` checks it anywhere";
        return Finding::fail("registry", fork.clone(), remedy);
    }
    match up.registry_age_s.map(age::old) {
        _ if up.registry_size == 0 => Finding::fail(
            "registry",
            "this node has no registry yet",
            "finish enrolment and let the daemon connect once",
        ),
        None => Finding::fail("registry", age::never().says, age::never().remedy),
        Some(Some(old)) if old.limits => Finding::fail("registry", old.says, old.remedy),
        Some(Some(old)) => Finding::warn("registry", old.says, old.remedy),
        Some(None) => Finding::ok("registry", format!("{} entries, confirmed within a day", up.registry_size)),
    }
}

fn own_clock(up: &CheckUp) -> Option<Finding> {
    let behind = up.clock_behind_s.map(age::span)?;
    let says = format!("this machine's clock is {behind} behind a time that the authority has signed");
    Some(Finding::fail(CLOCK, says, "set this machine's clock, best by NTP; until then the authority's time is used"))
}

fn witnesses(up: &CheckUp) -> Finding {
    const NAME: &str = "witnesses";
    let remedy = "ask your authority to name more witnesses, best another country's authority";
    match up.witness_quorum {
        None => Finding::warn(NAME, "not known: this node has no registry yet", "finish enrolment"),
        Some(0) => Finding::warn(
            NAME,
            "no witness signs the registry: who has the authority's log key can show others another one, unseen until messages meet",
            remedy,
        ),
        Some(1) => Finding::warn(
            NAME,
            "one witness signs the registry: who has the log key and that witness can show others another one, unseen until messages meet",
            remedy,
        ),
        Some(quorum) => Finding::ok(NAME, format!("{quorum} witnesses must sign the registry")),
    }
}

fn standing(up: &CheckUp) -> Finding {
    if let Some(told) = &up.own_key {
        return Finding::told("registration", told);
    }
    match up.standing.as_str() {
        "active" => Finding::ok("registration", "this node is registered and active"),
        "suspended" => Finding::fail("registration", "this node's registration is suspended", "phone your authority"),
        "revoked" => Finding::fail("registration", "this node's registration was revoked", "phone your authority"),
        "not-known-to-relay" => Finding::fail(
            "registration",
            "this node's registry copy has it active, but the relay does not take it as registered",
            "check the relay's address, then phone your authority",
        ),
        _ if up.enrolled => Finding::warn(
            "registration",
            "this node's entry is not in its registry copy yet",
            "let the daemon connect once",
        ),
        _ => Finding::fail("registration", "this node is not enrolled", "run `safeconduct enrol CODE`"),
    }
}

fn renewals(up: &CheckUp) -> Finding {
    const NAME: &str = "renewals";
    match up.reminders.first() {
        None => Finding::ok(NAME, "no key is to be renewed within thirty days"),
        Some(first) => Finding::warn(NAME, first.clone(), "see `safeconduct key status`"),
    }
}

fn key_changes(up: &CheckUp) -> Finding {
    const NAME: &str = "key-changes";
    let Some(first) = up.key_changes.iter().find(|change| change.own).or_else(|| up.key_changes.first()) else {
        return Finding::ok(NAME, "no agency's keys were changed by the authority alone");
    };
    if first.own {
        let when = if first.from.is_some() { "is about to change" } else { "has changed" };
        return Finding::fail(
            NAME,
            format!("the authority alone {when} this node's keys"),
            "if nobody at your agency asked for that, phone your authority now",
        );
    }
    let names: Vec<String> = up
        .key_changes
        .iter()
        .map(|change| format!("{}{}", change.agency, if change.from.is_some() { " (not yet in force)" } else { "" }))
        .collect();
    Finding::warn(
        NAME,
        format!("the authority alone changed the keys of: {}", names.join(", ")),
        "phone the agency before you send to it; see `safeconduct directory`",
    )
}

fn prekeys(up: &CheckUp) -> Finding {
    if let Some(lost) = up.without_seed.filter(|lost| *lost > 0) {
        return Finding::warn(
            "keys",
            format!("the relay holds {lost} prekeys that this node cannot open any more"),
            "keep the daemon connected: who seals to one is told so and takes another; if it stays, phone your authority",
        );
    }
    match up.signed_valid_s {
        None if up.keys_made => Finding::fail(
            "keys",
            "this node's prekeys are used up or erased, so nobody can write to this node",
            "let the daemon connect: it makes new ones",
        ),
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
    let troubles = [
        (up.given_up, "failed or expired, and nobody has seen that yet"),
        (up.waiting, "wait longer than an hour to be sent"),
        (up.overdue, "are at the relay and have no receipt from their recipient in time"),
    ];
    let told: Vec<String> = troubles
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} messages {what}"))
        .collect();
    if told.is_empty() {
        return Finding::ok("outbox", "nothing waits longer than it should, and nothing was given up");
    }
    Finding::warn("outbox", told.join("; "), "see `safeconduct status` for the reason of each and what to do")
}

fn backup(up: &CheckUp) -> Finding {
    const REMEDY: &str = "run `safeconduct backup --out FILE` each day, and keep the file on another machine";
    match up.backup_age_s {
        None => Finding::warn("backup", "no backup was ever made: what is on this machine is on no other", REMEDY),
        Some(age) if age > BACKUP_S_MAX => {
            Finding::warn("backup", format!("the last backup is {} days old", age / DAY_S), REMEDY)
        }
        Some(age) => Finding::ok("backup", format!("the last backup is {} hours old", age / HOUR_S)),
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
            witness_quorum: Some(2),
            registry_size: 3,
            registry_age_s: Some(60),
            clock_behind_s: None,
            standing: "active".to_owned(),
            own_key: None,
            key_changes: Vec::new(),
            one_time: 200,
            keys_made: true,
            without_seed: Some(0),
            signed_valid_s: Some(29 * DAY_S),
            waiting: 0,
            overdue: 0,
            given_up: 0,
            quarantined: 0,
            alarms: Vec::new(),
            reminders: Vec::new(),
            fork: None,
            backup_age_s: Some(60),
        }
    }

    fn change(own: bool) -> KeyChange {
        KeyChange { agency: "xc.linden-shelter".to_owned(), own, from: None }
    }

    #[test]
    fn a_well_node_is_well_in_every_check() {
        let up = well();
        for finding in [
            registry(&up),
            witnesses(&up),
            standing(&up),
            key_changes(&up),
            prekeys(&up),
            outbox(&up),
            aside(&up),
            backup(&up),
        ] {
            assert_eq!(finding.state, FindingState::Ok, "{}", finding.says);
            assert!(finding.remedy.is_empty());
        }
    }

    #[test]
    fn every_trouble_is_named_with_a_remedy() {
        let cases = [
            (registry(&CheckUp { registry_size: 0, ..well() }), FindingState::Fail),
            (witnesses(&CheckUp { witness_quorum: None, ..well() }), FindingState::Warn),
            (witnesses(&CheckUp { witness_quorum: Some(0), ..well() }), FindingState::Warn),
            (witnesses(&CheckUp { witness_quorum: Some(1), ..well() }), FindingState::Warn),
            (registry(&CheckUp { fork: Some("x".to_owned()), ..well() }), FindingState::Fail),
            (registry(&CheckUp { registry_age_s: None, ..well() }), FindingState::Fail),
            (registry(&CheckUp { registry_age_s: Some(2 * DAY_S), ..well() }), FindingState::Warn),
            (registry(&CheckUp { registry_age_s: Some(8 * DAY_S), ..well() }), FindingState::Fail),
            (registry(&CheckUp { registry_age_s: Some(31 * DAY_S), ..well() }), FindingState::Fail),
            (own_clock(&CheckUp { clock_behind_s: Some(301), ..well() }).unwrap(), FindingState::Fail),
            (standing(&CheckUp { standing: "revoked".to_owned(), ..well() }), FindingState::Fail),
            (standing(&CheckUp { standing: "suspended".to_owned(), ..well() }), FindingState::Fail),
            (
                standing(&CheckUp { standing: "not-registered".to_owned(), enrolled: false, ..well() }),
                FindingState::Fail,
            ),
            (standing(&CheckUp { standing: "not-known-to-relay".to_owned(), ..well() }), FindingState::Fail),
            (key_changes(&CheckUp { key_changes: vec![change(false)], ..well() }), FindingState::Warn),
            (key_changes(&CheckUp { key_changes: vec![change(false), change(true)], ..well() }), FindingState::Fail),
            (prekeys(&CheckUp { signed_valid_s: None, keys_made: false, ..well() }), FindingState::Warn),
            (prekeys(&CheckUp { signed_valid_s: None, ..well() }), FindingState::Fail),
            (prekeys(&CheckUp { without_seed: Some(3), ..well() }), FindingState::Warn),
            (outbox(&CheckUp { waiting: 2, ..well() }), FindingState::Warn),
            (outbox(&CheckUp { overdue: 1, ..well() }), FindingState::Warn),
            (outbox(&CheckUp { given_up: 1, ..well() }), FindingState::Warn),
            (aside(&CheckUp { quarantined: 1, ..well() }), FindingState::Warn),
            (backup(&CheckUp { backup_age_s: None, ..well() }), FindingState::Warn),
            (backup(&CheckUp { backup_age_s: Some(7 * DAY_S + 1), ..well() }), FindingState::Warn),
            (aside(&CheckUp { alarms: vec!["x".to_owned()], ..well() }), FindingState::Warn),
        ];
        for (finding, state) in cases {
            assert_eq!(finding.state, state, "{}", finding.says);
            assert!(!finding.remedy.is_empty(), "{}", finding.says);
        }
    }

    #[test]
    fn what_the_relay_says_of_the_registration_goes_before_the_copy() {
        let of = |copy: &'static str, reason: Option<&str>| {
            let relay = RelayState { reason: reason.map(str::to_owned), ..RelayState::default() };
            stands(copy, &relay).to_owned()
        };
        assert_eq!(of("active", None), "active");
        assert_eq!(of("active", Some("relay-unreachable")), "active");
        assert_eq!(of("active", Some("revoked")), "revoked");
        assert_eq!(of("suspended", Some("revoked")), "revoked");
        assert_eq!(of("active", Some("suspended")), "suspended");
        assert_eq!(of("active", Some("not-registered")), "not-known-to-relay");
        assert_eq!(of("revoked", Some("not-registered")), "revoked");
    }

    #[test]
    fn a_locked_vault_leaves_no_check_unnamed_and_a_wrong_configuration_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.toml"), "bogus = 1\n").unwrap();

        let doctor = locked(folder.path(), &Told::not_ready("passphrase-missing", "locked", "unlock"));

        assert!(!doctor.healthy);
        let of = |name: &str| doctor.findings.iter().filter(|finding| finding.name == name).count();
        for name in ["vault", "disk", "daemon", "configuration", "network", "relay", "clock", "registry", "keys"] {
            assert_eq!(of(name), 1, "{name}");
        }
    }
}
