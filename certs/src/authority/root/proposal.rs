//! A next version of a root file on its way from one holder of a root key to the other: the root file with that version, and the
//! signatures that it has so far. Its form is that of a root file, so that a complete one is one.

use std::collections::BTreeMap;

use safeconduct_protocol::crypto::sign::{Label, Signature, SigningKey};

use super::{RootDraft, RootFile, RootRefused};

/// Signatures under a version, each verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Signatures {
    pub(super) own: Vec<(u8, Signature)>,
    pub(super) threshold: u8,
    pub(super) before: Vec<(u8, Signature)>,
    pub(super) threshold_before: u8,
}

impl Signatures {
    /// By root keys of the new version: how many there are, and how many are needed.
    #[must_use]
    pub fn own(&self) -> (usize, u8) {
        (self.own.len(), self.threshold)
    }

    /// By root keys of the version before.
    #[must_use]
    pub fn before(&self) -> (usize, u8) {
        (self.before.len(), self.threshold_before)
    }

    /// Whether both are enough.
    ///
    /// # Errors
    /// [`RootRefused::Threshold`], [`RootRefused::ThresholdBefore`].
    pub fn enough(&self) -> Result<(), RootRefused> {
        let (got, threshold) = self.own();
        if got < usize::from(threshold) {
            return Err(RootRefused::Threshold { got, threshold });
        }
        let (got, threshold) = self.before();
        if got < usize::from(threshold) { Err(RootRefused::ThresholdBefore { got, threshold }) } else { Ok(()) }
    }
}

/// A next version that is not in force, and need not be signed by anybody yet.
#[derive(Clone)]
pub struct Proposal {
    next: RootFile,
    signed: Vec<u8>,
    signatures: Signatures,
}

impl Proposal {
    /// Proposes the draft as the version after `before`; nobody has signed it.
    ///
    /// # Errors
    /// [`RootRefused`] for whatever would make it no valid next version.
    pub fn new(draft: &RootDraft, before: &RootFile) -> Result<Self, RootRefused> {
        let mut body = draft.body().ok_or(RootRefused::Malformed)?;
        body.extend_from_slice(before.hash());
        Self::parse(&[before.as_bytes(), &body, &[0, 0]].concat())
    }

    /// Reads a proposal: all that makes a root file one, but for the thresholds of its newest version.
    ///
    /// # Errors
    /// [`RootRefused`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RootRefused> {
        let (next, signatures) = RootFile::read(bytes)?;
        if next.version() == 1 {
            return Err(RootRefused::Broken);
        }
        let before = next.before.as_ref().map_or(0, |before| before.bytes.len());
        let lists = [&signatures.own, &signatures.before];
        let signature_bytes = lists.iter().map(|list| list.len().saturating_mul(65).saturating_add(1)).sum();
        let end = bytes.len().saturating_sub(signature_bytes);
        let signed = bytes.get(before..end).ok_or(RootRefused::Malformed)?.to_vec();
        Ok(Self { next, signed, signatures })
    }

    /// The file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.before().as_bytes().to_vec();
        bytes.extend_from_slice(&self.signed);
        for list in [&self.signatures.own, &self.signatures.before] {
            // A list has as many at most as there are root keys.
            bytes.push(u8::try_from(list.len()).unwrap_or(u8::MAX));
            for (index, signature) in list {
                bytes.push(*index);
                bytes.extend_from_slice(signature.as_bytes());
            }
        }
        bytes
    }

    /// The version that would come into force. It is not signed by enough yet: look, and believe nothing.
    #[must_use]
    pub const fn next(&self) -> &RootFile {
        &self.next
    }

    /// The root file that it follows.
    #[must_use]
    pub fn before(&self) -> &RootFile {
        self.next.before.as_deref().unwrap_or(&self.next)
    }

    /// The signatures so far.
    #[must_use]
    pub const fn signatures(&self) -> &Signatures {
        &self.signatures
    }

    /// What changes, a line each.
    #[must_use]
    pub fn changes(&self) -> Vec<String> {
        let (next, before) = (&self.next, self.before());
        let mut all = Vec::new();
        let mut say = |changes: bool, what: &str| all.extend(changes.then(|| what.to_owned()));
        say(next.log_key() != before.log_key(), "a new log key signs heads");
        say(next.registrar() != before.registrar(), "a new registrar key signs entries");
        say(next.timestamp_key() != before.timestamp_key(), "a new timestamp key signs timestamps");
        say(next.tls_spki() != before.tls_spki(), "a new TLS key speaks to relays");
        say(next.enrol_key() != before.enrol_key(), "requests are sealed to a new key");
        say(next.min_suite() != before.min_suite(), "the least suite is another");
        for (number, key) in (1_usize..).zip(next.root_keys()) {
            let same = before.root_keys().get(number.saturating_sub(1)) == Some(key);
            say(!same, &format!("holder {number} has a new root key"));
        }
        say(next.root_keys().len() < before.root_keys().len(), "there are fewer holders");
        let (threshold, holders) = next.threshold();
        say(next.threshold() != before.threshold(), &format!("{threshold} of {holders} holders must sign from now on"));
        for witness in next.witnesses().iter().filter(|witness| !before.witnesses().contains(witness)) {
            say(true, &format!("{} becomes a witness", witness.0));
        }
        for witness in before.witnesses().iter().filter(|witness| !next.witnesses().contains(witness)) {
            say(true, &format!("{} is no witness any more", witness.0));
        }
        let (quorum, witnesses) = (next.witness_quorum(), next.witnesses().len());
        let same = quorum == before.witness_quorum() && witnesses == before.witnesses().len();
        say(!same, &format!("{quorum} of {witnesses} witnesses must sign each head"));
        all
    }

    /// Signs as every holder that this key is: of the new version, of the one before, or of both; whether it is any.
    pub fn sign(&mut self, key: &SigningKey) -> bool {
        let (public, signature) = (key.verifying_key(), key.sign(Label::RootFile, &self.signed));
        let place = |root: &RootFile| root.root_keys().iter().position(|own| *own == public);
        let (own, before) = (place(&self.next), place(self.before()));
        for (place, list) in [(own, &mut self.signatures.own), (before, &mut self.signatures.before)] {
            if let Some(index) = place.and_then(|place| u8::try_from(place).ok()) {
                let mut all: BTreeMap<u8, Signature> = list.drain(..).collect();
                all.insert(index, signature);
                list.extend(all);
            }
        }
        own.is_some() || before.is_some()
    }

    /// The root file with the new version, once both thresholds have signed.
    ///
    /// # Errors
    /// [`RootRefused::Threshold`], [`RootRefused::ThresholdBefore`].
    pub fn complete(&self) -> Result<RootFile, RootRefused> {
        RootFile::parse(&self.to_bytes())
    }
}
