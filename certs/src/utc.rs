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
        }
    }
}
