//! An authority that is dishonest, or whose log key is stolen, and a relay that helps it: two histories under one key, the one shown to
//! some nodes and the other to the rest. Who holds which is said by the copy that it has.

use std::collections::BTreeSet;

use safeconduct_certs::{evidence::ForkProof, node::NodeStatus, registry::leaf::LeafKind};
use safeconduct_protocol::id::NodeId;

use crate::{
    authority::Authority,
    shown::Second,
    template::{MALLORY, Template},
    world::World,
};

/// What the second history says that the first does not.
const WAS_SHOWN: &str = "the second history revokes one of the two";

/// A forked log.
pub(crate) struct Fork {
    /// Entries that both histories begin with.
    at: u64,
    /// The second history, and who is shown it. The first is the relays' own.
    other: Authority,
    shown_to: BTreeSet<usize>,
    /// The node that the second history revokes, and by which entry.
    revoked: Option<(usize, u64)>,
    /// Who has exchanged a message across it, at the end.
    pub(crate) across: Option<(usize, usize)>,
}

impl Fork {
    /// Whether this copy is a beginning of the second history, or is of both.
    pub(crate) fn has(&self, (size, root): (u64, [u8; 32])) -> bool {
        self.other.registry.root_hash_at(size) == Some(root)
    }

    /// The node that whoever holds this copy knows to be revoked.
    pub(crate) fn revokes_by(&self, copy: (u64, [u8; 32])) -> Option<usize> {
        self.revoked.filter(|(_, by)| copy.0 >= *by && self.has(copy)).map(|(node, _)| node)
    }

    /// Whether one of the two is shown that the other is revoked.
    pub(crate) fn parts(&self, one: usize, other: usize) -> bool {
        self.revoked.is_some_and(|(out, _)| {
            (out == one && self.shown_to.contains(&other)) || (out == other && self.shown_to.contains(&one))
        })
    }

    /// The whole second history.
    fn whole(&self) -> (u64, [u8; 32]) {
        (self.other.registry.size(), self.other.registry.root_hash())
    }
}

impl World {
    /// The authority forks its log; later, one of the histories grows.
    pub(crate) async fn forks(&mut self) {
        if self.fork.is_none() {
            self.begins_fork();
        } else if self.dice.in_thousand(500) {
            self.grows_second();
        } else {
            self.grows_first();
        }
        self.publish_what_is_new().await;
        self.tells_second();
    }

    fn begins_fork(&mut self) {
        let mut nodes: Vec<usize> = (0..self.nodes.len()).collect();
        let mut drawn = || nodes.swap_remove(self.dice.index(nodes.len()));
        let (one, _of_the_first, out) = (drawn(), drawn(), drawn());
        let mut shown_to: BTreeSet<usize> = nodes.into_iter().filter(|_| self.dice.in_thousand(500)).collect();
        shown_to.insert(one);
        let (at, now) = (self.authority.registry.size(), self.time.now());
        let (mut other, absent) = (self.authority.again(self.seed), self.absent());
        self.authority.enters(LeafKind::Suspend, &absent, now);
        let revokes = self.dice.in_thousand(500);
        if revokes {
            let id = Template::get().nodes[self.nodes[out].is.template].node;
            other.enters(LeafKind::Revoke, &id, now);
        } else {
            other.enters(LeafKind::Suspend, &absent, now.after(1));
        }
        let what = if revokes { format!("node {out} is revoked") } else { "another entry".to_owned() };
        self.story.fault("registry forked", format!("the log forks at {at}; nodes {shown_to:?} are shown: {what}"));
        let revoked = revokes.then_some((out, at + 1));
        let fork = Fork { at, other, shown_to, revoked, across: None };
        for errand in self.errands.iter_mut().chain(&mut self.perhaps) {
            if fork.parts(errand.from, errand.to) {
                errand.excused.get_or_insert(WAS_SHOWN);
            }
        }
        self.fork = Some(fork);
    }

    /// A node that is registered and lives in no machine here: what is said of it changes nothing else.
    fn absent(&self) -> NodeId {
        let here: BTreeSet<usize> = self.nodes.iter().map(|node| node.is.template).collect();
        let absent = (0..MALLORY).find(|place| !here.contains(place)).unwrap();
        Template::get().nodes[absent].node
    }

    fn grows_first(&mut self) {
        let (absent, now) = (self.absent(), self.time.now());
        says_something(&mut self.authority, &absent, now);
    }

    fn grows_second(&mut self) {
        let (absent, now) = (self.absent(), self.time.now());
        if let Some(fork) = &mut self.fork {
            says_something(&mut fork.other, &absent, now);
        }
    }

    /// The relays have the second history as it is now, under a head of now.
    pub(crate) fn tells_second(&self) {
        let Some(fork) = &self.fork else { return };
        let (leaves, records) = fork.other.entries();
        let second = Second { nodes: fork.shown_to.clone(), leaves, records, head: fork.other.head(self.time.now()) };
        self.watch.shown(|shown| shown.forked = Some(second));
    }

    /// Why nothing is asked of a message between these two.
    pub(crate) fn parted(&self, from: usize, to: usize) -> Option<&'static str> {
        self.fork.as_ref().filter(|fork| fork.parts(from, to)).map(|_| WAS_SHOWN)
    }

    /// Whether a node has all that it is shown: all of its history, or what it had when it found two.
    pub(crate) async fn is_level(&self, node: usize, copy: Option<(u64, [u8; 32])>) -> bool {
        let first = (self.authority.registry.size(), self.authority.registry.root_hash());
        let whole = match &self.fork {
            Some(fork) if self.watch.shown(|shown| shown.is_shown_second(node)) => fork.whole(),
            _ => first,
        };
        copy == Some(whole) || (self.fork.is_some() && self.proof(node).await.is_some())
    }

    /// The proof of two histories that a node holds.
    async fn proof(&self, node: usize) -> Option<String> {
        let handle = self.nodes[node].handle()?.clone();
        handle.core().call(|node| node.fork_proof()).await.ok().map(|file| file.proof)
    }

    /// At rest, the histories become as long as each other, the relays show all nodes the first one or go on as before, and two nodes
    /// of the two sides exchange a message. False when there is nothing more to do.
    pub(crate) async fn exchanges_across(&mut self) -> bool {
        let Some(fork) = &self.fork else { return false };
        if fork.across.is_some() {
            return self.becomes_as_long().await;
        }
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for node in 0..self.nodes.len() {
            let Some(copy) = self.copy(node).await.filter(|(size, _)| *size > fork.at) else { continue };
            if fork.has(copy) { second.push(node) } else { first.push(node) }
        }
        first.retain(|node| fork.revoked.is_none_or(|(out, _)| out != *node));
        let (Some(one), Some(other)) =
            (first.get(self.dice.index(first.len())), second.get(self.dice.index(second.len())))
        else {
            // Some have heard of the other history before they took theirs, and stand at the beginning of both.
            self.story.count("forks of which one side is empty");
            return false;
        };
        let (from, to) = if self.dice.in_thousand(500) { (*one, *other) } else { (*other, *one) };
        self.story.tell(format!("across the fork, node {from} writes to node {to}"));
        let before = self.errands.len();
        self.send_from(from, to).await;
        if self.errands.len() == before {
            // It was not taken, and proves nothing.
            return false;
        }
        if let Some(fork) = &mut self.fork {
            fork.across = Some((from, to));
        }
        true
    }

    /// What was heard of a longer history is held against one's own when that has become as long. False when they are.
    async fn becomes_as_long(&mut self) -> bool {
        let sizes = |world: &Self| {
            (world.authority.registry.size(), world.fork.as_ref().map_or(0, |fork| fork.other.registry.size()))
        };
        let (first, second) = sizes(self);
        if first == second {
            return false;
        }
        (first..second).for_each(|_| self.grows_first());
        (second..first).for_each(|_| self.grows_second());
        self.publish_what_is_new().await;
        self.tells_second();
        for node in 0..self.nodes.len() {
            self.net.cut(node);
        }
        true
    }

    /// The relays stop, or go on: whoever has taken the second history is shown a first one that is no longer.
    pub(crate) async fn perhaps_ends_fork(&mut self) {
        if self.profile.forks() && self.fork.is_none() {
            self.forks().await;
        }
        let Some(fork) = &self.fork else { return };
        if self.dice.in_thousand(500) && fork.other.registry.size() >= self.authority.registry.size() {
            self.story.fault("fork shown whole", "from now on all nodes are shown the first history");
            self.watch.shown(|shown| shown.forked = None);
        }
    }
}

/// Two nodes that have exchanged a message across a fork hold proof of it, which convinces a stranger, and say so; also after they were
/// started anew.
pub(crate) async fn is_proven(world: &World) {
    let Some((one, other)) = world.fork.as_ref().and_then(|fork| fork.across) else { return };
    let fingerprint = world.authority.root().fingerprint();
    for node in 0..world.nodes.len() {
        let Some(handle) = world.nodes[node].handle().cloned() else { continue };
        let Some(proof) = world.proof(node).await else {
            if node == one || node == other {
                world.story.broken(format!("node {node} has no proof of two histories, nodes {one} and {other} wrote"));
            }
            continue;
        };
        world.story.count("proofs of a fork");
        if ForkProof::parse(proof.as_bytes()).ok().is_none_or(|proof| proof.verify(Some(&fingerprint)).is_err()) {
            world.story.broken(format!("the proof of two histories that node {node} holds convinces nobody"));
        }
        let alarms = handle.core().call(|node| node.status(None)).await.map(|status| status.alarms).unwrap_or_default();
        if !alarms.iter().any(|alarm| alarm.contains("two different registries")) {
            world.story.broken(format!("node {node} holds proof of two histories, and says nothing: {alarms:?}"));
        }
    }
}

/// An entry that changes nothing for anybody here.
fn says_something(authority: &mut Authority, of: &NodeId, now: safeconduct_protocol::time::Timestamp) {
    let is_active = authority.registry.node(of).is_some_and(|state| state.status == NodeStatus::Active);
    authority.enters(if is_active { LeafKind::Suspend } else { LeafKind::Change }, of, now);
}
