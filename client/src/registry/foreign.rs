//! The logs of recognised authorities, as the home relay serves them: verified by replay like our own, each under the root
//! file that our own log names.

use std::sync::Arc;

use rusqlite::{Connection, params};
use safeconduct_certs::{
    directory::DirectoryKey,
    introduction::Introduced,
    registry::{
        HeadRefused, Registry,
        gossip::{self, Gossip},
    },
};
use safeconduct_protocol::{frame::Head, time::Timestamp};

use super::{
    RegistryError, clock,
    held::{Authority, Foreign, Held},
    records,
};
use crate::vault::{Sql as _, Vault, VaultError, int, uint};

/// Every recognised authority whose introduction opens, with its log as stored. A stored log that does not replay is
/// forgotten, and fetched again: it must not keep this node from its own work. What is `known` already is not replayed again.
pub(super) fn load(
    vault: &Vault,
    own: &Registry,
    known: &[Foreign],
    now: Timestamp,
) -> Result<Vec<Foreign>, RegistryError> {
    let Some(key) = records::key(vault)? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for recognition in own.recognitions() {
        let Some(Introduced { root, directory }) = introduced(vault, &key, recognition)? else { continue };
        // Exercises and real cases never meet, whatever a log says.
        if root.is_practice() != own.root().is_practice() {
            continue;
        }
        let authority = recognition.authority;
        // An authority is known by the hash of its root file, so that the log is under the same one.
        let registry = match known.iter().find(|one| one.authority == authority) {
            Some(known) => Arc::clone(&known.registry),
            None => Arc::new(replayed(vault, &authority, Registry::new(root), now)?),
        };
        let country = recognition.terms.from_country;
        all.push(Foreign { authority, country, directory: Arc::new(directory), registry });
    }
    Ok(all)
}

fn replayed(vault: &Vault, authority: &Authority, empty: Registry, now: Timestamp) -> Result<Registry, RegistryError> {
    match stored(vault, authority, empty.clone(), now) {
        Err(RegistryError::Replay(_) | RegistryError::Head(_)) => {
            forget(vault, authority)?;
            Ok(empty)
        }
        other => other,
    }
}

fn introduced(
    vault: &Vault,
    key: &DirectoryKey,
    recognition: &safeconduct_certs::registry::terms::Recognition,
) -> Result<Option<Introduced>, VaultError> {
    let sealed: Vec<u8> =
        vault
            .db()
            .one("SELECT record FROM registry_leaf WHERE place = ?1", [int(recognition.index)], |row| row.get(0))?;
    Ok(Introduced::open(&sealed, key, &recognition.authority, &recognition.terms.record).ok())
}

fn stored(
    vault: &Vault,
    authority: &Authority,
    mut registry: Registry,
    now: Timestamp,
) -> Result<Registry, RegistryError> {
    let mut rows = vault
        .db()
        .prepare_cached("SELECT leaf, record, seen FROM foreign_leaf WHERE authority = ?1 ORDER BY place")
        .map_err(VaultError::from)?;
    super::extend_stored(&mut registry, rows.query([authority]).map_err(VaultError::from)?)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?));
    let mut heads = vault
        .db()
        .prepare_cached("SELECT size, note, timestamp FROM foreign_head WHERE authority = ?1")
        .map_err(VaultError::from)?;
    let head = heads.query_map([authority], read).map_err(VaultError::from)?.next();
    if let Some((size, note, timestamp)) = head.transpose().map_err(VaultError::from)? {
        let head = Head { size: uint(size)?, note, timestamp };
        registry.accept_head(&head, now).map_err(RegistryError::Head)?;
    }
    Ok(registry)
}

fn forget(vault: &Vault, authority: &Authority) -> Result<(), VaultError> {
    vault.db().run("DELETE FROM time_ahead WHERE authority = ?1", [authority])?;
    vault.db().run("DELETE FROM foreign_head WHERE authority = ?1", [authority])?;
    vault.db().run("DELETE FROM foreign_leaf WHERE authority = ?1", [authority])?;
    Ok(())
}

/// Whether one log of a recognised authority contradicts another head that it has signed. It does not grow then.
pub(crate) fn has_conflict(vault: &Vault, authority: &Authority) -> Result<bool, VaultError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM foreign_conflict WHERE authority = ?1 AND replaced = 0)";
    Ok(vault.db().one(sql, [authority], |row| row.get(0))?)
}

/// Recognised authorities that have signed two histories.
pub(crate) fn conflicts(vault: &Vault) -> Result<Vec<Authority>, VaultError> {
    let mut rows = vault.db().prepare_cached("SELECT DISTINCT authority FROM foreign_conflict WHERE replaced = 0")?;
    Ok(rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Entries of a recognised authority's log at most, as relays take them.
const LEAVES_MAX: u64 = 65_536;

/// Contradictions kept for one authority at most, and heads of it for later.
const NOTES_MAX: u32 = 64;

/// Compares a head from a message with the log of the recognised authority that has signed it; one that is ahead is compared again
/// when that log grows.
pub(super) fn heard(db: &Connection, held: &Held, note: &[u8], now: Timestamp) -> Result<Gossip, VaultError> {
    for foreign in held.foreign() {
        let heard = gossip::compare(&foreign.registry, note);
        match &heard {
            Gossip::Invalid => continue,
            Gossip::Equivocation(found) => keep(db, &foreign.authority, found, now)?,
            Gossip::Ahead { size } if *size > LEAVES_MAX => {}
            Gossip::Ahead { size } => {
                db.run(
                    "INSERT OR IGNORE INTO foreign_ahead (authority, note, size, seen_at) VALUES (?1, ?2, ?3, ?4)",
                    params![foreign.authority, note, int(*size), int(now.0)],
                )?;
                // Those that will be compared last go: whoever signs heads that never come drives no other out.
                db.run(
                    "DELETE FROM foreign_ahead WHERE authority = ?1 AND note IN (SELECT note FROM foreign_ahead
                        WHERE authority = ?1 ORDER BY size, seen_at LIMIT -1 OFFSET ?2)",
                    params![foreign.authority, NOTES_MAX],
                )?;
            }
            Gossip::Same => {}
        }
        return Ok(heard);
    }
    Ok(Gossip::Invalid)
}

fn keep(
    db: &Connection,
    authority: &Authority,
    found: &gossip::Equivocation,
    now: Timestamp,
) -> Result<(), VaultError> {
    db.run(
        "INSERT OR IGNORE INTO foreign_conflict (authority, theirs, ours, size, seen_at, replaced)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE
                (SELECT count(*) FROM foreign_conflict WHERE authority = ?1 AND replaced = ?6) < ?7",
        params![authority, found.theirs, found.ours, int(found.size), int(now.0), found.by_replaced, NOTES_MAX],
    )?;
    Ok(())
}

/// The relay serves a head that contradicts the log as held; when the log key has signed both, that is proof.
fn served(
    vault: &Vault,
    authority: &Authority,
    registry: &Registry,
    head: &Head,
    now: Timestamp,
) -> Result<(), VaultError> {
    match gossip::compare(registry, &head.note) {
        Gossip::Equivocation(found) => keep(vault.db(), authority, &found, now),
        Gossip::Invalid | Gossip::Ahead { .. } | Gossip::Same => Ok(()),
    }
}

/// Whether a grown log contradicts a head that a partner has seen. If it does, the proof is kept before this returns; heads that it
/// agrees with are done with.
fn contradicts(vault: &mut Vault, authority: &Authority, grown: &Registry, now: Timestamp) -> Result<bool, VaultError> {
    let tx = vault.begin()?;
    let notes: Vec<Vec<u8>> = {
        let mut rows = tx.prepare_cached("SELECT note FROM foreign_ahead WHERE authority = ?1 AND size <= ?2")?;
        rows.query_map(params![authority, int(grown.size())], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    let mut found = false;
    for note in notes {
        let heard = gossip::compare(grown, &note);
        if let Gossip::Equivocation(proof) = &heard {
            keep(&tx, authority, proof, now)?;
            found |= !proof.by_replaced;
        }
        if !matches!(heard, Gossip::Ahead { .. }) {
            tx.run("DELETE FROM foreign_ahead WHERE authority = ?1 AND note = ?2", params![authority, note])?;
        }
    }
    tx.commit()?;
    Ok(found)
}

/// What a head of a recognised authority leaves to do.
pub(crate) enum Step {
    /// Nothing; and the registries as they are held now.
    Level(Held),
    /// Leaves from here on are missing.
    Fetch(u64),
}

/// Takes a head of a recognised authority's log. `clock` is this machine's: a signed time that is more than a day after it is not
/// taken.
///
/// # Errors
/// [`RegistryError::Head`] when it is refused.
pub(crate) fn take_head(
    vault: &mut Vault,
    held: &Held,
    authority: &Authority,
    head: &Head,
    clock: Timestamp,
) -> Result<Step, RegistryError> {
    let Some(foreign) = held.one(authority) else { return Ok(Step::Level(held.clone())) };
    if has_conflict(vault, authority)? || head.note.is_empty() {
        return Ok(Step::Level(held.clone()));
    }
    let (head, ahead) = clock::believed(&foreign.registry, head, clock);
    let head = &*head;
    match foreign.registry.would_accept(head) {
        Ok(()) => clock::note(vault, Some(authority), head, ahead, clock)?,
        // Signed by a key that comes with an entry that is missing, perhaps: judged when the entries are here.
        Err(HeadRefused::Behind { .. } | HeadRefused::Checkpoint(_)) if head.size > foreign.registry.size() => {
            return Ok(Step::Fetch(foreign.registry.size()));
        }
        Err(refused) => {
            if matches!(refused, HeadRefused::SplitView { .. }) {
                served(vault, authority, &foreign.registry, head, clock)?;
            }
            return Err(RegistryError::Head(refused));
        }
    }
    let no_newer =
        |held: &Head| held.note == head.note && (head.timestamp.is_empty() || head.timestamp == held.timestamp);
    if foreign.registry.head().is_some_and(no_newer) {
        return Ok(Step::Level(held.clone()));
    }
    let mut registry = Registry::clone(&foreign.registry);
    registry.accept_head(head, clock).map_err(RegistryError::Head)?;
    store(vault, authority, &registry, &[], Timestamp(0))?;
    Ok(Step::Level(replaced(held, authority, registry)))
}

/// Bytes of one recognised authority's leaves and records at most: every node keeps and replays them.
pub(crate) const LOG_BYTES_MAX: usize = 32 << 20;

/// Pages of a recognised authority's log on their way to a head.
pub(crate) struct ForeignGrowth {
    authority: Authority,
    registry: Registry,
    records: Vec<Vec<u8>>,
    /// Bytes of leaves and records so far.
    bytes: usize,
}

impl ForeignGrowth {
    /// Starts from what is held; none for an authority that is not recognised.
    pub(crate) fn new(held: &Held, authority: &Authority) -> Option<Self> {
        let foreign = held.one(authority)?;
        let registry = Registry::clone(&foreign.registry);
        let bytes = registry.leaves_from(0).map(<[u8]>::len).fold(0, usize::saturating_add);
        Some(Self { authority: *authority, registry, records: Vec::new(), bytes })
    }

    /// The first leaf that is still missing.
    pub(crate) fn next(&self) -> u64 {
        self.registry.size()
    }

    /// Takes a page.
    ///
    /// # Errors
    /// [`RegistryError::Gap`], [`RegistryError::Replay`] or [`RegistryError::TooLarge`]; start anew then.
    pub(crate) fn page(&mut self, from: u64, leaves: &[Vec<u8>], records: &[Vec<u8>]) -> Result<(), RegistryError> {
        if from != self.registry.size() {
            return Err(RegistryError::Gap { from, held: self.registry.size() });
        }
        let came = leaves.iter().chain(records).map(Vec::len).fold(0, usize::saturating_add);
        self.bytes = self.bytes.saturating_add(came);
        if self.bytes > LOG_BYTES_MAX {
            return Err(RegistryError::TooLarge);
        }
        self.registry.extend_beside(leaves, records).map_err(RegistryError::Replay)?;
        let record = |place: usize| records.get(place).cloned().unwrap_or_default();
        self.records.extend((0..leaves.len()).map(record));
        Ok(())
    }

    /// Takes the head that the pages lead to, and stores it all in one transaction.
    ///
    /// # Errors
    /// [`RegistryError::Head`], [`RegistryError::Gap`]; [`RegistryError::TwoHistories`] when a head that a partner has seen
    /// contradicts these pages. What is held stays then.
    pub(crate) fn finish(
        mut self,
        vault: &mut Vault,
        held: &Held,
        head: &Head,
        clock: Timestamp,
    ) -> Result<Held, RegistryError> {
        let (head, ahead) = clock::believed(&self.registry, head, clock);
        let head = &*head;
        let seen = self.registry.newest_time().unwrap_or_default();
        self.registry.accept_head(head, clock).map_err(RegistryError::Head)?;
        clock::note(vault, Some(&self.authority), head, ahead, clock)?;
        if head.size != self.registry.size() {
            return Err(RegistryError::Gap { from: head.size, held: self.registry.size() });
        }
        if contradicts(vault, &self.authority, &self.registry, clock)? {
            return Err(RegistryError::TwoHistories);
        }
        self.drop_false_records(held);
        store(vault, &self.authority, &self.registry, &self.records, seen)?;
        Ok(replaced(held, &self.authority, self.registry))
    }

    /// A record that is not what its leaf commits to counts as missing.
    fn drop_false_records(&mut self, held: &Held) {
        let Some(foreign) = held.one(&self.authority) else { return };
        let added = u64::try_from(self.records.len()).unwrap_or(u64::MAX);
        let leaves = self.registry.leaves_from(self.registry.size().saturating_sub(added));
        for (record, leaf) in self.records.iter_mut().zip(leaves) {
            if !records::is_of(record, &foreign.directory, &self.registry, leaf) {
                record.clear();
            }
        }
    }
}

fn replaced(held: &Held, authority: &Authority, registry: Registry) -> Held {
    let mut foreign = Vec::clone(&held.foreign);
    if let Some(one) = foreign.iter_mut().find(|one| one.authority == *authority) {
        one.registry = Arc::new(registry);
    }
    Held::new(Arc::clone(&held.own), Arc::new(foreign))
}

/// Stores the newest `records.len()` leaves with their records, as taken when a signed time of `seen` was held, and the head.
fn store(
    vault: &mut Vault,
    authority: &Authority,
    registry: &Registry,
    records: &[Vec<u8>],
    seen: Timestamp,
) -> Result<(), VaultError> {
    let Some(head) = registry.head() else { return Ok(()) };
    let added = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let first = registry.size().saturating_sub(added);
    let tx = vault.begin()?;
    {
        let mut insert = tx.prepare_cached(
            "INSERT OR REPLACE INTO foreign_leaf (authority, place, leaf, record, seen) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for ((place, leaf), record) in (first..).zip(registry.leaves_from(first)).zip(records) {
            insert.execute(params![authority, int(place), leaf, record, int(seen.0)])?;
        }
    }
    tx.run(
        "INSERT OR REPLACE INTO foreign_head (authority, size, note, timestamp) VALUES (?1, ?2, ?3, ?4)",
        params![authority, int(head.size), head.note, head.timestamp],
    )?;
    Ok(tx.commit()?)
}
