//! More was to be told in a referral that was taken back meanwhile: the draft has nowhere to go, and can only be discarded.

use askama::Template;
use axum::response::Response;

use super::super::{
    Page,
    sheet::{Mark, Sheet, Trouble, Visit, shown, title},
};

#[derive(Template)]
#[template(path = "web/person-gone.html")]
struct Gone {
    s: Sheet,
    draft: String,
    agency: String,
    discard: Mark,
}

title! { Gone "gone-title" }

/// The page that stands in the place of each step of such a draft.
pub(super) async fn shown_of(page: &Page, visit: &Visit, draft: &str, agency: String) -> Result<Response, Trouble> {
    let discard = page.mark(visit, &format!("discard {draft}"))?;
    shown(&Gone { s: page.sheet(visit, "/refer").await?, draft: draft.to_owned(), agency, discard })
}
