//! `index.db`: its tables, and what it says at start.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use safeconduct_protocol::id::EnvelopeDigest;

use super::{
    index::{Index, Item, Known},
    record::{Kind, Salt},
    segment::At,
};
use crate::store::{
    desk::{OpenError, SQLITE_VERSION_MIN, open_on, private_file, schema, unsigned, use_wal},
    disk::Disk,
};

/// Name of the database file in the data directory.
pub const FILE_NAME: &str = "index.db";

/// `SCRI`: what `file` shows, and what keeps another program's database out.
const APPLICATION_ID: i64 = 0x5343_5249;
const SCHEMA_VERSION: i64 = 1;
// No second index: everything is looked up in memory, and rows come in the order of `seq`.
const SCHEMA: &str = "
CREATE TABLE envelope (
    seq INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    expiry INTEGER NOT NULL,
    place BLOB,
    status BLOB,
    segment INTEGER,
    offset INTEGER,
    length INTEGER
);
CREATE TABLE salt (one INTEGER PRIMARY KEY CHECK (one = 1), salt INTEGER NOT NULL);
INSERT INTO salt (one, salt) VALUES (1, random() & 0xffffffff);
CREATE TABLE applied (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    segment INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    position INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    clean INTEGER NOT NULL
);
";

/// Up to where the journal goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    /// The segment of the next record.
    pub(super) segment: u32,
    /// Its place there.
    pub(super) offset: u32,
    /// Its position.
    pub(super) position: u64,
    /// Its batch.
    pub(super) batch: u64,
    /// The next item's seq.
    pub(super) next_seq: u64,
}

/// What `index.db` says at start.
pub(super) struct Loaded {
    pub(super) connection: Connection,
    /// What checksums begin with.
    pub(super) salt: Salt,
    /// Its tables were made just now.
    pub(super) is_new: bool,
    /// None in a new store.
    pub(super) mark: Option<Mark>,
    /// The last process closed it.
    pub(super) was_closed: bool,
    /// Items in each segment.
    pub(super) living: BTreeMap<u32, u64>,
}

/// Opens or makes the index in the directory `data`, and reads it into `index`.
pub(super) fn load(disk: &dyn Disk, data: &Path, index: &mut Index) -> Result<Loaded, OpenError> {
    if rusqlite::version_number() < SQLITE_VERSION_MIN {
        return Err(OpenError::OldLibrary(rusqlite::version()));
    }
    let path = data.join(FILE_NAME);
    let engine = |source| OpenError::of(&path, source);
    let mut connection = open(disk, &path)?;
    let found = schema(&connection, APPLICATION_ID).map_err(engine)?;
    match found {
        None => make(&mut connection).map_err(engine)?,
        Some(SCHEMA_VERSION) => {}
        Some(found) if found > SCHEMA_VERSION => return Err(OpenError::Newer { path, found }),
        Some(_) => return Err(OpenError::Foreign { path }),
    }
    let is_new = found.is_none();
    let (mark, was_closed) = read(&connection, index).map_err(engine)?.ok_or(OpenError::Damaged)?;
    let salt = Salt(connection.query_row("SELECT salt FROM salt", [], |row| row.get(0)).map_err(engine)?);
    Ok(Loaded { connection, salt, is_new, mark, was_closed, living: index.by_segment() })
}

fn open(disk: &dyn Disk, path: &Path) -> Result<Connection, OpenError> {
    let engine = |source| OpenError::of(path, source);
    private_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open_on(disk.vfs(), path, flags).map_err(engine)?;
    // One connection alone: no shared memory, and a second process is kept out.
    connection.execute_batch("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=FULL;").map_err(engine)?;
    use_wal(&connection).map_err(engine)?;
    connection
        .execute_batch(
            "PRAGMA synchronous=FULL;
             PRAGMA secure_delete=ON;
             PRAGMA temp_store=MEMORY;
             PRAGMA cache_size=-8192;
             PRAGMA trusted_schema=OFF;
             PRAGMA journal_size_limit=16777216;",
        )
        .map_err(engine)?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0)).map_err(engine)?;
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).map_err(engine)?;
    match (synchronous, mode.as_str()) {
        (2, "wal") => Ok(connection),
        (2, _) => Err(OpenError::Setting("journal_mode=WAL")),
        _ => Err(OpenError::Setting("synchronous=FULL")),
    }
}

fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

type Columns = (Option<[u8; 16]>, Option<[u8; 16]>, Option<u32>, Option<u32>, Option<u32>);

/// None when a row is not as it was written.
fn read(connection: &Connection, index: &mut Index) -> rusqlite::Result<Option<(Option<Mark>, bool)>> {
    let mut statement = connection.prepare(
        "SELECT seq, kind, digest, expiry, place, status, segment, offset, length FROM envelope ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, expiry) = (unsigned(row.get(0)?), row.get(3)?);
        let kind = row.get::<_, u8>(1).ok().and_then(Kind::of).filter(|kind| kind.is_item());
        let (Some(kind), Ok(digest)) = (kind, row.get(2).map(EnvelopeDigest::from_bytes)) else { return Ok(None) };
        if kind.is_envelope() {
            index.remember(digest, Known { seq, expiry });
        }
        let columns: Columns = (row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?);
        match columns {
            (Some(place), Some(status), Some(segment), Some(offset), Some(length)) => {
                let at = At { segment, offset, length };
                index.insert(seq, Item { kind, place, status, expiry, at, hour: 0 });
            }
            (None, None, None, None, None) if kind.is_envelope() => {}
            _ => return Ok(None),
        }
    }
    let mut statement = connection.prepare("SELECT segment, offset, position, batch, next_seq, clean FROM applied")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(Some((None, true))) };
    let mark = Mark {
        segment: row.get(0)?,
        offset: row.get(1)?,
        position: unsigned(row.get(2)?),
        batch: unsigned(row.get(3)?),
        next_seq: unsigned(row.get(4)?),
    };
    index.raise_next_seq(mark.next_seq);
    Ok(Some((Some(mark), row.get::<_, i64>(5)? == 1)))
}
