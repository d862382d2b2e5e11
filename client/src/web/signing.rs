//! Signing in with one's own secret, signing out, and leaving at once.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use safeconduct_certs::{
    system::SystemEntropy,
    web::fields::{Fields, field},
};
use zeroize::Zeroizing;

use super::{
    Page,
    sessions::Who,
    sheet::{Stranger, Trouble, Visit, html},
    words::{Words, languages},
};
use crate::{error::Told, people::store::Footing};

/// Longest name that is looked for, in characters.
const NAME_CHARACTERS_MAX: usize = 100;

#[derive(Template)]
#[template(path = "web/sign-in.html")]
struct SignIn {
    words: &'static Words,
    /// People are recorded: each signs in with name and secret.
    named: bool,
    name: String,
    /// Reading is locked, so that nobody gets in by name.
    locked: bool,
    /// Why it was refused: a text of the catalogue.
    wrong: Option<&'static str>,
}

impl SignIn {
    fn languages(&self) -> &'static [Words] {
        languages().all()
    }
}

#[derive(Template)]
#[template(path = "web/away.html")]
struct Away {
    words: &'static Words,
}

/// The page before anybody has signed in: it tells nothing of the agency.
pub(super) async fn ask(State(page): State<Arc<Page>>, Extension(stranger): Extension<Stranger>) -> Response {
    html(StatusCode::OK, &asked(&page, stranger.words, String::new(), None).await)
}

async fn asked(page: &Page, words: &'static Words, name: String, wrong: Option<&'static str>) -> SignIn {
    let named = is_named(page).await;
    SignIn { words, named, name, locked: named && page.handle.lock().is_locked(), wrong }
}

/// Whether people are recorded.
async fn is_named(page: &Page) -> bool {
    page.handle.core().call(|node| Ok(!node.people(false)?.people.is_empty())).await.unwrap_or(true)
}

/// Unlocks reading, for everybody, by whoever knows the vault's passphrase. It signs nobody in.
pub(super) async fn unlock(
    State(page): State<Arc<Page>>,
    Extension(stranger): Extension<Stranger>,
    Form(fields): Form<Fields>,
) -> Response {
    let words = languages().of(field(&fields, "lang")).unwrap_or(stranger.words);
    let passphrase = fields.into_iter().find(|(field, _)| field == "passphrase").map(|(_, value)| value);
    match unlocked(&page, Zeroizing::new(passphrase.unwrap_or_default())).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(told) => {
            let wrong = Some(match told.code.as_str() {
                "secret-held" => "people-held",
                "wrong-passphrase" => "people-passphrase-wrong",
                _ => "sign-in-failed",
            });
            html(StatusCode::FORBIDDEN, &asked(&page, words, String::new(), wrong).await)
        }
    }
}

async fn unlocked(page: &Page, passphrase: Zeroizing<String>) -> Result<(), Told> {
    if !page.sessions.may_try() {
        return Err(passphrase_held());
    }
    page.handle.unlock(passphrase).await?;
    page.sessions.was_right();
    Ok(())
}

/// The name that a form brings.
pub(super) fn typed_name(fields: &Fields) -> String {
    field(fields, "name").chars().take(NAME_CHARACTERS_MAX).collect()
}

/// A secret that was typed, as it was typed, out of the form.
pub(super) fn typed_secret(fields: &mut Fields, name: &str) -> Zeroizing<String> {
    let found = fields.iter_mut().find(|(field, _)| field == name);
    Zeroizing::new(found.map(|(_, value)| std::mem::take(value)).unwrap_or_default())
}

/// Somebody signs in.
pub(super) async fn sign_in(
    State(page): State<Arc<Page>>,
    Extension(stranger): Extension<Stranger>,
    Form(mut fields): Form<Fields>,
) -> Response {
    let words = languages().of(field(&fields, "lang")).unwrap_or(stranger.words);
    let (name, secret) = (typed_name(&fields), typed_secret(&mut fields, "secret"));
    let named = is_named(&page).await;
    let said = if let (true, Err(locked)) = (named, page.handle.lock().look()) {
        Err(locked)
    } else if named {
        by_name(&page, name.clone(), secret).await
    } else {
        alone(&page, secret).await
    };
    let opened = said.and_then(|who| entered(&page, who, words, "/"));
    match opened {
        Ok((_base, response)) => response,
        Err(told) => {
            let wrong = Some(match told.code.as_str() {
                "secret-held" => "sign-in-held",
                "locked" => "sign-in-locked",
                "secret-wrong" => "sign-in-wrong-name",
                "wrong-passphrase" => "sign-in-wrong",
                _ => "sign-in-failed",
            });
            html(StatusCode::FORBIDDEN, &asked(&page, words, name, wrong).await)
        }
    }
}

/// Opens a session and shows its first page.
pub(super) fn entered(page: &Page, who: Who, words: &'static Words, path: &str) -> Result<(String, Response), Told> {
    let (base, cookie) = page.sessions.open(who, words, &mut SystemEntropy)?;
    let mut response = Redirect::to(&format!("/{base}{path}")).into_response();
    if let Ok(value) = cookie.parse() {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok((base, response))
}

/// Signs in by name. What is wrong with it is never told: not whether there is the name, nor whether it is held.
async fn by_name(page: &Page, name: String, secret: Zeroizing<String>) -> Result<Who, Told> {
    let begun = page.handle.core().call(move |node| node.begins_signing(&name)).await?;
    let made = page.lanes.make(begun, secret).await?;
    let (officer, footing) = page.handle.core().call(move |node| node.signs_in(&made)).await?;
    let name = Zeroizing::new(officer.name().unwrap_or_default().to_owned());
    Ok(Who { pseudonym: Some(officer.pseudonym().to_hex()), name, footing })
}

/// Nobody is recorded: whoever knows the vault's passphrase is the one person here.
async fn alone(page: &Page, passphrase: Zeroizing<String>) -> Result<Who, Told> {
    unlocked(page, passphrase).await?;
    Ok(Who { pseudonym: None, name: Zeroizing::default(), footing: Footing::ALONE })
}

/// The passphrase is not tried for a while.
pub(super) fn passphrase_held() -> Told {
    Told::refused("secret-held", "the passphrase was wrong too often", "wait a quarter of an hour")
}

/// Signs out.
pub(super) async fn out(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "exit")?;
    page.sessions.end(&visit.session.base);
    std::future::ready(Ok(Redirect::to("/").into_response())).await
}

/// Leaves at once, for a page that says nothing. Whoever stands behind a person must not read what it was, so it asks nothing.
pub(super) async fn exit(State(page): State<Arc<Page>>, Extension(visit): Extension<Visit>) -> Response {
    page.sessions.end(&visit.session.base);
    std::future::ready(Redirect::to("/away").into_response()).await
}

/// The page that says nothing.
pub(super) async fn away(Extension(stranger): Extension<Stranger>) -> Response {
    std::future::ready(html(StatusCode::OK, &Away { words: stranger.words })).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_of_its_form_as_it_was_typed() {
        let mut fields = vec![("secret".to_owned(), " with space ".to_owned())];
        assert_eq!(*typed_secret(&mut fields, "secret"), " with space ");
        assert_eq!((typed_secret(&mut fields, "secret").len(), typed_secret(&mut fields, "other").len()), (0, 0));
    }
}
