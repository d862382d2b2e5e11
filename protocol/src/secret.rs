//! Key material: wiped when dropped, never shown.

use std::hint::black_box;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use crate::entropy::{Entropy, NoEntropy};

/// Stack that is overwritten after a key was in the hands of a crate that takes and gives it by value.
const STACK_BYTES_WIPED: usize = 16 * 1024;

/// Does `work` and then overwrites the stack beneath this call, where moves of a key by value leave copies that nobody wipes: those near
/// the caller, which nothing else may overwrite for hours. What `work` keeps deeper than 16 KiB is not reached.
#[inline(never)]
pub(crate) fn and_wipe_the_stack<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn done<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    #[inline(never)]
    fn wipe() {
        black_box(&mut [0_u8; STACK_BYTES_WIPED]);
    }
    let out = done(work);
    wipe();
    out
}

/// `N` secret bytes on the heap, so that moving the value copies no secret. They are wiped on drop.
///
/// There is no `Debug`, `Display`, `Clone` or `Serialize` on purpose: a derive over a type that holds one does not
/// compile.
///
/// ```compile_fail,E0277
/// #[derive(Debug)]
/// struct Vault(safeconduct_protocol::secret::Secret<32>);
/// ```
pub struct Secret<const N: usize>(Box<Zeroizing<[u8; N]>>);

impl<const N: usize> Secret<N> {
    /// Takes bytes over and wipes the argument's own copy.
    #[must_use]
    pub fn new(mut bytes: [u8; N]) -> Self {
        let secret = Self(Box::new(Zeroizing::new(bytes)));
        bytes.zeroize();
        secret
    }

    /// Fresh random bytes, written in place.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn random(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        let mut secret = Self(Box::new(Zeroizing::new([0; N])));
        entropy.fill(secret.0.as_mut_slice())?;
        Ok(secret)
    }

    /// Reads a secret of exactly `N` bytes; `None` for any other length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self(Box::new(Zeroizing::new([0; N])));
        if bytes.len() != N {
            return None;
        }
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    /// The bytes, for as long as the borrow lives.
    #[must_use]
    pub fn reveal(&self) -> &[u8; N] {
        &self.0
    }

    /// A second copy, for a second owner. Named, so that copies are seen in review.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }

    /// Whether both hold the same bytes, in time that does not depend on them.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_another_length_is_refused() {
        assert!(Secret::<4>::from_slice(&[1, 2, 3]).is_none());
        assert!(Secret::<4>::from_slice(&[1, 2, 3, 4, 5]).is_none());
        assert_eq!(Secret::<4>::from_slice(&[1, 2, 3, 4]).unwrap().reveal(), &[1, 2, 3, 4]);
    }

    #[test]
    fn a_duplicate_equals_its_original_and_outlives_it() {
        let first = Secret::new([7; 32]);
        let second = first.duplicate();
        assert!(first.equals(&second));
        drop(first);
        assert_eq!(second.reveal(), &[7; 32]);
        assert!(!second.equals(&Secret::new([8; 32])));
    }
}
