//! Evidence that anyone can verify offline (`docs/PROTOCOL.md` §11): who sent what to whom, who took charge of it, and
//! whose node stored it, and what both signed about a referral. Without salt and content a bundle holds no personal data.

mod bounds;
pub mod bundle;
pub mod case_bundle;
pub mod case_verify;
pub mod earlier;
pub mod event;
pub mod fork;
mod strict;
pub mod verify;

pub use bundle::{Bundle, BundleRefused, Parts};
pub use case_bundle::{CaseBundle, CaseParts, EventParts, RevisionParts, is_case};
pub use case_verify::{Evidence, verify_case};
pub use earlier::Earlier;
pub use event::Event;
pub use fork::{Fork, ForkProof, NotAProof};
pub use verify::{Invalid, Known, Line, verify};

#[cfg(test)]
mod tests;
