//! The local API for programs: the paths of the socket that persons use, over TCP on 127.0.0.1, for who has a token.
//!
//! # Layout
//! - `routes`: the table of paths, with the scope of each · `guard`: who is let in, and as whom
//! - `once`: idempotency keys · `events`: what becomes of referrals, as it happens

mod events;
mod guard;
mod once;
mod routes;

use std::{net::Ipv4Addr, time::Duration};

use axum::{Router, middleware};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use safeconduct_certs::web::seats::Bounded;

use self::guard::Gate;
use super::server::{self, Door};
use crate::{daemon::Handle, log::event};

/// How long until a port that another program has is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// Serves on `port` of 127.0.0.1 until `stop`; on none for 0. While another program has the port it is tried again and again: the node
/// goes on, for what comes must be received.
pub async fn serve(port: u16, handle: Handle, stop: CancellationToken) {
    if port == 0 {
        return;
    }
    let mut told = false;
    let bound = loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => break listener,
            Err(error) if !told => tracing::error!(event = event::PORT_TAKEN, port, kind = %error.kind()),
            Err(_as_before) => {}
        }
        told = true;
        tokio::select! {
            () = tokio::time::sleep(TRY_AGAIN) => {}
            () = stop.cancelled() => return,
        }
    };
    let gate = Gate::new(port, handle, stop.clone());
    let served = axum::serve(Bounded::new(bound), router(gate.clone()));
    if let Err(error) = served.with_graceful_shutdown(stop.clone().cancelled_owned()).await {
        tracing::error!(event = event::SOCKET_FAILED, kind = %error.kind());
    }
    gate.tasks.close();
    gate.tasks.wait().await;
}

/// What is served: nothing is reached but through the guard.
fn router(gate: Gate) -> Router {
    server::routes(gate.handle.clone(), Door::Port).layer(middleware::from_fn_with_state(gate, guard::guard))
}

#[cfg(test)]
mod tests;
