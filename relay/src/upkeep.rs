//! What an operator does to a store from the command line: by the relay where one runs, else under its lock.

use std::{io, path::Path, sync::Arc};

use serde_json::Value;

use crate::{
    carry::CarryError,
    control::{self, Command, describe, findings},
    exit::Exit,
    limits::Quotas,
    lock::{DataLock, LockError},
    store::{
        Engine, Store as _,
        backup::{self, BackupError, Manifest},
        disk::SystemDisk,
    },
};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpkeepError {
    /// The directory cannot be had.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// Backup, restore or the store itself.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The relay refuses.
    #[error("{message}")]
    Refused {
        /// What it says.
        message: String,
        /// What it says to do.
        remedy: String,
        /// A stable name for programs; empty for what concerns the store.
        code: String,
    },
    /// The relay that runs does not answer.
    #[error("the relay does not answer on its socket: {}", .0.kind())]
    Silent(#[source] io::Error),
    /// Only a relay that runs can do it.
    #[error("no relay runs on {}", .0.display())]
    NotRunning(std::path::PathBuf),
    /// Something is not as it was written.
    #[error("{0} of what is held is not as it was written")]
    Damage(usize, Value),
}

impl UpkeepError {
    /// What to do next.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Lock(error) => error.remedy().to_owned(),
            Self::Backup(error) => error.remedy().to_owned(),
            Self::Refused { remedy, .. } => remedy.clone(),
            Self::Silent(_) => {
                "see whether the relay still runs, and whether this account may open its socket".to_owned()
            }
            Self::NotRunning(_) => "start it, or name the directory of the relay that runs".to_owned(),
            Self::Damage(..) => {
                "check the disk (`dmesg`); the relay delivers the rest. Whoever sent these is alarmed when no receipt \
                 comes, and sends again"
                    .to_owned()
            }
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Lock(LockError::Taken(_)) => "data-in-use",
            Self::Lock(LockError::Missing(_)) => "data-missing",
            Self::Lock(LockError::ReadOnly { .. }) => "data-read-only",
            Self::Refused { code, .. } if !code.is_empty() => code,
            Self::Backup(_) | Self::Refused { .. } => "backup",
            Self::Silent(_) => "relay-silent",
            Self::NotRunning(_) => "relay-not-running",
            Self::Damage(..) => "damage",
        }
    }

    /// The exit code.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Damage(..) | Self::Backup(BackupError::Damaged(_)) => Exit::Tampering,
            Self::Backup(BackupError::Exists(_) | BackupError::NotABackup(_)) => Exit::Refused,
            Self::Refused { code, .. } => CarryError::exit_of(code),
            Self::Lock(_) | Self::Backup(_) | Self::Silent(_) | Self::NotRunning(_) => Exit::NotReady,
        }
    }
}

/// Asks the relay that runs; none when there is none.
fn ask(data: &Path, command: &Command) -> Result<Option<Value>, UpkeepError> {
    match control::ask(data, command).map_err(UpkeepError::Silent)? {
        None => Ok(None),
        Some(answer) if answer.ok => Ok(Some(answer.data)),
        Some(answer) => Err(UpkeepError::Refused { message: answer.message, remedy: answer.remedy, code: answer.code }),
    }
}

/// The store of a relay that does not run, opened for one command.
fn opened(data: &Path) -> Result<(Engine, DataLock), UpkeepError> {
    let lock = DataLock::take(data)?;
    let engine = Engine::open(Arc::new(SystemDisk), data, Quotas::UNBOUNDED).map_err(BackupError::Open)?;
    Ok((engine, lock))
}

/// What is held.
///
/// # Errors
/// Any [`UpkeepError`].
pub fn usage(data: &Path) -> Result<Value, UpkeepError> {
    if let Some(held) = ask(data, &Command::Usage)? {
        return Ok(held);
    }
    let (engine, _lock) = opened(data)?;
    let usage = engine.view().and_then(|view| view.usage()).map_err(BackupError::Store)?;
    Ok(describe(&usage, None))
}

/// Reads everything that is held.
///
/// # Errors
/// [`UpkeepError::Damage`] with the findings, or what keeps it from looking.
pub fn verify(data: &Path) -> Result<Value, UpkeepError> {
    let found = match ask(data, &Command::Verify)? {
        Some(found) => found,
        None => {
            let _lock = DataLock::take(data)?;
            let (checked, documents) = backup::check_all(data)?;
            findings(&checked, &documents)
        }
    };
    match found.get("damage").and_then(Value::as_array).map_or(0, Vec::len) {
        0 => Ok(found),
        count => Err(UpkeepError::Damage(count, found)),
    }
}

/// Copies the store into `to`.
///
/// # Errors
/// Any [`UpkeepError`].
pub fn take_backup(data: &Path, to: &Path) -> Result<Value, UpkeepError> {
    // The relay has a working directory of its own.
    let absolute = std::path::absolute(to).map_err(|source| BackupError::File { path: to.to_owned(), source })?;
    if let Some(taken) = ask(data, &Command::Backup { to: absolute.clone() })? {
        return Ok(taken);
    }
    let (engine, _lock) = opened(data)?;
    let manifest = backup::take(&engine.checker(), data, &absolute)?;
    Ok(serde_json::to_value(manifest).unwrap_or_default())
}

/// Puts a backup into a directory whose relay does not run and has no store.
///
/// # Errors
/// Any [`UpkeepError`]; nothing was changed then.
pub fn restore(from: &Path, data: &Path) -> Result<Manifest, UpkeepError> {
    let _lock = DataLock::take(data)?;
    Ok(backup::put_back(from, data)?)
}

/// Has the relay that runs take a file of the authority.
///
/// # Errors
/// Any [`UpkeepError`].
pub fn import(data: &Path, from: &Path) -> Result<Value, UpkeepError> {
    let from = std::path::absolute(from).map_err(|source| BackupError::File { path: from.to_owned(), source })?;
    ask(data, &Command::Import { from })?.ok_or_else(|| UpkeepError::NotRunning(data.to_owned()))
}

/// Has the relay that runs write what it holds for the authority.
///
/// # Errors
/// Any [`UpkeepError`].
pub fn export(data: &Path, to: &Path) -> Result<Value, UpkeepError> {
    let to = std::path::absolute(to).map_err(|source| BackupError::File { path: to.to_owned(), source })?;
    ask(data, &Command::Export { to })?.ok_or_else(|| UpkeepError::NotRunning(data.to_owned()))
}

/// Begins or ends maintenance mode of the relay that runs.
///
/// # Errors
/// Any [`UpkeepError`].
pub fn maintenance(data: &Path, on: bool) -> Result<Value, UpkeepError> {
    ask(data, &Command::Maintenance { on })?.ok_or_else(|| UpkeepError::NotRunning(data.to_owned()))
}
