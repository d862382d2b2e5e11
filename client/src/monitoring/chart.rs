//! A table as a picture that a screen reader can read, and beside it the same as a table. SVG and HTML without script, style sheet
//! or reference to anything outside: all that is drawn is in the file.

use core::fmt::Write as _;

use super::{
    control::{Cell, Shown},
    release::{Report, label, says},
};
use crate::api::reports::{NationalCount, NationalShown, NationalTable};

/// Width of the picture, and of its longest bar, in SVG units.
const WIDTH: u64 = 720;
const BAR_WIDTH: u64 = 320;
/// Where bars begin.
const BAR_LEFT: u64 = 280;
/// Height of a row and of a bar in it.
const ROW: u64 = 28;
const BAR: u64 = 18;

/// A row of a chart.
struct Bar {
    label: String,
    /// Nothing is drawn of a cell that is hidden.
    length: Option<u64>,
    value: String,
}

/// A table as one figure.
pub struct Chart {
    id: String,
    title: String,
    bars: Vec<Bar>,
    total: String,
}

impl Chart {
    /// A table of an agency's report.
    #[must_use]
    pub fn of(shown: &Shown, k: u64) -> Self {
        let (_, total) = cell(shown.total, k);
        let bar = |(key, value): &(String, Cell)| {
            let (length, value) = cell(*value, k);
            Bar { label: label(key).to_owned(), length, value }
        };
        Self {
            id: shown.id.clone(),
            title: title(&shown.id, &shown.split),
            bars: shown.rows.iter().map(bar).collect(),
            total,
        }
    }

    /// A table of the sum over agencies.
    #[must_use]
    pub fn of_sum(summed: &NationalTable) -> Self {
        let (_, total) = sum(summed.total);
        let bars = summed.rows.iter().map(|row| {
            let (length, value) = sum(row.count);
            Bar { label: label(&row.key).to_owned(), length, value }
        });
        Self { id: summed.id.clone(), title: title(&summed.id, &summed.split), bars: bars.collect(), total }
    }

    /// The picture: an SVG document with a title, and a description that says all that is drawn.
    #[must_use]
    pub fn svg(&self) -> String {
        let rows = u64::try_from(self.bars.len()).unwrap_or(0);
        let height = rows.saturating_mul(ROW).saturating_add(16);
        let longest = self.bars.iter().filter_map(|bar| bar.length).max().unwrap_or(0).max(1);
        let id = anchor(&self.id);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" width=\"{WIDTH}\" \
             height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"14\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
            escaped(&self.title),
            escaped(&self.described()),
        );
        for (index, bar) in self.bars.iter().enumerate() {
            let top = u64::try_from(index).unwrap_or(0).saturating_mul(ROW).saturating_add(8);
            let middle = top.saturating_add(14);
            let length = bar.length.unwrap_or(0).saturating_mul(BAR_WIDTH).checked_div(longest).unwrap_or(0);
            let text_at = BAR_LEFT.saturating_add(length).saturating_add(8);
            // Writing to a String cannot fail.
            write!(
                out,
                "<text x=\"{}\" y=\"{middle}\" text-anchor=\"end\">{}</text>\n\
                 <rect x=\"{BAR_LEFT}\" y=\"{top}\" width=\"{length}\" height=\"{BAR}\" fill=\"#1f5f8b\"/>\n\
                 <text x=\"{text_at}\" y=\"{middle}\">{}</text>\n",
                BAR_LEFT.saturating_sub(8),
                escaped(&bar.label),
                escaped(&bar.value),
            )
            .ok();
        }
        out.push_str("</svg>\n");
        out
    }

    /// The picture with its table.
    #[must_use]
    pub fn figure(&self) -> String {
        let mut out = format!("<figure>\n{}<table>\n<caption>{}</caption>\n", self.svg(), escaped(&self.title));
        out.push_str("<thead><tr><th scope=\"col\">Group</th><th scope=\"col\">Persons</th></tr></thead>\n<tbody>\n");
        for bar in &self.bars {
            let (name, value) = (escaped(&bar.label), escaped(&bar.value));
            writeln!(out, "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>").ok();
        }
        let total = escaped(&self.total);
        write!(
            out,
            "</tbody>\n<tfoot><tr><th scope=\"row\">All</th><td>{total}</td></tr></tfoot>\n</table>\n</figure>\n"
        )
        .ok();
        out
    }

    fn described(&self) -> String {
        if self.bars.is_empty() {
            return format!("Nothing is shown by group; all together: {}.", self.total);
        }
        let bars: Vec<String> = self.bars.iter().map(|bar| format!("{}: {}", bar.label, bar.value)).collect();
        format!("{}. All together: {}.", bars.join(". "), self.total)
    }
}

/// A page with these charts under a heading.
#[must_use]
pub fn page(heading: &str, note: &str, charts: &[Chart]) -> String {
    let heading = escaped(heading);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n<title>{heading}</title>\n</head>\n<body>\n\
         <h1>{heading}</h1>\n<p>{}</p>\n",
        escaped(note),
    );
    for chart in charts {
        out.push_str(&chart.figure());
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// A page of an agency's report: every table that counts somebody, or one of them.
#[must_use]
pub fn of_report(report: &Report, only: Option<&str>) -> String {
    let wanted = |table: &&Shown| only.map_or_else(|| table.total != Cell::Count(0), |id| table.id == id);
    let charts: Vec<Chart> = report.tables.iter().filter(wanted).map(|table| Chart::of(table, report.k)).collect();
    page(&format!("{}, {}", report.agency, report.period), &hiding(report.k, report.base), &charts)
}

/// A page of the sum over agencies: every table that counts somebody.
#[must_use]
pub fn of_national(summed: &NationalShown) -> String {
    let tables = summed.tables.iter().filter(|table| table.total.persons != Some(0));
    let charts: Vec<Chart> = tables.map(Chart::of_sum).collect();
    let mut note = "Counts of persons, as agencies have released them. \"At least\" where an agency hides a part; \"hidden\" where one \
                    agency gives most of it."
        .to_owned();
    for line in since(summed) {
        note.push_str(&format!(" {line}."));
    }
    page(&format!("{}, {}: the sum of {} reports", summed.country, summed.period, summed.agencies), &note, &charts)
}

/// What has come since a sum was shown first, a line each: it stays as it is. No agency is named.
#[must_use]
pub fn since(summed: &NationalShown) -> Vec<String> {
    let mut lines = Vec::new();
    match summed.late {
        0 => {}
        1 => lines.push("1 report came later and is not in it".to_owned()),
        late => lines.push(format!("{late} reports came later and are not in it")),
    }
    match summed.aside {
        0 => {}
        1 => lines.push("1 report in it was set aside or replaced since".to_owned()),
        aside => lines.push(format!("{aside} reports in it were set aside or replaced since")),
    }
    lines
}

/// What is hidden, in words.
#[must_use]
pub fn hiding(k: u64, base: u64) -> String {
    format!(
        "Counts of persons, rounded to {base}; totals are rounded by themselves. Fewer than {k} are never told; \"hidden\" keeps such a \
         number from following."
    )
}

/// A table's heading.
fn title(id: &str, split: &str) -> String {
    let of = id.split_once('/').map_or_else(String::new, |(_, key)| format!(" ({})", label(key)));
    format!("{}{of}, by {split} [{id}]", says(id))
}

fn cell(cell: Cell, k: u64) -> (Option<u64>, String) {
    match cell {
        Cell::Count(count) => (Some(count), count.to_string()),
        Cell::Few => (None, format!("<{k}")),
        Cell::Hidden => (None, "hidden".to_owned()),
    }
}

fn sum(count: NationalCount) -> (Option<u64>, String) {
    match (count.persons, count.at_least) {
        (None, _) => (None, "hidden".to_owned()),
        (Some(persons), true) => (Some(persons), format!("at least {persons}")),
        (Some(persons), false) => (Some(persons), persons.to_string()),
    }
}

/// A name for the ids in a page: letters, digits and hyphens.
fn anchor(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Text that is no markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown() -> Shown {
        let rows = [("ForcedAdoption", Cell::Hidden), ("NgoShelter>Police", Cell::Count(40)), ("not-told", Cell::Few)];
        let rows = rows.map(|(key, cell)| (key.to_owned(), cell)).to_vec();
        Shown { id: "M01.sent.kind".to_owned(), split: "kind".to_owned(), rows, total: Cell::Count(55) }
    }

    #[test]
    fn a_chart_says_in_words_and_in_a_table_what_it_draws_and_holds_no_script() {
        let page = page("xa.harbour-house, 2026-Q3", &hiding(10, 5), &[Chart::of(&shown(), 10)]);

        assert!(page.contains("role=\"img\" aria-labelledby=\"M01-sent-kind-title M01-sent-kind-desc\""), "{page}");
        let described =
            "Forced or illegal adoption: hidden. NgoShelter&gt;Police: 40. not-told: &lt;10. All together: 55.";
        assert!(page.contains(described), "{page}");
        assert!(page.contains("<th scope=\"row\">not-told</th><td>&lt;10</td>"), "{page}");
        assert!(
            page.contains("<title id=\"M01-sent-kind-title\">Persons whom this agency referred, by kind"),
            "{page}"
        );
        for never in ["<script", "javascript", "onload", "href", "src=", "url(", "<style", "style="] {
            assert!(!page.contains(never), "{never}");
        }
        assert_eq!(page.matches("http").count(), page.matches("http://www.w3.org/2000/svg").count() + 1);
    }

    #[test]
    fn nothing_is_drawn_of_a_hidden_cell() {
        let svg = Chart::of(&shown(), 10).svg();

        assert_eq!(svg.matches("width=\"0\"").count(), 2);
        assert_eq!(svg.matches("width=\"320\"").count(), 1);
    }

    #[test]
    fn text_never_becomes_markup() {
        assert_eq!(escaped("<a href='x'>&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
    }
}
