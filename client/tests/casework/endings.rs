//! A small model check: from `submitted` every history that cannot go on has ended, in exactly one way, and on both sides the same.

use std::collections::BTreeMap;

use safeconduct_client::casework::life::act::{Ask, may, possible};
use safeconduct_client::casework::life::code::Step;
use safeconduct_client::casework::life::fold::{Standing, Way};
use safeconduct_client::casework::life::state::{Phase, State};
use safeconduct_client::casework::life::table::TABLE;
use safeconduct_client::casework::life::terms::Hand;

use crate::history::{Does, END, Known, Recipient, Sender, does};

/// Questions and answers that a history may hold: there is no bound to asking.
const QUESTIONS_MAX: usize = 2;

/// Everything that either side may do now and that changes the state.
fn next(known: &Known, standing: &Standing) -> Vec<Does> {
    let mut acts = Vec::new();
    for side in [Sender, Recipient] {
        for hand in [Hand::Supervisor, Hand::Node] {
            for step in possible(Some(standing), side, &[hand]).into_iter().filter(|step| step.act().is_some()) {
                let changes = TABLE.iter().any(|row| row.step == step && row.to.is_some());
                let asked = known.log.events().filter(|event| event.step == Step::InfoRequested).count();
                if !changes || (step == Step::InfoRequested && asked >= QUESTIONS_MAX) {
                    continue;
                }
                let code = (0..15).find(|code| {
                    may(Some(standing), &Ask { step, side, hands: &[hand], code: *code, level: None }).is_ok()
                });
                let act = does(side, step).code(code.unwrap());
                acts.push(if hand == Hand::Node { act.by_node() } else { act });
            }
        }
    }
    acts
}

/// Walks every history; the ends with how many led there.
fn walk(known: &Known, ends: &mut BTreeMap<State, u32>) {
    let standing = known.standing();
    assert!(standing.remarks.is_empty(), "what may be done counts");
    let finals = standing.applied.iter().filter(|applied| applied.state.phase() == Phase::Final).count();
    let acts = next(known, &standing);
    if acts.is_empty() {
        assert_eq!(standing.state.phase(), Phase::Final, "{:?} cannot go on and has not ended", standing.state);
        assert_eq!(finals, 1, "it ended once");
        *ends.entry(standing.state).or_default() += 1;
        return;
    }
    assert_eq!((standing.state.phase(), finals), (Phase::Open, 0), "what has ended cannot go on");
    if standing.state.may_expire() {
        let expired = Known { now: END, ..known.clone() };
        assert_eq!(expired.state(), State::Expired);
        let at_end = next(&expired, &expired.standing());
        assert!(at_end.is_empty(), "{} acts after the end", at_end.len());
        *ends.entry(State::Expired).or_default() += 1;
    }
    for act in acts {
        let mut known = known.clone();
        known.act(act);
        walk(&known, ends);
    }
}

#[test]
fn from_submitted_every_history_ends_in_exactly_one_final_state() {
    let mut ends = BTreeMap::new();
    for way in [Way::Submitted, Way::Delivered] {
        walk(&Known::of(way), &mut ends);
    }

    let finals: Vec<State> = State::ALL.iter().copied().filter(|state| state.phase() == Phase::Final).collect();
    assert_eq!(ends.keys().copied().collect::<Vec<_>>(), finals, "and each end can be reached");
}

#[test]
fn nothing_leads_out_of_an_end_but_a_reinstatement_and_erasure() {
    for row in TABLE.iter().filter(|row| row.from.iter().any(|state| state.phase() == Phase::Final)) {
        let to = row.to.filter(|to| !row.from.contains(to));
        assert!(to.is_none() || matches!(row.id, "T19" | "T26"), "{}", row.id);
    }
    for state in State::ALL.iter().filter(|state| state.phase() == Phase::Open) {
        let leads_on = TABLE.iter().any(|row| row.from.contains(state) && row.to.is_some_and(|to| to != *state));
        assert!(leads_on, "{state:?} is no dead end");
    }
}
