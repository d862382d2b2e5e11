//! Two nodes that act as chance has it, over a network that repeats, reorders and loses: seeded, the seed is told on failure.

use std::collections::BTreeMap;

use safeconduct_client::casework::life::act::{Ask, may, possible};
use safeconduct_client::casework::life::code::Step;
use safeconduct_client::casework::life::event::{Event, Log};
use safeconduct_client::casework::life::fold::{Facts, Standing, Way, fold};
use safeconduct_client::casework::life::order::ordered;
use safeconduct_client::casework::life::terms::{Hand, Side};
use safeconduct_protocol::time::Timestamp;

use crate::history::{BEGIN, Does, END, Recipient, Sender};

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// One node.
#[derive(Clone)]
pub(crate) struct Node {
    side: Side,
    log: Log,
    facts: Facts,
    epoch: u64,
}

impl Node {
    fn standing(&self, now: u64) -> Standing {
        fold(&self.log, &self.facts, Timestamp(now))
    }
}

/// Both nodes, and what is on its way.
pub(crate) struct World {
    pub(crate) chance: Chance,
    nodes: [Node; 2],
    backups: [Node; 2],
    on_the_way: Vec<(Side, Event)>,
    /// Everything that was ever signed.
    pub(crate) signed: Vec<Event>,
    /// When the sender stored what.
    stored: BTreeMap<[u8; 32], u64>,
    now: u64,
    step: u64,
    /// Whether nodes are restored from their backups.
    restores: bool,
}

impl World {
    /// A referral that is delivered at `now`, whose receipt is not there yet; `step` seconds pass between acts at most.
    pub(crate) fn new(seed: u64, now: u64, step: u64) -> Self {
        let node = |side, way| {
            let facts = Facts { way, expires_at: Timestamp(END), level: 1, erased: false };
            Node { side, log: Log::new(), facts, epoch: 1 }
        };
        let nodes = [node(Sender, Way::Submitted), node(Recipient, Way::Delivered)];
        let backups = nodes.clone();
        let chance = Chance(seed);
        Self {
            chance,
            nodes,
            backups,
            on_the_way: Vec::new(),
            signed: Vec::new(),
            stored: BTreeMap::new(),
            now,
            step,
            restores: true,
        }
    }

    /// One in which no node is ever restored.
    pub(crate) fn without_restores(seed: u64, step: u64) -> Self {
        Self { restores: false, ..Self::new(seed, BEGIN, step) }
    }

    /// Something happens.
    pub(crate) fn happen(&mut self) {
        self.now += u64::try_from(self.chance.below(usize::try_from(self.step).unwrap())).unwrap();
        let at = self.chance.below(2);
        match self.chance.below(20) {
            0..=8 => self.act(at),
            9..=17 => self.arrive(),
            18 => self.backups[at] = self.nodes[at].clone(),
            _ if !self.restores => {}
            _ => {
                let epoch = self.nodes[at].epoch + 1;
                self.nodes[at] = Node { epoch, ..self.backups[at].clone() };
            }
        }
        if self.chance.one_in(10) {
            self.nodes[0].facts.way = Way::Delivered;
        }
    }

    /// A node does one of the things that it may do.
    fn act(&mut self, at: usize) {
        let node = &self.nodes[at];
        let standing = node.standing(self.now);
        let hands = if self.chance.one_in(4) { [Hand::Node] } else { [Hand::Supervisor] };
        let mut steps = possible(Some(&standing), node.side, &hands);
        steps.retain(|step| step.act().is_some());
        // What ends it is rarer, or no history is long.
        if steps.is_empty() || (steps.contains(&Step::Withdrawn) && self.chance.one_in(3)) {
            return;
        }
        let step = steps[self.chance.below(steps.len())];
        if matches!(step, Step::Withdrawn | Step::Escalated | Step::Declined) && !self.chance.one_in(4) {
            return;
        }
        let levels = [None, Some(2), Some(3)];
        let asks = levels.iter().flat_map(|level| (0..15).map(|code| (*level, code)));
        let allowed: Vec<(Option<u8>, u8)> = asks
            .filter(|(level, code)| {
                let ask = Ask { step, side: node.side, hands: &hands, code: *code, level: *level };
                may(Some(&standing), &ask).is_ok()
            })
            .collect();
        if allowed.is_empty() {
            return;
        }
        let (level, code) = allowed[self.chance.below(allowed.len())];
        let by_node = hands == [Hand::Node];
        let does = Does { side: node.side, step, code, by_node, epoch: node.epoch, at: self.now };
        let event = Event { level: level.filter(|_| step.is_note()), ..does.sign(&node.log) };
        self.nodes[at].log.add(event.clone());
        self.on_the_way.push((event.side.other(), event.clone()));
        self.signed.push(event);
    }

    /// Something arrives, once more than once; or is lost.
    fn arrive(&mut self) {
        if self.on_the_way.is_empty() {
            return;
        }
        let at = self.chance.below(self.on_the_way.len());
        let (to, event) = self.on_the_way[at].clone();
        if !self.chance.one_in(4) {
            self.on_the_way.swap_remove(at);
        }
        if !self.chance.one_in(6) {
            self.store(to, event);
        }
    }

    fn store(&mut self, at: Side, event: Event) {
        let node = self.nodes.iter_mut().find(|node| node.side == at).unwrap();
        if at == Sender && event.side == Recipient {
            let stored = *self.stored.entry(event.hash).or_insert(self.now);
            node.log.stored(event.hash, Timestamp(stored));
        }
        node.log.add(event);
    }

    /// Everything reaches both, in an order of chance; receipts too.
    pub(crate) fn settle(&mut self) {
        let mut all = self.signed.clone();
        self.chance.shuffle(&mut all);
        for event in all {
            self.store(Sender, event.clone());
            self.store(Recipient, event);
        }
        for node in &mut self.nodes {
            node.facts.way = Way::Delivered;
            for (hash, stored) in &self.stored {
                node.log.stored(*hash, Timestamp(*stored));
            }
        }
    }

    /// What both nodes say now and after the end of its time, and the number of events in each.
    pub(crate) fn both(&self) -> [[Standing; 2]; 2] {
        let later = self.now.max(END);
        self.nodes.each_ref().map(|node| [node.standing(self.now), node.standing(later)])
    }

    /// What either says when every clock of `side` was `by` seconds slow.
    pub(crate) fn with_slow_clock(&self, side: Side, by: u64) -> Standing {
        let mut log = Log::new();
        for event in &self.signed {
            let at = if event.side == side { event.at.before(by) } else { event.at };
            log.add(Event { at, ..event.clone() });
        }
        for (hash, stored) in &self.stored {
            log.stored(*hash, Timestamp(*stored));
        }
        fold(&log, &self.nodes[0].facts, Timestamp(self.now))
    }

    /// What is said with only these events, added in an order of chance, each once or twice.
    pub(crate) fn with_only(&mut self, events: &[Event]) -> Standing {
        let mut events: Vec<Event> = events.iter().flat_map(|event| [event.clone(), event.clone()]).collect();
        self.chance.shuffle(&mut events);
        let keep = events.len() / 2 + self.chance.below(events.len() / 2 + 1);
        let mut log = Log::new();
        for event in events.iter().take(keep).chain(&events) {
            log.add(event.clone());
        }
        for (hash, stored) in &self.stored {
            log.stored(*hash, Timestamp(*stored));
        }
        fold(&log, &self.nodes[0].facts, Timestamp(self.now))
    }

    /// Whether everything in a node's log counts or is remarked, and nothing waits.
    pub(crate) fn is_whole(&self) -> bool {
        self.nodes.iter().all(|node| {
            let ordered = ordered(&node.log);
            ordered.waiting.is_empty() && ordered.gaps.is_empty() && ordered.events.len() == self.signed.len()
        })
    }

    pub(crate) const fn now(&self) -> u64 {
        self.now
    }
}
