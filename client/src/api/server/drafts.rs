//! The paths about drafts.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    response::Response,
    routing::get,
};
use safeconduct_protocol::id::AgencyId;

use super::{answer, parameter, recipient, refuse};
use crate::{daemon::Handle, error::Told};

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/drafts", get(list).post(new))
        .route("/v1/drafts/{draft}", get(show).put(edit).delete(discard))
}

fn by(query: Option<&str>) -> Option<String> {
    parameter(query, "by")
}

/// The recipient, where one is named.
fn to(query: Option<&str>) -> Result<Option<AgencyId>, Told> {
    if parameter(query, "to").is_some() { recipient(query).map(Some) } else { Ok(None) }
}

fn content(body: Result<Bytes, BytesRejection>) -> Result<Vec<u8>, Told> {
    let body = body.map(|body| body.to_vec()).ok();
    body.ok_or_else(|| Told::refused("too-long", "the request is too long for a draft", "shorten its texts"))
}

async fn list(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let by = by(query.as_deref());
    answer(handle.core().call(move |node| node.drafts(by.as_deref())).await)
}

async fn new(State(handle): State<Handle>, RawQuery(query): RawQuery, body: Result<Bytes, BytesRejection>) -> Response {
    let by = by(query.as_deref());
    match to(query.as_deref()).and_then(|to| Ok((to, content(body)?))) {
        Ok((to, form)) => {
            answer(handle.core().call(move |node| node.new_draft(&form, to.as_ref(), by.as_deref())).await)
        }
        Err(told) => refuse(&told),
    }
}

async fn show(State(handle): State<Handle>, Path(draft): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = by(query.as_deref());
    let with_content = parameter(query.as_deref(), "content").is_some_and(|value| value == "true");
    answer(handle.core().call(move |node| node.show_draft(&draft, with_content, by.as_deref())).await)
}

async fn edit(
    State(handle): State<Handle>,
    Path(draft): Path<String>,
    RawQuery(query): RawQuery,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let by = by(query.as_deref());
    match to(query.as_deref()).and_then(|to| Ok((to, content(body)?))) {
        Ok((to, form)) => {
            answer(handle.core().call(move |node| node.edit_draft(&draft, &form, to.as_ref(), by.as_deref())).await)
        }
        Err(told) => refuse(&told),
    }
}

async fn discard(State(handle): State<Handle>, Path(draft): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = by(query.as_deref());
    answer(handle.core().call(move |node| node.discard_draft(&draft, by.as_deref())).await)
}
