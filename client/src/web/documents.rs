//! Documents of a referral: what is here of them and what is on its way, saving one, and sending one that the referral lists.

use std::{io::Cursor, path::Path, sync::Arc};

use axum::{
    Extension, Form, Router,
    extract::{DefaultBodyLimit, Path as Place, Request, State},
    response::Response,
    routing::post,
};
use safeconduct_certs::web::fields::{Fields, field};

use super::{
    Page, labels,
    sessions::Notice,
    sheet::{Trouble, Visit, refused},
    upload::{self, FORM_BYTES_MAX, Upload},
    words::Words,
};
use crate::{
    api::{
        documents::{DocumentShown, blocking},
        files,
    },
    daemon::Unsent,
    documents::{
        DocumentError, Gauge, Kind, Metadata,
        attach::{self, Plan},
        seal::{Facts, facts},
    },
    error::Told,
};

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route("/{base}/referral/{id}/document/{document}/save", post(save))
        .route("/{base}/referral/{id}/document/{document}/again", post(again))
        .route("/{base}/referral/{id}/attach", post(attach_listed).layer(DefaultBodyLimit::max(FORM_BYTES_MAX)))
}

/// A document as a line of the page.
pub(super) struct Line {
    pub(super) id: String,
    /// Empty when the consent for it is over.
    pub(super) title: String,
    pub(super) what: String,
    pub(super) state: String,
    pub(super) why: Option<String>,
    pub(super) may_save: bool,
    pub(super) may_again: bool,
}

/// A document that the referral lists and that has not been sent.
pub(super) struct Wanted {
    pub(super) attachment: String,
    pub(super) title: String,
    pub(super) what: String,
}

/// Its kind and size in words.
pub(super) fn what(words: &'static Words, media_type: &str, size_bytes: u64) -> String {
    let kind = Kind::of_media_type(media_type).map_or("bin", Kind::ending);
    let size = match size_bytes.div_ceil(1024) {
        kib @ 0..1024 => words.say_of("document-kib", "size", &kib.to_string()),
        kib => words.say_of("document-mib", "size", &kib.div_ceil(1024).to_string()),
    };
    format!("{}, {size}", labels::label(words, "document-kind", kind))
}

impl Line {
    fn of(words: &'static Words, one: &DocumentShown) -> Self {
        let way = words.say(if one.received { "document-received" } else { "document-sent" });
        let why = one.reason.as_deref().map(|reason| {
            let key = format!("document-why-{reason}");
            if words.has(&key) { words.say(&key) } else { words.say("document-why-other") }
        });
        let done = one.state.as_str();
        Self {
            id: one.id.clone(),
            title: one.title.clone(),
            what: what(words, &one.media_type, one.size_bytes),
            state: format!("{way} · {}", labels::label(words, "document-state", done)),
            why,
            may_save: !one.title.is_empty()
                && (done == "held" || (!one.received && matches!(done, "waiting" | "stored"))),
            may_again: matches!(done, "failed" | "gone" | "broken"),
        }
    }
}

/// The documents that there are.
pub(super) fn lines(words: &'static Words, all: &[DocumentShown]) -> Vec<Line> {
    all.iter().map(|one| Line::of(words, one)).collect()
}

/// The documents that a referral of ours lists and that nobody has sent.
pub(super) fn wanted(words: &'static Words, all: Vec<Unsent>) -> Vec<Wanted> {
    all.into_iter()
        .map(|one| Wanted {
            what: what(words, one.media_type, one.size_bytes),
            attachment: one.attachment_id,
            title: one.title,
        })
        .collect()
}

/// What a chosen file is. What a picture says about place, time and author is left out unless it is to be kept.
pub(super) fn facts_of(file: &Upload, metadata: Metadata) -> Result<Facts, DocumentError> {
    let mut reader = Cursor::new(file.bytes.as_slice());
    facts(&mut reader, Path::new(&file.name), metadata, &Gauge::default())
}

/// Seals a file for a referral that lists it, and notes it to be sent.
pub(super) async fn attach_file(
    page: &Page,
    plan: Plan,
    file: Upload,
    metadata: Metadata,
) -> Result<DocumentShown, Told> {
    let sealing = move || attach::receive(plan, &mut file.bytes.as_slice(), metadata);
    let fresh = blocking(sealing).await?;
    page.handle.acting(move |node| node.attach_document_once(fresh)).await
}

/// Saves a document that is here: the browser keeps it, and shows nothing of it.
async fn save(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Place((_base, id, document)): Place<(String, String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("document {id}"))?;
    files::go(&page.handle, document, visit.by())
        .await
        .map_err(|error| refused(&visit, error, &format!("/referral/{id}#documents"), "").into())
}

/// Fetches, or sends, anew what failed.
async fn again(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Place((_base, id, document)): Place<(String, String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("document {id}"))?;
    let by = visit.by();
    let done = page.handle.acting(move |node| node.fetch_document(&document, by.as_deref())).await;
    done.map_err(|error| refused(&visit, error, &format!("/referral/{id}#documents"), ""))?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-document-again", count: 1 });
    Ok(Page::to(&visit, &format!("/referral/{id}#documents")))
}

/// Sends a file that the referral lists.
async fn attach_listed(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Place((_base, id)): Place<(String, String)>,
    request: Request,
) -> Result<Response, Trouble> {
    let refuse = |error| Trouble::from(refused(&visit, error, &format!("/referral/{id}#documents"), ""));
    let came = upload::read(request).await.map_err(refuse)?;
    page.number(&visit, &came.fields, &format!("document {id}"))?;
    let attachment = field(&came.fields, "attachment").to_owned();
    let Some(file) = came.files.into_iter().find(|file| file.field == "file") else {
        page.sessions.leave(&visit.session.base, Notice { key: "notice-document-none", count: 0 });
        return Ok(Page::to(&visit, &format!("/referral/{id}#documents")));
    };
    let (by, named) = (visit.by(), id.clone());
    let planned = page.handle.core().call(move |node| node.plan_document_once(&named, &attachment, by.as_deref()));
    if let Ok(plan) = planned.await.map_err(refuse)? {
        // The list says which it was: the picture as it is, or without what it says of itself.
        let listed = (plan.kind, plan.length, plan.sha256);
        let is_listed =
            |metadata| facts_of(&file, metadata).is_ok_and(|facts| (facts.kind, facts.length, facts.sha256) == listed);
        let metadata = if is_listed(Metadata::Kept) { Metadata::Kept } else { Metadata::Removed };
        attach_file(&page, plan, file, metadata).await.map_err(refuse)?;
    }
    page.sessions.leave(&visit.session.base, Notice { key: "notice-document-sent", count: 1 });
    Ok(Page::to(&visit, &format!("/referral/{id}#documents")))
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};
    use crate::documents::State as DocumentState;

    fn document(state: &str, received: bool, title: &str) -> DocumentShown {
        DocumentShown {
            id: "0a".to_owned(),
            referral_id: "r".to_owned(),
            attachment_id: "a-1".to_owned(),
            received,
            title: title.to_owned(),
            section: "Medical".to_owned(),
            media_type: "image/png".to_owned(),
            size_bytes: 3 * 1024 * 1024,
            done_bytes: 0,
            state: state.to_owned(),
            reason: None,
        }
    }

    #[test]
    fn what_is_here_can_be_saved_and_what_failed_can_be_asked_for_again() {
        let words = languages().english();
        let may = |state, received, title| {
            let line = Line::of(words, &document(state, received, title));
            (line.may_save, line.may_again)
        };
        assert_eq!(may("held", true, "t"), (true, false));
        assert_eq!(may("held", true, ""), (false, false), "its consent is over");
        assert_eq!((may("wanted", true, "t"), may("stored", false, "t")), ((false, false), (true, false)));
        assert_eq!((may("gone", true, "t"), may("failed", false, "t")), ((false, true), (false, true)));
        assert_eq!(Line::of(words, &document("stored", false, "t")).state, "to them · the relay holds it");
        let later = DocumentShown { reason: Some("later".to_owned()), ..document("failed", true, "t") };
        assert_eq!(Line::of(words, &later).why, Some(words.say("document-why-other")));
    }

    #[test]
    fn every_state_kind_and_size_has_words_in_every_language() {
        for words in languages().all() {
            for state in DocumentState::ALL {
                assert!(words.has(&format!("document-state-{}", state.code())), "{} {}", words.code, state.code());
            }
            for kind in Kind::ALL {
                assert!(words.has(&format!("document-kind-{}", kind.ending())), "{} {}", words.code, kind.ending());
            }
        }
        let english = languages().english();
        assert!(what(english, "application/pdf", 1).contains("1\u{2069} kB"));
        assert!(what(english, "application/pdf", 26_214_400).contains("25\u{2069} MB"));
        assert!(what(english, "a/later", 1).starts_with("bin"));
    }
}
