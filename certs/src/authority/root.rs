//! The root file: which keys speak for an authority (`docs/PROTOCOL.md` §9), signed by a threshold of root keys that
//! are kept offline. Everything that a node believes about a registry starts here.
//!
//! ```text
//! "SCR1" · version u32 · threshold u8 · n u8 · n × root key 32 · country 2 · log name (u8 + ASCII) · log key 32
//! · registrar key 32 · timestamp key 32 · authority TLS SPKI hash 32 · enrolment X-Wing key 1216 · witness quorum u8
//! · count u8 · count × (name (u8 + ASCII), key 32) · min_suite u16 · made_at u64 · zero 4
//! · [from version 2 on: hash of the version before 32]
//! · signature count u8 · count × (key index u8, signature 64)
//! · [from version 2 on: signature count u8 · count × (key index of the version before u8, signature 64)]
//! ```
//!
//! The keys change by a next version, signed by a threshold of its own root keys and of those of the version before. `root.scr`
//! holds all versions back to back, the first one first: the log is replayed from its first entry, each entry under the version
//! of its time. Each version names the hash of the one before, so that the newest fingerprint stands for them all; and each holds
//! all that the next one needs to be believed, so that whoever has compared an older fingerprint takes the newer file unasked.

mod chain;
mod draft;
mod fingerprint;
mod proposal;

use std::sync::Arc;

use safeconduct_protocol::{
    crypto::{
        hash::{HashLabel, hash},
        kem::{KEM_PUBLIC_BYTES, KemPublic},
        note::NoteVerifier,
        sign::{Label, Signature, VerifyingKey},
    },
    time::Timestamp,
};

use crate::{layout::Reader, link::tls::spki_hash_of, log::note::is_key_name};

pub use draft::RootDraft;
pub use fingerprint::Fingerprint;
pub use proposal::{Proposal, Signatures};

/// The largest root file that is read, all versions together, in bytes.
pub const ROOT_BYTES_MAX: usize = 64 * 1024;
/// The largest single version, in bytes.
pub const ROOT_VERSION_BYTES_MAX: usize = 16 * 1024;
/// Versions that a root file may have: at four a year, for as long as any of its keys should serve.
pub const ROOT_VERSIONS_MAX: u32 = 32;
/// Root keys that a file may name.
pub const ROOT_KEYS_MAX: usize = 16;
/// Witnesses that a file may name: with the log's own signature a note has at most 16.
pub const WITNESSES_MAX: usize = 15;
const MAGIC: &[u8; 4] = b"SCR1";

/// Why bytes are no root file to believe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RootRefused {
    /// Not a root file of this version.
    #[error("not a root file of this version")]
    Malformed,
    /// A key in it is not sound.
    #[error("the root file names a key that is not sound")]
    BadKey,
    /// One key in two places: a signature of one kind could then pass for another.
    #[error("the root file names one key twice")]
    KeyTwice,
    /// A signature that is not by the key it names.
    #[error("a signature of the root file does not verify")]
    BadSignature,
    /// Fewer signatures than its own threshold.
    #[error("the root file has {got} of {threshold} signatures")]
    Threshold {
        /// Valid signatures.
        got: usize,
        /// Needed.
        threshold: u8,
    },
    /// Fewer signatures than the threshold of the version before.
    #[error("the root file has {got} of {threshold} signatures by the root keys of the version before")]
    ThresholdBefore {
        /// Valid signatures.
        got: usize,
        /// Needed.
        threshold: u8,
    },
    /// A version that does not follow the one before it.
    #[error("a version of the root file does not follow the one before it")]
    Broken,
    /// A valid root file that does not begin with the versions known here: shorter, or of somebody else.
    #[error("the root file does not continue the one that is known")]
    Forked,
    /// A valid root file of somebody else.
    #[error("the root file is not the one whose fingerprint was given")]
    OtherFingerprint,
}

impl RootRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed => "get the root file again from the authority; if it stays so, update",
            Self::BadKey
            | Self::KeyTwice
            | Self::BadSignature
            | Self::Threshold { .. }
            | Self::ThresholdBefore { .. }
            | Self::Broken => "do not use this file; phone the authority and compare the fingerprint",
            Self::Forked => {
                "get the authority's newest root file (`safeconduct-admin export-root`); if it stays so, stop and phone the authority"
            }
            Self::OtherFingerprint => "do not go on; phone the authority: somebody may have exchanged the file",
        }
    }
}

/// A root file whose form, keys and signatures are right: its newest version, which is what the methods tell of, and those before
/// it. Whether it is *the* authority's is known by its fingerprint.
#[derive(Clone)]
pub struct RootFile {
    /// All versions.
    bytes: Vec<u8>,
    /// Where the newest begins.
    from: usize,
    hash: [u8; 32],
    fields: Fields,
    before: Option<Arc<Self>>,
}

/// As [`RootDraft`], from a file.
#[derive(Clone)]
struct Fields {
    version: u32,
    threshold: u8,
    root_keys: Vec<VerifyingKey>,
    country: String,
    log_name: String,
    log_key: NoteVerifier,
    registrar: VerifyingKey,
    timestamp: VerifyingKey,
    tls_spki: [u8; 32],
    enrol: KemPublic,
    witness_quorum: u8,
    witnesses: Vec<(String, NoteVerifier)>,
    min_suite: u16,
    made_at: Timestamp,
    previous: Option<[u8; 32]>,
}

impl RootFile {
    /// Reads a root file: form, soundness and difference of all keys, every signature, the thresholds, and that each version follows
    /// the one before.
    ///
    /// # Errors
    /// [`RootRefused`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RootRefused> {
        let (root, signatures) = Self::read(bytes)?;
        signatures.enough()?;
        Ok(root)
    }

    /// The same, but for the thresholds of the newest version: whether it is signed by enough is left to the caller.
    fn read(bytes: &[u8]) -> Result<(Self, Signatures), RootRefused> {
        if bytes.len() > ROOT_BYTES_MAX {
            return Err(RootRefused::Malformed);
        }
        let mut reader = Reader::new(bytes);
        let mut before = None;
        loop {
            let (root, signatures) = Self::read_version(bytes, &mut reader, before)?;
            if reader.rest().is_empty() {
                return Ok((root, signatures));
            }
            signatures.enough()?;
            before = Some(Arc::new(root));
        }
    }

    fn read_version(
        all: &[u8],
        reader: &mut Reader<'_>,
        before: Option<Arc<Self>>,
    ) -> Result<(Self, Signatures), RootRefused> {
        let read = |reader: &Reader<'_>| all.len().saturating_sub(reader.rest().len());
        let from = read(reader);
        let fields = Fields::read(reader)?;
        fields.judge()?;
        chain::follows(&fields, before.as_deref())?;
        let signed = all.get(from..read(reader)).ok_or(RootRefused::Malformed)?;
        let own = fields.signatures(signed, reader)?;
        let old = before.as_ref().map(|before| before.fields.signatures(signed, reader)).transpose()?;
        let end = read(reader);
        if end.saturating_sub(from) > ROOT_VERSION_BYTES_MAX {
            return Err(RootRefused::Malformed);
        }
        let signatures = Signatures {
            own,
            threshold: fields.threshold,
            before: old.unwrap_or_default(),
            threshold_before: before.as_ref().map_or(0, |before| before.fields.threshold),
        };
        let bytes = all.get(..end).ok_or(RootRefused::Malformed)?.to_vec();
        Ok((Self { bytes, from, hash: hash(HashLabel::Root, &[signed]), fields, before }, signatures))
    }

    /// Reads a root file one of whose versions must have this fingerprint: those after it are signed by the keys of that one, and
    /// those before it are named by it.
    ///
    /// # Errors
    /// [`RootRefused`], [`RootRefused::OtherFingerprint`] among them.
    pub fn parse_pinned(bytes: &[u8], fingerprint: &Fingerprint) -> Result<Self, RootRefused> {
        let root = Self::parse(bytes)?;
        if root.has_fingerprint(fingerprint) { Ok(root) } else { Err(RootRefused::OtherFingerprint) }
    }

    /// The bytes of all versions, as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `H("root", everything of the newest version up to the signature count)`.
    #[must_use]
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// What is compared over the telephone.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut bits = [0; 16];
        for (to, from) in bits.iter_mut().zip(self.hash) {
            *to = from;
        }
        Fingerprint::from_bits(bits)
    }

    /// Which version: 1, and one more with each change.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.fields.version
    }

    /// Signatures needed, and root keys there are.
    #[must_use]
    pub const fn threshold(&self) -> (u8, usize) {
        (self.fields.threshold, self.fields.root_keys.len())
    }

    /// The root keys.
    #[must_use]
    pub fn root_keys(&self) -> &[VerifyingKey] {
        &self.fields.root_keys
    }

    /// Two capital letters.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.fields.country
    }

    /// The log's name: origin and key name of its checkpoints.
    #[must_use]
    pub fn log_name(&self) -> &str {
        &self.fields.log_name
    }

    /// Signs checkpoints.
    #[must_use]
    pub const fn log_key(&self) -> &NoteVerifier {
        &self.fields.log_key
    }

    /// Signs leaves.
    #[must_use]
    pub const fn registrar(&self) -> &VerifyingKey {
        &self.fields.registrar
    }

    /// Signs timestamps.
    #[must_use]
    pub const fn timestamp_key(&self) -> &VerifyingKey {
        &self.fields.timestamp
    }

    /// SPKI hash of the key with which the authority connects to relays.
    #[must_use]
    pub const fn tls_spki(&self) -> &[u8; 32] {
        &self.fields.tls_spki
    }

    /// Enrolment requests are sealed to it.
    #[must_use]
    pub const fn enrol_key(&self) -> &KemPublic {
        &self.fields.enrol
    }

    /// Witnesses that must have signed a checkpoint.
    #[must_use]
    pub const fn witness_quorum(&self) -> u8 {
        self.fields.witness_quorum
    }

    /// Names and keys of the witnesses.
    #[must_use]
    pub fn witnesses(&self) -> &[(String, NoteVerifier)] {
        &self.fields.witnesses
    }

    /// Least suite that may be used.
    #[must_use]
    pub const fn min_suite(&self) -> u16 {
        self.fields.min_suite
    }

    /// When it was made.
    #[must_use]
    pub const fn made_at(&self) -> Timestamp {
        self.fields.made_at
    }

    /// Whether `key` is or was one of the authority's own keys: no node may have it.
    #[must_use]
    pub(crate) fn is_own_key(&self, key: &[u8; 32]) -> bool {
        self.versions().any(|version| version.fields.signing_keys().any(|own| own == key))
    }

    /// The SPKI hashes of every key that signs something, of all versions.
    pub(crate) fn own_spki(&self) -> std::collections::HashSet<[u8; 32]> {
        self.versions().flat_map(|version| version.fields.signing_keys().map(spki_hash_of)).collect()
    }

    /// Every key of the newest version that signs something.
    pub(crate) fn own_keys(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.fields.signing_keys()
    }
}

impl Fields {
    fn read(reader: &mut Reader<'_>) -> Result<Self, RootRefused> {
        const MALFORMED: RootRefused = RootRefused::Malformed;
        reader.exactly(MAGIC).ok_or(MALFORMED)?;
        let version = reader.u32().ok_or(MALFORMED)?;
        let threshold = reader.u8().ok_or(MALFORMED)?;
        let count = usize::from(reader.u8().ok_or(MALFORMED)?);
        if count > ROOT_KEYS_MAX {
            return Err(MALFORMED);
        }
        let root_keys = (0..count).map(|_| key(reader)).collect::<Result<_, _>>()?;
        let country = reader.array::<2>().ok_or(MALFORMED)?;
        if !country.iter().all(u8::is_ascii_uppercase) {
            return Err(MALFORMED);
        }
        let log_name = name(reader)?;
        let log_key = note_key(reader)?;
        let registrar = key(reader)?;
        let timestamp = key(reader)?;
        let tls_spki = reader.array().ok_or(MALFORMED)?;
        let enrol = reader.slice(KEM_PUBLIC_BYTES).ok_or(MALFORMED)?;
        let enrol = KemPublic::try_from(enrol).ok().ok_or(RootRefused::BadKey)?;
        let witness_quorum = reader.u8().ok_or(MALFORMED)?;
        let count = usize::from(reader.u8().ok_or(MALFORMED)?);
        if count > WITNESSES_MAX {
            return Err(MALFORMED);
        }
        let witnesses = (0..count).map(|_| Ok((name(reader)?, note_key(reader)?))).collect::<Result<_, _>>()?;
        let min_suite = reader.u16().ok_or(MALFORMED)?;
        let made_at = Timestamp(reader.u64().ok_or(MALFORMED)?);
        reader.zero(4).ok_or(MALFORMED)?;
        let previous = if version > 1 { Some(reader.array().ok_or(MALFORMED)?) } else { None };
        let country = country.iter().copied().map(char::from).collect();
        Ok(Self {
            version,
            threshold,
            root_keys,
            country,
            log_name,
            log_key,
            registrar,
            timestamp,
            tls_spki,
            enrol,
            witness_quorum,
            witnesses,
            min_suite,
            made_at,
            previous,
        })
    }

    /// What must hold between the fields.
    fn judge(&self) -> Result<(), RootRefused> {
        let quorum_fits = usize::from(self.witness_quorum) <= self.witnesses.len();
        let threshold_fits = (1..=self.root_keys.len()).contains(&usize::from(self.threshold));
        if !quorum_fits || !threshold_fits || self.version == 0 || self.min_suite == 0 {
            return Err(RootRefused::Malformed);
        }
        let mut seen = std::collections::BTreeSet::new();
        if !self.signing_keys().all(|key| seen.insert(*key)) {
            return Err(RootRefused::KeyTwice);
        }
        if self.signing_keys().any(|key| spki_hash_of(key) == self.tls_spki) {
            return Err(RootRefused::KeyTwice);
        }
        Ok(())
    }

    /// Signatures over `signed` by these root keys, each verified; whether they are enough is another question.
    fn signatures(&self, signed: &[u8], reader: &mut Reader<'_>) -> Result<Vec<(u8, Signature)>, RootRefused> {
        let count = usize::from(reader.u8().ok_or(RootRefused::Malformed)?);
        let mut all = Vec::new();
        let mut next = 0_usize;
        for _ in 0..count {
            let index = reader.u8().ok_or(RootRefused::Malformed)?;
            let signature = Signature::from_bytes(reader.array().ok_or(RootRefused::Malformed)?);
            // Ascending, so that no key is counted twice.
            if usize::from(index) < next {
                return Err(RootRefused::Malformed);
            }
            next = usize::from(index).saturating_add(1);
            let key = self.root_keys.get(usize::from(index)).ok_or(RootRefused::Malformed)?;
            key.verify(Label::RootFile, signed, &signature).ok().ok_or(RootRefused::BadSignature)?;
            all.push((index, signature));
        }
        Ok(all)
    }

    fn signing_keys(&self) -> impl Iterator<Item = &[u8; 32]> {
        let roots = self.root_keys.iter().map(VerifyingKey::as_bytes);
        let own = [self.log_key.as_bytes(), self.registrar.as_bytes(), self.timestamp.as_bytes()];
        roots.chain(own).chain(self.witnesses.iter().map(|(_, key)| key.as_bytes()))
    }
}

fn key(reader: &mut Reader<'_>) -> Result<VerifyingKey, RootRefused> {
    let bytes = reader.array::<32>().ok_or(RootRefused::Malformed)?;
    VerifyingKey::try_from(bytes).ok().ok_or(RootRefused::BadKey)
}

fn note_key(reader: &mut Reader<'_>) -> Result<NoteVerifier, RootRefused> {
    let bytes = reader.array::<32>().ok_or(RootRefused::Malformed)?;
    NoteVerifier::try_from(bytes).ok().ok_or(RootRefused::BadKey)
}

fn name(reader: &mut Reader<'_>) -> Result<String, RootRefused> {
    let name = reader.short_text().filter(|name| is_key_name(name)).ok_or(RootRefused::Malformed)?;
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Keys;

    #[test]
    fn a_root_file_is_read_back_and_keeps_its_fingerprint_whoever_signed() {
        let keys = Keys::new(1);
        let root = keys.root();
        let again = RootFile::parse(root.as_bytes()).unwrap();
        assert_eq!(again.fingerprint(), root.fingerprint());
        assert_eq!(again.log_name(), "xa.test/registry");
        assert_eq!(again.country(), "XA");
        let others = keys.draft().sign(&[(1, &keys.roots[1]), (2, &keys.roots[2])]).unwrap();
        assert_eq!(others.fingerprint(), root.fingerprint());
        let text = root.fingerprint().to_string();
        assert_eq!(text.len(), 29);
        assert_eq!(Fingerprint::parse(&text.to_lowercase().replace('-', " ")), Some(root.fingerprint()));
        assert_eq!(Fingerprint::parse(&text[1..]), None);
    }

    #[test]
    fn a_threshold_of_distinct_root_keys_is_needed() {
        let keys = Keys::new(1);
        let draft = keys.draft();
        let one = &keys.roots[0];
        assert_eq!(draft.sign(&[(0, one)]).err(), Some(RootRefused::Threshold { got: 1, threshold: 2 }));
        assert_eq!(draft.sign(&[(0, one), (0, one)]).err(), Some(RootRefused::Malformed));
        assert_eq!(draft.sign(&[(0, one), (1, one)]).err(), Some(RootRefused::BadSignature));
        assert_eq!(draft.sign(&[(0, one), (3, &keys.roots[1])]).err(), Some(RootRefused::Malformed));
    }

    #[test]
    fn one_key_for_two_uses_is_refused() {
        let keys = Keys::new(1);
        let signers: Vec<_> = (0..).zip(&keys.roots).collect();
        let mut draft = keys.draft();
        draft.timestamp = draft.registrar;
        assert_eq!(draft.sign(&signers).err(), Some(RootRefused::KeyTwice));
        let mut draft = keys.draft();
        draft.tls_spki = spki_hash_of(draft.registrar.as_bytes());
        assert_eq!(draft.sign(&signers).err(), Some(RootRefused::KeyTwice));
        let mut draft = keys.draft();
        draft.witness_quorum = 1;
        assert_eq!(draft.sign(&signers).err(), Some(RootRefused::Malformed));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let bytes = Keys::new(1).root().as_bytes().to_vec();
        for place in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[place] ^= 1 << (place % 8);
            assert!(RootFile::parse(&bent).is_err(), "byte {place}");
            assert!(RootFile::parse(&bytes[..place]).is_err(), "cut at {place}");
        }
        assert!(RootFile::parse(&[&bytes[..], &[0]].concat()).is_err());
    }
}
