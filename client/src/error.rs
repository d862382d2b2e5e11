//! Errors as they are told to a person and over the local API: a fact, what to do next, an exit code.

use serde::{Deserialize, Serialize};

use safeconduct_protocol::entropy::NoEntropy;

use crate::{
    api::shapes::Finding, config::ConfigError, exit::Exit, inbox::InboxError, outbox::OutboxError,
    registry::RegistryError, vault::VaultError,
};

/// An error in the one form that crosses the local API and reaches a person: `{code, message, remedy, exit}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Told {
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
}

impl Told {
    /// An error told from its parts.
    #[must_use]
    pub fn new(exit: Exit, code: &str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (message, remedy) = (message.into(), remedy.into());
        Self { code: code.to_owned(), message, remedy, exit: exit.code(), findings: Vec::new(), doctor: None }
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
    pub const fn exit(&self) -> Exit {
        Exit::from_code(self.exit)
    }
}

impl From<ConfigError> for Told {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Usage, "config", error.to_string(), error.remedy())
    }
}

impl From<VaultError> for Told {
    fn from(error: VaultError) -> Self {
        let exit = match error {
            VaultError::Exists { .. } => Exit::Refused,
            VaultError::Damaged { .. } => Exit::Tampering,
            _ => Exit::NotReady,
        };
        Self::new(exit, error.code(), error.to_string(), error.remedy())
    }
}

impl From<NoEntropy> for Told {
    fn from(error: NoEntropy) -> Self {
        Self::not_ready("no-randomness", error.to_string(), "check the operating system's random source, then try again")
    }
}

impl From<RegistryError> for Told {
    fn from(error: RegistryError) -> Self {
        let exit = match &error {
            RegistryError::Vault(_) | RegistryError::NotEnrolled => Exit::NotReady,
            RegistryError::Root(_) => Exit::Tampering,
            tampering if tampering.is_tampering() => Exit::Tampering,
            _ => Exit::Unreachable,
        };
        match error {
            RegistryError::Vault(error) => error.into(),
            RegistryError::Head(ref refused) => Self::new(exit, error.code(), refused.to_string(), error.remedy()),
            RegistryError::Replay(ref refused) => Self::new(exit, error.code(), refused.to_string(), error.remedy()),
            other => Self::new(exit, other.code(), other.to_string(), other.remedy()),
        }
    }
}

impl From<OutboxError> for Told {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::Vault(error) => error.into(),
            other => Self::refused(other.code(), other.to_string(), other.remedy()),
        }
    }
}

impl From<InboxError> for Told {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::Vault(error) => error.into(),
            other => Self::refused(other.code(), other.to_string(), other.remedy()),
        }
    }
}
