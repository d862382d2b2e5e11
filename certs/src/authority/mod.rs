//! The authority: its root file, its keys and log on the administrator's machine, and its acts.
//!
//! # Layout
//! - [`root`], [`relay_file`]: what others are handed, and what a relay hands in
//! - [`office`]: the directory on the administrator's disk, one command at a time
//! - [`init`], [`invite`], [`approve`], [`revoke`], [`relays`]: one file for each act
//! - [`publish`]: the session with a relay
//!
//! Every act is written down durably before a relay hears of it, and everything that a relay is told may be told
//! again: a crash or a lost connection costs a repeated `publish` and nothing else.

mod append;
pub mod approve;
mod audit;
mod book;
pub mod error;
pub mod init;
pub mod invite;
mod keys;
pub mod min_suite;
pub mod office;
pub mod publish;
pub mod relay_file;
pub mod relays;
pub mod revoke;
pub mod root;
#[cfg(test)]
mod tests;
pub mod witness;

pub use audit::AuditLine;
pub use error::AdminError;
pub use office::Office;
