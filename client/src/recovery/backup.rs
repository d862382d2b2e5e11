//! `backup`: a copy of the vault as of one moment, without prekey seeds and reply keys, sealed and filled up, in one file that is
//! there whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rusqlite::OptionalExtension as _;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use safeconduct_protocol::{entropy::Entropy, time::Timestamp};

use super::{RecoveryError, sealed};
use crate::{
    config::CONFIG_FILE,
    keys,
    vault::{Vault, VaultError, VaultKey, files, int, uint},
};

/// Writes a backup of `vault` to the new file `out`, readable by this account alone; its length in bytes.
///
/// # Errors
/// [`RecoveryError::FileExists`], [`RecoveryError::File`], or what the vault says: there is no file then.
pub fn take(vault: &Vault, out: &Path, now: Timestamp, entropy: &mut dyn Entropy) -> Result<u64, RecoveryError> {
    if out.try_exists().map_err(|error| file_error(out, &error))? {
        return Err(RecoveryError::FileExists { path: out.to_owned() });
    }
    let temporary = beside(out)?;
    let key = VaultKey::random(entropy)?;
    let copied = vault.copy(&key, now)?;
    let mut database = File::open(copied.path()).map_err(VaultError::from)?;
    let database_bytes = database.metadata().map_err(VaultError::from)?.len();
    let front = sealed::Front {
        made_at: now,
        vault_key: safeconduct_protocol::secret::Secret::new(*key.reveal()),
        tls: keys::tls_seed(vault.dir())?,
        database_bytes,
        config: configuration(vault.dir()),
    };
    let (backup_key, under_passphrase) = vault.backup_key()?;
    let written =
        write(&temporary, |file| sealed::write(file, &backup_key, &under_passphrase, &front, &mut database, entropy))
            .and_then(|bytes| place(&temporary, out).map(|()| bytes));
    if written.is_err() {
        fs::remove_file(&temporary).ok();
    }
    let bytes = written?;
    vault.db().execute("REPLACE INTO backup (only, at) VALUES (1, ?1)", [int(now.0)])?;
    Ok(bytes)
}

/// When the last backup was made.
///
/// # Errors
/// What the disk says.
pub fn last(vault: &Vault) -> Result<Option<Timestamp>, RecoveryError> {
    let at: Option<i64> = vault.db().query_row("SELECT at FROM backup", [], |row| row.get(0)).optional()?;
    Ok(at.map(uint).transpose()?.map(Timestamp))
}

/// The configuration as typed; nothing when there is none, or it is no configuration by its length.
fn configuration(data: &Path) -> Vec<u8> {
    let text = fs::read(data.join(CONFIG_FILE)).unwrap_or_default();
    if text.len() <= sealed::CONFIG_BYTES_MAX { text } else { Vec::new() }
}

pub(super) fn file_error(path: &Path, error: &io::Error) -> RecoveryError {
    let kind = error.kind();
    if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return VaultError::DiskFull.into();
    }
    RecoveryError::File { path: path.to_owned(), kind }
}

/// The unfinished file, in the same folder.
fn beside(out: &Path) -> Result<PathBuf, RecoveryError> {
    let name = out.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| RecoveryError::File { path: out.to_owned(), kind: io::ErrorKind::InvalidInput })?;
    Ok(out.with_file_name(format!(".{name}.unfinished")))
}

fn write(
    path: &Path,
    content: impl FnOnce(&mut dyn io::Write) -> Result<(), RecoveryError>,
) -> Result<u64, RecoveryError> {
    let named = |error: io::Error| file_error(path, &error);
    // What an earlier attempt left that did not come to its end.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(named(error)),
        Ok(()) | Err(_) => {}
    }
    let file = files::create_private(path).map_err(named)?;
    let mut buffered = io::BufWriter::with_capacity(sealed::CHUNK_BYTES, file);
    content(&mut buffered)?;
    buffered.flush().map_err(named)?;
    let file = buffered.into_inner().map_err(|error| named(error.into_error()))?;
    file.sync_all().map_err(named)?;
    Ok(file.metadata().map_err(named)?.len())
}

/// Gives the finished file its name; one that came there meanwhile is not replaced.
fn place(temporary: &Path, out: &Path) -> Result<(), RecoveryError> {
    let placed = match renameat_with(CWD, temporary, CWD, out, RenameFlags::NOREPLACE) {
        // A file system that does not know the flag.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) if !out.exists() => fs::rename(temporary, out),
        Err(rustix::io::Errno::EXIST) => return Err(RecoveryError::FileExists { path: out.to_owned() }),
        other => other.map_err(io::Error::from),
    };
    placed.map_err(|error| file_error(out, &error))?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    // The file's bytes are durable; a removable disk may not be able to say so of its folder.
    File::open(folder).and_then(|folder| folder.sync_all()).ok();
    Ok(())
}
