//! The sealed directory records beside the leaves. A relay may withhold one or send another: only one that opens under the
//! directory key and is what its leaf commits to is stored, and one that is missing is asked for again.

use std::collections::BTreeSet;

use rusqlite::params;
use safeconduct_certs::{
    authority::root::RootFile,
    directory::{self, DirectoryKey},
    introduction::Introduced,
    node::{NodeState, Roles},
    registry::{
        Registry,
        leaf::{Leaf, LeafKind},
    },
};
use safeconduct_protocol::id::{AgencyId, NodeId};

use super::held::Foreign;
use crate::{
    keys,
    vault::{Sql as _, Vault, VaultError, int, uint},
};

/// The key of the directory, once the enrolment is approved.
pub(super) fn key(vault: &Vault) -> Result<Option<DirectoryKey>, VaultError> {
    Ok(keys::enrolment(vault)?.and_then(|enrolment| enrolment.directory_key).map(DirectoryKey::new))
}

/// Whether a record is the one that its leaf commits to.
pub(super) fn is_of(record: &[u8], key: &DirectoryKey, registry: &Registry, leaf: &[u8]) -> bool {
    let Ok(Leaf { fields, .. }) = Leaf::parse(leaf) else { return false };
    if fields.kind == LeafKind::Recognise {
        return is_introduction(record, key, leaf);
    }
    if fields.kind == LeafKind::Root {
        let announced = |version: &&RootFile| *version.hash() == fields.directory;
        return registry.root().versions().find(announced).is_some_and(|version| version.own_bytes() == record);
    }
    let Some(roles) = Roles::from_bits(fields.roles) else { return false };
    let as_of_leaf = |state: &NodeState| NodeState { directory: fields.directory, roles, ..state.clone() };
    registry.node(&fields.node).is_some_and(|state| directory::open(record, key, &as_of_leaf(state)).is_ok())
}

/// The agency id that our own log gave a node with one of its leaves, whatever became of it since.
pub(crate) fn named_once(record: &[u8], key: &DirectoryKey, registry: &Registry, place: u64) -> Option<AgencyId> {
    let Leaf { fields, .. } = Leaf::parse(registry.leaf(place)?).ok()?;
    let roles = Roles::from_bits(fields.roles)?;
    let state = registry.node(&fields.node)?;
    let then = NodeState { directory: fields.directory, roles, ..state.clone() };
    directory::open(record, key, &then).ok().map(|record| record.agency_id)
}

fn is_introduction(record: &[u8], key: &DirectoryKey, leaf: &[u8]) -> bool {
    let Ok(Leaf { fields, .. }) = Leaf::parse(leaf) else { return false };
    let terms = fields.terms.as_ref().filter(|_| fields.kind == LeafKind::Recognise);
    terms.is_some_and(|terms| Introduced::open(record, key, &fields.directory, &terms.record).is_ok())
}

/// What is missing of the directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Missing {
    /// Nodes whose entry commits to a record, and no such record is here.
    pub(crate) nodes: usize,
    /// The first leaf of the first of them at or after the place that was asked about.
    pub(crate) first: Option<u64>,
}

/// Looks for missing records; `from` on for the first. Nothing can be said before there is a key.
pub(crate) fn missing(vault: &Vault, registry: &Registry, from: u64) -> Result<Missing, VaultError> {
    let Some(key) = key(vault)? else { return Ok(Missing::default()) };
    let mut named: BTreeSet<NodeId> = BTreeSet::new();
    let mut introduced: BTreeSet<u64> = BTreeSet::new();
    let mut sealed = vault.db().prepare_cached("SELECT place, record FROM registry_leaf WHERE length(record) > 0")?;
    let mut rows = sealed.query([])?;
    while let Some(row) = rows.next()? {
        let place = uint(row.get(0)?)?;
        let record: Vec<u8> = row.get(1)?;
        if registry.leaf(place).is_some_and(|leaf| is_introduction(&record, &key, leaf)) {
            introduced.insert(place);
        }
        named.extend(named_by(registry, place, &record, &key));
    }
    let unknown: BTreeSet<u64> =
        registry.recognitions().map(|one| one.index).filter(|place| !introduced.contains(place)).collect();
    Ok(of(registry, &named, &unknown, from))
}

/// The same in the log of a recognised authority, whose own recognitions are no business of ours.
pub(crate) fn missing_abroad(vault: &Vault, foreign: &Foreign, from: u64) -> Result<Missing, VaultError> {
    let mut named: BTreeSet<NodeId> = BTreeSet::new();
    let sql = "SELECT place, record FROM foreign_leaf WHERE authority = ?1 AND length(record) > 0";
    let mut sealed = vault.db().prepare_cached(sql)?;
    let mut rows = sealed.query([foreign.authority()])?;
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(1)?;
        named.extend(named_by(foreign.registry(), uint(row.get(0)?)?, &record, foreign.directory()));
    }
    Ok(of(foreign.registry(), &named, &BTreeSet::new(), from))
}

fn named_by(registry: &Registry, place: u64, record: &[u8], key: &DirectoryKey) -> Option<NodeId> {
    let state = registry.leaf_node(place).and_then(|node| registry.node(&node))?;
    directory::open(record, key, state).is_ok().then_some(state.id)
}

fn of(registry: &Registry, named: &BTreeSet<NodeId>, unknown: &BTreeSet<u64>, from: u64) -> Missing {
    let nameless = |state: &&NodeState| state.directory != [0; 32] && !named.contains(&state.id);
    let nodes: BTreeSet<NodeId> = registry.nodes().filter(nameless).map(|state| state.id).collect();
    let first = if nodes.is_empty() && unknown.is_empty() {
        None
    } else {
        let lacks = |place: &u64| {
            unknown.contains(place) || registry.leaf_node(*place).is_some_and(|node| nodes.contains(&node))
        };
        (from..registry.size()).find(lacks)
    };
    Missing { nodes: nodes.len(), first }
}

/// Stores the records of leaves that are held already, as far as each is what its leaf commits to; how many were.
pub(crate) fn repair(
    vault: &mut Vault,
    registry: &Registry,
    from: u64,
    records: &[Vec<u8>],
) -> Result<usize, VaultError> {
    let Some(key) = key(vault)? else { return Ok(0) };
    let tx = vault.begin()?;
    let mut stored = 0;
    for ((place, leaf), record) in (from..).zip(registry.leaves_from(from)).zip(records) {
        if is_of(record, &key, registry, leaf) {
            let sql = "UPDATE registry_leaf SET record = ?1 WHERE place = ?2 AND record <> ?1";
            stored += tx.run(sql, params![record, int(place)])?;
        }
    }
    tx.commit()?;
    Ok(stored)
}

/// The same for the log of a recognised authority.
pub(crate) fn repair_abroad(
    vault: &mut Vault,
    foreign: &Foreign,
    from: u64,
    records: &[Vec<u8>],
) -> Result<usize, VaultError> {
    let tx = vault.begin()?;
    let mut stored = 0;
    for ((place, leaf), record) in (from..).zip(foreign.registry().leaves_from(from)).zip(records) {
        if is_of(record, foreign.directory(), foreign.registry(), leaf) {
            let sql = "UPDATE foreign_leaf SET record = ?1 WHERE authority = ?2 AND place = ?3 AND record <> ?1";
            stored += tx.run(sql, params![record, foreign.authority(), int(place)])?;
        }
    }
    tx.commit()?;
    Ok(stored)
}

/// How far this session has come in asking again for missing records: once through, and no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Pass {
    /// Not begun.
    #[default]
    Due,
    /// The page from this leaf on is wanted.
    At(u64),
    /// Nothing was missing, or all has been asked for.
    Done,
}

impl Pass {
    /// The next page of the pass, if there is one.
    pub(crate) fn next(self, vault: &Vault, registry: &Registry) -> Result<Self, VaultError> {
        match self {
            Self::Due => Self::after(vault, registry, 0),
            Self::At(_) | Self::Done => Ok(self),
        }
    }

    /// The same for the log of a recognised authority.
    pub(crate) fn next_abroad(self, vault: &Vault, foreign: &Foreign) -> Result<Self, VaultError> {
        match self {
            Self::Due => Self::after_abroad(vault, foreign, 0),
            Self::At(_) | Self::Done => Ok(self),
        }
    }

    /// As [`Self::after`], for the log of a recognised authority.
    pub(crate) fn after_abroad(vault: &Vault, foreign: &Foreign, place: u64) -> Result<Self, VaultError> {
        Ok(missing_abroad(vault, foreign, place)?.first.map_or(Self::Done, Self::At))
    }

    /// The pass after everything before `place` was asked for.
    pub(crate) fn after(vault: &Vault, registry: &Registry, place: u64) -> Result<Self, VaultError> {
        Ok(missing(vault, registry, place)?.first.map_or(Self::Done, Self::At))
    }
}
