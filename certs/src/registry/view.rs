//! What is asked of a registry.

use safeconduct_protocol::{
    crypto::{fixed::FixedKey, sign::VerifyingKey},
    frame::Head,
    id::{KeyId, LeafHash, MailboxId, NodeId, RelayId},
    time::Timestamp,
};

use super::{
    Registry,
    freshness::{self, Freshness},
    leaf::{Leaf, LeafFields, LeafKind},
};
use crate::{
    link::tls::spki_hash_of,
    log::{
        checkpoint::Checkpoint,
        proof::{ConsistencyProof, InclusionProof},
        timestamp::LogTime,
    },
    node::NodeState,
};

impl Registry {
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
        self.newest_log_time().map(|time| time.time).or(self.floor)
    }

    /// A signed time that was held when this copy was stored: what counted then counts on, while the version of the root file in force
    /// has signed none.
    pub fn hold_time(&mut self, held: Timestamp) {
        if self.newest_log_time().is_none() && held > Timestamp(0) {
            self.floor = Some(held);
        }
    }

    /// How fresh this copy is.
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
            Freshness::Restricted { .. } => self
                .newest_log_time()
                .is_some_and(|confirmed| node.last_index < confirmed.size && node.last_effective <= confirmed.time),
            Freshness::Expired { .. } | Freshness::Never => false,
        }
    }

    /// Least suite that may be used.
    #[must_use]
    pub const fn min_suite(&self) -> u16 {
        self.min_suite
    }

    /// Least version of sessions that is taken; 0 when any is.
    #[must_use]
    pub const fn min_version(&self) -> u16 {
        self.min_version
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
        self.inclusion_proof_at(index, self.head_size())
    }

    /// Proof that an entry stands in the first `size` entries of the log.
    #[must_use]
    pub fn inclusion_proof_at(&self, index: u64, size: u64) -> Option<InclusionProof> {
        InclusionProof::make(&self.tree, index, size)
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

    pub(crate) const fn newest_about_registry(&self) -> LeafHash {
        self.newest_about_registry
    }

    pub(super) fn registrar(&self) -> &VerifyingKey {
        self.root_in_force().registrar()
    }

    pub(super) fn registrar_fixed(&self) -> &FixedKey {
        self.registrar.get_or_init(|| FixedKey::new(*self.registrar()))
    }

    /// A key that this node has already: it was found sound when it came.
    pub(super) fn sound_key(&self, node: &NodeId, key: &[u8; 32]) -> Option<VerifyingKey> {
        let state = self.nodes.get(node)?;
        let waiting = state.pending.as_ref().map(|pending| pending.ik);
        [Some(state.ik), state.succession, waiting].into_iter().flatten().find(|own| own.as_bytes() == key)
    }

    pub(super) fn key_is_used(&self, key: &[u8; 32]) -> bool {
        self.identity_spki.contains(&spki_hash_of(key))
    }

    pub(super) fn is_identity_spki(&self, spki_hash: &[u8; 32]) -> bool {
        self.identity_spki.contains(spki_hash)
    }

    /// Whether this is the SPKI hash of a key with which the authority signs, or has signed.
    pub(super) fn is_authority_spki(&self, spki_hash: &[u8; 32]) -> bool {
        self.authority_spki.contains(spki_hash)
    }

    /// Whether an authority with this TLS key is or was recognised.
    pub(super) fn is_recognised_tls(&self, spki_hash: &[u8; 32]) -> bool {
        self.recognitions.values().any(|recognition| recognition.tls_spki == *spki_hash)
    }

    pub(super) fn tls_is_used(&self, fields: &LeafFields) -> bool {
        self.tls_used.contains_key(&fields.tls_spki)
    }

    /// Whether these sixteen bytes are or were the mailbox of some node.
    #[must_use]
    pub fn was_mailbox(&self, mailbox: &MailboxId) -> bool {
        self.mailboxes_used.contains(mailbox)
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

/// The fields of a fresh entry, for the authority.
impl Registry {
    /// An entry of this kind about the registry itself, everything else zero.
    #[must_use]
    pub fn next_about_registry(&self, kind: LeafKind, effective: Timestamp) -> LeafFields {
        LeafFields {
            kind,
            seq: self.size(),
            node: NodeId::from_bytes([0; 32]),
            previous: self.newest_about_registry,
            effective,
            ik: [0; 32],
            succession: [0; 32],
            tls_spki: [0; 32],
            home_relay: RelayId(0),
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: 0,
            suites: 0,
            directory: [0; 32],
            ml_dsa: None,
            terms: None,
        }
    }

    /// An entry of this kind that follows the node's newest and changes nothing else.
    #[must_use]
    pub fn next_entry(&self, kind: LeafKind, node: &NodeId, effective: Timestamp) -> Option<LeafFields> {
        let (state, newest) = self.node_and_newest(node)?;
        Some(LeafFields { kind, seq: self.size(), previous: state.last_leaf, effective, ..newest.clone() })
    }

    /// The same, with what is in force now, where a change by the authority alone still waits: it is dropped then.
    #[must_use]
    pub fn next_change(&self, node: &NodeId, effective: Timestamp) -> Option<LeafFields> {
        let next = self.next_entry(LeafKind::Change, node, effective)?;
        let state = self.node(node)?;
        Some(LeafFields {
            ik: *state.ik.as_bytes(),
            succession: state.succession.as_ref().map_or([0; 32], |key| *key.as_bytes()),
            tls_spki: state.tls_spki,
            home_relay: state.home_relay,
            mailbox: state.mailbox,
            roles: state.roles.bits(),
            suites: state.suites,
            directory: state.directory,
            ..next
        })
    }
}
