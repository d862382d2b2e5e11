//! A relay's disk: the folder as it is, every call recorded, so that a loss of power can be made of any moment, and able to be full.

use std::{
    io::{self, IoSlice, IoSliceMut},
    path::{Path, PathBuf},
    sync::Arc,
};

use safeconduct_faults::{
    fs::{FaultFile, Files},
    trace::{FirstSync, Trace},
    vfs::FaultVfs,
};
use safeconduct_relay::store::disk::{Disk, DiskFile, Space, SystemDisk};

/// A disk whose calls are recorded.
pub(crate) struct TracedDisk {
    files: Files,
    vfs: FaultVfs,
}

impl TracedDisk {
    pub(crate) fn new(trace: &Trace) -> Self {
        Self { files: Files::new(trace), vfs: FaultVfs::register(trace).unwrap() }
    }
}

impl Disk for TracedDisk {
    fn make_dir(&self, path: &Path) -> io::Result<()> {
        self.files.create_dir_all(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let mut found = SystemDisk.list(dir)?;
        found.sort();
        Ok(found)
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(TracedFile(self.files.create(path, FirstSync::OfFolder)?)))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(TracedFile(self.files.open(path)?)))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.files.remove(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.files.rename(from, to)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.files.sync_dir(dir)
    }

    fn space(&self, _path: &Path) -> Option<Space> {
        None
    }

    fn vfs(&self) -> Option<&str> {
        Some(self.vfs.name())
    }
}

struct TracedFile(FaultFile);

impl DiskFile for TracedFile {
    fn write_at(&self, offset: u64, parts: &mut [IoSlice<'_>]) -> io::Result<()> {
        self.0.write_all_vectored_at(parts, offset)
    }

    fn read_at(&self, mut offset: u64, parts: &mut [IoSliceMut<'_>]) -> io::Result<()> {
        for part in parts {
            self.0.read_exact_at(part, offset)?;
            offset = offset.saturating_add(part.len() as u64);
        }
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.0.truncate(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }

    fn punch(&self, offset: u64, length: u64) -> io::Result<()> {
        self.0.punch(offset, length)
    }
}
