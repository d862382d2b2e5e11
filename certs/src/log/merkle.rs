//! The Merkle tree of RFC 6962 §2.1, grown leaf by leaf.
//!
//! Every complete subtree's hash is kept (64 bytes a leaf), so that the root at any size and any proof cost
//! logarithmic work, and a hundred thousand leaves are appended in a blink.

use safeconduct_protocol::id::LeafHash;
use sha2::{Digest as _, Sha256};

/// The hash of one leaf: `SHA-256(0x00 || leaf)`.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> LeafHash {
    LeafHash::from_bytes(Sha256::new().chain_update([0_u8]).chain_update(leaf).finalize().into())
}

/// The hash of an inner node: `SHA-256(0x01 || left || right)`.
#[must_use]
pub(crate) fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1_u8]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the empty tree: the hash of nothing.
#[must_use]
pub fn empty_root() -> [u8; 32] {
    Sha256::digest([]).into()
}

/// An append-only Merkle tree.
#[derive(Clone, Default)]
pub struct Tree {
    /// `levels[k][i]` is the hash of the complete subtree over leaves `i·2^k .. (i+1)·2^k`.
    levels: Vec<Vec<[u8; 32]>>,
}

impl Tree {
    /// A tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves in the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| u64::try_from(leaves.len()).unwrap_or(u64::MAX))
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf: LeafHash) {
        let mut hash = *leaf.as_bytes();
        let mut height = 0_usize;
        loop {
            if self.levels.len() == height {
                self.levels.push(Vec::new());
            }
            let Some(level) = self.levels.get_mut(height) else { return };
            level.push(hash);
            // An odd count leaves this subtree without a sibling yet.
            if level.len() % 2 == 1 {
                return;
            }
            let Some([left, right]) = level.last_chunk::<2>() else { return };
            hash = node_hash(left, right);
            height = height.saturating_add(1);
        }
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        self.root_at(self.size()).unwrap_or_else(empty_root)
    }

    /// The root over the first `size` leaves; `None` when there are fewer.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<[u8; 32]> {
        if size == 0 { Some(empty_root()) } else { self.subtree(0, size) }
    }

    /// The hash of one leaf.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Option<LeafHash> {
        let hash = self.levels.first()?.get(usize::try_from(index).ok()?)?;
        Some(LeafHash::from_bytes(*hash))
    }

    /// `MTH(D[start:start+length])` of RFC 6962 §2.1, where `start` is a multiple of the least power of two that is
    /// not below `length`.
    pub(crate) fn subtree(&self, start: u64, length: u64) -> Option<[u8; 32]> {
        if length.is_power_of_two() {
            let height = usize::try_from(length.trailing_zeros()).ok()?;
            let place = usize::try_from(start.checked_shr(length.trailing_zeros())?).ok()?;
            return self.levels.get(height)?.get(place).copied();
        }
        let left = largest_power_below(length)?;
        let left_hash = self.subtree(start, left)?;
        let right_hash = self.subtree(start.checked_add(left)?, length.checked_sub(left)?)?;
        Some(node_hash(&left_hash, &right_hash))
    }
}

/// The largest power of two strictly below `n`; `None` for 0 and 1.
pub(crate) fn largest_power_below(n: u64) -> Option<u64> {
    1_u64.checked_shl(n.checked_sub(1)?.checked_ilog2()?)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The reference leaves of Certificate Transparency's own tests, and the roots over 1 to 8 of them.
    pub(crate) const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    pub(crate) const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    pub(crate) fn reference() -> Tree {
        let mut tree = Tree::new();
        for leaf in LEAVES {
            tree.push(leaf_hash(&hex::decode(leaf).unwrap()));
        }
        tree
    }

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        assert_eq!(hex::encode(Tree::new().root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let tree = reference();
        for (size, root) in (1..).zip(ROOTS) {
            assert_eq!(hex::encode(tree.root_at(size).unwrap()), root, "size {size}");
        }
        assert_eq!(tree.root_at(9), None);
        assert_eq!(hex::encode(tree.root()), ROOTS[7]);
    }

    #[test]
    fn a_hundred_thousand_leaves_agree_with_the_plain_definition() {
        fn plain(leaves: &[LeafHash]) -> [u8; 32] {
            match leaves {
                [] => empty_root(),
                [one] => *one.as_bytes(),
                many => {
                    let (l, r) =
                        many.split_at(usize::try_from(largest_power_below(many.len() as u64).unwrap()).unwrap());
                    node_hash(&plain(l), &plain(r))
                }
            }
        }
        let leaves: Vec<_> = (0_u32..100_003).map(|i| leaf_hash(&i.to_be_bytes())).collect();
        let mut tree = Tree::new();
        for leaf in &leaves {
            tree.push(*leaf);
        }
        assert_eq!(tree.size(), 100_003);
        assert_eq!(tree.root(), plain(&leaves));
        assert_eq!(tree.root_at(65_537).unwrap(), plain(&leaves[..65_537]));
    }
}
