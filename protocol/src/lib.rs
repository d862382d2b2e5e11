//! Safeconduct's protocol core: everything that two ends must agree on byte for byte, and nothing that touches a
//! network, a disk, a clock or a source of randomness by itself.
//!
//! # Layout
//! - [`limits`], [`id`], [`time`], [`entropy`]: bounds, identifiers, and the seams for time and randomness
//! - [`codec`], [`frame`]: bounded canonical coding, and every frame of a session
//! - [`session`]: sans-IO state machines of both ends

pub mod codec;
pub mod entropy;
pub mod frame;
pub mod id;
pub mod limits;
pub mod session;
pub mod time;
