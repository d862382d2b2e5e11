//! The fictional cases of a practice world: made from the sample that is an exercise, and each says so in its words.

use std::path::Path;

use serde_json::{Value, json};

use crate::cast;
use crate::error::WorldError;
use crate::shift::{instant_text, unix_now};

/// A case that lies in an inbox when the exercises begin.
pub(super) struct Lying {
    pub(super) file: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// Those cases.
pub(super) const LYING: [Lying; 3] = [
    Lying { file: "man-of-fifty.json", from: "xe.practice-clinic", to: "xe.practice-shelter" },
    Lying { file: "sent-by-mistake.json", from: "xe.practice-helpline", to: "xe.practice-clinic" },
    Lying { file: "to-read.json", from: "xe.practice-refuge", to: "xe.practice-helpline" },
];

/// Writes the files of all cases.
pub(super) fn write_all(folder: &Path) -> Result<(), WorldError> {
    let write = |name: &str, value: &Value| {
        let path = folder.join(name);
        std::fs::write(&path, format!("{value:#}\n")).map_err(WorldError::io("write", &path))
    };
    for (number, case) in (1..).zip(&LYING) {
        write(case.file, &referral(number, case.from, case.to)?)?;
    }
    let (helpline, shelter) = ("xe.practice-helpline", "xe.practice-shelter");
    let whole = referral(9, helpline, shelter)?;
    write("referral.json", &without_identity(whole.clone()))?;
    write("identity.json", &next(whole))?;
    write("enquiry.json", &enquiry()?)
}

/// A whole case, at level 2.
fn referral(number: u8, from: &str, to: &str) -> Result<Value, WorldError> {
    let mut it = cast::sample("12")?.referral;
    let (from, to) = (reference(from), reference(to));
    it["header"]["referral_id"] = json!(id("7ac71ce0", number));
    it["header"]["urgency"] = json!("Urgent");
    it["header"]["created_at"] = json!(instant_text(unix_now() - 2));
    it["header"]["expires_at"] = json!(instant_text(unix_now() + 5 * 86_400));
    it["enquiry"]["services"] = json!(["Shelter", "CaseManagement"]);
    it["summary"]["case_code"] = json!(format!("EXERCISE-{number:02}"));
    it["summary"]["text"] = json!(format!("EXERCISE. Case {number} of the practice world. {}", words(number)));
    it["consents"][0]["consent_id"] = json!(id("7ac71ce1", number));
    it["consents"][0]["recipient_roles"] = json!([to["role"]]);
    it["consents"][0]["given_at"] = json!(instant_text(unix_now() - 5));
    it["consents"][0]["expires_at"] = json!(instant_text(unix_now() + 30 * 86_400));
    it["header"]["from"] = from;
    it["header"]["to"] = to;
    Ok(it)
}

/// What happened to somebody who never was.
const fn words(number: u8) -> &'static str {
    match number {
        1 => "Treated for an infected hand, may leave today, has no place to sleep. Your house is full.",
        2 => "Was written for the shelter, and went to the clinic: a slip that must be taken back.",
        3 => "Nothing is to be done here: read it, try what you like.",
        _ => "Made to beg in the capital. Wants a bed and somebody to talk to. Asks that the name follow later.",
    }
}

/// The same before a name is told: level 1.
fn without_identity(mut it: Value) -> Value {
    it["header"]["disclosure_level"] = json!(1);
    it.as_object_mut().map(|it| it.remove("identity"));
    it
}

/// The same once it is told.
fn next(mut it: Value) -> Value {
    it["header"]["revision"] = json!(2);
    it
}

/// A question without names.
fn enquiry() -> Result<Value, WorldError> {
    let mut form = cast::sample("12")?.referral["enquiry"].clone();
    for member in ["vic_TypeOfExploitation", "needed_by", "group_size"] {
        form.as_object_mut().map(|form| form.remove(member));
    }
    form["exercise"] = json!(true);
    form["services"] = json!(["Shelter"]);
    form["urgency"] = json!("Urgent");
    form["text_lang"] = json!("eng");
    Ok(form)
}

fn reference(agency: &str) -> Value {
    let found = super::AGENCIES.iter().find(|one| one.id == agency);
    found.map_or(Value::Null, |one| json!({"agency_id": one.id, "role": one.role, "country": one.country}))
}

/// An id that no other practice world has.
fn id(of: &str, number: u8) -> String {
    format!("{of}-{:04x}-4000-8000-{:012x}", number, unix_now())
}
