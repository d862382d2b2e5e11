//! Whatever order, repetition and loss: one set, one state.

use std::collections::BTreeSet;

use safeconduct_client::casework::life::code::Step;
use safeconduct_client::casework::life::event::{Event, Log};
use safeconduct_client::casework::life::fold::{Standing, Way, fold};
use safeconduct_client::casework::life::state::State as S;
use safeconduct_protocol::time::Timestamp;

use crate::history::{BEGIN, Does, END, Known, Recipient, Sender, does};
use crate::world::World;

/// A short history, before it is signed: each act with whether its signer has then seen everything.
struct Short {
    name: &'static str,
    ends: S,
    acts: Vec<(Does, bool)>,
}

fn short<const COUNT: usize>(name: &'static str, ends: S, acts: [(Does, bool); COUNT]) -> Short {
    Short { name, ends, acts: acts.to_vec() }
}

/// Each signed; the recipient's clock runs behind.
fn signed(acts: &[(Does, bool)]) -> Vec<Event> {
    let mut all = Log::new();
    let mut own = [Log::new(), Log::new()];
    let mut events = Vec::new();
    for (number, (act, has_seen)) in (0_u64..).zip(acts) {
        let at = usize::from(act.side == Recipient);
        if *has_seen {
            own[at] = all.clone();
        }
        let behind = if at == 1 { 700 } else { 0 };
        let event = act.at(act.at + 800 + 100 * number - behind).sign(&own[at]);
        own[at].add(event.clone());
        all.add(event.clone());
        events.push(event);
    }
    events
}

/// Histories of up to seven events, with where they end.
fn histories() -> Vec<(&'static str, S, Vec<Event>)> {
    let (sender, recipient) = (|step| (does(Sender, step), true), |step| (does(Recipient, step), true));
    let blind = |(act, _): (Does, bool)| (act, false);
    let cases = [
        short("helped", S::Closed, [Step::Opened, Step::Accepted, Step::ServiceStarted, Step::Closed].map(recipient)),
        short(
            "asked, answered, helped",
            S::Closed,
            [
                recipient(Step::Opened),
                recipient(Step::InfoRequested),
                sender(Step::InfoProvided),
                recipient(Step::Accepted),
                sender(Step::DisclosureRaised),
                recipient(Step::ServiceStarted),
                blind(recipient(Step::Closed)),
            ],
        ),
        short(
            "withdrawn while help began",
            S::Withdrawn,
            [
                recipient(Step::Opened),
                sender(Step::ConsentChanged),
                blind(sender(Step::Withdrawn)),
                blind(recipient(Step::Accepted)),
                blind(recipient(Step::ServiceStarted)),
                recipient(Step::WithdrawalApplied),
                recipient(Step::ErasureCertified),
            ],
        ),
    ];
    let cases = cases.into_iter().chain(crossed_histories());
    cases.map(|case| (case.name, case.ends, signed(&case.acts))).collect()
}

fn crossed_histories() -> [Short; 4] {
    let (sender, recipient) = (|step| (does(Sender, step), true), |step| (does(Recipient, step), true));
    let blind = |(act, _): (Does, bool)| (act, false);
    [
        short(
            "escalated while it was opened",
            S::Declined,
            [
                blind(sender(Step::Escalated)),
                blind(recipient(Step::Opened)),
                blind(recipient(Step::InfoRequested)),
                blind(sender(Step::ReflectionSet)),
                recipient(Step::Declined),
                recipient(Step::ErasureCertified),
            ],
        ),
        short(
            "answered while it was declined",
            S::Declined,
            [
                recipient(Step::Opened),
                recipient(Step::DisclosureRequested),
                recipient(Step::InfoRequested),
                sender(Step::OverrideNotice),
                blind(sender(Step::InfoProvided)),
                blind(recipient(Step::Declined)),
                blind(sender(Step::OverrideReviewed)),
            ],
        ),
        short(
            "handed on",
            S::Transferred,
            [
                recipient(Step::Opened),
                recipient(Step::Accepted),
                recipient(Step::TransferProposed),
                blind(sender(Step::ConsentChanged)),
                blind(recipient(Step::ConsentChanged)),
                recipient(Step::TransferredOnward),
            ],
        ),
        short("never opened", S::Withdrawn, [sender(Step::Withdrawn), recipient(Step::WithdrawalApplied)]),
    ]
}

/// Every order of `events` (Heap 1963), each given to `check`.
fn permute(events: &mut [Event], count: usize, check: &mut impl FnMut(&[Event])) {
    if count <= 1 {
        check(events);
        return;
    }
    for at in 0..count {
        permute(events, count - 1, check);
        events.swap(if count.is_multiple_of(2) { at } else { 0 }, count - 1);
    }
}

fn said(events: &[Event], way: Way, now: u64) -> Standing {
    let mut log = Log::new();
    for event in events {
        log.add(event.clone());
    }
    fold(&log, &Known::of(way).facts, Timestamp(now))
}

#[test]
fn every_order_of_a_short_history_gives_one_state_at_both_agencies() {
    for (name, ends, mut events) in histories() {
        let now = END + 1;
        // The sender may lack the delivered receipt: what the recipient did shows it.
        let way_of_sender = if name == "never opened" { Way::Delivered } else { Way::Submitted };
        let expected = said(&events, Way::Delivered, now);
        assert_eq!(expected.state, ends, "{name}");
        assert_eq!((expected.gaps.len(), expected.waiting.len(), expected.broken.len()), (0, 0, 0), "{name}");
        let (count, mut orders) = (events.len(), 0_u32);
        permute(&mut events, count, &mut |events| {
            orders += 1;
            assert_eq!(said(events, Way::Delivered, now), expected, "{name}");
            if orders.is_multiple_of(50) {
                assert_eq!(said(events, way_of_sender, now).state, ends, "{name}");
            }
        });
        assert_eq!(orders, (1..=u32::try_from(count).unwrap()).product::<u32>());
    }
}

#[test]
fn each_prefix_of_an_arrival_waits_for_its_gap_and_never_ends_wrongly() {
    for (name, ends, events) in histories() {
        // One event is missing: what its signer did after it waits, and everything comes right when it is there.
        for missing in 0..events.len() {
            let mut rest = events.clone();
            let lost = rest.remove(missing);
            let now = events.iter().map(|event| event.at.0).max().unwrap();
            let without = said(&rest, Way::Delivered, now);
            let needed = rest.iter().any(|event| {
                event.previous == Some(lost.hash) || event.seen.is_some_and(|(_, hash)| hash == lost.hash)
            });
            assert_eq!(without.gaps.iter().any(|gap| gap.hash == lost.hash), needed, "{name} {missing}");
            assert_eq!(without.waiting.is_empty(), !needed, "{name} {missing}");
            for event in &rest {
                let follows = event.has_seen(&lost);
                let counted = without.applied.iter().any(|applied| applied.hash == event.hash)
                    || without.remarks.iter().any(|remark| remark.hash == event.hash);
                assert!(!(follows && counted), "{name} {missing}: {:?} does not count before its gap", event.step);
            }
            rest.push(lost);
            assert_eq!(said(&rest, Way::Delivered, END + 1).state, ends, "{name} {missing}");
        }
    }
}

/// When runs begin and how long a step is at most: before the end of the referral's time, over it, and about it.
const RUNS: [(u64, u64); 3] = [(BEGIN, 2_000), (BEGIN, 25_000), (END - 100_000, 10_000)];

#[test]
fn nodes_that_act_by_chance_over_a_bad_network_agree_when_everything_is_there() {
    let (mut states, mut used, mut events, mut remarks) = (BTreeSet::new(), BTreeSet::new(), 0, 0);
    for (begin, step) in RUNS {
        for seed in 0..400 {
            let mut world = World::new(seed, begin, step);
            for _ in 0..120 {
                world.happen();
            }
            world.settle();
            let [of_sender, of_recipient] = world.both();
            assert_eq!(of_sender, of_recipient, "seed {seed}, from {begin}, step {step}");
            assert!(world.is_whole(), "seed {seed}, from {begin}, step {step}");
            let equivocations = of_sender.iter().map(|standing| standing.equivocations.len()).sum::<usize>();
            assert_eq!(equivocations, 0, "seed {seed}: a restored node forks nothing");
            let signed = world.signed.clone();
            assert_eq!(world.with_only(&signed), of_sender[0], "seed {seed}");
            states.insert(of_sender[1].state);
            used.extend(of_sender[0].applied.iter().map(|applied| applied.id));
            events = events.max(signed.len());
            remarks += of_sender[0].remarks.len();
        }
    }
    // The runs are worth something: long, with crossings, and with every end in them.
    let ends = [S::Accepted, S::InService, S::Closed, S::Declined, S::Withdrawn, S::Expired, S::Transferred];
    assert!(ends.iter().all(|end| states.contains(end)), "{states:?}");
    let told =
        [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26].map(|no| format!("T{no:02}"));
    assert!(told.iter().all(|id| used.contains(id.as_str())), "{used:?}");
    assert!(events >= 15 && remarks >= 50, "{events} {remarks}");
}

#[test]
fn while_events_are_missing_the_same_part_says_the_same_in_every_order() {
    let mut gaps = 0;
    for seed in 0..200 {
        let mut world = World::new(seed, BEGIN, 2_000);
        for _ in 0..100 {
            world.happen();
        }
        let mut part = world.signed.clone();
        part.retain(|_| !world.chance.one_in(5));
        if part.is_empty() {
            continue;
        }
        let first = world.with_only(&part);
        for _ in 0..5 {
            assert_eq!(world.with_only(&part), first, "seed {seed}");
        }
        gaps += first.gaps.len();
    }
    assert!(gaps >= 100, "{gaps}");
}

#[test]
fn clocks_that_are_wrong_decide_nothing_before_the_end_of_its_time() {
    for seed in 0..400 {
        let mut world = World::without_restores(seed, 2_000);
        for _ in 0..120 {
            world.happen();
        }
        world.settle();
        assert!(world.now() < END);
        let expected = &world.both()[0][0];
        for (side, by) in [(Sender, 20_000), (Recipient, 20_000), (Sender, 600_000), (Recipient, 600_000)] {
            let said = world.with_slow_clock(side, by);
            assert_eq!(
                (said.state, said.why, said.level),
                (expected.state, expected.why, expected.level),
                "seed {seed}"
            );
            assert_eq!((said.successor, said.reached), (expected.successor, expected.reached), "seed {seed}");
        }
    }
}
