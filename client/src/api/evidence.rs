//! What evidence there is, for the local API and for `--json`.

use serde::{Deserialize, Serialize};

/// Something that can be exported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EvidenceItem {
    /// What names it to `evidence export`.
    pub id: String,
    /// `referral` or `message`.
    pub of: String,
    /// The other agency.
    pub agency: String,
    /// What its evidence proves, a sentence each; nothing: nothing of it was signed yet.
    pub proves: Vec<String>,
    /// What it does not prove.
    pub proves_not: Vec<String>,
    /// Whether the content can be put in: it has not been erased.
    pub content: bool,
}

/// `evidence list`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EvidenceList {
    /// The items, the newest referral first; of one referral, its messages after it.
    pub items: Vec<EvidenceItem>,
    /// Where the next page begins; none: this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
