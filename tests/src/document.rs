//! A document on its way: a file to send, waiting for where it stands, and the memory that it takes of a process.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::WorldError;
use crate::wait::{self, Look};
use crate::world::Node;

/// Writes a text of so many bytes, a multiple of 64, into `folder`, each line another; gives its path.
///
/// # Errors
/// [`WorldError::Io`].
pub fn write(folder: &Path, bytes: u64) -> Result<PathBuf, WorldError> {
    let path = folder.join("statement.txt");
    let written = || -> io::Result<()> {
        let mut out = io::BufWriter::new(File::create(&path)?);
        for line in 0..bytes / 64 {
            writeln!(out, "{line:063}")?;
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    written().map_err(WorldError::io("write", &path))?;
    Ok(path)
}

/// Waits until one of the documents of a referral is in this state at the node; gives its id.
///
/// # Errors
/// [`WorldError::Late`] after `seconds`, or what `document list` says.
pub fn waits_for_state(node: &Node, referral: &str, state: &str, seconds: u64) -> Result<String, WorldError> {
    wait::until(&format!("a document to be {state}"), seconds, || {
        let answer = node.done(&["document", "list", referral])?;
        let mut all = answer.pointer("/documents").and_then(|all| all.as_array()).into_iter().flatten();
        let found = all.find(|one| one.get("state").is_some_and(|found| found == state));
        let id = found.and_then(|one| one.get("id")?.as_str()).map(str::to_owned);
        Ok(id.map_or_else(|| Look::NotYet(answer.to_string()), Look::Seen))
    })
}

/// The most memory that a process has held since this was begun, in bytes.
#[derive(Debug)]
pub struct Memory {
    process: u32,
    before: u64,
}

impl Memory {
    /// From now on: what it took to open the vault does not count.
    ///
    /// # Errors
    /// [`WorldError::Io`] for a process that is not there.
    pub fn of(process: u32) -> Result<Self, WorldError> {
        let path = PathBuf::from(format!("/proc/{process}/clear_refs"));
        fs::write(&path, "5").map_err(WorldError::io("write", &path))?;
        Ok(Self { process, before: most(process)? })
    }

    /// By how much it has grown at its most.
    ///
    /// # Errors
    /// [`WorldError::Io`] for a process that has ended.
    pub fn grew_by(&self) -> Result<u64, WorldError> {
        Ok(most(self.process)?.saturating_sub(self.before))
    }
}

fn most(process: u32) -> Result<u64, WorldError> {
    let path = PathBuf::from(format!("/proc/{process}/status"));
    let status = fs::read_to_string(&path).map_err(WorldError::io("read", &path))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    let kib = line.trim().trim_end_matches(" kB").parse::<u64>();
    let kib = kib.map_err(|error| WorldError::io("read", &path)(io::Error::other(error)))?;
    Ok(kib.saturating_mul(1024))
}
