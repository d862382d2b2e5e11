//! The append-only log: Merkle tree (RFC 6962), proofs, signed notes and checkpoints (C2SP), signed timestamps.

pub mod checkpoint;
pub mod export;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod timestamp;
pub mod witness;
