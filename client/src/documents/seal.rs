//! A document into a sealed file of this node, read twice: once to know what it is, once to seal it. Nothing of it is written unsealed,
//! and no more than a chunk is held.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};
use safeconduct_protocol::{
    blob::BlobSecret,
    crypto::hash::Pieces,
    document::{digest::SaltedDigest, shape::Shape, stream::Chunks},
    entropy::{Entropy, random},
    id::{NodeId, RelayId},
    limits::DOCUMENT_BYTES_MAX,
    secret::Secret,
};
use zeroize::Zeroizing;

use super::{
    enclosed::{Enclosed, chunks},
    error::DocumentError,
    gauge::{Gauge, Gauged},
    kind::{Kind, Recogniser},
    picture,
};
use crate::vault::files;

/// The folder of sealed documents, in the data folder.
pub const FOLDER: &str = "blobs";
/// The ending of their names.
const ENDING: &str = "scb";

/// What becomes of what a picture says about itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Metadata {
    /// It goes with it.
    Kept,
    /// It is taken out; of any other kind of document nothing is.
    Removed,
}

/// What a document is, as the referral lists it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Its kind, by its content.
    pub kind: Kind,
    /// Its bytes, as they will travel.
    pub length: u64,
    /// SHA-256 of them.
    pub sha256: [u8; 32],
    /// What becomes of what it says about itself.
    pub metadata: Metadata,
}

/// For whom a document is sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recipient {
    /// The recipient.
    pub node: NodeId,
    /// Its relay's number in its authority's registry.
    pub relay: RelayId,
    /// The post that will name it.
    pub post: [u8; 16],
    /// Its number in that post.
    pub index: u8,
    /// The attachment of the referral that it is.
    pub attachment: [u8; 16],
}

/// A sealed document: what the post must say, and the file.
pub struct Sealed {
    /// For the post.
    pub enclosed: Enclosed,
    /// Its name in [`FOLDER`].
    pub file: String,
}

/// Times that a document is read: what it is, what will travel of it, and to seal it.
pub(super) const READINGS: u64 = 3;

/// Reads a document to its end: what it is, and what will travel of it. `gauge` counts both readings.
///
/// # Errors
/// [`DocumentError::Type`], [`DocumentError::TooLarge`], [`DocumentError::Picture`], or what the file says.
pub fn facts<D: Read + Seek>(
    document: &mut D,
    name: &Path,
    metadata: Metadata,
    gauge: &Gauge,
) -> Result<Facts, DocumentError> {
    let bytes = document.seek(SeekFrom::End(0))?;
    if bytes > DOCUMENT_BYTES_MAX {
        return Err(DocumentError::TooLarge { bytes });
    }
    let mut recogniser = Recogniser::default();
    each(document, |piece| {
        recogniser.take(piece);
        gauge.add(piece.len());
    })?;
    let kind = recogniser.finish().filter(|kind| kind.fits_name(name)).ok_or(DocumentError::Type)?;
    let mut counted = Counted { length: 0, hash: Pieces::default() };
    copy(document, kind, metadata, &mut Gauged { to: &mut counted, gauge })?;
    Ok(Facts { kind, length: counted.length, sha256: counted.hash.finish(), metadata })
}

/// Seals a document into a file of the data folder `data`, durably. `gauge` counts what is sealed.
///
/// # Errors
/// [`DocumentError::Changed`] when it is not what `facts` says any more, [`DocumentError::DiskFull`], or what a file says; no file is left
/// then.
pub fn seal(
    data: &Path,
    document: &mut File,
    facts: &Facts,
    to: &Recipient,
    entropy: &mut dyn Entropy,
    gauge: &Gauge,
) -> Result<Sealed, DocumentError> {
    sealed_by(data, facts, to, entropy, |sealer| {
        copy(document, facts.kind, facts.metadata, &mut Gauged { to: sealer, gauge })
    })
}

/// Bytes after the end of a picture, at most: cameras leave previews there.
const TAIL_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Seals a document that comes and is read once, if it is what `facts` says.
///
/// # Errors
/// [`DocumentError::Changed`] when it is another one, or as [`seal`]; no file is left then.
pub fn seal_coming(
    data: &Path,
    from: &mut dyn Read,
    facts: &Facts,
    to: &Recipient,
    entropy: &mut dyn Entropy,
) -> Result<Sealed, DocumentError> {
    let mut seen = Seen { from, recogniser: Recogniser::default() };
    let sealed = sealed_by(data, facts, to, entropy, |sealer| {
        pour(&mut seen, facts.kind, facts.metadata, sealer).map_err(|error| {
            // More came than was listed.
            let is_longer = matches!(error, DocumentError::File(io::ErrorKind::InvalidData));
            if is_longer { DocumentError::Changed } else { error }
        })?;
        // What is after the end of a picture belongs to nothing, and is read all the same, but not without end.
        if io::copy(&mut Read::by_ref(&mut seen).take(TAIL_BYTES_MAX), &mut io::sink())? >= TAIL_BYTES_MAX {
            return Err(DocumentError::Changed);
        }
        if seen.recogniser.finish() == Some(facts.kind) { Ok(()) } else { Err(DocumentError::Type) }
    })?;
    Ok(sealed)
}

/// A document that comes, and what it is.
struct Seen<'a> {
    from: &'a mut dyn Read,
    recogniser: Recogniser,
}

impl Read for Seen<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.recogniser.take(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn sealed_by(
    data: &Path,
    facts: &Facts,
    to: &Recipient,
    entropy: &mut dyn Entropy,
    write: impl FnOnce(&mut Sealer<'_>) -> Result<(), DocumentError>,
) -> Result<Sealed, DocumentError> {
    let shape = Shape::of(facts.length).ok_or(DocumentError::TooLarge { bytes: facts.length })?;
    let (key, salt) = (Secret::<32>::random(entropy)?, random(entropy)?);
    let blob_secret = BlobSecret::random(entropy)?;
    let (mut fresh, name) = Fresh::new(data, entropy)?;
    let sealed = {
        let mut sealer = Sealer::new(chunks(&key, to.post, to.node, to.index, shape), &salt, fresh.file()?);
        write(&mut sealer)?;
        sealer.finish()?
    };
    if sealed.plain != facts.sha256 {
        return Err(DocumentError::Changed);
    }
    fresh.keep()?;
    let enclosed = Enclosed {
        attachment: to.attachment,
        index: to.index,
        relay: to.relay,
        blob_secret,
        key,
        length: facts.length,
        salt,
        salted: sealed.salted,
        cipher: sealed.cipher,
        kind: facts.kind,
    };
    Ok(Sealed { enclosed, file: name })
}

/// Copies what travels of a document, from its beginning.
fn copy<D: Read + Seek>(
    document: &mut D,
    kind: Kind,
    metadata: Metadata,
    to: &mut impl Write,
) -> Result<(), DocumentError> {
    document.rewind()?;
    pour(document, kind, metadata, to)
}

/// Copies what travels of a document that comes.
fn pour(from: impl Read, kind: Kind, metadata: Metadata, to: &mut impl Write) -> Result<(), DocumentError> {
    // One byte more than there may be tells that there is more.
    let mut bounded = from.take(DOCUMENT_BYTES_MAX.saturating_add(1));
    if metadata == Metadata::Removed && kind.is_picture() {
        return Ok(picture::strip(kind, &mut bounded, to)?);
    }
    io::copy(&mut bounded, to)?;
    Ok(())
}

fn each<D: Read + Seek>(document: &mut D, mut see: impl FnMut(&[u8])) -> Result<(), DocumentError> {
    document.rewind()?;
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    loop {
        match document.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => see(buffer.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Counts and hashes what is written to it.
struct Counted {
    length: u64,
    hash: Pieces,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.length = self.length.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.hash.take(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What sealing gave.
struct Hashes {
    plain: [u8; 32],
    salted: [u8; 32],
    cipher: [u8; 32],
}

/// Seals what is written to it, chunk by chunk. Bytes that are too many or missing make it fail: the document was changed.
struct Sealer<'a> {
    chunks: Chunks,
    index: u32,
    piece: Zeroizing<Vec<u8>>,
    plain: Pieces,
    salted: SaltedDigest,
    cipher: Pieces,
    to: &'a mut File,
}

impl<'a> Sealer<'a> {
    fn new(chunks: Chunks, salt: &[u8; 32], to: &'a mut File) -> Self {
        let salted = SaltedDigest::new(salt, chunks.shape().length());
        let piece = Zeroizing::new(Vec::with_capacity(64 * 1024));
        Self { chunks, index: 0, piece, plain: Pieces::default(), salted, cipher: Pieces::default(), to }
    }

    /// Bytes of the document that still belong into this chunk.
    fn room(&self) -> usize {
        self.chunks.shape().chunk(self.index).map_or(0, |chunk| chunk.document.saturating_sub(self.piece.len()))
    }

    fn seal(&mut self) -> io::Result<()> {
        let sealed = self.chunks.seal(self.index, &self.piece).map_err(|_other| io::ErrorKind::InvalidData)?;
        self.cipher.take(&sealed);
        self.to.write_all(&sealed)?;
        self.index = self.index.saturating_add(1);
        self.piece.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Hashes, DocumentError> {
        while self.index < self.chunks.shape().chunks() {
            // Else the document is shorter than it was; what is left is padding.
            if self.room() > 0 {
                return Err(DocumentError::Changed);
            }
            self.seal()?;
        }
        let salted = self.salted.finish().map_err(|_other| DocumentError::Changed)?;
        Ok(Hashes { plain: self.plain.finish(), salted, cipher: self.cipher.finish() })
    }
}

impl Write for Sealer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let taken = bytes.get(..self.room().min(bytes.len())).filter(|taken| !taken.is_empty());
        let taken = taken.ok_or(io::ErrorKind::InvalidData)?;
        self.plain.take(taken);
        self.salted.take(taken).map_err(|_other| io::ErrorKind::InvalidData)?;
        self.piece.extend_from_slice(taken);
        if self.room() == 0 {
            self.seal()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A file that goes again unless it is kept.
pub(super) struct Fresh {
    path: PathBuf,
    file: Option<File>,
}

impl Fresh {
    /// A new private file in the folder of sealed documents, and its name.
    fn new(data: &Path, entropy: &mut dyn Entropy) -> Result<(Self, String), DocumentError> {
        let name = new_name(entropy)?;
        let folder = folder(data)?;
        Ok((Self::at(folder.join(&name))?, name))
    }

    /// A new private file.
    pub(super) fn at(path: PathBuf) -> Result<Self, DocumentError> {
        let file = files::create_private(&path)?;
        Ok(Self { path, file: Some(file) })
    }

    pub(super) fn file(&mut self) -> Result<&mut File, DocumentError> {
        self.file.as_mut().ok_or(DocumentError::File(io::ErrorKind::NotFound))
    }

    /// Makes it durable, with its name.
    fn keep(mut self) -> Result<(), DocumentError> {
        self.file()?.sync_all()?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        self.file = None;
        Ok(())
    }

    /// Makes it durable, and gives it a name that nothing has.
    pub(super) fn publish(mut self, to: &Path) -> Result<(), DocumentError> {
        self.file()?.sync_all()?;
        // Never over what is there.
        match renameat_with(CWD, &self.path, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => self.file = None,
            // A file system that does not know this kind of rename knows second names; the first one goes.
            Err(Errno::INVAL | Errno::NOSYS) => fs::hard_link(&self.path, to)?,
            Err(error) => return Err(io::Error::from(error).into()),
        }
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(())
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if self.file.is_some() {
            fs::remove_file(&self.path).ok();
        }
    }
}

/// A name for a sealed document: random, so that it says nothing.
pub(super) fn new_name(entropy: &mut dyn Entropy) -> Result<String, DocumentError> {
    let name = u128::from_be_bytes(random(entropy)?);
    Ok(format!("{name:032x}.{ENDING}"))
}

/// The folder of sealed documents, made when it is not there.
pub(super) fn folder(data: &Path) -> Result<PathBuf, DocumentError> {
    let folder = data.join(FOLDER);
    files::make_dir(&folder)?;
    Ok(folder)
}
