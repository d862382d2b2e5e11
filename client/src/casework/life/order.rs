//! Which events count, and in which order: the same at both agencies, whatever came first (`docs/CASEWORK.md`, "Order").
//!
//! 1. An event waits while the one before it, or the one that it has seen, is missing.
//! 2. Of one signer, by epoch and number; and what an event has seen comes before it.
//! 3. Of two that have not seen each other, by the crossings ([`super::crossing`]); what they leave open, by time, side and number.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::crossing::Ahead;
use super::event::{Event, Log, Position};
use super::terms::Side;

/// An event that is known of and not here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Gap {
    /// Whose event is missing.
    pub of: Side,
    /// Its number.
    pub number: u32,
    /// Its hash.
    pub hash: [u8; 32],
}

/// The set in its order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ordered<'a> {
    /// What counts, first to last.
    pub events: Vec<&'a Event>,
    /// What waits for something that is missing, by side and position.
    pub waiting: Vec<&'a Event>,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// What contradicts its own chain and never counts: it names as before it, or as seen, an event that stands elsewhere.
    pub broken: Vec<&'a Event>,
    /// Numbers under which a side has signed two different events: neither counts.
    pub equivocations: BTreeSet<(Side, Position)>,
    /// The newest of each side that waits for nothing.
    newest: BTreeMap<Side, &'a Event>,
}

impl<'a> Ordered<'a> {
    /// The newest event of `side` that waits for nothing: what its next one follows, and what the other side's next one has seen.
    #[must_use]
    pub fn newest(&self, side: Side) -> Option<&'a Event> {
        self.newest.get(&side).copied()
    }
}

/// What an event waits for.
enum Needs {
    Nothing,
    Event([u8; 32]),
    Missing(Gap),
    Contradiction,
}

/// What is known by hash, and which numbers are signed twice.
struct Known<'a> {
    by_hash: BTreeMap<[u8; 32], &'a Event>,
    twice: BTreeMap<(Side, u32), [u8; 32]>,
}

impl Known<'_> {
    /// The event with `hash`, which `fits` when it stands where it should; when it is not here and its number is signed twice, whichever
    /// of the two.
    fn needs(&self, gap: Gap, fits: impl Fn(&Event) -> bool) -> Needs {
        match (self.by_hash.get(&gap.hash), self.twice.get(&(gap.of, gap.number))) {
            (Some(event), _) if event.side == gap.of && event.position.number == gap.number && fits(event) => {
                Needs::Event(gap.hash)
            }
            (Some(_), _) => Needs::Contradiction,
            (None, Some(either)) => Needs::Event(*either),
            (None, None) => Needs::Missing(gap),
        }
    }

    fn before(&self, event: &Event) -> Needs {
        match (event.previous, event.position.number.checked_sub(1)) {
            (None, None) => Needs::Nothing,
            (Some(hash), Some(number)) => {
                self.needs(Gap { of: event.side, number, hash }, |before| before.position < event.position)
            }
            _ => Needs::Contradiction,
        }
    }

    fn seen(&self, event: &Event) -> Needs {
        event.seen.map_or(Needs::Nothing, |(position, hash)| {
            self.needs(Gap { of: event.side.other(), number: position.number, hash }, |seen| seen.position == position)
        })
    }
}

/// Puts the set in its order. Takes time little more than in proportion to its size, whatever stands in it.
#[must_use]
pub fn ordered(log: &Log) -> Ordered<'_> {
    let equivocations = log.equivocations();
    let (mut twice, mut by_hash) = (BTreeMap::new(), BTreeMap::new());
    for event in log.events() {
        by_hash.insert(event.hash, event);
        if equivocations.contains(&(event.side, event.position)) {
            twice.entry((event.side, event.position.number)).or_insert(event.hash);
        }
    }
    let known = Known { by_hash, twice };
    let (mut gaps, mut contradicting) = (BTreeSet::new(), BTreeSet::new());
    let mut open: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    let mut followers: BTreeMap<[u8; 32], Vec<[u8; 32]>> = BTreeMap::new();
    for event in log.events() {
        let needs = [known.before(event), known.seen(event)];
        if needs.iter().any(|need| matches!(need, Needs::Contradiction)) {
            contradicting.insert(event.hash);
        }
        open.insert(event.hash, needs.iter().filter(|need| !matches!(need, Needs::Nothing)).count());
        for need in needs {
            match need {
                Needs::Event(hash) => followers.entry(hash).or_default().push(event.hash),
                Needs::Missing(gap) => drop(gaps.insert(gap)),
                Needs::Nothing | Needs::Contradiction => {}
            }
        }
    }

    let whole = whole(&known, open, &followers);
    let counts = |event: &&Event| whole.contains(&event.hash) && !equivocations.contains(&(event.side, event.position));
    let of = |side| log.events().filter(|event| event.side == side).filter(counts).collect::<Vec<_>>();
    let events = merged(&of(Side::Sender), &of(Side::Recipient));
    let (broken, waiting) = log
        .events()
        .filter(|event| !whole.contains(&event.hash))
        .partition(|event| contradicting.contains(&event.hash));
    let newest = log.events().filter(|event| whole.contains(&event.hash)).map(|event| (event.side, event)).collect();
    Ordered { events, newest, waiting, gaps: gaps.into_iter().collect(), broken, equivocations }
}

/// The hashes of events of which nothing before is missing.
fn whole(
    known: &Known<'_>,
    mut open: BTreeMap<[u8; 32], usize>,
    followers: &BTreeMap<[u8; 32], Vec<[u8; 32]>>,
) -> BTreeSet<[u8; 32]> {
    let mut ready: VecDeque<[u8; 32]> =
        known.by_hash.keys().filter(|hash| open.get(*hash) == Some(&0)).copied().collect();
    let mut whole = BTreeSet::new();
    while let Some(hash) = ready.pop_front() {
        whole.insert(hash);
        for follower in followers.get(&hash).into_iter().flatten() {
            let Some(left) = open.get_mut(follower) else { continue };
            *left = left.saturating_sub(1);
            if *left == 0 {
                ready.push_back(*follower);
            }
        }
    }
    whole
}

/// Two chains become one.
fn merged<'a>(sender: &[&'a Event], recipient: &[&'a Event]) -> Vec<&'a Event> {
    let (ahead_s, ahead_r) = (Ahead::of(sender), Ahead::of(recipient));
    let (mut s, mut r) = (0_usize, 0_usize);
    let mut merged = Vec::with_capacity(sender.len().saturating_add(recipient.len()));
    loop {
        let sender_next = match (sender.get(s), recipient.get(r)) {
            (None, None) => return merged,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(of_s), Some(of_r)) => match (of_s.has_seen(of_r), of_r.has_seen(of_s)) {
                (true, false) => false,
                (false, true) => true,
                // Both: only forged chains say so; the order must still be the same everywhere.
                (true, true) => by_time(of_s) < by_time(of_r),
                (false, false) => {
                    let (s_first, r_first) = (ahead_s.beats(sender, s, of_r), ahead_r.beats(recipient, r, of_s));
                    match (s_first, r_first) {
                        (None, None) => by_time(of_s) < by_time(of_r),
                        (Some(_), None) => true,
                        (None, Some(_)) => false,
                        (Some(row_s), Some(row_r)) => row_s <= row_r,
                    }
                }
            },
        };
        let (chain, at) = if sender_next { (sender, &mut s) } else { (recipient, &mut r) };
        merged.extend(chain.get(*at).copied());
        *at = at.saturating_add(1);
    }
}

fn by_time(event: &Event) -> (u64, Side, Position) {
    (event.at.0, event.side, event.position)
}
