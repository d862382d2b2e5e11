//! What a person is reminded of, once each time, on the side that has to act.

use safeconduct_protocol::time::{DAY_S, HOUR_S};

use super::*;
use crate::casework::details::{OverrideSaid, ReflectionSet};

fn instant(at: Timestamp) -> String {
    safeconduct_certs::utc::instant(at)
}

fn day(at: Timestamp) -> String {
    instant(at)[..10].to_owned()
}

impl Pair {
    /// Who is reminded of `news`, sender first; a look settles what a look can.
    fn reminded(&mut self, news: News) -> [bool; 2] {
        [S, R].map(|at| {
            let row = self.row(at);
            let has = row.has(news);
            Row::seen(self.nodes[at].vault().db(), row.place).unwrap();
            has
        })
    }

    /// Both nodes keep house until `at`.
    fn until(&mut self, at: Timestamp) {
        let left = at.since(self.now);
        self.waits(left);
    }

    fn accepted(&mut self, referral: &Referral) {
        self.sends(referral, None);
        self.settles();
        self.does(R, act(Step::Opened)).unwrap();
        self.does(R, act(Step::Accepted)).unwrap();
        self.settles();
        assert_eq!(self.both(), State::Accepted);
    }
}

#[test]
fn the_recipient_is_reminded_once_at_half_of_the_time_to_open_and_of_the_time_to_decide() {
    let mut pair = delivered(950);
    let (since, by) = (pair.row(R).delivered_at.unwrap(), pair.row(R).acknowledge_by.unwrap());
    let half = since.after(by.since(since) / 2);
    pair.until(Timestamp(half.0 - 1));
    assert_eq!(pair.reminded(News::AnswerSoon), [false, false]);
    pair.until(half);
    assert_eq!(pair.reminded(News::AnswerSoon), [false, true]);
    pair.waits(60);
    assert_eq!(pair.reminded(News::AnswerSoon), [false, false], "once");

    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    let by = pair.row(R).decide_by.unwrap();
    pair.until(since.after(by.since(since) / 2));
    assert_eq!(pair.reminded(News::AnswerSoon), [false, true]);
}

#[test]
fn both_agencies_are_reminded_before_a_consent_ends_and_when_it_has() {
    let mut pair = Pair::new(951);
    let end = pair.now.after(20 * DAY_S);
    let referral = pair.referral(WOMAN, |value| value["consents"][0]["expires_at"] = instant(end).into());
    pair.accepted(&referral);

    for days in [14, 3, 0] {
        let at = end.before(days * DAY_S);
        pair.until(Timestamp(at.0 - 1));
        assert_eq!(pair.reminded(News::ConsentEnds), [false, false], "{days} days before");
        pair.until(at);
        assert_eq!(pair.reminded(News::ConsentEnds), [true, true], "{days} days before");
    }
}

#[test]
fn the_notice_and_the_review_of_an_act_without_consent_are_asked_for_until_both_are_done() {
    const OVERRIDE: &str = "05-domestic-servitude-medical-vital-interest";
    let mut pair = Pair::new(952);
    let (given, told_by) = (instant(pair.now), pair.now.after(72 * HOUR_S));
    let mut consent = String::new();
    let referral = pair.referral(OVERRIDE, |value| {
        let consents = value["consents"].as_array_mut().unwrap();
        let one = consents.iter_mut().find(|one| one["basis"] == "VitalInterest").unwrap();
        one["given_at"] = given.clone().into();
        one["notify_person_by"] = instant(told_by).into();
        consent = one["consent_id"].as_str().unwrap().to_owned();
    });
    pair.accepted(&referral);
    assert_eq!(pair.reminded(News::OverrideOpen), [false, false]);

    // A second person reviews within 24 hours.
    pair.waits(12 * HOUR_S);
    assert_eq!(pair.reminded(News::OverrideOpen), [true, false]);
    let said = |verdict: Option<&str>, told: Option<String>| Details {
        override_said: Some(OverrideSaid {
            consent_id: consent.clone(),
            told_on: told,
            verdict: verdict.map(str::to_owned),
        }),
        ..Details::default()
    };
    let review = Act { details: said(Some("upheld"), None), ..act(Step::OverrideReviewed) };
    pair.does(S, review).unwrap();
    pair.settles();
    assert_eq!(pair.reminded(News::OverrideOpen), [true, false], "the person has still to be told");
    let today = day(pair.now);
    pair.does(S, Act { details: said(None, Some(today)), ..act(Step::OverrideNotice) }).unwrap();
    pair.settles();
    assert_eq!(pair.reminded(News::OverrideOpen), [false, false]);
    pair.until(told_by);
    assert_eq!(pair.reminded(News::OverrideOpen), [false, false]);
}

#[test]
fn of_a_duty_of_law_the_person_may_know_before_it_is_done() {
    const DUTY: &str = "09-mandatory-notification-child";
    for (seed, after_s, wanted) in [(957, 0, [false, false]), (958, 12 * HOUR_S, [true, false])] {
        let mut pair = Pair::new(seed);
        let told_by = instant(pair.now.after(after_s));
        let referral = pair.referral(DUTY, |value| value["consents"][0]["notify_person_by"] = told_by.clone().into());
        pair.accepted(&referral);
        pair.waits(13 * HOUR_S);
        assert_eq!(pair.reminded(News::OverrideOpen), wanted, "told {after_s} seconds after");
    }
}

#[test]
fn the_end_of_a_reflection_period_is_told_as_the_last_act_set_it() {
    let mut pair = Pair::new(953);
    let referral = pair.sample(WOMAN);
    pair.accepted(&referral);
    let period = |pair: &Pair, days: u64| Details {
        reflection: Some(ReflectionSet {
            status: "Granted".to_owned(),
            start: Some(day(pair.now)),
            end: Some(day(pair.now.after(days * DAY_S))),
            legal_basis: None,
        }),
        ..Details::default()
    };
    for days in [40, 60] {
        let details = period(&pair, days);
        pair.does(R, Act { details, ..act(Step::ReflectionSet) }).unwrap();
        pair.settles();
        pair.reminded(News::ReflectionEnds);
    }

    let ends = Timestamp(pair.now.after(60 * DAY_S).0 / DAY_S * DAY_S + DAY_S);
    pair.waits(41 * DAY_S);
    assert_eq!(pair.reminded(News::ReflectionEnds), [false, false], "the first end counts no more");
    pair.until(Timestamp(ends.0 - 1));
    assert_eq!(pair.reminded(News::ReflectionEnds), [true, true], "some days before");
    pair.until(ends);
    assert_eq!(pair.reminded(News::ReflectionEnds), [true, true], "when its last day is over");
}

#[test]
fn whether_the_law_still_holds_a_referral_is_asked_every_half_year_until_somebody_says() {
    let mut pair = delivered(956);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, declined()).unwrap();
    pair.settles();
    let place = pair.row(R).place;
    let holds = |pair: &mut Pair, reference: Option<&str>| {
        let (own, now) = (pair.nodes[R].identity.node, pair.now);
        let db = pair.nodes[R].vault().db();
        stand::hold(db, place, reference, now).unwrap();
        stand::refresh(db, place, &own, &testing::setting(), now).unwrap();
    };
    holds(&mut pair, Some("court order 12"));
    let since = pair.now;
    for number in 1..=3_u64 {
        let review = since.after(183 * DAY_S * number);
        pair.until(Timestamp(review.0 - 1));
        assert!(!pair.row(R).has(News::HoldReview), "{number}");
        pair.until(review);
        assert!(pair.row(R).has(News::HoldReview), "{number}");
        Row::seen(pair.nodes[R].vault().db(), place).unwrap();
        assert!(pair.row(R).has(News::HoldReview), "a look is no answer");
        Row::drop_news(pair.nodes[R].vault().db(), place, News::HoldReview).unwrap();
    }
    pair.waits(100 * DAY_S);
    holds(&mut pair, Some("court order 12, asked again"));
    pair.waits(182 * DAY_S);
    assert!(!pair.row(R).has(News::HoldReview), "from the answer on");
    pair.waits(DAY_S);
    assert!(pair.row(R).has(News::HoldReview));
    holds(&mut pair, None);
    assert!(!pair.row(R).has(News::HoldReview));
    pair.waits(60);
    assert!(pair.row(R).erased_at.is_some());
}

#[test]
fn who_holds_a_child_without_a_guardian_is_told_when_the_laws_time_is_over() {
    const CHILD: &str = "04-child-begging-child-protection";
    let mut pair = Pair::new(954);
    let referral = pair.referral(CHILD, |value| value["summary"]["child"]["guardian_status"] = "Requested".into());
    pair.accepted(&referral);
    pair.reminded(News::GuardianMissing);
    pair.waits(30 * DAY_S);
    assert_eq!(pair.reminded(News::GuardianMissing), [false, true]);

    let mut pair = Pair::new(955);
    let referral = pair.referral(CHILD, |value| value["summary"]["child"]["guardian_status"] = "Appointed".into());
    pair.accepted(&referral);
    pair.waits(30 * DAY_S);
    assert_eq!(pair.reminded(News::GuardianMissing), [false, false]);
}
