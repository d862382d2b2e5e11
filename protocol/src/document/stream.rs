//! STREAM over ChaCha20-Poly1305 (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), as age's payload is: chunks of 64 KiB, each under a
//! nonce of its number and whether it is the last. Cut, lengthened, exchanged and repeated chunks do not open.

use chacha20poly1305::{AeadInOut as _, ChaCha20Poly1305, KeyInit as _, Nonce, Tag};
use zeroize::Zeroizing;

use super::shape::{CHUNK_TAG_BYTES, ChunkShape, Shape};
use crate::{layout::is_zero, secret::Secret};

/// What a chunk that is not whole, genuine or in its place is refused with. It does not say which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document is damaged, or not the one that was promised")]
pub struct ChunkRefused;

/// The bytes that are given are not as many as the document's next chunk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document is not as long as was said")]
pub struct OtherLength;

/// Seals and opens the chunks of one document, in any order.
pub struct Chunks {
    cipher: ChaCha20Poly1305,
    shape: Shape,
}

impl Chunks {
    /// Under this key ([`super::key::content_key`]), which serves for one document alone.
    #[must_use]
    pub fn new(key: &Secret<32>, shape: Shape) -> Self {
        Self { cipher: ChaCha20Poly1305::new(key.reveal().into()), shape }
    }

    /// The document's shape.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// Seals the chunk at `index`: `document` are all bytes of the document that lie in it.
    ///
    /// # Errors
    /// [`OtherLength`], also for an index after the last.
    pub fn seal(&self, index: u32, document: &[u8]) -> Result<Vec<u8>, OtherLength> {
        let chunk = self.shape.chunk(index).filter(|chunk| chunk.document == document.len()).ok_or(OtherLength)?;
        let mut sealed = Vec::with_capacity(chunk.sealed());
        sealed.extend_from_slice(document);
        sealed.resize(chunk.plain, 0);
        let tag = self.cipher.encrypt_inout_detached(&nonce(index, chunk), b"", sealed.as_mut_slice().into());
        sealed.extend_from_slice(&tag.map_err(|_long| OtherLength)?);
        Ok(sealed)
    }

    /// Opens the chunk at `index`: the document's bytes in it. They are not to be shown before the last chunk has opened too, and the
    /// digest of all is what was promised.
    ///
    /// # Errors
    /// [`ChunkRefused`]; also for padding that is not zero.
    pub fn open(&self, index: u32, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ChunkRefused> {
        let chunk = self.shape.chunk(index).filter(|chunk| chunk.sealed() == sealed.len()).ok_or(ChunkRefused)?;
        let (body, tag) = sealed.split_last_chunk::<CHUNK_TAG_BYTES>().ok_or(ChunkRefused)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let opened = self.cipher.decrypt_inout_detached(
            &nonce(index, chunk),
            b"",
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        );
        opened.map_err(|_forged| ChunkRefused)?;
        let padding = plain.get(chunk.document..).ok_or(ChunkRefused)?;
        if !is_zero(padding) {
            return Err(ChunkRefused);
        }
        plain.truncate(chunk.document);
        Ok(plain)
    }
}

/// Eleven bytes of the chunk's number, big-endian, and 1 for the last.
fn nonce(index: u32, chunk: ChunkShape) -> Nonce {
    let mut nonce = [0; 12];
    let (counter, last) = nonce.split_at_mut(11);
    if let Some(low) = counter.last_chunk_mut::<4>() {
        *low = index.to_be_bytes();
    }
    last.fill(u8::from(chunk.is_last));
    nonce.into()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{crypto::hash::sha256, limits::DOCUMENT_CHUNK_BYTES};

    fn chunks(length: u64) -> Chunks {
        Chunks::new(&Secret::new([7; 32]), Shape::of(length).unwrap())
    }

    fn document(length: usize) -> Vec<u8> {
        (0..length).map(|place| u8::try_from(place % 251).unwrap()).collect()
    }

    fn pieces(document: &[u8]) -> Vec<Vec<u8>> {
        document.chunks(DOCUMENT_CHUNK_BYTES).map(<[u8]>::to_vec).collect()
    }

    /// Each chunk of a document, sealed; the last may be padding alone.
    fn sealed(document: &[u8], chunks: &Chunks) -> Vec<Vec<u8>> {
        let pieces = pieces(document);
        let piece = |index: u32| pieces.get(index as usize).map_or(&[][..], Vec::as_slice);
        (0..chunks.shape().chunks()).map(|index| chunks.seal(index, piece(index)).unwrap()).collect()
    }

    #[test]
    fn a_document_comes_back_whole_and_its_padding_does_not() {
        for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let (chunks, document) = (chunks(length as u64), document(length));
            let mut back = Vec::new();
            for (index, sealed) in (0..).zip(sealed(&document, &chunks)) {
                assert_eq!(sealed.len(), chunks.shape().chunk(index).unwrap().sealed());
                back.extend_from_slice(&chunks.open(index, &sealed).unwrap());
            }
            assert!(back == document, "{length}");
        }
    }

    /// Trap 46.
    #[test]
    fn chunks_that_are_cut_exchanged_repeated_or_of_another_document_do_not_open() {
        let length = 200_000;
        let (chunks, document) = (chunks(length), document(200_000));
        let sealed = sealed(&document, &chunks);
        let refused = |index: u32, bytes: &[u8]| chunks.open(index, bytes) == Err(ChunkRefused);

        assert_eq!(sealed.len(), 4);
        for (index, bytes) in (0..).zip(&sealed) {
            for other in (0..5).filter(|other| *other != index) {
                assert!(refused(other, bytes), "{index} in the place of {other}");
            }
            assert!(refused(index, &bytes[..bytes.len() - 1]) && refused(index, &[&bytes[..], b"x"].concat()));
            for at in [0, bytes.len() / 2, bytes.len() - 1] {
                let mut bent = bytes.clone();
                bent[at] ^= 1;
                assert!(refused(index, &bent));
            }
        }
        // Cut short: what was the third of four is the last of a shorter one under the same key, and does not open as that.
        let shorter = Chunks::new(&Secret::new([7; 32]), Shape::of(3 * 65_536).unwrap());
        assert_eq!(shorter.shape().chunks(), 3);
        assert!(shorter.open(2, &sealed[2]) == Err(ChunkRefused));
        let other = Chunks::new(&Secret::new([8; 32]), chunks.shape());
        assert!(other.open(0, &sealed[0]) == Err(ChunkRefused));
        assert!(chunks.seal(0, b"short") == Err(OtherLength) && chunks.seal(4, b"") == Err(OtherLength));
    }

    #[test]
    fn padding_that_is_not_zero_is_refused() {
        let chunks = chunks(10);
        let chunk = chunks.shape().chunk(0).unwrap();
        let mut plain = vec![0; chunk.plain];
        plain[chunk.document] = 1;
        let tag = chunks.cipher.encrypt_inout_detached(&nonce(0, chunk), b"", plain.as_mut_slice().into()).unwrap();
        plain.extend_from_slice(&tag);

        assert!(chunks.open(0, &plain) == Err(ChunkRefused));
    }

    /// The payload of age is the same construction.
    #[test]
    fn the_vectors_of_age_open_and_are_sealed_again_to_the_same_bytes() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/cctv_age_stream.json");
        let file: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let vectors = file["vectors"].as_array().unwrap();
        assert_eq!(vectors.len(), 3);
        for vector in vectors {
            let length = vector["length"].as_u64().unwrap();
            let key = hex::decode(vector["key"].as_str().unwrap()).unwrap();
            // Of a length that needs no padding.
            let shape = Shape::of(length).unwrap();
            assert_eq!(shape.sealed() - u64::from(shape.chunks()) * 16, length);
            let chunks = Chunks::new(&Secret::from_slice(&key).unwrap(), shape);
            let mut document = Vec::new();
            for (index, tag) in (0..).zip(vector["tags"].as_array().unwrap()) {
                let mut sealed = vec![0; shape.chunk(index).unwrap().plain];
                sealed.extend(hex::decode(tag.as_str().unwrap()).unwrap());
                let opened = chunks.open(index, &sealed).unwrap();
                assert!(chunks.seal(index, &opened).unwrap() == sealed);
                document.extend_from_slice(&opened);
            }
            assert_eq!(hex::encode(sha256(&[&document])), vector["plaintext_sha256"].as_str().unwrap());
        }
    }
}
