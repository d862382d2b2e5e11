//! Refer somebody, second step: who can help, and what they will see and will not see.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, all};
use safeconduct_protocol::{crypto::hash::sha256, id::AgencyId};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    Page,
    content::{self, Section},
    person,
    refer::is_ready,
    second,
    sessions::Notice,
    sheet::{Mark, Sheet, Trouble, Visit, shown, title, told},
};
use crate::{
    api::{
        drafts::DraftShown,
        found::{Found, Hit, SearchFor},
        people::Word,
    },
    casework::refusal::CaseworkError,
    daemon::{Node, is_apart},
    error::{Told, ToldFinding},
    referral::codes::{Role, Urgency},
};

/// Agencies that are proposed, and that are looked at for that.
const PROPOSED: usize = 12;
const LOOKED_AT: usize = 60;

/// What a referral may hold, and where: what is there is not kept back.
const KEPT_BACK: [(&str, &str); 4] = [
    ("kept-name", "/identity"),
    ("kept-contact", "/identity"),
    ("kept-documents", "/case_file/attachments"),
    ("kept-story", "/case_file"),
];

#[derive(Template)]
#[template(path = "web/who.html")]
struct Who {
    s: Sheet,
    draft: String,
    hits: Vec<Proposed>,
    /// Police, who are told of nobody but where they alone stop a danger.
    police: Vec<Proposed>,
    total: u64,
    /// One is chosen that is told more; nobody else is asked.
    by_name: bool,
    sections: Vec<Section>,
    kept_back: Vec<&'static str>,
    warnings: Vec<ToldFinding>,
    mark: Mark,
    one: Mark,
    discard: Mark,
}

title! { Who "who-title" }

/// An agency that may be asked.
struct Proposed {
    name: String,
    roles: Vec<String>,
    hit: Hit,
}

impl Proposed {
    /// An agency that a search found; none when its id is no id.
    fn of(node: &mut Node, hit: Hit, language: &str) -> Result<Option<Self>, Told> {
        let Ok(id) = hit.agency_id.parse() else { return Ok(None) };
        let agency = node.show_agency(&id)?;
        Ok(Some(Self { name: agency.record.name(language).to_owned(), roles: agency.agency.roles, hit }))
    }
}

/// Which agencies are most likely to offer a service, where their records do not say.
const LIKELY: [(&str, &str); 12] = [
    ("EmergencyShelter", "NgoShelter"),
    ("Shelter", "NgoShelter"),
    ("BasicNeeds", "NgoSupport"),
    ("MedicalEmergency", "HealthService"),
    ("MedicalGeneral", "HealthService"),
    ("Psychological", "HealthService"),
    ("LegalAdvice", "LegalAid"),
    ("LegalRepresentation", "LegalAid"),
    ("ChildCarePlacement", "ChildProtection"),
    ("Guardianship", "Guardianship"),
    ("VoluntaryReturn", "IomMission"),
    ("AsylumAdvice", "UnhcrMission"),
];

/// How likely an agency of these roles offers one of these services: the place of the first that it does, last when none.
fn rank(services: &[String], roles: &[String]) -> usize {
    let likely =
        |service: &String| LIKELY.iter().any(|(offers, role)| offers == service && roles.iter().any(|one| one == role));
    services.iter().position(likely).unwrap_or(usize::MAX)
}

/// What a draft asks for, as a search of the directory.
fn wanted(content: &Value) -> SearchFor {
    let enquiry = content.get("enquiry");
    let list = |name: &str| -> Vec<String> {
        let all = enquiry.and_then(|enquiry| enquiry.get(name)).and_then(Value::as_array);
        all.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let one = |name: &str| -> Vec<String> {
        enquiry.and_then(|enquiry| enquiry.get(name)).and_then(Value::as_str).map(str::to_owned).into_iter().collect()
    };
    SearchFor {
        services: list("services"),
        languages: list("languages"),
        countries: one("country_of_need"),
        ages: one("age_band").into_iter().filter(|band| !band.starts_with("Unknown")).collect(),
        limit: Some(LOOKED_AT),
        ..SearchFor::default()
    }
}

/// Who can help, best first.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (by, named) = (visit.by(), draft.clone());
    let language = visit.words.record_code;
    let (kept, hits, police) = page
        .work(&visit, move |node| {
            let kept = node.show_draft(&named, true, by.as_deref())?;
            let wanted = wanted(kept.content.as_ref().unwrap_or(&Value::Null));
            let mut found: Found = node.search(&wanted)?;
            // Nobody offers all of it: who offers some of it.
            if found.hits.is_empty() && wanted.services.len() > 1 {
                for service in &wanted.services {
                    let some = node.search(&SearchFor { services: vec![service.clone()], ..wanted.clone() })?;
                    let fresh = |hit: &Hit| !found.hits.iter().any(|known| known.agency_id == hit.agency_id);
                    let fresh: Vec<Hit> = some.hits.into_iter().filter(fresh).collect();
                    found.hits.extend(fresh);
                }
            }
            let (mut hits, mut police) = (Vec::with_capacity(found.hits.len()), Vec::new());
            if Urgency::from_code(&kept.line.urgency).is_some_and(Urgency::cannot_wait) {
                let countries = wanted.countries.clone();
                let roles = vec![Role::Police.as_str().to_owned()];
                let asked = SearchFor { countries, roles, limit: Some(PROPOSED), ..SearchFor::default() };
                for hit in node.search(&asked)?.hits {
                    police.extend(Proposed::of(node, hit, language)?);
                }
            }
            for hit in found.hits {
                // Who is never asked beside others, and never without the person's own consent for it, is not proposed.
                let apart = |code: &String| Role::from_code(code).is_some_and(is_apart);
                hits.extend(Proposed::of(node, hit, language)?.filter(|one| !one.roles.iter().any(apart)));
            }
            hits.sort_by_key(|one| (one.hit.lacks.len(), one.hit.not_said.len(), rank(&wanted.services, &one.roles)));
            hits.truncate(PROPOSED);
            Ok((kept, hits, police))
        })
        .await?;
    if !is_ready(&kept) {
        return Ok(Page::to(&visit, &format!("/draft/{draft}")));
    }
    let by_name = kept.content.as_ref().is_some_and(person::is_by_name);
    // Who has the referral already stays the one.
    if kept.content.as_ref().is_some_and(person::is_more) {
        return Ok(Page::to(&visit, &format!("/draft/{draft}/level")));
    }
    let sections = kept.content.as_ref().map(|value| content::sections(visit.words, value)).unwrap_or_default();
    let content = kept.content.as_ref().unwrap_or(&Value::Null);
    let kept_back =
        KEPT_BACK.iter().filter(|(_, place)| content.pointer(place).is_none()).map(|(key, _)| *key).collect();
    let warnings = kept.findings.iter().filter(|finding| finding.severity == "warn").cloned().collect();
    shown(&Who {
        s: page.sheet(&visit, "/refer").await?,
        total: u64::try_from(hits.len()).unwrap_or(u64::MAX),
        hits,
        police,
        by_name,
        sections,
        kept_back,
        warnings,
        mark: page.mark(&visit, &format!("send {draft} {}", print(content)))?,
        one: page.mark(&visit, &format!("to {draft}"))?,
        discard: page.mark(&visit, &format!("discard {draft}"))?,
        draft,
    })
}

/// Sends the draft to whoever was chosen.
pub(super) async fn send(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Trouble> {
    // What is sent is what was shown: a draft that was changed since is looked at again.
    let Some((_content, seen)) = now(&page, &visit, &draft).await? else { return Ok(Page::to(&visit, "/")) };
    page.number(&visit, &fields, &format!("send {draft} {seen}"))?;
    let chosen = chosen(&fields);
    if chosen.is_empty() {
        page.sessions.leave(&visit.session.base, Notice { key: "notice-nobody", count: 0 });
        return Ok(Page::to(&visit, &format!("/draft/{draft}/who")));
    }
    match sent(&page, &visit, (&draft, seen), &chosen, None).await {
        Ok(response) => Ok(response),
        Err(why) if second::is_asked(&visit, &why) => second::ask(&page, &visit, &draft, &chosen, why, None).await,
        Err(why) => Err(told(&visit, why).into()),
    }
}

/// What a draft says, as one number that any change changes.
fn print(content: &Value) -> String {
    hex::encode(sha256(&[&serde_json::to_vec(content).unwrap_or_default()]))
}

/// What a draft says; none when it is gone, for it was sent.
pub(super) fn content_of(node: &mut Node, draft: &str, by: Option<&str>) -> Result<Option<Value>, Told> {
    match node.own_draft(draft, by) {
        Ok((_officer, draft)) => Ok(Some(serde_json::from_slice(&draft.content).unwrap_or_default())),
        Err(error) if error.code == "unknown-draft" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keeps what a draft says now.
pub(super) fn keep_content(
    node: &mut Node,
    draft: &str,
    content: &Value,
    to: Option<&AgencyId>,
    by: Option<&str>,
) -> Result<DraftShown, Told> {
    let form = Zeroizing::new(serde_json::to_vec(content).unwrap_or_default());
    node.edit_draft(draft, &form, to, by)
}

/// What a draft says, with its number; none when it was sent by the same button a moment ago.
pub(super) async fn now(page: &Page, visit: &Visit, draft: &str) -> Result<Option<(Value, String)>, Trouble> {
    let (by, named) = (visit.by(), draft.to_owned());
    let content = page.work(visit, move |node| content_of(node, &named, by.as_deref())).await?;
    Ok(content.map(|content| {
        let number = print(&content);
        (content, number)
    }))
}

/// What leaves is what was looked at: refused when it is another by now. A draft that is gone was sent.
pub(super) fn unchanged(node: &mut Node, draft: &str, by: Option<&str>, seen: &str) -> Result<(), Told> {
    let is_it = content_of(node, draft, by)?.is_none_or(|content| print(&content) == seen);
    if is_it { Ok(()) } else { Err(CaseworkError::ChangedMeanwhile.into()) }
}

/// Whom to ask; nobody when one of them is no agency's id.
pub(super) fn chosen(fields: &Fields) -> Vec<AgencyId> {
    let chosen: Result<Vec<AgencyId>, _> = all(fields, "to").map(str::parse).collect();
    chosen.unwrap_or_default()
}

/// Sends it as it was seen, with a second person where there is one, and shows the list.
pub(super) async fn sent(
    page: &Page,
    visit: &Visit,
    (draft, seen): (&str, String),
    chosen: &[AgencyId],
    second: Option<Word>,
) -> Result<Response, Told> {
    let (by, draft, asked) = (visit.by(), draft.to_owned(), chosen.to_vec());
    let of_draft = draft.clone();
    let send = move |node: &mut Node| {
        unchanged(node, &draft, by.as_deref(), &seen)?;
        // Who was looked at before is not the one who was chosen now.
        person::unaddressed(node, &draft, by.as_deref())?;
        node.send_draft_with(&draft, &asked, by.as_deref(), second.as_ref())
    };
    let sent = page.handle.acting(send).await?;
    if chosen.iter().any(|one| !sent.sent.iter().any(|sent| sent.to == one.as_str())) {
        let fact = "this draft was sent before, to other agencies; those that were chosen now were not asked";
        return Err(Told::refused("already-sent", fact, "see the list of referrals"));
    }
    if let [one] = sent.sent.as_slice() {
        person::give(page, visit, &of_draft, &one.referral_id).await;
    }
    let count = u64::try_from(sent.sent.len()).unwrap_or(u64::MAX);
    page.sessions.leave(&visit.session.base, Notice { key: "notice-sent", count });
    Ok(Page::to(visit, "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_likely_to_offer_the_first_service_stands_first() {
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let services = list(&["Shelter", "LegalAdvice"]);
        let places = ["NgoShelter", "LegalAid", "Helpline"].map(|role| rank(&services, &list(&[role])));
        assert_eq!(places, [0, 1, usize::MAX]);
        for (service, role) in LIKELY {
            assert!(Role::from_code(role).is_some() && crate::referral::codes::Service::from_code(service).is_some());
        }
    }

    #[test]
    fn a_draft_is_searched_for_by_what_it_asks() {
        let content = serde_json::json!({"enquiry": {
            "services": ["Shelter"], "languages": ["ukr"], "country_of_need": "XA", "age_band": "UnknownPresumedAdult",
        }});
        let asked = wanted(&content);
        assert_eq!(
            (asked.services, asked.languages, asked.countries),
            (vec!["Shelter".to_owned()], vec!["ukr".to_owned()], vec!["XA".to_owned()])
        );
        assert!(asked.ages.is_empty() && wanted(&Value::Null).services.is_empty());
    }
}
