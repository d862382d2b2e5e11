//! One relay per data directory.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

/// The lock's file name.
pub const FILE_NAME: &str = "relay.lock";

/// Why the directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// There is no such directory.
    #[error("there is no directory {}", .0.display())]
    Missing(PathBuf),
    /// It cannot be written.
    #[error("the data directory {} cannot be written: {}", path.display(), source.kind())]
    ReadOnly {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another relay runs on it.
    #[error("another relay runs on {}", .0.display())]
    Taken(PathBuf),
}

impl LockError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Missing(_) => "run `safeconduct-relay init`, or correct `data`",
            Self::ReadOnly { .. } => "make the directory writable for the relay's account, and its file system too",
            Self::Taken(_) => "stop the other relay first, or choose another data directory",
        }
    }
}

/// Held as long as the relay runs; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock(#[expect(dead_code, reason = "the lock lives as long as the file is open")] File);

impl DataLock {
    /// Takes the lock of `data`.
    ///
    /// # Errors
    /// Any [`LockError`].
    pub fn take(data: &Path) -> Result<Self, LockError> {
        if !data.is_dir() {
            return Err(LockError::Missing(data.to_owned()));
        }
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(data.join(FILE_NAME))
            .map_err(|source| LockError::ReadOnly { path: data.to_owned(), source })?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self(file)),
            Err(error) if error == rustix::io::Errno::WOULDBLOCK => Err(LockError::Taken(data.to_owned())),
            Err(error) => Err(LockError::ReadOnly { path: data.to_owned(), source: error.into() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_relay_on_the_same_data_is_refused_until_the_first_is_gone() {
        let data = tempfile::tempdir().unwrap();
        let first = DataLock::take(data.path()).unwrap();

        assert!(matches!(DataLock::take(data.path()).unwrap_err(), LockError::Taken(_)));
        drop(first);
        DataLock::take(data.path()).unwrap();
        assert!(matches!(DataLock::take(&data.path().join("none")).unwrap_err(), LockError::Missing(_)));
    }

    #[test]
    fn a_directory_in_which_nothing_can_be_written_is_named() {
        let data = tempfile::tempdir().unwrap();
        // Root may write everywhere but over a directory.
        std::fs::create_dir(data.path().join(FILE_NAME)).unwrap();

        let refused = DataLock::take(data.path()).unwrap_err();

        assert!(matches!(refused, LockError::ReadOnly { .. }));
        assert!(refused.to_string().contains("cannot be written"));
    }
}
