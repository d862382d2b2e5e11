//! The authority's log as this node holds it: whole, verified by replay at every start, and never smaller than before.

use std::sync::Arc;

use rusqlite::{OptionalExtension as _, params};
use safeconduct_certs::{
    authority::root::{RootFile, RootRefused},
    node::NodeState,
    registry::{Accepted, HeadRefused, Registry, ReplayError, freshness::Freshness},
};
use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    envelope::header::RegistryPoint,
    frame::Head,
    id::{NodeId, RelayId},
    limits::CHECKPOINT_NOTE_BYTES_MAX,
    time::Timestamp,
};

use crate::{
    keys,
    vault::{Vault, VaultError, int, uint},
};

/// Why the registry was not loaded, or a piece of it not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No enrolment was begun, so that no authority is known.
    #[error("this node has not been enrolled, so it knows no authority")]
    NotEnrolled,
    /// The root file that was pinned at enrolment is refused.
    #[error("the authority's root file is refused")]
    Root(#[source] RootRefused),
    /// A leaf breaks the rules of replay.
    #[error("the registry breaks its own rules")]
    Replay(#[source] ReplayError),
    /// The signed head is refused: rolled back, forged, or about another log.
    #[error("the registry's head is refused")]
    Head(#[source] HeadRefused),
    /// A page that does not follow the leaves held.
    #[error("the registry's page starts at {from}, and {held} leaves are held")]
    Gap {
        /// First leaf of the page.
        from: u64,
        /// Leaves held.
        held: u64,
    },
}

impl RegistryError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::NotEnrolled => "run `safeconduct enrol` with the code that the authority gave you",
            Self::Root(refused) => refused.remedy(),
            Self::Replay(_) => "stop, and phone the authority: its registry or the relay is not to be trusted now",
            Self::Head(refused) => refused.remedy(),
            Self::Gap { .. } => "fetch the missing leaves first",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::NotEnrolled => "not-enrolled",
            Self::Root(_) => "root-refused",
            Self::Replay(_) => "registry-replay",
            Self::Head(_) => "registry-head",
            Self::Gap { .. } => "registry-gap",
        }
    }

    /// Whether somebody tampers: the relay or the authority shows what cannot be.
    #[must_use]
    pub const fn is_tampering(&self) -> bool {
        match self {
            Self::Replay(error) => error.blame().is_tampering(),
            Self::Head(refused) => refused.blame().is_tampering(),
            Self::Vault(_) | Self::NotEnrolled | Self::Root(_) | Self::Gap { .. } => false,
        }
    }
}

/// The registry as held: every leaf in it is covered by the head in it. Cheap to clone.
#[derive(Clone)]
pub struct Held(Arc<Registry>);

impl Held {
    /// The replayed registry.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0
    }

    /// The same, to be shared with the link's key check.
    #[must_use]
    pub fn share(&self) -> Arc<Registry> {
        Arc::clone(&self.0)
    }

    /// Leaves held.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size()
    }

    /// A registered node, active or not.
    #[must_use]
    pub fn node(&self, node: &NodeId) -> Option<&NodeState> {
        self.0.node(node)
    }

    /// The relay where `node` has its mailbox and its slots; 0 when the node is not registered.
    #[must_use]
    pub fn home_relay(&self, node: &NodeId) -> RelayId {
        self.0.node(node).map_or(RelayId(0), |state| state.home_relay)
    }

    /// The key that verifies a relay's receipts.
    #[must_use]
    pub fn relay_key(&self, relay: RelayId) -> Option<&VerifyingKey> {
        self.0.relay(relay).map(|state| &state.ik)
    }

    /// Size and root that messages and receipts name.
    #[must_use]
    pub fn point(&self) -> RegistryPoint {
        RegistryPoint { size: self.0.size(), root: self.0.root_hash() }
    }

    /// The signed note that messages carry; empty when it does not fit its place.
    #[must_use]
    pub fn checkpoint(&self) -> &[u8] {
        let note = self.0.head().map_or(&[][..], |head| &head.note);
        if note.len() <= CHECKPOINT_NOTE_BYTES_MAX { note } else { &[] }
    }

    /// How old the authority's last word is.
    #[must_use]
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        self.0.freshness(now)
    }
}

/// Loads and replays what the vault holds. Before the first page has come this is an empty registry.
///
/// # Errors
/// [`RegistryError::NotEnrolled`]; [`RegistryError::Replay`] or [`RegistryError::Head`] when the vault holds what
/// can not have been verified.
pub fn load(vault: &Vault, now: Timestamp) -> Result<Held, RegistryError> {
    let enrolment = keys::enrolment(vault)?.ok_or(RegistryError::NotEnrolled)?;
    let root = RootFile::parse(&enrolment.root).map_err(RegistryError::Root)?;
    let mut registry = Registry::new(root);
    let mut leaves = vault.db().prepare("SELECT leaf FROM registry_leaf ORDER BY place").map_err(VaultError::from)?;
    let rows = leaves.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(VaultError::from)?;
    let leaves = rows.collect::<Result<Vec<_>, _>>().map_err(VaultError::from)?;
    registry.extend(&leaves).map_err(RegistryError::Replay)?;
    if let Some(head) = stored_head(vault)? {
        if head.size != registry.size() {
            return Err(VaultError::Damaged { what: "leaves of the registry are missing" }.into());
        }
        registry.accept_head(&head, now).map_err(RegistryError::Head)?;
    } else if registry.size() > 0 {
        return Err(VaultError::Damaged { what: "the head of the registry is missing" }.into());
    }
    Ok(Held(Arc::new(registry)))
}

fn stored_head(vault: &Vault) -> Result<Option<Head>, VaultError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?));
    let found = vault.db().query_row("SELECT size, note, timestamp FROM registry_head", [], read).optional()?;
    found.map(|(size, note, timestamp)| Ok(Head { size: uint(size)?, note, timestamp })).transpose()
}

/// A head without new leaves: a newer timestamp, or the same again. A head that announces more leaves is not taken;
/// see [`Growth`].
///
/// # Errors
/// [`RegistryError::Head`]: rolled back, forged, or [`HeadRefused::Behind`] when leaves are missing.
pub fn take_head(
    vault: &mut Vault,
    held: &Held,
    head: &Head,
    now: Timestamp,
) -> Result<(Held, Accepted), RegistryError> {
    let mut registry = Registry::clone(&held.0);
    let accepted = registry.accept_head(head, now).map_err(RegistryError::Head)?;
    store(vault, &registry, &[], now)?;
    Ok((Held(Arc::new(registry)), accepted))
}

/// Pages on their way to a head. Nothing of them counts, and nothing is stored, before the head covers them all.
pub struct Growth {
    registry: Registry,
    records: Vec<Vec<u8>>,
}

impl Growth {
    /// Starts from what is held.
    #[must_use]
    pub fn new(held: &Held) -> Self {
        Self { registry: Registry::clone(&held.0), records: Vec::new() }
    }

    /// The first leaf that is still missing.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.registry.size()
    }

    /// Takes a page: leaves and the sealed directory record of each.
    ///
    /// # Errors
    /// [`RegistryError::Gap`] or [`RegistryError::Replay`]; start anew then.
    pub fn page(&mut self, from: u64, leaves: &[Vec<u8>], records: &[Vec<u8>]) -> Result<(), RegistryError> {
        if from != self.registry.size() {
            return Err(RegistryError::Gap { from, held: self.registry.size() });
        }
        self.registry.extend(leaves).map_err(RegistryError::Replay)?;
        let record = |place: usize| records.get(place).cloned().unwrap_or_default();
        self.records.extend((0..leaves.len()).map(record));
        Ok(())
    }

    /// Takes the head that the pages lead to and stores it all in one transaction.
    ///
    /// # Errors
    /// [`RegistryError::Head`] and nothing is changed.
    pub fn finish(mut self, vault: &mut Vault, head: &Head, now: Timestamp) -> Result<(Held, Accepted), RegistryError> {
        let accepted = self.registry.accept_head(head, now).map_err(RegistryError::Head)?;
        if head.size != self.registry.size() {
            return Err(RegistryError::Gap { from: head.size, held: self.registry.size() });
        }
        store(vault, &self.registry, &self.records, now)?;
        Ok((Held(Arc::new(self.registry)), accepted))
    }
}

/// Stores the newest `records.len()` leaves with their records, and the head.
fn store(vault: &mut Vault, registry: &Registry, records: &[Vec<u8>], now: Timestamp) -> Result<(), RegistryError> {
    let Some(head) = registry.head() else { return Ok(()) };
    let added = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let first = registry.size().saturating_sub(added);
    let tx = vault.begin()?;
    for ((place, leaf), record) in (first..).zip(registry.leaves_from(first)).zip(records) {
        tx.execute(
            "INSERT INTO registry_leaf (place, leaf, record) VALUES (?1, ?2, ?3)",
            params![int(place), leaf, record],
        )
        .map_err(VaultError::from)?;
    }
    tx.execute(
        "REPLACE INTO registry_head (only, size, root_hash, note, timestamp, seen_at) VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![int(head.size), registry.root_hash(), head.note, head.timestamp, int(now.0)],
    )
    .map_err(VaultError::from)?;
    Ok(tx.commit().map_err(VaultError::from)?)
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::node::Exercise;

    use super::*;
    use crate::testing::{NOW, Node, World};

    fn grown() -> (World, Node) {
        let mut world = World::new(50);
        let mut node = world.node(Exercise::No);
        world.update(&mut node, NOW);
        (world, node)
    }

    fn growth(world: &World, node: &Node) -> Growth {
        let mut growth = Growth::new(&node.held);
        let from = growth.next();
        growth.page(from, &world.leaves(from), &[]).unwrap();
        growth
    }

    #[test]
    fn the_registry_is_replayed_at_start_and_grows_page_by_page() {
        let (mut world, mut node) = grown();
        let other = world.node(Exercise::No);
        world.node(Exercise::Yes);
        node.restart(NOW, &mut world.entropy);
        assert_eq!(node.held.size(), 2);

        let mut growth = Growth::new(&node.held);
        let leaves = world.leaves(2);
        growth.page(2, &leaves[..1], &[vec![7]]).unwrap();
        growth.page(3, &leaves[1..], &[]).unwrap();
        let (held, accepted) = growth.finish(node.vault(), &world.head(NOW), NOW).unwrap();
        node.held = held;

        assert!(accepted.grown && node.held.node(&other.identity.node).is_some());
        node.restart(NOW, &mut world.entropy);
        assert_eq!(node.held.size(), 4);
    }

    #[test]
    fn an_older_head_is_refused_and_the_newer_stays() {
        let (mut world, mut node) = grown();
        let old = world.head(NOW);
        world.node(Exercise::No);
        world.update(&mut node, NOW.after(60));

        let held = node.held.clone();
        let refused = take_head(node.vault(), &held, &old, NOW.after(120)).err().unwrap();

        assert!(matches!(refused, RegistryError::Head(HeadRefused::Rollback { accepted: 3, offered: 2 })));
        assert!(refused.is_tampering());
        node.restart(NOW, &mut world.entropy);
        assert_eq!(node.held.size(), 3);
    }

    #[test]
    fn pages_with_a_gap_or_without_their_head_change_nothing() {
        let (mut world, mut node) = grown();
        let old = world.head(NOW);
        world.node(Exercise::No);
        let leaves = world.leaves(2);

        let gap = Growth::new(&node.held).page(3, &leaves, &[]).err().unwrap();
        let uncovered = growth(&world, &node).finish(node.vault(), &old, NOW).err().unwrap();
        let bent: Vec<Vec<u8>> = leaves.iter().map(|leaf| leaf.iter().map(|byte| byte ^ 1).collect()).collect();
        let forged = Growth::new(&node.held).page(2, &bent, &[]).err().unwrap();

        assert!(matches!(gap, RegistryError::Gap { from: 3, held: 2 }));
        assert!(matches!(uncovered, RegistryError::Gap { .. }));
        assert!(matches!(forged, RegistryError::Replay(_)));
        node.restart(NOW, &mut world.entropy);
        assert_eq!(node.held.size(), 2);
    }

    #[test]
    fn a_vault_that_lost_leaves_is_damaged() {
        let (_, mut node) = grown();
        node.vault().db().execute("DELETE FROM registry_leaf WHERE place = 1", []).unwrap();

        let refused = load(node.vault(), NOW).err().unwrap();

        assert!(matches!(refused, RegistryError::Vault(VaultError::Damaged { .. })));
    }
}
