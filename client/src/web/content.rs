//! A referral as people read it: its sections in their order, each member by its name, codes in words. What is unknown here is shown
//! under its own name, never left out.

use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};

use super::{
    labels::{comma, date, label, spoken, time},
    words::Words,
};
use crate::documents::Kind;

/// Members of a referral that are sections, in the order of the page; those of the case file follow.
const SECTIONS: [&str; 4] = ["enquiry", "summary", "identity", "consents"];
/// Members in the order in which they are read; others follow by name.
const ORDER: [&str; 16] = [
    "urgency",
    "services",
    "needed_by",
    "age_band",
    "prs_Gender",
    "languages",
    "group_size",
    "accompanying_children",
    "country_of_need",
    "region_of_need",
    "access_needs",
    "safety_needs",
    "note",
    "case_code",
    "name",
    "text",
];
/// Characters of a day, as `2027-11-30`.
const DAY_LENGTH: usize = 10;
/// How deep members are followed.
const DEPTH_MAX: usize = 6;

/// One section.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
}

/// One member.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
}

/// The sections that are there.
pub(super) fn sections(words: &Words, referral: &Value) -> Vec<Section> {
    let own = SECTIONS.iter().filter_map(|name| Some((*name, referral.get(*name)?)));
    let file = referral.get("case_file").and_then(Value::as_object);
    let file = file.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
    let handling = referral.get("handling").map(|value| ("handling", value));
    own.chain(file)
        .chain(handling)
        .map(|(name, value)| {
            let mut rows = Vec::new();
            let urgency = referral.get("header").and_then(|header| header.get("urgency"));
            if let Some(urgency) = urgency.filter(|_| name == "enquiry") {
                rows.push(Row { name: named(words, "urgency"), value: said(words, ("", "urgency"), urgency) });
            }
            flatten(words, ("", name), "", value, 0, &mut rows);
            Section { title: named(words, name), rows }
        })
        .filter(|section| !section.rows.is_empty())
        .collect()
}

/// `member`: its name, after that of what it stands in.
fn flatten(words: &Words, member: (&str, &str), path: &str, value: &Value, depth: usize, rows: &mut Vec<Row>) {
    if depth > DEPTH_MAX {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(members) => each(words, member.1, path, members, depth, rows),
        Value::Array(all) if all.iter().any(Value::is_object) => {
            for (number, one) in all.iter().enumerate() {
                let number = number.saturating_add(1).to_string();
                let path = if path.is_empty() { number } else { format!("{path} {number}") };
                flatten(words, member, &path, one, depth.saturating_add(1), rows);
            }
        }
        Value::Array(all) if all.is_empty() => {}
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(|one| said(words, member, one)).collect();
            rows.push(Row { name: path.to_owned(), value: all.join(&comma(words)) });
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            // A section that is one text alone.
            let name = if path.is_empty() { named(words, member.1) } else { path.to_owned() };
            rows.push(Row { name, value: said(words, member, value) });
        }
    }
}

fn each(words: &Words, parent: &str, path: &str, members: &Map<String, Value>, depth: usize, rows: &mut Vec<Row>) {
    let place = |name: &str| ORDER.iter().position(|one| *one == name).unwrap_or(usize::MAX);
    let mut ordered: Vec<(&String, &Value)> = members.iter().collect();
    ordered.sort_by_key(|(name, _)| place(name));
    for (name, value) in ordered {
        let name_here = named(words, name);
        let path = if path.is_empty() { name_here } else { format!("{path} · {name_here}") };
        flatten(words, (parent, name), &path, value, depth.saturating_add(1), rows);
    }
}

/// Members that the page calls as it asks for them.
const CALLED: [(&str, &str); 10] = [
    ("agrees_interview", "told-interview"),
    ("purpose", "told-purpose"),
    ("uses", "told-uses"),
    ("access_right", "told-access"),
    ("storage_period", "told-storage"),
    ("withdrawal", "told-withdrawal"),
    ("non_identifying_research", "told-research"),
    ("recipient_agency_ids", "consent-to"),
    ("expires_at", "consent-until"),
    ("lang", "need-language"),
];
/// Beginnings of names that come from HTCDS and say nothing to who reads.
const PREFIXES: [&str; 4] = ["prs_", "vic_", "hte_", "spl_"];

/// A member's name in words; else its own, made readable.
fn named(words: &Words, member: &str) -> String {
    if let Some((_, key)) = CALLED.iter().find(|(called, _)| *called == member) {
        return words.say(key);
    }
    let key = format!("field-{member}");
    if words.has(&key) {
        return words.say(&key);
    }
    let bare = PREFIXES.iter().find_map(|prefix| member.strip_prefix(prefix)).unwrap_or(member);
    let mut text = String::with_capacity(bare.len());
    for letter in bare.chars() {
        if letter == '_' {
            text.push(' ');
        } else if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}

/// A value in words.
fn said(words: &Words, member: (&str, &str), value: &Value) -> String {
    match value {
        Value::Bool(true) => words.say("yes"),
        Value::Bool(false) => words.say("no"),
        Value::String(text) => match (member, list(member)) {
            (_, Some(list)) => label(words, list, text),
            ((_, "languages" | "lang" | "text_lang"), None) => spoken(text).to_owned(),
            ((_, name), None) if name.ends_with("_at") || name == "notify_person_by" => instant(words, text),
            ((_, name), None) => coded(words, name, text),
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// A code of a member's own list in words, a day by its month; all else as it stands.
fn coded(words: &Words, member: &str, text: &str) -> String {
    let key = format!("code-{member}-{text}");
    if words.has(&key) {
        return words.say(&key);
    }
    if member == "media_type" {
        let kind = Kind::of_media_type(text).map_or("bin", Kind::ending);
        return label(words, "document-kind", kind);
    }
    text.parse::<Date>().ok().filter(|_| text.len() == DAY_LENGTH).map_or_else(|| text.to_owned(), |at| date(words, at))
}

/// An instant as it is read here; what is none as it stands.
fn instant(words: &Words, text: &str) -> String {
    let at = text.parse::<Timestamp>().ok().and_then(|at| u64::try_from(at.as_second()).ok());
    at.map_or_else(|| text.to_owned(), |at| time(words, at))
}

/// The list of codes from which a member is: its words begin so.
fn list(member: (&str, &str)) -> Option<&'static str> {
    Some(match member {
        (_, "services") => "service",
        (_, "age_band") => "age",
        (_, "prs_Gender") => "gender",
        (_, "urgency") => "urgency",
        (_, "sections" | "section") => "section",
        (_, "recipient_roles" | "role") => "role",
        (_, "vic_TypeOfExploitation") => "exploitation",
        ("risk", "level") => "risk",
        ("risk", "types") => "danger",
        (_, "vic_TraffickingStatus") => "trafficked",
        (_, "protection_status") => "protection",
        (_, "accompaniment") => "accompaniment",
        (_, "guardian_status") => "guardian",
        (_, "bid_status") => "bid",
        (_, "markings") => "marking",
        (_, "retention_basis") => "retention",
        ("safe_contact", "method") => "contact",
        (_, "never") => "caution",
        ("location", "kind") => "place",
        ("names", "use") => "name",
        ("guardian" | "dependants", "relationship") => "kin",
        (_, "migrant_type") => "migrant",
        (_, "le_cooperation") => "cooperation",
        ("return", "kind") => "going",
        (_, "purposes") => "purpose",
        ("consents", "method") => "method",
        (_, "basis") => "basis",
        (_, "given_by") => "giver",
        ("consents", "status") => "given",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::words::languages, *};

    #[test]
    fn every_member_is_shown_known_or_not_and_codes_are_words() {
        let words = languages().english();
        let referral = serde_json::json!({
            "header": {"referral_id": "x"},
            "enquiry": {"services": ["LegalAdvice", "New"], "languages": ["ukr"], "prs_LaterMember": true, "none": null},
            "consents": [{"basis": "InformedConsent", "informed": {"purpose": true, "non_identifying_research": false}}],
            "case_file": {"medical": {"needs_now": "<b>insulin</b>"}},
        });
        let all = sections(words, &referral);
        let text: Vec<String> = all
            .iter()
            .flat_map(|section| section.rows.iter().map(|row| format!("{}: {}={}", section.title, row.name, row.value)))
            .collect();
        let has = |part: &str| text.iter().any(|line| line.contains(part));
        assert!(has("Українська") && has("New") && has("Later member=") && has("<b>insulin</b>"), "{text:?}");
        assert!(has("1 · Basis=The person") && !has("InformedConsent"), "{text:?}");
        assert!(!has("dentifying research"), "what is not to be counted is not said to be counted: {text:?}");
        assert!(!has("LegalAdvice") && !has("none") && !has("referral_id"), "{text:?}");
    }

    /// Every member below a definition of the schema, with what it stands in and the codes of its list.
    fn members(schema: &Value, node: &Value, parent: &str, found: &mut Vec<(String, String, Vec<String>)>) {
        let definition = |node: &Value| -> Option<Value> {
            let name = node.get("$ref")?.as_str()?.rsplit('/').next()?;
            Some(schema["$defs"][name].clone())
        };
        let properties = node.get("properties").and_then(Value::as_object);
        for (name, inner) in properties.into_iter().flatten() {
            let item = inner.get("items").unwrap_or(inner);
            let whole = definition(item).unwrap_or_else(|| item.clone());
            let codes = whole.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            found.push((parent.to_owned(), name.clone(), codes.map(str::to_owned).collect()));
            members(schema, &whole, name, found);
        }
    }

    #[test]
    fn every_member_and_every_code_of_the_schema_has_words_in_every_language() {
        let schema: Value = serde_json::from_str(include_str!("../referral/referral-v1.schema.json")).unwrap();
        let mut found = Vec::new();
        for (definition, parent) in [
            ("Enquiry", "enquiry"),
            ("Summary", "summary"),
            ("Identity", "identity"),
            ("Consent", "consents"),
            ("PersonName", "names"),
            ("IdDoc", "documents"),
            ("SafeContact", "safe_contact"),
            ("CaseFile", "case_file"),
            ("Attachment", "attachments"),
            ("Event_hte", "events"),
            ("Handling", "handling"),
        ] {
            members(&schema, &schema["$defs"][definition], parent, &mut found);
        }
        assert!(found.len() > 120);
        for words in languages().all() {
            for (parent, name, codes) in &found {
                let called = CALLED.iter().any(|(member, _)| member == name) || words.has(&format!("field-{name}"));
                assert!(called, "{}: {name}", words.code);
                for code in codes {
                    let has = list((parent, name)).is_some()
                        || name == "media_type"
                        || words.has(&format!("code-{name}-{code}"));
                    assert!(has, "{}: {parent}/{name} {code}", words.code);
                }
            }
        }
        let english = languages().english();
        assert_eq!(said(english, ("handling", "delete_after"), &Value::from("2028-12-26")), "26 December 2028");
        assert!(said(english, ("consents", "notify_person_by"), &Value::from("2026-06-02T14:00:00Z")).contains("June"));
        assert_eq!(said(english, ("identity", "prs_Birthdate"), &Value::from("1997-11")), "1997-11");
        assert_eq!(said(english, ("attachments", "media_type"), &Value::from("image/png")), "Picture");
    }

    #[test]
    fn what_is_nested_without_end_is_cut() {
        let mut deep = serde_json::json!("end");
        for _ in 0..50 {
            deep = serde_json::json!({"a": deep});
        }
        let all = sections(languages().english(), &serde_json::json!({"summary": deep}));
        assert!(all.is_empty());
    }
}
