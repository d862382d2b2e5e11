//! Replays the whole log: what a registry says is what follows from its entries, one after the other, and from the
//! signed head that covers them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    frame::Head,
    id::{KeyId, LeafHash, MailboxId, NodeId, RelayId},
    time::{HOUR_S, Timestamp},
};

use super::{
    freshness::{self, ClockState, Freshness},
    leaf::{Leaf, LeafFields, LeafKind, LeafRefused},
    rules::{self, Checked, Verdict},
};
use crate::{
    authority::root::RootFile,
    link::tls::spki_hash_of,
    log::{
        checkpoint::{Checkpoint, CheckpointRefused},
        merkle::Tree,
        proof::{ConsistencyProof, InclusionProof},
        timestamp::{LogTime, TimestampRefused},
    },
    node::{FormerKey, NodeState, NodeStatus, PendingChange},
};

/// A change of keys that only the authority signed takes effect after this long.
pub const OVERRIDE_DELAY_S: u64 = 72 * HOUR_S;

/// An entry that breaks a rule: it and everything after it is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {index} of the registry is refused: {reason}")]
pub struct ReplayError {
    /// Its place in the log.
    pub index: u64,
    /// The rule.
    pub reason: LeafRefused,
}

/// Why a head is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeadRefused {
    /// The relay holds no log yet.
    #[error("there is no head yet")]
    Empty,
    /// The note is not a checkpoint of this log, or its size is not the one announced.
    #[error("the registry's head is not valid: {0}")]
    Checkpoint(CheckpointRefused),
    /// The size beside the note is not the size in it.
    #[error("the head announces another size than it signs")]
    Size,
    /// The timestamp is not valid, or not about this log.
    #[error(transparent)]
    Timestamp(#[from] TimestampRefused),
    /// Smaller than what was accepted before.
    #[error("the head is older: {offered} entries, and {accepted} were seen before")]
    Rollback {
        /// Entries accepted before.
        accepted: u64,
        /// Entries offered.
        offered: u64,
    },
    /// Entries are missing: fetch them first.
    #[error("entries {have} to {size} are missing")]
    Behind {
        /// Entries held.
        have: u64,
        /// Entries of the head.
        size: u64,
    },
    /// Validly signed, and not about the entries that are held: the authority has signed two histories, or the entries
    /// came from somebody else.
    #[error("the signed head contradicts the entries at {size}")]
    SplitView {
        /// Size of the head.
        size: u64,
    },
}

impl HeadRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Empty => "tell the authority to publish its registry to this relay",
            Self::Checkpoint(_) | Self::Size | Self::Timestamp(_) => {
                "fetch the registry again, from another network if possible; if it stays so, phone the authority"
            }
            Self::Rollback { .. } => "the relay serves an old registry: tell its operator; the newer copy stays in use",
            Self::Behind { .. } => "fetch the missing entries",
            Self::SplitView { .. } => "stop, keep the data directory as it is, and phone the authority",
        }
    }
}

/// What accepting a head brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Whether the head is larger than the one before.
    pub grown: bool,
    /// How the local clock compares with the newest signed time.
    pub clock: ClockState,
}

#[derive(Clone)]
struct AcceptedHead {
    head: Head,
    checkpoint: Checkpoint,
    time: Option<LogTime>,
}

/// A verified copy of one authority's registry. Cloning it makes a snapshot; share it behind an `Arc`, extend a clone,
/// accept the head, then swap.
#[derive(Clone)]
pub struct Registry {
    root: Arc<RootFile>,
    leaves: Vec<Arc<[u8]>>,
    tree: Tree,
    nodes: BTreeMap<NodeId, NodeState>,
    newest: BTreeMap<NodeId, LeafFields>,
    by_tls: BTreeMap<[u8; 32], NodeId>,
    tls_used: BTreeMap<[u8; 32], NodeId>,
    by_mailbox: BTreeMap<MailboxId, NodeId>,
    mailboxes_used: BTreeSet<MailboxId>,
    by_relay: BTreeMap<RelayId, NodeId>,
    keys_used: BTreeMap<KeyId, NodeId>,
    identity_spki: BTreeSet<[u8; 32]>,
    newest_about_registry: LeafHash,
    min_suite: u16,
    head: Option<AcceptedHead>,
}

impl Registry {
    /// The empty registry of this authority.
    #[must_use]
    pub fn new(root: RootFile) -> Self {
        let min_suite = root.min_suite();
        Self {
            root: Arc::new(root),
            leaves: Vec::new(),
            tree: Tree::new(),
            nodes: BTreeMap::new(),
            newest: BTreeMap::new(),
            by_tls: BTreeMap::new(),
            tls_used: BTreeMap::new(),
            by_mailbox: BTreeMap::new(),
            mailboxes_used: BTreeSet::new(),
            by_relay: BTreeMap::new(),
            keys_used: BTreeMap::new(),
            identity_spki: BTreeSet::new(),
            newest_about_registry: LeafHash::from_bytes([0; 32]),
            min_suite,
            head: None,
        }
    }

    /// Appends entries, each judged by every rule. Entries before a refused one stay.
    ///
    /// What entries say counts only once [`Self::accept_head`] has taken a head that covers them: extend a clone.
    ///
    /// # Errors
    /// [`ReplayError`] with the place and the rule.
    pub fn extend<L: AsRef<[u8]>>(&mut self, leaves: &[L]) -> Result<(), ReplayError> {
        for bytes in leaves {
            let index = self.size();
            let refused = |reason| ReplayError { index, reason };
            let leaf = Leaf::parse(bytes.as_ref()).map_err(refused)?;
            let verdict = rules::judge(self, &leaf).map_err(refused)?;
            self.apply(&leaf, verdict);
            self.tree.push(leaf.hash());
            self.leaves.push(Arc::from(bytes.as_ref()));
        }
        Ok(())
    }

    /// Takes a newer signed head over entries that are held already. A refused head changes nothing; a timestamp older
    /// than the newest is passed over.
    ///
    /// # Errors
    /// [`HeadRefused`].
    pub fn accept_head(&mut self, head: &Head, now: Timestamp) -> Result<Accepted, HeadRefused> {
        if head.note.is_empty() {
            return Err(HeadRefused::Empty);
        }
        let checkpoint = Checkpoint::open(&head.note, &self.root).map_err(HeadRefused::Checkpoint)?;
        if checkpoint.size != head.size {
            return Err(HeadRefused::Size);
        }
        let before = self.head_size();
        if checkpoint.size < before {
            return Err(HeadRefused::Rollback { accepted: before, offered: checkpoint.size });
        }
        let mine = self.tree.root_at(checkpoint.size);
        let mine = mine.ok_or(HeadRefused::Behind { have: self.size(), size: checkpoint.size })?;
        if mine != checkpoint.root {
            return Err(HeadRefused::SplitView { size: checkpoint.size });
        }
        let offered = self.open_time(&head.timestamp, checkpoint.size)?;
        let known = self.head.as_ref().and_then(|accepted| accepted.time);
        let newer = offered.filter(|offered| known.is_none_or(|known| offered.time > known.time));
        // An older timestamp is not served on: the head that is kept is the newest of both.
        let timestamp = match (&self.head, newer) {
            (Some(accepted), None) => accepted.head.timestamp.clone(),
            _ => head.timestamp.clone(),
        };
        let grown = checkpoint.size > before;
        let kept = Head { size: head.size, note: head.note.clone(), timestamp };
        let time = newer.or(known);
        self.head = Some(AcceptedHead { head: kept, checkpoint, time });
        if let Some(time) = time {
            self.let_changes_take_effect(time.time);
        }
        Ok(Accepted { grown, clock: freshness::clock_state(time.map(|time| time.time), now) })
    }

    fn open_time(&self, bytes: &[u8], size: u64) -> Result<Option<LogTime>, HeadRefused> {
        if bytes.is_empty() {
            return Ok(None);
        }
        let time = LogTime::open(bytes, self.root.timestamp_key())?;
        if time.size > size {
            return Err(TimestampRefused.into());
        }
        let about_this_log = self.tree.root_at(time.size) == Some(time.root);
        if about_this_log { Ok(Some(time)) } else { Err(HeadRefused::SplitView { size: time.size }) }
    }

    fn apply(&mut self, leaf: &Leaf, verdict: Verdict) {
        let fields = &leaf.fields;
        match verdict {
            Verdict::Add(checked) => self.add(leaf, checked),
            Verdict::Change(checked) => {
                self.touch(leaf);
                self.settle_change(fields, &checked, AuthorityOverride::No);
                if let Some(state) = self.nodes.get_mut(&fields.node) {
                    state.status = NodeStatus::Active;
                    state.pending = None;
                }
            }
            Verdict::Wait(checked) => {
                // Seen no earlier than the newest signed time: an entry that is dated back waits all the same.
                let seen = self.newest_time().unwrap_or_default();
                let from = fields.effective.max(seen).after(OVERRIDE_DELAY_S);
                self.touch(leaf);
                self.use_keys(fields);
                if let Some(state) = self.nodes.get_mut(&fields.node) {
                    state.pending = Some(PendingChange { index: fields.seq, ik: checked.ik, from });
                }
            }
            Verdict::Status(status) => {
                self.touch(leaf);
                if let Some(state) = self.nodes.get_mut(&fields.node) {
                    state.status = status;
                }
            }
            Verdict::Root => self.newest_about_registry = leaf.hash(),
            Verdict::MinSuite(suite) => {
                self.newest_about_registry = leaf.hash();
                self.min_suite = u16::try_from(suite).unwrap_or(u16::MAX);
            }
        }
    }

    fn add(&mut self, leaf: &Leaf, checked: Checked) {
        let fields = &leaf.fields;
        let state = NodeState {
            id: fields.node,
            ik: checked.ik,
            key_id: checked.ik.key_id(),
            succession: checked.succession,
            tls_spki: fields.tls_spki,
            home_relay: fields.home_relay,
            mailbox: fields.mailbox,
            roles: checked.roles,
            suites: fields.suites,
            directory: fields.directory,
            status: NodeStatus::Active,
            added_at: fields.seq,
            last_index: fields.seq,
            last_leaf: leaf.hash(),
            last_effective: fields.effective,
            former_keys: Vec::new(),
            pending: None,
            authority_override: false,
        };
        if checked.roles.is_relay() {
            self.by_relay.insert(fields.home_relay, fields.node);
        } else {
            self.by_mailbox.insert(fields.mailbox, fields.node);
        }
        self.by_tls.insert(fields.tls_spki, fields.node);
        self.nodes.insert(fields.node, state);
        self.newest.insert(fields.node, fields.clone());
        self.use_keys(fields);
    }

    /// Notes the newest entry of a node.
    fn touch(&mut self, leaf: &Leaf) {
        let fields = &leaf.fields;
        if let Some(state) = self.nodes.get_mut(&fields.node) {
            state.last_index = fields.seq;
            state.last_leaf = leaf.hash();
            state.last_effective = fields.effective;
        }
        self.newest.insert(fields.node, fields.clone());
    }

    /// Nobody may use these again.
    fn use_keys(&mut self, fields: &LeafFields) {
        for key in [&fields.ik, &fields.succession] {
            if let Ok(sound) = VerifyingKey::try_from(*key) {
                self.keys_used.insert(sound.key_id(), fields.node);
                self.identity_spki.insert(spki_hash_of(key));
            }
        }
        self.tls_used.insert(fields.tls_spki, fields.node);
        self.mailboxes_used.insert(fields.mailbox);
    }

    /// Makes an entry's keys and place the node's current ones.
    fn settle_change(&mut self, fields: &LeafFields, checked: &Checked, by: AuthorityOverride) {
        self.use_keys(fields);
        let Some(state) = self.nodes.get_mut(&fields.node) else { return };
        if state.ik != checked.ik {
            state.former_keys.push(FormerKey { key: state.ik, replaced_at: fields.seq });
        }
        if state.ik != checked.ik || state.succession != checked.succession {
            state.authority_override = by == AuthorityOverride::Yes;
        }
        self.by_tls.remove(&state.tls_spki);
        self.by_tls.insert(fields.tls_spki, fields.node);
        if !checked.roles.is_relay() {
            self.by_mailbox.remove(&state.mailbox);
            self.by_mailbox.insert(fields.mailbox, fields.node);
        }
        state.ik = checked.ik;
        state.key_id = checked.ik.key_id();
        state.succession = checked.succession;
        state.tls_spki = fields.tls_spki;
        state.home_relay = fields.home_relay;
        state.mailbox = fields.mailbox;
        state.roles = checked.roles;
        state.suites = fields.suites;
        state.directory = fields.directory;
    }

    /// Changes by the authority alone take effect when its own signed time has passed theirs.
    fn let_changes_take_effect(&mut self, time: Timestamp) {
        let due = |state: &&NodeState| state.pending.as_ref().is_some_and(|pending| pending.from <= time);
        let due: Vec<NodeId> = self.nodes.values().filter(due).map(|state| state.id).collect();
        for node in due {
            let waiting = self.nodes.get(&node).and_then(|state| state.pending.as_ref());
            let fields = waiting.and_then(|pending| self.leaves.get(usize::try_from(pending.index).ok()?));
            let Some(fields) = fields.and_then(|bytes| Leaf::parse(bytes).ok()).map(|leaf| leaf.fields) else { continue };
            let (Ok(ik), Some(roles)) = (VerifyingKey::try_from(fields.ik), crate::node::Roles::from_bits(fields.roles))
            else {
                continue;
            };
            let succession = VerifyingKey::try_from(fields.succession).ok().filter(|_| !roles.is_relay());
            self.settle_change(&fields, &Checked { ik, succession, roles }, AuthorityOverride::Yes);
            if let Some(state) = self.nodes.get_mut(&node) {
                state.pending = None;
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AuthorityOverride {
    Yes,
    No,
}

/// What is asked of a registry.
impl Registry {
    /// The root file that it hangs on.
    #[must_use]
    pub fn root(&self) -> &RootFile {
        &self.root
    }

    /// Entries held.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// Root over all entries held.
    #[must_use]
    pub fn root_hash(&self) -> [u8; 32] {
        self.tree.root()
    }

    /// Root over the first `size` entries; `None` when fewer are held.
    #[must_use]
    pub fn root_hash_at(&self, size: u64) -> Option<[u8; 32]> {
        self.tree.root_at(size)
    }

    /// Entries that the accepted head covers; 0 without one.
    #[must_use]
    pub fn head_size(&self) -> u64 {
        self.head.as_ref().map_or(0, |accepted| accepted.checkpoint.size)
    }

    /// The accepted head, as it travels.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        self.head.as_ref().map(|accepted| &accepted.head)
    }

    /// The accepted checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        self.head.as_ref().map(|accepted| &accepted.checkpoint)
    }

    /// The newest signed statement of time.
    #[must_use]
    pub fn newest_log_time(&self) -> Option<&LogTime> {
        self.head.as_ref()?.time.as_ref()
    }

    /// The newest signed time.
    #[must_use]
    pub fn newest_time(&self) -> Option<Timestamp> {
        self.newest_log_time().map(|time| time.time)
    }

    /// How fresh this copy is (CONSTRUCTION A.10).
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        freshness::judge(self.newest_time(), now)
    }

    /// Whether something may be sent to `node` while the copy is `fresh` as said: an old copy is not relied upon for
    /// what changed after it was last confirmed, and a very old one for nothing.
    #[must_use]
    pub fn may_send(&self, node: &NodeState, fresh: Freshness) -> bool {
        match fresh {
            Freshness::Fresh | Freshness::Stale { .. } => true,
            Freshness::Restricted { .. } => self.newest_log_time().is_some_and(|confirmed| {
                node.last_index < confirmed.size && node.last_effective <= confirmed.time
            }),
            Freshness::Expired { .. } | Freshness::Never => false,
        }
    }

    /// Least suite that may be used.
    #[must_use]
    pub const fn min_suite(&self) -> u16 {
        self.min_suite
    }

    /// One node, whatever its status.
    #[must_use]
    pub fn node(&self, id: &NodeId) -> Option<&NodeState> {
        self.nodes.get(id)
    }

    /// All nodes and relays, in the order of their ids.
    pub fn nodes(&self) -> impl Iterator<Item = &NodeState> {
        self.nodes.values()
    }

    /// The node whose current entry names this TLS key.
    #[must_use]
    pub fn node_by_tls(&self, spki_hash: &[u8; 32]) -> Option<&NodeState> {
        self.nodes.get(self.by_tls.get(spki_hash)?)
    }

    /// The node that ever named this TLS key: such a connection is told why it is refused.
    #[must_use]
    pub fn tls_owner(&self, spki_hash: &[u8; 32]) -> Option<NodeId> {
        self.tls_used.get(spki_hash).copied()
    }

    /// The node with this mailbox.
    #[must_use]
    pub fn node_by_mailbox(&self, mailbox: &MailboxId) -> Option<&NodeState> {
        self.nodes.get(self.by_mailbox.get(mailbox)?)
    }

    /// The node that has or had this identity or succession key.
    #[must_use]
    pub fn node_by_key(&self, key: &KeyId) -> Option<&NodeState> {
        self.nodes.get(self.keys_used.get(key)?)
    }

    /// The relay of this number.
    #[must_use]
    pub fn relay(&self, id: RelayId) -> Option<&NodeState> {
        self.nodes.get(self.by_relay.get(&id)?)
    }

    /// All relays, by number.
    pub fn relays(&self) -> impl Iterator<Item = &NodeState> {
        self.by_relay.values().filter_map(|node| self.nodes.get(node))
    }

    /// An entry's bytes.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Option<&[u8]> {
        self.leaves.get(usize::try_from(index).ok()?).map(|leaf| &**leaf)
    }

    /// All entries from this place on.
    pub fn leaves_from(&self, index: u64) -> impl Iterator<Item = &[u8]> {
        self.leaves.iter().skip(usize::try_from(index).unwrap_or(usize::MAX)).map(|leaf| &**leaf)
    }

    /// Which node an entry is about; `None` for entries about the registry itself.
    #[must_use]
    pub fn leaf_node(&self, index: u64) -> Option<NodeId> {
        let fields = Leaf::parse(self.leaf(index)?).ok()?.fields;
        (!fields.kind.is_about_registry()).then_some(fields.node)
    }

    /// Proof that an entry stands in the log that the accepted head signs.
    #[must_use]
    pub fn inclusion_proof(&self, index: u64) -> Option<InclusionProof> {
        InclusionProof::make(&self.tree, index, self.head_size())
    }

    /// Proof that the log of `to` entries continues that of `from`.
    #[must_use]
    pub fn consistency_proof(&self, from: u64, to: u64) -> Option<ConsistencyProof> {
        ConsistencyProof::make(&self.tree, from, to)
    }

    pub(super) fn node_and_newest(&self, node: &NodeId) -> Option<(&NodeState, &LeafFields)> {
        Some((self.nodes.get(node)?, self.newest.get(node)?))
    }

    /// The newest entry of a node: what the next one must follow.
    #[must_use]
    pub fn newest_fields(&self, node: &NodeId) -> Option<&LeafFields> {
        self.newest.get(node)
    }

    pub(super) const fn newest_about_registry(&self) -> LeafHash {
        self.newest_about_registry
    }

    pub(super) fn key_is_used(&self, key: &[u8; 32]) -> bool {
        self.identity_spki.contains(&spki_hash_of(key))
    }

    pub(super) fn is_identity_spki(&self, spki_hash: &[u8; 32]) -> bool {
        self.identity_spki.contains(spki_hash)
    }

    pub(super) fn tls_is_used(&self, fields: &LeafFields) -> bool {
        self.tls_used.contains_key(&fields.tls_spki)
    }

    pub(super) fn mailbox_is_used(&self, mailbox: &MailboxId) -> bool {
        self.mailboxes_used.contains(mailbox)
    }
}

/// The relay's verifier asks this in the handshake.
impl crate::link::KnownKeys for Registry {
    fn knows(&self, spki_hash: &[u8; 32]) -> bool {
        self.tls_used.contains_key(spki_hash) || self.root.tls_spki() == spki_hash
    }
}

/// The fields of a fresh entry about a node, for the authority: everything as it is in its newest entry.
impl Registry {
    /// An entry of this kind that follows the node's newest and changes nothing else.
    #[must_use]
    pub fn next_entry(&self, kind: LeafKind, node: &NodeId, effective: Timestamp) -> Option<LeafFields> {
        let (state, newest) = self.node_and_newest(node)?;
        Some(LeafFields { kind, seq: self.size(), previous: state.last_leaf, effective, ..newest.clone() })
    }
}
