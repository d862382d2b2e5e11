//! A running relay: everything put together at start, and taken apart in order at the end.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use quinn::Endpoint;
use safeconduct_certs::{
    authority::root::{ROOT_BYTES_MAX, RootFile, RootRefused},
    link::{self, LinkError},
    log::witness::WitnessRefused,
};
use safeconduct_protocol::time::Clock;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    bare::Bare,
    config::Config,
    control,
    exit::Exit,
    feed::FeedError,
    keys::KeyError,
    limits::SHUTDOWN_S,
    listen, local,
    lock::LockError,
    store::{StoreError, desk::OpenError, disk::SystemDisk, suspicion, workers::Workers},
};

/// Why a relay does not start, or stopped by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// The data directory cannot be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A key cannot be had.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The authority's root file is not there, or cannot be read.
    #[error("the root file {} cannot be read: {}", path.display(), source.kind())]
    RootMissing {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The root file is not one.
    #[error("the root file {} is refused: {reason}", path.display())]
    Root {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: RootRefused,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed while running.
    #[error("the store failed and nothing more is acknowledged: {cause}")]
    StoreFailed {
        /// What the engine says.
        cause: String,
    },
    /// The store's views cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored registry cannot be used.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The operating system gives no thread.
    #[error("no thread can be started: {}", .0.kind())]
    Thread(#[source] io::Error),
    /// The UDP address cannot be had.
    #[error("the UDP address {address} cannot be listened on: {}", words(*kind))]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        kind: io::ErrorKind,
    },
    /// The local TCP address cannot be had.
    #[error("the local TCP address {address} cannot be listened on: {}", words(*kind))]
    Local {
        /// Which.
        address: SocketAddr,
        /// Why.
        kind: io::ErrorKind,
    },
    /// The socket for the operator's commands cannot be had.
    #[error("the socket relay.sock cannot be made: {}", .0.kind())]
    Control(#[source] io::Error),
    /// The TLS key cannot be used.
    #[error("the TLS key cannot be used")]
    Tls,
    /// What was cosigned is not known.
    #[error(transparent)]
    Witness(#[from] WitnessRefused),
}

/// The usual causes in our words, the others in the system's.
#[expect(clippy::wildcard_enum_match_arm, reason = "only a few of the many kinds have words of their own")]
fn words(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::AddrInUse => "the port is in use".to_owned(),
        io::ErrorKind::AddrNotAvailable => "it is not an address of this machine".to_owned(),
        io::ErrorKind::PermissionDenied => "this account may not use the port".to_owned(),
        other => other.to_string(),
    }
}

impl RelayError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Lock(error) => error.remedy().to_owned(),
            Self::Keys(error) => error.remedy(),
            Self::RootMissing { .. } => {
                "get it from the authority (`safeconduct-admin export-root`) and put it where `root` points".to_owned()
            }
            Self::Root { reason, .. } => reason.remedy().to_owned(),
            Self::Open(error) => error.remedy().to_owned(),
            Self::StoreFailed { .. } => {
                "check the disk (`dmesg`), then start the relay again; all that was acknowledged is on the disk"
                    .to_owned()
            }
            Self::Store(error) => error.remedy().to_owned(),
            Self::Feed(error) => error.remedy().to_owned(),
            Self::Thread(_) => "raise the limit of processes for the relay's account".to_owned(),
            Self::Listen { .. } => "stop what uses it, or choose another `listen` in the configuration".to_owned(),
            Self::Local { .. } => "stop what uses it, or choose another `local_listen` in the configuration".to_owned(),
            Self::Control(_) => {
                "make the data directory writable, and its path shorter than a hundred characters".to_owned()
            }
            Self::Tls => "restore tls.key from the backup".to_owned(),
            Self::Witness(error) => error.remedy().to_owned(),
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Lock(LockError::Taken(_)) => "data-in-use",
            Self::Lock(LockError::Missing(_)) => "data-missing",
            Self::Lock(LockError::ReadOnly { .. }) => "data-read-only",
            Self::Keys(_) => "keys",
            Self::RootMissing { .. } => "root-missing",
            Self::Root { .. } => "root-refused",
            Self::Open(_) | Self::Store(_) => "store-open",
            Self::StoreFailed { .. } => "store-failed",
            Self::Feed(_) => "registry",
            Self::Thread(_) => "thread",
            Self::Listen { .. } => "listen",
            Self::Local { .. } => "local-listen",
            Self::Control(_) => "control",
            Self::Tls => "tls-key",
            Self::Witness(_) => "witness",
        }
    }

    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        if matches!(self, Self::Feed(FeedError::Replay(_) | FeedError::Head(_))) {
            return Exit::Tampering;
        }
        Exit::NotReady
    }
}

/// A relay that runs.
pub struct Relay {
    bare: Bare,
    endpoint: Endpoint,
    address: SocketAddr,
    local_address: SocketAddr,
}

impl Relay {
    /// Starts a relay. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// Any [`RelayError`]; nothing runs then.
    ///
    /// # Cancel safety
    /// A dropped future leaves nothing running but the store's idle threads, which end by themselves.
    pub async fn start(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, RelayError> {
        let bare = Bare::open(config, clock, Arc::new(SystemDisk), &Workers::Threads)?;
        let local = TcpListener::bind(config.local_listen)
            .await
            .map_err(|error| RelayError::Local { address: config.local_listen, kind: error.kind() })?;
        let local_address = local.local_addr().unwrap_or(config.local_listen);
        let known = Arc::clone(&bare.shared.feed);
        let endpoint = link::listen(config.listen, &bare.tls, known).map_err(|error| {
            let LinkError::Listen(kind) = error else { return RelayError::Tls };
            RelayError::Listen { address: config.listen, kind }
        })?;
        let address = endpoint.local_addr().unwrap_or(config.listen);
        let control = control::listen(&config.data).map_err(RelayError::Control)?;
        let (shared, tasks) = (Arc::clone(&bare.shared), &bare.tasks);
        tasks.spawn(listen::accept(Arc::clone(&shared), config.admission, endpoint.clone(), tasks.clone()));
        tasks.spawn(local::serve(Arc::clone(&shared), local));
        tasks.spawn(control::serve(shared, bare.checker.clone(), config.data.clone(), control));
        bare.begin();
        info!(event = "relay-started", %address, local = %local_address, "the relay listens");
        Ok(Self { bare, endpoint, address, local_address })
    }

    /// The UDP address that nodes connect to.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The TCP address of `/metrics` and `/health`.
    #[must_use]
    pub const fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// Runs until `stop` is cancelled or the store fails, then ends everything in order: no new connections, a goodbye
    /// to each, what is queued onto the disk, the store closed.
    ///
    /// # Errors
    /// [`RelayError::StoreFailed`].
    ///
    /// # Cancel safety
    /// None: dropped, it leaves connections to their time-outs.
    pub async fn run(self, stop: CancellationToken) -> Result<(), RelayError> {
        let failed = self.bare.shared.committer.failed().clone();
        tokio::select! {
            () = stop.cancelled() => info!(event = "relay-stopping", "the relay ends"),
            () = failed.cancelled() => {}
        }
        self.endpoint.set_server_config(None);
        self.bare.stop();
        let deadline = Duration::from_secs(SHUTDOWN_S);
        if timeout(deadline, self.bare.tasks.wait()).await.is_err() {
            warn!(event = "relay-stopped-late", "some connections did not end in time");
        }
        self.endpoint.close(0_u32.into(), b"");
        timeout(deadline, self.endpoint.wait_idle()).await.ok();
        timeout(deadline, self.bare.shared.committer.close()).await.ok();
        match self.bare.shared.committer.cause() {
            None => {
                info!(event = "relay-stopped", "the store is closed");
                Ok(())
            }
            Some(cause) => {
                suspicion::leave(&self.bare.data);
                Err(RelayError::StoreFailed { cause: cause.to_string() })
            }
        }
    }
}

/// Reads the authority's root file.
///
/// # Errors
/// [`RelayError::RootMissing`], [`RelayError::Root`].
pub fn read_root(path: &Path) -> Result<RootFile, RelayError> {
    let missing = |source| RelayError::RootMissing { path: path.to_owned(), source };
    let length = fs::metadata(path).map_err(missing)?.len();
    let refused = |reason| RelayError::Root { path: path.to_owned(), reason };
    if length > u64::try_from(ROOT_BYTES_MAX).unwrap_or(u64::MAX) {
        return Err(refused(RootRefused::Malformed));
    }
    RootFile::parse(&fs::read(path).map_err(missing)?).map_err(refused)
}
