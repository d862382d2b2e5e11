//! Witnessing another authority's log by files: its exported log is replayed, must continue what was seen before, and its head
//! is cosigned. And the other way: taking cosignatures over the own head.

use safeconduct_protocol::crypto::note::{NoteKey, NoteVerifier};

use super::{AdminError, Office, root::RootFile};
use crate::log::{
    export::{self, ExportRefused, Signers},
    note,
    witness::{WitnessMemory, WitnessRefused},
};

const MEMORY_FILE: &str = "witness.json";

/// Why another authority's head was not cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotWitnessed {
    /// The authority's own directory.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The log is refused.
    #[error("the log is refused: {0}")]
    Log(#[from] ExportRefused),
    /// It does not continue what was signed before.
    #[error(transparent)]
    Witness(#[from] WitnessRefused),
    /// The own log: a witness is somebody else.
    #[error("this is the authority's own log, and a witness is somebody else")]
    Own,
}

/// A cosigned head.
pub struct Cosigned {
    /// The log's name.
    pub log: String,
    /// Entries.
    pub size: u64,
    /// The note, with this authority's cosignature.
    pub note: Vec<u8>,
}

impl Office {
    /// Name and key with which this authority cosigns other logs; made when it is first asked for.
    ///
    /// # Errors
    /// What the disk says.
    pub fn witness_key(&mut self) -> Result<(String, NoteVerifier), AdminError> {
        let key = self.note_key()?.verifier();
        Ok((self.witness_name(), key))
    }

    /// Verifies another authority's log and cosigns its head. That it was signed is durable before this returns.
    ///
    /// # Errors
    /// [`NotWitnessed`]; nothing is signed then.
    pub fn witness(&mut self, root: RootFile, log: &[u8]) -> Result<Cosigned, NotWitnessed> {
        if root.log_name() == self.root().log_name() {
            return Err(NotWitnessed::Own);
        }
        let registry = export::read(log, root, Signers::Authority)?;
        let now = self.now()?;
        let (name, key) = (self.witness_name(), self.note_key()?);
        let damaged = AdminError::Damaged { what: "the witness key" };
        let checkpoint = registry.checkpoint().cloned().ok_or(ExportRefused::Malformed)?;
        let head = registry.head().ok_or(ExportRefused::Malformed)?;
        // A name is an authority's own choice: what one signs under another's must not stand in the other's way.
        let named = format!("{} {}", checkpoint.origin, hex::encode(registry.root().authority()));
        let remembered = WitnessMemory::open(&self.folder.join(MEMORY_FILE)).and_then(|mut memory| {
            memory.remember(&crate::log::checkpoint::Checkpoint { origin: named, ..checkpoint.clone() }, |size| {
                registry.root_hash_at(size)
            })
        });
        if let Err(refused) = remembered {
            self.note_act("witness-refused", &checkpoint.origin, &refused.to_string())?;
            return Err(refused.into());
        }
        let note = note::cosign(&head.note, &name, &key, now.0).ok_or(damaged)?;
        let (log, size) = (checkpoint.origin, checkpoint.size);
        self.note_act("witness", &log, &format!("{size} entries, root {}", hex::encode(checkpoint.root)))?;
        Ok(Cosigned { log, size, note })
    }

    fn witness_name(&self) -> String {
        format!("{}/witness", self.root().log_name())
    }

    fn note_key(&mut self) -> Result<NoteKey, AdminError> {
        let folder = self.folder.join("keys");
        super::keys::witness(&folder, self.keys.unlock.reveal(), self.entropy.as_mut())
    }
}
