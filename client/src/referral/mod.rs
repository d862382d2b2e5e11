//! Referral v1: read strictly, judged by one table at both ends, written canonically (`docs/PROTOCOL.md` §7).
//!
//! # Layout
//! - `json`, `walk`, `write`: strict reading, typed walk with places, canonical writing
//! - [`header`], [`enquiry`], [`summary`], [`consent`], [`identity`], [`case_file`], [`handling`]: one concept a file
//! - [`codes`], [`text`], [`dates`]: closed lists, texts and forms, the calendar
//! - `cross`: conditions of the schema over several members · `sieve`: what is written for who may not see all
//! - [`compose`]: from a short form to a referral, and from one referral to the next
//! - [`profile`], [`policy`]: country profiles, and the decision table as a pure function
//! - [`code`], [`rule`], [`finding`]: refusal codes with fact and remedy, rules by id, what a check found
//! - [`forward`], [`revision`]: other versions of the schema, and what may change between revisions

pub mod case_file;
pub mod code;
pub mod codes;
pub mod compose;
pub mod consent;
pub(crate) mod cross;
pub mod dates;
pub mod enquiry;
pub mod finding;
pub mod forward;
pub mod handling;
pub mod header;
pub mod identity;
pub(crate) mod json;
pub mod policy;
pub mod profile;
pub mod revision;
pub mod rule;
#[cfg(test)]
mod schema;
pub(crate) mod sieve;
pub mod summary;
pub mod text;
pub(crate) mod walk;
pub(crate) mod write;

use std::borrow::Cow;

use safeconduct_protocol::limits::CONTENT_BYTES_MAX;
use serde::Serialize;
use zeroize::Zeroizing;

pub use self::code::Code;
pub use self::finding::{Finding, Severity};
pub use self::policy::Context;
pub use self::rule::RuleId;

use self::case_file::CaseFile;
use self::codes::{Kind, Urgency};
use self::consent::Consent;
use self::enquiry::Enquiry;
use self::handling::Handling;
use self::header::Header;
use self::identity::Identity;
use self::json::Json;
use self::summary::Summary;
pub use self::walk::{List, Whole};

use self::walk::{Member as _, Walk, object};
use self::write::Writer;

/// The published schema of this version, with the fixes that REFERRAL §3.4 decides.
pub const SCHEMA: &str = include_str!("referral-v1.schema.json");

/// Texts that a refusal for size names.
const LARGEST_NAMED: usize = 3;

object! {
    /// A referral, version 1.
    Referral {
        need o 0 "header" header: Header;
        need o 0 "enquiry" enquiry: Enquiry;
        may s 1 "summary" summary: Summary;
        may o 0 "consents" consents: List<Consent, 0, 12>;
        may i 2 "identity" identity: Identity;
        may s 3 "case_file" case_file: CaseFile;
        need o 0 "handling" handling: Handling;
    }
}

impl Referral {
    /// The disclosure level, 0 to 3.
    #[must_use]
    pub const fn level(&self) -> i64 {
        self.header.disclosure_level.get()
    }

    /// The consents.
    #[must_use]
    pub fn consents(&self) -> &[Consent] {
        self.consents.as_ref().map_or(&[], List::as_slice)
    }

    /// What a list of messages may show: operational members only.
    #[must_use]
    pub fn summary_line(&self) -> SummaryLine {
        let header = &self.header;
        SummaryLine {
            referral_id: header.referral_id.as_str().to_owned(),
            kind: header.kind.as_str(),
            urgency: header.urgency.as_str(),
            level: header.disclosure_level.get(),
            exercise: header.exercise.unwrap_or(false),
            from: header.from.agency_id.as_str().to_owned(),
            to: header.to.agency_id.as_str().to_owned(),
        }
    }

    /// What kind of message it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.header.kind
    }

    /// How soon an answer is needed.
    #[must_use]
    pub const fn urgency(&self) -> Urgency {
        self.header.urgency
    }
}

/// What a list of messages may show: operational members only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SummaryLine {
    /// The referral's random id.
    pub referral_id: String,
    /// Enquiry, Referral, Transfer or MandatoryNotification.
    pub kind: &'static str,
    /// Immediate, Emergency, Urgent or Normal.
    pub urgency: &'static str,
    /// Disclosure level, 0 to 3.
    pub level: i64,
    /// Whether it is a training referral.
    pub exercise: bool,
    /// Sender's agency id.
    pub from: String,
    /// Recipient's agency id.
    pub to: String,
}

/// What a check found.
pub struct Report {
    findings: Vec<Finding>,
    not_checked: Vec<&'static str>,
    referral: Option<Referral>,
}

impl Report {
    /// Everything found, what refuses by the schema first, then the decision table in its order.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The rules by which this may be sent only once a second person of the agency has confirmed it.
    #[must_use]
    pub fn second_person(&self) -> Vec<RuleId> {
        self.findings.iter().filter(|finding| finding.code() == Code::SecondPersonNeeded).map(Finding::rule).collect()
    }

    /// What could not be checked here, one sentence each.
    #[must_use]
    pub fn not_checked(&self) -> &[&'static str] {
        &self.not_checked
    }

    /// The referral, if it could be read, whether refused or not.
    #[must_use]
    pub const fn referral(&self) -> Option<&Referral> {
        self.referral.as_ref()
    }

    /// Whether any finding refuses.
    #[must_use]
    pub fn refused(&self) -> bool {
        self.referral.is_none() || self.findings.iter().any(|finding| finding.severity() == Severity::Refuse)
    }

    /// The referral if it is accepted.
    ///
    /// # Errors
    /// The findings if it is refused.
    pub fn into_accepted(self) -> Result<Referral, Vec<Finding>> {
        match (self.refused(), self.referral) {
            (false, Some(referral)) => Ok(referral),
            _ => Err(self.findings),
        }
    }
}

/// Checks the bytes of a referral: strict reading, schema, size, decision table. The same at both ends.
#[must_use]
pub fn check(bytes: &[u8], context: &Context<'_>) -> Report {
    let referral = match parse(bytes) {
        Ok(referral) => referral,
        Err(findings) => return Report { findings, not_checked: Vec::new(), referral: None },
    };
    let mut findings: Vec<Finding> = too_large(&referral).into_iter().collect();
    findings.extend(policy::judge(&referral, context));
    Report { findings, not_checked: context.not_checked(&referral), referral: Some(referral) }
}

/// Reads a referral strictly by the schema.
///
/// # Errors
/// Every finding of the schema; at least one.
pub fn parse(bytes: &[u8]) -> Result<Referral, Vec<Finding>> {
    let node = json::parse(bytes)?;
    if let Some(newer) = forward::newer(&node) {
        return Err(vec![newer]);
    }
    let mut walk = Walk::new(claimed_level(&node));
    let referral = Referral::read(node, &mut walk);
    let mut findings = walk.into_findings();
    if let Some(referral) = &referral {
        findings.extend(cross::check(referral));
    }
    match referral {
        Some(referral) if findings.is_empty() => Ok(referral),
        _ => Err(findings),
    }
}

/// The level that the header claims; without one, nothing is refused for its level.
fn claimed_level(node: &Json) -> u8 {
    match node.get("header").and_then(|header| header.get("disclosure_level")) {
        Some(Json::Whole(level @ 0..=2)) => u8::try_from(*level).unwrap_or(3),
        _ => 3,
    }
}

/// The canonical bytes: UTF-8, members in the schema's order, no white space outside strings, NFC.
///
/// Two referrals have the same bytes exactly if they are equal.
#[must_use]
pub fn canonical(referral: &Referral) -> Zeroizing<Vec<u8>> {
    Writer::bytes_of(|out| referral.write(out))
}

/// The JSON of what passes, and whether anything of it was masked.
pub(crate) fn sieved(referral: &Referral, sieve: &dyn Fn() -> sieve::Sieve) -> (Zeroizing<Vec<u8>>, bool) {
    Writer::sieved(sieve, |out| referral.write(out))
}

/// The sections that a referral carries.
#[must_use]
pub fn sections(referral: &Referral) -> Vec<codes::Section> {
    policy::sections(referral)
}

/// Refuses what does not fit the largest envelope, and names the texts that take most room.
fn too_large(referral: &Referral) -> Option<Finding> {
    let length = Writer::length_of(|out| referral.write(out));
    if length <= CONTENT_BYTES_MAX {
        return None;
    }
    let mut sizes = Vec::new();
    if let Ok(node) = json::parse(&canonical(referral)) {
        text_sizes(&node, String::new(), &mut sizes);
    }
    sizes.sort_by_key(|(_, bytes)| core::cmp::Reverse(*bytes));
    let largest: Vec<String> =
        sizes.iter().take(LARGEST_NAMED).map(|(pointer, bytes)| format!("{pointer} ({bytes} bytes)")).collect();
    let fact: Cow<'static, str> = format!(
        "the referral has {length} bytes in canonical form and {CONTENT_BYTES_MAX} fit; most room take {}",
        largest.join(", ")
    )
    .into();
    Some(Finding::refuse(Code::TooLarge, String::new(), fact))
}

/// Every text with its place and size.
fn text_sizes(node: &Json, at: String, sizes: &mut Vec<(String, usize)>) {
    if let Json::Text(text) = node {
        sizes.push((at, text.len()));
    } else if let Json::List(items) = node {
        for (index, item) in items.iter().enumerate() {
            text_sizes(item, format!("{at}/{index}"), sizes);
        }
    } else if let Json::Object(members) = node {
        for (name, member) in members {
            text_sizes(member, format!("{at}/{name}"), sizes);
        }
    }
}
