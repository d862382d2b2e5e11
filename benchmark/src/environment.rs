//! Where a run was made: without it, its numbers say nothing.

use std::{fs, path::Path, process::Command, thread};

use safeconduct_certs::{system::SystemClock, utc};
use safeconduct_protocol::time::Clock as _;
use serde::Serialize;

/// The machine and its state when the run began.
#[derive(Serialize, Clone)]
pub(crate) struct Environment {
    pub(crate) made: String,
    pub(crate) commit: String,
    pub(crate) cores: usize,
    pub(crate) processor: String,
    pub(crate) memory_mib: u64,
    pub(crate) kernel: String,
    pub(crate) file_system: String,
    /// Load average over one minute before the run.
    pub(crate) load_before: String,
}

impl Environment {
    /// Of this machine; the file system is that of `folder`.
    pub(crate) fn look(folder: &Path) -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let memory = field(&read("/proc/meminfo"), "MemTotal");
        Self {
            made: utc::instant(SystemClock.now()),
            commit: commit(),
            cores: thread::available_parallelism().map_or(0, usize::from),
            processor: field(&read("/proc/cpuinfo"), "model name"),
            memory_mib: memory.trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024,
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            file_system: file_system(&read("/proc/self/mounts"), folder),
            load_before: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
        }
    }

    /// Does other work take a good part of the processors?
    pub(crate) fn is_busy(&self) -> bool {
        let cores = f64::from(u32::try_from(self.cores).unwrap_or(u32::MAX));
        self.load_before.parse::<f64>().is_ok_and(|load| load > cores / 4.0)
    }
}

/// The type of the file system that holds `folder`: that of the longest mount point above it.
fn file_system(mounts: &str, folder: &Path) -> String {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_missing| folder.to_owned());
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let above = mounts.filter(|(point, _)| folder.starts_with(point));
    above.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind.to_owned()).unwrap_or_default()
}

/// Which commit this is, where git can say so.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    if changed { commit + " with changes" } else { commit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_is_that_of_the_nearest_mount_point() {
        let mounts = "a / ext4 rw\nb /proc proc rw\nc /proc/sys tmpfs rw";

        assert_eq!(file_system(mounts, Path::new("/proc/sys/kernel")), "tmpfs");
        assert_eq!(file_system(mounts, Path::new("/nowhere")), "ext4");
    }
}
