//! Sealed documents at a relay, and the frames of the streams that carry them (`docs/PROTOCOL.md` §5). Each transfer has a stream of its
//! own beside the session's, on the session's connection.
//!
//! Whoever knows a blob's id may put it there; whoever knows its secret may fetch it and drop it.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    codec::{self, CodecError},
    crypto::hash::{HashLabel, hash16},
    entropy::{Entropy, NoEntropy},
    frame::LENGTH_PREFIX_BYTES,
    id::BlobId,
    limits::{BLOB_BYTES_MAX, BLOB_CHUNK_BYTES, BLOB_FRAME_BYTES_MAX},
    secret::Secret,
    time::Day,
};

/// Bytes of a chunk that are no document: one without any holds nothing.
const TAG_BYTES: u64 = 16;

/// The secret that fetches and drops a blob.
pub struct BlobSecret(Secret<32>);

impl BlobSecret {
    /// Of a new blob.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn random(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(Secret::random(entropy)?))
    }

    /// A secret that was stored or arrived.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Secret::new(bytes))
    }

    /// The secret bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.reveal()
    }

    /// The blob that it opens the way to: `H("blob", secret)[..16]`.
    #[must_use]
    pub fn id(&self) -> BlobId {
        BlobId::from_bytes(hash16(HashLabel::Blob, &[self.0.reveal()]))
    }
}

/// How many bytes a blob has, and so how many chunks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlobShape(u64);

impl BlobShape {
    /// Of a blob of `bytes` bytes; none when no sealed document has so many.
    #[must_use]
    pub fn of(bytes: u64) -> Option<Self> {
        let last = bytes.checked_rem(chunk_bytes())?;
        let fits = bytes > 0 && bytes <= BLOB_BYTES_MAX && (last == 0 || last > TAG_BYTES);
        fits.then_some(Self(bytes))
    }

    /// Bytes of the whole.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// Chunks; at least one.
    #[must_use]
    pub fn chunks(self) -> u32 {
        u32::try_from(self.0.div_ceil(chunk_bytes())).unwrap_or(u32::MAX)
    }

    /// Where the chunk at `index` begins, and its length in bytes; none after the last.
    #[must_use]
    pub fn chunk(self, index: u32) -> Option<(u64, usize)> {
        let begins = u64::from(index).checked_mul(chunk_bytes())?;
        let left = self.0.checked_sub(begins).filter(|left| *left > 0)?;
        Some((begins, usize::try_from(left.min(chunk_bytes())).ok()?))
    }

    /// Whole chunks in the first `bytes` bytes of it.
    #[must_use]
    pub fn chunks_in(self, bytes: u64) -> u32 {
        if bytes >= self.0 {
            return self.chunks();
        }
        u32::try_from(bytes.checked_div(chunk_bytes()).unwrap_or(0)).unwrap_or(0)
    }
}

fn chunk_bytes() -> u64 {
    u64::try_from(BLOB_CHUNK_BYTES).unwrap_or(u64::MAX)
}

/// Everything that travels on the stream of one transfer. A frame's number is its place in the enum: variants are appended, never moved.
/// No `Debug`: it holds secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum BlobFrame {
    /// 0, node → relay, the first: take charge of this blob, or of what is still missing of it.
    Put {
        /// Its id.
        blob: BlobId,
        /// Bytes of the whole.
        bytes: u64,
        /// SHA-256 of the whole.
        sha256: [u8; 32],
        /// The last day on which it may be fetched.
        expiry: Day,
    },
    /// 1, from who takes chunks: so many are taken, go on from there, at most
    /// [`BLOB_CHUNKS_AHEAD`](crate::limits::BLOB_CHUNKS_AHEAD) ahead.
    Ready {
        /// Chunks from the first on.
        have: u32,
    },
    /// 2, from who gives chunks, in their order.
    Chunk {
        /// From 0.
        index: u32,
        /// [`BLOB_CHUNK_BYTES`]; the last may have fewer.
        bytes: ByteBuf,
    },
    /// 3, relay → node: the whole is durable and has the hash that was announced; nothing follows.
    Stored,
    /// 4, node → relay, the first: give me this blob, from this chunk on.
    Get {
        /// Proves the right to it.
        secret: [u8; 32],
        /// The first chunk that is missing.
        from: u32,
    },
    /// 5, relay → node: it is here; chunks follow.
    Found {
        /// Bytes of the whole.
        bytes: u64,
    },
    /// 6, relay → node: the last chunk is taken, or the blob is dropped; nothing follows.
    End,
    /// 7, node → relay, the first: nobody needs this blob any more. Answered by [`BlobFrame::End`], also when it is not there.
    Drop {
        /// Proves the right to it.
        secret: [u8; 32],
    },
    /// 8, relay → node: no; nothing follows.
    Refused {
        /// Why.
        reason: BlobRefusal,
        /// Seconds until a retry makes sense; 0 when never.
        retry_after_s: u32,
    },
}

/// Why a relay does not do what a node asked on a transfer's stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub enum BlobRefusal {
    /// 0: there is no such blob, or not all of it.
    Unknown,
    /// 1: no sealed document has so many bytes.
    Length,
    /// 2: this node has put as many bytes today as it may.
    Quota,
    /// 3: the relay holds all that it may, or its disk is full.
    Full,
    /// 4: the whole has another hash than was announced; what was put is forgotten.
    Hash,
    /// 5: the last day is past, or more than 14 days ahead.
    Expiry,
    /// 6: another blob is here, or being put, under this id.
    Conflict,
    /// 7: too many transfers at once, or this blob is being put by another stream.
    Busy,
    /// 8: the relay takes nothing in for a while.
    Maintenance,
    /// 9: the relay cannot write or read now.
    StorageFailed,
}

impl BlobFrame {
    /// The canonical encoding with its length prefix.
    ///
    /// # Errors
    /// [`CodecError::TooLong`] for a frame above [`BLOB_FRAME_BYTES_MAX`].
    pub fn to_wire(&self) -> Result<Vec<u8>, CodecError> {
        codec::to_wire(self, BLOB_FRAME_BYTES_MAX)
    }

    /// Reads a frame's body, the length prefix taken off.
    ///
    /// # Errors
    /// As [`codec::decode`].
    pub fn from_body(body: &[u8]) -> Result<Self, CodecError> {
        codec::decode(body)
    }

    /// The length that a prefix announces.
    ///
    /// # Errors
    /// [`CodecError::TooLong`] before anything is allocated; [`CodecError::Malformed`] for 0.
    pub fn body_length(prefix: [u8; LENGTH_PREFIX_BYTES]) -> Result<usize, CodecError> {
        codec::body_length(prefix, BLOB_FRAME_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::shape::Shape, limits::DOCUMENT_BYTES_MAX};

    /// Gives other bytes each time.
    struct Counting(u8);

    impl Entropy for Counting {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            self.0 = self.0.wrapping_add(1);
            bytes.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn the_secret_of_a_new_blob_is_what_the_source_gave_and_its_id_says_nothing_of_it() {
        let mut entropy = Counting(4);
        let (one, two) = (BlobSecret::random(&mut entropy).unwrap(), BlobSecret::random(&mut entropy).unwrap());
        assert_eq!((one.as_bytes(), two.as_bytes()), (&[5; 32], &[6; 32]));
        assert_eq!(one.id(), BlobSecret::from_bytes([5; 32]).id());
        assert_ne!(one.id(), two.id());
        assert_ne!(one.id().as_bytes()[..], one.as_bytes()[..16]);
    }

    #[test]
    fn a_blob_has_the_chunks_of_the_document_that_is_sealed_in_it() {
        for length in [0, 1, 16_385, 65_536, 65_537, 1_000_000, DOCUMENT_BYTES_MAX] {
            let (document, blob) = (Shape::of(length).unwrap(), BlobShape::of(Shape::of(length).unwrap().sealed()));
            let blob = blob.unwrap();
            assert_eq!((blob.chunks(), blob.bytes()), (document.chunks(), document.sealed()));
            let mut place = 0;
            for index in 0..blob.chunks() {
                let sealed = document.chunk(index).unwrap().sealed();
                assert_eq!(blob.chunk(index), Some((place, sealed)));
                assert_eq!((blob.chunks_in(place), blob.chunks_in(place + 1)), (index, index));
                place += sealed as u64;
            }
            assert_eq!((place, blob.chunks_in(place), blob.chunk(blob.chunks())), (blob.bytes(), blob.chunks(), None));
        }
        for none in [0, 1, 16, 65_552 + 16, BLOB_BYTES_MAX + 1] {
            assert_eq!(BlobShape::of(none), None, "{none}");
        }
        assert!(BlobShape::of(BLOB_BYTES_MAX).is_some() && BlobShape::of(65_552 + 17).is_some());
    }

    #[test]
    fn a_full_chunk_fits_a_frame_and_one_byte_more_than_a_frame_does_not() {
        let chunk = |length| BlobFrame::Chunk { index: u32::MAX, bytes: ByteBuf::from(vec![7; length]) };
        let wire = chunk(BLOB_CHUNK_BYTES).to_wire().unwrap();
        let (prefix, body) = wire.split_first_chunk().unwrap();
        assert_eq!(BlobFrame::body_length(*prefix), Ok(body.len()));
        assert!(BlobFrame::from_body(body).is_ok_and(|frame| frame == chunk(BLOB_CHUNK_BYTES)));

        let spare = BLOB_FRAME_BYTES_MAX - body.len();
        assert!(chunk(BLOB_CHUNK_BYTES + spare).to_wire().is_ok());
        assert_eq!(chunk(BLOB_CHUNK_BYTES + spare + 1).to_wire().err(), Some(CodecError::TooLong));
        let limit = u32::try_from(BLOB_FRAME_BYTES_MAX).unwrap();
        assert!(BlobFrame::body_length(limit.to_be_bytes()).is_ok());
        assert_eq!(BlobFrame::body_length((limit + 1).to_be_bytes()), Err(CodecError::TooLong));
        assert_eq!(BlobFrame::body_length([0; 4]), Err(CodecError::Malformed));
    }

    #[test]
    fn the_id_says_nothing_of_the_secret_and_another_secret_has_another_id() {
        let secret = BlobSecret::from_bytes([5; 32]);
        assert_eq!(secret.as_bytes(), &[5; 32]);
        assert_eq!(secret.id(), BlobSecret::from_bytes([5; 32]).id());
        assert_ne!(secret.id(), BlobSecret::from_bytes([6; 32]).id());
        assert_ne!(secret.id().as_bytes()[..], secret.as_bytes()[..16]);
    }
}
