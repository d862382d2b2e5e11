//! XChaCha20-Poly1305 for things at rest: one place that knows the crate.

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use zeroize::Zeroizing;

/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 24;
/// Bytes of a tag.
pub(crate) const TAG_BYTES: usize = 16;

/// `ciphertext || tag`; `None` only when the plaintext is larger than the cipher takes (256 GiB).
pub(crate) fn seal(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], aad: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.encrypt(&XNonce::from(*nonce), Payload { msg: plaintext, aad }).ok()
}

/// The plaintext; `None` for every kind of failure alike.
pub(crate) fn open(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad }).ok().map(Zeroizing::new)
}
