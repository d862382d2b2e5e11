//! The people of this agency, as its own node knows them. Nothing of this leaves the node but pseudonyms.
//!
//! # Layout
//! - [`roles`]: what a person may do here

pub mod roles;

pub use self::roles::{LocalRole, Roles};
