//! What is kept for programs, on a real vault.

use safeconduct_protocol::time::Timestamp;

use super::{
    Scope, Scopes,
    answers::{self, ANSWER_KEPT_S, Before, Keyed},
    changes::{self, CHANGE_KEPT_S},
    store,
};
use crate::{
    testing::{self, Seeded},
    vault::Vault,
};

const NOW: Timestamp = Timestamp(1_800_000_000);

/// A referral of nothing but what its table asks for.
fn referral(vault: &Vault, handle: [u8; 16]) {
    let columns = "SELECT group_concat(name), group_concat(CASE WHEN name = 'handle' THEN '?1' WHEN type = 'BLOB' THEN 'randomblob(16)'
        WHEN type = 'TEXT' THEN '''x''' ELSE '0' END) FROM pragma_table_info('referral') WHERE \"notnull\" = 1 AND name <> 'place'";
    let (names, values): (String, String) =
        vault.db().query_row(columns, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    vault.db().execute(&format!("INSERT INTO referral ({names}) VALUES ({values})"), [handle]).unwrap();
    // As whoever makes a row does.
    let change =
        "INSERT INTO change (handle, what, state) SELECT handle, 'referral', state FROM referral WHERE handle = ?1";
    vault.db().execute(change, [handle]).unwrap();
}

fn told(vault: &Vault, after: u64) -> Vec<(u64, String, String)> {
    let found = changes::after(vault.db(), after, 100).unwrap();
    found.into_iter().map(|change| (change.place, change.what, change.state)).collect()
}

#[test]
fn an_answer_is_kept_a_week_and_goes_with_its_referral_and_its_token() {
    let (dir, mut seeded) = (tempfile::tempdir().unwrap(), Seeded::new(5));
    let vault = testing::vault(dir.path(), &mut seeded);
    let scopes = Scopes::of(&[Scope::Act]);
    let (program, _token) = store::admit(&vault, "desk", scopes, None, NOW, &mut seeded).unwrap();
    let keyed = |key: u8| Keyed { token: program.id, key: [key; 32], request: [7; 32] };
    referral(&vault, [9; 16]);
    let begin = |keyed: &Keyed, about, at| answers::begin(vault.db(), keyed, about, at).unwrap();
    let kept = |key: u8| matches!(begin(&keyed(key), None, NOW), Before::Answered(200, body) if body == b"{}");

    for (key, about) in [(1, None), (2, Some([9; 16]))] {
        assert!(matches!(begin(&keyed(key), about, NOW), Before::New));
        assert!(matches!(begin(&keyed(key), about, NOW), Before::Unknown));
        answers::end(vault.db(), &keyed(key), 200, b"{}").unwrap();
        assert!(kept(key));
    }
    assert!(matches!(begin(&Keyed { request: [8; 32], ..keyed(1) }, None, NOW), Before::Another));
    vault.db().execute("UPDATE referral SET erased_at = 1 WHERE handle = ?1", [[9; 16]]).unwrap();
    assert!(kept(1) && matches!(begin(&keyed(2), None, NOW), Before::New));
    answers::give_back(vault.db(), &keyed(2)).unwrap();
    assert!(matches!(begin(&keyed(2), None, NOW), Before::New));

    answers::erase_old(vault.db(), NOW.after(ANSWER_KEPT_S)).unwrap();
    assert!(kept(1));
    answers::erase_old(vault.db(), NOW.after(ANSWER_KEPT_S + 1)).unwrap();
    assert!(matches!(begin(&keyed(1), None, NOW), Before::New));
    store::end(&vault, "desk").unwrap();
    let count: i64 = vault.db().query_row("SELECT count(*) FROM api_answer", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 0);
}

#[test]
fn what_is_forgotten_while_it_is_being_answered_stays_forgotten() {
    let (dir, mut seeded) = (tempfile::tempdir().unwrap(), Seeded::new(5));
    let vault = testing::vault(dir.path(), &mut seeded);
    let (program, _token) = store::admit(&vault, "desk", Scopes::of(&[Scope::Act]), None, NOW, &mut seeded).unwrap();
    let keyed = |key: u8| Keyed { token: program.id, key: [key; 32], request: [7; 32] };
    referral(&vault, [9; 16]);
    referral(&vault, [8; 16]);
    let place: i64 =
        vault.db().query_row("SELECT place FROM referral WHERE handle = ?1", [[9; 16]], |row| row.get(0)).unwrap();
    for (key, about) in [(1, [9; 16]), (2, [8; 16])] {
        assert!(matches!(answers::begin(vault.db(), &keyed(key), Some(about), NOW).unwrap(), Before::New));
    }

    answers::forget_about(vault.db(), place).unwrap();
    for key in [1, 2] {
        answers::end(vault.db(), &keyed(key), 200, b"of before").unwrap();
    }

    let again = |key: u8| answers::begin(vault.db(), &keyed(key), None, NOW).unwrap();
    assert!(matches!(again(1), Before::Unknown));
    assert!(matches!(again(2), Before::Answered(200, body) if body == b"of before"));
    let bytes: i64 = vault
        .db()
        .query_row("SELECT count(*) FROM api_answer WHERE answer IS NOT NULL AND referral = ?1", [[9; 16]], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(bytes, 0);
}

#[test]
fn what_was_answered_before_a_consent_ended_is_not_answered_again_after_it() {
    let (dir, mut seeded) = (tempfile::tempdir().unwrap(), Seeded::new(5));
    let vault = testing::vault(dir.path(), &mut seeded);
    let (program, _token) = store::admit(&vault, "desk", Scopes::of(&[Scope::Act]), None, NOW, &mut seeded).unwrap();
    let keyed = |key: u8| Keyed { token: program.id, key: [key; 32], request: [7; 32] };
    let end = NOW.after(100);
    for (handle, side) in [([8; 16], 1_u8), ([9; 16], 2)] {
        referral(&vault, handle);
        vault.db().execute("UPDATE referral SET side = ?2 WHERE handle = ?1", rusqlite::params![handle, side]).unwrap();
        let consent = "INSERT INTO referral_consent (consent, referral, ends) SELECT ?2, place, ?3 FROM referral WHERE handle = ?1";
        vault.db().execute(consent, rusqlite::params![handle, [side; 16], i64::try_from(end.0).unwrap()]).unwrap();
    }
    let answer = |key: u8, about: [u8; 16], at: Timestamp| {
        assert!(matches!(answers::begin(vault.db(), &keyed(key), Some(about), at).unwrap(), Before::New));
        answers::end(vault.db(), &keyed(key), 200, b"{}").unwrap();
    };
    // Sent, received, and received when it had ended already.
    answer(1, [8; 16], NOW);
    answer(2, [9; 16], NOW);
    answer(3, [9; 16], end);
    let kept = |at: Timestamp| {
        let again = |key: u8| answers::begin(vault.db(), &keyed(key), None, at).unwrap();
        [1, 2, 3].map(|key| match again(key) {
            Before::Answered(..) => true,
            Before::Unknown => false,
            Before::New | Before::Another | Before::Full => panic!("noted as begun"),
        })
    };

    assert_eq!(kept(end.before(1)), [true, true, true]);
    assert_eq!(kept(end), [true, false, true], "before any upkeep");
    assert_eq!(kept(end.before(1)), [true, true, true], "a clock that is wrong erases nothing");

    answers::forget_lapsed(vault.db(), end.before(1)).unwrap();
    assert_eq!(kept(end.before(1)), [true, true, true]);
    answers::forget_lapsed(vault.db(), end).unwrap();
    assert_eq!(kept(end.before(1)), [true, false, true]);
}

#[test]
fn changes_are_told_in_order_and_who_has_missed_erased_ones_is_told_that() {
    let dir = tempfile::tempdir().unwrap();
    let vault = testing::vault(dir.path(), &mut Seeded::new(5));
    assert_eq!(changes::begin(vault.db(), None).unwrap(), (0, false));
    referral(&vault, [1; 16]);
    vault.db().execute("UPDATE referral SET state = 'y', level = 1", []).unwrap();
    vault.db().execute("UPDATE referral SET state = 'y', level = 2", []).unwrap();
    let all = [(1, "referral".to_owned(), "x".to_owned()), (2, "state".to_owned(), "y".to_owned())];
    assert_eq!(told(&vault, 0), all);
    assert_eq!(told(&vault, 1), all[1..]);
    assert_eq!(changes::begin(vault.db(), Some(1)).unwrap(), (1, false));
    assert_eq!(changes::begin(vault.db(), None).unwrap(), (2, false));
    assert_eq!(changes::begin(vault.db(), Some(3)).unwrap(), (2, true), "of another vault");

    changes::keep(vault.db(), NOW).unwrap();
    changes::keep(vault.db(), NOW.after(CHANGE_KEPT_S)).unwrap();
    assert_eq!(told(&vault, 0).len(), 2);
    referral(&vault, [2; 16]);
    changes::keep(vault.db(), NOW.after(CHANGE_KEPT_S + 1)).unwrap();
    assert_eq!(told(&vault, 0).len(), 1);
    assert_eq!(changes::begin(vault.db(), Some(1)).unwrap(), (2, true));
    assert_eq!(changes::begin(vault.db(), Some(2)).unwrap(), (2, false));
}

#[test]
fn a_token_that_was_ended_does_not_come_back_with_a_page_of_yesterday() {
    let (dir, mut seeded) = (tempfile::tempdir().unwrap(), Seeded::new(5));
    let vault = testing::vault(dir.path(), &mut seeded);
    let lines = || -> Vec<u8> { vault.db().query_row("SELECT lines FROM node_head", [], |row| row.get(0)).unwrap() };
    let before = lines();
    store::admit(&vault, "desk", Scopes::of(&[Scope::Read]), None, NOW, &mut seeded).unwrap();
    assert_ne!(lines(), before);
    store::end(&vault, "desk").unwrap();
    assert_eq!(lines(), before);
}
