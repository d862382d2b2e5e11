//! Sealed documents (`docs/PROTOCOL.md` §5): one transfer on its own stream, from its first frame to its last. What is done wrong on it
//! ends it, and nothing else.

mod fetch;
mod put;
mod quota;

use std::{
    collections::{BTreeSet, VecDeque},
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use safeconduct_certs::link::{Transfer, TransferError};
use safeconduct_protocol::{
    blob::BlobRefusal,
    id::{BlobId, NodeId},
    session::blob::{Asked, Over, RelayTransfer, Step, TransferBroken, chunk_frame},
};
use tokio::sync::Semaphore;
use tracing::{debug, warn};

use self::{put::Writing, quota::BlobQuota};
use crate::{
    config::Blobs as Bounds,
    limits::{BLOB_PAGE, TRANSFERS_MAX},
    metrics,
    shared::Shared,
    store::{
        Change, StoreError,
        blobs::{BlobFile, BlobFiles, CheckedBlobs},
        committer::Source,
        disk::SystemDisk,
    },
};

/// A relay that is busy, full or failing may not be in a while.
const RETRY_S: u32 = 60;

/// What all transfers of a relay share.
pub(crate) struct Blobs {
    pub(crate) files: BlobFiles,
    bounds: Bounds,
    quota: BlobQuota,
    places: Semaphore,
    /// Those that are being put.
    putting: Arc<Mutex<BTreeSet<BlobId>>>,
}

impl Blobs {
    pub(crate) fn new(data: &Path, bounds: Bounds) -> Self {
        Self {
            files: BlobFiles::new(Arc::new(SystemDisk), data),
            bounds,
            quota: BlobQuota::new(bounds.bytes_per_day),
            places: Semaphore::new(TRANSFERS_MAX),
            putting: Arc::default(),
        }
    }

    /// Streams that are being served.
    pub(crate) fn transferring(&self) -> usize {
        TRANSFERS_MAX.saturating_sub(self.places.available_permits())
    }

    /// The only one that writes this blob, until it is dropped.
    fn claim(&self, id: BlobId) -> Option<Claim> {
        let is_free = self.putting.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        is_free.then(|| Claim { id, putting: Arc::clone(&self.putting) })
    }
}

/// See [`Blobs::claim`].
struct Claim {
    id: BlobId,
    putting: Arc<Mutex<BTreeSet<BlobId>>>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.putting.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// Why a relay says no, and when it may say yes.
type Refused = (BlobRefusal, u32);

/// What a failed call of the operating system means to a node.
fn refusal_of(error: &io::Error) -> Refused {
    let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    (if is_full { BlobRefusal::Full } else { BlobRefusal::StorageFailed }, RETRY_S)
}

/// Does something to a file on a thread that may wait. When the caller is dropped it is still done to its end, with all that it owns.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_ended| io::Error::from(io::ErrorKind::Interrupted))?
}

/// Why a transfer ended without an answer.
enum Ended {
    Link(TransferError),
    Broken(TransferBroken),
}

impl From<TransferError> for Ended {
    fn from(error: TransferError) -> Self {
        Self::Link(error)
    }
}

impl From<TransferBroken> for Ended {
    fn from(broken: TransferBroken) -> Self {
        Self::Broken(broken)
    }
}

/// What is open on the disk for a transfer.
enum Open {
    Nothing,
    Writing(Box<Writing>),
    Reading(Arc<BlobFile>),
}

/// Serves one transfer of a node to its end.
pub(crate) async fn serve(shared: Arc<Shared>, node: NodeId, transfer: Transfer) {
    let machine = RelayTransfer::default();
    match (Serving { shared, node, transfer, machine, open: Open::Nothing, kind: "none" }).run().await {
        Ok((Over::Refused(reason, _), _)) => {
            metrics::blob_refused(name(reason));
            debug!(event = "blob-refused", node = %node.short(), reason = name(reason));
        }
        Ok((Over::Stored | Over::Ended, kind)) => metrics::blob_transferred(kind),
        Err(Ended::Broken(TransferBroken(how))) => debug!(event = "transfer-broken", node = %node.short(), how),
        Err(Ended::Link(error)) => debug!(event = "transfer-cut", node = %node.short(), "{error}"),
    }
}

struct Serving {
    shared: Arc<Shared>,
    node: NodeId,
    transfer: Transfer,
    machine: RelayTransfer,
    open: Open,
    /// What it is, for the operator.
    kind: &'static str,
}

impl Serving {
    async fn run(mut self) -> Result<(Over, &'static str), Ended> {
        let shared = Arc::clone(&self.shared);
        // More than enough wait on their first frame elsewhere: this one says at once that there is no room.
        let place = shared.blobs.places.try_acquire();
        let mut steps = VecDeque::new();
        if place.is_err() {
            self.transfer.receive().await?;
            steps.extend(self.machine.refuse(BlobRefusal::Busy, RETRY_S));
        }
        loop {
            while let Some(step) = steps.pop_front() {
                match step {
                    Step::Over(over) => {
                        self.transfer.finish().await;
                        return Ok((over, self.kind));
                    }
                    Step::Send(frame) => self.transfer.send(&frame).await?,
                    step @ (Step::Asked(_) | Step::Take(..) | Step::Whole | Step::Give(_)) => {
                        steps.extend(self.act(step).await?);
                    }
                }
            }
            let frame = self.transfer.receive().await?;
            steps.extend(self.machine.on(frame)?);
        }
    }

    /// Carries out a step that is about the disk.
    async fn act(&mut self, step: Step) -> Result<Vec<Step>, Ended> {
        if let Step::Asked(asked) = &step {
            self.kind = kind_of(asked);
        }
        let done = match step {
            Step::Asked(Asked::Put { blob, shape, sha256, expiry }) => {
                let begun = put::begin(&self.shared, self.node, blob, shape, sha256, expiry).await;
                begun.map(|begun| match begun {
                    put::Begun::Held => self.machine.stored(),
                    put::Begun::Writing(writing) => {
                        let have = writing.have();
                        self.open = Open::Writing(writing);
                        self.machine.ready(have)
                    }
                })
            }
            Step::Take(index, bytes) => match self.writing()?.take(index, bytes).await {
                Ok(writing) => {
                    self.open = Open::Writing(writing);
                    Ok(self.machine.taken())
                }
                Err(refused) => Err(refused),
            },
            Step::Whole => self.writing()?.finish(&self.shared).await.map(|()| self.machine.stored()),
            Step::Asked(Asked::Get(blob)) => fetch::open(&self.shared, blob).await.map(|file| {
                let shape = file.shape();
                self.open = Open::Reading(file);
                self.machine.found(shape)
            }),
            Step::Asked(Asked::Drop(blob)) => {
                fetch::drop_blob(&self.shared, blob).await.map(|()| self.machine.dropped())
            }
            Step::Give(index) => return self.give(index).await,
            Step::Send(_) | Step::Over(_) => Ok(Vec::new()),
        };
        Ok(done.unwrap_or_else(|(reason, retry_after_s)| self.machine.refuse(reason, retry_after_s)))
    }

    fn writing(&mut self) -> Result<Box<Writing>, Ended> {
        match core::mem::replace(&mut self.open, Open::Nothing) {
            Open::Writing(writing) => Ok(writing),
            Open::Nothing | Open::Reading(_) => Err(Ended::Broken(TransferBroken("nothing is being put"))),
        }
    }

    async fn give(&mut self, index: u32) -> Result<Vec<Step>, Ended> {
        let Open::Reading(file) = &self.open else { return Err(TransferBroken("nothing is being fetched").into()) };
        let file = Arc::clone(file);
        match blocking(move || file.read(index)).await {
            Ok(chunk) => {
                self.transfer.send(&chunk_frame(index, chunk)).await?;
                Ok(Vec::new())
            }
            Err(error) => {
                metrics::damaged();
                warn!(event = "blob-unreadable", "a sealed document cannot be read: {}", error.kind());
                Ok(self.machine.refuse(BlobRefusal::StorageFailed, RETRY_S))
            }
        }
    }
}

/// Forgets the blobs whose day is past; and once, at start, the files that a crash left.
pub(crate) async fn sweep(shared: &Shared) -> u64 {
    let mut gone = 0_u64;
    loop {
        let today = shared.clock.now().day();
        let Ok(page) = shared.reader.ask(move |view| view.blobs_expired(today, BLOB_PAGE)).await else { return gone };
        if page.is_empty() || shared.stop.is_cancelled() {
            return gone;
        }
        for blob in page {
            // One that is being put past its day is left to its end.
            let Some(_claim) = shared.blobs.claim(blob.id) else { return gone };
            if forget(shared, blob.id).await.is_err() {
                return gone;
            }
            gone = gone.saturating_add(1);
        }
    }
}

/// Reads everything that is held and compares it, beside the service.
pub(crate) async fn check(shared: &Shared) -> Result<CheckedBlobs, StoreError> {
    let mut checked = CheckedBlobs::default();
    let mut after = BlobId::from_bytes([0; 16]);
    loop {
        let page = shared.reader.ask(move |view| view.blobs_above(after, BLOB_PAGE)).await?;
        let Some(last) = page.last() else { return Ok(checked) };
        after = last.id;
        let files = shared.blobs.files.clone();
        let looked = blocking(move || Ok((files.damaged(&page), page))).await;
        let (damaged, page) = looked.map_err(|source| StoreError::Io { source })?;
        let mut still = Vec::new();
        for id in damaged {
            // One that was fetched and dropped meanwhile is no damage.
            if shared.reader.ask(move |view| view.blob(id)).await?.is_some() {
                still.push(id);
            }
        }
        checked.count(&page, still);
    }
}

/// Forgets a blob: first the desk, then its file. A crash in between leaves a file that nobody knows, which goes at the next start.
async fn forget(shared: &Shared, id: BlobId) -> Result<(), Refused> {
    let failed = (BlobRefusal::StorageFailed, RETRY_S);
    shared.committer.one(Source::RELAY, Change::BlobDrop { id }).await.map_err(|_failed| failed)?;
    let files = shared.blobs.files.clone();
    blocking(move || files.remove(id)).await.map_err(|error| refusal_of(&error))
}

/// What is asked, for the operator.
const fn kind_of(asked: &Asked) -> &'static str {
    match asked {
        Asked::Put { .. } => "put",
        Asked::Get(_) => "get",
        Asked::Drop(_) => "drop",
    }
}

/// A refusal's name, for the operator.
const fn name(reason: BlobRefusal) -> &'static str {
    match reason {
        BlobRefusal::Unknown => "unknown",
        BlobRefusal::Length => "length",
        BlobRefusal::Quota => "quota",
        BlobRefusal::Full => "full",
        BlobRefusal::Hash => "hash",
        BlobRefusal::Expiry => "expiry",
        BlobRefusal::Conflict => "conflict",
        BlobRefusal::Busy => "busy",
        BlobRefusal::Maintenance => "maintenance",
        BlobRefusal::StorageFailed => "storage-failed",
        _ => "other",
    }
}
