//! One test a transition: from exactly its states, refused from all others with what is possible instead.

use safeconduct_client::casework::life::act::{Ask, Refusal, may, possible};
use safeconduct_client::casework::life::code::{DeclineReason, Outcome, Step, Why, WithdrawReason};
use safeconduct_client::casework::life::fold::{Due, Reached, Reason, Way};
use safeconduct_client::casework::life::state::{Phase, State};
use safeconduct_client::casework::life::table::TABLE;
use safeconduct_client::casework::life::terms::{Codes, Detail, Effect, Guard, Hand, Side};
use safeconduct_client::casework::words;
use safeconduct_protocol::receipt::case::CaseAct;
use safeconduct_protocol::time::Timestamp;

use crate::history::{Does, END, Known, LEVEL, Recipient, Sender, does, in_state};

use State as S;

/// From the relay to the help.
const OPEN: [State; 6] = [S::Submitted, S::Delivered, S::Opened, S::InfoRequested, S::Accepted, S::InService];
/// The five ends.
const ENDED: [State; 5] = [S::Closed, S::Declined, S::Withdrawn, S::Expired, S::Transferred];

pub(crate) fn ask(side: Side, hands: &[Hand], step: Step, code: u8) -> Ask<'_> {
    let level = matches!(step, Step::DisclosureRaised | Step::DisclosureRequested).then_some(LEVEL);
    Ask { step, side, hands, code, level }
}

/// Whoever has `hand` at `side` may do `step` from exactly `from`, by the transition `id`; elsewhere the refusal names the state and what
/// is possible, and nothing that it names is refused.
fn only_from(id: &str, side: Side, hand: Hand, (step, code): (Step, u8), from: &[State]) {
    let hands = [hand];
    for state in State::ALL {
        let standing = in_state(*state).standing();
        let asked = may(Some(&standing), &ask(side, &hands, step, code));
        if from.contains(state) {
            assert_eq!(asked.unwrap().id, id, "{state:?}");
            assert!(possible(Some(&standing), side, &hands).contains(&step), "{state:?}");
            continue;
        }
        let refusal = asked.unwrap_err();
        let said = refusal.to_string();
        let Refusal::NotNow { present, possible, .. } = refusal else { panic!("{state:?}: {refusal:?}") };
        assert_eq!(present, Some(*state));
        assert!(!possible.0.contains(&step) && said.contains(state.word()), "{said}");
        for other in possible.0 {
            let some_code = (0..15).any(|code| may(Some(&standing), &ask(side, &hands, other, code)).is_ok());
            assert!(some_code && said.contains(words::step(other).verb.unwrap_or(other.as_str())), "{said}");
        }
    }
}

/// The event counts from exactly `from` by the transition `id`, leads `to` there, and is a remark that changes nothing elsewhere.
fn counts_from(id: &str, act: Does, from: &[State], to: Option<State>) {
    for state in State::ALL {
        let mut known = in_state(*state);
        let before = known.standing();
        // Signed now: what was signed before the end of its time counts also after it.
        let event = known.act(act.at(known.now));
        let after = known.standing();
        if from.contains(state) {
            let applied = after.applied.last().unwrap();
            assert_eq!((applied.hash, applied.id), (event.hash, id), "{state:?}");
            assert_eq!(after.state, to.unwrap_or(*state), "{state:?}");
        } else if !matches!(state, S::Draft | S::Queued | S::Failed | S::Submitted) || act.side == Sender {
            // An act of the recipient shows that it was delivered, whatever the outbox says.
            assert_eq!(after.state, before.state, "{state:?}");
            assert!(after.applied.iter().all(|applied| applied.hash != event.hash), "{state:?}");
            assert!(after.remarks.iter().any(|remark| remark.hash == event.hash), "{state:?}");
            let asks_alternate = |due: &Due| due.effect == Effect::WithdrawAlternate;
            assert!(
                after.why == before.why && after.due.iter().all(|due| before.due.contains(due) || asks_alternate(due))
            );
        }
    }
}

/// What is due at `side` because of the last act of this history.
fn due(known: &Known, side: Side) -> Vec<Effect> {
    let standing = known.standing();
    let last = standing.applied.last().map(|applied| applied.hash);
    let of_last = |due: &&Due| due.side == side && due.because == last;
    standing.due.iter().filter(of_last).map(|due| due.effect).collect()
}

fn after(state: State, act: Does) -> Known {
    in_state(state).with(&[act])
}

#[test]
fn t01_a_caseworker_begins_a_referral_where_there_is_none() {
    let create = ask(Sender, &[Hand::Caseworker], Step::Create, 0);

    assert_eq!(may(None, &create).unwrap().to, Some(S::Draft));
    only_from("T01", Sender, Hand::Caseworker, (Step::Create, 0), &[]);
    let nothing_there = may(None, &ask(Sender, &[Hand::Caseworker], Step::Withdrawn, 1)).unwrap_err();
    let told = "referral withdraw is not possible now: the referral is not there; possible: referral draft new";
    assert_eq!(nothing_there.to_string(), told);
}

#[test]
fn t02_a_draft_or_what_could_not_be_sent_is_queued() {
    only_from("T02", Sender, Hand::Caseworker, (Step::Send, 0), &[S::Draft, S::Failed]);
    let row = TABLE.iter().find(|row| row.id == "T02").unwrap();
    assert!(row.guards.contains(&Guard::PolicyPasses) && row.guards.contains(&Guard::SecondPerson));
    assert_eq!(row.to, Some(S::Queued));
}

#[test]
fn t03_the_relays_receipt_makes_it_submitted() {
    only_from("T03", Sender, Hand::Node, (Step::Submitted, 0), &[S::Queued]);
    assert_eq!(Known::of(Way::Queued).state(), S::Queued);
    assert_eq!(Known::of(Way::Submitted).state(), S::Submitted);
}

#[test]
fn t04_the_delivered_receipt_makes_it_delivered_and_starts_the_clocks() {
    only_from("T04", Recipient, Hand::Node, (Step::Delivered, 0), &[S::Submitted]);
    let standing = Known::of(Way::Delivered).standing();
    for side in [Sender, Recipient] {
        assert!(standing.due.contains(&Due { side, effect: Effect::StartClocks, because: None }));
    }
    let submitted = Known::of(Way::Submitted).standing();
    assert!(submitted.due.iter().all(|due| due.effect != Effect::StartClocks));
}

#[test]
fn t05_a_rule_that_refuses_declines_by_the_node_alone_and_erases_at_once() {
    let insufficient = Why::Declined(DeclineReason::ConsentInsufficient).number();
    let inauthentic = Why::Declined(DeclineReason::SuspectedInauthentic).number();
    let outside = Why::Declined(DeclineReason::OutsideMandate).number();
    for code in [insufficient, inauthentic, outside] {
        only_from("T05", Recipient, Hand::Node, (Step::Declined, code), &[S::Submitted]);
        let refused = does(Recipient, Step::Declined).by_node().code(code);
        counts_from("T05", refused, &[S::Draft, S::Queued, S::Failed, S::Submitted], Some(S::Declined));
        assert!(due(&after(S::Submitted, refused), Recipient).contains(&Effect::EraseNow));
    }
    for code in (1..=14).filter(|code| ![insufficient, inauthentic, outside].contains(code)) {
        let known = after(S::Submitted, does(Recipient, Step::Declined).by_node().code(code));
        assert_eq!((known.state(), known.standing().remarks[0].reason), (S::Submitted, Reason::Code));
    }
}

#[test]
fn t06_the_first_look_of_a_person_opens_it() {
    only_from("T06", Recipient, Hand::Intake, (Step::Opened, 0), &[S::Delivered]);
    counts_from("T06", does(Recipient, Step::Opened), &[S::Delivered], Some(S::Opened));
    assert_eq!(due(&after(S::Delivered, does(Recipient, Step::Opened)), Sender), [Effect::StopAcknowledge]);
    let by_itself = after(S::Delivered, does(Recipient, Step::Opened).by_node());
    assert_eq!((by_itself.state(), by_itself.standing().remarks[0].reason), (S::Delivered, Reason::Hand));
}

#[test]
fn t07_asking_for_more_pauses_the_clock_for_deciding() {
    only_from("T07", Recipient, Hand::Intake, (Step::InfoRequested, 0), &[S::Opened]);
    counts_from("T07", does(Recipient, Step::InfoRequested), &[S::Opened], Some(S::InfoRequested));
    let asked = after(S::Opened, does(Recipient, Step::InfoRequested));
    assert_eq!(due(&asked, Recipient), [Effect::PauseDecide]);
    assert_eq!(due(&asked, Sender), [Effect::PauseDecide, Effect::Alert]);
}

#[test]
fn t08_the_answer_lets_the_clock_run_on() {
    only_from("T08", Sender, Hand::Caseworker, (Step::InfoProvided, 0), &[S::InfoRequested]);
    counts_from("T08", does(Sender, Step::InfoProvided), &[S::InfoRequested], Some(S::Opened));
    let answered = after(S::InfoRequested, does(Sender, Step::InfoProvided));
    assert_eq!(due(&answered, Recipient), [Effect::ResumeDecide, Effect::TakeRevision]);
}

#[test]
fn t09_more_may_be_asked_for_while_it_is_open_before_a_decision() {
    only_from("T09", Recipient, Hand::Intake, (Step::DisclosureRequested, 0), &[S::Opened]);
    counts_from("T09", does(Recipient, Step::DisclosureRequested), &[S::Opened], None);
    let standing = in_state(S::Opened).standing();
    for (level, refused) in [(None, true), (Some(1), true), (Some(2), false), (Some(3), false), (Some(4), true)] {
        let asked = Ask { level, ..ask(Recipient, &[Hand::Intake], Step::DisclosureRequested, 0) };
        assert_eq!(may(Some(&standing), &asked).is_err(), refused, "{level:?}");
    }
}

#[test]
fn t10_more_may_be_disclosed_from_opening_to_the_end() {
    let from = [S::Opened, S::Accepted, S::InService];
    only_from("T10", Sender, Hand::Caseworker, (Step::DisclosureRaised, 0), &from);
    counts_from("T10", does(Sender, Step::DisclosureRaised), &from, None);
    let raised = after(S::Opened, does(Sender, Step::DisclosureRaised)).standing();
    assert_eq!((in_state(S::Opened).standing().level, raised.level), (1, LEVEL));
    let again = may(Some(&raised), &ask(Sender, &[Hand::Caseworker], Step::DisclosureRaised, 0));
    assert_eq!(again, Err(Refusal::WrongLevel { step: Step::DisclosureRaised, present: LEVEL }));
}

#[test]
fn t11_only_who_may_accept_accepts_and_only_in_time() {
    only_from("T11", Recipient, Hand::Accepting, (Step::Accepted, 0), &[S::Opened]);
    counts_from("T11", does(Recipient, Step::Accepted), &[S::Opened], Some(S::Accepted));
    let standing = in_state(S::Opened).standing();
    let intake = may(Some(&standing), &ask(Recipient, &[Hand::Intake, Hand::Caseworker], Step::Accepted, 0));
    assert_eq!(intake, Err(Refusal::NotYours { step: Step::Accepted, by: vec![(Recipient, Hand::Accepting)] }));
    assert_eq!(after(S::Opened, does(Recipient, Step::Accepted).at(END - 1)).state(), S::Accepted);
    let late = Known { now: END, ..after(S::Opened, does(Recipient, Step::Accepted).at(END)) }.standing();
    assert_eq!((late.state, late.crossed, late.remarks[0].reason), (S::Expired, false, Reason::TooLate));
}

#[test]
fn t12_a_person_declines_with_a_reason_and_the_body_goes_soon() {
    let from = [S::Opened, S::InfoRequested];
    for code in 1..=14 {
        only_from("T12", Recipient, Hand::Intake, (Step::Declined, code), &from);
        counts_from("T12", does(Recipient, Step::Declined).code(code), &from, Some(S::Declined));
    }
    let declined = after(S::Opened, does(Recipient, Step::Declined));
    assert_eq!(declined.standing().why, Some(Why::Declined(DeclineReason::NoCapacity)));
    assert!(due(&declined, Recipient).contains(&Effect::EraseNotAccepted));
    let no_reason = may(Some(&in_state(S::Opened).standing()), &ask(Recipient, &[Hand::Intake], Step::Declined, 0));
    assert_eq!(no_reason, Err(Refusal::WrongCode { step: Step::Declined }));
}

#[test]
fn t13_help_begins_after_acceptance() {
    only_from("T13", Recipient, Hand::Caseworker, (Step::ServiceStarted, 0), &[S::Accepted]);
    counts_from("T13", does(Recipient, Step::ServiceStarted), &[S::Accepted], Some(S::InService));
    let row = TABLE.iter().find(|row| row.id == "T13").unwrap();
    assert_eq!(row.details, [Detail::ServiceOn]);
}

#[test]
fn t14_it_is_closed_with_an_outcome_and_without_details() {
    let from = [S::Accepted, S::InService];
    for code in [1, 2, 5, 6, 7, 8, 9, 10] {
        only_from("T14", Recipient, Hand::Caseworker, (Step::Closed, code), &from);
        counts_from("T14", does(Recipient, Step::Closed).code(code), &from, Some(S::Closed));
    }
    assert!(TABLE.iter().filter(|row| row.step == Step::Closed).all(|row| row.details.is_empty()));
    for code in [3, 4] {
        let closed = after(S::InService, does(Recipient, Step::Closed).code(code)).standing();
        assert_eq!(closed.applied.last().unwrap().id, "T14");
        assert!(closed.due.iter().all(|due| due.effect != Effect::SafetyCheck));
    }
}

#[test]
fn t15_a_person_who_was_accepted_and_not_reached_is_an_alarm() {
    for outcome in [Outcome::PersonDeclined, Outcome::PersonNotReached] {
        let act = does(Recipient, Step::Closed).code(Why::Closed(outcome).number());
        let closed = after(S::Accepted, act);
        let standing = closed.standing();
        assert_eq!((standing.state, standing.why), (S::Closed, Some(Why::Closed(outcome))));
        assert_eq!(standing.applied.last().unwrap().id, "T15");
        assert!(due(&closed, Sender).contains(&Effect::SafetyCheck));
    }
}

#[test]
fn t16_it_may_be_taken_back_as_long_as_it_is_open() {
    let from = [&[S::Queued, S::Failed][..], &OPEN].concat();
    for code in 1..=4 {
        only_from("T16", Sender, Hand::Caseworker, (Step::Withdrawn, code), &from);
        only_from("T16", Sender, Hand::Supervisor, (Step::Withdrawn, code), &from);
        counts_from("T16", does(Sender, Step::Withdrawn).code(code), &from, Some(S::Withdrawn));
    }
    for (state, reached) in
        [(S::Delivered, Reached::Unopened), (S::Accepted, Reached::Opened), (S::InService, Reached::InService)]
    {
        let withdrawn = after(state, does(Sender, Step::Withdrawn));
        assert_eq!(withdrawn.standing().reached, reached);
        assert_eq!(withdrawn.standing().why, Some(Why::Withdrawn(WithdrawReason::Person)));
        assert!(due(&withdrawn, Recipient).contains(&Effect::ApplyWithdrawal));
    }
}

#[test]
fn t17_a_withdrawal_is_applied_and_its_erasure_certified() {
    for hand in [Hand::Node, Hand::Supervisor] {
        only_from("T17", Recipient, hand, (Step::WithdrawalApplied, 0), &[S::Withdrawn]);
    }
    counts_from("T17", does(Recipient, Step::WithdrawalApplied), &[S::Withdrawn], None);
    let certified = after(S::Withdrawn, does(Recipient, Step::WithdrawalApplied))
        .with(&[does(Recipient, Step::ErasureCertified)])
        .standing();
    assert_eq!(certified.applied.last().map(|applied| (applied.id, applied.state)), Some(("T17", S::Withdrawn)));
    let applied_before_it_came = Known::of(Way::Queued)
        .with(&[does(Sender, Step::Withdrawn), does(Recipient, Step::WithdrawalApplied)])
        .standing();
    assert_eq!((applied_before_it_came.state, applied_before_it_came.remarks.len()), (S::Withdrawn, 0));
}

#[test]
fn t18_time_ends_what_nobody_has_decided() {
    let from = [S::Queued, S::Failed, S::Submitted, S::Delivered, S::Opened, S::InfoRequested];
    for side in [Sender, Recipient] {
        only_from("T18", side, Hand::Node, (Step::Expired, 0), &from);
    }
    for state in State::ALL {
        let mut known = in_state(*state);
        known.now = END - 1;
        let before = if *state == S::Expired { S::Opened } else { *state };
        assert_eq!(known.state(), before);
        known.now = END;
        let expired = if from.contains(state) { S::Expired } else { *state };
        assert_eq!(known.state(), expired, "{state:?}");
    }
    let due = in_state(S::Expired).standing().due;
    assert!(due.contains(&Due { side: Recipient, effect: Effect::EraseNow, because: None }));
    assert!(due.contains(&Due { side: Sender, effect: Effect::AskAgain, because: None }));
    assert_eq!(after(S::Expired, does(Recipient, Step::Declined)).state(), S::Declined, "signed in time");
    assert_eq!(after(S::Expired, does(Recipient, Step::Declined).at(END)).state(), S::Expired, "signed too late");
}

#[test]
fn t19_an_acceptance_that_crossed_with_the_end_waits_for_a_person_and_then_counts() {
    only_from("T19", Sender, Hand::Caseworker, (Step::Reinstated, 0), &[]);
    for state in State::ALL
        .iter()
        .filter(|state| ![S::Accepted, S::InService, S::Closed, S::Transferred, S::Erased].contains(state))
    {
        let standing = after(*state, does(Sender, Step::Reinstated)).standing();
        assert_eq!(standing.remarks.len(), 1, "{state:?}: nothing was accepted");
    }
    let mut in_time = in_state(S::Opened);
    let accepted = in_time.act(does(Recipient, Step::Accepted).at(END - 2));
    in_time.log.stored(accepted.hash, Timestamp(END - 1));
    in_time.act(does(Sender, Step::Reinstated).at(END));
    assert_eq!((in_time.state(), in_time.standing().remarks.len()), (S::Accepted, 1), "nothing to reinstate");
    let mut known = in_state(S::Opened);
    known.now = END + 10;
    let accepted = known.act(does(Recipient, Step::Accepted).at(END - 1));
    known.log.stored(accepted.hash, Timestamp(END + 5));
    let crossed = known.standing();
    assert_eq!((crossed.state, crossed.crossed), (S::Expired, true));
    assert!(crossed.due.iter().any(|due| due.effect == Effect::AskReinstate && due.side == Sender));
    assert!(crossed.due.iter().all(|due| due.effect != Effect::EraseNow), "nothing is erased meanwhile");
    let later = Due { side: Recipient, effect: Effect::EraseNotAccepted, because: None };
    assert!(crossed.due.contains(&later), "and not kept for ever when nobody decides");
    let row = may(Some(&crossed), &ask(Sender, &[Hand::Caseworker], Step::Reinstated, 0)).unwrap();
    assert_eq!((row.id, row.to), ("T19", Some(S::Accepted)));

    let started = known.act(does(Recipient, Step::ServiceStarted).at(END + 6));
    assert_eq!(known.state(), S::Expired, "what follows an acceptance that does not count does not count");
    known.act(does(Sender, Step::Reinstated).at(END + 9));
    let standing = known.standing();
    assert_eq!((standing.state, standing.crossed, standing.remarks.len()), (S::InService, false, 0));
    assert_eq!(standing.applied.iter().find(|applied| applied.hash == started.hash).unwrap().id, "T13");
    assert_eq!(standing.applied.last().unwrap().id, "T19");
}

#[test]
fn t20_silence_lets_the_node_ask_the_next_agency() {
    let from = [S::Submitted, S::Delivered];
    only_from("T20", Sender, Hand::Node, (Step::Escalated, 0), &from);
    counts_from("T20", does(Sender, Step::Escalated), &from, Some(S::Withdrawn));
    let escalated = after(S::Delivered, does(Sender, Step::Escalated));
    let standing = escalated.standing();
    assert_eq!((standing.successor, standing.why), (Some([7; 16]), Some(Why::Withdrawn(WithdrawReason::Escalated))));
    assert!(due(&escalated, Recipient).contains(&Effect::EraseNow));
    assert!(due(&escalated, Sender).contains(&Effect::QueueAlternate));
    let by_hand = may(Some(&in_state(S::Delivered).standing()), &ask(Sender, &[Hand::Supervisor], Step::Escalated, 0));
    assert!(matches!(by_hand, Err(Refusal::NotYours { .. })));
}

#[test]
fn t21_handing_on_is_proposed_and_the_sender_does_not_learn_to_whom() {
    let from = [S::Accepted, S::InService];
    only_from("T21", Recipient, Hand::Caseworker, (Step::TransferProposed, 0), &from);
    counts_from("T21", does(Recipient, Step::TransferProposed), &from, None);
    assert!(TABLE.iter().find(|row| row.id == "T21").unwrap().details.is_empty());
}

#[test]
fn t22_the_next_agencys_acceptance_hands_the_person_on() {
    let from = [S::Accepted, S::InService];
    only_from("T22", Recipient, Hand::Node, (Step::TransferredOnward, 0), &from);
    counts_from("T22", does(Recipient, Step::TransferredOnward), &from, Some(S::Transferred));
    let standing = in_state(S::Transferred).standing();
    assert_eq!(standing.why, Some(Why::Closed(Outcome::TransferredOnward)));
}

#[test]
fn t23_a_consent_may_change_while_it_is_open() {
    for side in [Sender, Recipient] {
        only_from("T23", side, Hand::Caseworker, (Step::ConsentChanged, 0), &OPEN);
    }
    counts_from("T23", does(Sender, Step::ConsentChanged), &OPEN, None);
    only_from("T23", Sender, Hand::Node, (Step::ConsentChanged, 0), &OPEN);
    counts_from("T23", does(Sender, Step::ConsentChanged).by_node(), &OPEN, None);
    let changed = after(S::Accepted, does(Recipient, Step::ConsentChanged));
    assert_eq!(due(&changed, Recipient), [Effect::EraseUncovered]);
    assert_eq!(due(&changed, Sender), [Effect::JudgeCoverage]);
    // Its own end erases nothing.
    let ended = after(S::Accepted, does(Sender, Step::ConsentChanged).by_node());
    assert_eq!(due(&ended, Recipient), [Effect::HideUncovered]);
    assert_eq!(due(&ended, Sender), [Effect::RefuseUncovered]);
}

#[test]
fn t24_an_override_is_told_to_the_person_and_reviewed_by_another() {
    only_from("T24", Sender, Hand::Caseworker, (Step::OverrideNotice, 0), &OPEN);
    only_from("T24", Sender, Hand::Supervisor, (Step::OverrideReviewed, 0), &OPEN);
    for step in [Step::OverrideNotice, Step::OverrideReviewed] {
        counts_from("T24", does(Sender, step), &OPEN, None);
    }
    let alone =
        may(Some(&in_state(S::Opened).standing()), &ask(Sender, &[Hand::Caseworker], Step::OverrideReviewed, 0));
    assert!(matches!(alone, Err(Refusal::NotYours { .. })));
}

#[test]
fn t25_a_reflection_period_may_be_set_while_it_is_open() {
    for side in [Sender, Recipient] {
        only_from("T25", side, Hand::Caseworker, (Step::ReflectionSet, 0), &OPEN);
    }
    counts_from("T25", does(Sender, Step::ReflectionSet), &OPEN, None);
    let row = TABLE.iter().find(|row| row.id == "T25").unwrap();
    assert!(row.guards.contains(&Guard::Competent) && row.guards.contains(&Guard::PeriodHolds));
}

#[test]
fn t26_after_each_end_and_never_before_only_a_tombstone_is_left() {
    let supervised = [S::Closed, S::Declined, S::Expired, S::Transferred];
    for side in [Sender, Recipient] {
        only_from("T26", side, Hand::Node, (Step::Erased, 0), &ENDED);
    }
    for state in supervised {
        let certified = after(state, does(Recipient, Step::ErasureCertified).at(END)).standing();
        assert_eq!(certified.applied.last().map(|applied| (applied.id, applied.state)), Some(("T26", state)));
    }
    for state in State::ALL {
        let mut known = in_state(*state);
        known.facts.erased = true;
        let ended = ENDED.contains(state) || *state == S::Erased;
        assert_eq!(known.state(), if ended { S::Erased } else { *state });
    }
    assert!(possible(Some(&in_state(S::Erased).standing()), Recipient, Hand::ALL).is_empty());
}

#[test]
fn every_transition_has_its_test_and_every_act_a_transition() {
    let mut ids: Vec<&str> = TABLE.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let expected: Vec<String> = (1..=26).map(|number| format!("T{number:02}")).collect();
    assert_eq!(ids, expected);
    let own = include_str!("transitions.rs");
    for id in &ids {
        assert!(own.contains(&format!("\nfn {}_", id.to_lowercase())), "{id}");
    }
    for act in CaseAct::ALL {
        let step = Step::of(act);
        assert_eq!(step.act(), Some(act));
        let rows: Vec<_> = TABLE.iter().filter(|row| row.step == step).collect();
        assert!(!rows.is_empty() && rows.iter().all(|row| (row.codes == Codes::None) == (act.codes() == 0)), "{act:?}");
        assert_eq!(Why::of(step, act.codes()).is_some(), act.codes() > 0);
        assert_eq!(Why::of(step, act.codes() + 1), None);
    }
    for row in TABLE {
        let tells = row.step.act().is_some();
        assert!(tells || row.details.is_empty(), "{}: only what is told has details", row.id);
        assert!(row.from.iter().all(|state| state.phase() != Phase::After), "{}", row.id);
    }
}
