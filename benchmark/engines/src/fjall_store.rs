//! fjall: one batch across keyspaces, SyncData, with and without key-value separation.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, KvSeparationOptions, PersistMode};

use crate::{
    engine::{Failure, Place},
    kv::{Change, Keying, Kv, Pair, Schema, Table},
};

const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Where the envelopes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// In the tree.
    Inline,
    /// In files of their own.
    Apart,
}

pub(crate) struct Fjall {
    database: Database,
    keyspaces: Vec<Keyspace>,
}

pub(crate) fn open(dir: &Path, values: Values) -> Result<Schema<Fjall>, Failure> {
    let database = Database::builder(dir.join("fjall")).cache_size(CACHE_BYTES).open()?;
    let mut keyspaces = Vec::new();
    for table in Table::ALL {
        let apart = values == Values::Apart && table == Table::Item;
        let options =
            move || KeyspaceCreateOptions::default().with_kv_separation(apart.then(KvSeparationOptions::default));
        keyspaces.push(database.keyspace(table.name(), options)?);
    }
    Schema::open(Fjall { database, keyspaces })
}

impl Kv for Fjall {
    const KEYING: Keying = Keying::PlaceAndSeq;

    fn look(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, Failure> {
        let keyspace = &self.keyspaces[table as usize];
        keys.iter().map(|key| Ok(keyspace.get(key)?.map(|value| value.to_vec()))).collect()
    }

    fn scan(&self, table: Table, after: &[u8], place: Place, limit: usize) -> Result<Vec<Pair>, Failure> {
        let end = [place.0.as_slice(), &[0xff; 8]].concat();
        let mut found = Vec::new();
        for pair in self.keyspaces[table as usize].range(after.to_vec()..=end) {
            if found.len() == limit {
                break;
            }
            let (key, value) = pair.into_inner()?;
            if key.as_ref() != after {
                found.push(Pair { key: key.to_vec(), value: value.to_vec() });
            }
        }
        Ok(found)
    }

    fn apply(&mut self, changes: Vec<Change>) -> Result<(), Failure> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncData));
        for Change { table, key, value } in changes {
            let keyspace = &self.keyspaces[table as usize];
            match value {
                Some(value) => batch.insert(keyspace, key, value),
                // An item's key is written once, which is what a weak removal asks for.
                None if table == Table::Item => batch.remove_weak(keyspace, key),
                None => batch.remove(keyspace, key),
            }
        }
        batch.commit()?;
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        // It tidies by itself, in its own threads.
        Ok(())
    }
}
