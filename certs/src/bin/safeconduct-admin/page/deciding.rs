//! Approving and rejecting a request.
//!
//! The safety words bind the node's key to a voice (`docs/THREAT-MODEL.md`). A page that showed all eight beside a
//! button would invite the click without the call, or the words read out to an operator who says yes. So the list shows
//! the first word, which finds the request, and seven come from the operator's mouth: 77 bits, where 66 are the least.
//! Only when all eight were typed as heard are they shown together, with the button.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use safeconduct_certs::{
    authority::{AdminError, Office},
    enrol::words::SafetyWords,
    system::SystemClock,
};
use safeconduct_protocol::{id::AgencyId, time::Clock as _};

use super::{
    Page,
    desk::{Done, Refused},
    forms::{Fields, field},
    sheet::{Mark, Sheet, Trouble, Visit, html, shown, title},
    views::{self, Request},
};

#[derive(Template)]
#[template(path = "admin/words.html")]
struct WordsPage {
    s: Sheet,
    r: Request,
    refused: Option<Refused>,
    typed: String,
    mark: Mark,
}

#[derive(Template)]
#[template(path = "admin/approve.html")]
struct ApprovePage {
    s: Sheet,
    r: Request,
    mark: Mark,
}

#[derive(Template)]
#[template(path = "admin/reject.html")]
struct RejectPage {
    s: Sheet,
    r: Request,
    mark: Mark,
}

title! {
    WordsPage "approve-title",
    ApprovePage "approve-title",
    RejectPage "reject-title",
}

type At = State<Arc<Page>>;
type By = Extension<Visit>;

/// The field for the words.
pub(super) async fn ask_words(
    State(page): At,
    Extension(visit): By,
    Path(invite): Path<String>,
) -> Result<Response, Trouble> {
    let r = find(&page, visit, &invite).await?;
    let mark = page.mark(visit, &format!("words {invite}"))?;
    shown(&WordsPage { s: page.sheet(visit, "/requests"), r, refused: None, typed: String::new(), mark })
}

/// Compares what was typed. Wrong words are refused as the command line refuses them, and written down.
pub(super) async fn compare(
    State(page): At,
    Extension(visit): By,
    Path(invite): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(visit, &fields, &format!("words {invite}"))?;
    let r = find(&page, visit, &invite).await?;
    let typed = field(&fields, "words").to_owned();
    let s = page.sheet(visit, "/requests").fixed();
    let is = SafetyWords::parse(&typed).is_ok_and(|words| words.as_words() == r.words);
    if is {
        let mark = page.mark(visit, &format!("approve {invite}"))?;
        return shown(&ApprovePage { s, r, mark });
    }
    let (id, words) = (r.agency.clone(), typed.clone());
    let refused = page
        .work(visit, move |desk| {
            let refused = match SafetyWords::parse(&words) {
                Err(refused) => AdminError::Words(refused),
                Ok(_) => AdminError::WrongWords,
            };
            // It refuses these words, and says so in the audit file.
            desk.office.approve(&agency(&id)?, &words).err().filter(|error| *error != refused).map_or(Ok(refused), Err)
        })
        .await?;
    let mark = page.mark(visit, &format!("words {invite}"))?;
    let again = WordsPage { s, r, refused: Some(refused.into()), typed, mark };
    Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

/// Approves, with the words once more: the directory's own check decides.
pub(super) async fn approve(
    State(page): At,
    Extension(visit): By,
    Path(invite): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, &format!("approve {invite}"))?;
    let words = field(&fields, "words").to_owned();
    decide(&page, visit, number, invite, move |office, id| {
        let node = office.approve(id, &words)?;
        Ok(Done::Approved { agency: id.as_str().to_owned(), node: node.short().to_string() })
    })
    .await
}

/// What a rejection means, and the field for its reason.
pub(super) async fn ask_reason(
    State(page): At,
    Extension(visit): By,
    Path(invite): Path<String>,
) -> Result<Response, Trouble> {
    let r = find(&page, visit, &invite).await?;
    let mark = page.mark(visit, &format!("reject {invite}"))?;
    shown(&RejectPage { s: page.sheet(visit, "/requests"), r, mark })
}

/// Rejects, and tells the relays.
pub(super) async fn reject(
    State(page): At,
    Extension(visit): By,
    Path(invite): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, &format!("reject {invite}"))?;
    let reason = field(&fields, "reason").to_owned();
    decide(&page, visit, number, invite, move |office, id| {
        office.reject(id, &reason)?;
        Ok(Done::Rejected { agency: id.as_str().to_owned() })
    })
    .await
}

/// Decides the request of this very invitation: a newer one of the same agency was not what the administrator saw.
async fn decide(
    page: &Page,
    visit: Visit,
    number: String,
    invite: String,
    act: impl FnOnce(&mut Office, &AgencyId) -> Result<Done, AdminError> + Send + 'static,
) -> Result<Response, Trouble> {
    let kept = number.clone();
    page.work(visit, move |desk| {
        desk.act(kept, |office| {
            let waiting = office.waiting()?;
            let request = waiting.into_iter().find(|request| request.invite.to_hex() == invite);
            act(office, &request.ok_or(AdminError::NoRequest)?.agency)
        });
        Ok(())
    })
    .await?;
    Ok(page.to(&format!("/result/{number}")))
}

async fn find(page: &Page, visit: Visit, invite: &str) -> Result<Request, Trouble> {
    let waiting = page.work(visit, |desk| views::waiting(&desk.office, SystemClock.now())).await?;
    let found = waiting.requests.into_iter().find(|request| request.invite == invite);
    found.ok_or_else(|| Trouble::lost(visit))
}

fn agency(id: &str) -> Result<AgencyId, AdminError> {
    id.parse().map_err(|_not_an_id| AdminError::NoRequest)
}
