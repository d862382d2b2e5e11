//! What becomes of referrals, as server-sent events. Each has a place that only grows: who says the last one that was heard gets all
//! after it, over restarts too. Nothing of a person is in them.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use hyper::body::Frame;
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::{Instant, MissedTickBehavior, interval},
};

use super::guard::{Gate, Refused};
use crate::{
    api::server::refuse_as,
    error::Told,
    programs::{changes::Change, store::PROGRAM_ID_BYTES},
};

/// Programs that may follow at one time.
pub(super) const STREAMS_MAX: usize = 8;
/// Between two looks for changes.
const LOOK: Duration = Duration::from_secs(1);
/// Who hears nothing for this long hears that there is nothing.
const QUIET: Duration = Duration::from_secs(15);
/// Blocks on their way to a program that reads slowly.
const WAITING_MAX: usize = 16;

/// A body that grows.
struct Growing(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Growing {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        self.get_mut().0.poll_recv(cx).map(|next| next.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Begins to tell.
pub(super) async fn stream(gate: Gate, token: [u8; PROGRAM_ID_BYTES], headers: &HeaderMap) -> Response {
    match begun(&gate, headers).await {
        Ok((after, lost, place)) => {
            let (sender, receiver) = mpsc::channel(WAITING_MAX);
            let tasks = gate.tasks.clone();
            tasks.spawn(tell(gate, token, after, lost, sender, place));
            let says = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
            (says, Body::new(Growing(receiver))).into_response()
        }
        Err((status, told)) => refuse_as(status, &told),
    }
}

async fn begun(gate: &Gate, headers: &HeaderMap) -> Result<(u64, bool, OwnedSemaphorePermit), Refused> {
    let last = match headers.get("last-event-id") {
        None => None,
        Some(value) => Some(value.to_str().ok().and_then(|text| text.parse::<u64>().ok()).ok_or_else(|| {
            let told = Told::usage("this is no event's id", "send the id of the last event that was heard, or none");
            (StatusCode::BAD_REQUEST, told)
        })?),
    };
    let unready = |told| (StatusCode::SERVICE_UNAVAILABLE, told);
    gate.handle.lock().look().map_err(unready)?;
    let place = std::sync::Arc::clone(&gate.streams).try_acquire_owned().map_err(|_none_left| {
        unready(Told::not_ready("streams-full", "as many programs follow as may", "end one of them, then try again"))
    })?;
    let (after, lost) = gate.handle.core().call(move |node| node.follow(last)).await.map_err(unready)?;
    Ok((after, lost, place))
}

/// Tells until the program goes, its token ends, or the node stops. While reading is locked it tells nothing, and goes on afterwards.
async fn tell(
    gate: Gate,
    token: [u8; PROGRAM_ID_BYTES],
    mut after: u64,
    lost: bool,
    sender: mpsc::Sender<Bytes>,
    _place: OwnedSemaphorePermit,
) {
    let first = if lost { format!("id: {after}\nevent: lost\ndata: {{}}\n\n") } else { format!("id: {after}\n\n") };
    let mut block = Some(first);
    let mut heard = Instant::now();
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        if let Some(text) = block.take() {
            tokio::select! {
                sent = sender.send(Bytes::from(text)) => if sent.is_err() { return },
                () = gate.stop.cancelled() => return,
            }
            heard = Instant::now();
        }
        tokio::select! {
            _instant = look.tick() => {}
            () = sender.closed() => return,
            () = gate.stop.cancelled() => return,
        }
        if gate.handle.lock().look().is_ok() {
            match gate.handle.core().call(move |node| node.changes(&token, after)).await {
                Ok(Some(changes)) => {
                    after = changes.last().map_or(after, |change| change.place);
                    let text: String = changes.iter().map(written).collect();
                    block = (!text.is_empty()).then_some(text);
                }
                Ok(None) | Err(_) => return,
            }
        }
        if block.is_none() && heard.elapsed() >= QUIET {
            block = Some(":\n\n".to_owned());
        }
    }
}

fn written(change: &Change) -> String {
    let Change { place, handle, what, state } = change;
    let id = handle.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    format!("id: {place}\ndata: {}\n\n", serde_json::json!({"id": id, "what": what, "state": state}))
}
