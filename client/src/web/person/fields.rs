//! What is asked about a person: each field by its place in the schema, so that the form, what fills it, what a finding points at and what
//! stays untold are one list.

use serde_json::{Map, Value};

use crate::referral::codes::{
    Accompaniment, BidStatus, ContactMethod, Cooperation, Exploitation, GuardianStatus, Guardianship, Marking,
    MigrantType, NeverContact, Place, ProtectionStatus, ReturnKind, RiskLevel, RiskType, Section,
};

/// Children for whom the form has a line each.
pub(super) const CHILDREN_MAX: usize = 6;
/// Places of the fields that are no member by themselves: names by their use, children who travel along.
const NAMES: &str = "/identity/names/";
const CHILD: &str = "/identity/dependants/";

/// How a field is filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One line of at most so many characters.
    Line(u16),
    /// A text of at most so many characters.
    Text(u16),
    /// One code of a list: the beginning of its words, and the codes.
    Choice(&'static str, &'static [&'static str]),
    /// Several of them.
    Ticks(&'static str, &'static [&'static str]),
    /// True, or not said.
    Flag,
    /// Yes, no, or not said.
    Answer,
    /// A day.
    Day,
    /// Countries, two letters each, up to three.
    Countries,
}

/// Of whom it is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    Everybody,
    /// Who may be a child.
    Children,
}

/// One field.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// JSON pointer; its name in the form.
    pub(super) at: &'static str,
    /// The key of its label.
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    /// The schema has no such section without it.
    pub(super) needed: bool,
    /// Seldom needed: folded.
    pub(super) folded: bool,
    pub(super) whom: Whom,
}

const fn field(at: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { at, label, kind, needed: false, folded: false, whom: Whom::Everybody }
}

impl Field {
    const fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    const fn folded(self) -> Self {
        Self { folded: true, ..self }
    }

    const fn of_children(self) -> Self {
        Self { whom: Whom::Children, ..self }
    }

    /// Its id on the page.
    pub(super) fn id(&self) -> String {
        format!("f{}", self.at.replace('/', "-"))
    }
}

use Kind::{Answer, Choice, Countries, Day, Flag, Line, Text, Ticks};

const SUMMARY: [Field; 10] = [
    field("/summary/text", "ask-summary", Text(2000)),
    field(
        "/summary/vic_TypeOfExploitation",
        "field-vic_TypeOfExploitation",
        Ticks("exploitation", Exploitation::TEXTS),
    )
    .folded(),
    field("/summary/prs_Citizenship", "field-prs_Citizenship", Countries).folded(),
    field("/summary/protection_status", "field-protection_status", Choice("protection", ProtectionStatus::TEXTS))
        .folded(),
    field("/summary/risk/level", "ask-risk", Choice("risk", RiskLevel::TEXTS)),
    field("/summary/risk/types", "ask-dangers", Ticks("danger", RiskType::TEXTS)).folded(),
    field("/summary/risk/note", "ask-risk-note", Text(1000)).folded(),
    field("/summary/child/accompaniment", "field-accompaniment", Choice("accompaniment", Accompaniment::TEXTS))
        .needed()
        .of_children(),
    field("/summary/child/guardian_status", "field-guardian_status", Choice("guardian", GuardianStatus::TEXTS))
        .needed()
        .of_children(),
    field("/summary/child/bid_status", "field-bid_status", Choice("bid", BidStatus::TEXTS)).needed().of_children(),
];

const IDENTITY: [Field; 17] = [
    field("/identity/names/Legal", "ask-name", Line(300)),
    field("/identity/names/Preferred", "ask-called", Line(300)),
    field("/identity/names/Transliteration", "ask-latin", Line(300)).folded(),
    field("/identity/prs_Birthdate", "field-prs_Birthdate", Line(10)),
    field("/identity/birthdate_estimated", "field-birthdate_estimated", Flag).folded(),
    field("/identity/safe_contact/method", "ask-contact", Choice("contact", ContactMethod::TEXTS)).needed(),
    field("/identity/safe_contact/prs_MobilePhone", "field-prs_MobilePhone", Line(16)),
    field("/identity/safe_contact/prs_Email", "field-prs_Email", Line(254)).folded(),
    field("/identity/safe_contact/times", "field-times", Line(200)).folded(),
    field("/identity/safe_contact/code_word", "field-code_word", Line(60)).folded(),
    field("/identity/safe_contact/never", "cautions", Ticks("caution", NeverContact::TEXTS)),
    field("/identity/location/kind", "ask-place", Choice("place", Place::TEXTS)).needed(),
    field("/identity/location/city", "field-city", Line(120)).folded(),
    field("/identity/location/country", "ask-country", Line(2)).needed().folded(),
    field("/identity/guardian/name", "ask-guardian", Line(200)).of_children(),
    field("/identity/guardian/relationship", "ask-kin", Choice("kin", Guardianship::TEXTS)).of_children(),
    field("/identity/guardian/phone", "ask-guardian-phone", Line(16)).of_children(),
];

const HANDLING: [Field; 1] = [field("/handling/markings", "field-markings", Ticks("marking", Marking::TEXTS))];

const FILE: [(Section, &[Field]); 7] = [
    (Section::Narrative, &[field("/case_file/narrative", "ask-narrative", Text(20_000)).needed()]),
    (
        Section::Medical,
        &[
            field("/case_file/medical/urgent", "field-urgent", Answer).needed(),
            field("/case_file/medical/summary", "ask-medical", Text(4000)),
            field("/case_file/medical/medication", "field-medication", Text(2000)),
            field("/case_file/medical/allergies", "field-allergies", Line(500)),
        ],
    ),
    (Section::Psychosocial, &[field("/case_file/psychosocial", "ask-psychosocial", Text(4000)).needed()]),
    (
        Section::Immigration,
        &[
            field("/case_file/immigration/migrant_type", "field-migrant_type", Choice("migrant", MigrantType::TEXTS)),
            field("/case_file/immigration/permit_expiry", "field-permit_expiry", Day).folded(),
            field("/case_file/immigration/removal_order", "field-removal_order", Answer),
            field("/case_file/immigration/note", "ask-immigration", Text(1000)),
        ],
    ),
    (
        Section::Justice,
        &[
            field(
                "/case_file/justice/le_cooperation",
                "field-le_cooperation",
                Choice("cooperation", Cooperation::TEXTS),
            )
            .needed(),
            field("/case_file/justice/complaint_filed", "field-complaint_filed", Answer),
            field("/case_file/justice/case_reference", "field-case_reference", Line(64)).folded(),
            field("/case_file/justice/note", "ask-justice", Text(2000)),
        ],
    ),
    (
        Section::Return,
        &[
            field("/case_file/return/kind", "ask-going", Choice("going", ReturnKind::TEXTS)).needed(),
            field("/case_file/return/voluntary_confirmed", "field-voluntary_confirmed", Flag),
            field("/case_file/return/risk_assessment_date", "field-risk_assessment_date", Day),
            field("/case_file/return/destination", "field-destination", Line(2)),
            field("/case_file/return/note", "ask-return", Text(2000)),
        ],
    ),
    // Files, which a page of their own takes.
    (Section::Attachments, &[]),
];

/// Sections of the case file that the page has a form for.
pub(super) fn file_sections() -> impl Iterator<Item = Section> {
    FILE.iter().map(|(section, _)| *section)
}

/// The part of a referral that a section is.
pub(super) const fn part(section: Section) -> &'static str {
    match section {
        Section::Enquiry => "/enquiry",
        Section::Summary => "/summary",
        Section::Identity => "/identity",
        Section::Narrative => "/case_file/narrative",
        Section::Medical => "/case_file/medical",
        Section::Psychosocial => "/case_file/psychosocial",
        Section::Immigration => "/case_file/immigration",
        Section::Justice => "/case_file/justice",
        Section::Return => "/case_file/return",
        Section::SupportPlan => "/case_file/support_plan",
        Section::Events => "/case_file/events",
        Section::Attachments => "/case_file/attachments",
    }
}

/// The fields of a section.
pub(super) fn fields(section: Section) -> &'static [Field] {
    if section == Section::Summary {
        return &SUMMARY;
    }
    if section == Section::Identity {
        return &IDENTITY;
    }
    FILE.iter().find(|(one, _)| *one == section).map_or(&[], |(_, fields)| *fields)
}

/// What must not happen with it.
pub(super) const fn handling() -> &'static [Field] {
    &HANDLING
}

/// The field that a finding points at: the one with the longest place in common.
pub(super) fn pointed_at(pointer: &str) -> Option<&'static Field> {
    let all = SUMMARY.iter().chain(&IDENTITY).chain(&HANDLING).chain(FILE.iter().flat_map(|(_, fields)| *fields));
    let is_in = |inner: &str, outer: &str| {
        inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    if pointer.is_empty() {
        return None;
    }
    // `/summary` itself is no field: the first of it is where to begin.
    all.filter(|field| is_in(pointer, field.at) || is_in(field.at, pointer))
        .min_by_key(|field| (!is_in(pointer, field.at), field.folded))
        .or_else(|| pointer.starts_with("/identity/names").then(|| IDENTITY.first()).flatten())
}

/// How many children travel along, as the enquiry says.
pub(super) fn children(referral: &Value) -> usize {
    let count = referral.pointer("/enquiry/accompanying_children").and_then(Value::as_u64).unwrap_or_default();
    usize::try_from(count).unwrap_or(CHILDREN_MAX).min(CHILDREN_MAX)
}

/// The age band of a child who travels along.
pub(super) fn child(referral: &Value, number: usize) -> String {
    let at = format!("{CHILD}{number}/age_band");
    referral.pointer(&at).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What a field has, as texts.
pub(super) fn values(referral: &Value, field: &Field) -> Vec<String> {
    if let Some(usage) = field.at.strip_prefix(NAMES) {
        let all = referral.pointer("/identity/names").and_then(Value::as_array);
        let named = all.into_iter().flatten().find(|name| name.get("use").and_then(Value::as_str) == Some(usage));
        return named.and_then(|name| name.get("full")?.as_str()).map(str::to_owned).into_iter().collect();
    }
    match referral.pointer(field.at) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Bool(said)) => vec![if *said { "yes" } else { "no" }.to_owned()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::Number(number)) => vec![number.to_string()],
        Some(Value::Null | Value::Object(_)) | None => Vec::new(),
    }
}

/// Puts what was typed into a field. What was left empty is left out.
pub(super) fn put(referral: &mut Value, field: &Field, typed: &[String]) {
    let first = typed.first().map(String::as_str).unwrap_or_default();
    if let Some(usage) = field.at.strip_prefix(NAMES) {
        return put_name(referral, usage, first);
    }
    let value = match field.kind {
        Line(_) | Text(_) | Choice(..) | Day => {
            let upper = field.at.ends_with("/country") || field.at.ends_with("/destination");
            let text = if upper { first.to_ascii_uppercase() } else { first.to_owned() };
            (!text.is_empty()).then(|| text.into())
        }
        Ticks(..) if field.at == "/handling/markings" => Some(typed.to_vec().into()),
        Ticks(..) => (!typed.is_empty()).then(|| typed.to_vec().into()),
        Flag => (first == "yes").then_some(Value::Bool(true)),
        Answer => (!first.is_empty()).then(|| (first == "yes").into()),
        Countries => {
            let codes = first.split([',', ';', ' ']).filter(|code| !code.is_empty());
            let codes: Vec<String> = codes.map(str::to_ascii_uppercase).collect();
            (!codes.is_empty()).then(|| codes.into())
        }
    };
    set(referral, field.at, value);
}

fn put_name(referral: &mut Value, usage: &str, full: &str) {
    let all = referral.pointer("/identity/names").and_then(Value::as_array);
    let mut names: Vec<Value> = all.cloned().unwrap_or_default();
    let is_it = |name: &Value| name.get("use").and_then(Value::as_str) == Some(usage);
    let before = names.iter().position(is_it);
    match before.and_then(|place| names.get_mut(place)) {
        Some(name) if name.get("full").and_then(Value::as_str) == Some(full) => {}
        // The parts and the script were those of another spelling.
        Some(name) if !full.is_empty() => *name = serde_json::json!({"use": usage, "full": full}),
        Some(_) => names.retain(|name| !is_it(name)),
        None if full.is_empty() => {}
        None => names.push(serde_json::json!({"use": usage, "full": full})),
    }
    set(referral, "/identity/names", (!names.is_empty()).then(|| names.into()));
}

/// Puts the children who travel along, each by its age band; those beyond the form stay.
pub(super) fn put_children(referral: &mut Value, bands: &[String]) {
    let all = referral.pointer("/identity/dependants").and_then(Value::as_array);
    let before: Vec<Value> = all.cloned().unwrap_or_default();
    let mut after = Vec::new();
    for (number, band) in bands.iter().enumerate().filter(|(_, band)| !band.is_empty()) {
        let mut one = before
            .get(number)
            .cloned()
            .unwrap_or_else(|| serde_json::json!({"relationship": "Child", "travelling_with": true}));
        if let Some(members) = one.as_object_mut() {
            members.insert("age_band".to_owned(), band.clone().into());
        }
        after.push(one);
    }
    after.extend(before.into_iter().skip(bands.len()));
    set(referral, "/identity/dependants", (!after.is_empty()).then(|| after.into()));
}

/// Puts a value at a place, with what it stands in; or takes it away, with what is empty then.
pub(super) fn set(referral: &mut Value, at: &str, value: Option<Value>) {
    let path: Vec<&str> = at.split('/').skip(1).collect();
    set_in(referral, &path, value);
}

fn set_in(within: &mut Value, path: &[&str], value: Option<Value>) {
    let (Some(members), Some((name, rest))) = (within.as_object_mut(), path.split_first()) else { return };
    if rest.is_empty() {
        match value {
            Some(value) => drop(members.insert((*name).to_owned(), value)),
            None => drop(members.remove(*name)),
        }
        return;
    }
    if value.is_none() && !members.contains_key(*name) {
        return;
    }
    let inner = members.entry((*name).to_owned()).or_insert_with(|| Value::Object(Map::new()));
    set_in(inner, rest, value);
    // A part that was chosen stays, so that what it lacks is said; a group of fields within one goes.
    let grouped = matches!(*name, "risk" | "child" | "guardian");
    if grouped && inner.as_object().is_some_and(Map::is_empty) {
        members.remove(*name);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn by(at: &str) -> &'static Field {
        pointed_at(at).filter(|field| field.at == at).unwrap()
    }

    fn typed(all: &[&str]) -> Vec<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn what_was_typed_stands_at_its_place_in_the_schema_and_comes_back_into_the_form() {
        let mut referral = json!({"handling": {"markings": []}});
        for (at, all, comes_back) in [
            ("/summary/text", &["a\nb"][..], &["a\nb"][..]),
            ("/summary/risk/types", &["Retaliation", "SelfHarm"], &["Retaliation", "SelfHarm"]),
            ("/summary/prs_Citizenship", &["xb, xd"], &["XB", "XD"]),
            ("/identity/names/Legal", &["Оксана"], &["Оксана"]),
            ("/identity/names/Preferred", &["Ксеня"], &["Ксеня"]),
            ("/identity/birthdate_estimated", &["yes"], &["yes"]),
            ("/identity/location/country", &["xa"], &["XA"]),
            ("/case_file/medical/urgent", &["no"], &["no"]),
            ("/handling/markings", &["NoEmbassy"], &["NoEmbassy"]),
        ] {
            put(&mut referral, by(at), &typed(all));
            assert_eq!(values(&referral, by(at)), typed(comes_back), "{at}");
        }
        assert_eq!(referral["case_file"]["medical"]["urgent"], json!(false));
        assert_eq!(referral["identity"]["names"][1], json!({"use": "Preferred", "full": "Ксеня"}));

        for at in ["/summary/text", "/summary/risk/types", "/identity/names/Legal", "/handling/markings"] {
            put(&mut referral, by(at), &[]);
            assert!(values(&referral, by(at)).is_empty(), "{at}");
        }
        assert_eq!((referral["summary"].get("risk"), &referral["handling"]), (None, &json!({"markings": []})));
        assert_eq!(referral["identity"]["names"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_name_that_stays_keeps_its_parts_and_one_that_changes_has_none_of_another() {
        let whole = json!({"use": "Legal", "full": "A B", "prs_FirstName": "A", "script": "Latn"});
        let mut referral = json!({"identity": {"names": [whole]}});
        put(&mut referral, by("/identity/names/Legal"), &typed(&["A B"]));
        assert_eq!(referral["identity"]["names"][0], whole);
        put(&mut referral, by("/identity/names/Legal"), &typed(&["C D"]));
        assert_eq!(referral["identity"]["names"][0], json!({"use": "Legal", "full": "C D"}));
    }

    #[test]
    fn children_travel_by_their_age_and_keep_their_case_codes() {
        let mut referral = json!({"enquiry": {"accompanying_children": 2}, "identity": {"dependants": [
            {"case_code": "X-1", "age_band": "0-5", "relationship": "Sibling", "travelling_with": true}]}});
        assert_eq!((children(&referral), child(&referral, 0)), (2, "0-5".to_owned()));
        put_children(&mut referral, &typed(&["6-11", "0-5"]));
        let all = &referral["identity"]["dependants"];
        assert_eq!(
            (&all[0]["case_code"], &all[0]["age_band"], &all[0]["relationship"]),
            (&json!("X-1"), &json!("6-11"), &json!("Sibling"))
        );
        assert_eq!(all[1], json!({"age_band": "0-5", "relationship": "Child", "travelling_with": true}));
        put_children(&mut referral, &typed(&["", ""]));
        assert!(referral["identity"].get("dependants").is_none());
    }

    #[test]
    fn a_finding_points_at_its_field() {
        for (pointer, at) in [
            ("/identity/prs_Birthdate", "/identity/prs_Birthdate"),
            ("/identity/names", "/identity/names/Legal"),
            ("/identity/names/0/full", "/identity/names/Legal"),
            ("/summary/risk/types/3", "/summary/risk/types"),
            ("/summary/child", "/summary/child/accompaniment"),
            ("/case_file/medical/urgent", "/case_file/medical/urgent"),
        ] {
            assert_eq!(pointed_at(pointer).map(|field| field.at), Some(at), "{pointer}");
        }
        assert!(pointed_at("/consents/0").is_none() && pointed_at("").is_none());
    }
}
