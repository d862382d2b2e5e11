//! The administrator's page: what `safeconduct-admin` shows and does, in a browser on the same machine.
//!
//! # Layout
//! - [`wanted`]: its command line; [`gate`]: who may use it; [`browser`]: opening it
//! - [`desk`], [`views`]: the directory behind one lock, and what the pages show of it
//! - [`words`], [`sheet`]: languages; what every page has around its content
//! - [`reading`]: pages that change nothing
//! - [`deciding`], [`inviting`], [`standing`]: the acts, each confirmed, done once, and answered by a redirect
//!
//! Addresses name entries of the log and invitations by number, never an agency: a browser writes them down.

mod browser;
mod deciding;
mod desk;
mod forms;
mod gate;
mod inviting;
mod reading;
mod sheet;
mod standing;
mod views;
mod wanted;
mod words;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, Method, Uri, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use safeconduct_certs::{
    authority::{AdminError, Office, error::Exit},
    system::SystemEntropy,
    web::{door::Turned, harden, seats::Bounded},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::Notify,
};

pub(crate) use self::wanted::Wanted;
use self::{
    desk::Shared,
    gate::Gate,
    sheet::Visit,
    words::{Words, languages},
};
use crate::output::{self, Answer, Refusal};

/// Longest form: an invitation with three names.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// How long a connection may take to end once the page has ended.
const CLOSING_S: u64 = 5;

/// The page while it is open.
pub(super) struct Page {
    gate: Gate,
    desk: Shared,
    /// Something was asked for by whoever may.
    used: Notify,
    /// The page is to close.
    close: Notify,
}

/// Why the page has closed.
#[derive(Clone, Copy)]
enum Closed {
    Signal,
    Button,
    Idle,
}

/// Serves the page until a signal, its button, or an idle time. The directory is open, and its lock held, all the while.
pub(crate) fn run(office: Office, folder: &Path, wanted: &Wanted, json: bool) -> Result<Answer, Refusal> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| {
        let fact = format!("the page cannot be served: {}", error.kind());
        Refusal::new(Exit::NotReady, "no-runtime", fact, "check this machine's limits on open files and threads")
    })?;
    let closed = runtime.block_on(serve(office, folder, wanted, json))?;
    // Waits for an act that is being done; then nothing holds the directory or its keys any more.
    drop(runtime);
    output::say(match closed {
        Closed::Signal | Closed::Button => "the page is closed, and its keys are gone from memory",
        Closed::Idle => "the page was not used for a while: it is closed, and its keys are gone from memory",
    });
    Ok(Answer::said())
}

async fn serve(office: Office, folder: &Path, wanted: &Wanted, json: bool) -> Result<Closed, Refusal> {
    let asked = wanted.port.unwrap_or(0);
    let no_port = |error: io::Error| {
        let fact = format!("the page cannot listen on 127.0.0.1 port {asked}: {}", error.kind());
        Refusal::new(Exit::NotReady, "port", fact, "leave --port out, or give one that is free")
    };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, asked))).await.map_err(no_port)?;
    let port = listener.local_addr().map_err(no_port)?.port();
    let gate = Gate::new(port, &mut SystemEntropy).map_err(AdminError::from)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(no_port)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(no_port)?;

    let opener = if wanted.open { Some(browser::open(&gate.address(), folder)?) } else { None };
    announce(&gate, wanted.lock_after, json);
    let page = Arc::new(Page { gate, desk: Shared::new(office), used: Notify::new(), close: Notify::new() });
    let stop = Arc::new(Notify::new());
    let stopped = Arc::clone(&stop);
    let served = axum::serve(Bounded::new(listener), router(&page))
        .with_graceful_shutdown(async move { stopped.notified().await })
        .into_future();
    tokio::pin!(served);
    let closed = tokio::select! {
        _ = terminate.recv() => Closed::Signal,
        _ = interrupt.recv() => Closed::Signal,
        () = page.close.notified() => Closed::Button,
        () = unused(&page, wanted.lock_after) => Closed::Idle,
        ended = &mut served => { ended.map_err(no_port)?; Closed::Signal }
    };
    stop.notify_one();
    // A connection that does not end is cut off with the runtime.
    tokio::time::timeout(Duration::from_secs(CLOSING_S), served).await.ok();
    drop(opener);
    Ok(closed)
}

/// Returns when nobody who may has asked for anything for this long.
async fn unused(page: &Page, idle: Duration) {
    while tokio::time::timeout(idle, page.used.notified()).await.is_ok() {}
}

/// The one line that a person needs; the address serves once.
fn announce(gate: &Gate, idle: Duration, json: bool) {
    let address = gate.address();
    let text = format!(
        "Open this address in a browser on this machine. It serves once:\n\n  {}\n\nThe page ends with Ctrl-C, or when it is \
         not used for {}. Until then other commands find the directory busy.",
        *address,
        minutes(idle),
    );
    output::now(&Answer { data: serde_json::json!({"url": *address}), text }, json);
}

fn minutes(idle: Duration) -> String {
    match idle.as_secs() {
        s if s % 60 == 0 => format!("{} minutes", s / 60),
        s => format!("{s} seconds"),
    }
}

fn router(page: &Arc<Page>) -> Router {
    let pages = Router::new()
        .route("/", get(reading::overview))
        .route("/agencies", get(reading::agencies).post(reading::search))
        .route("/agency/{entry}", get(reading::agency))
        .route("/agency/{entry}/{act}", get(standing::ask).post(standing::act))
        .route("/requests", get(reading::requests))
        .route("/request/{key}/approve", get(deciding::ask_words).post(deciding::approve))
        .route("/request/{key}/words", post(deciding::compare))
        .route("/request/{key}/reject", get(deciding::ask_reason).post(deciding::reject))
        .route("/invite", get(inviting::ask).post(inviting::invite))
        .route("/invite/check", post(inviting::check))
        .route("/publish", post(reading::publish))
        .route("/result/{number}", get(reading::result))
        .route("/audit", get(reading::audit))
        .route("/close", post(reading::close));
    Router::new()
        .route("/open", get(sheet::open))
        .route("/page.css", get(sheet::style))
        .route("/page.js", get(sheet::script))
        .route("/page.svg", get(sheet::icon))
        .nest(page.gate.base(), pages)
        // `nest` serves its root without the slash.
        .route(&format!("{}/", page.gate.base()), get(reading::overview))
        .fallback(sheet::lost)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(page), admit))
        .layer(middleware::map_response(harden))
        .with_state(Arc::clone(page))
}

/// Turns away whoever has no business here, before anything else looks at the request.
async fn admit(State(page): State<Arc<Page>>, mut request: Request, next: Next) -> Response {
    let words = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let wanted = words.map_or_else(|| languages().english(), |words| languages().accepted(words));
    match judge(&page, request.method(), request.uri(), request.headers()) {
        Ok(chosen) => {
            request.extensions_mut().insert(Visit { words: chosen.unwrap_or(wanted) });
            next.run(request).await
        }
        Err(turned) => sheet::turned(wanted, turned),
    }
}

/// The language that was chosen, when the request may pass.
fn judge(page: &Page, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Option<&'static Words>, Turned> {
    page.gate.admits(method, uri, headers)?;
    if *method == Method::GET && matches!(uri.path(), "/open" | "/page.css" | "/page.js" | "/page.svg") {
        return Ok(None);
    }
    let chosen = page.gate.knows(headers)?;
    page.used.notify_one();
    let asked = uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("lang=")));
    let asked = asked.and_then(|code| languages().of(code)).filter(|_| *method == Method::GET);
    if let Some(words) = asked {
        page.gate.choose(words);
    }
    Ok(asked.or(chosen))
}
