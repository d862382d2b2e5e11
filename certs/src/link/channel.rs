//! Frames over one bidirectional QUIC stream, or over a [`Pipe`].

use std::{future, pin::Pin, sync::Arc, time::Duration};

use quinn::{Connection, ReadError, RecvStream, SendStream};
use safeconduct_protocol::{
    frame::{Frame, Goodbye, LENGTH_PREFIX_BYTES},
    limits::FRAME_BYTES_MAX,
};
use tokio::time::{Sleep, sleep};

use super::{
    LinkError,
    endpoint::{alpn_of, code_of, from_connection, peer_of},
    pipe::Pipe,
    tls::Alpn,
    transfer::Transfers,
};

/// Bytes taken from the stream at once.
const READ_BYTES_MAX: usize = 64 * 1024;

/// What a link goes over.
#[derive(Clone)]
enum Way {
    Quic(Connection),
    Pipe(Arc<dyn Pipe>),
}

impl Way {
    fn why(&self) -> LinkError {
        match self {
            Self::Quic(connection) => connection.close_reason().as_ref().map_or(LinkError::Lost, from_connection),
            Self::Pipe(pipe) => pipe.why(),
        }
    }
}

/// A connection with its session's stream.
pub struct Link {
    way: Way,
    alpn: Alpn,
    peer: Option<[u8; 32]>,
    sender: FrameSender,
    receiver: FrameReceiver,
}

impl Link {
    pub(super) fn new(connection: Connection, sender: SendStream, receiver: RecvStream) -> Result<Self, LinkError> {
        let alpn = alpn_of(&connection).ok_or(LinkError::Handshake)?;
        let peer = peer_of(&connection);
        let way = Way::Quic(connection);
        let sender = FrameSender { way: way.clone(), stream: Some(sender) };
        let receiver = FrameReceiver::new(way.clone(), Some(receiver));
        Ok(Self { way, alpn, peer, sender, receiver })
    }

    /// One end of a connection that is no QUIC; `peer` is the SPKI hash of the key that the other end has proved, as far as whoever
    /// made the pipe says so.
    #[must_use]
    pub fn over(pipe: Arc<dyn Pipe>, alpn: Alpn, peer: Option<[u8; 32]>) -> Self {
        let way = Way::Pipe(pipe);
        let sender = FrameSender { way: way.clone(), stream: None };
        let receiver = FrameReceiver::new(way.clone(), None);
        Self { way, alpn, peer, sender, receiver }
    }

    /// The protocol that was negotiated.
    #[must_use]
    pub const fn alpn(&self) -> Alpn {
        self.alpn
    }

    /// SPKI hash of the key that the other end proved; none when a client proved none.
    #[must_use]
    pub const fn peer(&self) -> Option<[u8; 32]> {
        self.peer
    }

    /// A handle that closes the connection, whatever else is under way.
    #[must_use]
    pub fn closer(&self) -> Closer {
        Closer(self.way.clone())
    }

    /// A handle for transfers beside the session.
    #[must_use]
    pub fn transfers(&self) -> Transfers {
        match &self.way {
            Way::Quic(connection) => Transfers::of(connection.clone()),
            Way::Pipe(_) => Transfers::none(),
        }
    }

    /// The two directions, for a task each.
    #[must_use]
    pub fn split(self) -> (FrameSender, FrameReceiver) {
        (self.sender, self.receiver)
    }

    /// Sends one frame. See [`FrameSender::send`].
    ///
    /// # Errors
    /// As there.
    pub async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        self.sender.send(frame).await
    }

    /// Waits for one frame. See [`FrameReceiver::receive`].
    ///
    /// # Errors
    /// As there.
    pub async fn receive(&mut self) -> Result<Frame, LinkError> {
        self.receiver.receive().await
    }
}

/// Closes a connection.
#[derive(Clone)]
pub struct Closer(Way);

impl Closer {
    /// Closes at once; what was not acknowledged yet may be lost. The reason travels in the close itself.
    pub fn close(&self, reason: Goodbye) {
        match &self.0 {
            Way::Quic(connection) => connection.close(code_of(reason), b""),
            Way::Pipe(pipe) => pipe.close(reason),
        }
    }

    /// The other end's address; none of a pipe's.
    #[must_use]
    pub fn remote_address(&self) -> Option<std::net::SocketAddr> {
        match &self.0 {
            Way::Quic(connection) => Some(connection.remote_address()),
            Way::Pipe(_) => None,
        }
    }
}

/// The sending direction.
pub struct FrameSender {
    way: Way,
    /// Of QUIC.
    stream: Option<SendStream>,
}

impl FrameSender {
    /// Sends one frame; waits while the other end's window is full.
    ///
    /// # Errors
    /// Why the connection is gone, or [`LinkError::NotAFrame`] for a frame that is too long.
    ///
    /// # Cancel safety
    /// None: a dropped future may leave half a frame. Own the sender in one task.
    pub async fn send(&mut self, frame: &Frame) -> Result<(), LinkError> {
        let wire = frame.to_wire().map_err(LinkError::NotAFrame)?;
        match (&mut self.stream, &self.way) {
            (Some(stream), way) => stream.write_all(&wire).await.map_err(|_error| way.why()),
            (None, Way::Pipe(pipe)) => pipe.write(vec![wire]).await,
            (None, Way::Quic(_)) => Err(LinkError::Lost),
        }
    }

    /// Sends frames one after the other, in as few packets as they need; waits while the other end's window is full.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// As there.
    pub async fn send_all(&mut self, frames: &[Frame]) -> Result<(), LinkError> {
        let mut wires = Vec::with_capacity(frames.len());
        for frame in frames {
            wires.push(frame.to_wire().map_err(LinkError::NotAFrame)?);
        }
        match (&mut self.stream, &self.way) {
            (Some(stream), way) => {
                let mut chunks: Vec<_> = wires.into_iter().map(Into::into).collect();
                stream.write_all_chunks(&mut chunks).await.map_err(|_error| way.why())
            }
            (None, Way::Pipe(pipe)) => pipe.write(wires).await,
            (None, Way::Quic(_)) => Err(LinkError::Lost),
        }
    }

    /// Ends this direction and waits, 2 s at most, until the other end has everything.
    ///
    /// # Cancel safety
    /// May be dropped; the last frames may then be lost.
    pub async fn finish(&mut self) {
        let patience = Duration::from_secs(2);
        match (&mut self.stream, &self.way) {
            (Some(stream), _) => {
                if stream.finish().is_ok() {
                    drop(tokio::time::timeout(patience, stream.stopped()).await);
                }
            }
            (None, Way::Pipe(pipe)) => tokio::time::timeout(patience, pipe.finish()).await.unwrap_or_default(),
            (None, Way::Quic(_)) => {}
        }
    }
}

/// The receiving direction.
pub struct FrameReceiver {
    way: Way,
    /// Of QUIC.
    stream: Option<RecvStream>,
    /// Received and not yet given out from `read` on; never more than one frame and one read.
    buffer: Vec<u8>,
    read: usize,
    /// How long a frame may take from its first byte to its last, where that is bounded.
    patience: Option<Duration>,
    /// Runs while a frame has begun and its end has not come.
    late: Option<Pin<Box<Sleep>>>,
}

/// Waits until it is too late; for ever, where nothing has begun.
async fn too_late(late: &mut Option<Pin<Box<Sleep>>>) {
    match late {
        Some(late) => late.as_mut().await,
        None => future::pending().await,
    }
}

impl FrameReceiver {
    const fn new(way: Way, stream: Option<RecvStream>) -> Self {
        Self { way, stream, buffer: Vec::new(), read: 0, patience: None, late: None }
    }

    /// From now on a frame that has begun on a QUIC stream must be whole within this.
    pub const fn expect_within(&mut self, patience: Duration) {
        self.patience = Some(patience);
    }

    /// The next frame.
    ///
    /// # Errors
    /// Why the connection is gone, or [`LinkError::NotAFrame`] or [`LinkError::TooSlow`]: the caller then closes it.
    ///
    /// # Cancel safety
    /// Safe: a dropped future has taken nothing.
    pub async fn receive(&mut self) -> Result<Frame, LinkError> {
        loop {
            if let Some(frame) = self.take()? {
                self.late = None;
                return Ok(frame);
            }
            let Some(stream) = &mut self.stream else {
                let Way::Pipe(pipe) = &self.way else { return Err(LinkError::Lost) };
                let bytes = pipe.read().await?;
                self.buffer.extend_from_slice(&bytes);
                continue;
            };
            if !self.buffer.is_empty() && self.late.is_none() {
                self.late = self.patience.map(|patience| Box::pin(sleep(patience)));
            }
            // What has come counts, however late it is looked at; who sends a byte now and then leaves time for the other.
            let read = tokio::select! {
                biased;
                read = stream.read_chunk(READ_BYTES_MAX, true) => read,
                () = too_late(&mut self.late) => return Err(LinkError::TooSlow),
            };
            match read {
                Ok(Some(chunk)) => self.buffer.extend_from_slice(&chunk.bytes),
                Ok(None) => return Err(self.way.why()),
                Err(ReadError::ConnectionLost(error)) => return Err(from_connection(&error)),
                Err(_) => return Err(self.way.why()),
            }
        }
    }

    /// A whole frame from the buffer, if there is one.
    fn take(&mut self) -> Result<Option<Frame>, LinkError> {
        let unread = self.buffer.get(self.read..).unwrap_or_default();
        let Some((prefix, rest)) = unread.split_first_chunk::<LENGTH_PREFIX_BYTES>() else {
            self.compact();
            return Ok(None);
        };
        let length = Frame::body_length(*prefix).map_err(LinkError::NotAFrame)?;
        let Some(body) = rest.get(..length) else {
            self.compact();
            return Ok(None);
        };
        let frame = Frame::from_body(body).map_err(LinkError::NotAFrame)?;
        self.read = self.read.saturating_add(LENGTH_PREFIX_BYTES).saturating_add(length);
        Ok(Some(frame))
    }

    /// Drops what was given out, so that the buffer stays within one frame and one read.
    fn compact(&mut self) {
        self.buffer.drain(..self.read.min(self.buffer.len()));
        self.read = 0;
        debug_assert!(self.buffer.len() <= FRAME_BYTES_MAX.saturating_add(LENGTH_PREFIX_BYTES));
    }
}
