//! Fixed keys, and randomness that counts: every private key here is one byte repeated.

use std::error::Error;

use safeconduct_certs::{
    authority::root::{RootDraft, RootFile},
    enrol::request::node_id,
    link::TlsKey,
};
use safeconduct_protocol::{
    crypto::{kem::KemSecret, note::NoteKey, sign::SigningKey},
    entropy::{Entropy, NoEntropy},
    id::NodeId,
    secret::Secret,
    time::Timestamp,
};

/// 2027-01-15 08:00:00 UTC.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000);

/// What every file says about its keys.
pub(crate) const KEYS: [&str; 3] = [
    "Seeds are one byte, 32 times. Authority: root keys a1 a2 a3, log a4, registrar a5, timestamp a6, TLS a7, enrolment a8.",
    "Relay: identity 10, TLS 12. Node A: identity 20, succession 21, TLS 22, second identity 26. B: 30 31 32. C: 40 41 42.",
    "Node id random: 16 bytes 13, 23, 33, 43. Mailboxes: 16 bytes 24, 34, 44.",
];

/// The Ed25519 key of 32 bytes `byte`.
pub(crate) fn signing(byte: u8) -> SigningKey {
    SigningKey::from_seed(Secret::new([byte; 32]))
}

/// The TLS key of 32 bytes `byte`.
pub(crate) fn tls(byte: u8) -> TlsKey {
    TlsKey::from_seed(Secret::new([byte; 32]))
}

/// The X-Wing key of 32 bytes `byte`.
pub(crate) fn kem(byte: u8) -> KemSecret {
    KemSecret::from_bytes(Secret::new([byte; 32]))
}

/// The log's key.
pub(crate) fn log_key() -> NoteKey {
    NoteKey::from_seed(Secret::new([0xa4; 32]))
}

/// The node whose first identity key is 32 bytes `first`: 10 the relay, 20, 30 and 40 the nodes A, B and C.
pub(crate) fn node(first: u8) -> NodeId {
    node_id(&signing(first).verifying_key(), &[first + 3; 16])
}

/// The key of the witness that the authority `first` names.
pub(crate) fn witness_key(first: u8) -> NoteKey {
    NoteKey::from_seed(Secret::new([first + 9; 32]))
}

/// The authority's root file, signed by the first and the third root key.
pub(crate) fn root() -> Result<RootFile, Box<dyn Error>> {
    let root_keys = [0xa1, 0xa2, 0xa3].map(signing);
    let [first, _, third] = &root_keys;
    Ok(draft(&root_keys).sign(&[(0, first), (2, third)])?)
}

/// Another country's: the keys are c1 to c9 in the places of a1 to a9, and the witness has to sign.
pub(crate) fn other_root() -> Result<RootFile, Box<dyn Error>> {
    let root_keys = [0xc1, 0xc2, 0xc3].map(signing);
    let [first, _, third] = &root_keys;
    let draft = RootDraft {
        country: *b"XB",
        log_name: "xb.example/registry".to_owned(),
        log_key: NoteKey::from_seed(Secret::new([0xc4; 32])).verifier(),
        registrar: signing(0xc5).verifying_key(),
        timestamp: signing(0xc6).verifying_key(),
        tls_spki: tls(0xc7).spki_hash(),
        enrol: kem(0xc8).public(),
        witness_quorum: 1,
        witnesses: vec![("witness.example/two".to_owned(), witness_key(0xc0).verifier())],
        ..draft(&root_keys)
    };
    Ok(draft.sign(&[(0, first), (2, third)])?)
}

fn draft(root_keys: &[SigningKey]) -> RootDraft {
    RootDraft {
        version: 1,
        threshold: 2,
        root_keys: root_keys.iter().map(SigningKey::verifying_key).collect(),
        country: *b"XA",
        log_name: "xa.example/registry".to_owned(),
        log_key: log_key().verifier(),
        registrar: signing(0xa5).verifying_key(),
        timestamp: signing(0xa6).verifying_key(),
        tls_spki: tls(0xa7).spki_hash(),
        enrol: kem(0xa8).public(),
        witness_quorum: 0,
        witnesses: vec![("witness.example/one".to_owned(), witness_key(0xa0).verifier())],
        min_suite: 1,
        made_at: NOW,
    }
}

/// Randomness for golden bytes only: the n-th request is filled with the byte n, from 1.
#[derive(Default)]
pub(crate) struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        self.0 = self.0.checked_add(1).ok_or(NoEntropy)?;
        bytes.fill(self.0);
        Ok(())
    }
}
