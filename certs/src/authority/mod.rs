//! The authority: its root file and its acts.

pub mod root;
