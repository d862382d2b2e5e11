//! The paths of casework under `/v1/referrals`. What a person typed to search stands in a body, never in a path.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};
use serde::de::DeserializeOwned;

use super::{
    cases::{ActAsked, ListAsked},
    server::{answer, refuse},
};
use crate::{daemon::Handle, error::Told};

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/referrals/list", post(list))
        .route("/v1/referrals/{id}", get(one))
        .route("/v1/referrals/{id}/open", post(open))
        .route("/v1/referrals/{id}/seen", post(seen))
        .route("/v1/referrals/{id}/act", post(act))
        .route("/v1/referrals/{id}/hold", post(hold))
        .route("/v1/referrals/{id}/release-hold", post(release))
        .route("/v1/referrals/{id}/erase", post(erase))
}

/// The body as JSON of the shape that the verb asks for. What is wrong with it is not repeated: it may be about a person.
fn body<T: DeserializeOwned>(bytes: Result<Bytes, BytesRejection>) -> Result<T, Told> {
    let read = bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    read.ok_or_else(|| Told::usage("the body is not what this path takes", "send the members that the API describes"))
}

async fn list(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match body::<ListAsked>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.referrals(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn one(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.referral(&id)).await)
}

async fn open(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.acting(move |node| node.open_referral(&id)).await)
}

async fn seen(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.referral_seen(&id)).await)
}

async fn act(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match body::<ActAsked>(bytes) {
        Ok(asked) => answer(handle.acting(move |node| node.act(&id, &asked)).await),
        Err(told) => refuse(&told),
    }
}

/// The body is the reference.
async fn hold(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    let reference = bytes.ok().and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()).filter(|text| !text.is_empty());
    match reference {
        Some(reference) => answer(handle.core().call(move |node| node.hold_referral(&id, Some(&reference))).await),
        None => refuse(&Told::usage("the reference is missing", "send it as the body")),
    }
}

async fn release(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.hold_referral(&id, None)).await)
}

async fn erase(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.acting(move |node| node.erase_referral(&id)).await)
}
