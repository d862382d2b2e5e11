//! The paths of casework under `/v1/referrals`. What a person typed to search stands in a body, never in a path.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};
use safeconduct_protocol::id::AgencyId;
use zeroize::Zeroizing;

use super::{
    cases::{ActAsked, Asked, FormAsked, KeepAsked, ListAsked, OpenAsked, Withdrawn},
    posts::{PostAsked, Posted},
    server::{answer, asked, parameter, refuse},
};
use crate::{
    daemon::{Handle, HowAsked, Node},
    error::Told,
};

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/referrals/list", post(list))
        .route("/v1/referrals/{id}", get(one))
        .route("/v1/referrals/{id}/open", post(open))
        .route("/v1/referrals/{id}/act", post(act))
        .route("/v1/referrals/{id}/keep", post(keep))
        .route("/v1/referrals/{id}/new-from", post(new_from))
        .route("/v1/referrals/{id}/posts", get(posts).post(say))
        .route("/v1/enquire", post(enquire))
        .route("/v1/drafts/{id}/send", post(send_draft))
        .route("/v1/consents/{id}/withdraw", post(withdraw))
}

async fn list(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<ListAsked>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.referrals(&asked)).await),
        Err(told) => refuse(&told),
    }
}

/// `?by=`: a pseudonym, never a name.
async fn one(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.referral(&id, by.as_deref())).await)
}

async fn open(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<OpenAsked>(bytes) {
        Ok(asked) => answer(handle.acting(move |node| node.open_referral(&id, &asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn act(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<ActAsked>(bytes) {
        Ok(asked) => answer(handle.acting(move |node| node.act(&id, &asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn keep(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<KeepAsked>(bytes) {
        Ok(asked) => answer(handle.acting(move |node| node.keep_referral(&id, &asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn new_from(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.new_from(&id, by.as_deref())).await)
}

fn agencies(asked: &FormAsked) -> Result<Vec<AgencyId>, Told> {
    let parsed = asked.to.iter().map(|text| text.parse::<AgencyId>()).collect::<Result<_, _>>();
    parsed.map_err(|error| Told::usage(error.to_string(), "see `safeconduct directory` for the agencies"))
}

async fn enquire(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    let asked = asked::<FormAsked>(bytes).and_then(|asked| agencies(&asked).map(|to| (to, asked)));
    let (to, asked) = match asked {
        Ok(asked) => asked,
        Err(told) => return refuse(&told),
    };
    let form = Zeroizing::new(asked.form.map(|form| form.to_string().into_bytes()).unwrap_or_default());
    let job = move |node: &mut Node| {
        let how = HowAsked { key: asked.key.as_deref(), with: asked.with.as_deref() };
        node.enquire(&form, &to, asked.by.as_deref(), &how).map(|sent| Asked { daemon: true, ..sent })
    };
    answer(handle.acting(job).await)
}

async fn send_draft(
    State(handle): State<Handle>,
    Path(id): Path<String>,
    bytes: Result<Bytes, BytesRejection>,
) -> Response {
    let asked = asked::<FormAsked>(bytes).and_then(|asked| agencies(&asked).map(|to| (to, asked)));
    let (to, asked) = match asked {
        Ok(asked) => asked,
        Err(told) => return refuse(&told),
    };
    let job = move |node: &mut Node| {
        node.send_draft(&id, &to, asked.by.as_deref()).map(|sent| Asked { daemon: true, ..sent })
    };
    answer(handle.acting(job).await)
}

async fn withdraw(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    let job = move |node: &mut Node| {
        node.withdraw_consent(&id, by.as_deref()).map(|reached| Withdrawn { daemon: true, ..reached })
    };
    answer(handle.acting(job).await)
}

async fn posts(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.posts(&id, by.as_deref())).await)
}

async fn say(State(handle): State<Handle>, Path(id): Path<String>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<PostAsked>(bytes) {
        Ok(asked) => {
            answer(handle.acting(move |node| node.post(&id, &asked).map(|said| Posted { daemon: true, ..said })).await)
        }
        Err(told) => refuse(&told),
    }
}
