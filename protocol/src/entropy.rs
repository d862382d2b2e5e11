//! Randomness as an input.

/// Where random bytes come from.
///
/// Contract: fills all of `bytes` with output of a cryptographic generator, or fails and leaves the caller without
/// any; never returns predictable bytes. A simulator's source is seeded and must not reach a product binary.
pub trait Entropy: Send {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`NoEntropy`] when the operating system gives none; nothing may be made from `bytes` then.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy>;
}

/// The source of randomness failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no randomness")]
pub struct NoEntropy;

/// `N` fresh random bytes.
///
/// # Errors
/// [`NoEntropy`] as the source says.
pub fn random<const N: usize>(entropy: &mut dyn Entropy) -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0_u8; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}
