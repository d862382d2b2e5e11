//! What all sessions of a relay share.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use safeconduct_protocol::{
    crypto::sign::SigningKey,
    time::{Clock, HOUR_S, Timestamp},
};
use tokio::sync::{Mutex, RwLock};
use tokio_util::sync::CancellationToken;

use crate::{
    blobs::Blobs,
    feed::Feed,
    live::Live,
    prekeys::PrekeyDesk,
    quota::SubmitQuota,
    store::{Ages, StoreError, Usage, committer::Committer, reader::Reader},
    underway::Underway,
    witness::Witness,
};

pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) receipt_key: SigningKey,
    pub(crate) witness: Witness,
    pub(crate) feed: Arc<Feed>,
    pub(crate) committer: Committer,
    pub(crate) reader: Reader,
    pub(crate) live: Live,
    pub(crate) submits: SubmitQuota,
    /// How often a node may ask for a change.
    pub(crate) changes: SubmitQuota,
    pub(crate) prekeys: PrekeyDesk,
    /// The clock is far ahead of the last sweep, and nobody has signed that it is right: nothing expires.
    pub(crate) clock_doubted: AtomicBool,
    /// Publications of which pieces are still to come.
    pub(crate) underway: Arc<Underway>,
    /// Held by who judges by a node's identity key what he stores; taken alone while keys change.
    pub(crate) keys: RwLock<()>,
    /// Taken while a publication is replayed and made durable.
    pub(crate) publishing: Mutex<()>,
    pub(crate) blobs: Blobs,
    /// How long a frame may take from its first byte to its last.
    pub(crate) frame_within: Duration,
    /// Nothing is taken in; what is held is delivered.
    pub(crate) maintenance: AtomicBool,
    /// Cancelled when the relay is to end.
    pub(crate) stop: CancellationToken,
}

impl Shared {
    /// What is held, and for how long it has waited by now.
    pub(crate) async fn held(&self) -> Result<(Usage, Ages), StoreError> {
        let now = self.clock.now();
        self.reader.ask(move |view| Ok((view.usage()?, view.ages(hour_of(now), now.day())?))).await
    }
}

/// Hours since 1970.
pub(crate) fn hour_of(time: Timestamp) -> u32 {
    u32::try_from(time.0 / HOUR_S).unwrap_or(u32::MAX)
}
