//! Changing the authority's own keys: a next version of the root file, proposed here, signed by the holders of the root keys wherever
//! they are, and brought into force by an entry in the log.
//!
//! It is in force once `root.scr` holds it, durable; everything after that can be made again, and is when the directory is opened.

use std::collections::BTreeSet;

use safeconduct_protocol::{
    crypto::{note::NoteKey, sign::SigningKey},
    secret::Secret,
};

use super::{
    AdminError, Office,
    init::Witnesses,
    keys::{Keys, open_root_key, root_key_name, write_next, write_root_key},
    office::ROOT_FILE,
    root::{Fingerprint, Proposal, ROOT_VERSIONS_MAX, RootDraft, RootFile},
};
use crate::{
    durable,
    keyfile::Cost,
    registry::leaf::{LeafFields, LeafKind},
};

/// A key that the authority's machine holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OwnKey {
    /// Signs heads.
    Log,
    /// Signs entries.
    Registrar,
    /// Signs timestamps.
    Timestamp,
}

/// What is to change. Nothing: log and timestamp key, whose lives end first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    /// Keys that are made anew.
    pub keys: BTreeSet<OwnKey>,
    /// Holders whose root key is made anew, by number from 1.
    pub holders: BTreeSet<u8>,
    /// All witnesses from now on.
    pub witnesses: Option<Witnesses>,
}

impl Changes {
    fn keys(&self) -> BTreeSet<OwnKey> {
        if self.keys.is_empty() && self.holders.is_empty() && self.witnesses.is_none() {
            BTreeSet::from([OwnKey::Log, OwnKey::Timestamp])
        } else {
            self.keys.clone()
        }
    }
}

impl Office {
    /// Proposes a next version of the root file. Its new keys are made and durable here when this returns; they sign nothing before it
    /// is in force. An older proposal that was not brought into force cannot be any more.
    ///
    /// # Errors
    /// [`AdminError::NoHolder`], [`AdminError::RootVersions`], [`AdminError::Root`] for witnesses that cannot be, [`AdminError::Disk`].
    pub fn propose_root(&mut self, changes: &Changes, passphrase: &[u8], cost: Cost) -> Result<Proposal, AdminError> {
        let made_at = self.now()?;
        let root = self.root().clone();
        let version = root.version().saturating_add(1);
        if version > ROOT_VERSIONS_MAX {
            return Err(AdminError::RootVersions);
        }
        let count = root.root_keys().len();
        if changes.holders.iter().any(|number| *number == 0 || usize::from(*number) > count) {
            return Err(AdminError::NoHolder { count });
        }
        let mut draft = RootDraft { version, min_suite: self.registry.min_suite(), made_at, ..RootDraft::of(&root) };
        if let Some(witnesses) = &changes.witnesses {
            draft.witness_quorum = witnesses.quorum;
            draft.witnesses.clone_from(&witnesses.keys);
        }
        for key in changes.keys() {
            self.make(key, &mut draft)?;
        }
        let folder = self.folder.join("keys");
        for number in &changes.holders {
            let key = SigningKey::generate(self.entropy.as_mut())?;
            write_root_key(&folder, (*number, version), &key, passphrase, cost, self.entropy.as_mut())?;
            let place = usize::from(number.saturating_sub(1));
            if let Some(holder) = draft.root_keys.get_mut(place) {
                *holder = key.verifying_key();
            }
        }
        let proposal = Proposal::new(&draft, &root).map_err(AdminError::Root)?;
        let what = format!("version {version}, {}", proposal.next().fingerprint());
        self.note_act("root-propose", "", &what)?;
        Ok(proposal)
    }

    fn make(&mut self, key: OwnKey, draft: &mut RootDraft) -> Result<(), AdminError> {
        let entropy = self.entropy.as_mut();
        let (name, seed): (_, Secret<32>) = match key {
            OwnKey::Log => {
                let key = NoteKey::generate(entropy)?;
                draft.log_key = key.verifier();
                ("log", key.seed())
            }
            OwnKey::Registrar => {
                let key = SigningKey::generate(entropy)?;
                draft.registrar = key.verifying_key();
                ("registrar", key.seed())
            }
            OwnKey::Timestamp => {
                let key = SigningKey::generate(entropy)?;
                draft.timestamp = key.verifying_key();
                ("timestamp", key.seed())
            }
        };
        let folder = self.folder.join("keys");
        write_next(&folder, self.keys.unlock.reveal(), (name, draft.version), seed.reveal(), entropy)
    }

    /// Signs a proposal with every root key that lies in this directory, of the version in force and of the proposed one; how many
    /// there were.
    ///
    /// # Errors
    /// [`AdminError::Keyfile`], [`AdminError::Disk`].
    pub fn sign_with_keys_here(&self, proposal: &mut Proposal, passphrase: &[u8]) -> Result<usize, AdminError> {
        let mut names = BTreeSet::new();
        for root in [proposal.before(), proposal.next()] {
            let holders = (1_u8..).zip(root.root_keys());
            names.extend(holders.map(|(number, _)| root_key_name(number, holder_since(root, number))));
        }
        let mut signed: usize = 0;
        for path in names.into_iter().map(|name| self.folder.join("keys").join(name)).filter(|path| path.exists()) {
            signed = signed.saturating_add(usize::from(proposal.sign(&open_root_key(&path, passphrase)?)));
        }
        Ok(signed)
    }

    /// Judges whether a proposal can be brought into force here, by whoever has signed; nothing changes.
    ///
    /// # Errors
    /// [`AdminError::OtherProposal`], [`AdminError::ProposalKeys`], [`AdminError::Clock`].
    pub fn judge_proposal(&self, proposal: &Proposal) -> Result<(), AdminError> {
        self.now()?;
        if proposal.before().hash() != self.root().hash() {
            return Err(AdminError::OtherProposal);
        }
        self.keys_of(proposal.next()).map(drop)
    }

    fn keys_of(&self, root: &RootFile) -> Result<Keys, AdminError> {
        Keys::unlocked(&self.folder.join("keys"), &self.keys.unlock, root).map_err(|_missing| AdminError::ProposalKeys)
    }

    /// Brings a proposal into force, once both thresholds have signed: the root file first, then its entry and a head over it. Relays
    /// hear of it with the next session.
    ///
    /// # Errors
    /// [`AdminError::Root`] with what is missing, [`AdminError::Leaf`] when a node has one of its keys; and as
    /// [`Self::judge_proposal`]. Nothing is changed then.
    pub fn rotate(&mut self, proposal: &Proposal) -> Result<Fingerprint, AdminError> {
        self.judge_proposal(proposal)?;
        let root = proposal.complete().map_err(AdminError::Root)?;
        let (fingerprint, keys) = (root.fingerprint(), self.keys_of(&root)?);
        let mut registry = self.registry.clone();
        registry.learn_root(root.clone()).map_err(AdminError::Root)?;
        let announced = LeafFields { directory: *root.hash(), ..self.about_registry(LeafKind::Root)? };
        let refused = |error: crate::registry::ReplayError| AdminError::Leaf(error.reason);
        registry.would_take(&announced.sign(&keys.registrar, None)).map_err(refused)?;

        durable::write(&self.folder.join(ROOT_FILE), root.as_bytes(), durable::PUBLIC)
            .map_err(AdminError::disk("the root file"))?;
        self.registry = registry;
        self.keys = keys;
        self.finish_rotation()?;
        Ok(fingerprint)
    }

    /// Announces the newest version of the root file where its entry is missing: after [`Self::rotate`], or a crash in it.
    pub(super) fn finish_rotation(&mut self) -> Result<(), AdminError> {
        let root = self.root().clone();
        if self.registry.root_in_force().version() == root.version() {
            return Ok(());
        }
        let entry = self.registry.size();
        let fields = LeafFields { directory: *root.hash(), ..self.about_registry(LeafKind::Root)? };
        self.append(&fields, root.own_bytes())?;
        let what = format!("version {}, {}, entry {entry}", root.version(), root.fingerprint());
        self.note_act("root-rotate", "", &what)
    }

    /// The version of the root file with which a holder's key came.
    pub(super) fn holder_since(&self, number: u8) -> u32 {
        holder_since(self.root(), number)
    }
}

fn holder_since(root: &RootFile, number: u8) -> u32 {
    let place = usize::from(number.saturating_sub(1));
    root.since(|version| version.root_keys().get(place).copied()).version()
}
