//! The candidate: envelope bytes appended to segment files, an index in memory, and an SQLite index that another
//! thread writes when it is ready.
//!
//! Durable is what is in the log. The SQLite index says up to which place of the log it has seen everything; a start
//! reads it and then only the log after that place. A segment without living envelopes is unlinked once the index is
//! past it; of one that holds few, the living are copied to the end of the log first.

mod index;
mod record;

use std::{
    collections::{BTreeMap, HashMap},
    fs::{File, OpenOptions},
    io::IoSlice,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use self::{
    index::{Batch, Index, Loaded, Position, Row},
    record::{HEAD, Head, Mark},
};
use crate::{
    engine::{Digest, Engine, Envelope, Failure, Place},
    raw::write_all,
};

const SEGMENT_BYTES: u64 = 64 * 1024 * 1024;
/// A closed segment is emptied when less than one part in so many lives.
const LIVE_SHARE_MIN: u64 = 4;

/// Where an envelope's bytes are.
#[derive(Debug, Clone, Copy)]
struct Span {
    segment: u32,
    offset: u64,
    length: u32,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    place: Place,
    /// 0: gone.
    seq: u64,
    expiry: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Segment {
    bytes: u64,
    live: u64,
}

pub(crate) struct Seglog {
    dir: PathBuf,
    current: File,
    number: u32,
    last: u64,
    known: HashMap<Digest, Known>,
    waiting: HashMap<Place, BTreeMap<u64, Span>>,
    segments: BTreeMap<u32, Segment>,
    readers: HashMap<u32, File>,
    index: Index,
}

impl Seglog {
    pub(crate) fn open(dir: &Path) -> Result<Self, Failure> {
        let Loaded { rows, gone, position } = index::load(dir)?;
        let mut numbers: Vec<u32> = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            let name = entry?.file_name();
            let number: Option<u32> =
                name.to_str().and_then(|name| name.strip_suffix(".seg")).and_then(|name| name.parse().ok());
            numbers.extend(number);
        }
        numbers.sort_unstable();
        let number = numbers.last().copied().unwrap_or(1);
        let mut log = Self {
            dir: dir.to_owned(),
            current: append_to(dir, number)?,
            number,
            last: 0,
            known: HashMap::with_capacity(rows.len() + gone.len()),
            waiting: HashMap::new(),
            segments: BTreeMap::new(),
            readers: HashMap::new(),
            index: Index::start(dir, position)?,
        };
        for number in numbers {
            log.segments.insert(number, Segment { bytes: std::fs::metadata(path(dir, number))?.len(), live: 0 });
        }
        log.segments.entry(number).or_default();
        for row in rows {
            log.arrived(&row);
        }
        for (digest, expiry) in gone {
            log.known.insert(digest, Known { place: Place([0; 16]), seq: 0, expiry });
        }
        log.replay(position)?;
        Ok(log)
    }

    /// Reads the log after what the index has.
    fn replay(&mut self, from: Position) -> Result<(), Failure> {
        let numbers: Vec<u32> = self.segments.range(from.segment..).map(|(number, _)| *number).collect();
        for number in numbers {
            let start = if number == from.segment { from.offset } else { 0 };
            let file = File::open(path(&self.dir, number))?;
            let mut bytes = vec![0; (file.metadata()?.len().saturating_sub(start)) as usize];
            file.read_exact_at(&mut bytes, start)?;
            let mut at = 0;
            let mut batch = Batch::default();
            while let Some((head, length)) = record::read(&bytes[at..]) {
                let span = Span { segment: number, offset: start + (at + HEAD) as u64, length: head.length };
                self.apply(&head, span, &mut batch);
                at += length;
            }
            // A torn end was never acknowledged: cut off, so that the next record is found.
            if number == self.number && at < bytes.len() {
                self.current.set_len(start + at as u64)?;
            }
            let end = start + at as u64;
            self.segments.entry(number).or_default().bytes = end;
            batch.end = Position { segment: number, offset: end };
            self.index.send(batch)?;
        }
        Ok(())
    }

    fn apply(&mut self, head: &Head, span: Span, batch: &mut Batch) {
        match head.mark {
            Mark::Put => {
                let row = Row { seq: head.seq, place: head.place, digest: head.digest, expiry: head.expiry, span };
                self.arrived(&row);
                batch.rows.push(row);
            }
            Mark::Done => self.settled(head.digest, batch),
        }
    }

    fn arrived(&mut self, row: &Row) {
        self.last = self.last.max(row.seq);
        self.known.insert(row.digest, Known { place: row.place, seq: row.seq, expiry: row.expiry });
        let moved = self.waiting.entry(row.place).or_default().insert(row.seq, row.span);
        if let Some(segment) = moved.and_then(|old| self.segments.get_mut(&old.segment)) {
            segment.live -= u64::from(row.span.length);
        }
        self.segments.entry(row.span.segment).or_default().live += u64::from(row.span.length);
    }

    fn settled(&mut self, digest: Digest, batch: &mut Batch) {
        let Some(known) = self.known.get_mut(&digest).filter(|known| known.seq != 0) else { return };
        if let Some(waiting) = self.waiting.get_mut(&known.place) {
            if let Some(span) = waiting.remove(&known.seq)
                && let Some(segment) = self.segments.get_mut(&span.segment)
            {
                segment.live -= u64::from(span.length);
            }
            if waiting.is_empty() {
                self.waiting.remove(&known.place);
            }
        }
        batch.gone.push((known.seq, digest, known.expiry));
        known.seq = 0;
    }

    /// One write, one fdatasync; then the records count.
    fn append(&mut self, records: &[(Head, &[u8])]) -> Result<(), Failure> {
        if self.segments.get(&self.number).is_some_and(|segment| segment.bytes >= SEGMENT_BYTES) {
            self.number += 1;
            self.current = append_to(&self.dir, self.number)?;
            self.segments.insert(self.number, Segment::default());
        }
        let heads: Vec<[u8; HEAD]> = records.iter().map(|(head, bytes)| head.write(bytes)).collect();
        let mut parts = Vec::with_capacity(records.len() * 2);
        for (head, (_, bytes)) in heads.iter().zip(records) {
            parts.push(IoSlice::new(head));
            if !bytes.is_empty() {
                parts.push(IoSlice::new(bytes));
            }
        }
        write_all(&mut self.current, &mut parts)?;
        self.current.sync_data()?;
        let mut batch = Batch::default();
        let mut offset = self.segments.get(&self.number).map_or(0, |segment| segment.bytes);
        for (head, bytes) in records {
            let span = Span { segment: self.number, offset: offset + HEAD as u64, length: head.length };
            self.apply(head, span, &mut batch);
            offset += (HEAD + bytes.len()) as u64;
        }
        self.segments.entry(self.number).or_default().bytes = offset;
        batch.end = Position { segment: self.number, offset };
        self.index.send(batch)
    }

    fn bytes_at(&mut self, span: Span) -> Result<Vec<u8>, Failure> {
        let file = match self.readers.entry(span.segment) {
            std::collections::hash_map::Entry::Occupied(open) => open.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => free.insert(File::open(path(&self.dir, span.segment))?),
        };
        let mut bytes = vec![0; span.length as usize];
        file.read_exact_at(&mut bytes, span.offset)?;
        Ok(bytes)
    }

    /// Unlinks what is empty and indexed; empties one segment of which little lives.
    fn reclaim(&mut self) -> Result<(), Failure> {
        let indexed = self.index.position();
        let closed = self.segments.range(..self.number.min(indexed.segment));
        let empty: Vec<u32> = closed.clone().filter(|(_, segment)| segment.live == 0).map(|(n, _)| *n).collect();
        let sparse = closed.filter(|(_, s)| s.live > 0 && s.live < s.bytes / LIVE_SHARE_MIN).map(|(n, _)| *n).next();
        for number in empty {
            std::fs::remove_file(path(&self.dir, number))?;
            self.segments.remove(&number);
            self.readers.remove(&number);
        }
        let Some(number) = sparse else { return Ok(()) };
        let bytes = std::fs::read(path(&self.dir, number))?;
        let mut moved = Vec::new();
        let mut at = 0;
        while let Some((head, length)) = record::read(&bytes[at..]) {
            let offset = (at + HEAD) as u64;
            let here = |span: &Span| span.segment == number && span.offset == offset;
            let lives = self.waiting.get(&head.place).and_then(|waiting| waiting.get(&head.seq)).is_some_and(here);
            if head.mark == Mark::Put && lives {
                moved.push((head, &bytes[at + HEAD..at + length]));
            }
            at += length;
        }
        self.append(&moved)
    }
}

impl Engine for Seglog {
    fn put(&mut self, batch: &[Envelope]) -> Result<usize, Failure> {
        let first = self.last;
        let fresh = batch.iter().filter(|envelope| !self.known.contains_key(&envelope.digest));
        let records: Vec<(Head, &[u8])> = fresh
            .zip(first + 1..)
            .map(|(envelope, seq)| {
                let head = Head {
                    mark: Mark::Put,
                    length: envelope.bytes.len() as u32,
                    expiry: envelope.expiry,
                    seq,
                    place: envelope.place,
                    digest: envelope.digest,
                };
                (head, envelope.bytes.as_slice())
            })
            .collect();
        self.append(&records)?;
        Ok(records.len())
    }

    fn read(&mut self, place: Place, after: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>, Failure> {
        let Some(waiting) = self.waiting.get(&place) else { return Ok(Vec::new()) };
        let spans: Vec<(u64, Span)> = waiting.range(after + 1..).take(limit).map(|(seq, span)| (*seq, *span)).collect();
        spans.into_iter().map(|(seq, span)| Ok((seq, self.bytes_at(span)?))).collect()
    }

    fn done(&mut self, batch: &[Digest]) -> Result<usize, Failure> {
        let records: Vec<(Head, &[u8])> = batch
            .iter()
            .filter_map(|digest| {
                let known = self.known.get(digest).filter(|known| known.seq != 0)?;
                let (expiry, seq, place) = (known.expiry, known.seq, known.place);
                Some((Head { mark: Mark::Done, length: 0, expiry, seq, place, digest: *digest }, [].as_slice()))
            })
            .collect();
        self.append(&records)?;
        self.reclaim()?;
        Ok(records.len())
    }

    fn tidy(&mut self) -> Result<(), Failure> {
        self.reclaim()
    }
}

fn path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}.seg"))
}

fn append_to(dir: &Path, number: u32) -> Result<File, Failure> {
    let file = OpenOptions::new().create(true).append(true).open(path(dir, number))?;
    // The name must be as durable as what is written under it.
    File::open(dir)?.sync_all()?;
    Ok(file)
}
