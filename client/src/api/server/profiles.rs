//! The path of country profiles.

use axum::{
    Router,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
    routing::post,
};

use super::{answer, asked, refuse};
use crate::{api::profiles::InstallProfile, daemon::Handle};

pub(super) fn routes() -> Router<Handle> {
    Router::new().route("/v1/profiles", post(install))
}

async fn install(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<InstallProfile>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.install_profile(&asked)).await),
        Err(told) => refuse(&told),
    }
}
