//! What the verbs of the conversation ask and answer. Personal data: no `Debug`.

use serde::{Deserialize, Serialize};

/// `post note | question | answer | status`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostAsked {
    /// `note`, `question`, `answer` or `status`.
    pub kind: String,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where things stand, for a status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The post that is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The section by whose rules it is read; the enquiry with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Agencies with a referral for the same person; the referral's other agency with none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Who says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What was said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Posted {
    /// Its id, the same at everybody.
    pub post: String,
    /// Who is told.
    pub told: Vec<String>,
    /// Whether a daemon takes it from here.
    pub daemon: bool,
}

/// One post. Without a text it is erased, or not for who asks to read.
#[derive(Clone, Serialize, Deserialize)]
pub struct PostLine {
    /// Which agency said it.
    pub from: String,
    /// The message that brings or brought it.
    pub message_id: String,
    /// When, by the clock of who said it.
    pub at: u64,
    /// Nobody here has read it before.
    pub new: bool,
    /// The same agency has said something else under the same id.
    pub contradicts: bool,
    /// It came after the consent for its section was taken back: its words were never kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// What kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The section by whose rules it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Everybody who was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
    /// Where things stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// `post list`.
#[derive(Clone, Serialize, Deserialize)]
pub struct Posts {
    /// Oldest first.
    pub posts: Vec<PostLine>,
}
