//! Inclusion and consistency proofs (RFC 6962 §2.1.1 and §2.1.2), made from a [`Tree`] and checked without one
//! (RFC 9162 §2.1.3.2 and §2.1.4.2).

use safeconduct_protocol::id::LeafHash;

use super::merkle::{self, Tree, largest_power_below, node_hash};

/// Hashes in a proof: a tree of 2^64 leaves needs no more.
pub const PATH_HASHES_MAX: usize = 64;

/// The proof does not lead from what it starts with to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the signed root")]
pub struct BadProof;

/// Proof that a leaf stands at an index of a log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InclusionProof {
    /// Place of the leaf, from 0.
    pub index: u64,
    /// Leaves of the tree that the proof is about.
    pub size: u64,
    /// Sibling hashes, the leaf's first.
    pub path: Vec<[u8; 32]>,
}

impl InclusionProof {
    /// The proof for leaf `index` in the tree's first `size` leaves; `None` when it has no such leaf.
    #[must_use]
    pub fn make(tree: &Tree, index: u64, size: u64) -> Option<Self> {
        if index >= size || size > tree.size() {
            return None;
        }
        let mut path = Vec::new();
        // From the root down: keep the half that holds the leaf, note the other half's hash.
        let (mut start, mut length) = (0_u64, size);
        while length > 1 {
            let left = largest_power_below(length)?;
            let middle = start.checked_add(left)?;
            let right = length.checked_sub(left)?;
            if index < middle {
                path.push(tree.subtree(middle, right)?);
                length = left;
            } else {
                path.push(tree.subtree(start, left)?);
                start = middle;
                length = right;
            }
        }
        path.reverse();
        Some(Self { index, size, path })
    }

    /// Checks that `leaf` stands at the index in the log that has this root.
    ///
    /// # Errors
    /// [`BadProof`].
    pub fn verify(&self, leaf: LeafHash, root: &[u8; 32]) -> Result<(), BadProof> {
        if self.index >= self.size || self.path.len() > PATH_HASHES_MAX {
            return Err(BadProof);
        }
        let (mut place, mut last) = (self.index, self.size.saturating_sub(1));
        let mut hash = *leaf.as_bytes();
        for sibling in &self.path {
            if last == 0 {
                return Err(BadProof);
            }
            if place & 1 == 1 || place == last {
                hash = node_hash(sibling, &hash);
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = node_hash(&hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        if last == 0 && hash == *root { Ok(()) } else { Err(BadProof) }
    }
}

/// Proof that a log of `to` leaves begins with the log of `from` leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsistencyProof {
    /// Leaves of the older log.
    pub from: u64,
    /// Leaves of the newer log.
    pub to: u64,
    /// Hashes as RFC 6962 §2.1.2 orders them.
    pub path: Vec<[u8; 32]>,
}

impl ConsistencyProof {
    /// The proof between two sizes of a tree; `None` when it has not so many leaves or they do not grow.
    #[must_use]
    pub fn make(tree: &Tree, from: u64, to: u64) -> Option<Self> {
        if from > to || to > tree.size() {
            return None;
        }
        let mut path = Vec::new();
        if from != 0 && from != to {
            let (mut start, mut length, mut old, mut whole) = (0_u64, to, from, true);
            while old != length {
                let left = largest_power_below(length)?;
                let middle = start.checked_add(left)?;
                let right = length.checked_sub(left)?;
                if old <= left {
                    path.push(tree.subtree(middle, right)?);
                    length = left;
                } else {
                    path.push(tree.subtree(start, left)?);
                    start = middle;
                    old = old.checked_sub(left)?;
                    length = right;
                    whole = false;
                }
            }
            if !whole {
                path.push(tree.subtree(start, length)?);
            }
            path.reverse();
        }
        Some(Self { from, to, path })
    }

    /// Checks that the log with root `new` continues the log with root `old`.
    ///
    /// # Errors
    /// [`BadProof`].
    pub fn verify(&self, old: &[u8; 32], new: &[u8; 32]) -> Result<(), BadProof> {
        if self.from > self.to || self.path.len() > PATH_HASHES_MAX {
            return Err(BadProof);
        }
        if self.from == self.to || self.from == 0 {
            let fits = if self.from == 0 { *old == merkle::empty_root() } else { old == new };
            return if self.path.is_empty() && fits { Ok(()) } else { Err(BadProof) };
        }
        let mut path = self.path.iter();
        let first = if self.from.is_power_of_two() { old } else { path.next().ok_or(BadProof)? };
        let (mut place, mut last) = (self.from.saturating_sub(1), self.to.saturating_sub(1));
        while place & 1 == 1 {
            place >>= 1;
            last >>= 1;
        }
        let (mut old_hash, mut new_hash) = (*first, *first);
        for sibling in path {
            if last == 0 {
                return Err(BadProof);
            }
            if place & 1 == 1 || place == last {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                new_hash = node_hash(&new_hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        if last == 0 && old_hash == *old && new_hash == *new { Ok(()) } else { Err(BadProof) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::merkle::{leaf_hash, tests::reference};

    fn tree(size: u64) -> Tree {
        let mut tree = Tree::new();
        for i in 0..size {
            tree.push(leaf_hash(&i.to_be_bytes()));
        }
        tree
    }

    #[test]
    fn paths_are_those_of_certificate_transparency() {
        let hex_path = |path: &[[u8; 32]]| path.iter().map(hex::encode).collect::<Vec<_>>();
        let proof = InclusionProof::make(&reference(), 0, 8).unwrap();
        assert_eq!(
            hex_path(&proof.path),
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
        let proof = ConsistencyProof::make(&reference(), 6, 8).unwrap();
        assert_eq!(
            hex_path(&proof.path),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    #[test]
    fn every_leaf_of_every_size_is_proven_and_nothing_else() {
        let tree = tree(34);
        for size in 1..=34 {
            let root = tree.root_at(size).unwrap();
            for index in 0..size {
                let proof = InclusionProof::make(&tree, index, size).unwrap();
                let leaf = tree.leaf(index).unwrap();
                proof.verify(leaf, &root).unwrap();
                assert_eq!(proof.verify(tree.leaf((index + 1) % 34).unwrap(), &root), Err(BadProof));
                assert_eq!(proof.verify(leaf, &tree.root_at(size - 1).unwrap()), Err(BadProof));
                let mut moved = proof.clone();
                moved.index += 1;
                assert_eq!(moved.verify(leaf, &root), Err(BadProof));
                let mut longer = proof.clone();
                longer.path.push([0; 32]);
                assert_eq!(longer.verify(leaf, &root), Err(BadProof));
                let mut shorter = proof;
                if shorter.path.pop().is_some() {
                    assert_eq!(shorter.verify(leaf, &root), Err(BadProof));
                }
            }
            assert_eq!(InclusionProof::make(&tree, size, size), None);
        }
    }

    #[test]
    fn every_growth_is_proven_and_no_other_history() {
        let tree = tree(34);
        let mut forked = Tree::new();
        forked.push(leaf_hash(b"another first leaf"));
        for i in 1..34_u64 {
            forked.push(leaf_hash(&i.to_be_bytes()));
        }
        for to in 0..=34 {
            for from in 0..=to {
                let proof = ConsistencyProof::make(&tree, from, to).unwrap();
                let (old, new) = (tree.root_at(from).unwrap(), tree.root_at(to).unwrap());
                proof.verify(&old, &new).unwrap();
                if from > 0 {
                    assert_eq!(proof.verify(&forked.root_at(from).unwrap(), &new), Err(BadProof));
                    assert_eq!(proof.verify(&old, &forked.root_at(to).unwrap()), Err(BadProof));
                }
                let mut longer = proof.clone();
                longer.path.push([0; 32]);
                assert_eq!(longer.verify(&old, &new), Err(BadProof));
            }
        }
        assert_eq!(ConsistencyProof::make(&tree, 3, 2), None);
        assert_eq!(ConsistencyProof::make(&tree, 3, 35), None);
    }
}
