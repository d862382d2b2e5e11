use super::*;
use crate::{
    monitoring::{control::Rules, count, release::Giver},
    referral::text::{Country, ProfileRef},
    testing::{self, Seeded},
};

fn of(period: &str) -> Period {
    Period::of(period).unwrap()
}

fn report(vault: &Vault, period: Period) -> Report {
    let country = Country::of("XA").unwrap();
    let counted = count::count(vault.db(), period, &country, period.end()).unwrap();
    let giver =
        Giver { agency: "xa.harbour-house".parse().unwrap(), country, profile: ProfileRef::of("XA@3").unwrap() };
    Report::of(&giver, period, &counted.tables, &counted.spans, &Rules::new(10, 5, []))
}

fn vault() -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let vault = testing::vault(dir.path(), &mut Seeded::new(19));
    (dir, vault)
}

#[test]
fn a_released_period_is_frozen_and_one_that_shares_days_with_it_is_refused() {
    let (dir, mut vault) = vault();
    let quarter = of("2026-Q1");
    let frozen = report(&vault, quarter);

    let bytes = freeze(&mut vault, &frozen, None, quarter.end()).unwrap();
    let again = freeze(&mut vault, &frozen, None, quarter.end()).err().unwrap();
    let half = report(&vault, of("2026-H1"));
    let half = freeze(&mut vault, &half, None, of("2026-H1").end()).err().unwrap();

    assert_eq!((again.code(), half.code()), ("period-released", "period-overlaps"));
    drop(vault);
    let vault = testing::reopen(dir.path(), testing::NOW, &mut Seeded::new(20));
    let kept = released(vault.db(), quarter).unwrap().unwrap();
    assert_eq!((wire::write(&kept.report), kept.released_at), (bytes, quarter.end()));
    assert_eq!(periods(vault.db()).unwrap(), [(quarter, quarter.end())]);
    assert!(released(vault.db(), of("2026-Q2")).unwrap().is_none());
}

#[test]
fn a_period_is_released_from_the_second_of_its_end_on() {
    let (_dir, mut vault) = vault();
    let quarter = of("2026-Q1");
    let open = report(&vault, quarter);

    let early = freeze(&mut vault, &open, None, Timestamp(quarter.end().0 - 1)).err().unwrap();

    assert_eq!(early.code(), "period-open");
    assert!(freeze(&mut vault, &open, None, quarter.end()).is_ok());
}

#[test]
fn a_changed_report_in_the_vault_is_told_as_tampering() {
    let (_dir, mut vault) = vault();
    let quarter = of("2026-Q1");
    let frozen = report(&vault, quarter);
    freeze(&mut vault, &frozen, None, quarter.end()).unwrap();
    vault.db().execute("UPDATE report SET bytes = x'7b7d'", []).unwrap();

    let told = Told::from(released(vault.db(), quarter).err().unwrap());

    assert_eq!((told.code.as_str(), told.exit()), ("report-malformed", crate::exit::Exit::Tampering));
}

#[test]
fn the_schedule_is_off_until_somebody_says_otherwise() {
    let (_dir, mut vault) = vault();

    assert_eq!(scheduled(vault.db()).unwrap(), None);
    schedule(&mut vault, Some(testing::NOW)).unwrap();
    schedule(&mut vault, Some(Timestamp(testing::NOW.0 + 9))).unwrap();
    assert_eq!(scheduled(vault.db()).unwrap(), Some(testing::NOW));
    schedule(&mut vault, None).unwrap();
    assert_eq!(scheduled(vault.db()).unwrap(), None);
}
