//! What can go wrong with a vault, each named for what it is.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::ffi;
use safeconduct_certs::keyfile::KeyfileError;
use safeconduct_protocol::entropy::NoEntropy;

/// The files beside the database need about this much when it is opened: 32 KiB of shared memory, and a first page.
const ROOM_BYTES_MIN: u64 = 256 * 1024;

/// Why the vault could not be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No vault was made in this directory.
    #[error("there is no vault in {}", dir.display())]
    Missing {
        /// The data directory.
        dir: PathBuf,
    },
    /// `init` was asked for where a vault is.
    #[error("there is a vault in {} already", dir.display())]
    Exists {
        /// The data directory.
        dir: PathBuf,
    },
    /// The passphrase does not open the vault key.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// A file of the vault is missing, cut short, altered, or not this vault's.
    #[error("the vault is damaged: {what}")]
    Damaged {
        /// Which file or table, and how.
        what: &'static str,
    },
    /// Another process holds the vault.
    #[error("another process is using the vault in {}", dir.display())]
    InUse {
        /// The data directory.
        dir: PathBuf,
    },
    /// No room is left.
    #[error("the disk that holds the vault is full")]
    DiskFull,
    /// The directory, a file or the whole disk cannot be written.
    #[error("the vault cannot be written: the disk or directory is read-only or belongs to another account")]
    ReadOnly,
    /// A newer Safeconduct has written this vault.
    #[error("the vault has schema {found}, and this program knows schemas up to {known}")]
    NewerSchema {
        /// Schema of the vault.
        found: i64,
        /// Newest schema that this program knows.
        known: i64,
    },
    /// The library that guards the database lacks encryption or durability.
    #[error("the database library does not give what the vault needs: {what}")]
    Unfit {
        /// Which property is missing.
        what: &'static str,
    },
    /// Too little memory to derive the key from the passphrase.
    #[error("there is too little memory to open the vault")]
    NoMemory,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    NoEntropy,
    /// Another failure of a file.
    #[error("a file of the vault could not be read or written")]
    Io(#[source] io::Error),
    /// Another failure of the database.
    #[error("the vault's database failed")]
    Database(#[source] rusqlite::Error),
}

impl VaultError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "run `safeconduct init`, or name the right directory with --data",
            Self::Exists { .. } => "use the vault that is there, or name another directory with --data",
            Self::WrongPassphrase => "try the passphrase again; without it the vault cannot be opened by anyone",
            Self::Damaged { .. } => "stop, keep a copy of the directory, and restore it from a backup",
            Self::InUse { .. } => "stop the daemon or the other command first, or use the running daemon",
            Self::DiskFull => "free some space on that disk, then try again; nothing already kept is lost",
            Self::ReadOnly => "make the directory writable for this account, then try again",
            Self::NewerSchema { .. } => "install the newer Safeconduct that wrote it",
            Self::Unfit { .. } => "use a build of Safeconduct with its own database library",
            Self::NoMemory => "free at least 64 MiB of memory, then try again",
            Self::NoEntropy => "check that the operating system's random source works, then try again",
            Self::Io(_) => "check the disk and the permissions of the data directory, then try again",
            Self::Database(_) => "check the disk; if it happens again, keep a copy of the directory and ask for help",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "no-vault",
            Self::Exists { .. } => "vault-exists",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::Damaged { .. } => "vault-damaged",
            Self::InUse { .. } => "vault-in-use",
            Self::DiskFull => "disk-full",
            Self::ReadOnly => "read-only",
            Self::NewerSchema { .. } => "newer-schema",
            Self::Unfit { .. } => "unfit-library",
            Self::NoMemory => "no-memory",
            Self::NoEntropy => "no-randomness",
            Self::Io(_) => "vault-io",
            Self::Database(_) => "vault-database",
        }
    }

    /// Names what failed on a disk without room for what it is: there the engine reports all kinds of failed calls.
    pub(super) fn on_disk(self, dir: &Path) -> Self {
        // The engine cannot make a file beside the database: a directory that may be written is not the cause of that.
        let writable = || rustix::fs::access(dir, rustix::fs::Access::WRITE_OK).is_ok();
        let about_disk = matches!(self, Self::Database(_)) || (matches!(self, Self::ReadOnly) && writable());
        let room = |disk: rustix::fs::StatVfs| disk.f_bavail.saturating_mul(disk.f_frsize);
        let full = about_disk && rustix::fs::statvfs(dir).is_ok_and(|disk| room(disk) < ROOM_BYTES_MIN);
        if full { Self::DiskFull } else { self }
    }

    /// Names an input or output error by its kind; `dir` is named when nothing is there.
    pub(crate) fn from_io(error: io::Error, dir: &Path) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing { dir: dir.to_owned() } } else { Self::from(error) }
    }
}

impl From<io::Error> for VaultError {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            Self::DiskFull
        } else if matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) {
            Self::ReadOnly
        } else {
            Self::Io(error)
        }
    }
}

/// What is said when the database itself does not read.
const ALTERED: &str = "node.db is not a database of this vault, or has been altered";

impl VaultError {
    /// Whether a row says what nobody can read, and the database around it is sound.
    pub(crate) fn is_of_one_row(&self) -> bool {
        matches!(self, Self::Damaged { what } if *what != ALTERED)
    }
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        #[cfg(debug_assertions)]
        if super::simulated::is_full(&error) {
            return Self::DiskFull;
        }
        let code = error.sqlite_error().map(|failure| failure.extended_code & 0xff);
        match code {
            Some(ffi::SQLITE_FULL) => Self::DiskFull,
            Some(ffi::SQLITE_READONLY | ffi::SQLITE_PERM | ffi::SQLITE_CANTOPEN) => Self::ReadOnly,
            Some(ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB) => Self::Damaged { what: ALTERED },
            _ => Self::Database(error),
        }
    }
}

impl From<KeyfileError> for VaultError {
    fn from(error: KeyfileError) -> Self {
        match error {
            KeyfileError::WrongPassphrase => Self::WrongPassphrase,
            KeyfileError::NoMemory => Self::NoMemory,
            KeyfileError::NoEntropy(_) => Self::NoEntropy,
            KeyfileError::WrongKey | KeyfileError::Malformed | _ => {
                Self::Damaged { what: "a key file is altered, or of another vault" }
            }
        }
    }
}

impl From<NoEntropy> for VaultError {
    fn from(_: NoEntropy) -> Self {
        Self::NoEntropy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_own_words_and_a_remedy() {
        let dir = PathBuf::from("/d");
        let all = [
            VaultError::Missing { dir: dir.clone() },
            VaultError::Exists { dir: dir.clone() },
            VaultError::WrongPassphrase,
            VaultError::Damaged { what: "x" },
            VaultError::InUse { dir },
            VaultError::DiskFull,
            VaultError::ReadOnly,
            VaultError::NewerSchema { found: 2, known: 1 },
            VaultError::Unfit { what: "x" },
            VaultError::NoMemory,
            VaultError::NoEntropy,
            VaultError::Io(io::Error::other("x")),
            VaultError::Database(rusqlite::Error::InvalidQuery),
        ];
        let mut words: Vec<String> = all.iter().map(ToString::to_string).collect();
        let mut codes: Vec<&str> = all.iter().map(VaultError::code).collect();
        words.sort();
        words.dedup();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!((words.len(), codes.len()), (all.len(), all.len()));
        assert!(all.iter().all(|error| !error.remedy().is_empty()));
    }
}
