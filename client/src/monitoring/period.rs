//! A period that is reported: a quarter or a half-year, in UTC. No date in a report is finer.

use core::fmt;

use safeconduct_protocol::time::Timestamp;

use crate::referral::dates::Date;

/// A quarter or a half-year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Period {
    year: u16,
    part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Part {
    Quarter(u8),
    Half(u8),
}

/// How long the periods of a country are: a profile's `indicators.period`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// `quarter`.
    Quarter,
    /// `half-year`.
    HalfYear,
}

impl Length {
    /// The length that a profile names.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "quarter" => Some(Self::Quarter),
            "half-year" => Some(Self::HalfYear),
            _ => None,
        }
    }
}

impl Period {
    /// Reads `2026-Q3` or `2026-H2`; years 1970 to 9998.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-')?;
        let plain = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let year = year.parse().ok().filter(|year| plain && (1970..9999).contains(year))?;
        let part = match part {
            "Q1" => Part::Quarter(1),
            "Q2" => Part::Quarter(2),
            "Q3" => Part::Quarter(3),
            "Q4" => Part::Quarter(4),
            "H1" => Part::Half(1),
            "H2" => Part::Half(2),
            _ => return None,
        };
        Some(Self { year, part })
    }

    /// The newest period of that length that has ended at `now`.
    #[must_use]
    pub fn ended_before(now: Timestamp, length: Length) -> Option<Self> {
        Self::near(now, length).filter(|period| period.end() <= now).max_by_key(|period| period.end())
    }

    /// The period of that length that lasts at `now`.
    #[must_use]
    pub fn lasting_at(now: Timestamp, length: Length) -> Option<Self> {
        Self::near(now, length).find(|period| period.begin() <= now && now < period.end())
    }

    /// The periods of that length of the year and of the one before.
    fn near(now: Timestamp, length: Length) -> impl Iterator<Item = Self> {
        let all = move |year: u16| {
            let parts = match length {
                Length::Quarter => [1, 2, 3, 4].map(Part::Quarter).to_vec(),
                Length::HalfYear => [1, 2].map(Part::Half).to_vec(),
            };
            parts.into_iter().map(move |part| Self { year, part })
        };
        let year = 1970_u64.saturating_add(now.0 / 31_556_952);
        let near = [year.saturating_sub(1), year].into_iter().filter_map(|year| u16::try_from(year).ok());
        near.filter(|year| (1970..9999).contains(year)).flat_map(all)
    }

    /// The newest periods of that length, `most` at most, that have ended after `since` and at `now`, oldest first.
    #[must_use]
    pub fn ended_between(since: Timestamp, now: Timestamp, length: Length, most: usize) -> Vec<Self> {
        let mut newest = Self::ended_before(now, length);
        let mut all = Vec::new();
        while let Some(period) = newest.filter(|period| period.end() > since && all.len() < most) {
            all.push(period);
            newest = Self::ended_before(period.begin(), length);
        }
        all.reverse();
        all
    }

    /// The first second of it.
    #[must_use]
    pub fn begin(self) -> Timestamp {
        let (first, _) = self.months();
        Date::of(self.year, first, 1).map_or(Timestamp(0), Date::begin)
    }

    /// The first second after it.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let (_, last) = self.months();
        let next = if last == 12 { (self.year.saturating_add(1), 1) } else { (self.year, last.saturating_add(1)) };
        Date::of(next.0, next.1, 1).map_or(Timestamp(u64::MAX), Date::begin)
    }

    /// Whether both hold a same day: one who subtracts the one from the other sees the days that they do not share.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.begin() < other.end() && other.begin() < self.end()
    }

    /// How long it is.
    #[must_use]
    pub const fn length(self) -> Length {
        match self.part {
            Part::Quarter(_) => Length::Quarter,
            Part::Half(_) => Length::HalfYear,
        }
    }

    /// Its first and last month.
    const fn months(self) -> (u8, u8) {
        match self.part {
            Part::Quarter(quarter) => (quarter.saturating_mul(3).saturating_sub(2), quarter.saturating_mul(3)),
            Part::Half(half) => (half.saturating_mul(6).saturating_sub(5), half.saturating_mul(6)),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Quarter(quarter) => write!(f, "{:04}-Q{quarter}", self.year),
            Part::Half(half) => write!(f, "{:04}-H{half}", self.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: u16, month: u8, day: u8) -> Timestamp {
        Date::of(year, month, day).unwrap().begin()
    }

    #[test]
    fn periods_are_read_and_written_the_same_and_follow_each_other_without_a_gap() {
        for text in ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-H1", "2027-H2"] {
            assert_eq!(Period::of(text).unwrap().to_string(), text);
        }
        for text in ["2026", "2026-Q5", "2026-Q0", "26-Q1", "+026-Q1", "2026-q1", "2026-H3", "2026-Q1 ", "9999-Q4"] {
            assert!(Period::of(text).is_none(), "{text}");
        }
        let quarters = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1"].map(|text| Period::of(text).unwrap());
        for pair in quarters.windows(2) {
            assert_eq!(pair[0].end(), pair[1].begin());
        }
        assert_eq!((quarters[1].begin(), quarters[3].end()), (day(2026, 4, 1), day(2027, 1, 1)));
    }

    #[test]
    fn the_newest_period_that_has_ended_is_found_to_the_second() {
        let newest = |now, length| Period::ended_before(now, length).unwrap().to_string();

        assert_eq!(newest(Timestamp(day(2026, 7, 1).0 - 1), Length::Quarter), "2026-Q1");
        assert_eq!(newest(day(2026, 7, 1), Length::Quarter), "2026-Q2");
        assert_eq!(newest(day(2026, 7, 1), Length::HalfYear), "2026-H1");
        assert_eq!(newest(day(2027, 1, 1), Length::Quarter), "2026-Q4");
        assert_eq!(newest(Timestamp(day(2027, 1, 1).0 - 1), Length::HalfYear), "2026-H1");
        assert!(Period::ended_before(Timestamp(0), Length::Quarter).is_none());
        for now in [day(2026, 7, 1), Timestamp(day(2027, 1, 1).0 - 1), day(2027, 1, 1), Timestamp(0)] {
            for length in [Length::Quarter, Length::HalfYear] {
                let lasting = Period::lasting_at(now, length).unwrap();
                assert!(lasting.begin() <= now && now < lasting.end() && lasting.length() == length);
            }
        }
        assert_eq!(Period::lasting_at(day(2026, 7, 1), Length::Quarter).unwrap().to_string(), "2026-Q3");
        assert!(Period::lasting_at(Timestamp(u64::MAX), Length::Quarter).is_none());
    }

    #[test]
    fn what_ended_between_is_the_newest_oldest_first_and_never_what_ended_before() {
        let between = |since, now, length, most| -> Vec<String> {
            Period::ended_between(since, now, length, most).iter().map(ToString::to_string).collect()
        };
        let since = day(2026, 4, 1);
        assert_eq!(between(since, Timestamp(day(2026, 7, 1).0 - 1), Length::Quarter, 4), [""; 0]);
        assert_eq!(between(since, day(2026, 7, 1), Length::Quarter, 4), ["2026-Q2"]);
        assert_eq!(between(since, day(2028, 1, 1), Length::Quarter, 3), ["2027-Q2", "2027-Q3", "2027-Q4"]);
        assert_eq!(between(since, day(2027, 1, 1), Length::HalfYear, 9), ["2026-H1", "2026-H2"]);
        assert_eq!(between(Timestamp(0), Timestamp(0), Length::Quarter, 9), [""; 0]);
    }

    #[test]
    fn a_half_year_overlaps_its_quarters_and_no_others() {
        let half = Period::of("2026-H1").unwrap();
        let overlapping: Vec<bool> =
            ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"].map(|text| half.overlaps(Period::of(text).unwrap())).to_vec();

        assert_eq!(overlapping, [false, true, true, false]);
    }
}
