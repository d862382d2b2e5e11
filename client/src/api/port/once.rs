//! The same request with the same idempotency key is done once, and answered byte for byte alike, over restarts too.

use std::{collections::BTreeSet, sync::PoisonError};

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use safeconduct_protocol::crypto::hash::sha256;

use super::guard::{Admitted, Gate, Refused};
use crate::{
    api::server::{idempotency_key, refuse_as},
    daemon::{Handle, Named},
    error::Told,
    programs::answers::{Before, Keyed},
};

/// Longest answer that is kept, in bytes.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The header.
const KEY: &str = "idempotency-key";
/// Answers that say that nothing was done, and that it may go later.
const NOTHING_DONE: [&str; 3] = ["locked", "not-enrolled", "registry-missing"];

/// Keys of requests that are being done.
pub(super) type UnderWay = std::sync::Arc<std::sync::Mutex<BTreeSet<[u8; 32]>>>;

/// A key under way, until it is dropped.
struct Mark(UnderWay, [u8; 32]);

impl Mark {
    fn set(under_way: &UnderWay, key: [u8; 32]) -> Option<Self> {
        let is_new = under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(key);
        is_new.then(|| Self(std::sync::Arc::clone(under_way), key))
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}

/// Does what is asked; once, if it has a key.
pub(super) async fn answered(gate: Gate, mut admitted: Admitted, next: Next) -> Response {
    let keyed = match keyed(&admitted) {
        Ok(Some(keyed)) => keyed,
        Ok(None) => return next.run(admitted.request()).await,
        Err(told) => return refuse_as(StatusCode::BAD_REQUEST, &told),
    };
    let Some(mark) = Mark::set(&gate.under_way, keyed.key) else {
        let told =
            Told::unreachable("key-in-use", "a request with this key is being answered", "ask again in a moment");
        return refuse_as(StatusCode::CONFLICT, &told);
    };
    if let Err((status, told)) = gate.handle.lock().look().map_err(|told| (StatusCode::SERVICE_UNAVAILABLE, told)) {
        return refuse_as(status, &told);
    }
    let about = admitted.about();
    let begun = gate.handle.core().call(move |node| node.begin_answer(&keyed, about.as_ref())).await;
    match begun {
        Ok(Before::New) => {}
        Ok(Before::Answered(status, body)) => return kept(status, body),
        // The outbox knows the key, too, and sends once.
        Ok(Before::Unknown) if admitted.route.path == "/v1/send" => {}
        Ok(other) => {
            let (status, told) = not_again(&other);
            return refuse_as(status, &told);
        }
        Err(told) => return refuse_as(StatusCode::SERVICE_UNAVAILABLE, &told),
    }
    if let Ok(key) = HeaderValue::from_str(&hex(&keyed.key)) {
        admitted.parts.headers.insert(KEY, key);
    }
    // A program that goes away meanwhile hears the end when it asks again.
    let tasks = gate.tasks.clone();
    let done = tasks.spawn(async move {
        let answered = note(&gate.handle, keyed, next.run(admitted.request()).await).await;
        drop(mark);
        answered
    });
    done.await.unwrap_or_else(|_ended| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn keyed(admitted: &Admitted) -> Result<Option<Keyed>, Told> {
    if admitted.route.method != "POST" {
        return Ok(None);
    }
    let Some(text) = idempotency_key(&admitted.parts.headers)? else { return Ok(None) };
    let path = admitted.parts.uri.to_string();
    let token = admitted.bearer.id;
    Ok(Some(Keyed {
        token,
        key: sha256(&[&token, text.as_bytes()]),
        request: sha256(&[path.as_bytes(), b"\n", &admitted.body]),
    }))
}

fn not_again(before: &Before) -> Refused {
    match before {
        Before::Another => {
            let message = "another request was asked with this idempotency key";
            (
                StatusCode::UNPROCESSABLE_ENTITY,
                Told::refused("key-reused", message, "make a new key for each thing to do"),
            )
        }
        Before::Full => {
            let remedy = "leave the key out, or wait: each is kept for seven days";
            (StatusCode::UNPROCESSABLE_ENTITY, Told::refused("keys-full", "too many idempotency keys are kept", remedy))
        }
        Before::New | Before::Answered(..) | Before::Unknown => {
            let message = "this was asked before, and how it ended was not noted";
            let remedy = "look whether it was done; if it was not, ask with another key";
            (StatusCode::CONFLICT, Told::refused("outcome-unknown", message, remedy))
        }
    }
}

/// Notes the answer. What does not say how it ended is not noted.
async fn note(handle: &Handle, keyed: Keyed, response: Response) -> Response {
    let status = response.status();
    if response.body().size_hint().upper().is_none_or(|bytes| bytes > ANSWER_BYTES_MAX as u64) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, ANSWER_BYTES_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let noted = body.clone();
    if status.is_success() || status.is_client_error() {
        let job = move |node: &mut crate::daemon::Node| node.end_answer(&keyed, Some((status.as_u16(), &noted)));
        handle.core().call(job).await.ok();
    } else if says_nothing_done(&body) {
        handle.core().call(move |node| node.end_answer(&keyed, None)).await.ok();
    }
    Response::from_parts(parts, Body::from(body))
}

fn says_nothing_done(body: &[u8]) -> bool {
    let answer = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
    answer.pointer("/error/code").and_then(|code| code.as_str()).is_some_and(|code| NOTHING_DONE.contains(&code))
}

fn kept(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |text, byte| format!("{text}{byte:02x}"))
}

impl Admitted {
    /// The request, to be done.
    pub(super) fn request(self) -> Request {
        Request::from_parts(self.parts, self.passing.unwrap_or_else(|| Body::from(self.body)))
    }

    /// The referral, or the document of one, that the path names.
    fn about(&self) -> Option<Named> {
        about(self.route.path, self.parts.uri.path())
    }
}

fn about(route: &str, path: &str) -> Option<Named> {
    let named = path.split('/').nth(3)?.to_owned();
    if route.starts_with("/v1/referrals/{id}") {
        Some(Named::Referral(named))
    } else if route.starts_with("/v1/documents/{id}") {
        Some(Named::Document(named))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::port::routes::ROUTES;

    #[test]
    fn every_kept_answer_about_a_referral_or_a_document_of_one_names_it() {
        let named = |route: &str| about(route, &route.replace("{id}", "0a1b"));
        assert_eq!(named("/v1/referrals/{id}/open"), Some(Named::Referral("0a1b".to_owned())));
        assert_eq!(named("/v1/documents/{id}/fetch"), Some(Named::Document("0a1b".to_owned())));
        assert_eq!(named("/v1/consents/{id}/withdraw"), None);
        for route in ROUTES.iter().filter(|route| route.method == "POST") {
            let is_of_one = ["/v1/referrals/{", "/v1/documents/{"].iter().any(|under| route.path.starts_with(under));
            assert_eq!(named(route.path).is_some(), is_of_one, "{}", route.path);
        }
    }
}
