//! Looks into the memory of a running process, as whoever may read it can: what is in it, how often, and what the system says of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use crate::canary::{Canaries, Finding};
use crate::error::WorldError;

/// Bytes that are read at a time.
const PIECE_BYTES: usize = 1024 * 1024;
/// A page of nothing is passed over.
const PAGE: [u8; 4096] = [0; 4096];

/// What a search of a process saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Bytes that were read and are not zero pages.
    pub bytes: u64,
    /// What was found, and how often.
    pub found: BTreeMap<Finding, u64>,
}

impl Seen {
    /// How often a string or key was found, in whatever form.
    #[must_use]
    pub fn times(&self, needle: &str) -> u64 {
        self.found.iter().filter(|(finding, _)| finding.needle == needle).map(|(_, times)| times).sum()
    }
}

/// Searches what the process can write: heap, stacks, its own copies of mapped files. `None` when the system lets this account not read it.
///
/// # Errors
/// The process is gone, or the system tells nothing of it.
pub fn search(process: u32, canaries: &Canaries) -> Result<Option<Seen>, WorldError> {
    let name = format!("/proc/{process}/mem");
    let memory = match File::open(&name) {
        Ok(memory) => memory,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(WorldError::io("open", &name)(error)),
    };
    let mut seen = Seen::default();
    let more = canaries.bytes_max().saturating_sub(1);
    for (from, to) in writable(process)? {
        let mut at = from;
        while at < to {
            let whole = usize::try_from(to - at).unwrap_or(usize::MAX);
            let mut piece = vec![0; whole.min(PIECE_BYTES.saturating_add(more))];
            // Guard pages, and what the process gives back meanwhile.
            let read = memory.read_at(&mut piece, at).unwrap_or(0);
            let piece = piece.get(..read).unwrap_or_default();
            seen.bytes += count(piece, canaries, &mut seen.found);
            at = at.saturating_add(PIECE_BYTES as u64);
        }
    }
    Ok(Some(seen))
}

/// Counts what begins in the first [`PIECE_BYTES`] of a piece; says how many bytes were no zero pages.
fn count(piece: &[u8], canaries: &Canaries, found: &mut BTreeMap<Finding, u64>) -> u64 {
    let mut bytes = 0;
    for (page, begin) in piece.chunks(PAGE.len()).zip((0..PIECE_BYTES).step_by(PAGE.len())) {
        if page == PAGE.get(..page.len()).unwrap_or_default() {
            continue;
        }
        bytes += page.len() as u64;
        let rest = piece.get(begin..).unwrap_or_default();
        for finding in canaries.beginning_in(rest, page.len()) {
            *found.entry(finding).or_default() += 1;
        }
    }
    bytes
}

/// Where the process may write.
fn writable(process: u32) -> Result<Vec<(u64, u64)>, WorldError> {
    let name = format!("/proc/{process}/maps");
    let maps = std::fs::read_to_string(&name).map_err(WorldError::io("read", &name))?;
    let number = |text: &str| u64::from_str_radix(text, 16).ok();
    Ok(maps
        .lines()
        .filter_map(|line| {
            let (range, rest) = line.split_once(' ')?;
            let (from, to) = range.split_once('-')?;
            rest.starts_with("rw").then_some((number(from)?, number(to)?))
        })
        .collect())
}

/// A size of `/proc/PID/status` in KiB, such as `VmLck`.
///
/// # Errors
/// The process is gone, or there is no such line.
pub fn kib(process: u32, name: &str) -> Result<u64, WorldError> {
    let path = format!("/proc/{process}/status");
    let text = std::fs::read_to_string(&path).map_err(WorldError::io("read", &path))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let size = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
    size.ok_or_else(|| WorldError::Unreadable { command: path, wanted: name.to_owned(), answer: text })
}

/// Soft and hard limit of `/proc/PID/limits`, as it writes them.
///
/// # Errors
/// The process is gone, or there is no such line.
pub fn limit(process: u32, name: &str) -> Result<(String, String), WorldError> {
    let path = format!("/proc/{process}/limits");
    let text = std::fs::read_to_string(&path).map_err(WorldError::io("read", &path))?;
    let found = text.lines().find_map(|line| {
        let mut words = line.strip_prefix(name)?.split_whitespace().map(str::to_owned);
        Some((words.next()?, words.next()?))
    });
    found.ok_or_else(|| WorldError::Unreadable { command: path, wanted: name.to_owned(), answer: text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_this_process_is_found_as_often_as_it_is_there() {
        let secret = format!("canary {} of this process", std::process::id());
        let copies: Vec<String> = (0..3).map(|_copy| secret.clone()).collect();
        let key = [0xa5_u8, 0x17, 0x5a, 0x93, 0x6e, 0x01, 0xfe, 0x44];
        let canaries = Canaries::new([secret.clone()]).with_bytes([("key", key.to_vec())]);

        let seen = search(std::process::id(), &canaries).unwrap().unwrap();

        // The canary's own copies count: the text, and the pattern made of it.
        assert!(seen.times(&secret) > copies.len() as u64, "{:?}", seen.found);
        assert!(seen.times("key") >= 1);
        assert!(seen.bytes > 4096);
        assert!(kib(std::process::id(), "VmRSS").unwrap() > 0);
        assert!(limit(std::process::id(), "Max core file size").is_ok());
    }
}
