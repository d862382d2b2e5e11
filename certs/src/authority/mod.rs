//! The authority: its root file, its keys and log on the administrator's machine, and its acts.
//!
//! # Layout
//! - [`root`], [`relay_file`]: what others are handed, and what a relay hands in
//! - [`office`]: the directory on the administrator's disk, one command at a time
//! - [`publish`]: the session with a relay · [`abroad`]: with the relays of those who recognise us · [`carry`]: files in its place
//! - [`init`], [`invite`], [`approve`], [`change`], [`revoke`], [`relays`], [`agree`], [`recognise`]: one file for each act
//! - [`rotate`]: a next version of the root file, from the proposal to its entry in the log
//! - [`requests`]: what registered nodes ask for · [`lives`]: when keys are to be replaced
//!
//! Every act is written down durably before a relay hears of it, and everything that a relay is told may be told
//! again: a crash or a lost connection costs a repeated `publish` and nothing else.

pub mod abroad;
pub mod agree;
mod append;
pub mod approve;
mod audit;
mod book;
pub mod carry;
pub mod change;
pub mod error;
pub mod init;
pub mod invite;
mod keys;
pub mod lives;
pub mod min_suite;
pub mod office;
pub mod practice;
pub mod publish;
pub mod recognise;
pub mod relay_file;
pub mod relays;
pub mod requests;
pub mod revoke;
pub mod root;
pub mod rotate;
mod seen;
#[cfg(test)]
mod tests;
pub mod witness;

pub use audit::AuditLine;
pub use error::AdminError;
pub use keys::open_root_key;
pub use office::Office;
