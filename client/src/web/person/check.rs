//! The last look: what the agency will see, what it will not, what forbids it, and then it goes.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::Fields;
use serde_json::Value;

use super::{
    super::{
        Page, choosing,
        content::{self, Section as Shown},
        labels, second,
        sessions::Notice,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title, told},
        words::Words,
    },
    Work,
    documents::{self, Listed},
    fields, form,
    taken::{Said, in_words},
};
use crate::{
    error::{Told, ToldFinding},
    referral::codes::Section,
};

#[derive(Template)]
#[template(path = "web/person-check.html")]
struct Check {
    s: Sheet,
    work: Work,
    sections: Vec<Shown>,
    consents: Vec<Said>,
    documents: Vec<Listed>,
    unseen: Vec<Unseen>,
    refused: Vec<Found>,
    warned: Vec<Found>,
    mark: Mark,
}

title! { Check "check-title" }

/// What stays untold of a section: all of it, or some fields.
struct Unseen {
    title: String,
    fields: String,
}

/// What the check says, and where it is mended.
struct Found {
    /// In the reader's language, where the page knows it.
    text: Option<String>,
    told: ToldFinding,
    label: String,
    link: String,
}

/// What is not told: sections that are not there, and fields of others that have nothing.
fn unseen(words: &Words, referral: &Value) -> Vec<Unseen> {
    let told = super::level::sections(referral);
    let open = |section: &Section| !matches!(section, Section::Enquiry);
    let all = Section::ALL.iter().copied().filter(open).filter_map(|section| {
        let title = words.say(&format!("section-{}", section.as_str()));
        if !told.contains(&section) {
            return Some(Unseen { title, fields: String::new() });
        }
        let empty = form::asked_of(referral, section).filter(|field| fields::values(referral, field).is_empty());
        let names: Vec<String> = empty.map(|field| words.say(field.label)).collect();
        (!names.is_empty()).then(|| Unseen { title, fields: labels::listed(words, &names) })
    });
    all.collect()
}

/// Where something is mended: the step, and the field. `asks`: the step in which the person is asked, or which says why not.
fn mended(finding: &ToldFinding, asks: (&str, &'static str)) -> (String, Option<&'static str>) {
    let pointer = finding.pointer.as_str();
    let is_part = fields::file_sections().any(|section| fields::part(section) == pointer) || pointer == "/identity";
    if finding.code == "minimise" && is_part || pointer == "/header/disclosure_level" {
        return ("level".to_owned(), Some("level-title"));
    }
    if pointer.starts_with("/consents") {
        return (asks.0.to_owned(), Some(asks.1));
    }
    if pointer.starts_with("/enquiry") {
        return ("needs".to_owned(), Some("field-enquiry"));
    }
    if pointer.starts_with("/header/to") || pointer == "/header" {
        return ("who".to_owned(), Some("who-title"));
    }
    if pointer.starts_with("/case_file/attachments") {
        return ("documents".to_owned(), Some("papers-title"));
    }
    match fields::pointed_at(pointer) {
        Some(field) => (format!("person#{}", field.id()), Some(field.label)),
        None => ("person".to_owned(), None),
    }
}

fn found(words: &Words, draft: &str, finding: &ToldFinding, asks: (&str, &'static str)) -> Found {
    let (step, label) = mended(finding, asks);
    let missing = finding.code == "missing-member" && label.is_some();
    Found {
        text: if missing { Some(words.say("check-missing")) } else { labels::refusal(words, &finding.code) },
        told: finding.clone(),
        label: label.map_or_else(|| finding.pointer.clone(), |key| words.say(key)),
        link: format!("/draft/{draft}/{step}"),
    }
}

/// What the check says; of a question that was not asked yet, only that.
fn findings(work: &Work) -> Vec<ToldFinding> {
    let is_open = |finding: &&ToldFinding| !(work.is_to_ask() && finding.pointer.starts_with("/consents"));
    work.findings().iter().filter(is_open).cloned().collect()
}

/// The referral as it would leave.
fn leaves(work: &Work) -> &Value {
    work.more.as_ref().map_or(&work.content, |more| &more.revision)
}

/// The purpose of the form that sends: just this content, after just what was known of the referral.
fn purpose(work: &Work, draft: &str) -> String {
    let events = work.more.as_ref().map_or(0, |more| more.shown.events);
    format!("by-name {draft} {events} {}", leaves(work))
}

/// Shows it.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    if work.level() == 0 {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/level")));
    }
    let words = visit.words;
    let mut seen = leaves(&work).clone();
    let consents: Vec<Value> = seen.get("consents").and_then(Value::as_array).cloned().unwrap_or_default();
    let unseen = unseen(words, &seen);
    let documents = documents::lines(&page, &visit, &work);
    for at in ["/consents", "/case_file/attachments"] {
        fields::set(&mut seen, at, None);
    }
    let given: Vec<Value> = consents.into_iter().filter(|consent| consent.get("given_at").is_some()).collect();
    let language = words.record_code;
    let named = given.clone();
    let names = page.work(&visit, move |node| super::taken::names(node, &named, language)).await?;
    let asks = if work.unasked().is_some() { ("without", "without-title") } else { ("consent", "consent-title") };
    let (refused, warned): (Vec<_>, Vec<_>) = findings(&work)
        .iter()
        .map(|finding| found(words, &draft, finding, asks))
        .partition(|one| one.told.severity == "refuse");
    shown(&Check {
        s: page.sheet(&visit, "/refer").await?,
        mark: page.mark(&visit, &purpose(&work, &draft))?,
        sections: content::sections(words, &seen),
        consents: given.iter().map(|consent| in_words(words, consent, &names)).collect(),
        documents,
        unseen,
        refused,
        warned,
        work,
    })
}

/// Sends it.
pub(super) async fn send(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    let Some((_content, seen)) = choosing::now(&page, &visit, &draft).await? else { return Ok(Page::to(&visit, "/")) };
    let work = Work::of(&page, &visit, &draft).await?;
    // What is sent is what was shown: a draft that was changed since is looked at again.
    page.number(&visit, &typed, &purpose(&work, &draft))?;
    let (by, to, named) = (visit.by(), work.to.clone(), draft.clone());
    let events = work.more.as_ref().map(|more| more.shown.events);
    let sent = page.handle.acting(move |node| -> Result<String, Told> {
        choosing::unchanged(node, &named, by.as_deref(), &seen)?;
        if events.is_some() {
            return Ok(node.send_more(&named, events, by.as_deref())?.line.id);
        }
        let sent = node.send_draft(&named, &[to], by.as_deref())?.sent;
        Ok(sent.into_iter().next().map(|one| one.referral_id).unwrap_or_default())
    });
    let id = match sent.await {
        Ok(sent) => sent,
        Err(why) if events.is_none() && second::is_asked(&visit, &why) => {
            return second::ask(&page, &visit, &draft, &[work.to], why, None).await;
        }
        Err(why) => return Err(told(&visit, why).into()),
    };
    documents::give(&page, &visit, &draft, &id).await;
    let (key, path) =
        if events.is_some() { ("notice-done", format!("/referral/{id}")) } else { ("notice-sent", "/".to_owned()) };
    page.sessions.leave(&visit.session.base, Notice { key, count: 1 });
    Ok(Page::to(&visit, &path))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::super::words::languages, *};

    fn finding(code: &str, pointer: &str) -> ToldFinding {
        ToldFinding {
            code: code.to_owned(),
            pointer: pointer.to_owned(),
            fact: "fact".to_owned(),
            remedy: "remedy".to_owned(),
            severity: "refuse".to_owned(),
            rule: "F1".to_owned(),
            decided_by: String::new(),
        }
    }

    #[test]
    fn what_is_told_and_what_is_not_are_all_there_is() {
        let words = languages().english();
        let referral = json!({
            "enquiry": {"age_band": "25-34"},
            "summary": {"text": "x", "risk": {"level": "High"}},
            "case_file": {"medical": {"urgent": true}},
        });
        let all = unseen(words, &referral);
        let title = |section: &str| words.say(&format!("section-{section}"));
        let of = |section: &str| all.iter().find(|one| one.title == title(section)).map(|one| one.fields.as_str());
        assert_eq!((of("Identity"), of("Justice"), of("Enquiry")), (Some(""), Some(""), None));
        let medical = of("Medical").unwrap();
        assert!(medical.contains(&words.say("field-medication")) && !medical.contains(&words.say("field-urgent")));
        let summary = of("Summary").unwrap();
        assert!(!summary.contains(&words.say("ask-risk")) && summary.contains(&words.say("field-prs_Citizenship")));
        assert!(!summary.contains(&words.say("field-bid_status")), "what is asked of children only");
    }

    #[test]
    fn each_finding_leads_to_where_it_is_mended() {
        let words = languages().english();
        for (code, pointer, link) in [
            ("missing-member", "/identity/names", "/draft/d/person#f-identity-names-Legal"),
            ("minimise", "/case_file/medical", "/draft/d/level"),
            ("minimise", "/identity/location/city", "/draft/d/person#f-identity-location-city"),
            ("consent-section", "/consents/0", "/draft/d/consent"),
            ("bad-format", "/case_file/attachments/0/title", "/draft/d/documents"),
            ("bad-format", "/enquiry/note", "/draft/d/needs"),
            ("agency-unknown", "/header/to/agency_id", "/draft/d/who"),
        ] {
            let found = found(words, "d", &finding(code, pointer), ("consent", "consent-title"));
            assert_eq!(found.link, link);
            let said = if code == "missing-member" { "check-missing".to_owned() } else { format!("refusal-{code}") };
            assert_eq!(found.text, Some(words.say(&said)));
            assert!(!found.label.starts_with('/'), "{}", found.label);
        }
    }
}
