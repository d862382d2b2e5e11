//! Prekeys (`docs/PROTOCOL.md` §6): the record that a relay hands out and a sender checks, and the rules of a node's
//! own stock.

pub mod record;
pub mod stock;
