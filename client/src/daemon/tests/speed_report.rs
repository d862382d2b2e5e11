//! A report of a vault with many referrals; how long it takes is written down and promised by no test.
//!
//! ```text
//! SPEED_REFERRALS=100000 SPEED_REPORT_FILE=speed.txt cargo test -p safeconduct-client --lib daemon::tests::speed_report
//! ```

use std::time::{Duration, Instant};

use super::*;
use crate::monitoring::{control::Cell, wire};

/// Referrals in the vault when the environment asks for no other number.
const REFERRALS: i64 = 1_000;
/// `THEN` is in the quarter after it.
const ENDED: &str = "2026-Q1";

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn timed<T>(body: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = body();
    (begun.elapsed(), done)
}

/// Referrals of the first quarter, sent and received, in every state, with codes that differ, and a person or a family each; with ends of
/// their own, so that all tables have rows.
fn fill(setting: &mut Setting, wanted: i64) -> i64 {
    let begin = i64::try_from(crate::referral::dates::Date::of(2026, 1, 2).unwrap().begin().0).unwrap();
    let sql = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
        INSERT INTO referral (handle, referral, side, partner, dossier, state, state_at, way, kind, level, urgency, exercise, revision,
            created_at, expires_at, first_at, opened_at, decided_at, service_at, ended_at, why, look_by, delete_after, basis, services,
            age_band, gender, is_child, persons, exploitation, industry, control, recruitment, citizenship, region, country_from, country_to,
            country_of_need, role_from, role_to, bases, purposes)
        SELECT CAST(printf('%016x', n) AS BLOB), CAST(printf('%016x', n) AS BLOB), 1 + n % 2, x'01', x'02', 'closed',
            ?2 + n % 7000000, 4, n % 3, 1, n % 4, 0, 1, 0, 0, ?2 + n % 7000000, ?2 + n % 7000000 + n % 90000,
            ?2 + n % 7000000 + 100000, ?2 + n % 7000000 + 200000, ?2 + n % 7000000 + 300000,
            CASE n % 3 WHEN 0 THEN 1 + n % 14 WHEN 1 THEN 257 + n % 10 ELSE 513 + n % 4 END, ?2 + n % 7000000 + 50000, 0, 0,
            1 << (n % 36), n % 9, n % 4, n % 9 < 3, 1 + n % 4, 1 << (n % 12), 1 << (n % 20), 1 << (n % 17), 1 << (n % 12),
            substr('XAXBXCXD', 1 + 2 * (n % 4), 2), 'XA-' || (n % 9), 'XA', substr('XAXBXC', 1 + 2 * (n % 3), 2), 'XA', n % 23, n % 23,
            1 << (n % 7), 1 << (n % 9) FROM n";
    let db = setting.node.vault_of_test().db();
    db.execute(sql, params![wanted, begin]).unwrap();
    db.query_row("SELECT coalesce(sum(persons), 0) FROM referral WHERE side = 2", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_report_of_a_vault_with_many_referrals_counts_every_person() {
    let wanted = std::env::var("SPEED_REFERRALS").ok().and_then(|text| text.parse().ok()).unwrap_or(REFERRALS);
    let mut setting = Setting::new(190);
    setting.update(THEN);
    let persons = fill(&mut setting, wanted);

    let mut times = Vec::new();
    for _round in 0..5 {
        let (took, made) = timed(|| setting.node.report_compute(ENDED).unwrap());
        times.push(took);
        let report = wire::read(made.report.as_bytes()).unwrap();
        let total = report.table("M01.received.kind").unwrap().total;
        let Cell::Count(counted) = total else { panic!("{total:?}") };
        assert!(i64::try_from(counted).unwrap().abs_diff(persons) < report.base, "{counted} of {persons}");
    }
    times.sort_unstable();
    let line = format!(
        "a report of {wanted} referrals: {:.0} ms (worst {:.0})\n",
        times[2].as_secs_f64() * 1e3,
        times[4].as_secs_f64() * 1e3
    );
    if let Ok(file) = std::env::var("SPEED_REPORT_FILE") {
        std::fs::write(file, line).unwrap();
    }
}
