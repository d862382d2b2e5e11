//! What counts when two acts cross: neither agency had seen the other's when it signed (REFERRAL §4.3).

use safeconduct_protocol::time::Timestamp;

use super::code::Step;
use super::event::Event;

/// One row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crossing {
    /// `X1` and so on.
    pub id: &'static str,
    /// What crosses, in words.
    pub cross: &'static str,
    /// What counts then, in words.
    pub rule: &'static str,
    /// Of these …
    pub first: &'static [Step],
    /// … and these, when neither has seen the other, the former come first. Both empty: the rule stands elsewhere.
    pub second: &'static [Step],
}

/// Acts of the recipient that lose against a withdrawal that they had not seen.
const LOSE_TO_WITHDRAWN: &[Step] = &[
    Step::Opened,
    Step::InfoRequested,
    Step::Accepted,
    Step::Declined,
    Step::ServiceStarted,
    Step::TransferProposed,
    Step::TransferredOnward,
    Step::Closed,
];

/// Every crossing. Where two rows contradict each other, the upper counts.
pub const CROSSINGS: &[Crossing] = &[
    Crossing {
        id: "X1",
        cross: "withdrawn × whatever the recipient did",
        rule: "the withdrawal counts; the recipient applies it (T17), and the sender is shown what they had done",
        first: &[Step::Withdrawn],
        second: LOSE_TO_WITHDRAWN,
    },
    Crossing {
        id: "X2",
        cross: "escalated × opened",
        rule: "the opening counts, and the sender withdraws the referral at the alternate unless this one is declined; an opening \
               that had seen the escalation does not count, and the recipient erases",
        first: &[Step::Opened],
        second: &[Step::Escalated],
    },
    Crossing {
        id: "X3",
        cross: "escalated × declined by their node",
        rule: "the escalation counts: the alternate is asked",
        first: &[Step::Escalated],
        second: &[Step::Declined],
    },
    Crossing {
        id: "X4",
        cross: "information provided × declined",
        rule: "declined counts; the sender may send anew",
        first: &[Step::Declined],
        second: &[Step::InfoProvided],
    },
    Crossing {
        id: "X5",
        cross: "expired × accepted",
        rule: "expired until a person at the sender confirms that the acceptance, signed before the end and stored after it, counts (T19); \
               then it counts from its own time on, with all that followed it",
        first: &[],
        second: &[],
    },
    Crossing {
        id: "X6",
        cross: "consent, level, override or reflection × anything",
        rule: "both count: a note changes no state, and is judged by what its signer could know",
        first: &[],
        second: &[],
    },
    Crossing {
        id: "X7",
        cross: "accepted at two agencies that were asked for the same",
        rule: "the acceptance that the sender's node stored first counts; the others are withdrawn as served elsewhere",
        first: &[],
        second: &[],
    },
    Crossing {
        id: "X8",
        cross: "the same event twice",
        rule: "counts once; two different ones under one number: neither counts, both are kept, and it is an alarm",
        first: &[],
        second: &[],
    },
];

/// For each row and each place in a chain: where the next act stands that comes first by that row.
pub(super) struct Ahead {
    next: Vec<Vec<Option<usize>>>,
}

impl Ahead {
    pub(super) fn of(chain: &[&Event]) -> Self {
        let next = CROSSINGS.iter().map(|row| {
            let mut upcoming = None;
            let mut places: Vec<Option<usize>> = Vec::with_capacity(chain.len());
            for (at, event) in chain.iter().enumerate().rev() {
                if row.first.contains(&event.step) {
                    upcoming = Some(at);
                }
                places.push(upcoming);
            }
            places.reverse();
            places
        });
        Self { next: next.collect() }
    }

    /// The row by which something in `chain` from `at` on, which has not seen `other`, comes before `other`.
    pub(super) fn beats(&self, chain: &[&Event], at: usize, other: &Event) -> Option<usize> {
        CROSSINGS.iter().zip(&self.next).position(|(row, next)| {
            let leading = next.get(at).copied().flatten().and_then(|place| chain.get(place));
            row.second.contains(&other.step) && leading.is_some_and(|event| !event.has_seen(other))
        })
    }
}

/// One of several referrals with which the same was asked for one person, and its acceptance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rival {
    /// The referral.
    pub referral: [u8; 16],
    /// When the sender's node stored the acceptance, by its own clock.
    pub stored: Timestamp,
    /// In which place it stored it: a count of its own that grows with each event.
    pub place: u64,
}

/// X7: the one that counts, and those to withdraw as served elsewhere. None with no acceptance.
#[must_use]
pub fn first_accepted(rivals: &[Rival]) -> Option<(Rival, Vec<Rival>)> {
    let first = *rivals.iter().min_by_key(|rival| (rival.place, rival.stored, rival.referral))?;
    let mut others: Vec<Rival> = rivals.iter().copied().filter(|rival| rival.referral != first.referral).collect();
    others.sort_by_key(|rival| (rival.place, rival.referral));
    Some((first, others))
}
