//! What the verbs of casework ask and answer, for the local API and for `--json`. Times are Unix seconds; codes are those of
//! `docs/CASEWORK.md`.

use serde::{Deserialize, Serialize};

/// Which referrals a list is to hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListAsked {
    /// `sent` or `received`; both with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<String>,
    /// Only in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Only those on which somebody should have acted before now.
    #[serde(default)]
    pub late: bool,
    /// `ours` or `theirs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<String>,
    /// The beginning of an agency, a referral id, a case code or a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// At most so many, up to 200; 50 with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Where the list before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Who searches; needed with `search` where several people work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A line of a list of referrals.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReferralLine {
    /// What names it on this machine.
    pub id: String,
    /// The referral's own id, which both agencies know.
    pub referral_id: String,
    /// `sent` or `received`.
    pub side: String,
    /// The other agency.
    pub agency: String,
    /// Its kind.
    pub kind: String,
    /// How soon an answer is needed.
    pub urgency: String,
    /// The disclosure level now.
    pub level: u8,
    /// Whether it is an exercise.
    pub exercise: bool,
    /// What it is now.
    pub state: String,
    /// Since when.
    pub state_at: u64,
    /// Why it ended so: a reason or an outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whose turn it is: `ours`, `theirs` or `nobody`.
    pub turn: String,
    /// Somebody should have acted before now.
    pub late: bool,
    /// Until when the next step is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<u64>,
    /// The end of its time.
    pub expires_at: u64,
    /// What a caseworker should look at: codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub news: Vec<String>,
}

/// `referral list`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Referrals {
    /// Newest first.
    pub referrals: Vec<ReferralLine>,
    /// Where the next page begins; none: this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Personal data: no `Debug`. One act, or one receipt, of the log of a referral.
#[derive(Clone, Serialize, Deserialize)]
pub struct LogLine {
    /// When, by the clock of who did it.
    pub at: u64,
    /// What: the name of the event.
    pub event: String,
    /// Which agency.
    pub agency: String,
    /// `person` or `node`.
    pub by: String,
    /// Reason or outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The level asked for or given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// What else was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<serde_json::Value>,
    /// The transition that it is; none: it changed nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition: Option<String>,
    /// Why it changed nothing: `not-now`, `too-late`, `crossed`, `waits`, `contradicts-itself`, `signed-twice`, `not-theirs`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
}

/// `referral show`, and what every act answers.
#[derive(Clone, Serialize, Deserialize)]
pub struct ReferralShown {
    /// As in the list.
    #[serde(flatten)]
    pub line: ReferralLine,
    /// What may be done now, by who asks.
    pub possible: Vec<String>,
    /// How many events are known: an act that names another number is refused.
    pub events: u64,
    /// What happened, in its order.
    pub log: Vec<LogLine>,
    /// When it was stored at the recipient's node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<u64>,
    /// When its content is erased here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erase_at: Option<u64>,
    /// When it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<u64>,
    /// Why the law holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// The referral that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<String>,
    /// Events that are known of and missing.
    pub missing: u64,
    /// The newest revision.
    pub revision: u32,
    /// The referral, when it was asked for and may be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<serde_json::Value>,
    /// What must not be done: before any name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
    /// Sections that would be shown if they were asked for by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folded: Vec<String>,
    /// Sections that are not shown because the consent that covered them has ended: the sender can ask the person anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<String>,
    /// The other agencies that were told of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
    /// Something that identifies the person stands behind a mask.
    #[serde(default)]
    pub masked: bool,
    /// Warnings of a revision that was sent with the act.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<crate::error::ToldFinding>,
}

/// `referral show --open`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAsked {
    /// Who looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What identifies the person is shown, too.
    #[serde(default)]
    pub names: bool,
    /// Sections of the case file, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<String>,
    /// Why a supervisor looks at what is for its own caseworker only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is done with a referral at one agency, and told to nobody, but for its erasure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Somebody has seen what is new.
    #[default]
    Seen,
    /// The law keeps its content: the text is the reference.
    Hold,
    /// Such a hold ends.
    ReleaseHold,
    /// It is somebody's: the text is the name.
    Assign,
    /// It is erased now, and that is certified to the sender.
    Erase,
}

/// The same, as it is asked.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepAsked {
    /// What.
    pub what: Keep,
    /// Reference or name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// An act on a referral.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActAsked {
    /// What: the name of an event.
    pub event: String,
    /// Reason or outcome, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The level asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u8>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Agencies to ask instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggest: Vec<String>,
    /// From when there would be a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest_capacity: Option<String>,
    /// The day of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_on: Option<String>,
    /// The desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The reflection period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reflection: Option<crate::casework::details::ReflectionSet>,
    /// An act without the person's consent: when they were told, or what the review found.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub override_said: Option<crate::casework::details::OverrideSaid>,
    /// The new revision, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<serde_json::Value>,
    /// Who does it, as the people of the agency are named here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How many events the caller has seen: refused when there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<u64>,
}

/// One agency that was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SentOne {
    /// Which.
    pub to: String,
    /// The message.
    pub message_id: String,
    /// The referral's own id.
    pub referral_id: String,
    /// What the check warns of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<crate::error::ToldFinding>,
}

/// `referral draft send` and `enquire`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Everybody who was asked.
    pub sent: Vec<SentOne>,
    /// It was asked under its key before: nothing new was queued.
    #[serde(default)]
    pub already: bool,
    /// Whether a daemon takes it from here.
    pub daemon: bool,
}

/// A form to be sent to one agency or several.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormAsked {
    /// To whom.
    pub to: Vec<String>,
    /// The form or referral; none for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<serde_json::Value>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Asked again under the same key it is the same enquiry: 1 to 128 visible ASCII characters, remembered for a week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// A referral of an enquiry without names that was sent before: these agencies are asked beside those that have it, and all of them
    /// learn of one another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
}

/// A referral that a withdrawn consent has reached.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawnAt {
    /// What names it here.
    pub id: String,
    /// The agency at its other end.
    pub agency: String,
    /// It is withdrawn as a whole; else the recipient erases what is covered no more.
    pub whole: bool,
    /// It came here: this agency is the recipient, and the other one is told.
    #[serde(default)]
    pub here: bool,
}

/// `consent withdraw`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Everybody who is told.
    pub reached: Vec<WithdrawnAt>,
    /// Whether a daemon takes it from here.
    pub daemon: bool,
}
