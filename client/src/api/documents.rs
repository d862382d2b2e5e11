//! Documents of referrals: what is asked and answered, and their paths.

use std::path::PathBuf;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use super::server::{answer, asked, parameter, refuse};
use crate::{
    daemon::{Handle, HeldGauge},
    documents::{DocumentError, Metadata, attach},
    error::Told,
};

/// A document to be attached to a referral that lists it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachAsked {
    /// The attachment's id in the referral.
    pub attachment: String,
    /// The file, from the root folder on.
    pub path: PathBuf,
    /// Take out of a picture what is not the picture.
    #[serde(default)]
    pub strip_metadata: bool,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl AttachAsked {
    /// What becomes of what a picture says about itself.
    #[must_use]
    pub const fn metadata(&self) -> Metadata {
        if self.strip_metadata { Metadata::Removed } else { Metadata::Kept }
    }
}

/// Where a document is to be written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveAsked {
    /// The file to make, from the root folder on.
    pub path: PathBuf,
    /// Who looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why a supervisor looks at what is for its own caseworker only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Who does it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchAsked {
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// One document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DocumentShown {
    /// What names it on this machine.
    pub id: String,
    /// The referral's id.
    pub referral_id: String,
    /// Its id in the referral.
    pub attachment_id: String,
    /// Whether it came; else it was sent.
    pub received: bool,
    /// Its title.
    pub title: String,
    /// The section whose readers may read it.
    pub section: String,
    /// What it is.
    pub media_type: String,
    /// Its bytes.
    pub size_bytes: u64,
    /// Bytes of it that are put, or here, as far as was noted last.
    pub done_bytes: u64,
    /// `waiting`, `stored`, `wanted`, `held`, `broken`, `gone`, `failed` or `erased`.
    pub state: String,
    /// Why it does not move, or did not.
    pub reason: Option<String>,
}

/// The documents of a referral.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Documents {
    /// Oldest first.
    pub documents: Vec<DocumentShown>,
}

/// A document was written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    /// Its bytes.
    pub size_bytes: u64,
}

/// How far work on a file is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Gauged {
    /// Bytes that are done.
    pub done_bytes: u64,
    /// All of them; 0 before it has begun.
    pub whole_bytes: u64,
}

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/referrals/{id}/documents", post(attached).get(list))
        .route("/v1/documents/{id}/fetch", post(fetch))
        .route("/v1/documents/{id}/save", post(save))
}

/// Looking on while something goes on: whoever does it is perhaps not there.
pub(super) fn glances() -> Router<Handle> {
    Router::new().route("/v1/documents/{id}", get(one)).route("/v1/gauges/{name}", get(gauge))
}

/// Work with files, on a thread that may wait.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DocumentError> + Send + 'static,
) -> Result<T, Told> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_ended| DocumentError::File(std::io::ErrorKind::Interrupted))??)
}

/// `?by=`: a pseudonym, never a name.
async fn list(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.referral_documents(&id, by.as_deref())).await)
}

/// `?by=`: a pseudonym, never a name.
async fn one(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.shown_document(&id, by.as_deref())).await)
}

async fn gauge(State(handle): State<Handle>, Path(name): Path<String>) -> Response {
    answer(handle.gauged(&name).map(|(done_bytes, whole_bytes)| Gauged { done_bytes, whole_bytes }))
}

/// `?gauge=`: the name under which it can be seen how far it is.
async fn attached(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    bytes: Result<Bytes, BytesRejection>,
) -> Response {
    let gauge = handle.gauge(parameter(query.as_deref(), "gauge"));
    answer(attach_one(&handle, id, gauge, bytes).await)
}

async fn attach_one(
    handle: &Handle,
    id: String,
    gauge: HeldGauge,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<DocumentShown, Told> {
    let asked: AttachAsked = asked(bytes)?;
    let (attachment, by) = (asked.attachment.clone(), asked.by.clone());
    let plan = handle.core().call(move |node| node.plan_document(&id, &attachment, by.as_deref())).await?;
    let seal = move || attach::attach(plan, &asked.path, asked.metadata(), gauge.gauge());
    let fresh = blocking(seal).await?;
    handle.acting(move |node| node.attach_document(fresh)).await
}

async fn fetch(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<FetchAsked>(bytes) {
        Ok(asked) => answer(handle.acting(move |node| node.fetch_document(&id, asked.by.as_deref())).await),
        Err(told) => refuse(&told),
    }
}

/// `?gauge=`: the name under which it can be seen how far it is.
async fn save(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    bytes: Result<Bytes, BytesRejection>,
) -> Response {
    let gauge = handle.gauge(parameter(query.as_deref(), "gauge"));
    answer(save_one(&handle, id, gauge, bytes).await)
}

async fn save_one(
    handle: &Handle,
    id: String,
    gauge: HeldGauge,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Saved, Told> {
    let asked: SaveAsked = asked(bytes)?;
    let path = asked.path.clone();
    let look = move |node: &mut crate::daemon::Node| Ok((node.data_folder(), node.look_at_document(&id, &asked)?));
    // A first look is told to the sender.
    let (data, opening) = handle.acting(look).await?;
    blocking(move || {
        attach::hand_over(&data, &opening, &path, gauge.gauge())?;
        Ok(Saved { size_bytes: opening.length })
    })
    .await
}
