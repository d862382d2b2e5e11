//! What of a report goes to a co-ordinator: the indicators that were agreed to, as far as one message holds them.

use core::fmt;

use safeconduct_protocol::limits::REPORT_SENT_BYTES_MAX;

use super::{release::Report, tables, wire};

/// Indicators are `M01` to this.
const INDICATORS: u8 = 16;

/// Which indicators; at least one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Indicators(u32);

impl Indicators {
    /// All of them.
    pub const ALL: Self = Self((1 << INDICATORS) - 1);

    /// Reads `M01,M05`. What another one's tables split is taken with it: a part of a cell cannot be shown without the cell.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut bits = 0;
        for name in text.split(',') {
            let number = number(name.trim()).filter(|_| name.trim().len() == 3)?;
            bits |= 1_u32.checked_shl(number.into())?;
        }
        Self::from_bits(bits).map(Self::with_what_they_split)
    }

    /// From the number that the vault keeps.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        if bits == 0 || bits & !Self::ALL.0 != 0 { None } else { Some(Self(bits)) }
    }

    /// The number that the vault keeps.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether a table or a list of medians, by its id, belongs to one of them.
    #[must_use]
    pub fn have(self, id: &str) -> bool {
        number(id).and_then(|number| self.0.checked_shr(number.into())).is_some_and(|bits| bits & 1 == 1)
    }

    fn with_what_they_split(self) -> Self {
        let mut all = self;
        // A table stands after the one that it splits: from the end on, once is enough.
        for table in tables::menu().iter().rev().filter(|table| table.of.is_some()) {
            let of = table.of.as_ref().and_then(|of| number(&of.table)).filter(|_| all.have(&table.id));
            all.0 |= of.and_then(|number| 1_u32.checked_shl(number.into())).unwrap_or(0);
        }
        all
    }
}

impl fmt::Display for Indicators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = (1..=INDICATORS).map(|number| format!("M{number:02}")).filter(|name| self.have(name));
        f.write_str(&names.collect::<Vec<_>>().join(","))
    }
}

/// The place of an indicator, from 0, by the beginning of an id.
fn number(id: &str) -> Option<u8> {
    let digits = id.strip_prefix('M')?.get(..2)?;
    let number = digits.parse::<u8>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    number.checked_sub(1).filter(|number| *number < INDICATORS)
}

/// What goes, and what was left out because it would not fit.
#[derive(Debug)]
pub struct Fitted {
    /// The report's bytes, [`REPORT_SENT_BYTES_MAX`] at most; they name what is left out.
    pub bytes: Vec<u8>,
    /// Tables and lists of medians by their ids; whoever adds up takes them for hidden.
    pub left_out: Vec<String>,
}

/// The part of a report that was agreed to. What is left out takes nothing away from what hides the rest: it is a part of what was
/// controlled as a whole.
#[must_use]
pub fn part(report: &Report, of: Indicators) -> Report {
    let mut part = report.clone();
    part.tables.retain(|table| of.have(&table.id));
    part.medians.retain(|median| of.have(&median.id));
    part.not_counted.retain(|indicator| of.have(indicator));
    part
}

/// The same, as far as one message holds it: the longest tables that no other one splits are left out first.
#[must_use]
pub fn fitted(report: &Report, of: Indicators) -> Fitted {
    let mut part = part(report, of);
    loop {
        let bytes = wire::write(&part);
        if bytes.len() <= REPORT_SENT_BYTES_MAX {
            return Fitted { bytes, left_out: part.left_out };
        }
        let longest = match longest(&part) {
            Some(at) => Some(part.tables.remove(at).id),
            None => part.medians.pop().map(|median| median.id),
        };
        part.left_out.extend(longest);
        sort(&mut part.left_out);
    }
}

/// In the order of the menu, tables before medians.
fn sort(ids: &mut [String]) {
    let menu = tables::menu();
    let place = |id: &String| {
        let table = menu.iter().position(|table| table.id == *id);
        let median = || tables::MEDIANS.iter().position(|median| median.id == id).unwrap_or(usize::MAX);
        table.map_or_else(|| (1, median()), |at| (0, at))
    };
    ids.sort_by_cached_key(place);
}

/// The longest table that none of the others splits.
fn longest(report: &Report) -> Option<usize> {
    let menu = tables::menu();
    let is_split = |id: &str| {
        let splits = |other: &str| {
            menu.iter().any(|table| table.id == other && table.of.as_ref().is_some_and(|of| of.table == id))
        };
        report.tables.iter().any(|other| splits(&other.id))
    };
    let free = report.tables.iter().enumerate().filter(|(_, table)| !is_split(&table.id));
    free.max_by_key(|(_, table)| table.rows.len()).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::monitoring::{
        control::{Cell, Shown},
        period::Period,
        regions,
        sorts::{NOT_TOLD, SEVERAL, Sort},
        tables::MEDIANS,
    };

    fn report(tables: Vec<Shown>) -> Report {
        Report {
            agency: "xa.harbour-house".parse().unwrap(),
            country: "XA".to_owned(),
            period: Period::of("2026-Q3").unwrap(),
            profile: "XA@3".to_owned(),
            k: 10,
            base: 5,
            tables,
            medians: Vec::new(),
            not_counted: vec!["M08".to_owned(), "M09".to_owned()],
            left_out: Vec::new(),
        }
    }

    fn every_key(sort: Sort) -> BTreeSet<String> {
        let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        match sort {
            Sort::Only(_, list) => owned(&[&list.codes()[..], &[NOT_TOLD, SEVERAL]].concat()),
            Sort::Code(_, list) | Sort::Each(_, list) => owned(&[&list.codes()[..], &[NOT_TOLD]].concat()),
            Sort::Pair(_, _, list) => {
                let codes = list.codes();
                codes.iter().flat_map(|one| codes.iter().map(move |other| format!("{one}>{other}"))).collect()
            }
            Sort::Flag(_, keys) => owned(&keys),
            Sort::Need(_) => owned(&["unmet-need", "other-reason"]),
            Sort::Countries(..) => {
                let countries: Vec<String> =
                    ('A'..='Z').flat_map(|c| ["W", "X"].map(|first| format!("{first}{c}"))).collect();
                countries.iter().flat_map(|one| countries.iter().map(move |other| format!("{one}>{other}"))).collect()
            }
            Sort::Region(_) => owned(&["not-told"]),
            Sort::Citizenship(_) => owned(regions::GROUPS),
        }
    }

    /// The menu as it would be with this many persons everywhere.
    fn everything() -> Report {
        let shown = |table: &tables::Table| {
            let rows = every_key(table.sort).into_iter().map(|key| (key, Cell::Count(1_000_000))).collect();
            Shown { id: table.id.clone(), split: table.split.to_owned(), rows, total: Cell::Count(1_000_000) }
        };
        report(tables::menu().iter().map(shown).collect())
    }

    #[test]
    fn every_table_and_median_belongs_to_an_indicator_that_can_be_agreed_to() {
        let ids = tables::menu().into_iter().map(|table| table.id).chain(MEDIANS.iter().map(|one| one.id.to_owned()));
        assert!(ids.into_iter().all(|id| Indicators::ALL.have(&id)));
        assert_eq!(Indicators::of(&Indicators::ALL.to_string()), Some(Indicators::ALL));
        for wrong in ["", "M00", "M17", "M1", "M011", "m01", "M01,", "M+1"] {
            assert_eq!(Indicators::of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_a_table_splits_is_agreed_to_with_it() {
        assert_eq!(Indicators::of("M10").unwrap().to_string(), "M06,M10");
        assert_eq!(Indicators::of("M16, M05").unwrap().to_string(), Indicators::of("M05,M16").unwrap().to_string());
        let all = everything();
        for number in 1..=INDICATORS {
            let Some(of) = Indicators::of(&format!("M{number:02}")) else { panic!("M{number:02}") };
            let part = part(&all, of);
            assert!(part.tables.iter().all(|table| of.have(&table.id)));
            assert_eq!(wire::read(&wire::write(&part)).as_ref(), Ok(&part), "{of}");
        }
    }

    #[test]
    fn what_does_not_fit_one_message_is_left_out_and_named_in_the_report_and_the_rest_reads() {
        let all = everything();
        assert!(wire::write(&all).len() > REPORT_SENT_BYTES_MAX, "else this shows nothing");

        let fitted = fitted(&all, Indicators::ALL);

        assert!(fitted.bytes.len() <= REPORT_SENT_BYTES_MAX && !fitted.left_out.is_empty());
        let read = wire::read(&fitted.bytes).unwrap();
        assert_eq!(read.tables.len() + fitted.left_out.len(), all.tables.len());
        assert!(fitted.left_out.iter().all(|id| read.table(id).is_none()));
        assert_eq!(read.left_out, fitted.left_out, "whoever adds up reads what is missing");
    }
}
