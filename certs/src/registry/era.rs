//! Which version of the root file speaks when: the entries and heads before the entry `root` that announces a next version are
//! judged under the version before, that entry and what comes after it under the next (`docs/PROTOCOL.md` §9).

use std::sync::Arc;

use safeconduct_protocol::time::Timestamp;

use super::{
    Registry, ReplayError,
    leaf::{Leaf, LeafKind, LeafRefused},
};
use crate::{
    authority::root::{RootFile, RootRefused},
    log::{
        checkpoint::{Checkpoint, CheckpointRefused},
        export::Signers,
        note,
    },
};

/// A version of the root file, and the entry that brought it into force; the first version was so from the beginning.
#[derive(Clone)]
pub(super) struct Era {
    from: u64,
    root: Arc<RootFile>,
}

impl Era {
    /// The era of the empty log.
    pub(super) fn first(root: &Arc<RootFile>) -> Vec<Self> {
        root.shared_versions().into_iter().take(1).map(|root| Self { from: 0, root }).collect()
    }
}

impl Registry {
    /// The root file with every version that is known; the newest comes into force with its entry.
    #[must_use]
    pub fn root(&self) -> &RootFile {
        &self.root
    }

    /// The version that is in force after the entries held.
    #[must_use]
    pub fn root_in_force(&self) -> &RootFile {
        self.eras.last().map_or(&*self.root, |era| &*era.root)
    }

    /// The version under which a head over `size` entries is signed, of those that are held.
    #[must_use]
    pub fn root_at(&self, size: u64) -> &RootFile {
        // The entry that announces a version is the first of its time.
        let in_force = self.eras.iter().rev().find(|era| era.from < size).or_else(|| self.eras.first());
        in_force.map_or(&*self.root, |era| &*era.root)
    }

    /// Takes over the versions of a root file that continues the one that is known; the same again, or fewer of them, changes nothing.
    ///
    /// # Errors
    /// [`RootRefused::Forked`].
    pub fn learn_root(&mut self, root: RootFile) -> Result<(), RootRefused> {
        if self.root.continues(&root) {
            return Ok(());
        }
        if !root.continues(&self.root) {
            return Err(RootRefused::Forked);
        }
        self.root = Arc::new(root);
        Ok(())
    }

    /// Appends entries as [`Self::extend`] does, with what lies beside them: beside an entry that announces a next version of the root
    /// file lies that version.
    ///
    /// # Errors
    /// [`ReplayError`], with [`LeafRefused::RootForked`] when it is another.
    pub fn extend_beside<L: AsRef<[u8]>, R: AsRef<[u8]>>(
        &mut self,
        leaves: &[L],
        records: &[R],
    ) -> Result<(), ReplayError> {
        let from = self.size();
        for ((index, leaf), record) in (from..).zip(leaves).zip(records) {
            let (leaf, record) = (leaf.as_ref(), record.as_ref());
            // The kind stands first; nothing else is of that kind.
            if leaf.first() == Some(&(LeafKind::Root as u8)) && !record.is_empty() {
                self.learn_beside(leaf, record).map_err(|reason| ReplayError { index, reason })?;
            }
        }
        self.extend(leaves)
    }

    /// The same for entries that were taken before, as [`Self::extend_seen`].
    ///
    /// # Errors
    /// As [`Self::extend_beside`].
    pub fn extend_beside_seen<L: AsRef<[u8]>, R: AsRef<[u8]>>(
        &mut self,
        leaves: &[L],
        records: &[R],
        seen: Timestamp,
    ) -> Result<(), ReplayError> {
        self.seen = seen;
        let extended = self.extend_beside(leaves, records);
        self.seen = Timestamp(0);
        extended
    }

    fn learn_beside(&mut self, leaf: &[u8], record: &[u8]) -> Result<(), LeafRefused> {
        let announced = Leaf::parse(leaf)?.fields.directory;
        if self.root.versions().any(|version| *version.hash() == announced) {
            return Ok(());
        }
        let next = self.root.followed_by(record).ok().filter(|next| *next.hash() == announced);
        self.root = Arc::new(next.ok_or(LeafRefused::RootForked)?);
        Ok(())
    }

    /// Whether an entry is to bring another version of the root file into force than is now.
    pub(super) fn announces_root(&self, leaf: &Leaf) -> bool {
        leaf.fields.kind == LeafKind::Root && leaf.fields.directory != *self.root_in_force().hash()
    }

    /// The version that follows the one in force, if it is known and has this hash.
    pub(super) fn next_root(&self, hash: &[u8; 32]) -> Option<&Arc<RootFile>> {
        let next = self.root_in_force().version().saturating_add(1);
        self.known(next).filter(|root| root.hash() == hash)
    }

    fn known(&self, version: u32) -> Option<&Arc<RootFile>> {
        let mut newest = &self.root;
        while newest.version() > version {
            newest = newest.shared_before()?;
        }
        (newest.version() == version).then_some(newest)
    }

    /// The version that an entry brings into force.
    pub(super) fn root_of_entry(&self, leaf: &Leaf) -> Option<&Arc<RootFile>> {
        if self.announces_root(leaf) { self.next_root(&leaf.fields.directory) } else { None }
    }

    pub(super) fn bring_into_force(&mut self, root: Arc<RootFile>) {
        self.min_suite = self.min_suite.max(root.min_suite());
        self.registrar = Arc::default();
        self.authority_spki = Arc::new(root.own_spki());
        self.eras.push(Era { from: self.size(), root });
    }

    /// Opens a checkpoint note under the version of the root file that is in force for its size; for more entries than are held under
    /// any that is known and not replaced.
    pub(crate) fn open_note(&self, note: &[u8], signers: Signers) -> Result<Checkpoint, CheckpointRefused> {
        let open = match signers {
            Signers::Authority => Checkpoint::open_signed,
            Signers::Witnesses => Checkpoint::open,
        };
        let (mut refused, mut replaced) = (None, false);
        for version in self.root.versions() {
            match open(note, version) {
                Ok(checkpoint) if self.may_sign(version, checkpoint.size) => return Ok(checkpoint),
                Ok(_) => replaced = true,
                // For want of witnesses, under the version that is asked: that is what there is to say.
                Err(CheckpointRefused::Witnesses { got, quorum }) => {
                    let size = Checkpoint::open_signed(note, version).map(|checkpoint| checkpoint.size);
                    if size.is_ok_and(|size| self.may_sign(version, size)) {
                        return Err(CheckpointRefused::Witnesses { got, quorum });
                    }
                    replaced = true;
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if replaced { Err(CheckpointRefused::Replaced) } else { Err(refused.unwrap_or(CheckpointRefused::Malformed)) }
    }

    /// Whether this note is a head of the log over so many entries with this root, whoever has cosigned it.
    #[must_use]
    pub fn is_signed(&self, note: &[u8], size: u64, root: &[u8; 32]) -> bool {
        self.open_note(note, Signers::Authority).is_ok_and(|head| (head.size, &head.root) == (size, root))
    }

    /// A head's note with the log's signature, its witnesses' cosignatures and those of another note of the same text, and no other line:
    /// whoever passes a note on may add lines until no cosignature has room. `None` when it is no head of this log.
    #[must_use]
    pub fn cosigned(&self, note: &[u8], other: &[u8]) -> Option<Vec<u8>> {
        let speaks = |version: &&RootFile| {
            Checkpoint::open_signed(note, version).is_ok_and(|head| self.may_sign(version, head.size))
        };
        let under = self.root.versions().find(speaks)?;
        let bare = note::without_others(note, under.log_name(), under.log_key())?;
        let whole = note::merge(&bare, note, under.witnesses()).unwrap_or(bare);
        Some(note::merge(&whole, other, under.witnesses()).unwrap_or(whole))
    }

    fn may_sign(&self, version: &RootFile, size: u64) -> bool {
        if size <= self.size() {
            version.version() == self.root_at(size).version()
        } else {
            version.version() >= self.root_in_force().version()
        }
    }
}
