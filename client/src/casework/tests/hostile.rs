//! What a partner must not gain by a false clock, by what comes late or again, or by asking often.

use safeconduct_protocol::{
    envelope::case::{LogPlace, Whose},
    time::{DAY_S, HOUR_S},
};

use super::*;
use crate::casework::{erase, take};

/// Tells the other side something of type 5; its envelope.
fn tells(pair: &mut Pair, from: usize, content: &CaseContent) -> Vec<u8> {
    let (row, now) = (pair.row(from), pair.now);
    let content = content.encode().unwrap();
    give::tell(pair.nodes[from].vault().db(), &row, &content, now, &mut pair.world.entropy).unwrap();
    pair.seals(from).remove(0).1
}

fn details_at(pair: &mut Pair, at: usize, step: Step) -> Option<String> {
    let kept = pair.now_at(at).events.into_iter().find(|kept| Step::of(kept.event.says().act) == step).unwrap();
    kept.details.map(|details| String::from_utf8(details.to_vec()).unwrap())
}

#[test]
fn details_that_come_after_the_act_itself_are_taken_once_and_only_as_they_were_signed() {
    let mut pair = delivered(940);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    pair.does(R, with_text(Step::InfoRequested, "Which languages?")).unwrap();
    let (_, late) = pair.seals(R).remove(0);
    let said = pair.now_at(R).events.into_iter().map(|kept| kept.event).collect();
    let log = tells(&mut pair, R, &CaseContent::Log(said));

    pair.delivers(S, &log);
    assert_eq!(pair.both(), State::InfoRequested);
    assert_eq!(details_at(&mut pair, S, Step::InfoRequested), None, "a log brings no words");
    pair.delivers(S, &late);

    assert_eq!(details_at(&mut pair, S, Step::InfoRequested).unwrap(), r#"{"text":"Which languages?"}"#);
    assert_eq!(pair.now_at(S).events.len(), 2);
}

#[test]
fn a_partner_whose_clock_is_days_ahead_or_behind_moves_no_time_here() {
    let mut pair = delivered(941);
    let (now, first) = (pair.now, pair.row(S).state_at);
    for (step, wrong) in [(Step::Opened, now.after(3 * DAY_S)), (Step::Accepted, Timestamp(now.0 - 3 * DAY_S))] {
        pair.now = wrong;
        pair.does(R, act(step)).unwrap();
        pair.now = now;
        pair.settles();
        let row = pair.row(S);
        assert!(first <= row.state_at && row.state_at <= now, "{step:?} counts from when it came");
        assert!(row.opened_at.is_none_or(|at| first <= at && at <= now));
        assert!(row.decided_at.is_none_or(|at| first <= at && at <= now));
    }
    assert_eq!(pair.now_at(S).standing.state, State::Accepted);
}

#[test]
fn a_question_for_what_is_missing_is_answered_once_an_hour_and_after_everything_else() {
    let mut pair = delivered(942);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    let referral = pair.row(S).referral;
    let places = vec![LogPlace { whose: Whose::Theirs, epoch: 0, number: 0 }];
    let asks = |pair: &mut Pair| {
        let question = tells(pair, S, &CaseContent::LogRequest(referral, places.clone()));
        pair.delivers(R, &question);
        let query = "SELECT count(*), min(rank) FROM outbox WHERE kind = 5 AND state = 'queued'";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?));
        pair.nodes[R].vault().db().query_row(query, [], read).unwrap()
    };

    let first = asks(&mut pair);
    assert_eq!(first, (1, Some(2)));
    assert_eq!(asks(&mut pair), first, "the same question once more");
    pair.now = pair.now.after(HOUR_S);
    assert_eq!(asks(&mut pair).0, 2);
}

#[test]
fn what_has_ended_takes_no_further_revision_and_no_words_come_back_after_its_erasure() {
    let mut pair = delivered(943);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, with_text(Step::InfoRequested, "Which languages?")).unwrap();
    pair.settles();
    pair.does(S, with_text(Step::InfoProvided, "canary-text")).unwrap();
    let (_, late) = pair.seals(S).remove(0);
    pair.does(R, declined()).unwrap();

    let sender = pair.nodes[S].identity.node;
    let next = pair.referral(WOMAN, |value| value["header"]["revision"] = 2.into());
    let refused = take::judge(pair.nodes[R].vault().db(), &sender, &next).unwrap();
    assert_eq!(refused.map(referral::Code::as_str), Some("revision-out-of-turn"));

    let (place, now, setting) = (pair.row(R).place, pair.now, testing::setting());
    let node = &mut pair.nodes[R];
    let desk = Desk { identity: &node.identity, held: &node.held, setting: &setting };
    let tx = node.vault.as_mut().unwrap().begin().unwrap();
    erase::and_certify(&tx, &desk, place, now, &mut pair.world.entropy).unwrap();
    tx.commit().unwrap();
    pair.delivers(R, &late);

    for step in [Step::InfoRequested, Step::InfoProvided] {
        assert_eq!(details_at(&mut pair, R, step), None, "{step:?}");
    }
}

#[test]
fn a_consent_that_was_taken_back_does_not_come_back_with_a_revision() {
    let mut pair = delivered(944);
    let referral = pair.sample(WOMAN);
    let consent = referral.consents()[0].consent_id.as_str().to_owned();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    let details = Details { consent_ids: vec![consent], status: Some("Withdrawn".to_owned()), ..Details::default() };
    pair.does(S, Act { details, ..act(Step::ConsentChanged) }).unwrap();
    pair.settles();
    for words in ["Oksana", "case_code"] {
        assert!(!pair.knows(R, words), "{words}: nothing covers it any more");
    }

    let sender = pair.nodes[S].identity.node;
    let next = pair.referral(WOMAN, |value| value["header"]["revision"] = 2.into());
    let refused = take::judge(pair.nodes[R].vault().db(), &sender, &next).unwrap();
    assert_eq!(refused.map(referral::Code::as_str), Some("consent-withdrawn"));
}

#[test]
fn words_of_a_kind_that_is_not_known_here_are_kept_within_bounds() {
    let mut pair = delivered(945);
    let unknown = zeroize::Zeroizing::new(br#"{"post":"of another version"}"#.to_vec());
    let envelope = tells(&mut pair, S, &CaseContent::Post(unknown));
    pair.arrives(R, &envelope);
    let db = pair.nodes[R].vault().db();
    let kept = || -> i64 {
        let query = "SELECT count(*) FROM inbox WHERE kind = 5 AND content IS NOT NULL";
        db.query_row(query, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(kept(), 1, "a later version may know it");
    db.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
            INSERT INTO inbox (message, sender, kind, digest, header, signature, salt, content, commitment, received_at, exercise, state)
            SELECT randomblob(16), sender, kind, randomblob(32), header, signature, salt, content, commitment, received_at, exercise, state
            FROM inbox, n WHERE kind = 5",
        [],
    )
    .unwrap();
    assert_eq!(kept(), 100);

    let another = zeroize::Zeroizing::new(br#"{"post":"of a third version"}"#.to_vec());
    let envelope = tells(&mut pair, S, &CaseContent::Post(another));
    pair.arrives(R, &envelope);
    let db = pair.nodes[R].vault().db();
    let count = |of: &str| -> i64 {
        db.query_row(&format!("SELECT count(*) FROM inbox WHERE kind = 5 AND {of}"), [], |row| row.get(0)).unwrap()
    };
    assert_eq!((count("content IS NOT NULL"), count("1")), (100, 101), "the oldest makes room; its line stays");
}
