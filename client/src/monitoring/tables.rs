//! The fixed menu: every indicator, the tables that show it, and what cannot be counted. No other table is ever made, so that nobody
//! learns a hidden cell from the difference of two questions.
//!
//! Tables of one population share its total and nothing else, but for tables under a cell of another one ([`Table::of`]): only so can
//! each be judged by itself (`control`). A new table must keep that: no two tables may show the same sums in two ways.

use super::sorts::{JUSTICE, List, NEED, NOT_TOLD, SEVERAL, Sort};

/// An indicator that the coded columns do not hold, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotCounted {
    /// `M08`.
    pub indicator: &'static str,
    /// What is missing, in words.
    pub why: &'static str,
}

/// What is not counted, named openly.
pub const NOT_COUNTED: &[NotCounted] = &[
    NotCounted {
        indicator: "M07",
        why: "whether an act without consent was reviewed in time: that is in the log of a case, not in a column",
    },
    NotCounted {
        indicator: "M08",
        why: "guardians and best-interest decisions of children are in the referral's text, not in a column",
    },
    NotCounted { indicator: "M09", why: "reflection periods are in the log of a case, not in a column" },
    NotCounted {
        indicator: "M12",
        why: "risk assessment and reception of returns are in the case file, not in a column",
    },
    NotCounted {
        indicator: "M14",
        why: "agencies and services by region are counted from the registry, not from cases",
    },
    NotCounted {
        indicator: "M15",
        why: "presumed and identified persons are not told apart: the status is not in a column",
    },
];

/// Whose rows a table counts, and by which time a row belongs to a period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Population {
    /// Sent by this agency; by the time when the node first had it.
    Sent,
    /// Received; by the time when the node first had it.
    Received,
    /// Received, and help began; by that time.
    Served,
    /// Received, and this agency declined; by that time.
    Declined,
    /// Received, accepted and ended by this agency; by that time.
    Ended,
    /// Sent and taken back; by that time.
    TakenBack,
    /// Received and taken back by the sender; by that time.
    Recalled,
    /// To be erased; by the time by which they should have been.
    ToErase,
}

/// A cell of another table, whose persons this table splits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CellOf {
    /// The other table's id.
    pub table: String,
    /// The cell's key.
    pub key: String,
}

/// One table of the menu.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// `M01.sent.kind`; what stands after a slash is the cell that it splits.
    pub id: String,
    /// By what it splits, in one word.
    pub split: &'static str,
    /// What it counts, in words.
    pub says: &'static str,
    /// Whose rows.
    pub population: Population,
    /// By what.
    pub sort: Sort,
    /// The cell whose persons it splits; none for the whole population.
    pub of: Option<CellOf>,
}

/// What a median measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// From arrival until a person looked.
    Opening,
    /// From then until the decision.
    Deciding,
    /// From acceptance until help began.
    Serving,
}

/// One list of medians.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Median {
    /// `M03.opening.urgency`.
    pub id: &'static str,
    /// By what it splits.
    pub split: &'static str,
    /// What it measures, in words.
    pub says: &'static str,
    /// From when to when.
    pub span: Span,
    /// By what.
    pub sort: Sort,
}

const URGENCY: Sort = Sort::Code("urgency", List::Urgency);
const SENDER: Sort = Sort::Code("role_from", List::Role);
const GENDER: Sort = Sort::Code("gender", List::Gender);
const CHILD: Sort = Sort::Flag("is_child", ["adult", "child"]);

/// Every list of medians, by what it measures.
pub const MEDIANS: &[Median] = &[
    Median {
        id: "M03.opening.urgency",
        split: "urgency",
        says: "Hours from arrival until a person looked",
        span: Span::Opening,
        sort: URGENCY,
    },
    Median {
        id: "M03.opening.role",
        split: "role",
        says: "Hours from arrival until a person looked",
        span: Span::Opening,
        sort: SENDER,
    },
    Median {
        id: "M03.deciding.urgency",
        split: "urgency",
        says: "Hours from the first look to the decision",
        span: Span::Deciding,
        sort: URGENCY,
    },
    Median {
        id: "M03.deciding.role",
        split: "role",
        says: "Hours from the first look to the decision",
        span: Span::Deciding,
        sort: SENDER,
    },
    Median {
        id: "M10.deciding.track",
        split: "justice",
        says: "Hours from the first look to the decision",
        span: Span::Deciding,
        sort: JUSTICE,
    },
    Median {
        id: "M03.serving.urgency",
        split: "urgency",
        says: "Hours from acceptance until help began",
        span: Span::Serving,
        sort: URGENCY,
    },
    Median {
        id: "M10.serving.track",
        split: "justice",
        says: "Hours from acceptance until help began",
        span: Span::Serving,
        sort: JUSTICE,
    },
];

/// Cells whose zero is hidden too: that there was none is as little to be known as that there was one.
pub const SENSITIVE_ZERO: &[&str] = &["M06.outcome:Deceased"];

fn table(id: &str, split: &'static str, says: &'static str, population: Population, sort: Sort) -> Table {
    Table { id: id.to_owned(), split, says, population, sort, of: None }
}

/// A table under each cell of `parent`, whose keys are those of `keys`.
fn under(
    all: &mut Vec<Table>,
    parent: &str,
    keys: &[&str],
    name: &str,
    split: &'static str,
    says: &'static str,
    sort: Sort,
) {
    let Some(population) = all.iter().find(|table| table.id == parent).map(|table| table.population) else { return };
    for key in keys {
        let of = Some(CellOf { table: parent.to_owned(), key: (*key).to_owned() });
        all.push(Table { id: format!("{name}/{key}"), split, says, population, sort, of });
    }
}

/// The codes of a list, and what is not told.
fn with_not_told(list: List) -> Vec<&'static str> {
    list.codes().into_iter().chain([NOT_TOLD]).collect()
}

/// Every table of the menu, each after the one whose cell it splits.
#[must_use]
pub fn menu() -> Vec<Table> {
    let mut all = Vec::new();
    sent_and_received(&mut all);
    decided_and_served(&mut all);
    ended(&mut all);
    all
}

fn sent_and_received(all: &mut Vec<Table>) {
    let sides = [
        (Population::Sent, "sent", "Persons whom this agency referred", Sort::Code("role_to", List::Role)),
        (Population::Received, "received", "Persons who were referred to this agency", SENDER),
    ];
    for (population, side, says, role) in sides {
        let id = |name: &str| format!("M01.{side}.{name}");
        all.push(table(&id("kind"), "kind", says, population, Sort::Code("kind", List::Kind)));
        all.push(table(&id("urgency"), "urgency", says, population, URGENCY));
        all.push(table(&id("role"), "role", says, population, role));
        all.push(table(&id("border"), "border", says, population, Sort::Flag("across", ["within", "across"])));
    }
    let urgencies = List::Urgency.codes();
    let says = "Persons referred to this agency, by whether somebody here looked in time";
    under(all, "M01.received.urgency", &urgencies, "M04.opened", "answer", says, Sort::Code("opening", List::Opening));
    let says = "Persons whom this agency referred, by whether anybody there answered";
    under(all, "M01.sent.urgency", &urgencies, "M16.answer", "answer", says, Sort::Code("answer", List::Answer));

    all.push(table("M07.age", "age", "Persons whom this agency referred", Population::Sent, CHILD));
    let says = "Grounds on which data of persons went to others";
    under(all, "M07.age", &["adult", "child"], "M07.basis", "basis", says, Sort::Each("bases", List::Basis));

    let says = "Persons who were referred to this agency";
    let exploitation = Sort::Only("exploitation", List::Exploitation);
    all.push(table("M11.exploitation", "exploitation", says, Population::Received, exploitation));
    let forms: Vec<&str> = List::Exploitation.codes().into_iter().chain([SEVERAL, NOT_TOLD]).collect();
    under(all, "M11.exploitation", &forms, "M11.gender", "gender", says, GENDER);
    under(all, "M11.exploitation", &forms, "M11.age", "age", says, CHILD);
    let received = Population::Received;
    all.push(table("M11.sector", "sector", says, received, Sort::Only("industry", List::Industry)));
    all.push(table("M11.control", "control", says, received, Sort::Each("control", List::Control)));
    all.push(table("M11.recruitment", "recruitment", says, received, Sort::Each("recruitment", List::Recruitment)));
    all.push(table("M15.citizenship", "citizenship", says, received, Sort::Citizenship("citizenship")));
}

fn decided_and_served(all: &mut Vec<Table>) {
    let (says, served) = ("Persons for whom help began at this agency", Population::Served);
    all.push(table("M02.gender", "gender", says, served, GENDER));
    all.push(table("M02.age", "age", says, served, CHILD));
    all.push(table("M02.exploitation", "exploitation", says, served, Sort::Each("exploitation", List::Exploitation)));
    all.push(table("M10.served", "justice", says, served, JUSTICE));

    let says = "Persons whom this agency declined";
    all.push(table("M05.need", "need", says, Population::Declined, Sort::Need("why")));
    under(all, "M05.need", &NEED, "M05.reason", "reason", says, Sort::Code("why", List::DeclineReason));
    let says = "Persons declined because no place fitted";
    let unmet = [
        ("M05.service", "service", Sort::Each("services", List::Service)),
        ("M05.region", "region", Sort::Region("region")),
        ("M05.age", "age", Sort::Code("age_band", List::AgeBand)),
        ("M05.gender", "gender", GENDER),
        ("M05.exploitation", "exploitation", Sort::Each("exploitation", List::Exploitation)),
        ("M05.countries", "countries", Sort::Countries("country_from", "country_to")),
    ];
    for (name, split, sort) in unmet {
        under(all, "M05.need", &NEED[..1], name, split, says, sort);
    }
}

fn ended(all: &mut Vec<Table>) {
    let says = "Persons whose referral ended at this agency";
    all.push(table("M06.outcome", "outcome", says, Population::Ended, Sort::Code("why", List::Outcome)));
    under(all, "M06.outcome", &with_not_told(List::Outcome), "M10.outcome", "justice", says, JUSTICE);
    let (says, service) = ("Persons who were not reached", Sort::Each("services", List::Service));
    under(all, "M06.outcome", &["PersonNotReached"], "M06.service", "service", says, service);

    let says = "Persons whose referral this agency took back";
    all.push(table("M07.withdrawn", "reason", says, Population::TakenBack, Sort::Code("why", List::WithdrawReason)));
    let says = "Persons who were referred on because nobody looked in time";
    under(all, "M07.withdrawn", &["Escalated"], "M04.escalated", "urgency", says, URGENCY);

    let says = "Persons whose referral was taken back by the sender, by whether it was erased within 72 hours";
    all.push(table("M13.recalled", "erasure", says, Population::Recalled, Sort::Flag("kept", ["in-time", "late"])));
    let says = "Persons whose data were to be erased, by whether they were erased within a day";
    all.push(table("M13.erasure", "erasure", says, Population::ToErase, Sort::Flag("overdue", ["in-time", "late"])));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_own_id_and_stands_after_the_one_whose_cell_it_splits() {
        let menu = menu();
        for (at, table) in menu.iter().enumerate() {
            assert!(menu[..at].iter().all(|before| before.id != table.id), "{}", table.id);
            if let Some(of) = &table.of {
                let parent = menu[..at].iter().find(|before| before.id == of.table).expect(&table.id);
                assert!(parent.sort.knows(&of.key) && parent.population == table.population, "{}", table.id);
            }
        }
        for cell in SENSITIVE_ZERO {
            let (id, key) = cell.split_once(':').unwrap();
            assert!(menu.iter().any(|table| table.id == id && table.of.is_none() && table.sort.knows(key)), "{cell}");
        }
    }

    #[test]
    fn every_indicator_is_counted_or_named_as_not_counted() {
        let menu = menu();
        for number in 1..=16 {
            let indicator = format!("M{number:02}");
            let counted = menu.iter().any(|table| table.id.starts_with(&indicator))
                || MEDIANS.iter().any(|median| median.id.starts_with(&indicator));
            let named = NOT_COUNTED.iter().any(|not| not.indicator == indicator);
            assert!(counted || named, "{indicator}");
        }
    }

    #[test]
    fn no_two_tables_show_the_same_sums_in_two_ways() {
        // Splitting the same cell by the same columns twice, or a cell by what splits its whole population elsewhere, would let one
        // table tell the hidden cells of the other.
        let menu = menu();
        for (at, one) in menu.iter().enumerate() {
            for other in &menu[..at] {
                let same_population = one.population == other.population;
                let related = one.of == other.of || other.of.is_none() || one.of.is_none();
                let same_columns = one.sort.columns() == other.sort.columns();
                let is_reason = one.id.starts_with("M05.reason/") && other.id == "M05.need";
                assert!(!(same_population && related && same_columns) || is_reason, "{} and {}", one.id, other.id);
            }
        }
    }
}
