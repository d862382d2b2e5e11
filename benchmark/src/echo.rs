//! The network's limit: a process that takes submits over the same QUIC and TLS as the relay and answers each with about
//! as many bytes, without reading or keeping anything.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use quinn::{Connection, RecvStream};
use safeconduct_certs::link::{KnownKeys, TlsKey, listen};
use safeconduct_protocol::{
    frame::{Frame, Head, LENGTH_PREFIX_BYTES, SESSION_VERSION, Tag},
    id::RelayId,
    limits::SUBMITS_IN_FLIGHT_MAX,
    secret::Secret,
    time::Timestamp,
};
use tokio::task::JoinSet;

use crate::{
    envelope::{SUBMIT_BYTES, TAG_MIN},
    error::BenchError,
    session::Target,
};

/// Bytes of the relay's receipt.
const RECEIPT_BYTES: usize = 120;
/// What the relay sends beside the receipt.
const CREDIT: Frame = Frame::Credit { count: 1 };
/// Where a submit's tag lies.
const TAG_AT: std::ops::Range<usize> = 6..10;

fn key() -> TlsKey {
    TlsKey::from_seed(Secret::new([0xec; 32]))
}

struct Everybody;

impl KnownKeys for Everybody {
    fn knows(&self, _spki_hash: &[u8; 32]) -> bool {
        true
    }
}

/// The echo as a process of its own, as the relay is one.
pub(crate) struct Echo {
    child: Child,
    target: Target,
}

impl Echo {
    /// Starts this program once more, as the echo.
    pub(crate) fn start() -> Result<Self, BenchError> {
        let program = std::env::current_exe().map_err(BenchError::io("find this program"))?;
        let mut child = Command::new(program)
            .arg("--echo")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(BenchError::io("start the echo"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(BenchError::io("read the echo's address"))?;
        }
        let address =
            line.trim().parse().map_err(|_other| BenchError::Unexpected(format!("the echo said {line:?}")))?;
        Ok(Self { child, target: Target { address, tls: key().spki_hash() } })
    }

    pub(crate) const fn target(&self) -> Target {
        self.target
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

/// Serves until its standard input ends, as it does with the program that started it.
pub(crate) async fn serve() -> Result<(), BenchError> {
    let endpoint = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), &key(), Arc::new(Everybody))?;
    let address = endpoint.local_addr().map_err(BenchError::io("find the echo's address"))?;
    writeln!(std::io::stdout(), "{address}").map_err(BenchError::io("say the echo's address"))?;
    let mut parent = tokio::task::spawn_blocking(|| std::io::stdin().lines().for_each(drop));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            incoming = endpoint.accept() => {
                let Some(incoming) = incoming else { return Ok(()) };
                connections.spawn(async move {
                    if let Ok(connection) = incoming.await {
                        // A client that goes away is the end of its measurement.
                        echo(connection).await.ok();
                    }
                });
            }
            Some(_) = connections.join_next() => {}
            _ = &mut parent => return Ok(()),
        }
    }
}

async fn echo(connection: Connection) -> Result<(), BenchError> {
    let (mut sender, mut receiver) = connection.accept_bi().await.map_err(BenchError::broken)?;
    let unlikely = |error: safeconduct_protocol::codec::CodecError| BenchError::Unexpected(error.to_string());
    pass_hello(&mut receiver).await?;
    let welcome = Frame::Welcome {
        version: SESSION_VERSION,
        relay: RelayId(1),
        now: Timestamp(0),
        submits: SUBMITS_IN_FLIGHT_MAX,
        head: Head::default(),
    };
    sender.write_all(&welcome.to_wire().map_err(unlikely)?).await.map_err(BenchError::broken)?;
    let receipt = vec![0; RECEIPT_BYTES].into();
    let mut answer = Frame::Submitted { tag: Tag(TAG_MIN.into()), receipt }.to_wire().map_err(unlikely)?;
    answer.extend(CREDIT.to_wire().map_err(unlikely)?);
    let mut read = 0_usize;
    while let Some(chunk) = receiver.read_chunk(usize::MAX, true).await.map_err(BenchError::broken)? {
        let mut answers = Vec::new();
        let mut bytes: &[u8] = &chunk.bytes;
        while let Some((first, rest)) = bytes.split_at_checked((SUBMIT_BYTES - read).min(bytes.len())) {
            if first.is_empty() {
                break;
            }
            for (place, byte) in (read..TAG_AT.end).zip(first) {
                if TAG_AT.contains(&place)
                    && let Some(to) = answer.get_mut(place)
                {
                    *to = *byte;
                }
            }
            read = (read + first.len()) % SUBMIT_BYTES;
            if read == 0 {
                answers.extend_from_slice(&answer);
            }
            bytes = rest;
        }
        sender.write_all(&answers).await.map_err(BenchError::broken)?;
    }
    Ok(())
}

/// Reads the first frame, which is a hello.
async fn pass_hello(receiver: &mut RecvStream) -> Result<(), BenchError> {
    let mut prefix = [0; LENGTH_PREFIX_BYTES];
    receiver.read_exact(&mut prefix).await.map_err(BenchError::broken)?;
    let length = Frame::body_length(prefix).map_err(|error| BenchError::Unexpected(error.to_string()))?;
    let mut hello = vec![0; length];
    receiver.read_exact(&mut hello).await.map_err(BenchError::broken)
}
