//! Replays the whole log: what a registry says is what follows from its entries, one after the other, and from the
//! signed head that covers them.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use safeconduct_protocol::{
    crypto::{fixed::FixedKey, sign::VerifyingKey},
    frame::Head,
    id::{KeyId, LeafHash, MailboxId, NodeId, RelayId},
    limits::{MESSAGE_LIFE_S, REPLY_LIFE_EXTRA_S},
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::{
    alone::Alone,
    due::Relied,
    era::Era,
    freshness::{self, ClockState},
    leaf::{Leaf, LeafFields, LeafRefused},
    rules::{self, Checked, Verdict},
    terms::{Recognition, Terms},
};
use crate::{
    authority::root::RootFile,
    link::tls::spki_hash_of,
    log::{
        checkpoint::{Checkpoint, CheckpointRefused},
        export::Signers,
        merkle::Tree,
        timestamp::{LogTime, TimestampRefused},
    },
    node::{ChangedBy, FormerHome, FormerKey, NodeState, NodeStatus, PendingChange},
};

/// A change of keys that only the authority signed takes effect after this long.
pub const OVERRIDE_DELAY_S: u64 = 72 * HOUR_S;

/// What a key signed before its ordinary renewal counts for so long after it: an envelope's life, and a day for clocks.
pub const FORMER_KEY_S: u64 = MESSAGE_LIFE_S + DAY_S;

/// A node that has moved may collect what lies in its former mailbox and its reply slots there for so long.
pub const FORMER_HOME_S: u64 = REPLY_LIFE_EXTRA_S;

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
    /// An entry goes on from a change by the authority alone whose time no timestamp has passed.
    #[error("an entry relies on a change of keys by the authority alone before its time has come")]
    TooEarly,
}

impl HeadRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Empty => "tell the authority to publish its registry to this relay",
            Self::Checkpoint(_) | Self::Size | Self::Timestamp(_) | Self::TooEarly => {
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
pub(super) struct AcceptedHead {
    pub(super) head: Head,
    pub(super) checkpoint: Checkpoint,
    pub(super) time: Option<LogTime>,
}

/// A verified copy of one authority's registry. Cloning it makes a snapshot; share it behind an `Arc`, extend a clone,
/// accept the head, then swap.
#[derive(Clone)]
pub struct Registry {
    /// With every version that is known, in force or not.
    pub(super) root: Arc<RootFile>,
    /// SPKI hashes of the signing keys of those that have come into force: a later one must not judge what came before it.
    pub(super) authority_spki: Arc<HashSet<[u8; 32]>>,
    /// Versions that have come into force, and with which entry.
    pub(super) eras: Vec<Era>,
    /// The multiples of the registrar in force, once many entries have come.
    pub(super) registrar: Arc<OnceLock<FixedKey>>,
    pub(super) leaves: Vec<Arc<[u8]>>,
    pub(super) tree: Tree,
    pub(super) nodes: BTreeMap<NodeId, NodeState>,
    pub(super) newest: BTreeMap<NodeId, LeafFields>,
    // Only looked into, never walked through.
    pub(super) by_tls: HashMap<[u8; 32], NodeId>,
    pub(super) tls_used: HashMap<[u8; 32], NodeId>,
    pub(super) by_mailbox: HashMap<MailboxId, NodeId>,
    pub(super) mailboxes_used: HashSet<MailboxId>,
    pub(super) by_relay: BTreeMap<RelayId, NodeId>,
    pub(super) keys_used: HashMap<KeyId, NodeId>,
    pub(super) identity_spki: HashSet<[u8; 32]>,
    pub(super) newest_about_registry: LeafHash,
    pub(super) min_suite: u16,
    pub(super) min_version: u16,
    pub(super) agreements: BTreeMap<u32, Terms>,
    pub(super) recognitions: BTreeMap<[u8; 32], Recognition>,
    pub(super) head: Option<AcceptedHead>,
    /// The newest signed time of before the version of the root file in force, while that version has none of its own.
    pub(super) floor: Option<Timestamp>,
    /// A signed time that was held when the entries to come were taken, beside that of the head.
    pub(super) seen: Timestamp,
    /// The newest entry that relies on a signed time that only a head can prove.
    pub(super) relied: Option<Relied>,
}

impl Registry {
    /// The empty registry of this authority.
    #[must_use]
    pub fn new(root: RootFile) -> Self {
        let root = Arc::new(root);
        let eras = Era::first(&root);
        let min_suite = root.first().min_suite();
        let authority_spki = Arc::new(root.first().own_spki());
        Self {
            root,
            authority_spki,
            eras,
            registrar: Arc::default(),
            leaves: Vec::new(),
            tree: Tree::new(),
            nodes: BTreeMap::new(),
            newest: BTreeMap::new(),
            by_tls: HashMap::new(),
            tls_used: HashMap::new(),
            by_mailbox: HashMap::new(),
            mailboxes_used: HashSet::new(),
            by_relay: BTreeMap::new(),
            keys_used: HashMap::new(),
            identity_spki: HashSet::new(),
            newest_about_registry: LeafHash::from_bytes([0; 32]),
            min_suite,
            min_version: 0,
            agreements: BTreeMap::new(),
            recognitions: BTreeMap::new(),
            head: None,
            floor: None,
            seen: Timestamp(0),
            relied: None,
        }
    }

    /// Appends entries, each judged by every rule. Entries before a refused one stay.
    ///
    /// What entries say counts only once [`Self::accept_head`] has taken a head that covers them: extend a clone.
    ///
    /// # Errors
    /// [`ReplayError`] with the place and the rule.
    pub fn extend<L: AsRef<[u8]>>(&mut self, leaves: &[L]) -> Result<(), ReplayError> {
        let mut parsed = Vec::with_capacity(leaves.len());
        let mut unread = None;
        for bytes in leaves {
            match Leaf::parse(bytes.as_ref()) {
                Ok(leaf) => parsed.push(leaf),
                Err(reason) => {
                    unread = Some(reason);
                    break;
                }
            }
        }
        let mut rest = parsed.as_slice();
        let mut bytes = leaves.iter();
        while !rest.is_empty() {
            // What one registrar has signed is judged together.
            let count = rest.iter().position(|leaf| self.announces_root(leaf)).unwrap_or(rest.len()).max(1);
            let (together, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let findings = Alone::of_all(together, self);
            for ((leaf, alone), bytes) in together.iter().zip(&findings).zip(&mut bytes) {
                let index = self.size();
                if self.relies_on_waiting(leaf).is_some() {
                    // An entry that is refused lets nothing take effect.
                    self.take_after_waiting(leaf, alone).map_err(|reason| ReplayError { index, reason })?;
                }
                let verdict = rules::judge(self, leaf, alone).map_err(|reason| ReplayError { index, reason })?;
                self.apply(leaf, verdict);
                self.tree.push(leaf.hash());
                self.leaves.push(Arc::from(bytes.as_ref()));
            }
            rest = after;
        }
        unread.map_or(Ok(()), |reason| Err(ReplayError { index: self.size(), reason }))
    }

    /// The same for entries that were taken before, when a signed time of `seen` was held: what waits, waits from then on, and not
    /// only from what the entry itself says.
    ///
    /// # Errors
    /// As [`Self::extend`].
    pub fn extend_seen<L: AsRef<[u8]>>(&mut self, leaves: &[L], seen: Timestamp) -> Result<(), ReplayError> {
        self.seen = seen;
        let extended = self.extend(leaves);
        self.seen = Timestamp(0);
        extended
    }

    /// Judges one entry that would follow; nothing changes.
    ///
    /// # Errors
    /// What [`Self::extend`] would say.
    pub fn would_take(&self, leaf: &[u8]) -> Result<(), ReplayError> {
        let index = self.size();
        let refuse = |reason| ReplayError { index, reason };
        let leaf = Leaf::parse(leaf).map_err(refuse)?;
        let findings = Alone::of_all(core::slice::from_ref(&leaf), self);
        let alone = findings.first().ok_or_else(|| refuse(LeafRefused::Layout))?;
        if self.relies_on_waiting(&leaf).is_some() {
            return self.clone().take_after_waiting(&leaf, alone).map_err(refuse);
        }
        rules::judge(self, &leaf, alone).map(drop).map_err(refuse)
    }

    /// Judges a head; nothing changes.
    ///
    /// # Errors
    /// What [`Self::accept_head`] would say.
    pub fn would_accept(&self, head: &Head) -> Result<(), HeadRefused> {
        self.judge_head(head).map(drop)
    }

    /// Judges a head as a witness does, before others have signed it: all but the quorum. Nothing changes.
    ///
    /// # Errors
    /// What [`Self::accept_head`] would say, but never for want of witnesses.
    pub fn would_accept_unwitnessed(&self, head: &Head) -> Result<Checkpoint, HeadRefused> {
        Ok(self.judge_head_by(head, Signers::Authority)?.0)
    }

    /// Takes the head of the authority's own log: it stands before witnesses have signed it.
    ///
    /// # Errors
    /// As [`Self::accept_head`], but never for want of witnesses.
    pub(crate) fn accept_own_head(&mut self, head: &Head, now: Timestamp) -> Result<Accepted, HeadRefused> {
        let judged = self.judge_head_by(head, Signers::Authority)?;
        Ok(self.take_head(head, judged, now))
    }

    /// Takes a newer signed head over entries that are held already. A refused head changes nothing; a timestamp older
    /// than the newest is passed over.
    ///
    /// # Errors
    /// [`HeadRefused`].
    pub fn accept_head(&mut self, head: &Head, now: Timestamp) -> Result<Accepted, HeadRefused> {
        let judged = self.judge_head(head)?;
        Ok(self.take_head(head, judged, now))
    }

    fn take_head(&mut self, head: &Head, judged: (Checkpoint, Option<LogTime>), now: Timestamp) -> Accepted {
        let (checkpoint, offered) = judged;
        // What a replaced timestamp key has signed is no bound for the new one's.
        let before = self.newest_time();
        let version = self.root_at(checkpoint.size).version();
        let still = |time: &LogTime| self.root_at(time.size).version() == version;
        let known = self.head.as_ref().and_then(|accepted| accepted.time).filter(still);
        let newer = offered.filter(|offered| known.is_none_or(|known| offered.time > known.time));
        // An older timestamp is not served on: the head that is kept is the newest of both.
        let timestamp = match (&self.head, newer) {
            (Some(accepted), None) if known.is_some() => accepted.head.timestamp.clone(),
            _ => head.timestamp.clone(),
        };
        let grown = checkpoint.size > self.head_size();
        let kept = Head { size: head.size, note: head.note.clone(), timestamp };
        let time = newer.or(known);
        // Until it has signed one, the time of before stays the least that it can be.
        self.floor = if time.is_some() { None } else { before };
        self.head = Some(AcceptedHead { head: kept, checkpoint, time });
        if let Some(time) = time {
            self.let_changes_take_effect(time.time);
        }
        Accepted { grown, clock: freshness::clock_state(time.map(|time| time.time), now) }
    }

    fn apply(&mut self, leaf: &Leaf, verdict: Verdict) {
        let fields = &leaf.fields;
        match verdict {
            Verdict::Add(checked) => self.add(leaf, checked),
            Verdict::Change(checked, by) => {
                self.touch(leaf);
                let since = fields.effective.max(self.newest_time().unwrap_or_default()).max(self.seen);
                self.settle_change(fields, &checked, by, since);
                if let Some(state) = self.nodes.get_mut(&fields.node) {
                    state.status = NodeStatus::Active;
                    state.pending = None;
                }
            }
            Verdict::Wait(checked) => {
                // Seen no earlier than the newest signed time: an entry that is dated back waits all the same.
                let seen = self.newest_time().unwrap_or_default().max(self.seen);
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
            Verdict::NextRoot(root) => {
                self.newest_about_registry = leaf.hash();
                self.bring_into_force(root);
            }
            Verdict::MinSuite(suite) => {
                self.newest_about_registry = leaf.hash();
                self.min_suite = u16::try_from(suite).unwrap_or(u16::MAX);
            }
            Verdict::MinVersion(version) => {
                self.newest_about_registry = leaf.hash();
                self.min_version = version;
            }
            Verdict::Agree(terms) => {
                self.newest_about_registry = leaf.hash();
                self.agreements.insert(terms.number, terms);
            }
            Verdict::Recognise(recognition) => {
                self.newest_about_registry = leaf.hash();
                self.recognitions.insert(recognition.authority, recognition);
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
            former_homes: Vec::new(),
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

    /// Nobody may use these again. They were found sound before; a relay has no succession key.
    fn use_keys(&mut self, fields: &LeafFields) {
        for key in [&fields.ik, &fields.succession].into_iter().filter(|key| **key != [0; 32]) {
            self.keys_used.insert(VerifyingKey::key_id_of(key), fields.node);
            self.identity_spki.insert(spki_hash_of(key));
        }
        self.use_place(fields);
    }

    fn use_place(&mut self, fields: &LeafFields) {
        self.tls_used.insert(fields.tls_spki, fields.node);
        self.mailboxes_used.insert(fields.mailbox);
    }

    /// Makes an entry's keys and place the node's current ones, since this time.
    pub(super) fn settle_change(&mut self, fields: &LeafFields, checked: &Checked, by: ChangedBy, since: Timestamp) {
        let same = |state: &NodeState| state.ik == checked.ik && state.succession == checked.succession;
        if self.nodes.get(&fields.node).is_some_and(same) {
            self.use_place(fields);
        } else {
            self.use_keys(fields);
        }
        let Some(state) = self.nodes.get_mut(&fields.node) else { return };
        if state.ik != checked.ik {
            let counts_until = (by == ChangedBy::IdentityKey).then(|| since.after(FORMER_KEY_S));
            if counts_until.is_none() {
                // Who took the newest may have taken those before, and a renewal may have been the thief's.
                state.former_keys.iter_mut().for_each(|former| former.counts_until = None);
            }
            state.former_keys.push(FormerKey { key: state.ik, replaced_at: fields.seq, by, counts_until });
        }
        if state.ik != checked.ik || state.succession != checked.succession {
            state.authority_override = by == ChangedBy::Authority;
        }
        if (state.home_relay, state.mailbox) != (fields.home_relay, fields.mailbox) {
            let (relay, mailbox) = (state.home_relay, state.mailbox);
            state.former_homes.push(FormerHome { relay, mailbox, open_until: since.after(FORMER_HOME_S) });
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
}
