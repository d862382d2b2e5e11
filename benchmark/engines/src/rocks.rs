//! RocksDB: sync writes in one batch across column families, with and without blob files.

use std::path::Path;

use rocksdb::{
    ColumnFamilyDescriptor, DB, DBCompressionType, Direction, IteratorMode, Options, WriteBatch, WriteOptions,
};

use crate::{
    engine::{Failure, Place},
    kv::{Change, Keying, Kv, Pair, Schema, Table},
};

/// Where the envelopes lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// In the tree.
    Inline,
    /// In blob files.
    Apart,
}

pub(crate) struct Rocks {
    database: DB,
    sync: WriteOptions,
}

pub(crate) fn open(dir: &Path, values: Values) -> Result<Schema<Rocks>, Failure> {
    let mut options = Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    let families = Table::ALL.map(|table| {
        let mut family = Options::default();
        family.set_compression_type(DBCompressionType::None);
        if values == Values::Apart && table == Table::Item {
            family.set_enable_blob_files(true);
            family.set_min_blob_size(1024);
            family.set_blob_file_size(64 * 1024 * 1024);
            family.set_enable_blob_gc(true);
            family.set_blob_gc_age_cutoff(1.0);
            family.set_blob_gc_force_threshold(0.5);
        }
        ColumnFamilyDescriptor::new(table.name(), family)
    });
    let database = DB::open_cf_descriptors(&options, dir.join("rocksdb"), families)?;
    let mut sync = WriteOptions::default();
    sync.set_sync(true);
    Schema::open(Rocks { database, sync })
}

impl Rocks {
    fn family(&self, table: Table) -> Result<&rocksdb::ColumnFamily, Failure> {
        self.database.cf_handle(table.name()).ok_or_else(|| Failure(format!("no column family {}", table.name())))
    }
}

impl Kv for Rocks {
    const KEYING: Keying = Keying::PlaceAndSeq;

    fn look(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, Failure> {
        let family = self.family(table)?;
        keys.iter().map(|key| Ok(self.database.get_cf(family, key)?)).collect()
    }

    fn scan(&self, table: Table, after: &[u8], place: Place, limit: usize) -> Result<Vec<Pair>, Failure> {
        let mut found = Vec::new();
        for pair in self.database.iterator_cf(self.family(table)?, IteratorMode::From(after, Direction::Forward)) {
            let (key, value) = pair?;
            if !key.starts_with(&place.0) || found.len() == limit {
                break;
            }
            if key.as_ref() != after {
                found.push(Pair { key: key.into_vec(), value: value.into_vec() });
            }
        }
        Ok(found)
    }

    fn apply(&mut self, changes: Vec<Change>) -> Result<(), Failure> {
        let mut batch = WriteBatch::default();
        for Change { table, key, value } in changes {
            let family = self.family(table)?;
            match value {
                Some(value) => batch.put_cf(family, key, value),
                None => batch.delete_cf(family, key),
            }
        }
        self.database.write_opt(batch, &self.sync)?;
        Ok(())
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        // It tidies by itself, in its own threads.
        Ok(())
    }
}
