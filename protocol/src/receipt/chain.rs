//! The pair chain (`docs/PROTOCOL.md` §8): what a node did with one partner, hashed entry by entry.
//!
//! `head_0 = H("evidence", own node id || partner node id || epoch u64)`,
//! `head_i = H("evidence", head_(i-1) || SHA-256(entry_i))`,
//! `entry = u32 length || type u8 || time u64 || body`, where the length counts all that follows it.
//!
//! Bodies hold digests, commitments, receipts and key events, never a word about a person. Every message and receipt
//! carries length and head, so that the partner sees gaps, and holds proof if the chain is later cut or rewritten.

use crate::{
    crypto::hash::{HashLabel, hash, sha256},
    id::NodeId,
    layout::Reader,
    time::Timestamp,
};

/// Bytes of an entry before its body.
const ENTRY_HEAD_BYTES: usize = 13;

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum EntryKind {
    /// A message was sealed to the partner.
    Sent,
    /// The relay took charge of it.
    RelayAccepted,
    /// The partner's `delivered` receipt arrived.
    DeliveredReceived,
    /// A message of the partner was opened and stored.
    Received,
    /// A `delivered` receipt was given to the partner.
    DeliveredGiven,
    /// The partner's `nack` arrived.
    NackReceived,
    /// The relay let a message go uncollected.
    RelayExpired,
    /// A message in the partner's name was put into quarantine.
    Quarantined,
    /// A ping was answered or sent.
    Ping,
    /// This node's vault was restored, and the partner is told so.
    Restored,
    /// The partner's vault was restored, and it has told so.
    PartnerRestored,
    /// This node gave a message to the partner up: nothing more is sent of it unless a person says so.
    GivenUp,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Sent,
        Self::RelayAccepted,
        Self::DeliveredReceived,
        Self::Received,
        Self::DeliveredGiven,
        Self::NackReceived,
        Self::RelayExpired,
        Self::Quarantined,
        Self::Ping,
        Self::Restored,
        Self::PartnerRestored,
        Self::GivenUp,
    ];

    /// The number that stands in the entry.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Sent => 1,
            Self::RelayAccepted => 2,
            Self::DeliveredReceived => 3,
            Self::Received => 4,
            Self::DeliveredGiven => 5,
            Self::NackReceived => 6,
            Self::RelayExpired => 7,
            Self::Quarantined => 8,
            Self::Ping => 9,
            Self::Restored => 10,
            Self::PartnerRestored => 11,
            Self::GivenUp => 12,
        }
    }

    /// The kind of a number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Length and head of a pair chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ChainHead {
    /// Entries so far.
    pub length: u64,
    /// The last head.
    pub hash: [u8; 32],
}

impl ChainHead {
    /// The head of an empty chain of `own` with `partner`.
    #[must_use]
    pub fn start(own: &NodeId, partner: &NodeId, epoch: u64) -> Self {
        let parts: [&[u8]; 3] = [own.as_bytes(), partner.as_bytes(), &epoch.to_be_bytes()];
        Self { length: 0, hash: hash(HashLabel::Evidence, &parts) }
    }

    /// The head after `entry`.
    #[must_use]
    pub fn then(&self, entry: &Entry) -> Self {
        let hash = hash(HashLabel::Evidence, &[&self.hash, &sha256(&[entry.as_bytes()])]);
        Self { length: self.length.saturating_add(1), hash }
    }

    /// The head after all of `entries`.
    #[must_use]
    pub fn then_all<'a>(self, entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        entries.into_iter().fold(self, |head, entry| head.then(entry))
    }
}

/// One link of a pair chain.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    bytes: Vec<u8>,
    kind: EntryKind,
    time: Timestamp,
}

/// The bytes are no entry of a pair chain, or the body is too long for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no entry of a pair chain")]
pub struct NotAnEntry;

impl Entry {
    /// An entry of this kind, time and body.
    ///
    /// # Errors
    /// [`NotAnEntry`] when the body does not fit a u32 length.
    pub fn new(kind: EntryKind, time: Timestamp, body: &[u8]) -> Result<Self, NotAnEntry> {
        let length = body.len().checked_add(9).and_then(|n| u32::try_from(n).ok()).ok_or(NotAnEntry)?;
        let bytes = [&length.to_be_bytes(), &[kind.code()][..], &time.0.to_be_bytes(), body].concat();
        Ok(Self { bytes, kind, time })
    }

    /// Reads an entry that was stored.
    ///
    /// # Errors
    /// [`NotAnEntry`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnEntry> {
        let read = || {
            let mut reader = Reader::new(bytes);
            let length = usize::try_from(reader.u32()?).ok()?;
            let mut rest = Reader::new(reader.slice(length)?);
            reader.end()?;
            let kind = EntryKind::from_code(rest.u8()?)?;
            Some(Self { bytes: bytes.to_vec(), kind, time: Timestamp(rest.u64()?) })
        };
        read().ok_or(NotAnEntry)
    }

    /// What happened.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        self.kind
    }

    /// When, by one's own clock.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// What was noted.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.bytes.get(ENTRY_HEAD_BYTES..).unwrap_or_default()
    }

    /// All bytes, as hashed and stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> ChainHead {
        ChainHead::start(&NodeId::from_bytes([1; 32]), &NodeId::from_bytes([2; 32]), 7)
    }

    #[test]
    fn entries_round_trip_and_a_lying_length_is_refused() {
        for kind in EntryKind::ALL {
            let entry = Entry::new(kind, Timestamp(5), b"body").unwrap();
            let read = Entry::parse(entry.as_bytes()).unwrap();
            assert!(read == entry);
            assert_eq!((read.kind(), read.time(), read.body()), (kind, Timestamp(5), &b"body"[..]));
        }
        let mut bytes = Entry::new(EntryKind::Ping, Timestamp(5), b"body").unwrap().as_bytes().to_vec();
        bytes[3] += 1;
        assert_eq!(Entry::parse(&bytes).err(), Some(NotAnEntry));
        bytes[3] -= 2;
        assert_eq!(Entry::parse(&bytes).err(), Some(NotAnEntry));
    }

    #[test]
    fn heads_differ_by_side_order_and_length() {
        let other_side = ChainHead::start(&NodeId::from_bytes([2; 32]), &NodeId::from_bytes([1; 32]), 7);
        let a = Entry::new(EntryKind::Sent, Timestamp(1), b"a").unwrap();
        let b = Entry::new(EntryKind::Sent, Timestamp(1), b"b").unwrap();

        assert_ne!(start().hash, other_side.hash);
        assert_ne!(start().then(&a).then(&b).hash, start().then(&b).then(&a).hash);
        assert_eq!(start().then_all([&a, &b]), start().then(&a).then(&b));
        assert_eq!(start().then_all([&a, &b]).length, 2);
    }
}
