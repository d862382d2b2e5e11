//! The consents on which a referral rests, in words; one is taken back, after it was said what that erases; and where it was told, it is
//! erased.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, field};
use serde_json::Value;

use super::super::{
    Page, labels,
    sessions::Notice,
    sheet::{Mark, Sheet, Trouble, Visit, shown, title, told},
    words::Words,
};
use crate::{
    api::cases::{Keep, KeepAsked, OpenAsked, WithdrawnAt},
    daemon::{Names, Node},
    error::Told,
    referral::dates::Instant,
};

#[derive(Template)]
#[template(path = "web/consents.html")]
struct Consents {
    s: Sheet,
    id: String,
    agency: String,
    all: Vec<Resting>,
}

title! { Consents "consents-title" }

/// A consent in words.
pub(super) struct Said {
    pub(super) to: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) until: String,
    pub(super) given: String,
    /// Where nobody asked the person: who decided that, why, and until when the person is told.
    pub(super) instead: Option<[String; 3]>,
}

/// A consent, and what taking it back does; nothing when nothing rests on it any more.
struct Resting {
    id: String,
    said: Said,
    reaches: Vec<Reached>,
    mark: Mark,
}

struct Reached {
    agency: String,
    at: WithdrawnAt,
}

impl Resting {
    /// What is erased at whom.
    fn erased(&self, s: &Sheet, reached: &Reached) -> String {
        let key = match (reached.at.here, reached.at.whole) {
            (true, _) => "taken-here",
            (false, true) => "taken-whole",
            (false, false) => "taken-part",
        };
        s.words.say_both(key, ("agency", &reached.agency), ("what", &self.said.what))
    }
}

fn texts<'v>(consent: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    consent.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Names of the agencies that consents name.
pub(super) fn names(node: &mut Node, consents: &[Value], language: &str) -> Result<Names, Told> {
    node.names_of(consents.iter().flat_map(|consent| texts(consent, "recipient_agency_ids")), language)
}

/// A consent in words: to whom, what, what for, until when, and how it was given.
pub(super) fn in_words(words: &Words, consent: &Value, names: &Names) -> Said {
    let list =
        |name: &str, of: &str| texts(consent, name).map(|code| labels::label(words, of, code)).collect::<Vec<_>>();
    let time = |name: &str| {
        let at = consent.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Instant>().ok());
        at.map(|at| labels::day(words, at.time().0)).unwrap_or_default()
    };
    let one = |name: &str, of: &str| {
        consent.get(name).and_then(Value::as_str).map(|code| labels::label(words, of, code)).unwrap_or_default()
    };
    let agencies: Vec<String> = texts(consent, "recipient_agency_ids").map(|id| names.of(id)).collect();
    let roles = list("recipient_roles", "role").join(&labels::comma(words));
    let at = |name: &str| {
        let at = consent.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Instant>().ok());
        at.map(|at| labels::time(words, at.time().0)).unwrap_or_default()
    };
    let why = || consent.get("override_reason").and_then(Value::as_str).unwrap_or_default().to_owned();
    let unasked = consent.get("notify_person_by").is_some();
    let how = [time("given_at"), one("basis", "basis"), one("method", "method")];
    Said {
        to: if agencies.is_empty() { roles } else { format!("{} ({roles})", agencies.join(&labels::comma(words))) },
        what: labels::listed(words, &list("sections", "section")),
        why: labels::listed(words, &list("purposes", "purpose")),
        until: time("expires_at"),
        given: how.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        instead: unasked.then(|| [one("given_by", "giver"), why(), at("notify_person_by")]),
    }
}

/// The consents of a referral.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (by, named, language) = (visit.by(), id.clone(), visit.words.record_code);
    let found = page
        .work(&visit, move |node| {
            let closed = node.referral(&named, by.as_deref())?;
            // What nobody has opened is opened by its own button.
            if closed.line.side == "received" && closed.line.state == "delivered" {
                return Ok(None);
            }
            let asked = OpenAsked { by: by.clone(), ..OpenAsked::default() };
            let referral = node.open_referral(&named, &asked)?.referral.unwrap_or_default();
            let consents = referral.get("consents").and_then(Value::as_array).cloned().unwrap_or_default();
            let mut all = Vec::with_capacity(consents.len());
            for consent in consents {
                let id = consent.get("consent_id").and_then(Value::as_str).unwrap_or_default().to_owned();
                let reaches = match node.consent_reaches(&id, by.as_deref()) {
                    Err(told) if told.code == "unknown-consent" => Vec::new(),
                    reaches => reaches?,
                };
                all.push((id, consent, reaches));
            }
            let at = all.iter().flat_map(|(_, _, reaches)| reaches).map(|one| one.agency.as_str());
            let of_consents = all.iter().flat_map(|(_, consent, _)| texts(consent, "recipient_agency_ids"));
            let names = node.names_of(at.chain(of_consents).chain([closed.line.agency.as_str()]), language)?;
            Ok(Some((names.of(&closed.line.agency), all, names)))
        })
        .await?;
    let Some((agency, all, names)) = found else { return Ok(Page::to(&visit, &format!("/referral/{id}"))) };
    let resting = |(consent_id, consent, reaches): (String, Value, Vec<WithdrawnAt>)| {
        let reached = |at: WithdrawnAt| Reached { agency: names.of(&at.agency), at };
        Ok(Resting {
            said: in_words(visit.words, &consent, &names),
            reaches: reaches.into_iter().map(reached).collect(),
            mark: page.mark(&visit, &format!("take {id} {consent_id}"))?,
            id: consent_id,
        })
    };
    let all: Vec<Resting> = all.into_iter().map(resting).collect::<Result<_, Trouble>>()?;
    shown(&Consents { s: page.sheet(&visit, "/").await?, id: id.clone(), agency, all })
}

/// Takes one back.
pub(super) async fn take(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    let consent = field(&typed, "consent").to_owned();
    page.number(&visit, &typed, &format!("take {id} {consent}"))?;
    let by = visit.by();
    let done = page.handle.acting(move |node| node.withdraw_consent(&consent, by.as_deref()));
    let done = done.await.map_err(|error| told(&visit, error))?;
    let count = u64::try_from(done.reached.len()).unwrap_or(u64::MAX);
    page.sessions.leave(&visit.session.base, Notice { key: "notice-taken", count });
    Ok(Page::to(&visit, &format!("/referral/{id}")))
}

/// Erases here what was taken back, and certifies it to the sender.
pub(super) async fn erase(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, id)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("erase {id}"))?;
    let asked = KeepAsked { what: Keep::Erase, text: None, by: visit.by() };
    let named = id.clone();
    let done = page.handle.acting(move |node| node.keep_referral(&named, &asked).map(drop)).await;
    done.map_err(|error| told(&visit, error))?;
    page.sessions.leave(&visit.session.base, Notice { key: "notice-done", count: 1 });
    Ok(Page::to(&visit, &format!("/referral/{id}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::super::words::languages, *};

    #[test]
    fn a_consent_is_said_in_words_and_no_code_stands_in_it() {
        let consent = json!({
            "consent_id": "x", "basis": "InformedConsent", "method": "VerbalWitnessed", "recipient_roles": ["NgoShelter"],
            "recipient_agency_ids": ["xa.harbour-house"], "purposes": ["Assistance"], "sections": ["Identity", "Medical"],
            "given_at": "2026-06-01T01:05:00Z", "expires_at": "2026-12-01T01:05:00Z",
        });
        for words in languages().all() {
            let said = in_words(words, &consent, &Names::default());
            let all = [&said.to, &said.what, &said.why, &said.until, &said.given].map(String::as_str).join(" ");
            for code in ["NgoShelter", "Assistance", "Identity", "Verbal", "2026-", "InformedConsent"] {
                assert!(words.code == "en" || !all.contains(code), "{}: {all}", words.code);
            }
            assert!(all.contains("2026") && all.contains("xa.harbour-house"), "{all}");
        }
    }
}
