//! Files of the data directory: made private, replaced whole, durable before the call returns.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use rustix::fs::{FlockOperation, flock};
use zeroize::Zeroizing;

use super::error::VaultError;

/// Only the daemon's account may read.
const FILE_MODE: u32 = 0o600;
/// Only the daemon's account may enter.
const DIR_MODE: u32 = 0o700;
/// No file that is read whole is longer; `prekeys.seeds` with 400 keys has about 24 KiB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Makes `dir` and what leads to it, private.
pub(crate) fn make_dir(dir: &Path) -> Result<(), VaultError> {
    Ok(DirBuilder::new().recursive(true).mode(DIR_MODE).create(dir)?)
}

/// Makes the entries of `dir` durable.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Creates an empty private file, so that what writes it later inherits the mode.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(FILE_MODE).open(path)
}

/// Replaces `dir/name` by `bytes`: a reader sees the old or the new content, never a mixture. The old content is
/// overwritten afterwards, best effort: a copy-on-write disk or an SSD may keep it.
pub(crate) fn replace(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let path = dir.join(name);
    let fresh = dir.join(format!("{name}.new"));
    let old = OpenOptions::new().write(true).open(&path).ok();
    remove_if_there(&fresh)?;
    let written = step(dir).and_then(|()| create_private(&fresh)).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        step(dir)
    });
    if let Err(error) = written.and_then(|()| fs::rename(&fresh, &path)) {
        remove_if_there(&fresh).ok();
        return Err(error.into());
    }
    sync_dir(dir)?;
    step(dir).ok();
    if let Some(old) = old {
        overwrite(old).ok();
    }
    Ok(())
}

/// A step of a write; only a simulated world's disk has something to say there.
fn step(dir: &Path) -> io::Result<()> {
    #[cfg(debug_assertions)]
    return super::simulated::write(dir);
    #[cfg(not(debug_assertions))]
    {
        let _ = dir;
        Ok(())
    }
}

/// Takes `dir/name` away if it is there, durably, and overwrites what it held.
pub(crate) fn erase(dir: &Path, name: &str) -> Result<(), VaultError> {
    let path = dir.join(name);
    let old = OpenOptions::new().write(true).open(&path).ok();
    step(dir).ok();
    remove_if_there(&path)?;
    sync_dir(dir)?;
    if let Some(old) = old {
        overwrite(old).ok();
    }
    Ok(())
}

/// Writes zeros over a file that has no name any more.
fn overwrite(mut file: File) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len().min(FILE_BYTES_MAX)).map_err(io::Error::other)?;
    file.rewind()?;
    file.write_all(&vec![0_u8; length])?;
    file.sync_all()
}

/// Reads `dir/name` whole, or gives `None` when it is not there.
pub(crate) fn read(dir: &Path, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let file = match File::open(dir.join(name)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut bytes = Zeroizing::new(Vec::new());
    let limit = FILE_BYTES_MAX.saturating_add(1);
    file.take(limit).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= FILE_BYTES_MAX) {
        Ok(Some(bytes))
    } else {
        Err(VaultError::Damaged { what: "a file of the vault is far too long" })
    }
}

/// Removes a file; that it is not there is no error.
pub(super) fn remove_if_there(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Removes a folder with all in it; that it is not there is no error.
pub(super) fn remove_dir_if_there(path: &Path) -> Result<(), VaultError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// The exclusive hold on a data directory; given back when dropped or when the process ends, however it ends.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the hold, without waiting.
    pub(super) fn take(dir: &Path) -> Result<Self, VaultError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(dir.join("daemon.lock"))
            .map_err(|error| VaultError::from_io(error, dir))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(error) if error == rustix::io::Errno::WOULDBLOCK => Err(VaultError::InUse { dir: dir.to_owned() }),
            Err(error) => Err(io::Error::from(error).into()),
        }
    }
}

/// Renames `dir/from` to `dir/to`, durably.
pub(crate) fn rename(dir: &Path, from: &str, to: &str) -> Result<(), VaultError> {
    step(dir).ok();
    fs::rename(dir.join(from), dir.join(to))?;
    Ok(sync_dir(dir)?)
}
