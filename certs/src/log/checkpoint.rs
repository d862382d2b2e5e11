//! C2SP tlog-checkpoint: the signed head of a log. Three lines and no extension: origin, size, base64 of the root.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_protocol::crypto::note::NoteKey;

use super::{
    export::Signers,
    note::{self, NoteRefused, SignedNote},
};
use crate::authority::root::RootFile;

/// A log's name, size and root. From [`Checkpoint::open`] it is verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Leaves in the log.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: [u8; 32],
}

/// Why a checkpoint is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointRefused {
    /// Not a signed note, or not signed by the authority's log key.
    #[error(transparent)]
    Note(#[from] NoteRefused),
    /// The note's text is no checkpoint.
    #[error("the note's text is no checkpoint")]
    Malformed,
    /// A checkpoint of another log.
    #[error("the checkpoint belongs to another log")]
    OtherLog,
    /// Signed by a log key over more entries than it was in force for.
    #[error("the checkpoint is signed by a log key that another has replaced")]
    Replaced,
    /// Fewer witnesses have signed than the root file asks for.
    #[error("only {got} of {quorum} witnesses have signed the checkpoint")]
    Witnesses {
        /// Valid cosignatures.
        got: usize,
        /// Needed.
        quorum: usize,
    },
}

impl Checkpoint {
    /// Reads and verifies a checkpoint note: form, log signature, origin, witness quorum.
    ///
    /// # Errors
    /// [`CheckpointRefused`].
    pub fn open(bytes: &[u8], root: &RootFile) -> Result<Self, CheckpointRefused> {
        let checkpoint = Self::open_signed(bytes, root)?;
        let (got, quorum) = (Self::witnesses_of(bytes, root).len(), usize::from(root.witness_quorum()));
        if got < quorum { Err(CheckpointRefused::Witnesses { got, quorum }) } else { Ok(checkpoint) }
    }

    /// The same without the witnesses: what the log key has signed it has signed, whoever else has.
    ///
    /// # Errors
    /// [`CheckpointRefused`], but never for want of witnesses.
    pub fn open_signed(bytes: &[u8], root: &RootFile) -> Result<Self, CheckpointRefused> {
        let signed = SignedNote::parse(bytes)?;
        signed.verify(root.log_name(), root.log_key())?;
        let checkpoint = Self::parse(signed.text()).ok_or(CheckpointRefused::Malformed)?;
        if checkpoint.origin == root.log_name() { Ok(checkpoint) } else { Err(CheckpointRefused::OtherLog) }
    }

    /// The same under any version of the root file, the newest first; with the version under which it holds.
    ///
    /// # Errors
    /// [`CheckpointRefused`], of the newest version.
    pub fn open_any<'r>(
        bytes: &[u8],
        root: &'r RootFile,
        signers: Signers,
    ) -> Result<(Self, &'r RootFile), CheckpointRefused> {
        let open = match signers {
            Signers::Authority => Self::open_signed,
            Signers::Witnesses => Self::open,
        };
        let mut refused = None;
        for version in root.versions() {
            match open(bytes, version) {
                Ok(checkpoint) => return Ok((checkpoint, version)),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or(CheckpointRefused::Malformed))
    }

    /// The Unix seconds of the cosignatures of a signed note that holds nothing else: every line but the log key's is a cosignature of a
    /// witness of the root file. `None` when a line is not.
    #[must_use]
    pub fn cosigned_by_all(bytes: &[u8], root: &RootFile) -> Option<Vec<u64>> {
        let others = SignedNote::parse(bytes).ok()?.signatures().checked_sub(1)?;
        let times = (others <= root.witnesses().len()).then(|| Self::cosigned_at(bytes, root))?;
        (times.len() == others).then_some(times)
    }

    /// The Unix seconds at which witnesses of the root file have signed this note.
    #[must_use]
    pub fn cosigned_at(bytes: &[u8], root: &RootFile) -> Vec<u64> {
        let Ok(signed) = SignedNote::parse(bytes) else { return Vec::new() };
        root.witnesses().iter().filter_map(|(name, key)| signed.verify_cosignature(name, key).ok()).collect()
    }

    /// Witnesses of the root file that have signed this note, by name.
    #[must_use]
    pub fn witnesses_of(bytes: &[u8], root: &RootFile) -> Vec<String> {
        let Ok(signed) = SignedNote::parse(bytes) else { return Vec::new() };
        let has_signed = |(name, key): &&(String, _)| signed.verify_cosignature(name, key).is_ok();
        root.witnesses().iter().filter(has_signed).map(|(name, _)| name.clone()).collect()
    }

    /// Signs the checkpoint as the log; `None` when the origin cannot name a key.
    #[must_use]
    pub fn sign(&self, key: &NoteKey) -> Option<Vec<u8>> {
        note::sign(&self.text(), &self.origin, key)
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|origin| note::is_key_name(origin))?.to_owned();
        let digits = lines.next()?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let checkpoint = Self { origin, size: digits.parse().ok()?, root };
        // One form only: no sign, no leading zero, no extension line.
        let canonical = lines.next().is_none() && checkpoint.size.to_string() == digits;
        canonical.then_some(checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn a_checkpoint_has_three_lines_and_one_form() {
        let text = format!("xa.test/log\n42\n{ROOT}\n");
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!(checkpoint.size, 42);
        assert_eq!(checkpoint.text(), text);
        for bad in [
            format!("xa.test/log\n042\n{ROOT}\n"),
            format!("xa.test/log\n+42\n{ROOT}\n"),
            format!("xa.test/log\n-1\n{ROOT}\n"),
            format!("xa.test/log\n99999999999999999999\n{ROOT}\n"),
            format!("xa.test/log\n42\n{ROOT}\nextension\n"),
            format!("xa.test/log\n42\n{ROOT}"),
            "xa.test/log\n42\nAAEC\n".to_owned(),
            format!("\n42\n{ROOT}\n"),
            format!("xa test\n42\n{ROOT}\n"),
        ] {
            assert_eq!(Checkpoint::parse(&bad), None, "{bad:?}");
        }
    }
}
