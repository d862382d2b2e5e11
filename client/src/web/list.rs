//! Referrals that were sent and received: whose turn it is, what is late, and a search of them.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, field};

use super::{
    Page,
    sheet::{Mark, Sheet, Trouble, Visit, shown, title},
};
use crate::{
    api::{
        cases::{ListAsked, ReferralLine},
        drafts::DraftLine,
    },
    daemon::Names,
};

/// Lines of a page.
const LINES: u32 = 50;
/// Longest text that is searched for, in characters.
const SEARCH_CHARACTERS_MAX: usize = 100;

/// Which referrals are shown: their name in an address, and what the node is asked.
const VIEWS: [(&str, &str); 5] = [
    ("", "view-all"),
    ("ours", "view-ours"),
    ("theirs", "view-theirs"),
    ("late", "view-late"),
    ("drafts", "view-drafts"),
];

#[derive(Template)]
#[template(path = "web/referrals.html")]
struct Referrals {
    s: Sheet,
    view: &'static str,
    lines: Vec<Line>,
    drafts: Vec<DraftLine>,
    next: Option<String>,
    search: String,
    mark: Mark,
}

title! { Referrals "tab-referrals" }

/// A line, with the other agency's name in the reader's language.
struct Line {
    line: ReferralLine,
    agency: String,
}

impl Line {
    /// What was told without consent still lacks that the person is told, or a second person's look, and the time for it comes.
    fn owes(&self) -> bool {
        self.line.news.iter().any(|news| news == "override-open")
    }
}

impl Referrals {
    const fn views(&self) -> [(&'static str, &'static str); 5] {
        VIEWS
    }

    fn is_view(&self, name: &str) -> bool {
        self.view == name
    }
}

fn value<'q>(query: &'q Fields, name: &str) -> &'q str {
    field(query, name)
}

/// The list; the first page after signing in.
pub(super) async fn referrals(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Query(query): Query<Fields>,
) -> Result<Response, Trouble> {
    let view = VIEWS.iter().find(|(name, _)| *name == value(&query, "view")).map_or("", |(name, _)| name);
    let after = Some(value(&query, "after").to_owned()).filter(|after| !after.is_empty());
    listed(&page, &visit, view, after, String::new()).await
}

/// A search. What is looked for is in no address.
pub(super) async fn search(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "find")?;
    let text = field(&fields, "search").chars().take(SEARCH_CHARACTERS_MAX).collect();
    listed(&page, &visit, "", None, text).await
}

async fn listed(
    page: &Page,
    visit: &Visit,
    view: &'static str,
    after: Option<String>,
    search: String,
) -> Result<Response, Trouble> {
    let by = visit.by();
    let asked = ListAsked {
        late: view == "late",
        turn: matches!(view, "ours" | "theirs").then(|| view.to_owned()),
        search: Some(search.clone()).filter(|text| !text.is_empty()),
        limit: Some(LINES),
        after,
        by: by.clone(),
        ..ListAsked::default()
    };
    let drafts = view == "drafts";
    let language = visit.words.record_code;
    let (found, names, drafts) = page
        .work(visit, move |node| {
            if drafts {
                let drafts = node.drafts(by.as_deref())?.drafts;
                let names = node.names_of(drafts.iter().map(|draft| draft.to.as_str()), language)?;
                return Ok((None, names, drafts));
            }
            let found = node.referrals(&asked)?;
            let names = node.names_of(found.referrals.iter().map(|line| line.agency.as_str()), language)?;
            Ok((Some(found), names, Vec::new()))
        })
        .await?;
    let called = |id: &str, names: &Names| names.of(id);
    let (lines, next) = found.map_or_else(Default::default, |found| (found.referrals, found.next));
    let lines = lines.into_iter().map(|line| Line { agency: called(&line.agency, &names), line }).collect();
    let drafts = drafts.into_iter().map(|draft| DraftLine { to: called(&draft.to, &names), ..draft }).collect();
    let mut s = page.sheet(visit, "/").await?;
    if !search.is_empty() {
        s = s.fixed();
    }
    let mark = page.mark(visit, "find")?;
    shown(&Referrals { s, view, lines, drafts, next, search, mark })
}
