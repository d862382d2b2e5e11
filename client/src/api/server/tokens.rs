//! The paths about tokens, on the socket alone.

use axum::{
    Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};

use super::{answer, asked, refuse};
use crate::{
    api::tokens::{EndToken, NewToken},
    daemon::Handle,
};

pub(super) fn routes() -> Router<Handle> {
    Router::new().route("/v1/tokens", get(list).post(new)).route("/v1/tokens/end", post(end))
}

async fn list(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.tokens()).await)
}

async fn new(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked::<NewToken>(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.new_token(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn end(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked::<EndToken>(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.end_token(&asked.name)).await),
        Err(told) => refuse(&told),
    }
}
