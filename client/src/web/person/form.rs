//! What is asked about the person: the fields of every section that is told.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, all};
use serde_json::Value;

use super::{
    super::{
        Page, labels,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title},
        words::Words,
    },
    Work, fields,
    fields::{Kind, Whom},
};
use crate::referral::codes::{AgeBand, Section};

#[derive(Template)]
#[template(path = "web/person-form.html")]
struct Person {
    s: Sheet,
    work: Work,
    mark: Mark,
    groups: Vec<Group>,
    children: Vec<String>,
}

title! { Person "person-title" }

/// The fields of a section.
struct Group {
    title: String,
    hint: Option<String>,
    asked: Vec<Asked>,
    folded: Vec<Asked>,
    /// One of the folded fields has something.
    unfolded: bool,
}

/// One field, as it is shown.
pub(super) struct Asked {
    id: String,
    at: &'static str,
    label: String,
    hint: Option<String>,
    kind: &'static str,
    needed: bool,
    max: u16,
    value: String,
    /// Codes with their words, and whether each is chosen.
    options: Vec<(&'static str, String, bool)>,
}

impl Asked {
    fn of(words: &Words, field: &fields::Field, referral: &Value) -> Self {
        let values = fields::values(referral, field);
        let (kind, max, list) = match field.kind {
            Kind::Line(max) => ("line", max, None),
            Kind::Countries => ("line", 12, None),
            Kind::Text(max) => ("text", max, None),
            Kind::Choice(list, codes) => ("choice", 0, Some((list, codes))),
            Kind::Ticks(list, codes) => ("ticks", 0, Some((list, codes))),
            Kind::Flag => ("flag", 0, None),
            Kind::Answer => ("answer", 0, None),
            Kind::Day => ("day", 10, None),
        };
        let option = |list: &str, code: &'static str| {
            (code, labels::label(words, list, code), values.iter().any(|value| value == code))
        };
        let options = list.map(|(list, codes)| codes.iter().map(|code| option(list, code)).collect());
        Self {
            id: field.id(),
            at: field.at,
            label: words.say(field.label),
            hint: hint(words, field.at),
            kind,
            needed: field.needed,
            max,
            value: if matches!(field.kind, Kind::Countries) { values.join(", ") } else { values.concat() },
            options: options.unwrap_or_default(),
        }
    }

    fn is(&self, kind: &str) -> bool {
        self.kind == kind
    }

    const fn rows(&self) -> u16 {
        if self.max > 5000 { 12 } else { 4 }
    }
}

/// What helps to fill a field in.
fn hint(words: &Words, at: &str) -> Option<String> {
    let key = match at {
        "/summary/text" => "hint-summary",
        "/identity/names/Legal" => "hint-name",
        "/identity/prs_Birthdate" => "hint-birth",
        "/identity/safe_contact/prs_MobilePhone" | "/identity/guardian/phone" => "hint-phone",
        "/identity/location/city" => "hint-city",
        "/identity/location/country" | "/summary/prs_Citizenship" | "/case_file/return/destination" => "hint-country",
        "/case_file/justice/le_cooperation" => "hint-cooperation",
        _ => return None,
    };
    Some(words.say(key))
}

impl Person {
    /// Bands of a child's age.
    fn bands(&self) -> impl Iterator<Item = &'static str> {
        AgeBand::TEXTS.iter().copied().filter(|band| is_childs(band))
    }
}

/// Whether an age band is a child's.
pub(super) fn is_childs(band: &str) -> bool {
    AgeBand::from_code(band).is_some_and(crate::referral::cross::is_child_band)
}

/// Whether the person may be a child.
pub(super) fn of_child(referral: &Value) -> bool {
    referral.pointer("/enquiry/age_band").and_then(Value::as_str).is_some_and(is_childs)
}

/// The fields of a section that are asked of this person.
pub(super) fn asked_of(referral: &Value, section: Section) -> impl Iterator<Item = &'static fields::Field> {
    let child = of_child(referral);
    fields::fields(section).iter().filter(move |field| child || field.whom == Whom::Everybody)
}

fn group(
    words: &Words,
    title: String,
    hint: Option<String>,
    all: Vec<&'static fields::Field>,
    referral: &Value,
) -> Group {
    let (folded, asked): (Vec<_>, Vec<_>) = all.into_iter().partition(|field| field.folded);
    // What was written is seen, but for what the page has written itself.
    let written = |field: &&fields::Field| !field.needed && !fields::values(referral, field).is_empty();
    let unfolded = folded.iter().any(written);
    let show =
        |all: Vec<&'static fields::Field>| all.into_iter().map(|field| Asked::of(words, field, referral)).collect();
    Group { title, hint, asked: show(asked), folded: show(folded), unfolded }
}

/// The form, with what is there.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    if work.level() == 0 {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/level")));
    }
    let (words, referral) = (visit.words, &work.content);
    let mut groups: Vec<Group> = work
        .sections()
        .into_iter()
        .filter(|section| !fields::fields(*section).is_empty())
        .map(|section| {
            let title = words.say(&format!("section-{}", section.as_str()));
            let hint = (section == Section::Summary).then(|| words.say("hint-no-name"));
            let hint = hint.filter(|_| work.level() == 1);
            group(words, title, hint, asked_of(referral, section).collect(), referral)
        })
        .collect();
    groups.push(group(words, words.say("field-handling"), None, fields::handling().iter().collect(), referral));
    let with_children = work.level() >= 2;
    let children =
        (0..fields::children(referral)).filter(|_| with_children).map(|number| fields::child(referral, number));
    shown(&Person {
        s: page.sheet(&visit, "/refer").await?,
        mark: page.mark(&visit, &format!("person {draft}"))?,
        children: children.collect(),
        groups,
        work,
    })
}

/// Keeps what was typed, and goes on.
pub(super) async fn keep(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("person {draft}"))?;
    let work = Work::of(&page, &visit, &draft).await?;
    let mut content = work.content.clone();
    let told = work.sections();
    let asked = told.iter().flat_map(|section| asked_of(&work.content, *section)).chain(fields::handling());
    for field in asked {
        fields::put(&mut content, field, &values(&typed, field.at));
    }
    if told.contains(&Section::Identity) {
        let bands: Vec<String> = all(&typed, "child").map(str::to_owned).collect();
        fields::put_children(&mut content, &bands);
    }
    let path = if told.contains(&Section::Attachments) { "documents" } else { work.after_form() };
    work.keep(&page, &visit, content).await?;
    Ok(Page::to(&visit, &format!("/draft/{draft}/{path}")))
}

fn values(typed: &Fields, name: &'static str) -> Vec<String> {
    all(typed, name).filter(|value| !value.is_empty()).map(|value| value.replace("\r\n", "\n")).collect()
}
