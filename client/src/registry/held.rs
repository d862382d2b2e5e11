//! The registries as this node holds them: its own authority's, and those of the authorities that it recognises.

use std::sync::Arc;

use safeconduct_certs::{
    directory::DirectoryKey,
    log::note,
    node::NodeState,
    registry::{
        Registry,
        freshness::Freshness,
        terms::{Border, End, NotAgreed, Recognition, What},
    },
};
use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    envelope::header::RegistryPoint,
    id::{NodeId, RelayId},
    limits::CHECKPOINT_NOTE_BYTES_MAX,
    time::Timestamp,
};

/// What a recognised authority is known by: the hash of its root file.
pub type Authority = [u8; 32];

/// A relay: by its number, and by the authority that has registered it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RelayRef {
    /// None: our own.
    pub authority: Option<Authority>,
    /// Its number there.
    pub relay: RelayId,
}

impl RelayRef {
    /// A relay of our own authority.
    #[must_use]
    pub const fn own(relay: RelayId) -> Self {
        Self { authority: None, relay }
    }

    /// Authority (zero: our own), then the number.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        [self.authority.unwrap_or_default().as_slice(), &self.relay.0.to_be_bytes()].concat()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (authority, relay) = bytes.split_first_chunk::<32>()?;
        let relay = RelayId(u32::from_be_bytes(relay.try_into().ok()?));
        Some(Self { authority: (*authority != [0; 32]).then_some(*authority), relay })
    }
}

/// A recognised authority, and its log as far as it is here.
#[derive(Clone)]
pub struct Foreign {
    pub(super) authority: Authority,
    pub(super) country: Border,
    pub(super) directory: Arc<DirectoryKey>,
    pub(super) registry: Arc<Registry>,
}

impl Foreign {
    /// What it is known by.
    #[must_use]
    pub const fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The country that it speaks for.
    #[must_use]
    pub const fn country(&self) -> Border {
        self.country
    }

    /// Opens its directory.
    #[must_use]
    pub fn directory(&self) -> &DirectoryKey {
        &self.directory
    }

    /// Its log, replayed.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }
}

/// The registries as held: every leaf in them is covered by the head in them. Cheap to clone.
#[derive(Clone)]
pub struct Held {
    pub(super) own: Arc<Registry>,
    pub(super) foreign: Arc<Vec<Foreign>>,
}

impl Held {
    pub(super) const fn new(own: Arc<Registry>, foreign: Arc<Vec<Foreign>>) -> Self {
        Self { own, foreign }
    }

    /// The replayed registry of our own authority.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.own
    }

    /// Recognised authorities.
    #[must_use]
    pub fn foreign(&self) -> &[Foreign] {
        &self.foreign
    }

    /// The same, to be shared with the link's key check.
    #[must_use]
    pub fn share(&self) -> Arc<Registry> {
        Arc::clone(&self.own)
    }

    /// Leaves of our own authority's log.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.own.size()
    }

    /// A registered node, active or not. A node abroad is found when exactly one recognised authority has registered it:
    /// none of them can speak for a node of our own, and two that claim one node speak for none.
    #[must_use]
    pub fn node(&self, node: &NodeId) -> Option<&NodeState> {
        self.own.node(node).or_else(|| self.abroad(node).map(|(_, state)| state))
    }

    fn abroad(&self, node: &NodeId) -> Option<(&Foreign, &NodeState)> {
        if self.own.node(node).is_some() {
            return None;
        }
        let mut found = self.foreign.iter().filter_map(|foreign| Some((foreign, foreign.registry.node(node)?)));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Which recognised authority has registered a node; none for our own nodes and unknown ones.
    #[must_use]
    pub fn authority_of(&self, node: &NodeId) -> Option<Authority> {
        self.abroad(node).map(|(foreign, _)| foreign.authority)
    }

    /// The log that names a node; our own for unknown ones.
    #[must_use]
    pub fn registry_of(&self, node: &NodeId) -> &Registry {
        self.abroad(node).map_or(&*self.own, |(foreign, _)| &*foreign.registry)
    }

    /// The log of one authority: of our own, or of a recognised one.
    #[must_use]
    pub fn registry_by(&self, authority: Option<&Authority>) -> Option<&Registry> {
        match authority {
            None => Some(&self.own),
            Some(authority) => self.one(authority).map(|foreign| &*foreign.registry),
        }
    }

    pub(crate) fn one(&self, authority: &Authority) -> Option<&Foreign> {
        self.foreign.iter().find(|foreign| foreign.authority == *authority)
    }

    /// The relay where `node` has its mailbox and its slots; none when the node is not registered.
    #[must_use]
    pub fn home(&self, node: &NodeId) -> Option<RelayRef> {
        let relay = self.node(node)?.home_relay;
        Some(RelayRef { authority: self.authority_of(node), relay })
    }

    /// The relays of our own authority where `node` had its mailbox before it moved, as long as it may still be emptied.
    pub fn former_homes(&self, node: &NodeId) -> impl Iterator<Item = RelayRef> {
        self.own.former_homes(node).map(|home| RelayRef::own(home.relay))
    }

    /// Whether `node` has its mailbox elsewhere than at the relay that proved this key: it has moved.
    #[must_use]
    pub fn has_moved_from(&self, tls_spki: &[u8; 32], node: &NodeId) -> bool {
        let Some(home) = self.home(node) else { return false };
        let proved = |relay: &NodeState| relay.is_active() && relay.tls_spki == *tls_spki;
        self.relay(&home).is_some_and(|relay| !proved(relay)) && self.own.relays().any(proved)
    }

    /// The number of the relay where `node` has its mailbox, within its own authority; 0 when it is not registered.
    #[must_use]
    pub fn home_relay(&self, node: &NodeId) -> RelayId {
        self.node(node).map_or(RelayId(0), |state| state.home_relay)
    }

    /// A relay that is active.
    #[must_use]
    pub fn relay(&self, at: &RelayRef) -> Option<&NodeState> {
        self.registry_by(at.authority.as_ref())?.relay(at.relay).filter(|state| state.is_active())
    }

    /// The key that verifies a relay's receipts; none for one that is suspended or revoked.
    #[must_use]
    pub fn relay_key(&self, at: &RelayRef) -> Option<&VerifyingKey> {
        self.relay(at).map(|state| &state.ik)
    }

    /// Size and root that messages and receipts name: of our own authority's log.
    #[must_use]
    pub fn point(&self) -> RegistryPoint {
        RegistryPoint { size: self.own.size(), root: self.own.root_hash() }
    }

    /// The signed note that messages carry: with the cosignatures when it fits its place so, else with the log key's signature
    /// alone, which is all that two notes need to contradict each other; empty while there is none.
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        let note = self.own.head().map(|head| head.note.clone()).unwrap_or_default();
        if note.len() <= CHECKPOINT_NOTE_BYTES_MAX {
            return note;
        }
        let root = self.own.root_at(self.own.head_size());
        let bare = note::without_others(&note, root.log_name(), root.log_key());
        bare.filter(|note| note.len() <= CHECKPOINT_NOTE_BYTES_MAX).unwrap_or_default()
    }

    /// How old our own authority's last word is.
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        self.own.freshness(now)
    }

    /// Whether the copies are fresh enough to send to `node`. For a node abroad both are asked: ours, which says that its
    /// authority is recognised, and its own.
    #[must_use]
    pub fn may_send(&self, node: &NodeState, now: Timestamp) -> bool {
        let Some((foreign, _)) = self.abroad(&node.id) else {
            return self.own.may_send(node, self.freshness(now));
        };
        let confirmed = self.own.newest_log_time().map_or(0, |time| time.size);
        let recognised = self.own.recognition(&foreign.authority);
        let ours = match self.freshness(now) {
            Freshness::Fresh | Freshness::Stale { .. } => true,
            Freshness::Restricted { .. } => recognised.is_some_and(|one| one.index < confirmed),
            Freshness::Expired { .. } | Freshness::Never => false,
        };
        ours && foreign.registry.may_send(node, foreign.registry.freshness(now))
    }

    /// The least suite for messages with `node`: the higher of both authorities'.
    #[must_use]
    pub fn min_suite(&self, node: &NodeId) -> u16 {
        self.own.min_suite().max(self.registry_of(node).min_suite())
    }

    /// The recognition on which a node abroad is known; none for our own.
    #[must_use]
    pub fn recognition_of(&self, node: &NodeId) -> Option<&Recognition> {
        self.own.recognition(&self.authority_of(node)?)
    }

    /// Whether our authority lets `sender` send this to `recipient`; the countries are those of their directory records.
    ///
    /// # Errors
    /// [`NotAgreed`]; a node that is not registered is judged by the sender's and recipient's own checks.
    pub fn agreed(
        &self,
        sender: (&NodeId, Border),
        recipient: (&NodeId, Border),
        what: What,
        now: Timestamp,
    ) -> Result<(), NotAgreed> {
        let end = |(node, country): (&NodeId, Border)| {
            self.node(node).map(|state| End { roles: state.roles, country, authority: self.authority_of(node) })
        };
        match (end(sender), end(recipient)) {
            (Some(sender), Some(recipient)) => self.own.agreed(&sender, &recipient, what, now),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::{
        node::Exercise,
        registry::{leaf::LeafFields, leaf::LeafKind, terms::ROLES_ALL, terms::Terms},
    };
    use safeconduct_protocol::{secret::Secret, time::DAY_S};

    use super::*;
    use crate::testing::{NOW, World};

    const XB: Border = Border(*b"XB");
    const XA: Border = Border(*b"XA");

    /// The log of `world` as that of an authority that ours recognises.
    fn foreign(authority: u8, world: &World) -> Foreign {
        let mut registry = Registry::new(world.root());
        registry.extend(&world.leaves(0)).unwrap();
        registry.accept_head(&world.head(NOW), NOW).unwrap();
        Foreign {
            authority: [authority; 32],
            country: XB,
            directory: Arc::new(DirectoryKey::new(Secret::new([1; 32]))),
            registry: Arc::new(registry),
        }
    }

    fn held(own: &World, others: Vec<Foreign>) -> Held {
        let mut registry = Registry::new(own.root());
        registry.extend(&own.leaves(0)).unwrap();
        registry.accept_head(&own.head(NOW), NOW).unwrap();
        Held::new(Arc::new(registry), Arc::new(others))
    }

    fn recognise(world: &mut World, authority: u8, until: Timestamp) {
        let terms = Terms {
            number: 0,
            from_roles: ROLES_ALL,
            to_roles: ROLES_ALL,
            from_country: XB,
            to_country: Border::ANY,
            what: What::ALL,
            until,
            record: [7; 32],
        };
        let fields = world.about(LeafKind::Recognise, NOW);
        world.append(&LeafFields { directory: [authority; 32], tls_spki: [0x51; 32], terms: Some(terms), ..fields });
    }

    #[test]
    fn a_node_of_our_own_log_is_never_looked_up_abroad_and_one_that_two_claim_is_unknown() {
        let (mut ours, mut theirs, mut third) = (World::new(61), World::new(62), World::new(63));
        let (own, abroad) = (ours.node(Exercise::No), theirs.node(Exercise::No));
        // The other authority registers a node under the id of one of ours, with keys of its own.
        theirs.impersonate(&own.identity.node);
        let alone = held(&ours, vec![foreign(1, &theirs)]);

        let own_id = own.identity.node;
        assert_eq!(alone.node(&own_id).unwrap().ik, own.identity.public());
        assert_eq!((alone.authority_of(&own_id), alone.home(&own_id)), (None, Some(RelayRef::own(RelayId(1)))));
        let abroad_id = abroad.identity.node;
        assert_eq!(alone.authority_of(&abroad_id), Some([1; 32]));
        let home = RelayRef { authority: Some([1; 32]), relay: RelayId(1) };
        assert_eq!(alone.home(&abroad_id), Some(home));
        assert_ne!(alone.relay_key(&home), alone.relay_key(&RelayRef::own(RelayId(1))));

        third.impersonate(&abroad_id);
        let both = held(&ours, vec![foreign(1, &theirs), foreign(2, &third)]);
        assert!(both.node(&abroad_id).is_none() && both.home(&abroad_id).is_none());
    }

    #[test]
    fn nothing_goes_abroad_on_a_recognition_that_has_ended_or_on_a_log_that_is_too_old() {
        let (mut ours, mut theirs) = (World::new(64), World::new(65));
        let (own, abroad) = (ours.node(Exercise::No), theirs.node(Exercise::No));
        recognise(&mut ours, 1, NOW.after(100));
        let held = held(&ours, vec![foreign(1, &theirs)]);
        let state = held.node(&abroad.identity.node).unwrap();
        let (here, there) = ((&own.identity.node, XA), (&abroad.identity.node, XB));

        assert_eq!(held.agreed(here, there, What::Referral, NOW), Ok(()));
        let ended = NotAgreed::RecognitionEnded { country: XB, on: NOW.after(100) };
        assert_eq!(held.agreed(here, there, What::Referral, NOW.after(100)), Err(ended));
        assert_eq!(held.agreed(there, here, What::Enquiry, NOW.after(100)), Err(ended));

        assert!(held.may_send(state, NOW));
        assert!(!held.may_send(state, NOW.after(31 * DAY_S)));
    }

    #[test]
    fn a_relay_is_written_and_read_again_and_home_is_not_abroad() {
        for at in [RelayRef::own(RelayId(7)), RelayRef { authority: Some([9; 32]), relay: RelayId(7) }] {
            assert_eq!(RelayRef::from_bytes(&at.to_bytes()), Some(at));
        }
        assert_eq!(RelayRef::from_bytes(&[0; 35]), None);
    }
}
