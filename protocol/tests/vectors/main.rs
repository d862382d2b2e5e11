//! Published vectors, run against the functions that the product calls. Where a product function cannot take a
//! vector's inputs (a fixed ML-KEM message, a second seal of one context), the crate that it calls is run directly.
//!
//! Every suite prints `vectors: NAME N cases` and asserts N, so that an emptied file fails.

#[cfg(test)]
mod aead;
#[cfg(test)]
mod ed25519;
#[cfg(test)]
mod files;
#[cfg(test)]
mod hkdf;
#[cfg(test)]
mod hpke_rfc9180;
#[cfg(test)]
mod hpke_xwing;
#[cfg(test)]
mod mlkem;
#[cfg(test)]
mod x25519;
