//! What can be judged of an entry without the others: its signature, and whether its keys are sound. That is nearly all of
//! the work of a replay, and it is done for many entries at once, on all processors.
//!
//! Nothing is judged twice: a key that the node has already was found sound when it came, and the registrar's key is the
//! same for all, so that its multiples are kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZero,
    thread,
};

use safeconduct_protocol::crypto::{
    fixed::FixedKey,
    sign::{KeyRefused, VerifyingKey},
};

use super::{
    Registry,
    leaf::{Leaf, LeafKind, LeafRefused},
};

/// Entries for which it is worth to start threads, and to have the registrar's multiples.
const MANY: usize = 64;
/// Threads at most: beyond, the rest of a replay is the longer part.
const THREADS_MAX: usize = 8;

/// The findings about one entry. A key is looked at only where the rules ask for it.
pub(super) struct Alone {
    /// Signed by the authority's registrar?
    pub(super) registrar: Result<(), LeafRefused>,
    pub(super) ik: Result<VerifyingKey, KeyRefused>,
    pub(super) succession: Result<VerifyingKey, KeyRefused>,
}

type Keys = BTreeMap<[u8; 32], Result<VerifyingKey, KeyRefused>>;

impl Alone {
    /// The findings about all, in their order; the entries follow those that the registry holds, and none but the first brings a next
    /// version of the root file into force.
    pub(super) fn of_all(leaves: &[Leaf], registry: &Registry) -> Vec<Self> {
        let mut keys = Keys::new();
        let mut unknown = BTreeSet::new();
        for leaf in leaves.iter().filter(|leaf| brings_keys(leaf)) {
            for key in [leaf.fields.ik, leaf.fields.succession] {
                match registry.sound_key(&leaf.fields.node, &key) {
                    Some(known) => drop(keys.insert(key, Ok(known))),
                    None => drop(unknown.insert(key)),
                }
            }
        }
        let unknown: Vec<[u8; 32]> = unknown.into_iter().filter(|key| !keys.contains_key(key)).collect();
        // An entry that brings other keys into force is signed by those: whoever has the replaced ones cannot write it.
        let next = leaves.first().filter(|_| leaves.len() == 1).and_then(|leaf| registry.root_of_entry(leaf));
        let signer = if let Some(next) = next {
            Signer::Once(next.registrar())
        } else if leaves.len() < MANY {
            Signer::Once(registry.registrar())
        } else {
            Signer::Often(registry.registrar_fixed())
        };
        let (signed, judged) = judge_all(leaves, &unknown, &signer);
        keys.extend(unknown.into_iter().zip(judged));
        let finding = |key: &[u8; 32]| keys.get(key).copied().unwrap_or(Err(KeyRefused::NotAPoint));
        let with_keys = |(leaf, registrar): (&Leaf, Result<(), LeafRefused>)| Self {
            registrar,
            ik: finding(&leaf.fields.ik),
            succession: finding(&leaf.fields.succession),
        };
        leaves.iter().zip(signed).map(with_keys).collect()
    }
}

/// An entry whose keys the rules look at.
const fn brings_keys(leaf: &Leaf) -> bool {
    matches!(leaf.fields.kind, LeafKind::Add | LeafKind::Change)
}

/// The registrar's key, for a few or for many.
enum Signer<'r> {
    Once(&'r VerifyingKey),
    Often(&'r FixedKey),
}

impl Signer<'_> {
    fn verify(&self, leaves: &[Leaf]) -> Vec<Result<(), LeafRefused>> {
        match self {
            Self::Once(key) => leaves.iter().map(|leaf| leaf.verify_registrar(key)).collect(),
            Self::Often(key) => Leaf::verify_registrar_each(leaves, key),
        }
    }
}

type Judged = (Vec<Result<(), LeafRefused>>, Vec<Result<VerifyingKey, KeyRefused>>);

/// Signatures and keys, on all processors when there are many.
fn judge_all(leaves: &[Leaf], keys: &[[u8; 32]], signer: &Signer<'_>) -> Judged {
    let some = |leaves: &[Leaf], keys: &[[u8; 32]]| -> Judged {
        (signer.verify(leaves), keys.iter().map(|key| VerifyingKey::try_from(*key)).collect())
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
    if leaves.len() < MANY || threads < 2 {
        return some(leaves, keys);
    }
    let (leaf_part, key_part) = (leaves.len().div_ceil(threads), keys.len().div_ceil(threads));
    thread::scope(|scope| {
        let part = |place: usize| {
            let leaves = leaves.iter().as_slice().chunks(leaf_part).nth(place).unwrap_or_default();
            (leaves, keys.chunks(key_part.max(1)).nth(place).unwrap_or_default())
        };
        let parts: Vec<_> = (1..threads)
            .map(|place| {
                let (leaves, keys) = part(place);
                (leaves, keys, scope.spawn(move || some(leaves, keys)))
            })
            .collect();
        let (leaves, keys) = part(0);
        let mut all = some(leaves, keys);
        for (leaves, keys, thread) in parts {
            // A thread that did not end is no judgement: it is made here.
            let (signed, judged) = thread.join().unwrap_or_else(|_| some(leaves, keys));
            all.0.extend(signed);
            all.1.extend(judged);
        }
        all
    })
}
