//! What one authority hands to another that is to recognise it, and what the other's nodes learn of it
//! (`docs/PROTOCOL.md` §9). The file goes by mail or stick: it holds one secret, sealed to the authority that it is for.
//!
//! ```text
//! "SCI1" · u32 n · root file n · made_at u64 · count u8 · count × (TLS SPKI hash 32 · address u8 + ASCII)
//! · sealed directory key (enc 1120 · 32 + 16) · signature 64 by the registrar (introduction)
//! ```
//!
//! Nodes get it sealed, beside the entry `recognise`:
//!
//! ```text
//! nonce 24 || XChaCha20-Poly1305(own directory key, aad = hash of the first version of its root file,
//!                                salt 32 || u32 n || (directory key 32 · root file) n || zero to a multiple of 4096)
//! ```

use safeconduct_protocol::{
    crypto::{
        kem::{ENC_BYTES, KemPublic, KemSecret, SealError, TAG_BYTES, open_once, seal_once},
        sign::{Label, Signature, SigningKey},
    },
    entropy::Entropy,
    secret::Secret,
    time::Timestamp,
};
use zeroize::Zeroizing;

use crate::{
    aead::{NONCE_BYTES, TAG_BYTES as AEAD_TAG_BYTES},
    authority::{
        relay_file::is_address,
        root::{ROOT_BYTES_MAX, RootFile},
    },
    directory::{self, DirectoryKey, RecordRefused, commitment},
    layout::Reader,
};

const MAGIC: &[u8; 4] = b"SCI1";
const SEALED_KEY_BYTES: usize = ENC_BYTES + 32 + TAG_BYTES;
/// Relays that an introduction may name.
pub const RELAYS_MAX: usize = 16;
/// The largest file that is read, in bytes.
pub const INTRODUCTION_BYTES_MAX: usize = ROOT_BYTES_MAX + 8 * 1024;
/// Bytes that are sealed beside an entry `recognise`, so that the length says nothing.
const PADDED_BYTES: usize = 4096;
/// With a root file of many versions.
const PADDED_BYTES_MAX: usize = ROOT_BYTES_MAX + PADDED_BYTES;
/// Bytes of what lies beside an entry `recognise`; more when the root file has more versions than fit.
pub const SEALED_INTRODUCED_BYTES: usize = NONCE_BYTES + PADDED_BYTES + AEAD_TAG_BYTES;

/// Bytes of the same at most: with every version that the other authority's root file may have. Nothing that lies beside an entry is
/// longer.
pub const SEALED_INTRODUCED_BYTES_MAX: usize = NONCE_BYTES + PADDED_BYTES_MAX + AEAD_TAG_BYTES;

/// Why a file is no introduction to believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntroductionRefused {
    /// Not such a file.
    #[error("not an introduction of this version")]
    Malformed,
    /// Its root file is refused.
    #[error("the root file in the introduction is refused")]
    Root,
    /// Not signed by the authority that it names.
    #[error("the introduction is not signed by the authority that it names")]
    Signature,
    /// Made for another authority.
    #[error("the introduction was made for another authority")]
    NotForUs,
    /// Our own.
    #[error("the introduction is our own")]
    OurOwn,
    /// With a root file that does not continue the one that was recognised.
    #[error("the introduction's root file does not continue the one that was recognised")]
    Older,
}

impl IntroductionRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed => "ask the other authority for the file again, unchanged; if it stays so, update",
            Self::Root | Self::Signature => "do not use this file; phone the other authority",
            Self::NotForUs => "ask the other authority to make it with your root.scr: `introduce --root ROOT.SCR`",
            Self::Older => "ask the other authority for a new introduction; if it stays so, stop and phone it",
            Self::OurOwn => "exchange the files: each authority recognises with the one that the other has made",
        }
    }
}

/// A relay of the authority that introduces itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IntroducedRelay {
    /// SPKI hash of its TLS key.
    pub tls_spki: [u8; 32],
    /// `host:port`.
    pub address: String,
}

/// An introduction that was opened.
pub struct Introduction {
    /// The root file of the authority that introduces itself.
    pub root: RootFile,
    /// When it was made.
    pub made_at: Timestamp,
    /// Where it takes a recognised authority's registry.
    pub relays: Vec<IntroducedRelay>,
    /// Opens its directory.
    pub directory: DirectoryKey,
}

impl Introduction {
    /// Makes the file for the authority whose root file is `to`. At most [`RELAYS_MAX`] relays are named.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(&self, registrar: &SigningKey, to: &RootFile, entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
        let root = self.root.as_bytes();
        let relays = self.relays.get(..self.relays.len().min(RELAYS_MAX)).unwrap_or_default();
        let mut file = Vec::with_capacity(root.len().saturating_add(2048));
        file.extend_from_slice(MAGIC);
        file.extend_from_slice(&u32::try_from(root.len()).unwrap_or(0).to_be_bytes());
        file.extend_from_slice(root);
        file.extend_from_slice(&self.made_at.0.to_be_bytes());
        file.push(u8::try_from(relays.len()).unwrap_or(0));
        for relay in relays {
            file.extend_from_slice(&relay.tls_spki);
            file.push(u8::try_from(relay.address.len()).unwrap_or(0));
            file.extend_from_slice(relay.address.as_bytes());
        }
        let info = info(self.root.authority(), to.authority());
        file.extend_from_slice(&seal_key(&self.directory, to.enrol_key(), &info, entropy)?);
        let signature = registrar.sign(Label::Introduction, &file);
        file.extend_from_slice(signature.as_bytes());
        Ok(file)
    }

    /// Reads a file that was made for us: root file, signature, and that it opens.
    ///
    /// # Errors
    /// [`IntroductionRefused`].
    pub fn open(bytes: &[u8], own: &RootFile, enrol: &KemSecret) -> Result<Self, IntroductionRefused> {
        const MALFORMED: IntroductionRefused = IntroductionRefused::Malformed;
        if bytes.len() > INTRODUCTION_BYTES_MAX {
            return Err(MALFORMED);
        }
        let mut reader = Reader::new(bytes);
        let parts = Self::read(&mut reader).ok_or(MALFORMED)?;
        let signed = bytes.get(..bytes.len().saturating_sub(reader.rest().len())).ok_or(MALFORMED)?;
        let signature = Signature::from_bytes(reader.array().ok_or(MALFORMED)?);
        reader.end().ok_or(MALFORMED)?;
        let root = RootFile::parse(parts.root).map_err(|_refused| IntroductionRefused::Root)?;
        root.registrar()
            .verify(Label::Introduction, signed, &signature)
            .map_err(|_bad| IntroductionRefused::Signature)?;
        if root.log_name() == own.log_name() || root.authority() == own.authority() {
            return Err(IntroductionRefused::OurOwn);
        }
        let key = open_once(enrol, &info(root.authority(), own.authority()), &[], parts.sealed_key);
        let key = key.map_err(|_cannot| IntroductionRefused::NotForUs)?;
        let key = Secret::from_slice(&key).ok_or(MALFORMED)?;
        Ok(Self { root, made_at: parts.made_at, relays: parts.relays, directory: DirectoryKey::new(key) })
    }

    fn read<'a>(reader: &mut Reader<'a>) -> Option<Parts<'a>> {
        reader.exactly(MAGIC)?;
        let length = usize::try_from(reader.u32()?).ok().filter(|length| *length <= ROOT_BYTES_MAX)?;
        let root = reader.slice(length)?;
        let made_at = Timestamp(reader.u64()?);
        let count = usize::from(reader.u8()?);
        if count > RELAYS_MAX {
            return None;
        }
        let mut relays = Vec::with_capacity(count);
        for _ in 0..count {
            let tls_spki = reader.array()?;
            let address = reader.short_text().filter(|text| is_address(text))?.to_owned();
            relays.push(IntroducedRelay { tls_spki, address });
        }
        Some(Parts { root, made_at, relays, sealed_key: reader.slice(SEALED_KEY_BYTES)? })
    }
}

struct Parts<'a> {
    root: &'a [u8],
    made_at: Timestamp,
    relays: Vec<IntroducedRelay>,
    sealed_key: &'a [u8],
}

fn info(from: &[u8; 32], to: &[u8; 32]) -> Vec<u8> {
    [b"safeconduct/v1 introduction\0".as_slice(), from, to].concat()
}

fn seal_key(key: &DirectoryKey, to: &KemPublic, info: &[u8], entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
    seal_once(to, info, &[], key.reveal(), entropy)
}

/// What a node knows of an authority that its own recognises.
pub struct Introduced {
    /// Its root file.
    pub root: RootFile,
    /// Opens its directory.
    pub directory: DirectoryKey,
}

impl Introduced {
    /// Seals it for the registered nodes; returns the bytes and the commitment for the entry's terms.
    ///
    /// # Errors
    /// [`RecordRefused`].
    pub fn seal(&self, own: &DirectoryKey, entropy: &mut dyn Entropy) -> Result<(Vec<u8>, [u8; 32]), RecordRefused> {
        let bytes = Zeroizing::new([self.directory.reveal().as_slice(), self.root.as_bytes()].concat());
        // How often the other authority has changed its keys stands in its own log.
        let class = bytes.len().saturating_add(directory::BEFORE_RECORD_BYTES).next_multiple_of(PADDED_BYTES);
        if class > PADDED_BYTES_MAX {
            return Err(RecordRefused::TooLong);
        }
        directory::seal_padded(&bytes, own, self.root.authority(), class, entropy)
    }

    /// Opens what lies beside the entry that recognises `authority` and commits to `record`.
    ///
    /// # Errors
    /// [`RecordRefused`].
    pub fn open(
        sealed: &[u8],
        own: &DirectoryKey,
        authority: &[u8; 32],
        record: &[u8; 32],
    ) -> Result<Self, RecordRefused> {
        let class = sealed.len().checked_sub(NONCE_BYTES + AEAD_TAG_BYTES).ok_or(RecordRefused::CannotOpen)?;
        if class > PADDED_BYTES_MAX || class.checked_rem(PADDED_BYTES) != Some(0) {
            return Err(RecordRefused::CannotOpen);
        }
        let (salt, bytes) = directory::open_padded(sealed, own, authority, &[class])?;
        if commitment(&salt, &bytes) != *record {
            return Err(RecordRefused::Commitment);
        }
        let (key, root) = bytes.split_first_chunk::<32>().ok_or(RecordRefused::Malformed)?;
        let root = RootFile::parse(root).ok().filter(|root| root.authority() == authority);
        let root = root.ok_or(RecordRefused::Contradicts)?;
        Ok(Self { root, directory: DirectoryKey::new(Secret::new(*key)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Keys, NOW, Seeded};

    /// Another authority than `keys`, with its own log.
    fn other(seed: u64) -> (Keys, RootFile) {
        let keys = Keys::new(seed);
        let mut draft = keys.draft();
        "xb.test/registry".clone_into(&mut draft.log_name);
        draft.country = *b"XB";
        let root = draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap();
        (keys, root)
    }

    fn introduction() -> (Introduction, Keys) {
        let (keys, root) = other(8);
        let relays = vec![IntroducedRelay { tls_spki: [4; 32], address: "relay.xb.example:4433".to_owned() }];
        (Introduction { root, made_at: NOW, relays, directory: DirectoryKey::new(Secret::new([6; 32])) }, keys)
    }

    #[test]
    fn an_introduction_opens_for_the_authority_that_it_was_made_for_and_for_no_other() {
        let (introduction, theirs) = introduction();
        let (ours, third) = (Keys::new(1), Keys::new(2));
        let file = introduction.seal(&theirs.registrar, &ours.root(), &mut Seeded::new(3)).unwrap();

        let opened = Introduction::open(&file, &ours.root(), &ours.enrol).unwrap();
        assert_eq!(opened.root.hash(), introduction.root.hash());
        assert_eq!((opened.relays, opened.made_at), (introduction.relays.clone(), NOW));
        assert_eq!(opened.directory.reveal(), &[6; 32]);

        let refused = |file: &[u8], keys: &Keys| Introduction::open(file, &keys.root(), &keys.enrol).err();
        assert_eq!(refused(&file, &third), Some(IntroductionRefused::NotForUs));
        let own = Introduction::open(&file, &introduction.root, &theirs.enrol).err();
        assert_eq!(own, Some(IntroductionRefused::OurOwn));
        for place in 0..file.len() {
            let mut bent = file.clone();
            bent[place] ^= 1;
            assert!(refused(&bent, &ours).is_some(), "byte {place}");
        }
        assert_eq!(refused(&file[..file.len() - 1], &ours), Some(IntroductionRefused::Malformed));
        let forged = introduction.seal(&ours.registrar, &ours.root(), &mut Seeded::new(3)).unwrap();
        assert_eq!(refused(&forged, &ours), Some(IntroductionRefused::Signature));
    }

    #[test]
    fn what_nodes_learn_is_committed_to_and_is_of_the_authority_that_the_entry_names() {
        let (Introduction { root, directory, .. }, _) = introduction();
        let (authority, introduced) = (*root.hash(), Introduced { root, directory });
        let own = DirectoryKey::new(Secret::new([9; 32]));
        let (sealed, record) = introduced.seal(&own, &mut Seeded::new(4)).unwrap();

        let opened = Introduced::open(&sealed, &own, &authority, &record).unwrap();
        assert_eq!((opened.root.hash(), opened.directory.reveal()), (&authority, &[6; 32]));
        let other_key = DirectoryKey::new(Secret::new([8; 32]));
        assert_eq!(Introduced::open(&sealed, &other_key, &authority, &record).err(), Some(RecordRefused::CannotOpen));
        assert_eq!(Introduced::open(&sealed, &own, &[1; 32], &record).err(), Some(RecordRefused::CannotOpen));
        assert_eq!(Introduced::open(&sealed, &own, &authority, &[1; 32]).err(), Some(RecordRefused::Commitment));
    }
}
