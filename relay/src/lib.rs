//! Safeconduct's relay: takes sealed envelopes, keeps them durably, hands them out. It sees mailbox, expiry day and
//! bytes.
//!
//! # Layout
//! - [`relay`]: a running relay, from start to end · [`bare`]: the same without sockets · [`config`], [`keys`], [`lock`], [`setup`], [`exit`]: what an operator
//!   sets up
//! - `listen`, `serve`, `send`: the way in, one connection · `ingest`, `deliver`, `settle`, `prekeys`, `pages`, `enrol`,
//!   `authority`: what each frame does · `carry`: the authority in files · `live`, [`feed`], `standing`: who is connected, who is
//!   registered and may what
//! - `foreign`: logs of recognised authorities · `blobs`: sealed documents, on streams of their own
//! - [`store`]: what must not be lost, and the embedded engine · `sweep`: expiry by day
//! - [`control`], [`upkeep`]: what an operator asks of it while it runs or not: usage, verify, backup, restore
//! - [`limits`], `quota`, `gate`: bounds · [`metrics`], `local`: counters without identities, and where they are read

mod authority;
pub mod bare;
mod blobs;
mod carry;
mod changes;
pub mod config;
pub mod control;
mod deliver;
mod enrol;
pub mod exit;
pub mod feed;
mod foreign;
mod gate;
mod heads;
mod ingest;
pub mod keys;
pub mod limits;
mod listen;
mod live;
mod local;
pub mod lock;
pub mod metrics;
mod newest;
mod pages;
mod prekeys;
mod quota;
pub mod relay;
mod send;
mod serve;
mod settle;
pub mod setup;
mod shared;
mod standing;
pub mod store;
mod sweep;
#[cfg(test)]
mod tests;
mod underway;
pub mod upkeep;
mod witness;
