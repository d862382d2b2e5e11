//! Why a document is not taken, not given, or not here. No file's name is in them: names tell of persons, and errors are logged.

use std::io;

use safeconduct_protocol::entropy::NoEntropy;

use super::picture::PictureError;
use crate::{error::Told, exit::Exit, vault::VaultError};

/// Why not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// None of the kinds that travel, or named as another one.
    #[error(
        "the document is none of PDF, JPEG, PNG, plain text, Ogg audio and OpenDocument text, or its name says another kind than it is"
    )]
    Type,
    /// More than may travel.
    #[error("the document has {bytes} bytes, more than 100 MiB")]
    TooLarge {
        /// Its length.
        bytes: u64,
    },
    /// It was written to meanwhile.
    #[error("the document was changed while it was read")]
    Changed,
    /// A picture whose structure does not hold, so that nothing can be taken out of it.
    #[error("the picture is damaged, or not quite of its format: {0}")]
    Picture(&'static str),
    /// The file cannot be read or written.
    #[error("the file cannot be used: {0}")]
    File(io::ErrorKind),
    /// No room for it.
    #[error("the disk is full")]
    DiskFull,
    /// The file to write to is there already.
    #[error("there is a file of this name already")]
    Exists,
    /// No document has this id.
    #[error("there is no such document")]
    Unknown,
    /// It was not fetched yet, or is gone.
    #[error("the document is not here")]
    NotHere,
    /// The referral does not list it, or lists another.
    #[error("the referral does not list this document")]
    NotListed,
    /// It is not what its sender vouched for.
    #[error("the document is damaged, or not the one that its sender signed for")]
    Broken,
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl DocumentError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Type => "save it as one of these kinds, under a name that fits, and attach that",
            Self::TooLarge { .. } => "make it smaller, or send it in parts",
            Self::Changed => "close it in other programs, then try again",
            Self::Picture(_) => "open and save it anew with another program, or send it with everything that is in it",
            Self::File(_) => "check the path and its permissions",
            Self::DiskFull => "free space, then try again; nothing was left half done",
            Self::Exists => "choose another name; nothing is overwritten",
            Self::Unknown => "list the documents, and name one of them",
            Self::NotHere => "fetch it first; if the relay has it no more, ask its sender to send it again",
            Self::NotListed => {
                "list it in the referral's attachments, as `safeconduct document describe` says, and send that revision first"
            }
            Self::Broken => "do not use it; ask its sender, by telephone, to send it again",
            Self::Vault(_) => "see what the vault says",
        }
    }

    /// A stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Type => "document-type",
            Self::TooLarge { .. } => "document-too-large",
            Self::Changed => "document-changed",
            Self::Picture(_) => "picture-malformed",
            Self::File(_) => "file",
            Self::DiskFull => "disk-full",
            Self::Exists => "file-exists",
            Self::Unknown => "unknown-document",
            Self::NotHere => "document-not-here",
            Self::NotListed => "document-unlisted",
            Self::Broken => "document-broken",
            Self::Vault(_) => "vault",
        }
    }
}

impl From<io::Error> for DocumentError {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            Self::DiskFull
        } else if kind == io::ErrorKind::AlreadyExists {
            Self::Exists
        } else {
            Self::File(kind)
        }
    }
}

impl From<PictureError> for DocumentError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Malformed(how) => Self::Picture(how),
            PictureError::Io(error) => error.into(),
        }
    }
}

impl From<NoEntropy> for DocumentError {
    fn from(error: NoEntropy) -> Self {
        Self::Vault(error.into())
    }
}

impl From<rusqlite::Error> for DocumentError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

impl From<DocumentError> for Told {
    fn from(error: DocumentError) -> Self {
        let exit = match error {
            DocumentError::Vault(error) => return error.into(),
            DocumentError::Broken => Exit::Tampering,
            DocumentError::File(_) | DocumentError::DiskFull | DocumentError::NotHere => Exit::NotReady,
            DocumentError::Type
            | DocumentError::TooLarge { .. }
            | DocumentError::Changed
            | DocumentError::Picture(_)
            | DocumentError::Exists
            | DocumentError::NotListed
            | DocumentError::Unknown => Exit::Refused,
        };
        Self::new(exit, error.code(), error.to_string(), error.remedy())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_refusal_has_a_code_a_fact_and_a_remedy_of_its_own() {
        let all = [
            DocumentError::Type,
            DocumentError::TooLarge { bytes: 7 },
            DocumentError::Changed,
            DocumentError::Picture("it ends too early"),
            DocumentError::File(io::ErrorKind::PermissionDenied),
            DocumentError::DiskFull,
            DocumentError::Exists,
            DocumentError::Unknown,
            DocumentError::NotHere,
            DocumentError::NotListed,
            DocumentError::Broken,
        ];
        let codes: BTreeSet<_> = all.iter().map(DocumentError::code).collect();
        let facts: BTreeSet<_> = all.iter().map(ToString::to_string).collect();
        let remedies: BTreeSet<_> = all.iter().map(DocumentError::remedy).collect();
        assert!(codes.len() == all.len() && facts.len() == all.len() && remedies.len() == all.len());
        assert!(facts.iter().all(|fact| !fact.ends_with('.')));
    }
}
