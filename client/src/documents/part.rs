//! The file of a sealed document, as far as it is there: chunks at their places, read and written one at a time. Everything here blocks.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::Path,
};

use safeconduct_protocol::{blob::BlobShape, crypto::hash::Pieces, document::shape::Shape};

use super::{
    error::DocumentError,
    seal::{FOLDER, folder},
};

/// One sealed document's file.
pub struct Part {
    file: File,
    shape: BlobShape,
}

impl Part {
    /// The file of this name in the data folder.
    ///
    /// # Errors
    /// [`DocumentError::NotHere`], or what the file says.
    pub fn open(data: &Path, name: &str, shape: Shape) -> Result<Self, DocumentError> {
        let shape = BlobShape::of(shape.sealed()).ok_or(DocumentError::Broken)?;
        match File::open(data.join(FOLDER).join(name)) {
            Ok(file) => Ok(Self { file, shape }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(DocumentError::NotHere),
            Err(error) => Err(error.into()),
        }
    }

    /// The same, to write what is missing; made where it is not there.
    ///
    /// # Errors
    /// What the file says.
    pub fn begin(data: &Path, name: &str, shape: Shape) -> Result<Self, DocumentError> {
        let shape = BlobShape::of(shape.sealed()).ok_or(DocumentError::Broken)?;
        let path = folder(data)?.join(name);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
        Ok(Self { file, shape })
    }

    /// Its shape at the relay.
    #[must_use]
    pub const fn shape(&self) -> BlobShape {
        self.shape
    }

    /// Chunks that are written, from the first on. After a power cut their bytes may be wrong: the hash tells.
    ///
    /// # Errors
    /// What the file says.
    pub fn have(&self) -> Result<u32, DocumentError> {
        Ok(self.shape.chunks_in(self.file.metadata()?.len()))
    }

    /// The chunk at `index`.
    ///
    /// # Errors
    /// [`DocumentError::NotHere`] of one that is not whole, or what the file says.
    pub fn read(&self, index: u32) -> Result<Vec<u8>, DocumentError> {
        let (begins, length) = self.shape.chunk(index).ok_or(DocumentError::NotHere)?;
        let mut chunk = vec![0; length];
        match self.file.read_exact_at(&mut chunk, begins) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(DocumentError::NotHere),
            read => read.map(|()| chunk).map_err(Into::into),
        }
    }

    /// Writes the chunk at `index`.
    ///
    /// # Errors
    /// [`DocumentError::Broken`] for one of another length, or what the file says.
    pub fn write(&self, index: u32, chunk: &[u8]) -> Result<(), DocumentError> {
        let place = self.shape.chunk(index).filter(|(_, length)| *length == chunk.len());
        let (begins, _) = place.ok_or(DocumentError::Broken)?;
        Ok(self.file.write_all_at(chunk, begins)?)
    }

    /// Makes it durable, and gives SHA-256 of the whole.
    ///
    /// # Errors
    /// [`DocumentError::NotHere`] when it is not whole, or what the file says.
    pub fn settle(&self) -> Result<[u8; 32], DocumentError> {
        self.file.set_len(self.shape.bytes())?;
        self.file.sync_all()?;
        let mut hash = Pieces::default();
        for index in 0..self.shape.chunks() {
            hash.take(&self.read(index)?);
        }
        Ok(hash.finish())
    }
}
