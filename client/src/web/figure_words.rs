//! What figures are called: what a table counts, by what it splits, and the keys of its rows.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{labels::label, words::Words};
use crate::monitoring::{
    period::Period,
    sorts::{List, NOT_TOLD, SEVERAL, Sort},
    tables::{MEDIANS, menu},
};

/// By what each table of the menu, and each list of medians, sorts.
static SORTS: LazyLock<BTreeMap<String, Sort>> = LazyLock::new(|| {
    let tables = menu().into_iter().map(|table| (table.id, table.sort));
    tables.chain(MEDIANS.iter().map(|median| (median.id.to_owned(), median.sort))).collect()
});

/// What is counted, by the beginning of a table's id: the first that fits. And whether it is of what was sent.
const COUNTS: [(&str, &str, Side); 22] = [
    ("M01.sent", "sent", Side::Sent),
    ("M01.received", "received", Side::Received),
    ("M02.", "served", Side::Received),
    ("M03.opening", "hours-opening", Side::Received),
    ("M03.deciding", "hours-deciding", Side::Received),
    ("M03.serving", "hours-serving", Side::Received),
    ("M04.opened", "looked", Side::Received),
    ("M04.escalated", "escalated", Side::Sent),
    ("M05.need", "declined", Side::Received),
    ("M05.reason", "declined", Side::Received),
    ("M05.", "unmet", Side::Received),
    ("M06.outcome", "ended", Side::Received),
    ("M06.service", "not-reached", Side::Received),
    ("M07.age", "sent", Side::Sent),
    ("M07.basis", "basis", Side::Sent),
    ("M07.withdrawn", "taken-back", Side::Sent),
    ("M10.deciding", "hours-deciding", Side::Received),
    ("M10.serving", "hours-serving", Side::Received),
    ("M10.served", "served", Side::Received),
    ("M10.outcome", "ended", Side::Received),
    ("M13.recalled", "recalled", Side::Received),
    ("M16.answer", "answered", Side::Sent),
];

/// Which referrals a table counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Sent,
    Received,
    Both,
}

impl Side {
    /// Its name in an address.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Both => "",
        }
    }
}

fn found(id: &str) -> (&'static str, Side) {
    let found = COUNTS.iter().find(|(begins, ..)| id.starts_with(begins));
    match found {
        Some((_, counts, side)) => (counts, *side),
        None if id.starts_with("M13.") => ("to-erase", Side::Both),
        // Kind of exploitation, sector, control, recruitment, citizenship: of who was referred here.
        None => ("received", Side::Received),
    }
}

/// The name of what a table counts: `counts-NAME` says it.
pub(super) fn counts(id: &str) -> &'static str {
    found(id).0
}

/// Which referrals a table counts.
pub(super) fn side(id: &str) -> Side {
    found(id).1
}

/// Whether a table has hours, and not persons.
pub(super) fn is_hours(id: &str) -> bool {
    counts(id).starts_with("hours-")
}

/// Every name of what may be counted, in the order of the menu.
pub(super) fn all_counts() -> Vec<&'static str> {
    let mut all: Vec<&'static str> = Vec::new();
    let medians = MEDIANS.iter().map(|median| median.id);
    for counts in menu().iter().map(|table| table.id.as_str()).chain(medians).map(counts) {
        if !all.contains(&counts) {
            all.push(counts);
        }
    }
    all
}

/// A table's heading: what it counts, of which cell of another one, and by what it splits.
pub(super) fn title(words: &Words, id: &str, split: &str) -> String {
    let what = label(words, "counts", counts(id));
    let by = label(words, "split", split);
    let of = id.split_once('/').map(|(table, of)| {
        let parent = menu().into_iter().find(|one| one.id.starts_with(table)).and_then(|one| one.of);
        parent.map_or_else(|| of.to_owned(), |cell| key(words, &cell.table, of))
    });
    match of {
        Some(of) => format!("{what} · {of} · {by}"),
        None => format!("{what} · {by}"),
    }
}

/// The list of texts in which the codes of a list are.
const fn texts_of(list: List) -> &'static str {
    match list {
        List::Kind => "kind",
        List::Urgency => "urgency",
        List::Role => "role",
        List::Service => "service",
        List::AgeBand => "age",
        List::Gender => "gender",
        List::DeclineReason => "declined",
        List::Outcome => "closed",
        List::WithdrawReason => "withdrawn",
        List::Exploitation
        | List::Industry
        | List::Control
        | List::Recruitment
        | List::Basis
        | List::Answer
        | List::Opening => "cell",
    }
}

/// A key of a table in words. Regions and countries stay codes.
pub(super) fn key(words: &Words, id: &str, key: &str) -> String {
    if key == NOT_TOLD || key == SEVERAL {
        return label(words, "cell", key);
    }
    match SORTS.get(id) {
        Some(Sort::Code(_, list) | Sort::Only(_, list) | Sort::Each(_, list)) => label(words, texts_of(*list), key),
        Some(Sort::Pair(..) | Sort::Countries(..)) => key.replace('>', " → "),
        Some(Sort::Flag(_, ["adult", "child"])) => label(words, "age", key),
        Some(Sort::Flag(..) | Sort::Need(_) | Sort::Citizenship(_)) => label(words, "cell", key),
        Some(Sort::Region(_)) | None => key.to_owned(),
    }
}

/// A period in words; its name when it is none.
pub(super) fn period(words: &Words, name: &str) -> String {
    let parts = Period::of(name).and_then(|_is_one| {
        let (year, part) = name.split_once('-')?;
        Some((year, part.split_at_checked(1)?))
    });
    match parts {
        Some((year, ("Q", number))) => words.say_both("period-quarter", ("number", number), ("year", year)),
        Some((year, (_, number))) => words.say_both("period-half", ("number", number), ("year", year)),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};
    use crate::monitoring::{
        regions,
        tables::{NOT_COUNTED, Table},
    };

    /// The keys that a table may have, but for regions and countries.
    fn keys(table: &Table) -> Vec<String> {
        let codes: Vec<&str> = match table.sort {
            Sort::Code(_, list) | Sort::Each(_, list) => [list.codes(), vec![NOT_TOLD]].concat(),
            Sort::Only(_, list) => [list.codes(), vec![NOT_TOLD, SEVERAL]].concat(),
            Sort::Flag(_, keys) => keys.to_vec(),
            Sort::Need(_) => vec!["unmet-need", "other-reason"],
            Sort::Citizenship(_) => regions::GROUPS.to_vec(),
            Sort::Pair(..) | Sort::Countries(..) | Sort::Region(_) => Vec::new(),
        };
        codes.into_iter().map(str::to_owned).collect()
    }

    const LISTS: [&str; 10] =
        ["cell", "kind", "urgency", "role", "service", "age", "gender", "declined", "closed", "withdrawn"];

    #[test]
    fn every_table_and_every_key_has_words_in_every_language() {
        for words in languages().all() {
            for table in menu() {
                for one in keys(&table) {
                    assert!(table.sort.knows(&one), "{one}");
                    let told = key(words, &table.id, &one);
                    let said = |list: &&str| told == words.say(&format!("{list}-{}", one.replace('+', "")));
                    assert!(LISTS.iter().any(said), "{}: {} {one}: {told}", words.code, table.id);
                }
                let title = title(words, &table.id, table.split);
                let parts = [format!("counts-{}", counts(&table.id)), format!("split-{}", table.split)];
                for part in parts {
                    assert!(words.has(&part) && title.contains(&words.say(&part)), "{}: {part}: {title}", words.code);
                }
            }
            for median in MEDIANS {
                assert!(is_hours(median.id) && words.has(&format!("counts-{}", counts(median.id))), "{}", median.id);
            }
            for not in NOT_COUNTED {
                assert!(words.has(&format!("uncounted-{}", not.indicator)), "{}: {}", words.code, not.indicator);
            }
        }
    }

    #[test]
    fn tables_of_one_name_count_the_same_and_their_side_is_that_of_their_rows() {
        use crate::monitoring::tables::Population;
        let mut says: BTreeMap<&str, &str> = BTreeMap::new();
        for table in menu() {
            let name = counts(&table.id);
            assert_eq!(*says.entry(name).or_insert(table.says), table.says, "{}", table.id);
            let expected = match table.population {
                Population::Sent | Population::TakenBack => Side::Sent,
                Population::ToErase => Side::Both,
                Population::Received
                | Population::Served
                | Population::Declined
                | Population::Ended
                | Population::Recalled => Side::Received,
            };
            assert_eq!(side(&table.id), expected, "{}", table.id);
            assert!(!is_hours(&table.id));
        }
        assert_eq!(all_counts().len(), says.len() + 3, "and three of hours");
    }

    #[test]
    fn periods_and_countries_are_read_as_what_they_are() {
        let words = languages().english();
        let plain = |text: String| text.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect::<String>();
        assert_eq!(plain(period(words, "2026-Q3")), "Quarter 3 of 2026");
        assert_eq!(plain(period(words, "2026-H1")), "Half-year 1 of 2026");
        assert_eq!(period(words, "<b>"), "<b>");
        assert_eq!(key(words, "M05.countries/unmet-need", "XA>XC"), "XA → XC");
        assert_eq!(key(words, "M05.region/unmet-need", "XA-01"), "XA-01");
    }
}
