//! Days and instants of the proleptic Gregorian calendar, checked: 30 February is no date.

use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::code::Code;
use super::json::Json;
use super::walk::{Member, Walk};
use super::write::Writer;

/// A day, `2026-06-01`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A day, a month or a year: what is known of a birth date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PartialDate {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

/// A second in UTC, `2026-06-01T12:00:00Z`, from 1970 on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Timestamp);

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Date {
    /// A day that is in the calendar, from year 0 to 9999.
    #[must_use]
    pub const fn of(year: u16, month: u8, day: u8) -> Option<Self> {
        let fits = year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
        if fits { Some(Self { year, month, day }) } else { None }
    }

    /// Days since 1 January 1970; negative before.
    #[must_use]
    pub fn days(self) -> i64 {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let year = year.rem_euclid(400);
        era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
    }

    /// The day that many days after 1 January 1970, if it lies between the years 0 and 9999.
    #[must_use]
    pub fn from_days(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let era = days.div_euclid(146_097);
        let day = days.rem_euclid(146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + i64::from(month <= 2);
        Self::of(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The day that holds this second.
    #[must_use]
    pub fn on(time: Timestamp) -> Option<Self> {
        Self::from_days(i64::try_from(time.0 / DAY_S).ok()?)
    }

    /// The first second of the day; 1970 for days before it.
    #[must_use]
    pub fn begin(self) -> Timestamp {
        Timestamp(u64::try_from(self.days()).unwrap_or(0).saturating_mul(DAY_S))
    }

    /// The same day that many years later; 29 February becomes 1 March, the end of time is 9999.
    #[must_use]
    pub fn years_after(self, years: u16) -> Self {
        let last = Self { year: 9999, month: 12, day: 31 };
        let Some(year) = self.year.checked_add(years).filter(|year| *year <= 9999) else { return last };
        Self::of(year, self.month, self.day).unwrap_or(Self { year, month: 3, day: 1 })
    }

    /// Whole years from this day to `later`, as ages are counted; `None` if that is not later.
    #[must_use]
    pub fn years_until(self, later: Self) -> Option<u16> {
        if later < self {
            return None;
        }
        let before_birthday = (later.month, later.day) < (self.month, self.day);
        Some(later.year - self.year - u16::from(before_birthday))
    }
}

impl Date {
    /// Takes a day as `2026-06-01`.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        whole_date(text).ok()
    }
}

impl PartialDate {
    /// The first day that it may be.
    #[must_use]
    pub fn earliest(self) -> Date {
        Date { year: self.year, month: self.month.unwrap_or(1), day: self.day.unwrap_or(1) }
    }

    /// The last day that it may be.
    #[must_use]
    pub fn latest(self) -> Date {
        let month = self.month.unwrap_or(12);
        Date { year: self.year, month, day: self.day.unwrap_or_else(|| days_in(self.year, month)) }
    }
}

impl Instant {
    /// This second.
    #[must_use]
    pub const fn at(time: Timestamp) -> Self {
        Self(time)
    }

    /// The second.
    #[must_use]
    pub const fn time(self) -> Timestamp {
        self.0
    }
}

impl core::fmt::Display for Date {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl core::fmt::Display for Instant {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let time = self.0.0;
        let date = Date::on(self.0).unwrap_or(Date { year: 9999, month: 12, day: 31 });
        write!(f, "{date}T{:02}:{:02}:{:02}Z", time / 3_600 % 24, time / 60 % 60, time % 60)
    }
}

/// Why a text is not a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Not {
    /// Its form is another.
    Formed,
    /// Its form is right, and the calendar does not have it.
    InCalendar,
}

/// `count` digits at the beginning of `text`.
fn digits(text: &mut &str, count: usize) -> Result<u16, Not> {
    let (head, rest) = text.split_at_checked(count).ok_or(Not::Formed)?;
    if !head.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Not::Formed);
    }
    *text = rest;
    head.parse().ok().ok_or(Not::Formed)
}

/// Two digits after `mark`.
fn pair(text: &mut &str, mark: char) -> Result<u8, Not> {
    *text = text.strip_prefix(mark).ok_or(Not::Formed)?;
    u8::try_from(digits(text, 2)?).ok().ok_or(Not::Formed)
}

fn end(text: &str) -> Result<(), Not> {
    if text.is_empty() { Ok(()) } else { Err(Not::Formed) }
}

fn date(text: &mut &str) -> Result<Date, Not> {
    let (year, month, day) = (digits(text, 4)?, pair(text, '-')?, pair(text, '-')?);
    Date::of(year, month, day).ok_or(Not::InCalendar)
}

fn whole_date(mut text: &str) -> Result<Date, Not> {
    let parsed = date(&mut text);
    if parsed != Err(Not::Formed) {
        end(text)?;
    }
    parsed
}

fn partial_date(mut text: &str) -> Result<PartialDate, Not> {
    let text = &mut text;
    let year = digits(text, 4)?;
    let month = if text.is_empty() { None } else { Some(pair(text, '-')?) };
    let day = if text.is_empty() { None } else { Some(pair(text, '-')?) };
    end(text)?;
    Date::of(year, month.unwrap_or(1), day.unwrap_or(1)).ok_or(Not::InCalendar)?;
    Ok(PartialDate { year, month, day })
}

fn instant(text: &str) -> Result<Instant, Not> {
    let (day, mut rest) = text.split_at_checked(10).ok_or(Not::Formed)?;
    let day = whole_date(day);
    let (hour, minute, second) = (pair(&mut rest, 'T')?, pair(&mut rest, ':')?, pair(&mut rest, ':')?);
    end(rest.strip_prefix('Z').ok_or(Not::Formed)?)?;
    let days = u64::try_from(day?.days()).ok().ok_or(Not::InCalendar)?;
    if hour > 23 || minute > 59 || second > 59 {
        return Err(Not::InCalendar);
    }
    let seconds = u64::from(hour) * 3_600 + u64::from(minute) * 60 + u64::from(second);
    Ok(Instant(Timestamp(days.saturating_mul(DAY_S).saturating_add(seconds))))
}

impl core::str::FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        instant(text).ok().ok_or(NotAnInstant)
    }
}

/// The text is not a second in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time like 2026-06-01T12:00:00Z")]
pub struct NotAnInstant;

/// Reads with `parse` and says what is wrong.
fn read<T>(node: Json, walk: &mut Walk, parse: impl Fn(&str) -> Result<T, Not>, form: &str) -> Option<T> {
    let text = walk.text(node)?;
    match parse(&text) {
        Ok(value) => Some(value),
        Err(Not::Formed) => {
            walk.bad_format(&text, form);
            None
        }
        Err(Not::InCalendar) => {
            walk.refuse(Code::BadDate, Code::BadDate.fact());
            None
        }
    }
}

impl Member for Date {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        read(node, walk, whole_date, "a date like 2026-06-01")
    }

    fn write(&self, out: &mut Writer) {
        out.text(&self.to_string());
    }

    #[cfg(test)]
    fn shape() -> super::walk::Shape {
        super::walk::Shape::Text {
            min: 0,
            max: None,
            pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$".to_owned(),
        }
    }
}

impl Member for PartialDate {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        read(node, walk, partial_date, "a date like 2026-06-01, a month like 2026-06 or a year")
    }

    fn write(&self, out: &mut Writer) {
        let mut text = zeroize::Zeroizing::new(format!("{:04}", self.year));
        for part in [self.month, self.day].into_iter().flatten() {
            text.push_str(&format!("-{part:02}"));
        }
        out.text(&text);
    }

    #[cfg(test)]
    fn shape() -> super::walk::Shape {
        super::walk::Shape::Text {
            min: 0,
            max: None,
            pattern: "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$".to_owned(),
        }
    }
}

impl Member for Instant {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        read(node, walk, instant, "a time like 2026-06-01T12:00:00Z")
    }

    fn write(&self, out: &mut Writer) {
        out.text(&self.to_string());
    }

    #[cfg(test)]
    fn shape() -> super::walk::Shape {
        super::walk::Shape::Text {
            min: 0,
            max: None,
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_both_ways() {
        for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-06-01", 20_605), ("1969-12-31", -1)] {
            let date = whole_date(text).ok().unwrap();
            assert_eq!(date.days(), days, "{text}");
            assert_eq!(Date::from_days(days).unwrap().to_string(), text);
        }
        for days in (-719_528..2_932_896).step_by(37) {
            assert_eq!(Date::from_days(days).unwrap().days(), days);
        }
    }

    #[test]
    fn what_the_calendar_lacks_is_refused_apart_from_bad_form() {
        for text in ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-04-31"] {
            assert!(whole_date(text) == Err(Not::InCalendar), "{text}");
        }
        for text in ["2026-2-3", "2026-02-3", "20260203", "2026-02-03x", "2026-02-30x", "", "٢٠٢٦-٠٢-٠٣"] {
            assert!(whole_date(text) == Err(Not::Formed), "{text}");
        }
        for text in ["2026-06-01T24:00:00Z", "2026-06-01T12:60:00Z", "2026-06-01T12:00:60Z", "1969-06-01T12:00:00Z"] {
            assert!(instant(text) == Err(Not::InCalendar), "{text}");
        }
        for text in ["2026-06-01T12:00:00+00:00", "2026-06-01T12:00:00", "2026-06-01T12:00:00z", "2026-06-01"] {
            assert!(instant(text) == Err(Not::Formed), "{text}");
        }
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let date = |text| whole_date(text).ok().unwrap();

        assert_eq!(date("2008-06-02").years_until(date("2026-06-01")), Some(17));
        assert_eq!(date("2008-06-01").years_until(date("2026-06-01")), Some(18));
        assert_eq!(date("2026-06-02").years_until(date("2026-06-01")), None);
        assert_eq!(date("2008-02-29").years_after(18).to_string(), "2026-03-01");
    }
}
