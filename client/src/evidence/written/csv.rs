//! The report as a table: RFC 4180, and no cell that a spreadsheet would run.

use zeroize::Zeroizing;

use super::{Report, instant};
use crate::{
    api::audit::{AuditLine, AuditedCase},
    htcds::cells::put,
};

const COLUMNS: [&str; 22] = [
    "row",
    "referral_id",
    "sender",
    "recipient",
    "state",
    "exercise",
    "time",
    "clock",
    "act",
    "why",
    "level",
    "agency",
    "pseudonym",
    "second_person",
    "proof",
    "holds",
    "place",
    "counts_as",
    "proves",
    "proves_not",
    "event",
    "event_cause",
];

/// The whole table: what is to be looked at first, then the lines. Columns are only ever added at the end.
#[must_use]
pub fn table(report: &Report) -> String {
    let mut table = row(COLUMNS);
    for (case, caution) in report.cautions() {
        let first = of_case("caution", case);
        let empty = ["", ""].map(str::to_owned);
        let rest = [caution.kind.clone(), caution.text.clone()];
        let blank = vec![String::new(); COLUMNS.len() - first.len() - empty.len() - rest.len()];
        table.push_str(&row(first.into_iter().chain(empty).chain(rest).chain(blank)));
    }
    for case in &report.cases {
        for line in &case.lines {
            table.push_str(&row(of_case("line", case).into_iter().chain(of_line(line))));
        }
    }
    table
}

fn of_case(kind: &str, case: &AuditedCase) -> Vec<String> {
    let exercise = if case.exercise { "yes" } else { "no" };
    [kind, &case.referral_id, &case.sender, &case.recipient, &case.state, exercise].map(str::to_owned).into()
}

fn of_line(line: &AuditLine) -> Vec<String> {
    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        instant(line.at),
        line.clock.clone(),
        line.act.clone(),
        maybe(&line.why),
        line.level.map(|level| level.to_string()).unwrap_or_default(),
        maybe(&line.agency),
        maybe(&line.person),
        if line.confirmed { "yes" } else { "no" }.to_owned(),
        line.proof.clone(),
        line.holds.clone(),
        line.place.clone(),
        line.counted.clone(),
        line.proves.clone(),
        line.proves_not.clone(),
        line.event.clone(),
        maybe(&line.cause),
    ]
}

fn row<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let mut row = Zeroizing::new(String::new());
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            row.push(',');
        }
        put(cell.as_ref(), &mut row);
    }
    row.push_str("\r\n");
    core::mem::take(&mut *row)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::report, *};

    /// The cells of a table, as RFC 4180 reads them.
    fn cells(table: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut one, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut letters = table.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '"' if quoted && letters.peek() == Some(&'"') => one.push(letters.next().unwrap()),
                '"' => quoted = !quoted,
                ',' if !quoted => row.push(std::mem::take(&mut one)),
                '\r' if !quoted => {
                    assert_eq!(letters.next(), Some('\n'));
                    row.push(std::mem::take(&mut one));
                    rows.push(std::mem::take(&mut row));
                }
                letter => one.push(letter),
            }
        }
        assert!(!quoted && row.is_empty());
        rows
    }

    #[test]
    fn the_table_has_one_form_and_no_cell_that_a_spreadsheet_runs() {
        let rows = cells(&table(&report()));

        assert_eq!(rows.len(), 4, "names, a caution, two lines");
        assert!(rows.iter().all(|row| row.len() == 22));
        assert_eq!(
            (rows[1][0].as_str(), rows[1][8].as_str(), rows[1][9].as_str()),
            ("caution", "late", "'@late & more")
        );
        assert_eq!(rows[2][16], "1 of epoch 1, \"after\" 0a0b0c0d");
        assert_eq!((rows[3][9].as_str(), rows[3][16].as_str()), ("'=1+1", "'-a\r\nb, \u{202e}c"));
        let runs = |cell: &String| cell.starts_with(crate::htcds::cells::begins_a_formula);
        assert!(!rows.iter().flatten().any(runs));
    }
}
