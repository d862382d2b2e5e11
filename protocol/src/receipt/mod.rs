//! Signed statements about envelopes and messages (`docs/PROTOCOL.md` §8), and who says them.

pub mod chain;
pub mod node;
pub mod relay;
pub mod settle;

/// Bytes that are not the signed object that they should be: wrong length, magic or reserved bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no signed statement of this kind")]
pub struct ReceiptMalformed;
