//! What a crash left: the batches that the journal holds and `index.db` does not, and the torn end of the last one.
//!
//! Only the last batch can be torn: each is synced before the next is written, and a segment is left only after its
//! last batch was. So a record that does not read, with whole batches of a later number behind it, is damage to what was
//! acknowledged, and the store is not opened as if that had never been.

use std::{
    io::{self, IoSlice, IoSliceMut},
    sync::Arc,
};

use super::{
    index::{Index, Item, Known, status_of},
    keeper::Row,
    record::{self, HEAD_BYTES, Head, Kind, MAGIC, Salt},
    segment::{At, PREAMBLE_BYTES, Segments},
    tables::Mark,
};
use crate::store::{StoreError, disk::DiskFile};

/// Written again at once.
const PIECE_BYTES: u64 = 4 * 1024 * 1024;

/// What was found.
pub(super) struct Replayed {
    /// The end of the journal.
    pub(super) mark: Mark,
    /// Its newest segment.
    pub(super) file: Arc<dyn DiskFile>,
    /// What `index.db` lacks.
    pub(super) rows: Vec<Row>,
}

/// Reads the journal from `begun` on into `index`, and cuts off a torn end.
pub(super) fn run(
    segments: &Segments,
    begun: Option<Mark>,
    segment_bytes: u32,
    index: &mut Index,
) -> Result<Replayed, StoreError> {
    let io = |source| StoreError::Io { source };
    let mut mark = begun.unwrap_or(Mark { segment: 1, offset: PREAMBLE_BYTES, position: 0, batch: 0, next_seq: 1 });
    let mut rows = Vec::new();
    let numbers: Vec<u32> = segments.numbers().into_iter().filter(|number| *number >= mark.segment).collect();
    if numbers.first() != Some(&mark.segment) {
        // A new store, or one whose first segment never came to be.
        if begun.is_some() || !numbers.is_empty() {
            return Err(StoreError::Damaged("segment"));
        }
        let file = segments.create(mark.segment, mark.position).map_err(io)?;
        segments.prepare(file.as_ref(), mark.offset, segment_bytes).map_err(io)?;
        return Ok(Replayed { mark, file, rows });
    }
    let mut newest = None;
    for number in numbers {
        if number != mark.segment {
            mark = Mark { segment: number, offset: PREAMBLE_BYTES, ..mark };
        }
        match segments.first_position(number) {
            Some(first) if mark.offset > PREAMBLE_BYTES || first == mark.position => {}
            // Made in the moment of a crash, and never written to.
            _ if mark.offset == PREAMBLE_BYTES && is_bare(segments, number) => {
                newest = Some(segments.create(number, mark.position).map_err(io)?);
                continue;
            }
            _ => return Err(StoreError::Damaged("segment")),
        }
        let file = segments.file(number).ok_or(StoreError::Damaged("segment"))?;
        read_segment(file.as_ref(), segments.salt(), &mut mark, index, &mut rows)?;
        newest = Some(file);
    }
    let file = newest.ok_or(StoreError::Damaged("segment"))?;
    let end = u64::from(mark.offset);
    if file.length().map_err(io)? != end {
        file.set_length(end).and_then(|()| file.sync()).map_err(io)?;
    }
    write_again(segments, begun, mark).map_err(io)?;
    segments.prepare(file.as_ref(), mark.offset, segment_bytes).map_err(io)?;
    Ok(Replayed { mark, file, rows })
}

/// After a sync that failed, the system may show bytes that it will never write: a start in the same boot would build on
/// them. So what was read here is written once more, and synced, before it counts.
fn write_again(segments: &Segments, begun: Option<Mark>, end: Mark) -> io::Result<()> {
    let (first, mut offset) = begun.map_or((end.segment, PREAMBLE_BYTES), |mark| (mark.segment, mark.offset));
    for number in segments.numbers().into_iter().filter(|number| (first..=end.segment).contains(number)) {
        let Some(file) = segments.file(number) else { continue };
        let to = if number == end.segment { u64::from(end.offset) } else { file.length()? };
        let mut from = u64::from(offset);
        let begins = from;
        while from < to {
            let length = to.saturating_sub(from).min(PIECE_BYTES);
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            file.read_at(from, &mut [IoSliceMut::new(&mut bytes)])?;
            file.write_at(from, &mut [IoSlice::new(&bytes)])?;
            from = from.saturating_add(length);
        }
        if begins < to {
            file.sync()?;
        }
        offset = PREAMBLE_BYTES;
    }
    Ok(())
}

/// Does it hold no record?
fn is_bare(segments: &Segments, number: u32) -> bool {
    let length = segments.file(number).and_then(|file| file.length().ok());
    length.is_some_and(|length| length <= u64::from(PREAMBLE_BYTES))
}

/// One record with its body.
struct Read {
    head: Head,
    body: Vec<u8>,
    at: At,
}

/// Reads whole batches until one does not read.
fn read_segment(
    file: &dyn DiskFile,
    salt: Salt,
    mark: &mut Mark,
    index: &mut Index,
    rows: &mut Vec<Row>,
) -> Result<(), StoreError> {
    let length = file.length().map_err(|source| StoreError::Io { source })?;
    loop {
        let mut batch = Vec::new();
        let mut next = *mark;
        let whole = loop {
            match record(file, salt, length, &next)? {
                Some(read) => {
                    next.offset = read.at.end();
                    next.position = next.position.saturating_add(1);
                    let ends = read.head.ends_batch;
                    batch.push(read);
                    if ends {
                        break true;
                    }
                }
                None => break false,
            }
        };
        if !whole {
            return later_batches(file, salt, length, u64::from(mark.offset), mark.batch);
        }
        for read in batch {
            apply(read, index, rows);
        }
        *mark = Mark { batch: mark.batch.saturating_add(1), ..next };
    }
}

/// The record at the mark; none when the bytes there are not the next record.
fn record(file: &dyn DiskFile, salt: Salt, length: u64, mark: &Mark) -> Result<Option<Read>, StoreError> {
    let io = |source| StoreError::Io { source };
    let offset = u64::from(mark.offset);
    let Some(head_end) = offset.checked_add(HEAD_BYTES as u64).filter(|end| *end <= length) else { return Ok(None) };
    let mut bytes = [0; HEAD_BYTES];
    file.read_at(offset, &mut [IoSliceMut::new(&mut bytes)]).map_err(io)?;
    let Some(head) = Head::parse(&bytes) else { return Ok(None) };
    if head.position != mark.position || head.batch != mark.batch || offset.saturating_add(head.record_bytes()) > length
    {
        return Ok(None);
    }
    let mut body = vec![0; usize::try_from(head.length).unwrap_or(0)];
    file.read_at(head_end, &mut [IoSliceMut::new(&mut body)]).map_err(io)?;
    let at = At { segment: mark.segment, offset: mark.offset, length: head.length };
    Ok(record::is_whole(salt, &bytes, &body).then_some(Read { head, body, at }))
}

/// After a record that does not read: a whole record of a batch after the one that was being written means that what was
/// acknowledged is damaged.
fn later_batches(file: &dyn DiskFile, salt: Salt, length: u64, from: u64, batch: u64) -> Result<(), StoreError> {
    let rest = length.saturating_sub(from);
    let mut bytes = vec![0; usize::try_from(rest).unwrap_or(0)];
    match file.read_at(from, &mut [IoSliceMut::new(&mut bytes)]) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
        Err(source) => return Err(StoreError::Io { source }),
    }
    let mut at = 0_usize;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.windows(MAGIC.len()).position(|four| four == MAGIC)) {
        at = at.saturating_add(found);
        if let Some((head, rest)) = bytes.get(at..).and_then(|rest| rest.split_first_chunk::<HEAD_BYTES>())
            && let Some(parsed) = Head::parse(head)
            && parsed.batch > batch
            && let Some(body) = rest.get(..usize::try_from(parsed.length).unwrap_or(usize::MAX))
            && record::is_whole(salt, head, body)
        {
            return Err(StoreError::Damaged("journal record"));
        }
        at = at.saturating_add(1);
    }
    Ok(())
}

fn apply(read: Read, index: &mut Index, rows: &mut Vec<Row>) {
    let Read { head, body, at } = read;
    match head.kind {
        Kind::Mailbox | Kind::Slot | Kind::Nack | Kind::Expired => {
            let status = if head.kind.is_envelope() { status_of(&body) } else { [0; 16] };
            let item = Item { kind: head.kind, place: head.place, status, expiry: head.expiry, at, hour: 0 };
            index.insert(head.seq, item);
            if head.kind.is_envelope() {
                index.remember(head.digest, Known { seq: head.seq, expiry: head.expiry });
            }
            rows.push(Row::Put { seq: head.seq, item, digest: head.digest });
        }
        Kind::Gone => {
            if let Some(item) = index.take_out(head.seq) {
                rows.push(Row::Gone { seq: head.seq, item });
            }
        }
        Kind::Forgotten => {
            index.forget(&head.digest);
            rows.push(Row::Forgotten { seq: head.seq });
        }
        Kind::Known => {
            let known = Known { seq: head.seq, expiry: head.expiry };
            index.remember(head.digest, known);
            rows.push(Row::Known { digest: head.digest, known });
        }
        Kind::Probe | Kind::Erased => {}
    }
}
