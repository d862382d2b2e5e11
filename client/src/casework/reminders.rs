//! What a person is reminded of while a referral is open: what ends, what was promised, and what has to be looked at anew. Pure.

use safeconduct_protocol::{
    personal::Reveal,
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{
    clocks::{Clocks, Setting, profile_here},
    details::{Details, OverrideSaid},
    lapse,
    life::{
        code::Step,
        fold::Standing,
        state::{Phase, State},
        terms::Side,
    },
    stand::Now,
    store::{news::News, row::Row},
    take::changed_consents,
};
use crate::referral::{
    Referral,
    codes::{Basis, ConsentStatus, GuardianStatus, ReflectionStatus},
    consent::Consent,
    dates::Date,
    profile::Profile,
    summary::Reflection,
};

/// Days before the end of a consent on which it is told, beside the end itself (REFERRAL §2.6).
const CONSENT_DAYS: [u64; 2] = [14, 3];
/// How long before the time of an override's notice and review it is told, in seconds.
const OVERRIDE_BEFORE_S: u64 = 12 * HOUR_S;
/// After so many days a risk assessment for a return counts no more (rule D18).
const RISK_DAYS: u64 = 90;
/// After so many days it is looked at whether the law still holds a referral (REFERRAL §5.3: every six months).
const HOLD_REVIEW_DAYS: u64 = 183;
/// Reminders of one referral at most.
const MOST: usize = 64;

/// At a time, something to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reminder {
    pub(crate) news: News,
    pub(crate) due: Timestamp,
}

/// The reminders of a referral that is open; none of one that is not, or whose content is gone.
pub(crate) fn reminders(found: &Now, referral: &Referral, clocks: &Clocks, setting: &Setting<'_>) -> Vec<Reminder> {
    let Now { row, standing, .. } = found;
    if standing.state.phase() != Phase::Open {
        return Vec::new();
    }
    let profile = profile_here(row, setting);
    let mut all = Vec::new();
    halves(row, standing, clocks, &mut all);
    consents(found, referral, &mut all);
    overrides(found, referral, setting, &mut all);
    reflection(found, referral, profile, &mut all);
    dangers(found, referral, profile, &mut all);
    // What was over when the referral came here, its sender knew.
    all.retain(|one| one.due >= row.first_at);
    all.truncate(MOST);
    all
}

/// When it is to be looked at whether the law still holds a referral: the last time that was due, and the next, also of what has ended.
pub(crate) fn hold_reviews(row: &Row, now: Timestamp) -> Vec<Reminder> {
    let Some(since) = row.hold.as_ref().and(row.hold_since) else { return Vec::new() };
    let pause = HOLD_REVIEW_DAYS.saturating_mul(DAY_S);
    let passed = (now.since(since) / pause).max(1);
    let at = |times: u64| since.after(pause.saturating_mul(times));
    [passed, passed.saturating_add(1)].map(|times| Reminder { news: News::HoldReview, due: at(times) }).to_vec()
}

/// Whether an act without the person's own consent still lacks its notice or its review.
pub(crate) fn owes_for_override(found: &Now, referral: &Referral, setting: &Setting<'_>) -> bool {
    let owes = |one: &Unasked<'_>| one.notice_by().is_some() || one.review_by().is_some();
    found.row.side == Side::Sender && unasked(found, referral, setting).iter().any(owes)
}

/// What was told of a person on another basis than their own consent, and what followed.
pub(crate) struct Unasked<'r> {
    pub(crate) consent: &'r Consent,
    /// The person was told: when.
    pub(crate) told: Option<OverrideSaid>,
    /// A second person has looked at it: with what verdict.
    pub(crate) reviewed: Option<OverrideSaid>,
    /// Until when that is to be done; none for a duty of law, which nobody reviews.
    review: Option<Timestamp>,
}

impl Unasked<'_> {
    /// Of a duty of law the person may know before it is done.
    pub(crate) fn is_told_before(&self) -> bool {
        let before = self.consent.notify_person_by.is_some_and(|by| by.time() <= self.consent.given_at.time());
        self.consent.basis == Basis::LegalObligation && before
    }

    /// Until when the person is still to be told.
    pub(crate) fn notice_by(&self) -> Option<Timestamp> {
        let known = self.told.is_some() || self.is_told_before();
        self.consent.notify_person_by.filter(|_| !known).map(|by| by.time())
    }

    /// Until when a second person is still to look at it.
    pub(crate) fn review_by(&self) -> Option<Timestamp> {
        self.review.filter(|_| self.reviewed.is_none())
    }
}

/// The consents of a referral that are none of the person's own, each with what was said of it.
pub(crate) fn unasked<'r>(found: &Now, referral: &'r Referral, setting: &Setting<'_>) -> Vec<Unasked<'r>> {
    let hours = u64::from(profile_here(&found.row, setting).overrides.second_reviewer_hours).saturating_mul(HOUR_S);
    let all = referral.consents().iter();
    let without = all.filter(|one| matches!(one.basis, Basis::VitalInterest | Basis::LegalObligation));
    let of = |consent: &'r Consent| Unasked {
        consent,
        told: said(found, Step::OverrideNotice, consent),
        reviewed: said(found, Step::OverrideReviewed, consent),
        review: (consent.basis == Basis::VitalInterest).then(|| consent.given_at.time().after(hours)),
    };
    without.map(of).collect()
}

/// Half of the time to open it, and half of the time to decide, has passed.
fn halves(row: &Row, standing: &Standing, clocks: &Clocks, all: &mut Vec<Reminder>) {
    let Some(since) = row.delivered_at.filter(|_| row.side == Side::Recipient) else { return };
    let opens = clocks.acknowledge_by.filter(|_| standing.state == State::Delivered);
    let by = opens.or_else(|| clocks.decide_by.filter(|_| standing.state == State::Opened));
    all.extend(by.map(|by| Reminder { news: News::AnswerSoon, due: since.after(by.since(since) / 2) }));
}

/// Consents that end.
fn consents(found: &Now, referral: &Referral, all: &mut Vec<Reminder>) {
    let gone = changed_consents(&found.events);
    let over = lapse::said(&found.events);
    let stands = |one: &&Consent| one.status == ConsentStatus::Active && !gone.contains(one.consent_id.as_str());
    for one in referral.consents().iter().filter(stands) {
        // Its end is told when it is said, and by each node for itself.
        let (end, is_over) = (one.ends(), over.contains(one.consent_id.as_str()));
        let before = CONSENT_DAYS.into_iter().map(|days| end.before(days.saturating_mul(DAY_S)));
        all.extend(before.chain([end]).filter(|_| !is_over).map(|due| Reminder { news: News::ConsentEnds, due }));
    }
}

/// The notice to the person and the second person's review of an act without consent, at the agency that decided so.
fn overrides(found: &Now, referral: &Referral, setting: &Setting<'_>, all: &mut Vec<Reminder>) {
    if found.row.side != Side::Sender {
        return;
    }
    for one in unasked(found, referral, setting) {
        for by in one.notice_by().into_iter().chain(one.review_by()) {
            let dues = [by.before(OVERRIDE_BEFORE_S), by];
            // What is owed is owed, however late the referral goes.
            all.extend(dues.map(|due| Reminder { news: News::OverrideOpen, due: due.max(found.row.first_at) }));
        }
    }
}

/// What an act of this step that counted has said of this consent, the latest first.
fn said(found: &Now, step: Step, consent: &Consent) -> Option<OverrideSaid> {
    let mut all = details_of(found, step).filter_map(|details| details.override_said);
    all.find(|said| said.consent_id == consent.consent_id.as_str())
}

/// The details of what counted, the latest first.
fn details_of(found: &Now, step: Step) -> impl Iterator<Item = Details> {
    found.standing.applied.iter().rev().filter_map(move |one| {
        let kept = found.events.iter().find(|kept| kept.hash == one.hash)?;
        let is_it = Step::of(kept.event.says().act) == step;
        Details::read(step, kept.details.as_ref().filter(|_| is_it)?)
    })
}

/// The end of a reflection period: as an act said last, or as the referral says.
fn reflection(found: &Now, referral: &Referral, profile: &Profile, all: &mut Vec<Reminder>) {
    let said = details_of(found, Step::ReflectionSet).find_map(|details| details.reflection);
    let end = match said {
        Some(said) => {
            said.end.filter(|_| said.status == ReflectionStatus::Granted.as_str()).and_then(|end| Date::of_text(&end))
        }
        None => {
            let period = referral.summary.as_ref().and_then(|summary| summary.reflection_period.as_ref());
            let granted = |period: &&Reflection| *period.status.reveal(Reveal::ToCheck) == ReflectionStatus::Granted;
            period.filter(granted).and_then(|period| period.end.as_ref()).map(|end| *end.reveal(Reveal::ToCheck))
        }
    };
    let Some(end) = end.map(Date::begin) else { return };
    let warned = profile.reflection.warn_days_before_end.iter();
    let before = warned.map(|days| end.before(u64::from(*days).saturating_mul(DAY_S)));
    // Its last day is still of it.
    all.extend(before.chain([end.after(DAY_S)]).map(|due| Reminder { news: News::ReflectionEnds, due }));
}

/// A risk assessment that is too old, and a child without a guardian.
fn dangers(found: &Now, referral: &Referral, profile: &Profile, all: &mut Vec<Reminder>) {
    let summary = referral.summary.as_ref();
    let assessed = summary.and_then(|summary| summary.risk.as_ref()).and_then(|risk| risk.valid_until);
    let for_return = referral.case_file.as_ref().and_then(|file| file.return_home.as_ref());
    let for_return = for_return.and_then(|plan| plan.risk_assessment_date.as_ref());
    let ends = assessed.map(|day| day.begin().after(DAY_S));
    let ends = ends
        .into_iter()
        .chain(for_return.map(|day| day.reveal(Reveal::ToCheck).begin().after(RISK_DAYS.saturating_mul(DAY_S))));
    all.extend(ends.map(|due| Reminder { news: News::RiskOutdated, due }));

    let Some(child) = summary.and_then(|summary| summary.child.as_ref()) else { return };
    let guarded = matches!(
        child.guardian_status.reveal(Reveal::ToCheck),
        GuardianStatus::Appointed | GuardianStatus::ParentOrCaregiver
    );
    // Who has accepted a child answers for it.
    let holder =
        if matches!(found.standing.state, State::Accepted | State::InService) { Side::Recipient } else { Side::Sender };
    if !guarded && found.row.side == holder {
        let hours = u64::from(profile.child.guardian_deadline_hours).saturating_mul(HOUR_S);
        all.push(Reminder {
            news: News::GuardianMissing,
            due: found.row.created_at.max(found.row.first_at).after(hours),
        });
    }
}
