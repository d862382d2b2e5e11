//! What every engine is asked to do, and the envelopes it is asked to do it with.

use std::{fmt, path::Path};

/// Bytes of an envelope: the relay's usual size.
pub(crate) const ENVELOPE_BYTES: usize = 16 * 1024;
/// Mailboxes that the envelopes are for.
pub(crate) const MAILBOXES: u64 = 1000;
/// Day on which the digests of this run may be forgotten.
pub(crate) const EXPIRY: u32 = 20_800;

/// A failure ends the run: there is nobody to recover for.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Random bytes: what an envelope is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Digest(pub(crate) [u8; 32]);

/// Random bytes: where an envelope waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place(pub(crate) [u8; 16]);

/// One envelope.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    pub(crate) place: Place,
    pub(crate) digest: Digest,
    pub(crate) expiry: u32,
    pub(crate) bytes: Vec<u8>,
}

/// One engine with one store open.
pub(crate) trait Engine {
    /// Stores those whose digest is new, in order; durable when it returns. Answers how many were new.
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure>;
    /// The envelopes of a mailbox after `after`, in order, at most `limit`.
    fn read(&mut self, place: Place, after: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure>;
    /// Deletes the envelopes, keeps their digests until their day; durable when it returns. Answers how many there were.
    fn done(&mut self, batch: &[Digest]) -> Result<usize, Failure>;
    /// What the engine does in an idle moment to give space back.
    fn tidy(&mut self) -> Result<(), Failure>;
}

/// The engines, in the order of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Plain append to files of 64 MiB and one fdatasync a batch: the physical limit.
    Raw,
    /// The same to one growing file.
    RawOne,
    /// Segment files for the bytes, a lazily written SQLite index.
    Seglog,
    /// SQLite with the relay's schema and secure_delete=ON.
    Sqlite,
    /// The same with secure_delete=OFF.
    SqliteFast,
    /// redb, durability Immediate.
    Redb,
    /// The same with quick_repair.
    RedbQuick,
    /// fjall, SyncData.
    Fjall,
    /// The same with key-value separation.
    FjallKv,
    /// RocksDB, sync writes.
    #[cfg(feature = "rocksdb")]
    Rocksdb,
    /// The same with blob files.
    #[cfg(feature = "rocksdb")]
    RocksdbBlob,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::RawOne => "raw-one",
            Self::Seglog => "seglog",
            Self::Sqlite => "sqlite",
            Self::SqliteFast => "sqlite-fast",
            Self::Redb => "redb",
            Self::RedbQuick => "redb-quick",
            Self::Fjall => "fjall",
            Self::FjallKv => "fjall-kv",
            #[cfg(feature = "rocksdb")]
            Self::Rocksdb => "rocksdb",
            #[cfg(feature = "rocksdb")]
            Self::RocksdbBlob => "rocksdb-blob",
        }
    }

    /// Whether it can do more than put.
    pub(crate) const fn is_engine(self) -> bool {
        !matches!(self, Self::Raw | Self::RawOne)
    }

    /// Opens or makes a store in `dir`.
    pub(crate) fn open(self, dir: &Path) -> Result<Box<dyn Engine>, Failure> {
        std::fs::create_dir_all(dir)?;
        Ok(match self {
            Self::Raw => Box::new(crate::raw::Raw::open(dir, crate::raw::Files::Segments)?),
            Self::RawOne => Box::new(crate::raw::Raw::open(dir, crate::raw::Files::One)?),
            Self::Seglog => Box::new(crate::seglog::Seglog::open(dir)?),
            Self::Sqlite => Box::new(crate::sqlite::Sqlite::open(dir, crate::sqlite::Erase::Yes)?),
            Self::SqliteFast => Box::new(crate::sqlite::Sqlite::open(dir, crate::sqlite::Erase::No)?),
            Self::Redb => Box::new(crate::redb_store::open(dir, crate::redb_store::Repair::Slow)?),
            Self::RedbQuick => Box::new(crate::redb_store::open(dir, crate::redb_store::Repair::Quick)?),
            Self::Fjall => Box::new(crate::fjall_store::open(dir, crate::fjall_store::Values::Inline)?),
            Self::FjallKv => Box::new(crate::fjall_store::open(dir, crate::fjall_store::Values::Apart)?),
            #[cfg(feature = "rocksdb")]
            Self::Rocksdb => Box::new(crate::rocks::open(dir, crate::rocks::Values::Inline)?),
            #[cfg(feature = "rocksdb")]
            Self::RocksdbBlob => Box::new(crate::rocks::open(dir, crate::rocks::Values::Apart)?),
        })
    }
}

/// Makes envelopes, the same ones for the same seed.
pub(crate) struct Source {
    state: u64,
}

impl Source {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    // splitmix64: fast, and no engine's compression finds anything in it.
    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }

    pub(crate) fn envelope(&mut self) -> Envelope {
        let place = mailbox(self.next() % MAILBOXES);
        let mut digest = [0; 32];
        self.fill(&mut digest);
        let mut bytes = vec![0; ENVELOPE_BYTES];
        self.fill(&mut bytes);
        Envelope { place, digest: Digest(digest), expiry: EXPIRY, bytes }
    }

    pub(crate) fn batch(&mut self, count: usize) -> Vec<Envelope> {
        (0..count).map(|_| self.envelope()).collect()
    }
}

/// The `n`th mailbox: random bytes, as the relay's are.
pub(crate) fn mailbox(n: u64) -> Place {
    let mut bytes = [0; 16];
    Source::new(n ^ 0x5afe_c0de).fill(&mut bytes);
    Place(bytes)
}
