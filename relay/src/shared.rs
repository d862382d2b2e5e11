//! What all sessions of a relay share.

use std::sync::{Arc, atomic::AtomicBool};

use safeconduct_protocol::{crypto::sign::SigningKey, time::Clock};
use tokio_util::sync::CancellationToken;

use crate::{
    feed::Feed,
    live::Live,
    prekeys::PrekeyDesk,
    quota::SubmitQuota,
    store::{committer::Committer, reader::Reader},
};

pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) receipt_key: SigningKey,
    pub(crate) feed: Arc<Feed>,
    pub(crate) committer: Committer,
    pub(crate) reader: Reader,
    pub(crate) live: Live,
    pub(crate) submits: SubmitQuota,
    pub(crate) prekeys: PrekeyDesk,
    /// The clock is far ahead of the last sweep, and nobody has signed that it is right: nothing expires.
    pub(crate) clock_doubted: AtomicBool,
    /// Nothing is taken in; what is held is delivered.
    pub(crate) maintenance: AtomicBool,
    /// Cancelled when the relay is to end.
    pub(crate) stop: CancellationToken,
}
