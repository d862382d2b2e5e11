//! Paths of reports and of the exchange with other case management.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};

use super::{answer, parameter, refuse};
use crate::{daemon::Handle, error::Told, htcds::write::WhoTheyAre};

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/reports", get(state))
        .route("/v1/reports/schedule", post(schedule))
        .route("/v1/reports/given", post(take))
        .route("/v1/reports/{period}", get(show))
        .route("/v1/reports/{period}/computed", get(compute))
        .route("/v1/reports/{period}/release", post(release))
        .route("/v1/reports/{period}/national", get(national))
        .route("/v1/export", get(export))
}

async fn state(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.reports(None, None)).await)
}

async fn schedule(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let on = match parameter(query.as_deref(), "on").as_deref() {
        Some("true") => true,
        Some("false") => false,
        _ => return refuse(&Told::usage("on or off is missing", "add ?on=true or ?on=false")),
    };
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.reports(Some(on), by.as_deref())).await)
}

/// The body is the report.
async fn take(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    match body {
        Ok(body) => answer(handle.core().call(move |node| node.report_take(&body)).await),
        Err(_too_long) => refuse(&Told::refused("too-long", "this is too long for a report", "name the right file")),
    }
}

async fn show(State(handle): State<Handle>, Path(period): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.report_show(&period)).await)
}

async fn compute(State(handle): State<Handle>, Path(period): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.report_compute(&period)).await)
}

async fn release(State(handle): State<Handle>, Path(period): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.report_release(&period, by.as_deref())).await)
}

async fn national(State(handle): State<Handle>, Path(period): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.report_national(&period)).await)
}

async fn export(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let of = |name: &str| parameter(query.as_deref(), name);
    let after = of("after").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    // Who they are is told only when that is asked for.
    let who = if of("identity").as_deref() == Some("true") { WhoTheyAre::Told } else { WhoTheyAre::LeftOut };
    let (period, by) = (of("period"), of("by"));
    answer(handle.core().call(move |node| node.export_page(after, period.as_deref(), who, by.as_deref())).await)
}
