//! What lets an agency lose a machine and no message: backups, and their restore; and what notices that a vault has gone back, or
//! is in use twice (`docs/PROTOCOL.md` §8, `docs/OPERATIONS.md`).
//!
//! # Layout
//! - [`head`]: the node head, checked at each start and against what the relay keeps
//! - `sealed`: the bytes of a backup · [`backup`]: made · `folder`: where, when no path is given · [`drill`]: tried · [`restore`]: put back, or a vault that has gone
//!   back accepted
//! - [`chains`]: what partners' chains were seen to be, and this node's own by them · [`notice`]: restore notices, both ways
//! - [`resend`]: what a restored partner has lost and this node can send again

pub mod backup;
pub mod chains;
pub mod drill;
mod error;
pub(crate) mod folder;
pub mod head;
pub mod notice;
pub mod resend;
pub mod restore;
mod sealed;
#[cfg(test)]
mod tests;

pub use self::error::RecoveryError;
#[cfg(feature = "fuzzing")]
pub(crate) use self::sealed::read_whole;
