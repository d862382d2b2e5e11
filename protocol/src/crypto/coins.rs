//! Hedged coins (`docs/PROTOCOL.md` §7): the randomness of an encapsulation stays unpredictable when one of the vault's
//! hedge key and the operating system's generator fails, and differs whenever the messages differ, even in a machine
//! that was resumed twice from one snapshot.

use chacha20::ChaCha20Rng;
use hkdf::Hkdf;
use rand_core::SeedableRng as _;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};

/// Bytes that the operating system adds to the coins.
pub const OS_COINS_BYTES: usize = 64;

/// Fills `output` by HKDF-SHA256 (RFC 5869).
///
/// # Errors
/// [`TooMuchKeyMaterial`] when more than 8160 bytes are asked for.
pub fn hkdf_sha256(salt: Option<&[u8]>, ikm: &[u8], info: &[u8], output: &mut [u8]) -> Result<(), TooMuchKeyMaterial> {
    Hkdf::<Sha256>::new(salt, ikm).expand(info, output).ok().ok_or(TooMuchKeyMaterial)
}

/// HKDF gives at most 255 blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than 8160 bytes asked of HKDF-SHA256")]
pub struct TooMuchKeyMaterial;

/// The generator for one encapsulation: ChaCha20 keyed by
/// `HKDF-SHA256(salt = hedge, ikm = 64 bytes of entropy, info = what the message commits to)`.
///
/// # Errors
/// [`NoEntropy`] as the source says.
pub fn hedged(hedge: &Secret<32>, commits_to: &[u8; 32], entropy: &mut dyn Entropy) -> Result<ChaCha20Rng, NoEntropy> {
    let ikm = Secret::<OS_COINS_BYTES>::random(entropy)?;
    let mut seed = Zeroizing::new([0; 32]);
    // 32 bytes are far below what HKDF can give, so this is never the cause of a failure.
    hkdf_sha256(Some(hedge.reveal()), ikm.reveal(), commits_to, seed.as_mut_slice()).ok().ok_or(NoEntropy)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
