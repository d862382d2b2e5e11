//! The sum over agencies (REFERRAL §8, rules 6 and 8): what their reports show, added up. Where a part is hidden the sum is a least
//! one; a cell from which one agency's number would follow is hidden, and others with it until what is hidden is not that agency's
//! either. No agency is named.
//!
//! A cell is shown when at least [`AGENCIES_MIN`] agencies give to it; when none gives more than [`DOMINANT_PERCENT`], the
//! (n,k)-dominance rule with n = 1; and when what the two largest do not give is at least [`KNOWN_PERCENT`] of the largest, the p%
//! rule, for the second largest knows its own part. Source: Hundepool et al., *Statistical Disclosure Control* (Wiley 2012), chapter 4,
//! as in Eurostat's handbook.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    control::Cell,
    period::Period,
    release::Report,
    tables::{self, Population, Table},
};
use crate::error::Told;

/// Agencies that give to a cell that is shown, at least.
pub const AGENCIES_MIN: usize = 3;
/// An agency dominates a cell of which it gives more than this, in percent.
pub const DOMINANT_PERCENT: u64 = 80;
/// What the two largest do not give to a cell is at least this, in percent of the largest.
pub const KNOWN_PERCENT: u64 = 10;

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
    /// One agency's number would follow from it, or it is hidden with such a cell.
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
    let (mut summed, mut totals): (Vec<Summed>, Totals) = (Vec::new(), Totals::new());
    for table in tables::menu() {
        let may = table.of.as_ref().is_none_or(|of| {
            let parent = summed.iter().find(|parent| parent.id == of.table);
            parent.is_some_and(|parent| parent.rows.iter().any(|(key, sum)| *key == of.key && *sum != Sum::Hidden))
        });
        if may && let Some(one) = add(&table, reports, &mut totals) {
            summed.push(one);
        }
    }
    Ok(National { country: first.country.clone(), period: first.period, agencies: agencies.len(), tables: summed })
}

/// What agencies show of one cell.
#[derive(Clone, Default)]
struct Parts {
    /// What each shows, by its place among the reports; no zeros.
    shown: BTreeMap<usize, u64>,
    /// One hides some.
    partly: bool,
}

impl Parts {
    fn take(&mut self, agency: usize, cell: Cell) {
        match cell {
            Cell::Count(0) => {}
            Cell::Count(count) => self.add(agency, count),
            Cell::Few | Cell::Hidden => self.partly = true,
        }
    }

    fn add(&mut self, agency: usize, count: u64) {
        let sum = self.shown.entry(agency).or_default();
        *sum = sum.saturating_add(count);
    }

    fn sum(&self) -> u64 {
        self.shown.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether something of one agency follows from this number: for anybody, or for one of the others.
    fn tells_of_one(&self) -> bool {
        let mut parts: Vec<u64> = self.shown.values().copied().collect();
        if parts.is_empty() {
            return self.partly;
        }
        parts.sort_unstable_by(|one, other| other.cmp(one));
        let most = parts.first().copied().unwrap_or(0);
        let rest = parts.iter().skip(2).fold(0_u64, |sum, count| sum.saturating_add(*count));
        parts.len() < AGENCIES_MIN
            || most.saturating_mul(100) > self.sum().saturating_mul(DOMINANT_PERCENT)
            || rest.saturating_mul(100) < most.saturating_mul(KNOWN_PERCENT)
    }

    fn seen(&self) -> Sum {
        if self.tells_of_one() {
            Sum::Hidden
        } else if self.partly {
            Sum::AtLeast(self.sum())
        } else {
            Sum::Count(self.sum())
        }
    }

    /// Whether the difference of both numbers tells of one agency: that of those which give one and not the other.
    fn differ_by_one(&self, other: &Self) -> bool {
        let mut differ = Self::default();
        for (one, another) in [(self, other), (other, self)] {
            for (agency, count) in one.shown.iter().filter(|(agency, _)| !another.shown.contains_key(agency)) {
                differ.add(*agency, *count);
            }
        }
        differ.tells_of_one()
    }
}

/// A table as agencies gave it.
#[derive(Default)]
struct Gathered<'a> {
    rows: BTreeMap<&'a str, Parts>,
    total: Parts,
    /// Of each agency what its total holds and its rows do not show.
    withheld: Parts,
    is_there: bool,
}

fn gather<'a>(table: &Table, reports: &'a [Report]) -> Gathered<'a> {
    let mut all = Gathered::default();
    let mut all_partly = false;
    for (agency, report) in reports.iter().enumerate() {
        let Some(shown) = report.table(&table.id) else {
            // Left out: the cell that it would split is nought there, or hidden.
            let hidden = hides_parent(table, report);
            all.total.partly |= hidden;
            all_partly |= hidden;
            continue;
        };
        all.is_there = true;
        all.total.take(agency, shown.total);
        all_partly |= shown.rows.is_empty() && shown.total != Cell::Count(0);
        let mut counted = 0_u64;
        for (key, cell) in &shown.rows {
            all.rows.entry(key.as_str()).or_default().take(agency, *cell);
            counted = counted.saturating_add(if let Cell::Count(count) = cell { *count } else { 0 });
        }
        let hides = shown.rows.is_empty() || shown.rows.iter().any(|(_, cell)| !matches!(cell, Cell::Count(_)));
        if let (true, Cell::Count(total)) = (hides, shown.total)
            && total > 0
        {
            all.withheld.add(agency, total.saturating_sub(counted).max(report.base));
        }
    }
    for parts in all.rows.values_mut() {
        parts.partly |= all_partly;
    }
    all
}

/// Totals of which some is shown, by the persons that they count: those of a population, or of a cell.
type Totals = BTreeMap<(Population, Option<(String, String)>), Vec<Parts>>;

/// One table of the sum; none when no agency has it.
fn add(table: &Table, reports: &[Report], totals: &mut Totals) -> Option<Summed> {
    let gathered = gather(table, reports);
    if !gathered.is_there {
        return None;
    }
    let (id, split) = (table.id.clone(), table.split.to_owned());
    let of = (table.population, table.of.as_ref().map(|of| (of.table.clone(), of.key.clone())));
    let others = totals.entry(of).or_default();
    // Where other agencies give this table than gave one before of the same persons, theirs would follow from both totals.
    let differs = others.iter().any(|other| other.differ_by_one(&gathered.total));
    if reports.len() < AGENCIES_MIN || differs {
        let rows = gathered.rows.keys().map(|key| ((*key).to_owned(), Sum::Hidden)).collect();
        return Some(Summed { id, split, rows, total: Sum::Hidden });
    }
    let total = gathered.total.seen();
    let hidden = if table.sort.most().is_none() { hidden_rows(&gathered, total) } else { BTreeSet::new() };
    let seen = |(key, parts): (&&str, &Parts)| {
        let sum = if hidden.contains(*key) { Sum::Hidden } else { parts.seen() };
        ((*key).to_owned(), sum)
    };
    let rows: Vec<(String, Sum)> = gathered.rows.iter().map(seen).collect();
    if total != Sum::Hidden {
        others.push(gathered.total.clone());
    }
    for (key, _) in rows.iter().filter(|(_, sum)| *sum != Sum::Hidden) {
        let parts = gathered.rows.get(key.as_str()).cloned().unwrap_or_default();
        totals.entry((table.population, Some((table.id.clone(), key.clone())))).or_default().push(parts);
    }
    Some(Summed { id, split, rows, total })
}

/// Whether an agency hides the cell that this table splits.
fn hides_parent(table: &Table, report: &Report) -> bool {
    let Some(of) = &table.of else { return true };
    let Some(parent) = report.table(&of.table) else { return true };
    let withheld = parent.rows.is_empty() && parent.total != Cell::Count(0);
    withheld || parent.rows.iter().any(|(key, cell)| *key == of.key && !matches!(cell, Cell::Count(0)))
}

/// Rows that tell of one agency, and the smallest others until what the total holds beside the shown rows does not: that is what is
/// hidden here, and what agencies hide themselves.
fn hidden_rows<'a>(gathered: &Gathered<'a>, total: Sum) -> BTreeSet<&'a str> {
    let rows = &gathered.rows;
    let mut hidden: BTreeSet<&str> =
        rows.iter().filter(|(_, parts)| parts.tells_of_one()).map(|(key, _)| *key).collect();
    if total == Sum::Hidden {
        return hidden;
    }
    let mut left: Vec<(u64, &str)> =
        rows.iter().filter(|(key, _)| !hidden.contains(*key)).map(|(key, parts)| (parts.sum(), *key)).collect();
    left.sort_unstable();
    let mut left = left.into_iter().filter(|(sum, _)| *sum > 0);
    while beside(gathered, &hidden).tells_of_one() {
        let Some((_, key)) = left.next() else { break };
        hidden.insert(key);
    }
    hidden
}

/// What the total holds and the shown rows do not, by agency.
fn beside(gathered: &Gathered<'_>, hidden: &BTreeSet<&str>) -> Parts {
    let mut beside = gathered.withheld.clone();
    for (_, parts) in gathered.rows.iter().filter(|(key, _)| hidden.contains(*key)) {
        for (agency, count) in &parts.shown {
            beside.add(*agency, *count);
        }
    }
    beside
}

#[cfg(test)]
mod tests;
