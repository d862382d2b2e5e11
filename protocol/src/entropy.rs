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

/// A number from 0 to `most`, evenly but for what does not matter while `most` is tiny beside 2^64.
///
/// # Errors
/// [`NoEntropy`] as the source says.
pub fn random_up_to(most: u64, entropy: &mut dyn Entropy) -> Result<u64, NoEntropy> {
    let number = u64::from_be_bytes(random(entropy)?);
    Ok(number.checked_rem(most.saturating_add(1)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one number, big-endian.
    struct One(u64);

    impl Entropy for One {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
            bytes.copy_from_slice(&self.0.to_be_bytes());
            Ok(())
        }
    }

    #[test]
    fn a_number_is_drawn_from_nothing_to_the_most() {
        let drawn = |number, most| random_up_to(most, &mut One(number)).unwrap();
        assert_eq!([0, 1, 2, 3, 4].map(|number| drawn(number, 2)), [0, 1, 2, 0, 1]);
        assert_eq!((drawn(7, 0), drawn(u64::MAX, 9)), (0, 5));
    }
}
