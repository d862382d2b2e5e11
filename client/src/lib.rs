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

#[cfg(appwip)]
pub mod api;
#[cfg(appwip)]
pub mod cli;
#[cfg(appwip)]
pub mod config;
#[cfg(appwip)]
pub mod daemon;
#[cfg(appwip)]
pub mod doctor;
#[cfg(appwip)]
pub mod enrol;
#[cfg(appwip)]
pub mod error;
#[cfg(appwip)]
pub mod exit;
#[cfg(appwip)]
pub mod log;
#[cfg(appwip)]
pub mod sync;
