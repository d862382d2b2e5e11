//! Files that go with a referral by name. Each is sealed as it comes, for the agency that the draft names, and listed in the draft; when the
//! draft has left, so does what was sealed. Nothing of it is written as it is, and what seals it is in this session's memory alone.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    response::Response,
    routing::{get, post},
};
use safeconduct_certs::{
    system::SystemEntropy,
    web::fields::{Fields, field},
};
use serde_json::{Value, json};

use super::{
    super::{
        Page, choosing,
        documents::{facts_of, what},
        sessions::Notice,
        sheet::{Mark, Sheet, Trouble, Visit, refused, shown, title},
        upload::{self, FORM_BYTES_MAX},
        words::Words,
    },
    Work, fields, level,
};
use crate::{
    api::documents::blocking,
    casework::{refusal::CaseworkError, store::columns::uuid_bytes},
    daemon::Node,
    documents::{DocumentError, Metadata, attach, seal::Facts},
    error::Told,
    referral::{codes::Section, compose::uuid},
};

/// Where a referral lists its documents, and how many (the schema).
const AT: &str = "/case_file/attachments";
const LISTED_MAX: usize = 32;
/// Characters of a title (the schema).
const TITLE_MAX: usize = 120;

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route("/{base}/draft/{draft}/documents", get(ask).post(add).layer(DefaultBodyLimit::max(FORM_BYTES_MAX)))
        .route("/{base}/draft/{draft}/documents/remove", post(remove))
        .route("/{base}/draft/{draft}/documents/on", post(go_on))
}

#[derive(Template)]
#[template(path = "web/person-documents.html")]
struct Documents {
    s: Sheet,
    work: Work,
    listed: Vec<Listed>,
    mark: Mark,
    remove: Mark,
    on: Mark,
}

title! { Documents "papers-title" }

impl Documents {
    /// What a document may be about: all but what needs no consent, and the list of documents itself.
    fn sections(&self) -> impl Iterator<Item = &'static str> {
        about().map(Section::as_str)
    }
}

fn about() -> impl Iterator<Item = Section> {
    let file = fields::file_sections().filter(|section| *section != Section::Attachments);
    core::iter::once(Section::Identity).chain(file)
}

/// A document that a draft lists.
pub(super) struct Listed {
    pub(super) attachment: String,
    pub(super) title: String,
    pub(super) what: String,
    pub(super) section: String,
    /// The agency has it already.
    pub(super) told: bool,
    /// It is sealed, and leaves with the draft.
    pub(super) held: bool,
}

fn text<'v>(one: &'v Value, name: &str) -> &'v str {
    one.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn listed(draft: &Value) -> impl Iterator<Item = &Value> {
    draft.pointer(AT).and_then(Value::as_array).into_iter().flatten()
}

/// The documents of a draft, in words.
pub(super) fn lines(page: &Page, visit: &Visit, work: &Work) -> Vec<Listed> {
    let held = page.sessions.held(&visit.session.base, &work.kept.line.draft);
    listed(&work.content).map(|one| line(visit.words, work, &held, one)).collect()
}

fn line(words: &'static Words, work: &Work, held: &[[u8; 16]], one: &Value) -> Listed {
    let attachment = text(one, "attachment_id");
    let size = one.get("size_bytes").and_then(Value::as_u64).unwrap_or_default();
    Listed {
        title: text(one, "title").to_owned(),
        what: what(words, text(one, "media_type"), size),
        section: text(one, "section").to_owned(),
        told: is_told(work, attachment),
        held: uuid_bytes(attachment).is_some_and(|id| held.contains(&id)),
        attachment: attachment.to_owned(),
    }
}

fn is_told(work: &Work, attachment: &str) -> bool {
    work.more.as_ref().is_some_and(|more| listed(&more.told).any(|one| text(one, "attachment_id") == attachment))
}

/// These sections with those that the draft's documents are about: a consent covers both.
pub(super) fn with_theirs(draft: &Value, mut sections: Vec<Section>) -> Vec<Section> {
    for section in listed(draft).filter_map(|one| Section::from_code(text(one, "section"))) {
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    sections
}

/// The documents, and a form for one more.
async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    if work.level() < 3 {
        page.sessions.leave(&visit.session.base, Notice { key: "notice-papers-level", count: 0 });
        return Ok(Page::to(&visit, &format!("/draft/{draft}/level")));
    }
    let mark = |about: &str| page.mark(&visit, &format!("{about} {draft}"));
    shown(&Documents {
        s: page.sheet(&visit, "/refer").await?,
        listed: lines(&page, &visit, &work),
        mark: mark("document")?,
        remove: mark("undocument")?,
        on: mark("documents")?,
        work,
    })
}

/// What stands in a draft of a document that is chosen.
struct Chosen {
    title: String,
    section: Section,
    facts: Facts,
}

impl Chosen {
    /// The line of a draft that is this file already, whatever it is called.
    fn is(&self, one: &Value) -> bool {
        text(one, "sha256") == hex::encode(self.facts.sha256) && text(one, "section") == self.section.as_str()
    }

    fn line(&self, attachment: &str) -> Value {
        json!({
            "attachment_id": attachment, "title": self.title, "media_type": self.facts.kind.media_type(),
            "size_bytes": self.facts.length, "sha256": hex::encode(self.facts.sha256), "section": self.section.as_str(),
        })
    }
}

/// A title on one line, of as many characters as fit.
fn titled(typed: &str) -> String {
    let line: Vec<&str> = typed.split_whitespace().collect();
    line.join(" ").chars().take(TITLE_MAX).collect()
}

/// Changes the list of a draft, as it stands now; what the person is asked follows. None when there is nothing to change.
fn change(
    node: &mut Node,
    (draft, by): (&str, Option<&str>),
    told: Vec<Value>,
    list: impl FnOnce(Vec<Value>) -> Option<Vec<Value>>,
) -> Result<(), Told> {
    let mut content = choosing::content_of(node, draft, by)?.ok_or(CaseworkError::ChangedMeanwhile)?;
    let Some(list) = list(listed(&content).cloned().collect()) else { return Ok(()) };
    fields::set(&mut content, AT, (!list.is_empty()).then(|| list.into()));
    let to = content.pointer("/header/to/agency_id").and_then(Value::as_str).and_then(|to| to.parse().ok());
    let content = level::tell_documents(content, node.now(), told);
    choosing::keep_content(node, draft, &content, to.as_ref(), by).map(drop)
}

/// Seals the file that was chosen, and lists it. The same file once more is the same document: it is sealed anew where it was lost.
async fn add(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Trouble> {
    let here = format!("/draft/{draft}/documents");
    let refuse = |error| Trouble::from(refused(&visit, error, &here, ""));
    let came = upload::read(request).await.map_err(refuse)?;
    page.number(&visit, &came.fields, &format!("document {draft}"))?;
    let work = Work::of(&page, &visit, &draft).await?;
    let title = titled(field(&came.fields, "title"));
    let section = about().find(|section| section.as_str() == field(&came.fields, "section"));
    let file = came.files.into_iter().find(|file| file.field == "file");
    let (Some(file), Some(section), false, 3) = (file, section, title.is_empty(), work.level()) else {
        page.sessions.leave(&visit.session.base, Notice { key: "notice-papers-incomplete", count: 0 });
        return Ok(Page::to(&visit, &here));
    };
    let metadata = if field(&came.fields, "keep") == "yes" { Metadata::Kept } else { Metadata::Removed };
    let read = move || Ok((facts_of(&file, metadata)?, file));
    let (facts, file) = blocking(read).await.map_err(refuse)?;
    let chosen = Chosen { title, section, facts };
    let before = listed(&work.content).find(|one| chosen.is(one)).map(|one| text(one, "attachment_id").to_owned());
    if before.is_none() && listed(&work.content).count() >= LISTED_MAX {
        let remedy = "send the others in a referral of their own";
        return Err(refuse(Told::usage("a referral lists 32 documents at most", remedy)));
    }
    let attachment = match before {
        Some(attachment) => attachment,
        None => uuid(&mut SystemEntropy).map_err(|error| refuse(error.into()))?,
    };
    let id = uuid_bytes(&attachment).ok_or_else(|| refuse(DocumentError::NotListed.into()))?;
    if is_told(&work, &attachment) || page.sessions.held(&visit.session.base, &draft).contains(&id) {
        return Ok(Page::to(&visit, &here));
    }
    let (by, named, to) = (visit.by(), draft.clone(), work.to.clone());
    let plan =
        page.handle.core().call(move |node| node.plan_held(&named, &to, (id, section), &facts, by.as_deref())).await;
    let plan = plan.map_err(refuse)?;
    let sealing = move || attach::receive(plan, &mut file.bytes.as_slice(), metadata);
    let fresh = blocking(sealing).await.map_err(refuse)?;
    let (by, named, told) = (visit.by(), draft.clone(), work.consents());
    let change = page.handle.core().call(move |node| {
        change(node, (&named, by.as_deref()), told, |mut list| {
            let is_there = list.iter().any(|one| chosen.is(one));
            (!is_there).then(|| {
                list.push(chosen.line(&attachment));
                list
            })
        })
    });
    change.await.map_err(refuse)?;
    page.sessions.hold(&visit.session.base, &draft, fresh);
    page.sessions.leave(&visit.session.base, Notice { key: "notice-papers-added", count: 1 });
    Ok(Page::to(&visit, &here))
}

/// Takes a document out of the draft. What the agency has already stays.
async fn remove(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("undocument {draft}"))?;
    let work = Work::of(&page, &visit, &draft).await?;
    let attachment = field(&typed, "attachment").to_owned();
    let here = Page::to(&visit, &format!("/draft/{draft}/documents"));
    if is_told(&work, &attachment) {
        return Ok(here);
    }
    if let Some(id) = uuid_bytes(&attachment) {
        drop(page.sessions.take_held(&visit.session.base, &draft, Some(id)));
    }
    let (by, told) = (visit.by(), work.consents());
    let taken = move |mut list: Vec<Value>| {
        list.retain(|one| text(one, "attachment_id") != attachment);
        Some(list)
    };
    page.work(&visit, move |node| change(node, (&draft, by.as_deref()), told, taken)).await?;
    Ok(here)
}

/// Goes on: to the person, or to the last look. Who has chosen documents and added none sends none.
async fn go_on(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("documents {draft}"))?;
    let mut work = Work::of(&page, &visit, &draft).await?;
    if listed(&work.content).next().is_none() {
        let (by, told, named) = (visit.by(), work.consents(), draft.clone());
        page.work(&visit, move |node| change(node, (&named, by.as_deref()), told, Some)).await?;
        work = Work::of(&page, &visit, &draft).await?;
    }
    let step = work.after_form();
    Ok(Page::to(&visit, &format!("/draft/{draft}/{step}")))
}

/// Sends what was sealed for a draft that has just left as this referral. What does not go now is asked for by the referral's page, which is
/// said.
pub(in super::super) async fn give(page: &Page, visit: &Visit, draft: &str, referral: &str) {
    let held = page.sessions.take_held(&visit.session.base, draft, None);
    let (by, named, all) = (visit.by(), referral.to_owned(), held.len());
    let given = page.handle.acting(move |node| {
        for fresh in held {
            // One that is listed no more is let go; each of the others has its own chance.
            drop(node.give_held(&named, fresh, by.as_deref()));
        }
        Ok(node.unsent_documents(&named, by.as_deref())?.len())
    });
    let left = given.await.unwrap_or(all);
    if left > 0 {
        let count = u64::try_from(left).unwrap_or(u64::MAX);
        page.sessions.leave(&visit.session.base, Notice { key: "notice-papers-left", count });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Kind;

    fn chosen() -> Chosen {
        let facts = Facts { kind: Kind::Pdf, length: 9, sha256: [0xab; 32], metadata: Metadata::Removed };
        Chosen { title: "Report".to_owned(), section: Section::Medical, facts }
    }

    #[test]
    fn a_document_is_listed_as_the_schema_says_and_the_same_file_is_known_again() {
        let line = chosen().line("00000000-0000-4000-8000-000000000001");
        assert_eq!(
            line,
            json!({"attachment_id": "00000000-0000-4000-8000-000000000001", "title": "Report",
                "media_type": "application/pdf", "size_bytes": 9, "sha256": "ab".repeat(32), "section": "Medical"})
        );
        let other = |section| Chosen { section, ..chosen() };
        assert!(other(Section::Medical).is(&line) && !other(Section::Identity).is(&line));
        assert!(!Chosen { facts: Facts { sha256: [1; 32], ..chosen().facts }, ..chosen() }.is(&line));
    }

    #[test]
    fn what_a_document_is_about_is_asked_of_the_person_too() {
        let draft = json!({"case_file": {"attachments": [chosen().line("x"), chosen().line("y")]}});
        let asked = with_theirs(&draft, vec![Section::Enquiry, Section::Attachments]);
        assert!(asked == [Section::Enquiry, Section::Attachments, Section::Medical]);
        assert!(with_theirs(&json!({}), vec![Section::Enquiry]) == [Section::Enquiry]);
        assert!(about().all(|section| section != Section::Attachments && section != Section::Enquiry));
    }

    #[test]
    fn a_title_is_one_line_that_fits() {
        assert_eq!(titled("  a\r\n b\t c "), "a b c");
        assert_eq!(titled(&"я".repeat(200)).chars().count(), TITLE_MAX);
        assert!(titled(" \n").is_empty());
    }
}
