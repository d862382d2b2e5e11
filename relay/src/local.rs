//! `/metrics` and `/health` on a port of this machine alone.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json, Router, extract,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use safeconduct_certs::registry::freshness::{ClockState, clock_state};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::{
    metrics::{self, State},
    shared::Shared,
    store::{
        Change, Usage,
        committer::{CommitError, Source},
    },
};

/// The authority's clock may be a little fast.
const CLOCK_SLACK_S: u64 = 300;

/// Serves until the relay stops.
pub(crate) async fn serve(shared: Arc<Shared>, listener: TcpListener) {
    let stop = shared.stop.clone();
    let router = Router::new().route("/metrics", get(show_metrics)).route("/health", get(health)).with_state(shared);
    // The listener is bound; accepting does not fail for good.
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await.ok();
}

async fn usage(shared: &Shared) -> Option<Usage> {
    shared.reader.ask(|view| view.usage()).await.ok()
}

async fn show_metrics(extract::State(shared): extract::State<Arc<Shared>>) -> Response {
    if let Ok((usage, ages)) = shared.held().await {
        metrics::usage(&usage, &ages);
    }
    metrics::state(&State {
        leaves: shared.feed.newest().map_or(0, |newest| newest.registry.size()),
        key_days: shared.feed.key_days(shared.clock.now()),
        waiting: shared.committer.waiting(),
        room: shared.committer.space(),
        watched: shared.live.watches(),
        transferring: shared.blobs.transferring(),
        maintenance: shared.maintenance.load(Ordering::Relaxed),
    });
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::render()).into_response()
}

#[derive(Serialize)]
struct Problem {
    code: &'static str,
    message: &'static str,
    remedy: &'static str,
}

const STORE: Problem = Problem {
    code: "store",
    message: "the store cannot be written",
    remedy: "check the disk's health; what is held stays held",
};
const FULL: Problem = Problem {
    code: "disk-full",
    message: "the disk is full, or only its reserve is left: submits are refused, what is held is delivered",
    remedy: "free space on the data directory's disk; the relay recovers by itself",
};
const READ: Problem = Problem {
    code: "store-read",
    message: "the store cannot be read",
    remedy: "check the disk's health, then start the relay again",
};
const NO_REGISTRY: Problem = Problem {
    code: "no-registry",
    message: "the authority has not published its registry here",
    remedy: "ask the authority to run `safeconduct-admin publish`; until then no node is served",
};
const NO_LEAF: Problem = Problem {
    code: "own-leaf",
    message: "no active registry leaf names this relay's keys",
    remedy: "give relay.pub to the authority for `safeconduct-admin relay add`, and let it publish",
};
const CLOCK: Problem = Problem {
    code: "clock",
    message: "this machine's clock is behind the registry's newest signed time",
    remedy: "set the clock, and keep it set with a time service",
};

const MAINTENANCE: Problem = Problem {
    code: "maintenance",
    message: "the relay is in maintenance: it takes nothing in, and delivers what it holds",
    remedy: "when you are done, run `safeconduct-relay maintenance off`",
};

const CLOCK_AHEAD: Problem = Problem {
    code: "clock-ahead",
    message: "this machine's clock is more than a month after the relay's last day, and nothing signed confirms it",
    remedy: "set the clock; if it is right, ask the authority for `safeconduct-admin timestamp`: nothing expires before",
};

/// Does the real thing: writes to the store, reads from it, looks at the registry.
async fn health(extract::State(shared): extract::State<Arc<Shared>>) -> Response {
    let mut problems = Vec::new();
    let journal = shared.committer.one(Source::RELAY, Change::ProbeJournal).await;
    match journal.and(shared.committer.one(Source::RELAY, Change::Probe).await) {
        Ok(_) if shared.committer.is_full() => problems.push(FULL),
        Ok(_) => {}
        Err(CommitError::Full) => problems.push(FULL),
        Err(_) => problems.push(STORE),
    }
    let usage = usage(&shared).await;
    if usage.is_none() {
        problems.push(READ);
    }
    let newest = shared.feed.newest();
    match &newest {
        None => problems.push(NO_REGISTRY),
        Some(newest) if newest.own.is_none() => problems.push(NO_LEAF),
        Some(_) => {}
    }
    let signed = newest.as_ref().and_then(|newest| newest.registry.newest_time());
    match clock_state(signed, shared.clock.now()) {
        ClockState::Behind { by_s } if by_s > CLOCK_SLACK_S => problems.push(CLOCK),
        ClockState::Behind { .. } | ClockState::Plausible => {}
    }
    if shared.maintenance.load(Ordering::Relaxed) {
        problems.push(MAINTENANCE);
    }
    if shared.clock_doubted.load(Ordering::Relaxed) {
        problems.push(CLOCK_AHEAD);
    }
    let usage = usage.unwrap_or_default();
    let data = serde_json::json!({
        "relay": newest.as_ref().and_then(|newest| newest.own).map(|own| own.0),
        "registry_leaves": newest.as_ref().map_or(0, |newest| newest.registry.size()),
        "nodes_connected": shared.live.count(),
        "stored_envelopes": usage.envelopes,
        "stored_bytes": usage.bytes,
    });
    match problems.first() {
        None => (StatusCode::OK, Json(serde_json::json!({ "ok": true, "data": data }))).into_response(),
        Some(first) => {
            let body = serde_json::json!({ "ok": false, "error": first, "problems": problems, "data": data });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}
