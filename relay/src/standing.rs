//! What whoever proved a key may do here: a node of this relay, a guest of another relay, a guest from abroad, a recognised
//! authority (`docs/PROTOCOL.md` §5).

use std::{collections::BTreeMap, sync::Arc};

use safeconduct_certs::{
    node::{NodeState, NodeStatus},
    registry::{Registry, terms::Recognition},
};
use safeconduct_protocol::{
    frame::{Goodbye, SESSION_VERSION},
    id::{MailboxId, NodeId, RelayId},
    time::Timestamp,
};

use crate::feed::Snapshot;

/// What a node may do here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// A node of this relay, with its mailbox.
    Home(MailboxId),
    /// A node of our authority whose home is another relay, with the mailbox that it had here and may still empty.
    Guest(Option<MailboxId>),
    /// A node of a recognised authority.
    Foreign,
}

impl Standing {
    /// The mailbox that it reads here.
    pub(crate) const fn mailbox(self) -> Option<MailboxId> {
        match self {
            Self::Home(mailbox) | Self::Guest(Some(mailbox)) => Some(mailbox),
            Self::Guest(None) | Self::Foreign => None,
        }
    }

    /// Whose guest it is, in words for the operator; none of a node at home.
    pub(crate) const fn guest(self) -> Option<&'static str> {
        match self {
            Self::Home(_) => None,
            Self::Guest(_) => Some("own"),
            Self::Foreign => Some("recognised"),
        }
    }
}

impl Snapshot {
    /// May the node that proved this TLS key and says that it is `node` have a session here?
    pub(crate) fn admit(&self, spki_hash: &[u8; 32], node: NodeId, now: Timestamp) -> Result<Standing, Goodbye> {
        if self.registry.min_version() > SESSION_VERSION {
            return Err(Goodbye::Version);
        }
        let here = self.own.ok_or(Goodbye::NotRegistered)?;
        // Whom our authority knows is never looked up abroad.
        let Some(state) = self.registry.node(&node) else { return self.admit_foreign(spki_hash, node, now) };
        judge(&self.registry, state, spki_hash)?;
        if state.home_relay == here {
            return Ok(Standing::Home(state.mailbox));
        }
        Ok(Standing::Guest(self.former_mailbox(state, here)))
    }

    /// The mailbox that a node had here before it moved to another relay, while it may still empty it. The one place that
    /// says so: with `Some`, the session delivers from it and takes settlements for it.
    fn former_mailbox(&self, node: &NodeState, here: RelayId) -> Option<MailboxId> {
        self.registry.former_home(&node.id, here).map(|home| home.mailbox)
    }

    fn admit_foreign(&self, spki_hash: &[u8; 32], node: NodeId, now: Timestamp) -> Result<Standing, Goodbye> {
        // Whether one of ours names the key too does not matter: who comes has proved it, and a node of ours that names another's
        // key shuts nobody out.
        let mut claims = self.foreign_in_force(now).filter_map(|(recognition, registry)| {
            registry.node(&node).map(|state| (&recognition.terms, registry, state))
        });
        let (terms, registry, state) = claims.next().ok_or(Goodbye::NotRegistered)?;
        // Two authorities that name one node: neither is believed.
        if claims.next().is_some() {
            return Err(Goodbye::NotRegistered);
        }
        judge(registry, state, spki_hash)?;
        if state.roles.bits() & (terms.from_roles | terms.to_roles) == 0 {
            return Err(Goodbye::NotRegistered);
        }
        Ok(Standing::Foreign)
    }

    /// The recognitions that hold at this time; of those with one TLS key, which are one authority's, the newest.
    pub(crate) fn in_force(&self, now: Timestamp) -> impl Iterator<Item = &Recognition> {
        let mut newest: BTreeMap<&[u8; 32], &Recognition> = BTreeMap::new();
        for recognition in self.registry.recognitions().filter(|recognition| recognition.terms.hold_at(now)) {
            let known = newest.entry(&recognition.tls_spki).or_insert(recognition);
            if known.index < recognition.index {
                *known = recognition;
            }
        }
        newest.into_values()
    }

    /// The recognition in force of the authority that proved this TLS key.
    pub(crate) fn recognised(&self, spki_hash: &[u8; 32], now: Timestamp) -> Option<&Recognition> {
        self.in_force(now).find(|recognition| recognition.tls_spki == *spki_hash)
    }

    /// The logs that are held of authorities whose recognition holds at this time.
    pub(crate) fn foreign_in_force(&self, now: Timestamp) -> impl Iterator<Item = (&Recognition, &Arc<Registry>)> {
        self.in_force(now).filter_map(|recognition| Some((recognition, self.foreign.get(&recognition.authority)?)))
    }

    /// Is this the key of anybody who is or was registered, here or abroad, or of a recognised authority? What they may do
    /// is judged at the hello.
    pub(crate) fn knows(&self, spki_hash: &[u8; 32]) -> bool {
        self.registry.tls_owner(spki_hash).is_some()
            || self.registry.recognitions().any(|recognition| recognition.tls_spki == *spki_hash)
            || self.foreign.values().any(|registry| registry.tls_owner(spki_hash).is_some())
    }
}

/// Is this the key that the registry names for an agency that may take part?
fn judge(registry: &Registry, state: &NodeState, spki_hash: &[u8; 32]) -> Result<(), Goodbye> {
    if registry.tls_owner(spki_hash) != Some(state.id) || state.is_relay() {
        return Err(Goodbye::NotRegistered);
    }
    match state.status {
        NodeStatus::Revoked { .. } => return Err(Goodbye::Revoked),
        NodeStatus::Suspended => return Err(Goodbye::Suspended),
        NodeStatus::Active => {}
    }
    // A key that the node has replaced.
    if state.tls_spki == *spki_hash { Ok(()) } else { Err(Goodbye::NotRegistered) }
}
