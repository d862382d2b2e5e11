//! A report: what may be seen of one agency's period. It is made once, looked at by a person, released and then frozen.

use safeconduct_protocol::id::AgencyId;

use super::{
    control::{Cell, Counts, Rules, Shown, control},
    period::Period,
    tables::{self, Median, NOT_COUNTED, Table},
};
use crate::referral::text::{Country, ProfileRef};

/// What was counted of one list of medians.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spans {
    /// Which.
    pub median: Median,
    /// By key: how many referrals, and the median in seconds.
    pub rows: Vec<(String, u64, u64)>,
}

/// What may be seen of one list of medians.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownMedian {
    /// The list's id.
    pub id: String,
    /// By what it splits.
    pub split: String,
    /// By key, in order: whole hours; none where it is of fewer than k referrals.
    pub rows: Vec<(String, Option<u64>)>,
}

/// One agency's period, as others may see it. It names no person, no case, and no day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The agency that counted.
    pub agency: AgencyId,
    /// Its country, two letters.
    pub country: String,
    /// What is counted.
    pub period: Period,
    /// The profile by whose rules, `XA@3`.
    pub profile: String,
    /// Persons below whom no cell is shown.
    pub k: u64,
    /// Every count is a multiple of it.
    pub base: u64,
    /// The tables, in the order of the menu.
    pub tables: Vec<Shown>,
    /// The medians, in the order of the menu.
    pub medians: Vec<ShownMedian>,
    /// Indicators of which something cannot be counted.
    pub not_counted: Vec<String>,
    /// Tables and lists of medians that one message did not hold, in the order of the menu; whoever adds up takes them for hidden.
    pub left_out: Vec<String>,
}

/// Whose report it is.
#[derive(Clone)]
pub struct Giver {
    /// The agency that counts.
    pub agency: AgencyId,
    /// Its country.
    pub country: Country,
    /// The profile that applies there.
    pub profile: ProfileRef,
}

impl Report {
    /// What may be seen of these counts.
    #[must_use]
    pub fn of(giver: &Giver, period: Period, counted: &[(Table, Counts)], spans: &[Spans], rules: &Rules) -> Self {
        let mut not_counted: Vec<String> = NOT_COUNTED.iter().map(|not| not.indicator.to_owned()).collect();
        not_counted.dedup();
        Self {
            agency: giver.agency.clone(),
            country: giver.country.as_str().to_owned(),
            period,
            profile: giver.profile.as_str().to_owned(),
            k: rules.k(),
            base: rules.base(),
            tables: control(counted, rules),
            medians: spans.iter().map(|spans| seen_median(spans, rules)).collect(),
            not_counted,
            left_out: Vec::new(),
        }
    }

    /// A table by its id.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&Shown> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// Whether a table or a list of medians is in it.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.table(id).is_some() || self.medians.iter().any(|median| median.id == id)
    }

    /// Whether no table shows anything, so that there is nothing to chart.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.total == Cell::Count(0))
    }
}

/// A median is of referrals, not of persons: one family must not make a median. It is told in whole hours.
fn seen_median(spans: &Spans, rules: &Rules) -> ShownMedian {
    let hours = |seconds: u64| seconds.saturating_add(1_800) / 3_600;
    let seen = |(key, referrals, seconds): &(String, u64, u64)| {
        (key.clone(), (*referrals >= rules.k()).then(|| hours(*seconds)))
    };
    let mut rows: Vec<(String, Option<u64>)> = spans.rows.iter().map(seen).collect();
    rows.sort();
    ShownMedian { id: spans.median.id.to_owned(), split: spans.median.split.to_owned(), rows }
}

/// What a table or a list of medians counts, in words; for an id that the menu does not have, nothing.
#[must_use]
pub fn says(id: &str) -> &'static str {
    let median = tables::MEDIANS.iter().find(|median| median.id == id).map(|median| median.says);
    median.or_else(|| tables::menu().iter().find(|table| table.id == id).map(|table| table.says)).unwrap_or_default()
}

/// A key on a screen: codes that are named otherwise in law are shown so.
#[must_use]
pub fn label(key: &str) -> &str {
    if key == "ForcedAdoption" { "Forced or illegal adoption" } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_of_fewer_than_k_referrals_is_not_told() {
        let rows = vec![
            ("Urgent".to_owned(), 10, 7_200),
            ("Normal".to_owned(), 9, 7_200),
            ("Immediate".to_owned(), 40, 1_799),
        ];
        let spans = Spans { median: tables::MEDIANS[0], rows };

        let seen = seen_median(&spans, &Rules::new(1, 1, []));

        let expected = [("Immediate", Some(0)), ("Normal", None), ("Urgent", Some(2))];
        assert_eq!(seen.rows, expected.map(|(key, hours)| (key.to_owned(), hours)));
    }

    #[test]
    fn adoption_is_labelled_as_the_law_names_it() {
        assert_eq!(label("ForcedAdoption"), "Forced or illegal adoption");
        assert_eq!(label("Surrogacy"), "Surrogacy");
    }
}
