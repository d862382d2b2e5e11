//! What the verbs answer: one stable shape for the local API and for `--json`.
//!
//! Times are Unix seconds in fields that end in `_at`, and RFC 3339 text beside them for people is made at the edge.
//! Ids are lower-case hex. States are codes; words for people are made in `cli`.

use serde::{Deserialize, Serialize};

use super::{
    people::Typed,
    recovered::{OwnRestore, Resend},
};
use crate::note::{Count, Note};

/// `init`. No `Debug`: it holds a secret.
#[derive(Serialize, Deserialize)]
pub struct Made {
    /// The new node's id.
    pub node: String,
    /// The succession key, shown this once: paper, in a safe.
    pub succession: Typed,
    /// The home relay, when named already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay: Option<String>,
}

/// `enrol`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enrolled {
    /// The agency, once the registry names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// This node's id.
    pub node: String,
    /// The eight safety words, to read to the authority over the telephone.
    pub words: Vec<String>,
    /// The language of the words, three letters.
    pub language: String,
    /// `waiting` or `approved`.
    pub state: String,
    /// The file with the request, which is to be carried to the authority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<String>,
}

/// `key status`, and what the other commands of `key` answer. No `Debug`: it may hold a secret.
#[derive(Serialize, Deserialize)]
pub struct Keys {
    /// This node's id.
    pub node: String,
    /// Since when it has its identity key, Unix seconds.
    pub identity_since_at: u64,
    /// Since when it has its TLS key, Unix seconds.
    pub tls_since_at: u64,
    /// The change that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<KeyChangeState>,
    /// The new succession key, shown this once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succession: Option<Typed>,
}

/// A change of this node's own keys.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeyChangeState {
    /// `identity`, `tls`, or both.
    pub what: Vec<String>,
    /// `made`, `waiting`, `done`, `refused` or `rejected`.
    pub state: String,
    /// When it was begun, Unix seconds.
    pub since_at: u64,
    /// The eight words of the new identity key, to be read to the authority; none for a TLS key alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// `inbox`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inbox {
    /// Newest first.
    pub messages: Vec<InboxLine>,
    /// Referrals that came and are not shown, since a rule refused them; their senders get no receipt.
    #[serde(default)]
    pub refused: Vec<RefusedLine>,
    /// Whether there are older messages than these.
    #[serde(default)]
    pub more: bool,
    /// Where the next page begins; none: this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A referral that was refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RefusedLine {
    /// The message.
    pub message_id: String,
    /// The agency that signed it, or its node id where the directory does not name it.
    pub from: String,
    /// When it came, Unix seconds.
    pub received_at: u64,
    /// The code of the rule.
    pub code: String,
}

/// One line of the inbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InboxLine {
    /// The message.
    pub message_id: String,
    /// The sending agency, or its node id where the directory does not name it.
    pub from: String,
    /// The referral's own id; empty for what is no referral.
    pub referral_id: String,
    /// `Referral`, `Enquiry`, … or `ping`.
    pub kind: String,
    /// The urgency code.
    pub urgency: String,
    /// When this node stored it, Unix seconds.
    pub received_at: u64,
    /// State code.
    pub state: String,
    /// An exercise: no real person.
    pub exercise: bool,
    /// What its reader should know of its sender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<InboxNote>,
}

/// What the reader of a message should know of its sender.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InboxNote {
    /// `sender-not-confirmed-since`: this node's registry copy was over a week old when the message came. `sender-clock-ahead` or
    /// `sender-clock-behind`.
    pub code: String,
    /// Since when, Unix seconds; none when the registration was never confirmed, or for another note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_at: Option<u64>,
}

/// `show`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The message.
    pub message_id: String,
    /// `in` or `out`.
    pub direction: String,
    /// The sending agency.
    pub from: String,
    /// The receiving agency.
    pub to: String,
    /// When this node received or took it, Unix seconds.
    pub at: u64,
    /// State code.
    pub state: String,
    /// What its reader should know of its sender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<InboxNote>,
    /// The referral as it was signed, when there is one and it is still kept.
    pub referral: Option<serde_json::Value>,
}

/// `send`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// The message.
    pub message_id: String,
    /// `queued`; when it was there already, its state.
    pub state: String,
    /// Whether a daemon is there to send it.
    pub daemon: bool,
    /// The same was queued before: this is that message, and no new one.
    #[serde(default)]
    pub already: bool,
    /// What to do about it, when it was there already and was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Codes of what the check warned about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<crate::error::ToldFinding>,
}

/// `status`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Status {
    /// This node's id.
    pub node: String,
    /// This node's agency, once enrolled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Whether a daemon answered.
    pub daemon: bool,
    /// What was sent and what waits.
    pub messages: Vec<OutboxLine>,
    /// Where the next page of them begins; none: this is the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The home relay.
    pub relay: RelayState,
    /// The registry copy.
    pub registry: RegistryState,
    /// Envelopes kept aside because they failed a check.
    pub quarantined: u64,
    /// Alarms that a person should look at.
    pub alarms: Vec<String>,
    /// What is held and why, what is under way, and what is to be renewed soon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// Whether reading is locked: messages and alarms are not told then, only how many alarms there are.
    #[serde(default)]
    pub locked: bool,
    /// When the last backup was made, Unix seconds; none when there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_at: Option<u64>,
    /// The last restore of this node, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<OwnRestore>,
    /// Partners that were restored and have lost messages of this node, and that nobody has answered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restores: Vec<Resend>,
}

/// One message in the outbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutboxLine {
    /// The message.
    pub message_id: String,
    /// The receiving agency.
    pub to: String,
    /// `referral`, `ping` or `receipt`.
    pub kind: String,
    /// An exercise: no real person.
    #[serde(default)]
    pub exercise: bool,
    /// State code: `queued`, `sealed`, `relay-accepted`, `delivered`, `failed`, …
    pub state: String,
    /// When it was queued, Unix seconds.
    pub queued_at: u64,
    /// How long it has waited for its recipient's receipt, seconds; none when it came, or none is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_s: Option<u64>,
    /// How often it was offered to the relay.
    pub attempts: u64,
    /// Why it failed, or what went wrong at the last attempt: a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// The same in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The recipient's node has not been online since then, Unix seconds, and the message waits for it: phone them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_online_since_at: Option<u64>,
}

/// How the link to the home relay stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RelayState {
    /// `host:port`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `connected`, `connecting`, `unreachable`, `refused`, `not-enrolled`, `not-ready` or `no-daemon`.
    pub state: String,
    /// Since when, Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<u64>,
    /// Why not, as a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why not, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Relay clock minus this machine's, seconds, at the last welcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_ahead_s: Option<i64>,
}

/// How the registry copy stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RegistryState {
    /// Leaves held.
    pub size: u64,
    /// `fresh`, `stale` (over a day), `restricted` (over a week), `expired` (over a month) or `none`.
    pub freshness: String,
    /// Time of the newest signed timestamp, Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp_at: Option<u64>,
    /// This node's standing: `active`, `suspended`, `revoked`, `not-registered`, or `not-known-to-relay` when the relay
    /// turns away a node that is active in this copy.
    pub standing: String,
    /// How many witnesses must have signed the registry's head beside the authority; none without a registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness_quorum: Option<u8>,
}

/// `receipts`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Receipts {
    /// The message.
    pub message_id: String,
    /// Oldest first.
    pub receipts: Vec<ReceiptLine>,
}

/// One receipt of a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// `relay-accepted`, `delivered`, `nack` or `relay-expired`.
    pub kind: String,
    /// Who signed.
    pub by: String,
    /// The time that the signer states, Unix seconds.
    pub at: u64,
    /// Whether the signature was verified when it was stored; always true, for what is not is not stored.
    pub verified: bool,
}

/// `directory`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Directory {
    /// Registered agencies, by id.
    pub agencies: Vec<AgencyLine>,
}

/// One agency of the directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgencyLine {
    /// Its stable name.
    pub agency_id: String,
    /// Its node.
    pub node: String,
    /// Its names by language.
    pub names: std::collections::BTreeMap<String, String>,
    /// Its country.
    pub country: String,
    /// Its roles.
    pub roles: Vec<String>,
    /// A node for exercises only.
    pub exercise: bool,
    /// `active`, `suspended` or `revoked`; `recognition-ended` when its authority is not recognised any more.
    pub status: String,
    /// Its keys were set by the authority alone, without the agency's own signature: phone before you send.
    #[serde(default)]
    pub authority_override: bool,
    /// When a change of its keys by the authority alone takes effect, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_pending_at: Option<u64>,
}

/// `page`: where the page for people is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageAt {
    /// Its address, on this machine.
    pub url: String,
}

/// `ping`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pinged {
    /// The agency that answered.
    pub agency: String,
    /// The ping's message.
    pub message_id: String,
    /// `delivered`, or where it stands when the wait ended.
    pub state: String,
    /// Time from queueing to the verified receipt, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_trip_ms: Option<u64>,
    /// Why it failed, or what went wrong last: a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `doctor`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Doctor {
    /// Nothing failed.
    pub healthy: bool,
    /// One line a check.
    pub findings: Vec<Finding>,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which check.
    pub name: String,
    /// How it stands.
    pub state: FindingState,
    /// The fact.
    pub says: String,
    /// What to do; empty when all is well, or when another finding says it.
    pub remedy: String,
    /// It shows tampering, or a vault that has gone back: stop.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub tampering: bool,
    /// The same as notes, for the page; none where all is well.
    #[serde(skip)]
    pub(crate) notes: Vec<Note>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingState {
    /// As it should be.
    Ok,
    /// Works, and someone should look.
    Warn,
    /// Does not work.
    Fail,
}

/// An exported evidence bundle.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Exported {
    /// The bundle, JSON text.
    pub bundle: String,
}

/// `registry proof`: that the authority's log key has signed two registries.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForkFile {
    /// The proof, JSON text.
    pub proof: String,
}

/// `check`, when nothing in the referral itself forbids sending it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checked {
    /// True: what forbids sending is an error instead.
    pub valid: bool,
    /// What deserves a look, and forbids nothing.
    pub findings: Vec<crate::error::ToldFinding>,
    /// What is checked by `send` alone, a sentence each: it may forbid sending yet.
    pub not_checked: Vec<String>,
}

/// `evidence verify`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VerifiedEvidence {
    /// True: what does not hold is an error instead.
    pub verified: bool,
    /// What is proven, a line each.
    pub proven: Vec<String>,
    /// What is not proven, a line each.
    pub not_proven: Vec<String>,
}

/// `registry proof`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WrittenProof {
    /// The file.
    pub file: String,
}

/// `evidence export`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Written {
    /// The file.
    pub file: String,
}

impl Status {
    /// Without what names partners and messages: how the node stands is for everybody at this machine.
    #[must_use]
    pub(crate) fn behind_the_lock(self) -> Self {
        let alarms = match self.alarms.len() {
            0 => Vec::new(),
            count => vec![Note::AlarmsLocked { count: Count::of(count) }.to_string()],
        };
        Self { messages: Vec::new(), next: None, restored: None, restores: Vec::new(), alarms, locked: true, ..self }
    }
}

impl Doctor {
    /// The same of findings that may name partners.
    #[must_use]
    pub(crate) fn behind_the_lock(mut self) -> Self {
        let naming = ["alarms", "key-changes"];
        for finding in self.findings.iter_mut().filter(|found| naming.contains(&found.name.as_str())) {
            if finding.state != FindingState::Ok {
                *finding = Finding { state: finding.state, ..Finding::noted(&finding.name, Note::LookLocked {}) };
            }
        }
        self
    }
}
