//! Placeholder.

pub mod keys;
pub mod prekeys;
pub mod referral;
pub mod evidence;
pub mod inbox;
pub mod outbox;
pub mod registry;
pub mod vault;
#[cfg(test)]
mod testing;

pub mod api;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod doctor;
pub mod enrol;
pub mod error;
pub mod exit;
pub mod log;
pub mod sync;
