//! The command line's end of the local API.

use std::{path::Path, time::Duration};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Method, Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, de::DeserializeOwned};
use tokio::net::UnixStream;

use super::{ANSWER_BYTES_MAX, SOCKET_FILE};
use crate::error::Told;

/// Longest wait for an answer beyond what the request itself asks to wait.
const ANSWER_WAIT: Duration = Duration::from_secs(75);

/// A daemon that listens.
pub struct Api {
    runtime: tokio::runtime::Runtime,
    socket: std::path::PathBuf,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: Option<T>,
    error: Option<Told>,
}

/// One call.
pub struct Call<'a> {
    /// `GET` or `POST`.
    pub method: Method,
    /// Path and query.
    pub path: &'a str,
    /// Body; empty for none.
    pub body: Vec<u8>,
    /// Idempotency key: the same again does the same thing once.
    pub key: Option<&'a str>,
    /// How much longer than usual the daemon may take.
    pub wait: Duration,
}

impl<'a> Call<'a> {
    /// A call that only reads.
    #[must_use]
    pub const fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, body: Vec::new(), key: None, wait: Duration::ZERO }
    }

    /// A call that acts.
    #[must_use]
    pub const fn post(path: &'a str, body: Vec<u8>) -> Self {
        Self { method: Method::POST, path, body, key: None, wait: Duration::ZERO }
    }
}

impl Api {
    /// The daemon of the vault in `data`, or `None` when none listens.
    ///
    /// # Errors
    /// When the system gives no runtime.
    pub fn reach(data: &Path) -> Result<Option<Self>, Told> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
            Told::not_ready("no-runtime", format!("the system gives no event loop: {}", error.kind()), "try again")
        })?;
        let socket = data.join(SOCKET_FILE);
        let there = runtime.block_on(async { UnixStream::connect(&socket).await.is_ok() });
        Ok(there.then_some(Self { runtime, socket }))
    }

    /// Makes one call and returns its data.
    ///
    /// # Errors
    /// What the daemon refuses with; `daemon-lost` when it does not answer.
    pub fn call<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Told> {
        let wait = ANSWER_WAIT.saturating_add(call.wait);
        let answered = self.runtime.block_on(async {
            tokio::time::timeout(wait, exchange(&self.socket, call)).await.unwrap_or_else(|_elapsed| Err(lost()))
        })?;
        let envelope: Envelope<T> = serde_json::from_slice(&answered).ok().ok_or_else(lost)?;
        match (envelope.data, envelope.error) {
            (Some(data), None) => Ok(data),
            (_, Some(error)) => Err(error),
            (None, None) => Err(lost()),
        }
    }
}

async fn exchange(socket: &Path, call: Call<'_>) -> Result<Bytes, Told> {
    let stream = UnixStream::connect(socket).await.ok().ok_or_else(lost)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok().ok_or_else(lost)?;
    let mut request = Request::builder().method(call.method).uri(call.path).header("host", "localhost");
    if let Some(key) = call.key {
        request = request.header("idempotency-key", key);
    }
    let request = request
        .body(Full::new(Bytes::from(call.body)))
        .ok()
        .ok_or_else(|| Told::usage("this cannot be asked of the daemon", "check the message id"))?;
    let answer = async {
        let response = sender.send_request(request).await.ok()?;
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await.ok()?;
        Some(body.to_bytes())
    };
    let answered = tokio::select! {
        answered = answer => answered,
        _closed = connection => None,
    };
    answered.ok_or_else(lost)
}

fn lost() -> Told {
    Told::unreachable("daemon-lost", "the daemon did not answer", "see whether it still runs, then try again")
}
