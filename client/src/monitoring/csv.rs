//! Figures as rows of cells, a line each. Keys are codes, and no cell begins as a formula does, whatever an agency may be called.

use core::mem;

use zeroize::Zeroizing;

use super::{control::Cell, release::Report};
use crate::{
    api::reports::{NationalCount, NationalShown},
    htcds::cells::put,
};

/// A report of one agency: persons of each table, hours of each list of medians.
#[must_use]
pub fn of_report(report: &Report) -> String {
    let mut text = "agency,country,period,table,key,value,unit\n".to_owned();
    let mut line = |table: &str, key: &str, value: &str, unit: &str| {
        let (agency, period) = (report.agency.as_str(), report.period.to_string());
        text.push_str(&row(&[agency, &report.country, &period, table, key, value, unit]));
    };
    let persons = |cell: Cell| match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Few => format!("<{}", report.k),
        Cell::Hidden => "hidden".to_owned(),
    };
    for table in &report.tables {
        for (key, cell) in table.rows.iter().map(|(key, cell)| (key.as_str(), *cell)).chain([("all", table.total)]) {
            line(&table.id, key, &persons(cell), "persons");
        }
    }
    for median in &report.medians {
        for (key, hours) in &median.rows {
            let hours = hours.map_or_else(|| "too few".to_owned(), |hours| hours.to_string());
            line(&median.id, key, &hours, "hours");
        }
    }
    text
}

/// The sum over agencies.
#[must_use]
pub fn of_national(summed: &NationalShown) -> String {
    let mut text = "country,period,table,key,persons,at_least\n".to_owned();
    for table in &summed.tables {
        let all = table.rows.iter().map(|row| (row.key.as_str(), row.count)).chain([("all", table.total)]);
        for (key, NationalCount { persons, at_least }) in all {
            let persons = persons.map_or_else(|| "hidden".to_owned(), |persons| persons.to_string());
            let at_least = if at_least { "true" } else { "false" };
            text.push_str(&row(&[&summed.country, &summed.period, &table.id, key, &persons, at_least]));
        }
    }
    text
}

fn row(cells: &[&str]) -> String {
    let mut row = Zeroizing::new(String::new());
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        put(cell, &mut row);
    }
    row.push('\n');
    mem::take(&mut *row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::reports::{NationalRow, NationalTable},
        monitoring::{control::Shown, period::Period, release::ShownMedian},
    };

    #[test]
    fn a_report_as_rows_hides_what_it_hides_and_holds_no_formula() {
        let rows = [("Enquiry", Cell::Few), ("=1+1", Cell::Count(40)), ("Transfer", Cell::Hidden)];
        let rows = rows.map(|(key, cell)| (key.to_owned(), cell)).to_vec();
        let medians = vec![("Urgent".to_owned(), Some(7)), ("Normal".to_owned(), None)];
        let report = Report {
            agency: "xa.harbour-house".parse().unwrap(),
            country: "XA".to_owned(),
            period: Period::of("2026-Q3").unwrap(),
            profile: "XA@3".to_owned(),
            k: 10,
            base: 5,
            tables: vec![Shown {
                id: "M01.sent.kind".to_owned(),
                split: "kind".to_owned(),
                rows,
                total: Cell::Count(55),
            }],
            medians: vec![ShownMedian {
                id: "M03.opening.urgency".to_owned(),
                split: "urgency".to_owned(),
                rows: medians,
            }],
            not_counted: Vec::new(),
            left_out: Vec::new(),
        };
        let csv = of_report(&report);
        let lines: Vec<&str> = csv.lines().collect();
        let begins = "xa.harbour-house,XA,2026-Q3,M01.sent.kind";
        assert_eq!(lines[1], format!("{begins},Enquiry,<10,persons"));
        assert_eq!(lines[2], format!("{begins},'=1+1,40,persons"));
        assert_eq!(lines[3], format!("{begins},Transfer,hidden,persons"));
        assert_eq!(lines[4], format!("{begins},all,55,persons"));
        assert!(lines[5].ends_with("M03.opening.urgency,Urgent,7,hours") && lines[6].ends_with("Normal,too few,hours"));
    }

    #[test]
    fn the_sum_as_rows_says_what_is_hidden_and_what_is_a_part() {
        let cell = |persons, at_least| NationalCount { persons, at_least };
        let rows = [("Enquiry", cell(None, false)), ("Referral", cell(Some(90), true))];
        let summed = NationalShown {
            country: "XA".to_owned(),
            period: "2026-Q3".to_owned(),
            agencies: 3,
            shown_first_at: None,
            late: 0,
            aside: 0,
            tables: vec![NationalTable {
                id: "M01.sent.kind".to_owned(),
                split: "kind".to_owned(),
                rows: rows.map(|(key, count)| NationalRow { key: key.to_owned(), count }).to_vec(),
                total: cell(Some(355), false),
            }],
        };
        let csv = of_national(&summed);
        assert_eq!(csv.lines().nth(1), Some("XA,2026-Q3,M01.sent.kind,Enquiry,hidden,false"));
        assert_eq!(csv.lines().nth(2), Some("XA,2026-Q3,M01.sent.kind,Referral,90,true"));
        assert_eq!(csv.lines().nth(3), Some("XA,2026-Q3,M01.sent.kind,all,355,false"));
    }
}
