//! Made-up traffic of one relay: who refers to whom and when, and the order of events that it would see of it.

use safeconduct_protocol::limits::RECEIPT_DELAY_MAX_S;
use safeconduct_tests::seed::Seeded;

pub(crate) const NODES: usize = 50;
pub(crate) const REFERRALS_EACH: usize = 1_000;
/// Agencies that one agency refers to: most of them refer to few.
pub(crate) const PARTNERS: usize = 6;
/// Seconds between two referrals of one agency, on average: 40 in eight hours.
const PAUSE_S: f64 = 720.0;
/// Seconds until a caseworker answers, on average.
const ANSWER_S: f64 = 7_200.0;

/// How a node answers that a referral arrived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipts {
    /// As an envelope in the sender's mailbox, at once: the design that was broken (Martiny and others, NDSS 2021).
    Mailbox,
    /// As ours: into a slot of one message, after a random time.
    Slot,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A node's mailbox.
    Mailbox(usize),
    /// A status slot: its id is random and never seen twice, so that nothing of it is kept here.
    Slot,
}

/// An envelope that reaches the relay.
#[derive(Clone, Copy)]
pub(crate) struct Event {
    pub(crate) at: f64,
    pub(crate) to: Place,
}

pub(crate) struct Traffic {
    /// Each node's partners: the truth that an observer looks for.
    pub(crate) partners: Vec<Vec<usize>>,
    pub(crate) events: Vec<Event>,
}

fn unit(dice: &mut Seeded) -> f64 {
    // 53 bits fit a float exactly.
    (dice.next() >> 11) as f64 / (1_u64 << 53) as f64
}

fn waits(dice: &mut Seeded, mean: f64) -> f64 {
    -(1.0 - unit(dice)).ln() * mean
}

impl Traffic {
    /// `answered`: of ten referrals, how many a person answers with an act, which goes into the sender's mailbox.
    pub(crate) fn made(seed: u64, receipts: Receipts, answered: u64) -> Self {
        let mut dice = Seeded::new(seed);
        let mut partners = Vec::new();
        for node in 0..NODES {
            let mut of_node = Vec::new();
            while of_node.len() < PARTNERS {
                let one = dice.below(NODES as u64) as usize;
                if one != node && !of_node.contains(&one) {
                    of_node.push(one);
                }
            }
            partners.push(of_node);
        }
        let mut events = Vec::new();
        for (node, of_node) in partners.iter().enumerate() {
            let mut at = 0.0;
            for _ in 0..REFERRALS_EACH {
                at += waits(&mut dice, PAUSE_S);
                let to = of_node[dice.below(PARTNERS as u64) as usize];
                events.push(Event { at, to: Place::Mailbox(to) });
                // A receipt, of a referral or of an act.
                let mut receipt = |at: f64, to: usize, dice: &mut Seeded| match receipts {
                    Receipts::Mailbox => events.push(Event { at: at + 0.2, to: Place::Mailbox(to) }),
                    Receipts::Slot => {
                        let late = unit(dice) * RECEIPT_DELAY_MAX_S as f64;
                        events.push(Event { at: at + 0.2 + late, to: Place::Slot });
                    }
                };
                receipt(at, node, &mut dice);
                if dice.below(10) < answered {
                    let answers_at = at + waits(&mut dice, ANSWER_S);
                    receipt(answers_at, to, &mut dice);
                    events.push(Event { at: answers_at, to: Place::Mailbox(node) });
                }
            }
        }
        events.sort_by(|a, b| a.at.total_cmp(&b.at));
        Self { partners, events }
    }
}
