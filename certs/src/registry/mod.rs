//! The registry as a node holds it: the whole log, replayed and verified (`docs/PROTOCOL.md` §9).

mod alone;
mod due;
mod era;
pub mod freshness;
pub mod gossip;
mod head;
pub mod leaf;
pub mod replay;
mod rules;
mod standing;
pub mod succession;
pub mod terms;
mod view;

pub use replay::{Accepted, HeadRefused, Registry, ReplayError};
pub use standing::KeyStanding;

#[cfg(test)]
mod tests;
