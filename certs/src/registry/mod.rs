//! The registry as a node holds it: the whole log, replayed and verified (`docs/PROTOCOL.md` §9).

mod alone;
pub mod freshness;
pub mod gossip;
pub mod leaf;
pub mod replay;
mod rules;
pub mod terms;
mod view;

pub use replay::{Accepted, HeadRefused, Registry, ReplayError};

#[cfg(test)]
mod tests;
