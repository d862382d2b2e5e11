//! Over random referrals, viewers and assignments: nobody sees a member above role and assignment, nothing that identifies a
//! person stands unmasked unasked, and help looks the same without the track of justice.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proptest::prelude::*;
use safeconduct_client::casework::view::{Ask, Assignment, Hidden, Names, View, Viewer, view};
use safeconduct_client::people::{LocalRole, Roles};
use safeconduct_client::referral::codes::Section;
use safeconduct_client::referral::{Referral, SCHEMA, parse};
use serde_json::{Value, json};

/// The sample with most in it, and the parts that other samples add.
fn fullest() -> Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/samples");
    let read = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(format!("{root}/{name}.json")).unwrap()).unwrap()
    };
    let mut full = read("11-police-specific-consent-long-narrative");
    full["header"]["disclosure_level"] = json!(3);
    let donors = [
        "03-man-agriculture-legal-aid-rtl",
        "05-domestic-servitude-medical-vital-interest",
        "06-voluntary-return-reintegration",
    ];
    for donor in donors.map(read) {
        for part in ["/case_file", "/summary", "/identity", "/header"] {
            let Some(members) = donor.pointer(part).and_then(Value::as_object) else { continue };
            let into = full.pointer_mut(part).and_then(Value::as_object_mut).unwrap();
            for (name, member) in members {
                into.entry(name.clone()).or_insert_with(|| member.clone());
            }
        }
    }
    let document = |id: u8, section: &str| {
        json!({
            "attachment_id": format!("84fc2b6e-4dbb-4612-8b72-5432c4498e{id:02}"), "title": format!("Document of {section}"),
            "media_type": "application/pdf", "size_bytes": 1, "sha256": "0".repeat(64), "section": section,
        })
    };
    let documents = ["Medical", "Justice", "Identity", "Attachments", "Narrative"];
    full["case_file"]["attachments"] = documents.iter().zip(1..).map(|(section, id)| document(id, section)).collect();
    full["handling"]["ext"] = json!({"XA.note": "a country's own"});
    full["identity"]["safe_contact"]["never"] = json!(["Sms"]);
    full
}

/// A referral of some level with some parts, markings and consents.
fn referral() -> impl Strategy<Value = Value> {
    let sections = [
        "narrative",
        "medical",
        "psychosocial",
        "immigration",
        "justice",
        "return",
        "support_plan",
        "events",
        "attachments",
    ];
    let gone = prop::sample::subsequence(sections.to_vec(), 0..=9);
    let markings = prop::sample::subsequence(vec!["NamedCaseworkerOnly", "NoFamilyContact", "NoEmbassy"], 0..=3);
    (0..=3_u8, gone, markings, any::<bool>()).prop_map(|(level, gone, markings, with_consents)| {
        let mut referral = fullest();
        referral["header"]["disclosure_level"] = json!(level);
        referral["handling"]["markings"] = json!(markings);
        for section in gone {
            referral["case_file"].as_object_mut().unwrap().remove(section);
        }
        let mut above = Vec::new();
        let schema = schema();
        members_above(&schema, &schema, &referral, i64::from(level), "", &mut above);
        // The innermost go last: what is taken with its parent is gone already.
        for at in above {
            let (parent, name) = at.rsplit_once('/').unwrap();
            if let Some(members) = referral.pointer_mut(parent).and_then(Value::as_object_mut) {
                members.remove(name);
            }
        }
        if level == 0 && !with_consents {
            referral.as_object_mut().unwrap().remove("consents");
        }
        referral
    })
}

fn viewer() -> impl Strategy<Value = Viewer> {
    let roles = prop::sample::subsequence(LocalRole::ALL, 0..=6);
    (roles, any::<bool>()).prop_map(|(roles, theirs)| Viewer {
        roles: Roles::of(&roles),
        assignment: if theirs { Assignment::Theirs } else { Assignment::NotTheirs },
    })
}

/// Whether names are asked for, which sections, and whether with a reason.
fn asked() -> impl Strategy<Value = (bool, Vec<&'static str>, bool)> {
    let names: Vec<&str> = Section::ALL.iter().map(|section| section.as_str()).collect();
    (any::<bool>(), prop::sample::subsequence(names, 0..=12), any::<bool>())
}

fn sections(names: &[&str]) -> Vec<Section> {
    names.iter().map(|name| Section::from_code(name).unwrap()).collect()
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// Visits every member that is there, with what the published schema says of it.
fn visit(schema: &Value, node: &Value, value: &Value, at: &str, see: &mut dyn FnMut(&str, &Value, &Value)) {
    let node = match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema.pointer(reference.trim_start_matches('#')).unwrap(),
        None => node,
    };
    for (name, member) in value.as_object().into_iter().flatten() {
        let Some(of) = node.get("properties").and_then(|properties| properties.get(name)) else { continue };
        let at = format!("{at}/{name}");
        see(&at, of, member);
        visit(schema, of, member, &at, see);
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        visit(schema, &node["items"], item, &format!("{at}/{index}"), see);
    }
}

fn members_above(schema: &Value, node: &Value, value: &Value, level: i64, at: &str, found: &mut Vec<String>) {
    visit(schema, node, value, at, &mut |at, of, _| {
        if of["x-l"].as_i64().unwrap() > level {
            found.push(at.to_owned());
        }
    });
}

/// The highest level that the table in the plan of views gives; none for nothing at all. Written anew, by the table's columns.
fn allowed(roles: Roles, assignment: Assignment, for_one_only: bool, with_reason: bool) -> Option<i64> {
    let column = |role| match (role, for_one_only) {
        (LocalRole::Auditor | LocalRole::Admin, _) => None,
        (LocalRole::Caseworker, _) if assignment == Assignment::Theirs => Some(3),
        (LocalRole::Caseworker, false) => Some(0),
        (LocalRole::Caseworker, true) => None,
        (LocalRole::Intake | LocalRole::MayAccept, false) => Some(1),
        (LocalRole::Intake | LocalRole::MayAccept, true) => Some(0),
        (LocalRole::Supervisor, false) => Some(3),
        (LocalRole::Supervisor, true) => Some(if with_reason { 3 } else { 0 }),
    };
    roles.iter().filter_map(column).max()
}

fn read(referral: &Value) -> Referral {
    parse(referral.to_string().as_bytes()).unwrap_or_else(|findings| {
        panic!("{:?}", findings.iter().map(|f| (f.pointer().to_owned(), f.fact().to_owned())).collect::<Vec<_>>())
    })
}

fn json_of(view: &View) -> Value {
    serde_json::from_slice(view.content()).unwrap()
}

/// Takes the track of justice out, and what is for nothing else.
fn without_justice(referral: &Value) -> Value {
    let mut without = referral.clone();
    if let Some(file) = without.pointer_mut("/case_file").and_then(Value::as_object_mut) {
        file.remove("justice");
        if let Some(documents) = file.get_mut("attachments").and_then(Value::as_array_mut) {
            documents.retain(|document| document["section"] != json!("Justice"));
            if documents.is_empty() {
                file.remove("attachments");
            }
        }
    }
    without
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn nobody_sees_a_member_above_role_and_assignment(referral in referral(), viewer in viewer(), (shown, names, with_reason) in asked()) {
        let sections = sections(&names);
        let names = if shown { Names::Shown } else { Names::Masked };
        let ask = Ask { names, sections: &sections, reason: with_reason.then_some("complaint") };
        let for_one_only = referral["handling"]["markings"].as_array().unwrap().contains(&json!("NamedCaseworkerOnly"));
        let allowed = allowed(viewer.roles, viewer.assignment, for_one_only, with_reason);

        let whole = read(&referral);
        let seen = match (view(&whole, viewer, &ask), allowed) {
            (Err(hidden), None) => {
                prop_assert_eq!(hidden == Hidden::NotYourRole, !viewer.roles.works());
                return Ok(());
            }
            (Ok(seen), Some(_)) => seen,
            (seen, allowed) => panic!("{:?} {:?}", seen.err(), allowed),
        };

        let (schema, json) = (schema(), json_of(&seen));
        let mut above = Vec::new();
        members_above(&schema, &schema, &json, allowed.unwrap(), "", &mut above);
        prop_assert_eq!(above, Vec::<String>::new());
        // What is allowed is there as it is in the referral: unless it is folded or masked, nothing else is lost.
        let mut lost = Vec::new();
        visit(&schema, &schema, &referral, "", &mut |at, of, _| {
            let folded = at.starts_with("/case_file");
            if of["x-l"].as_i64().unwrap() <= allowed.unwrap() && !folded && json.pointer(at).is_none() {
                lost.push(at.to_owned());
            }
        });
        prop_assert_eq!(lost, Vec::<String>::new());
    }

    #[test]
    fn a_section_of_the_case_file_and_its_documents_are_seen_only_when_asked_for(referral in referral(), viewer in viewer(), (_, names, with_reason) in asked()) {
        let sections = sections(&names);
        let ask = Ask { names: Names::Shown, sections: &sections, reason: with_reason.then_some("complaint") };
        let Ok(seen) = view(&read(&referral), viewer, &ask) else { return Ok(()) };
        let json = json_of(&seen);

        let named = |name: &str| sections.iter().any(|section| section.as_str() == name);
        let file = json.get("case_file").and_then(Value::as_object).cloned().unwrap_or_default();
        for member in file.keys() {
            let title: String = member.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            prop_assert!(member == "attachments" || named(&title), "{}", member);
        }
        for document in json.pointer("/case_file/attachments").and_then(Value::as_array).into_iter().flatten() {
            let section = document["section"].as_str().unwrap();
            prop_assert!(named(section) || section == "Identity", "{}", section);
        }
        for section in seen.folded() {
            prop_assert!(!named(section.as_str()));
        }
    }

    #[test]
    fn nothing_that_identifies_a_person_stands_unmasked_unasked(referral in referral(), viewer in viewer(), (_, names, with_reason) in asked()) {
        let sections = sections(&names);
        let ask = Ask { names: Names::Masked, sections: &sections, reason: with_reason.then_some("complaint") };
        let Ok(seen) = view(&read(&referral), viewer, &ask) else { return Ok(()) };

        let schema = schema();
        let (mut open, mut masked) = (Vec::new(), 0);
        visit(&schema, &schema, &json_of(&seen), "", &mut |at, of, value| {
            let is_value = !value.is_object() && !value.as_array().is_some_and(|items| items.iter().any(Value::is_object));
            if of["x-c"] == json!("I") && is_value && !at.ends_with("/case_code") {
                if value.is_null() { masked += 1 } else { open.push(at.to_owned()) }
            }
        });
        prop_assert_eq!(open, Vec::<String>::new());
        prop_assert_eq!(masked > 0, seen.masked());
    }

    #[test]
    fn who_does_not_ask_for_justice_sees_the_same_bytes_without_it(referral in referral(), viewer in viewer(), (shown, names, with_reason) in asked()) {
        let mut sections = sections(&names);
        sections.retain(|section| *section != Section::Justice);
        let names = if shown { Names::Shown } else { Names::Masked };
        let ask = Ask { names, sections: &sections, reason: with_reason.then_some("complaint") };

        let with = view(&read(&referral), viewer, &ask);
        let without = view(&read(&without_justice(&referral)), viewer, &ask);

        match (with, without) {
            (Ok(with), Ok(without)) => prop_assert!(with.content() == without.content() && with.first() == without.first()),
            (with, without) => prop_assert_eq!(with.err(), without.err()),
        }
    }
}
