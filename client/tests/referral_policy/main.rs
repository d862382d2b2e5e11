//! Schema and decision table, rule by rule, by changing one thing in a valid sample.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod addendum;
mod registry;
mod revision;
mod rules;
mod rules_beside;
mod schema;
mod table;
mod texts;

use safeconduct_client::referral::codes::Role;
use safeconduct_client::referral::policy::{AgencyFacts, Direction, Parent, REGISTRY_AGE_MAX_S, RegistryFacts};
use safeconduct_client::referral::profile::{Profile, Profiles};
use safeconduct_client::referral::text::Country;
use safeconduct_client::referral::{Code, Context, RuleId, Severity, check};
use safeconduct_protocol::time::Timestamp;
use serde_json::{Value, json};

/// 2026-06-01T12:00:00Z.
const CLOCK: Timestamp = Timestamp(1_780_315_200);

const SHELTER: &str = "01-woman-sex-industry-shelter";
const GROUP: &str = "02-men-construction-group";
const LAWYER: &str = "03-man-agriculture-legal-aid-rtl";
const CHILD: &str = "04-child-begging-child-protection";
const VITAL: &str = "05-domestic-servitude-medical-vital-interest";
const RETURN: &str = "06-voluntary-return-reintegration";
const EMBASSY: &str = "07-identity-documents-embassy";
const ENQUIRY: &str = "08-enquiry-no-names-level-0";
const NOTICE: &str = "09-mandatory-notification-child";
const TRANSFER: &str = "10-transfer-onward";
const POLICE: &str = "11-police-specific-consent-long-narrative";
const EXERCISE: &str = "12-training-exercise-internal";

fn sample(name: &str) -> Value {
    let path = format!("{}/../tests/samples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Puts `value` at a pointer whose parent exists.
fn set(referral: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = referral.pointer_mut(parent).unwrap_or_else(|| panic!("no parent of {pointer}"));
    if let Some(items) = parent.as_array_mut() {
        if name == "-" {
            items.push(value);
        } else {
            items[name.parse::<usize>().unwrap()] = value;
        }
    } else {
        parent[name] = value;
    }
}

fn remove(referral: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let removed = referral.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    assert!(removed.is_some(), "{pointer} is not there");
}

/// One change: a value put somewhere, or a member taken away.
enum Change {
    Set(&'static str, Value),
    Gone(&'static str),
}

use Change::{Gone, Set};

fn changed(name: &str, changes: Vec<Change>) -> Value {
    let mut referral = sample(name);
    for change in changes {
        match change {
            Set(pointer, value) => set(&mut referral, pointer, value),
            Gone(pointer) => remove(&mut referral, pointer),
        }
    }
    referral
}

/// The refusals of an offline check, code and place, in order.
fn refusals_with(referral: &Value, context: &Context<'_>) -> Vec<(Code, String)> {
    check(referral.to_string().as_bytes(), context)
        .findings()
        .iter()
        .filter(|finding| finding.severity() == Severity::Refuse)
        .map(|finding| (finding.code(), finding.pointer().to_owned()))
        .collect()
}

fn refusals(referral: &Value) -> Vec<(Code, String)> {
    refusals_with(referral, &Context::offline(CLOCK, &Profiles::shipped()))
}

#[track_caller]
fn accepted(name: &str, changes: Vec<Change>) {
    assert_eq!(refusals(&changed(name, changes)), [], "{name}");
}

#[track_caller]
fn refused(name: &str, changes: Vec<Change>, code: Code, pointer: &str) {
    let found = refusals(&changed(name, changes));
    assert_eq!(found.first(), Some(&(code, pointer.to_owned())), "{name}: {found:?}");
}

fn agency(end: &Value, exercise: bool) -> AgencyFacts {
    AgencyFacts {
        agency: end["agency_id"].as_str().unwrap().parse().unwrap(),
        country: Country::of(end["country"].as_str().unwrap()).unwrap(),
        roles: vec![Role::from_code(end["role"].as_str().unwrap()).unwrap()],
        represents: None,
        exercise,
        active: true,
    }
}

fn facts(referral: &Value) -> RegistryFacts {
    let exercise = referral["header"]["exercise"] == json!(true);
    RegistryFacts {
        age_s: REGISTRY_AGE_MAX_S,
        sender: Some(agency(&referral["header"]["from"], exercise)),
        recipient: Some(agency(&referral["header"]["to"], exercise)),
    }
}

fn judged(referral: &Value, facts: RegistryFacts) -> Vec<(Code, String)> {
    let profiles = Profiles::shipped();
    refusals_with(
        referral,
        &Context {
            direction: Direction::Outbound,
            now: CLOCK,
            profiles: &profiles,
            registry: Some(facts),
            parent: Some(Parent::Free),
        },
    )
}

/// What an offline check at the sender finds by one rule: severity, code, place and whose value decided.
fn by_rule(rule: RuleId, referral: &Value) -> Vec<(Severity, Code, String, String)> {
    by_rule_with(rule, referral, &Context::offline(CLOCK, &Profiles::shipped()))
}

fn by_rule_with(rule: RuleId, referral: &Value, context: &Context<'_>) -> Vec<(Severity, Code, String, String)> {
    check(referral.to_string().as_bytes(), context)
        .findings()
        .iter()
        .filter(|finding| finding.rule() == rule)
        .map(|f| (f.severity(), f.code(), f.pointer().to_owned(), f.decided_by().to_owned()))
        .collect()
}

/// The rule refuses, and says whose value decided.
#[track_caller]
fn refuses(rule: RuleId, name: &str, changes: Vec<Change>, code: Code, pointer: &str, decided_by: &str) {
    let found = by_rule(rule, &changed(name, changes));
    assert!(
        found.iter().any(|(severity, of, at, by)| {
            (*severity, *of, at.as_str()) == (Severity::Refuse, code, pointer) && by.contains(decided_by)
        }),
        "{name}: {rule} finds {found:?}"
    );
}

/// The rule warns, and the referral goes.
#[track_caller]
fn warns(rule: RuleId, name: &str, changes: Vec<Change>, code: Code, pointer: &str, decided_by: &str) {
    let referral = changed(name, changes);
    let found = by_rule(rule, &referral);
    assert!(
        found.iter().any(|(severity, of, at, by)| {
            (*severity, *of, at.as_str()) == (Severity::Warn, code, pointer) && by.contains(decided_by)
        }),
        "{name}: {rule} finds {found:?}"
    );
    assert_eq!(refusals(&referral), [], "{name}");
}

/// The rule finds nothing, and the referral goes.
#[track_caller]
fn passes(rule: RuleId, name: &str, changes: Vec<Change>) {
    let referral = changed(name, changes);
    assert_eq!(by_rule(rule, &referral), [], "{name}");
    assert_eq!(refusals(&referral), [], "{name}");
}
