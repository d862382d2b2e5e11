//! What a search of the directory asks and answers, and one agency whole.

use std::collections::BTreeMap;

use safeconduct_certs::directory::Record;
use serde::{Deserialize, Serialize};

use super::shapes::AgencyLine;

/// `directory search`, as it is typed. It travels in a request's body, so that no log of addresses holds it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SearchFor {
    /// Codes of services.
    pub services: Vec<String>,
    /// Languages, three letters each.
    pub languages: Vec<String>,
    /// Countries, two letters each.
    pub countries: Vec<String>,
    /// `child`, `adult`, age bands, or years.
    pub ages: Vec<String>,
    /// Codes of genders.
    pub genders: Vec<String>,
    /// Roles.
    pub roles: Vec<String>,
    /// Codes of competencies.
    pub competencies: Vec<String>,
    /// Words of names, places or the id, in any script.
    pub text: Option<String>,
    /// Only who is open at this moment, or does not say.
    pub open_now: bool,
    /// Hits at most; none: [`HITS_DEFAULT`].
    pub limit: Option<usize>,
}

/// Hits that are told when nothing else is asked.
pub const HITS_DEFAULT: usize = 20;
/// Hits that are told at most.
pub const HITS_MAX: usize = 500;

/// `directory search`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    /// Best first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// Active agencies that were looked at.
    pub looked_at: usize,
    /// How old the registry copy is: `fresh`, `stale`, `restricted`, `expired` or `none`, as in [`RegistryState`](super::shapes::RegistryState).
    pub freshness: String,
    /// Until when it is confirmed, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<u64>,
}

/// One agency that was found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hit {
    /// Its stable name.
    pub agency_id: String,
    /// Its names by language.
    pub names: BTreeMap<String, String>,
    /// Its country.
    pub country: String,
    /// What was asked for and holds.
    pub holds: Vec<String>,
    /// What was asked for and its record does not say.
    pub not_said: Vec<String>,
    /// What was asked for and does not hold.
    pub lacks: Vec<String>,
    /// `always`, `now`, `closed`, `zone-unknown` or `not-said`.
    pub open: String,
    /// Answered at any hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_always: Option<String>,
    /// The ordinary number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its node has not been online since then, Unix seconds, as far as this node knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_since_at: Option<u64>,
    /// Its keys were set by the authority alone: phone before you send.
    #[serde(default)]
    pub authority_override: bool,
    /// When a change of its keys by the authority alone takes effect, Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_pending_at: Option<u64>,
}

/// `directory show`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgencyShown {
    /// As the list has it.
    pub agency: AgencyLine,
    /// The whole record.
    pub record: Record,
    /// `always`, `now`, `closed`, `zone-unknown` or `not-said`.
    pub open: String,
    /// Its node has not been online since then, Unix seconds, as far as this node knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_since_at: Option<u64>,
}
