//! What every page has around its content, and the pages that need no session.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use safeconduct_certs::{
    authority::AdminError,
    node::Role,
    system::SystemEntropy,
    web::{self, door::Turned},
};
use safeconduct_protocol::entropy;

use super::{
    Page,
    desk::{Desk, OutOfOrder, Refused},
    views,
    words::{Words, languages},
};

/// Who asks: whoever may, in this language.
#[derive(Clone, Copy)]
pub(super) struct Visit {
    pub(super) words: &'static Words,
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
    pub(super) knocked: bool,
    pub(super) close: Mark,
}

/// What a form must bring back: its number, and the token of that number and purpose.
pub(super) struct Mark {
    pub(super) number: String,
    pub(super) token: String,
}

/// A page that is shown instead of the one that was asked for.
pub(super) struct Trouble(Box<Response>);

#[derive(Template)]
#[template(path = "admin/refused.html")]
struct RefusedPage {
    s: Sheet,
    refused: Refused,
}

#[derive(Template)]
#[template(path = "admin/plain.html")]
struct Plain {
    words: &'static Words,
    title: &'static str,
    text: &'static str,
    go: Option<String>,
}

/// Gives pages the key of their title: never an agency's name, for a browser writes titles down.
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

title! { RefusedPage "result-refused" }

impl Page {
    /// The frame of a page in this language.
    pub(super) fn sheet(&self, visit: Visit, tab: &'static str) -> Sheet {
        Sheet {
            words: visit.words,
            base: self.gate.base().to_owned(),
            tab,
            switch: true,
            knocked: self.gate.knocks() > 0,
            close: Mark { token: self.gate.form_token("close", "0"), number: "0".to_owned() },
        }
    }

    /// A fresh mark for a form of this purpose.
    pub(super) fn mark(&self, visit: Visit, purpose: &str) -> Result<Mark, Trouble> {
        let bytes = entropy::random::<16>(&mut SystemEntropy).map_err(AdminError::from);
        let number = hex::encode(bytes.map_err(|error| self.refuse(visit, error))?);
        Ok(Mark { token: self.gate.form_token(purpose, &number), number })
    }

    /// Looks at the directory, or does something with it.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        visit: Visit,
        work: impl FnOnce(&mut Desk) -> Result<T, AdminError> + Send + 'static,
    ) -> Result<T, Trouble> {
        match self.desk.with(work).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.refuse(visit, error)),
            Err(OutOfOrder) => {
                let page = Plain { words: visit.words, title: "warning", text: "turned-order", go: None };
                Err(Trouble::new(html(StatusCode::INTERNAL_SERVER_ERROR, &page)))
            }
        }
    }

    fn refuse(&self, visit: Visit, error: AdminError) -> Trouble {
        let page = RefusedPage { s: self.sheet(visit, ""), refused: error.into() };
        Trouble::new(html(StatusCode::SERVICE_UNAVAILABLE, &page))
    }

    /// To another page of ours.
    pub(super) fn to(&self, path: &str) -> Response {
        Redirect::to(&format!("{}{path}", self.gate.base())).into_response()
    }
}

impl Sheet {
    pub(super) fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    pub(super) fn say_of(&self, key: &str, name: &str, value: &str) -> String {
        self.words.say_of(key, name, value)
    }

    pub(super) fn say_both(&self, key: &str, first: &(&str, &str), second: &(&str, &str)) -> String {
        self.words.say_both(key, *first, *second)
    }

    pub(super) fn count(&self, key: &str, count: &u64) -> String {
        self.words.count(key, *count)
    }

    pub(super) fn role(&self, role: &Role) -> String {
        views::role_name(self.words, *role)
    }

    pub(super) fn roles(&self, roles: &[Role]) -> String {
        roles.iter().map(|role| self.role(role)).collect::<Vec<_>>().join(", ")
    }

    /// A country, or any.
    pub(super) fn border(&self, country: &str) -> String {
        if country == "any" { self.say("country-any") } else { country.to_owned() }
    }

    /// Tabs with the path and text of each.
    pub(super) const fn tabs(&self) -> [(&'static str, &'static str); 5] {
        [
            ("/", "tab-overview"),
            ("/agencies", "tab-agencies"),
            ("/requests", "tab-requests"),
            ("/invite", "tab-invite"),
            ("/audit", "tab-audit"),
        ]
    }

    pub(super) fn languages(&self) -> &'static [Words] {
        languages().all()
    }

    /// Without the switch of languages: the page was made from a form, or is shown once.
    pub(super) fn fixed(mut self) -> Self {
        self.switch = false;
        self
    }
}

impl Trouble {
    pub(super) fn new(response: Response) -> Self {
        Self(Box::new(response))
    }

    pub(super) fn turned(visit: Visit, turned: Turned) -> Self {
        Self::new(self::turned(visit.words, turned))
    }

    pub(super) fn lost(visit: Visit) -> Self {
        Self::new(not_found(visit))
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        *self.0
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

/// What whoever is turned away is told: nothing about the authority.
pub(super) fn turned(words: &'static Words, turned: Turned) -> Response {
    let (status, text) = match turned {
        Turned::Host => return StatusCode::MISDIRECTED_REQUEST.into_response(),
        Turned::Method => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response(),
        Turned::Origin => (StatusCode::FORBIDDEN, "turned-origin"),
        Turned::Cookie | Turned::Unknown => (StatusCode::FORBIDDEN, "turned-cookie"),
        Turned::Used => (StatusCode::FORBIDDEN, "turned-used"),
        Turned::Form => (StatusCode::FORBIDDEN, "turned-form"),
    };
    html(status, &Plain { words, title: "turned-title", text, go: None })
}

/// The one-time address. It answers with a page that goes on by itself and not with a redirect: after a redirect that
/// something outside has begun, a browser does not bring a strict cookie.
pub(super) async fn open(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let token = query.iter().find(|(name, _)| name == "token").map_or("", |(_, value)| value.as_str());
    let opened = page.gate.open(token, &mut SystemEntropy);
    page.used.notify_one();
    std::future::ready(()).await;
    let cookie = match opened {
        Ok(cookie) => cookie,
        Err(refused) => {
            if refused == Turned::Used {
                crate::output::say("the page's address was opened a second time, and refused");
            }
            return turned(visit.words, refused);
        }
    };
    let go = Some(format!("{}/", page.gate.base()));
    let opened = Plain { words: visit.words, title: "opened-title", text: "opened-title", go };
    let mut response = html(StatusCode::OK, &opened);
    if let Ok(value) = cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// The page has closed.
pub(super) fn closed(visit: Visit) -> Response {
    html(StatusCode::OK, &Plain { words: visit.words, title: "locked-title", text: "locked-text", go: None })
}

/// The one style sheet.
pub(super) async fn style() -> Response {
    let css = web::STYLE;
    std::future::ready(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()).await
}

/// The little that is nicer with a script.
pub(super) async fn script() -> Response {
    let js = include_str!("../../../../templates/admin/page.js");
    std::future::ready(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], js).into_response()).await
}

/// The tab's picture.
pub(super) async fn icon() -> Response {
    let svg = web::ICON;
    std::future::ready(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response()).await
}

/// No such page.
pub(super) async fn lost(Extension(visit): Extension<Visit>) -> Response {
    std::future::ready(not_found(visit)).await
}

fn not_found(visit: Visit) -> Response {
    let page = Plain { words: visit.words, title: "warning", text: "turned-lost", go: None };
    html(StatusCode::NOT_FOUND, &page)
}
