//! Who is who: Safeconduct's registry, the authority that keeps it, and how a node enters it.
//!
//! # Layout
//! - [`keyfile`], [`durable`]: secrets and files at rest

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
#![cfg_attr(test, expect(clippy::arithmetic_side_effects, reason = "tests reckon with small known numbers"))]

mod aead;
pub mod durable;
pub mod keyfile;
#[cfg(test)]
mod testing;
