//! When something is due: by all hours of the clock, or by those of working days (REFERRAL §4.2 and its addendum). A clock that stopped
//! over a week-end would leave a person in the street, so that only what can wait is counted by working days.

use safeconduct_certs::directory::hours::{LocalDay, local_day};
use safeconduct_protocol::time::{HOUR_S, Timestamp};

use super::{Calendar, Profile, Timer};
use crate::referral::codes::Urgency;

/// What a working week is made of, Monday first.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Days that are looked through for working hours: a year and a month.
const DAYS_MAX: usize = 400;
/// The zone of an agency that has named none.
const NO_ZONE: &str = "UTC";

/// The ends of a referral's waiting, from its delivery on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// Until when a person is to have opened it.
    pub acknowledge: Timestamp,
    /// Until when somebody is to have decided.
    pub decide: Timestamp,
    /// When the next agency is asked, if nobody has opened it.
    pub escalate: Timestamp,
}

impl Due {
    /// By a profile's clocks, for an agency in this time zone of the tz database.
    #[must_use]
    pub fn by(profile: &Profile, urgency: Urgency, zone: Option<&str>, delivered: Timestamp) -> Self {
        let Timer { acknowledge, decide, escalate } = profile.timer(urgency);
        let after = |hours: &u32| profile.calendar.after(urgency, zone.unwrap_or(NO_ZONE), delivered, *hours);
        Self { acknowledge: after(acknowledge), decide: after(decide), escalate: after(escalate) }
    }

    /// The earlier of both, one by one: of two countries' clocks the stricter holds.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        Self {
            acknowledge: self.acknowledge.min(other.acknowledge),
            decide: self.decide.min(other.decide),
            escalate: self.escalate.min(other.escalate),
        }
    }
}

impl Profile {
    /// The clocks of an urgency.
    #[must_use]
    pub const fn timer(&self, urgency: Urgency) -> &Timer {
        match urgency {
            Urgency::Immediate => &self.timers_hours.immediate,
            Urgency::Emergency => &self.timers_hours.emergency,
            Urgency::Urgent => &self.timers_hours.urgent,
            Urgency::Normal => &self.timers_hours.normal,
        }
    }
}

impl Calendar {
    /// Whether every day is one of the seven, and there is at least one.
    pub(super) fn is_sound(&self) -> bool {
        !self.working_days.is_empty() && self.working_days.iter().all(|day| DAYS.contains(&day.as_str()))
    }

    /// `hours` after `from`: at this urgency all hours count, or those of working days, midnight to midnight.
    fn after(&self, urgency: Urgency, zone: &str, from: Timestamp, hours: u32) -> Timestamp {
        let seconds = u64::from(hours).saturating_mul(HOUR_S);
        if urgency.cannot_wait() { from.after(seconds) } else { self.working(zone, from, seconds) }
    }

    fn working(&self, zone: &str, from: Timestamp, seconds: u64) -> Timestamp {
        let day_of = |at| local_day(zone, at).or_else(|| local_day(NO_ZONE, at));
        let (mut at, mut left) = (from, seconds);
        for _ in 0..DAYS_MAX {
            // Beyond the calendar nothing is a holiday.
            let Some(day) = day_of(at) else { break };
            if self.works_on(&day) {
                let today = day.ends.since(at);
                if left <= today {
                    return at.after(left);
                }
                left = left.saturating_sub(today);
            }
            at = day.ends;
        }
        at.after(left)
    }

    fn works_on(&self, day: &LocalDay) -> bool {
        let name = DAYS.get(usize::from(day.weekday)).copied().unwrap_or_default();
        let is_holiday = self.holidays.iter().filter_map(|holiday| holiday.date).any(|holiday| {
            let date = (i16::try_from(holiday.year), i8::try_from(holiday.month), i8::try_from(holiday.day));
            date == (Ok(day.date.0), Ok(day.date.1), Ok(day.date.2))
        });
        self.working_days.iter().any(|working| working == name) && !is_holiday
    }
}

#[cfg(test)]
mod tests {
    use super::super::Profiles;
    use super::*;
    use crate::referral::text::Country;

    const ZONE: Option<&str> = Some("Europe/Bucharest");

    fn profile(country: &str) -> Profile {
        Profiles::shipped().for_country(&Country::of(country).unwrap()).clone()
    }

    /// A moment of 2026, UTC.
    fn at(text: &str) -> Timestamp {
        safeconduct_certs::utc::parse(&format!("2026-{text}Z")).unwrap()
    }

    fn due(country: &str, urgency: Urgency, delivered: &str) -> Due {
        Due::by(&profile(country), urgency, ZONE, at(delivered))
    }

    #[test]
    fn what_cannot_wait_is_due_by_the_clock_whatever_day_it_is() {
        // A Saturday night.
        let friday = "06-06T22:00:00";
        assert_eq!(due("XA", Urgency::Immediate, friday).acknowledge, at("06-06T23:00:00"));
        assert_eq!(due("XA", Urgency::Emergency, friday).decide, at("06-07T10:00:00"));
        assert_eq!(due("XA", Urgency::Emergency, friday).escalate, at("06-07T02:00:00"));
    }

    #[test]
    fn what_can_wait_passes_over_week_ends_holidays_and_working_weeks_of_other_countries() {
        // Friday 17:00 on the clock of Bucharest: 7 hours are left of Friday, the other 17 are Monday's.
        assert_eq!(due("XA", Urgency::Urgent, "06-05T14:00:00").acknowledge, at("06-08T14:00:00"));
        // In the middle of the week the clock's hours are the working hours.
        assert_eq!(due("XA", Urgency::Urgent, "06-02T14:00:00").acknowledge, at("06-03T14:00:00"));
        // Carthen works from Sunday to Thursday: 12 hours from 21:00 on a Thursday end at nine on Sunday.
        assert_eq!(due("XC", Urgency::Urgent, "06-04T18:00:00").acknowledge, at("06-07T06:00:00"));
        // 1 May is a holiday in Arvenia, a Friday in 2026: from Thursday on, 24 hours end on Monday.
        assert_eq!(due("XA", Urgency::Urgent, "04-30T09:00:00").acknowledge, at("05-04T09:00:00"));
    }

    #[test]
    fn a_day_of_another_length_counts_as_long_as_it_is() {
        // The clock goes back in the night to 25 October, a Sunday: no working day. It goes ahead on 29 March, a Sunday, too; in Carthen
        // that is a working day of 23 hours.
        let profile = profile("XC");
        let before = at("03-28T22:00:00");
        let due = Due::by(&profile, Urgency::Normal, ZONE, before);
        // Midnight of Sunday there is 22:00 UTC, and Sunday has 23 hours: 48 working hours end an hour into Tuesday.
        assert_eq!(due.acknowledge, at("03-30T22:00:00"));
    }

    #[test]
    fn an_unknown_zone_is_utc_and_two_profiles_give_the_stricter() {
        let (one, other) = (profile("XA"), profile("XB"));
        let delivered = at("06-02T14:00:00");
        let by = |profile: &Profile, zone| Due::by(profile, Urgency::Urgent, zone, delivered);
        assert_eq!(by(&one, Some("Nowhere/City")), by(&one, None));
        let both = by(&one, None).stricter(by(&other, None));
        assert_eq!(both.acknowledge, at("06-03T02:00:00"), "twelve hours in Bessara");
        assert_eq!(both.decide, by(&one, None).decide.min(by(&other, None).decide));
    }

    #[test]
    fn later_deliveries_are_never_due_earlier() {
        let profile = profile("XC");
        let mut before = Due::by(&profile, Urgency::Normal, ZONE, at("03-20T00:00:00"));
        for hour in 1..(24 * 30) {
            let now = Due::by(&profile, Urgency::Normal, ZONE, at("03-20T00:00:00").after(hour * HOUR_S));
            assert!(now.acknowledge >= before.acknowledge && now.decide >= before.decide, "hour {hour}");
            before = now;
        }
    }
}
