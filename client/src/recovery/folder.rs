//! The one folder into which backups are made without a path: `backups` in the data folder. Each file has the time of its making as a name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp as At;
use safeconduct_protocol::time::Timestamp;

use super::RecoveryError;
use crate::vault::files;

/// Its name in the data folder.
pub(crate) const FOLDER: &str = "backups";
/// How a backup's name ends.
const ENDING: &str = ".scbackup";

/// Where the next backup goes; the folder is there then.
///
/// # Errors
/// What the disk says.
pub(crate) fn next(data: &Path, now: Timestamp) -> Result<PathBuf, RecoveryError> {
    let folder = data.join(FOLDER);
    files::make_dir(&folder)?;
    let at = i64::try_from(now.0).ok().and_then(|at| At::from_second(at).ok()).unwrap_or_default();
    Ok(folder.join(format!("{}{ENDING}", at.strftime("%Y-%m-%d-%H%M%S"))))
}

/// Names of the backups in it, newest first.
pub(crate) fn list(data: &Path) -> Vec<String> {
    let entries = fs::read_dir(data.join(FOLDER)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(ENDING))
        .collect();
    names.sort_unstable_by(|one, other| other.cmp(one));
    names
}

/// The file of this name, if it is one of the backups in the folder.
pub(crate) fn named(data: &Path, name: &str) -> Option<PathBuf> {
    list(data).iter().any(|one| one == name).then(|| data.join(FOLDER).join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_found_by_its_name_in_the_folder_and_nothing_else_is() {
        let data = tempfile::tempdir().unwrap();
        assert!(list(data.path()).is_empty());
        let [older, newer] = [1_780_315_200, 1_780_315_201].map(|at| next(data.path(), Timestamp(at)).unwrap());
        assert!(newer.ends_with("backups/2026-06-01-120001.scbackup"));
        for file in [&older, &newer, &data.path().join(FOLDER).join("notes"), &data.path().join("x.scbackup")] {
            fs::write(file, "").unwrap();
        }

        assert_eq!(list(data.path()), ["2026-06-01-120001.scbackup", "2026-06-01-120000.scbackup"]);
        assert_eq!(named(data.path(), "2026-06-01-120000.scbackup"), Some(older));
        for name in ["notes", "../x.scbackup", "x.scbackup", ""] {
            assert_eq!(named(data.path(), name), None, "{name}");
        }
    }
}
