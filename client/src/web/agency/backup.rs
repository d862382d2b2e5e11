//! Backups: made into the folder for them, and tried: everything that a restore would do, beside the node and without changing it.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use safeconduct_certs::{
    keyfile::Cost,
    system::SystemEntropy,
    web::fields::{Fields, field},
};
use tokio::task::spawn_blocking;

use super::{
    super::{
        Page,
        sessions::Notice,
        sheet::{Mark, Sheet, Trouble, Visit, html, shown, title, told},
        signing::{passphrase_held, typed_secret},
    },
    Side,
    people::reason,
    rights,
};
use crate::{
    daemon::{Node, recovery::BACKUP_S_MAX},
    error::Told,
    recovery::{
        drill::{self, Tried},
        folder,
    },
};

const HERE: &str = "/agency/backup";
/// Backups that can be chosen to be tried.
const CHOICES: usize = 20;

#[derive(Template)]
#[template(path = "web/agency-backup.html")]
struct Backup {
    s: Sheet,
    side: Side,
    admin: bool,
    /// When the last one was made, and whether that is too long ago.
    last: Option<u64>,
    old: bool,
    folder: String,
    files: Vec<String>,
    /// What a restore would bring back.
    tried: Option<Tried>,
    /// The trial failed: the node's own words.
    failed: Option<Told>,
    wrong: Option<&'static str>,
    make: Mark,
    drill: Mark,
}

title! { Backup "agency-backup" }

/// What came of a form.
#[derive(Default)]
struct Came {
    tried: Option<Tried>,
    failed: Option<Told>,
    wrong: Option<&'static str>,
}

async fn page_of(page: &Page, visit: &Visit, came: Came) -> Result<Backup, Trouble> {
    let by = visit.by();
    let look = move |node: &mut Node| {
        let last = node.backup_at()?;
        let old = last.is_none_or(|at| node.now().0.saturating_sub(at) > BACKUP_S_MAX);
        let mut files = node.backups();
        files.truncate(CHOICES);
        let place = std::path::absolute(node.data().join(folder::FOLDER)).unwrap_or_default();
        Ok((rights(node, by.as_deref())?, last, old, files, place.display().to_string()))
    };
    let (rights, last, old, files, folder) = page.work(visit, look).await?;
    let (s, side) = page.side(visit, rights, HERE).await?;
    let plain = came.tried.is_none() && came.failed.is_none() && came.wrong.is_none();
    Ok(Backup {
        s: if plain { s } else { s.fixed() },
        side,
        admin: rights.admin(),
        last,
        old,
        folder,
        files,
        tried: came.tried,
        failed: came.failed,
        wrong: came.wrong,
        make: page.mark(visit, "backup")?,
        drill: page.mark(visit, "drill")?,
    })
}

/// When the last one was made, and the forms.
pub(in super::super) async fn show(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    shown(&page_of(&page, &visit, Came::default()).await?)
}

/// Makes one.
pub(in super::super) async fn make(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "backup")?;
    let (by, passphrase) = (visit.by(), typed_secret(&mut fields, "passphrase"));
    match page.with_passphrase(&visit, move |node| node.backup_here(by.as_deref(), &passphrase).map(drop)).await {
        Ok(()) => {
            page.sessions.leave(&visit.session.base, Notice { key: "notice-backup", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => {
            let Some(wrong) = reason(&why.code) else { return Err(told(&visit, why).into()) };
            let came = Came { wrong: Some(wrong), ..Came::default() };
            Ok(html(StatusCode::CONFLICT, &page_of(&page, &visit, came).await?))
        }
    }
}

/// Tries one, as a restore would open it: beside the node's own thread, for it takes its time.
pub(in super::super) async fn drill(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "drill")?;
    let (by, passphrase) = (visit.by(), typed_secret(&mut fields, "passphrase"));
    let name = field(&fields, "file").to_owned();
    let named = move |node: &mut Node| Ok((node.backup_named(by.as_deref(), &name)?, node.now()));
    let (file, now) = page.work(&visit, named).await?;
    if !page.sessions.may_try() {
        let came = Came { wrong: reason(&passphrase_held().code), ..Came::default() };
        return Ok(html(StatusCode::CONFLICT, &page_of(&page, &visit, came).await?));
    }
    let job = move || drill::verify(&file, &passphrase, Cost::STANDARD, now, &mut SystemEntropy);
    let gone = |_gone| Told::not_ready("drill-failed", "the backup could not be tried", "try it again");
    let tried: Result<Tried, Told> = match spawn_blocking(job).await.map_err(gone) {
        Ok(done) => done.map_err(Told::from),
        Err(gone) => Err(gone),
    };
    if tried.is_ok() {
        page.sessions.was_right();
    }
    let came = match tried {
        Ok(tried) => Came { tried: Some(tried), ..Came::default() },
        Err(why) => match reason(&why.code) {
            Some(_) => Came { wrong: Some("backup-passphrase-then"), ..Came::default() },
            None => Came { failed: Some(why), ..Came::default() },
        },
    };
    shown(&page_of(&page, &visit, came).await?)
}
