//! What the verbs about drafts answer.

use serde::{Deserialize, Serialize};

use crate::error::ToldFinding;

/// `referral draft list`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    /// The one that was changed last first.
    pub drafts: Vec<DraftLine>,
}

/// One line of the list: nothing of a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// 32 hex digits: what it is called on this machine.
    pub draft: String,
    /// `Enquiry`, `Referral` and so on; empty while it is not said.
    pub kind: String,
    /// The disclosure level, once it is said.
    pub level: Option<i64>,
    /// The urgency code; empty while it is not said.
    pub urgency: String,
    /// The agency that shall receive it; empty while it is not said.
    pub to: String,
    /// Who writes it, for this agency's screen; empty for who is alone.
    pub by: String,
    /// When it was changed last, Unix seconds.
    pub changed_at: u64,
    /// When it is erased, if nobody changes it, Unix seconds.
    pub ends_at: u64,
    /// Whether it is in its last week: a change keeps it.
    #[serde(default)]
    pub ends_soon: bool,
    /// Whether nothing is missing that the schema asks for.
    pub complete: bool,
}

/// `referral draft new`, `edit` and `show`. No `Debug`: it may hold a person's data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftShown {
    /// Its line in the list.
    #[serde(flatten)]
    pub line: DraftLine,
    /// What is missing or does not fit; once nothing is, what the decision table says.
    pub findings: Vec<ToldFinding>,
    /// The level that the services need, and that no more is proposed of.
    pub level_needed: u8,
    /// The sections that the services need beside enquiry and summary, by their names.
    pub sections_needed: Vec<String>,
    /// The draft itself, if it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<serde_json::Value>,
}

/// `referral draft discard`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Discarded {
    /// What it was called.
    pub draft: String,
}
