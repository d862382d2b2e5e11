//! The house vocabulary (`docs/GLOSSARY.md`): words that the code does not use for its own things.

use crate::tree::{assert_none, sources};

/// Words that no item of ours is named with, and what to say instead.
const FORBIDDEN: [(&str, &str); 34] = [
    ("user", "person, caseworker, operator or administrator"),
    ("victim", "person"),
    ("beneficiary", "person"),
    ("staff", "caseworker"),
    ("tenant", "agency"),
    ("organisation", "agency"),
    ("org", "agency"),
    ("peer", "node or partner"),
    ("device", "node"),
    ("issuer", "authority"),
    ("ledger", "registry"),
    ("blockchain", "registry"),
    ("onboard", "enrol"),
    ("ban", "revoke or suspend"),
    ("blacklist", "block list"),
    ("whitelist", "allowed"),
    ("packet", "message, envelope or frame"),
    ("payload", "content"),
    ("mail", "message"),
    ("encrypted", "sealed"),
    ("decoded", "opened or parsed"),
    ("topic", "mailbox or slot"),
    ("ack", "done"),
    ("ticket", "receipt"),
    ("ttl", "expiry"),
    ("utils", "name the concept"),
    ("util", "name the concept"),
    ("common", "name the concept"),
    ("helper", "name the concept"),
    ("helpers", "name the concept"),
    ("manager", "name what it does"),
    ("handler", "name what it does"),
    ("get", "no `get_`: name what is given"),
    ("max", "the bound comes last: `_max`"),
];

/// Names that stand although a word of theirs is in the list, and why.
const EXCEPTIONS: [(&str, &str, &str); 7] = [
    ("client/src/sync/desk.rs", "peer", "TLS's word for the other end, before the registry says who it is"),
    ("certs/src/link/", "peer", "TLS's word for the other end, be it node, relay or authority"),
    ("protocol/src/session/", "peer", "the other end of a link before it is known which kind it is"),
    ("protocol/src/session/", "ticket", "names a request until its answer comes; a receipt is signed"),
    ("client/src/referral/", "victim", "codes of the Human Trafficking Case Data Standard are spelled as there"),
    ("client/src/referral/", "org", "codes of the Human Trafficking Case Data Standard are spelled as there"),
    ("client/src/referral/", "organisation", "`InternationalOrganisation` is a role code of the schema"),
];

/// Words that no comment or document says of people or systems.
const FORBIDDEN_PROSE: [&str; 6] = ["blacklist", "whitelist", "end user", "end-user", "onboarding", "blockchain"];

const DEFINERS: [&str; 9] = ["fn", "struct", "enum", "const", "static", "trait", "mod", "type", "union"];

/// The name that a line defines.
fn defined(line: &str) -> Option<&str> {
    let mut words = line.trim_start().split([' ', '(']).filter(|word| !word.is_empty());
    let mut word = words.next()?;
    while matches!(word, "pub" | "crate)" | "super)" | "async" | "unsafe") || (word == "const" && line.contains(" fn "))
    {
        word = words.next()?;
    }
    if !DEFINERS.contains(&word) {
        return None;
    }
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

/// `MailboxId` and `mailbox_id` are both mailbox, id.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_was_lower = false;
    for c in name.chars() {
        if c == '_' || (c.is_uppercase() && before_was_lower) {
            words.push(String::new());
        }
        before_was_lower = c.is_lowercase() || c.is_ascii_digit();
        if c != '_' {
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn forbidden(words: &[String]) -> Option<(&'static str, &'static str)> {
    let at_start_only = |word: &str| word == "get" || word == "max";
    FORBIDDEN.into_iter().find(|(bad, _)| {
        let place = words.iter().position(|word| word == bad);
        place.is_some_and(|at| !at_start_only(bad) || (at == 0 && words.len() > 1))
    })
}

#[test]
fn names_of_ours_use_the_house_vocabulary() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_product()) {
        for (number, line) in source.lines_before_tests() {
            let Some(name) = defined(line) else { continue };
            let Some((bad, instead)) = forbidden(&words_of(name)) else { continue };
            if !EXCEPTIONS.iter().any(|(path, word, _)| source.path.starts_with(path) && *word == bad) {
                broken.push(format!("{}:{number}: `{name}` says `{bad}`; say {instead}", source.path));
            }
        }
    }
    assert_none("forbidden vocabulary", &broken);
}

#[test]
fn prose_uses_the_house_vocabulary() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("tests/tidy/")) {
        for (at, line) in source.text.lines().enumerate() {
            let lower = line.to_lowercase();
            for bad in FORBIDDEN_PROSE {
                if lower.contains(bad) {
                    broken.push(format!("{}:{}: says `{bad}`", source.path, at + 1));
                }
            }
        }
    }
    assert_none("forbidden vocabulary", &broken);
}

#[test]
fn the_reading_of_names_is_right() {
    assert_eq!(words_of("MailboxId"), ["mailbox", "id"]);
    assert_eq!(words_of("ENVELOPE_BYTES_MAX"), ["envelope", "bytes", "max"]);
    assert_eq!(defined("    pub(crate) const fn get_size(&self) -> u32 {"), Some("get_size"));
    assert_eq!(defined("pub struct Node<'a> {"), Some("Node"));
    assert_eq!(defined("let user = 1;"), None);
    assert!(forbidden(&words_of("get_size")).is_some());
    assert!(forbidden(&words_of("max_size")).is_some());
    assert!(forbidden(&words_of("size_max")).is_none());
    assert!(forbidden(&words_of("get")).is_none());
}
