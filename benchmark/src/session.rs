//! A node's end of a session, kept cheap because it shares the machine with the relay that it measures: frames that were
//! built beforehand go out as they are, and of what comes only the few bytes that are needed are looked at.

use std::net::{Ipv4Addr, SocketAddr};

use quinn::{Connection, Endpoint, RecvStream, SendStream};
use safeconduct_certs::link::{Alpn, ExpectedRelay, TlsKey, client_config};
use safeconduct_protocol::frame::{Frame, LENGTH_PREFIX_BYTES, SESSION_VERSION};

use crate::{
    envelope::{ENVELOPE_BYTES, TAG_MIN},
    error::BenchError,
    world::Node,
};

/// Bytes taken from the stream at once.
const READ_BYTES_MAX: usize = 1024 * 1024;
/// The name in every handshake; keys are pinned, so it says nothing.
const SERVER_NAME: &str = "relay.safeconduct";

/// What a frame is, as far as a measurement cares.
pub(crate) enum Seen<'f> {
    /// An envelope was stored: the submit's tag, and the receipt.
    Submitted { tag: u32, receipt: &'f [u8] },
    /// An envelope was delivered.
    Delivered(&'f [u8]),
    /// Credit, or news of the registry.
    Passed,
}

impl<'f> Seen<'f> {
    fn of(body: &'f [u8]) -> Result<Self, BenchError> {
        match body {
            [3 | 20, ..] => Ok(Self::Passed),
            [5, 0xfc, a, b, c, d, _length, receipt @ ..] => {
                Ok(Self::Submitted { tag: u32::from_be_bytes([*a, *b, *c, *d]), receipt })
            }
            [7, rest @ ..] if rest.len() > ENVELOPE_BYTES => {
                Ok(Self::Delivered(rest.get(rest.len() - ENVELOPE_BYTES..).unwrap_or_default()))
            }
            _ => Err(refusal(body)),
        }
    }
}

/// What the relay said instead of what was expected.
fn refusal(body: &[u8]) -> BenchError {
    match Frame::from_body(body) {
        Ok(Frame::Goodbye { reason, .. }) => BenchError::Goodbye(reason),
        Ok(Frame::SubmitRefused { reason, .. }) => BenchError::Unexpected(format!("submit refused: {reason:?}")),
        Ok(Frame::PublishRefused { reason, .. }) => BenchError::Unexpected(format!("publish refused: {reason:?}")),
        Ok(other) => BenchError::Unexpected(other.name().to_owned()),
        Err(error) => BenchError::Unexpected(error.to_string()),
    }
}

/// Where a relay is, and the key that it must prove.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) tls: [u8; 32],
}

/// A connection with its stream.
pub(crate) struct Session {
    connection: Connection,
    sender: SendStream,
    receiver: RecvStream,
    /// Bytes of a frame whose end has not come.
    rest: Vec<u8>,
    // Without it the connection has no socket.
    _endpoint: Endpoint,
}

/// A socket of its own on this loopback address.
pub(crate) fn endpoint(from: Ipv4Addr) -> Result<Endpoint, BenchError> {
    Endpoint::client(SocketAddr::from((from, 0))).map_err(BenchError::io("open a UDP socket"))
}

impl Session {
    async fn connect(endpoint: Endpoint, target: Target, key: &TlsKey, alpn: Alpn) -> Result<Self, BenchError> {
        let config = client_config(Some(key), ExpectedRelay::Pinned(target.tls), alpn)?;
        let connecting = endpoint.connect_with(config, target.address, SERVER_NAME).map_err(BenchError::broken)?;
        let connection = connecting.await.map_err(BenchError::broken)?;
        let (sender, receiver) = connection.open_bi().await.map_err(BenchError::broken)?;
        Ok(Self { connection, sender, receiver, rest: Vec::new(), _endpoint: endpoint })
    }

    /// A session of a node that is up, with this many deliveries allowed.
    pub(crate) async fn node(
        endpoint: Endpoint,
        target: Target,
        node: &Node,
        deliveries: u32,
    ) -> Result<Self, BenchError> {
        let mut session = Self::connect(endpoint, target, &node.tls, Alpn::Node).await?;
        session.send(&Frame::Hello { version: SESSION_VERSION, node: node.id, registry_size: 0, deliveries }).await?;
        session.welcomed().await?;
        Ok(session)
    }

    /// A session of the authority that is up.
    pub(crate) async fn authority(target: Target, key: &TlsKey) -> Result<Self, BenchError> {
        let mut session = Self::connect(endpoint(Ipv4Addr::LOCALHOST)?, target, key, Alpn::Authority).await?;
        session.send(&Frame::AuthorityHello { version: SESSION_VERSION }).await?;
        session.welcomed().await?;
        Ok(session)
    }

    async fn welcomed(&mut self) -> Result<(), BenchError> {
        let body = self.next_body().await?;
        match Frame::from_body(&body) {
            Ok(Frame::Welcome { .. }) => Ok(()),
            _ => Err(refusal(&body)),
        }
    }

    /// Sends a frame that is not in a hurry.
    pub(crate) async fn send(&mut self, frame: &Frame) -> Result<(), BenchError> {
        let wire = frame.to_wire().map_err(|error| BenchError::Unexpected(error.to_string()))?;
        self.send_wire(wire).await
    }

    /// Sends what is a frame already, without copying it.
    pub(crate) async fn send_wire(&mut self, wire: Vec<u8>) -> Result<(), BenchError> {
        self.sender.write_chunk(wire.into()).await.map_err(BenchError::broken)
    }

    /// Sends a request of the authority and waits for its answer: leaves that the relay holds.
    pub(crate) async fn publish(&mut self, piece: &Frame) -> Result<u64, BenchError> {
        self.send(piece).await?;
        let body = self.next_body().await?;
        match Frame::from_body(&body) {
            Ok(Frame::Published { size, .. }) => Ok(size),
            _ => Err(refusal(&body)),
        }
    }

    /// The next frame's body.
    async fn next_body(&mut self) -> Result<Vec<u8>, BenchError> {
        loop {
            if let Some(Split { body, left }) = split(&self.rest)? {
                let (body, left) = (body.to_vec(), left.to_vec());
                self.rest = left;
                return Ok(body);
            }
            let chunk = self.receiver.read_chunk(READ_BYTES_MAX, true).await.map_err(BenchError::broken)?;
            self.rest.extend_from_slice(&chunk.ok_or_else(|| self.closed())?.bytes);
        }
    }

    /// Waits for bytes, then shows every whole frame to `take`.
    pub(crate) async fn frames(
        &mut self,
        mut take: impl FnMut(Seen<'_>) -> Result<(), BenchError>,
    ) -> Result<(), BenchError> {
        let chunk = self.receiver.read_chunk(READ_BYTES_MAX, true).await.map_err(BenchError::broken)?;
        let chunk = chunk.ok_or_else(|| self.closed())?.bytes;
        let mut own = core::mem::take(&mut self.rest);
        let mut unread: &[u8] = &chunk;
        if !own.is_empty() {
            own.extend_from_slice(&chunk);
            unread = &own;
        }
        while let Some(Split { body, left }) = split(unread)? {
            take(Seen::of(body)?)?;
            unread = left;
        }
        self.rest = unread.to_vec();
        Ok(())
    }

    fn closed(&self) -> BenchError {
        BenchError::Broken(
            self.connection.close_reason().map_or_else(|| "ended".to_owned(), |reason| reason.to_string()),
        )
    }

    /// Ends the connection.
    pub(crate) fn close(self) {
        self.connection.close(0_u32.into(), b"");
    }
}

/// Received bytes that begin with a whole frame.
struct Split<'b> {
    body: &'b [u8],
    left: &'b [u8],
}

/// The first frame's body, and what follows it; none while the frame is not whole.
fn split(bytes: &[u8]) -> Result<Option<Split<'_>>, BenchError> {
    let Some((prefix, rest)) = bytes.split_first_chunk::<LENGTH_PREFIX_BYTES>() else { return Ok(None) };
    let length = Frame::body_length(*prefix).map_err(|error| BenchError::Unexpected(error.to_string()))?;
    Ok(rest.split_at_checked(length).map(|(body, left)| Split { body, left }))
}

/// The tag of a session's `n`th submit.
pub(crate) const fn tag(n: u32) -> u32 {
    TAG_MIN.saturating_add(n)
}
