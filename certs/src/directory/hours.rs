//! Opening hours: always, or spans of a week on the clock of a named time zone.

use serde::{Deserialize, Serialize};

use safeconduct_protocol::time::Timestamp;

/// Spans of a week at most.
pub const SPANS_MAX: usize = 14;
/// Longest name of a time zone, in bytes.
const ZONE_BYTES_MAX: usize = 40;
/// What stands for "at any hour of any day".
const ALWAYS: &str = "24/7";
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_MINUTES: u16 = 24 * 60;

/// When an agency is open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged, expecting = "`hours` is \"24/7\", or a zone and a list of spans such as \"Mon-Fri 09:00-17:00\"")]
pub enum Hours {
    /// At any hour of any day: `"24/7"`.
    Always(Always),
    /// At some hours of the week.
    Weekly(Weekly),
}

/// The text `24/7`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Always;

impl TryFrom<String> for Always {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == ALWAYS { Ok(Self) } else { Err("not 24/7") }
    }
}

impl From<Always> for &'static str {
    fn from(_: Always) -> Self {
        ALWAYS
    }
}

/// Spans of a week.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// Name of the time zone in the tz database, as `Europe/Bucharest`.
    pub zone: String,
    /// When it is open, one to [`SPANS_MAX`] spans.
    pub open: Vec<Span>,
}

/// Some days, from one time of the day to another: `Mon-Fri 09:00-17:00`, `Sat,Sun 10:00-14:00`. A span whose end is not after its
/// start ends on the next day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    text: String,
    /// Bit *i* is the *i*-th day, Monday first.
    days: u8,
    /// Minutes after midnight.
    from: u16,
    /// Minutes after midnight; 1440 is the end of the day.
    to: u16,
}

impl TryFrom<String> for Span {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (days, from, to) = read(&text).ok_or("not a span such as Mon-Fri 09:00-17:00")?;
        Ok(Self { text, days, from, to })
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.text
    }
}

impl Span {
    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn is_open(&self, day: u8, minute: u16) -> bool {
        let on = |day: u8| self.days & 1_u8.checked_shl(u32::from(day)).unwrap_or(0) != 0;
        let day_before = if day == 0 { 6 } else { day.saturating_sub(1) };
        if self.from < self.to {
            return on(day) && (self.from..self.to).contains(&minute);
        }
        (on(day) && minute >= self.from) || (on(day_before) && minute < self.to)
    }
}

/// Whether an agency is open at some moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Open {
    /// At any time.
    Always,
    /// At this one.
    Now,
    /// Not at this one.
    Closed,
    /// This program does not know the time zone.
    ZoneUnknown,
}

impl Hours {
    /// Whether everything is within its bounds.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Always(Always) => true,
            Self::Weekly(weekly) => is_zone(&weekly.zone) && (1..=SPANS_MAX).contains(&weekly.open.len()),
        }
    }

    /// Whether it is open at `now`, by the clock of its time zone.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Open {
        let Self::Weekly(weekly) = self else { return Open::Always };
        let Some((day, minute)) = local(&weekly.zone, now) else { return Open::ZoneUnknown };
        if weekly.open.iter().any(|span| span.is_open(day, minute)) { Open::Now } else { Open::Closed }
    }

    /// Whether this program knows the time zone.
    #[must_use]
    pub fn has_known_zone(&self) -> bool {
        self.at(Timestamp(0)) != Open::ZoneUnknown
    }

    /// For people: `24/7`, or the spans and the time zone.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Always(Always) => ALWAYS.to_owned(),
            Self::Weekly(weekly) => {
                let spans: Vec<&str> = weekly.open.iter().map(Span::as_str).collect();
                format!("{} ({})", spans.join("; "), weekly.zone)
            }
        }
    }
}

/// Day of the week, Monday 0, and minute of the day in a time zone of the tz database.
fn local(zone: &str, now: Timestamp) -> Option<(u8, u16)> {
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    let at = zone.to_datetime(jiff::Timestamp::from_second(i64::try_from(now.0).ok()?).ok()?);
    let day = u8::try_from(at.weekday().to_monday_zero_offset()).ok()?;
    let minute = u16::try_from(at.hour()).ok()?.checked_mul(60)?.checked_add(u16::try_from(at.minute()).ok()?)?;
    Some((day, minute))
}

/// A day on the clock of a time zone: 23, 24 or 25 hours long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalDay {
    /// Year, month and day.
    pub date: (i16, i8, i8),
    /// Monday 0.
    pub weekday: u8,
    /// Its first second.
    pub begins: Timestamp,
    /// The first second of the next.
    pub ends: Timestamp,
}

/// The day that holds `at` in a time zone of the tz database; none for a zone that this program does not know, and for instants beyond
/// its calendar.
#[must_use]
pub fn local_day(zone: &str, at: Timestamp) -> Option<LocalDay> {
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    let date = zone.to_datetime(jiff::Timestamp::from_second(i64::try_from(at.0).ok()?).ok()?).date();
    let midnight = |date: jiff::civil::Date| {
        let instant = zone.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
        u64::try_from(instant.as_second()).ok().map(Timestamp)
    };
    Some(LocalDay {
        date: (date.year(), date.month(), date.day()),
        weekday: u8::try_from(date.weekday().to_monday_zero_offset()).ok()?,
        begins: midnight(date)?,
        ends: midnight(date.tomorrow().ok()?)?,
    })
}

fn is_zone(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    let begins = name.starts_with(|c: char| c.is_ascii_uppercase());
    begins && name.len() <= ZONE_BYTES_MAX && name.chars().all(fits) && !name.contains("//") && !name.ends_with('/')
}

fn read(text: &str) -> Option<(u8, u16, u16)> {
    let (days, times) = text.split_once(' ')?;
    let (from, to) = times.split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    let mut bits = 0_u8;
    for part in days.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => (day(part)?, day(part)?),
        };
        for one in first..=last {
            let bit = 1_u8.checked_shl(one)?;
            if bits & bit != 0 {
                return None;
            }
            bits |= bit;
        }
        if first > last {
            return None;
        }
    }
    (from < DAY_MINUTES).then_some((bits, from, to))
}

fn day(name: &str) -> Option<u32> {
    DAYS.iter().position(|day| *day == name).and_then(|place| u32::try_from(place).ok())
}

/// `HH:MM`, 24:00 included.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |part: &str| {
        let fits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hour, minute) = (two(hour)?, two(minute)?);
    let at = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && at <= DAY_MINUTES).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weekly(zone: &str, spans: &[&str]) -> Hours {
        let open = spans.iter().map(|text| Span::try_from((*text).to_owned()).unwrap()).collect();
        Hours::Weekly(Weekly { zone: zone.to_owned(), open })
    }

    #[test]
    fn spans_are_read_strictly() {
        for good in ["Mon 00:00-24:00", "Mon-Fri 09:00-17:00", "Mon,Wed-Fri,Sun 09:30-17:00", "Fri 20:00-02:00"] {
            assert!(Span::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "Mon",
            "mon 09:00-17:00",
            "Mon 9:00-17:00",
            "Mon 09:00-24:01",
            "Mon 09:60-17:00",
            "Mon 24:00-17:00",
            "Fri-Mon 09:00-17:00",
            "Mon,Mon 09:00-17:00",
            "Mon-Fri,Wed 09:00-17:00",
            "Mon  09:00-17:00",
            "Mon 09:00-17:00 ",
            "Mon 09:00-+7:00",
            "Mon, 09:00-17:00",
        ] {
            assert!(Span::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        for zone in ["", "europe/paris", "Europe/", "Europe//Paris", "Europe/Par is", &"E".repeat(41)] {
            assert!(!weekly(zone, &["Mon 09:00-17:00"]).is_sound(), "{zone}");
        }
        assert!(!weekly("Europe/Paris", &[]).is_sound());
        assert!(!weekly("Europe/Paris", &["Mon 09:00-17:00"; 15]).is_sound());
    }

    #[test]
    fn it_is_open_by_the_clock_of_its_zone_in_summer_and_in_winter() {
        let hours = weekly("Europe/Bucharest", &["Mon-Fri 09:00-17:00"]);
        // Monday 2026-06-01, 06:00 UTC is 09:00 there; Monday 2026-01-05, 06:59 UTC is 08:59, 07:00 is 09:00.
        assert_eq!(hours.at(Timestamp(1_780_293_600)), Open::Now);
        assert_eq!(hours.at(Timestamp(1_780_293_599)), Open::Closed);
        assert_eq!(hours.at(Timestamp(1_767_596_399)), Open::Closed);
        assert_eq!(hours.at(Timestamp(1_767_596_400)), Open::Now);
        assert_eq!(weekly("Europe/Nowhere", &["Mon 00:00-24:00"]).at(Timestamp(0)), Open::ZoneUnknown);
        assert!(!weekly("Europe/Nowhere", &["Mon 00:00-24:00"]).has_known_zone());
        assert_eq!(Hours::Always(Always).at(Timestamp(u64::MAX)), Open::Always);
        assert_eq!(hours.at(Timestamp(u64::MAX)), Open::ZoneUnknown);
    }

    #[test]
    fn a_span_over_midnight_is_open_on_the_next_morning() {
        let hours = weekly("Etc/UTC", &["Sun 22:00-02:00"]);
        // 1970-01-01 was a Thursday; Sunday the 4th 23:00, Monday the 5th 01:59 and 02:00.
        assert_eq!(hours.at(Timestamp(3 * 86_400 + 23 * 3_600)), Open::Now);
        assert_eq!(hours.at(Timestamp(4 * 86_400 + 2 * 3_600 - 60)), Open::Now);
        assert_eq!(hours.at(Timestamp(4 * 86_400 + 2 * 3_600)), Open::Closed);
        assert_eq!(hours.at(Timestamp(3 * 86_400 + 3_600)), Open::Closed);
    }

    #[test]
    fn hours_are_one_of_two_forms() {
        for text in ["\"24/7\"", "{\"zone\":\"Europe/Paris\",\"open\":[\"Mon-Fri 09:00-17:00\"]}"] {
            let hours: Hours = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&hours).unwrap(), text);
        }
        for text in ["\"always\"", "{\"zone\":\"Europe/Paris\"}", "{\"zone\":\"E\",\"open\":[],\"x\":1}", "null"] {
            assert!(serde_json::from_str::<Hours>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn hours_are_shown_as_they_were_written_with_the_zone_that_they_are_meant_in() {
        let hours = weekly("Europe/Paris", &["Mon-Fri 09:00-17:00", "Sat,Sun 10:00-14:00"]);
        assert_eq!(hours.words(), "Mon-Fri 09:00-17:00; Sat,Sun 10:00-14:00 (Europe/Paris)");
        assert_eq!(Hours::Always(Always).words(), "24/7");
        assert!(Hours::Always(Always).is_sound() && Hours::Always(Always).has_known_zone());
        assert!(hours.is_sound() && hours.has_known_zone());
        assert!(weekly("Europe/Paris", &["Mon 09:00-17:00"; SPANS_MAX]).is_sound());
        assert!(weekly(&"E".repeat(40), &["Mon 09:00-17:00"]).is_sound());
    }

    #[test]
    fn a_span_is_open_from_its_first_minute_until_its_last() {
        let on = |span: &str, day: u8, minute: u16| Span::try_from(span.to_owned()).unwrap().is_open(day, minute);
        for (minute, open) in [(539, false), (540, true), (1019, true), (1020, false)] {
            assert_eq!(on("Wed 09:00-17:00", 2, minute), open, "{minute}");
            assert!(!on("Wed 09:00-17:00", 3, minute));
        }
        assert!(on("Mon 00:00-24:00", 0, 0) && on("Mon 00:00-24:00", 0, 1439) && !on("Mon 00:00-24:00", 1, 0));
        // Whose end is its start lasts a whole day.
        assert!(on("Mon 08:00-08:00", 0, 480) && on("Mon 08:00-08:00", 1, 479));
        assert!(!on("Mon 08:00-08:00", 0, 479) && !on("Mon 08:00-08:00", 1, 480));
    }

    #[test]
    fn a_local_day_is_as_long_as_its_clock_makes_it() {
        const HOUR: u64 = 3_600;
        // Paris: 2026-03-29 has 23 hours, 2026-10-25 has 25; in Samoa there was no 2011-12-30.
        let paris = |at: u64| local_day("Europe/Paris", Timestamp(at)).unwrap();
        let spring = paris(1_774_738_800);
        assert_eq!((spring.date, spring.weekday), ((2026, 3, 29), 6));
        assert_eq!((spring.begins, spring.ends.since(spring.begins)), (Timestamp(1_774_738_800), 23 * HOUR));
        assert_eq!(paris(1_774_738_799).date, (2026, 3, 28));
        assert_eq!(paris(spring.ends.0 - 1).date, (2026, 3, 29));
        assert_eq!(paris(spring.ends.0).date, (2026, 3, 30));
        let autumn = paris(1_792_908_000);
        assert_eq!((autumn.date, autumn.ends.since(autumn.begins)), ((2026, 10, 25), 25 * HOUR));
        let utc = local_day("Etc/UTC", Timestamp(0)).unwrap();
        assert_eq!(
            (utc.date, utc.weekday, utc.begins, utc.ends),
            ((1970, 1, 1), 3, Timestamp(0), Timestamp(24 * HOUR))
        );
        assert_eq!(local_day("Europe/Nowhere", Timestamp(0)), None);
        assert_eq!(local_day("Etc/UTC", Timestamp(u64::MAX)), None);
    }
}
