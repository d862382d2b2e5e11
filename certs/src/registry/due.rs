//! When changes by the authority alone take effect: once its own signed time has passed theirs. A log that is replayed from the
//! beginning meets that time only with its head, and an entry may stand in it that was written after: such an entry lets the
//! change take effect before it, and the head must then prove that the time had come.

use safeconduct_protocol::{crypto::sign::VerifyingKey, id::NodeId, time::Timestamp};

use super::{
    Registry,
    alone::Alone,
    leaf::{Leaf, LeafKind, LeafRefused},
    rules::{self, Checked},
};
use crate::node::{ChangedBy, NodeState, Roles};

/// An entry that relies on a change that was waiting: which one, and the time that must have been signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Relied {
    pub(super) index: u64,
    pub(super) on: Timestamp,
}

impl Registry {
    /// Lets everything take effect whose time a signed time has passed.
    pub(super) fn let_changes_take_effect(&mut self, time: Timestamp) {
        let due = |state: &&NodeState| state.pending.as_ref().is_some_and(|pending| pending.from <= time);
        let due: Vec<NodeId> = self.nodes.values().filter(due).map(|state| state.id).collect();
        for node in due {
            self.take_effect(&node);
        }
    }

    /// Whether an entry can only have been written after the change that waits for its node had taken effect: it says that it is
    /// from then, and goes on from the keys that waited.
    pub(super) fn relies_on_waiting(&self, leaf: &Leaf) -> Option<Timestamp> {
        let fields = &leaf.fields;
        let pending = self.nodes.get(&fields.node).and_then(|state| state.pending.as_ref())?;
        if fields.kind != LeafKind::Change || fields.effective < pending.from {
            return None;
        }
        let succession = self.newest.get(&fields.node).map(|newest| newest.succession);
        let succession = succession.and_then(|key| VerifyingKey::try_from(key).ok());
        let goes_on = fields.ik == *pending.ik.as_bytes()
            || leaf.has_second_signature()
                && (leaf.is_succeeded_by(&pending.ik) || succession.is_some_and(|key| leaf.is_succeeded_by(&key)));
        goes_on.then_some(pending.from)
    }

    /// Takes such an entry as far as what waited: it takes effect, unless the entry would be refused even so; then nothing changes.
    pub(super) fn take_after_waiting(&mut self, leaf: &Leaf, alone: &Alone) -> Result<(), LeafRefused> {
        alone.registrar?;
        let before = self.nodes.get(&leaf.fields.node).cloned();
        let relied = self.relied;
        self.rely_on_waiting(leaf);
        let judged = rules::judge(self, leaf, alone).map(drop);
        if judged.is_err()
            && let Some(before) = before
        {
            self.put_back(before);
            self.relied = relied;
        }
        judged
    }

    /// What an entry that was refused has let take effect. Keys and places that it used were used before, for it had waited.
    fn put_back(&mut self, before: NodeState) {
        let Some(after) = self.nodes.get(&before.id) else { return };
        self.by_tls.remove(&after.tls_spki);
        self.by_tls.insert(before.tls_spki, before.id);
        if !after.roles.is_relay() {
            self.by_mailbox.remove(&after.mailbox);
        }
        if !before.roles.is_relay() {
            self.by_mailbox.insert(before.mailbox, before.id);
        }
        self.nodes.insert(before.id, before);
    }

    /// Makes the change that an entry relies on take effect, and remembers that a head over it must prove its time.
    fn rely_on_waiting(&mut self, leaf: &Leaf) {
        let Some(on) = self.relies_on_waiting(leaf) else { return };
        self.take_effect(&leaf.fields.node);
        let on = self.relied.map_or(on, |before| before.on.max(on));
        self.relied = Some(Relied { index: leaf.fields.seq, on });
    }

    fn take_effect(&mut self, node: &NodeId) {
        let Some(waiting) = self.nodes.get_mut(node).and_then(|state| state.pending.take()) else { return };
        let bytes = usize::try_from(waiting.index).ok().and_then(|index| self.leaves.get(index));
        let Some(fields) = bytes.and_then(|bytes| Leaf::parse(bytes).ok()).map(|leaf| leaf.fields) else { return };
        let (Ok(ik), Some(roles)) = (VerifyingKey::try_from(fields.ik), Roles::from_bits(fields.roles)) else { return };
        let succession = VerifyingKey::try_from(fields.succession).ok().filter(|_| !roles.is_relay());
        // Since it was due, and not since today: what a restart replays counts no longer than it did before.
        self.settle_change(&fields, &Checked { ik, succession, roles }, ChangedBy::Authority, waiting.from);
    }
}
