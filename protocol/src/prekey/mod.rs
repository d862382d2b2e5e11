//! Prekeys (`docs/PROTOCOL.md` §6): the record that a relay hands out and a sender checks.

pub mod record;
