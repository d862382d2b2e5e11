//! The sum over agencies (REFERRAL §8, rules 6 and 8): what their reports show, added up. Where a part is hidden the sum is a least
//! one; a cell that one agency dominates is hidden, and others with it until what is hidden is not that agency's either. No agency
//! is named.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    control::Cell,
    period::Period,
    release::Report,
    tables::{self, Table},
};
use crate::error::Told;

/// An agency dominates a cell of which it gives more than this, in percent.
pub const DOMINANT_PERCENT: u64 = 80;

/// Why reports are not added up.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotAdded {
    /// There is no report.
    #[error("there is no report to add up")]
    None,
    /// Two of one agency.
    #[error("two reports are of {agency}")]
    Twice {
        /// Which agency.
        agency: String,
    },
    /// Of different countries.
    #[error("the report of {agency} is of another country than the first one")]
    Country {
        /// Which agency's.
        agency: String,
    },
    /// Of different periods.
    #[error("the report of {agency} is of another period than the first one")]
    Period {
        /// Which agency's.
        agency: String,
    },
}

impl NotAdded {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::None => "name the files that agencies have released",
            Self::Twice { .. } => "name one report of each agency: a released period is frozen, so there is one",
            Self::Country { .. } | Self::Period { .. } => "add up reports of one country and one period",
        }
    }
}

impl From<NotAdded> for Told {
    fn from(refused: NotAdded) -> Self {
        Self::refused("reports-differ", refused.to_string(), refused.remedy())
    }
}

/// What the sum shows of a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sum {
    /// All that agencies gave.
    Count(u64),
    /// The part that is shown; an agency hides some.
    AtLeast(u64),
    /// One agency dominates it, or it is hidden with such a cell.
    Hidden,
}

/// A table of the sum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summed {
    /// The table's id.
    pub id: String,
    /// By what it splits.
    pub split: String,
    /// By key, in order.
    pub rows: Vec<(String, Sum)>,
    /// All persons.
    pub total: Sum,
}

/// The sum of a country's period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct National {
    /// Two letters.
    pub country: String,
    /// What was counted.
    pub period: Period,
    /// How many agencies gave a report.
    pub agencies: usize,
    /// In the order of the menu.
    pub tables: Vec<Summed>,
}

/// Adds up reports of one country and period.
///
/// # Errors
/// [`NotAdded`].
pub fn national(reports: &[Report]) -> Result<National, NotAdded> {
    let first = reports.first().ok_or(NotAdded::None)?;
    let mut agencies = BTreeSet::new();
    for report in reports {
        let agency = || report.agency.to_string();
        if !agencies.insert(report.agency.as_str()) {
            return Err(NotAdded::Twice { agency: agency() });
        }
        if report.country != first.country {
            return Err(NotAdded::Country { agency: agency() });
        }
        if report.period != first.period {
            return Err(NotAdded::Period { agency: agency() });
        }
    }
    let mut summed: Vec<Summed> = Vec::new();
    for table in tables::menu() {
        let may = table.of.as_ref().is_none_or(|of| {
            let parent = summed.iter().find(|parent| parent.id == of.table);
            parent.is_some_and(|parent| parent.rows.iter().any(|(key, sum)| *key == of.key && *sum != Sum::Hidden))
        });
        if may && let Some(one) = add(&table, reports) {
            summed.push(one);
        }
    }
    Ok(National { country: first.country.clone(), period: first.period, agencies: agencies.len(), tables: summed })
}

/// What agencies show of one cell.
#[derive(Clone, Default)]
struct Parts {
    /// What each shows, by its place among the reports.
    shown: Vec<(usize, u64)>,
    /// One hides some.
    partly: bool,
}

impl Parts {
    fn take(&mut self, agency: usize, cell: Cell) {
        match cell {
            Cell::Count(0) => {}
            Cell::Count(count) => self.shown.push((agency, count)),
            Cell::Few | Cell::Hidden => self.partly = true,
        }
    }

    fn sum(&self) -> u64 {
        self.shown.iter().fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    fn is_dominated(&self) -> bool {
        dominated(self.shown.iter().copied())
    }

    fn seen(&self) -> Sum {
        if self.is_dominated() {
            Sum::Hidden
        } else if self.partly {
            Sum::AtLeast(self.sum())
        } else {
            Sum::Count(self.sum())
        }
    }
}

/// Whether one agency gives more than its share of these together.
fn dominated(parts: impl Iterator<Item = (usize, u64)>) -> bool {
    let mut by_agency: BTreeMap<usize, u64> = BTreeMap::new();
    for (agency, count) in parts {
        let sum = by_agency.entry(agency).or_default();
        *sum = sum.saturating_add(count);
    }
    let all = by_agency.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
    let most = by_agency.values().max().copied().unwrap_or(0);
    most.saturating_mul(100) > all.saturating_mul(DOMINANT_PERCENT)
}

/// One table of the sum; none when no agency has it.
fn add(table: &Table, reports: &[Report]) -> Option<Summed> {
    let mut rows: BTreeMap<&str, Parts> = BTreeMap::new();
    let (mut total, mut all_partly, mut is_there) = (Parts::default(), false, false);
    for (agency, report) in reports.iter().enumerate() {
        let Some(shown) = report.table(&table.id) else {
            // Left out: the cell that it would split is nought there, or hidden.
            let hidden = hides_parent(table, report);
            total.partly |= hidden;
            all_partly |= hidden;
            continue;
        };
        is_there = true;
        total.take(agency, shown.total);
        all_partly |= shown.rows.is_empty() && shown.total != Cell::Count(0);
        for (key, cell) in &shown.rows {
            rows.entry(key.as_str()).or_default().take(agency, *cell);
        }
    }
    if !is_there {
        return None;
    }
    for parts in rows.values_mut() {
        parts.partly |= all_partly;
    }
    let hidden = if table.sort.most().is_none() { hidden_rows(&rows) } else { BTreeSet::new() };
    let seen = |(key, parts): (&&str, &Parts)| {
        let sum = if hidden.contains(*key) { Sum::Hidden } else { parts.seen() };
        ((*key).to_owned(), sum)
    };
    let rows = rows.iter().map(seen).collect();
    Some(Summed { id: table.id.clone(), split: table.split.to_owned(), rows, total: total.seen() })
}

/// Whether an agency hides the cell that this table splits.
fn hides_parent(table: &Table, report: &Report) -> bool {
    let Some(of) = &table.of else { return true };
    let Some(parent) = report.table(&of.table) else { return true };
    let withheld = parent.rows.is_empty() && parent.total != Cell::Count(0);
    withheld || parent.rows.iter().any(|(key, cell)| *key == of.key && !matches!(cell, Cell::Count(0)))
}

/// Rows that one agency dominates, and the smallest others until it does not dominate them together: the sum of what is hidden follows
/// from the total.
fn hidden_rows<'a>(rows: &BTreeMap<&'a str, Parts>) -> BTreeSet<&'a str> {
    let mut hidden: BTreeSet<&str> =
        rows.iter().filter(|(_, parts)| parts.is_dominated()).map(|(key, _)| *key).collect();
    if hidden.is_empty() {
        return hidden;
    }
    let mut left: Vec<(u64, &str)> = rows
        .iter()
        .filter(|(key, parts)| !hidden.contains(*key) && parts.sum() > 0)
        .map(|(key, parts)| (parts.sum(), *key))
        .collect();
    left.sort_unstable();
    let mut left = left.into_iter();
    while dominated(
        rows.iter().filter(|(key, _)| hidden.contains(*key)).flat_map(|(_, parts)| parts.shown.iter().copied()),
    ) {
        let Some((_, key)) = left.next() else { break };
        hidden.insert(key);
    }
    hidden
}

#[cfg(test)]
mod tests;
