//! Moves a sample from the clock that its README gives to another: every instant by the same seconds, every full date
//! by the same days, so that their order stays. Birth dates move by whole years, and what happened long ago stays.

use serde_json::Value;

/// The clock at which the samples are judged: 2026-06-01T12:00:00Z.
pub const SAMPLES_CLOCK: u64 = 1_780_315_200;
/// Members that hold history, not a plan.
const HISTORY: [&str; 1] = ["hte_Date"];
/// When somebody was born.
const BIRTH: &str = "prs_Birthdate";
/// A day that profiles bound by months and years: moved far, months of other lengths and leap days lie before it.
const CALENDAR: &str = "delete_after";
/// Days by which that may differ.
const SLACK_DAYS: i64 = 3;
const DAY_S: i64 = 86_400;

/// Moves every date in `referral` as if [`SAMPLES_CLOCK`] were `now` (Unix seconds).
pub fn to_now(referral: &mut Value, now: u64) {
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let clock = i64::try_from(SAMPLES_CLOCK).unwrap_or(i64::MAX);
    let by = By { seconds: now - clock, days: now.div_euclid(DAY_S) - clock.div_euclid(DAY_S) };
    walk(referral, by);
}

/// The time now, in Unix seconds.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "real processes judge the samples by the machine's clock")]
pub fn unix_now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[derive(Clone, Copy)]
struct By {
    seconds: i64,
    days: i64,
}

impl By {
    /// Days by which a bound in months and years may have come nearer.
    const fn slack(self) -> i64 {
        if self.days >= 28 { SLACK_DAYS } else { 0 }
    }
}

fn walk(value: &mut Value, by: By) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if name == BIRTH {
                    // By whole years: a child stays a child.
                    older(member, by.days / 366);
                } else if name == CALENDAR {
                    walk(member, By { days: by.days - by.slack(), ..by });
                } else if !HISTORY.contains(&name.as_str()) {
                    walk(member, by);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| walk(element, by)),
        Value::String(text) => {
            if let Some(moved) = moved(text, by) {
                *text = moved;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A birth date so many years later.
fn older(value: &mut Value, years: i64) {
    let Value::String(text) = value else { return };
    // `2017`, `2017-03` or `2017-03-05`.
    let Some((year, rest)) = text.split_at_checked(4) else { return };
    let Ok(year) = year.parse::<i64>() else { return };
    // There is a 28 February in every year.
    let rest = if years != 0 && rest == "-02-29" { "-02-28" } else { rest };
    *text = format!("{:04}{rest}", year + years);
}

/// The text moved, when it is a date or an instant and nothing else.
fn moved(text: &str, by: By) -> Option<String> {
    match text.len() {
        10 => Some(date_text(days_of(text)? + by.days)),
        20 => {
            let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
            let mut parts = time.split(':').map(|part| part.parse::<i64>().ok());
            let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
            let moved = days_of(date)? * DAY_S + hour * 3600 + minute * 60 + second + by.seconds;
            let (day, rest) = (moved.div_euclid(DAY_S), moved.rem_euclid(DAY_S));
            Some(format!("{}T{:02}:{:02}:{:02}Z", date_text(day), rest / 3600, rest / 60 % 60, rest % 60))
        }
        _ => None,
    }
}

/// An instant as the referral schema writes it.
#[must_use]
pub fn instant_text(unix: u64) -> String {
    let unix = i64::try_from(unix).unwrap_or(i64::MAX);
    let (day, rest) = (unix.div_euclid(DAY_S), unix.rem_euclid(DAY_S));
    format!("{}T{:02}:{:02}:{:02}Z", date_text(day), rest / 3600, rest / 60 % 60, rest % 60)
}

/// Days since 1970 of a proleptic Gregorian `YYYY-MM-DD`.
fn days_of(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !fits || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March put the leap day last.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

fn date_text(days: i64) -> String {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_round_trip_over_leap_days() {
        for (text, days) in [("1970-01-01", 0), ("2024-02-29", 19_782), ("2026-06-01", 20_605), ("1999-12-31", 10_956)]
        {
            assert_eq!(days_of(text), Some(days), "{text}");
            assert_eq!(date_text(days), text);
        }
        assert_eq!(instant_text(SAMPLES_CLOCK), "2026-06-01T12:00:00Z");
    }

    #[test]
    fn plans_move_and_history_stays() {
        let mut referral = serde_json::json!({
            "header": { "created_at": "2026-06-01T01:12:44Z" },
            "handling": { "delete_after": "2026-12-01" },
            "identity": { "prs_Birthdate": "1984-02-29" },
            "case_file": { "events": [{ "hte_Date": "2024-04-02" }] },
            "note": "since 2026-06-01",
        });

        to_now(&mut referral, SAMPLES_CLOCK + 36 * 3600);

        assert_eq!(referral["header"]["created_at"], "2026-06-02T13:12:44Z");
        assert_eq!(referral["handling"]["delete_after"], "2026-12-03");
        assert_eq!(referral["identity"]["prs_Birthdate"], "1984-02-29");
        assert_eq!(referral["case_file"]["events"][0]["hte_Date"], "2024-04-02");
        assert_eq!(referral["note"], "since 2026-06-01");
    }

    #[test]
    fn a_day_of_deletion_stays_within_its_months_and_years() {
        let mut referral = serde_json::json!({ "handling": { "delete_after": "2031-06-01" } });

        to_now(&mut referral, SAMPLES_CLOCK + 365 * 86_400);

        assert_eq!(referral["handling"]["delete_after"], "2032-05-28");
    }

    #[test]
    fn whoever_was_a_child_stays_one() {
        let mut referral =
            serde_json::json!({ "a": { "prs_Birthdate": "2016-02-29" }, "b": { "prs_Birthdate": "2012" } });

        to_now(&mut referral, SAMPLES_CLOCK + 5 * 366 * 86_400);

        assert_eq!(referral["a"]["prs_Birthdate"], "2021-02-28");
        assert_eq!(referral["b"]["prs_Birthdate"], "2017");
    }

    #[test]
    fn a_move_by_nothing_changes_nothing() {
        let before = serde_json::json!({ "a": ["2026-06-01T12:00:00Z", "2026-02-28", "2026-06", "x"] });
        let mut after = before.clone();

        to_now(&mut after, SAMPLES_CLOCK);

        assert_eq!(before, after);
    }
}
