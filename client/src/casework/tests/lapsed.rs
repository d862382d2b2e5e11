//! A consent that ends by itself, on both sides, in every order, with a crash between.

use super::*;
use crate::casework::{
    lapse, sift,
    store::{consent, revision},
};
use crate::referral::codes::{ConsentStatus, Section};

mod faulty;
mod late;
mod leaves;
mod named;

const ENDS_DAYS: u64 = 3;

fn instant(at: Timestamp) -> String {
    safeconduct_certs::utc::instant(at)
}

impl Pair {
    /// A referral at level 2 whose only consent ends in three days.
    fn ending(&self) -> Referral {
        let end = self.now.after(ENDS_DAYS * DAY_S);
        self.referral(WOMAN, |value| {
            for one in value["consents"].as_array_mut().unwrap() {
                one["expires_at"] = instant(end).into();
            }
        })
    }

    /// The next version, with a consent that is as wide as the first and begins now.
    fn renewed(&self, was: &Referral) -> Referral {
        let mut value: serde_json::Value = serde_json::from_slice(&referral::canonical(was)).unwrap();
        let mut fresh = value["consents"][0].clone();
        fresh["consent_id"] = "00000000-0000-4000-8000-00000000c0de".into();
        fresh["given_at"] = instant(self.now).into();
        fresh["expires_at"] = instant(self.now.after(90 * DAY_S)).into();
        value["consents"].as_array_mut().unwrap().push(fresh);
        value["header"]["revision"] = (was.header.revision.get() + 1).into();
        referral::parse(&serde_json::to_vec(&value).unwrap()).ok().unwrap()
    }

    fn place(&mut self, at: usize) -> i64 {
        self.row(at).place
    }

    /// What may be shown at a node.
    fn shown(&mut self, at: usize) -> (Vec<Section>, bool) {
        let (row, now) = (self.row(at), self.now);
        let shown =
            lapse::newest_shown(self.nodes[at].vault().db(), testing::setting().profiles, &row, now).unwrap().unwrap();
        (referral::sections(&shown.referral), !shown.hidden.is_empty())
    }

    /// Whether a person is found by the name at a node.
    fn is_found(&mut self, at: usize, name: &str) -> bool {
        let query = "SELECT count(*) FROM referral_word WHERE word LIKE ?1 || '%'";
        self.nodes[at].vault().db().query_row(query, [name], |row| row.get::<_, i64>(0)).unwrap() > 0
    }

    fn notes(&mut self, at: usize) -> Vec<(bool, Vec<String>)> {
        let found = self.now_at(at);
        let changes = found.events.iter().filter(|kept| Step::of(kept.event.says().act) == Step::ConsentChanged);
        let mut notes: Vec<(bool, Vec<String>)> = changes
            .map(|kept| {
                let details = Details::read(Step::ConsentChanged, kept.details.as_ref().unwrap()).unwrap();
                assert_eq!(
                    details.status.as_deref() == Some(ConsentStatus::Expired.as_str()),
                    kept.event.says().by_node
                );
                (kept.event.says().by_node, details.consent_ids)
            })
            .collect();
        notes.sort();
        notes
    }

    fn may_speak(&mut self, at: usize) -> Result<(), CaseworkError> {
        let (row, now) = (self.row(at), self.now);
        let db = self.nodes[at].vault().db();
        let (_, referral) = revision::newest(db, row.place).unwrap().unwrap();
        lapse::may_use(db, testing::setting().profiles, row.place, &referral, Section::Identity, now)
    }
}

/// What the case is about, with the word by which a search finds the person.
const NAME: &str = "oksana";

fn accepted(seed: u64) -> (Pair, Referral) {
    let mut pair = Pair::new(seed);
    let referral = pair.ending();
    pair.sends(&referral, None);
    pair.settles();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, act(Step::Accepted)).unwrap();
    pair.settles();
    assert_eq!(pair.both(), State::Accepted);
    (pair, referral)
}

#[test]
fn the_senders_node_says_that_a_consent_has_ended_once_and_not_before_it_is_sure() {
    let (mut pair, referral) = accepted(960);
    let ids: Vec<String> = referral.consents().iter().map(|one| one.consent_id.as_str().to_owned()).collect();
    pair.waits(ENDS_DAYS * DAY_S - 1);
    pair.settles();
    assert!(pair.notes(S).is_empty() && pair.may_speak(S).is_ok());

    // This machine's clock alone is no proof: the authority's last word is older.
    pair.now = pair.now.after(1);
    let node = &mut pair.nodes[S];
    let setting = testing::setting();
    let desk = Desk { identity: &node.identity, held: &node.held, setting: &setting };
    due::run(node.vault.as_mut().unwrap(), &desk, pair.now, pair.now, &mut pair.world.entropy).unwrap();
    assert!(pair.notes(S).is_empty());

    pair.waits(0);
    for _ in 0..3 {
        pair.restarts();
        pair.waits(60);
        pair.settles();
    }
    for at in [S, R] {
        let notes = pair.notes(at);
        assert_eq!(notes.len(), 1, "said once");
        assert!(notes[0].0 && ids.iter().all(|id| notes[0].1.contains(id)));
        assert!(pair.row(at).has(News::ConsentEnds));
    }
    assert_eq!(pair.both(), State::Accepted, "help goes on");
}

#[test]
fn what_only_an_ended_consent_covered_is_refused_and_hidden_erased_never_and_a_new_consent_lifts_it() {
    let (mut pair, referral) = accepted(961);
    assert!(pair.is_found(R, NAME) && pair.shown(R).0.contains(&Section::Identity));
    pair.waits(ENDS_DAYS * DAY_S);
    pair.settles();

    let refused = pair.may_speak(S).unwrap_err();
    assert_eq!(refused.code(), "consent-expired");
    assert!(refused.to_string().contains("D04") && refused.remedy().contains("new consent"), "{refused}");
    assert_eq!(pair.may_speak(R).unwrap_err().code(), "consent-expired");
    assert!(pair.shown(R) == (vec![Section::Enquiry], true));
    assert!(pair.shown(S).0.contains(&Section::Identity), "the sender's own file is the sender's");
    assert!(!pair.is_found(R, NAME) && pair.is_found(S, NAME));
    assert!(pair.knows(R, "Oksana"), "nothing is erased before its day");

    let fresh = pair.renewed(&referral);
    pair.sends(&fresh, None);
    pair.settles();
    for at in [S, R] {
        assert!(pair.may_speak(at).is_ok() && pair.shown(at).0.contains(&Section::Identity) && !pair.shown(at).1);
        assert!(pair.is_found(at, NAME));
    }
    pair.waits(60);
    pair.settles();
    assert_eq!(pair.notes(S).len(), 1, "the new one has not ended");
    assert_eq!(pair.both(), State::Accepted);
}

/// What happens after the end, in the order of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Then {
    /// The sender's node says it.
    Said,
    /// The other node hears of it.
    Heard,
    /// The new version with a new consent arrives.
    Renewed,
    /// The person takes the ended consent back.
    TakenBack,
    /// Both nodes are killed and come up again.
    Crash,
}

#[test]
fn in_whatever_order_it_is_said_heard_renewed_and_taken_back_both_sides_come_to_the_same() {
    use Then::{Crash, Heard, Renewed, Said, TakenBack};
    let rows: &[&[Then]] = &[
        &[Said, Heard],
        &[Said, Crash, Heard],
        &[Said, Renewed, Heard],
        &[Said, Renewed, Crash, Heard],
        &[Renewed, Said, Heard],
        &[Renewed, Crash, Said, Crash, Heard],
        &[Said, TakenBack, Heard],
        &[TakenBack, Crash, Said, Heard],
        &[TakenBack, Renewed, Said, Heard],
    ];
    for (seed, row) in (970..).zip(rows) {
        let (mut pair, referral) = accepted(seed);
        let before = pair.now;
        pair.now = pair.now.after(ENDS_DAYS * DAY_S);
        // Before anything is said, what has ended is hidden by each node's own clock.
        assert!(pair.shown(R) == (vec![Section::Enquiry], true), "{row:?}");
        let fresh = pair.renewed(&referral);
        let mut kept_back = Vec::new();
        for then in *row {
            match then {
                Said => {
                    pair.waits(60);
                    kept_back.extend(pair.seals(S));
                }
                Heard => {
                    for (_, envelope) in kept_back.drain(..).rev() {
                        pair.delivers(R, &envelope);
                    }
                    pair.settles();
                }
                Renewed => {
                    pair.sends(&fresh, None);
                    for (_, envelope) in pair.seals(S) {
                        pair.delivers(R, &envelope);
                    }
                }
                TakenBack => {
                    let ids = referral.consents().iter().map(|one| one.consent_id.as_str().to_owned()).collect();
                    let status = Some(ConsentStatus::Withdrawn.as_str().to_owned());
                    let details = Details { consent_ids: ids, status, ..Details::default() };
                    pair.does(S, Act { details, ..act(Step::ConsentChanged) }).unwrap();
                    kept_back.extend(pair.seals(S));
                }
                Crash => pair.restarts(),
            }
        }
        pair.waits(60);
        pair.settles();

        assert!(before < pair.now);
        assert_eq!(pair.both(), State::Accepted, "{row:?}");
        assert_eq!(pair.notes(S), pair.notes(R), "{row:?}");
        let (renewed, taken) = (row.contains(&Renewed), row.contains(&TakenBack));
        let by_node = pair.notes(S).iter().filter(|(by_node, _)| *by_node).count();
        let said_first = row.iter().position(|then| *then == Said) < row.iter().position(|then| *then == TakenBack);
        assert_eq!(by_node, usize::from(!taken || said_first), "{row:?}: what was taken back needs no end");
        assert_eq!(pair.may_speak(S).is_ok(), renewed, "{row:?}");
        assert_eq!(pair.shown(R).0.contains(&Section::Identity), renewed, "{row:?}");
        assert_eq!(pair.is_found(R, NAME), renewed, "{row:?}");
        assert_eq!(pair.knows(R, "Oksana"), renewed || !taken, "{row:?}: only a person erases");
    }
}

#[test]
fn a_consent_of_several_that_ends_hides_its_own_sections_and_erases_none_with_those_of_another_that_is_taken_back() {
    let mut pair = Pair::new(963);
    let end = pair.now.after(ENDS_DAYS * DAY_S);
    let other = "00000000-0000-4000-8000-0000000000aa";
    let referral = pair.referral(WOMAN, |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["sections"] = serde_json::json!(["Enquiry", "Identity"]);
        value["consents"][0]["expires_at"] = instant(end).into();
        second["consent_id"] = other.into();
        second["sections"] = serde_json::json!(["Summary"]);
        second["expires_at"] = instant(end.after(300 * DAY_S)).into();
        value["consents"].as_array_mut().unwrap().truncate(1);
        value["consents"].as_array_mut().unwrap().push(second);
    });
    pair.sends(&referral, None);
    pair.settles();
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    pair.waits(ENDS_DAYS * DAY_S);
    pair.settles();
    let (shown, hidden) = pair.shown(R);
    assert!(hidden && shown.contains(&Section::Summary) && !shown.contains(&Section::Identity));

    let gone = std::collections::BTreeSet::from([other.to_owned()]);
    let left = sift::without(&referral, testing::setting().profiles, &gone, pair.now).unwrap().unwrap();
    // Without a summary the schema takes no identity: that is why it goes, not its end.
    assert!(left.summary.is_none());
    let first = referral.consents()[0].consent_id.as_str().to_owned();
    let left =
        sift::without(&referral, testing::setting().profiles, &std::collections::BTreeSet::from([first]), pair.now)
            .unwrap()
            .unwrap();
    assert!(left.summary.is_some());
}

#[test]
fn a_referral_that_rests_on_an_ended_consent_does_not_leave() {
    let pair = Pair::new(964);
    let referral = pair.ending();
    let at = |seconds: u64| {
        lapse::may_leave(&referral, testing::setting().profiles, &Default::default(), pair.now.after(seconds))
            .map_err(|error| error.code())
    };
    assert_eq!(at(ENDS_DAYS * DAY_S - 1), Ok(()));
    assert_eq!(at(ENDS_DAYS * DAY_S), Err("consent-expired"));
    assert_eq!(at(5 * DAY_S), Err("referral-expired"));
}

#[test]
fn the_index_of_consents_finds_what_reading_every_referral_finds() {
    let mut pair = Pair::new(965);
    let mut seeded = testing::Seeded::new(965);
    let mut pick = |most: u8| safeconduct_protocol::entropy::random::<1>(&mut seeded).unwrap()[0] % most;
    let consent = |number: u8| format!("00000000-0000-4000-8000-0000000000{number:02x}");
    for number in 0..40_u8 {
        let ids: Vec<String> = (0..=pick(3)).map(|_| consent(pick(6))).collect();
        let statuses: Vec<&str> = ids.iter().map(|_| ["Active", "Active", "Withdrawn"][usize::from(pick(3))]).collect();
        let referral = pair.referral(WOMAN, |value| {
            value["header"]["referral_id"] = format!("000000{number:02x}-0000-4000-8000-000000000000").into();
            let first = value["consents"][0].clone();
            let mut seen = std::collections::BTreeSet::new();
            let list = ids.iter().zip(&statuses).filter(|(id, _)| seen.insert((*id).clone())).map(|(id, status)| {
                let mut one = first.clone();
                one["consent_id"] = id.clone().into();
                one["status"] = (*status).into();
                if *status == "Withdrawn" {
                    one["withdrawn_at"] = one["given_at"].clone();
                }
                one
            });
            value["consents"] = list.collect::<Vec<_>>().into();
        });
        let place = pair.sends(&referral, None);
        let state = ["queued", "opened", "accepted", "closed", "withdrawn"][usize::from(pick(5))];
        let set = "UPDATE referral SET state = ?2 WHERE place = ?1";
        pair.nodes[S].vault().db().execute(set, params![place, state]).unwrap();
    }
    // The first way: every open referral is read.
    let by_reading = |db: &rusqlite::Connection, id: &str| -> Vec<i64> {
        let open = "side = 1 AND erased_at IS NULL AND state IN ('queued', 'failed', 'submitted', 'delivered', 'opened', 'info-requested',
            'accepted', 'in-service') ORDER BY place";
        let rests = |row: &Row| {
            let (_, referral) = revision::newest(db, row.place).unwrap().unwrap();
            let is_it =
                |one: &referral::consent::Consent| one.consent_id.as_str() == id && one.status == ConsentStatus::Active;
            referral.consents().iter().any(is_it)
        };
        Row::all(db, open, []).unwrap().iter().filter(|row| rests(row)).map(|row| row.place).collect()
    };
    let by_index = |db: &rusqlite::Connection, id: &str| -> Vec<i64> {
        let id = crate::casework::store::columns::uuid_bytes(id).unwrap();
        consent::sent_on(db, &id).unwrap().iter().map(|row| row.place).collect()
    };
    let everything = |db: &rusqlite::Connection| -> Vec<(Vec<u8>, i64, i64)> {
        let mut rows = db.prepare("SELECT consent, referral, ends FROM referral_consent ORDER BY 1, 2").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
    };
    let db = pair.nodes[S].vault().db();
    let kept = everything(db);
    assert!(kept.len() > 20);
    let mut found = 0;
    for number in 0..6 {
        let (read, index) = (by_reading(db, &consent(number)), by_index(db, &consent(number)));
        assert_eq!(read, index, "{number}");
        found += index.len();
    }
    assert!(found > 10);

    // A vault of before gets the very same from what it keeps.
    let filling = include_str!("../../vault/schema_24.sql");
    let from = filling.find("INSERT OR IGNORE INTO referral_consent").unwrap();
    let to = from + filling[from..].find(';').unwrap();
    db.execute("DELETE FROM referral_consent", []).unwrap();
    db.execute_batch(&filling[from..to]).unwrap();
    assert_eq!(everything(db), kept);
}

#[test]
fn the_index_of_consents_goes_with_the_content() {
    let (mut pair, _) = accepted(966);
    let count = |pair: &mut Pair, at: usize| -> i64 {
        let place = pair.place(at);
        let query = "SELECT count(*) FROM referral_consent WHERE referral = ?1";
        pair.nodes[at].vault().db().query_row(query, [place], |row| row.get(0)).unwrap()
    };
    assert!(count(&mut pair, S) > 0 && count(&mut pair, R) > 0);
    pair.does(R, closed()).unwrap();
    pair.settles();
    pair.waits(4000 * DAY_S);
    assert_eq!((count(&mut pair, S), count(&mut pair, R)), (0, 0));
    let row = pair.row(R);
    assert!(row.erased_at.is_some());
}

#[test]
fn each_end_of_several_consents_hides_its_words_although_the_sender_is_silent() {
    let mut pair = Pair::new(984);
    let ends = [2, 3].map(|days| pair.now.after(days * DAY_S));
    let referral = pair.referral(WOMAN, |value| {
        let mut second = value["consents"][0].clone();
        value["consents"][0]["sections"] = serde_json::json!(["Enquiry", "Summary"]);
        value["consents"][0]["expires_at"] = instant(ends[0].after(90 * DAY_S)).into();
        second["sections"] = serde_json::json!(["Identity"]);
        for (number, end) in [(0xa1, ends[0]), (0xa2, ends[1])] {
            second["consent_id"] = format!("00000000-0000-4000-8000-0000000000{number:x}").into();
            second["expires_at"] = instant(end).into();
            value["consents"].as_array_mut().unwrap().push(second.clone());
        }
    });
    pair.sends(&referral, None);
    pair.settles();
    pair.waits(2 * DAY_S);
    assert!(pair.is_found(R, NAME), "another one still covers the name");
    pair.waits(DAY_S);
    assert!(!pair.is_found(R, NAME) && pair.is_found(S, NAME));
}

#[test]
fn a_clock_that_is_years_ahead_hides_no_words_for_good() {
    let mut pair = Pair::new(985);
    let referral = pair.ending();
    pair.sends(&referral, None);
    let right = pair.now;
    for (_, envelope) in pair.seals(S) {
        pair.now = right.after(20 * DAY_S);
        pair.arrives(R, &envelope);
    }
    assert!(pair.shown(R) == (vec![Section::Enquiry], true), "what is shown is judged by the clock");
    assert!(pair.is_found(R, NAME), "what does not come back by itself waits for the authority's time");
    pair.now = right;
    assert!(pair.shown(R).0.contains(&Section::Identity));
}

#[test]
fn a_version_that_cannot_be_read_does_not_stop_the_housekeeping_of_the_others() {
    let (mut pair, _) = accepted(986);
    let place = pair.place(R);
    let damage = "UPDATE inbox SET content = x'7b7d' WHERE message IN (SELECT message FROM referral_revision WHERE referral = ?1)";
    assert_eq!(pair.nodes[R].vault().db().execute(damage, [place]).unwrap(), 1);

    pair.waits(ENDS_DAYS * DAY_S);

    assert!(!pair.is_found(R, NAME), "what cannot be read is found by nothing");
}
