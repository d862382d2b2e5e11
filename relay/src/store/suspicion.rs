//! After a disk that failed: databases are written anew before they are trusted.
//!
//! When a sync fails, the system may go on showing pages that it will never write. SQLite, opened again in the same boot,
//! would read them as committed and build on them; a power cut later takes away what was built. So a relay that stops
//! because its disk failed leaves a mark, and the next start copies both databases into new files first.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};
use tracing::warn;

use super::{
    desk::{self, OpenError},
    disk::settle_copy,
    journal::INDEX_FILE_NAME,
};

/// The mark.
const FILE_NAME: &str = "store.suspect";

/// Leaves the mark, as well as a failing disk lets us.
pub(crate) fn leave(data: &Path) {
    fs::write(data.join(FILE_NAME), b"").ok();
}

/// Writes both databases anew if the mark is there.
///
/// # Errors
/// A database cannot be read or written; the mark stays.
pub(super) fn resolve(data: &Path) -> Result<(), OpenError> {
    let mark = data.join(FILE_NAME);
    if !mark.exists() {
        return Ok(());
    }
    warn!(event = "store-suspect", "the disk failed the last time: the databases are written anew");
    for name in [desk::FILE_NAME, INDEX_FILE_NAME] {
        let path = data.join(name);
        if path.exists() {
            write_anew(&path)?;
        }
    }
    let created = |source| OpenError::Create { path: mark.clone(), source };
    fs::remove_file(&mark).map_err(created)?;
    fs::File::open(data).and_then(|dir| dir.sync_all()).map_err(created)
}

fn write_anew(path: &Path) -> Result<(), OpenError> {
    let engine = |source| OpenError::of(path, source);
    let created = |source| OpenError::Create { path: path.to_owned(), source };
    let fresh = beside(path, ".fresh");
    remove(&fresh).map_err(created)?;
    let old = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(engine)?;
    old.execute("VACUUM INTO ?1", [fresh.to_string_lossy()]).map_err(engine)?;
    // The fresh file must be able to stand alone before the old log goes.
    let busy: i64 = old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(engine)?;
    if busy != 0 {
        return Err(OpenError::Setting("wal_checkpoint"));
    }
    old.close().map_err(|(_, error)| engine(error))?;
    settle_copy(&fresh).map_err(created)?;
    // The old log belongs to the old file; without it, the fresh one stands alone.
    for ending in ["-wal", "-shm"] {
        remove(&beside(path, ending)).map_err(created)?;
    }
    fs::rename(&fresh, path).map_err(created)?;
    let directory = path.parent().unwrap_or(path);
    fs::File::open(directory).and_then(|dir| dir.sync_all()).map_err(created)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::MetadataExt as _, sync::Arc};

    use super::*;
    use crate::{
        limits::Quotas,
        store::{Change, Engine, Store as _, disk::SystemDisk, suite},
    };

    #[test]
    fn after_a_failed_disk_the_databases_are_new_files_with_the_same_content() {
        let data = tempfile::tempdir().unwrap();
        let open = || Engine::open(Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap();
        let mut engine = open();
        engine.commit(&[Change::Deposit(suite::deposit(1, 1, 20_000))]).unwrap();
        drop(engine);
        let number = || fs::metadata(data.path().join(INDEX_FILE_NAME)).unwrap().ino();
        let before = number();
        drop(open());
        assert_eq!(number(), before, "nothing to suspect");

        leave(data.path());
        let engine = open();

        assert_ne!(number(), before);
        assert!(!data.path().join(FILE_NAME).exists());
        assert_eq!(engine.view().unwrap().deliverable(suite::mailbox(1), 0, 9).unwrap().len(), 1);
    }
}
