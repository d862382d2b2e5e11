//! The logs of recognised authorities, as the home relay serves them: verified by replay like our own, each under the root
//! file that our own log names.

use std::sync::Arc;

use rusqlite::params;
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
    RegistryError,
    held::{Authority, Foreign, Held},
    records,
};
use crate::vault::{Vault, VaultError, int, uint};

/// Every recognised authority whose introduction opens, with its log as stored. A stored log that does not replay is
/// forgotten, and fetched again: it must not keep this node from its own work.
pub(super) fn load(vault: &Vault, own: &Registry, now: Timestamp) -> Result<Vec<Foreign>, RegistryError> {
    let Some(key) = records::key(vault)? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for recognition in own.recognitions() {
        let Some(Introduced { root, directory }) = introduced(vault, &key, recognition)? else { continue };
        let authority = recognition.authority;
        let empty = Registry::new(root);
        let registry = match stored(vault, &authority, empty.clone(), now) {
            Ok(registry) => registry,
            Err(RegistryError::Replay(_) | RegistryError::Head(_)) => {
                forget(vault, &authority)?;
                empty
            }
            Err(other) => return Err(other),
        };
        all.push(Foreign {
            authority,
            country: recognition.terms.from_country,
            directory: Arc::new(directory),
            registry: Arc::new(registry),
        });
    }
    Ok(all)
}

fn introduced(
    vault: &Vault,
    key: &DirectoryKey,
    recognition: &safeconduct_certs::registry::terms::Recognition,
) -> Result<Option<Introduced>, VaultError> {
    let sealed: Vec<u8> =
        vault.db().query_row("SELECT record FROM registry_leaf WHERE place = ?1", [int(recognition.index)], |row| {
            row.get(0)
        })?;
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
        .prepare("SELECT leaf, record FROM foreign_leaf WHERE authority = ?1 ORDER BY place")
        .map_err(VaultError::from)?;
    let leaves = rows
        .query_map([authority], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(VaultError::from)?;
    let (leaves, records): (Vec<_>, Vec<_>) = leaves.into_iter().unzip();
    registry.extend_beside(&leaves, &records).map_err(RegistryError::Replay)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?));
    let mut heads = vault
        .db()
        .prepare("SELECT size, note, timestamp FROM foreign_head WHERE authority = ?1")
        .map_err(VaultError::from)?;
    let head = heads.query_map([authority], read).map_err(VaultError::from)?.next();
    if let Some((size, note, timestamp)) = head.transpose().map_err(VaultError::from)? {
        let head = Head { size: uint(size)?, note, timestamp };
        registry.accept_head(&head, now).map_err(RegistryError::Head)?;
    }
    Ok(registry)
}

fn forget(vault: &Vault, authority: &Authority) -> Result<(), VaultError> {
    vault.db().execute("DELETE FROM foreign_head WHERE authority = ?1", [authority])?;
    vault.db().execute("DELETE FROM foreign_leaf WHERE authority = ?1", [authority])?;
    Ok(())
}

/// Whether one log of a recognised authority contradicts another head that it has signed. It does not grow then.
pub(crate) fn has_conflict(vault: &Vault, authority: &Authority) -> Result<bool, VaultError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM foreign_conflict WHERE authority = ?1)";
    Ok(vault.db().query_row(sql, [authority], |row| row.get(0))?)
}

/// Recognised authorities that have signed two histories.
pub(crate) fn conflicts(vault: &Vault) -> Result<Vec<Authority>, VaultError> {
    let mut rows = vault.db().prepare("SELECT DISTINCT authority FROM foreign_conflict")?;
    Ok(rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Contradictions kept for one authority at most.
const CONFLICTS_MAX: u32 = 64;

/// Compares a head from a message with the log of the recognised authority that has signed it.
pub(super) fn heard(db: &rusqlite::Connection, held: &Held, note: &[u8], now: Timestamp) -> Result<Gossip, VaultError> {
    for foreign in held.foreign() {
        let heard = gossip::compare(&foreign.registry, note);
        if let Gossip::Equivocation(proof) = &heard {
            db.execute(
                "INSERT OR IGNORE INTO foreign_conflict (authority, theirs, ours, size, seen_at)
                    SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM foreign_conflict) < ?6",
                params![foreign.authority, proof.theirs, proof.ours, int(proof.size), int(now.0), CONFLICTS_MAX],
            )?;
        }
        if heard != Gossip::Invalid {
            return Ok(heard);
        }
    }
    Ok(Gossip::Invalid)
}

/// What a head of a recognised authority leaves to do.
pub(crate) enum Step {
    /// Nothing; and the registries as they are held now.
    Level(Held),
    /// Leaves from here on are missing.
    Fetch(u64),
}

/// Takes a head of a recognised authority's log.
///
/// # Errors
/// [`RegistryError::Head`] when it is refused.
pub(crate) fn take_head(
    vault: &mut Vault,
    held: &Held,
    authority: &Authority,
    head: &Head,
    now: Timestamp,
) -> Result<Step, RegistryError> {
    let Some(foreign) = held.one(authority) else { return Ok(Step::Level(held.clone())) };
    if has_conflict(vault, authority)? || head.note.is_empty() {
        return Ok(Step::Level(held.clone()));
    }
    let mut registry = Registry::clone(&foreign.registry);
    match registry.accept_head(head, now) {
        Ok(_accepted) => {
            store(vault, authority, &registry, &[])?;
            Ok(Step::Level(replaced(held, authority, registry)))
        }
        // Signed by a key that comes with an entry that is missing, perhaps: judged when the entries are here.
        Err(HeadRefused::Behind { .. } | HeadRefused::Checkpoint(_)) if head.size > foreign.registry.size() => {
            Ok(Step::Fetch(foreign.registry.size()))
        }
        Err(refused) => Err(RegistryError::Head(refused)),
    }
}

/// Pages of a recognised authority's log on their way to a head.
pub(crate) struct ForeignGrowth {
    authority: Authority,
    registry: Registry,
    records: Vec<Vec<u8>>,
}

impl ForeignGrowth {
    /// Starts from what is held; none for an authority that is not recognised.
    pub(crate) fn new(held: &Held, authority: &Authority) -> Option<Self> {
        let foreign = held.one(authority)?;
        Some(Self { authority: *authority, registry: Registry::clone(&foreign.registry), records: Vec::new() })
    }

    /// The first leaf that is still missing.
    pub(crate) fn next(&self) -> u64 {
        self.registry.size()
    }

    /// Takes a page.
    ///
    /// # Errors
    /// [`RegistryError::Gap`] or [`RegistryError::Replay`]; start anew then.
    pub(crate) fn page(&mut self, from: u64, leaves: &[Vec<u8>], records: &[Vec<u8>]) -> Result<(), RegistryError> {
        if from != self.registry.size() {
            return Err(RegistryError::Gap { from, held: self.registry.size() });
        }
        self.registry.extend_beside(leaves, records).map_err(RegistryError::Replay)?;
        let record = |place: usize| records.get(place).cloned().unwrap_or_default();
        self.records.extend((0..leaves.len()).map(record));
        Ok(())
    }

    /// Takes the head that the pages lead to, and stores it all in one transaction.
    ///
    /// # Errors
    /// [`RegistryError::Head`], [`RegistryError::Gap`]; nothing is stored then.
    pub(crate) fn finish(
        mut self,
        vault: &mut Vault,
        held: &Held,
        head: &Head,
        now: Timestamp,
    ) -> Result<Held, RegistryError> {
        self.registry.accept_head(head, now).map_err(RegistryError::Head)?;
        if head.size != self.registry.size() {
            return Err(RegistryError::Gap { from: head.size, held: self.registry.size() });
        }
        store(vault, &self.authority, &self.registry, &self.records)?;
        Ok(replaced(held, &self.authority, self.registry))
    }
}

fn replaced(held: &Held, authority: &Authority, registry: Registry) -> Held {
    let mut foreign = Vec::clone(&held.foreign);
    if let Some(one) = foreign.iter_mut().find(|one| one.authority == *authority) {
        one.registry = Arc::new(registry);
    }
    Held::new(Arc::clone(&held.own), Arc::new(foreign))
}

/// Stores the newest `records.len()` leaves with their records, and the head.
fn store(vault: &mut Vault, authority: &Authority, registry: &Registry, records: &[Vec<u8>]) -> Result<(), VaultError> {
    let Some(head) = registry.head() else { return Ok(()) };
    let added = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let first = registry.size().saturating_sub(added);
    let tx = vault.begin()?;
    {
        let mut insert = tx.prepare_cached(
            "INSERT OR REPLACE INTO foreign_leaf (authority, place, leaf, record) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for ((place, leaf), record) in (first..).zip(registry.leaves_from(first)).zip(records) {
            insert.execute(params![authority, int(place), leaf, record])?;
        }
    }
    tx.execute(
        "INSERT OR REPLACE INTO foreign_head (authority, size, note, timestamp) VALUES (?1, ?2, ?3, ?4)",
        params![authority, int(head.size), head.note, head.timestamp],
    )?;
    Ok(tx.commit()?)
}
