//! The registry as this relay holds it, and those of recognised authorities: loaded and replayed at start, replaced when
//! an authority publishes, watched by every session.

use std::{collections::BTreeMap, sync::Arc};

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
    frame::{Head, PrekeyRefusal},
    id::{MailboxId, NodeId, RelayId},
    time::Timestamp,
};
use tracing::warn;

use crate::{
    foreign::is_named,
    newest::{Following, Newest},
    store::{StoreError, StoredHead, StoredLeaf, View},
};

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

/// The registry at one moment, and those of recognised authorities.
pub(crate) struct Snapshot {
    pub(crate) registry: Arc<Registry>,
    /// This relay's number, if an active leaf names both of its keys.
    pub(crate) own: Option<RelayId>,
    /// Logs of other authorities by the hash of the root file that ours recognised, in force or not.
    pub(crate) foreign: BTreeMap<[u8; 32], Arc<Registry>>,
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
    fn new(registry: Arc<Registry>, own: &OwnKeys, foreign: BTreeMap<[u8; 32], Arc<Registry>>) -> Self {
        let own = registry
            .node_by_tls(&own.tls_spki)
            .filter(|state| state.is_relay() && state.is_active() && state.ik == own.receipt)
            .map(|state| state.home_relay);
        Self { registry, own, foreign }
    }

    pub(crate) fn head(&self) -> Head {
        self.registry.head().cloned().unwrap_or_default()
    }

    pub(crate) fn recipient(&self, mailbox: &MailboxId) -> Recipient {
        match self.registry.node_by_mailbox(mailbox) {
            // Taken for a slot, it would lie where nobody looks.
            None if self.foreign.values().any(|registry| registry.node_by_mailbox(mailbox).is_some()) => {
                Recipient::Elsewhere
            }
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
    /// As configured; a published log has a newer one when the authority has changed its keys.
    root: RootFile,
    own: OwnKeys,
    newest: Newest<Option<Arc<Snapshot>>>,
}

impl Feed {
    /// Loads what was published here before.
    pub(crate) fn load(root: &RootFile, own: OwnKeys, view: &dyn View, now: Timestamp) -> Result<Self, FeedError> {
        let snapshot = match view.head().map_err(FeedError::Store)? {
            None => None,
            Some(stored) => {
                let known = RootFile::parse(&stored.root).and_then(|known| known.later(root.clone()));
                let known = known.map_err(|_refused| FeedError::OtherRoot)?;
                let seen = view.seen(None).map_err(FeedError::Store)?;
                let registry = replayed(known, stored, &seen, now, |from| view.leaves(from, LOAD_PAGE))?;
                Some(Arc::new(Snapshot::new(Arc::new(registry), &own, load_foreign(view, now)?)))
            }
        };
        let newest = Newest::new(snapshot);
        Ok(Self { root: root.clone(), own, newest })
    }

    /// The authority's root file, with every version that is known here.
    pub(crate) fn root(&self) -> RootFile {
        self.newest.read().as_ref().map_or_else(|| self.root.clone(), |newest| newest.registry.root().clone())
    }

    fn with_root<T>(&self, asked: impl FnOnce(&RootFile) -> T) -> T {
        let newest = self.newest.read();
        asked(newest.as_ref().map_or(&self.root, |newest| newest.registry.root()))
    }

    pub(crate) fn is_authority(&self, spki_hash: &[u8; 32]) -> bool {
        self.with_root(|root| root.tls_spki() == spki_hash)
    }

    /// Days that the authority's timestamp key and log key are meant to serve still.
    pub(crate) fn key_days(&self, now: Timestamp) -> [u64; 2] {
        self.with_root(lives::of).map(|life: KeyLife| life.days_left(now))
    }

    pub(crate) fn newest(&self) -> Option<Arc<Snapshot>> {
        self.newest.read().clone()
    }

    pub(crate) fn follow(&self) -> Following<Option<Arc<Snapshot>>> {
        self.newest.follow()
    }

    /// Makes a published registry the newest, unless a larger one came meanwhile.
    pub(crate) fn replace(&self, registry: Registry) {
        self.newest.replace(|newest| {
            if newest.as_ref().is_some_and(|newest| newest.registry.head_size() > registry.head_size()) {
                return false;
            }
            let foreign = newest.as_ref().map(|newest| newest.foreign.clone()).unwrap_or_default();
            *newest = Some(Arc::new(Snapshot::new(Arc::new(registry), &self.own, foreign)));
            true
        });
    }

    /// Makes the log that another authority published the newest of that authority.
    pub(crate) fn replace_foreign(&self, authority: [u8; 32], registry: Registry) {
        self.newest.replace(|newest| {
            let Some(before) = newest.as_ref() else { return false };
            let mut foreign = before.foreign.clone();
            foreign.insert(authority, Arc::new(registry));
            *newest = Some(Arc::new(Snapshot::new(Arc::clone(&before.registry), &self.own, foreign)));
            true
        });
    }

    /// Lets every session judge itself again.
    pub(crate) fn wake(&self) {
        self.newest.wake();
    }
}

/// Replays what is stored, page by page, up to its head.
fn replayed(
    root: RootFile,
    stored: StoredHead,
    seen: &[(u64, Timestamp)],
    now: Timestamp,
    page: impl Fn(u64) -> Result<Vec<StoredLeaf>, StoreError>,
) -> Result<Registry, FeedError> {
    let mut registry = Registry::new(root);
    while registry.size() < stored.size {
        let page = page(registry.size()).map_err(FeedError::Store)?;
        if page.is_empty() {
            return Err(FeedError::Store(StoreError::Damaged("registry leaf")));
        }
        let mut leaves: Vec<_> = page.into_iter().map(|stored| stored.leaf).collect();
        while !leaves.is_empty() {
            // Each as it was taken: what waits, waits from then.
            let (at, next) = seen.split_at(seen.partition_point(|(place, _)| *place <= registry.size()));
            let held = at.last().map_or(Timestamp(0), |(_, held)| *held);
            let run = next.first().and_then(|(place, _)| usize::try_from(place.saturating_sub(registry.size())).ok());
            let rest = leaves.split_off(run.unwrap_or(leaves.len()).min(leaves.len()));
            registry.extend_seen(&leaves, held).map_err(FeedError::Replay)?;
            leaves = rest;
        }
    }
    let head = Head { size: stored.size, note: stored.note, timestamp: stored.timestamp };
    registry.accept_head(&head, now).map_err(FeedError::Head)?;
    Ok(registry)
}

/// The logs of other authorities. One that cannot be used keeps nobody from starting: it counts as not held, and its
/// authority publishes it anew.
fn load_foreign(view: &dyn View, now: Timestamp) -> Result<BTreeMap<[u8; 32], Arc<Registry>>, FeedError> {
    let mut foreign = BTreeMap::new();
    for (authority, stored) in view.foreign_heads().map_err(FeedError::Store)? {
        let root = RootFile::parse(&stored.root).ok().filter(|root| is_named(root, &authority));
        let replayed = root.ok_or(FeedError::OtherRoot).and_then(|root| {
            let seen = view.seen(Some(authority)).map_err(FeedError::Store)?;
            replayed(root, stored, &seen, now, |from| view.foreign_leaves(authority, from, LOAD_PAGE))
        });
        match replayed {
            Ok(registry) => {
                foreign.insert(authority, Arc::new(registry));
            }
            Err(error @ FeedError::Store(StoreError::Failed { .. })) => return Err(error),
            Err(error) => warn!(event = "foreign-log-unusable", "a recognised authority's log is left out: {error}"),
        }
    }
    Ok(foreign)
}

impl KnownKeys for Feed {
    fn knows(&self, spki_hash: &[u8; 32]) -> bool {
        self.is_authority(spki_hash) || self.newest.read().as_ref().is_some_and(|newest| newest.knows(spki_hash))
    }
}
