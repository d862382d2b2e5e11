//! What can be judged of an entry without the others: its signature, and whether its keys are sound. That is nearly all of
//! the work of a replay, and it is done for many entries at once, on all processors.

use std::{num::NonZero, thread};

use safeconduct_protocol::crypto::sign::{KeyRefused, VerifyingKey};

use super::leaf::{Leaf, LeafRefused};

/// Entries for which it is worth to start threads.
const MANY: usize = 64;
/// Threads at most: beyond, the rest of a replay is the longer part.
const THREADS_MAX: usize = 8;

/// The findings about one entry. A key is looked at only where the entry has one; the rules say where it must.
pub(super) struct Alone {
    /// Signed by the authority's registrar?
    pub(super) registrar: Result<(), LeafRefused>,
    pub(super) ik: Result<VerifyingKey, KeyRefused>,
    pub(super) succession: Result<VerifyingKey, KeyRefused>,
}

impl Alone {
    fn of(leaf: &Leaf, registrar: &VerifyingKey) -> Self {
        Self {
            registrar: leaf.verify_registrar(registrar),
            ik: VerifyingKey::try_from(leaf.fields.ik),
            succession: VerifyingKey::try_from(leaf.fields.succession),
        }
    }

    /// The findings about all, in their order.
    pub(super) fn of_all(leaves: &[Leaf], registrar: &VerifyingKey) -> Vec<Self> {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
        if leaves.len() < MANY || threads < 2 {
            return leaves.iter().map(|leaf| Self::of(leaf, registrar)).collect();
        }
        let part = leaves.len().div_ceil(threads);
        thread::scope(|scope| {
            let parts: Vec<_> = leaves
                .chunks(part)
                .map(|some| scope.spawn(|| some.iter().map(|leaf| Self::of(leaf, registrar)).collect::<Vec<_>>()))
                .collect();
            let mut all = Vec::with_capacity(leaves.len());
            for (part, some) in parts.into_iter().zip(leaves.chunks(part)) {
                // A thread that did not end is no judgement: it is made here.
                all.extend(part.join().unwrap_or_else(|_| some.iter().map(|leaf| Self::of(leaf, registrar)).collect()));
            }
            all
        })
    }
}
