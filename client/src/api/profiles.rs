//! What is asked and answered about country profiles.

use serde::{Deserialize, Serialize};

use super::people::Word;

/// `profile install`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstallProfile {
    /// The profile, TOML.
    pub text: String,
    /// The admin who says so; none while nobody is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Word>,
}

/// A profile that is in use.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProfileInstalled {
    /// Two capital letters.
    pub country: String,
    /// Its version.
    pub version: u32,
    /// For people.
    pub name: String,
    /// The version that it took the place of, if the country had a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u32>,
    /// Whether it was in use already.
    pub already: bool,
}
