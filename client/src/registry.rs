//! The authority's log as this node holds it: whole, verified by replay at every start, and never smaller than before.

pub(crate) mod acted_on;
pub(crate) mod age;
mod clock;
pub(crate) mod foreign;
pub mod fork;
mod held;
pub(crate) mod records;
#[cfg(test)]
mod rotation;

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};
use safeconduct_certs::{
    authority::root::{RootFile, RootRefused},
    registry::{
        Accepted, HeadRefused, Registry, ReplayError,
        gossip::{self, Gossip},
    },
};
use safeconduct_protocol::{frame::Head, time::Timestamp};

pub(crate) use self::clock::{Ahead, ahead, believed, confirmed};
pub use self::held::{Authority, Foreign, Held, RelayRef};
use crate::{
    keys,
    vault::{Sql as _, Vault, VaultError, int, uint},
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
    /// Leaves that came on one connection were others than on the one before.
    #[error("the relay has answered differently on two connections")]
    TwoAnswers,
    /// Another country's log is larger than every node can be asked to keep.
    #[error("the registry of a recognised authority is larger than {} MiB", foreign::LOG_BYTES_MAX >> 20)]
    TooLarge,
    /// The log key has signed two histories, and the proof of it is kept.
    #[error("the authority has signed two different registries")]
    TwoHistories,
}

impl RegistryError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::NotEnrolled => {
                "stop the daemon, run `safeconduct enrol CODE` with the code that the authority gave you, and start it again"
            }
            Self::Root(refused) => refused.remedy(),
            Self::Replay(_) => "stop, and phone the authority: its registry or the relay is not to be trusted now",
            Self::Head(refused) => refused.remedy(),
            Self::Gap { .. } => "fetch the missing leaves first",
            Self::TooLarge => "tell your authority: nothing is sent there once the copy here is too old",
            Self::TwoAnswers => "nothing: the registry is fetched anew; if it stays so, tell the relay's operator",
            Self::TwoHistories => "stop, keep the data folder as it is, and phone the authority",
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
            Self::TooLarge => "registry-too-large",
            Self::TwoAnswers => "registry-changed",
            Self::TwoHistories => "two-registries",
        }
    }

    /// Whether somebody tampers: the relay or the authority shows what cannot be.
    #[must_use]
    pub const fn is_tampering(&self) -> bool {
        match self {
            Self::Replay(error) => error.blame().is_tampering(),
            Self::Head(refused) => refused.blame().is_tampering(),
            Self::TwoHistories => true,
            Self::Vault(_)
            | Self::NotEnrolled
            | Self::Root(_)
            | Self::Gap { .. }
            | Self::TwoAnswers
            | Self::TooLarge => false,
        }
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
    let mut leaves = vault
        .db()
        .prepare_cached("SELECT leaf, x'', seen FROM registry_leaf ORDER BY place")
        .map_err(VaultError::from)?;
    // Its versions of the root file are all known already: what lies beside the leaves is not needed.
    extend_stored(&mut registry, leaves.query([]).map_err(VaultError::from)?)?;
    if let Some((head, signed)) = stored_head(vault)? {
        if head.size != registry.size() {
            return Err(VaultError::Damaged { what: "leaves of the registry are missing" }.into());
        }
        registry.accept_head(&head, now).map_err(RegistryError::Head)?;
        registry.hold_time(signed);
    } else if registry.size() > 0 {
        return Err(VaultError::Damaged { what: "the head of the registry is missing" }.into());
    }
    with_foreign(vault, registry, &[], now)
}

/// The own log with those of the authorities that it recognises; their logs as far as they are `known` already.
fn with_foreign(vault: &Vault, own: Registry, known: &[Foreign], now: Timestamp) -> Result<Held, RegistryError> {
    let foreign = foreign::load(vault, &own, known, now)?;
    Ok(Held::new(Arc::new(own), Arc::new(foreign)))
}

/// Leaves that were stored, with what lies beside each, and the newest signed time that was held when it was taken: what waits, waits
/// from then on. The rows are leaf, record and time, in their order.
fn extend_stored(registry: &mut Registry, rows: rusqlite::Rows<'_>) -> Result<(), RegistryError> {
    let rows = rows.mapped(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows = rows.collect::<Result<Vec<(Vec<u8>, Vec<u8>, i64)>, _>>().map_err(VaultError::from)?;
    for together in rows.chunk_by(|one, next| one.2 == next.2) {
        let seen = Timestamp(together.first().map_or(Ok(0), |(_, _, seen)| uint(*seen))?);
        let (leaves, records): (Vec<_>, Vec<_>) =
            together.iter().map(|(leaf, record, _)| (leaf.as_slice(), record.as_slice())).unzip();
        registry.extend_beside_seen(&leaves, &records, seen).map_err(RegistryError::Replay)?;
    }
    Ok(())
}

/// The head, and the newest signed time that was held with it.
fn stored_head(vault: &Vault) -> Result<Option<(Head, Timestamp)>, VaultError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?));
    let sql = "SELECT size, note, timestamp, signed_at FROM registry_head";
    let found = vault.db().one(sql, [], read).optional()?;
    let head =
        |(size, note, timestamp, signed)| Ok((Head { size: uint(size)?, note, timestamp }, Timestamp(uint(signed)?)));
    found.map(head).transpose()
}

/// A head without new leaves: a newer timestamp, or the same again. A head that announces more leaves is not taken;
/// see [`Growth`]. `clock` is this machine's: a signed time that is more than a day after it is not taken.
///
/// # Errors
/// [`RegistryError::Head`]: rolled back, forged, or [`HeadRefused::Behind`] when leaves are missing.
pub fn take_head(
    vault: &mut Vault,
    held: &Held,
    head: &Head,
    clock: Timestamp,
) -> Result<(Held, Accepted), RegistryError> {
    let (head, ahead) = believed(&held.own, head, clock);
    let head = &*head;
    if let Err(refused) = held.own.would_accept(head) {
        #[cfg(feature = "planted")]
        if matches!(refused, HeadRefused::Rollback { .. })
            && safeconduct_protocol::planted::is(safeconduct_protocol::planted::Bug::ShorterRegistry)
        {
            return shorter(held, head, clock);
        }
        if matches!(refused, HeadRefused::SplitView { .. }) {
            fork::served(vault, held, head, clock)?;
        }
        return Err(RegistryError::Head(refused));
    }
    clock::note(vault, None, head, ahead, clock)?;
    let mut registry = Registry::clone(&held.own);
    let accepted = registry.accept_head(head, clock).map_err(RegistryError::Head)?;
    store(vault, &registry, &[], Seen { at: Timestamp(0), from: 0 }, clock)?;
    // No leaf is new, so nobody else is recognised than before.
    Ok((Held::new(Arc::new(registry), Arc::clone(&held.foreign)), accepted))
}

/// The leaves held up to an older head.
#[cfg(feature = "planted")]
fn shorter(held: &Held, head: &Head, clock: Timestamp) -> Result<(Held, Accepted), RegistryError> {
    let mut registry = Registry::new(RootFile::clone(held.own.root()));
    let leaves: Vec<&[u8]> = held.own.leaves_from(0).take(usize::try_from(head.size).unwrap_or(0)).collect();
    registry.extend(&leaves).map_err(RegistryError::Replay)?;
    let accepted = registry.accept_head(head, clock).map_err(RegistryError::Head)?;
    Ok((Held::new(Arc::new(registry), Arc::clone(&held.foreign)), accepted))
}

/// Pages on their way to a head. Nothing of them counts, and nothing is stored, before the head covers them all.
pub struct Growth {
    /// What is held and what has come; further than that when leaves are known already.
    registry: Registry,
    /// The first leaf that has not come with its record.
    next: u64,
    records: Vec<Vec<u8>>,
    /// Recognised authorities' logs as held: they do not change when our own grows.
    foreign: Arc<Vec<Foreign>>,
    /// Leaves before this one were judged while no signed time was held.
    timeless: u64,
}

impl Growth {
    /// Starts from what is held.
    #[must_use]
    pub fn new(held: &Held) -> Self {
        Self {
            registry: Registry::clone(&held.own),
            next: held.size(),
            records: Vec::new(),
            foreign: Arc::clone(&held.foreign),
            timeless: 0,
        }
    }

    /// The same, when the leaves to come were fetched and judged before, without their records: they are not judged twice, but
    /// must come again as they were. Only where nothing is held yet: a copy that was held has times of its own, from which
    /// changes by the authority alone are reckoned.
    #[must_use]
    pub fn with_known(held: &Held, known: Registry) -> Self {
        if held.own.head().is_some() {
            return Self::new(held);
        }
        let timeless = known.size();
        Self { registry: known, next: 0, timeless, ..Self::new(held) }
    }

    /// The first leaf that is still missing.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// Takes a page: leaves and the sealed directory record of each.
    ///
    /// # Errors
    /// [`RegistryError::Gap`] or [`RegistryError::Replay`]; start anew then.
    pub fn page(&mut self, from: u64, leaves: &[Vec<u8>], records: &[Vec<u8>]) -> Result<(), RegistryError> {
        if from != self.next {
            return Err(RegistryError::Gap { from, held: self.next });
        }
        let known =
            leaves.iter().zip(self.registry.leaves_from(from)).take_while(|(leaf, known)| leaf == known).count();
        let (known, new) = leaves.split_at_checked(known).unwrap_or((leaves, &[]));
        if !new.is_empty()
            && u64::try_from(known.len()).is_ok_and(|known| from.saturating_add(known) < self.registry.size())
        {
            return Err(RegistryError::TwoAnswers);
        }
        let beside = records.get(leaves.len().saturating_sub(new.len())..).unwrap_or_default();
        self.registry.extend_beside(new, beside).map_err(RegistryError::Replay)?;
        self.next = from.saturating_add(u64::try_from(leaves.len()).unwrap_or(u64::MAX));
        let record = |place: usize| records.get(place).cloned().unwrap_or_default();
        self.records.extend((0..leaves.len()).map(record));
        Ok(())
    }

    /// Judges a head to which the relay has no pages: one that nobody can have signed is told as what it is.
    ///
    /// # Errors
    /// [`RegistryError::Head`], but not for want of entries.
    pub fn judge(&self, head: &Head) -> Result<(), RegistryError> {
        match self.registry.would_accept(head) {
            Ok(()) | Err(HeadRefused::Behind { .. }) => Ok(()),
            Err(refused) => Err(RegistryError::Head(refused)),
        }
    }

    /// Takes the head that the pages lead to and stores it all in one transaction.
    ///
    /// # Errors
    /// [`RegistryError::Head`]; [`RegistryError::TwoHistories`] when a head that a partner has seen contradicts these pages, or
    /// another one did before: the registry as held is not changed then. `clock` is as in [`take_head`].
    pub fn finish(
        mut self,
        vault: &mut Vault,
        head: &Head,
        clock: Timestamp,
    ) -> Result<(Held, Accepted), RegistryError> {
        let (head, ahead) = believed(&self.registry, head, clock);
        let head = &*head;
        let seen = self.registry.newest_time().unwrap_or_default();
        let accepted = self.registry.accept_head(head, clock).map_err(RegistryError::Head)?;
        clock::note(vault, None, head, ahead, clock)?;
        if head.size != self.registry.size() || head.size != self.next {
            return Err(RegistryError::Gap { from: head.size, held: self.next });
        }
        if has_conflict(vault)? || conflicts(vault, &self.registry, clock)? {
            return Err(RegistryError::TwoHistories);
        }
        self.drop_false_records(vault)?;
        store(vault, &self.registry, &self.records, Seen { at: seen, from: self.timeless }, clock)?;
        Ok((with_foreign(vault, self.registry, &self.foreign, clock)?, accepted))
    }
}

impl Growth {
    /// A record that is not what its leaf commits to counts as missing. Before there is a key nothing can be said of them.
    fn drop_false_records(&mut self, vault: &Vault) -> Result<(), VaultError> {
        let Some(key) = records::key(vault)? else { return Ok(()) };
        let added = u64::try_from(self.records.len()).unwrap_or(u64::MAX);
        let leaves = self.registry.leaves_from(self.registry.size().saturating_sub(added));
        for (record, leaf) in self.records.iter_mut().zip(leaves) {
            if !records::is_of(record, &key, &self.registry, leaf) {
                record.clear();
            }
        }
        Ok(())
    }
}

/// The signed time that was held when leaves were taken: none for those before a place.
struct Seen {
    at: Timestamp,
    from: u64,
}

/// Stores the newest `records.len()` leaves with their records, as taken, and the head.
fn store(
    vault: &mut Vault,
    registry: &Registry,
    records: &[Vec<u8>],
    seen: Seen,
    now: Timestamp,
) -> Result<(), RegistryError> {
    let Some(head) = registry.head() else { return Ok(()) };
    let added = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let first = registry.size().saturating_sub(added);
    let tx = vault.begin()?;
    keys::keep_root(&tx, registry.root().as_bytes())?;
    if !records.is_empty() {
        let sql = "INSERT INTO registry_leaf (place, leaf, record, seen) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = tx.prepare_cached(sql).map_err(VaultError::from)?;
        for ((place, leaf), record) in (first..).zip(registry.leaves_from(first)).zip(records) {
            let at = if place < seen.from { Timestamp(0) } else { seen.at };
            insert.execute(params![int(place), leaf, record, int(at.0)]).map_err(VaultError::from)?;
        }
    }
    tx.run(
        "REPLACE INTO registry_head (only, size, root_hash, note, timestamp, signed_at, seen_at)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            int(head.size),
            registry.root_hash(),
            head.note,
            head.timestamp,
            int(registry.newest_time().unwrap_or_default().0),
            int(now.0),
        ],
    )
    .map_err(VaultError::from)?;
    Ok(tx.commit().map_err(VaultError::from)?)
}

/// Heads of partners kept for later at most: one authority has few that are newer than what its relays serve, and only it can
/// sign them.
const AHEAD_MAX: u32 = 64;

/// Compares a head that a partner has seen with the registry as held, and keeps what is left to do of it: a head that is
/// ahead is compared again when the registry grows, a contradiction is proof. Inside the transaction that stores the
/// message.
pub(crate) fn heard(db: &Connection, held: &Held, note: &[u8], now: Timestamp) -> Result<Gossip, VaultError> {
    let heard = gossip::compare(&held.own, note);
    match &heard {
        Gossip::Ahead { size } => {
            db.run(
                "INSERT OR IGNORE INTO head_ahead (note, size, seen_at)
                    SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM head_ahead) < ?4",
                params![note, int(*size), int(now.0), AHEAD_MAX],
            )?;
        }
        Gossip::Equivocation(proof) => fork::keep(db, proof, now)?,
        // Of another log, or of none.
        Gossip::Invalid => return foreign::heard(db, held, note, now),
        Gossip::Same => {}
    }
    Ok(heard)
}

/// Whether a grown registry contradicts a head that a partner has seen. If it does, the proof is kept before this returns;
/// heads that it agrees with are done with.
fn conflicts(vault: &mut Vault, grown: &Registry, now: Timestamp) -> Result<bool, VaultError> {
    let tx = vault.begin()?;
    let notes: Vec<Vec<u8>> = {
        let mut rows = tx.prepare_cached("SELECT note FROM head_ahead WHERE size <= ?1")?;
        rows.query_map([int(grown.size())], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut found = false;
    for note in notes {
        let heard = gossip::compare(grown, &note);
        if let Gossip::Equivocation(proof) = &heard {
            fork::keep(&tx, proof, now)?;
            found |= !proof.by_replaced;
        }
        if !matches!(heard, Gossip::Ahead { .. }) {
            tx.run("DELETE FROM head_ahead WHERE note = ?1", [note])?;
        }
    }
    tx.commit()?;
    Ok(found)
}

/// Whether the proof of two histories is kept here that keys in force have signed. The registry does not grow then; everything else
/// goes on.
///
/// # Errors
/// What the disk says.
pub fn has_conflict(vault: &Vault) -> Result<bool, VaultError> {
    Ok(vault.db().one("SELECT EXISTS (SELECT 1 FROM head_conflict WHERE replaced = 0)", [], |row| row.get(0))?)
}

/// Heads that partners have seen and the registry has not reached, and since when the oldest waits.
///
/// # Errors
/// What the disk says.
pub fn ahead_since(vault: &Vault) -> Result<Option<Timestamp>, VaultError> {
    let since: Option<i64> = vault.db().one("SELECT min(seen_at) FROM head_ahead", [], |row| row.get(0))?;
    since.map(|at| uint(at).map(Timestamp)).transpose()
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::node::{Exercise, NodeState};
    use safeconduct_protocol::{id::NodeId, time::DAY_S};

    use super::*;
    use crate::testing::{HOME, NOW, Node, World};

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

    /// What a node has found out before it had a copy was judged while it held no signed time; so it is after a restart.
    #[test]
    fn a_copy_that_began_with_what_was_known_is_the_same_after_a_restart() {
        let mut world = World::new(50);
        let renewed = world.node(Exercise::No);
        let (second, third) = (world.signing_key(), world.signing_key());
        world.renew(&renewed.identity.node, &second.verifying_key(), Some(&renewed.identity.key));
        // An override whose time has come, and a renewal by the key that it brought.
        world.renew(&renewed.identity.node, &third.verifying_key(), None);
        let long_after = NOW.after(40 * DAY_S);
        let mut node = world.node(Exercise::No);
        let head = world.head(long_after);
        let mut known = Registry::new(world.root());
        known.extend(&world.leaves(0)).unwrap();
        known.accept_head(&head, long_after).unwrap();

        let mut growth = Growth::with_known(&node.held, known);
        growth.page(0, &world.leaves(0), &[]).unwrap();
        node.held = growth.finish(node.vault(), &head, long_after).unwrap().0;
        let state = |node: &Node| node.held.node(&renewed.identity.node).cloned().unwrap();
        let before = state(&node);
        assert!(before.pending.is_none() && before.ik == third.verifying_key() && before.former_keys.len() == 2);
        node.restart(long_after, &mut world.entropy);

        let after = state(&node);
        assert!(after.pending.is_none() && after.ik == before.ik, "what took effect has not begun to wait again");
        let counts = |state: &NodeState| state.former_keys.iter().map(|key| key.counts_until).collect::<Vec<_>>();
        assert_eq!(counts(&after), counts(&before));
    }

    /// Trap 38.
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
    fn leaves_that_were_judged_before_come_again_with_their_records_and_must_be_the_same() {
        let mut world = World::new(50);
        let mut node = world.stranger();
        world.add(&node.identity, Exercise::No);
        let mut known = Registry::new(world.root());
        known.extend(&world.leaves(0)).unwrap();
        known.accept_head(&world.head(NOW), NOW).unwrap();
        world.node(Exercise::No);
        let (held, leaves) = (node.held.clone(), world.leaves(0));

        let mut other = Growth::with_known(&held, known.clone());
        let mut bent = leaves.clone();
        bent.swap(0, 1);
        assert!(matches!(other.page(0, &bent, &[]), Err(RegistryError::TwoAnswers)));

        let mut growth = Growth::with_known(&held, known.clone());
        growth.page(0, &leaves[..1], &[vec![7]]).unwrap();
        growth.page(1, &leaves[1..], &[]).unwrap();
        let (taken, _) = growth.finish(node.vault(), &world.head(NOW), NOW).unwrap();
        assert_eq!((taken.size(), taken.registry().root_hash()), (3, world.held_root()));
        node.restart(NOW, &mut world.entropy);
        assert_eq!(node.held.size(), 3);

        let mut short = Growth::with_known(&held, known);
        short.page(0, &leaves[..1], &[]).unwrap();
        assert!(matches!(short.finish(node.vault(), &world.head(NOW), NOW), Err(RegistryError::Head(_))));
    }

    #[test]
    fn a_vault_that_lost_leaves_is_damaged() {
        let (_, mut node) = grown();
        node.vault().db().run("DELETE FROM registry_leaf WHERE place = 1", []).unwrap();

        let refused = load(node.vault(), NOW).err().unwrap();

        assert!(matches!(refused, RegistryError::Vault(VaultError::Damaged { .. })));
    }
    /// Two authorities with the same keys whose logs part at the third leaf, and a node that holds what both have.
    fn forked() -> (World, World, Node) {
        let (mut ours, node) = grown();
        let (mut theirs, _) = grown();
        ours.node(Exercise::No);
        theirs.node(Exercise::Yes);
        (ours, theirs, node)
    }

    fn hear(node: &mut Node, note: &[u8]) -> Gossip {
        let held = node.held.clone();
        let tx = node.vault().begin().unwrap();
        let heard = heard(&tx, &held, note, NOW).unwrap();
        tx.commit().unwrap();
        heard
    }

    #[test]
    fn a_head_that_was_ahead_is_compared_when_the_registry_grows_and_a_contradiction_stops_growth_for_good() {
        let (mut ours, theirs, mut node) = forked();
        let note = theirs.head(NOW).note;
        assert_eq!(hear(&mut node, &note), Gossip::Ahead { size: 3 });
        node.restart(NOW, &mut ours.entropy);

        for _ in 0..2 {
            let refused = growth(&ours, &node).finish(node.vault(), &ours.head(NOW), NOW).err().unwrap();
            assert!(matches!(refused, RegistryError::TwoHistories) && refused.is_tampering());
            node.restart(NOW, &mut ours.entropy);
            assert_eq!(node.held.size(), 2);
        }

        let kept = fork::kept(node.vault()).unwrap();
        assert!(kept.len() == 1 && has_conflict(node.vault()).unwrap());
        let (ours_note, size) = (ours.head(NOW).note, kept[0].size);
        assert_eq!((size, &kept[0].ours, &kept[0].theirs), (3, &ours_note, &note));
    }

    #[test]
    fn a_head_that_was_ahead_and_agrees_is_done_with() {
        let (mut ours, _, mut node) = forked();
        assert_eq!(hear(&mut node, &ours.head(NOW).note), Gossip::Ahead { size: 3 });
        assert_eq!(ahead_since(node.vault()).unwrap(), Some(NOW));

        ours.update(&mut node, NOW);

        assert_eq!((node.held.size(), ahead_since(node.vault()).unwrap()), (3, None));
        assert!(!has_conflict(node.vault()).unwrap());
        ours.node(Exercise::No);
        ours.update(&mut node, NOW);
        assert_eq!(node.held.size(), 4);
    }

    #[test]
    fn a_contradiction_is_kept_once_and_garbage_is_not_kept() {
        let (ours, theirs, mut node) = forked();
        ours.update(&mut node, NOW);

        for _ in 0..2 {
            assert!(matches!(hear(&mut node, &theirs.head(NOW).note), Gossip::Equivocation(_)));
        }
        assert_eq!(hear(&mut node, b"noise"), Gossip::Invalid);

        assert_eq!(fork::kept(node.vault()).unwrap().len(), 1);
        assert_eq!(ahead_since(node.vault()).unwrap(), None);
    }

    #[test]
    fn a_relay_that_is_suspended_vouches_for_nothing() {
        let (mut world, mut node) = grown();
        assert!(node.held.relay_key(&HOME.relay).is_some());

        world.end(&NodeId::from_bytes([9; 32]), safeconduct_certs::registry::leaf::LeafKind::Suspend);
        world.update(&mut node, NOW);

        assert!(node.held.relay_key(&HOME.relay).is_none());
    }

    #[test]
    fn time_is_confirmed_only_as_far_as_the_authority_has_signed_it() {
        let (world, mut node) = grown();
        let db = |node: &Node| confirmed(node.vault.as_ref().unwrap().db(), NOW.after(100)).unwrap();
        assert_eq!(db(&node), NOW);

        world.update(&mut node, NOW.after(50));
        assert_eq!(db(&node), NOW.after(50));
        world.update(&mut node, NOW.after(200));
        assert_eq!(db(&node), NOW.after(100));
    }
}
