//! How much one agency is told: the level, the parts of the case file, and the consent that this needs. Nothing is ticked that the services
//! do not need.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use safeconduct_certs::web::fields::{Fields, all, field};
use safeconduct_protocol::time::{DAY_S, Timestamp};
use serde_json::{Map, Value, json};

use super::{
    super::{
        Page,
        sheet::{Mark, Sheet, Trouble, Visit, shown, title},
        words::languages,
    },
    Work, fields, without,
};
use crate::referral::{
    codes::{Kind, Section, Service},
    dates::Instant,
    policy::purposes,
};

/// Days that a consent holds, of which one may be chosen; the first is proposed.
pub(super) const DAYS: [u64; 3] = [183, 91, 30];

#[derive(Template)]
#[template(path = "web/person-level.html")]
struct Level {
    s: Sheet,
    work: Work,
    mark: Mark,
    discard: Mark,
    level: u8,
    lowest: u8,
    needed: u8,
    sections: Vec<Offered>,
}

title! { Level "level-title" }

/// A part of the case file.
struct Offered {
    code: &'static str,
    chosen: bool,
    needed: bool,
    /// It was told before, and stays.
    told: bool,
}

impl Level {
    /// The levels that may be chosen, with the key of what each tells.
    fn levels(&self) -> impl Iterator<Item = (u8, &'static str)> {
        [(0, "level-0"), (1, "level-1"), (2, "level-2"), (3, "level-3")]
            .into_iter()
            .filter(|(level, _)| *level >= self.lowest)
    }

    fn is_level(&self, level: &u8) -> bool {
        self.level == *level
    }

    fn is_needed(&self, level: &u8) -> bool {
        self.needed == *level
    }
}

/// The level, and what it tells.
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let work = Work::of(&page, &visit, &draft).await?;
    let chosen = work.sections();
    let is_new = work.level() == 0;
    let needed = &work.kept.sections_needed;
    let wanted = work.asked.as_ref().and_then(|asked| asked.level);
    let least = if work.told_level() == Some(3) { 3 } else { work.kept.level_needed.max(1) };
    let level = if is_new { wanted.unwrap_or(least) } else { work.level().max(wanted.unwrap_or(0)) };
    let sections = fields::file_sections()
        .map(|section| {
            let code = section.as_str();
            let needed = needed.iter().any(|one| one == code);
            let told = work.is_told(section);
            // What is needed is ticked once, as long as nobody has chosen.
            let chosen = told || chosen.contains(&section) || (needed && chosen.iter().all(|one| is_of_form(*one)));
            Offered { code, chosen, needed, told }
        })
        .collect();
    shown(&Level {
        s: page.sheet(&visit, "/refer").await?,
        mark: page.mark(&visit, &format!("level {draft}"))?,
        discard: page.mark(&visit, &format!("discard {draft}"))?,
        level,
        lowest: lowest(&work),
        needed: work.kept.level_needed,
        sections,
        work,
    })
}

/// What was told stays told; and more than nothing is told to who asks for more.
fn lowest(work: &Work) -> u8 {
    work.told_level().map_or(0, |level| level.max(1))
}

/// Every referral that tells anything of a person has these.
const fn is_of_form(section: Section) -> bool {
    matches!(section, Section::Enquiry | Section::Summary | Section::Identity)
}

/// Keeps it, and goes on to what is asked about the person.
pub(super) async fn choose(
    State(page): State<Arc<Page>>,
    Extension(visit): Extension<Visit>,
    Path((_base, draft)): Path<(String, String)>,
    Form(typed): Form<Fields>,
) -> Result<Response, Trouble> {
    page.number(&visit, &typed, &format!("level {draft}"))?;
    let work = Work::of(&page, &visit, &draft).await?;
    let lowest = lowest(&work);
    let level = field(&typed, "level").parse::<u8>().unwrap_or(lowest).clamp(lowest, 3);
    let chosen: Vec<Section> = all(&typed, "section").filter_map(Section::from_code).collect();
    let told: Vec<Section> = fields::file_sections().filter(|section| work.is_told(*section)).collect();
    let file =
        fields::file_sections().filter(|section| level == 3 && (chosen.contains(section) || told.contains(section)));
    let wanted = Wanted { level, file: file.collect(), now: work.now, told: work.consents() };
    let content = tell(work.content.clone(), &wanted);
    let path = if level == 0 { "who" } else { "person" };
    work.keep(&page, &visit, content).await?;
    Ok(Page::to(&visit, &format!("/draft/{draft}/{path}")))
}

/// How much is to be told.
pub(super) struct Wanted {
    pub(super) level: u8,
    /// Parts of the case file.
    pub(super) file: Vec<Section>,
    pub(super) now: Timestamp,
    /// Consents that the agency has already.
    pub(super) told: Vec<Value>,
}

/// A draft that tells so much: with the parts that this needs, without those that it does not, and with a consent that covers it, or the
/// question that is still to be asked.
pub(super) fn tell(mut draft: Value, wanted: &Wanted) -> Value {
    let level = wanted.level;
    fields::set(&mut draft, "/header/disclosure_level", Some(level.into()));
    // What is handed on stays a transfer.
    let kind = draft.pointer("/header/kind").and_then(Value::as_str).and_then(Kind::from_code);
    let kind = match (level, kind) {
        (0, _) => Kind::Enquiry,
        (_, None | Some(Kind::Enquiry)) => Kind::Referral,
        (_, Some(kind)) => kind,
    };
    fields::set(&mut draft, "/header/kind", Some(kind.as_str().into()));
    if level == 0 {
        for part in ["/header/to", "/header/profile_to", "/consents"] {
            fields::set(&mut draft, part, None);
        }
    }
    for (part, from) in [("/summary", 1), ("/identity", 2), ("/case_file", 3)] {
        if level < from {
            fields::set(&mut draft, part, None);
        } else if draft.pointer(part).is_none() {
            fields::set(&mut draft, part, Some(Value::Object(Map::new())));
        }
    }
    default(&mut draft, level >= 1, "/summary/vic_TraffickingStatus", "PossibleVictimOfTrafficking");
    let country = draft.pointer("/enquiry/country_of_need").and_then(Value::as_str).unwrap_or_default().to_owned();
    default(&mut draft, level >= 2, "/identity/location/country", &country);
    // The way that puts nobody in danger.
    default(&mut draft, level >= 2, "/identity/safe_contact/method", "ViaReferringAgency");
    for section in fields::file_sections().filter(|_| level == 3) {
        let (at, is_there) = (fields::part(section), draft.pointer(fields::part(section)).is_some());
        match (wanted.file.contains(&section), is_there) {
            (true, false) => fields::set(&mut draft, at, Some(empty(section))),
            (false, true) => fields::set(&mut draft, at, None),
            (true, true) | (false, false) => {}
        }
    }
    if level > 0 {
        let consents = consents(&draft, wanted);
        draft = without::rested(draft, (!consents.is_empty()).then(|| consents.into()));
    }
    draft
}

fn default(draft: &mut Value, applies: bool, at: &str, value: &str) {
    if applies && draft.pointer(at).is_none() && !value.is_empty() {
        fields::set(draft, at, Some(value.into()));
    }
}

/// A part that is chosen and has nothing yet.
fn empty(section: Section) -> Value {
    if section == Section::Attachments {
        return Value::Array(Vec::new());
    }
    if matches!(section, Section::Narrative | Section::Psychosocial) { "".into() } else { Value::Object(Map::new()) }
}

/// Every section that a draft has, or is to have.
pub(super) fn sections(draft: &Value) -> Vec<Section> {
    Section::ALL.iter().copied().filter(|section| draft.pointer(fields::part(*section)).is_some()).collect()
}

/// The consents of a draft: one that covers all of it and was given, else the question that is to be asked.
fn consents(draft: &Value, wanted: &Wanted) -> Vec<Value> {
    let question = question(draft, wanted);
    if wanted.told.iter().any(|consent| covers(consent, &question, wanted.now)) {
        return Vec::new();
    }
    let own = draft.get("consents").and_then(Value::as_array);
    let given = own.into_iter().flatten().find(|consent| covers(consent, &question, wanted.now));
    vec![given.cloned().unwrap_or(question)]
}

/// A draft of whose documents some came or went: what the person is asked follows.
pub(super) fn tell_documents(draft: Value, now: Timestamp, told: Vec<Value>) -> Value {
    let has = |section: &Section| draft.pointer(fields::part(*section)).is_some();
    let wanted =
        Wanted { level: super::level_of(&draft), file: fields::file_sections().filter(has).collect(), now, told };
    tell(draft, &wanted)
}

/// A draft by name of which something else was changed: what the person answered stands only while it covers what is asked now.
pub(in super::super) fn asked_anew(mut draft: Value, now: Timestamp) -> Value {
    let level = super::level_of(&draft);
    let wanted = Wanted { level, file: Vec::new(), now, told: Vec::new() };
    let given = draft.pointer("/consents/0").filter(|consent| consent.get("given_at").is_some());
    if level > 0
        && let Some(consent) = given
    {
        let question = question(&draft, &wanted);
        if !covers(consent, &question, now) {
            draft = without::rested(draft, Some(vec![question].into()));
        }
    }
    draft
}

fn texts<'v>(value: &'v Value, name: &str) -> Vec<&'v str> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether a consent was given for all that a question asks. The decision table judges it once more.
pub(super) fn covers(consent: &Value, question: &Value, now: Timestamp) -> bool {
    let all = |name: &str| {
        let has = texts(consent, name);
        texts(question, name).iter().all(|one| has.contains(one))
    };
    let instant = |name: &str| consent.get(name).and_then(Value::as_str).and_then(|text| text.parse::<Instant>().ok());
    let level = |value: &Value| value.get("level_max").and_then(Value::as_u64).unwrap_or_default();
    let agencies = consent.get("recipient_agency_ids").is_none() || all("recipient_agency_ids");
    let stands =
        consent.get("status").and_then(Value::as_str) == Some("Active") && consent.get("withdrawn_at").is_none();
    let ends = consent.get("expires_at").is_none() || instant("expires_at").is_some_and(|end| end.time() > now);
    let whom = all("recipient_roles") && agencies;
    instant("given_at").is_some()
        && stands
        && ends
        && whom
        && all("sections")
        && all("purposes")
        && level(consent) >= level(question)
}

/// What the person is to be asked: by name for this agency, for what the services need, for a time.
pub(super) fn question(draft: &Value, wanted: &Wanted) -> Value {
    let to = |name: &str| draft.pointer(&format!("/header/to/{name}")).cloned().unwrap_or_default();
    let services = draft.get("enquiry").map(|enquiry| texts(enquiry, "services")).unwrap_or_default();
    let mut why: Vec<&'static str> = Vec::new();
    for service in services.into_iter().filter_map(Service::from_code) {
        if let Some(purpose) = purposes(service).first().filter(|purpose| !why.contains(&purpose.as_str())) {
            why.push(purpose.as_str());
        }
    }
    let told = super::documents::with_theirs(draft, sections(draft));
    let sections: Vec<&str> = told.into_iter().map(Section::as_str).collect();
    let until = Instant::at(wanted.now.after(DAYS.first().copied().unwrap_or(1).saturating_mul(DAY_S))).to_string();
    let mut question = json!({
        "basis": "InformedConsent", "given_by": "Person", "recipient_roles": [to("role")],
        "recipient_agency_ids": [to("agency_id")], "purposes": why, "sections": sections, "level_max": wanted.level,
        "expires_at": until,
    });
    if draft.pointer("/header/kind").and_then(Value::as_str) == Some(Kind::Transfer.as_str()) {
        fields::set(&mut question, "/onward_sharing", Some(true.into()));
    }
    let first = draft.get("enquiry").map(|enquiry| texts(enquiry, "languages")).unwrap_or_default();
    let spoken = first.into_iter().find(|code| languages().all().iter().any(|words| words.record_code == *code));
    if let Some(spoken) = spoken {
        fields::set(&mut question, "/lang", Some(spoken.into()));
    }
    question
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_780_322_400);

    fn draft() -> Value {
        json!({
            "header": {"disclosure_level": 0, "kind": "Enquiry",
                "to": {"agency_id": "xa.harbour-house", "role": "NgoShelter", "country": "XA"}},
            "enquiry": {"services": ["Shelter", "Psychological"], "languages": ["som", "ukr"], "country_of_need": "XA"},
        })
    }

    fn wanted(level: u8, file: &[Section]) -> Wanted {
        Wanted { level, file: file.to_vec(), now: NOW, told: Vec::new() }
    }

    #[test]
    fn what_was_answered_does_not_stand_for_a_purpose_that_came_later() {
        let agreed = given(tell(draft(), &wanted(2, &[])));
        assert_eq!(asked_anew(agreed.clone(), NOW), agreed);
        let mut more = agreed.clone();
        more["enquiry"]["services"] = json!(["Shelter", "Psychological", "LegalAdvice"]);
        let anew = asked_anew(more, NOW);
        assert!(anew["consents"][0].get("given_at").is_none(), "{anew}");
        assert!(anew["consents"][0]["purposes"].as_array().unwrap().iter().any(|one| one == "LegalAssistance"));
        assert_eq!(asked_anew(draft(), NOW), draft());
    }

    fn given(mut draft: Value) -> Value {
        if let Some(consent) = draft.pointer_mut("/consents/0").and_then(Value::as_object_mut) {
            consent.insert("given_at".to_owned(), "2026-06-01T00:00:00Z".into());
            consent.insert("status".to_owned(), "Active".into());
        }
        draft
    }

    #[test]
    fn a_level_has_its_parts_and_no_other_and_asks_for_just_that() {
        let told = tell(draft(), &wanted(3, &[Section::Medical]));
        assert!(told.pointer("/case_file/medical").is_some() && told.pointer("/case_file/justice").is_none());
        let question = &told["consents"][0];
        assert_eq!(question["sections"], json!(["Enquiry", "Summary", "Identity", "Medical"]));
        assert_eq!(question["purposes"], json!(["Assistance", "MedicalCare"]));
        assert_eq!((&question["level_max"], &question["lang"]), (&json!(3), &json!("ukr")));
        assert_eq!(question["recipient_agency_ids"], json!(["xa.harbour-house"]));
        assert!(question.get("given_at").is_none(), "nobody has said yes");

        let less = tell(told, &wanted(1, &[]));
        assert!(less.get("identity").is_none() && less.get("case_file").is_none() && less.get("summary").is_some());
        assert_eq!(less["consents"][0]["sections"], json!(["Enquiry", "Summary"]));
        let none = tell(less, &wanted(0, &[]));
        assert!(["summary", "consents"].iter().all(|part| none.get(part).is_none()), "{none}");
        assert_eq!((&none["header"]["kind"], none["header"].get("to")), (&json!("Enquiry"), None));
    }

    #[test]
    fn a_consent_that_was_given_stays_only_while_it_covers_all_that_is_told() {
        let two = given(tell(draft(), &wanted(2, &[])));
        assert_eq!(tell(two.clone(), &wanted(2, &[]))["consents"], two["consents"]);
        assert_eq!(tell(two.clone(), &wanted(1, &[]))["consents"], two["consents"], "less than was allowed");
        let three = tell(two.clone(), &wanted(3, &[Section::Narrative]));
        assert!(three["consents"][0].get("given_at").is_none(), "more is asked anew");
        let mut other = two.clone();
        fields::set(&mut other, "/header/to/agency_id", Some("xa.other".into()));
        let other = tell(other, &wanted(2, &[]));
        assert_eq!(
            other["consents"].as_array().unwrap().len(),
            1,
            "the one for another agency is not told to this one"
        );
        assert_eq!(other["consents"][0]["recipient_agency_ids"], json!(["xa.other"]));

        let told = two["consents"].as_array().unwrap().clone();
        let again = |now, level| tell(two.clone(), &Wanted { level, file: Vec::new(), now, told: told.clone() });
        assert!(again(NOW, 2).get("consents").is_none(), "the agency has a consent that covers it");
        assert!(again(NOW.after(184 * DAY_S), 2)["consents"][0].get("given_at").is_none(), "it is over by then");
    }
}
