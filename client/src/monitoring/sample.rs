//! What the tests share: a table of referrals to count, and one who tries to narrow what a release hides.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{
    control::{Cell, Shown},
    period::Period,
    tables::Table,
};
use crate::vault::int;

/// Referrals of a test, in memory.
pub(crate) struct Sample {
    pub(crate) db: Connection,
    made: i64,
}

/// What a row says; the rest is as in most rows.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) side: i64,
    pub(crate) state: &'static str,
    pub(crate) exercise: bool,
    pub(crate) first_at: u64,
    pub(crate) persons: i64,
    pub(crate) values: Vec<(&'static str, i64)>,
    pub(crate) texts: Vec<(&'static str, &'static str)>,
}

/// The period that rows of [`Line::received`] lie in.
pub(crate) fn period() -> Period {
    Period::of("2026-Q3").unwrap()
}

impl Line {
    /// A referral that came on the first day of the period.
    pub(crate) fn received() -> Self {
        let (values, texts) = (Vec::new(), Vec::new());
        Self { side: 2, state: "delivered", exercise: false, first_at: period().begin().0, persons: 1, values, texts }
    }

    pub(crate) fn with(mut self, column: &'static str, value: i64) -> Self {
        self.values.push((column, value));
        self
    }

    pub(crate) fn at(self, column: &'static str, seconds: u64) -> Self {
        let at = i64::try_from(period().begin().0 + seconds).unwrap();
        self.with(column, at)
    }

    pub(crate) fn text(mut self, column: &'static str, value: &'static str) -> Self {
        self.texts.push((column, value));
        self
    }
}

impl Sample {
    pub(crate) fn new() -> Self {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("../vault/schema_16.sql")).unwrap();
        db.execute_batch(include_str!("../vault/schema_18.sql")).unwrap();
        Self { db, made: 0 }
    }

    pub(crate) fn add(&mut self, line: &Line) {
        self.made += 1;
        let id = self.made.to_be_bytes();
        self.db
            .prepare_cached(
                "INSERT INTO referral (handle, referral, side, partner, dossier, state, state_at, way, kind, level, urgency, exercise, \
                 revision, created_at, expires_at, first_at, delete_after, basis, services, age_band, is_child, persons, exploitation, industry, control, \
                 recruitment, country_from, country_to, country_of_need, role_from, role_to, bases, purposes) \
                 VALUES (?1, ?1, ?2, x'01', ?1, ?3, ?4, 4, 1, 1, 3, ?5, 1, ?4, ?6, ?4, 0, 0, 1, 4, 0, ?7, 1, 0, 0, 0, 'XA', 'XA', 'XA', 0, 1, 1, 1)",
            )
            .unwrap()
            .execute(params![
                id,
                line.side,
                line.state,
                int(line.first_at),
                line.exercise,
                int(line.first_at + 14 * 86_400),
                line.persons
            ])
            .unwrap();
        let place = self.db.last_insert_rowid();
        for (column, value) in &line.values {
            self.db
                .prepare_cached(&format!("UPDATE referral SET {column} = ?1 WHERE place = ?2"))
                .unwrap()
                .execute(params![value, place])
                .unwrap();
        }
        for (column, value) in &line.texts {
            self.db
                .prepare_cached(&format!("UPDATE referral SET {column} = ?1 WHERE place = ?2"))
                .unwrap()
                .execute(params![value, place])
                .unwrap();
        }
    }

    pub(crate) fn add_many(&mut self, count: usize, line: &Line) {
        for _ in 0..count {
            self.add(line);
        }
    }
}

/// From what to what a count may be.
type Range = (i128, i128);
const ANY: i128 = 1_000_000_000_000;

/// Narrows every cell of a release by what is printed, what rounding says, how rows and totals and tables hang together, and what the
/// rule of hiding says; until nothing changes. Sums hang together as a tree here, so that what is left to each cell is possible.
/// Returns the hidden cells of which less is left than "fewer than k" says.
pub(crate) fn attack(menu: &[Table], shown: &[Shown], k: u64, base: u64, sensitive: &[&str]) -> Vec<String> {
    let (k, base) = (i128::from(k), i128::from(base));
    let range = |cell: Cell, may_be_none: bool, least: i128| match cell {
        Cell::Count(0) => (0, 0),
        Cell::Count(count) => {
            let count = i128::from(count);
            ((count - base / 2).max(least), count + base - 1 - base / 2)
        }
        Cell::Few => (i128::from(!may_be_none), k - 1),
        Cell::Hidden => (k, ANY),
    };
    let mut ranges: BTreeMap<(String, String), Range> = BTreeMap::new();
    let name = |id: &str, key: &str| (id.to_owned(), key.to_owned());
    for table in shown {
        ranges.insert(name(&table.id, "total"), range(table.total, true, k));
        let least_shown = table.rows.iter().filter_map(|(_, cell)| match cell {
            Cell::Count(count) => Some(i128::from(*count) + base - 1 - base / 2),
            Cell::Few | Cell::Hidden => None,
        });
        let least_shown = least_shown.min().unwrap_or(ANY);
        for (key, cell) in &table.rows {
            let may_be_none = sensitive.contains(&format!("{}:{key}", table.id).as_str());
            let (low, high) = range(*cell, may_be_none, k);
            let high = if *cell == Cell::Hidden { high.min(least_shown) } else { high };
            ranges.insert(name(&table.id, &format!("row {key}")), (low, high));
        }
    }
    loop {
        let before = ranges.clone();
        for table in shown {
            let spec = menu.iter().find(|spec| spec.id == table.id).unwrap();
            // Tables of one population, and a table and the cell that it splits, have one number of persons.
            for other in shown {
                let spec_of_other = menu.iter().find(|spec| spec.id == other.id).unwrap();
                let same =
                    spec.of.is_none() && spec_of_other.of.is_none() && spec.population == spec_of_other.population;
                if same {
                    unite(&mut ranges, &name(&table.id, "total"), &name(&other.id, "total"));
                }
            }
            if let Some(of) = &spec.of {
                unite(&mut ranges, &name(&table.id, "total"), &name(&of.table, &format!("row {}", of.key)));
            }
            if !table.rows.is_empty() {
                add_up(&mut ranges, table, spec.sort.most().map(i128::from));
            }
        }
        if ranges == before {
            break;
        }
    }
    let mut narrowed = Vec::new();
    for table in shown {
        for (key, cell) in &table.rows {
            let may_be_none = sensitive.contains(&format!("{}:{key}", table.id).as_str());
            let (low, high) = ranges[&name(&table.id, &format!("row {key}"))];
            let is_narrow = match cell {
                Cell::Count(_) => false,
                Cell::Few => (low, high) != (i128::from(!may_be_none), k - 1),
                Cell::Hidden => high - low + 1 < k - 1,
            };
            if is_narrow {
                narrowed.push(format!("{} {key}: {low} to {high}", table.id));
            }
        }
    }
    narrowed
}

fn unite(ranges: &mut BTreeMap<(String, String), Range>, one: &(String, String), other: &(String, String)) {
    let (a, b) = (ranges[one], ranges[other]);
    let both = (a.0.max(b.0), a.1.min(b.1));
    ranges.insert(one.clone(), both);
    ranges.insert(other.clone(), both);
}

fn add_up(ranges: &mut BTreeMap<(String, String), Range>, table: &Shown, most: Option<i128>) {
    let total_name = (table.id.clone(), "total".to_owned());
    let row_names: Vec<(String, String)> =
        table.rows.iter().map(|(key, _)| (table.id.clone(), format!("row {key}"))).collect();
    let total = ranges[&total_name];
    let low: i128 = row_names.iter().map(|row| ranges[row].0).sum();
    let high: i128 = row_names.iter().map(|row| ranges[row].1).sum();
    let times = most.unwrap_or(1);
    // total ≤ sum of rows ≤ total · times
    for row in &row_names {
        let (from, to) = ranges[row];
        let to = to.min(total.1.saturating_mul(times) - (low - from)).min(total.1);
        let from = from.max(total.0 - (high - ranges[row].1));
        ranges.insert(row.clone(), (from, to));
    }
    let from = total.0.max((low + times - 1) / times);
    ranges.insert(total_name, (from, total.1.min(high)));
}
