//! What the local API says of reports that travel by themselves.

use serde::{Deserialize, Serialize};

/// `report agree`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreeAsked {
    /// The co-ordinator's agency.
    pub agency: String,
    /// Which indicators, `M01,M05`; none: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicators: Option<String>,
    /// Who agrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// `report end`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndAsked {
    /// The co-ordinator's agency.
    pub agency: String,
    /// Who ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// To whom reports go, and what went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Travelling {
    /// What was agreed to, oldest first; also what has ended.
    pub agreements: Vec<AgreementLine>,
    /// What went, oldest period first.
    pub sent: Vec<SentLine>,
}

/// One agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementLine {
    /// The co-ordinator's agency.
    pub agency: String,
    /// Which indicators go to it.
    pub indicators: String,
    /// Who has agreed: the pseudonym.
    pub officer: String,
    /// Since when, Unix seconds.
    pub since_at: u64,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<u64>,
    /// Why nothing goes by it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

/// A report that went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// To whom.
    pub agency: String,
    /// Of which period.
    pub period: String,
    /// In which message.
    pub message_id: String,
    /// When it was queued.
    pub queued_at: u64,
    /// Where the message stands; none when it is not kept any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What keeps it from moving, or has ended it, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Tables that one message does not hold; the report itself says so too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// `report send`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsSent {
    /// What was queued now.
    pub sent: Vec<SentLine>,
    /// Co-ordinators to whom this report went before.
    pub before: Vec<String>,
}

/// `report received`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsReceived {
    /// By period and agency.
    pub reports: Vec<ReceivedLine>,
}

/// A report that an agency gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedLine {
    /// Whose.
    pub agency: String,
    /// Of which period.
    pub period: String,
    /// When it came, Unix seconds.
    pub received_at: u64,
    /// The message that brought it; none for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Whether it counts: nobody has set it aside.
    pub counts: bool,
    /// Whether it is in the sum of its period, which stays as it was shown first; none while none was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_sum: Option<bool>,
    /// That it was set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<AsideLine>,
}

/// That a report was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideLine {
    /// When, Unix seconds.
    pub at: u64,
    /// By whom: the pseudonym.
    pub officer: String,
    /// Why.
    pub reason: String,
}

/// `report set-aside`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAsideAsked {
    /// Whose report.
    pub agency: String,
    /// Of which period.
    pub period: String,
    /// Why, 1 to 200 characters; nothing of a person.
    pub reason: String,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}
