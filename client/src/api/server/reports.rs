//! Paths of reports and of the exchange with other case management.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State, rejection::BytesRejection},
    response::Response,
    routing::{get, post},
};

use super::{answer, asked, parameter, refuse};
use crate::{
    api::travelling::{AgreeAsked, EndAsked, SetAsideAsked},
    daemon::Handle,
    error::Told,
    htcds::write::WhoTheyAre,
};

pub(super) fn routes() -> Router<Handle> {
    Router::new()
        .route("/v1/reports", get(state))
        .route("/v1/reports/schedule", post(schedule))
        .route("/v1/reports/given", post(take))
        .route("/v1/reports/received", get(received))
        .route("/v1/reports/received/set-aside", post(set_aside))
        .route("/v1/reports/{period}/send", post(send))
        .route("/v1/report-agreements", get(travelling).post(agree))
        .route("/v1/report-agreements/end", post(end))
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

async fn send(State(handle): State<Handle>, Path(period): Path<String>, RawQuery(query): RawQuery) -> Response {
    let by = parameter(query.as_deref(), "by");
    answer(handle.acting(move |node| node.report_send(&period, by.as_deref())).await)
}

/// `?period=`: of one period alone.
async fn received(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let period = parameter(query.as_deref(), "period");
    answer(handle.core().call(move |node| node.report_received(period.as_deref())).await)
}

async fn set_aside(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<SetAsideAsked>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.report_set_aside(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn travelling(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.travelling()).await)
}

async fn agree(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<AgreeAsked>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.report_agree(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn end(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<EndAsked>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.report_end(&asked)).await),
        Err(told) => refuse(&told),
    }
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
