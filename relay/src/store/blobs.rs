//! The files of sealed documents: `blobs/` in the data directory, a directory for the first byte of the id, a file for each. Which of
//! them are whole, and what they are to be, the desk knows; a file that it does not know is left over from a crash.
//!
//! Everything here blocks.

use std::{
    io::{self, IoSlice, IoSliceMut},
    path::{Path, PathBuf},
    sync::Arc,
};

use safeconduct_protocol::{blob::BlobShape, crypto::hash::Pieces, id::BlobId};

use super::{
    Blob, StoreError, View,
    disk::{Disk, DiskFile},
};
use crate::limits::BLOB_PAGE;

/// Damaged ones that are listed.
const BLOB_DAMAGE_MAX: usize = 10_000;

/// The directory's name.
pub const BLOBS: &str = "blobs";

/// The files of all blobs.
#[derive(Clone)]
pub struct BlobFiles {
    disk: Arc<dyn Disk>,
    data: PathBuf,
}

impl BlobFiles {
    /// Those of the relay whose data is in this directory. Nothing is made before there is one.
    #[must_use]
    pub fn new(disk: Arc<dyn Disk>, data: &Path) -> Self {
        Self { disk, data: data.to_owned() }
    }

    fn place(&self, id: BlobId) -> (PathBuf, PathBuf) {
        let name = id.to_hex();
        let folder = self.data.join(BLOBS).join(name.get(..2).unwrap_or_default());
        let path = folder.join(&name);
        (folder, path)
    }

    /// The file of a blob, made where it is not there. Its name is durable when this returns.
    ///
    /// # Errors
    /// The operating system's.
    pub fn create(&self, id: BlobId, shape: BlobShape) -> io::Result<BlobFile> {
        let (folder, path) = self.place(id);
        match self.open(id, shape) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        let blobs = self.data.join(BLOBS);
        self.disk.make_dir(&blobs)?;
        self.disk.sync_dir(&self.data)?;
        self.disk.make_dir(&folder)?;
        self.disk.sync_dir(&blobs)?;
        let file = self.disk.create(&path)?;
        self.disk.sync_dir(&folder)?;
        Ok(BlobFile { file, shape })
    }

    /// The file of a blob.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`], or the operating system's.
    pub fn open(&self, id: BlobId, shape: BlobShape) -> io::Result<BlobFile> {
        let file = self.disk.open(&self.place(id).1)?;
        Ok(BlobFile { file, shape })
    }

    /// Removes a blob's file; one that is not there is fine.
    ///
    /// # Errors
    /// The operating system's.
    pub fn remove(&self, id: BlobId) -> io::Result<()> {
        match self.disk.remove(&self.place(id).1) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes the files that the desk does not know; gives how many. Only while nothing is put: at start.
    ///
    /// # Errors
    /// The operating system's, or the store's.
    pub fn remove_strangers(&self, view: &dyn View) -> Result<u64, StoreError> {
        let failed = |source| StoreError::Io { source };
        let mut removed = 0_u64;
        for folder in self.list(&self.data.join(BLOBS)).map_err(failed)? {
            for path in self.list(&folder).map_err(failed)? {
                let id = path.file_name().and_then(|name| BlobId::from_hex(name.to_str()?));
                let is_known = id.map_or(Ok(None), |id| view.blob(id))?.is_some();
                if !is_known {
                    self.disk.remove(&path).map_err(failed)?;
                    removed = removed.saturating_add(1);
                }
            }
        }
        Ok(removed)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        match self.disk.list(dir) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(Vec::new())
            }
            listed => listed,
        }
    }

    /// Those of these blobs, where they are whole, that are not as they are to be: each is read from its first byte to its last.
    #[must_use]
    pub fn damaged(&self, page: &[Blob]) -> Vec<BlobId> {
        page.iter().filter(|blob| blob.is_whole && !self.is_sound(blob)).map(|blob| blob.id).collect()
    }

    fn is_sound(&self, blob: &Blob) -> bool {
        self.open(blob.id, blob.shape).and_then(|file| file.hash()).is_ok_and(|found| found == blob.sha256)
    }
}

/// What was looked at of blobs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CheckedBlobs {
    /// Whole ones.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those that are not as they are to be, `BLOB_DAMAGE_MAX` at most.
    pub damaged: Vec<BlobId>,
}

impl CheckedBlobs {
    /// Counts a page, and those of it that are damaged and still known.
    pub fn count(&mut self, page: &[Blob], damaged: Vec<BlobId>) {
        for blob in page.iter().filter(|blob| blob.is_whole) {
            self.blobs = self.blobs.saturating_add(1);
            self.bytes = self.bytes.saturating_add(blob.shape.bytes());
        }
        let room = BLOB_DAMAGE_MAX.saturating_sub(self.damaged.len());
        self.damaged.extend(damaged.into_iter().take(room));
    }
}

/// Reads everything that is held, of a store that nobody serves.
///
/// # Errors
/// The store's. A file that cannot be read is a damaged one.
pub fn check(files: &BlobFiles, view: &dyn View) -> Result<CheckedBlobs, StoreError> {
    let mut checked = CheckedBlobs::default();
    let mut after = BlobId::from_bytes([0; 16]);
    loop {
        let page = view.blobs_above(after, BLOB_PAGE)?;
        let Some(last) = page.last() else { return Ok(checked) };
        after = last.id;
        checked.count(&page, files.damaged(&page));
    }
}

/// The file of one blob.
pub struct BlobFile {
    file: Arc<dyn DiskFile>,
    shape: BlobShape,
}

impl BlobFile {
    /// What it is to be.
    #[must_use]
    pub const fn shape(&self) -> BlobShape {
        self.shape
    }

    /// Chunks that are written, from the first on. After a power cut their bytes may be wrong: the hash tells.
    ///
    /// # Errors
    /// The operating system's.
    pub fn have(&self) -> io::Result<u32> {
        Ok(self.shape.chunks_in(self.file.length()?))
    }

    /// Writes the chunk at `index`. It is not durable before [`settle`](Self::settle).
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for a chunk that it does not have, or the operating system's.
    pub fn write(&self, index: u32, chunk: &[u8]) -> io::Result<()> {
        let (begins, _) =
            self.shape.chunk(index).filter(|(_, length)| *length == chunk.len()).ok_or(io::ErrorKind::InvalidInput)?;
        self.file.write_at(begins, &mut [IoSlice::new(chunk)])
    }

    /// Reads the chunk at `index`.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for a chunk that it does not have, [`io::ErrorKind::UnexpectedEof`], or the operating system's.
    pub fn read(&self, index: u32) -> io::Result<Vec<u8>> {
        let (begins, length) = self.shape.chunk(index).ok_or(io::ErrorKind::InvalidInput)?;
        let mut chunk = vec![0; length];
        self.file.read_at(begins, &mut [IoSliceMut::new(&mut chunk)])?;
        Ok(chunk)
    }

    /// SHA-256 of what lies on the disk, chunk by chunk.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when it is not whole, or the operating system's.
    pub fn hash(&self) -> io::Result<[u8; 32]> {
        let mut state = Pieces::default();
        for index in 0..self.shape.chunks() {
            state.take(&self.read(index)?);
        }
        Ok(state.finish())
    }

    /// Content and length onto stable storage.
    ///
    /// # Errors
    /// The operating system's.
    pub fn settle(&self) -> io::Result<()> {
        self.file.set_length(self.shape.bytes())?;
        self.file.sync()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use safeconduct_protocol::{limits::BLOB_CHUNK_BYTES, time::Day};

    use super::*;
    use crate::{
        limits::Quotas,
        store::{Change, Engine, Store as _, disk::SystemDisk},
    };

    fn shape() -> BlobShape {
        BlobShape::of(2 * BLOB_CHUNK_BYTES as u64 + 100).unwrap()
    }

    fn filled(files: &BlobFiles, id: BlobId) -> BlobFile {
        let file = files.create(id, shape()).unwrap();
        for (index, length) in [(0, BLOB_CHUNK_BYTES), (1, BLOB_CHUNK_BYTES), (2, 100)] {
            assert_eq!(file.have().unwrap(), index);
            file.write(index, &vec![u8::try_from(index).unwrap(); length]).unwrap();
        }
        file.settle().unwrap();
        file
    }

    #[test]
    fn chunks_are_counted_and_read_back_and_nobody_else_may_read_the_file() {
        let data = tempfile::tempdir().unwrap();
        let files = BlobFiles::new(Arc::new(SystemDisk), data.path());
        let id = BlobId::from_bytes([0xab; 16]);
        assert_eq!(files.open(id, shape()).err().unwrap().kind(), io::ErrorKind::NotFound);
        assert!(!data.path().join(BLOBS).exists(), "nothing is made to look");

        let file = filled(&files, id);

        assert_eq!((file.have().unwrap(), file.read(2).unwrap()), (3, vec![2; 100]));
        assert!(file.write(2, &[0; 99]).is_err() && file.write(3, &[0; 100]).is_err() && file.read(3).is_err());
        let again = files.create(id, shape()).unwrap();
        assert_eq!((again.have().unwrap(), again.hash().unwrap()), (3, file.hash().unwrap()));
        let path = data.path().join(BLOBS).join("ab").join(id.to_hex());
        for private in [path.as_path(), path.parent().unwrap(), &data.path().join(BLOBS)] {
            assert_eq!(std::fs::metadata(private).unwrap().permissions().mode() & 0o077, 0, "{}", private.display());
        }
        files.remove(id).unwrap();
        files.remove(id).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn files_that_the_desk_does_not_know_are_removed_and_damaged_ones_are_found() {
        let data = tempfile::tempdir().unwrap();
        let mut store = Engine::open(Arc::new(SystemDisk), data.path(), Quotas::default()).unwrap();
        let files = BlobFiles::new(Arc::new(SystemDisk), data.path());
        let view = store.view().unwrap();
        assert_eq!(files.remove_strangers(view.as_ref()).unwrap(), 0, "no directory yet");
        let (known, stranger) = (BlobId::from_bytes([1; 16]), BlobId::from_bytes([2; 16]));
        let sha256 = filled(&files, known).hash().unwrap();
        filled(&files, stranger);
        let blob = Blob { id: known, shape: shape(), sha256, expiry: Day(20_000), is_whole: false };
        store.commit(&[Change::BlobBegin { blob, bytes_max: u64::MAX }]).unwrap();
        let all = || check(&files, view.as_ref()).unwrap();
        assert_eq!(all(), CheckedBlobs::default(), "it is not whole yet");
        store.commit(&[Change::BlobWhole { id: known }]).unwrap();

        assert_eq!(files.remove_strangers(view.as_ref()).unwrap(), 1);
        assert!(files.open(stranger, shape()).is_err());
        assert_eq!(all(), CheckedBlobs { blobs: 1, bytes: shape().bytes(), damaged: Vec::new() });
        files.open(known, shape()).unwrap().write(2, &[9; 100]).unwrap();
        assert_eq!(all().damaged, [known]);
        files.remove(known).unwrap();
        assert_eq!(all().damaged, [known], "one that is gone");
    }
}
