//! Documents on their way: each on a stream of its own beside the session, in a task of its own. One is put and one fetched at once, so
//! that with what is under way on both streams half of the connection's window is left to referrals; and while messages are under way
//! none begins, for some seconds at least. What ends with the session goes on in the next one where it was.

use std::{collections::BTreeMap, future, path::PathBuf, sync::Arc};

use safeconduct_certs::link::{TransferError, Transfers};
use safeconduct_protocol::{
    blob::{BlobFrame, BlobRefusal},
    document::{shape::Shape, stream::Chunks},
    limits::EXPIRY_DAYS_MAX,
    session::blob::{NodeTransfer, Over, Step, TransferBroken, chunk_frame},
    time::Clock,
};
use tokio::task::JoinSet;

use crate::{
    daemon::Core,
    documents::{
        self, DocumentError, Handle, State,
        due::{Due, Job},
        part::Part,
    },
    error::Told,
    log::event,
    registry::RelayRef,
};

/// Looks that go by while messages are under way.
const YIELDED_MAX: u32 = 10;
/// Documents that are looked at: more than can be under way, so that one that cannot go on holds up none.
const LOOKED_AT: u32 = 8;
/// Chunks between two notes of how far it is: 4 MiB.
const NOTED_CHUNKS: u32 = 64;
/// A day less than a relay keeps a document at most: its clock may be behind.
const KEPT_DAYS: u32 = EXPIRY_DAYS_MAX - 1;

/// The transfers of one session.
pub(super) struct Carrier {
    way: Transfers,
    core: Core,
    clock: Arc<dyn Clock>,
    away: Option<RelayRef>,
    running: JoinSet<Handle>,
    under_way: BTreeMap<Handle, Job>,
    yielded: u32,
}

impl Carrier {
    pub(super) fn new(way: Transfers, core: Core, clock: Arc<dyn Clock>, away: Option<RelayRef>) -> Self {
        Self { way, core, clock, away, running: JoinSet::new(), under_way: BTreeMap::new(), yielded: 0 }
    }

    /// Waits until one is over. Cancel safe.
    pub(super) async fn ended(&mut self) {
        match self.running.join_next().await {
            Some(Ok(handle)) => drop(self.under_way.remove(&handle)),
            // A task that panicked: what it was at is due again in the next session.
            Some(Err(_)) => {}
            None => future::pending().await,
        }
    }

    /// Begins what is due and has a place.
    pub(super) async fn look(&mut self, messages_under_way: bool) -> Result<(), Told> {
        if self.under_way.len() > 1 {
            return Ok(());
        }
        if messages_under_way && self.yielded < YIELDED_MAX {
            self.yielded = self.yielded.saturating_add(1);
            return Ok(());
        }
        self.yielded = 0;
        let away = self.away;
        let look = move |node: &mut crate::daemon::Node| Ok((node.documents_due(away, LOOKED_AT)?, node.data_folder()));
        let (due, data) = self.core.call(look).await?;
        for due in due {
            let is_put = due.job == Job::Put;
            let is_taken = self.under_way.values().any(|job| (*job == Job::Put) == is_put);
            if is_taken || self.under_way.contains_key(&due.handle) {
                continue;
            }
            self.under_way.insert(due.handle, due.job);
            let carrying = Carrying {
                way: self.way.clone(),
                core: self.core.clone(),
                clock: Arc::clone(&self.clock),
                data: data.clone(),
                due,
                noted: 0,
            };
            self.running.spawn(carrying.run());
        }
        Ok(())
    }
}

/// How a transfer ended that the relay has not answered to its end.
enum Failed {
    Link(TransferError),
    Broken,
    Document(DocumentError),
    Vault,
}

impl From<TransferError> for Failed {
    fn from(error: TransferError) -> Self {
        Self::Link(error)
    }
}

impl From<TransferBroken> for Failed {
    fn from(_broken: TransferBroken) -> Self {
        Self::Broken
    }
}

impl From<DocumentError> for Failed {
    fn from(error: DocumentError) -> Self {
        Self::Document(error)
    }
}

impl From<Told> for Failed {
    fn from(_told: Told) -> Self {
        Self::Vault
    }
}

impl Failed {
    const fn code(&self) -> &'static str {
        match self {
            Self::Link(TransferError::NoStream) => "relay-without-documents",
            Self::Link(TransferError::Silent) => "relay-silent",
            Self::Link(TransferError::NotAFrame) | Self::Broken => "protocol-error",
            Self::Link(TransferError::Cut | TransferError::Link(_) | _) => "connection-lost",
            Self::Document(error) => error.code(),
            Self::Vault => "vault",
        }
    }
}

/// Does something to a file on a thread that may wait. When the caller is dropped it is still done to its end.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DocumentError> + Send + 'static,
) -> Result<T, DocumentError> {
    let ended = |_ended| DocumentError::File(std::io::ErrorKind::Interrupted);
    tokio::task::spawn_blocking(work).await.map_err(ended)?
}

/// One transfer.
struct Carrying {
    way: Transfers,
    core: Core,
    clock: Arc<dyn Clock>,
    data: PathBuf,
    due: Due,
    /// Chunks that were noted last.
    noted: u32,
}

impl Carrying {
    async fn run(mut self) -> Handle {
        let (handle, job) = (self.due.handle, self.due.job);
        let done = match job {
            Job::Put => self.put().await,
            Job::Fetch => self.fetch().await,
            Job::Discard => self.discard().await,
        };
        let (state, code) = match done {
            Ok(Ok(state)) => (Some(state), "done"),
            Ok(Err((reason, retry_after_s))) => {
                self.put_off(Ok((reason, retry_after_s))).await;
                (None, "refused")
            }
            Err(failed) => self.failed(&failed).await,
        };
        if let Some(state) = state {
            // What cannot be noted now is found again: the relay answers the same.
            self.core.call(move |node| node.document_settled(handle, state)).await.ok();
        }
        tracing::info!(event = event::DOCUMENT, job = ?job, code);
        handle
    }

    /// What becomes of it after a transfer that failed.
    async fn failed(&self, failed: &Failed) -> (Option<Option<State>>, &'static str) {
        let state = match failed {
            Failed::Document(DocumentError::Broken) => Some(Some(State::Broken)),
            // The file that was to be put is not there.
            Failed::Document(DocumentError::NotHere) => Some(Some(State::Failed)),
            Failed::Link(_) | Failed::Broken | Failed::Document(_) | Failed::Vault => None,
        };
        if state.is_none() {
            self.put_off(Err(failed.code())).await;
        }
        (state, failed.code())
    }

    async fn put_off(&self, why: Result<(BlobRefusal, u32), &'static str>) {
        let (handle, job) = (self.due.handle, self.due.job);
        self.core.call(move |node| node.document_put_off(handle, job, why)).await.ok();
    }

    fn shape(&self) -> Result<Shape, DocumentError> {
        Shape::of(self.due.opening.length).ok_or(DocumentError::Broken)
    }

    /// Notes now and then how far it is.
    async fn note(&mut self, have: u32) -> Result<(), Told> {
        if have.abs_diff(self.noted) < NOTED_CHUNKS {
            return Ok(());
        }
        self.noted = have;
        let handle = self.due.handle;
        self.core.call(move |node| node.document_progress(handle, have)).await
    }

    async fn put(&mut self) -> Outcome {
        let (data, name, shape) = (self.data.clone(), self.due.opening.file.clone(), self.shape()?);
        let part = Arc::new(blocking(move || Part::open(&data, &name, shape)).await?);
        let expiry = self.clock.now().day().after(KEPT_DAYS);
        let (machine, first) =
            NodeTransfer::put(self.due.secret.id(), part.shape(), *self.due.opening.cipher(), expiry);
        match self.drive(machine, first, &Files { part, chunks: None }).await? {
            Over::Stored => Ok(Ok(Some(State::Stored))),
            Over::Refused(reason, retry_after_s) => Ok(Err((reason, retry_after_s))),
            Over::Ended => Err(Failed::Broken),
        }
    }

    async fn fetch(&mut self) -> Outcome {
        let (data, name, shape) = (self.data.clone(), self.due.opening.file.clone(), self.shape()?);
        let begun = blocking(move || {
            let part = Part::begin(&data, &name, shape)?;
            Ok((part.have()?, part))
        });
        let (have, part) = begun.await?;
        let part = Arc::new(part);
        let (machine, first) = NodeTransfer::get(&self.due.secret, part.shape(), have);
        let chunks = Some(Arc::new(self.due.opening.chunks(shape)));
        let over = self.drive(machine, first, &Files { part: Arc::clone(&part), chunks }).await;
        match over {
            Ok(Over::Ended) => {}
            Ok(Over::Refused(reason, retry_after_s)) => return Ok(Err((reason, retry_after_s))),
            Ok(Over::Stored) => return Err(Failed::Broken),
            Err(Failed::Document(DocumentError::Broken)) => return self.broken(have).await,
            Err(failed) => return Err(failed),
        }
        if blocking(move || part.settle()).await? == *self.due.opening.cipher() {
            Ok(Ok(Some(State::Held)))
        } else {
            self.broken(have).await
        }
    }

    /// What came is not what was promised: nothing of it stays. Where some of it was here before, that may be what a power cut left,
    /// and all of it is fetched once more.
    async fn broken(&self, had: u32) -> Outcome {
        let (data, name) = (self.data.clone(), self.due.opening.file.clone());
        blocking(move || documents::remove(&data, &name)).await?;
        if had > 0 { Err(Failed::Document(DocumentError::Changed)) } else { Err(DocumentError::Broken.into()) }
    }

    async fn discard(&mut self) -> Outcome {
        let (machine, first) = NodeTransfer::drop_blob(&self.due.secret);
        let mut transfer = self.way.open().await?;
        transfer.send(&first).await?;
        let mut machine = machine;
        match machine.on(transfer.receive().await?)?.pop() {
            Some(Step::Over(Over::Ended)) => {
                transfer.finish().await;
                Ok(Ok(None))
            }
            Some(Step::Over(Over::Refused(reason, retry_after_s))) => Ok(Err((reason, retry_after_s))),
            _ => Err(Failed::Broken),
        }
    }

    /// Runs one transfer's machine to its end.
    async fn drive(&mut self, mut machine: NodeTransfer, first: BlobFrame, files: &Files) -> Result<Over, Failed> {
        let mut transfer = self.way.open().await?;
        transfer.send(&first).await?;
        loop {
            let frame = transfer.receive().await?;
            if let BlobFrame::Ready { have } = &frame {
                self.note(*have).await?;
            }
            for step in machine.on(frame)? {
                match step {
                    Step::Give(index) => transfer.send(&chunk_frame(index, files.read(index).await?)).await?,
                    Step::Take(index, bytes) => {
                        files.write(index, bytes).await?;
                        transfer.send(&machine.taken()?).await?;
                        self.note(index).await?;
                    }
                    Step::Over(over) => {
                        transfer.finish().await;
                        return Ok(over);
                    }
                    Step::Send(_) | Step::Asked(_) | Step::Whole => return Err(Failed::Broken),
                }
            }
        }
    }
}

/// What a transfer gave: the state after it, none for one that the relay keeps no more; or a refusal.
type Outcome = Result<Result<Option<State>, (BlobRefusal, u32)>, Failed>;

/// The sealed file of a transfer, and what opens its chunks when they come.
struct Files {
    part: Arc<Part>,
    chunks: Option<Arc<Chunks>>,
}

impl Files {
    async fn read(&self, index: u32) -> Result<Vec<u8>, DocumentError> {
        let part = Arc::clone(&self.part);
        blocking(move || part.read(index)).await
    }

    /// Checks that the chunk opens, and writes it as it came.
    async fn write(&self, index: u32, bytes: Vec<u8>) -> Result<(), DocumentError> {
        let (part, chunks) = (Arc::clone(&self.part), self.chunks.clone());
        blocking(move || {
            let chunks = chunks.ok_or(DocumentError::Broken)?;
            chunks.open(index, &bytes).map_err(|_refused| DocumentError::Broken)?;
            part.write(index, &bytes)
        })
        .await
    }
}
