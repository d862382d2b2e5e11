//! One record of the log: a head of 72 bytes, and an envelope's bytes after it.
//!
//! ```text
//! 0 crc32 of the rest │ 4 length │ 8 mark, 3 zeros │ 12 expiry │ 16 seq │ 24 place │ 40 digest │ 72 bytes
//! ```

use crate::engine::{Digest, Place};

pub(super) const HEAD: usize = 72;

/// What the record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Put,
    Done,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) mark: Mark,
    pub(super) length: u32,
    pub(super) expiry: u32,
    pub(super) seq: u64,
    pub(super) place: Place,
    pub(super) digest: Digest,
}

impl Head {
    pub(super) fn write(&self, bytes: &[u8]) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[4..8].copy_from_slice(&self.length.to_be_bytes());
        head[8] = match self.mark {
            Mark::Put => 1,
            Mark::Done => 2,
        };
        head[12..16].copy_from_slice(&self.expiry.to_be_bytes());
        head[16..24].copy_from_slice(&self.seq.to_be_bytes());
        head[24..40].copy_from_slice(&self.place.0);
        head[40..].copy_from_slice(&self.digest.0);
        let crc = check(&head[4..], bytes);
        head[..4].copy_from_slice(&crc.to_be_bytes());
        head
    }
}

/// The record at the beginning of `bytes`, and its whole length; none where it is torn or the log ends.
pub(super) fn read(bytes: &[u8]) -> Option<(Head, usize)> {
    let head: &[u8; HEAD] = bytes.first_chunk()?;
    let word = |at: usize| head[at..at + 4].iter().fold(0, |word, byte| (word << 8) | u32::from(*byte));
    let mark = match head[8] {
        1 => Mark::Put,
        2 => Mark::Done,
        _ => return None,
    };
    let whole = HEAD + word(4) as usize;
    if check(&head[4..], bytes.get(HEAD..whole)?) != word(0) {
        return None;
    }
    let (mut place, mut digest) = ([0; 16], [0; 32]);
    place.copy_from_slice(&head[24..40]);
    digest.copy_from_slice(&head[40..]);
    let seq = (u64::from(word(16)) << 32) | u64::from(word(20));
    let (length, expiry) = (word(4), word(12));
    Some((Head { mark, length, expiry, seq, place: Place(place), digest: Digest(digest) }, whole))
}

fn check(head: &[u8], bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(bytes);
    hasher.finalize()
}
