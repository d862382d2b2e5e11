//! Files that a command writes: whole or not at all, for this account alone, and never over another.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::error::Told;

/// Whether a new file or folder can be written here.
///
/// # Errors
/// `file-exists`.
pub(super) fn vacant(path: &Path) -> Result<(), Told> {
    if path.symlink_metadata().is_ok() {
        return Err(Told::refused(
            "file-exists",
            "the file is there already",
            "name a new file; nothing is ever overwritten",
        ));
    }
    Ok(())
}

/// Writes a new file for this account alone.
///
/// # Errors
/// `file-exists`, `unwritable`: there is no file then.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Told> {
    vacant(path)?;
    let part = part_of(path);
    written(&part, bytes).and_then(|()| fs::rename(&part, path)).map_err(|error| {
        fs::remove_file(&part).ok();
        unwritable(&error)
    })
}

/// Writes a new folder of files, each for this account alone.
///
/// # Errors
/// `file-exists`, `unwritable`: there is no folder then.
pub(super) fn write_folder(path: &Path, files: &[(String, Zeroizing<Vec<u8>>)]) -> Result<(), Told> {
    vacant(path)?;
    let part = part_of(path);
    let made = fs::DirBuilder::new().mode(0o700).create(&part);
    let all = made.and_then(|()| files.iter().try_for_each(|(name, bytes)| written(&part.join(name), bytes)));
    all.and_then(|()| fs::rename(&part, path)).map_err(|error| {
        fs::remove_dir_all(&part).ok();
        unwritable(&error)
    })
}

fn written(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The name under which it is written until it is whole.
fn part_of(path: &Path) -> PathBuf {
    let mut name: OsString = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

fn unwritable(error: &io::Error) -> Told {
    Told::not_ready(
        "unwritable",
        format!("the file cannot be written: {}", error.kind()),
        "name a new file in a folder that is yours",
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_written_whole_for_this_account_alone_and_never_over_another() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");

        write(&path, b"{}").unwrap();
        let again = write(&path, b"[]").unwrap_err();

        assert_eq!(fs::read(&path).unwrap(), b"{}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(again.code, "file-exists");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_cannot_be_written_whole_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("referrals");
        let files = |last: &str| {
            vec![
                ("1.json".to_owned(), Zeroizing::new(b"{}".to_vec())),
                (last.to_owned(), Zeroizing::new(b"{}".to_vec())),
            ]
        };

        let refused = write_folder(&path, &files("1.json")).unwrap_err();
        assert_eq!((refused.code.as_str(), fs::read_dir(dir.path()).unwrap().count()), ("unwritable", 0));

        write_folder(&path, &files("2.json")).unwrap();
        assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
