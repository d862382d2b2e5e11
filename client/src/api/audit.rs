//! The auditor's report, page by page: what was done about each referral, by whom, and what proves it. Times are Unix seconds. No
//! content, no details and no person stand in it, only agencies, pseudonyms and codes.

use serde::{Deserialize, Serialize};

/// Referrals of one page at most.
pub const PAGE_CASES_MAX: u32 = 20;

/// Lines after which a page takes no further referral: a partner may have signed a thousand acts on one.
pub const PAGE_LINES: usize = 500;

/// Which referrals a page of the report is to hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditAsked {
    /// One referral, by its id here or its own, or the first digits; every one with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<String>,
    /// Only what this node had first at or after this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// Only what it had first before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Who asks, by pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A page of the report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditPage {
    /// Whose report it is.
    pub agency: String,
    /// When it was made.
    pub made_at: u64,
    /// By whom: a pseudonym.
    pub made_by: String,
    /// Entries of the registry copy that the signatures were checked against.
    pub registry_size: u64,
    /// The referrals, oldest first.
    pub cases: Vec<AuditedCase>,
    /// Where the next page begins; none: this is the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One referral in the report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditedCase {
    /// What names it on this machine.
    pub id: String,
    /// The referral's own id.
    pub referral_id: String,
    /// The agency that sent it.
    pub sender: String,
    /// The agency that it went to.
    pub recipient: String,
    /// What it is now.
    pub state: String,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// What whoever reads the report should see first.
    pub cautions: Vec<Caution>,
    /// What was done, in the order in which it counts.
    pub lines: Vec<AuditLine>,
}

/// What whoever reads the report should see first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Caution {
    /// `override`, `late`, `gap`, `equivocation`, `broken` or `unverified`.
    pub kind: String,
    /// In a sentence.
    pub text: String,
}

/// One act or receipt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditLine {
    /// When, by `clock`.
    pub at: u64,
    /// Whose clock says so: `sender`, `recipient`, `relay` or `this node`.
    pub clock: String,
    /// What was done, by its name in `docs/CASEWORK.md`, or what was received.
    pub act: String,
    /// Why, or with what outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The disclosure level that was asked for or given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// The agency that did it; none for the relay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// The pseudonym of who did it there; none where the node did it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// A second person confirmed it.
    pub confirmed: bool,
    /// What kind of proof there is: `signature`, `receipt`, or `none`.
    pub proof: String,
    /// What it is: whose key, which object, which place in the chain.
    pub place: String,
    /// `verified`, `does not verify`, `key not here`, or `not signed`.
    pub holds: String,
    /// The transition by which it counted, or why it changed nothing.
    pub counted: String,
    /// What it proves.
    pub proves: String,
    /// What it does not prove.
    pub proves_not: String,
    /// The event's URI: of ETSI EN 319 522 where that has it, else `urn:safeconduct:event:NAME`.
    #[serde(default)]
    pub event: String,
    /// Its cause, where one such event has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// `evidence report`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditWritten {
    /// The file.
    pub file: String,
    /// Referrals in it.
    pub referrals: u64,
    /// Lines in it.
    pub lines: u64,
    /// What stands on top of it.
    pub cautions: u64,
}
