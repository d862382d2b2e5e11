//! A relay without sockets: everything behind the connection. [`Relay`](crate::relay::Relay) puts it behind QUIC, the
//! simulator (`tests/sim`) behind a network of its own.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use safeconduct_certs::link::{KnownKeys as _, Link, TlsKey};
use safeconduct_protocol::time::Clock;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use crate::{
    blobs::Blobs,
    config::Config,
    feed::{Feed, OwnKeys},
    foreign,
    keys::{KeyError, RelayKeys},
    limits::{CHANGE_REQUEST_BURST, READERS},
    lock::DataLock,
    metrics,
    quota::SubmitQuota,
    relay::{RelayError, read_root},
    serve, setup,
    shared::Shared,
    store::{
        Engine, Store as _, View, committer::Committer, disk::Disk, journal::Checker, reader::Reader, workers::Workers,
    },
    sweep,
    witness::Witness,
};

/// A relay that runs, and that nobody can reach yet.
pub struct Bare {
    pub(crate) shared: Arc<Shared>,
    pub(crate) tasks: TaskTracker,
    pub(crate) checker: Checker,
    pub(crate) tls: TlsKey,
    pub(crate) data: PathBuf,
    // Dropped last: the next relay may not start before this one's store is closed.
    _lock: DataLock,
}

impl fmt::Debug for Bare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bare").field("data", &self.data).finish_non_exhaustive()
    }
}

impl Bare {
    /// Opens a relay's data. Must be called inside a tokio runtime. Nothing is done by itself before [`begin`](Self::begin).
    ///
    /// # Errors
    /// Any [`RelayError`] but those of sockets.
    pub fn open(
        config: &Config,
        clock: Arc<dyn Clock>,
        disk: Arc<dyn Disk>,
        workers: &Workers,
    ) -> Result<Self, RelayError> {
        metrics::start();
        let lock = DataLock::take(&config.data)?;
        let keys = RelayKeys::read(&config.data)?;
        let root = read_root(&config.root)?;
        setup::name_witness(&config.data, &keys).map_err(|source| {
            RelayError::Keys(KeyError::File { path: config.data.join(setup::PUBLIC_FILE), source })
        })?;
        let store = Engine::open(disk, &config.data, config.quotas)?;
        let view = store.view()?;
        let own = OwnKeys { receipt: keys.receipt.verifying_key(), tls_spki: keys.tls.spki_hash() };
        let feed = Arc::new(Feed::load(&root, own, view.as_ref(), clock.now())?);
        let views = (0..READERS).map(|_| store.view()).collect::<Result<Vec<_>, _>>()?;
        let reader = Reader::start_on(workers, views).map_err(RelayError::Thread)?;
        let blobs = Blobs::new(&config.data, config.blobs);
        clear(&blobs, view.as_ref());
        let checker = store.checker();
        let committer =
            Committer::start_on(workers, Box::new(store.journal), Box::new(store.desk)).map_err(RelayError::Thread)?;
        let shared = Arc::new(Shared {
            clock,
            receipt_key: keys.receipt,
            witness: Witness::open(&config.data, keys.witness, workers.clone())?,
            feed,
            committer,
            reader,
            live: Default::default(),
            submits: SubmitQuota::new(config.admission.submit_burst, config.admission.submits_per_s),
            changes: SubmitQuota::new(CHANGE_REQUEST_BURST, 1),
            prekeys: Default::default(),
            underway: Default::default(),
            keys: Default::default(),
            publishing: Default::default(),
            blobs,
            frame_within: Duration::from_secs(config.admission.frame_s),
            clock_doubted: AtomicBool::new(false),
            maintenance: AtomicBool::new(false),
            stop: CancellationToken::new(),
        });
        Ok(Self { shared, tasks: TaskTracker::new(), checker, tls: keys.tls, data: config.data.clone(), _lock: lock })
    }

    /// Begins what a relay does by itself: expiry, and the end of recognitions.
    pub fn begin(&self) {
        self.tasks.spawn(sweep::run(Arc::clone(&self.shared)));
        self.tasks.spawn(foreign::run(Arc::clone(&self.shared)));
    }

    /// Whether a client with this TLS key is let in, to be judged by what it says; any other is refused in the handshake.
    #[must_use]
    pub fn lets_in(&self, spki_hash: &[u8; 32]) -> bool {
        self.shared.feed.knows(spki_hash)
    }

    /// Serves one connection to its end.
    pub fn connection(&self, link: Link) -> impl Future<Output = ()> + Send + use<> {
        serve::connection(Arc::clone(&self.shared), link)
    }

    /// Says that everything is to end: each connection gets its goodbye.
    pub fn stop(&self) {
        self.shared.stop.cancel();
        self.tasks.close();
    }

    /// Reads what is held, beside the service.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.shared.reader
    }
}

/// Removes what a crash left of sealed documents; nothing is being put yet.
fn clear(blobs: &Blobs, view: &dyn View) {
    match blobs.files.remove_strangers(view) {
        Ok(0) => {}
        Ok(removed) => info!(event = "blobs-cleared", removed, "files that a crash left are gone"),
        Err(error) => warn!(event = "blobs-not-cleared", "what a crash left of documents stays: {error}"),
    }
}
