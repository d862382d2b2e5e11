//! A whole log as a file, for who audits or witnesses it: the entries and the signed head, without directory records. It holds no
//! secret and names no agency.
//!
//! ```text
//! "SCL1" · u32 n · note n · u32 n · timestamp n (0 or 120) · u64 count · count × (u16 n · leaf n)
//! ```

use safeconduct_protocol::{frame::Head, time::Timestamp};

use crate::{
    authority::root::RootFile,
    layout::Reader,
    registry::{HeadRefused, Registry, ReplayError, leaf::LEAF_BYTES_MAX},
};

/// The largest file that is read, in bytes: 500,000 entries.
pub const EXPORT_BYTES_MAX: usize = 256 * 1024 * 1024;
const MAGIC: &[u8; 4] = b"SCL1";

/// Why a file is no log to believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportRefused {
    /// Not a log of this version.
    #[error("the file is no exported log of this version, or was changed")]
    Malformed,
    /// An entry breaks a rule.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The head is not one over these entries.
    #[error(transparent)]
    Head(#[from] HeadRefused),
}

impl ExportRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed => "export the log again with `safeconduct-admin export-log`, and carry the file unchanged",
            Self::Replay(error) => error.remedy(),
            Self::Head(error) => error.remedy(),
        }
    }
}

/// Writes the entries that the accepted head covers, and the head; `None` without one.
#[must_use]
pub fn write(registry: &Registry) -> Option<Vec<u8>> {
    let head = registry.head()?;
    let mut file = MAGIC.to_vec();
    for part in [&head.note, &head.timestamp] {
        file.extend_from_slice(&u32::try_from(part.len()).ok()?.to_be_bytes());
        file.extend_from_slice(part);
    }
    file.extend_from_slice(&head.size.to_be_bytes());
    for leaf in registry.leaves_from(0).take(usize::try_from(head.size).ok()?) {
        file.extend_from_slice(&u16::try_from(leaf.len()).ok()?.to_be_bytes());
        file.extend_from_slice(leaf);
    }
    Some(file)
}

/// Who must have signed the head of an exported log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signers {
    /// The authority alone: a witness reads so, before it signs.
    Authority,
    /// The witnesses of the root file, too.
    Witnesses,
}

/// Reads a log under this root file: every entry by every rule, and the head over them.
///
/// # Errors
/// [`ExportRefused`] with the first thing that does not hold.
pub fn read(file: &[u8], root: RootFile, signers: Signers) -> Result<Registry, ExportRefused> {
    let (head, leaves) = parse(file).ok_or(ExportRefused::Malformed)?;
    let mut registry = Registry::new(root);
    registry.extend(&leaves)?;
    let now = Timestamp(0);
    match signers {
        Signers::Authority => registry.accept_own_head(&head, now)?,
        Signers::Witnesses => registry.accept_head(&head, now)?,
    };
    Ok(registry)
}

/// Of which log a file says that it is; unverified.
#[must_use]
pub fn origin(file: &[u8]) -> Option<String> {
    let (head, _) = parse(file)?;
    core::str::from_utf8(&head.note).ok()?.lines().next().map(str::to_owned)
}

fn parse(file: &[u8]) -> Option<(Head, Vec<&[u8]>)> {
    let mut reader = Reader::new(file);
    reader.exactly(MAGIC)?;
    let [note, timestamp] = [part(&mut reader)?, part(&mut reader)?];
    let size = reader.u64()?;
    let mut leaves = Vec::new();
    for _ in 0..size {
        let length = usize::from(reader.u16()?);
        leaves.push(reader.slice(length).filter(|leaf| leaf.len() <= LEAF_BYTES_MAX)?);
    }
    reader.end()?;
    Some((Head { size, note, timestamp }, leaves))
}

fn part(reader: &mut Reader<'_>) -> Option<Vec<u8>> {
    let length = usize::try_from(reader.u32()?).ok()?;
    Some(reader.slice(length)?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Actor, Keys, NOW};

    #[test]
    fn a_log_is_read_back_and_every_changed_removed_or_forked_entry_is_found() {
        let keys = Keys::new(9);
        let mut registry = Registry::new(keys.root());
        assert_eq!(write(&registry), None);
        registry.extend(&[Actor::new(1).add_relay(0).sign(&keys.registrar, None)]).unwrap();
        for seq in 1..4 {
            registry.extend(&[Actor::new(seq + 1).add(seq.into()).sign(&keys.registrar, None)]).unwrap();
        }
        registry.accept_head(&keys.head(&registry, 4, NOW), NOW).unwrap();
        let file = write(&registry).unwrap();
        let again = read(&file, keys.root(), Signers::Witnesses).unwrap();
        assert_eq!((again.size(), again.root_hash()), (4, registry.root_hash()));

        for place in 0..file.len() {
            let mut bent = file.clone();
            bent[place] ^= 1;
            assert!(read(&bent, keys.root(), Signers::Witnesses).is_err(), "byte {place}");
        }
        let (head, leaves) = parse(&file).unwrap();
        let written = |leaves: &[&[u8]]| {
            let mut file = MAGIC.to_vec();
            for part in [&head.note, &head.timestamp] {
                file.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
                file.extend_from_slice(part);
            }
            file.extend_from_slice(&(leaves.len() as u64).to_be_bytes());
            for leaf in leaves {
                file.extend_from_slice(&u16::try_from(leaf.len()).unwrap().to_be_bytes());
                file.extend_from_slice(leaf);
            }
            file
        };
        let refused = |leaves: &[&[u8]]| read(&written(leaves), keys.root(), Signers::Witnesses).err().unwrap();
        assert!(matches!(refused(&leaves[..3]), ExportRefused::Head(_)));
        assert!(matches!(refused(&[leaves[0], leaves[2], leaves[3]]), ExportRefused::Replay(_)));
        let forged = Actor::new(40).add(3).sign(&keys.registrar, None);
        let forked = refused(&[leaves[0], leaves[1], leaves[2], &forged]);
        assert_eq!(forked, ExportRefused::Head(HeadRefused::SplitView { size: 4 }));
    }
}
