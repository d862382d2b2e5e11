//! The registry as this relay holds it: loaded and replayed at start, replaced when the authority publishes, watched by
//! every session.

use std::sync::Arc;

use safeconduct_certs::{
    authority::{
        lives::{self, KeyLife},
        root::RootFile,
    },
    link::KnownKeys,
    node::NodeStatus,
    registry::{HeadRefused, Registry, ReplayError},
};
use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    frame::{Goodbye, Head, PrekeyRefusal},
    id::{MailboxId, NodeId, RelayId},
    time::Timestamp,
};
use tokio::sync::watch;

use crate::store::{StoreError, View};

/// Leaves read at once when the relay starts.
const LOAD_PAGE: usize = 4_096;

/// Why the stored registry cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeedError {
    /// The store gave nothing.
    #[error("the stored registry cannot be read")]
    Store(#[source] StoreError),
    /// The root file in use is not the one that the stored registry hangs on.
    #[error("the stored registry hangs on another root file than the configured one")]
    OtherRoot,
    /// A leaf is refused.
    #[error("the stored registry does not replay")]
    Replay(#[source] ReplayError),
    /// The head is refused.
    #[error("the stored registry does not lead to its head")]
    Head(#[source] HeadRefused),
}

impl FeedError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Store(error) => error.remedy(),
            Self::OtherRoot => {
                "put the authority's root file where `root` points, or start with an empty data directory"
            }
            Self::Replay(_) | Self::Head(_) => {
                "stop: somebody or something has changed the data directory; keep a copy, restore the last backup, and tell the authority"
            }
        }
    }
}

/// The registry at one moment.
pub(crate) struct Snapshot {
    pub(crate) registry: Registry,
    /// This relay's number, if an active leaf names both of its keys.
    pub(crate) own: Option<RelayId>,
}

/// A node that may have a session here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Admission {
    /// What it may collect.
    pub(crate) mailbox: MailboxId,
}

/// Where an envelope's 16 bytes of address lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Recipient {
    /// A mailbox here, of a node that is active or suspended.
    Mailbox,
    /// A mailbox of a node that was revoked.
    Revoked,
    /// A mailbox at another relay.
    Elsewhere,
    /// No mailbox: a slot.
    Slot,
}

impl Snapshot {
    fn new(registry: Registry, own: &OwnKeys) -> Self {
        let own = registry
            .node_by_tls(&own.tls_spki)
            .filter(|state| state.is_relay() && state.is_active() && state.ik == own.receipt)
            .map(|state| state.home_relay);
        Self { registry, own }
    }

    pub(crate) fn head(&self) -> Head {
        self.registry.head().cloned().unwrap_or_default()
    }

    /// May the node that proved this TLS key and says that it is `node` have a session here? A node that has moved away may
    /// still collect here for a while.
    pub(crate) fn admit(&self, spki_hash: &[u8; 32], node: NodeId) -> Result<Admission, Goodbye> {
        let state = self.registry.node(&node).ok_or(Goodbye::NotRegistered)?;
        if self.registry.tls_owner(spki_hash) != Some(node) || state.is_relay() {
            return Err(Goodbye::NotRegistered);
        }
        match state.status {
            NodeStatus::Revoked { .. } => return Err(Goodbye::Revoked),
            NodeStatus::Suspended => return Err(Goodbye::Suspended),
            NodeStatus::Active => {}
        }
        // A key that the node has replaced.
        if state.tls_spki != *spki_hash {
            return Err(Goodbye::NotRegistered);
        }
        let own = self.own.ok_or(Goodbye::NotRegistered)?;
        if own == state.home_relay {
            return Ok(Admission { mailbox: state.mailbox });
        }
        let former = self.registry.former_home(&node, own).ok_or(Goodbye::NotRegistered)?;
        Ok(Admission { mailbox: former.mailbox })
    }

    pub(crate) fn recipient(&self, mailbox: &MailboxId) -> Recipient {
        match self.registry.node_by_mailbox(mailbox) {
            // A mailbox that its node has left: nobody will look into a slot of that name.
            None if self.registry.was_mailbox(mailbox) => Recipient::Elsewhere,
            None => Recipient::Slot,
            Some(state) if matches!(state.status, NodeStatus::Revoked { .. }) => Recipient::Revoked,
            Some(state) if self.own != Some(state.home_relay) => Recipient::Elsewhere,
            Some(_) => Recipient::Mailbox,
        }
    }

    /// May prekeys of `node` be handed out?
    pub(crate) fn prekey_owner(&self, node: &NodeId) -> Result<(), PrekeyRefusal> {
        match self.registry.node(node) {
            Some(state) if state.is_relay() || self.own != Some(state.home_relay) => Err(PrekeyRefusal::UnknownNode),
            Some(state) if !state.is_active() => Err(PrekeyRefusal::NotActive),
            Some(_) => Ok(()),
            None => Err(PrekeyRefusal::UnknownNode),
        }
    }
}

/// What this relay's leaf must name.
pub(crate) struct OwnKeys {
    pub(crate) receipt: VerifyingKey,
    pub(crate) tls_spki: [u8; 32],
}

/// The newest snapshot, and everyone who waits for the next.
pub(crate) struct Feed {
    root: Vec<u8>,
    authority_tls: [u8; 32],
    lives: [KeyLife; 2],
    own: OwnKeys,
    newest: watch::Sender<Option<Arc<Snapshot>>>,
}

impl Feed {
    /// Loads what was published here before.
    pub(crate) fn load(root: &RootFile, own: OwnKeys, view: &dyn View, now: Timestamp) -> Result<Self, FeedError> {
        let snapshot = match view.head().map_err(FeedError::Store)? {
            None => None,
            Some(stored) => {
                let known = RootFile::parse(&stored.root).ok();
                let known = known.filter(|known| known.fingerprint() == root.fingerprint());
                let mut registry = Registry::new(known.ok_or(FeedError::OtherRoot)?);
                while registry.size() < stored.size {
                    let page = view.leaves(registry.size(), LOAD_PAGE).map_err(FeedError::Store)?;
                    if page.is_empty() {
                        return Err(FeedError::Store(StoreError::Damaged("registry leaf")));
                    }
                    let leaves: Vec<_> = page.into_iter().map(|stored| stored.leaf).collect();
                    registry.extend(&leaves).map_err(FeedError::Replay)?;
                }
                let head = Head { size: stored.size, note: stored.note, timestamp: stored.timestamp };
                registry.accept_head(&head, now).map_err(FeedError::Head)?;
                Some(Arc::new(Snapshot::new(registry, &own)))
            }
        };
        let newest = watch::Sender::new(snapshot);
        Ok(Self {
            root: root.as_bytes().to_vec(),
            authority_tls: *root.tls_spki(),
            lives: lives::of(root),
            own,
            newest,
        })
    }

    pub(crate) fn root(&self) -> &[u8] {
        &self.root
    }

    pub(crate) const fn authority_tls(&self) -> &[u8; 32] {
        &self.authority_tls
    }

    /// Days that the authority's timestamp key and log key are meant to serve still.
    pub(crate) fn key_days(&self, now: Timestamp) -> [u64; 2] {
        self.lives.map(|life| life.days_left(now))
    }

    pub(crate) fn newest(&self) -> Option<Arc<Snapshot>> {
        self.newest.borrow().clone()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Option<Arc<Snapshot>>> {
        self.newest.subscribe()
    }

    /// Makes a published registry the newest, unless a larger one came meanwhile.
    pub(crate) fn replace(&self, registry: Registry) {
        let snapshot = Arc::new(Snapshot::new(registry, &self.own));
        self.newest.send_if_modified(|newest| {
            let overtaken =
                newest.as_ref().is_some_and(|newest| newest.registry.head_size() > snapshot.registry.head_size());
            if !overtaken {
                *newest = Some(snapshot);
            }
            !overtaken
        });
    }
}

impl KnownKeys for Feed {
    fn knows(&self, spki_hash: &[u8; 32]) -> bool {
        *spki_hash == self.authority_tls
            || self.newest.borrow().as_ref().is_some_and(|newest| newest.registry.tls_owner(spki_hash).is_some())
    }
}
