//! A document that goes with a referral: sealed chunk by chunk, so that a large one needs no memory, resumes after a cut, and is
//! handed out only whole (`docs/PROTOCOL.md` §7). No I/O: who calls reads and writes.
//!
//! - [`shape`]: how long it is sealed, in how many chunks · [`key`]: whose it is · [`stream`]: sealing and opening · [`digest`]: what
//!   its sender vouches for

pub mod digest;
pub mod key;
pub mod shape;
pub mod stream;
