//! What every reader of bytes from outside must hold, as plain functions of bytes: `./test` replays them over the committed corpora,
//! `fuzz/` lets libFuzzer search with them (`docs/FUZZING.md`).
//!
//! A function reads one input and stops when anything does not hold: a panic, a second encoding, an error of more than a line, or more
//! memory than its bound. What is signed or sealed is signed and sealed anew with fixed keys, so that a search gets behind it.
//!
//! # Layout
//! - [`targets`]: one function for each reader, with the samples that its search begins with
//! - [`input`], [`json`]: samples and what is changed in them · [`bound`]: how much memory a reading may hold

#![expect(clippy::unwrap_used, reason = "what does not hold stops the search")]

pub mod bound;
mod golden;
pub mod input;
pub mod json;
mod keys;
pub mod targets;

pub use targets::{Seeds, TARGETS, Target};
