//! Fills a table with 100,000 referrals of a quarter and prints how long a full report takes:
//!
//! ```text
//! cargo run --release -p safeconduct-client --example monitoring [REFERRALS]
//! ```
//!
//! The table is on disk and encrypted, as in a vault.

use std::{error::Error, time::Instant};

use rusqlite::{Connection, params};
use safeconduct_client::{
    monitoring::{
        control::Rules,
        count,
        period::Period,
        release::{Giver, Report},
        wire,
    },
    referral::text::{Country, ProfileRef},
};

#[expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn main() -> Result<(), Box<dyn Error>> {
    let referrals: i64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let folder = std::env::temp_dir().join(format!("safeconduct-monitoring-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let mut db = Connection::open(folder.join("node.db"))?;
    db.execute_batch("PRAGMA key = 'a measurement'; PRAGMA journal_mode = WAL;")?;
    db.execute_batch(include_str!("../src/vault/schema_16.sql"))?;
    db.execute_batch(include_str!("../src/vault/schema_18.sql"))?;
    let period = Period::of("2026-Q3").ok_or("no period")?;
    fill(&mut db, referrals, i64::try_from(period.begin().0)?)?;

    let began = Instant::now();
    let country = Country::of("XA").ok_or("no country")?;
    let counted = count::count(&db, period, &country, period.end())?;
    let giver =
        Giver { agency: "xa.harbour-house".parse()?, country, profile: ProfileRef::of("XA@3").ok_or("no profile")? };
    let report = Report::of(&giver, period, &counted.tables, &counted.spans, &Rules::new(10, 5, []));
    let bytes = wire::write(&report).len();
    let took = began.elapsed();
    println!("{referrals} referrals, {} tables, {bytes} bytes: {} ms", report.tables.len(), took.as_millis());

    drop(db);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Referrals of all kinds, spread over the quarter; every column takes each of its codes.
fn fill(db: &mut Connection, referrals: i64, begin: i64) -> Result<(), rusqlite::Error> {
    let transaction = db.transaction()?;
    let mut statement = transaction.prepare(
        "INSERT INTO referral (handle, referral, side, partner, dossier, state, state_at, way, kind, level, urgency, exercise, revision, \
         created_at, expires_at, first_at, delete_after, basis, services, age_band, is_child, gender, persons, exploitation, industry, \
         control, recruitment, citizenship, country_from, country_to, country_of_need, region, role_from, role_to, bases, purposes, why, \
         delivered_at, opened_at, decided_at, service_at, ended_at, acknowledge_by) \
         VALUES (?1, ?1, ?2, x'01', ?1, 'closed', ?3, 4, ?4, 1, ?5, 0, 1, ?3, ?3 + 1209600, ?3, 0, 0, ?6, ?7, ?8, ?9, 1, ?10, ?11, ?12, \
         ?13, 'NG', 'XA', 'XC', 'XC', ?14, ?15, ?16, 1, ?17, ?18, ?3 + 60, ?3 + ?19, ?3 + 90000, ?3 + 95000, ?3 + 200000, ?3 + 3600)",
    )?;
    for at in 0..referrals {
        // Each digit of the number in another base: all codes, mixed, and the same each time.
        let mixed = at.wrapping_mul(2_654_435_761) & 0x7fff_ffff;
        // They come one after the other, as in life.
        let (first_at, digit) = (begin + at * 7_600_000 / referrals, |shift: u32, base: i64| (mixed >> shift) % base);
        statement.execute(params![
            at.to_be_bytes(),
            1 + digit(1, 2),
            first_at,
            digit(2, 4),
            digit(4, 4),
            (1_i64 << digit(3, 36)) | 1,
            digit(5, 11),
            digit(7, 2),
            digit(6, 6),
            1_i64 << digit(8, 12),
            1_i64 << digit(9, 21),
            (1_i64 << digit(10, 18)) | (1 << digit(3, 18)),
            1_i64 << digit(11, 10),
            format!("XC-{:02}", digit(12, 20)),
            digit(13, 24),
            digit(14, 24),
            1_i64 << digit(15, 14),
            [1, 2, 257, 259, 513][usize::try_from(digit(16, 5)).unwrap_or(0)],
            60 + digit(4, 80_000)
        ])?;
    }
    drop(statement);
    transaction.commit()
}
