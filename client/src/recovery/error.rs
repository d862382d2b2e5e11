//! What can go wrong with a backup, a restore, or a vault that has gone back.

use std::{io, path::PathBuf};

use safeconduct_protocol::receipt::head::HeadPlace;

use crate::{error::Told, exit::Exit, vault::VaultError};

/// Why a backup was not made, tried or put back; or why this node does not go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryError {
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Something is at the place of the backup already.
    #[error("{} is there already", path.display())]
    FileExists {
        /// Which file.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be used: {kind}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// How it failed.
        kind: io::ErrorKind,
    },
    /// No backup of ours.
    #[error("this file is no backup of a Safeconduct node")]
    NotABackup,
    /// A newer Safeconduct has made it.
    #[error("the backup has format {found}, and this program knows formats up to {known}")]
    Newer {
        /// Of the backup.
        found: u16,
        /// Newest that this program knows.
        known: u16,
    },
    /// The passphrase is not the one that the node had when it made this backup.
    #[error("the passphrase does not open this backup")]
    WrongPassphrase,
    /// Cut short, altered, or not put together as a backup is.
    #[error("the backup is damaged: {what}")]
    Damaged {
        /// What is wrong with it.
        what: &'static str,
    },
    /// Tables of the vault are of different moments: a page or a file of an earlier day was put back.
    #[error("the vault is put together from different days: {what} is not what it was when the vault was written last")]
    Mixed {
        /// What does not fit.
        what: &'static str,
    },
    /// The relay keeps a head of this node that is newer than the vault.
    #[error(
        "this vault has gone back: it knows this node's heads up to number {} (epoch {}, of {ours_day}), and the relay keeps \
         number {} (epoch {}, of {theirs_day}); what happened here in between is lost, or a second machine is using this \
         agency's identity", ours.counter, ours.epoch, theirs.counter, theirs.epoch
    )]
    RolledBack {
        /// The last head that this vault knows.
        ours: HeadPlace,
        /// Its day.
        ours_day: String,
        /// The head that the relay keeps.
        theirs: HeadPlace,
        /// Its day.
        theirs_day: String,
    },
    /// The relay keeps another head of this node under the same number.
    #[error(
        "a second machine is using this agency's identity: the relay keeps another head number {} (epoch {}, of {theirs_day}) of \
         this node than this vault has signed", theirs.counter, theirs.epoch
    )]
    Cloned {
        /// Which head.
        theirs: HeadPlace,
        /// Its day.
        theirs_day: String,
    },
}

impl RecoveryError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::FileExists { .. } => {
                "name another file with --out, or move that one away: a backup is never overwritten"
            }
            Self::File { .. } => "check the path, its permissions and the space on its disk",
            Self::NotABackup => "name a file that `safeconduct backup` has made",
            Self::Newer { .. } => "install the Safeconduct that made it, or a newer one",
            Self::WrongPassphrase => {
                "type the passphrase that the node had when this backup was made; without it nobody can open it"
            }
            Self::Damaged { .. } => "use another backup; nothing was changed here",
            Self::Mixed { .. } => {
                "stop, and keep a copy of the data folder; restore a backup; if there is none, `safeconduct restore --confirm` goes \
                 on with what is here"
            }
            Self::RolledBack { .. } | Self::Cloned { .. } => {
                "if this machine or its data folder was put back, run `safeconduct restore --confirm`; if not, phone your authority: \
                 someone may have a copy of this node"
            }
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::FileExists { .. } => "file-exists",
            Self::File { .. } => "file",
            Self::NotABackup => "not-a-backup",
            Self::Newer { .. } => "newer-backup",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::Damaged { .. } => "backup-damaged",
            Self::Mixed { .. } => "vault-mixed",
            Self::RolledBack { .. } => "vault-rolled-back",
            Self::Cloned { .. } => "vault-cloned",
        }
    }

    const fn exit(&self) -> Exit {
        match self {
            Self::FileExists { .. } | Self::NotABackup | Self::Newer { .. } => Exit::Refused,
            Self::Vault(_) | Self::File { .. } | Self::WrongPassphrase => Exit::NotReady,
            Self::Damaged { .. } | Self::Mixed { .. } | Self::RolledBack { .. } | Self::Cloned { .. } => {
                Exit::Tampering
            }
        }
    }
}

impl From<rusqlite::Error> for RecoveryError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

impl From<RecoveryError> for Told {
    fn from(error: RecoveryError) -> Self {
        if let RecoveryError::Vault(error) = error {
            return error.into();
        }
        Self::new(error.exit(), error.code(), error.to_string(), error.remedy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_own_words_and_a_remedy() {
        let path = PathBuf::from("/d");
        let place = HeadPlace { epoch: 1, counter: 2 };
        let day = || "2026-11-26".to_owned();
        let all = [
            RecoveryError::Vault(VaultError::NoMemory),
            RecoveryError::FileExists { path: path.clone() },
            RecoveryError::File { path, kind: io::ErrorKind::NotFound },
            RecoveryError::NotABackup,
            RecoveryError::Newer { found: 2, known: 1 },
            RecoveryError::WrongPassphrase,
            RecoveryError::Damaged { what: "x" },
            RecoveryError::Mixed { what: "x" },
            RecoveryError::RolledBack { ours: place, ours_day: day(), theirs: place, theirs_day: day() },
            RecoveryError::Cloned { theirs: place, theirs_day: day() },
        ];
        let mut words: Vec<String> = all.iter().map(ToString::to_string).collect();
        let mut codes: Vec<&str> = all.iter().map(RecoveryError::code).collect();
        words.sort();
        words.dedup();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!((words.len(), codes.len()), (all.len(), all.len()));
        assert!(all.iter().all(|error| !error.remedy().is_empty()));
    }
}
