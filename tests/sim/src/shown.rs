//! What a relay shows of the registry: to some of its nodes an old head, for a while, as if nothing had come since. What it holds
//! and whom it lets in is as ever.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use safeconduct_protocol::frame::{Frame, Head};
use tokio::time::Instant;

use crate::{
    net::Who,
    pipe::{Conn, Side},
    story::Story,
};

/// Heads that are remembered of each relay.
const HEADS: usize = 16;

/// What becomes of a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Becomes {
    /// It passes as it is.
    Same,
    /// It passes, with something else in it.
    Other,
    Nothing,
}

/// A second history, as it is shown to these.
pub(crate) struct Second {
    pub(crate) nodes: BTreeSet<usize>,
    pub(crate) leaves: Vec<Vec<u8>>,
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) head: Head,
}

/// What the relays show.
#[derive(Default)]
pub(crate) struct Shown {
    /// The second history of a forked log.
    pub(crate) forked: Option<Second>,
    /// The heads that each relay has told of, oldest first.
    heads: BTreeMap<usize, VecDeque<Head>>,
    /// The head that stands still for a node, at its home relay.
    old: BTreeMap<usize, (usize, Head)>,
    /// As many entries as a node was last seen to have, in this life of its vault.
    copies: BTreeMap<usize, u64>,
    /// Connections on which a node was shown fewer than it has: nothing may come of them.
    behind: BTreeSet<u64>,
    /// Since when the newest session of a node has begun so.
    shorter: BTreeMap<usize, Instant>,
}

impl Shown {
    /// The heads that a relay has told of, oldest first.
    pub(crate) fn heads(&self, relay: usize) -> impl DoubleEndedIterator<Item = &Head> {
        self.heads.get(&relay).into_iter().flatten()
    }

    /// Whether a node is shown the second history.
    pub(crate) fn is_shown_second(&self, node: usize) -> bool {
        self.forked.as_ref().is_some_and(|second| second.nodes.contains(&node))
    }

    /// From now on its home relay shows a node this head.
    pub(crate) fn freeze(&mut self, node: usize, home: usize, head: Head) {
        self.old.insert(node, (home, head));
    }

    /// The node is shown what there is; whether it was not.
    pub(crate) fn thaw(&mut self, node: usize) -> bool {
        self.old.remove(&node).is_some()
    }

    /// A node has so many entries.
    pub(crate) fn has_copy(&mut self, node: usize, size: u64) {
        self.copies.insert(node, size);
    }

    /// Its vault is another one.
    pub(crate) fn forget(&mut self, node: usize) {
        self.copies.remove(&node);
    }

    /// Since when its newest session has begun with fewer entries than it had.
    pub(crate) fn shown_less(&self, node: usize) -> Option<Instant> {
        self.shorter.get(&node).copied()
    }

    /// A node says something: what it does after it was shown fewer entries than it has.
    pub(crate) fn hears(&self, story: &Story, conn: &Conn, frame: &Frame) {
        if self.behind.contains(&conn.id)
            && let Frame::Submit { .. } | Frame::Settle { .. } | Frame::PrekeyFetch { .. } | Frame::SlotDrop { .. } =
                frame
        {
            story.broken(format!("{:?} goes on with relay {}, which shows it an old registry", conn.who, conn.relay));
        }
    }

    /// A frame leaves a relay.
    pub(crate) fn meddles(&mut self, story: &Story, conn: &Conn, from: Side, frame: &mut Frame) -> Becomes {
        let Who::Node(node) = conn.who else { return Becomes::Same };
        if from == Side::Node {
            return Becomes::Same;
        }
        self.remember(conn.relay, frame);
        let becomes = self.show(story, conn, node, frame);
        if let Frame::Welcome { head, .. } = frame {
            self.shorter.remove(&node);
            if becomes == Becomes::Other && self.copies.get(&node).is_some_and(|held| head.size < *held) {
                self.behind.insert(conn.id);
                self.shorter.insert(node, Instant::now());
            }
        }
        becomes
    }

    fn remember(&mut self, relay: usize, frame: &Frame) {
        let (Frame::Welcome { head, .. } | Frame::RegistryHead { head }) = frame else { return };
        let heads = self.heads.entry(relay).or_default();
        if head.size == 0 || heads.contains(head) {
            return;
        }
        heads.push_back(head.clone());
        if heads.len() > HEADS {
            heads.pop_front();
        }
    }

    fn show(&self, story: &Story, conn: &Conn, node: usize, frame: &mut Frame) -> Becomes {
        if let Some(second) = self.forked.as_ref().filter(|second| second.nodes.contains(&node)) {
            return show_second(story, second, frame);
        }
        // Of a guest's session the head is not looked at.
        let Some((_, old)) = self.old.get(&node).filter(|(home, _)| *home == conn.relay) else { return Becomes::Same };
        match frame {
            Frame::RegistryHead { head } if head != old => {
                story.count("evil relay: newer head withheld");
                Becomes::Nothing
            }
            Frame::Welcome { head, .. } if head != old => {
                story.fault(
                    "evil relay: old head shown",
                    format!("relay {} shows node {node} {} of {} entries", conn.relay, old.size, head.size),
                );
                *head = old.clone();
                Becomes::Other
            }
            Frame::RegistryPage { from, leaves, records, head, .. } if head != old => {
                let count = usize::try_from(old.size.saturating_sub(*from)).unwrap_or(usize::MAX);
                leaves.truncate(count);
                records.truncate(count);
                *head = old.clone();
                Becomes::Other
            }
            _ => Becomes::Same,
        }
    }
}

/// In the place of the first history stands the second.
fn show_second(story: &Story, second: &Second, frame: &mut Frame) -> Becomes {
    match frame {
        Frame::RegistryHead { head } | Frame::Welcome { head, .. } => {
            story.count("evil relay: head of a second history shown");
            *head = second.head.clone();
        }
        Frame::RegistryPage { from, leaves, records, head, .. } => {
            let from = usize::try_from(*from).unwrap_or(usize::MAX);
            let after = |all: &[Vec<u8>]| all.iter().skip(from).map(|bytes| bytes.clone().into()).collect();
            (*leaves, *records, *head) = (after(&second.leaves), after(&second.records), second.head.clone());
        }
        _ => return Becomes::Same,
    }
    Becomes::Other
}
