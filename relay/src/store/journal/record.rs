//! One record of the journal, by byte. All integers big-endian.
//!
//! | Off | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `SCRJ` |
//! | 4 | 4 | CRC-32 of bytes 8..96 and the body, begun with the store's salt |
//! | 8 | 8 | position: records before this one, ever |
//! | 16 | 8 | batch: batches before this one, ever |
//! | 24 | 8 | seq of the item |
//! | 32 | 1 | kind |
//! | 33 | 1 | 1 when it ends its batch, else 0 |
//! | 34 | 2 | zero |
//! | 36 | 4 | length of the body |
//! | 40 | 4 | expiry, days since 1970 |
//! | 44 | 4 | zero |
//! | 48 | 16 | place: mailbox or slot |
//! | 64 | 32 | digest of the envelope |
//! | 96 | n | body: the envelope, or a signed notice |
//!
//! The salt is random, and only the store knows it: nobody can send an envelope whose ciphertext reads as a record.

use safeconduct_protocol::id::EnvelopeDigest;

/// Bytes before the body.
pub(super) const HEAD_BYTES: usize = 96;
/// Bytes of the body that say where an envelope went (its outer header, `docs/PROTOCOL.md` §7): erased with the head.
const OUTER_BYTES: usize = 64;
/// Longest body.
pub(super) const BODY_BYTES_MAX: usize = safeconduct_protocol::limits::ENVELOPE_BYTES_MAX;

pub(super) const MAGIC: [u8; 4] = *b"SCRJ";

/// What every checksum of a store begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Salt(pub(super) u32);

/// What a record says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::store) enum Kind {
    /// Nothing any more: its item is gone, and the bytes with it.
    Erased,
    /// An envelope in a mailbox.
    Mailbox,
    /// An envelope in a slot.
    Slot,
    /// A signed `nack` in a status slot.
    Nack,
    /// A signed `relay-expired` in a status slot.
    Expired,
    /// The item has left; the digest of an envelope stays known.
    Gone,
    /// The digest is forgotten.
    Forgotten,
    /// Nothing: can the disk be written?
    Probe,
    /// A digest is remembered, of an envelope that left before the store was copied.
    Known,
}

impl Kind {
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Erased => 0,
            Self::Mailbox => 1,
            Self::Slot => 2,
            Self::Nack => 3,
            Self::Expired => 4,
            Self::Gone => 5,
            Self::Forgotten => 6,
            Self::Probe => 7,
            Self::Known => 8,
        }
    }

    pub(in crate::store) const fn of(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Erased,
            1 => Self::Mailbox,
            2 => Self::Slot,
            3 => Self::Nack,
            4 => Self::Expired,
            5 => Self::Gone,
            6 => Self::Forgotten,
            7 => Self::Probe,
            8 => Self::Known,
            _ => return None,
        })
    }

    /// Does it put an item somewhere?
    pub(in crate::store) const fn is_item(self) -> bool {
        matches!(self, Self::Mailbox | Self::Slot | Self::Nack | Self::Expired)
    }

    /// Is the item an envelope, so that its digest is remembered?
    pub(super) const fn is_envelope(self) -> bool {
        matches!(self, Self::Mailbox | Self::Slot)
    }
}

/// The head of a record, without its checksum.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) position: u64,
    pub(super) batch: u64,
    pub(super) seq: u64,
    pub(super) kind: Kind,
    pub(super) ends_batch: bool,
    pub(super) length: u32,
    pub(super) expiry: u32,
    pub(super) place: [u8; 16],
    pub(super) digest: EnvelopeDigest,
}

impl Head {
    /// The bytes before `body`.
    pub(super) fn to_bytes(self, salt: Salt, body: &[u8]) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        let parts: [(usize, &[u8]); 10] = [
            (0, &MAGIC),
            (8, &self.position.to_be_bytes()),
            (16, &self.batch.to_be_bytes()),
            (24, &self.seq.to_be_bytes()),
            (32, &[self.kind.code()]),
            (33, &[u8::from(self.ends_batch)]),
            (36, &self.length.to_be_bytes()),
            (40, &self.expiry.to_be_bytes()),
            (48, &self.place),
            (64, self.digest.as_bytes()),
        ];
        for (at, part) in parts {
            if let Some(field) = bytes.get_mut(at..at.saturating_add(part.len())) {
                field.copy_from_slice(part);
            }
        }
        let checksum = checksum(salt, &bytes, body);
        if let Some(field) = bytes.get_mut(4..8) {
            field.copy_from_slice(&checksum.to_be_bytes());
        }
        bytes
    }

    /// What the head says; none when it is no head. The checksum is not looked at: the body comes after it.
    pub(super) fn parse(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let length = u32::from_be_bytes(field(bytes, 36)?);
        let zeros: ([u8; 2], [u8; 4]) = (field(bytes, 34)?, field(bytes, 44)?);
        if field::<4>(bytes, 0)? != MAGIC || zeros != ([0; 2], [0; 4]) || usize::try_from(length).ok()? > BODY_BYTES_MAX
        {
            return None;
        }
        Some(Self {
            position: u64::from_be_bytes(field(bytes, 8)?),
            batch: u64::from_be_bytes(field(bytes, 16)?),
            seq: u64::from_be_bytes(field(bytes, 24)?),
            kind: Kind::of(*bytes.get(32)?)?,
            ends_batch: match bytes.get(33)? {
                0 => false,
                1 => true,
                _ => return None,
            },
            length,
            expiry: u32::from_be_bytes(field(bytes, 40)?),
            place: field(bytes, 48)?,
            digest: EnvelopeDigest::from_bytes(field(bytes, 64)?),
        })
    }

    /// Head and body together, in bytes.
    pub(super) const fn record_bytes(&self) -> u64 {
        HEAD_BYTES as u64 + self.length as u64
    }
}

/// Do head and body belong together, unchanged?
pub(super) fn is_whole(salt: Salt, head: &[u8; HEAD_BYTES], body: &[u8]) -> bool {
    field(head, 4).is_some_and(|stated| u32::from_be_bytes(stated) == checksum(salt, head, body))
}

fn checksum(salt: Salt, head: &[u8; HEAD_BYTES], body: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new_with_initial(salt.0);
    crc.update(head.get(8..).unwrap_or_default());
    crc.update(body);
    crc.finalize()
}

/// What is written over the beginning of a record whose item is gone: no place, no digest, no outer header; only how
/// far to the next record.
pub(super) fn erased(salt: Salt, length: u32) -> Vec<u8> {
    let head = Head {
        position: 0,
        batch: 0,
        seq: 0,
        kind: Kind::Erased,
        ends_batch: false,
        length,
        expiry: 0,
        place: [0; 16],
        digest: EnvelopeDigest::from_bytes([0; 32]),
    };
    let outer = usize::try_from(length).unwrap_or(OUTER_BYTES).min(OUTER_BYTES);
    let mut bytes = head.to_bytes(salt, &[]).to_vec();
    bytes.resize(HEAD_BYTES.saturating_add(outer), 0);
    bytes
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: Salt = Salt(0x1234_5678);

    fn head() -> Head {
        Head {
            position: 7,
            batch: 3,
            seq: 9,
            kind: Kind::Mailbox,
            ends_batch: true,
            length: 5,
            expiry: 20_000,
            place: [4; 16],
            digest: EnvelopeDigest::from_bytes([5; 32]),
        }
    }

    #[test]
    fn a_head_round_trips_and_any_flipped_bit_is_found() {
        let body = b"12345";
        let bytes = head().to_bytes(SALT, body);

        assert_eq!(Head::parse(&bytes), Some(head()));
        assert!(is_whole(SALT, &bytes, body));
        for bit in 0..HEAD_BYTES * 8 {
            let mut changed = bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Head::parse(&changed).is_none() || !is_whole(SALT, &changed, body), "bit {bit}");
        }
        assert!(!is_whole(SALT, &bytes, b"12344") && !is_whole(Salt(1), &bytes, body));
    }

    #[test]
    fn every_kind_has_its_own_code() {
        for code in 0..=8 {
            assert_eq!(Kind::of(code).map(Kind::code), Some(code));
        }
        assert_eq!(Kind::of(9), None);
    }

    #[test]
    fn an_erased_record_says_only_how_long_it_was() {
        let bytes = erased(SALT, 16_384);

        let head = Head::parse(bytes[..HEAD_BYTES].try_into().unwrap()).unwrap();
        assert_eq!((head.kind, head.length, bytes.len()), (Kind::Erased, 16_384, 160));
        assert_eq!(bytes.iter().filter(|byte| **byte != 0).count(), 4 + 4 + 1, "magic, checksum and length");
    }
}
