//! Streams beside the session's, on the same connection: each carries one transfer (`docs/PROTOCOL.md` §5).
//!
//! The accepting end lets none be opened before it says so ([`Transfers::admit`]); what they cost is taken when one is opened.

use std::time::Duration;

use quinn::{Connection, ReadExactError, RecvStream, SendStream, VarInt};
use safeconduct_protocol::{
    blob::BlobFrame,
    frame::LENGTH_PREFIX_BYTES,
    limits::{REQUEST_S, TRANSFERS_MAX},
};
use tokio::time::timeout;

use super::{
    LinkError,
    endpoint::{RELAY_WINDOW_BYTES, from_connection},
};

/// Time for a stream to be had, and for each frame on it. A relay of before never lets one be opened.
const PATIENCE: Duration = Duration::from_secs(REQUEST_S);
/// What waits on the session's stream goes first.
const PRIORITY: i32 = -1;
/// The code with which a transfer's stream is given up.
const GIVEN_UP: VarInt = VarInt::from_u32(1);

/// Why a transfer did not go on. The session is not touched by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The other end lets no stream be opened: too many are open, or it is a relay of before.
    #[error("the relay takes no documents now, or is too old for them")]
    NoStream,
    /// Nothing came, or nothing could be sent, for half a minute.
    #[error("the transfer stood still")]
    Silent,
    /// The other end has closed the stream before its last word.
    #[error("the transfer was cut")]
    Cut,
    /// What came is not a frame of a transfer.
    #[error("the other end sent what is not a frame of a transfer")]
    NotAFrame,
    /// The connection is gone.
    #[error(transparent)]
    Link(LinkError),
}

/// A handle for the transfers of one connection; cheap, and it opens and allocates nothing by itself.
#[derive(Clone)]
pub struct Transfers(Option<Connection>);

impl Transfers {
    pub(super) const fn of(connection: Connection) -> Self {
        Self(Some(connection))
    }

    /// Of a connection on which there are none.
    pub(super) const fn none() -> Self {
        Self(None)
    }

    /// The accepting end: the other end has shown who it is, and may have more under way.
    pub fn widen(&self) {
        if let Some(connection) = &self.0 {
            connection.set_receive_window(VarInt::from_u32(RELAY_WINDOW_BYTES));
        }
    }

    /// The accepting end: from now on the other end may have [`TRANSFERS_MAX`] streams open beside the session's.
    pub fn admit(&self) {
        if let Some(connection) = &self.0 {
            connection.set_max_concurrent_bi_streams(VarInt::from_u32(TRANSFERS_MAX.saturating_add(1)));
        }
    }

    /// The accepting end: waits for the next transfer that the other end opens.
    ///
    /// # Errors
    /// [`TransferError::Link`], [`TransferError::NoStream`]: there will be none.
    ///
    /// # Cancel safety
    /// Safe: a dropped future has taken nothing.
    pub async fn accept(&self) -> Result<Transfer, TransferError> {
        let Some(connection) = &self.0 else { return Err(TransferError::NoStream) };
        let (sender, receiver) =
            connection.accept_bi().await.map_err(|error| TransferError::Link(from_connection(&error)))?;
        Ok(Transfer::new(sender, receiver))
    }

    /// The dialling end: opens a stream for one transfer; waits 30 s at most until the other end lets it.
    ///
    /// # Errors
    /// [`TransferError::NoStream`], [`TransferError::Link`].
    ///
    /// # Cancel safety
    /// Safe: a dropped future has opened nothing.
    pub async fn open(&self) -> Result<Transfer, TransferError> {
        let connection = self.0.as_ref().ok_or(TransferError::NoStream)?;
        let opened = timeout(PATIENCE, connection.open_bi()).await.map_err(|_elapsed| TransferError::NoStream)?;
        let (sender, receiver) = opened.map_err(|error| TransferError::Link(from_connection(&error)))?;
        Ok(Transfer::new(sender, receiver))
    }
}

/// The stream of one transfer. Dropped before it is finished, it is given up: the other end sees that, and the session goes on.
pub struct Transfer {
    sender: SendStream,
    receiver: RecvStream,
    is_finished: bool,
}

impl Transfer {
    fn new(sender: SendStream, receiver: RecvStream) -> Self {
        // Fails on a stream that is gone, which the first frame says too.
        sender.set_priority(PRIORITY).ok();
        Self { sender, receiver, is_finished: false }
    }

    /// Sends one frame, within 30 s.
    ///
    /// # Errors
    /// Any [`TransferError`] but [`TransferError::NoStream`].
    ///
    /// # Cancel safety
    /// None: a dropped future may leave half a frame; drop the transfer then.
    pub async fn send(&mut self, frame: &BlobFrame) -> Result<(), TransferError> {
        let wire = frame.to_wire().map_err(|_long| TransferError::NotAFrame)?;
        let written =
            timeout(PATIENCE, self.sender.write_all(&wire)).await.map_err(|_elapsed| TransferError::Silent)?;
        written.map_err(|_gone| TransferError::Cut)
    }

    /// Waits for the next frame, 30 s at most.
    ///
    /// # Errors
    /// Any [`TransferError`] but [`TransferError::NoStream`].
    ///
    /// # Cancel safety
    /// None: a dropped future may have taken half a frame; drop the transfer then.
    pub async fn receive(&mut self) -> Result<BlobFrame, TransferError> {
        let mut prefix = [0; LENGTH_PREFIX_BYTES];
        self.fill(&mut prefix).await?;
        let length = BlobFrame::body_length(prefix).map_err(|_not| TransferError::NotAFrame)?;
        let mut body = vec![0; length];
        self.fill(&mut body).await?;
        BlobFrame::from_body(&body).map_err(|_not| TransferError::NotAFrame)
    }

    async fn fill(&mut self, bytes: &mut [u8]) -> Result<(), TransferError> {
        let read =
            timeout(PATIENCE, self.receiver.read_exact(bytes)).await.map_err(|_elapsed| TransferError::Silent)?;
        read.map_err(|error| match error {
            ReadExactError::ReadError(quinn::ReadError::ConnectionLost(error)) => {
                TransferError::Link(from_connection(&error))
            }
            ReadExactError::ReadError(_) | ReadExactError::FinishedEarly(_) => TransferError::Cut,
        })
    }

    /// Ends this direction and waits, 2 s at most, until the other end has everything.
    ///
    /// # Cancel safety
    /// May be dropped; the last frames may then be lost.
    pub async fn finish(mut self) {
        self.is_finished = true;
        if self.sender.finish().is_ok() {
            drop(timeout(Duration::from_secs(2), self.sender.stopped()).await);
        }
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        if !self.is_finished {
            // Else what was written so far would look like all that was to be said.
            self.sender.reset(GIVEN_UP).ok();
        }
    }
}
