//! Safeconduct's protocol core: everything that two ends must agree on byte for byte, and nothing that touches a
//! network, a disk, a clock or a source of randomness by itself.
//!
//! # Layout
//! - [`limits`], [`id`], [`time`], [`entropy`]: bounds, identifiers, and the seams for time and randomness
//! - [`codec`], [`frame`]: bounded canonical coding, and every frame of a session
//! - [`session`]: sans-IO state machines of both ends · [`blob`]: frames of the streams that carry sealed documents
//! - [`secret`], [`personal`]: key material and personal data, neither of which can be printed
//! - [`crypto`]: labelled hashes and signatures, X-Wing and HPKE · [`slot`]: one-message capabilities
//! - [`prekey`], [`envelope`], [`receipt`]: the signed and sealed objects, byte by byte

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

pub mod blob;
pub mod codec;
pub mod crypto;
pub mod document;
pub mod entropy;
pub mod envelope;
pub mod frame;
pub mod id;
mod layout;
pub mod limits;
pub mod personal;
#[cfg(feature = "planted")]
pub mod planted;
pub mod prekey;
pub mod receipt;
pub mod secret;
pub mod session;
pub mod slot;
pub mod time;
