//! The fixed keys of the golden bytes: every private key is one byte repeated, so that the fuzzer's changes can be signed and sealed anew.

use std::sync::OnceLock;

use safeconduct_certs::{authority::root::RootFile, enrol::request::node_id};
use safeconduct_protocol::{
    crypto::{kem::KemSecret, note::NoteKey, sign::SigningKey},
    entropy::{Entropy, NoEntropy},
    id::NodeId,
    secret::Secret,
    time::Timestamp,
};

use crate::golden::{golden_text, one};

/// 2027-01-15 08:00:00 UTC, the time of all golden bytes.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);

/// The Ed25519 key of 32 bytes `byte`.
pub(crate) fn signing(byte: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new([byte; 32]))
}

/// The X-Wing key of 32 bytes `byte`.
pub(crate) fn kem(byte: u8) -> KemSecret {
    KemSecret::from_bytes(Secret::new([byte; 32]))
}

/// The key of the golden log, of witnesses and of other logs.
pub(crate) fn note_key(byte: u8) -> NoteKey {
    NoteKey::from_seed(Secret::new([byte; 32]))
}

/// The node whose first identity key is 32 bytes `first`.
pub(crate) fn node(first: u8) -> NodeId {
    node_id(&signing(first).verifying_key(), &[first.wrapping_add(3); 16])
}

/// The golden root file.
pub(crate) fn root() -> RootFile {
    static ROOT: OnceLock<RootFile> = OnceLock::new();
    ROOT.get_or_init(|| RootFile::parse(&one(golden_text!("root.txt"), "root file")).unwrap()).clone()
}

/// Randomness that counts: the n-th request is filled with the byte n, from 1.
#[derive(Default)]
pub(crate) struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self.0 = self.0.checked_add(1).ok_or(NoEntropy)?;
        bytes.fill(self.0);
        Ok(())
    }
}
