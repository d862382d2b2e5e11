//! A witness's memory: the newest head of each log that it has signed, durable before a cosignature leaves, so that it never
//! signs two roots of one size, nor a smaller size, nor a log that does not continue the one it saw (C2SP tlog-witness).

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use crate::durable;

/// Logs that a witness follows at most.
pub const LOGS_MAX: usize = 1024;
const BYTES_MAX: u64 = 512 * 1024;
const FORMAT: &str = "safeconduct.witness/1";

/// Why a head gets no cosignature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WitnessRefused {
    /// A smaller log than was signed before.
    #[error("the witness has signed {signed} entries of this log, and this head has {offered}")]
    Smaller {
        /// Entries signed before.
        signed: u64,
        /// Entries of the head.
        offered: u64,
    },
    /// Another history than was signed before.
    #[error("the first {signed} entries of this log are others than the witness has signed")]
    Forked {
        /// Entries signed before.
        signed: u64,
    },
    /// More than [`LOGS_MAX`] logs.
    #[error("the witness follows {LOGS_MAX} logs already")]
    TooMany,
    /// The memory cannot be read or written.
    #[error("the witness's memory cannot be read or written: {0}")]
    Disk(io::ErrorKind),
    /// The memory is damaged.
    #[error("the witness's memory is damaged")]
    Damaged,
}

impl WitnessRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Smaller { .. } => {
                "get the log's newest export; if it stays so, phone the authority: its log was set back"
            }
            Self::Forked { .. } => "sign nothing, keep both files, and phone the authority: its log was forked",
            Self::TooMany => "forget a log that has ended, by hand, in the witness's memory",
            Self::Disk(_) => "check space, permissions and the disk, then try again: nothing was signed",
            Self::Damaged => {
                "restore the newest copy of it; without one, ask each log's other witnesses what they signed last"
            }
        }
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    size: u64,
    root: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    logs: BTreeMap<String, Signed>,
}

/// The memory, as a file.
pub struct WitnessMemory {
    path: PathBuf,
    logs: BTreeMap<String, Signed>,
}

impl WitnessMemory {
    /// Reads the memory; one that is not there yet is empty.
    ///
    /// # Errors
    /// [`WitnessRefused::Disk`], [`WitnessRefused::Damaged`].
    pub fn open(path: &Path) -> Result<Self, WitnessRefused> {
        let bytes = match std::fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path: path.to_owned(), logs: BTreeMap::new() });
            }
            Ok(about) if about.len() > BYTES_MAX => return Err(WitnessRefused::Damaged),
            _ => std::fs::read(path).map_err(|error| WitnessRefused::Disk(error.kind()))?,
        };
        let wire: Wire = serde_json::from_slice(&bytes).ok().ok_or(WitnessRefused::Damaged)?;
        let sound = wire.format == FORMAT && wire.logs.values().all(|signed| root_of(signed).is_some());
        if sound { Ok(Self { path: path.to_owned(), logs: wire.logs }) } else { Err(WitnessRefused::Damaged) }
    }

    /// Entries of this log that were signed.
    #[must_use]
    pub fn signed(&self, log: &str) -> Option<u64> {
        self.logs.get(log).map(|signed| signed.size)
    }

    /// Whether a head may be signed: `root_at` gives the root over the first so many entries of the log that it is of, which
    /// must have been verified. When this returns, the head is remembered durably, and may be signed.
    ///
    /// # Errors
    /// [`WitnessRefused`]; nothing may be signed then.
    pub fn remember(
        &mut self,
        head: &Checkpoint,
        root_at: impl FnOnce(u64) -> Option<[u8; 32]>,
    ) -> Result<(), WitnessRefused> {
        let signed = Signed { size: head.size, root: hex::encode(head.root) };
        match self.logs.get(&head.origin) {
            None if self.logs.len() >= LOGS_MAX => return Err(WitnessRefused::TooMany),
            None => {}
            Some(known) if *known == signed => return Ok(()),
            Some(known) if head.size < known.size => {
                return Err(WitnessRefused::Smaller { signed: known.size, offered: head.size });
            }
            Some(known) if root_at(known.size) == root_of(known) && head.size > known.size => {}
            Some(known) => return Err(WitnessRefused::Forked { signed: known.size }),
        }
        let mut logs = self.logs.clone();
        logs.insert(head.origin.clone(), signed);
        let wire = Wire { format: FORMAT.to_owned(), logs };
        let text = serde_json::to_string_pretty(&wire).ok().ok_or(WitnessRefused::Damaged)?;
        durable::write(&self.path, text.as_bytes(), durable::PRIVATE)
            .map_err(|error| WitnessRefused::Disk(error.kind()))?;
        self.logs = wire.logs;
        Ok(())
    }
}

fn root_of(signed: &Signed) -> Option<[u8; 32]> {
    hex::decode(&signed.root).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::merkle::{Tree, leaf_hash};

    fn tree(first: &[u8], size: u64) -> Tree {
        let mut tree = Tree::new();
        for i in 0..size {
            tree.push(leaf_hash(if i == 0 { first } else { b"the same" }));
        }
        tree
    }

    fn head(tree: &Tree, size: u64) -> Checkpoint {
        Checkpoint { origin: "xa.test/registry".to_owned(), size, root: tree.root_at(size).unwrap() }
    }

    #[test]
    fn a_witness_signs_only_what_continues_what_it_signed_also_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("witness.json");
        let (ours, other) = (tree(b"a", 9), tree(b"b", 9));
        let mut memory = WitnessMemory::open(&path).unwrap();
        memory.remember(&head(&ours, 4), |size| ours.root_at(size)).unwrap();
        for _ in 0..2 {
            let smaller = memory.remember(&head(&ours, 3), |size| ours.root_at(size));
            assert_eq!(smaller, Err(WitnessRefused::Smaller { signed: 4, offered: 3 }));
            for size in 4..=9 {
                let forked = memory.remember(&head(&other, size), |size| other.root_at(size));
                assert_eq!(forked, Err(WitnessRefused::Forked { signed: 4 }), "{size}");
            }
            // The same again, and what continues it.
            memory.remember(&head(&ours, 4), |size| ours.root_at(size)).unwrap();
            memory = WitnessMemory::open(&path).unwrap();
        }
        memory.remember(&head(&ours, 9), |size| ours.root_at(size)).unwrap();
        assert_eq!(WitnessMemory::open(&path).unwrap().signed("xa.test/registry"), Some(9));
    }

    #[test]
    fn a_witness_whose_memory_is_damaged_or_cannot_be_written_signs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("witness.json");
        for bent in ["", "{}", "{\"format\":\"safeconduct.witness/1\",\"logs\":{\"x\":{\"size\":1,\"root\":\"00\"}}}"] {
            std::fs::write(&path, bent).unwrap();
            assert_eq!(WitnessMemory::open(&path).err(), Some(WitnessRefused::Damaged), "{bent}");
        }
        let ours = tree(b"a", 4);
        let mut memory = WitnessMemory::open(&folder.path().join("none/witness.json")).unwrap();
        assert!(matches!(memory.remember(&head(&ours, 4), |_| None), Err(WitnessRefused::Disk(_))));
        assert_eq!(memory.signed("xa.test/registry"), None);
    }
}
