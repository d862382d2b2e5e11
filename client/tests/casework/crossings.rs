//! One test a row of what crosses: both signed, neither had seen the other's.

use safeconduct_client::casework::life::code::{Step, Why, WithdrawReason};
use safeconduct_client::casework::life::crossing::{CROSSINGS, Rival, first_accepted};
use safeconduct_client::casework::life::event::{Added, Event, Log};
use safeconduct_client::casework::life::fold::{Reached, Reason, Standing, Way};
use safeconduct_client::casework::life::state::State as S;
use safeconduct_client::casework::life::terms::{Effect, Side};
use safeconduct_protocol::time::Timestamp;

use crate::history::{BEGIN, Does, END, Known, Recipient, Sender, does, in_state};

/// Each side does its acts without seeing the other's; then both sets come together. It is the same whatever the clocks said.
fn crossed(common: &Known, of_sender: &[Does], of_recipient: &[Does]) -> Known {
    let with_clocks = |sender_at: u64, recipient_at: u64| {
        let (mut at_sender, mut at_recipient) = (common.clone(), common.clone());
        let mut all = common.clone();
        for act in of_sender {
            let event = at_sender.act(act.at(act.at + sender_at));
            assert_eq!(all.log.add(event), Added::New);
        }
        for act in of_recipient {
            let event = at_recipient.act(act.at(act.at + recipient_at));
            assert_eq!(all.log.add(event), Added::New);
        }
        all
    };
    let (one, other) = (with_clocks(0, 3600), with_clocks(3600, 0));
    let said = |known: &Known| {
        let standing = known.standing();
        let applied: Vec<_> = standing.applied.iter().map(|applied| (applied.id, applied.state)).collect();
        (standing.state, standing.why, standing.level, standing.reached, applied.len(), standing.remarks.len())
    };
    assert_eq!(said(&one), said(&other), "the clocks decide nothing");
    one
}

fn remarked(standing: &Standing) -> Vec<Step> {
    standing.remarks.iter().map(|remark| remark.step).collect()
}

fn is_due(standing: &Standing, side: Side, effect: Effect) -> bool {
    standing.due.iter().any(|due| due.side == side && due.effect == effect)
}

#[test]
fn x1_a_withdrawal_counts_before_whatever_the_recipient_did_meanwhile() {
    let (opened, accepted) = (does(Recipient, Step::Opened), does(Recipient, Step::Accepted));
    let meanwhile: [(&[Does], Reached); 6] = [
        (&[opened], Reached::Opened),
        (&[opened, does(Recipient, Step::InfoRequested)], Reached::Opened),
        (&[opened, accepted], Reached::Opened),
        (&[opened, does(Recipient, Step::Declined)], Reached::Opened),
        (&[opened, accepted, does(Recipient, Step::ServiceStarted), does(Recipient, Step::Closed)], Reached::InService),
        (&[opened, accepted, does(Recipient, Step::TransferredOnward)], Reached::Opened),
    ];
    for (acts, reached) in meanwhile {
        for before in [&[][..], &[does(Sender, Step::ConsentChanged)]] {
            let withdraws = [before, &[does(Sender, Step::Withdrawn)]].concat();
            let standing = crossed(&in_state(S::Delivered), &withdraws, acts).standing();
            assert_eq!((standing.state, standing.reached), (S::Withdrawn, reached), "{acts:?}", acts = acts.len());
            assert_eq!(remarked(&standing), acts.iter().map(|act| act.step).collect::<Vec<_>>());
            assert_eq!(standing.why, Some(Why::Withdrawn(WithdrawReason::Person)));
            assert!(is_due(&standing, Recipient, Effect::ApplyWithdrawal));
        }
    }
    let seen = in_state(S::Closed).with(&[does(Sender, Step::Withdrawn)]);
    assert_eq!(seen.state(), S::Closed, "what was seen to be closed cannot be taken back");
}

#[test]
fn x2_an_opening_that_had_not_seen_the_escalation_counts_and_the_alternate_is_let_go() {
    let escalated = [does(Sender, Step::Escalated)];
    let opened = [does(Recipient, Step::Opened)];
    let accepted = [opened[0], does(Recipient, Step::Accepted)];
    let declined = [opened[0], does(Recipient, Step::Declined)];

    for (acts, state, let_go) in
        [(&opened[..], S::Opened, true), (&accepted, S::Accepted, true), (&declined, S::Declined, false)]
    {
        let standing = crossed(&in_state(S::Delivered), &escalated, acts).standing();
        assert_eq!((standing.state, standing.successor), (state, None));
        assert_eq!(remarked(&standing), [Step::Escalated]);
        assert_eq!(is_due(&standing, Sender, Effect::WithdrawAlternate), let_go);
        assert!(!is_due(&standing, Recipient, Effect::EraseNow));
    }
    let seen = in_state(S::Delivered).with(&escalated).with(&opened).standing();
    assert_eq!((seen.state, remarked(&seen)), (S::Withdrawn, vec![Step::Opened]));
    assert!(is_due(&seen, Recipient, Effect::EraseNow) && !is_due(&seen, Sender, Effect::WithdrawAlternate));
}

#[test]
fn x3_an_escalation_counts_before_the_refusal_of_their_node() {
    let refused = does(Recipient, Step::Declined).by_node().code(12);
    let standing = crossed(&in_state(S::Submitted), &[does(Sender, Step::Escalated)], &[refused]).standing();

    assert_eq!((standing.state, standing.successor), (S::Withdrawn, Some([7; 16])));
    assert_eq!(remarked(&standing), [Step::Declined]);
    assert!(!is_due(&standing, Sender, Effect::WithdrawAlternate));
}

#[test]
fn x4_declined_stands_when_the_answer_crosses_it() {
    let answered = [does(Sender, Step::InfoProvided)];
    let standing = crossed(&in_state(S::InfoRequested), &answered, &[does(Recipient, Step::Declined)]).standing();

    assert_eq!((standing.state, remarked(&standing)), (S::Declined, vec![Step::InfoProvided]));
}

#[test]
fn x5_an_acceptance_in_time_that_is_stored_late_waits_and_one_stored_in_time_does_not() {
    for (signed, stored, state, crossed) in [
        (END - 1, Some(END - 1), S::Accepted, false),
        (END - 1, Some(END), S::Expired, true),
        (END - 1, None, S::Accepted, false),
        (END, Some(END), S::Expired, false),
    ] {
        let mut known = Known { now: END + 1, ..in_state(S::Opened) };
        let accepted = known.act(does(Recipient, Step::Accepted).at(signed));
        if let Some(stored) = stored {
            known.log.stored(accepted.hash, Timestamp(stored));
        }
        let standing = known.standing();
        assert_eq!((standing.state, standing.crossed), (state, crossed), "{signed} {stored:?}");
        if crossed {
            assert_eq!(standing.remarks.last().unwrap().reason, Reason::Crossed);
            known.act(does(Sender, Step::Reinstated).at(END + 1));
            assert_eq!(known.state(), S::Accepted);
        }
    }
    // With a gap before it, it is not believed.
    let mut known = Known { now: END + 1, ..Known::of(Way::Delivered) };
    let opened = does(Recipient, Step::Opened).sign(&known.log);
    let mut whole = known.log.clone();
    whole.add(opened.clone());
    let accepted = does(Recipient, Step::Accepted).at(END - 1).sign(&whole);
    known.log.stored(accepted.hash, Timestamp(END));
    known.log.add(accepted.clone());
    let standing = known.standing();
    assert_eq!((standing.state, standing.crossed, standing.waiting), (S::Expired, false, vec![accepted.hash]));
    assert_eq!((standing.gaps[0].of, standing.gaps[0].hash), (Recipient, opened.hash));
}

#[test]
fn x6_notes_count_whatever_they_cross() {
    let notes = [Step::ConsentChanged, Step::OverrideNotice, Step::OverrideReviewed, Step::ReflectionSet];
    let ended = [does(Recipient, Step::ServiceStarted), does(Recipient, Step::Closed)];
    for note in notes.into_iter().chain([Step::DisclosureRaised]) {
        let standing = crossed(&in_state(S::Accepted), &[does(Sender, note)], &ended).standing();
        assert_eq!((standing.state, remarked(&standing)), (S::Closed, vec![]), "{note:?}");
        let after_it = in_state(S::Closed).with(&[does(Sender, note)]).standing();
        assert_eq!(remarked(&after_it), [note], "who saw the end adds nothing");
    }
    let raised = crossed(
        &in_state(S::Opened),
        &[does(Sender, Step::DisclosureRaised)],
        &[does(Recipient, Step::DisclosureRequested), does(Recipient, Step::InfoRequested)],
    );
    assert_eq!((raised.state(), raised.standing().level, raised.standing().remarks.len()), (S::InfoRequested, 2, 0));
    let withdrawn =
        crossed(&in_state(S::Accepted), &[does(Sender, Step::Withdrawn)], &[does(Recipient, Step::ConsentChanged)]);
    assert_eq!((withdrawn.state(), withdrawn.standing().remarks.len()), (S::Withdrawn, 0));
}

#[test]
fn x7_of_two_acceptances_the_one_that_was_stored_first_counts() {
    let rival = |referral: u8, stored: u64, place| Rival { referral: [referral; 16], stored: Timestamp(stored), place };

    let (first, others) = first_accepted(&[rival(1, 50, 9), rival(2, 70, 4), rival(3, 50, 7)]).unwrap();
    assert_eq!(first.referral, [2; 16], "the place, not the clock");
    assert_eq!(others.iter().map(|rival| rival.referral[0]).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(first_accepted(&[rival(1, 50, 9)]), Some((rival(1, 50, 9), vec![])));
    assert_eq!(first_accepted(&[]), None);
}

#[test]
fn x8_a_duplicate_changes_nothing_and_two_under_one_number_count_neither() {
    let mut known = in_state(S::Opened);
    let before = known.log.clone();
    let accepted = does(Recipient, Step::Accepted).sign(&known.log);
    let declined = does(Recipient, Step::Declined).sign(&known.log);
    assert_eq!(known.log.add(accepted.clone()), Added::New);
    let once = known.log.clone();
    assert_eq!(known.log.add(accepted.clone()), Added::Known);
    assert_eq!((&known.log, known.state()), (&once, S::Accepted));

    assert_eq!(known.log.add(declined.clone()), Added::Equivocation);
    let standing = known.standing();
    assert_eq!(standing.state, S::Opened, "neither counts");
    assert_eq!(standing.equivocations.first(), Some(&(Recipient, accepted.position)));
    assert_eq!(known.log.events().filter(|event| event.position == accepted.position).count(), 2, "both are kept");
    let third = does(Recipient, Step::InfoRequested).sign(&before);
    let variants = [&accepted, &declined, &third];
    let mut logs = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut log = before.clone();
        let added = order.map(|at: usize| log.add(variants[at].clone()));
        assert!(added[1] == Added::Equivocation && added[2] != Added::New);
        logs.push(log);
    }
    assert!(logs[0] == logs[1] && logs[1] == logs[2], "the same two are kept, whichever came first");
    known.log = logs.remove(0);
    assert_eq!(known.log.events().count(), 3);

    // What follows any of them, and who had seen any of them, goes on.
    for seen in variants {
        let mut knows_one = before.clone();
        knows_one.add(seen.clone());
        let withdrawn = does(Sender, Step::Withdrawn).sign(&knows_one);
        let note = does(Recipient, Step::ConsentChanged).sign(&knows_one);
        let mut both = known.clone();
        both.log.add(withdrawn);
        both.log.add(note);
        let standing = both.standing();
        assert_eq!((standing.state, standing.waiting.len(), standing.gaps.len()), (S::Withdrawn, 0, 0));
    }
}

#[test]
fn what_contradicts_its_own_chain_never_counts() {
    let known = in_state(S::Accepted);
    let last = does(Recipient, Step::ServiceStarted).sign(&known.log);
    let opened = known.log.events().next().unwrap().clone();
    let elsewhere = [
        Event { previous: Some(opened.hash), ..last.clone() },
        Event { previous: None, ..last.clone() },
        Event { seen: Some((opened.position, opened.hash)), ..last.clone() },
        Event { previous: Some(last.hash), ..last.clone() },
    ];
    for event in elsewhere {
        let mut known = known.clone();
        known.log.add(event);
        let standing = known.standing();
        assert_eq!((standing.state, standing.broken.len()), (S::Accepted, 1));
    }
}

#[test]
fn a_log_takes_as_many_events_of_a_side_as_it_promises_and_no_more() {
    use safeconduct_client::casework::life::event::Position;
    use safeconduct_protocol::receipt::case::CASE_EVENTS_MAX;

    let first = does(Sender, Step::ConsentChanged).sign(&Log::new());
    let mut known = Known::of(Way::Delivered);
    let mut previous = None;
    for number in 0..CASE_EVENTS_MAX {
        let mut hash = [1; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let event = Event { position: Position { epoch: 1, number }, hash, previous, ..first.clone() };
        assert_eq!(known.log.add(event), Added::New);
        previous = Some(hash);
    }
    let position = Position { epoch: 2, number: CASE_EVENTS_MAX };
    let one_more = Event { position, hash: [2; 32], previous, ..first };
    assert_eq!(known.log.add(one_more), Added::Full);
    let standing = known.standing();
    assert_eq!((standing.state, standing.applied.len()), (S::Delivered, CASE_EVENTS_MAX as usize));
    assert_eq!(known.log.add(does(Recipient, Step::Opened).at(BEGIN).sign(&Log::new())), Added::New);
}

#[test]
fn every_crossing_has_its_test() {
    let own = include_str!("crossings.rs");
    for (at, row) in CROSSINGS.iter().enumerate() {
        assert_eq!(row.id, format!("X{}", at + 1));
        assert!(own.contains(&format!("\nfn {}_", row.id.to_lowercase())), "{}", row.id);
        assert_eq!(row.first.is_empty(), row.second.is_empty());
    }
}
