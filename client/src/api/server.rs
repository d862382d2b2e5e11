//! Serves the verbs on the socket. Bodies are bounded, every answer is `{ok, data | error}`, and nothing waits for ever.

mod drafts;
mod people;
mod profiles;

use std::{
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path as FilePath, PathBuf},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, RawQuery, Request, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use safeconduct_protocol::id::AgencyId;
use serde::{Serialize, de::DeserializeOwned};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{BODY_BYTES_MAX, SOCKET_FILE, casework, documents, files, found::SearchFor, page::Page};
use crate::{
    daemon::{Handle, Paper, Yes},
    enrol,
    error::Told,
    exit::Exit,
};

mod reports;
mod tokens;

/// Longest time for one request, in seconds; `ping` has its own.
const ANSWER_S_MAX: u64 = 60;

/// Longest wait that a ping may ask for, in seconds.
const PING_WAIT_S_MAX: u64 = 3_600;

/// Longest idempotency key, in bytes.
const IDEMPOTENCY_KEY_BYTES_MAX: usize = 128;

/// The bound socket; its file goes when this is dropped.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Binds `data/daemon.sock` for this user alone. The caller holds the vault's lock, so a socket file that is there is
    /// a dead daemon's.
    ///
    /// # Errors
    /// What the system says.
    pub fn bind(data: &FilePath) -> io::Result<Self> {
        let path = data.join(SOCKET_FILE);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// Serves until `stop`, then lets running requests end.
    ///
    /// # Errors
    /// What the system says of the listener.
    pub async fn serve(self, handle: Handle, stop: CancellationToken) -> io::Result<()> {
        let guard = SocketFile(self.path);
        let served = axum::serve(self.listener, routes(handle, Door::Socket))
            .with_graceful_shutdown(stop.cancelled_owned())
            .await;
        drop(guard);
        served
    }
}

struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

/// Whether a daemon listens on the socket in `data`.
pub async fn listens(data: &FilePath) -> bool {
    UnixStream::connect(data.join(SOCKET_FILE)).await.is_ok()
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Door {
    /// Persons, over the socket: what they ask puts the lock off.
    Socket,
    /// Programs, over TCP: a program that asks by itself does not keep reading open.
    Port,
}

/// Every path of the local API.
pub(super) fn routes(handle: Handle, door: Door) -> Router {
    let persons = Router::new()
        .route("/v1/inbox", get(inbox))
        .route("/v1/messages/{id}", get(message))
        .route("/v1/messages/{id}/again", post(again))
        .route("/v1/messages/{id}/seen", post(seen))
        .route("/v1/send", post(send))
        .route("/v1/receipts/{id}", get(receipts))
        .route("/v1/directory", get(directory))
        .route("/v1/directory/search", post(search))
        .route("/v1/directory/{agency}", get(agency))
        .route("/v1/resend", get(resend_list).post(resend))
        .route("/v1/evidence", get(evidence_list))
        .route("/v1/evidence/{id}", get(evidence))
        .route("/v1/audit", post(audit))
        .route("/v1/keys", get(keys))
        .route("/v1/keys/rotate", post(rotate))
        .route("/v1/keys/succeed", post(succeed))
        .route("/v1/keys/rotate-tls", post(rotate_tls))
        .route("/v1/keys/forget", post(forget))
        .merge(casework::routes())
        .merge(documents::routes())
        .merge(people::routes())
        .merge(profiles::routes())
        .merge(drafts::routes())
        .merge(reports::routes())
        .merge(tokens::routes())
        .layer(middleware::from_fn(bounded));
    let waits = Router::new().route("/v1/ping", post(ping));
    let locked = middleware::from_fn_with_state((handle.clone(), door), open_to_persons);
    // Whoever only looks on does not keep reading open.
    let looked_on = middleware::from_fn_with_state((handle.clone(), Door::Port), open_to_persons);
    let glances = documents::glances().layer(middleware::from_fn(bounded)).route_layer(looked_on);
    let quick = Router::new()
        .route("/health", get(health))
        .route("/v1/status", get(status))
        .route("/v1/doctor", get(doctor))
        .route("/v1/registry/proof", get(fork_proof))
        .route("/v1/page", get(page_at))
        .route("/v1/lock", post(lock))
        .route("/v1/unlock", post(unlock))
        .layer(middleware::from_fn(bounded));
    Router::new()
        .merge(persons.merge(waits).merge(files::routes()).route_layer(locked))
        .merge(glances)
        .merge(quick)
        .route("/v1/backup", post(backup))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(handle)
}

async fn page_at(State(handle): State<Handle>) -> Response {
    std::future::ready(answer(handle.page())).await
}

async fn bounded(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(Duration::from_secs(ANSWER_S_MAX), next.run(request)).await;
    answer
        .unwrap_or_else(|_elapsed| refuse(&Told::unreachable("slow", "the daemon did not answer in time", "try again")))
}

/// What persons read and do waits while reading is locked.
async fn open_to_persons(State((handle, door)): State<(Handle, Door)>, request: Request, next: Next) -> Response {
    let open = match door {
        Door::Socket => handle.lock().pass(),
        Door::Port => handle.lock().look(),
    };
    match open {
        Ok(()) => next.run(request).await,
        Err(told) => refuse(&told),
    }
}

#[derive(Serialize)]
struct Good<T> {
    ok: bool,
    data: T,
}

#[derive(Serialize)]
struct Bad<'a> {
    ok: bool,
    error: &'a Told,
}

pub(super) fn answer<T: Serialize>(answered: Result<T, Told>) -> Response {
    match answered {
        Ok(data) => json(StatusCode::OK, &Good { ok: true, data }),
        Err(told) => refuse(&told),
    }
}

pub(super) fn refuse(told: &Told) -> Response {
    let status = match (told.code.as_str(), told.exit()) {
        (
            "unknown-message" | "unknown-path" | "unknown-agency" | "unknown-referral" | "unknown-draft"
            | "unknown-document",
            _,
        ) => StatusCode::NOT_FOUND,
        (_, Exit::Usage) => StatusCode::BAD_REQUEST,
        (_, Exit::Refused) => StatusCode::UNPROCESSABLE_ENTITY,
        (_, Exit::NotReady) => StatusCode::SERVICE_UNAVAILABLE,
        (_, Exit::Unreachable) => StatusCode::GATEWAY_TIMEOUT,
        (_, Exit::Tampering) => StatusCode::CONFLICT,
        (_, Exit::Done) => StatusCode::OK,
    };
    refuse_as(status, told)
}

/// The same with this status.
pub(super) fn refuse_as(status: StatusCode, told: &Told) -> Response {
    json(status, &Bad { ok: false, error: told })
}

fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => (status, [(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_not_serialisable) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The body as JSON of the shape that is asked for. What is wrong with it is not repeated: it may be about a person.
pub(super) fn asked<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Told> {
    let read = body.ok().and_then(|body| serde_json::from_slice(&body).ok());
    read.ok_or_else(|| Told::usage("the body is not what this path takes", "send the members that the API describes"))
}

/// The value of `name` in a query. Values here are ids and numbers: nothing that needs percent signs is valid anyway.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    query?.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v.to_owned())
}

fn recipient(query: Option<&str>) -> Result<AgencyId, Told> {
    let text = parameter(query, "to").ok_or_else(|| Told::usage("the recipient is missing", "add ?to=AGENCY"))?;
    text.parse().map_err(|error: safeconduct_protocol::id::NotAnAgencyId| {
        Told::usage(error.to_string(), "see `safeconduct directory` for the agencies")
    })
}

async fn nothing_here() -> Response {
    refuse(&Told::refused("unknown-path", "there is nothing at this path", "use the paths under /v1"))
}

#[derive(Serialize)]
struct Healthy {
    ready: bool,
}

async fn health(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|_node| Ok(Healthy { ready: true })).await)
}

async fn status(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    match page(query.as_deref()) {
        Ok(page) => answer(handle.status(parameter(query.as_deref(), "message"), page).await),
        Err(told) => refuse(&told),
    }
}

async fn inbox(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    match page(query.as_deref()) {
        Ok(page) => answer(handle.core().call(move |node| node.inbox_page(page)).await),
        Err(told) => refuse(&told),
    }
}

/// `after=` and `limit=`.
fn page(query: Option<&str>) -> Result<Page, Told> {
    Page::of(parameter(query, "after").as_deref(), parameter(query, "limit").as_deref())
}

async fn message(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.acting(move |node| node.show(&id)).await)
}

async fn again(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.send_again(id).await)
}

async fn seen(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.seen(&id)).await)
}

async fn receipts(State(handle): State<Handle>, Path(id): Path<String>) -> Response {
    answer(handle.core().call(move |node| node.receipts(&id)).await)
}

async fn directory(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.directory()).await)
}

async fn search(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    let wanted = body.ok().and_then(|body| serde_json::from_slice::<SearchFor>(&body).ok());
    let Some(wanted) = wanted else {
        return refuse(&Told::usage("this is no search of the directory", "send the members that the API describes"));
    };
    answer(handle.core().call(move |node| node.search(&wanted)).await)
}

async fn agency(State(handle): State<Handle>, Path(agency): Path<String>) -> Response {
    match agency.parse::<AgencyId>() {
        Ok(agency) => answer(handle.core().call(move |node| node.show_agency(&agency)).await),
        Err(error) => refuse(&Told::usage(error.to_string(), "see `safeconduct directory` for the agencies")),
    }
}

async fn doctor(State(handle): State<Handle>) -> Response {
    answer(handle.doctor().await)
}

async fn evidence(State(handle): State<Handle>, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let with_content = parameter(query.as_deref(), "content").is_some_and(|value| value == "true");
    let by = parameter(query.as_deref(), "by");
    answer(handle.core().call(move |node| node.export(&id, with_content, by.as_deref())).await)
}

/// `?referral=` or `?after=`.
async fn evidence_list(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let (referral, after) = (parameter(query.as_deref(), "referral"), parameter(query.as_deref(), "after"));
    answer(handle.core().call(move |node| node.evidence_list(referral.as_deref(), after.as_deref())).await)
}

/// A page of the auditor's report. Who asks stands in the body by pseudonym, never by name.
async fn audit(State(handle): State<Handle>, bytes: Result<Bytes, BytesRejection>) -> Response {
    match asked::<super::audit::AuditAsked>(bytes) {
        Ok(asked) => answer(handle.core().call(move |node| node.audit(&asked)).await),
        Err(told) => refuse(&told),
    }
}

async fn keys(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.keys()).await)
}

async fn rotate(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let new = parameter(query.as_deref(), "paper").is_some_and(|value| value == "new");
    answer(handle.renew_keys(Yes::IdentityKey, if new { Paper::New } else { Paper::Stays }).await)
}

async fn succeed(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    let typed = body.ok().and_then(|body| String::from_utf8(body.to_vec()).ok()).map(Zeroizing::new);
    match typed.ok_or_else(|| Told::usage("the succession key is missing", "send it as the body")) {
        Ok(typed) => match enrol::parse_paper(&typed) {
            Ok(paper) => answer(handle.renew_keys(Yes::Paper(paper), Paper::New).await),
            Err(told) => refuse(&told),
        },
        Err(told) => refuse(&told),
    }
}

async fn resend_list(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    match recipient(query.as_deref()) {
        Ok(agency) => answer(handle.core().call(move |node| node.resend_list(&agency)).await),
        Err(told) => refuse(&told),
    }
}

async fn rotate_tls(State(handle): State<Handle>) -> Response {
    answer(handle.renew_tls().await)
}

async fn forget(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.forget_change()).await)
}

async fn fork_proof(State(handle): State<Handle>) -> Response {
    answer(handle.core().call(|node| node.fork_proof()).await)
}

async fn resend(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    match recipient(query.as_deref()) {
        Ok(agency) => answer(handle.resend(agency).await),
        Err(told) => refuse(&told),
    }
}

/// The body is the path of the new file.
async fn backup(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    let path = body.ok().and_then(|body| String::from_utf8(body.to_vec()).ok()).map(PathBuf::from);
    match path {
        Some(path) => answer(handle.core().call(move |node| node.backup(&path)).await),
        None => refuse(&Told::usage("the path is not text", "name another file")),
    }
}

async fn lock(State(handle): State<Handle>) -> Response {
    answer(handle.lock_reading().await)
}

/// The body is the passphrase.
async fn unlock(State(handle): State<Handle>, body: Result<Bytes, BytesRejection>) -> Response {
    let text = body.ok().and_then(|body| String::from_utf8(body.to_vec()).ok()).map(Zeroizing::new);
    match text {
        Some(passphrase) => answer(handle.unlock(passphrase).await),
        None => refuse(&Told::usage("the passphrase is not text", "type it again")),
    }
}

async fn send(
    State(handle): State<Handle>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else {
        return refuse(&Told::refused("too-long", "the request is too long for a referral", "shorten its texts"));
    };
    let key = match idempotency_key(&headers) {
        Ok(key) => key,
        Err(told) => return refuse(&told),
    };
    match recipient(query.as_deref()) {
        Ok(to) => answer(handle.send(to, body.to_vec(), key, parameter(query.as_deref(), "by")).await),
        Err(told) => refuse(&told),
    }
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Told> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().ok().filter(|text| !text.is_empty() && text.len() <= IDEMPOTENCY_KEY_BYTES_MAX);
    text.map(|text| Some(text.to_owned())).ok_or_else(|| {
        Told::usage("the idempotency key is not usable", "send 1 to 128 visible ASCII characters, or leave it out")
    })
}

async fn ping(State(handle): State<Handle>, RawQuery(query): RawQuery) -> Response {
    let wait_s =
        parameter(query.as_deref(), "wait_s").and_then(|text| text.parse::<u64>().ok()).unwrap_or(ANSWER_S_MAX);
    match recipient(query.as_deref()) {
        Ok(to) => answer(handle.ping(to, Duration::from_secs(wait_s.clamp(1, PING_WAIT_S_MAX))).await),
        Err(told) => refuse(&told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_gives_its_values_by_name() {
        assert_eq!(parameter(Some("to=xa.harbour-house&wait_s=3"), "wait_s").as_deref(), Some("3"));
        assert_eq!(parameter(Some("to"), "to"), None);
        assert_eq!(parameter(None, "to"), None);
        assert!(recipient(Some("to=Harbour")).is_err());
    }

    #[test]
    fn an_idempotency_key_is_bounded() {
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", text.parse().unwrap());
            idempotency_key(&headers)
        };
        assert_eq!(with("abc").unwrap().as_deref(), Some("abc"));
        assert!(with(&"k".repeat(128)).is_ok());
        assert!(with(&"k".repeat(129)).is_err());
        assert!(with("").is_err());
    }
}
