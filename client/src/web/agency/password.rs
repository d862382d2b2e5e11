//! One's own password: changed by whoever knows the one of before.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use safeconduct_certs::web::fields::Fields;

use super::{
    super::{
        Page,
        sessions::Notice,
        sheet::{Mark, Sheet, Trouble, Visit, html, shown, title, told},
    },
    Side,
    people::{reason, twice, word},
};
use crate::api::people::Typed;

const HERE: &str = "/agency/password";

#[derive(Template)]
#[template(path = "web/agency-password.html")]
struct Password {
    s: Sheet,
    side: Side,
    alone: bool,
    wrong: Option<&'static str>,
    mark: Mark,
}

title! { Password "agency-password" }

async fn page_of(page: &Page, visit: &Visit, wrong: Option<&'static str>) -> Result<Password, Trouble> {
    let rights = page.rights(visit).await?;
    let (s, side) = page.side(visit, rights, HERE).await?;
    let s = if wrong.is_some() { s.fixed() } else { s };
    Ok(Password { s, side, alone: rights.alone, wrong, mark: page.mark(visit, "password")? })
}

/// The form.
pub(in super::super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    shown(&page_of(&page, &visit, None).await?)
}

/// Changes it: whatever else the person has open ends.
pub(in super::super) async fn change(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "password")?;
    let by = word(&visit, &mut fields);
    let own = by.name.clone();
    let done = match twice(&mut fields) {
        Ok(secret) => page.set_secret(&visit, &own, Typed(secret), by).await,
        Err(why) => Err(why),
    };
    match done {
        Ok(()) => {
            page.sessions.leave(&visit.session.base, Notice { key: "notice-password", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => {
            let Some(wrong) = reason(&why.code) else { return Err(told(&visit, why).into()) };
            Ok(html(StatusCode::CONFLICT, &page_of(&page, &visit, Some(wrong)).await?))
        }
    }
}
