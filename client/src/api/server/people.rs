//! The paths about people.

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};

use super::{answer, asked, parameter, refuse};
use crate::daemon::Handle;

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/people", get(people).post(add))
        .route("/v1/people/end", post(end))
        .route("/v1/people/roles", post(roles))
        .route("/v1/people/secret", post(secret))
        .route("/v1/people/confirm", post(confirm))
}

async fn people(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let ended = parameter(query.as_deref(), "ended").is_some_and(|value| value == "true");
    answer(handle.core().call(move |node| node.people(ended)).await)
}

async fn add(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.add_person(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn end(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.end_person(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn roles(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.set_person_roles(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn secret(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.set_person_secret(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn confirm(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match asked(body) {
        Ok(asked) => answer(handle.core().call(move |node| node.confirm(&asked)).await),
        Err(told) => refuse(&told),
    }
}
