//! What may change between two revisions of one referral.
//!
//! A revision goes on where the one before stood: who sends what to whom stays, protection is only added, and what
//! the person allowed is only taken back or added to. Whether the new revision may go is for the decision table.

use super::Referral;
use super::code::Code;
use super::codes::{ConsentStatus, Kind};
use super::consent::Consent;
use super::finding::Finding;
use super::rule::RuleId;

/// How a revision that came stands to the newest one that is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// It is the next one.
    Next,
    /// It is the same once more: nothing happens.
    Repeat,
    /// The number is taken by other content: shown to a person, never merged.
    Conflict,
    /// It is older than the newest: what it says has been overtaken.
    Earlier,
    /// One or more between are still missing.
    Ahead,
}

/// The place of `came` beside `newest`; both are of one referral.
#[must_use]
pub fn place(newest: &Referral, came: &Referral) -> Place {
    let (held, number) = (newest.header.revision.get(), came.header.revision.get());
    match number.saturating_sub(held) {
        0 if newest == came => Place::Repeat,
        0 => Place::Conflict,
        1 => Place::Next,
        2.. => Place::Ahead,
        _ => Place::Earlier,
    }
}

/// What the next revision changes and may not; empty when it may follow. The decision table judges it besides.
#[must_use]
pub fn changes(newest: &Referral, next: &Referral) -> Vec<Finding> {
    let mut findings = Vec::new();
    if place(newest, next) != Place::Next {
        findings.push(Finding::plain(Code::RevisionOutOfTurn, "/header/revision"));
    }
    header(newest, next, &mut findings);
    for marking in newest.handling.markings.iter() {
        if !next.handling.markings.as_slice().contains(marking) {
            fixed(&mut findings, "/handling/markings", "a marking that the referral has is never taken away");
        }
    }
    for consent in newest.consents() {
        consents(consent, next.consents(), &mut findings);
    }
    findings.into_iter().map(|finding| finding.by(RuleId::F3)).collect()
}

fn fixed(findings: &mut Vec<Finding>, pointer: &str, fact: &'static str) {
    let finding = Finding::refuse(Code::RevisionFixedMember, pointer.to_owned(), fact);
    if !findings.contains(&finding) {
        findings.push(finding);
    }
}

fn header(newest: &Referral, next: &Referral, findings: &mut Vec<Finding>) {
    let (was, is) = (&newest.header, &next.header);
    let exercise = |referral: &Referral| referral.header.exercise.unwrap_or(false);
    let stays = "this member stays the same over all revisions of a referral";
    for (same, pointer) in [
        (was.schema == is.schema, "/header/schema"),
        (was.referral_id == is.referral_id, "/header/referral_id"),
        (was.from == is.from, "/header/from"),
        (was.to == is.to, "/header/to"),
        (was.parent_referral_id == is.parent_referral_id, "/header/parent_referral_id"),
        (exercise(newest) == exercise(next), "/header/exercise"),
        (was.created_at == is.created_at, "/header/created_at"),
    ] {
        if !same {
            fixed(findings, pointer, stays);
        }
    }
    if was.kind != is.kind && (was.kind, is.kind) != (Kind::Enquiry, Kind::Referral) {
        fixed(findings, "/header/kind", "an enquiry may become a referral once; no other kind becomes another");
    }
    if is.disclosure_level.get() < was.disclosure_level.get() {
        let fact = "the disclosure level is never lowered: what was told cannot be taken back by a revision";
        fixed(findings, "/header/disclosure_level", fact);
    }
}

/// One consent of before: still there, and changed in nothing but that it ended.
fn consents(was: &Consent, now: &[Consent], findings: &mut Vec<Finding>) {
    let mut same = now.iter().enumerate().filter(|(_, consent)| consent.consent_id == was.consent_id);
    let (Some((index, is)), None) = (same.next(), same.next()) else {
        fixed(findings, "/consents", "a consent that the referral has stays in it once, withdrawn or ended if need be");
        return;
    };
    let mut ended = was.clone();
    ended.status = is.status;
    ended.withdrawn_at = is.withdrawn_at;
    let ends = was.status == ConsentStatus::Active
        && matches!(is.status, ConsentStatus::Withdrawn | ConsentStatus::Expired)
        && was.withdrawn_at.is_none_or(|at| is.withdrawn_at == Some(at));
    if is != was && !(ends && *is == ended) {
        let fact = "a consent changes in nothing but that it is withdrawn or ends";
        fixed(findings, &format!("/consents/{index}"), fact);
    }
}
