//! A signed message: it owns the one context that its signature is bound to, so it can be sealed to nobody else and
//! only once. A second seal does not compile:
//!
//! ```compile_fail,E0382
//! # use safeconduct_protocol::envelope::{sealed::Sealed, signed::Signed};
//! fn twice(signed: Signed) -> Option<(Sealed, Sealed)> {
//!     Some((signed.seal().ok()?, signed.seal().ok()?))
//! }
//! ```

use zeroize::Zeroizing;

use super::{
    header::SignedHeader,
    sealed::{Outer, Sealed},
};
use crate::crypto::kem::{ENC_BYTES, SealContext, SealError};

/// A message with its signature, before the one seal of its context.
pub struct Signed {
    signed: SignedHeader,
    outer: Outer,
    enc: Box<[u8; ENC_BYTES]>,
    context: SealContext,
    plaintext: Zeroizing<Vec<u8>>,
}

impl Signed {
    pub(crate) const fn new(
        signed: SignedHeader,
        outer: Outer,
        enc: Box<[u8; ENC_BYTES]>,
        context: SealContext,
        plaintext: Zeroizing<Vec<u8>>,
    ) -> Self {
        Self { signed, outer, enc, context, plaintext }
    }

    /// Header, its bytes and the signature, for one's own evidence.
    #[must_use]
    pub const fn signed_header(&self) -> &SignedHeader {
        &self.signed
    }

    /// Seals, once. The result goes to the outbox and is fsynced before it is submitted; a retry sends these bytes.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn seal(self) -> Result<Sealed, SealError> {
        let aad = self.outer.to_bytes();
        let ciphertext = self.context.seal(&aad, &self.plaintext)?;
        let bytes = [aad.as_slice(), self.enc.as_slice(), &ciphertext].concat();
        Sealed::try_from(bytes).ok().ok_or(SealError::Seal)
    }
}
