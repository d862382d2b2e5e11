//! The relay as a witness: it cosigns each head that it has replayed, once it has made durable that it did. Two registries
//! under one log key then need a relay that lies, too.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use safeconduct_certs::{
    authority::relay_file::witness_name,
    log::{
        checkpoint::Checkpoint,
        note::{SignedNote, cosign},
        witness::{WitnessMemory, WitnessRefused},
    },
    registry::Registry,
};
use safeconduct_protocol::{crypto::note::NoteKey, frame::Head, time::Timestamp};
use tracing::warn;

use crate::{foreign::Log, store::workers::Workers};

/// What was cosigned last, of each log.
pub(crate) const MEMORY_FILE: &str = "witness.json";

/// The witness key, and what it has signed.
pub(crate) struct Witness {
    name: String,
    key: NoteKey,
    memory: Arc<Mutex<WitnessMemory>>,
    workers: Workers,
}

impl Witness {
    /// The witness of the relay with its data here.
    pub(crate) fn open(data: &Path, key: NoteKey, workers: Workers) -> Result<Self, WitnessRefused> {
        let memory = Arc::new(Mutex::new(WitnessMemory::open(&data.join(MEMORY_FILE))?));
        Ok(Self { name: witness_name(&key.verifier()), key, memory, workers })
    }

    /// The head's note with this relay's cosignature, once that it signs is durable; none when the root file does not name
    /// this witness or the note is signed already. The registry has judged the head, and holds its entries.
    ///
    /// # Errors
    /// [`WitnessRefused`]: the head must not be taken.
    pub(crate) async fn cosign(
        &self,
        registry: &Registry,
        head: &Head,
        log: Log,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, WitnessRefused> {
        let Ok(checkpoint) = registry.would_accept_unwitnessed(head) else { return Ok(None) };
        let memory = Arc::clone(&self.memory);
        // A name is the authority's own choice: what one abroad signs under another's must not stand in the other's way.
        let checkpoint = match log {
            Log::Own => checkpoint,
            Log::Foreign(authority) => {
                Checkpoint { origin: format!("{} {}", checkpoint.origin, hex::encode(authority)), ..checkpoint }
            }
        };
        let before = self.signed(&checkpoint.origin);
        let root_before = before.and_then(|size| registry.root_hash_at(size));
        let remember = move || {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            let known = memory.signed(&checkpoint.origin);
            memory.remember(&checkpoint, |_size| if known == before { root_before } else { None })
        };
        let remembered = self.workers.blocking(remember).await;
        remembered.unwrap_or(Err(WitnessRefused::Disk(std::io::ErrorKind::Other))).inspect_err(|refused| {
            warn!(event = "head-not-witnessed", "{refused}");
        })?;
        let verifier = self.key.verifier();
        let named =
            registry.root_at(head.size).witnesses().iter().any(|(name, key)| *name == self.name && *key == verifier);
        let signed =
            SignedNote::parse(&head.note).is_ok_and(|note| note.verify_cosignature(&self.name, &verifier).is_ok());
        Ok(if named && !signed { cosign(&head.note, &self.name, &self.key, now.0) } else { None })
    }

    fn signed(&self, log: &str) -> Option<u64> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).signed(log)
    }
}
