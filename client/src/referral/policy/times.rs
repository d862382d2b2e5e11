//! Order of times, length of life, day of deletion (D22).

use safeconduct_protocol::personal::Reveal;
use safeconduct_protocol::time::DAY_S;

use super::age::edges;
use super::table::Out;
use super::{Case, Direction, SKEW_S, basis};
use crate::referral::code::Code;
use crate::referral::codes::RetentionBasis;
use crate::referral::dates::Date;
use crate::referral::finding::Finding;

/// Days from creation to expiry.
const LIFE_DAYS_MAX: u64 = 90;

/// O1: profiles that are known, created, now, expiry; a reflection period that ends after it begins.
pub(super) fn order(case: &Case<'_>, findings: &mut Out) {
    case.rules.versions(findings);
    let header = &case.referral.header;
    let (created, expires) = (header.created_at.time(), header.expires_at.time());
    let mut refuse = |code, pointer: &str, fact: &'static str| {
        findings.push(Finding::refuse(code, pointer.to_owned(), fact));
    };
    if created > case.now.after(SKEW_S) {
        refuse(Code::TimeOrder, "/header/created_at", "the referral was created in the future by this node's clock");
    }
    if expires <= created {
        refuse(Code::TimeOrder, "/header/expires_at", "the referral expires before it was created");
    } else if expires <= case.now {
        refuse(Code::TimeOrder, "/header/expires_at", "the referral has expired");
    }
    if expires.since(created) > LIFE_DAYS_MAX * DAY_S {
        refuse(Code::ExpiryTooFar, "/header/expires_at", Code::ExpiryTooFar.fact());
    }
    let reflection = case.referral.summary.as_ref().and_then(|summary| summary.reflection_period.as_ref());
    if let Some((start, end)) = reflection.and_then(|period| period.start.as_ref().zip(period.end.as_ref()))
        && end.reveal(Reveal::ToCheck) < start.reveal(Reveal::ToCheck)
    {
        refuse(Code::TimeOrder, "/summary/reflection_period/end", "the reflection period ends before it begins");
    }
}

/// D22: deleted after the expiry, and within the retention of the basis or under a legal hold.
pub(super) fn deletion(case: &Case<'_>, findings: &mut Out) {
    let handling = &case.referral.handling;
    let kept_for = handling.retention_basis;
    let expiry = case.referral.header.expires_at.time();
    let (Some(expiry_day), Some(today)) = (Date::on(expiry), Date::on(case.now)) else { return };
    let counted_from = if kept_for == RetentionBasis::ChildUntilMajorityPlus {
        latest_majority(case, today).days()
    } else {
        // Closure is not known yet; it comes at the expiry or before, or a new referral follows.
        expiry_day.days()
    };
    let last = counted_from.saturating_add(i64::from(case.rules.retention_days(kept_for)));
    let at = "/handling/delete_after";
    if handling.delete_after < expiry_day {
        let fact = "the referral would be deleted before it expires";
        findings.push(Finding::refuse(Code::DeleteBeforeExpiry, at.to_owned(), fact));
    } else if handling.delete_after.days() > last {
        let by = basis::retention(case, kept_for);
        let until = Date::from_days(last).map(|last| format!("choose a day from {expiry_day} to {last}"));
        let told = |finding: Finding, remedy: Option<String>| match remedy {
            Some(remedy) => finding.decided(by).with_remedy(remedy),
            None => finding.decided(by),
        };
        if handling.legal_hold != Some(true) {
            let fact = "the day of deletion lies beyond the retention that the profiles allow for this basis";
            findings.push(told(Finding::refuse(Code::DeleteBeforeExpiry, at.to_owned(), fact), until));
        } else if case.direction == Direction::Outbound {
            let fact = "a legal hold keeps the referral beyond the retention that the profiles allow";
            let remedy = until.map(|until| format!("{}, or {until}", Code::SecondPersonNeeded.remedy()));
            findings.push(told(Finding::warn(Code::SecondPersonNeeded, at, fact), remedy));
        }
    }
}

/// The last day on which the child may come of age.
fn latest_majority(case: &Case<'_>, today: Date) -> Date {
    let majority = case.rules.majority_years;
    let birthdate = case.referral.identity.as_ref().and_then(|identity| identity.birthdate.as_ref());
    if let Some(birthdate) = birthdate {
        return birthdate.reveal(Reveal::ToCheck).latest().years_after(majority);
    }
    let (lowest, _) = edges(case.referral.enquiry.age_band, majority);
    today.years_after(majority.saturating_sub(lowest))
}
