//! Figures as they are drawn: a table, and beside it the same as a picture of bars. The picture grows with the screen, reads from the side
//! from which the language is read, and says nothing that the table does not say.

use super::{figure_words as named, words::Words};
use crate::{
    api::reports::{NationalCount, NationalTable},
    monitoring::{
        control::{Cell, Shown},
        release::{Report, ShownMedian},
    },
};

/// Width of a picture in its own units: of a phone's screen, on which they are points.
const WIDTH: u64 = 360;
/// Width of the longest bar: a number stands behind it.
const BAR_MOST: u64 = 270;
/// Width of what stands for a number that is hidden: always the same.
const WITHHELD: u64 = 24;
/// Height of a row, and where its label, its bar and its number stand in it.
const ROW: u64 = 42;
const LABEL_Y: u64 = 14;
const BAR_Y: u64 = 20;
const VALUE_Y: u64 = 32;
/// Letters of a label in the picture: about as many as fit; the table has it whole.
const LABEL_MAX: usize = 44;

/// A table of figures.
pub(super) struct Figure {
    /// For the ids in the page.
    pub(super) anchor: String,
    pub(super) title: String,
    /// What is drawn, in a sentence.
    pub(super) described: String,
    pub(super) bars: Vec<Bar>,
    /// All together; medians have none.
    pub(super) total: Option<String>,
    /// Whether its values are hours of referrals, and not numbers of persons.
    pub(super) hours: bool,
    /// Whether something of it is hidden.
    pub(super) withheld: bool,
    pub(super) height: u64,
}

/// A row, and where it is drawn.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) value: String,
    /// The label as it fits.
    pub(super) short: String,
    pub(super) label_x: u64,
    pub(super) label_y: u64,
    pub(super) bar_x: u64,
    pub(super) bar_y: u64,
    pub(super) bar_width: u64,
    pub(super) value_x: u64,
    pub(super) value_y: u64,
    /// The side of the number on which the bar is, as SVG says it for text of that direction.
    pub(super) anchor: &'static str,
    pub(super) direction: &'static str,
    /// Nothing is drawn of a number that is hidden but a mark that is always the same.
    pub(super) hidden: bool,
}

/// A row as it is known: key in words, its number unless that is hidden, and its value in words.
type Known = (String, Option<u64>, String);

impl Figure {
    /// A table of an agency's report.
    pub(super) fn of_table(words: &Words, table: &Shown, report: &Report) -> Self {
        let said = |cell: Cell| cell_words(words, cell, report.k);
        let rows = table.rows.iter().map(|(key, cell)| {
            let (number, value) = said(*cell);
            (named::key(words, &table.id, key), number, value)
        });
        let (total_number, total) = said(table.total);
        let withheld = total_number.is_none() || table.rows.is_empty();
        Self::new(words, (&table.id, &table.split), rows.collect(), Some(total), withheld)
    }

    /// A list of medians of it.
    pub(super) fn of_median(words: &Words, median: &ShownMedian) -> Self {
        let rows = median.rows.iter().map(|(key, hours)| {
            let value = hours.map_or_else(|| words.say("figures-too-few"), |hours| hours.to_string());
            (named::key(words, &median.id, key), *hours, value)
        });
        Self::new(words, (&median.id, &median.split), rows.collect(), None, false)
    }

    /// A table of the sum over agencies.
    pub(super) fn of_sum(words: &Words, table: &NationalTable) -> Self {
        let said = |count: NationalCount| sum_words(words, count);
        let rows = table.rows.iter().map(|row| {
            let (number, value) = said(row.count);
            (named::key(words, &table.id, &row.key), number, value)
        });
        let (total_number, total) = said(table.total);
        Self::new(words, (&table.id, &table.split), rows.collect(), Some(total), total_number.is_none())
    }

    fn new(words: &Words, (id, split): (&str, &str), rows: Vec<Known>, total: Option<String>, withheld: bool) -> Self {
        let hours = named::is_hours(id);
        let withheld = withheld || rows.iter().any(|(_, number, _)| number.is_none());
        let mut described: Vec<String> = rows.iter().map(|(label, _, value)| format!("{label}: {value}")).collect();
        described.extend(total.as_ref().map(|total| format!("{}: {total}", words.say("figures-all"))));
        let longest = rows.iter().filter_map(|(_, number, _)| *number).max().unwrap_or(0).max(1);
        let rtl = words.direction == "rtl";
        let height = u64::try_from(rows.len()).unwrap_or(0).saturating_mul(ROW).saturating_add(4);
        let bars = (0_u64..).zip(rows).map(|(at, row)| Bar::new(row, at.saturating_mul(ROW), longest, rtl)).collect();
        Self {
            anchor: id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect(),
            title: named::title(words, id, split),
            described: described.join(". "),
            bars,
            total,
            hours,
            withheld,
            height,
        }
    }

    /// The corner of the picture that is not its origin.
    pub(super) fn view(&self) -> String {
        format!("0 0 {WIDTH} {}", self.height)
    }
}

impl Bar {
    fn new((label, number, value): Known, top: u64, longest: u64, rtl: bool) -> Self {
        let length = number.map(|number| number.saturating_mul(BAR_MOST).checked_div(longest).unwrap_or(0));
        let bar_width = length.unwrap_or(WITHHELD);
        let behind = bar_width.saturating_add(8);
        // A number or "<10" is read from the left in every language.
        let ltr = !rtl || value.is_ascii();
        Self {
            short: cut(&label),
            label_x: if rtl { WIDTH } else { 0 },
            label_y: top.saturating_add(LABEL_Y),
            bar_x: if rtl { WIDTH.saturating_sub(bar_width) } else { 0 },
            bar_y: top.saturating_add(BAR_Y),
            bar_width,
            value_x: if rtl { WIDTH.saturating_sub(behind) } else { behind },
            value_y: top.saturating_add(VALUE_Y),
            anchor: if rtl && ltr { "end" } else { "start" },
            direction: if ltr { "ltr" } else { "rtl" },
            hidden: length.is_none(),
            label,
            value,
        }
    }
}

/// A label as it fits into the picture.
fn cut(label: &str) -> String {
    if label.chars().count() <= LABEL_MAX {
        return label.to_owned();
    }
    let begins: String = label.chars().take(LABEL_MAX.saturating_sub(1)).collect();
    format!("{}…", begins.trim_end())
}

fn cell_words(words: &Words, cell: Cell, k: u64) -> (Option<u64>, String) {
    match cell {
        Cell::Count(count) => (Some(count), count.to_string()),
        Cell::Few => (None, format!("<{k}")),
        Cell::Hidden => (None, words.say("figures-hidden")),
    }
}

fn sum_words(words: &Words, count: NationalCount) -> (Option<u64>, String) {
    match (count.persons, count.at_least) {
        (None, _) => (None, words.say("figures-hidden")),
        (Some(persons), true) => (Some(persons), words.say_of("figures-at-least", "number", &persons.to_string())),
        (Some(persons), false) => (Some(persons), persons.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};
    use crate::monitoring::period::Period;

    fn report() -> Report {
        let rows = [
            ("Enquiry", Cell::Hidden),
            ("Referral", Cell::Count(40)),
            ("Transfer", Cell::Few),
            ("not-told", Cell::Count(20)),
        ];
        let rows = rows.map(|(key, cell)| (key.to_owned(), cell)).to_vec();
        Report {
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
                total: Cell::Count(75),
            }],
            medians: Vec::new(),
            not_counted: Vec::new(),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn a_picture_says_what_its_table_says_and_draws_nothing_of_what_is_hidden() {
        let report = report();
        for words in languages().all() {
            let figure = Figure::of_table(words, &report.tables[0], &report);
            let values: Vec<&str> = figure.bars.iter().map(|bar| bar.value.as_str()).collect();
            assert_eq!([values[1], values[2], values[3]], ["40", "<10", "20"]);
            assert!(figure.withheld && !figure.hours && figure.total.as_deref() == Some("75"));
            for bar in &figure.bars {
                assert!(figure.described.contains(&format!("{}: {}", bar.label, bar.value)), "{}", words.code);
                assert!(bar.bar_x + bar.bar_width <= WIDTH && bar.value_x <= WIDTH);
                assert_eq!(bar.hidden, bar.bar_width == WITHHELD, "{}", bar.label);
                let at_edge =
                    if words.direction == "rtl" { bar.bar_x + bar.bar_width == WIDTH } else { bar.bar_x == 0 };
                assert!(at_edge, "{}", words.code);
            }
            assert_eq!((figure.bars[1].bar_width, figure.bars[3].bar_width), (BAR_MOST, BAR_MOST / 2));
        }
    }

    #[test]
    fn a_table_that_withholds_its_rows_says_so_and_long_labels_are_cut_in_the_picture_alone() {
        let mut report = report();
        report.tables[0].rows.clear();
        let words = languages().english();
        let figure = Figure::of_table(words, &report.tables[0], &report);
        assert!(figure.withheld && figure.bars.is_empty() && figure.described.contains("75"));
        let long = "x".repeat(100);
        assert_eq!(cut(&long).chars().count(), LABEL_MAX);
        let bar = Bar::new((long.clone(), Some(0), "0".to_owned()), 0, 1, false);
        assert!(bar.label == long && bar.bar_width == 0 && !bar.hidden);
    }
}
