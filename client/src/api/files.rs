//! What crosses the API as a file and not as JSON: documents, piece by piece and never held whole; an auditor's report; evidence. Each is
//! answered to be kept and not to be shown: no browser takes it for a page.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, RawQuery, State},
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse as _, Response},
    routing::{get, put},
};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, timeout, timeout_at},
};

use super::{
    audit::AuditAsked,
    documents::{DocumentShown, blocking},
    server::{answer, parameter, refuse},
};
use crate::{
    daemon::{Handle, Node},
    documents::{DocumentError, Kind, Metadata, attach, save, store::Opening},
    error::Told,
    evidence::written::{Report, csv, html},
};

/// Documents that pass at one time in each direction: each has a thread and some pieces of at most a chunk.
const PASSING_MAX: usize = 4;
/// Pieces on their way between a connection and a file.
const PIECES_MAX: usize = 4;
/// Longest wait for the next piece, from a program that sends or to one that reads.
const PIECE_WAIT: Duration = Duration::from_secs(60);
/// Longest time for a whole document that comes: 100 MiB at 175 KiB a second, from a program on the same machine.
const WHOLE_WAIT: Duration = Duration::from_secs(600);

/// Places of documents that come: whoever sends slowly keeps nobody from reading.
static COMING: Semaphore = Semaphore::const_new(PASSING_MAX);
/// Places of documents that go.
static GOING: Semaphore = Semaphore::const_new(PASSING_MAX);

/// The path of a document that comes: its body is not read before it is known where it goes.
pub(in crate::api) const DOCUMENT: &str = "/v1/referrals/{id}/documents/{attachment}";

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route(DOCUMENT, put(coming))
        .route("/v1/documents/{id}/content", get(content))
        .route("/v1/audit/{form}", get(audit))
        .route("/v1/evidence/{id}/file", get(evidence))
}

fn full() -> Told {
    let message = format!("{PASSING_MAX} documents are passing, and that is as many as may");
    Told::unreachable("documents-full", message, "try again when one of them is through")
}

/// `?by=`, `?strip_metadata=true`; the body is the document.
async fn coming(
    State(handle): State<Handle>,
    Path((id, attachment)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Response {
    answer(come(&handle, (id, attachment), query.as_deref(), body).await)
}

async fn come(
    handle: &Handle,
    (id, attachment): (String, String),
    query: Option<&str>,
    body: Body,
) -> Result<DocumentShown, Told> {
    let place = COMING.try_acquire().map_err(|_none_left| full())?;
    let by = parameter(query, "by");
    let strip = parameter(query, "strip_metadata").is_some_and(|value| value == "true");
    let metadata = if strip { Metadata::Removed } else { Metadata::Kept };
    let plan = move |node: &mut Node| node.plan_document_once(&id, &attachment, by.as_deref());
    let plan = match handle.core().call(plan).await? {
        Ok(plan) => plan,
        // The same request again: it is not read a second time.
        Err(there) => return Ok(there),
    };
    let (sender, receiver) = mpsc::channel(PIECES_MAX);
    let sealing = blocking(move || attach::receive(plan, &mut Pieces { receiver, rest: Bytes::new() }, metadata));
    let until = Instant::now() + WHOLE_WAIT;
    let (sealed, ()) = tokio::join!(sealing, feed(body, sender, (handle, until)));
    drop(place);
    // Locked while the document came: nothing is noted of it.
    handle.lock().look()?;
    let fresh = sealed?;
    handle.acting(move |node| node.attach_document_once(fresh)).await
}

/// Hands the body on, piece by piece, until it ends, nobody wants more of it, it takes too long, or reading is locked.
async fn feed(mut body: Body, sender: mpsc::Sender<io::Result<Bytes>>, (handle, until): (&Handle, Instant)) {
    loop {
        let is_over = handle.lock().look().is_err();
        let next = timeout_at(until.min(Instant::now() + PIECE_WAIT), body.frame());
        let piece = match next.await {
            Ok(Some(Ok(_))) if is_over => Err(io::ErrorKind::ConnectionAborted.into()),
            Ok(None) => return,
            Ok(Some(Ok(frame))) => frame.into_data().map(Ok).unwrap_or_else(|_trailers| Ok(Bytes::new())),
            // It did not come whole: that must not look like its end.
            Ok(Some(Err(_))) | Err(_) => Err(io::ErrorKind::ConnectionAborted.into()),
        };
        let is_last = piece.is_err();
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

/// Pieces that come, as a reader on a thread that may wait.
struct Pieces {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    rest: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.receiver.blocking_recv() {
                Some(piece) => self.rest = piece?,
                None => return Ok(0),
            }
        }
        let piece = self.rest.split_to(into.len().min(self.rest.len()));
        into.get_mut(..piece.len()).unwrap_or_default().copy_from_slice(&piece);
        Ok(piece.len())
    }
}

/// `?by=`. Only what has been checked whole is handed over.
async fn content(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    match go(&handle, id, parameter(query.as_deref(), "by")).await {
        Ok(response) => response,
        Err(told) => refuse(&told),
    }
}

/// A document that is here and whole, as a file to be kept: it was opened by a person before.
///
/// # Errors
/// As [`Node::document_for_program`]; `documents-full`.
pub(crate) async fn go(handle: &Handle, id: String, by: Option<String>) -> Result<Response, Told> {
    let place = GOING.try_acquire().map_err(|_none_left| full())?;
    let look = move |node: &mut Node| Ok((node.data_folder(), node.document_for_program(&id, by.as_deref())?));
    let (data, (opening, shown)) = handle.acting(look).await?;
    let (data, opening) = blocking(move || save::check(&data, &opening).map(|()| (data, opening))).await?;
    let (sender, receiver) = mpsc::channel(PIECES_MAX);
    let length = opening.length;
    tokio::task::spawn_blocking(move || {
        let passed = pass(&data, &opening, &sender);
        drop(place);
        if passed.is_err() {
            // The connection ends before the length that was announced.
            sender.blocking_send(Err(io::ErrorKind::ConnectionAborted.into())).ok();
        }
    });
    let kind = Kind::of_media_type(&shown.media_type);
    let name = format!("document-{}.{}", shown.attachment_id, kind.map_or("bin", Kind::ending));
    let media = kind.map_or("application/octet-stream", Kind::media_type);
    let mut response = file(media, &name, Body::new(Passing { receiver, left: length }));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

fn pass(
    data: &std::path::Path,
    opening: &Opening,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> Result<(), DocumentError> {
    save::pass(data, opening, &mut Sending(sender))
}

/// Pieces that go, as a writer on a thread that may wait.
struct Sending<'a>(&'a mpsc::Sender<io::Result<Bytes>>);

impl Write for Sending<'_> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let waits = timeout(PIECE_WAIT, self.0.send(Ok(Bytes::copy_from_slice(piece))));
        match tokio::runtime::Handle::current().block_on(waits) {
            Ok(Ok(())) => Ok(piece.len()),
            // It has gone, or reads no more.
            Ok(Err(_)) | Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A body of a length that is known.
struct Passing {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
}

impl hyper::body::Body for Passing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let passing = self.get_mut();
        passing.receiver.poll_recv(cx).map(|next| {
            next.map(|piece| {
                let piece = piece?;
                passing.left = passing.left.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
                Ok(Frame::data(piece))
            })
        })
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// `html` or `csv`; `?referral=`, or `?since=` and `?until=` in Unix seconds, and `?by=`.
async fn audit(State(handle): State<Handle>, Path(form): Path<String>, RawQuery(query): RawQuery) -> Response {
    match audited(&handle, &form, query.as_deref()).await {
        Ok(response) => response,
        Err(told) => refuse(&told),
    }
}

async fn audited(handle: &Handle, form: &str, query: Option<&str>) -> Result<Response, Told> {
    type Written = fn(&Report) -> String;
    let (write, media, name): (Written, _, _) = match form {
        "html" => (html::page, "text/html; charset=utf-8", "audit.html"),
        "csv" => (csv::table, "text/csv; charset=utf-8", "audit.csv"),
        _ => return Err(Told::usage("this is no form of a report", "ask for html or csv")),
    };
    let second = |name: &str| match parameter(query, name).map(|text| text.parse::<u64>()) {
        None => Ok(None),
        Some(Ok(at)) => Ok(Some(at)),
        Some(Err(_)) => Err(Told::usage("this is no time", "send Unix seconds")),
    };
    let asked = AuditAsked {
        referral: parameter(query, "referral"),
        since: second("since")?,
        until: second("until")?,
        after: None,
        by: parameter(query, "by"),
    };
    let page = |after: Option<String>| {
        let asked = AuditAsked { after, ..asked.clone() };
        handle.core().call(move |node| node.audit(&asked))
    };
    let mut report = Report::of(page(None).await?);
    while let Some(after) = report.next() {
        report.add(page(Some(after)).await?)?;
    }
    Ok(file(media, name, Body::from(write(&report))))
}

/// The evidence of a referral or a message, without content, as the file that anybody verifies.
async fn evidence(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    let exported = handle.core().call(move |node| node.export(&id, false, by.as_deref())).await;
    match exported {
        Ok(exported) => file("application/json", "evidence.json", Body::from(exported.bundle)),
        Err(told) => refuse(&told),
    }
}

/// An answer that is kept and not shown. The name is of letters, digits, points and dashes.
pub(crate) fn file(media: &'static str, name: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let kept = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(CONTENT_DISPOSITION, kept.unwrap_or(HeaderValue::from_static("attachment")));
    response
}
