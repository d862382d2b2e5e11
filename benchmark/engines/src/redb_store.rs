//! redb: durability Immediate, with and without quick repair.

use std::path::Path;

use redb::{Database, ReadableDatabase as _, TableDefinition};

use crate::{
    engine::{Failure, Place},
    kv::{Change, Keying, Kv, Pair, Schema, Table},
};

/// The same for every engine that has a cache.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// What a start after a kill has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repair {
    /// Walk the trees.
    Slow,
    /// Nothing: each commit also writes down what is allocated, and is in two phases.
    Quick,
}

pub(crate) struct Redb {
    database: Database,
    repair: Repair,
}

pub(crate) fn open(dir: &Path, repair: Repair) -> Result<Schema<Redb>, Failure> {
    let database = Database::builder().set_cache_size(CACHE_BYTES).create(dir.join("relay.redb"))?;
    let redb = Redb { database, repair };
    let transaction = redb.database.begin_write()?;
    for table in Table::ALL {
        transaction.open_table(definition(table))?;
    }
    transaction.commit()?;
    Schema::open(redb)
}

const fn definition(table: Table) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(table.name())
}

impl Kv for Redb {
    const KEYING: Keying = Keying::Seq;

    fn look(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, Failure> {
        let table = self.database.begin_read()?.open_table(definition(table))?;
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.push(table.get(key.as_slice())?.map(|value| value.value().to_vec()));
        }
        Ok(found)
    }

    fn scan(&self, table: Table, after: &[u8], place: Place, limit: usize) -> Result<Vec<Pair>, Failure> {
        let table = self.database.begin_read()?.open_table(definition(table))?;
        let mut found = Vec::new();
        for pair in table.range::<&[u8]>(after..)? {
            let (key, value) = pair?;
            if !key.value().starts_with(&place.0) || found.len() == limit {
                break;
            }
            if key.value() != after {
                found.push(Pair { key: key.value().to_vec(), value: value.value().to_vec() });
            }
        }
        Ok(found)
    }

    fn apply(&mut self, changes: Vec<Change>) -> Result<(), Failure> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_quick_repair(self.repair == Repair::Quick);
        for table in Table::ALL {
            let mut open = transaction.open_table(definition(table))?;
            for change in changes.iter().filter(|change| change.table == table) {
                match &change.value {
                    Some(value) => drop(open.insert(change.key.as_slice(), value.as_slice())?),
                    None => drop(open.remove(change.key.as_slice())?),
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        // `compact` needs the database to itself; the relay's readers never all let go.
        Ok(())
    }
}
