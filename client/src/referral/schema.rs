//! The typed structs and the published schema say the same: every object's members in the same order, with the same
//! need, class, level, length, pattern and codes.

use serde_json::{Map, Value};

use super::Referral;
use super::walk::{Class, Field, Member as _, Shape};

fn resolved<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema.pointer(reference.trim_start_matches('#')).unwrap(),
        None => node,
    }
}

fn number(node: &Value, name: &str) -> Option<i64> {
    node.get(name).and_then(Value::as_i64)
}

fn compare_object(schema: &Value, node: &Value, fields: &[Field], at: &str) {
    assert_eq!(node["additionalProperties"], Value::Bool(false), "{at}");
    let properties: &Map<String, Value> = node["properties"].as_object().unwrap();
    let required: Vec<&str> = node
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap())
        .collect();
    let names: std::collections::BTreeSet<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(fields.iter().map(|field| field.name).collect::<std::collections::BTreeSet<_>>(), names, "{at}");
    for field in fields {
        let at = format!("{at}/{}", field.name);
        let member = &properties[field.name];
        assert_eq!(required.contains(&field.name), field.needed, "{at}");
        let class = match field.class {
            Class::Operational => "O",
            Class::Sensitive => "S",
            Class::Identifying => "I",
        };
        assert_eq!(member["x-c"], class, "{at}");
        assert_eq!(number(member, "x-l"), Some(i64::from(field.level)), "{at}");
        compare(schema, member, &field.shape, &at);
    }
}

fn compare(schema: &Value, node: &Value, shape: &Shape, at: &str) {
    let node = resolved(schema, node);
    match shape {
        Shape::Object(fields) => compare_object(schema, node, fields, at),
        Shape::List { min, max, item } => {
            assert_eq!(node["uniqueItems"], Value::Bool(true), "{at}");
            assert_eq!(number(node, "minItems").unwrap_or(0), i64::try_from(*min).unwrap(), "{at}");
            assert_eq!(number(node, "maxItems"), Some(i64::try_from(*max).unwrap()), "{at}");
            compare(schema, &node["items"], item, at);
        }
        Shape::Text { min, max, pattern } => {
            assert_eq!(node["type"], "string", "{at}");
            assert_eq!(number(node, "minLength").unwrap_or(0), i64::try_from(*min).unwrap(), "{at}");
            assert_eq!(number(node, "maxLength"), max.map(|max| i64::try_from(max).unwrap()), "{at}");
            assert_eq!(node["pattern"].as_str().unwrap(), pattern, "{at}");
        }
        Shape::Codes(codes) => {
            let listed: Vec<&str> = match node.get("const") {
                Some(only) => vec![only.as_str().unwrap()],
                None => node["enum"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect(),
            };
            assert_eq!(listed, *codes, "{at}");
        }
        Shape::Whole { min, max } => {
            assert_eq!(node["type"], "integer", "{at}");
            assert_eq!((number(node, "minimum"), number(node, "maximum")), (Some(*min), Some(*max)), "{at}");
        }
        Shape::Bool => assert_eq!(node["type"], "boolean", "{at}"),
        Shape::Map => {
            assert_eq!(number(node, "maxProperties"), Some(20), "{at}");
            assert_eq!(number(&node["additionalProperties"], "maxLength"), Some(200), "{at}");
        }
    }
}

/// The names of an object's members in the order of the schema's text; `serde_json` sorts them.
fn order_in_text(fields: &[Field], text: &str, at: &str) {
    let places: Vec<usize> = fields
        .iter()
        .map(|field| text.find(&format!("\"{}\":{{", field.name)).unwrap_or_else(|| panic!("{at}/{}", field.name)))
        .collect();
    assert!(places.is_sorted(), "{at}: {places:?}");
}

#[test]
fn structs_and_schema_agree() {
    let schema: Value = serde_json::from_str(super::SCHEMA).unwrap();

    compare(&schema, &schema, &Referral::shape(), "");
}

#[test]
fn members_are_written_in_the_order_of_the_schema() {
    for (name, shape) in [
        ("Header", super::header::Header::shape()),
        ("Enquiry", super::enquiry::Enquiry::shape()),
        ("Summary", super::summary::Summary::shape()),
        ("Consent", super::consent::Consent::shape()),
        ("PersonName", super::identity::PersonName::shape()),
        ("IdDoc", super::identity::IdDocument::shape()),
        ("SafeContact", super::identity::SafeContact::shape()),
        ("Identity", super::identity::Identity::shape()),
        ("CaseFile", super::case_file::CaseFile::shape()),
        ("Handling", super::handling::Handling::shape()),
    ] {
        let Shape::Object(fields) = shape else { panic!("{name}") };
        // A member of an object one level deep stands at three spaces.
        let begin = super::SCHEMA.find(&format!("\n  \"{name}\":{{")).unwrap();
        let text: String = super::SCHEMA[begin + 1..]
            .lines()
            .enumerate()
            .take_while(|(index, line)| *index == 0 || line.starts_with("   "))
            .map(|(_, line)| line)
            .filter(|line| line.starts_with("    \"") && !line.starts_with("     "))
            .collect();
        order_in_text(&fields, &text, name);
    }
}
