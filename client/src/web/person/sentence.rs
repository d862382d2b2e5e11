//! The question to the person, as it is read aloud: whom we tell, what, what for, until when, and that they may say no. In the caseworker's
//! language and in the person's, and as a page to print.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use jiff::civil::Date;
use safeconduct_protocol::id::AgencyId;
use serde_json::Value;

use super::{
    super::{
        Page, labels,
        sheet::{Trouble, Visit, shown},
        words::{Words, languages},
    },
    Work,
};
use crate::{daemon::Node, error::Told, referral::dates::Instant};

/// Whom a question is about, with names in one language.
pub(super) struct Names {
    own: String,
    agency: String,
}

/// The question, in one language.
pub(super) struct Sentence {
    pub(super) words: &'static Words,
    /// Paragraphs: first who is spoken to where that is not the person alone.
    pub(super) lines: Vec<String>,
}

impl Names {
    pub(super) fn of(node: &mut Node, to: &AgencyId, words: &Words) -> Result<Self, Told> {
        let own = node.own_record()?.map(|own| own.name(words.record_code).to_owned()).unwrap_or_default();
        let agency = node.names_of(core::iter::once(to.as_str()), words.record_code)?.of(to.as_str());
        Ok(Self { own, agency })
    }
}

/// The language of the page in which the person is asked, if it is one of them.
pub(super) fn spoken(consent: &Value) -> Option<&'static Words> {
    let code = consent.get("lang").and_then(Value::as_str)?;
    languages().all().iter().find(|words| words.record_code == code)
}

/// The day after which what is told is erased, if the draft says one.
pub(super) fn kept_until(content: &Value) -> Option<Date> {
    content.pointer("/handling/delete_after").and_then(Value::as_str).and_then(|text| text.parse().ok())
}

/// The question that a consent answers. `kept`: until when what is told is kept.
pub(super) fn sentence(words: &'static Words, consent: &Value, names: &Names, kept: Option<Date>) -> Sentence {
    let list = |name: &str, of: &str| {
        let all = consent.get(name).and_then(Value::as_array);
        let codes = all.into_iter().flatten().filter_map(Value::as_str);
        labels::listed(words, &codes.map(|code| labels::label(words, of, code)).collect::<Vec<_>>())
    };
    let told = list("sections", "tell");
    let (why, role) = (list("purposes", "purpose"), list("recipient_roles", "role"));
    let filled = [
        ("own", names.own.as_str()),
        ("agency", names.agency.as_str()),
        ("role", role.as_str()),
        ("what", told.as_str()),
        ("why", why.as_str()),
    ];
    let until = consent.get("expires_at").and_then(Value::as_str).and_then(|text| text.parse::<Instant>().ok());
    let until = until.map(|until| labels::day(words, until.time().0)).unwrap_or_default();
    let basis = consent.get("basis").and_then(Value::as_str).unwrap_or_default();
    let mut lines = Vec::new();
    if basis == "GuardianConsent" {
        lines.push(words.say("ask-for-child"));
    }
    lines.push(words.say_with("ask-person", &filled));
    lines.push(words.say_of("ask-until", "date", &until));
    if let Some(kept) = kept {
        lines.push(words.say_of("ask-kept", "date", &labels::date(words, kept)));
    }
    if consent.get("onward_sharing").and_then(Value::as_bool) == Some(true) {
        lines.push(words.say("ask-onward"));
    }
    lines.push(words.say("ask-rights"));
    lines.push(words.say("ask-agree"));
    if basis == "AssentAndGuardianConsent" {
        lines.push(words.say("ask-agree-too"));
    }
    Sentence { words, lines }
}

#[derive(Template)]
#[template(path = "web/person-sentence.html")]
struct Printed {
    words: &'static Words,
    /// To what the caseworker goes back, in their own language.
    reader: &'static Words,
    back: String,
    exit: String,
    /// Seconds without use after which the page locks itself.
    idle_s: u64,
    lines: Vec<String>,
    /// In another language than the person's, which the page does not have.
    other: bool,
}

/// The question on a sheet of paper, in the person's language. Neither address nor title says anything of the person.
pub(super) async fn print(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    let Some(consent) = work.consent().cloned() else {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/check")));
    };
    let spoken = spoken(&consent);
    let words = spoken.unwrap_or(visit.words);
    let to = work.to.clone();
    let names = page.work(&visit, move |node| Names::of(node, &to, words)).await?;
    let base = &visit.session.base;
    shown(&Printed {
        words,
        reader: visit.words,
        back: format!("/{base}/draft/{draft}/consent"),
        exit: format!("/{base}/exit"),
        idle_s: page.sessions.idle().as_secs(),
        lines: sentence(words, &consent, &names, kept_until(&work.content)).lines,
        other: spoken.is_none(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn consent() -> Value {
        json!({
            "basis": "InformedConsent", "recipient_roles": ["NgoShelter"], "purposes": ["Assistance"],
            "sections": ["Enquiry", "Summary", "Identity"], "level_max": 2, "expires_at": "2026-12-01T00:00:00Z", "lang": "ara",
        })
    }

    fn names() -> Names {
        Names { own: "Lantern".to_owned(), agency: "Harbour".to_owned() }
    }

    #[test]
    fn the_question_names_who_what_why_and_until_when_in_every_language() {
        for words in languages().all() {
            for basis in ["InformedConsent", "AssentAndGuardianConsent", "GuardianConsent", "BestInterestDetermination"]
            {
                let mut consent = consent();
                consent["basis"] = basis.into();
                let said = sentence(words, &consent, &names(), None);
                let text = said.lines.join("\n");
                let parts = ["Lantern", "Harbour", "2026", &labels::label(words, "tell", "Identity")];
                for part in parts.into_iter().chain([labels::label(words, "purpose", "Assistance").as_str()]) {
                    assert!(text.contains(part), "{} {basis}: {part} is not in {text}", words.code);
                }
                assert!(!text.contains("ask-") && !text.contains("tell-"), "{text}");
                assert_eq!(said.lines.len(), if basis.contains("Guardian") { 5 } else { 4 });
            }
        }
        let kept = kept_until(&json!({"handling": {"delete_after": "2028-12-03"}}));
        let english = languages().english();
        let said = sentence(english, &consent(), &names(), kept).lines;
        assert!(said.iter().any(|line| line.contains("3 December 2028")), "{said:?}");
        assert!(kept_until(&json!({"handling": {"delete_after": "soon"}})).is_none());
        assert_eq!(spoken(&consent()).map(|words| words.direction), Some("rtl"));
        assert!(spoken(&json!({"lang": "som"})).is_none());
    }

    #[test]
    fn who_is_asked_to_let_it_be_handed_on_is_told_so() {
        let mut onward = consent();
        onward["onward_sharing"] = true.into();
        let words = languages().english();
        assert_eq!(sentence(words, &onward, &names(), None).lines.len(), 5);
    }
}
