//! Segments: the files that hold the journal, numbered upwards. `segments/0000002a.seg`:
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 8 | magic `SCRSEG01` |
//! | 8 | 4 | number of the segment |
//! | 12 | 4 | zero |
//! | 16 | 8 | position of its first record |
//! | 24 | | records, one after the other |

use std::{
    collections::BTreeMap,
    io::{self, IoSlice, IoSliceMut},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use super::record::{self, HEAD_BYTES, Head, Salt};
use crate::{
    limits::RESERVE_BYTES,
    store::{
        StoreError,
        disk::{Disk, DiskFile},
    },
};

/// Directory of the segments in the data directory.
pub const DIRECTORY: &str = "segments";
/// Of a record's head; see [`HEAD_BYTES`].
const HEAD_LENGTH: u32 = 96;
const _: () = assert!(HEAD_BYTES == 96, "as above");
/// Bytes before the first record.
pub(super) const PREAMBLE_BYTES: u32 = 24;

const MAGIC: [u8; 8] = *b"SCRSEG01";
const ENDING: &str = ".seg";
/// Of a segment that is to be written again: its blocks are there, so that a sync need not note new ones.
const SPARE_ENDING: &str = ".spare";
/// Spare segments kept.
const SPARES_MAX: usize = 2;
/// Zeros written at once.
const PIECE_BYTES: usize = 1024 * 1024;

/// Where a record lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct At {
    pub(super) segment: u32,
    /// Of its head, from the segment's beginning.
    pub(super) offset: u32,
    /// Of its body.
    pub(super) length: u32,
}

impl At {
    /// Of a body that has no place yet.
    pub(super) fn nowhere(body: &[u8]) -> Self {
        Self { segment: 0, offset: 0, length: u32::try_from(body.len()).unwrap_or(u32::MAX) }
    }

    /// The first byte after the record.
    pub(super) const fn end(&self) -> u32 {
        self.offset.saturating_add(HEAD_LENGTH).saturating_add(self.length)
    }
}

/// All segment files, open.
pub(super) struct Segments {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    salt: Salt,
    open: Mutex<BTreeMap<u32, Arc<dyn DiskFile>>>,
    spares: Mutex<Vec<PathBuf>>,
    /// Spares made so far: each has a name of its own.
    made: AtomicU32,
    no_spares: AtomicBool,
}

impl Segments {
    /// Opens what is there.
    pub(super) fn open(disk: Arc<dyn Disk>, data: &Path, salt: Salt) -> Result<Self, StoreError> {
        let directory = data.join(DIRECTORY);
        let io = |source| StoreError::Io { source };
        disk.make_dir(&directory).map_err(io)?;
        disk.sync_dir(data).map_err(io)?;
        let mut open = BTreeMap::new();
        for path in disk.list(&directory).map_err(io)? {
            if path.extension().is_some_and(|ending| ending == "spare") {
                disk.remove(&path).map_err(io)?;
            }
            let Some(number) = number_of(&path) else { continue };
            open.insert(number, disk.open(&path).map_err(io)?);
        }
        Ok(Self {
            disk,
            directory,
            salt,
            open: Mutex::new(open),
            spares: Mutex::default(),
            made: AtomicU32::new(0),
            no_spares: AtomicBool::new(false),
        })
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<u32, Arc<dyn DiskFile>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The data directory.
    pub(super) fn data(&self) -> &Path {
        self.directory.parent().unwrap_or(&self.directory)
    }

    pub(super) const fn salt(&self) -> Salt {
        self.salt
    }

    pub(super) fn disk(&self) -> &dyn Disk {
        self.disk.as_ref()
    }

    /// The numbers of all, upwards.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.locked().keys().copied().collect()
    }

    pub(super) fn file(&self, number: u32) -> Option<Arc<dyn DiskFile>> {
        self.locked().get(&number).cloned()
    }

    /// Makes a segment, durably, before anything is written into it: of a spare one, or a new file.
    pub(super) fn create(&self, number: u32, first_position: u64) -> io::Result<Arc<dyn DiskFile>> {
        let path = self.path(number);
        let spare = self.spares.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let file = match spare {
            // Its preamble is durable before its name is: what lies behind it is of positions long past.
            Some(spare) => {
                let file = self.disk.open(&spare)?;
                write_preamble(file.as_ref(), number, first_position)?;
                self.disk.rename(&spare, &path)?;
                file
            }
            None => {
                let file = match self.disk.create(&path) {
                    // Left by a start that did not get far: nothing in it was ever acknowledged.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        self.disk.remove(&path)?;
                        self.disk.create(&path)?
                    }
                    made => made?,
                };
                write_preamble(file.as_ref(), number, first_position)?;
                file
            }
        };
        self.disk.sync_dir(&self.directory)?;
        self.locked().insert(number, Arc::clone(&file));
        Ok(file)
    }

    /// Makes a spare segment full of zeros, if there is none and room for it: for when the journal is not in a hurry. What is
    /// written over blocks that are there is durable sooner. It is only for speed: once it fails, it is not tried again.
    pub(super) fn make_spare(&self, length: u32) {
        let is_there = !self.spares.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if is_there || self.no_spares.load(Ordering::Relaxed) || !self.has_plenty() {
            return;
        }
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let path = self.directory.join(format!("new-{number:08x}{SPARE_ENDING}"));
        match self.disk.create(&path).and_then(|file| fill(file.as_ref(), 0, length)) {
            Ok(()) => self.spares.lock().unwrap_or_else(PoisonError::into_inner).push(path),
            Err(_) => {
                self.disk.remove(&path).ok();
                self.no_spares.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Fills a segment with zeros up to `length`, behind its last record. Without room for it nothing is done.
    pub(super) fn prepare(&self, file: &dyn DiskFile, from: u32, length: u32) -> io::Result<()> {
        if from >= length || !self.has_plenty() {
            return Ok(());
        }
        fill(file, from, length).or_else(|_refused| file.set_length(u64::from(from)).and_then(|()| file.sync()))
    }

    /// Is there far more room than the reserve?
    fn has_plenty(&self) -> bool {
        self.disk.space(&self.directory).is_none_or(|space| space.free_bytes > RESERVE_BYTES.saturating_mul(4))
    }

    /// Takes a segment out whose items are all gone: it is written again, or removed. Readers that are at it find that
    /// what they look for has gone.
    pub(super) fn retire(&self, number: u32) -> io::Result<()> {
        self.locked().remove(&number);
        let path = self.path(number);
        let spare = path.with_extension(SPARE_ENDING.trim_start_matches('.'));
        if self.spares.lock().unwrap_or_else(PoisonError::into_inner).len() >= SPARES_MAX {
            return self.disk.remove(&path);
        }
        self.disk.rename(&path, &spare)?;
        self.spares.lock().unwrap_or_else(PoisonError::into_inner).push(spare);
        Ok(())
    }

    /// The position of a segment's first record; none when the beginning is not that of this segment.
    pub(super) fn first_position(&self, number: u32) -> Option<u64> {
        let (mut magic, mut named, mut zero, mut position) = ([0; 8], [0; 4], [0; 4], [0; 8]);
        self.file(number)?
            .read_at(
                0,
                &mut [
                    IoSliceMut::new(&mut magic),
                    IoSliceMut::new(&mut named),
                    IoSliceMut::new(&mut zero),
                    IoSliceMut::new(&mut position),
                ],
            )
            .ok()?;
        (magic == MAGIC && u32::from_be_bytes(named) == number).then(|| u64::from_be_bytes(position))
    }

    /// Reads a record with its body, and checks that neither has changed.
    pub(super) fn read(&self, at: At) -> Result<(Head, Vec<u8>), ReadFailed> {
        let file = self.file(at.segment).ok_or(ReadFailed::Missing)?;
        let mut head = [0; HEAD_BYTES];
        let mut body = vec![0; usize::try_from(at.length).unwrap_or(0)];
        file.read_at(u64::from(at.offset), &mut [IoSliceMut::new(&mut head), IoSliceMut::new(&mut body)])
            .map_err(|_refused| ReadFailed::Io)?;
        let parsed = Head::parse(&head).filter(|parsed| parsed.length == at.length).ok_or(ReadFailed::Changed)?;
        if !record::is_whole(self.salt, &head, &body) {
            return Err(ReadFailed::Changed);
        }
        Ok((parsed, body))
    }

    fn path(&self, number: u32) -> PathBuf {
        self.directory.join(format!("{number:08x}{ENDING}"))
    }
}

fn fill(file: &dyn DiskFile, from: u32, length: u32) -> io::Result<()> {
    let zeros = vec![0; PIECE_BYTES];
    let mut at = usize::try_from(from).unwrap_or(usize::MAX);
    let end = usize::try_from(length).unwrap_or(0);
    while at < end {
        let piece = zeros.get(..end.saturating_sub(at).min(PIECE_BYTES)).unwrap_or_default();
        file.write_at(u64::try_from(at).unwrap_or(u64::MAX), &mut [IoSlice::new(piece)])?;
        at = at.saturating_add(piece.len());
    }
    file.sync()
}

fn write_preamble(file: &dyn DiskFile, number: u32, first_position: u64) -> io::Result<()> {
    let (number, position) = (number.to_be_bytes(), first_position.to_be_bytes());
    file.write_at(
        0,
        &mut [IoSlice::new(&MAGIC), IoSlice::new(&number), IoSlice::new(&[0; 4]), IoSlice::new(&position)],
    )?;
    file.sync()
}

/// Why a record could not be read.
#[derive(Debug)]
pub(super) enum ReadFailed {
    /// Its segment is not there.
    Missing,
    /// The disk did not give it.
    Io,
    /// Its bytes are not those that were written.
    Changed,
}

fn number_of(path: &Path) -> Option<u32> {
    let digits = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
    (digits.len() == 8).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
