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
        Page,
        labels::label,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title, told},
        words::Words,
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

/// What was done, and by whom.
struct Proven {
    line: AuditLine,
    /// The act, in the reader's language.
    act: String,
    agency: String,
    /// A person of this agency.
    name: String,
}

/// What was done: a step of casework, a revision that was sent, or a receipt for one.
fn act(words: &'static Words, act: &str) -> String {
    let Some((what, number)) = act.rsplit_once("revision ") else { return label(words, "did", act) };
    let said = match what.trim_end_matches(", ") {
        "" => words.say("did-Send"),
        "delivered" | "delivered-given" => words.say("did-Delivered"),
        "relay-accepted" => words.say("proof-taken"),
        "relay-expired" => words.say("proof-given-up"),
        "nack" => words.say("proof-not-opened"),
        "refused" | "refused-given" => words.say("proof-refused"),
        other => other.to_owned(),
    };
    format!("{said} · {}", words.say_of("proof-version", "number", number))
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
            let mut case = node.audit(&asked)?.cases.pop().ok_or_else(none)?;
            let people = node.people(true)?.people;
            let all = std::mem::take(&mut case.lines);
            let agencies = all.iter().filter_map(|line| line.agency.as_deref());
            let names = node.names_of(agencies, language)?;
            let name = |line: &AuditLine| {
                let known = people.iter().find(|person| line.person.as_ref() == Some(&person.pseudonym));
                known.map(|person| person.name.clone()).unwrap_or_default()
            };
            let proven = |line: AuditLine| Proven {
                act: act(words, &line.act),
                agency: line.agency.as_deref().map(|id| names.of(id)).unwrap_or_default(),
                name: name(&line),
                line,
            };
            let lines: Vec<Proven> = all.into_iter().map(proven).collect();
            Ok((case, lines))
        })
        .await?;
    let (s, side) = page.side(&visit, rights, HERE).await?;
    shown(&Proof { s, side, case, lines })
}

#[cfg(test)]
mod tests {
    use super::{super::super::words::languages, *};
    use crate::evidence::ReceiptKind;

    #[test]
    fn every_act_and_receipt_of_the_report_is_told_in_words() {
        let english = languages().english();
        let told = |text: &str| {
            act(english, text).chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect::<String>()
        };
        assert_eq!(
            (told("Accepted"), told("revision 2")),
            ("accepted it".to_owned(), "sent it · version 2".to_owned())
        );
        for kind in ReceiptKind::ALL {
            let said = told(&format!("{}, revision 1", kind.as_str()));
            assert!(said.ends_with(" · version 1") && !said.starts_with(&format!("{} ·", kind.as_str())), "{said}");
        }
    }

    #[test]
    fn a_day_is_read_and_no_day_is_none() {
        assert_eq!(day("").unwrap(), None);
        assert_eq!(day("2026-06-01").unwrap(), Some(1_780_272_000));
        assert!(day("yesterday").is_err());
    }
}
