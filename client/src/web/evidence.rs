//! Evidence: what proves what happened to a referral, its file to take away, and a file that somebody brings.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use safeconduct_certs::{
    evidence::{Known, Line},
    web::fields::{Fields, field},
};

use super::{
    Page,
    proofs::{self, Proof, Stage},
    sheet::{self, Mark, Sheet, Trouble, Visit, title},
    upload,
};
use crate::{
    api::files::file,
    daemon::{EvidenceShown, FileNow, verified_lines},
    error::Told,
    evidence::FILE_BYTES_MAX,
};

pub(super) fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route("/{base}/referral/{id}/evidence", get(show).post(take))
        .route("/{base}/evidence", get(ask).post(check).layer(DefaultBodyLimit::max(upload::FORM_BYTES_MAX)))
}

#[derive(Template)]
#[template(path = "web/evidence.html")]
struct Evidence {
    s: Sheet,
    id: String,
    shown: EvidenceShown,
    /// How far it came, as far as that is signed.
    stages: Vec<Stage>,
    proofs: Vec<Proof>,
    mark: Mark,
}

title! { Evidence "evidence-title", Checking "bring-title" }

#[derive(Template)]
#[template(path = "web/check.html")]
struct Checking {
    s: Sheet,
    mark: Mark,
    found: Found,
}

/// What came of a file that somebody brought.
enum Found {
    /// None was brought yet.
    Nothing,
    /// It was no file, or too long a one: the text that says so.
    NoFile(&'static str),
    /// It does not hold, or is no evidence.
    Refused(Told),
    /// Every part of it holds.
    Holds(Vec<Said>),
}

/// One statement of a file that holds.
struct Said {
    /// In the reader's language.
    text: String,
    /// Ids, times and limits, as the node writes them.
    detail: String,
    proven: bool,
}

/// What proves what happened to a referral.
async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (by, language, named) = (visit.by(), visit.words.record_code, id.clone());
    let (shown, names) = page
        .work(&visit, move |node| {
            let shown = node.evidence_shown(&named, by.as_deref())?;
            let names =
                node.names_of([shown.case.sender.as_str(), shown.case.recipient.as_str()].into_iter(), language)?;
            Ok((shown, names))
        })
        .await?;
    sheet::shown(&Evidence {
        stages: proofs::stages(visit.words, &shown.case, shown.is_sent, &names),
        proofs: proofs::all(visit.words, &shown.case, &names),
        mark: page.mark(&visit, &format!("evidence {id}"))?,
        s: page.sheet(&visit, "/").await?,
        id,
        shown,
    })
}

/// Its file, to keep or to give to somebody. That it was made stands in the log of views.
async fn take(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("evidence {id}"))?;
    let (by, with_content) = (visit.by(), field(&fields, "content") == "yes");
    let exported = page.work(&visit, move |node| node.export(&id, with_content, by.as_deref())).await?;
    Ok(file("application/json", "evidence.json", exported.bundle.into()))
}

/// The form for a file that somebody brings.
async fn ask(State(page): State<Arc<Page>>, Extension(visit): Extension<Visit>) -> Result<Response, Trouble> {
    checking(&page, &visit, Found::Nothing).await
}

/// Verifies a file as the command line does. Nothing of it is kept.
async fn check(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Result<Response, Trouble> {
    let came = match upload::read(request).await {
        Err(told) if told.code == "document-too-large" => {
            return checking(&page, &visit, Found::NoFile("check-too-long")).await;
        }
        Err(_no_form) => return checking(&page, &visit, Found::NoFile("check-no-file")).await,
        Ok(came) => came,
    };
    page.number(&visit, &came.fields, "check")?;
    let Some(file) = came.files.into_iter().map(|file| file.bytes).find(|bytes| !bytes.is_empty()) else {
        return checking(&page, &visit, Found::NoFile("check-no-file")).await;
    };
    if file.len() > FILE_BYTES_MAX {
        return checking(&page, &visit, Found::NoFile("check-too-long")).await;
    }
    let root = page.work(&visit, |node| node.own_root()).await?;
    // Beside the node: many signatures take their time.
    let verified = tokio::task::spawn_blocking(move || match verified_lines(&file, Known::Root(&root)) {
        // It may be in order all the same: the line about the authority says what to compare.
        Err(told) if told.code == "other-authority" => verified_lines(&file, Known::Nothing),
        verified => verified,
    });
    let found = match verified.await {
        Ok(Ok(lines)) => Found::Holds(lines.iter().map(|line| said(&visit, line)).collect()),
        Ok(Err(told)) => Found::Refused(told),
        Err(_ended) => return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response().into()),
    };
    checking(&page, &visit, found).await
}

fn said(visit: &Visit, line: &Line) -> Said {
    let event = line.event.map(|event| event.text().to_owned());
    let details = Some(line.detail.clone()).filter(|detail| !detail.is_empty());
    let detail: Vec<String> = details.into_iter().chain(event).collect();
    Said { text: proofs::statement(visit.words, line.what), detail: detail.join(" · "), proven: line.proven }
}

async fn checking(page: &Page, visit: &Visit, found: Found) -> Result<Response, Trouble> {
    let mut s = page.sheet(visit, "/figures").await?;
    if !matches!(found, Found::Nothing) {
        s = s.fixed();
    }
    let mark = page.mark(visit, "check")?;
    sheet::shown(&Checking { s, mark, found })
}
