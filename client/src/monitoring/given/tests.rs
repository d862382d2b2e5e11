use super::*;
use crate::{
    monitoring::{control::Rules, release::Giver},
    referral::text::{Country, ProfileRef},
    testing::{self, Seeded},
};

fn report(period: &str, k: u64) -> Report {
    let giver = Giver {
        agency: "xa.harbour-house".parse().unwrap(),
        country: Country::of("XA").unwrap(),
        profile: ProfileRef::of("XA@3").unwrap(),
    };
    Report::of(&giver, Period::of(period).unwrap(), &[], &[], &Rules::new(k, 5, []))
}

fn vault() -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let vault = testing::vault(dir.path(), &mut Seeded::new(19));
    (dir, vault)
}

/// What came in a message.
fn comes(vault: &Vault, report: &Report) -> Result<(), NotTaken> {
    let content = ReportContent { report: &wire::write(report) }.encode().unwrap();
    beside(vault.db(), report, From::Message).unwrap()?;
    take(vault.db(), &MessageId::from_bytes([7; 16]), &content, testing::NOW).unwrap();
    Ok(())
}

fn here(vault: &Vault) -> Vec<(String, bool)> {
    all(vault.db(), None).unwrap().into_iter().map(|one| (one.period, one.message.is_some())).collect()
}

#[test]
fn the_first_report_of_a_period_stays_and_the_same_again_is_no_fault() {
    let (_dir, mut vault) = vault();
    let (first, other) = (report("2026-Q1", 10), report("2026-Q1", 20));

    assert_eq!(take_file(&mut vault, &first, testing::NOW).unwrap(), Ok(()));
    assert_eq!(take_file(&mut vault, &first, testing::NOW).unwrap(), Ok(()));
    assert_eq!(take_file(&mut vault, &other, testing::NOW).unwrap(), Err(NotTaken::Differs));

    // What its agency has signed is not kept out by a file that nobody has; and then it stays.
    assert_eq!(comes(&vault, &other), Ok(()));
    assert_eq!(here(&vault), [("2026-Q1".to_owned(), true)]);
    assert_eq!(comes(&vault, &other), Ok(()));
    assert_eq!(comes(&vault, &first), Err(NotTaken::Differs));
    assert_eq!(take_file(&mut vault, &first, testing::NOW).unwrap(), Err(NotTaken::Differs));
}

#[test]
fn a_period_that_shares_days_with_one_that_is_here_is_refused() {
    let (_dir, mut vault) = vault();
    assert_eq!(take_file(&mut vault, &report("2025-H2", 10), testing::NOW).unwrap(), Ok(()));
    assert_eq!(comes(&vault, &report("2025-Q4", 10)), Ok(()), "a file yields");
    assert_eq!(comes(&vault, &report("2025-H2", 10)), Err(NotTaken::Overlaps));
    assert_eq!(take_file(&mut vault, &report("2025-H2", 10), testing::NOW).unwrap(), Err(NotTaken::Overlaps));
    assert_eq!(here(&vault), [("2025-Q4".to_owned(), true)]);
}

#[test]
fn so_many_periods_of_one_agency_are_kept_and_no_more() {
    let (_dir, vault) = vault();
    let quarters = (1_990..).flat_map(|year| (1..=4).map(move |quarter| format!("{year}-Q{quarter}")));
    let mut quarters = quarters.take(PERIODS_MAX + 1);
    for quarter in quarters.by_ref().take(PERIODS_MAX) {
        assert_eq!(comes(&vault, &report(&quarter, 10)), Ok(()), "{quarter}");
    }
    assert_eq!(comes(&vault, &report(&quarters.next().unwrap(), 10)), Err(NotTaken::Many));
    assert_eq!(comes(&vault, &report("1990-Q1", 10)), Ok(()), "the same again is answered the same");
}

#[test]
fn every_reason_has_its_code_and_its_words() {
    let codes: std::collections::BTreeSet<&str> = NotTaken::ALL.iter().map(|reason| reason.code()).collect();
    let words: std::collections::BTreeSet<&str> = NotTaken::ALL.iter().map(|reason| reason.says()).collect();
    assert!(codes.len() == NotTaken::ALL.len() && words.len() == codes.len());
    assert!(NotTaken::ALL.iter().all(|reason| NotTaken::of(reason.code()) == Some(*reason)));
}
