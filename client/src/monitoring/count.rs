//! The numbers of a period, from the coded columns of the vault's `referral` table: sums of persons by codes, never a row, never what
//! a referral says. Exercises are not counted. Codes are numbered by their place in the list, from 0.

use std::collections::BTreeMap;

use rusqlite::{Connection, params, types::ValueRef};
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::{
    control::Counts,
    period::Period,
    release::Spans,
    sorts::{JUSTICE_PURPOSES, List, Sort, Value},
    tables::{self, MEDIANS, Median, Population, Span, Table},
};
use crate::{
    casework::life::code::{Outcome, WithdrawReason},
    referral::{codes::Purpose, text::Country},
    vault::{VaultError, int, uint},
};

/// A withdrawal is to be carried out within this, in seconds.
const RECALL_S_MAX: u64 = 72 * 3_600;
/// What is to be erased is erased within this, in seconds.
const ERASE_S_MAX: u64 = DAY_S;

/// Room for pages while a period is counted, in SQLite's own terms: 48 MiB. Each question reads the same pages, and a page that is no
/// longer there is decrypted and checked anew.
const COUNT_CACHE: i64 = -48 * 1024;

/// What was counted of a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// Every table of the menu, in its order.
    pub tables: Vec<(Table, Counts)>,
    /// Every list of medians.
    pub spans: Vec<Spans>,
}

/// Counts a period, for an agency of this country; `now` decides what still waits.
///
/// # Errors
/// What the vault says.
pub fn count(db: &Connection, period: Period, own: &Country, now: Timestamp) -> Result<Counted, VaultError> {
    let usual: i64 = db.pragma_query_value(None, "cache_size", |row| row.get(0))?;
    db.pragma_update(None, "cache_size", COUNT_CACHE)?;
    let counted = count_all(db, period, own, now);
    db.pragma_update(None, "cache_size", usual)?;
    counted
}

fn count_all(db: &Connection, period: Period, own: &Country, now: Timestamp) -> Result<Counted, VaultError> {
    let mut all: Vec<(Table, Counts)> = tables::menu().into_iter().map(|table| (table, Counts::default())).collect();
    let roots: Vec<Table> = all.iter().map(|(table, _)| table.clone()).collect();
    for family in families(&roots) {
        count_family(db, &family, period, own, now, &mut all)?;
    }
    let mut found = Vec::new();
    for span in [Span::Opening, Span::Deciding, Span::Serving] {
        found.extend(spans(db, span, period, own)?);
    }
    Ok(Counted { tables: all, spans: found })
}

/// Tables that one question answers.
struct Family {
    population: Population,
    columns: Vec<&'static str>,
    /// Their places in the menu.
    tables: Vec<usize>,
}

/// Tables of one indicator and population share a question, as does a table with those that split its cells; lists of codes are asked
/// for by themselves, since together they would give a group for nearly every row.
fn families(menu: &[Table]) -> Vec<Family> {
    let mut named: Vec<(String, Family)> = Vec::new();
    for (at, table) in menu.iter().enumerate() {
        let root = root_of(menu, table);
        let is_list = matches!(root.sort, Sort::Each(..) | Sort::Only(..) | Sort::Citizenship(_));
        let indicator = root.id.split('.').next().unwrap_or_default();
        let name = format!("{:?} {}", root.population, if is_list { root.id.as_str() } else { indicator });
        let place = named.iter().position(|(known, _)| *known == name).unwrap_or(named.len());
        if place == named.len() {
            named.push((name, Family { population: root.population, columns: Vec::new(), tables: Vec::new() }));
        }
        let Some((_, family)) = named.get_mut(place) else { continue };
        family.tables.push(at);
        for column in table.sort.columns() {
            if !family.columns.contains(&column) {
                family.columns.push(column);
            }
        }
    }
    named.into_iter().map(|(_, family)| family).collect()
}

/// The table of the whole population that a table splits, step by step.
fn root_of<'a>(menu: &'a [Table], table: &'a Table) -> &'a Table {
    let mut root = table;
    while let Some(parent) = root.of.as_ref().and_then(|of| menu.iter().find(|parent| parent.id == of.table)) {
        root = parent;
    }
    root
}

fn count_family(
    db: &Connection,
    family: &Family,
    period: Period,
    own: &Country,
    now: Timestamp,
    all: &mut [(Table, Counts)],
) -> Result<(), VaultError> {
    let mut statement = db.prepare(&question(family))?;
    let (from, to) = bounds(family.population, period);
    let mut rows = statement.query(params![from, to, int(now.0)])?;
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(family.columns.len());
        for at in 0..family.columns.len() {
            values.push(value(row.get_ref(at)?)?);
        }
        let persons = uint(row.get(family.columns.len())?)?;
        let value_of = |column: &str| {
            family.columns.iter().position(|of| *of == column).and_then(|at| values.get(at)).unwrap_or(&Value::None)
        };
        let keys_of = |sort: Sort| {
            let values: Vec<&Value> = sort.columns().into_iter().map(value_of).collect();
            sort.keys(&values, own)
        };
        // Where a group counts is known for a table before those that split its cells.
        let mut counted: Vec<(String, Vec<String>)> = Vec::new();
        for at in &family.tables {
            let Some((table, counts)) = all.get_mut(*at) else { continue };
            let is_in =
                |of: &tables::CellOf| counted.iter().any(|(id, keys)| *id == of.table && keys.contains(&of.key));
            if !table.of.as_ref().is_none_or(is_in) {
                continue;
            }
            let keys = keys_of(table.sort);
            counts.total = counts.total.saturating_add(persons);
            for key in &keys {
                let sum = counts.rows.entry(key.clone()).or_default();
                *sum = sum.saturating_add(persons);
            }
            counted.push((table.id.clone(), keys));
        }
    }
    Ok(())
}

fn value(value: ValueRef<'_>) -> Result<Value, VaultError> {
    match value {
        ValueRef::Null => Ok(Value::None),
        ValueRef::Integer(number) => Ok(Value::Number(number)),
        ValueRef::Text(text) => Ok(Value::Text(String::from_utf8_lossy(text).into_owned())),
        ValueRef::Real(_) | ValueRef::Blob(_) => Err(VaultError::Damaged { what: "a code of a referral is no code" }),
    }
}

/// One sum of persons for each group of codes.
fn question(family: &Family) -> String {
    let columns: Vec<String> = family.columns.iter().map(|column| expression(column)).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
    format!(
        "SELECT {}, SUM(persons) FROM referral WHERE {} AND exercise = 0 AND ?3 = ?3 GROUP BY {}",
        columns.join(", "),
        rows_of(family.population),
        places.join(", ")
    )
}

/// The rows of a population whose time lies in a period. The number of a reason says which list it is of, also when the state says
/// only that it is erased.
const fn rows_of(population: Population) -> &'static str {
    match population {
        Population::Sent => {
            "side = 1 AND first_at >= ?1 AND first_at < ?2 AND state NOT IN ('draft', 'queued', 'failed')"
        }
        Population::Received => "side = 2 AND first_at >= ?1 AND first_at < ?2",
        Population::Served => "side = 2 AND service_at >= ?1 AND service_at < ?2",
        Population::Declined => "side = 2 AND decided_at >= ?1 AND decided_at < ?2 AND why BETWEEN 1 AND 255",
        Population::Ended => {
            "side = 2 AND ended_at >= ?1 AND ended_at < ?2 AND (why BETWEEN 257 AND 511 OR state = 'transferred')"
        }
        Population::TakenBack => "side = 1 AND ended_at >= ?1 AND ended_at < ?2 AND why BETWEEN 513 AND 767",
        Population::Recalled => "side = 2 AND ended_at >= ?1 AND ended_at < ?2 AND why BETWEEN 513 AND 767",
        Population::ToErase => "erase_by >= ?1 AND erase_by < ?2 AND hold IS NULL",
    }
}

/// The bounds of a period as the rows of a population have their time.
fn bounds(population: Population, period: Period) -> (i64, i64) {
    let (begin, end) = (period.begin().0, period.end().0);
    let before = |seconds: u64| (int(begin.saturating_sub(seconds)), int(end.saturating_sub(seconds)));
    match population {
        // What was to be done counts when the time for doing it has ended.
        Population::Recalled => before(RECALL_S_MAX),
        Population::ToErase => before(ERASE_S_MAX),
        Population::Sent
        | Population::Received
        | Population::Served
        | Population::Declined
        | Population::Ended
        | Population::TakenBack => before(0),
    }
}

/// A column, or what a name stands for.
pub(crate) fn expression(column: &str) -> String {
    let number = |list: List, code: &str| list.number(code).unwrap_or(0);
    match column {
        "across" => "country_from <> country_to".to_owned(),
        "justice" => {
            let mask = JUSTICE_PURPOSES.iter().fold(0_i64, |mask, purpose| {
                let at = Purpose::ALL.iter().position(|of| of == purpose).and_then(|at| u32::try_from(at).ok());
                mask | at.and_then(|at| 1_i64.checked_shl(at)).unwrap_or(0)
            });
            format!("(purposes & {mask}) <> 0")
        }
        // In the order of `List::Opening`. Without a time by which to look, nobody can say that it was in time.
        "opening" => "CASE WHEN opened_at <= look_by THEN 0 WHEN opened_at IS NOT NULL THEN 1 WHEN why BETWEEN 513 AND 767 THEN 4 \
             WHEN ended_at IS NULL AND expires_at > ?3 THEN 3 ELSE 2 END"
            .to_owned(),
        // In the order of `List::Answer`. What was escalated was not taken back: nobody had looked.
        "answer" => format!(
            "CASE WHEN decided_at IS NOT NULL THEN 0 WHEN opened_at IS NOT NULL THEN 1 WHEN why BETWEEN 513 AND 767 AND why <> {} \
             THEN 4 WHEN ended_at IS NULL AND expires_at > ?3 THEN 3 ELSE 2 END",
            number(List::WithdrawReason, WithdrawReason::Escalated.as_str())
        ),
        "kept" => format!("CASE WHEN erased_at <= ended_at + {RECALL_S_MAX} THEN 0 ELSE 1 END"),
        "overdue" => format!("CASE WHEN erased_at <= erase_by + {ERASE_S_MAX} THEN 0 ELSE 1 END"),
        "why" => format!(
            "CASE WHEN state = 'transferred' THEN {} ELSE why END",
            number(List::Outcome, Outcome::TransferredOnward.as_str())
        ),
        column => column.to_owned(),
    }
}

/// How many referrals took how many minutes, by key.
type Minutes = BTreeMap<String, BTreeMap<u64, u64>>;

/// The medians of every list that measures this span.
fn spans(db: &Connection, span: Span, period: Period, own: &Country) -> Result<Vec<Spans>, VaultError> {
    let lists: Vec<Median> = MEDIANS.iter().copied().filter(|median| median.span == span).collect();
    let columns = span_columns(&lists);
    let mut statement = db.prepare(&span_question(span, &columns))?;
    let mut found = statement.query(params![int(period.begin().0), int(period.end().0)])?;
    let mut all: Vec<(Median, Minutes)> = lists.into_iter().map(|median| (median, Minutes::new())).collect();
    while let Some(row) = found.next()? {
        let mut values = Vec::with_capacity(columns.len());
        for at in 0..columns.len() {
            values.push(value(row.get_ref(at)?)?);
        }
        let (minutes, referrals) = (uint(row.get(columns.len())?)?, uint(row.get(columns.len().saturating_add(1))?)?);
        for (median, by_key) in &mut all {
            let of = |column: &str| {
                columns.iter().position(|of| *of == column).and_then(|at| values.get(at)).unwrap_or(&Value::None)
            };
            let values: Vec<&Value> = median.sort.columns().into_iter().map(of).collect();
            for key in median.sort.keys(&values, own) {
                let many = by_key.entry(key).or_default().entry(minutes).or_default();
                *many = many.saturating_add(referrals);
            }
        }
    }
    let seen = |(key, minutes): (String, BTreeMap<u64, u64>)| {
        let (referrals, median) = middle(&minutes);
        (key, referrals, median.saturating_mul(60))
    };
    Ok(all.into_iter().map(|(median, by_key)| Spans { median, rows: by_key.into_iter().map(seen).collect() }).collect())
}

/// How many there are, and the value in the middle; half-way between two, where they are even.
fn middle(many: &BTreeMap<u64, u64>) -> (u64, u64) {
    let all = many.values().fold(0_u64, |sum, many| sum.saturating_add(*many));
    let at = |place: u64| {
        let mut passed = 0_u64;
        let mut values = many.iter().skip_while(|(_, many)| {
            passed = passed.saturating_add(**many);
            passed < place
        });
        values.next().map_or(0, |(value, _)| *value)
    };
    let (lower, upper) = (at(all.saturating_add(1) / 2), at(all.saturating_add(2) / 2));
    (all, lower.midpoint(upper))
}

fn span_columns(lists: &[Median]) -> Vec<&'static str> {
    let mut columns: Vec<&str> = lists.iter().flat_map(|median| median.sort.columns()).collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn span_question(span: Span, columns: &[&str]) -> String {
    let (from, to) = match span {
        Span::Opening => ("delivered_at", "opened_at"),
        Span::Deciding => ("opened_at", "decided_at"),
        Span::Serving => ("decided_at", "service_at"),
    };
    let keys: Vec<String> = columns.iter().map(|column| expression(column)).collect();
    let places: Vec<String> = (1..=keys.len().saturating_add(1)).map(|place| place.to_string()).collect();
    // Two clocks may differ by a little; what looks as if it had taken less than no time took none.
    format!(
        "SELECT {}, MAX({to} - {from}, 0) / 60, COUNT(*) FROM referral WHERE side = 2 AND {to} >= ?1 AND {to} < ?2 \
         AND {from} IS NOT NULL AND exercise = 0 GROUP BY {}",
        keys.join(", "),
        places.join(", ")
    )
}

#[cfg(test)]
mod tests;
