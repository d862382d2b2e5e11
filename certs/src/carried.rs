//! Files that are carried where there is no network: what a session would have said, frame by frame (`docs/PROTOCOL.md` §10).
//! Everything in them is signed or sealed already, so that nobody who carries them has to be trusted; the sum at the end tells a
//! damaged copy from another file.
//!
//! ```text
//! "SCF1" · kind u8 · zero 3 · relay u32 · fingerprint of the first version of the root file 16 · count u32 · count × (u32 n · frame n) · SHA-256 of all before 32
//! ```

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use safeconduct_protocol::{codec, crypto::hash::sha256, frame::Frame, id::RelayId, limits::FRAME_BYTES_MAX};

use crate::{authority::root::Fingerprint, durable, layout::Reader};

const MAGIC: &[u8; 4] = b"SCF1";
/// Longest file in bytes: a whole publication, and everything else with it.
pub const CARRIED_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Frames in one file.
const FRAMES_MAX: u32 = 100_000;
const SUM_BYTES: usize = 32;

/// From whom to whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A node's request, to the authority.
    Request = 1,
    /// The log, invitations and answers, from the authority to a relay.
    ToRelay = 2,
    /// The head that it has and the requests that wait, from a relay to the authority.
    FromRelay = 3,
    /// The authority's answer, to a node.
    Answer = 4,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Request, Self::ToRelay, Self::FromRelay, Self::Answer];

    /// What such a file holds.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Request => "a node's request",
            Self::ToRelay => "what a relay must be told",
            Self::FromRelay => "what a relay holds for its authority",
            Self::Answer => "the authority's answer to a node",
        }
    }
}

/// Why a file is not taken; nothing of it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CarriedRefused {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// Longer than any such file.
    #[error("the file is longer than any that Safeconduct writes")]
    TooLong,
    /// Something else altogether.
    #[error("this is no file that Safeconduct carries, or one of a newer version")]
    NotOurs,
    /// Cut short, or changed on the way.
    #[error("the file is cut short or was changed on its way")]
    Damaged,
    /// For another step.
    #[error("the file holds {}, and {} is needed here", .found.what(), .wanted.what())]
    OtherKind {
        /// What it is.
        found: Kind,
        /// What was needed.
        wanted: Kind,
    },
    /// Of another authority.
    #[error("the file is of another authority, whose first root file had the fingerprint {0}")]
    OtherAuthority(Fingerprint),
}

impl CarriedRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "check the path and its permissions",
            Self::TooLong | Self::NotOurs => "check the path; if it is the right file, update this program",
            Self::Damaged => "copy it again from where it was made",
            Self::OtherKind { .. } => "check which file is for whom: the command that made it said so",
            Self::OtherAuthority(_) => "check which authority the file came from; compare fingerprints by telephone",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "file-unreadable",
            Self::TooLong | Self::NotOurs => "file-not-ours",
            Self::Damaged => "file-damaged",
            Self::OtherKind { .. } => "file-other-kind",
            Self::OtherAuthority(_) => "file-other-authority",
        }
    }
}

/// A file's content.
pub struct Carried {
    /// From whom to whom.
    pub kind: Kind,
    /// The relay that it is from, 0 for none.
    pub relay: RelayId,
    /// The authority: the fingerprint of the first version of its root file, which stays when its keys change.
    pub root: Fingerprint,
    /// What a session would have said.
    pub frames: Vec<Frame>,
}

impl Carried {
    /// The file's bytes; none when a frame is longer than a frame can be, or all together are.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let count = u32::try_from(self.frames.len()).ok().filter(|count| *count <= FRAMES_MAX)?;
        let mut bytes = Vec::new();
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[self.kind as u8, 0, 0, 0]);
        bytes.extend_from_slice(&self.relay.0.to_be_bytes());
        bytes.extend_from_slice(self.root.as_bytes());
        bytes.extend_from_slice(&count.to_be_bytes());
        for frame in &self.frames {
            bytes.extend_from_slice(&frame.to_wire().ok()?);
            if bytes.len() > CARRIED_BYTES_MAX.saturating_sub(SUM_BYTES) {
                return None;
            }
        }
        let sum = sha256(&[&bytes]);
        bytes.extend_from_slice(&sum);
        Some(bytes)
    }

    /// Reads a file's bytes, which must be whole, of this kind and of this authority.
    ///
    /// # Errors
    /// [`CarriedRefused`].
    pub fn parse(bytes: &[u8], wanted: Kind, root: &Fingerprint) -> Result<Self, CarriedRefused> {
        let carried = Self::parse_any(bytes)?;
        if carried.kind != wanted {
            return Err(CarriedRefused::OtherKind { found: carried.kind, wanted });
        }
        if carried.root == *root { Ok(carried) } else { Err(CarriedRefused::OtherAuthority(carried.root)) }
    }

    /// Reads a file's bytes, which must be whole.
    ///
    /// # Errors
    /// [`CarriedRefused`].
    pub fn parse_any(bytes: &[u8]) -> Result<Self, CarriedRefused> {
        if bytes.len() > CARRIED_BYTES_MAX {
            return Err(CarriedRefused::TooLong);
        }
        if !bytes.starts_with(MAGIC) {
            return Err(CarriedRefused::NotOurs);
        }
        let (body, sum) = bytes.split_last_chunk::<SUM_BYTES>().ok_or(CarriedRefused::Damaged)?;
        if sha256(&[body]) != *sum {
            return Err(CarriedRefused::Damaged);
        }
        // The sum fits: what does not parse now was written by another program.
        Self::read(body).ok_or(CarriedRefused::NotOurs)
    }

    fn read(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(body);
        reader.exactly(MAGIC)?;
        let code = reader.u8()?;
        let kind = Kind::ALL.into_iter().find(|kind| *kind as u8 == code)?;
        reader.zero(3)?;
        let relay = RelayId(reader.u32()?);
        let bits = reader.array::<16>()?;
        let root = Fingerprint::from_bits(bits);
        let count = reader.u32()?;
        if *root.as_bytes() != bits || count > FRAMES_MAX {
            return None;
        }
        let mut frames = Vec::new();
        for _ in 0..count {
            let length = usize::try_from(reader.u32()?).ok().filter(|length| *length <= FRAME_BYTES_MAX)?;
            frames.push(codec::decode(reader.slice(length)?).ok()?);
        }
        reader.end()?;
        Some(Self { kind, relay, root, frames })
    }
}

/// Reads a file, as far as such files go.
///
/// # Errors
/// [`CarriedRefused::Unreadable`], [`CarriedRefused::TooLong`].
pub fn read_file(path: &Path) -> Result<Vec<u8>, CarriedRefused> {
    let bound = u64::try_from(CARRIED_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(bound).read_to_end(&mut bytes));
    read.map_err(|error| CarriedRefused::Unreadable(error.kind()))?;
    if bytes.len() > CARRIED_BYTES_MAX { Err(CarriedRefused::TooLong) } else { Ok(bytes) }
}

/// Writes a file, whole or not at all, for its owner alone.
///
/// # Errors
/// What the file system says; [`io::ErrorKind::FileTooLarge`] when it would be longer than such files are.
pub fn write_file(path: &Path, carried: &Carried) -> io::Result<()> {
    let bytes = carried.to_bytes().ok_or(io::ErrorKind::FileTooLarge)?;
    durable::write(path, &bytes, durable::PRIVATE)
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::{frame::Tag, id::InviteId};

    use super::*;
    use crate::testing::Keys;

    fn carried() -> Carried {
        let invite = InviteId::from_bytes([3; 16]);
        let frame = Frame::EnrolSubmit { tag: Tag(0), invite, request: vec![7; 2600].into() };
        let root = Keys::new(1).root().fingerprint();
        Carried { kind: Kind::Request, relay: RelayId(0), root, frames: vec![frame.clone(), frame] }
    }

    fn refused(bytes: &[u8]) -> CarriedRefused {
        Carried::parse_any(bytes).err().unwrap()
    }

    #[test]
    fn a_file_is_read_back_and_is_for_one_step_and_one_authority() {
        let (carried, other) = (carried(), Keys::new(2).root().fingerprint());
        let bytes = carried.to_bytes().unwrap();

        let read = Carried::parse(&bytes, Kind::Request, &carried.root).unwrap();

        assert!(read.frames == carried.frames && read.relay == carried.relay);
        let error = Carried::parse(&bytes, Kind::Answer, &carried.root).err().unwrap();
        assert_eq!(error, CarriedRefused::OtherKind { found: Kind::Request, wanted: Kind::Answer });
        let error = Carried::parse(&bytes, Kind::Request, &other).err().unwrap();
        assert_eq!(error, CarriedRefused::OtherAuthority(carried.root));
    }

    #[test]
    fn a_file_cut_at_any_byte_or_changed_at_any_byte_is_refused() {
        let bytes = carried().to_bytes().unwrap();
        for end in (0..bytes.len()).step_by(7) {
            let error = refused(&bytes[..end]);
            assert_eq!(error, if end < 4 { CarriedRefused::NotOurs } else { CarriedRefused::Damaged }, "cut at {end}");
        }
        for place in (4..bytes.len()).step_by(7) {
            let mut bent = bytes.clone();
            bent[place] ^= 1;
            assert_eq!(refused(&bent), CarriedRefused::Damaged, "byte {place}");
        }
        assert_eq!(refused(b"PK\x03\x04 something else"), CarriedRefused::NotOurs);
    }

    #[test]
    fn a_whole_file_of_another_program_is_not_ours() {
        let summed = |body: &[u8]| [body, &sha256(&[body])].concat();
        let bytes = carried().to_bytes().unwrap();
        let body = &bytes[..bytes.len() - SUM_BYTES];
        for (place, value) in [(4, 9), (5, 1), (27, 1), (28, 0xff), (31, 1), (31, 3), (35, 0)] {
            let mut bent = body.to_vec();
            bent[place] = value;
            assert_eq!(refused(&summed(&bent)), CarriedRefused::NotOurs, "byte {place}");
        }
        let longer = [body, &[0]].concat();
        assert_eq!(refused(&summed(&longer)), CarriedRefused::NotOurs);
    }

    #[test]
    fn a_file_holds_as_many_frames_as_it_may_and_no_more() {
        let of = |count: u32| {
            let frames = vec![Frame::RootFetch { tag: Tag(0) }; count as usize];
            Carried { frames, ..carried() }.to_bytes()
        };
        let most = of(FRAMES_MAX).unwrap();
        assert_eq!(Carried::parse_any(&most).map(|read| read.frames.len()).ok(), Some(FRAMES_MAX as usize));
        assert!(of(FRAMES_MAX + 1).is_none());
        // One more than may be, written by another program.
        let frame = Frame::RootFetch { tag: Tag(0) }.to_wire().unwrap();
        let mut body = [&most[..most.len() - SUM_BYTES], frame.as_slice()].concat();
        body[28..32].copy_from_slice(&(FRAMES_MAX + 1).to_be_bytes());
        let sum = sha256(&[&body]);
        assert_eq!(refused(&[body.as_slice(), &sum].concat()), CarriedRefused::NotOurs);
    }

    #[test]
    fn a_file_is_written_for_its_owner_alone_and_read_back() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("request.scf");
        write_file(&path, &carried()).unwrap();
        assert_eq!(read_file(&path), Ok(carried().to_bytes().unwrap()));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let too_many = Carried { frames: vec![Frame::RootFetch { tag: Tag(0) }; 100_001], ..carried() };
        assert_eq!(write_file(&path, &too_many).err().map(|error| error.kind()), Some(io::ErrorKind::FileTooLarge));
        assert_eq!(read_file(&path), Ok(carried().to_bytes().unwrap()), "the file before stays");
        let missing = read_file(&folder.path().join("nothing"));
        assert_eq!(missing, Err(CarriedRefused::Unreadable(io::ErrorKind::NotFound)));
        let long = File::create(folder.path().join("long")).unwrap();
        long.set_len(u64::try_from(CARRIED_BYTES_MAX).unwrap() + 1).unwrap();
        assert_eq!(read_file(&folder.path().join("long")), Err(CarriedRefused::TooLong));
    }

    #[test]
    fn each_refusal_says_what_it_is_and_what_to_do_and_has_a_name_for_programs() {
        let root = carried().root;
        let cases = [
            (
                CarriedRefused::Unreadable(io::ErrorKind::NotFound),
                "the file cannot be read: entity not found",
                "check the path and its permissions",
                "file-unreadable",
            ),
            (
                CarriedRefused::TooLong,
                "the file is longer than any that Safeconduct writes",
                "check the path; if it is the right file, update this program",
                "file-not-ours",
            ),
            (
                CarriedRefused::NotOurs,
                "this is no file that Safeconduct carries, or one of a newer version",
                "check the path; if it is the right file, update this program",
                "file-not-ours",
            ),
            (
                CarriedRefused::Damaged,
                "the file is cut short or was changed on its way",
                "copy it again from where it was made",
                "file-damaged",
            ),
            (
                CarriedRefused::OtherKind { found: Kind::ToRelay, wanted: Kind::Request },
                "the file holds what a relay must be told, and a node's request is needed here",
                "check which file is for whom: the command that made it said so",
                "file-other-kind",
            ),
            (
                CarriedRefused::OtherKind { found: Kind::Answer, wanted: Kind::FromRelay },
                "the file holds the authority's answer to a node, and what a relay holds for its authority is needed here",
                "check which file is for whom: the command that made it said so",
                "file-other-kind",
            ),
        ];
        for (refused, fact, remedy, code) in cases {
            assert_eq!((refused.to_string().as_str(), refused.remedy(), refused.code()), (fact, remedy, code));
        }
        let other = CarriedRefused::OtherAuthority(root);
        assert!(other.to_string().ends_with(&root.to_string()), "the fingerprint can be compared");
        assert_eq!(other.code(), "file-other-authority");
        assert_eq!(other.remedy(), "check which authority the file came from; compare fingerprints by telephone");
    }
}
