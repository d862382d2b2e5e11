//! How well who keeps or watches a relay's traffic links those who refer to one another: attacks 32 and 58 of `docs/THREAT-MODEL.md`, in
//! numbers. 50 agencies with six partners each send 1,000 referrals each; the traffic is made up, the receipts' delay is the product's.
//!
//! The numbers stand in the threat model word for word, and these tests compare them: a seed decides all.

#![expect(clippy::expect_used, reason = "a step that fails is a test that fails")]
#![expect(clippy::print_stdout, reason = "the numbers are what this is for")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "counts far below 2^53, indices below 50"
)]

mod traffic;

use std::{fs, path::Path};

use traffic::{Event, NODES, PARTNERS, Place, Receipts, Traffic};

const SEED: u64 = 32;
/// Envelopes after one to the mailbox in question that count as following it.
const WINDOW: usize = 3;

/// Martiny, Kaptchuk, Aviv, Roche, Wustrow: Improving Signal's Sealed Sender (NDSS 2021), section IV. For each mailbox: which
/// mailboxes get something right after it got something, more often than at other times? Those are its partners. Uses the order of events
/// alone, which is what a relay's disk tells. Gives the share of true partners among as many guesses as there are partners.
fn by_order(traffic: &Traffic, observed: usize) -> f64 {
    let mailboxes: Vec<usize> = traffic
        .events
        .iter()
        .filter_map(|event| match event.to {
            Place::Mailbox(node) => Some(node),
            Place::Slot => None,
        })
        .collect();
    // Slots between them are seen as well, and say nothing: each id is new.
    let mut usual = [0.0_f64; NODES];
    for node in &mailboxes {
        usual[*node] += 1.0 / mailboxes.len() as f64;
    }
    let (mut right, mut guessed) = (0, 0);
    for target in 0..NODES {
        let mut after = [0.0_f64; NODES];
        let mut seen = 0;
        for (place, node) in mailboxes.iter().enumerate() {
            if *node != target || seen >= observed {
                continue;
            }
            seen += 1;
            for next in mailboxes.iter().skip(place + 1).take(WINDOW) {
                after[*next] += 1.0;
            }
        }
        // Those who refer to the target, and so get something back.
        let true_ones: Vec<usize> = (0..NODES).filter(|node| traffic.partners[*node].contains(&target)).collect();
        let total = (seen * WINDOW) as f64;
        let mut ranked: Vec<usize> = (0..NODES).filter(|node| *node != target).collect();
        let more = |node: usize| (after[node] - total * usual[node]) / (total * usual[node]).sqrt();
        ranked.sort_by(|a, b| more(*b).total_cmp(&more(*a)));
        right += ranked.iter().take(true_ones.len()).filter(|node| true_ones.contains(node)).count();
        guessed += true_ones.len();
    }
    right as f64 / guessed as f64
}

/// What guessing gives.
const CHANCE: f64 = PARTNERS as f64 / (NODES - 1) as f64;

/// Who sees submissions at one end and deliveries at the other, by time and not by name (two relays of a federation, or somebody at both
/// networks), says for each delivery which submission it was. `batch_s`: deliveries leave together on such a tick. Gives the share
/// that is right, where one of several candidates is guessed.
fn by_time(events: &[Event], batch_s: Option<f64>) -> f64 {
    let submitted: Vec<f64> =
        events.iter().filter(|event| matches!(event.to, Place::Mailbox(_))).map(|event| event.at).collect();
    let mut right = 0.0;
    match batch_s {
        // It leaves after the time that the relay's disk takes, 2 to 50 ms: whatever was submitted then is a candidate.
        None => {
            for at in &submitted {
                let from = submitted.partition_point(|other| *other < at - 0.048);
                let to = submitted.partition_point(|other| *other <= at + 0.048);
                right += 1.0 / (to - from) as f64;
            }
        }
        Some(tick) => {
            for at in &submitted {
                let batch = (at / tick).floor();
                let from = submitted.partition_point(|other| (*other / tick).floor() < batch);
                let to = submitted.partition_point(|other| (*other / tick).floor() <= batch);
                right += 1.0 / (to - from) as f64;
            }
        }
    }
    right / submitted.len() as f64
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The threat model says so.
fn stands(line: &str) {
    println!("linking: {line}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/THREAT-MODEL.md");
    let text = fs::read_to_string(path).expect("the threat model is there");
    assert!(text.contains(line), "docs/THREAT-MODEL.md does not say: {line}");
}

#[test]
fn trap_32_the_estimator_finds_partners_where_receipts_lie_in_mailboxes() {
    let traffic = Traffic::made(SEED, Receipts::Mailbox, 0);
    let (few, all) = (by_order(&traffic, 30), by_order(&traffic, usize::MAX));
    assert!(all > 0.95, "the experiment could not see a link if there was one: {all}");
    stands(&format!(
        "receipts in mailboxes, which we do not do: {} after 30 messages to a mailbox, {} after all",
        percent(few),
        percent(all)
    ));
}

#[test]
fn trap_32_receipts_in_slots_link_nobody_by_what_a_relay_keeps() {
    let traffic = Traffic::made(SEED, Receipts::Slot, 0);
    let all = by_order(&traffic, usize::MAX);
    // 300 pairs are guessed: three standard deviations.
    let spread = (CHANCE * (1.0 - CHANCE) / (NODES * PARTNERS) as f64).sqrt();
    assert!((all - CHANCE).abs() < 3.0 * spread, "{all} is not chance, {CHANCE}");
    stands(&format!("receipts in slots, as ours: {} after all, where chance is {}", percent(all), percent(CHANCE)));
}

#[test]
fn trap_32_answers_of_people_in_slow_order_are_told_by_their_number() {
    let traffic = Traffic::made(SEED, Receipts::Slot, 8);
    stands(&format!(
        "with eight of ten referrals answered by a person within hours: {} after all",
        percent(by_order(&traffic, usize::MAX))
    ));
}

#[test]
fn trap_58_times_at_both_ends_link_nearly_all_and_less_in_batches() {
    let traffic = Traffic::made(SEED, Receipts::Slot, 8);
    let (alone, minute) = (by_time(&traffic.events, None), by_time(&traffic.events, Some(60.0)));
    assert!(alone > minute, "batching makes it no worse");
    stands(&format!(
        "times at both ends: {} of messages, and {} if they left in batches of a minute, which is not built",
        percent(alone),
        percent(minute)
    ));
}
