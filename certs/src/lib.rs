//! Who is who: Safeconduct's registry, the authority that keeps it, and how a node enters it.
//!
//! # Layout
//! - [`log`]: Merkle tree, proofs, signed notes, checkpoints, timestamps
//! - [`registry`], [`node`]: the whole log replayed, how fresh it is, heads seen by others; who a node is
//! - [`authority`]: the root file, and the acts of an authority
//! - [`enrol`], [`directory`]: how a node enters, and what nodes may know of each other
//! - [`introduction`]: what one authority hands to another that is to recognise it
//! - [`evidence`]: bundles that anyone verifies offline
//! - [`keyfile`], [`durable`]: secrets and files at rest · [`carried`]: files in place of a network
//! - [`fold`]: text without case and accents, to compare by
//! - [`error`], [`utc`]: whose fault an error is; times as people read them
//! - [`link`]: a connection with keys pinned on both ends
//! - `web` (with the feature of that name): what pages for a browser on the same machine have in common
//! - [`system`]: the machine's clock and randomness; no core dumps

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
#![cfg_attr(test, expect(clippy::arithmetic_side_effects, reason = "tests reckon with small known numbers"))]

mod aead;
pub mod authority;
pub mod carried;
pub mod command_line;
mod crockford;
pub mod directory;
pub mod durable;
pub mod enrol;
pub mod error;
pub mod evidence;
pub mod fold;
pub mod introduction;
pub mod keyfile;
mod layout;
pub mod link;
pub mod log;
pub mod node;
pub mod registry;
pub mod system;
#[cfg(test)]
mod testing;
pub mod utc;
#[cfg(feature = "web")]
pub mod web;
