//! The primitives of suite 0x0001, each with the one use that the protocol makes of it (`docs/PROTOCOL.md` §6, §7).
//!
//! - [`hash`]: labelled SHA-256 · [`sign`]: labelled strict Ed25519 · [`fixed`]: the same under one key, very often · [`note`]: Ed25519 of log and witness keys
//! - [`kem`]: X-Wing keys and HPKE base mode · [`low_order`]: the X25519 values that are refused · [`coins`]: hedged
//!   randomness for an encapsulation

pub mod coins;
pub mod fixed;
pub mod hash;
pub mod kem;
pub mod low_order;
pub mod note;
pub mod sign;
