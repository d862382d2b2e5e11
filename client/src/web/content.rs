//! A referral as people read it: its sections in their order, each member by its name, codes in words. What is unknown here is shown
//! under its own name, never left out.

use serde_json::{Map, Value};

use super::{
    labels::{comma, label, spoken},
    words::Words,
};

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
    own.chain(file)
        .map(|(name, value)| {
            let mut rows = Vec::new();
            let urgency = referral.get("header").and_then(|header| header.get("urgency"));
            if let Some(urgency) = urgency.filter(|_| name == "enquiry") {
                rows.push(Row { name: named(words, "urgency"), value: said(words, "urgency", urgency) });
            }
            flatten(words, name, "", value, 0, &mut rows);
            Section { title: named(words, name), rows }
        })
        .filter(|section| !section.rows.is_empty())
        .collect()
}

fn flatten(words: &Words, member: &str, path: &str, value: &Value, depth: usize, rows: &mut Vec<Row>) {
    if depth > DEPTH_MAX {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(members) => each(words, path, members, depth, rows),
        Value::Array(all) if all.iter().any(Value::is_object) => {
            for (number, one) in all.iter().enumerate() {
                let number = number.saturating_add(1).to_string();
                let path = if path.is_empty() { number } else { format!("{path} {number}") };
                flatten(words, member, &path, one, depth.saturating_add(1), rows);
            }
        }
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(|one| said(words, member, one)).collect();
            rows.push(Row { name: path.to_owned(), value: all.join(&comma(words)) });
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            rows.push(Row { name: path.to_owned(), value: said(words, member, value) });
        }
    }
}

fn each(words: &Words, path: &str, members: &Map<String, Value>, depth: usize, rows: &mut Vec<Row>) {
    let place = |name: &str| ORDER.iter().position(|one| *one == name).unwrap_or(usize::MAX);
    let mut ordered: Vec<(&String, &Value)> = members.iter().collect();
    ordered.sort_by_key(|(name, _)| place(name));
    for (name, value) in ordered {
        let name_here = named(words, name);
        let path = if path.is_empty() { name_here } else { format!("{path} · {name_here}") };
        flatten(words, name, &path, value, depth.saturating_add(1), rows);
    }
}

/// A member's name in words; else its own, made readable.
fn named(words: &Words, member: &str) -> String {
    let key = format!("field-{member}");
    if words.has(&key) {
        return words.say(&key);
    }
    let bare = member.split_once('_').map_or(member, |(prefix, rest)| if prefix.len() == 3 { rest } else { member });
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
fn said(words: &Words, member: &str, value: &Value) -> String {
    match value {
        Value::Bool(true) => words.say("yes"),
        Value::Bool(false) => words.say("no"),
        Value::String(text) => match member {
            "services" => label(words, "service", text),
            "age_band" => label(words, "age", text),
            "prs_Gender" => label(words, "gender", text),
            "urgency" => label(words, "urgency", text),
            "sections" => label(words, "section", text),
            "recipient_roles" | "role" => label(words, "role", text),
            "languages" | "lang" | "text_lang" => spoken(text).to_owned(),
            _ => text.clone(),
        },
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
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
            "consents": [{"basis": "InformedConsent", "informed": {"purpose": true}}],
            "case_file": {"medical": {"needs_now": "<b>insulin</b>"}},
        });
        let all = sections(words, &referral);
        let text: Vec<String> = all
            .iter()
            .flat_map(|section| section.rows.iter().map(|row| format!("{}: {}={}", section.title, row.name, row.value)))
            .collect();
        let has = |part: &str| text.iter().any(|line| line.contains(part));
        assert!(has("Українська") && has("New") && has("Later member=") && has("<b>insulin</b>"), "{text:?}");
        assert!(has("1 · Basis=InformedConsent"), "{text:?}");
        assert!(!has("LegalAdvice") && !has("none") && !has("referral_id"), "{text:?}");
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
