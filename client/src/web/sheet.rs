//! What every page has around its content, and the pages that need no session.

use std::{sync::Arc, time::Duration};

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use safeconduct_certs::{
    system::SystemEntropy,
    web::{
        self,
        door::Turned,
        fields::{Fields, field},
    },
};
use safeconduct_protocol::entropy;

use super::{
    Page, labels, notes,
    sessions::Known,
    words::{Words, languages},
};
use crate::{
    daemon::{Names, Node, pages::Warned},
    error::Told,
    note::Note,
};

/// A request with this header looks whether there is news; with `1`, nobody has used the page since the look before.
pub(super) const LIVE: HeaderName = HeaderName::from_static("x-live");

/// Tabs: the path and the text of each.
const TABS: &[(&str, &str)] = &[
    ("/", "tab-referrals"),
    ("/refer", "tab-refer"),
    ("/directory", "tab-directory"),
    ("/figures", "tab-figures"),
    ("/agency", "tab-agency"),
    ("/help", "tab-help"),
];

/// Somebody who may not have signed in.
#[derive(Clone, Copy)]
pub(super) struct Stranger {
    pub(super) words: &'static Words,
}

/// Who asks: somebody who has signed in, in this language.
#[derive(Clone)]
pub(super) struct Visit {
    pub(super) words: &'static Words,
    pub(super) session: Known,
    /// What the address asks for beside the language.
    pub(super) query: String,
    /// What had changed when it was asked for: what comes later is news.
    pub(super) news: u64,
    /// How long it may stay without use.
    pub(super) idle: Duration,
}

impl Visit {
    /// Who acts, as the node's verbs take it.
    pub(super) fn by(&self) -> Option<String> {
        self.session.who.pseudonym.clone()
    }
}

/// The frame of a page.
pub(super) struct Sheet {
    pub(super) words: &'static Words,
    /// Before every address of the page.
    pub(super) base: String,
    /// Which tab is the current one.
    pub(super) tab: &'static str,
    /// Whether the language can be switched here without losing what the page shows.
    pub(super) switch: bool,
    /// What the address asks for beside the language: another language shows the same.
    pub(super) query: String,
    /// This agency's name.
    pub(super) agency: String,
    /// Who has signed in; empty where nobody is recorded.
    pub(super) who: String,
    /// What a person should know of the node before anything else.
    pub(super) banners: Vec<Banner>,
    pub(super) exercise: bool,
    /// Seconds without use after which the page locks itself.
    pub(super) idle_s: u64,
    pub(super) exit: Mark,
    /// What the page knows: another number is news.
    pub(super) live: u64,
    pub(super) notices: Vec<String>,
}

/// A line above the content.
pub(super) struct Banner {
    pub(super) text: String,
    pub(super) alarm: bool,
    /// What only whoever looks after the machine needs, in English.
    pub(super) technical: Option<String>,
}

/// What a form must bring back: its number, and the token of that number and purpose.
pub(super) struct Mark {
    pub(super) number: String,
    pub(super) token: String,
}

/// A page that is shown instead of the one that was asked for.
pub(super) struct Trouble(Box<Response>);

impl From<Response> for Trouble {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        *self.0
    }
}

#[derive(Template)]
#[template(path = "web/told.html")]
struct ToldPage<'a> {
    words: &'static Words,
    base: &'a str,
    /// Where to go back to.
    back: &'a str,
    /// What happened and what to do next.
    said: String,
    told: Told,
    /// The same for whoever looks after the machine, in English.
    technical: String,
    /// What was typed: nobody types it twice because it was refused.
    typed: &'a str,
    idle_s: u64,
}

#[derive(Template)]
#[template(path = "web/plain.html")]
struct Plain {
    words: &'static Words,
    title: &'static str,
    text: &'static str,
    /// Where to go on.
    go: Option<(&'static str, &'static str)>,
}

/// Gives pages the key of their title: never a name or a case code, for a browser writes titles down.
macro_rules! title {
    ($($page:ident $key: literal),* $(,)?) => {
        $(impl $page {
            const fn title(&self) -> &'static str {
                $key
            }
        })*
    };
}
pub(super) use title;

impl Page {
    /// The frame of a page for whoever visits.
    pub(super) async fn sheet(&self, visit: &Visit, tab: &'static str) -> Result<Sheet, Trouble> {
        let refuse = |error| Trouble::from(told(visit, error));
        let warned = self.handle.warned().await.map_err(refuse)?;
        let language = visit.words.record_code;
        let named: Vec<String> = warned.alarms.iter().chain(&warned.notices).flat_map(Note::agencies).collect();
        let (own, names) = self
            .work(visit, move |node| {
                Ok((node.own_record()?, node.names_of(named.iter().map(String::as_str), language)?))
            })
            .await?;
        let base = &visit.session.base;
        let notices = self.sessions.notices(base);
        let token = self.sessions.token(base, "exit", "0");
        Ok(Sheet {
            words: visit.words,
            base: format!("/{base}"),
            tab,
            switch: true,
            query: visit.query.clone(),
            who: visit.session.who.name.to_string(),
            banners: banners(visit.words, &warned, &names),
            exercise: own.as_ref().is_some_and(|own| own.exercise),
            agency: own.map(|own| own.name(visit.words.record_code).to_owned()).unwrap_or_default(),
            live: visit.news,
            idle_s: self.sessions.idle().as_secs(),
            exit: Mark { number: "0".to_owned(), token },
            notices: notices.iter().map(|notice| visit.words.count(notice.key, notice.count)).collect(),
        })
    }

    /// A fresh mark for a form of this purpose.
    pub(super) fn mark(&self, visit: &Visit, purpose: &str) -> Result<Mark, Trouble> {
        let bytes = entropy::random::<16>(&mut SystemEntropy).map_err(|error| told(visit, error.into()))?;
        let number = hex::encode(bytes);
        Ok(Mark { token: self.sessions.token(&visit.session.base, purpose, &number), number })
    }

    /// The number of a form that was shown in this session for this purpose.
    pub(super) fn number(&self, visit: &Visit, fields: &Fields, purpose: &str) -> Result<String, Trouble> {
        let (number, token) = (field(fields, "number"), field(fields, "token"));
        match self.sessions.check(&visit.session.base, purpose, number, token) {
            Ok(()) => Ok(number.to_owned()),
            Err(refused) => Err(turned(visit.words, refused).into()),
        }
    }

    /// Looks at the node, or does something with it.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        visit: &Visit,
        job: impl FnOnce(&mut Node) -> Result<T, Told> + Send + 'static,
    ) -> Result<T, Trouble> {
        self.handle.core().call(job).await.map_err(|error| told(visit, error).into())
    }

    /// To another page of ours.
    pub(super) fn to(visit: &Visit, path: &str) -> Response {
        Redirect::to(&format!("/{}{path}", visit.session.base)).into_response()
    }
}

/// What a person should know of the node: that it is cut off, that what it knows is old, alarms, what waits.
fn banners(words: &'static Words, warned: &Warned, names: &Names) -> Vec<Banner> {
    let mut all = Vec::new();
    let mut own = |key: &str, alarm| all.push(Banner { text: words.say(key), alarm, technical: None });
    match warned.relay.state.as_str() {
        "connected" => {}
        "connecting" => own("banner-connecting", false),
        _ => own("banner-offline", true),
    }
    match warned.freshness.as_str() {
        "fresh" => {}
        "stale" => own("banner-stale", false),
        _ => own("banner-expired", true),
    }
    let alarms = warned.alarms.iter().map(|note| (note, true));
    let notices = warned.notices.iter().map(|note| (note, false));
    all.extend(alarms.chain(notices).map(|(note, alarm)| {
        let notes::Said { text, technical } = notes::said(words, note, names);
        Banner { text, alarm, technical }
    }));
    all
}

impl Sheet {
    pub(super) fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// The longer text that goes with a heading.
    pub(super) fn text_of(&self, key: &str) -> String {
        self.words.say(&format!("{key}-text"))
    }

    /// What a state means for the side that this agency is: what it proves, and what to do next.
    pub(super) fn means_state(&self, state: &str, side: &str) -> String {
        let received = format!("means-received-{state}");
        let ours = side == "received" && self.words.has(&received);
        if ours { self.words.say(&received) } else { labels::label(self.words, "means-state", state) }
    }

    pub(super) fn say_of(&self, key: &str, name: &str, value: &str) -> String {
        self.words.say_of(key, name, value)
    }

    /// A text about a time.
    pub(super) fn say_time(&self, key: &str, at: &u64) -> String {
        self.words.say_of(key, "time", &self.time(at))
    }

    pub(super) fn count(&self, key: &str, count: &u64) -> String {
        self.words.count(key, *count)
    }

    /// A code of a list, in words.
    pub(super) fn label(&self, list: &str, code: &str) -> String {
        labels::label(self.words, list, code)
    }

    /// What must not be done.
    pub(super) fn caution(&self, text: &str) -> String {
        labels::caution(self.words, text)
    }

    /// Why something was refused, and what to do next.
    pub(super) fn told(&self, told: &Told) -> String {
        notes::told(self.words, told)
    }

    /// The same for whoever looks after the machine, in English.
    pub(super) fn technical(&self, told: &Told) -> String {
        notes::technical(told)
    }

    /// Why an agency is proposed.
    pub(super) fn reasons(&self, all: &[String]) -> String {
        let all: Vec<String> = all.iter().map(|text| labels::reason(self.words, text)).collect();
        all.join(&labels::comma(self.words))
    }

    /// What stands between the parts of a list.
    pub(super) fn comma(&self) -> String {
        labels::comma(self.words)
    }

    /// A time as it is read here.
    pub(super) fn time(&self, at: &u64) -> String {
        labels::time(self.words, *at)
    }

    /// Tabs with the path and text of each.
    pub(super) fn tabs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        TABS.iter().copied()
    }

    pub(super) fn languages(&self) -> &'static [Words] {
        languages().all()
    }

    /// Without the switch of languages: the page was made from a form.
    pub(super) fn fixed(mut self) -> Self {
        self.switch = false;
        self
    }
}

/// A page with this status.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_unwritable) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page that was asked for.
pub(super) fn shown(page: &impl Template) -> Result<Response, Trouble> {
    Ok(html(StatusCode::OK, page))
}

/// What the node refuses, as it says it: the fact, and what to do next.
pub(super) fn told(visit: &Visit, told: Told) -> Response {
    refused(visit, told, "/", "")
}

/// The same, with the way back and what was typed, to be copied from here.
pub(super) fn refused(visit: &Visit, told: Told, back: &str, typed: &str) -> Response {
    let idle_s = visit.idle.as_secs();
    let (words, base) = (visit.words, &visit.session.base);
    let (said, technical) = (notes::told(words, &told), notes::technical(&told));
    let page = ToldPage { words, base, back, said, told, technical, typed, idle_s };
    html(StatusCode::CONFLICT, &page)
}

/// What whoever is turned away is told: nothing about the agency.
pub(super) fn turned(words: &'static Words, turned: Turned) -> Response {
    const SIGN_IN: Option<(&str, &str)> = Some(("/", "sign-in-again"));
    let (status, text, go) = match turned {
        Turned::Host => return StatusCode::MISDIRECTED_REQUEST.into_response(),
        Turned::Method => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response(),
        Turned::Origin => (StatusCode::FORBIDDEN, "turned-origin", None),
        Turned::Cookie | Turned::Unknown | Turned::Used => (StatusCode::FORBIDDEN, "turned-session", SIGN_IN),
        Turned::Form => (StatusCode::FORBIDDEN, "turned-form", None),
    };
    html(status, &Plain { words, title: "turned-title", text, go })
}

/// No such page.
pub(super) async fn lost(Extension(stranger): Extension<Stranger>) -> Response {
    let page =
        Plain { words: stranger.words, title: "turned-title", text: "turned-lost", go: Some(("/", "sign-in-again")) };
    std::future::ready(html(StatusCode::NOT_FOUND, &page)).await
}

/// Whether there is news: the number that a page was made with, or another.
pub(super) async fn live(State(page): State<Arc<Page>>) -> String {
    std::future::ready(page.handle.changes_seen().to_string()).await
}

/// The one style sheet.
pub(super) async fn style() -> Response {
    let css = format!("{}{}", web::STYLE, include_str!("../../templates/web/page.css"));
    std::future::ready(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()).await
}

/// The little that is nicer with a script.
pub(super) async fn script() -> Response {
    let js = include_str!("../../templates/web/page.js");
    std::future::ready(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], js).into_response()).await
}

/// The tab's picture.
pub(super) async fn icon() -> Response {
    let svg = web::ICON;
    std::future::ready(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response()).await
}
