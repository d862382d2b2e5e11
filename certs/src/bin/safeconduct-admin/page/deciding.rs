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
    enrol::words::{Language, SafetyWords},
    system::SystemClock,
    web::fields::{Fields, field},
};
use safeconduct_protocol::{id::AgencyId, time::Clock as _};

use super::{
    Page,
    desk::{Done, Refused},
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
    /// The eight, in the language in which they were heard.
    words: [&'static str; 8],
    language: &'static str,
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
    Path(key): Path<String>,
) -> Result<Response, Trouble> {
    let r = find(&page, visit, &key).await?;
    let mark = page.mark(visit, &format!("words {key}"))?;
    shown(&WordsPage { s: page.sheet(visit, "/requests"), r, refused: None, typed: String::new(), mark })
}

/// Compares what was typed. Wrong words are refused as the command line refuses them, and written down.
pub(super) async fn compare(
    State(page): At,
    Extension(visit): By,
    Path(key): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(visit, &fields, &format!("words {key}"))?;
    let r = find(&page, visit, &key).await?;
    let typed = field(&fields, "words").to_owned();
    let s = page.sheet(visit, "/requests").fixed();
    if SafetyWords::parse(&typed).is_ok_and(|words| words == r.words) {
        let mark = page.mark(visit, &format!("approve {key}"))?;
        let (words, language) = as_typed(&r, &typed);
        return shown(&ApprovePage { s, r, words, language, mark });
    }
    let (id, words, is_change) = (r.agency.clone(), typed.clone(), r.is_change());
    let refused = page
        .work(visit, move |desk| {
            let refused = match SafetyWords::parse(&words) {
                Err(refused) => AdminError::Words(refused),
                Ok(_) => AdminError::WrongWords,
            };
            // It refuses these words, and says so in the audit file.
            let said = if is_change {
                desk.office.approve_change(&agency(&id)?, &words).err()
            } else {
                desk.office.approve(&agency(&id)?, &words).err()
            };
            said.filter(|error| *error != refused).map_or(Ok(refused), Err)
        })
        .await?;
    let mark = page.mark(visit, &format!("words {key}"))?;
    let again = WordsPage { s, r, refused: Some(refused.into()), typed, mark };
    Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

/// Approves, with the words once more: the directory's own check decides.
pub(super) async fn approve(
    State(page): At,
    Extension(visit): By,
    Path(key): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, &format!("approve {key}"))?;
    let words = field(&fields, "words").to_owned();
    decide(&page, visit, number, key, move |office, id, is_change| {
        let agency = id.as_str().to_owned();
        if is_change {
            office.approve_change(id, &words)?;
            return Ok(Done::Changed { agency });
        }
        let node = office.approve(id, &words)?;
        let pending = office.registry().node(&node).and_then(|state| state.pending.as_ref());
        let from = pending.map(|change| views::instant(change.from));
        Ok(Done::Approved { agency, node: node.short().to_string(), from })
    })
    .await
}

/// What a rejection means, and the field for its reason.
pub(super) async fn ask_reason(
    State(page): At,
    Extension(visit): By,
    Path(key): Path<String>,
) -> Result<Response, Trouble> {
    let r = find(&page, visit, &key).await?;
    let mark = page.mark(visit, &format!("reject {key}"))?;
    shown(&RejectPage { s: page.sheet(visit, "/requests"), r, mark })
}

/// Rejects, and tells the relays.
pub(super) async fn reject(
    State(page): At,
    Extension(visit): By,
    Path(key): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, &format!("reject {key}"))?;
    let reason = field(&fields, "reason").to_owned();
    decide(&page, visit, number, key, move |office, id, is_change| {
        if is_change {
            office.reject_change(id)?;
        } else {
            office.reject(id, &reason)?;
        }
        Ok(Done::Rejected { agency: id.as_str().to_owned() })
    })
    .await
}

/// Decides this very request: a newer one of the same agency was not what the administrator saw.
async fn decide(
    page: &Page,
    visit: Visit,
    number: String,
    key: String,
    act: impl FnOnce(&mut Office, &AgencyId, bool) -> Result<Done, AdminError> + Send + 'static,
) -> Result<Response, Trouble> {
    let kept = number.clone();
    page.work(visit, move |desk| {
        desk.act(kept, |office| {
            let waiting = views::waiting(office, visit.words, SystemClock.now())?;
            let request = waiting.requests.into_iter().find(|request| request.key == key);
            let request = request.ok_or(AdminError::NoRequest)?;
            act(office, &agency(&request.agency)?, request.is_change())
        });
        Ok(())
    })
    .await?;
    Ok(page.to(&format!("/result/{number}")))
}

/// The words in the language in which they were typed, with its code.
fn as_typed(request: &Request, typed: &str) -> ([&'static str; 8], &'static str) {
    let typed = typed.to_lowercase();
    let heard = |language: &Language| {
        let words = request.words.in_language(*language);
        words.iter().filter(|word| typed.contains(&word.chars().take(3).collect::<String>())).count()
    };
    let language = Language::ALL.into_iter().rev().max_by_key(heard).unwrap_or(Language::English);
    (request.words.in_language(language), language.code())
}

async fn find(page: &Page, visit: Visit, key: &str) -> Result<Request, Trouble> {
    let waiting = page.work(visit, move |desk| views::waiting(&desk.office, visit.words, SystemClock.now())).await?;
    let found = waiting.requests.into_iter().find(|request| request.key == key);
    found.ok_or_else(|| Trouble::lost(visit))
}

fn agency(id: &str) -> Result<AgencyId, AdminError> {
    id.parse().map_err(|_not_an_id| AdminError::NoRequest)
}
