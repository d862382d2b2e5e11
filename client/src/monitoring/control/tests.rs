use super::*;
use crate::monitoring::{
    sample::attack,
    sorts::{List, NOT_TOLD, Sort},
    tables::menu,
};

const RULES: fn() -> Rules = || Rules::new(10, 5, []);

fn root(sort: Sort) -> Table {
    Table { id: "M01.sent.kind".to_owned(), split: "kind", says: "", population: Population::Sent, sort, of: None }
}

fn partition(counts: &[u64]) -> (Table, Counts) {
    let rows = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, count)| (format!("c{at}"), *count));
    (root(Sort::Code("kind", List::Kind)), Counts { rows: rows.collect(), total: counts.iter().sum() })
}

fn cells(shown: &Shown) -> Vec<Cell> {
    shown.rows.iter().map(|(_, cell)| *cell).collect()
}

fn one_of(counts: &[u64]) -> Shown {
    control(&[partition(counts)], &RULES()).remove(0)
}

#[test]
fn a_cell_of_nine_is_never_printed_and_one_of_ten_is() {
    assert_eq!(cells(&one_of(&[10, 100])), [Cell::Count(10), Cell::Count(100)]);
    assert_eq!(cells(&one_of(&[9, 100])), [Cell::Few, Cell::Hidden]);
    assert_eq!(cells(&one_of(&[0, 100])), [Cell::Count(100)]);
}

#[test]
fn a_table_of_fewer_than_ten_persons_tells_nothing_but_that() {
    assert_eq!(one_of(&[3, 6]), Shown { rows: Vec::new(), total: Cell::Few, ..one_of(&[3, 6]) });
    assert_eq!(one_of(&[]).total, Cell::Count(0));
    assert_eq!(one_of(&[10]).total, Cell::Count(10));
}

#[test]
fn no_hidden_cell_follows_from_the_total() {
    // 3 hides 12, and then 12 would leave 3 no room: 30 goes too.
    assert_eq!(cells(&one_of(&[3, 12, 30, 120])), [Cell::Few, Cell::Hidden, Cell::Hidden, Cell::Count(120)]);
    // With 3 and 10 alone, 13 would tell both: all is withheld.
    let withheld = one_of(&[3, 10]);
    assert_eq!((withheld.rows, withheld.total), (Vec::new(), Cell::Count(15)));
}

#[test]
fn counts_are_rounded_and_totals_by_themselves() {
    let shown = one_of(&[12, 12, 13]);

    assert_eq!(cells(&shown), [Cell::Count(10), Cell::Count(10), Cell::Count(15)]);
    assert_eq!(shown.total, Cell::Count(35));
    assert_eq!(control(&[partition(&[22])], &Rules::new(10, 10, [])).remove(0).total, Cell::Count(20));
}

#[test]
fn no_rules_are_below_the_floors() {
    let rules = Rules::new(1, 1, []);

    assert_eq!((rules.k(), rules.base()), (PERSONS_MIN, BASE_MIN));
    assert_eq!(Rules::new(20, 10, []).k(), 20);
}

#[test]
fn a_sensitive_zero_looks_like_a_small_cell() {
    let rules = Rules::new(10, 5, ["M06.outcome:Deceased".to_owned()]);
    let table = menu().into_iter().find(|table| table.id == "M06.outcome").unwrap();
    let counts = |deceased: u64| {
        let rows = [("Deceased", deceased), ("PersonLeft", 40), ("ServiceDelivered", 100)];
        let rows = rows.iter().filter(|(_, count)| *count > 0).map(|(key, count)| ((*key).to_owned(), *count));
        Counts { rows: rows.collect(), total: 140 + deceased }
    };

    let none = control(&[(table.clone(), counts(0))], &rules).remove(0);
    let one = control(&[(table.clone(), counts(1))], &rules).remove(0);

    assert_eq!(none.rows, one.rows);
    assert_eq!(none.rows[0], ("Deceased".to_owned(), Cell::Few));
    let nobody = control(&[(table, Counts::default())], &rules).remove(0);
    assert_eq!(nobody.total, Cell::Few, "that nobody's referral ended would say that nobody died");
}

#[test]
fn a_table_under_a_hidden_cell_is_left_out() {
    let menu = menu();
    let of = |id: &str| menu.iter().find(|table| table.id == id).unwrap().clone();
    let counts = |rows: &[(&str, u64)]| Counts {
        rows: rows.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect(),
        total: rows.iter().map(|(_, count)| count).sum(),
    };
    let tables = [
        (of("M07.age"), counts(&[("adult", 60), ("child", 4)])),
        (of("M07.basis/adult"), counts(&[("InformedConsent", 60)])),
        (of("M07.basis/child"), counts(&[("GuardianConsent", 4)])),
    ];

    let shown = control(&tables, &RULES());

    assert_eq!(shown.len(), 1);
    assert_eq!(cells(&shown[0]), [Cell::Hidden, Cell::Few]);
}

#[test]
fn where_persons_are_in_several_rows_the_union_tells_nothing_either() {
    let each = |rows: &[(&str, u64)], total| {
        let rows = rows.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect();
        let tables = [(root(Sort::Each("services", List::Service)), Counts { rows, total })];
        control(&tables, &RULES()).remove(0)
    };

    // Together they cover everybody: without a second hidden cell, the small one would be at least 5.
    assert_eq!(cells(&each(&[("Shelter", 95), (NOT_TOLD, 5)], 100)), [Cell::Hidden, Cell::Few]);
    // Enough overlap: nothing follows.
    assert_eq!(cells(&each(&[("Shelter", 99), ("Transport", 5), (NOT_TOLD, 10)], 100))[1], Cell::Few);
}

/// Rows by key, and the total, as they are printed.
type Release = (Vec<(String, String)>, String);

/// Every true table that gives the same release is possible for one who knows this rule as we do: among them, each hidden cell takes
/// as many values as "fewer than k" says.
#[test]
fn one_who_replays_the_rule_on_every_possible_table_narrows_no_hidden_cell() {
    for (rows, most) in [(2, 110_u64), (3, 58)] {
        let mut seen: BTreeMap<Release, Vec<BTreeSet<u64>>> = BTreeMap::new();
        let mut counts = vec![0_u64; rows];
        loop {
            if counts.iter().sum::<u64>() <= most {
                let shown = one_of(&counts);
                let cells = shown.rows.iter().map(|(key, cell)| (key.clone(), format!("{cell:?}"))).collect();
                let values =
                    seen.entry((cells, format!("{:?}", shown.total))).or_insert_with(|| vec![BTreeSet::new(); rows]);
                for (value, count) in values.iter_mut().zip(&counts) {
                    value.insert(*count);
                }
            }
            let Some(at) = counts.iter().position(|count| *count < most) else { break };
            counts[at] += 1;
            counts[..at].fill(0);
        }
        for ((cells, total), values) in seen {
            // Near the bound not every table was tried.
            let whole =
                total.starts_with("Few") || total[6..].trim_end_matches(')').parse::<u64>().unwrap() + 2 <= most;
            for (key, cell) in cells.iter().filter(|(_, cell)| whole && !cell.starts_with("Count")) {
                let at: usize = key[1..].parse().unwrap();
                assert!(values[at].len() >= 9, "{cells:?} of {total}: {key} is {cell} and one of {:?}", values[at]);
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn bounds_narrow_no_hidden_cell_of_any_partition(counts in proptest::collection::vec(0_u64..150, 1..12)) {
        let (table, counts) = partition(&counts);
        let shown = control(&[(table.clone(), counts)], &RULES());
        proptest::prop_assert_eq!(attack(&[table], &shown, 10, 5, &[]), Vec::<String>::new());
    }

    #[test]
    fn nothing_small_is_ever_shown(counts in proptest::collection::vec(0_u64..40, 1..12)) {
        let (table, counts) = partition(&counts);
        let shown = control(&[(table, counts.clone())], &RULES()).remove(0);
        for (key, cell) in &shown.rows {
            let count = counts.rows[key];
            proptest::prop_assert!(!matches!(cell, Cell::Count(_)) || count >= 10);
            proptest::prop_assert!(*cell != Cell::Few || count < 10);
        }
    }
}
