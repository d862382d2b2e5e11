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
