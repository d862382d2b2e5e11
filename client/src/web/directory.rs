//! Find who can help: the directory of this machine, searched without asking anybody.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, response::Response};
use safeconduct_certs::web::fields::{Fields, all, field};

use super::{
    Page, labels,
    sheet::{Mark, Sheet, Trouble, Visit, shown, title},
};
use crate::{
    api::found::{AgencyShown, Hit, SearchFor},
    error::Told,
    referral::codes::{Role, Service},
};

/// Agencies of one answer.
const HITS: usize = 30;
/// Longest text that is searched for, in characters.
const TEXT_CHARACTERS_MAX: usize = 60;

#[derive(Template)]
#[template(path = "web/directory.html")]
struct Directory {
    s: Sheet,
    asked: SearchFor,
    hits: Vec<Listed>,
    total: u64,
    searched: bool,
    mark: Mark,
}

title! { Directory "tab-directory" }

/// An agency, whole.
struct Listed {
    name: String,
    hit: Hit,
    agency: AgencyShown,
}

impl Directory {
    fn services(&self) -> impl Iterator<Item = &'static str> {
        Service::ALL.iter().map(|code| code.as_str())
    }

    fn roles(&self) -> impl Iterator<Item = &'static str> {
        Role::ALL.iter().map(|code| code.as_str())
    }

    const fn spoken(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &labels::SPOKEN
    }

    fn spoken_name<'c>(&self, code: &'c str) -> &'c str {
        labels::spoken(code)
    }

    fn is(&self, list: &[String], code: &str) -> bool {
        list.iter().any(|one| one == code)
    }
}

/// The form, and everybody.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    found(&page, &visit, SearchFor::default(), false).await
}

/// A search.
pub(super) async fn search(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "directory")?;
    let some = |name: &'static str| all(&fields, name).filter(|one| !one.is_empty()).map(str::to_owned).collect();
    let text: String = field(&fields, "text").chars().take(TEXT_CHARACTERS_MAX).collect();
    let asked = SearchFor {
        services: some("service"),
        languages: some("language"),
        roles: some("role"),
        text: Some(text).filter(|text| !text.is_empty()),
        open_now: field(&fields, "open") == "yes",
        ..SearchFor::default()
    };
    found(&page, &visit, asked, true).await
}

async fn found(page: &Page, visit: &Visit, asked: SearchFor, searched: bool) -> Result<Response, Trouble> {
    let wanted = SearchFor { limit: Some(HITS), ..asked.clone() };
    let language = visit.words.record_code;
    let (hits, total) = page
        .work(visit, move |node| {
            let found = node.search(&wanted)?;
            let mut hits = Vec::with_capacity(found.hits.len());
            for hit in found.hits {
                let id = hit.agency_id.parse().map_err(|_none| no_id(&hit.agency_id))?;
                let agency = node.show_agency(&id)?;
                hits.push(Listed { name: agency.record.name(language).to_owned(), hit, agency });
            }
            Ok((hits, found.total))
        })
        .await?;
    let mut s = page.sheet(visit, "/directory").await?;
    if searched {
        s = s.fixed();
    }
    let mark = page.mark(visit, "directory")?;
    let total = u64::try_from(total).unwrap_or(u64::MAX);
    shown(&Directory { s, asked, hits, total, searched, mark })
}

fn no_id(id: &str) -> Told {
    Told::refused("unknown-agency", format!("{id} is no agency's name"), "search again")
}
