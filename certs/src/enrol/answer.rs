//! The authority's answer, sealed to the key that the request brought.
//!
//! ```text
//! "SCY1" · verdict u8 (1 approved, 2 rejected, 3 in an existing node's place) · zero 3
//! · directory key 32 (zero when rejected) · u16 n · reason n · with verdict 3: existing node id 32 · in force from u64
//! ```

use safeconduct_protocol::{
    crypto::kem::{CannotOpen, KemPublic, KemSecret, SealError, open_once, seal_once},
    entropy::Entropy,
    id::{InviteId, NodeId},
    secret::Secret,
    time::Timestamp,
};
use zeroize::Zeroizing;

use crate::{
    directory::DirectoryKey,
    layout::{Reader, is_zero},
};

const MAGIC: &[u8; 4] = b"SCY1";
/// Longest reason, in bytes.
pub const REASON_BYTES_MAX: usize = 500;

/// What the authority decided.
pub enum Answer {
    /// The node is in the registry; this key opens the directory.
    Approved(DirectoryKey),
    /// It is not, and why, as the administrator wrote it. May be empty.
    Rejected(String),
    /// The node takes the place of an existing one: it has that one's id from now on.
    InPlace(InPlace),
}

/// Whose place a node takes.
pub struct InPlace {
    /// Opens the directory.
    pub directory: DirectoryKey,
    /// The id that it has from now on.
    pub node: NodeId,
    /// From when on, by the authority's signed time; 0 when at once.
    pub from: Timestamp,
}

/// The bytes are no answer to this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the authority's answer cannot be opened")]
pub struct AnswerRefused;

impl From<CannotOpen> for AnswerRefused {
    fn from(_: CannotOpen) -> Self {
        Self
    }
}

impl AnswerRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        "run enrol again; if it stays so, ask the authority for a new invitation"
    }
}

impl Answer {
    /// Seals the answer for the node that asked. A reason longer than [`REASON_BYTES_MAX`] is cut.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(
        &self,
        invite: &InviteId,
        node: &NodeId,
        to: &KemPublic,
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let (verdict, key, reason) = match self {
            Self::Approved(key) => (1, key.duplicate(), ""),
            Self::Rejected(reason) => (2, DirectoryKey::new(Secret::new([0; 32])), cut(reason)),
            Self::InPlace(place) => (3, place.directory.duplicate(), ""),
        };
        let mut plain = Zeroizing::new(Vec::with_capacity(128));
        plain.extend_from_slice(MAGIC);
        plain.extend_from_slice(&[verdict, 0, 0, 0]);
        plain.extend_from_slice(key.reveal());
        plain.extend_from_slice(&u16::try_from(reason.len()).unwrap_or(0).to_be_bytes());
        plain.extend_from_slice(reason.as_bytes());
        if let Self::InPlace(place) = self {
            plain.extend_from_slice(place.node.as_bytes());
            plain.extend_from_slice(&place.from.0.to_be_bytes());
        }
        seal_once(to, &info(invite, node), &[], &plain, entropy)
    }

    /// Opens the answer to the own request.
    ///
    /// # Errors
    /// [`AnswerRefused`].
    pub fn open(sealed: &[u8], invite: &InviteId, node: &NodeId, key: &KemSecret) -> Result<Self, AnswerRefused> {
        let plain = open_once(key, &info(invite, node), &[], sealed)?;
        Self::parse(&plain).ok_or(AnswerRefused)
    }

    fn parse(plain: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(plain);
        reader.exactly(MAGIC)?;
        let verdict = reader.u8()?;
        reader.zero(3)?;
        let key = Secret::new(reader.array()?);
        let length = usize::from(reader.u16()?);
        let reason = core::str::from_utf8(reader.slice(length)?).ok()?;
        let place = if verdict == 3 { Some((reader.array()?, reader.u64()?)) } else { None };
        reader.end()?;
        match verdict {
            1 if reason.is_empty() && !is_zero(key.reveal()) => Some(Self::Approved(DirectoryKey::new(key))),
            2 if is_zero(key.reveal()) && length <= REASON_BYTES_MAX => Some(Self::Rejected(reason.to_owned())),
            3 if reason.is_empty() && !is_zero(key.reveal()) => {
                let (node, from) = place?;
                let directory = DirectoryKey::new(key);
                Some(Self::InPlace(InPlace { directory, node: NodeId::from_bytes(node), from: Timestamp(from) }))
            }
            _ => None,
        }
    }
}

fn cut(reason: &str) -> &str {
    let mut end = reason.len().min(REASON_BYTES_MAX);
    while !reason.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    reason.get(..end).unwrap_or_default()
}

fn info(invite: &InviteId, node: &NodeId) -> Vec<u8> {
    [b"safeconduct/v1 enrol-answer".as_slice(), &[0], invite.as_bytes(), node.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    #[test]
    fn an_answer_opens_for_its_request_only() {
        let entropy = &mut Seeded::new(8);
        let key = KemSecret::generate(entropy).unwrap();
        let (invite, node) = (InviteId::from_bytes([1; 16]), NodeId::from_bytes([2; 32]));
        let approved = Answer::Approved(DirectoryKey::new(Secret::new([5; 32])));
        let sealed = approved.seal(&invite, &node, &key.public(), entropy).unwrap();
        let Ok(Answer::Approved(directory)) = Answer::open(&sealed, &invite, &node, &key) else { panic!("approved") };
        assert_eq!(directory.reveal(), &[5; 32]);
        assert!(Answer::open(&sealed, &InviteId::from_bytes([9; 16]), &node, &key).is_err());
        assert!(Answer::open(&sealed, &invite, &NodeId::from_bytes([9; 32]), &key).is_err());
        assert!(Answer::open(&sealed[..1130], &invite, &node, &key).is_err());

        let long = "é".repeat(400);
        let sealed = Answer::Rejected(long).seal(&invite, &node, &key.public(), entropy).unwrap();
        let Ok(Answer::Rejected(reason)) = Answer::open(&sealed, &invite, &node, &key) else { panic!("rejected") };
        assert_eq!(reason, "é".repeat(250));

        let (existing, from) = (NodeId::from_bytes([4; 32]), Timestamp(77));
        let directory = DirectoryKey::new(Secret::new([5; 32]));
        let place = Answer::InPlace(InPlace { directory, node: existing, from });
        let sealed = place.seal(&invite, &node, &key.public(), entropy).unwrap();
        let Ok(Answer::InPlace(place)) = Answer::open(&sealed, &invite, &node, &key) else { panic!("in place") };
        assert_eq!((place.node, place.from, place.directory.reveal()), (existing, from, &[5; 32]));
    }

    #[test]
    fn an_answer_of_two_minds_is_refused() {
        let parse = |verdict: u8, key: u8, reason: &[u8]| {
            let length = u16::try_from(reason.len()).unwrap().to_be_bytes();
            Answer::parse(&[b"SCY1".as_slice(), &[verdict, 0, 0, 0], &[key; 32], &length, reason].concat())
        };
        assert!(parse(1, 5, b"").is_some());
        assert!(parse(1, 0, b"").is_none());
        assert!(parse(1, 5, b"why").is_none());
        assert!(parse(2, 0, b"why").is_some());
        assert!(parse(2, 5, b"why").is_none());
        assert!(parse(3, 5, b"").is_none(), "it must say whose place");
        assert!(parse(2, 0, b"\xff").is_none());
    }

    #[test]
    fn a_reason_is_cut_between_two_letters_and_never_within_one() {
        let long = |letters: usize| format!("x{}", "é".repeat(letters));
        assert_eq!(cut(&"x".repeat(REASON_BYTES_MAX)), "x".repeat(REASON_BYTES_MAX));
        assert_eq!(cut(&"x".repeat(REASON_BYTES_MAX + 1)), "x".repeat(REASON_BYTES_MAX));
        // One byte more than fits, in the middle of a letter.
        assert_eq!(cut(&long(REASON_BYTES_MAX / 2)), long(REASON_BYTES_MAX / 2 - 1));
        assert_eq!(cut(""), "");
    }
}
