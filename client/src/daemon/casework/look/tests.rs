//! Lists, searches and what a text names are answered from indexes, whatever is asked.

use safeconduct_protocol::entropy::Entropy as _;

use super::*;
use crate::testing::{Seeded, plan, vault};

/// Every way to ask for a list: side, state, late, turn, after.
fn every_list() -> Vec<ListAsked> {
    let text = |text: &str| Some(text.to_owned());
    let mut all = Vec::new();
    for side in [None, text("sent"), text("received")] {
        for state in [None, text("opened")] {
            for late in [false, true] {
                for turn in [None, text("ours")] {
                    for after in [None, text("77")] {
                        let (side, state, turn) = (side.clone(), state.clone(), turn.clone());
                        all.push(ListAsked { side, state, late, turn, after, ..ListAsked::default() });
                    }
                }
            }
        }
    }
    all
}

fn search() -> Search {
    Search { from: "ok".to_owned(), end: "ol".to_owned(), level: 2, own: Some(vec![7; 16]) }
}

/// Steps that read more than a part of an index, or sort what they have read.
fn wasteful(steps: &[String]) -> Vec<&String> {
    let is_waste =
        |step: &&String| step.contains("TEMP B-TREE") || (step.contains("SCAN") && !step.starts_with("SCAN r"));
    steps.iter().filter(is_waste).collect()
}

#[test]
fn no_list_and_no_search_reads_the_whole_table_or_sorts_it() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path(), &mut Seeded::new(5));
    for asked in every_list() {
        for narrow in [None, Some(true), Some(false)] {
            let mut wanted = condition(&asked).unwrap();
            if let Some(is_narrow) = narrow {
                search().put(&mut wanted, is_narrow);
            }
            let query = format!("SELECT * FROM referral WHERE {}", wanted.page(51));
            let steps = plan(vault.db(), &query);
            assert!(wasteful(&steps).is_empty(), "{query}: {steps:?}");
            // Without anything to go by, the newest are walked by their places.
            let is_open = wanted.index.is_none() && narrow != Some(true) && asked.after.is_none();
            let walks = steps.iter().any(|step| step.starts_with("SCAN r"));
            assert!(is_open || !walks, "{query}: {steps:?}");
        }
    }
    let steps = plan(vault.db(), &format!("SELECT * FROM referral WHERE {NAMED}"));
    assert!(!steps.iter().any(|step| step.contains("SCAN referral")), "{steps:?}");
}

#[test]
fn a_narrow_and_a_wide_search_find_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let vault = vault(dir.path(), &mut Seeded::new(6));
    let db = vault.db();
    let mut entropy = Seeded::new(7);
    for place in 1..=60_u8 {
        let mut dice = [0; 4];
        entropy.fill(&mut dice).unwrap();
        db.execute(
            "INSERT INTO referral (place, handle, referral, side, partner, dossier, state, state_at, way, kind, level, urgency, exercise,
                revision, created_at, expires_at, first_at, delete_after, basis, services, age_band, is_child, persons, exploitation,
                industry, control, recruitment, country_from, country_to, country_of_need, role_from, role_to, bases, purposes, officer)
                VALUES (?1, ?2, ?2, 1 + ?1 % 2, x'01', x'02', iif(?1 % 3, 'opened', 'closed'), 0, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0,
                0, 0, 0, '', '', '', 0, 0, 0, 0, ?3)",
            params![place, [place; 16], (dice[0] % 2 == 0).then_some([7_u8; 16])],
        )
        .unwrap();
        for (word, die) in ["oksana", "oleh", "ok"].into_iter().zip(dice) {
            if die % 4 > 0 {
                let level = die / 4 % 4;
                db.execute(
                    "INSERT INTO referral_word (word, referral, level) VALUES (?1, ?2, ?3)",
                    params![word, place, level],
                )
                .unwrap();
            }
        }
    }
    let found = |asked: &ListAsked, own: Option<Vec<u8>>, level: i64, is_narrow: bool| -> Vec<i64> {
        let mut wanted = condition(asked).unwrap();
        Search { own, level, ..search() }.put(&mut wanted, is_narrow);
        let mut rows = db.prepare(&format!("SELECT place FROM referral WHERE {}", wanted.page(7))).unwrap();
        rows.query_map(params_from_iter(wanted.values), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    // What is found, told by the rule itself.
    let expected = |asked: &ListAsked, own: bool, level: i64| -> Vec<i64> {
        let mut rows = db
            .prepare(
                "SELECT DISTINCT r.place FROM referral r JOIN referral_word w ON w.referral = r.place
                    WHERE substr(w.word, 1, 2) = 'ok' AND w.level <= max(?1, iif(?2 AND r.officer IS NOT NULL, 3, 0))
                    AND (?3 IS NULL OR r.side = ?3) AND (?4 IS NULL OR r.state = ?4) AND (?5 IS NULL OR r.place < ?5)
                    ORDER BY r.place DESC LIMIT 7",
            )
            .unwrap();
        let side = asked.side.as_ref().map(|side| if side == "sent" { 1 } else { 2 });
        let after = asked.after.as_ref().map(|_after| 40);
        rows.query_map(params![level, own, side, asked.state, after], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let mut compared = 0;
    for asked in every_list().into_iter().filter(|asked| !asked.late && asked.turn.is_none()) {
        let asked = ListAsked { after: asked.after.map(|_after| "40".to_owned()), ..asked };
        for level in 0..=3 {
            for own in [None, Some(vec![7; 16])] {
                let wide = found(&asked, own.clone(), level, false);
                assert_eq!(wide, found(&asked, own.clone(), level, true), "{level}");
                assert_eq!(wide, expected(&asked, own.is_some(), level), "{level}");
                compared += wide.len();
            }
        }
    }
    assert!(compared > 200, "{compared}");
}
