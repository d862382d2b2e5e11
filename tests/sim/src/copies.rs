//! The registry copies of the nodes, and the relays that show them old heads: a copy is a beginning of what the authority has signed,
//! never becomes shorter or another, and follows when the relay is honest again.

use std::time::Duration;

use safeconduct_protocol::frame::Head;
use tokio::time::sleep;

use crate::{
    faults::{Agenda, Later},
    office::Standing,
    world::World,
};

/// Longer than anything that a node says, or that it is told of a connection, is on its way.
const TOLD: Duration = Duration::from_secs(120);
/// After so long without a newer signed time everybody is told: a day, and an hour by which clocks are off, and some.
const DAY_AND_MORE_S: u64 = 26 * 3_600;

impl World {
    /// A relay shows some of its nodes an old head from now on.
    pub(crate) async fn freezes(&mut self, relay: usize, agenda: &mut Agenda) {
        let heads: Vec<Head> = self.watch.shown(|shown| shown.heads(relay).cloned().collect());
        let at_home = (0..self.nodes.len()).filter(|node| self.nodes[*node].is.home == relay);
        let nodes: Vec<usize> = at_home.filter(|_| self.dice.in_thousand(600)).collect();
        let newest = self.dice.in_thousand(400);
        let head = if newest { heads.last() } else { heads.get(self.dice.index(heads.len())) };
        let Some(head) = head.filter(|_| !nodes.is_empty()) else { return };
        let lies = format!("relay {relay} shows nodes {nodes:?} {} entries from now on", head.size);
        self.story.fault("registry frozen", lies);
        for node in &nodes {
            self.watch.shown(|shown| shown.freeze(*node, relay, head.clone()));
            if self.dice.in_thousand(600) {
                self.net.cut(*node);
            }
        }
        if self.dice.in_thousand(600) {
            // What the frozen ones do not see.
            let whom = self.dice.index(self.nodes.len());
            self.registry_changes(whom, agenda).await;
        }
        if self.dice.in_thousand(250) {
            self.skip(DAY_AND_MORE_S).await;
            sleep(Duration::from_secs(2)).await;
            for node in &nodes {
                self.says_that_it_is_old(*node).await;
            }
        }
        agenda.add(self.dice.millis(3_000, 200_000), Later::Thaws(nodes));
    }

    /// Entries of a node's registry copy, and the root over them.
    pub(crate) async fn copy(&self, node: usize) -> Option<(u64, [u8; 32])> {
        let machine = &self.nodes[node];
        let handle = machine.handle()?.clone();
        handle.core().call(|node| Ok(node.registry_place())).await.ok().flatten().filter(|_| machine.is_up())
    }

    pub(crate) fn thaws(&self, nodes: &[usize]) {
        for node in nodes {
            if self.watch.shown(|shown| shown.thaw(*node)) {
                self.story.tell(format!("node {node} is shown the registry as it is"));
            }
        }
    }

    /// What its person reads when nobody has confirmed the registry for a day.
    async fn says_that_it_is_old(&self, node: usize) {
        let machine = &self.nodes[node];
        let Some(handle) = machine.handle().cloned() else { return };
        let status = handle.core().call(|node| node.status(None)).await;
        let Ok(status) = status else { return };
        if !machine.is_up() || status.registry.timestamp_at.is_none() {
            return;
        }
        self.story.count("frozen for a day and told");
        if !status.notices.iter().any(|notice| notice.contains("the registry was last confirmed")) {
            self.story.broken(format!("node {node} does not say that its registry is old: {:?}", status.notices));
        }
    }
}

/// Looks at all copies: each is a beginning of the log and goes on from what it was.
pub(crate) async fn hold(world: &mut World) {
    for node in 0..world.nodes.len() {
        let Some(copy) = world.copy(node).await else { continue };
        let before = world.copies.insert(node, copy);
        let (first, second) = (&world.authority.registry, world.fork.as_ref());
        let both = [first.root_hash_at(copy.0) == Some(copy.1), second.is_some_and(|fork| fork.has(copy))];
        let was = before.map_or([true; 2], |before| {
            [first.root_hash_at(before.0) == Some(before.1), second.is_some_and(|fork| fork.has(before))]
        });
        if both == [false; 2] {
            world.story.broken(format!("node {node} holds {} entries that nobody has signed", copy.0));
        } else if !both.iter().zip(was).any(|(is, was)| *is && was) {
            world.story.broken(format!("node {node} has taken another history than it had"));
        }
        if let Some((size, _)) = before.filter(|(size, _)| *size > copy.0) {
            world.story.broken(format!("the registry copy of node {node} had {size} entries and has {}", copy.0));
        }
        world.watch.shown(|shown| shown.has_copy(node, copy.0));
        for (out, registered) in world.registered.iter().enumerate() {
            let by_first = matches!(registered.now, Standing::Revoked(by) if both[0] && copy.0 >= by);
            if by_first || second.is_some_and(|fork| fork.revokes_by(copy) == Some(out)) {
                world.watch.knows_revoked(node, world.nodes[out].is.mailbox);
            }
        }
        leaves_who_shows_less(world, node);
    }
}

/// A node does not stay with a relay that shows it fewer entries than it has, and says why.
fn leaves_who_shows_less(world: &World, node: usize) {
    let Some(since) = world.watch.shown(|shown| shown.shown_less(node)) else { return };
    let Some(handle) = world.nodes[node].handle() else { return };
    let relay = handle.relay();
    if relay.reason.as_deref() == Some("registry-head") {
        world.story.count("told that the relay shows an old registry");
    }
    if relay.state == "connected" && since.elapsed() > TOLD {
        world.story.broken(format!("node {node} stays with a relay that shows it an old registry"));
    }
}
