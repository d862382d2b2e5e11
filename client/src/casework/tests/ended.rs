//! Every message that was taken on ends, in exactly one way, with its evidence: whatever comes first, late, or never.

use safeconduct_protocol::{
    entropy::random,
    receipt::{
        chain::{Entry, EntryKind},
        relay::RelayExpired,
    },
};

use super::*;
use crate::{
    casework::life::state::Phase,
    outbox::{FailReason, upkeep},
    testing::{RELAY, Seeded},
};

/// What speaks for the end of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum End {
    Delivered,
    Refused,
    RelayExpired,
    GivenUp,
}

impl Pair {
    /// Both nodes keep house, also in their outboxes.
    fn keeps(&mut self, seconds: u64) {
        self.waits(seconds);
        let now = self.now;
        for node in &mut self.nodes {
            upkeep::run(node.vault.as_mut().unwrap(), upkeep::SaltPolicy::Keep, now, now).unwrap();
        }
        // What has moved is followed.
        self.waits(0);
    }

    /// The relay says of what it holds that nobody collected it.
    fn uncollected(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        let vault = node.vault.as_mut().unwrap();
        let held: Vec<([u8; 16], [u8; 32])> = {
            let query = "SELECT s.status_slot, s.digest FROM seal s JOIN outbox o ON o.message = s.message
                WHERE o.kind = 1 AND o.state = 'relay-accepted'";
            let mut rows = vault.db().prepare(query).unwrap();
            rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
        };
        for (slot, digest) in held {
            let digest = safeconduct_protocol::id::EnvelopeDigest::from_bytes(digest);
            let notice = RelayExpired::sign(&self.world.relay, RELAY, digest, self.now);
            let validate = judged(None);
            let rules = taking(&validate);
            let here = Here { identity: &node.identity, held: &node.held, rules: &rules };
            let (slot, entropy) = (safeconduct_protocol::id::SlotId::from_bytes(slot), &mut self.world.entropy);
            inbox::slot::take(vault, &here, &slot, SlotItemKind::Expired, notice.as_bytes(), self.now, entropy)
                .unwrap();
        }
    }

    /// Of every message that a person or node was promised, its state and what speaks for its end.
    fn ends(&mut self, at: usize) -> Vec<(String, Option<String>, Vec<End>)> {
        let db = self.nodes[at].vault().db();
        let mut rows =
            db.prepare("SELECT message, state, reason FROM outbox WHERE kind IN (1, 5) ORDER BY place").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows: Vec<_> = rows.map(Result::unwrap).collect();
        let count = |query: &str, message: &[u8; 16]| -> i64 {
            db.query_row(query, params![message.as_slice()], |row| row.get(0)).unwrap()
        };
        let ends = |message: &[u8; 16]| {
            let mut ends = Vec::new();
            for (kind, end) in
                [("delivered", End::Delivered), ("refused", End::Refused), ("relay-expired", End::RelayExpired)]
            {
                let query = format!("SELECT count(*) > 0 FROM receipt WHERE message = ?1 AND kind = '{kind}'");
                ends.extend((count(&query, message) > 0).then_some(end));
            }
            let mut entries = db.prepare("SELECT entry FROM evidence WHERE message = ?1").unwrap();
            let entries = entries.query_map([message.as_slice()], |row| row.get::<_, Vec<u8>>(0)).unwrap();
            let given_up =
                entries.filter(|entry| Entry::parse(entry.as_ref().unwrap()).unwrap().kind() == EntryKind::GivenUp);
            ends.extend(given_up.map(|_| End::GivenUp));
            ends
        };
        rows.into_iter().map(|(message, state, reason)| (state, reason, ends(&message))).collect()
    }
}

/// Whether every message has ended in one way, after a person has let some be sent again so many times.
fn one_end(pair: &mut Pair, again: usize, what: &str) {
    for at in [S, R] {
        for (state, reason, ends) in pair.ends(at) {
            let expected = match (state.as_str(), reason.as_deref()) {
                ("delivered", None) => End::Delivered,
                ("failed", Some("refused-there")) => End::Refused,
                ("expired", None) => End::RelayExpired,
                ("failed", Some(_)) => End::GivenUp,
                other => panic!("{what}: {other:?} is no end"),
            };
            assert!(ends.contains(&expected), "{what}: {state} {reason:?} has {ends:?}");
            assert!(ends.iter().filter(|end| **end == End::GivenUp).count() <= 1 + again, "{what}: {ends:?}");
            // What the recipient has signed counts, whatever was thought before.
            let said = ends.iter().filter(|end| matches!(end, End::Delivered | End::Refused)).min();
            assert!(said.is_none_or(|said| *said == expected), "{what}: {state} {reason:?} has {ends:?}");
        }
    }
}

#[test]
fn a_referral_to_an_agency_without_keys_ends_with_its_time_is_told_and_keeps_its_content_until_its_day() {
    let mut pair = Pair::new(980);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    let place = pair.row(S).place;
    pair.keeps(5 * DAY_S - 1);
    assert_eq!(pair.row(S).state, State::Queued);
    assert!(!pair.row(S).has(News::AskAgain));

    pair.keeps(1);
    pair.restarts();
    pair.keeps(60);

    let row = pair.row(S);
    assert_eq!((row.state, row.ended_at), (State::Expired, Some(row.expires_at)));
    assert!(row.has(News::AskAgain) && row.erase_on.is_some() && row.erased_at.is_none());
    assert!(pair.seals(S).is_empty(), "it does not leave any more");
    assert_eq!(pair.ends(S), [("failed".to_owned(), Some("out-of-time".to_owned()), vec![End::GivenUp])]);
    assert!(pair.knows(S, "Oksana"), "nothing is lost");
    let day = row.erase_on.unwrap().since(pair.now);
    pair.keeps(day);
    assert!(Row::at(pair.nodes[S].vault().db(), place).unwrap().erased_at.is_some() && !pair.knows(S, "Oksana"));
}

#[test]
fn what_the_relay_lets_go_or_cannot_be_opened_fails_is_told_and_can_be_sent_again_until_its_time_ends() {
    let mut pair = Pair::new(981);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    pair.seals(S);
    assert_eq!(pair.row(S).state, State::Submitted);

    pair.uncollected(S);
    pair.keeps(60);
    assert_eq!(pair.row(S).state, State::Failed, "the relay holds it no more");
    assert!(pair.row(S).has(News::AskAgain));

    let message = outbox::list(pair.nodes[S].vault()).unwrap()[0].message;
    let now = pair.now;
    upkeep::send_again(pair.nodes[S].vault.as_mut().unwrap(), &message, now).unwrap();
    pair.keeps(60);
    assert_eq!(pair.row(S).state, State::Queued);
    assert!(!pair.row(S).has(News::AskAgain));
    pair.settles();
    assert_eq!(pair.both(), State::Delivered);

    let mut pair = Pair::new(982);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    let message = outbox::list(pair.nodes[S].vault()).unwrap()[0].message;
    progress::fail(pair.nodes[S].vault().db(), &message, FailReason::RecipientRevoked).unwrap();
    pair.keeps(60);
    assert_eq!(pair.row(S).state, State::Failed);
    pair.keeps(5 * DAY_S);
    assert_eq!(pair.row(S).state, State::Expired);
    assert_eq!(pair.ends(S), [("failed".to_owned(), Some("recipient-revoked".to_owned()), vec![End::GivenUp])]);
}

#[test]
fn a_message_of_which_nobody_says_anything_ends_when_nobody_can_any_more() {
    let mut pair = Pair::new(983);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    pair.seals(S);
    pair.keeps(44 * DAY_S - 1);
    assert_eq!(pair.ends(S)[0].0, "relay-accepted");
    pair.keeps(DAY_S);
    assert_eq!(pair.ends(S)[0], ("failed".to_owned(), Some("no-word".to_owned()), vec![End::GivenUp]));
    assert_eq!(pair.row(S).state, State::Expired);
}

#[test]
fn whatever_comes_in_whatever_order_every_referral_and_every_message_ends_in_exactly_one_way() {
    let mut finals = std::collections::BTreeMap::new();
    for seed in 1000..1030 {
        let mut pair = Pair::new(seed);
        let mut seeded = Seeded::new(seed);
        let mut pick = |most: u8| random::<1>(&mut seeded).unwrap()[0] % most;
        if pick(8) == 0 {
            pair.refuse = Some("consent-expired");
        }
        let referral = pair.sample(WOMAN);
        pair.sends(&referral, None);
        let (mut under_way, mut done, mut again) = (Vec::new(), Vec::new(), 0);
        for _ in 0..14 {
            let what = pick(16);
            done.push(what);
            let arrived = Row::all(pair.nodes[R].vault().db(), "1", []).unwrap().len() == 1;
            match what {
                0..=2 if pair.now < NOW.after(6 * DAY_S) => {
                    for from in [S, R] {
                        under_way.extend(pair.seals(from).into_iter().map(|(_, envelope)| (1 - from, envelope)));
                    }
                }
                3..=5 if !under_way.is_empty() => {
                    let which = usize::from(pick(u8::try_from(under_way.len()).unwrap()));
                    let (to, envelope) = under_way.remove(which);
                    pair.arrives(to, &envelope);
                }
                6 | 7 => [S, R].into_iter().for_each(|at| pair.answers(at)),
                8 => pair.uncollected(S),
                9 => pair.keeps(u64::from(pick(20)) * HOUR_S),
                10 => drop(pair.does(S, withdrawn())),
                11 if arrived => drop(pair.does(R, act(Step::Opened))),
                12 if arrived => drop(pair.does(R, act(Step::Accepted))),
                13 if arrived => drop(pair.does(R, if pick(2) == 0 { declined() } else { closed() })),
                14 => {
                    let message = outbox::list(pair.nodes[S].vault()).unwrap().pop().unwrap().message;
                    let now = pair.now;
                    if pick(2) == 0 {
                        progress::fail(pair.nodes[S].vault().db(), &message, FailReason::RecipientRevoked).unwrap();
                    } else {
                        let sent = upkeep::send_again(pair.nodes[S].vault.as_mut().unwrap(), &message, now);
                        again += usize::from(sent.is_ok());
                    }
                }
                _ => pair.restarts(),
            }
        }
        let what = format!("seed {seed}, {done:?}");
        for days in [1, 5, 30, 40, 60] {
            pair.keeps(days * DAY_S);
        }
        pair.keeps(60);

        one_end(&mut pair, again, &what);
        let state = pair.now_at(S).standing.state;
        let applied = pair.now_at(S).standing.applied;
        let ended = applied.iter().filter(|one| one.state.phase() == Phase::Final).count();
        let serves = matches!(state, State::Accepted | State::InService);
        assert!(serves || state.phase() >= Phase::Final, "{what}: {state:?}");
        assert!(!serves || ended == 0, "{what}: what has ended stays ended");
        assert_eq!(pair.row(S).state, state, "{what}");
        *finals.entry(state.code()).or_insert(0) += 1;
        // Nothing that is repeated ends it another way.
        let before = pair.ends(S);
        pair.restarts();
        pair.keeps(DAY_S);
        assert_eq!(pair.ends(S), before, "{what}");
        assert_eq!(pair.now_at(S).standing.state, state, "{what}");
    }
    assert!(finals.len() >= 3, "{finals:?}");
}
