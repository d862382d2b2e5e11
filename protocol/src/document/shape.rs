//! How long a document is when it is sealed: rounded up, so that its length does not tell which document it is.

use crate::limits::{DOCUMENT_BYTES_MAX, DOCUMENT_CHUNK_BYTES};

/// Bytes that a chunk is longer when it is sealed.
pub const CHUNK_TAG_BYTES: usize = 16;

/// Documents up to this length are of one of three sizes.
const SMALL_BYTES: [u64; 3] = [16 * 1024, 32 * 1024, 64 * 1024];

/// A document's length, and what follows from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    length: u64,
    padded: u64,
}

/// What one chunk holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChunkShape {
    /// Bytes of the document; after them zeros.
    pub document: usize,
    /// Bytes of both, before sealing.
    pub plain: usize,
    /// Whether it is the last.
    pub is_last: bool,
}

impl ChunkShape {
    /// Bytes when sealed.
    #[must_use]
    pub const fn sealed(self) -> usize {
        self.plain.saturating_add(CHUNK_TAG_BYTES)
    }
}

impl Shape {
    /// The shape of a document of `length` bytes; none above [`DOCUMENT_BYTES_MAX`].
    #[must_use]
    pub fn of(length: u64) -> Option<Self> {
        (length <= DOCUMENT_BYTES_MAX).then(|| Self { length, padded: padded(length) })
    }

    /// Bytes of the document.
    #[must_use]
    pub const fn length(self) -> u64 {
        self.length
    }

    /// Chunks; at least one.
    #[must_use]
    pub fn chunks(self) -> u32 {
        u32::try_from(self.padded.div_ceil(chunk_bytes())).unwrap_or(u32::MAX)
    }

    /// Bytes of the whole when it is sealed: what a relay holds.
    #[must_use]
    pub fn sealed(self) -> u64 {
        let tags = u64::from(self.chunks()).saturating_mul(u64::try_from(CHUNK_TAG_BYTES).unwrap_or(0));
        self.padded.saturating_add(tags)
    }

    /// What the chunk at `index` holds; none after the last.
    #[must_use]
    pub fn chunk(self, index: u32) -> Option<ChunkShape> {
        let begins = u64::from(index).checked_mul(chunk_bytes())?;
        let left = self.padded.checked_sub(begins).filter(|left| *left > 0)?;
        let within = |bytes: u64| usize::try_from(bytes.min(chunk_bytes())).unwrap_or(0);
        Some(ChunkShape {
            document: within(self.length.saturating_sub(begins)),
            plain: within(left),
            is_last: left <= chunk_bytes(),
        })
    }
}

fn chunk_bytes() -> u64 {
    u64::try_from(DOCUMENT_CHUNK_BYTES).unwrap_or(u64::MAX)
}

/// The next of three sizes, above them Padmé (Nikitin et al., PoPETs 2019, §4.2.4): at most 12 % more.
fn padded(length: u64) -> u64 {
    if let Some(small) = SMALL_BYTES.into_iter().find(|small| length <= *small) {
        return small;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2().saturating_add(1);
    let zeros = exponent.saturating_sub(kept);
    let unit = 1_u64.checked_shl(zeros).unwrap_or(1);
    length.checked_next_multiple_of(unit).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_to_few_sizes_and_never_by_more_than_an_eighth() {
        for (length, expected) in [
            (0, 16_384),
            (1, 16_384),
            (16_384, 16_384),
            (16_385, 32_768),
            (32_769, 65_536),
            (65_536, 65_536),
            (65_537, 67_584),
            (1_000_000, 1_015_808),
            (DOCUMENT_BYTES_MAX, DOCUMENT_BYTES_MAX),
        ] {
            assert_eq!(padded(length), expected, "{length}");
        }
        let mut sizes = std::collections::BTreeSet::new();
        for length in (0..DOCUMENT_BYTES_MAX).step_by(9_973) {
            let size = padded(length);
            assert!(size >= length && (length < 65_536 || size - length <= length / 8), "{length}: {size}");
            sizes.insert(size);
        }
        assert!(sizes.len() < 360, "{} sizes", sizes.len());
    }

    #[test]
    fn chunks_cover_the_whole_and_the_last_is_one() {
        for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000, DOCUMENT_BYTES_MAX] {
            let shape = Shape::of(length).unwrap();
            assert_eq!(shape.length(), length);
            let chunks: Vec<ChunkShape> = (0..shape.chunks()).map(|index| shape.chunk(index).unwrap()).collect();
            assert_eq!(chunks.iter().map(|chunk| chunk.document as u64).sum::<u64>(), length);
            assert_eq!(
                (chunks.iter().map(|chunk| chunk.sealed() as u64).sum::<u64>(), shape.length()),
                (shape.sealed(), length)
            );
            assert_eq!(chunks.iter().filter(|chunk| chunk.is_last).count(), 1);
            assert!(chunks.last().unwrap().is_last && chunks.last().unwrap().plain > 0);
            assert_eq!(shape.chunk(shape.chunks()), None);
        }
        assert_eq!(Shape::of(DOCUMENT_BYTES_MAX + 1), None);
    }
}
