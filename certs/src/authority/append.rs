//! A file that only grows: `u32 length || SHA-256(body)[..8] || body` for each item, fsynced one by one.
//!
//! A torn last item (a crash while it was written) is cut off when the file is opened; damage anywhere else is an error.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use safeconduct_protocol::crypto::hash::sha256;

use super::AdminError;
use crate::{durable, layout::Reader};

/// Longest item in bytes.
const ITEM_BYTES_MAX: usize = 128 * 1024;
const _: () = assert!(crate::introduction::SEALED_INTRODUCED_BYTES_MAX <= ITEM_BYTES_MAX);
const CHECK_BYTES: usize = 8;

/// An append-only file, open.
pub(super) struct AppendFile {
    file: File,
    what: &'static str,
    /// Where the next item goes: right after the last whole one.
    end: u64,
}

impl AppendFile {
    /// Opens or makes the file; returns its items.
    pub(super) fn open(path: &Path, what: &'static str) -> Result<(Self, Vec<Vec<u8>>), AdminError> {
        let disk = || AdminError::disk(what);
        let fresh = !path.try_exists().map_err(disk())?;
        let mut options = OpenOptions::new();
        let opened = options.read(true).write(true).create(true).truncate(false).mode(durable::PRIVATE).open(path);
        let mut file = opened.map_err(disk())?;
        if let (true, Some(directory)) = (fresh, path.parent()) {
            durable::sync_directory(directory).map_err(disk())?;
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(disk())?;
        let (items, end) = split(&bytes).ok_or(AdminError::Damaged { what })?;
        if end != bytes.len() {
            file.set_len(u64::try_from(end).unwrap_or(0)).and_then(|()| file.sync_all()).map_err(disk())?;
        }
        Ok((Self { file, what, end: u64::try_from(end).unwrap_or(0) }, items))
    }

    /// Appends one item; durable when this returns. After an error the file is as before, or is made so when it is
    /// opened again.
    pub(super) fn append(&mut self, body: &[u8]) -> Result<(), AdminError> {
        let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= ITEM_BYTES_MAX);
        let length = length.ok_or(AdminError::Disk { what: self.what, kind: std::io::ErrorKind::FileTooLarge })?;
        let item = [length.to_be_bytes().as_slice(), &check(body), body].concat();
        let mut write = || {
            self.file.seek(SeekFrom::Start(self.end))?;
            self.file.write_all(&item)?;
            self.file.sync_all()
        };
        if let Err(error) = write() {
            // Not known whether it is there: take it back, so that a later item does not follow a torn one.
            self.file.set_len(self.end).ok();
            return Err(AdminError::Disk { what: self.what, kind: error.kind() });
        }
        self.end = self.end.saturating_add(u64::try_from(item.len()).unwrap_or(0));
        Ok(())
    }
}

/// Items, and where the last whole one ends; `None` when damage is not at the end.
fn split(bytes: &[u8]) -> Option<(Vec<Vec<u8>>, usize)> {
    let mut items = Vec::new();
    let mut reader = Reader::new(bytes);
    let mut end = 0_usize;
    while !reader.rest().is_empty() {
        let rest = reader.rest();
        let Some(body) = item(&mut reader) else {
            return is_torn(rest).then_some((items, end));
        };
        items.push(body.to_vec());
        end = bytes.len().checked_sub(reader.rest().len())?;
    }
    Some((items, end))
}

fn item<'a>(reader: &mut Reader<'a>) -> Option<&'a [u8]> {
    let length = usize::try_from(reader.u32()?).ok()?;
    let wanted = reader.array::<CHECK_BYTES>()?;
    let body = reader.slice(length)?;
    (!body.is_empty() && length <= ITEM_BYTES_MAX && check(body) == wanted).then_some(body)
}

/// Whether what does not parse can be the beginning of one item, or space that a crash left unwritten.
fn is_torn(rest: &[u8]) -> bool {
    let announced = rest.first_chunk::<4>().and_then(|length| usize::try_from(u32::from_be_bytes(*length)).ok());
    let whole = announced.map(|length| length.saturating_add(4).saturating_add(CHECK_BYTES));
    let reaches_end = whole.is_none_or(|whole| whole >= rest.len());
    let sane = announced.is_none_or(|length| length <= ITEM_BYTES_MAX);
    crate::layout::is_zero(rest) || (reaches_end && sane)
}

fn check(body: &[u8]) -> [u8; CHECK_BYTES] {
    let [a, b, c, d, e, f, g, h, ..] = sha256(&[body]);
    [a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_at_any_byte_loses_the_last_item_and_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let (mut file, items) = AppendFile::open(&path, "the log").unwrap();
        assert!(items.is_empty());
        file.append(b"first").unwrap();
        let one = std::fs::read(&path).unwrap().len();
        file.append(b"the second item").unwrap();
        let whole = std::fs::read(&path).unwrap();
        for cut in one..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let (mut file, items) = AppendFile::open(&path, "the log").unwrap();
            assert_eq!(items, [b"first".to_vec()], "cut at {cut}");
            file.append(b"after").unwrap();
            let (_, items) = AppendFile::open(&path, "the log").unwrap();
            assert_eq!(items, [b"first".to_vec(), b"after".to_vec()]);
        }
    }

    #[test]
    fn unwritten_space_at_the_end_is_cut_off() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        AppendFile::open(&path, "the log").unwrap().0.append(b"first").unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.resize(bytes.len() + 500, 0);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(AppendFile::open(&path, "the log").unwrap().1, [b"first".to_vec()]);
    }

    #[test]
    fn damage_in_the_middle_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("log");
        let (mut file, _) = AppendFile::open(&path, "the log").unwrap();
        file.append(b"first").unwrap();
        file.append(b"second").unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[13] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(AppendFile::open(&path, "the log").err(), Some(AdminError::Damaged { what: "the log" }));
    }
}
