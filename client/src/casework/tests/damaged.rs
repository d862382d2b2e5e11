//! Something that is kept of one referral does not read: the others go on, and a person is told once. And what goes with erasure.

use super::*;
use crate::{
    casework::store::timer::{self, TimerKind},
    programs::answers::{self, Before, Keyed},
};

/// Two referrals that the second node has opened, at these places there.
fn two_opened(seed: u64) -> (Pair, [i64; 2]) {
    let mut pair = Pair::new(seed);
    for name in [WOMAN, "03-man-agriculture-legal-aid-rtl"] {
        let referral = pair.sample(name);
        pair.sends(&referral, None);
    }
    pair.settles();
    let rows = Row::all(pair.nodes[R].vault().db(), "1 ORDER BY place", []).unwrap();
    let places = [rows[0].place, rows[1].place];
    for place in places {
        pair.does_at(R, place, act(Step::Opened)).unwrap();
    }
    pair.settles();
    (pair, places)
}

fn state(pair: &mut Pair, place: i64) -> State {
    Row::at(pair.nodes[R].vault().db(), place).unwrap().state
}

#[test]
fn what_does_not_read_of_one_referral_is_told_once_and_stops_no_other() {
    for damage in [
        "UPDATE case_event SET bytes = zeroblob(length(bytes)) WHERE referral = ?1",
        "UPDATE referral_revision SET level = 1000 WHERE referral = ?1",
        "UPDATE referral SET urgency = 1000 WHERE place = ?1",
    ] {
        let (mut pair, [bad, good]) = two_opened(990);
        assert!(pair.nodes[R].vault().db().execute(damage, [bad]).unwrap() > 0, "{damage}");
        let db = |pair: &mut Pair| -> (bool, usize) {
            let (found, bit) = ("SELECT alarm & ?2 <> 0 FROM referral WHERE place = ?1", News::Damaged.bit());
            let db = pair.nodes[R].vault().db();
            let told = db.query_row(found, params![bad, bit], |row| row.get(0)).unwrap();
            (told, due::damaged(db).unwrap().len())
        };

        pair.waits(6 * DAY_S);

        assert_eq!(state(&mut pair, good), State::Erased, "its time is over, and its content goes: {damage}");
        assert_eq!(db(&mut pair), (true, 1), "{damage}");
        Row::seen(pair.nodes[R].vault().db(), bad).unwrap();
        for _ in 0..3 {
            pair.waits(7 * HOUR_S);
            assert_eq!(db(&mut pair), (false, 0), "told once: {damage}");
        }
        // Its timers are not lost: they wait for what may be put right.
        let waits = timer::waiting(pair.nodes[R].vault().db(), bad, TimerKind::Life).unwrap();
        assert!(waits.is_some_and(|due| due > pair.now), "{damage}");
    }
}

#[test]
fn where_the_database_itself_does_not_read_nothing_goes_on_as_if_it_did() {
    use rusqlite::ffi;

    use crate::vault::VaultError;
    let corrupt = ffi::Error { code: ffi::ErrorCode::DatabaseCorrupt, extended_code: ffi::SQLITE_CORRUPT };
    let whole = VaultError::from(rusqlite::Error::SqliteFailure(corrupt, None));
    assert!(matches!(whole, VaultError::Damaged { .. }) && !whole.is_of_one_row());
    assert!(VaultError::Damaged { what: "a kept event of a referral is altered" }.is_of_one_row());
    assert!(!VaultError::DiskFull.is_of_one_row());
}

#[test]
fn with_the_erasure_of_a_referral_go_its_drafts_and_what_was_answered_about_it() {
    let (mut pair, [erased, other]) = two_opened(991);
    let now = pair.now;
    let db = pair.nodes[R].vault().db();
    db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let keyed = |key: i64| Keyed { token: [1; 16], key: [u8::try_from(key).unwrap(); 32], request: [7; 32] };
    for place in [erased, other] {
        let row = Row::at(db, place).unwrap();
        let draft = "INSERT INTO draft (handle, content, parent, officer, made_at, at) VALUES (randomblob(16), x'7b7d', ?1, zeroblob(16), 0, 0)";
        db.execute(draft, [row.referral]).unwrap();
        assert!(matches!(answers::begin(db, &keyed(place), Some(row.handle), now).unwrap(), Before::New));
        answers::end(db, &keyed(place), 200, b"{}").unwrap();
    }

    crate::casework::erase::unread(db, erased, now).unwrap();

    let parents: Vec<[u8; 16]> = db
        .prepare("SELECT parent FROM draft")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(parents, [Row::at(db, other).unwrap().referral]);
    let kept: Vec<i64> = [erased, other]
        .into_iter()
        .filter(|place| matches!(answers::begin(db, &keyed(*place), None, now).unwrap(), Before::Answered(..)))
        .collect();
    assert_eq!(kept, [other]);
}
