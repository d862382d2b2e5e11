//! The physical limit: the envelopes' bytes appended to one file, one writev and one fdatasync a batch.

use std::{
    fs::{File, OpenOptions},
    io::{self, IoSlice, Write as _},
    path::Path,
};

use crate::engine::{Digest, Engine, Envelope, Failure, Place};

/// It stores, and nothing else.
pub(crate) struct Raw {
    file: File,
}

impl Raw {
    pub(crate) fn open(dir: &Path) -> Result<Self, Failure> {
        let file = OpenOptions::new().create(true).append(true).open(dir.join("raw"))?;
        File::open(dir)?.sync_all()?;
        Ok(Self { file })
    }
}

impl Engine for Raw {
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure> {
        let mut parts: Vec<IoSlice<'_>> = batch.iter().map(|envelope| IoSlice::new(&envelope.bytes)).collect();
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
