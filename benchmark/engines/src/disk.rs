//! The disk under the directory: which file system, how much of it a store takes.

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::engine::Failure;

/// File systems in memory, on which an fsync costs nothing.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// Type and mount options of the file system of `dir`.
pub(crate) fn file_system(dir: &Path) -> Result<String, Failure> {
    let dir = dir.canonicalize()?;
    let mounts = std::fs::read_to_string("/proc/mounts")?;
    let found = mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ').skip(1);
            let (at, kind, options) = (words.next()?, words.next()?, words.next()?);
            dir.starts_with(at).then_some((at.len(), kind, options))
        })
        .max_by_key(|(length, ..)| *length);
    let Some((_, kind, options)) = found else { return Err(Failure("no mount holds the directory".to_owned())) };
    if IN_MEMORY.contains(&kind) {
        return Err(Failure(format!("{} is {kind}, in memory: name a directory on a disk with --dir", dir.display())));
    }
    Ok(format!("{kind} ({options})"))
}

/// Bytes that the files below `dir` have on the disk.
pub(crate) fn taken(dir: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        // A file may go while it is looked at.
        let Ok(metadata) = entry.metadata() else { continue };
        bytes += if metadata.is_dir() { taken(&entry.path())? } else { metadata.blocks() * 512 };
    }
    Ok(bytes)
}

/// Writes out everything of the file system, so that one cell's leftovers are not the next one's load.
pub(crate) fn settle(dir: &Path) -> Result<(), Failure> {
    rustix::fs::syncfs(std::fs::File::open(dir)?)?;
    std::thread::sleep(Duration::from_millis(200));
    Ok(())
}

/// A directory of this run, gone when dropped.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(parent: &Path, name: &str) -> Result<Self, Failure> {
        let path = parent.join(format!("safeconduct-engines-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Resident memory of this process, now and at its highest, in MiB.
pub(crate) fn resident() -> Result<(u64, u64), Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name));
        value.and_then(|value| value.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib / 1024)
    };
    Ok((line("VmRSS:"), line("VmHWM:")))
}
