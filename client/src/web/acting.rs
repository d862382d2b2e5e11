//! What is done with a referral, and said about it: each by a form that was shown, once, and answered by a redirect.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, field};

use super::{
    Page,
    sessions::Notice,
    sheet::{Trouble, Visit, refused},
};
use crate::api::{cases::ActAsked, posts::PostAsked};

/// A field, unless it is empty.
fn filled(fields: &Fields, name: &str) -> Option<String> {
    Some(field(fields, name).replace("\r\n", "\n")).filter(|text| !text.is_empty())
}

/// Does something with a referral.
pub(super) async fn act(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("act {id}"))?;
    let asked = ActAsked {
        event: field(&fields, "event").to_owned(),
        why: filled(&fields, "why"),
        text: filled(&fields, "text"),
        level: filled(&fields, "level").and_then(|level| level.parse().ok()),
        // What happened since the form was shown is looked at first; a form that comes twice is refused by the same.
        events: filled(&fields, "events").and_then(|events| events.parse().ok()),
        by: visit.by(),
        ..ActAsked::default()
    };
    let (named, typed) = (id.clone(), field(&fields, "text"));
    let done = page.handle.acting(move |node| node.act(&named, &asked)).await;
    done.map_err(|error| refused(&visit, error, &format!("/referral/{id}"), typed))?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-done", count: 1 });
    Ok(Page::to(&visit, &format!("/referral/{id}")))
}

/// Says something about a referral.
pub(super) async fn say(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("say {id}"))?;
    let asked = PostAsked {
        kind: field(&fields, "kind").to_owned(),
        text: filled(&fields, "text"),
        reply_to: filled(&fields, "reply_to"),
        by: visit.by(),
        ..PostAsked::default()
    };
    let (named, typed) = (id.clone(), field(&fields, "text"));
    let done = page.handle.acting(move |node| node.post(&named, &asked)).await;
    done.map_err(|error| refused(&visit, error, &format!("/referral/{id}#said"), typed))?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-said", count: 1 });
    Ok(Page::to(&visit, &format!("/referral/{id}#said")))
}
