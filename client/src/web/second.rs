//! Four eyes: where a rule asks for two, the second person confirms on the same screen, with a name and a secret of their own. What they confirm
//! is what leaves, at this moment and to these agencies.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use safeconduct_certs::web::fields::Fields;
use safeconduct_protocol::id::AgencyId;

use super::{
    Page, choosing,
    content::{self, Section},
    sheet::{Mark, Sheet, Trouble, Visit, html, title, told},
    signing::{typed_name, typed_secret},
};
use crate::{
    api::people::{Typed, Word},
    error::{Told, ToldFinding},
};

#[derive(Template)]
#[template(path = "web/second.html")]
struct Second {
    s: Sheet,
    draft: String,
    to: Vec<String>,
    names: Vec<String>,
    /// What leaves: a word for what one has not read is none.
    sections: Vec<Section>,
    /// What asks for two; told once.
    findings: Vec<ToldFinding>,
    wrong: Option<&'static str>,
    mark: Mark,
}

title! { Second "second-title" }

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new().route("/{base}/draft/{draft}/second", post(confirm))
}

/// Whether a second person is what is missing, and can be asked here.
pub(super) fn is_asked(visit: &Visit, why: &Told) -> bool {
    why.code == "second-person-missing" && visit.session.who.pseudonym.is_some()
}

/// Why a confirmation was refused, in the reader's language. Which of name and secret is wrong is not said.
fn reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "secret-wrong" | "secret-held" | "person-unknown" => "second-wrong",
        "second-person-same" => "second-same",
        "not-your-role" => "second-role",
        _ => return None,
    })
}

/// The purpose of the form: just this content, to just these agencies.
fn purpose(draft: &str, seen: &str, to: &[String]) -> String {
    format!("second {draft} {seen} {}", to.join(" "))
}

/// Asks for the second person.
pub(super) async fn ask(
    page: &Page,
    visit: &Visit,
    draft: &str,
    chosen: &[AgencyId],
    why: Told,
    wrong: Option<&'static str>,
) -> Result<Response, Trouble> {
    let Some((content, seen)) = choosing::now(page, visit, draft).await? else { return Ok(Page::to(visit, "/")) };
    let (to, language) = (chosen.iter().map(ToString::to_string).collect::<Vec<_>>(), visit.words.record_code);
    let ids = to.clone();
    let names = page
        .work(visit, move |node| {
            let names = node.names_of(ids.iter().map(String::as_str), language)?;
            Ok(ids.iter().map(|id| names.of(id)).collect())
        })
        .await?;
    let asked = Second {
        s: page.sheet(visit, "/refer").await?.fixed(),
        mark: page.mark(visit, &purpose(draft, &seen, &to))?,
        sections: content::sections(visit.words, &content),
        draft: draft.to_owned(),
        to,
        names,
        findings: why.findings.clone(),
        wrong,
    };
    Ok(html(StatusCode::CONFLICT, &asked))
}

/// The second person says yes, and it leaves.
async fn confirm(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let Some((_content, seen)) = choosing::now(&page, &visit, &draft).await? else { return Ok(Page::to(&visit, "/")) };
    let chosen = choosing::chosen(&fields);
    let to: Vec<String> = chosen.iter().map(ToString::to_string).collect();
    page.number(&visit, &fields, &purpose(&draft, &seen, &to))?;
    let second = Word { name: typed_name(&fields), secret: Typed(typed_secret(&mut fields, "secret")) };
    match choosing::sent(&page, &visit, (&draft, seen), &chosen, Some(second)).await {
        Ok(response) => Ok(response),
        Err(why) => match reason(&why.code) {
            Some(wrong) => ask(&page, &visit, &draft, &chosen, why, Some(wrong)).await,
            None => Err(told(&visit, why).into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_of_name_and_secret_is_wrong_is_not_said() {
        assert!(
            ["secret-wrong", "secret-held", "person-unknown"].iter().all(|code| reason(code) == Some("second-wrong"))
        );
        assert!(reason("second-person-same") != reason("not-your-role") && reason("disk-full").is_none());
    }
}
