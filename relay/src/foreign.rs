//! Logs of recognised authorities: who may publish which, where they are held, and what happens when a recognition ends.

use std::{sync::Arc, time::Duration};

use safeconduct_certs::{
    authority::root::RootFile,
    registry::{Registry, terms::Recognition},
};
use safeconduct_protocol::frame::{Head, PublishRefusal};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};

use crate::{
    shared::Shared,
    store::{Change, Publication},
};

/// Is this a root file of the authority that was recognised by this hash, whatever keys it has now?
pub(crate) fn is_named(root: &RootFile, authority: &[u8; 32]) -> bool {
    root.authority() == authority
}

/// Who publishes, as the TLS key says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Publisher {
    /// Our authority.
    Own,
    /// One that ours recognises.
    Recognised {
        /// Hash of the TLS key that it proved.
        tls_spki: [u8; 32],
    },
}

/// Which log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Log {
    /// Our authority's.
    Own,
    /// Of the authority whose root file begins with this hash.
    Foreign([u8; 32]),
}

impl Publisher {
    /// Who proved this TLS key, if it may publish at all now.
    pub(crate) fn of(shared: &Shared, spki_hash: &[u8; 32]) -> Option<Self> {
        if shared.feed.is_authority(spki_hash) {
            return Some(Self::Own);
        }
        let publisher = Self::Recognised { tls_spki: *spki_hash };
        publisher.log(shared).map(|_| publisher)
    }

    /// The log that it may publish; none when the recognition has ended.
    pub(crate) fn log(self, shared: &Shared) -> Option<Log> {
        match self {
            Self::Own => Some(Log::Own),
            Self::Recognised { tls_spki } => {
                let newest = shared.feed.newest()?;
                newest.recognised(&tls_spki, shared.clock.now()).map(|found| Log::Foreign(found.authority))
            }
        }
    }

    /// The same, if this is its root file: the one that is held, or one that continues it.
    pub(crate) fn log_of(self, shared: &Shared, root: &RootFile) -> Result<Log, PublishRefusal> {
        let log = self.log(shared).ok_or(PublishRefusal::Root)?;
        let is_its = match &log {
            Log::Own => root.continues(&shared.feed.root()),
            Log::Foreign(authority) => {
                let held = log.held(shared);
                is_named(root, authority) && held.is_none_or(|held| root.continues(held.root()))
            }
        };
        if !is_its {
            warn!(
                event = "root-file-refused",
                "a root file does not continue the one that is held: phone the authority"
            );
        }
        if is_its { Ok(log) } else { Err(PublishRefusal::Root) }
    }

    /// What is held of its log.
    pub(crate) fn head(self, shared: &Shared) -> Head {
        let held = self.log(shared).and_then(|log| log.held(shared));
        held.and_then(|registry| registry.head().cloned()).unwrap_or_default()
    }
}

impl Log {
    /// The log as it is held.
    pub(crate) fn held(self, shared: &Shared) -> Option<Arc<Registry>> {
        let newest = shared.feed.newest()?;
        match self {
            Self::Own => Some(Arc::clone(&newest.registry)),
            Self::Foreign(authority) => newest.foreign.get(&authority).map(Arc::clone),
        }
    }

    /// Leaves held.
    pub(crate) fn size(self, shared: &Shared) -> u64 {
        self.held(shared).map_or(0, |registry| registry.size())
    }

    /// What makes a publication durable.
    pub(crate) const fn change(self, publication: Publication) -> Change {
        match self {
            Self::Own => Change::Publish(publication),
            Self::Foreign(authority) => Change::PublishForeign { authority, publication },
        }
    }

    /// Shows a published log to all sessions.
    pub(crate) fn show(self, shared: &Shared, registry: Registry) {
        match self {
            Self::Own => shared.feed.replace(registry),
            Self::Foreign(authority) => shared.feed.replace_foreign(authority, registry),
        }
    }
}

/// Looks every second, once for the whole relay, whether a recognition has ended by time, and then lets every session
/// judge itself, until the relay stops. Publications that nobody goes on with are forgotten too.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut before = shared.clock.now();
    loop {
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => return,
            _ = seconds.tick() => {}
        }
        let now = shared.clock.now();
        shared.underway.forget_stale(now);
        let Some(newest) = shared.feed.newest() else { continue };
        let ended = |found: &Recognition| found.terms.hold_at(before) && !found.terms.hold_at(now);
        if newest.registry.recognitions().any(ended) {
            info!(event = "recognition-ended", "guests of an authority that is no longer recognised are cut");
            shared.feed.wake();
        }
        before = now;
    }
}
