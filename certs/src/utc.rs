//! Times as people read them: UTC, ISO 8601.

use safeconduct_protocol::time::{DAY_S, Day, Timestamp};

/// `2026-11-24T03:40:16Z`.
#[must_use]
pub fn instant(time: Timestamp) -> String {
    let second = time.0.checked_rem(DAY_S).unwrap_or(0);
    let part =
        |divisor: u64, modulus: u64| second.checked_div(divisor).and_then(|n| n.checked_rem(modulus)).unwrap_or(0);
    format!("{}T{:02}:{:02}:{:02}Z", day(time.day()), part(3600, 24), part(60, 60), part(1, 60))
}

/// `2026-11-24`. Days after the year 9999 are written as that year's last.
#[must_use]
pub fn day(day: Day) -> String {
    let (mut year, mut left) = (1970_u32, day.0.min(2_932_896));
    while left >= year_days(year) {
        left = left.saturating_sub(year_days(year));
        year = year.saturating_add(1);
    }
    let february = year_days(year).saturating_sub(337);
    let mut month = 1_u32;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < days {
            break;
        }
        left = left.saturating_sub(days);
        month = month.saturating_add(1);
    }
    format!("{year:04}-{month:02}-{:02}", left.saturating_add(1))
}

/// Reads `2026-11-24` as the last second of that day, and `2026-11-24T03:40:16Z` as that second. Years 1970 to 9999.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let (date, clock) = match text.split_once('T') {
        Some((date, clock)) => (date, Some(clock.strip_suffix('Z')?)),
        None => (text, None),
    };
    let number = |text: &str, digits: usize| {
        let fits = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        if fits { text.parse::<u32>().ok() } else { None }
    };
    let mut parts = date.split('-');
    let (year, month, day_of_month) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || year < 1970 {
        return None;
    }
    let february = year_days(year).saturating_sub(337);
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *months.get(before)?;
    if !(1..=length).contains(&day_of_month) {
        return None;
    }
    let days: u32 = (1970..year).map(year_days).chain(months.iter().copied().take(before)).sum();
    let start = u64::from(days.saturating_add(day_of_month.saturating_sub(1))).saturating_mul(DAY_S);
    let Some(clock) = clock else { return Some(Timestamp(start.saturating_add(DAY_S.saturating_sub(1)))) };
    let mut parts = clock.split(':');
    let (hour, minute, second) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let of_day = hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
    Some(Timestamp(start.saturating_add(u64::from(of_day))))
}

const fn year_days(year: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    if leap { 366 } else { 365 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_instants_are_written_as_the_world_writes_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_795_491_616, "2026-11-24T03:40:16Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(instant(Timestamp(seconds)), text);
            assert_eq!(parse(text), Some(Timestamp(seconds)));
        }
    }

    #[test]
    fn a_day_is_read_as_its_last_second_and_what_is_no_date_is_not_read() {
        assert_eq!(parse("2026-11-24").map(instant).as_deref(), Some("2026-11-24T23:59:59Z"));
        for bad in [
            "",
            "2026",
            "2026-11",
            "2026-11-24-",
            "2026-13-01",
            "2026-00-01",
            "2026-02-29",
            "2026-11-31",
            "1969-12-31",
            "26-11-24",
            "2026-11-24T",
            "2026-11-24T03:40:16",
            "2026-11-24T24:00:00Z",
            "2026-11-24T03:60:00Z",
            "+026-11-24",
            "2026-11-24T03:40Z",
            "2026-11-24 ",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
