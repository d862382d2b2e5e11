//! Frames over one bidirectional QUIC stream.

use quinn::{Connection, ReadError, RecvStream, SendStream};
use safeconduct_protocol::{
    frame::{Frame, Goodbye, LENGTH_PREFIX_BYTES},
    limits::FRAME_BYTES_MAX,
};

use super::{
    LinkError,
    endpoint::{alpn_of, code_of, from_connection, peer_of},
    tls::Alpn,
    transfer::Transfers,
};

/// Bytes taken from the stream at once.
const READ_BYTES_MAX: usize = 64 * 1024;

/// A connection with its session's stream.
pub struct Link {
    connection: Connection,
    alpn: Alpn,
    peer: Option<[u8; 32]>,
    sender: FrameSender,
    receiver: FrameReceiver,
}

impl Link {
    pub(super) fn new(connection: Connection, sender: SendStream, receiver: RecvStream) -> Result<Self, LinkError> {
        let alpn = alpn_of(&connection).ok_or(LinkError::Handshake)?;
        let peer = peer_of(&connection);
        let sender = FrameSender { connection: connection.clone(), stream: sender };
        let receiver = FrameReceiver { connection: connection.clone(), stream: receiver, buffer: Vec::new(), read: 0 };
        Ok(Self { connection, alpn, peer, sender, receiver })
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
        Closer(self.connection.clone())
    }

    /// A handle for transfers beside the session.
    #[must_use]
    pub fn transfers(&self) -> Transfers {
        Transfers::of(self.connection.clone())
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
pub struct Closer(Connection);

impl Closer {
    /// Closes at once; what was not acknowledged yet may be lost. The reason travels in the close itself.
    pub fn close(&self, reason: Goodbye) {
        self.0.close(code_of(reason), b"");
    }

    /// The other end's address.
    #[must_use]
    pub fn remote_address(&self) -> std::net::SocketAddr {
        self.0.remote_address()
    }
}

/// The sending direction.
pub struct FrameSender {
    connection: Connection,
    stream: SendStream,
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
        self.stream.write_all(&wire).await.map_err(|_error| self.why())
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
            wires.push(frame.to_wire().map_err(LinkError::NotAFrame)?.into());
        }
        self.stream.write_all_chunks(&mut wires).await.map_err(|_error| self.why())
    }

    /// Ends this direction and waits, 2 s at most, until the other end has everything.
    ///
    /// # Cancel safety
    /// May be dropped; the last frames may then be lost.
    pub async fn finish(&mut self) {
        if self.stream.finish().is_ok() {
            let sent = tokio::time::timeout(std::time::Duration::from_secs(2), self.stream.stopped()).await;
            drop(sent);
        }
    }

    fn why(&self) -> LinkError {
        why(&self.connection)
    }
}

fn why(connection: &Connection) -> LinkError {
    connection.close_reason().as_ref().map_or(LinkError::Lost, from_connection)
}

/// The receiving direction.
pub struct FrameReceiver {
    connection: Connection,
    stream: RecvStream,
    /// Received and not yet given out from `read` on; never more than one frame and one read.
    buffer: Vec<u8>,
    read: usize,
}

impl FrameReceiver {
    /// The next frame.
    ///
    /// # Errors
    /// Why the connection is gone, or [`LinkError::NotAFrame`]: the caller then closes it.
    ///
    /// # Cancel safety
    /// Safe: a dropped future has taken nothing.
    pub async fn receive(&mut self) -> Result<Frame, LinkError> {
        loop {
            if let Some(frame) = self.take()? {
                return Ok(frame);
            }
            match self.stream.read_chunk(READ_BYTES_MAX, true).await {
                Ok(Some(chunk)) => self.buffer.extend_from_slice(&chunk.bytes),
                Ok(None) => return Err(why(&self.connection)),
                Err(ReadError::ConnectionLost(error)) => return Err(from_connection(&error)),
                Err(_) => return Err(why(&self.connection)),
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
