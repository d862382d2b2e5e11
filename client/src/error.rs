//! Errors as they are told to a person and over the local API: a fact, what to do next, an exit code.

use core::{
    fmt,
    ops::{Deref, DerefMut},
};

use safeconduct_protocol::entropy::NoEntropy;
use serde::{Deserialize, Serialize};

use crate::{
    api::shapes::Finding, config::ConfigError, exit::Exit, inbox::InboxError, outbox::OutboxError,
    registry::RegistryError, vault::VaultError,
};

/// An error in the one form that crosses the local API and reaches a person: `{code, message, remedy, exit}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(Box<Telling>);

/// What is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Telling {
    /// Stable code for programs.
    pub code: String,
    /// The fact.
    pub message: String,
    /// What to do next.
    pub remedy: String,
    /// Exit code of a command that ends so.
    pub exit: u8,
    /// What a check found, when it is a check that refuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ToldFinding>,
    /// What `doctor` found, when it is `doctor` that refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doctor: Option<Vec<Finding>>,
}

/// One finding of a referral check.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ToldFinding {
    /// Stable code for programs.
    pub code: String,
    /// JSON pointer to the field; empty for the whole document.
    pub pointer: String,
    /// The fact.
    pub fact: String,
    /// What to do next.
    pub remedy: String,
    /// Whether it forbids sending, or only warns.
    pub severity: String,
    /// The rule of the decision table, as `D08`.
    #[serde(default)]
    pub rule: String,
    /// Whose value decided: the country profiles with the setting and its legal basis, or `built in`.
    #[serde(default)]
    pub decided_by: String,
}

impl ToldFinding {
    /// Two lines for a person: code, rule, place and fact, then what to do; whose value decided where a profile's did.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { code, rule, pointer, fact, remedy, decided_by, .. } = self;
        let by = if decided_by.contains('@') { format!(" ({decided_by})") } else { String::new() };
        format!("{code} [{rule}] at {pointer}: {fact}{by}\n    → {remedy}")
    }
}

impl Told {
    /// An error told from its parts.
    #[must_use]
    pub fn new(exit: Exit, code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (message, remedy) = (message.into(), remedy.into());
        let code = code.to_owned();
        Self(Box::new(Telling { code, message, remedy, exit: exit.code(), findings: Vec::new(), doctor: None }))
    }

    /// Refused by a rule.
    #[must_use]
    pub fn refused(code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::Refused, code, message, remedy)
    }

    /// The command line is wrong.
    #[must_use]
    pub fn usage(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message, remedy)
    }

    /// Something must be done first.
    #[must_use]
    pub fn not_ready(code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::NotReady, code, message, remedy)
    }

    /// A retry helps.
    #[must_use]
    pub fn unreachable(code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::Unreachable, code, message, remedy)
    }

    /// Someone tampered: stop.
    #[must_use]
    pub fn tampering(code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Exit::Tampering, code, message, remedy)
    }

    /// The exit code that this error means.
    #[must_use]
    pub fn exit(&self) -> Exit {
        Exit::from_code(self.0.exit)
    }
}

impl Deref for Told {
    type Target = Telling;
    fn deref(&self) -> &Telling {
        &self.0
    }
}

impl DerefMut for Told {
    fn deref_mut(&mut self) -> &mut Telling {
        &mut self.0
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl core::error::Error for Told {}

impl From<ConfigError> for Told {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Usage, "config", error.to_string(), error.remedy())
    }
}

impl From<VaultError> for Told {
    fn from(error: VaultError) -> Self {
        let exit = if matches!(error, VaultError::Exists { .. }) {
            Exit::Refused
        } else if matches!(error, VaultError::Damaged { .. }) {
            Exit::Tampering
        } else {
            Exit::NotReady
        };
        Self::new(exit, error.code(), error.to_string(), error.remedy())
    }
}

impl From<NoEntropy> for Told {
    fn from(error: NoEntropy) -> Self {
        Self::not_ready(
            "no-randomness",
            error.to_string(),
            "check the operating system's random source, then try again",
        )
    }
}

impl From<RegistryError> for Told {
    fn from(error: RegistryError) -> Self {
        let exit = match &error {
            RegistryError::Vault(_) | RegistryError::NotEnrolled | RegistryError::TooLarge => Exit::NotReady,
            RegistryError::Root(_) | RegistryError::TwoHistories => Exit::Tampering,
            RegistryError::Replay(_)
            | RegistryError::Head(_)
            | RegistryError::Gap { .. }
            | RegistryError::TwoAnswers => {
                if error.is_tampering() {
                    Exit::Tampering
                } else {
                    Exit::Unreachable
                }
            }
        };
        let fact = match error {
            RegistryError::Vault(error) => return error.into(),
            RegistryError::Head(ref refused) => refused.to_string(),
            RegistryError::Replay(ref refused) => refused.to_string(),
            RegistryError::Root(ref refused) => refused.to_string(),
            RegistryError::NotEnrolled
            | RegistryError::Gap { .. }
            | RegistryError::TwoAnswers
            | RegistryError::TooLarge
            | RegistryError::TwoHistories => error.to_string(),
        };
        Self::new(exit, error.code(), fact, error.remedy())
    }
}

impl From<OutboxError> for Told {
    fn from(error: OutboxError) -> Self {
        if let OutboxError::Vault(error) = error {
            return error.into();
        }
        Self::refused(error.code(), error.to_string(), error.remedy())
    }
}

impl From<InboxError> for Told {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::Vault(error) => error.into(),
            InboxError::UnknownMessage { .. } => Self::refused(error.code(), error.to_string(), error.remedy()),
        }
    }
}
