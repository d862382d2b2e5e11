//! Disclosure control: which cells of the counted tables may be seen (REFERRAL §8, rules 1 to 3 and 5). Pure.
//!
//! A cell of 1 to k-1 persons is printed as "fewer than k". Other cells of its table are hidden with it, the smallest first, until
//! nothing follows from what is shown; when even that does not do, the whole table is withheld and only its total is told. A table
//! is judged as if its total and every cell that it shows were known exactly, so that neither rounding nor another table of the same
//! population is relied on; and as if it were known that what is hidden beside a small cell is no larger than anything that is shown.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::{CellOf, Population, Table};

/// The rules of a release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rules {
    /// Persons below whom no cell is shown: at least [`PERSONS_MIN`].
    k: u64,
    /// Every shown count is a multiple of it: at least [`BASE_MIN`].
    base: u64,
    /// Cells whose zero is hidden too, `M06.outcome:Deceased`.
    sensitive: BTreeSet<String>,
}

/// The least number of persons in a cell that is shown.
pub const PERSONS_MIN: u64 = 10;
/// The least base of rounding.
pub const BASE_MIN: u64 = 5;
/// The largest k and base that make sense.
pub const RULE_MAX: u64 = 1_000;

impl Rules {
    /// These rules, or the floors where they are lower.
    #[must_use]
    pub fn new(k: u64, base: u64, sensitive: impl IntoIterator<Item = String>) -> Self {
        let (k, base) = (k.clamp(PERSONS_MIN, RULE_MAX), base.clamp(BASE_MIN, RULE_MAX));
        Self { k, base, sensitive: sensitive.into_iter().collect() }
    }

    /// Persons below whom no cell is shown.
    #[must_use]
    pub const fn k(&self) -> u64 {
        self.k
    }

    /// The base of rounding.
    #[must_use]
    pub const fn base(&self) -> u64 {
        self.base
    }

    fn is_sensitive(&self, table: &str, key: &str) -> bool {
        self.sensitive.contains(&format!("{table}:{key}"))
    }

    /// The nearest multiple of the base; half-way goes up.
    fn rounded(&self, count: u64) -> Cell {
        let multiple = count.saturating_add(self.base / 2).checked_div(self.base).unwrap_or(0);
        Cell::Count(multiple.saturating_mul(self.base))
    }
}

/// What a table counts: persons.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// By key; no zeros.
    pub rows: BTreeMap<String, u64>,
    /// All persons, each once.
    pub total: u64,
}

/// What may be seen of a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cell {
    /// The count, rounded.
    Count(u64),
    /// Fewer than k; where the zero is sensitive, perhaps none.
    Few,
    /// Hidden, so that a small cell does not follow.
    Hidden,
}

/// What may be seen of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The table's id.
    pub id: String,
    /// By what it splits.
    pub split: String,
    /// Its rows in the order of their keys. What is not there is zero; with none at all, under a total that is not zero, all are
    /// withheld.
    pub rows: Vec<(String, Cell)>,
    /// All persons, rounded by itself: not the sum of the rounded rows.
    pub total: Cell,
}

/// What may be seen of these tables. Each stands after the table whose cell it splits; a table under a cell that is not shown, or is
/// zero, is left out.
#[must_use]
pub fn control(tables: &[(Table, Counts)], rules: &Rules) -> Vec<Shown> {
    let populations: BTreeSet<Population> = tables
        .iter()
        .filter(|(table, _)| {
            table.of.is_none() && rules.sensitive.iter().any(|cell| cell.starts_with(&format!("{}:", table.id)))
        })
        .map(|(table, _)| table.population)
        .collect();
    let mut shown: Vec<Shown> = Vec::new();
    for (table, counts) in tables {
        let may = table.of.as_ref().is_none_or(|of| is_shown(&shown, of));
        if may {
            let may_be_none = table.of.is_none() && populations.contains(&table.population);
            shown.push(one(table, counts, rules, may_be_none));
        }
    }
    shown
}

/// Whether a cell is there, seen, and not zero.
fn is_shown(shown: &[Shown], of: &CellOf) -> bool {
    let parent = shown.iter().find(|parent| parent.id == of.table);
    let cell = parent.and_then(|parent| parent.rows.iter().find(|(key, _)| *key == of.key));
    matches!(cell, Some((_, Cell::Count(_))))
}

fn one(table: &Table, counts: &Counts, rules: &Rules, may_be_none: bool) -> Shown {
    let (id, split) = (table.id.clone(), table.split.to_owned());
    let withheld = |total| Shown { id: id.clone(), split: split.clone(), rows: Vec::new(), total };
    if counts.total < rules.k {
        return withheld(if counts.total == 0 && !may_be_none { Cell::Count(0) } else { Cell::Few });
    }
    let mut rows: Vec<Row<'_>> = counts.rows.iter().map(|(key, count)| Row::new(key, *count, false)).collect();
    for (key, is_there) in sensitive_keys(table, counts, rules) {
        match rows.iter_mut().find(|row| row.key == key) {
            Some(row) => row.may_be_none = true,
            None if !is_there => rows.push(Row::new(key, 0, true)),
            None => {}
        }
    }
    rows.sort_by(|one, other| one.key.cmp(other.key));
    let sum = Sum { total: counts.total, most: table.sort.most() };
    if !protect(&mut rows, &sum, rules) {
        return withheld(rules.rounded(counts.total));
    }
    let seen = |row: &Row<'_>| match row.mark {
        Mark::Shown => rules.rounded(row.count),
        Mark::Few => Cell::Few,
        Mark::Hidden => Cell::Hidden,
    };
    let rows = rows.iter().map(|row| (row.key.to_owned(), seen(row))).collect();
    Shown { id, split, rows, total: rules.rounded(counts.total) }
}

/// Keys of this table whose zero is sensitive, and whether there is a row.
fn sensitive_keys<'a>(table: &Table, counts: &Counts, rules: &'a Rules) -> Vec<(&'a str, bool)> {
    let begins = format!("{}:", table.id);
    let keys = rules.sensitive.iter().filter_map(|cell| cell.strip_prefix(begins.as_str()));
    keys.filter(|key| rules.is_sensitive(&table.id, key)).map(|key| (key, counts.rows.contains_key(key))).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Shown,
    Few,
    Hidden,
}

struct Row<'a> {
    key: &'a str,
    count: u64,
    may_be_none: bool,
    mark: Mark,
}

impl<'a> Row<'a> {
    const fn new(key: &'a str, count: u64, may_be_none: bool) -> Self {
        Self { key, count, may_be_none, mark: Mark::Shown }
    }
}

/// What is known of the sum of a table's rows.
struct Sum {
    total: u64,
    /// Codes that one person may have; none where each person is in one row.
    most: Option<u64>,
}

impl Sum {
    /// The least and the most that the hidden rows can be together, when the others are `seen`.
    fn hidden(&self, seen: u64) -> (u64, u64) {
        let left = self.total.saturating_sub(seen);
        self.most.map_or((left, left), |most| (left, self.total.saturating_mul(most).saturating_sub(seen)))
    }
}

/// Hides what is small, and beside it what is needed. Whether that was possible.
fn protect(rows: &mut [Row<'_>], sum: &Sum, rules: &Rules) -> bool {
    for row in rows.iter_mut() {
        let is_small = row.count < rules.k && (row.count > 0 || row.may_be_none);
        row.mark = if is_small { Mark::Few } else { Mark::Shown };
    }
    while !is_safe(rows, sum, rules) {
        let smallest = rows
            .iter_mut()
            .filter(|row| row.mark == Mark::Shown && row.count > 0)
            .min_by(|one, other| (one.count, one.key).cmp(&(other.count, other.key)));
        match smallest {
            Some(row) => row.mark = Mark::Hidden,
            None => return false,
        }
    }
    true
}

/// Whether each small cell may still be anything from 1 to k-1 for one who knows all that is shown exactly, and each cell that is hidden
/// beside it one of as many numbers.
fn is_safe(rows: &[Row<'_>], sum: &Sum, rules: &Rules) -> bool {
    let k = rules.k;
    let seen = rows.iter().filter(|row| row.mark == Mark::Shown).map(|row| row.count);
    // Who knows this rule knows that what is hidden is no larger than what is shown; rounding may make that the sharper.
    let smallest = seen.clone().filter(|count| *count > 0).min().map(|count| count.saturating_sub(rules.base / 2));
    let hidden_most = smallest.unwrap_or(sum.total).max(k);
    let ranges: Vec<(u64, u64, Mark)> = rows
        .iter()
        .filter(|row| row.mark != Mark::Shown)
        .map(|row| match row.mark {
            Mark::Few => (u64::from(!row.may_be_none), k.saturating_sub(1), Mark::Few),
            Mark::Hidden | Mark::Shown => (k, hidden_most, Mark::Hidden),
        })
        .collect();
    let (least, most) = sum.hidden(seen.sum());
    let (all_least, all_most) = ranges
        .iter()
        .fold((0_u64, 0_u64), |(low, high), range| (low.saturating_add(range.0), high.saturating_add(range.1)));
    ranges.iter().all(|(low, high, mark)| {
        let from = (*low).max(least.saturating_sub(all_most.saturating_sub(*high)));
        let to = (*high).min(most.saturating_sub(all_least.saturating_sub(*low)));
        let numbers = to.saturating_add(1).saturating_sub(from);
        if *mark == Mark::Few { from == *low && to == *high } else { numbers >= k.saturating_sub(1) }
    })
}

#[cfg(test)]
mod tests;
