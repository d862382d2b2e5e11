//! `docs/INDICATORS.md`, from the menu that the code goes by.

use core::fmt::Write as _;

use super::{
    control::{BASE_MIN, PERSONS_MIN},
    national::{AGENCIES_MIN, DOMINANT_PERCENT, KNOWN_PERCENT},
    sorts::{List, NEED, Sort},
    tables::{self, MEDIANS, NOT_COUNTED, Population, SENSITIVE_ZERO, Table},
    wire::{HOURS_MAX, PERSONS_MAX},
};

/// What stands before the tables.
const HEAD: &str = "# Indicators

What a report counts: persons, never a case. Printed from the code (`client/src/monitoring/tables.rs`) by
`cargo run -p safeconduct-client --example indicators > docs/INDICATORS.md`; there is no other table.

## Rules

";

/// The document.
#[must_use]
pub fn document() -> String {
    let mut out = HEAD.to_owned();
    rules(&mut out);
    let menu = tables::menu();
    out.push_str(
        "\n## Tables\n\nA table with a slash splits one cell of another one, and is there only when that cell shows a number.\n\n\
         | Table | Counts | Which rows | Keys |\n|---|---|---|---|\n",
    );
    let mut last = "";
    for table in &menu {
        // Tables that split the cells of one table differ in nothing else.
        let name = table.id.split_once('/').map_or(table.id.as_str(), |(name, _)| name);
        if name != last {
            line(&mut out, table, name, &menu);
        }
        last = name;
    }
    out.push_str("\n## Medians\n\nOf referrals, in whole hours.\n\n| List | Measures | Keys |\n|---|---|---|\n");
    for median in MEDIANS {
        // Writing to a String cannot fail.
        writeln!(out, "| `{}` | {} | {} |", median.id, median.says, keys(median.sort)).ok();
    }
    out.push_str("\n## Not counted\n\n| Indicator | Why |\n|---|---|\n");
    for not in NOT_COUNTED {
        writeln!(out, "| {} | {} |", not.indicator, not.why).ok();
    }
    out
}

fn rules(out: &mut String) {
    let sensitive: Vec<String> = SENSITIVE_ZERO.iter().map(|cell| format!("`{cell}`")).collect();
    let rules = [
        format!("A cell of 1 to k-1 persons is printed `<k`; k is the profile's `k_min`, at least {PERSONS_MIN}."),
        "Other cells of the table are hidden with it, the smallest first, until it may still be anything from 1 to k-1 for one who \
         knows the total and all that is shown exactly; when that cannot be, the table shows its total alone."
            .to_owned(),
        format!("Counts are rounded to the profile's `rounding_base`, at least {BASE_MIN}; totals by themselves."),
        "A table of fewer than k persons tells nothing but that.".to_owned(),
        format!("A zero that would tell too much is printed as a small cell: {}.", sensitive.join(", ")),
        "A median is told of k referrals or more.".to_owned(),
        "Exercises are not counted.".to_owned(),
        "A released period is frozen: it is released once, and no other one that shares a day with it. What was wrong in it is put right in \
         the next one."
            .to_owned(),
        format!(
            "In a report, no number of persons is above {PERSONS_MAX}, no median above {HOURS_MAX} hours, and no row above its table's \
             total; one that says more is refused."
        ),
        format!(
            "In the sum over agencies, a cell is shown when at least {AGENCIES_MIN} agencies give to it, none gives more than \
             {DOMINANT_PERCENT} % of it ((n,k)-dominance rule, n = 1), and what the two largest do not give is at least \
             {KNOWN_PERCENT} % of the largest (p% rule). Others are hidden with those that are not, the smallest first, until the same \
             holds for what the total tells beside the cells that are shown. A table is hidden whose total beside that of another table \
             of the same persons would tell of fewer agencies. No agency is named. Source: Hundepool et al., Statistical Disclosure \
             Control (Wiley 2012), chapter 4."
        ),
    ];
    for (at, rule) in rules.iter().enumerate() {
        writeln!(out, "{}. {rule}", at.saturating_add(1)).ok();
    }
}

fn line(out: &mut String, table: &Table, name: &str, menu: &[Table]) {
    let name = table.of.as_ref().map_or_else(
        || format!("`{name}`"),
        |of| {
            let begin = format!("{name}/");
            let cells = menu.iter().filter(|other| other.id.starts_with(&begin)).count();
            let which = if cells == 1 { of.key.as_str() } else { "CELL" };
            format!("`{begin}{which}`, splits `{}`", of.table)
        },
    );
    writeln!(out, "| {name} | {} | {} | {} |", table.says, rows(table.population), keys(table.sort)).ok();
}

/// Which rows, and by which time they belong to a period.
const fn rows(population: Population) -> &'static str {
    match population {
        Population::Sent => "sent, by when the node first had it",
        Population::Received => "received, by when the node first had it",
        Population::Served => "received, by when help began",
        Population::Declined => "received and declined, by when",
        Population::Ended => "received, accepted and ended, by when",
        Population::TakenBack => "sent and taken back, by when",
        Population::Recalled => "received and taken back by the sender, by when it was to be erased",
        Population::ToErase => "to be erased, by a day after the time for it",
    }
}

fn keys(sort: Sort) -> String {
    let of = |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
    let listed = |list: List| match list {
        List::Answer | List::Opening | List::Kind | List::Urgency | List::WithdrawReason => of(&list.codes()),
        List::Role
        | List::Service
        | List::AgeBand
        | List::Gender
        | List::Exploitation
        | List::Industry
        | List::Control
        | List::Recruitment
        | List::Basis
        | List::DeclineReason
        | List::Outcome => format!("the code list {list:?}"),
    };
    match sort {
        Sort::Code(_, list) => listed(list),
        Sort::Pair(_, _, list) => format!("two of {}, with `>` between", listed(list)),
        Sort::Countries(..) => "two countries, with `>` between".to_owned(),
        Sort::Flag(_, keys) => of(&keys),
        Sort::Only(_, list) => format!("{}, or `several`; each person once", listed(list)),
        Sort::Each(_, list) => format!("{}; a person under each that applies", listed(list)),
        Sort::Need(_) => of(&NEED),
        Sort::Region(_) => "regions (ISO 3166-2)".to_owned(),
        Sort::Citizenship(_) => of(super::regions::GROUPS),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_indicators_document_is_printed_from_the_menu() {
        let document = include_str!("../../../docs/INDICATORS.md");
        let printed = super::document();

        let differs = document.lines().zip(printed.lines()).find(|(is, should)| is != should);
        assert!(
            document == printed,
            "run `cargo run -p safeconduct-client --example indicators > docs/INDICATORS.md`: {differs:?}"
        );
        assert!((1..=16).all(|number| document.contains(&format!("M{number:02}"))));
    }
}
