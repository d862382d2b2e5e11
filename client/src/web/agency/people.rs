//! Who works here: recorded, given another password, ended. The first one recorded changes how everybody signs in.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, all};
use zeroize::Zeroizing;

use super::{
    super::{
        Page,
        sessions::{Notice, Who},
        sheet::{Mark, Sheet, Trouble, Visit, html, shown, title, told},
        signing::{entered, typed_name, typed_secret},
    },
    Rights, Side, rights,
};
use crate::{
    api::people::{AddPerson, EndPerson, Person, RolesChange, SetRoles, SetSecret, Typed, Word},
    error::Told,
    people::LocalRole,
};

const HERE: &str = "/agency/people";

#[derive(Template)]
#[template(path = "web/agency-people.html")]
struct People {
    s: Sheet,
    side: Side,
    rights: Rights,
    people: Vec<Row>,
    /// Only one person may say who works here.
    one_admin: bool,
    /// What was typed, when it was refused; never a secret.
    name: String,
    roles: Vec<String>,
    wrong: Option<&'static str>,
    mark: Mark,
}

title! { People "agency-people", One "agency-person" }

/// A person, with what names them in this session's addresses.
struct Row {
    person: Person,
    handle: String,
}

impl People {
    fn all_roles(&self) -> impl Iterator<Item = &'static str> {
        LocalRole::ALL.iter().map(|role| role.as_str())
    }

    fn is_ticked(&self, role: &str) -> bool {
        self.roles.iter().any(|one| one == role)
    }
}

#[derive(Template)]
#[template(path = "web/agency-person.html")]
struct One {
    s: Sheet,
    side: Side,
    row: Row,
    own: bool,
    wrong: Option<&'static str>,
    /// How the roles have changed, with the name of who said so.
    changes: Vec<(RolesChange, String)>,
    roles: Mark,
    end: Mark,
    secret: Mark,
}

impl One {
    fn all_roles(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let has = |role: &str| self.row.person.roles.iter().any(|one| one == role);
        LocalRole::ALL.iter().map(move |role| (role.as_str(), has(role.as_str())))
    }
}

/// Why it was refused, in the reader's language; none for what the node says better.
pub(super) fn reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "name-taken" => "people-name-taken",
        "name-unusable" => "people-name-unusable",
        "role-missing" => "people-role-missing",
        "secret-short" => "people-secret-short",
        "secret-differs" => "people-secret-differs",
        "secret-wrong" => "people-own-wrong",
        "secret-held" => "people-held",
        "wrong-passphrase" => "people-passphrase-wrong",
        "admin-missing" => "people-last-admin",
        "roles-own" => "people-roles-own",
        _ => return None,
    })
}

/// The new secret, if it was typed twice alike.
pub(super) fn twice(fields: &mut Fields) -> Result<Zeroizing<String>, Told> {
    let (once, again) = (typed_secret(fields, "new"), typed_secret(fields, "again"));
    let differs = || Told::refused("secret-differs", "the two passwords differ", "type them again");
    if *once == *again { Ok(once) } else { Err(differs()) }
}

/// Who is signed in says so with their own secret.
pub(super) fn word(visit: &Visit, fields: &mut Fields) -> Word {
    Word { name: visit.by().unwrap_or_default(), secret: Typed(typed_secret(fields, "own")) }
}

impl Page {
    /// What names a person in addresses: of this session only, and nothing of the person.
    fn handle_of(&self, visit: &Visit, pseudonym: &str) -> String {
        self.sessions.token(&visit.session.base, "address of", pseudonym)
    }
}

/// Who works here.
pub(in super::super) async fn list(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    let roles = vec![LocalRole::Caseworker.as_str().to_owned()];
    shown(&people(&page, &visit, String::new(), roles, None).await?)
}

async fn people(
    page: &Page,
    visit: &Visit,
    name: String,
    roles: Vec<String>,
    wrong: Option<&'static str>,
) -> Result<People, Trouble> {
    let by = visit.by();
    let (rights, all) =
        page.work(visit, move |node| Ok((rights(node, by.as_deref())?, node.people(true)?.people))).await?;
    let admin = |person: &&Person| person.until_at.is_none() && person.roles.iter().any(|role| role == "admin");
    let one_admin = all.iter().filter(admin).count() == 1;
    let (s, side) = page.side(visit, rights, HERE).await?;
    let row = |person: Person| Row { handle: page.handle_of(visit, &person.pseudonym), person };
    Ok(People {
        s: if wrong.is_some() { s.fixed() } else { s },
        side,
        rights,
        people: all.into_iter().map(row).collect(),
        one_admin,
        name,
        roles,
        wrong,
        mark: page.mark(visit, "people")?,
    })
}

/// Shows the form again with why it was refused; the node's own words where there are no better ones.
async fn refused(page: &Page, visit: &Visit, name: String, roles: Vec<String>, why: Told) -> Result<Response, Trouble> {
    let Some(wrong) = reason(&why.code) else { return Err(told(visit, why).into()) };
    Ok(html(StatusCode::CONFLICT, &people(page, visit, name, roles, Some(wrong)).await?))
}

/// Records the first person, and signs over to them whoever does it: from now on the passphrase signs nobody in.
pub(in super::super) async fn first(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "people")?;
    let (name, mut roles) = asked(&fields);
    if !roles.iter().any(|role| role == LocalRole::Admin.as_str()) {
        roles.push(LocalRole::Admin.as_str().to_owned());
    }
    let passphrase = typed_secret(&mut fields, "passphrase");
    let secret = match twice(&mut fields) {
        Ok(secret) => secret,
        Err(why) => return refused(&page, &visit, name, roles, why).await,
    };
    let asked = AddPerson { name: name.clone(), roles: roles.clone(), secret: Typed(secret), by: None };
    let done = page.with_passphrase(&visit, move |node| {
        node.check_passphrase(&passphrase)?;
        let added = node.add_person(&asked)?.people.pop();
        let pseudonym = added.map(|person| person.pseudonym).unwrap_or_default();
        let footing = node.footing(Some(&pseudonym))?;
        let name = Zeroizing::new(node.acting(Some(&pseudonym))?.name().unwrap_or_default().to_owned());
        let gone = || Told::refused("person-unknown", "the person is not recorded", "sign in again");
        Ok(Who { pseudonym: Some(pseudonym), name, footing: footing.ok_or_else(gone)? })
    });
    let who = match done.await {
        Ok(who) => who,
        Err(why) => return refused(&page, &visit, name, roles, why).await,
    };
    page.sessions.end(&visit.session.base);
    let (base, response) = entered(&page, who, visit.words, HERE).map_err(|error| told(&visit, error))?;
    page.sessions.leave(&base, Notice { key: "notice-first", count: 1 });
    Ok(response)
}

fn asked(fields: &Fields) -> (String, Vec<String>) {
    (typed_name(fields), all(fields, "role").map(str::to_owned).collect())
}

/// Records a colleague.
pub(in super::super) async fn add(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "people")?;
    let (name, roles) = asked(&fields);
    let by = Some(word(&visit, &mut fields));
    let secret = match twice(&mut fields) {
        Ok(secret) => secret,
        Err(why) => return refused(&page, &visit, name, roles, why).await,
    };
    let asked = AddPerson { name: name.clone(), roles: roles.clone(), secret: Typed(secret), by };
    match page.handle.core().call(move |node| node.add_person(&asked).map(drop)).await {
        Ok(()) => {
            page.sessions.leave(&visit.session.base, Notice { key: "notice-added", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => refused(&page, &visit, name, roles, why).await,
    }
}

/// One person.
pub(in super::super) async fn one(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, handle)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    shown(&of(&page, &visit, &handle, None).await?)
}

/// Somebody who works here, by this session's handle.
async fn found(page: &Page, visit: &Visit, handle: &str) -> Result<(Rights, Person), Trouble> {
    let (rights, person, _all) = among(page, visit, handle).await?;
    Ok((rights, person))
}

/// The same, with everybody who works here, or did.
async fn among(page: &Page, visit: &Visit, handle: &str) -> Result<(Rights, Person, Vec<Person>), Trouble> {
    let by = visit.by();
    let (rights, all) =
        page.work(visit, move |node| Ok((rights(node, by.as_deref())?, node.people(true)?.people))).await?;
    let is_it = |person: &&Person| page.handle_of(visit, &person.pseudonym) == handle && person.until_at.is_none();
    let found = all.iter().find(is_it).cloned();
    let none = || Told::refused("person-unknown", "nobody of this address works here", "see the list of people");
    found.map(|person| (rights, person, all)).ok_or_else(|| told(visit, none()).into())
}

async fn of(page: &Page, visit: &Visit, handle: &str, wrong: Option<&'static str>) -> Result<One, Trouble> {
    let (rights, person, all) = among(page, visit, handle).await?;
    let called = |pseudonym: &str| {
        let found = all.iter().find(|one| one.pseudonym == pseudonym);
        found.map(|one| one.name.clone()).unwrap_or_default()
    };
    let changes = person.changes.iter().map(|change| (change.clone(), called(&change.by))).collect();
    let (s, side) = page.side(visit, rights, HERE).await?;
    Ok(One {
        s: if wrong.is_some() { s.fixed() } else { s },
        side,
        own: visit.by().is_some_and(|own| own == person.pseudonym),
        wrong,
        changes,
        roles: page.mark(visit, &format!("roles {}", person.pseudonym))?,
        end: page.mark(visit, &format!("end {}", person.pseudonym))?,
        secret: page.mark(visit, &format!("secret {}", person.pseudonym))?,
        row: Row { person, handle: handle.to_owned() },
    })
}

async fn refused_of(page: &Page, visit: &Visit, handle: &str, why: Told) -> Result<Response, Trouble> {
    let Some(wrong) = reason(&why.code) else { return Err(told(visit, why).into()) };
    Ok(html(StatusCode::CONFLICT, &of(page, visit, handle, Some(wrong)).await?))
}

/// Somebody does not work here any more: what the person has open ends with it.
pub(in super::super) async fn end(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, handle)): Path<(String, String)>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (_, person) = found(&page, &visit, &handle).await?;
    page.number(&visit, &fields, &format!("end {}", person.pseudonym))?;
    let asked = EndPerson { name: person.pseudonym.clone(), by: word(&visit, &mut fields) };
    match page.handle.core().call(move |node| node.end_person(&asked).map(drop)).await {
        Ok(()) => {
            page.sessions.end_of(&person.pseudonym, "");
            page.sessions.leave(&visit.session.base, Notice { key: "notice-ended", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => refused_of(&page, &visit, &handle, why).await,
    }
}

/// What somebody may do from now on. What the person has open ends; who changes their own goes on with what is left.
pub(in super::super) async fn roles(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, handle)): Path<(String, String)>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (_, person) = found(&page, &visit, &handle).await?;
    page.number(&visit, &fields, &format!("roles {}", person.pseudonym))?;
    let (_, roles) = asked(&fields);
    let (by, pseudonym) = (word(&visit, &mut fields), person.pseudonym.clone());
    let asked = SetRoles { name: person.pseudonym.clone(), roles, by };
    let done = page.handle.core().call(move |node| {
        node.set_person_roles(&asked)?;
        node.footing(Some(&pseudonym))
    });
    match done.await {
        Ok(footing) => {
            let own = visit.by().is_some_and(|own| own == person.pseudonym);
            page.sessions.end_of(&person.pseudonym, if own { &visit.session.base } else { "" });
            if let Some(footing) = footing.filter(|_| own) {
                page.sessions.go_on(&visit.session.base, footing);
            }
            page.sessions.leave(&visit.session.base, Notice { key: "notice-roles", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => refused_of(&page, &visit, &handle, why).await,
    }
}

/// Gives somebody another password, by an admin.
pub(in super::super) async fn secret(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, handle)): Path<(String, String)>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Trouble> {
    let (_, person) = found(&page, &visit, &handle).await?;
    page.number(&visit, &fields, &format!("secret {}", person.pseudonym))?;
    let by = word(&visit, &mut fields);
    let secret = match twice(&mut fields) {
        Ok(secret) => secret,
        Err(why) => return refused_of(&page, &visit, &handle, why).await,
    };
    match page.set_secret(&visit, &person.pseudonym, Typed(secret), by).await {
        Ok(()) => {
            page.sessions.leave(&visit.session.base, Notice { key: "notice-secret", count: 1 });
            Ok(Page::to(&visit, HERE))
        }
        Err(why) => refused_of(&page, &visit, &handle, why).await,
    }
}

impl Page {
    /// Sets a person's secret. Every session of that person ends, but for the one in which it is their own that they change.
    pub(super) async fn set_secret(&self, visit: &Visit, pseudonym: &str, secret: Typed, by: Word) -> Result<(), Told> {
        let own = by.name == pseudonym;
        let asked = SetSecret { name: pseudonym.to_owned(), secret, by };
        let of = pseudonym.to_owned();
        let set = move |node: &mut crate::daemon::Node| {
            node.set_person_secret(&asked)?;
            node.footing(Some(&of))
        };
        let footing = self.handle.core().call(set).await?;
        self.sessions.end_of(pseudonym, if own { &visit.session.base } else { "" });
        if let Some(footing) = footing.filter(|_| own) {
            self.sessions.go_on(&visit.session.base, footing);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_secret_is_typed_twice_alike_and_is_in_no_refusal() {
        let fields =
            |one: &str, two: &str| vec![("new".to_owned(), one.to_owned()), ("again".to_owned(), two.to_owned())];
        assert_eq!(*twice(&mut fields(" violet tram ", " violet tram ")).unwrap(), " violet tram ");
        let refused = twice(&mut fields("violet tram", "violet train")).unwrap_err();
        assert!(!format!("{refused:?}").contains("violet") && reason(&refused.code) == Some("people-secret-differs"));
        assert_eq!(reason("not-your-role"), None);
    }
}
