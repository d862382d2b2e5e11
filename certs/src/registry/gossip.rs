//! Heads that others have seen, carried inside sealed messages: compared with ours, they show an authority or a relay
//! that tells two stories.

use super::Registry;
use crate::{evidence::ForkProof, log::export::Signers};

/// What a checkpoint from a message says beside ours.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Gossip {
    /// Not a valid checkpoint of this log: ignore it, and count it.
    Invalid,
    /// The same history.
    Same,
    /// The sender has seen more: fetch, then compare again, within 24 hours.
    Ahead {
        /// Entries that the sender has seen.
        size: u64,
    },
    /// Two validly signed heads that cannot both be true: stop taking registry changes, keep the proof, raise the alarm.
    Equivocation(Equivocation),
}

/// Proof that one log key signed two histories: hand it to the authority.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Equivocation {
    /// Size at which they part, or the smaller of both.
    pub size: u64,
    /// The head that we accepted; together with our entries up to `size` it contradicts the other.
    pub ours: Vec<u8>,
    /// The head from the message.
    pub theirs: Vec<u8>,
    /// Signed by a log key that has been replaced since: whoever has stolen that one could have done it, today. Kept and told, and no
    /// reason to take no more changes under the key in force.
    pub by_replaced: bool,
    /// The proof file, which anyone verifies without either log ([`ForkProof`]).
    pub proof: Vec<u8>,
}

/// Compares a checkpoint note from a message with our registry. The log key's signature suffices: what it has signed it
/// has signed, whether or not witnesses have seen it.
#[must_use]
pub fn compare(registry: &Registry, note: &[u8]) -> Gossip {
    if registry.head().is_some_and(|head| head.note == note) {
        return Gossip::Same;
    }
    let Ok(theirs) = registry.open_note(note, Signers::Authority) else { return Gossip::Invalid };
    match registry.root_hash_at(theirs.size) {
        None => Gossip::Ahead { size: theirs.size },
        Some(root) if root == theirs.root => Gossip::Same,
        Some(_) => {
            let ours = registry.head().map(|head| head.note.clone()).unwrap_or_default();
            let proof = ForkProof::collect(registry, &ours, note).map(|proof| proof.to_json().into_bytes());
            let proof = proof.unwrap_or_default();
            let by_replaced = registry.root_at(theirs.size).version() < registry.root_in_force().version();
            Gossip::Equivocation(Equivocation { size: theirs.size, ours, theirs: note.to_vec(), by_replaced, proof })
        }
    }
}
