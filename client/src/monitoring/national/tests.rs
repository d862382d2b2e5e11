use super::*;
use crate::monitoring::{
    control::{Counts, Rules},
    release::{Giver, Report},
    tables::menu,
};
use crate::referral::text::{Country, ProfileRef};

fn report(agency: &str, rows: &[(&str, u64)]) -> Report {
    let giver = Giver {
        agency: agency.parse().unwrap(),
        country: Country::of("XA").unwrap(),
        profile: ProfileRef::of("XA@3").unwrap(),
    };
    let counts = Counts {
        rows: rows.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect(),
        total: rows.iter().map(|(_, count)| count).sum(),
    };
    let table = menu().into_iter().find(|table| table.id == "M01.sent.kind").unwrap();
    Report::of(&giver, Period::of("2026-Q3").unwrap(), &[(table, counts)], &[], &Rules::new(10, 5, []))
}

fn rows(summed: &National) -> Vec<(&str, Sum)> {
    summed.tables[0].rows.iter().map(|(key, sum)| (key.as_str(), *sum)).collect()
}

#[test]
fn what_agencies_show_is_added_up_and_what_one_hides_makes_the_sum_a_least_one() {
    let reports = [
        report("xa.one", &[("Enquiry", 50), ("Referral", 100)]),
        report("xa.two", &[("Enquiry", 40), ("Referral", 100)]),
        report("xa.three", &[("Enquiry", 3), ("Referral", 60)]),
    ];

    let summed = national(&reports).unwrap();

    assert_eq!(rows(&summed), [("Enquiry", Sum::AtLeast(90)), ("Referral", Sum::AtLeast(200))]);
    assert_eq!((summed.tables[0].total, summed.agencies), (Sum::Count(355), 3));
}

#[test]
fn a_cell_that_one_agency_dominates_is_hidden_and_does_not_follow_from_the_total() {
    let reports = [
        report("xa.one", &[("Enquiry", 100), ("Referral", 100), ("Transfer", 500)]),
        report("xa.two", &[("Enquiry", 20), ("Referral", 100), ("Transfer", 600)]),
    ];

    let summed = national(&reports).unwrap();

    let expected = [("Enquiry", Sum::Hidden), ("Referral", Sum::Hidden), ("Transfer", Sum::Count(1_100))];
    assert_eq!(rows(&summed), expected, "Enquiry alone would follow from the total, Referral is the next smallest");
    let edge = [report("xa.one", &[("Enquiry", 80)]), report("xa.two", &[("Enquiry", 20)])];
    assert_eq!(rows(&national(&edge).unwrap()), [("Enquiry", Sum::Count(100))], "80 of 100 is not over 80 percent");
}

#[test]
fn a_single_agency_is_no_country() {
    let summed = national(&[report("xa.one", &[("Enquiry", 100), ("Referral", 100)])]).unwrap();

    assert_eq!(rows(&summed), [("Enquiry", Sum::Hidden), ("Referral", Sum::Hidden)]);
    assert_eq!(summed.tables[0].total, Sum::Hidden);
}

#[test]
fn reports_that_do_not_belong_together_are_not_added_up() {
    let one = report("xa.one", &[("Enquiry", 50)]);
    let other = |change: fn(&mut Report)| {
        let mut other = report("xa.two", &[("Enquiry", 50)]);
        change(&mut other);
        national(&[one.clone(), other]).unwrap_err()
    };

    assert_eq!(national(&[]).unwrap_err(), NotAdded::None);
    assert!(matches!(national(&[one.clone(), one.clone()]).unwrap_err(), NotAdded::Twice { .. }));
    assert!(matches!(other(|report| report.country = "XC".to_owned()), NotAdded::Country { .. }));
    assert!(matches!(other(|report| report.period = Period::of("2026-Q4").unwrap()), NotAdded::Period { .. }));
    let all = [
        NotAdded::None,
        NotAdded::Twice { agency: "a".to_owned() },
        NotAdded::Country { agency: "a".to_owned() },
        NotAdded::Period { agency: "a".to_owned() },
    ];
    let facts: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert!(facts.len() == 4 && all.iter().all(|refused| !refused.remedy().is_empty()));
}

#[test]
fn no_agency_is_named_in_the_sum() {
    let summed = national(&[report("xa.one", &[("Enquiry", 50)]), report("xa.two", &[("Enquiry", 50)])]).unwrap();

    assert!(!format!("{summed:?}").contains("xa."));
}
