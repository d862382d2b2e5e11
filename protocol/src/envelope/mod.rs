//! The envelope and its life (`docs/PROTOCOL.md` §7): draft → signed → sealed → opened, one type a state.
//!
//! ```text
//! Draft ── sign(terms) ──▶ Signed ── seal() ──▶ Sealed ── open(bytes, desk) ──▶ Verdict::Opened(Opened)
//! ```
//!
//! - [`header`], [`reply`], [`content`], [`case`], [`report`]: fixed layouts inside · [`target`]: a key that may be sealed to
//! - [`desk`]: what the recipient knows · [`open`]: the ordered check list · [`verdict`]: how it ends

pub mod case;
mod check;
pub mod content;
pub mod desk;
pub mod draft;
pub mod header;
mod inner;
pub mod open;
pub mod opened;
pub mod reply;
pub mod report;
pub mod sealed;
pub mod signed;
pub mod target;
pub mod verdict;
