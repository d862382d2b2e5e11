//! The seam to the file system: what the journal asks of it, so that a test can break it at every call.
//!
//! Databases reach the disk through SQLite, whose own seam is a VFS: [`Disk::vfs`] names the one to use.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, IoSlice, IoSliceMut},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::FallocateFlags;

/// Mode of every file of a store.
const PRIVATE: u32 = 0o600;
/// Mode of its directories.
const PRIVATE_DIR: u32 = 0o700;

/// Bytes of a file system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Space {
    /// Free for this account.
    pub free_bytes: u64,
    /// In all.
    pub whole_bytes: u64,
}

/// A directory tree on stable storage.
///
/// Contract: what was synced ([`DiskFile::sync`] for content and length, [`Disk::sync_dir`] for names) survives a power
/// cut; what was not may survive whole, in part, in any order, or not at all. After a failed sync nothing is known.
pub trait Disk: Send + Sync {
    /// Makes a directory that only this account may enter; one that is there is fine.
    ///
    /// # Errors
    /// The operating system's.
    fn make_dir(&self, path: &Path) -> io::Result<()>;

    /// The files in a directory, in no order.
    ///
    /// # Errors
    /// The operating system's.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;

    /// Makes a file that only this account may read. Its name is durable after [`sync_dir`](Self::sync_dir).
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], or the operating system's.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Opens a file to read and write.
    ///
    /// # Errors
    /// The operating system's.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Removes a file; handles that are open go on.
    ///
    /// # Errors
    /// The operating system's.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Gives a file another name, over one that is there. Durable after [`sync_dir`](Self::sync_dir).
    ///
    /// # Errors
    /// The operating system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes names in a directory durable.
    ///
    /// # Errors
    /// The operating system's.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// What is left on the file system of `path`; none where it does not say.
    fn space(&self, path: &Path) -> Option<Space>;

    /// The SQLite VFS for databases on this disk; none for the system's.
    fn vfs(&self) -> Option<&str>;
}

/// A file on a [`Disk`]. Positions and lengths in bytes.
pub trait DiskFile: Send + Sync {
    /// Writes all parts one after the other at `offset`, beyond the end too.
    ///
    /// # Errors
    /// The operating system's; then any part of it may be written.
    fn write_at(&self, offset: u64, parts: &mut [IoSlice<'_>]) -> io::Result<()>;

    /// Fills all parts from `offset` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`], or the operating system's.
    fn read_at(&self, offset: u64, parts: &mut [IoSliceMut<'_>]) -> io::Result<()>;

    /// Its length.
    ///
    /// # Errors
    /// The operating system's.
    fn length(&self) -> io::Result<u64>;

    /// Cuts it off, or grows it with zeros.
    ///
    /// # Errors
    /// The operating system's.
    fn set_length(&self, length: u64) -> io::Result<()>;

    /// Content and length onto stable storage.
    ///
    /// # Errors
    /// The operating system's: then nobody knows what the disk holds.
    fn sync(&self) -> io::Result<()>;

    /// Gives the blocks of a range back to the file system; it reads as zeros then. The length stays.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] where the file system cannot, or the operating system's.
    fn punch(&self, offset: u64, length: u64) -> io::Result<()>;
}

/// Makes a database that SQLite has copied nobody else's to read, and durable.
pub(super) fn settle_copy(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(PRIVATE))?;
    File::open(path)?.sync_all()
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        match fs::DirBuilder::new().mode(PRIVATE_DIR).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect()
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(PRIVATE).open(path)?;
        Ok(Arc::new(SystemFile(file)))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(SystemFile(OpenOptions::new().read(true).write(true).open(path)?)))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn space(&self, path: &Path) -> Option<Space> {
        let disk = rustix::fs::statvfs(path).ok()?;
        Some(Space {
            free_bytes: disk.f_bavail.saturating_mul(disk.f_frsize),
            whole_bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
        })
    }

    fn vfs(&self) -> Option<&str> {
        None
    }
}

struct SystemFile(File);

impl DiskFile for SystemFile {
    fn write_at(&self, mut offset: u64, mut parts: &mut [IoSlice<'_>]) -> io::Result<()> {
        IoSlice::advance_slices(&mut parts, 0);
        while !parts.is_empty() {
            match rustix::io::pwritev(&self.0, parts, offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    IoSlice::advance_slices(&mut parts, written);
                    offset = offset.saturating_add(u64::try_from(written).unwrap_or(u64::MAX));
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read_at(&self, mut offset: u64, mut parts: &mut [IoSliceMut<'_>]) -> io::Result<()> {
        IoSliceMut::advance_slices(&mut parts, 0);
        while !parts.is_empty() {
            match rustix::io::preadv(&self.0, parts, offset) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    IoSliceMut::advance_slices(&mut parts, read);
                    offset = offset.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn punch(&self, offset: u64, length: u64) -> io::Result<()> {
        rustix::fs::fallocate(&self.0, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, offset, length)
            .map_err(io::Error::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_and_read_in_order_and_a_hole_reads_as_zeros() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let file = SystemDisk.create(&path).unwrap();
        let (one, two) = (vec![1_u8; 10_000], vec![2_u8; 10_000]);

        file.write_at(5, &mut [IoSlice::new(&one), IoSlice::new(&[]), IoSlice::new(&two)]).unwrap();
        file.sync().unwrap();
        let (mut head, mut tail) = (vec![9_u8; 5], vec![0_u8; 20_000]);
        file.read_at(0, &mut [IoSliceMut::new(&mut head), IoSliceMut::new(&mut tail)]).unwrap();

        assert_eq!(head, [0; 5]);
        assert!(tail[..10_000] == one && tail[10_000..] == two);
        assert_eq!(SystemDisk.create(&path).err().unwrap().kind(), io::ErrorKind::AlreadyExists);
        let past_the_end = file.read_at(20_000, &mut [IoSliceMut::new(&mut head), IoSliceMut::new(&mut tail)]);
        assert_eq!(past_the_end.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        if file.punch(4096, 4096).is_ok() {
            file.read_at(4096, &mut [IoSliceMut::new(&mut tail[..4096])]).unwrap();
            assert!(tail[..4096].iter().all(|byte| *byte == 0) && file.length().unwrap() == 20_005);
        }
    }
}
