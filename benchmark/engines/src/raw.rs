//! The physical limit: the envelopes' bytes appended to a file, one writev and one fdatasync a batch.
//!
//! Twice: as the segment log writes (files of 64 MiB, a head before each envelope), which is what ratios are held
//! against, and as one growing file of nothing but envelopes. `docs/STORAGE.md` says where the second is slower.

use std::{
    fs::{File, OpenOptions},
    io::{self, IoSlice, Write as _},
    path::{Path, PathBuf},
};

use crate::engine::{Digest, Engine, Envelope, Failure, Place};

const FILE_BYTES: usize = 64 * 1024 * 1024;
/// As long as the segment log's.
const HEAD: [u8; 72] = [0; 72];

/// How the bytes are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    Segments,
    One,
}

/// It stores, and nothing else.
pub(crate) struct Raw {
    dir: PathBuf,
    files: Files,
    file: File,
    number: u32,
    written: usize,
}

impl Raw {
    pub(crate) fn open(dir: &Path, files: Files) -> Result<Self, Failure> {
        Ok(Self { dir: dir.to_owned(), files, file: create(dir, 0)?, number: 0, written: 0 })
    }
}

fn create(dir: &Path, number: u32) -> Result<File, Failure> {
    let file = OpenOptions::new().create(true).append(true).open(dir.join(format!("{number:08}.raw")))?;
    File::open(dir)?.sync_all()?;
    Ok(file)
}

impl Engine for Raw {
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure> {
        if self.files == Files::Segments && self.written >= FILE_BYTES {
            self.number += 1;
            self.written = 0;
            self.file = create(&self.dir, self.number)?;
        }
        let mut parts = Vec::with_capacity(batch.len() * 2);
        for envelope in batch {
            if self.files == Files::Segments {
                parts.push(IoSlice::new(&HEAD));
            }
            parts.push(IoSlice::new(&envelope.bytes));
        }
        self.written += parts.iter().map(|part| part.len()).sum::<usize>();
        write_all(&mut self.file, &mut parts)?;
        self.file.sync_data()?;
        Ok(batch.len())
    }

    fn read(&mut self, _: Place, _: u64, _: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
        Ok(Vec::new())
    }

    fn done(&mut self, _: &[Digest]) -> Result<usize, Failure> {
        Ok(0)
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// Writes all the parts; one call to the system unless it takes less.
pub(crate) fn write_all(file: &mut File, mut parts: &mut [IoSlice<'_>]) -> io::Result<()> {
    while !parts.is_empty() {
        let written = file.write_vectored(parts)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        IoSlice::advance_slices(&mut parts, written);
    }
    Ok(())
}
