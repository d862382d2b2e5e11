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
    note::{self, Agencies, Count, Days, Note, Refusal, Span},
    registry::age,
};

/// A message that waits longer than this deserves a look.
const WAITING_S_MAX: u64 = HOUR_S;

const CLOCK: &str = "clock";

impl Finding {
    fn ok(name: &str, says: impl Into<String>) -> Self {
        let (name, says) = (name.to_owned(), says.into());
        Self { name, state: FindingState::Ok, says, remedy: String::new(), tampering: false, notes: Vec::new() }
    }

    /// What somebody should look at.
    pub(crate) fn noted(name: &str, note: Note) -> Self {
        let remedy = note.remedy().to_owned();
        Self { state: FindingState::Warn, remedy, notes: vec![note.clone()], ..Self::ok(name, note.says()) }
    }

    fn warn(name: &str, note: Note) -> Self {
        Self::noted(name, note)
    }

    fn fail(name: &str, note: Note) -> Self {
        Self { state: FindingState::Fail, ..Self::noted(name, note) }
    }

    fn told(name: &str, told: &Told) -> Self {
        let tampering = told.exit() == crate::exit::Exit::Tampering;
        Self {
            tampering,
            remedy: told.remedy.clone(),
            ..Self::fail(name, Note::Refused { why: Refusal(told.clone()) })
        }
    }

    /// Nobody has looked.
    fn unchecked(name: &str, why: &str) -> Self {
        Self { state: FindingState::Warn, ..Self::ok(name, format!("not checked: {why}")) }
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
    Finding::told(
        "daemon",
        &Told::not_ready("no-daemon", "the daemon is not running", "start it with `safeconduct daemon`"),
    )
}

/// The configuration; what is wrong with it is one finding.
fn configuration(data: &Path, findings: &mut Vec<Finding>) -> Option<Config> {
    Config::load(data).map_err(|error| findings.push(Finding::told("configuration", &error.into()))).ok()
}

/// The network as far as the configuration names a relay; the rest is in the vault.
fn from_outside(config: Option<&Config>, why: &str) -> Vec<Finding> {
    // What to do is said by the vault's own line.
    let unchecked = |name| Finding::unchecked(name, why);
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
    pub(crate) own_key: Option<Note>,
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
    pub(crate) alarms: Vec<Note>,
    /// What is to be renewed soon, or should have been.
    pub(crate) reminders: Vec<Note>,
    /// That the authority has signed two registries, and where the proof of it lies.
    pub(crate) fork: Option<Note>,
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

    /// The alarms' lines.
    #[must_use]
    pub fn alarm_lines(&self) -> Vec<String> {
        note::lines(&self.alarms)
    }
}

fn registry(up: &CheckUp) -> Finding {
    const NAME: &str = "registry";
    if let Some(fork) = &up.fork {
        let remedy = "phone your authority from a number that you know, and hand the file to it and to your partners; \
            `safeconduct-admin audit --proof FILE` checks it anywhere";
        return Finding { remedy: remedy.to_owned(), ..Finding::fail(NAME, fork.clone()) };
    }
    match up.registry_age_s.map(age::old) {
        _ if up.registry_size == 0 => Finding::fail(NAME, Note::RegistryNone {}),
        None => Finding::fail(NAME, age::never().note),
        Some(Some(old)) if old.limits => Finding::fail(NAME, old.note),
        Some(Some(old)) => Finding::warn(NAME, old.note),
        Some(None) => Finding::ok(NAME, format!("{} entries, confirmed within a day", up.registry_size)),
    }
}

fn own_clock(up: &CheckUp) -> Option<Finding> {
    up.clock_behind_s.map(|seconds| Finding::fail(CLOCK, Note::ClockBehind { span: Span(seconds) }))
}

fn witnesses(up: &CheckUp) -> Finding {
    const NAME: &str = "witnesses";
    match up.witness_quorum {
        None => Finding::warn(NAME, Note::WitnessesUnknown {}),
        Some(0) => Finding::warn(NAME, Note::WitnessesNone {}),
        Some(1) => Finding::warn(NAME, Note::WitnessesOne {}),
        Some(quorum) => Finding::ok(NAME, format!("{quorum} witnesses must sign the registry")),
    }
}

fn standing(up: &CheckUp) -> Finding {
    const NAME: &str = "registration";
    if let Some(note) = &up.own_key {
        return Finding::fail(NAME, note.clone());
    }
    match up.standing.as_str() {
        "active" => Finding::ok(NAME, "this node is registered and active"),
        "suspended" => Finding::fail(NAME, Note::Suspended {}),
        "revoked" => Finding::fail(NAME, Note::Revoked {}),
        "not-known-to-relay" => Finding::fail(NAME, Note::NotKnownToRelay {}),
        _ if up.enrolled => Finding::warn(NAME, Note::NotListed {}),
        _ => Finding::fail(NAME, Note::NotEnrolled {}),
    }
}

fn renewals(up: &CheckUp) -> Finding {
    const NAME: &str = "renewals";
    match up.reminders.first() {
        None => Finding::ok(NAME, "no key is to be renewed within thirty days"),
        Some(first) => {
            Finding { remedy: "see `safeconduct key status`".to_owned(), ..Finding::warn(NAME, first.clone()) }
        }
    }
}

fn key_changes(up: &CheckUp) -> Finding {
    const NAME: &str = "key-changes";
    let Some(first) = up.key_changes.iter().find(|change| change.own).or_else(|| up.key_changes.first()) else {
        return Finding::ok(NAME, "no agency's keys were changed by the authority alone");
    };
    match (first.own, first.from) {
        (true, Some(_)) => Finding::fail(NAME, Note::OwnKeysToChange {}),
        (true, None) => Finding::fail(NAME, Note::OwnKeysChanged {}),
        (false, _) => {
            let changed = up.key_changes.iter().map(|change| (change.agency.clone(), change.from.is_some()));
            Finding::warn(NAME, Note::KeysOfOthers { agencies: Agencies(changed.collect()) })
        }
    }
}

fn prekeys(up: &CheckUp) -> Finding {
    const NAME: &str = "keys";
    if let Some(lost) = up.without_seed.filter(|lost| *lost > 0) {
        return Finding::warn(NAME, Note::PrekeysLost { count: Count(lost) });
    }
    match up.signed_valid_s {
        None if up.keys_made => Finding::fail(NAME, Note::PrekeysGone {}),
        None => Finding::warn(NAME, Note::PrekeysNone {}),
        Some(left) if left < 7 * DAY_S => Finding::warn(NAME, Note::PrekeyEnds { days: Days(left / DAY_S) }),
        Some(_) => Finding::ok(NAME, format!("{} one-time prekeys and a fresh signed one", up.one_time)),
    }
}

fn outbox(up: &CheckUp) -> Finding {
    const NAME: &str = "outbox";
    let count = |count: u64| Some(Count(count)).filter(|_| count > 0);
    let given_up = count(up.given_up).map(|count| Note::OutboxGivenUp { count });
    let waits = count(up.waiting).map(|count| Note::OutboxWaits { count });
    let late = count(up.overdue).map(|count| Note::OutboxLate { count });
    let notes: Vec<Note> = [given_up, waits, late].into_iter().flatten().collect();
    let Some(first) = notes.first() else {
        return Finding::ok(NAME, "nothing waits longer than it should, and nothing was given up");
    };
    let says = notes.iter().map(Note::says).collect::<Vec<_>>().join("; ");
    Finding { says, notes: notes.clone(), ..Finding::warn(NAME, first.clone()) }
}

fn backup(up: &CheckUp) -> Finding {
    const NAME: &str = "backup";
    match up.backup_age_s {
        None => Finding::warn(NAME, Note::BackupNever {}),
        Some(age) if age > BACKUP_S_MAX => Finding::warn(NAME, Note::BackupOld { days: Days(age / DAY_S) }),
        Some(age) => Finding::ok(NAME, format!("the last backup is {} hours old", age / HOUR_S)),
    }
}

fn aside(up: &CheckUp) -> Finding {
    const NAME: &str = "alarms";
    if let Some(alarm) = up.alarms.first() {
        let remedy = "keep the data folder and phone your authority".to_owned();
        return Finding { says: alarm.to_string(), remedy, ..Finding::warn(NAME, alarm.clone()) };
    }
    match up.quarantined {
        0 => Finding::ok(NAME, "none, and no envelope failed a check"),
        count => Finding::warn(NAME, Note::Aside { count: Count(count) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Technical;

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
            (
                registry(&CheckUp { fork: Some(Note::Fork { proof: Technical("x".to_owned()) }), ..well() }),
                FindingState::Fail,
            ),
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
            (aside(&CheckUp { alarms: vec![Note::RegistryWithheld {}], ..well() }), FindingState::Warn),
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
