//! Who is connected, and how to wake them: one session for each node, and the slots that each watches. In memory only.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use safeconduct_protocol::{
    frame::Goodbye,
    id::{MailboxId, NodeId, SlotId},
};
use tokio::sync::Notify;

use crate::limits::{SLOT_WAKES_MAX, WATCHES_MAX};

/// Nothing here is left half-done by a panic: every critical section is a few assignments.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What woke a session.
#[derive(Default)]
pub(crate) struct Woken {
    /// An envelope came into its mailbox.
    pub(crate) mailbox_woken: bool,
    /// Something came into these of its slots.
    pub(crate) slots: BTreeSet<SlotId>,
    /// Something came into more slots than are listed.
    pub(crate) all_slots: bool,
    /// End with this reason.
    pub(crate) stop: Option<Goodbye>,
}

/// The handle by which others wake a session.
#[derive(Default)]
pub(crate) struct Wake {
    notify: Notify,
    woken: Mutex<Woken>,
}

impl Wake {
    /// Waits until there is something to [`take`](Self::take). Cancel safe.
    pub(crate) async fn wait(&self) {
        self.notify.notified().await;
    }

    pub(crate) fn take(&self) -> Woken {
        core::mem::take(&mut *locked(&self.woken))
    }

    fn mailbox_woken(&self) {
        locked(&self.woken).mailbox_woken = true;
        self.notify.notify_one();
    }

    fn slot(&self, slot: SlotId) {
        {
            let mut woken = locked(&self.woken);
            if woken.slots.len() < SLOT_WAKES_MAX {
                woken.slots.insert(slot);
            } else {
                woken.all_slots = true;
            }
        }
        self.notify.notify_one();
    }

    fn stop(&self, reason: Goodbye) {
        locked(&self.woken).stop = Some(reason);
        self.notify.notify_one();
    }
}

struct Entry {
    id: u64,
    mailbox: Option<MailboxId>,
    wake: Arc<Wake>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    nodes: BTreeMap<NodeId, Entry>,
    mailboxes: BTreeMap<MailboxId, (u64, Arc<Wake>)>,
    slots: BTreeMap<SlotId, Vec<(u64, Arc<Wake>)>>,
    watches: usize,
}

/// All live sessions of nodes.
#[derive(Default)]
pub(crate) struct Live(Mutex<Inner>);

/// More slots are watched than the relay keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyWatches;

impl Live {
    /// Enters a session with the mailbox that it reads, if any; the node's earlier one is told to go.
    pub(crate) fn enter(&self, node: NodeId, mailbox: Option<MailboxId>, wake: &Arc<Wake>) -> u64 {
        let mut inner = locked(&self.0);
        inner.next = inner.next.saturating_add(1);
        let id = inner.next;
        if let Some(old) = inner.nodes.insert(node, Entry { id, mailbox, wake: Arc::clone(wake) }) {
            old.wake.stop(Goodbye::Replaced);
        }
        if let Some(mailbox) = mailbox {
            inner.mailboxes.insert(mailbox, (id, Arc::clone(wake)));
        }
        id
    }

    /// Takes a session out, with all that it watches; a newer session of the same node stays.
    pub(crate) fn leave(&self, id: u64, node: NodeId, slots: impl Iterator<Item = SlotId>) {
        let mut inner = locked(&self.0);
        if inner.nodes.get(&node).is_some_and(|entry| entry.id == id)
            && let Some(Entry { mailbox: Some(mailbox), .. }) = inner.nodes.remove(&node)
            && inner.mailboxes.get(&mailbox).is_some_and(|(holder, _)| *holder == id)
        {
            inner.mailboxes.remove(&mailbox);
        }
        for slot in slots {
            let Some(watchers) = inner.slots.get_mut(&slot) else { continue };
            let before = watchers.len();
            watchers.retain(|(watcher, _)| *watcher != id);
            let (gone, empty) = (before.saturating_sub(watchers.len()), watchers.is_empty());
            inner.watches = inner.watches.saturating_sub(gone);
            if empty {
                inner.slots.remove(&slot);
            }
        }
    }

    /// Wakes session `id` when something comes into `slot`. Once per session and slot.
    pub(crate) fn watch(&self, id: u64, slot: SlotId, wake: &Arc<Wake>) -> Result<(), TooManyWatches> {
        let mut inner = locked(&self.0);
        if inner.watches >= WATCHES_MAX {
            return Err(TooManyWatches);
        }
        inner.watches = inner.watches.saturating_add(1);
        inner.slots.entry(slot).or_default().push((id, Arc::clone(wake)));
        Ok(())
    }

    pub(crate) fn mailbox_woken(&self, mailbox: &MailboxId) {
        if let Some((_, wake)) = locked(&self.0).mailboxes.get(mailbox) {
            wake.mailbox_woken();
        }
    }

    pub(crate) fn slot(&self, slot: SlotId) {
        for (_, wake) in locked(&self.0).slots.get(&slot).into_iter().flatten() {
            wake.slot(slot);
        }
    }

    /// Slots that all of them together watch.
    pub(crate) fn watches(&self) -> usize {
        locked(&self.0).watches
    }

    /// Sessions of nodes.
    pub(crate) fn count(&self) -> usize {
        locked(&self.0).nodes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: NodeId = NodeId::from_bytes([1; 32]);
    const MAILBOX: MailboxId = MailboxId::from_bytes([2; 16]);
    const SLOT: SlotId = SlotId::from_bytes([3; 16]);

    #[test]
    fn a_second_session_replaces_the_first_and_survives_its_leaving() {
        let live = Live::default();
        let (first, second) = (Arc::new(Wake::default()), Arc::new(Wake::default()));
        let old = live.enter(NODE, Some(MAILBOX), &first);

        live.enter(NODE, Some(MAILBOX), &second);
        assert_eq!(first.take().stop, Some(Goodbye::Replaced));
        live.leave(old, NODE, std::iter::empty());
        live.mailbox_woken(&MAILBOX);

        assert!(second.take().mailbox_woken && !first.take().mailbox_woken);
        assert_eq!(live.count(), 1);
    }

    #[test]
    fn a_slot_wakes_its_watchers_until_they_leave() {
        let live = Live::default();
        let wake = Arc::new(Wake::default());
        let id = live.enter(NODE, Some(MAILBOX), &wake);
        live.watch(id, SLOT, &wake).unwrap();

        live.slot(SLOT);
        live.slot(SlotId::from_bytes([4; 16]));
        assert_eq!(wake.take().slots, BTreeSet::from([SLOT]));
        live.leave(id, NODE, [SLOT].into_iter());
        live.slot(SLOT);

        assert!(wake.take().slots.is_empty());
        assert_eq!((live.count(), locked(&live.0).watches), (0, 0));
    }

    #[test]
    fn more_wakes_than_are_listed_mean_all_slots() {
        let wake = Wake::default();
        for n in 0..=u16::try_from(SLOT_WAKES_MAX).unwrap() {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            wake.slot(SlotId::from_bytes(id));
        }

        let woken = wake.take();

        assert!(woken.all_slots && woken.slots.len() == SLOT_WAKES_MAX);
    }
}
