//! The relay's schema on an engine that knows keys and values only.

use std::collections::BTreeMap;

use crate::engine::{Digest, Engine, Envelope, Failure, Place};

/// The tables; `relay/src/store/sqlite.rs` has the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// The envelopes.
    Item,
    /// Place and sequence number, if [`Table::Item`] is keyed without the place.
    Place,
    /// Digest: expiry, size, sequence number (0: gone) and place.
    Seen,
    /// Place: envelopes and bytes waiting.
    Held,
    /// The last sequence number.
    Last,
}

impl Table {
    pub(crate) const ALL: [Self; 5] = [Self::Item, Self::Place, Self::Seen, Self::Held, Self::Last];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Place => "place",
            Self::Seen => "seen",
            Self::Held => "held",
            Self::Last => "last",
        }
    }
}

/// What [`Table::Item`] is keyed by: what suits the engine best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keying {
    /// Place and sequence number: no second table, inserts all over the key space. For an LSM tree.
    PlaceAndSeq,
    /// Sequence number: inserts at the end, and an index for the place. For a B-tree.
    Seq,
}

/// One change; a removal has no value.
pub(crate) struct Change {
    pub(crate) table: Table,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

/// What a key holds.
pub(crate) struct Pair {
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// An ordered key-value engine.
pub(crate) trait Kv {
    const KEYING: Keying;
    fn look(&self, table: Table, keys: &[Vec<u8>]) -> Result<Vec<Option<Vec<u8>>>, Failure>;
    /// Keys after `after` that begin with the place, in order.
    fn scan(&self, table: Table, after: &[u8], place: Place, limit: usize) -> Result<Vec<Pair>, Failure>;
    /// Atomic, and durable when it returns.
    fn apply(&mut self, changes: Vec<Change>) -> Result<(), Failure>;
    fn tidy(&mut self) -> Result<(), Failure>;
}

/// The relay's store over it.
pub(crate) struct Schema<K> {
    kv: K,
    last: u64,
}

/// Where the envelope begins in the value of [`Table::Item`]: after kind, digest and expiry.
const HEAD: usize = 1 + 32 + 4;

impl<K: Kv> Schema<K> {
    pub(crate) fn open(kv: K) -> Result<Self, Failure> {
        let last = kv.look(Table::Last, &[b"seq".to_vec()])?.pop().flatten();
        Ok(Self { kv, last: last.map_or(0, |bytes| number(&bytes)) })
    }

    fn held(&self, moved: BTreeMap<Place, (i64, i64)>) -> Result<Vec<Change>, Failure> {
        let keys: Vec<Vec<u8>> = moved.keys().map(|place| place.0.to_vec()).collect();
        let before = self.kv.look(Table::Held, &keys)?;
        let changes = keys.into_iter().zip(before).zip(moved.values()).map(|((key, before), (envelopes, bytes))| {
            let before = before.unwrap_or_else(|| vec![0; 16]);
            let envelopes = number(&before[..8]).wrapping_add_signed(*envelopes);
            let bytes = number(&before[8..]).wrapping_add_signed(*bytes);
            let value = (envelopes > 0).then(|| [envelopes.to_be_bytes(), bytes.to_be_bytes()].concat());
            Change { table: Table::Held, key, value }
        });
        Ok(changes.collect())
    }
}

impl<K: Kv> Engine for Schema<K> {
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure> {
        let digests: Vec<Vec<u8>> = batch.iter().map(|envelope| envelope.digest.0.to_vec()).collect();
        let seen = self.kv.look(Table::Seen, &digests)?;
        let mut changes = Vec::with_capacity(batch.len() * 4 + 1);
        let mut moved = BTreeMap::new();
        let before = self.last;
        for ((envelope, digest), seen) in batch.iter().zip(digests).zip(seen) {
            if seen.is_some() {
                continue;
            }
            self.last += 1;
            let mut item = Vec::with_capacity(HEAD + envelope.bytes.len());
            item.push(0);
            item.extend_from_slice(&envelope.digest.0);
            item.extend_from_slice(&envelope.expiry.to_be_bytes());
            item.extend_from_slice(&envelope.bytes);
            let waiting = [envelope.place.0.as_slice(), &self.last.to_be_bytes()].concat();
            if K::KEYING == Keying::Seq {
                changes.push(Change { table: Table::Place, key: waiting, value: Some(Vec::new()) });
                let key = self.last.to_be_bytes().to_vec();
                changes.push(Change { table: Table::Item, key, value: Some(item) });
            } else {
                changes.push(Change { table: Table::Item, key: waiting, value: Some(item) });
            }
            let value = seen_value(envelope.expiry, envelope.bytes.len() as u32, self.last, envelope.place);
            changes.push(Change { table: Table::Seen, key: digest, value: Some(value) });
            let held: &mut (i64, i64) = moved.entry(envelope.place).or_default();
            *held = (held.0 + 1, held.1 + envelope.bytes.len() as i64);
        }
        changes.extend(self.held(moved)?);
        let last = Some(self.last.to_be_bytes().to_vec());
        changes.push(Change { table: Table::Last, key: b"seq".to_vec(), value: last });
        self.kv.apply(changes)?;
        Ok((self.last - before) as usize)
    }

    fn read(&mut self, place: Place, after: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
        let from = [place.0.as_slice(), &after.to_be_bytes()].concat();
        if K::KEYING == Keying::PlaceAndSeq {
            let found = self.kv.scan(Table::Item, &from, place, limit)?;
            return Ok(found.into_iter().map(|pair| (number(&pair.key[16..]), pair.value[HEAD..].to_vec())).collect());
        }
        let waiting = self.kv.scan(Table::Place, &from, place, limit)?;
        let keys: Vec<Vec<u8>> = waiting.iter().map(|pair| pair.key[16..].to_vec()).collect();
        let items = self.kv.look(Table::Item, &keys)?;
        let found = keys.iter().zip(items).filter_map(|(key, item)| Some((number(key), item?[HEAD..].to_vec())));
        Ok(found.collect())
    }

    fn done(&mut self, batch: &[Digest]) -> Result<usize, Failure> {
        let digests: Vec<Vec<u8>> = batch.iter().map(|digest| digest.0.to_vec()).collect();
        let seen = self.kv.look(Table::Seen, &digests)?;
        let mut changes = Vec::with_capacity(batch.len() * 4);
        let mut moved = BTreeMap::new();
        let mut removed = 0;
        for (digest, seen) in digests.into_iter().zip(seen) {
            let Some(seen) = seen else { continue };
            let (expiry, size, seq) = (number(&seen[..4]) as u32, number(&seen[4..8]), number(&seen[8..16]));
            let mut place = Place([0; 16]);
            place.0.copy_from_slice(&seen[16..]);
            if seq == 0 {
                continue;
            }
            removed += 1;
            let waiting = [place.0.as_slice(), &seq.to_be_bytes()].concat();
            if K::KEYING == Keying::Seq {
                changes.push(Change { table: Table::Place, key: waiting, value: None });
                changes.push(Change { table: Table::Item, key: seq.to_be_bytes().to_vec(), value: None });
            } else {
                changes.push(Change { table: Table::Item, key: waiting, value: None });
            }
            let value = Some(seen_value(expiry, size as u32, 0, place));
            changes.push(Change { table: Table::Seen, key: digest, value });
            let held: &mut (i64, i64) = moved.entry(place).or_default();
            *held = (held.0 - 1, held.1 - size as i64);
        }
        changes.extend(self.held(moved)?);
        self.kv.apply(changes)?;
        Ok(removed)
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        self.kv.tidy()
    }
}

fn seen_value(expiry: u32, size: u32, seq: u64, place: Place) -> Vec<u8> {
    [expiry.to_be_bytes().as_slice(), &size.to_be_bytes(), &seq.to_be_bytes(), &place.0].concat()
}

/// Up to eight bytes, the highest first.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
