//! Whether a signature holds under a key that the registry copy names for its signer, now or before.

use safeconduct_certs::node::NodeState;
use safeconduct_protocol::{
    crypto::sign::{Label, VerifyingKey},
    envelope::header::SignedHeader,
    id::{KeyId, NodeId, RelayId},
};

use crate::registry::Held;

/// What became of a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::evidence) enum Verdict {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// The registry copy does not name the key.
    NoKey,
    /// There is none.
    NotSigned,
}

impl Verdict {
    /// The stable name.
    pub(in crate::evidence) const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "verified",
            Self::No => "does not verify",
            Self::NoKey => "key not here",
            Self::NotSigned => "not signed",
        }
    }
}

/// Keys by the registry copies. Evidence outlives keys: one that counts no longer has signed what it has signed.
pub(in crate::evidence) struct Keys<'a> {
    pub(in crate::evidence) held: &'a Held,
}

fn keys_of(state: &NodeState) -> impl Iterator<Item = VerifyingKey> {
    core::iter::once(state.ik).chain(state.former_keys.iter().map(|former| former.key))
}

fn judged(found: Option<bool>) -> Verdict {
    match found {
        Some(true) => Verdict::Yes,
        Some(false) => Verdict::No,
        None => Verdict::NoKey,
    }
}

impl Keys<'_> {
    /// Whether `holds` under the key of this id, of this node.
    pub(in crate::evidence) fn node(
        &self,
        node: &NodeId,
        key: &KeyId,
        holds: impl Fn(&VerifyingKey) -> bool,
    ) -> Verdict {
        let state = self.held.registry_of(node).node(node);
        judged(state.and_then(|state| keys_of(state).find(|one| one.key_id() == *key)).map(|key| holds(&key)))
    }

    /// Whether `holds` under any key of this node.
    pub(in crate::evidence) fn any(&self, node: &NodeId, holds: impl Fn(&VerifyingKey) -> bool) -> Verdict {
        judged(self.held.registry_of(node).node(node).map(|state| keys_of(state).any(|key| holds(&key))))
    }

    /// Whether `holds` under any key of the relay with this number in the recipient's log.
    pub(in crate::evidence) fn relay(
        &self,
        recipient: &NodeId,
        relay: RelayId,
        holds: impl Fn(&VerifyingKey) -> bool,
    ) -> Verdict {
        let state = self.held.registry_of(recipient).relay(relay);
        judged(state.map(|state| keys_of(state).any(|key| holds(&key))))
    }

    /// Whether the sender that a header names has signed it.
    pub(in crate::evidence) fn message(&self, signed: &SignedHeader) -> Verdict {
        let header = signed.header();
        self.node(&header.sender, &header.sender_key, |key| {
            key.verify(Label::Message, signed.as_bytes(), signed.signature()).is_ok()
        })
    }
}
