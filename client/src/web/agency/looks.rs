//! Who looked at what, for whoever audits; and of one referral what was done and what proves it. Whom and what is asked for is in no address.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, field};
use safeconduct_protocol::time::DAY_S;

use super::{
    super::{
        Page, proofs,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title, told},
    },
    Side,
};
use crate::{
    api::{
        audit::{AuditAsked, AuditLine, AuditedCase},
        people::Person,
    },
    daemon::{LookLine, LooksAsked},
    error::Told,
    referral::dates::Date,
};

const HERE: &str = "/agency/looks";
/// Longest id of a referral that is taken from a form, in characters.
const ID_CHARACTERS_MAX: usize = 36;

#[derive(Template)]
#[template(path = "web/agency-looks.html")]
struct LooksPage {
    s: Sheet,
    side: Side,
    asked: Asked,
    people: Vec<Person>,
    lines: Vec<Line>,
    next: Option<i64>,
    mark: Mark,
}

title! { LooksPage "agency-looks", Proof "agency-proof" }

/// What was asked for, as it was typed.
#[derive(Clone, Default)]
struct Asked {
    person: String,
    referral: String,
    since: String,
    until: String,
    after: Option<i64>,
}

/// A look, with the other agency's name.
struct Line {
    line: LookLine,
    agency: String,
}

impl Line {
    /// The beginning of what names the referral: as much as a person reads out.
    fn short(&self) -> &str {
        self.line.referral.get(..8).unwrap_or(&self.line.referral)
    }

    /// Why, where the node gives the reason.
    fn known_reason(&self) -> Option<&'static str> {
        Some(match self.line.reason.as_deref()? {
            "export" => "look-export",
            "audit" => "look-audit",
            "evidence" => "look-evidence",
            _ => return None,
        })
    }
}

impl LooksPage {
    fn is_person(&self, pseudonym: &str) -> bool {
        self.asked.person == pseudonym
    }
}

/// The newest looks.
pub(in super::super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    listed(&page, &visit, Asked::default(), false).await
}

/// Looks of a person, at a referral, in a time; and the next page of them.
pub(in super::super) async fn search(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "looks")?;
    let asked = Asked {
        person: field(&fields, "person").to_owned(),
        referral: field(&fields, "referral").chars().take(ID_CHARACTERS_MAX).collect(),
        since: field(&fields, "since").to_owned(),
        until: field(&fields, "until").to_owned(),
        after: field(&fields, "after").parse().ok(),
    };
    listed(&page, &visit, asked, true).await
}

/// The first second of a day; nothing for no day.
fn day(text: &str) -> Result<Option<u64>, Told> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = Date::of_text(text).map(|date| date.begin().0);
    date.map(Some).ok_or_else(|| Told::usage("this is no day", "choose a day, or leave it empty"))
}

async fn listed(page: &Page, visit: &Visit, typed: Asked, searched: bool) -> Result<Response, Trouble> {
    let rights = page.rights(visit).await?;
    let refuse = |why| Trouble::from(told(visit, why));
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let asked = LooksAsked {
        person: some(&typed.person),
        referral: some(&typed.referral),
        since: day(&typed.since).map_err(refuse)?,
        until: day(&typed.until).map_err(refuse)?.map(|begin| begin.saturating_add(DAY_S)),
        after: typed.after,
        by: visit.by(),
    };
    let language = visit.words.record_code;
    let (looks, names, people) = page
        .work(visit, move |node| {
            let looks = match node.looks(&asked) {
                // What nobody has is looked at by nobody.
                Err(told) if told.code == "unknown-referral" => crate::daemon::Looks { lines: Vec::new(), next: None },
                found => found?,
            };
            let names = node.names_of(looks.lines.iter().map(|line| line.agency.as_str()), language)?;
            Ok((looks, names, node.people(true)?.people))
        })
        .await?;
    let (s, side) = page.side(visit, rights, HERE).await?;
    let line = |line: LookLine| Line { agency: names.of(&line.agency), line };
    shown(&LooksPage {
        s: if searched { s.fixed() } else { s },
        side,
        asked: typed,
        people,
        next: looks.next,
        lines: looks.lines.into_iter().map(line).collect(),
        mark: page.mark(visit, "looks")?,
    })
}

#[derive(Template)]
#[template(path = "web/agency-proof.html")]
struct Proof {
    s: Sheet,
    side: Side,
    case: AuditedCase,
    lines: Vec<Proven>,
}

/// A proof, with who of this agency it was.
struct Proven {
    proof: proofs::Proof,
    /// A person of this agency.
    name: String,
    /// Which version of the referral it is about, where it is about one.
    revision: Option<String>,
}

/// The number of the revision that an act or receipt is about.
fn revision(act: &str) -> Option<String> {
    act.rsplit_once("revision ").map(|(_, number)| number.to_owned())
}

/// What was done about one referral, and what proves it. That somebody has read it is noted.
pub(in super::super) async fn proof(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let rights = page.rights(&visit).await?;
    let asked = AuditAsked { referral: Some(id), by: visit.by(), ..AuditAsked::default() };
    let (words, language) = (visit.words, visit.words.record_code);
    let (case, lines) = page
        .work(&visit, move |node| {
            let none = || Told::refused("unknown-referral", "there is no such referral here", "see the list of looks");
            let case = node.audit(&asked)?.cases.pop().ok_or_else(none)?;
            let people = node.people(true)?.people;
            let agencies = case.lines.iter().filter_map(|line| line.agency.as_deref());
            let names = node.names_of(agencies, language)?;
            let name = |line: &AuditLine| {
                let known = people.iter().find(|person| line.person.as_ref() == Some(&person.pseudonym));
                known.map(|person| person.name.clone()).unwrap_or_default()
            };
            let proven = |(line, proof): (&AuditLine, proofs::Proof)| Proven {
                proof,
                name: name(line),
                revision: revision(&line.act),
            };
            let lines: Vec<Proven> = case.lines.iter().zip(proofs::all(words, &case, &names)).map(proven).collect();
            Ok((case, lines))
        })
        .await?;
    let (s, side) = page.side(&visit, rights, HERE).await?;
    shown(&Proof { s, side, case, lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_an_act_is_about_is_told() {
        assert_eq!(revision("delivered, revision 2").as_deref(), Some("2"));
        assert_eq!((revision("revision 1").as_deref(), revision("Accepted")), (Some("1"), None));
    }

    #[test]
    fn a_day_is_read_and_no_day_is_none() {
        assert_eq!(day("").unwrap(), None);
        assert_eq!(day("2026-06-01").unwrap(), Some(1_780_272_000));
        assert!(day("yesterday").is_err());
    }
}
