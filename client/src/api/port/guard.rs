//! Who is let in. A web page is not, whatever it knows; a program is with a token, and acts as the token's person.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode, Uri,
        header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, WWW_AUTHENTICATE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    events,
    once::{self, UnderWay},
    routes::{self, Route, Who},
};
use crate::{
    api::{BODY_BYTES_MAX, files::DOCUMENT, server::refuse_as},
    daemon::{Bearer, Handle},
    error::Told,
    programs::Token,
};

/// What the API is, for programs and for who writes them.
const OPENAPI: &str = include_str!("../../../../docs/openapi.json");

/// Longest time for a request to come whole.
const BODY_WAIT: Duration = Duration::from_secs(60);

/// What a request is judged by.
#[derive(Clone)]
pub(super) struct Gate {
    port: u16,
    pub(super) handle: Handle,
    pub(super) stop: CancellationToken,
    /// What goes on when its request is gone; the end waits for it.
    pub(super) tasks: TaskTracker,
    /// Keys of requests that are being done.
    pub(super) under_way: UnderWay,
    /// Places for who follows.
    pub(super) streams: Arc<Semaphore>,
}

/// A request that is not let in.
pub(super) type Refused = (StatusCode, Told);

/// A request that is let in, whole.
pub(super) struct Admitted {
    pub(super) bearer: Bearer,
    pub(super) route: &'static Route,
    pub(super) parts: Parts,
    pub(super) body: Bytes,
    /// A body that is not read here: a document, which passes piece by piece.
    pub(super) passing: Option<Body>,
}

impl Gate {
    pub(super) fn new(port: u16, handle: Handle, stop: CancellationToken) -> Self {
        let streams = Arc::new(Semaphore::new(events::STREAMS_MAX));
        Self { port, handle, stop, tasks: TaskTracker::new(), under_way: UnderWay::default(), streams }
    }
}

pub(super) async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match admitted(&gate, request).await {
        Ok(admitted) if admitted.route.path == routes::EVENTS => {
            events::stream(gate, admitted.bearer.id, &admitted.parts.headers).await
        }
        Ok(admitted) if admitted.route.path == routes::OPENAPI => {
            ([(CONTENT_TYPE, "application/json")], OPENAPI).into_response()
        }
        Ok(admitted) => once::answered(gate, admitted, next).await,
        Err((status, told)) => {
            let mut refused = refuse_as(status, &told);
            if status == StatusCode::UNAUTHORIZED {
                refused.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            refused
        }
    }
}

async fn admitted(gate: &Gate, request: Request) -> Result<Admitted, Refused> {
    let (parts, body) = request.into_parts();
    no_web_page(gate.port, &parts.uri, &parts.headers)?;
    let bearer = bearer(gate, &parts.headers).await?;
    let nothing = || {
        let remedy = "use the paths of /v1/openapi.json; what is not there is for the socket";
        (StatusCode::NOT_FOUND, Told::refused("unknown-path", "there is nothing at this path", remedy))
    };
    let route = routes::found(&parts.method, parts.uri.path()).ok_or_else(nothing)?;
    if let Some(scope) = route.scope.filter(|scope| !bearer.scopes.has(*scope)) {
        let message = format!("this token is not for '{}'", scope.as_str());
        let told = Told::refused("scope-missing", message, "use a token with that scope: `safeconduct token new`");
        return Err((StatusCode::FORBIDDEN, told));
    }
    let too_long = || {
        let message = "the request is too long or did not come whole";
        (StatusCode::PAYLOAD_TOO_LARGE, Told::refused("too-long", message, "send at most 512 KiB, without a pause"))
    };
    let (body, passing) = if route.path == DOCUMENT {
        (Bytes::new(), Some(body))
    } else {
        let read = tokio::time::timeout(BODY_WAIT, to_bytes(body, BODY_BYTES_MAX)).await;
        (read.ok().and_then(Result::ok).ok_or_else(too_long)?, None)
    };
    let mut admitted = Admitted { bearer, route, parts, body, passing };
    admitted.says_who()?;
    Ok(admitted)
}

/// A name that points here is no way in, and no page of the web is: browsers say from where they ask.
fn no_web_page(port: u16, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let mut hosts = headers.get_all(HOST).iter();
    let is_ours = match (hosts.next(), hosts.next()) {
        (Some(host), None) => ours.iter().any(|name| host.as_bytes() == name.as_bytes()),
        _ => false,
    };
    let from_page = headers.contains_key(ORIGIN)
        || headers.get_all("sec-fetch-site").iter().any(|value| value.as_bytes() != b"none");
    if is_ours && uri.authority().is_none() && !from_page {
        return Ok(());
    }
    let told = Told::refused(
        "foreign-origin",
        "this is for programs of this machine, not for web pages",
        format!("ask http://127.0.0.1:{port} without Origin and Sec-Fetch-Site"),
    );
    Err((StatusCode::FORBIDDEN, told))
}

/// Whose token the request bears. A token that is missing, wrong or ended is answered alike.
async fn bearer(gate: &Gate, headers: &HeaderMap) -> Result<Bearer, Refused> {
    let refused = || {
        let remedy = "send `Authorization: Bearer TOKEN`; `safeconduct token new` makes one";
        (StatusCode::UNAUTHORIZED, Told::refused("not-admitted", "no program with this token is admitted", remedy))
    };
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (Some(sent), None) = (sent.next(), sent.next()) else { return Err(refused()) };
    let (scheme, text) = sent.to_str().ok().and_then(|sent| sent.split_once(' ')).ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let token = Token::read(text.trim()).ok_or_else(refused)?;
    let found = gate.handle.core().call(move |node| node.bearer(&token)).await;
    found.map_err(|told| (StatusCode::SERVICE_UNAVAILABLE, told))?.ok_or_else(refused)
}

impl Admitted {
    /// Puts the token's person where the path is told who acts.
    ///
    /// # Errors
    /// When the program names somebody else.
    fn says_who(&mut self) -> Result<(), Refused> {
        let by = self.bearer.by.as_deref();
        let query = self.parts.uri.query().unwrap_or_default();
        let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        let named = |pair: &&str| pair.strip_prefix("by=").is_some_and(|name| Some(name) != by);
        if pairs.iter().any(named) {
            return Err(another());
        }
        // Evidence with its content would show it to whoever has the token, without a word about who looks.
        let no_content = self.route.path.starts_with("/v1/evidence/");
        pairs.retain(|pair| !pair.starts_with("by="));
        pairs.retain(|pair| !(no_content && pair.starts_with("content=")));
        let said = by.filter(|_| self.route.who == Who::Query).map(|by| format!("by={by}"));
        pairs.extend(said.as_deref());
        let path = format!("{}?{}", self.parts.uri.path(), pairs.join("&"));
        if self.route.who == Who::Body {
            self.body = body_of(by, &self.body)?;
            self.parts.headers.remove(CONTENT_LENGTH);
        }
        self.parts.uri = path.parse().map_err(|_not_a_path| {
            (StatusCode::BAD_REQUEST, Told::usage("this path cannot be read", "use the paths of /v1/openapi.json"))
        })?;
        Ok(())
    }
}

/// The same body with this person in it. What is no object is left for the path itself to refuse.
fn body_of(by: Option<&str>, body: &Bytes) -> Result<Bytes, Refused> {
    let Ok(Value::Object(mut members)) = serde_json::from_slice::<Value>(body) else { return Ok(body.clone()) };
    match members.remove("by") {
        Some(Value::Null) | None => {}
        Some(named) if named.as_str().is_some_and(|named| Some(named) == by) => {}
        Some(_) => return Err(another()),
    }
    if let Some(by) = by {
        members.insert("by".to_owned(), Value::String(by.to_owned()));
    }
    serde_json::to_vec(&members).map(Bytes::from).map_err(|_not_text| {
        (
            StatusCode::BAD_REQUEST,
            Told::usage("the body is not what this path takes", "send the members of /v1/openapi.json"),
        )
    })
}

fn another() -> Refused {
    let message = "the token says who acts, and the request names somebody else";
    (StatusCode::FORBIDDEN, Told::refused("by-another", message, "leave `by` out, or use that person's token"))
}
