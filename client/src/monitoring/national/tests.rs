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
    let give = |agency: &str, few: u64| report(agency, &[("Enquiry", 50), ("Referral", 100), ("Transfer", few)]);
    let reports = [
        give("xa.one", 40),
        give("xa.two", 40),
        give("xa.three", 40),
        give("xa.four", 3),
        give("xa.five", 3),
        give("xa.six", 3),
    ];

    let summed = national(&reports).unwrap();

    // Three agencies hide Transfer, and Enquiry beside it: what the total holds of theirs is of three.
    let expected = [("Enquiry", Sum::AtLeast(150)), ("Referral", Sum::Count(600)), ("Transfer", Sum::AtLeast(120))];
    assert_eq!(rows(&summed), expected);
    assert_eq!((summed.tables[0].total, summed.agencies), (Sum::Count(1_035), 6));
}

#[test]
fn what_one_agency_hides_does_not_follow_from_the_total() {
    let give = |agency: &str, few: u64| report(agency, &[("Enquiry", 50), ("Referral", 100), ("Transfer", few)]);
    let reports = [give("xa.one", 40), give("xa.two", 40), give("xa.three", 40), give("xa.four", 3)];

    let summed = national(&reports).unwrap();

    // The total without the rows would be what the fourth hides, 55, were Transfer shown.
    let shown = |key: &str| summed.tables[0].rows.iter().find(|(at, _)| at == key).unwrap().1;
    assert_eq!((shown("Transfer"), shown("Referral")), (Sum::Hidden, Sum::Count(400)));
    assert_eq!(summed.tables[0].total, Sum::Count(725));
}

#[test]
fn a_cell_that_one_agency_dominates_is_hidden_and_does_not_follow_from_the_total() {
    let reports = [
        report("xa.one", &[("Enquiry", 200), ("Referral", 100), ("Transfer", 500)]),
        report("xa.two", &[("Enquiry", 20), ("Referral", 100), ("Transfer", 600)]),
        report("xa.three", &[("Enquiry", 20), ("Referral", 100), ("Transfer", 600)]),
    ];

    let summed = national(&reports).unwrap();

    let expected = [("Enquiry", Sum::Hidden), ("Referral", Sum::Hidden), ("Transfer", Sum::Count(1_700))];
    assert_eq!(rows(&summed), expected, "Enquiry alone would follow from the total, Referral is the next smallest");
    let of = |counts: [u64; 3]| {
        let [one, two, three] = counts;
        let reports = [("xa.one", one), ("xa.two", two), ("xa.three", three)]
            .map(|(agency, count)| report(agency, &[("Enquiry", count)]));
        national(&reports).unwrap().tables[0].rows[0].1
    };
    assert_eq!(of([240, 30, 30]), Sum::Count(300), "240 of 300 is not over 80 percent");
    assert_eq!(of([245, 30, 30]), Sum::Hidden);
    // Who gives the second would know the first within the third.
    assert_eq!(of([200, 200, 20]), Sum::Count(420));
    assert_eq!(of([205, 200, 20]), Sum::Hidden);
}

#[test]
fn fewer_than_three_agencies_are_no_country() {
    let of = |agency: &str| report(agency, &[("Enquiry", 100), ("Referral", 100)]);
    for reports in [vec![of("xa.one")], vec![of("xa.one"), of("xa.two")]] {
        let summed = national(&reports).unwrap();

        assert_eq!(rows(&summed), [("Enquiry", Sum::Hidden), ("Referral", Sum::Hidden)]);
        assert_eq!(summed.tables[0].total, Sum::Hidden);
    }
    // A cell of two among three is none either, and the third agency's zero is no part of it.
    let third = report("xa.three", &[("Referral", 300)]);
    let summed = national(&[of("xa.one"), of("xa.two"), third]).unwrap();
    assert_eq!(rows(&summed)[0].1, Sum::Hidden);
}

#[test]
fn a_table_that_other_agencies_gave_is_hidden_where_one_would_follow_from_both_totals() {
    let menu = menu();
    let of = |id: &str| menu.iter().find(|table| table.id == id).unwrap().clone();
    let counts = |key: &str, count: u64| Counts { rows: [(key.to_owned(), count)].into(), total: count };
    let give = |agency: &str, all: bool| {
        let one = report(agency, &[("Enquiry", 100)]);
        let giver = Giver {
            agency: agency.parse().unwrap(),
            country: Country::of("XA").unwrap(),
            profile: ProfileRef::of("XA@3").unwrap(),
        };
        let counted = [(of("M01.sent.kind"), counts("Enquiry", 100)), (of("M01.sent.urgency"), counts("Normal", 100))];
        if all { Report::of(&giver, one.period, &counted, &[], &Rules::new(10, 5, [])) } else { one }
    };
    let with = |fewer: &[&str]| {
        let mut reports: Vec<Report> = ["xa.one", "xa.two", "xa.three"].map(|agency| give(agency, true)).into();
        reports.extend(fewer.iter().map(|agency| give(agency, false)));
        let summed = national(&reports).unwrap();
        [0, 1].map(|at| summed.tables[at].total)
    };

    assert_eq!(with(&[]), [Sum::Count(300), Sum::Count(300)]);
    assert_eq!(with(&["xa.four"]), [Sum::Count(400), Sum::Hidden]);
    assert_eq!(with(&["xa.four", "xa.five", "xa.six"]), [Sum::Count(600), Sum::AtLeast(300)]);
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
