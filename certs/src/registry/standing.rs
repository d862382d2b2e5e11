//! Which of a node's keys a signature may still be by, and where the node may still collect.

use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    id::{KeyId, NodeId, RelayId},
};

use super::Registry;
use crate::node::{FormerHome, FormerKey};

/// What a node's key is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyStanding {
    /// The node's identity key.
    Current(VerifyingKey),
    /// Its identity key before an ordinary renewal: what was under way then still counts.
    Former(VerifyingKey),
    /// An identity key that was replaced so long ago, or in such a way, that nothing new by it counts.
    Replaced,
    /// No key that the node ever had, as far as this copy goes.
    Unknown,
}

impl Registry {
    /// What a signature by this key of this node is worth now. Its status is another question.
    #[must_use]
    pub fn key_standing(&self, node: &NodeId, key: &KeyId) -> KeyStanding {
        let Some(state) = self.node(node) else { return KeyStanding::Unknown };
        if state.key_id == *key {
            return KeyStanding::Current(state.ik);
        }
        match state.former_keys.iter().find(|former| former.key.key_id() == *key) {
            None => KeyStanding::Unknown,
            Some(former) if self.still_counts(former) => KeyStanding::Former(former.key),
            Some(_) => KeyStanding::Replaced,
        }
    }

    /// The keys that a node's statements may be by now, the current one first.
    pub fn counting_keys(&self, node: &NodeId) -> impl Iterator<Item = &VerifyingKey> {
        let state = self.node(node);
        let former = state.into_iter().flat_map(|state| &state.former_keys);
        let former = former.filter(|former| self.still_counts(former)).map(|former| &former.key);
        state.into_iter().map(|state| &state.ik).chain(former)
    }

    fn still_counts(&self, former: &FormerKey) -> bool {
        former.counts_until.is_some_and(|until| self.newest_time().unwrap_or_default() <= until)
    }

    /// The mailbox that a node had at this relay before it moved, while it may still collect there.
    #[must_use]
    pub fn former_home(&self, node: &NodeId, relay: RelayId) -> Option<&FormerHome> {
        self.former_homes(node).find(|home| home.relay == relay)
    }

    /// All of them, newest first.
    pub fn former_homes(&self, node: &NodeId) -> impl Iterator<Item = &FormerHome> {
        let now = self.newest_time().unwrap_or_default();
        let all = self.node(node).into_iter().flat_map(|state| state.former_homes.iter().rev());
        all.filter(move |home| now <= home.open_until)
    }
}
