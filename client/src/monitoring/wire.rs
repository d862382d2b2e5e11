//! A report as JSON, `safeconduct.report/1`: one form only, so that what was released is the same bytes everywhere
//! (`docs/PROTOCOL.md` §13).

use safeconduct_protocol::id::AgencyId;

use super::{
    control::{BASE_MIN, Cell, PERSONS_MIN, RULE_MAX, Shown},
    period::Period,
    release::{Report, ShownMedian},
    sorts::Sort,
    tables::{self, MEDIANS, NOT_COUNTED, Table},
};
use crate::{
    error::Told,
    referral::{
        json::{self, Json},
        text::{Country, ProfileRef},
        write::Writer,
    },
};

/// Name and version of the form.
pub const SCHEMA: &str = "safeconduct.report/1";
/// How a cell of fewer than k persons is written.
const FEW: &str = "<k";
/// How a cell is written that is hidden beside such a one.
const HIDDEN: &str = "hidden";
/// Bytes of a report; the whole menu with every key has about 60 KiB.
pub const REPORT_BYTES_MAX: usize = 256 * 1024;
/// Persons in one cell of one agency's period at most. No agency counts more; whoever writes more would swamp the sum of a country.
pub const PERSONS_MAX: u64 = 1_000_000;
/// Hours of a median at most: ten years.
pub const HOURS_MAX: u64 = 87_660;

/// Why bytes are no report.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportRefused {
    /// Longer than any report.
    #[error("this is too long for a report: {REPORT_BYTES_MAX} bytes are read")]
    TooLong,
    /// No strict JSON.
    #[error("the report is no strict JSON")]
    NotJson,
    /// A member is missing, or is not what stands there.
    #[error("the report does not fit at {place}")]
    Member {
        /// Where.
        place: String,
    },
    /// A table that the menu does not have, twice, or in another order.
    #[error("the report has a table that does not belong there, number {number}")]
    Table {
        /// Which, from 1.
        number: usize,
    },
    /// A cell that rounding or hiding would not have left so.
    #[error("the report shows in table {table} what disclosure control hides or rounds")]
    Uncontrolled {
        /// The table's id.
        table: String,
    },
    /// All is there, but not in the one form.
    #[error("the report is not written in the one form that reports have")]
    Form,
}

impl ReportRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TooLong | Self::NotJson | Self::Member { .. } | Self::Table { .. } | Self::Form => {
                "take the file as `safeconduct report release` has written it, of this version"
            }
            Self::Uncontrolled { .. } => {
                "do not use it; ask the agency to release its report with `safeconduct report release`"
            }
        }
    }
}

impl From<ReportRefused> for Told {
    fn from(refused: ReportRefused) -> Self {
        Self::refused("report-malformed", refused.to_string(), refused.remedy())
    }
}

/// The bytes of a report.
#[must_use]
pub fn write(report: &Report) -> Vec<u8> {
    Writer::bytes_of(|out| write_report(report, out)).to_vec()
}

fn write_report(report: &Report, out: &mut Writer) {
    let text = |out: &mut Writer, name: &str, value: &str| {
        out.member(name);
        out.text(value);
    };
    out.begin('{');
    text(out, "schema", SCHEMA);
    text(out, "agency", report.agency.as_str());
    text(out, "country", &report.country);
    text(out, "period", &report.period.to_string());
    text(out, "profile", &report.profile);
    write_number("k", report.k, out);
    write_number("base", report.base, out);
    write_list("tables", &report.tables, out, |table, out| {
        text(out, "id", &table.id);
        text(out, "split", &table.split);
        write_list("rows", &table.rows, out, |(key, cell), out| {
            text(out, "key", key);
            write_cell("value", *cell, out);
        });
        write_cell("total", table.total, out);
    });
    write_list("medians", &report.medians, out, |median, out| {
        text(out, "id", &median.id);
        text(out, "split", &median.split);
        write_list("rows", &median.rows, out, |(key, hours), out| {
            text(out, "key", key);
            match hours {
                Some(hours) => write_number("hours", *hours, out),
                None => text(out, "hours", FEW),
            }
        });
    });
    out.member("not_counted");
    out.begin('[');
    for indicator in &report.not_counted {
        out.item();
        out.text(indicator);
    }
    out.end(']');
    if !report.left_out.is_empty() {
        out.member("left_out");
        out.begin('[');
        for id in &report.left_out {
            out.item();
            out.text(id);
        }
        out.end(']');
    }
    out.end('}');
}

fn write_number(name: &str, number: u64, out: &mut Writer) {
    out.member(name);
    out.raw(&number.to_string());
}

fn write_cell(name: &str, cell: Cell, out: &mut Writer) {
    out.member(name);
    match cell {
        Cell::Count(count) => out.raw(&count.to_string()),
        Cell::Few => out.text(FEW),
        Cell::Hidden => out.text(HIDDEN),
    }
}

fn write_list<T>(name: &str, items: &[T], out: &mut Writer, write: impl Fn(&T, &mut Writer)) {
    out.member(name);
    out.begin('[');
    for item in items {
        out.item();
        out.begin('{');
        write(item, out);
        out.end('}');
    }
    out.end(']');
}

/// Reads a report strictly: only tables of the menu, only their keys, only rounded counts.
///
/// # Errors
/// [`ReportRefused`].
pub fn read(bytes: &[u8]) -> Result<Report, ReportRefused> {
    if bytes.len() > REPORT_BYTES_MAX {
        return Err(ReportRefused::TooLong);
    }
    let node = json::parse(bytes).map_err(|_findings| ReportRefused::NotJson)?;
    let text = |name: &str| member_text(&node, name).ok_or_else(|| at(name));
    let number = |name: &str| member_number(&node, name, RULE_MAX).ok_or_else(|| at(name));
    if text("schema")? != SCHEMA {
        return Err(at("schema"));
    }
    let (k, base) = (number("k")?, number("base")?);
    if k < PERSONS_MIN || base < BASE_MIN {
        return Err(at("k and base"));
    }
    let report = Report {
        agency: text("agency")?.parse::<AgencyId>().map_err(|_not| at("agency"))?,
        country: Country::of(text("country")?)
            .map(|country| country.as_str().to_owned())
            .ok_or_else(|| at("country"))?,
        period: Period::of(text("period")?).ok_or_else(|| at("period"))?,
        profile: ProfileRef::of(text("profile")?).map(|of| of.as_str().to_owned()).ok_or_else(|| at("profile"))?,
        k,
        base,
        tables: read_tables(list(&node, "tables").ok_or_else(|| at("tables"))?, (k, base))?,
        medians: read_medians(list(&node, "medians").ok_or_else(|| at("medians"))?)?,
        not_counted: read_not_counted(&node)?,
        left_out: read_left_out(&node)?,
    };
    if report.left_out.iter().any(|id| report.has(id)) {
        return Err(at("left_out"));
    }
    if write(&report) == bytes { Ok(report) } else { Err(ReportRefused::Form) }
}

fn at(place: &str) -> ReportRefused {
    ReportRefused::Member { place: place.to_owned() }
}

fn member_text<'a>(node: &'a Json, name: &str) -> Option<&'a str> {
    if let Some(Json::Text(text)) = node.get(name) { Some(text.as_str()) } else { None }
}

fn member_number(node: &Json, name: &str, most: u64) -> Option<u64> {
    let Some(Json::Whole(number)) = node.get(name) else { return None };
    u64::try_from(*number).ok().filter(|number| *number <= most)
}

fn list<'a>(node: &'a Json, name: &str) -> Option<&'a [Json]> {
    if let Some(Json::List(items)) = node.get(name) { Some(items) } else { None }
}

fn read_tables(nodes: &[Json], rules: (u64, u64)) -> Result<Vec<Shown>, ReportRefused> {
    let menu = tables::menu();
    let mut left = menu.iter();
    let mut all: Vec<Shown> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let wrong = || ReportRefused::Table { number: index.saturating_add(1) };
        let id = member_text(node, "id").ok_or_else(wrong)?;
        // The order of the menu: what was passed over cannot come later.
        let table = left.find(|table| table.id == id).ok_or_else(wrong)?;
        let shown =
            read_table(node, table, rules).ok_or_else(|| ReportRefused::Uncontrolled { table: id.to_owned() })?;
        let parent_shows = |of: &tables::CellOf| {
            let parent = all.iter().find(|parent| parent.id == of.table);
            parent.is_some_and(|parent| {
                parent.rows.iter().any(|(key, cell)| *key == of.key && matches!(cell, Cell::Count(_)))
            })
        };
        if !table.of.as_ref().is_none_or(parent_shows) {
            return Err(ReportRefused::Uncontrolled { table: id.to_owned() });
        }
        all.push(shown);
    }
    Ok(all)
}

fn read_table(node: &Json, table: &Table, (k, base): (u64, u64)) -> Option<Shown> {
    // k persons or more, of which rounding takes half a step at most.
    let may_be_seen = |count: &u64| count.is_multiple_of(base) && (*count == 0 || count.saturating_add(base / 2) >= k);
    let cell = |node: &Json, name: &str| match node.get(name) {
        Some(Json::Text(text)) if text.as_str() == FEW => Some(Cell::Few),
        Some(Json::Text(text)) if text.as_str() == HIDDEN => Some(Cell::Hidden),
        _ => member_number(node, name, PERSONS_MAX).filter(may_be_seen).map(Cell::Count),
    };
    let rows = keyed(node, table.sort, |row| cell(row, "value"))?;
    let total = cell(node, "total").filter(|total| *total != Cell::Hidden)?;
    let split = member_text(node, "split").filter(|split| *split == table.split)?.to_owned();
    // Where the total is small or nought, nothing else is told.
    let may_have_rows = matches!(total, Cell::Count(count) if count > 0);
    // No row has more persons than there are; rounding takes each of both half a step at most.
    let most = if let Cell::Count(all) = total { all.saturating_add(base) } else { 0 };
    let fit = rows.iter().all(|(_, cell)| !matches!(cell, Cell::Count(count) if *count > most));
    (fit && (rows.is_empty() || may_have_rows)).then(|| Shown { id: table.id.clone(), split, rows, total })
}

fn read_medians(nodes: &[Json]) -> Result<Vec<ShownMedian>, ReportRefused> {
    let mut left = MEDIANS.iter();
    let read = |node: &Json| {
        let id = member_text(node, "id")?;
        let median = left.find(|median| median.id == id)?;
        let split = member_text(node, "split").filter(|split| *split == median.split)?.to_owned();
        let hours = |row: &Json| match row.get("hours") {
            Some(Json::Text(text)) if text.as_str() == FEW => Some(None),
            _ => member_number(row, "hours", HOURS_MAX).map(Some),
        };
        let rows = keyed(node, median.sort, hours)?;
        Some(ShownMedian { id: id.to_owned(), split, rows })
    };
    nodes.iter().map(read).collect::<Option<Vec<_>>>().ok_or_else(|| at("medians"))
}

/// Rows by key: known keys in ascending order, each once.
fn keyed<T>(node: &Json, sort: Sort, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<(String, T)>> {
    let mut rows: Vec<(String, T)> = Vec::new();
    for row in list(node, "rows")? {
        let key = member_text(row, "key").filter(|key| sort.knows(key))?;
        if rows.last().is_some_and(|(before, _)| before.as_str() >= key) {
            return None;
        }
        rows.push((key.to_owned(), read(row)?));
    }
    Some(rows)
}

fn read_not_counted(node: &Json) -> Result<Vec<String>, ReportRefused> {
    let read = |item: &Json| match item {
        Json::Text(text) => {
            NOT_COUNTED.iter().find(|not| not.indicator == text.as_str()).map(|not| not.indicator.to_owned())
        }
        Json::Null | Json::Bool(_) | Json::Whole(_) | Json::Fraction | Json::List(_) | Json::Object(_) => None,
    };
    let items = list(node, "not_counted").ok_or_else(|| at("not_counted"))?;
    items.iter().map(read).collect::<Option<Vec<_>>>().ok_or_else(|| at("not_counted"))
}

/// Ids of the menu in its order, tables before medians; no such member where nothing is left out.
fn read_left_out(node: &Json) -> Result<Vec<String>, ReportRefused> {
    let Some(items) = node.get("left_out") else { return Ok(Vec::new()) };
    let Json::List(items) = items else { return Err(at("left_out")) };
    let ids: Vec<String> = tables::menu()
        .into_iter()
        .map(|table| table.id)
        .chain(MEDIANS.iter().map(|median| median.id.to_owned()))
        .collect();
    let mut left = ids.into_iter();
    let mut read = |item: &Json| {
        let Json::Text(text) = item else { return None };
        left.find(|id| id == text.as_str())
    };
    items.iter().map(&mut read).collect::<Option<Vec<_>>>().ok_or_else(|| at("left_out"))
}

#[cfg(test)]
mod tests;
