//! Signed statements about envelopes and messages (`docs/PROTOCOL.md` §8), and who says them.
//!
//! What was signed is parsed from the very bytes that were signed and never passes through a serialiser; there is no
//! such path for any of them:
//!
//! ```compile_fail,E0277
//! # use safeconduct_protocol::{codec, receipt::settle::Settlement};
//! fn path(settlement: &Settlement) {
//!     codec::encode(settlement).ok();
//! }
//! ```

use crate::{
    crypto::sign::{BadSignature, Label, SIGNATURE_BYTES, Signature, VerifyingKey},
    id::KeyId,
};

pub mod case;
pub mod chain;
pub mod head;
pub mod node;
pub mod relay;
pub mod restore;
pub mod settle;

/// Bytes that are not the signed object that they should be: wrong length, magic or reserved bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no signed statement of this kind")]
pub struct ReceiptMalformed;

/// Checks that `key` signed a statement: its last 64 bytes, over all before them.
fn verify(label: Label, bytes: &[u8], key: &VerifyingKey) -> Result<(), BadSignature> {
    let (signed, signature) = bytes.split_last_chunk::<SIGNATURE_BYTES>().ok_or(BadSignature)?;
    key.verify(label, signed, &Signature::from_bytes(*signature))
}

/// The same of a statement that names its key: it must be this one.
fn verify_named(label: Label, bytes: &[u8], named: KeyId, key: &VerifyingKey) -> Result<(), BadSignature> {
    if key.key_id() == named { verify(label, bytes, key) } else { Err(BadSignature) }
}
