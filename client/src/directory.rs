//! The search for an agency, over the directory records that this node holds: pure functions, so that nobody else learns who
//! was looked for.
//!
//! # Layout
//! - [`criteria`]: what is asked for, as typed and as meant
//! - [`search`]: which agencies fit, in which order, and why
//! - [`languages`]: the codes of languages

pub mod criteria;
pub mod languages;
pub mod search;
