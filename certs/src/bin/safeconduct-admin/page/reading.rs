//! Pages that change nothing, and the three buttons that need no question: search, ask the relays, close.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use safeconduct_certs::{
    authority::revoke::Standing,
    system::SystemClock,
    web::fields::{Fields, field},
};
use safeconduct_protocol::time::Clock as _;
use zeroize::Zeroizing;

use super::{
    Page,
    desk::{Done, Refused, RelayLine},
    sheet::{self, Mark, Sheet, Trouble, Visit, shown, title},
    views::{self, Agency, AuditPage, Overview, Status, Waiting},
};

/// Characters of a search that are looked at.
const SEARCH_CHARACTERS_MAX: usize = 100;

type At = State<Arc<Page>>;
type By = Extension<Visit>;

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    s: Sheet,
    o: Overview,
    publish: Mark,
}

/// The authority at a glance.
pub(super) async fn overview(State(page): At, Extension(visit): By) -> Result<Response, Trouble> {
    let now = SystemClock.now();
    let o = page.work(visit, move |desk| views::overview(&desk.office, visit.words, now)).await?;
    shown(&OverviewPage { s: page.sheet(visit, "/"), o, publish: page.mark(visit, "publish")? })
}

#[derive(Template)]
#[template(path = "admin/agencies.html")]
struct AgenciesPage {
    s: Sheet,
    agencies: Vec<Agency>,
    found: u64,
    search: String,
    mark: Mark,
}

/// Everything that is registered.
pub(super) async fn agencies(State(page): At, Extension(visit): By) -> Result<Response, Trouble> {
    found(&page, visit, String::new()).await
}

/// The same, searched: a POST, because an address with a shelter's name would stay in the browser's history.
pub(super) async fn search(
    State(page): At,
    Extension(visit): By,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(visit, &fields, "search")?;
    let search = field(&fields, "search").chars().take(SEARCH_CHARACTERS_MAX).collect();
    found(&page, visit, search).await
}

async fn found(page: &Page, visit: Visit, search: String) -> Result<Response, Trouble> {
    let wanted = search.clone();
    let agencies = page.work(visit, move |desk| views::agencies(&desk.office, visit.words, &wanted)).await?;
    let found = u64::try_from(agencies.len()).unwrap_or(u64::MAX);
    let sheet = page.sheet(visit, "/agencies");
    shown(&AgenciesPage { s: sheet, agencies, found, search, mark: page.mark(visit, "search")? })
}

#[derive(Template)]
#[template(path = "admin/agency.html")]
struct AgencyPage {
    s: Sheet,
    a: Agency,
}

/// One agency or relay.
pub(super) async fn agency(State(page): At, Extension(visit): By, Path(entry): Path<u64>) -> Result<Response, Trouble> {
    let found = page.work(visit, move |desk| views::agency(&desk.office, visit.words, entry)).await?;
    let a = found.ok_or_else(|| Trouble::lost(visit))?;
    shown(&AgencyPage { s: page.sheet(visit, "/agencies"), a })
}

#[derive(Template)]
#[template(path = "admin/requests.html")]
struct RequestsPage {
    s: Sheet,
    w: Waiting,
    publish: Mark,
}

/// Requests and open invitations.
pub(super) async fn requests(State(page): At, Extension(visit): By) -> Result<Response, Trouble> {
    let now = SystemClock.now();
    let w = page.work(visit, move |desk| views::waiting(&desk.office, visit.words, now)).await?;
    shown(&RequestsPage { s: page.sheet(visit, "/requests"), w, publish: page.mark(visit, "publish")? })
}

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditLines {
    s: Sheet,
    a: AuditPage,
}

/// What was done and refused here.
pub(super) async fn audit(
    State(page): At,
    Extension(visit): By,
    Query(query): Query<Fields>,
) -> Result<Response, Trouble> {
    let number = field(&query, "page").parse().unwrap_or(1);
    let a = page.work(visit, move |desk| Ok(views::audit(&desk.office, number))).await?;
    shown(&AuditLines { s: page.sheet(visit, "/audit"), a })
}

/// Tells the relays what they do not know, and fetches requests.
pub(super) async fn publish(
    State(page): At,
    Extension(visit): By,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, "publish")?;
    let kept = number.clone();
    page.work(visit, move |desk| {
        desk.act(kept, |_office| Ok(Done::Published));
        Ok(())
    })
    .await?;
    Ok(page.to(&format!("/result/{number}")))
}

/// What a result page shows.
struct Shown {
    title: &'static str,
    agency: String,
    /// The second argument of the title: a node, or a time.
    node: String,
    letter: Option<Letter>,
    refused: Option<Refused>,
    relays: Vec<RelayLine>,
    untold: Option<Refused>,
}

struct Letter {
    code: Option<Zeroizing<String>>,
    expires: String,
    log_name: String,
    fingerprint: String,
}

#[derive(Template)]
#[template(path = "admin/result.html")]
struct ResultPage {
    s: Sheet,
    r: Option<Shown>,
    /// Something was not told to a relay, and can be later.
    untold: bool,
    publish: Mark,
}

/// What an act has done. An invitation's code is taken out by the first look.
pub(super) async fn result(
    State(page): At,
    Extension(visit): By,
    Path(number): Path<String>,
) -> Result<Response, Trouble> {
    let r = page
        .work(visit, move |desk| {
            let log_name = desk.office.root().log_name().to_owned();
            let fingerprint = desk.office.root().fingerprint().to_string();
            let Some(outcome) = desk.result(&number) else { return Ok(None) };
            let (relays, untold) = (outcome.relays.clone(), outcome.untold.clone());
            let mut shown = Shown {
                title: "result-refused",
                agency: String::new(),
                node: String::new(),
                letter: None,
                refused: None,
                relays,
                untold,
            };
            match &mut outcome.done {
                Err(refused) => shown.refused = Some(refused.clone()),
                Ok(done) => shown.tell(done, log_name, fingerprint),
            }
            Ok(Some(shown))
        })
        .await?;
    let status = match &r {
        None => StatusCode::NOT_FOUND,
        Some(Shown { refused: Some(_), .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::OK,
    };
    let sheet = page.sheet(visit, "");
    let is_letter = r.as_ref().is_some_and(|shown| shown.letter.is_some());
    let s = if is_letter { sheet.fixed() } else { sheet };
    let own = |shown: &Shown| {
        shown.untold.is_some() || shown.relays.iter().any(|relay| relay.refused.is_some() && relay.abroad.is_none())
    };
    let untold = r.as_ref().is_some_and(own);
    Ok(sheet::html(status, &ResultPage { s, r, untold, publish: page.mark(visit, "publish")? }))
}

impl Shown {
    fn tell(&mut self, done: &mut Done, log_name: String, fingerprint: String) {
        match done {
            Done::Invited { agency, code, expires } => {
                (self.title, self.agency) = ("result-invited", agency.clone());
                self.letter = Some(Letter { code: code.take(), expires: expires.clone(), log_name, fingerprint });
            }
            Done::Approved { agency, node, from: None } => {
                (self.title, self.agency, self.node) = ("result-approved", agency.clone(), node.clone());
            }
            Done::Approved { agency, from: Some(from), .. } => {
                (self.title, self.agency, self.node) = ("result-approved-later", agency.clone(), from.clone());
            }
            Done::Changed { agency } => (self.title, self.agency) = ("result-changed", agency.clone()),
            Done::Rejected { agency } => (self.title, self.agency) = ("result-rejected", agency.clone()),
            Done::Standing { agency, standing } => {
                self.agency.clone_from(agency);
                self.title = match standing {
                    Standing::Revoke => "result-revoked",
                    Standing::Suspend => "result-suspended",
                    Standing::Resume => "result-resumed",
                };
            }
            Done::Published => self.title = "result-published",
        }
    }
}

title! {
    OverviewPage "overview-title",
    AgenciesPage "agencies-title",
    AgencyPage "agency-title",
    RequestsPage "requests-title",
    AuditLines "audit-title",
    ResultPage "result-title",
}

/// Closes the page: the keys go.
pub(super) async fn close(
    State(page): At,
    Extension(visit): By,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(visit, &fields, "close")?;
    // An act that is being done is waited for.
    page.work(visit, |_desk| Ok(())).await?;
    page.close.notify_one();
    Ok(sheet::closed(visit))
}
