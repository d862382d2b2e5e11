//! Suspending, resuming and revoking: asked first, with what will happen.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use safeconduct_certs::{
    authority::{AdminError, revoke::Standing},
    web::fields::{Fields, field},
};

use super::{
    Page,
    desk::Done,
    sheet::{Mark, Sheet, Trouble, Visit, html},
    views::{self, Agency, Status},
};

#[derive(Template)]
#[template(path = "admin/standing.html")]
struct StandingPage {
    s: Sheet,
    a: Agency,
    texts: Texts,
    mistyped: bool,
    mark: Mark,
}

impl StandingPage {
    const fn title(&self) -> &'static str {
        self.texts.title
    }
}

/// Keys of what is said before the act.
struct Texts {
    act: &'static str,
    title: &'static str,
    what: &'static str,
    effects: &'static str,
    button: &'static str,
    /// For ever: the id must be typed.
    typed: bool,
}

/// What will happen, and the button.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((entry, act)): Path<(u64, String)>,
) -> Result<Response, Trouble> {
    let (agency, standing) = find(&page, visit, entry, &act).await?;
    confirm(&page, visit, agency, standing, StatusCode::OK)
}

/// Does it, and tells the relays.
pub(super) async fn act(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((entry, act)): Path<(u64, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let number = page.number(visit, &fields, &purpose(entry, &act))?;
    let (agency, standing) = find(&page, visit, entry, &act).await?;
    if texts(standing).typed && field(&fields, "typed") != agency.id {
        return confirm(&page, visit, agency, standing, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let kept = number.clone();
    page.work(visit, move |desk| {
        desk.act(kept, |office| {
            let id = agency.id.parse().map_err(|_not_an_id| AdminError::AgencyUnknown)?;
            // The agency may have got another registration since this one was shown.
            let shown = |one: &Agency| one.entry == agency.entry && one.status != Status::Revoked;
            let all = views::agencies(office, visit.words, "")?;
            if !all.iter().any(shown) {
                return Err(AdminError::NotInState);
            }
            office.set_standing(&id, standing)?;
            Ok(Done::Standing { agency: agency.id, standing })
        });
        Ok(())
    })
    .await?;
    Ok(page.to(&format!("/result/{number}")))
}

async fn find(page: &Page, visit: Visit, entry: u64, act: &str) -> Result<(Agency, Standing), Trouble> {
    let all = [Standing::Suspend, Standing::Resume, Standing::Revoke];
    let standing = all.into_iter().find(|standing| standing.as_str() == act).ok_or_else(|| Trouble::lost(visit))?;
    let found = page.work(visit, move |desk| views::agency(&desk.office, visit.words, entry)).await?;
    Ok((found.ok_or_else(|| Trouble::lost(visit))?, standing))
}

fn confirm(page: &Page, visit: Visit, a: Agency, standing: Standing, status: StatusCode) -> Result<Response, Trouble> {
    let texts = texts(standing);
    let mark = page.mark(visit, &purpose(a.entry, texts.act))?;
    let mistyped = status != StatusCode::OK;
    let sheet = page.sheet(visit, "/agencies");
    let s = if mistyped { sheet.fixed() } else { sheet };
    Ok(html(status, &StandingPage { s, a, texts, mistyped, mark }))
}

fn purpose(entry: u64, act: &str) -> String {
    format!("{act} {entry}")
}

const fn texts(standing: Standing) -> Texts {
    match standing {
        Standing::Suspend => Texts {
            act: "suspend",
            title: "suspend-title",
            what: "suspend-what",
            effects: "suspend-effects",
            button: "suspend-button",
            typed: false,
        },
        Standing::Resume => Texts {
            act: "resume",
            title: "resume-title",
            what: "resume-what",
            effects: "resume-effects",
            button: "resume-button",
            typed: false,
        },
        Standing::Revoke => Texts {
            act: "revoke",
            title: "revoke-title",
            what: "revoke-what",
            effects: "revoke-effects",
            button: "revoke-button",
            typed: true,
        },
    }
}
