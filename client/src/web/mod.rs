//! The page that a caseworker lives in: served by the daemon on 127.0.0.1, to a browser on the same machine.
//!
//! It works without JavaScript; a little of our own makes it nicer. Addresses name what they show by this machine's own random handles,
//! never a person or an agency, for a browser writes them down; what is searched for travels in forms.
//!
//! # Layout
//! - [`port`]: where it listens · [`sessions`], [`signing`], [`lanes`]: who has signed in, and how
//! - [`sheet`]: what every page has around its content · [`words`], [`labels`]: languages; codes and times as people read them
//! - [`notes`]: what the node tells of itself and why it refuses something, in the reader's language
//! - [`list`], [`case`], [`content`], [`acting`]: referrals, one of them, what is in it, what is done with it
//! - [`refer`], [`choosing`]: refer somebody: what is needed, who can help, what they will see
//! - [`person`]: refer somebody by name, with their consent; tell more, take a consent back
//! - [`directory`]: find who can help
//! - [`help`]: first steps, words and exercises
//! - [`documents`]: files that go with referrals · [`upload`]: forms that bring files
//! - [`agency`]: this agency: its people, who looked at what, keys, backups, health
//! - [`second`]: a second person confirms on the same screen
//! - [`evidence`], [`proofs`], [`upload`]: what proves what happened, in words; a file of it to take, and one that somebody brings
//! - [`figures`], [`drawing`], [`figure_words`]: how many persons, by period; as tables and pictures; what they are called
//! - [`report`]: what an auditor reads and prints

mod acting;
mod agency;
mod case;
mod choosing;
mod content;
mod directory;
mod documents;
mod drawing;
mod evidence;
mod figure_words;
mod figures;
mod help;
mod labels;
mod lanes;
mod list;
mod notes;
mod person;
pub(crate) mod port;
mod proofs;
mod refer;
mod report;
mod second;
mod sessions;
mod sheet;
mod signing;
mod upload;
mod words;

#[cfg(feature = "fuzzing")]
pub(crate) use upload::uploaded;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use safeconduct_certs::web::{
    door::{Door, Turned},
    harden,
    seats::Bounded,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::{
    lanes::Lanes,
    sessions::Sessions,
    sheet::{Stranger, Visit},
    words::{Words, languages},
};
use crate::{daemon::Handle, log::event};

/// Longest form: a referral with its narrative, in any script, as a form encodes it.
const FORM_BYTES_MAX: usize = 256 * 1024;

/// The page while the daemon runs.
pub(crate) struct Page {
    door: Door,
    sessions: Sessions,
    lanes: Lanes,
    handle: Handle,
}

/// Serves on `listener` until `stop`. Sessions end after `idle` without use.
pub(crate) async fn serve(listener: TcpListener, idle: Duration, handle: Handle, stop: CancellationToken) {
    let Ok(port) = listener.local_addr().map(|address| address.port()) else { return };
    let page = Arc::new(Page { door: Door::new(port), sessions: Sessions::new(idle), lanes: Lanes::default(), handle });
    let served = axum::serve(Bounded::new(listener), router(&page));
    if let Err(error) = served.with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(event = event::SOCKET_FAILED, kind = %error.kind());
    }
}

fn router(page: &Arc<Page>) -> Router {
    let inside = Router::new()
        .route("/{base}/", get(list::referrals).post(list::search))
        .route("/{base}/referral/{id}", get(case::show))
        .route("/{base}/referral/{id}/open", post(case::open))
        .route("/{base}/referral/{id}/act", post(acting::act))
        .route("/{base}/referral/{id}/say", post(acting::say))
        .route("/{base}/refer", get(refer::ask).post(refer::begin))
        .route("/{base}/draft/{draft}", get(refer::edit).post(refer::change))
        .route("/{base}/draft/{draft}/who", get(choosing::ask))
        .route("/{base}/draft/{draft}/send", post(choosing::send))
        .route("/{base}/draft/{draft}/discard", post(refer::discard))
        .route("/{base}/directory", get(directory::ask).post(directory::search))
        .route("/{base}/help", get(help::show))
        .merge(documents::routes())
        .route("/{base}/live", get(sheet::live))
        .merge(second::routes())
        .merge(agency::routes())
        .merge(person::routes())
        .route("/{base}/out", post(signing::out))
        .route("/{base}/exit", post(signing::exit))
        .merge(evidence::routes())
        .merge(figures::routes())
        .merge(report::routes())
        .layer(middleware::from_fn_with_state(Arc::clone(page), known));
    Router::new()
        .route("/", get(signing::ask).post(signing::sign_in))
        .route("/unlock", post(signing::unlock))
        .route("/away", get(signing::away))
        .route("/page.css", get(sheet::style))
        .route("/page.js", get(sheet::script))
        .route("/page.svg", get(sheet::icon))
        .merge(inside)
        .fallback(sheet::lost)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(Arc::clone(page), admit))
        .layer(middleware::map_response(harden))
        .with_state(Arc::clone(page))
}

/// Turns away whoever has no business here, before anything else looks at the request.
async fn admit(State(page): State<Arc<Page>>, mut request: Request, next: Next) -> Response {
    let wanted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let asked = chosen(&request).filter(|_| *request.method() == Method::GET);
    let accepted = || wanted.map_or_else(|| languages().english(), |wanted| languages().accepted(wanted));
    let stranger = Stranger { words: asked.unwrap_or_else(accepted) };
    if let Err(turned) = page.door.admits(request.method(), request.uri(), request.headers()) {
        return sheet::turned(stranger.words, turned);
    }
    request.extensions_mut().insert(stranger);
    let writes = *request.method() == Method::POST;
    let mut response = next.run(request).await;
    if writes {
        // What was typed lies in the connection's own memory until it ends.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Lets in who has signed in: the session of the path, with its cookie.
async fn known(State(page): State<Arc<Page>>, mut request: Request, next: Next) -> Response {
    let stranger = request.extensions().get::<Stranger>().copied();
    let words = stranger.map_or_else(|| languages().english(), |stranger| stranger.words);
    let base = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
    let live = request.headers().get(sheet::LIVE).is_some_and(|value| value == "1");
    let leaves = request.uri().path() == format!("/{base}/exit");
    let Some(session) = page.sessions.known(&base, request.headers(), live) else {
        // Whoever leaves must not meet a page of ours, whatever has ended meanwhile.
        return if leaves { Redirect::to("/away").into_response() } else { sheet::turned(words, Turned::Cookie) };
    };
    if let Some(words) = chosen(&request).filter(|_| *request.method() == Method::GET) {
        page.sessions.choose(&base, words);
    }
    let news = page.handle.changes_seen();
    let visit = Visit {
        words: chosen(&request).or(session.language).unwrap_or(words),
        session,
        query: others(request.uri().query().unwrap_or_default()),
        news,
        idle: page.sessions.idle(),
    };
    if leaves || request.uri().path() == format!("/{base}/out") {
        request.extensions_mut().insert(visit);
        return next.run(request).await;
    }
    // Who works here no more, or signed in before anybody was recorded, is nobody here.
    // Another secret and other roles end it too, wherever they were given.
    let who = visit.by();
    let stands = page.handle.core().call(move |node| node.footing(who.as_deref())).await.unwrap_or(None);
    if stands != Some(visit.session.who.footing) {
        page.sessions.end(&base);
        return sheet::turned(words, Turned::Cookie);
    }
    // What only looks for news is no sign of a person.
    let open = if live { page.handle.lock().look() } else { page.handle.lock().pass() };
    if let Err(told) = open {
        return sheet::told(&visit, told);
    }
    request.extensions_mut().insert(visit);
    next.run(request).await
}

/// What an address asks for beside the language.
fn others(query: &str) -> String {
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    kept.collect::<Vec<_>>().join("&")
}

fn chosen(request: &Request) -> Option<&'static Words> {
    let asked = request.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("lang="));
    asked.and_then(|code| languages().of(code))
}

#[cfg(test)]
mod tests {
    use super::others;

    #[test]
    fn another_language_keeps_what_the_address_asks_for() {
        assert_eq!(others("view=drafts&lang=ar&after=7"), "view=drafts&after=7");
        assert_eq!(others("lang=de") + &others(""), "");
    }
}
