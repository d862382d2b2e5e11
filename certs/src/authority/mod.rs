//! The authority: its root file and its acts.

pub mod relay_file;
pub mod root;
