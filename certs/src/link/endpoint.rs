//! Listening, dialling and accepting.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use quinn::{
    ConnectionError, Endpoint, IdleTimeout, Incoming, TransportConfig, VarInt,
    crypto::rustls::{HandshakeData, QuicClientConfig, QuicServerConfig},
};
use rustls::pki_types::CertificateDer;
use safeconduct_protocol::{frame::Goodbye, limits::HANDSHAKE_S};
use tokio::time::timeout;

use super::{
    LinkError,
    channel::Link,
    pipe::Dials,
    reset,
    tls::{self, Alpn, ExpectedRelay, KnownKeys, TlsKey},
};

/// The name in every handshake; keys are pinned, so it says nothing.
const SERVER_NAME: &str = "relay.safeconduct";
/// Under the usual lifetime of a NAT binding.
const KEEP_ALIVE: Duration = Duration::from_secs(25);
/// Silence after which a connection counts as lost.
const IDLE_MS: u32 = 60_000;
/// Close codes are [`Goodbye`]'s tags above this.
pub(super) const CLOSE_BASE: u32 = 0x100;

const HANDSHAKE: Duration = Duration::from_secs(HANDSHAKE_S);

/// Bytes that the relay takes from one connection before they are processed, and gives to one before they are
/// acknowledged: what ten thousand of them can make it hold. Eight envelopes of the largest class.
pub(super) const RELAY_WINDOW_BYTES: u32 = 512 * 1024;
/// What the relay takes of one connection before it knows who that is: enough for a hello and what enrols.
const UNKNOWN_WINDOW_BYTES: u32 = 64 * 1024;

/// Beginnings of handshakes that wait for the relay to look at them: it looks at once, so more is a flood.
const INCOMING_MAX: usize = 1024;
/// Bytes that are kept of one of them, and of all.
const INCOMING_BYTES_MAX: u64 = 16 * 1024;
const INCOMING_BYTES_TOTAL_MAX: u64 = 4 * 1024 * 1024;

/// One of the two ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Dialling,
    Accepting,
}

fn transport(side: Side) -> Arc<TransportConfig> {
    let mut config = TransportConfig::default();
    match side {
        // One end's keep-alives keep both: ten thousand idle nodes are pinged by nobody but themselves.
        Side::Dialling => {
            config.keep_alive_interval(Some(KEEP_ALIVE));
        }
        Side::Accepting => {
            config
                .stream_receive_window(VarInt::from_u32(RELAY_WINDOW_BYTES))
                // More for who is admitted: `Transfers::widen`.
                .receive_window(VarInt::from_u32(UNKNOWN_WINDOW_BYTES))
                .send_window(u64::from(RELAY_WINDOW_BYTES));
        }
    }
    config
        // The session's. More only for who is admitted: `Transfers::admit`.
        .max_concurrent_bidi_streams(VarInt::from_u32(1))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None)
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(IDLE_MS))));
    Arc::new(config)
}

/// Opens a relay's endpoint. Which of the known keys may do what is judged after [`accept`].
///
/// # Errors
/// [`LinkError::Listen`] when the address cannot be bound, [`LinkError::BadKey`].
pub fn listen(address: SocketAddr, key: &TlsKey, known: Arc<dyn KnownKeys>) -> Result<Endpoint, LinkError> {
    let tls = QuicServerConfig::try_from(tls::server(key, known)?).ok().ok_or(LinkError::BadKey)?;
    let mut config = quinn::ServerConfig::with_crypto(Arc::new(tls));
    config
        .transport_config(transport(Side::Accepting))
        .max_incoming(INCOMING_MAX)
        .incoming_buffer_size(INCOMING_BYTES_MAX)
        .incoming_buffer_size_total(INCOMING_BYTES_TOTAL_MAX);
    let listening = |error: std::io::Error| LinkError::Listen(error.kind());
    let runtime = quinn::default_runtime().ok_or(LinkError::Listen(std::io::ErrorKind::Unsupported))?;
    let socket = std::net::UdpSocket::bind(address).map_err(listening)?;
    Endpoint::new(reset::endpoint_config(key), Some(config), socket, runtime).map_err(listening)
}

/// Completes one handshake at a relay and waits for the client's stream, 10 s at most for each.
///
/// # Errors
/// Any [`LinkError`]; the connection is gone then.
///
/// # Cancel safety
/// A dropped future drops the connection.
pub async fn accept(incoming: Incoming) -> Result<Link, LinkError> {
    let connecting = incoming.accept().map_err(|error| from_connection(&error))?;
    let connection = timeout(HANDSHAKE, connecting)
        .await
        .map_err(|_elapsed| LinkError::Unreachable)?
        .map_err(|error| from_connection(&error))?;
    let (sender, receiver) = timeout(HANDSHAKE, connection.accept_bi())
        .await
        .map_err(|_elapsed| LinkError::Lost)?
        .map_err(|error| from_connection(&error))?;
    Link::new(connection, sender, receiver)
}

/// How a node's end is configured, for a caller with an endpoint and streams of its own.
///
/// # Errors
/// [`LinkError::BadKey`].
pub fn client_config(
    key: Option<&TlsKey>,
    expected: ExpectedRelay,
    alpn: Alpn,
) -> Result<quinn::ClientConfig, LinkError> {
    client(key, expected, alpn, Arc::default())
}

/// `mismatch` is raised when the relay showed another key than expected.
fn client(
    key: Option<&TlsKey>,
    expected: ExpectedRelay,
    alpn: Alpn,
    mismatch: Arc<AtomicBool>,
) -> Result<quinn::ClientConfig, LinkError> {
    let tls = tls::client(key, expected, alpn, mismatch)?;
    let crypto = QuicClientConfig::try_from(tls).ok().ok_or(LinkError::BadKey)?;
    let mut config = quinn::ClientConfig::new(Arc::new(crypto));
    config.transport_config(transport(Side::Dialling));
    Ok(config)
}

/// How long a dialling end waits for an address to answer, unless it is told otherwise.
pub const PATIENCE: Duration = HANDSHAKE;

/// The dialling end: one UDP socket for each address family, made when first needed; or [`Dials`].
pub struct Dialer {
    by: By,
    patience: Duration,
}

enum By {
    Sockets { v4: Endpoint, v6: Option<Endpoint> },
    Other(Arc<dyn Dials>),
}

impl Dialer {
    /// Opens the sockets. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`LinkError::Listen`] when no UDP socket can be had.
    pub fn new() -> Result<Self, LinkError> {
        let any_v4 = SocketAddr::from(([0, 0, 0, 0], 0));
        let any_v6 = SocketAddr::from(([0_u16; 8], 0));
        let v4 = Endpoint::client(any_v4).map_err(|error| LinkError::Listen(error.kind()))?;
        Ok(Self { by: By::Sockets { v4, v6: Endpoint::client(any_v6).ok() }, patience: PATIENCE })
    }

    /// The same, which waits so long for each address and no longer.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// One that has no sockets and leaves dialling to somebody else.
    #[must_use]
    pub fn through(other: Arc<dyn Dials>) -> Self {
        Self { by: By::Other(other), patience: PATIENCE }
    }

    /// Connects to the relay at `address` (`host:port`), within [`PATIENCE`] (or [`Self::patient`]) for each address that the name has, 4 at most.
    ///
    /// The link is not authenticated before the relay's `Welcome`: with TLS 1.3 a refusal may come after this returns.
    ///
    /// # Errors
    /// Any [`LinkError`]; the last one where a name has several addresses.
    ///
    /// # Cancel safety
    /// A dropped future drops the attempt.
    pub async fn connect(
        &self,
        address: &str,
        expected: ExpectedRelay,
        key: Option<&TlsKey>,
        alpn: Alpn,
    ) -> Result<Link, LinkError> {
        let (v4, v6) = match &self.by {
            By::Sockets { v4, v6 } => (v4, v6.as_ref()),
            By::Other(other) => return other.dial(address, expected, key, alpn).await,
        };
        let resolved = timeout(self.patience, tokio::net::lookup_host(address))
            .await
            .map_err(|_elapsed| LinkError::Unresolved)?
            .map_err(|_no_address| LinkError::Unresolved)?;
        let mut last = LinkError::Unresolved;
        for target in resolved.take(4) {
            let endpoint = if target.is_ipv4() { Some(v4) } else { v6 };
            let Some(endpoint) = endpoint else {
                last = LinkError::Unreachable;
                continue;
            };
            match self.connect_to(endpoint, target, expected, key, alpn).await {
                Ok(link) => return Ok(link),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn connect_to(
        &self,
        endpoint: &Endpoint,
        target: SocketAddr,
        expected: ExpectedRelay,
        key: Option<&TlsKey>,
        alpn: Alpn,
    ) -> Result<Link, LinkError> {
        let mismatch = Arc::new(AtomicBool::new(false));
        let config = client(key, expected, alpn, Arc::clone(&mismatch))?;
        let connecting =
            endpoint.connect_with(config, target, SERVER_NAME).map_err(|_bad_target| LinkError::Unresolved)?;
        let connection =
            timeout(self.patience, connecting).await.map_err(|_elapsed| LinkError::Unreachable)?.map_err(|error| {
                if mismatch.load(Ordering::Acquire) { LinkError::WrongRelay } else { from_connection(&error) }
            })?;
        let (sender, receiver) = connection.open_bi().await.map_err(|error| from_connection(&error))?;
        Link::new(connection, sender, receiver)
    }

    /// Waits until all connections have said their last word, 2 s at most.
    ///
    /// # Cancel safety
    /// May be dropped; the last words may then be lost.
    pub async fn finish(&self) {
        let all = async {
            let By::Sockets { v4, v6 } = &self.by else { return };
            v4.wait_idle().await;
            if let Some(v6) = v6 {
                v6.wait_idle().await;
            }
        };
        timeout(Duration::from_secs(2), all).await.unwrap_or_default();
    }
}

/// The protocol that a connection negotiated.
pub(super) fn alpn_of(connection: &quinn::Connection) -> Option<Alpn> {
    let data = connection.handshake_data()?.downcast::<HandshakeData>().ok()?;
    Alpn::from_bytes(data.protocol.as_deref()?)
}

/// The SPKI hash of the key that the other end proved.
pub(super) fn peer_of(connection: &quinn::Connection) -> Option<[u8; 32]> {
    let keys = connection.peer_identity()?.downcast::<Vec<CertificateDer<'static>>>().ok()?;
    keys.first().map(tls::hash_of)
}

/// What a QUIC error means to us.
pub(super) fn from_connection(error: &ConnectionError) -> LinkError {
    match error {
        ConnectionError::ApplicationClosed(close) => {
            goodbye_of(close.error_code).map_or(LinkError::Lost, LinkError::Closed)
        }
        ConnectionError::ConnectionClosed(close) => from_transport(u64::from(close.error_code)),
        ConnectionError::TransportError(error) => from_transport(u64::from(error.code)),
        ConnectionError::TimedOut => LinkError::Unreachable,
        ConnectionError::VersionMismatch => LinkError::Handshake,
        ConnectionError::Reset | ConnectionError::LocallyClosed | ConnectionError::CidsExhausted => LinkError::Lost,
    }
}

/// CRYPTO_ERROR is 0x100 plus the TLS alert (RFC 9001 §4.8).
fn from_transport(code: u64) -> LinkError {
    match code {
        // bad_certificate to certificate_unknown, unknown_ca, access_denied
        0x12a..=0x131 => LinkError::KeyRefused,
        0x100..=0x1ff => LinkError::Handshake,
        _ => LinkError::Lost,
    }
}

/// The reason behind a close code.
fn goodbye_of(code: VarInt) -> Option<Goodbye> {
    let tag = u8::try_from(code.into_inner().checked_sub(u64::from(CLOSE_BASE))?).ok()?;
    safeconduct_protocol::codec::decode(&[tag]).ok()
}

/// The close code of a reason.
pub(super) fn code_of(reason: Goodbye) -> VarInt {
    let tag =
        safeconduct_protocol::codec::encode(&reason).ok().and_then(|bytes| bytes.first().copied()).unwrap_or_default();
    VarInt::from_u32(CLOSE_BASE.saturating_add(u32::from(tag)))
}
