//! Making a root file.

use safeconduct_protocol::{
    crypto::{
        kem::KemPublic,
        note::NoteVerifier,
        sign::{Label, Signature, SigningKey, VerifyingKey},
    },
    time::Timestamp,
};

use super::{MAGIC, RootFile, RootRefused};

/// What an authority puts into a new root file.
pub struct RootDraft {
    /// Grows with each root file.
    pub version: u32,
    /// Signatures needed.
    pub threshold: u8,
    /// Root keys.
    pub root_keys: Vec<VerifyingKey>,
    /// Two capital letters.
    pub country: [u8; 2],
    /// The log's name.
    pub log_name: String,
    /// Signs checkpoints.
    pub log_key: NoteVerifier,
    /// Signs leaves.
    pub registrar: VerifyingKey,
    /// Signs timestamps.
    pub timestamp: VerifyingKey,
    /// SPKI hash of the key with which the authority connects to relays.
    pub tls_spki: [u8; 32],
    /// Requests are sealed to it.
    pub enrol: KemPublic,
    /// Witnesses that must have signed a checkpoint.
    pub witness_quorum: u8,
    /// Witnesses.
    pub witnesses: Vec<(String, NoteVerifier)>,
    /// Least suite that may be used.
    pub min_suite: u16,
    /// When it was made.
    pub made_at: Timestamp,
}

impl RootDraft {
    /// What the newest version of a root file says.
    #[must_use]
    pub fn of(root: &RootFile) -> Self {
        let mut country = [0; 2];
        for (to, from) in country.iter_mut().zip(root.country().bytes()) {
            *to = from;
        }
        Self {
            version: root.version(),
            threshold: root.threshold().0,
            root_keys: root.root_keys().to_vec(),
            country,
            log_name: root.log_name().to_owned(),
            log_key: *root.log_key(),
            registrar: *root.registrar(),
            timestamp: *root.timestamp_key(),
            tls_spki: *root.tls_spki(),
            enrol: root.enrol_key().clone(),
            witness_quorum: root.witness_quorum(),
            witnesses: root.witnesses().to_vec(),
            min_suite: root.min_suite(),
            made_at: root.made_at(),
        }
    }

    /// Signs with these root keys, given with their places, and reads the result back.
    ///
    /// # Errors
    /// [`RootRefused`] for whatever would make it no valid root file.
    pub fn sign(&self, keys: &[(u8, &SigningKey)]) -> Result<RootFile, RootRefused> {
        let mut bytes = self.body().ok_or(RootRefused::Malformed)?;
        let signatures: Vec<(u8, Signature)> =
            keys.iter().map(|(index, key)| (*index, key.sign(Label::RootFile, &bytes))).collect();
        bytes.push(u8::try_from(signatures.len()).ok().ok_or(RootRefused::Malformed)?);
        for (index, signature) in signatures {
            bytes.push(index);
            bytes.extend_from_slice(signature.as_bytes());
        }
        RootFile::parse(&bytes)
    }

    pub(super) fn body(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(2048);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes.push(self.threshold);
        bytes.push(u8::try_from(self.root_keys.len()).ok()?);
        for key in &self.root_keys {
            bytes.extend_from_slice(key.as_bytes());
        }
        bytes.extend_from_slice(&self.country);
        put_name(&mut bytes, &self.log_name)?;
        bytes.extend_from_slice(self.log_key.as_bytes());
        bytes.extend_from_slice(self.registrar.as_bytes());
        bytes.extend_from_slice(self.timestamp.as_bytes());
        bytes.extend_from_slice(&self.tls_spki);
        bytes.extend_from_slice(self.enrol.as_bytes());
        bytes.push(self.witness_quorum);
        bytes.push(u8::try_from(self.witnesses.len()).ok()?);
        for (name, key) in &self.witnesses {
            put_name(&mut bytes, name)?;
            bytes.extend_from_slice(key.as_bytes());
        }
        bytes.extend_from_slice(&self.min_suite.to_be_bytes());
        bytes.extend_from_slice(&self.made_at.0.to_be_bytes());
        bytes.extend_from_slice(&[0; 4]);
        Some(bytes)
    }
}

fn put_name(bytes: &mut Vec<u8>, name: &str) -> Option<()> {
    bytes.push(u8::try_from(name.len()).ok()?);
    bytes.extend_from_slice(name.as_bytes());
    Some(())
}
