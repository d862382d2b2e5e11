//! Refer somebody, first step: what is needed. No name is asked for here; what is typed is kept as a draft.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, all, field};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{
    Page, choosing, labels, person,
    sessions::Notice,
    sheet::{Mark, Sheet, Trouble, Visit, shown, title},
};
use crate::{
    api::drafts::DraftShown,
    error::ToldFinding,
    referral::{
        codes::{AgeBand, Gender, Service, Urgency},
        policy::contains_identifier,
    },
};

/// Services that are asked for most; the others stand below them, folded.
const FIRST: [&str; 8] = [
    "EmergencyShelter",
    "Shelter",
    "MedicalGeneral",
    "Psychological",
    "LegalAdvice",
    "BasicNeeds",
    "Interpretation",
    "Transport",
];

/// Members of an enquiry that the form shows.
const SHOWN: [&str; 8] =
    ["services", "age_band", "prs_Gender", "languages", "needed_by", "group_size", "accompanying_children", "note"];
/// Languages that it has fields for.
const LANGUAGE_FIELDS: usize = 2;

#[derive(Template)]
#[template(path = "web/refer.html")]
struct Refer {
    s: Sheet,
    /// The draft's handle; empty before it is kept.
    draft: String,
    form: Needs,
    findings: Vec<ToldFinding>,
    /// The note says what tells who the person is.
    tells: bool,
    mark: Mark,
}

title! { Refer "refer-title" }

/// What was typed, as the form shows it.
#[derive(Default)]
struct Needs {
    services: Vec<String>,
    urgency: String,
    age: String,
    gender: String,
    languages: Vec<String>,
    needed_by: String,
    group: String,
    children: String,
    note: String,
}

impl Needs {
    fn of(content: &Value) -> Self {
        let enquiry = content.get("enquiry");
        let text = |name: &str| match enquiry.and_then(|enquiry| enquiry.get(name)) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let list = |name: &str| {
            let all = enquiry.and_then(|enquiry| enquiry.get(name)).and_then(Value::as_array);
            all.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let urgency = content.get("header").and_then(|header| header.get("urgency")).and_then(Value::as_str);
        Self {
            services: list("services"),
            urgency: urgency.unwrap_or_default().to_owned(),
            age: text("age_band"),
            gender: text("prs_Gender"),
            languages: list("languages"),
            needed_by: text("needed_by"),
            group: text("group_size"),
            children: text("accompanying_children"),
            note: text("note"),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| field(fields, name).replace("\r\n", "\n");
        let list = |name: &'static str| all(fields, name).filter(|one| !one.is_empty()).map(str::to_owned).collect();
        Self {
            services: list("service"),
            urgency: text("urgency"),
            age: text("age"),
            gender: text("gender"),
            languages: list("language"),
            needed_by: text("needed_by"),
            group: text("group"),
            children: text("children"),
            note: text("note"),
        }
    }

    /// The members of a form (`compose`): what was left empty is left out.
    fn members(&self) -> Map<String, Value> {
        let mut form = Map::new();
        let mut text = |name: &str, value: &str| {
            if !value.is_empty() {
                form.insert(name.to_owned(), value.into());
            }
        };
        text("urgency", &self.urgency);
        text("age_band", &self.age);
        text("prs_Gender", &self.gender);
        text("needed_by", &self.needed_by);
        text("note", &self.note);
        for (name, list) in [("services", &self.services), ("languages", &self.languages)] {
            if !list.is_empty() {
                form.insert(name.to_owned(), list.clone().into());
            }
        }
        for (name, number) in [("group_size", &self.group), ("accompanying_children", &self.children)] {
            // What is no number stays as it was typed, so that the check names it.
            let value = number.parse::<u64>().map_or_else(|_not| Value::from(number.clone()), Value::from);
            if !number.is_empty() {
                form.insert(name.to_owned(), value);
            }
        }
        form.insert("kind".to_owned(), "Enquiry".into());
        form
    }
}

impl Needs {
    /// A draft with what was typed in the place of what the form showed. All else of it stays: it may say more than this form asks for.
    fn into_draft(self, mut draft: Value) -> Value {
        let known: Vec<Value> =
            draft.pointer("/enquiry/languages").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut typed = self.members();
        typed.remove("kind");
        let urgency = typed.remove("urgency");
        if let Some(header) = draft.get_mut("header").and_then(Value::as_object_mut)
            && let Some(urgency) = urgency
        {
            header.insert("urgency".to_owned(), urgency);
        }
        if let Some(enquiry) = draft.get_mut("enquiry").and_then(Value::as_object_mut) {
            for shown in SHOWN {
                enquiry.remove(shown);
            }
            enquiry.append(&mut typed);
            // Those that have no field here.
            let more = known.into_iter().skip(LANGUAGE_FIELDS);
            if let Some(languages) = enquiry.get_mut("languages").and_then(Value::as_array_mut) {
                languages.extend(more);
            }
        }
        draft
    }
}

impl Refer {
    fn first(&self) -> impl Iterator<Item = &'static str> {
        FIRST.into_iter()
    }

    fn others(&self) -> impl Iterator<Item = &'static str> {
        Service::ALL.iter().map(|service| service.as_str()).filter(|code| !FIRST.contains(code))
    }

    /// Whether one of the folded services is chosen, so that they must be seen.
    fn is_unfolded(&self) -> bool {
        self.form.services.iter().any(|code| !FIRST.contains(&code.as_str()))
    }

    fn wants(&self, code: &str) -> bool {
        self.form.services.iter().any(|one| one == code)
    }

    const fn urgencies(&self) -> &'static [Urgency] {
        Urgency::ALL
    }

    const fn ages(&self) -> &'static [AgeBand] {
        AgeBand::ALL
    }

    const fn genders(&self) -> &'static [Gender] {
        Gender::ALL
    }

    const fn spoken(&self) -> &'static [(&'static str, &'static str, &'static str)] {
        &labels::SPOKEN
    }

    fn language(&self, place: usize) -> &str {
        self.form.languages.get(place).map_or("", String::as_str)
    }

    fn is_urgency(&self, code: &str) -> bool {
        if self.form.urgency.is_empty() { code == "Normal" } else { self.form.urgency == code }
    }
}

/// The empty form.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
) -> Result<Response, Trouble> {
    let s = page.sheet(&visit, "/refer").await?;
    let mark = page.mark(&visit, "refer")?;
    shown(&Refer { s, draft: String::new(), form: Needs::default(), findings: Vec::new(), tells: false, mark })
}

/// Keeps what was typed as a draft, and goes on to who can help.
pub(super) async fn begin(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, "refer")?;
    let members = Needs::typed(&fields).members();
    let by = visit.by();
    let kept = page
        .work(&visit, move |node| {
            let form = with_country(members, node.own_record()?.as_ref().map_or("", |own| own.country.as_str()));
            let kept = node.new_draft(&form, None, by.as_deref())?;
            node.show_draft(&kept.line.draft, true, by.as_deref())
        })
        .await?;
    Ok(onward(&visit, &kept))
}

/// A draft as it was kept.
pub(super) async fn edit(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (by, named) = (visit.by(), draft.clone());
    let kept = page.work(&visit, move |node| node.show_draft(&named, true, by.as_deref())).await?;
    // What tells more than that somebody needs help is gone on with where that is chosen.
    if kept.content.as_ref().is_some_and(person::is_by_name) {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/level")));
    }
    asked(&page, &visit, draft, &kept).await
}

/// What is needed, of a draft that tells more than that.
pub(super) async fn needs(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (by, named) = (visit.by(), draft.clone());
    let kept = page.work(&visit, move |node| node.show_draft(&named, true, by.as_deref())).await?;
    asked(&page, &visit, draft, &kept).await
}

async fn asked(page: &Page, visit: &Visit, draft: String, kept: &DraftShown) -> Result<Response, Trouble> {
    let s = page.sheet(visit, "/refer").await?;
    let mark = page.mark(visit, &format!("change {draft}"))?;
    let form = kept.content.as_ref().map(Needs::of).unwrap_or_default();
    shown(&Refer { s, draft, form, findings: blocking(kept), tells: tells(kept), mark })
}

/// Puts what was typed in its place.
pub(super) async fn change(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("change {draft}"))?;
    let typed = Needs::typed(&fields);
    let by = visit.by();
    let kept = page
        .work(&visit, move |node| {
            let before = node.show_draft(&draft, true, by.as_deref())?.content.unwrap_or_default();
            let changed = person::asked_anew(typed.into_draft(before), node.now());
            let kept = choosing::keep_content(node, &draft, &changed, None, by.as_deref())?;
            node.show_draft(&kept.line.draft, true, by.as_deref())
        })
        .await?;
    Ok(onward(&visit, &kept))
}

/// Discards a draft.
pub(super) async fn discard(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &fields, &format!("discard {draft}"))?;
    let (by, named) = (visit.by(), draft.clone());
    page.work(&visit, move |node| node.discard_draft(&named, by.as_deref())).await?;
    drop(page.sessions.take_held(&visit.session.base, &draft, None));
    page.sessions.leave(&visit.session.base, Notice { key: "notice-discarded", count: 1 });
    Ok(Page::to(&visit, "/?view=drafts"))
}

fn with_country(mut members: Map<String, Value>, country: &str) -> Zeroizing<Vec<u8>> {
    if !country.is_empty() {
        members.insert("country_of_need".to_owned(), country.into());
    }
    Zeroizing::new(serde_json::to_vec(&Value::Object(members)).unwrap_or_default())
}

/// To who can help, or back to the form when something must be corrected first.
fn onward(visit: &Visit, kept: &DraftShown) -> Response {
    let path = match (kept.content.as_ref().is_some_and(person::is_by_name), is_ready(kept)) {
        (false, true) => "/who",
        (false, false) => "",
        (true, true) => "/level",
        (true, false) => "/needs",
    };
    Page::to(visit, &format!("/draft/{}{path}", kept.line.draft))
}

/// Whether nothing must be corrected before somebody is asked.
pub(super) fn is_ready(kept: &DraftShown) -> bool {
    blocking(kept).is_empty() && !tells(kept)
}

/// Whether the note has a number or an address, which an enquiry without a name must not: said here, before anybody is chosen, in the
/// reader's language. The decision table judges it once more when it is sent.
fn tells(kept: &DraftShown) -> bool {
    let note = kept.content.as_ref().and_then(|content| content.get("enquiry")?.get("note")?.as_str());
    note.is_some_and(contains_identifier)
}

/// What forbids sending and is about what is needed: the recipient, and what is told of the person, come later.
pub(super) fn blocking(kept: &DraftShown) -> Vec<ToldFinding> {
    let by_name = kept.line.level.is_some_and(|level| level > 0);
    let later = |finding: &ToldFinding| of_recipient(finding) || (by_name && !finding.pointer.starts_with("/enquiry"));
    let forbids = |finding: &&ToldFinding| finding.severity != "warn" && !later(finding);
    kept.findings.iter().filter(forbids).cloned().collect()
}

fn of_recipient(finding: &ToldFinding) -> bool {
    finding.pointer == "/header" || finding.pointer.starts_with("/header/to") || finding.pointer == "/header/profile_to"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(all: &[(&str, &str)]) -> Fields {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_was_typed_becomes_a_form_and_what_was_left_empty_is_left_out() {
        let typed = Needs::typed(&fields(&[
            ("service", "Shelter"),
            ("service", "LegalAdvice"),
            ("urgency", "Urgent"),
            ("age", ""),
            ("language", "ukr"),
            ("language", ""),
            ("group", "3"),
            ("children", "two"),
            ("note", " a\r\nb "),
        ]));
        let form = Value::Object(typed.members());
        let wanted = serde_json::json!({
            "kind": "Enquiry", "services": ["Shelter", "LegalAdvice"], "urgency": "Urgent", "languages": ["ukr"],
            "group_size": 3, "accompanying_children": "two", "note": "a\nb",
        });
        assert_eq!(form, wanted);
    }

    #[test]
    fn what_a_draft_says_beside_the_form_stays_when_it_is_changed_here() {
        let before = serde_json::json!({
            "header": {"urgency": "Normal", "kind": "Referral", "disclosure_level": 2, "referral_id": "x"},
            "enquiry": {"services": ["Shelter"], "note": "old", "languages": ["ukr", "rus", "ron"], "region_of_need": "XA-1",
                "country_of_need": "XA"},
            "identity": {"prs_Name": "N"}, "consents": [1],
        });
        let typed = Needs::typed(&fields(&[("service", "Transport"), ("urgency", "Urgent"), ("language", "eng")]));
        let wanted = serde_json::json!({
            "header": {"urgency": "Urgent", "kind": "Referral", "disclosure_level": 2, "referral_id": "x"},
            "enquiry": {"services": ["Transport"], "languages": ["eng", "ron"], "region_of_need": "XA-1",
                "country_of_need": "XA"},
            "identity": {"prs_Name": "N"}, "consents": [1],
        });
        assert_eq!(typed.into_draft(before), wanted);
    }

    #[test]
    fn a_kept_draft_fills_the_form_again() {
        let content = serde_json::json!({
            "header": {"urgency": "Emergency"},
            "enquiry": {"services": ["Transport"], "age_band": "25-34", "group_size": 2, "languages": ["ron", "rus"]},
        });
        let form = Needs::of(&content);
        assert_eq!((form.urgency.as_str(), form.age.as_str(), form.group.as_str()), ("Emergency", "25-34", "2"));
        assert_eq!(
            (form.services, form.languages),
            (vec!["Transport".to_owned()], vec!["ron".to_owned(), "rus".to_owned()])
        );
    }
}
