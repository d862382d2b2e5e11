//! One referral over two vaults: every act on both sides, in any order, twice, late, never, and after a crash.

mod audit;
mod damaged;
mod ended;
mod evidence;
mod hostile;
mod lapsed;
mod reminded;
mod told;

use rusqlite::params;
use safeconduct_certs::node::Exercise;
use safeconduct_protocol::{
    envelope::{case::CaseContent, sealed::Sealed},
    frame::SlotItemKind,
    id::{AgencyId, MessageId, NodeId},
    receipt::case::{CaseEvent, CaseFields, Revision},
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{
    details::Details,
    due,
    give::{self, Act, By, Desk},
    life::{
        code::{Outcome, Step, Why, WithdrawReason},
        fold::Way,
        state::State,
        terms::Hand,
    },
    react,
    refusal::CaseworkError,
    resync,
    sent::{self, Sent},
    stand::{self, Now},
    store::{
        event,
        news::News,
        row::{Row, Turn},
    },
};
use crate::{
    inbox::{self, ContentRefused, Haste, Here, Rules, Summary, Validate, receive},
    outbox::{self, NewReferral, Rank, progress, seal},
    prekeys::{self, RelayStock},
    referral::{self, Referral},
    testing::{self, HOME, NOW, Node, World},
};

const HANDS: [Hand; 4] = [Hand::Caseworker, Hand::Intake, Hand::Accepting, Hand::Supervisor];

/// The first code of a refusal, if the referral's id begins with this.
fn judged(refuse: Option<&'static str>) -> impl Fn(&NodeId, &[u8]) -> Result<Summary, ContentRefused> {
    move |_sender, content| {
        if let Some(code) = refuse {
            return Err(ContentRefused(code.to_owned()));
        }
        let referral = referral::parse(content).map_err(|_findings| ContentRefused("not-json".to_owned()))?;
        let line = referral.summary_line();
        Ok(Summary {
            referral_id: line.referral_id,
            kind: line.kind.to_owned(),
            urgency: line.urgency.to_owned(),
            haste: Haste::Urgent,
            exercise: line.exercise,
            referral: Box::new(referral),
        })
    }
}

/// Takes what passes `validate`, from everybody.
fn taking<'a>(validate: &'a Validate<'a>) -> Rules<'a> {
    Rules {
        validate,
        named: &|_| true,
        blocked: &|_| false,
        receipt_delay_max_s: 0,
        clock: Timestamp(u64::MAX),
        setting: testing::setting(),
    }
}

/// An agency that refers, and one that is asked.
struct Pair {
    world: World,
    nodes: [Node; 2],
    records: [Vec<Vec<u8>>; 2],
    now: Timestamp,
    refuse: Option<&'static str>,
}

const S: usize = 0;
const R: usize = 1;

impl Pair {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let mut nodes = [world.node(Exercise::No), world.node(Exercise::No)];
        nodes.iter_mut().for_each(|node| world.update(node, NOW));
        let records = nodes.each_mut().map(|node| {
            let vault = node.vault.as_mut().unwrap();
            let batches =
                prekeys::refill(vault, &node.identity, &RelayStock::default(), NOW, &mut world.entropy).unwrap();
            batches.into_iter().flatten().filter(|record| record[6] == 2).collect()
        });
        Self { world, nodes, records, now: NOW, refuse: None }
    }

    /// A sample, as if it were written now.
    fn sample(&self, name: &str) -> Referral {
        self.referral(name, |_| {})
    }

    fn referral(&self, name: &str, bend: impl FnOnce(&mut serde_json::Value)) -> Referral {
        let text = String::from_utf8(referral::canonical(&testing::sample(name)).to_vec()).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let instant = |at: Timestamp| safeconduct_certs::utc::instant(at);
        value["header"]["created_at"] = instant(self.now).into();
        value["header"]["expires_at"] = instant(self.now.after(5 * DAY_S)).into();
        value["handling"]["delete_after"] = instant(self.now.after(300 * DAY_S))[..10].into();
        let consents = value.get_mut("consents").and_then(serde_json::Value::as_array_mut);
        for one in consents.into_iter().flatten() {
            one["given_at"] = instant(self.now).into();
            if one.get("expires_at").is_some() {
                one["expires_at"] = instant(self.now.after(170 * DAY_S)).into();
            }
        }
        bend(&mut value);
        let parsed = referral::parse(&serde_json::to_vec(&value).unwrap());
        parsed.unwrap_or_else(|_findings| panic!("{name} is still a referral"))
    }

    /// Queues a referral at the sender.
    fn sends(&mut self, referral: &Referral, group: Option<([u8; 16], [u8; 16])>) -> i64 {
        let content = referral::canonical(referral);
        let agency: AgencyId = referral.header.to.agency_id.as_str().parse().unwrap();
        let line = referral.summary_line();
        let recipient = self.nodes[R].identity.node;
        let new = NewReferral {
            content: &content,
            recipient,
            agency: &agency,
            referral_id: &line.referral_id,
            rank: Rank::Normal,
            exercise: false,
            alarm_after_s: outbox::ALARM_AFTER_S,
            idempotency: None,
        };
        let (dossier, group) = group.unzip();
        let sent = Sent { referral, content: &content, recipient, agency: agency.as_str(), dossier, group };
        let (now, mut place) = (self.now, 0);
        let mut beside = |db: &rusqlite::Connection,
                          message: &MessageId,
                          entropy: &mut dyn safeconduct_protocol::entropy::Entropy| {
            place = sent::keep(db, &sent, &testing::setting(), message, now, entropy)?;
            Ok(())
        };
        let vault = self.nodes[S].vault.as_mut().unwrap();
        outbox::queue_beside(vault, &new, &mut beside, self.now, &mut self.world.entropy).unwrap();
        place
    }

    /// Seals what waits at a node, lets the relay take it, and gives the envelopes.
    fn seals(&mut self, from: usize) -> Vec<(MessageId, Vec<u8>)> {
        let node = &mut self.nodes[from];
        let vault = node.vault.as_mut().unwrap();
        let mut sealed = Vec::new();
        for waiting in outbox::to_seal(vault, self.now, 99, &|_| true).unwrap() {
            let record = self.records[1 - from].remove(0);
            let entropy = &mut self.world.entropy;
            seal::seal(vault, &node.identity, &node.held, &waiting.message, &record, self.now, entropy).unwrap();
            let submission = outbox::submission(vault, &waiting.message).unwrap().unwrap();
            let receipt = self.world.accept(&submission.envelope, self.now);
            progress::relay_accepted(vault, &node.identity, &node.held, &submission.digest, &receipt, self.now)
                .unwrap();
            stand::follow(vault.db(), &waiting.message, &node.identity.node, &testing::setting(), self.now).unwrap();
            sealed.push((waiting.message, submission.envelope));
        }
        sealed
    }

    /// Delivers an envelope, and brings the answer to it back.
    fn delivers(&mut self, to: usize, envelope: &[u8]) {
        self.arrives(to, envelope);
        self.answers(to);
    }

    fn arrives(&mut self, to: usize, envelope: &[u8]) {
        let validate = judged(self.refuse);
        let rules = taking(&validate);
        let node = &mut self.nodes[to];
        let here = Here { identity: &node.identity, held: &node.held, rules: &rules };
        let vault = node.vault.as_mut().unwrap();
        receive::receive(vault, &here, envelope, self.now, &mut self.world.entropy).unwrap();
    }

    /// Brings the receipts of a node to the other one.
    fn answers(&mut self, from: usize) {
        let [first, second] = &mut self.nodes;
        let (node, other) = if from == S { (first, second) } else { (second, first) };
        let vault = node.vault.as_mut().unwrap();
        seal::seal_due_receipts(vault, &node.identity, &node.held, self.now, &mut self.world.entropy).unwrap();
        let ready = outbox::to_submit(vault, self.now, 99, &HOME).unwrap();
        for one in ready {
            if outbox::find(vault, &one.message).unwrap().unwrap().kind != outbox::MessageKind::Receipt {
                continue;
            }
            let receipt = self.world.accept(&one.envelope, self.now);
            progress::relay_accepted(vault, &node.identity, &node.held, &one.digest, &receipt, self.now).unwrap();
            let slot = Sealed::try_from(one.envelope.clone()).unwrap().slot();
            let validate = judged(None);
            let rules = taking(&validate);
            let here = Here { identity: &other.identity, held: &other.held, rules: &rules };
            let theirs = other.vault.as_mut().unwrap();
            let entropy = &mut self.world.entropy;
            inbox::slot::take(theirs, &here, &slot, SlotItemKind::Envelope, &one.envelope, self.now, entropy).unwrap();
        }
    }

    /// Carries everything that waits at either node to the other one, until nothing does.
    fn settles(&mut self) {
        for _ in 0..9 {
            let mut moved = false;
            for from in [S, R] {
                for (_, envelope) in self.seals(from) {
                    self.delivers(1 - from, &envelope);
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// A person at a node does something.
    fn does(&mut self, at: usize, act: Act) -> Result<State, CaseworkError> {
        let place = self.row(at).place;
        self.does_at(at, place, act)
    }

    fn does_at(&mut self, at: usize, place: i64, act: Act) -> Result<State, CaseworkError> {
        let node = &mut self.nodes[at];
        let setting = testing::setting();
        let desk = Desk { identity: &node.identity, held: &node.held, setting: &setting };
        let tx = node.vault.as_mut().unwrap().begin()?;
        let found = give::give(&tx, &desk, place, &act, self.now, &mut self.world.entropy)?;
        react::to(&tx, &desk, &found, self.now, &mut self.world.entropy)?;
        tx.commit()?;
        Ok(found.standing.state)
    }

    fn row(&mut self, at: usize) -> Row {
        Row::all(self.nodes[at].vault().db(), "1 ORDER BY place DESC LIMIT 1", []).unwrap().pop().unwrap()
    }

    fn now_at(&mut self, at: usize) -> Now {
        let (now, own, place) = (self.now, self.nodes[at].identity.node, self.row(at).place);
        stand::look(self.nodes[at].vault().db(), place, &own, now).unwrap()
    }

    /// The state at both, which must be one.
    fn both(&mut self) -> State {
        let (s, r) = (self.now_at(S), self.now_at(R));
        assert_eq!((s.standing.state, s.standing.level), (r.standing.state, r.standing.level));
        assert_eq!(s.standing.applied, r.standing.applied, "both have one log");
        assert_eq!((s.row.state, r.row.state), (s.standing.state, r.standing.state), "as it is written");
        s.standing.state
    }

    /// Time passes, and both nodes keep house.
    fn waits(&mut self, seconds: u64) {
        self.now = self.now.after(seconds);
        for node in &mut self.nodes {
            let setting = testing::setting();
            let desk = Desk { identity: &node.identity, held: &node.held, setting: &setting };
            let vault = node.vault.as_mut().unwrap();
            // What cannot be undone waits for a signed time, too: this world's authority has just spoken.
            vault.db().execute("UPDATE registry_head SET signed_at = ?1", [crate::vault::int(self.now.0)]).unwrap();
            due::run(vault, &desk, self.now, self.now, &mut self.world.entropy).unwrap();
        }
    }

    fn restarts(&mut self) {
        for node in &mut self.nodes {
            node.restart(self.now, &mut self.world.entropy);
        }
    }

    /// Whether any file of a node holds these bytes, or its vault does.
    fn knows(&mut self, at: usize, words: &str) -> bool {
        let db = self.nodes[at].vault().db();
        for (table, columns) in [
            ("inbox", "content"),
            ("outbox", "content"),
            ("referral_revision", "content"),
            ("case_event", "details"),
            ("case_pending", "content"),
            ("referral_word", "word"),
        ] {
            let query = format!("SELECT count(*) FROM {table} WHERE instr({columns}, ?1) > 0");
            let bytes: i64 = db.query_row(&query, [words.as_bytes()], |row| row.get(0)).unwrap();
            let text: i64 = db.query_row(&query, [words], |row| row.get(0)).unwrap();
            if bytes + text > 0 {
                return true;
            }
        }
        false
    }
}

fn person() -> By {
    By::Person([7; 16], HANDS.to_vec())
}

fn act(step: Step) -> Act {
    Act::of(step, person())
}

fn with_text(step: Step, text: &str) -> Act {
    let details = Details { text: Some(zeroize::Zeroizing::new(text.to_owned())), ..Details::default() };
    Act { details, ..act(step) }
}

fn declined() -> Act {
    Act { code: 1, ..act(Step::Declined) }
}

fn withdrawn() -> Act {
    Act { code: Why::Withdrawn(WithdrawReason::Person).number(), ..act(Step::Withdrawn) }
}

fn closed() -> Act {
    Act { code: Why::Closed(Outcome::ServiceDelivered).number(), ..act(Step::Closed) }
}

const WOMAN: &str = "01-woman-sex-industry-shelter";

fn delivered(seed: u64) -> Pair {
    let mut pair = Pair::new(seed);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    pair.settles();
    assert_eq!(pair.both(), State::Delivered);
    pair
}

/// A recipient's node that has signed two acts under one number, and told both.
fn forked(seed: u64) -> Pair {
    let mut pair = delivered(seed);
    pair.does(R, act(Step::Opened)).unwrap();
    let first = pair.seals(R);
    pair.nodes[R].vault().db().execute("DELETE FROM case_event", []).unwrap();
    let (own, now, place) = (pair.nodes[R].identity.node, pair.now.after(1), pair.row(R).place);
    pair.now = now;
    stand::refresh(pair.nodes[R].vault().db(), place, &own, &testing::setting(), now).unwrap();
    pair.does(R, act(Step::Opened)).unwrap();
    let second = pair.seals(R);
    for (_, envelope) in first.iter().chain(&second) {
        pair.delivers(S, envelope);
    }
    pair
}

#[test]
fn a_referral_goes_from_the_outbox_to_its_outcome_and_both_agencies_have_one_log() {
    let mut pair = Pair::new(900);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    assert_eq!(pair.row(S).state, State::Queued);
    let (_, envelope) = pair.seals(S).remove(0);
    assert_eq!((pair.row(S).state, pair.row(S).turn), (State::Submitted, Turn::Theirs));
    pair.delivers(R, &envelope);
    assert_eq!(pair.both(), State::Delivered);
    assert_eq!(pair.row(R).turn, Turn::Ours);
    let steps = [
        (R, act(Step::Opened), State::Opened),
        (R, with_text(Step::InfoRequested, "Which languages does she speak?"), State::InfoRequested),
        (S, with_text(Step::InfoProvided, "Romanian and some Italian"), State::Opened),
        (R, act(Step::Accepted), State::Accepted),
        (R, act(Step::ServiceStarted), State::InService),
        (R, closed(), State::Closed),
    ];
    for (at, act, state) in steps {
        pair.now = pair.now.after(60);
        assert_eq!(pair.does(at, act).unwrap(), state);
        pair.settles();
        assert_eq!(pair.both(), state);
        pair.restarts();
        assert_eq!(pair.both(), state, "after a crash");
    }

    let row = pair.row(S);
    assert_eq!(row.why, Some(Why::Closed(Outcome::ServiceDelivered)));
    assert!(row.has(News::Told) && row.turn == Turn::Nobody && row.ended_at.is_some());
    let details: Vec<_> = event::all(pair.nodes[S].vault().db(), row.place).unwrap();
    let texts: Vec<_> = details.iter().filter_map(|kept| kept.details.as_ref()).collect();
    assert!(String::from_utf8_lossy(texts[0]).contains("Which languages"), "the sender reads the question");
}

#[test]
fn what_the_life_does_not_have_is_refused_with_what_it_has_and_nothing_is_written() {
    let mut pair = delivered(901);

    let refused = pair.does(R, act(Step::Accepted)).unwrap_err();
    assert_eq!(refused.code(), "not-now");
    assert!(refused.to_string().contains("referral show --open"), "{refused}");
    assert_eq!(pair.does(S, act(Step::Opened)).unwrap_err().code(), "not-yours");
    assert_eq!(pair.does(R, act(Step::Declined)).unwrap_err().code(), "not-now");
    pair.does(R, act(Step::Opened)).unwrap();
    assert_eq!(pair.does(R, act(Step::Declined)).unwrap_err().code(), "wrong-reason");
    assert_eq!(pair.does(R, with_text(Step::ServiceStarted, "x")).unwrap_err().code(), "not-now");
    let rude = with_text(Step::InfoRequested, "\u{202e}");
    assert_eq!(pair.does(R, rude).unwrap_err().code(), "bad-value");
    assert_eq!(pair.now_at(R).events.len(), 1);
}

#[test]
fn acts_that_come_twice_late_and_in_another_order_end_in_one_state() {
    let mut pair = delivered(902);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, act(Step::Accepted)).unwrap();
    pair.does(R, act(Step::ServiceStarted)).unwrap();
    let envelopes = pair.seals(R);
    assert_eq!(envelopes.len(), 3);

    for (_, envelope) in envelopes.iter().rev() {
        pair.arrives(S, envelope);
        pair.arrives(S, envelope);
    }
    pair.answers(S);

    assert_eq!(pair.both(), State::InService);
    assert_eq!(pair.now_at(S).events.len(), 3);
}

#[test]
fn an_act_that_was_lost_is_asked_for_and_the_state_follows() {
    let mut pair = delivered(903);
    pair.does(R, act(Step::Opened)).unwrap();
    let lost = pair.seals(R);
    pair.does(R, act(Step::Accepted)).unwrap();
    let (_, second) = pair.seals(R).remove(0);
    pair.delivers(S, &second);
    assert_eq!(lost.len(), 1);
    let before = pair.now_at(S);
    assert_eq!((before.standing.state, before.standing.gaps.len()), (State::Delivered, 1));

    pair.waits(59);
    assert!(pair.seals(S).is_empty(), "it may still be on its way");
    pair.waits(2);
    pair.settles();

    assert_eq!(pair.both(), State::Accepted);
    pair.waits(7 * HOUR_S);
    assert!(pair.seals(S).is_empty(), "nothing is missing any more");
}

#[test]
fn a_referral_that_is_withdrawn_before_it_arrives_is_never_read_and_its_erasure_is_certified() {
    let mut pair = Pair::new(904);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    let (_, late) = pair.seals(S).remove(0);
    pair.does(S, withdrawn()).unwrap();
    let (_, first) = pair.seals(S).remove(0);

    pair.delivers(R, &first);
    assert!(Row::all(pair.nodes[R].vault().db(), "1", []).unwrap().is_empty(), "nobody knows yet what it is about");
    pair.delivers(R, &late);
    pair.settles();

    let row = pair.row(R);
    assert_eq!((row.state, row.erased_at), (State::Erased, Some(pair.now)));
    assert!(!pair.knows(R, "Oksana") && !pair.knows(R, referral.header.referral_id.as_str()));
    let sender = pair.now_at(S);
    assert_eq!(sender.standing.state, State::Withdrawn);
    let acts: Vec<_> = sender.events.iter().map(|kept| Step::of(kept.event.says().act)).collect();
    assert_eq!(acts, [Step::Withdrawn, Step::WithdrawalApplied, Step::ErasureCertified]);
    assert_eq!(pair.does(R, act(Step::Opened)).unwrap_err().code(), "not-now");
}

#[test]
fn a_referral_that_is_withdrawn_before_it_was_sealed_is_recalled() {
    let mut pair = Pair::new(905);
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);

    assert_eq!(pair.does(S, withdrawn()).unwrap(), State::Withdrawn);

    assert!(pair.seals(S).is_empty(), "nothing leaves");
    let state: (String, String, bool) = pair.nodes[S]
        .vault()
        .db()
        .query_row("SELECT state, reason, alarm FROM outbox", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    assert_eq!(state, ("failed".to_owned(), "withdrawn".to_owned(), false));
}

#[test]
fn what_a_rule_refuses_is_declined_by_the_node_and_kept_nowhere() {
    let mut pair = Pair::new(906);
    pair.refuse = Some("consent-expired");
    let referral = pair.sample(WOMAN);
    pair.sends(&referral, None);
    let (_, envelope) = pair.seals(S).remove(0);
    assert!(pair.knows(S, referral.header.referral_id.as_str()));

    pair.delivers(R, &envelope);

    let row = pair.row(S);
    assert_eq!(row.state, State::Declined);
    assert_eq!(row.why.map(Why::as_str), Some("ConsentInsufficient"));
    let sender = pair.now_at(S);
    let told = sender.events[0].details.as_ref().unwrap();
    assert_eq!(&***told, br#"{"rule":"consent-expired"}"#);
    assert!(!pair.knows(R, "case_code") && !pair.knows(R, referral.header.referral_id.as_str()));
    assert!(inbox::list(pair.nodes[R].vault()).unwrap().is_empty(), "nobody sees it");
    let said = |pair: &mut Pair| -> i64 {
        let query = "SELECT count(*) FROM outbox WHERE kind = 2";
        pair.nodes[R].vault().db().query_row(query, [], |row| row.get(0)).unwrap()
    };
    let before = said(&mut pair);
    pair.arrives(R, &envelope);
    assert_eq!(said(&mut pair), before, "the same envelope is answered once");
    assert_eq!(outbox::list(pair.nodes[S].vault()).unwrap()[0].reason.as_deref(), Some("refused-there"));
}

#[test]
fn what_this_node_lacks_itself_is_no_reason_to_decline_until_two_weeks_are_over() {
    let mut pair = Pair::new(907);
    pair.refuse = Some("profile-stale");
    let end = safeconduct_certs::utc::instant(NOW.after(30 * DAY_S));
    let referral = pair.referral(WOMAN, |value| value["header"]["expires_at"] = end.into());
    pair.sends(&referral, None);
    let (_, envelope) = pair.seals(S).remove(0);
    pair.delivers(R, &envelope);
    assert_eq!(pair.row(S).state, State::Submitted);

    let overdue = |pair: &mut Pair| {
        let validate = judged(Some("profile-stale"));
        let rules = taking(&validate);
        let node = &mut pair.nodes[R];
        let here = Here { identity: &node.identity, held: &node.held, rules: &rules };
        let vault = node.vault.as_mut().unwrap();
        inbox::refused::decline_overdue(vault, &here, pair.now, &mut pair.world.entropy).unwrap()
    };
    pair.now = pair.now.after(14 * DAY_S - 1);
    assert_eq!(overdue(&mut pair), 0);
    pair.now = pair.now.after(1);
    assert_eq!(overdue(&mut pair), 1);
    for node in &mut pair.nodes {
        pair.world.update(node, pair.now);
    }
    pair.answers(R);

    assert_eq!(pair.row(S).why.map(Why::as_str), Some("OutsideMandate"));
    assert_eq!(overdue(&mut pair), 0);
}

#[test]
fn of_agencies_that_are_asked_for_the_same_the_first_that_accepts_is_the_one_and_the_others_are_told() {
    let mut pair = Pair::new(908);
    let group = Some(([1; 16], [2; 16]));
    let places: Vec<i64> = (1..=3)
        .map(|number| {
            let id = format!("0000000{number}-0000-4000-8000-000000000000");
            let referral =
                pair.referral("08-enquiry-no-names-level-0", |value| value["header"]["referral_id"] = id.into());
            pair.sends(&referral, group)
        })
        .collect();
    pair.settles();
    let at_recipient: Vec<i64> =
        Row::all(pair.nodes[R].vault().db(), "1 ORDER BY place", []).unwrap().iter().map(|row| row.place).collect();

    for place in [at_recipient[1], at_recipient[0]] {
        pair.does_at(R, place, act(Step::Opened)).unwrap();
        pair.does_at(R, place, act(Step::Accepted)).unwrap();
    }
    pair.settles();

    let states: Vec<State> =
        places.iter().map(|place| Row::at(pair.nodes[S].vault().db(), *place).unwrap().state).collect();
    assert_eq!(states, [State::Withdrawn, State::Accepted, State::Withdrawn]);
    let why = Row::at(pair.nodes[S].vault().db(), places[2]).unwrap().why;
    assert_eq!(why.map(Why::as_str), Some("ServedElsewhere"));
    let theirs = Row::at(pair.nodes[R].vault().db(), at_recipient[2]).unwrap();
    assert_eq!(theirs.state, State::Erased, "nobody had read it");
}

#[test]
fn nobody_decides_in_time_and_it_ends_by_itself_on_both_sides() {
    let mut pair = delivered(909);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    let row = pair.row(R);
    assert!(!row.late && row.decide_by.is_some());
    let left = row.decide_by.unwrap().since(pair.now);

    pair.waits(left);
    assert!(pair.row(R).late && pair.row(S).late);
    let left = row.expires_at.since(pair.now);
    pair.waits(left);
    pair.settles();

    assert_eq!(pair.now_at(S).standing.state, State::Expired);
    assert!(pair.row(S).has(News::AskAgain));
    assert_eq!(pair.row(R).state, State::Erased);
    assert!(!pair.knows(R, "Oksana"));
}

#[test]
fn an_acceptance_that_crosses_with_the_end_counts_when_a_person_at_the_sender_says_so() {
    let mut pair = delivered(910);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    let end = pair.row(S).expires_at;
    pair.now = Timestamp(end.0 - 30);
    pair.does(R, act(Step::Accepted)).unwrap();
    let (_, envelope) = pair.seals(R).remove(0);
    pair.now = end.after(30);
    pair.delivers(S, &envelope);

    let sender = pair.now_at(S);
    assert!(sender.standing.crossed && sender.standing.state == State::Expired);
    assert!(pair.row(S).has(News::Crossed) && pair.row(S).turn == Turn::Ours);
    pair.does(S, act(Step::Reinstated)).unwrap();
    pair.settles();

    assert_eq!(pair.both(), State::Accepted);
}

#[test]
fn content_is_erased_on_its_day_and_what_was_signed_stays() {
    let mut pair = delivered(911);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, Act { code: 1, ..with_text(Step::Declined, "no bed before Friday canary-text") }).unwrap();
    pair.settles();
    assert_eq!(pair.both(), State::Declined);
    assert!(pair.knows(R, "canary-text") && pair.knows(S, "canary-text"));
    let day = pair.row(R).erase_on.unwrap();
    assert_eq!(day, pair.row(R).ended_at.unwrap().after(30 * DAY_S), "what was not accepted goes after 30 days");

    let left = day.since(pair.now);
    pair.waits(left - 1);
    assert!(pair.row(R).erased_at.is_none());
    pair.waits(1);
    pair.settles();

    assert_eq!(pair.row(R).state, State::Erased);
    for words in ["canary-text", "Oksana", "case_code"] {
        assert!(!pair.knows(R, words), "{words}");
    }
    let acts: Vec<_> = pair.now_at(S).events.iter().map(|kept| Step::of(kept.event.says().act)).collect();
    assert_eq!(acts, [Step::Opened, Step::Declined, Step::ErasureCertified]);
}

#[test]
fn a_legal_hold_keeps_it_until_it_ends() {
    let mut pair = delivered(912);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, declined()).unwrap();
    pair.settles();
    let place = pair.row(R).place;
    let hold = "UPDATE referral SET hold = ?2 WHERE place = ?1";
    pair.nodes[R].vault().db().execute(hold, params![place, "court order 12"]).unwrap();

    pair.waits(31 * DAY_S);
    assert!(pair.row(R).erased_at.is_none() && pair.knows(R, "case_code"));

    pair.nodes[R].vault().db().execute(hold, params![place, None::<String>]).unwrap();
    let (own, now) = (pair.nodes[R].identity.node, pair.now);
    stand::refresh(pair.nodes[R].vault().db(), place, &own, &testing::setting(), now).unwrap();
    pair.waits(60);
    assert!(pair.row(R).erased_at.is_some());
}

#[test]
fn what_was_opened_is_erased_within_three_days_of_a_withdrawal_and_what_serves_waits_for_a_person() {
    let mut pair = delivered(913);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.settles();
    pair.does(S, withdrawn()).unwrap();
    pair.settles();
    assert_eq!((pair.both(), pair.row(R).turn), (State::Withdrawn, Turn::Ours));
    pair.waits(72 * HOUR_S);
    pair.settles();
    assert_eq!(pair.row(R).state, State::Erased);

    let mut pair = delivered(914);
    for step in [Step::Opened, Step::Accepted, Step::ServiceStarted] {
        pair.does(R, act(step)).unwrap();
    }
    pair.settles();
    pair.does(S, withdrawn()).unwrap();
    pair.settles();
    pair.waits(72 * HOUR_S);
    assert!(pair.row(R).erased_at.is_none(), "what law demands may be kept");
    assert!(pair.row(R).has(News::WithdrawalOverdue));
}

#[test]
fn a_node_that_lost_its_own_acts_learns_them_from_its_partner_and_signs_no_number_twice() {
    let mut pair = delivered(915);
    pair.does(R, act(Step::Opened)).unwrap();
    pair.does(R, act(Step::Accepted)).unwrap();
    pair.settles();
    let place = pair.row(R).place;
    pair.nodes[R].vault().db().execute("DELETE FROM case_event", []).unwrap();
    let (partner, now) = (pair.nodes[R].identity.node, pair.now);
    resync::restored(pair.nodes[S].vault.as_mut().unwrap().db(), &partner, now, &mut pair.world.entropy).unwrap();

    pair.settles();
    assert_eq!(pair.both(), State::Accepted);
    pair.does_at(R, place, act(Step::ServiceStarted)).unwrap();
    pair.settles();

    assert_eq!(pair.both(), State::InService);
    assert!(pair.now_at(S).standing.equivocations.is_empty());
}

#[test]
fn two_acts_under_one_number_are_an_alarm_and_neither_counts() {
    let mut pair = forked(916);

    assert_eq!(pair.now_at(S).standing.state, State::Delivered);
    assert!(pair.row(S).has(News::Equivocation));
}

#[test]
fn acts_about_another_referral_of_another_signer_or_by_another_key_are_not_taken() {
    let mut pair = delivered(917);
    let stranger = pair.world.node(Exercise::No);
    pair.does(R, act(Step::Opened)).unwrap();
    let kept = pair.now_at(R).events.remove(0).event;
    let says = kept.says().clone();
    let about_other = Revision { content_commitment: [9; 32], ..says.about };
    let bent = [
        (&pair.nodes[R].identity, CaseFields { other: stranger.identity.node, ..says.clone() }),
        (&pair.nodes[R].identity, CaseFields { about: about_other, ..says.clone() }),
        (&stranger.identity, says.clone()),
    ];
    let bent = bent.map(|(signer, fields)| CaseEvent::sign(&signer.key, &fields).unwrap());
    for event in bent {
        let content = CaseContent::Event(Box::new(event), None).encode().unwrap();
        let row = pair.row(R);
        give::tell(pair.nodes[R].vault().db(), &row, &content, NOW, &mut pair.world.entropy).unwrap();
    }
    pair.nodes[R]
        .vault()
        .db()
        .execute("DELETE FROM outbox WHERE message IN (SELECT message FROM case_event)", [])
        .unwrap();
    for (_, envelope) in pair.seals(R) {
        pair.delivers(S, &envelope);
    }
    assert!(pair.now_at(S).events.is_empty());
    assert_eq!(pair.now_at(S).row.way, Way::Delivered);
}
