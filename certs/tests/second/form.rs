//! Files that are no bundle, whatever is signed in them.

use serde_json::{Value, json};

use crate::{
    case::{Case, Golden},
    referral::{self, CASE_BYTES_MAX, removed},
};

const NO_BUNDLE: &str = "malformed: the file is no evidence bundle of this version, or was changed";
const TOO_LONG: &str = "malformed: the file is longer than 1048576 bytes";
const CASE_TOO_LONG: &str = "malformed: the file is longer than 4194304 bytes";
const BUNDLE_BYTES_MAX: usize = 1024 * 1024;

/// What there is to refuse before anything is verified, and what looks odd and is none the less in order.
pub(crate) fn cases() -> Vec<Case> {
    let golden = Golden::read("evidence.json");
    let earlier = earlier(&Golden::read("evidence-rotated.json"), &Golden::read("evidence-border.json"));
    [members(&golden), earlier, text(&golden), base64(&golden), numbers(&golden)].into_iter().flatten().collect()
}

fn members(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, change: &dyn Fn(&mut Value)| Case::new(name, golden.with(change), NO_BUNDLE);
    let mut cases: Vec<Case> = ["format", "root", "checkpoint", "sender", "recipient", "header", "signature"]
        .map(|name| Case::new(&format!("without {name}"), golden.without(name), NO_BUNDLE))
        .into();
    cases.extend(
        ["envelope_digest", "relay", "relay_accepted"]
            .map(|name| Case::new(&format!("without {name}, beside what needs it"), golden.without(name), NO_BUNDLE)),
    );
    cases.extend(
        ["timestamp", "abroad", "earlier", "relay", "envelope_digest", "relay_accepted", "delivered", "opening"]
            .map(|name| case(&format!("{name} is null"), &|json| json[name] = Value::Null)),
    );
    cases.extend([
        case("another format", &|json| json["format"] = "safeconduct.evidence/2".into()),
        case("an unknown member", &|json| json["note"] = "x".into()),
        case("an unknown member of an entry", &|json| json["sender"]["note"] = "x".into()),
        case("an unknown member of the opening", &|json| json["opening"]["note"] = "x".into()),
        case("an entry without its index", &|json| {
            json["recipient"].as_object_mut().unwrap().remove("index").unwrap();
        }),
        case("an opening without its salt", &|json| {
            json["opening"].as_object_mut().unwrap().remove("salt").unwrap();
        }),
        case("abroad without a checkpoint", &|json| json["abroad"] = json!({ "root": json["root"] })),
        case("an entry as a list", &|json| {
            json["sender"] = json!([json["sender"]["index"], json["sender"]["leaf"], json["sender"]["proof"]]);
        }),
        case("an opening as a list", &|json| {
            json["opening"] = json!([json["opening"]["salt"], json["opening"]["content"]]);
        }),
        case("an entry that is a string", &|json| json["sender"] = "x".into()),
        case("a path that is a string", &|json| json["sender"]["proof"] = "x".into()),
        case("a path of 65 hashes", &|json| json["sender"]["proof"] = vec![json["envelope_digest"].clone(); 65].into()),
        case("a digest without receipts", &|json| {
            for name in ["relay", "relay_accepted", "delivered"] {
                json.as_object_mut().unwrap().remove(name).unwrap();
            }
        }),
    ]);
    cases
}

fn earlier(golden: &Golden, border: &Golden) -> Vec<Case> {
    let case = |name: &str, change: &dyn Fn(&mut Value)| {
        Case::new(name, golden.with(|json| change(&mut json["earlier"])), NO_BUNDLE)
    };
    let without = |name: &'static str| {
        case(&format!("an earlier head without {name}"), &|head| {
            head.as_object_mut().unwrap().remove(name).unwrap();
        })
    };
    let mut cases: Vec<Case> = ["checkpoint", "path", "sender", "recipient"].map(without).into();
    cases.extend([
        case("an unknown member of an earlier head", &|head| head["size"] = 11.into()),
        case("an earlier timestamp that is null", &|head| head["timestamp"] = Value::Null),
        case("an earlier recipient that is null", &|head| head["recipient"] = Value::Null),
        case("an earlier head as a list", &|head| *head = json!([head["checkpoint"], head["path"], head["sender"]])),
        case("earlier heads of a message", &|head| *head = json!([head.clone()])),
        case("an earlier entry as a list", &|head| head["sender"] = json!([head["sender"]["index"]])),
        case("a path between heads of 65 hashes", &|head| head["path"] = vec![Value::from(""); 65].into()),
        case("an earlier path of 65 hashes", &|head| head["sender"]["proof"] = vec![Value::from(""); 65].into()),
        Case::new(
            "an earlier head with a recipient of another log",
            border.with(|json| json["earlier"] = golden.json["earlier"].clone()),
            NO_BUNDLE,
        ),
    ]);
    cases
}

fn text(golden: &Golden) -> Vec<Case> {
    let whole = golden.text.as_str();
    let case = |name: &str, text: String| Case::new(name, text, NO_BUNDLE);
    let list: Vec<&Value> =
        ["format", "root", "checkpoint", "timestamp", "abroad", "earlier", "sender", "recipient", "relay"]
            .iter()
            .chain(&["header", "signature", "envelope_digest", "relay_accepted", "delivered", "opening"])
            .map(|name| &golden.json[*name])
            .collect();
    let mut wide = vec![0xff, 0xfe];
    wide.extend(whole.encode_utf16().flat_map(u16::to_le_bytes));
    vec![
        case("nothing", String::new()),
        case("no JSON", "evidence".to_owned()),
        case("null", "null".to_owned()),
        case("cut in the middle", whole[..whole.len() / 2].to_owned()),
        case("cut before the last brace", whole.trim_end().trim_end_matches('}').to_owned()),
        case("the members as a list", json!(list).to_string()),
        case("a byte after the end", format!("{whole}x")),
        case("a second object after the end", format!("{whole}{{}}")),
        case("a byte order mark", format!("\u{feff}{whole}")),
        case("a comment", whole.replacen('{', "{ // x\n", 1)),
        case("a comma after the last member", whole.trim_end().replace("\n}", ",\n}")),
        case("a repeated member", whole.replacen('{', "{\"format\": \"safeconduct.evidence/1\",", 1)),
        case("a repeated member, written otherwise", whole.replacen('{', "{\"\\u0066ormat\": \"x\",", 1)),
        case("a repeated member of an entry", whole.replacen("\"index\": 4", "\"index\": 4, \"index\": 4", 1)),
        case(
            "a repeated member of the opening",
            whole.replacen("\"content\":", "\"content\": \"e30=\", \"content\":", 1),
        ),
        case("many lists in each other", "[".repeat(100_000)),
        case("a string that does not end", whole.replacen("e30=\"", "e30=", 1)),
        case("a half surrogate", whole.replacen("e30=", "\\ud800", 1)),
        Case::new("UTF-16", wide, NO_BUNDLE),
        Case::new("no UTF-8", [whole.as_bytes(), &[0xff]].concat(), NO_BUNDLE),
        Case::new("a byte too long", padded(whole, BUNDLE_BYTES_MAX + 1), TOO_LONG),
        Case::new("as long as may be", padded(whole, BUNDLE_BYTES_MAX), "holds"),
        Case::new("without white space", golden.json.to_string(), "holds"),
        Case::new(
            "a member's name and value escaped",
            whole.replacen("format", "\\u0066ormat", 1).replacen("e30=", "\\u0065\\u00330=", 1),
            "holds",
        ),
    ]
}

/// White space after the end, to this length.
fn padded(text: &str, bytes: usize) -> String {
    format!("{text}{}", " ".repeat(bytes - text.len()))
}

fn base64(golden: &Golden) -> Vec<Case> {
    let case = |name: &str, content: &str| {
        Case::new(name, golden.with(|json| json["opening"]["content"] = content.into()), NO_BUNDLE)
    };
    vec![
        case("base64 with unused bits", "e31="),
        case("base64 without padding", "e30"),
        case("base64 with padding too much", "e30=="),
        case("base64 with a line end", "e30=\n"),
        case("base64 with a space", "e3 0="),
        case("base64 of another alphabet", "__-_"),
        case("base64 with a letter that is not ASCII", "e3\u{662}="),
        Case::new("bytes as a number", golden.with(|json| json["signature"] = 1.into()), NO_BUNDLE),
        Case::new("bytes as a list", golden.with(|json| json["signature"] = json!([1])), NO_BUNDLE),
    ]
}

fn numbers(golden: &Golden) -> Vec<Case> {
    let case = |number: &str| {
        let text = golden.text.replacen("\"index\": 4", &format!("\"index\": {number}"), 1);
        Case::new(&format!("the index {number}"), text, NO_BUNDLE)
    };
    let strange = ["4.0", "4e0", "-4", "-0", "+4", "04", "true", "null", "\"4\"", "NaN", "Infinity", "\u{664}"];
    let large = ["18446744073709551616", "100000000000000000000000"];
    let mut cases: Vec<Case> = strange.iter().chain(&large).map(|number| case(number)).collect();
    cases.push(Case { wanted: "invalid: the sender's entry", ..case("18446744073709551615") });
    cases
}

/// Of a referral's evidence.
pub(crate) fn of_a_referral(golden: &Golden, border: &Golden) -> Vec<Case> {
    let case = |name: &str, change: &dyn Fn(&mut Value)| Case::new(name, golden.with(change), NO_BUNDLE);
    vec![
        case("another format", &|json| json["format"] = "safeconduct.case/2".into()),
        case("an unknown member", &|json| json["state"] = "closed".into()),
        case("an unknown member of a revision", &|json| json["revisions"][0]["revision"] = 1.into()),
        case("an unknown member of details", &|json| json["details"][0]["text"] = "x".into()),
        case("an unknown member of an entry", &|json| json["relays"][0]["number"] = 1.into()),
        case("an entry in the place of a list", &|json| json["sender"] = json["sender"][0].clone()),
        case("an entry as a list", &|json| {
            let entry = json["sender"][0].take();
            json["sender"][0] = json!([entry["index"], entry["leaf"], entry["proof"]]);
        }),
        case("a revision as a list", &|json| {
            let revision = json["revisions"][0].take();
            json["revisions"][0] = json!([revision["header"], revision["signature"]]);
        }),
        case("details as a list", &|json| {
            let one = json["details"][0].take();
            json["details"][0] = json!([one["event"], one["salt"], one["details"]]);
        }),
        case("no entry of the sender", &|json| json["sender"] = json!([])),
        case("no entry of the recipient", &|json| json["recipient"] = json!([])),
        case("nine entries", &|json| json["sender"] = vec![json["sender"][0].clone(); 9].into()),
        case("no earlier head", &|json| json["earlier"] = json!([])),
        case("65 earlier heads", &|json| json["earlier"] = vec![json["earlier"][0].clone(); 65].into()),
        case("an earlier head in the place of a list", &|json| json["earlier"] = json["earlier"][0].clone()),
        case("an earlier head without the recipient", &|json| removed(json, "/earlier/0", &["recipient"])),
        case("an unknown member of an earlier head", &|json| json["earlier"][0]["size"] = 4.into()),
        case("a path between heads of 65 hashes", &|json| {
            json["earlier"][0]["path"] = vec![Value::from(""); 65].into();
        }),
        case("no revision", &|json| json["revisions"] = json!([])),
        case("65 revisions", &|json| json["revisions"] = vec![json["revisions"][0].clone(); 65].into()),
        case("4097 acts", &|json| json["events"] = vec![Value::from(""); 4097].into()),
        case("details that are none", &|json| json["details"] = json!([])),
        case("a path of 65 hashes", &|json| json["relays"][0]["proof"] = vec![Value::from(""); 65].into()),
        case("an act as an object", &|json| json["events"][0] = json!({})),
        case("a place with a fraction", &|json| json["details"][0]["event"] = json!(2.0)),
        case("a place below zero", &|json| json["details"][0]["event"] = json!(-1)),
        case("a relay that nothing needs", &|json| {
            removed(json, "/revisions/0", &["relay_accepted"]);
            removed(json, "/revisions/1", &["relay_accepted", "relay_expired"]);
        }),
        case("a receipt without its relay", &|json| json["relays"] = json!([])),
        case("a digest that nothing needs", &|json| removed(json, "/revisions/0", &["relay_accepted", "delivered"])),
        case("receipts without their digest", &|json| removed(json, "/revisions/0", &["envelope_digest"])),
        case("an id in capitals", &|json| json["referral_id"] = "1F0C2A44-6B1E-4A0F-9C57-0A4D2F6B7C01".into()),
        case("an id without hyphens", &|json| json["referral_id"] = "1f0c2a446b1e4a0f9c570a4d2f6b7c01".into()),
        case("an id with a line end", &|json| json["referral_id"] = "1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01\n".into()),
        case("base64 with unused bits", &|json| json["events"][0] = "e31=".into()),
        Case::new(
            "an id that nothing vouches for",
            border.with(|json| json["referral_id"] = golden.json["referral_id"].clone()),
            NO_BUNDLE,
        ),
        Case::new("a byte after the end", format!("{}x", golden.text), NO_BUNDLE),
        Case::new("a repeated member", golden.text.replacen('{', "{\"events\": [],", 1), NO_BUNDLE),
        Case::new("cut in the middle", &golden.text.as_bytes()[..golden.text.len() / 2], NO_BUNDLE),
        Case::new("a byte too long", referral::padded(&golden.text, CASE_BYTES_MAX + 1), CASE_TOO_LONG),
        Case::new(
            "a referral's members under the format of a message",
            golden.text.replace("safeconduct.case/1", "safeconduct.evidence/1"),
            NO_BUNDLE,
        ),
    ]
}
