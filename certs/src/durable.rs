//! Files that are there whole or not at all, also after a power cut.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// Mode of files that hold secrets.
pub const PRIVATE: u32 = 0o600;
/// Mode of files that anyone may read.
pub const PUBLIC: u32 = 0o644;

/// Replaces `path` by a file of exactly `bytes`: written beside it, fsynced, renamed over it, the directory fsynced.
/// A crash leaves the old file or the new one.
///
/// # Errors
/// Whatever the file system says; the old file is then still there.
pub fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let (directory, name) = split(path)?;
    let temporary = directory.join(format!(".{name}.new"));
    let written = write_fresh(&temporary, bytes, mode).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        fs::remove_file(&temporary).ok();
    }
    written?;
    sync_directory(&directory)
}

/// Creates `path` with exactly `bytes`; refuses to replace a file that is there.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or whatever the file system says.
pub fn create(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    if path.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    write(path, bytes, mode)
}

/// Removes `path` durably; a file that is not there is fine.
///
/// # Errors
/// Whatever the file system says.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_directory(&split(path)?.0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a directory, parents too, that only its owner may enter.
///
/// # Errors
/// Whatever the file system says.
pub fn private_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Makes the names in `directory` durable.
///
/// # Errors
/// Whatever the file system says.
pub fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

fn write_fresh(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)?;
    // A leftover of an earlier crash keeps its old mode, and the umask may have taken bits.
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn split(path: &Path) -> io::Result<(PathBuf, String)> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(io::ErrorKind::InvalidInput)?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    Ok((directory, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_the_whole_file_and_sets_its_mode() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.key");
        write(&path, b"a longer first text", PUBLIC).unwrap();

        write(&path, b"short", PRIVATE).unwrap();

        assert_eq!(fs::read(&path).unwrap(), b"short");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_leftover_of_a_crash_is_overwritten_and_does_not_lend_its_mode() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x.key");
        let leftover = directory.path().join(".x.key.new");
        fs::write(&leftover, b"torn, and readable by all, and longer than the new text").unwrap();
        fs::set_permissions(&leftover, fs::Permissions::from_mode(0o644)).unwrap();

        write(&path, b"new", PRIVATE).unwrap();

        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn create_never_replaces() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("once");
        create(&path, b"1", PRIVATE).unwrap();
        assert_eq!(create(&path, b"2", PRIVATE).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"1");
    }

    #[test]
    fn removing_what_is_not_there_is_fine() {
        let directory = tempfile::tempdir().unwrap();
        remove(&directory.path().join("nothing")).unwrap();
    }

    #[test]
    fn what_cannot_be_written_or_removed_is_said_and_a_name_alone_is_in_this_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("full/of")).unwrap();
        assert!(remove(&folder.path().join("full")).is_err(), "a folder is no file");
        assert!(folder.path().join("full/of").exists());
        remove(&folder.path().join("nothing")).unwrap();
        fs::write(folder.path().join("there"), b"x").unwrap();
        remove(&folder.path().join("there")).unwrap();
        assert!(!folder.path().join("there").exists());
        assert_eq!(split(Path::new("name")).unwrap(), (PathBuf::from("."), "name".to_owned()));
        assert_eq!(split(Path::new("a/name")).unwrap(), (PathBuf::from("a"), "name".to_owned()));
        assert_eq!(split(Path::new("..")).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
