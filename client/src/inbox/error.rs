//! Why the inbox did not do what was asked.

use safeconduct_protocol::id::MessageId;

use crate::{outbox::OutboxError, vault::VaultError};

/// Why the inbox refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InboxError {
    /// The vault failed; nothing was settled, so the relay delivers again.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No such message, or none that is shown.
    #[error("there is no message {} in the inbox", message.short())]
    UnknownMessage {
        /// The id asked for.
        message: MessageId,
    },
}

impl InboxError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::UnknownMessage { .. } => "take the id from `safeconduct inbox`",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::UnknownMessage { .. } => "unknown-message",
        }
    }
}

impl From<rusqlite::Error> for InboxError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

/// Whether a statement about one of our messages was false, or the vault failed.
pub(super) fn unless_false(result: Result<(), OutboxError>) -> Result<bool, InboxError> {
    match result {
        Ok(()) => Ok(true),
        Err(OutboxError::Vault(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}
