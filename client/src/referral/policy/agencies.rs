//! D23 and D24: what only the registry knows.

use super::table::Out;
use super::{AgencyFacts, Case, REGISTRY_AGE_MAX_S};
use crate::referral::code::Code;
use crate::referral::finding::Finding;
use crate::referral::header::AgencyRef;

/// Where the age of the registry copy is told.
pub(super) const STALE_AT: &str = "/header/to/agency_id";

/// D24: both agencies, if the registry was asked.
pub(super) fn known(case: &Case<'_>, findings: &mut Out) {
    let Some(registry) = case.registry else { return };
    let header = &case.referral.header;
    if registry.age_s > REGISTRY_AGE_MAX_S {
        findings.push(Finding::plain(Code::ProfileStale, STALE_AT));
    }
    agency(&header.from, registry.sender.as_ref(), "/header/from", findings);
    agency(&header.to, registry.recipient.as_ref(), "/header/to", findings);
}

/// D23, if the registry was asked.
pub(super) fn exercise(case: &Case<'_>, findings: &mut Out) {
    let Some(registry) = case.registry else { return };
    let exercise = case.referral.header.exercise.unwrap_or(false);
    let ends = [registry.sender.as_ref(), registry.recipient.as_ref()];
    if ends.into_iter().flatten().any(|facts| facts.exercise != exercise) {
        findings.push(Finding::plain(Code::ExerciseMismatch, "/header/exercise"));
    }
}

/// One end: known, active, and holding the role and country that the header states.
fn agency(stated: &AgencyRef, facts: Option<&AgencyFacts>, pointer: &str, findings: &mut Out) {
    let Some(facts) = facts.filter(|facts| facts.active && facts.agency == stated.agency_id) else {
        findings.push(Finding::plain(Code::AgencyUnknown, format!("{pointer}/agency_id")));
        return;
    };
    if !facts.roles.contains(&stated.role) {
        findings.push(Finding::plain(Code::RoleNotHeld, format!("{pointer}/role")));
    }
    if facts.country != stated.country {
        findings.push(Finding::plain(Code::RoleNotHeld, format!("{pointer}/country")));
    }
}
