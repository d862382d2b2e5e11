//! One event as the life needs it, and the set of all that is known of one referral.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_protocol::id::NodeId;
use safeconduct_protocol::receipt::case::{CASE_EVENTS_MAX, CaseEvent};
use safeconduct_protocol::time::Timestamp;

use super::code::{Step, Why};
use super::terms::Side;

/// Different events under one number that are kept as the proof, those with the lowest hashes: more prove nothing more.
const VARIANTS_MAX: usize = 2;

/// Where an event stands among its signer's: a restored node goes on in a higher epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Position {
    /// The signer's epoch.
    pub epoch: u64,
    /// Number among its events of this referral, from 0.
    pub number: u32,
}

/// What an event says that changes the life of a referral. Its signature is verified before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Who signed it.
    pub side: Side,
    /// Where it stands among theirs.
    pub position: Position,
    /// `H("case-event", event)`.
    pub hash: [u8; 32],
    /// The hash of the one of theirs before it; none for the first.
    pub previous: Option<[u8; 32]>,
    /// The newest event of the other side that they had seen, with its hash.
    pub seen: Option<(Position, [u8; 32])>,
    /// When, by the signer's clock.
    pub at: Timestamp,
    /// What was done; one of the steps that are signed and told.
    pub step: Step,
    /// Its reason or outcome, numbered from 1; 0 for none.
    pub code: u8,
    /// The level asked for or given.
    pub level: Option<u8>,
    /// The node did it by itself.
    pub by_node: bool,
    /// The referral that takes this one's place.
    pub successor: Option<[u8; 16]>,
}

impl Event {
    /// What `event` says, if it is about the referral from `sender` to `recipient`; none when it is of other nodes.
    #[must_use]
    pub fn of(event: &CaseEvent, sender: &NodeId, recipient: &NodeId) -> Option<Self> {
        let says = event.says();
        let side = match (says.signer == *sender, says.signer == *recipient) {
            (true, false) if says.other == *recipient => Side::Sender,
            (false, true) if says.other == *sender => Side::Recipient,
            _ => return None,
        };
        Some(Self {
            side,
            position: Position { epoch: says.epoch, number: says.number },
            hash: event.hash(),
            previous: (says.number > 0).then_some(says.previous),
            seen: says.seen.map(|seen| (Position { epoch: seen.epoch, number: seen.number }, seen.hash)),
            at: says.at,
            step: Step::of(says.act),
            code: says.code,
            level: says.level,
            by_node: says.by_node,
            successor: says.successor,
        })
    }

    /// Its reason or outcome.
    #[must_use]
    pub fn why(&self) -> Option<Why> {
        Why::of(self.step, self.code)
    }

    /// Whether its signer had seen `other` when they signed.
    #[must_use]
    pub fn has_seen(&self, other: &Self) -> bool {
        if self.side == other.side {
            other.position < self.position
        } else {
            self.seen.is_some_and(|(position, _)| other.position <= position)
        }
    }
}

/// What became of an event that was added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Added {
    /// It is new.
    New,
    /// It was there: nothing has changed.
    Known,
    /// Its signer has signed another one under the same number: neither counts, both are kept.
    Equivocation,
    /// There is no room: this signer has used [`CASE_EVENTS_MAX`] numbers, or signed two others under this one.
    Full,
}

/// The set of events of one referral, and when acceptances were stored at the sender.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Log {
    events: BTreeMap<(Side, Position), BTreeMap<[u8; 32], Event>>,
    signed: BTreeMap<Side, u32>,
    stored: BTreeMap<[u8; 32], Timestamp>,
}

impl Log {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event. The order in which events are added makes no difference.
    pub fn add(&mut self, event: Event) -> Added {
        let (side, hash) = (event.side, event.hash);
        let signed = self.signed.entry(side).or_default();
        let place = (side, event.position);
        let Some(there) = self.events.get_mut(&place) else {
            if *signed >= CASE_EVENTS_MAX {
                return Added::Full;
            }
            *signed = signed.saturating_add(1);
            self.events.insert(place, BTreeMap::from([(hash, event)]));
            return Added::New;
        };
        if there.contains_key(&hash) {
            return Added::Known;
        }
        there.insert(hash, event);
        if there.len() > VARIANTS_MAX && there.pop_last().is_some_and(|(dropped, _)| dropped == hash) {
            return Added::Full;
        }
        Added::Equivocation
    }

    /// Notes when the other node stored an event, by its own clock: at the sender its own clock, at the recipient the delivered receipt of
    /// the message. The earliest counts. It matters for an acceptance near the end of the referral's time.
    pub fn stored(&mut self, hash: [u8; 32], at: Timestamp) {
        self.stored.entry(hash).and_modify(|earlier| *earlier = at.min(*earlier)).or_insert(at);
    }

    /// When the other node stored the event.
    #[must_use]
    pub fn stored_at(&self, hash: &[u8; 32]) -> Option<Timestamp> {
        self.stored.get(hash).copied()
    }

    /// Every event, by side, position and hash.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values().flat_map(BTreeMap::values)
    }

    /// Where a side has signed two different events under one number: proof against it.
    #[must_use]
    pub fn equivocations(&self) -> BTreeSet<(Side, Position)> {
        self.events.iter().filter(|(_, there)| there.len() > 1).map(|(place, _)| *place).collect()
    }
}
