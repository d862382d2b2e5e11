//! Safeconduct's relay: takes sealed envelopes, keeps them durably, hands them out. It sees mailbox, expiry day and
//! bytes.
//!
//! # Layout
//! - [`store`]: what must not be lost, and the embedded engine
//! - [`limits`], [`metrics`]: bounds of this relay · counters without identities

pub mod limits;
pub mod metrics;
pub mod store;
