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

/// HKDF-SHA256 (RFC 5869), `N` bytes.
///
/// # Errors
/// [`TooMuchKeyMaterial`] when `N` is above 8160.
pub fn hkdf_sha256<const N: usize>(
    salt: Option<&[u8]>,
    ikm: &[u8],
    info: &[u8],
) -> Result<Secret<N>, TooMuchKeyMaterial> {
    let mut output = Zeroizing::new([0_u8; N]);
    Hkdf::<Sha256>::new(salt, ikm).expand(info, output.as_mut_slice()).ok().ok_or(TooMuchKeyMaterial)?;
    Ok(Secret::new(*output))
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
    // 32 bytes are far below what HKDF can give, so this is never the cause of a failure.
    let seed = hkdf_sha256::<32>(Some(hedge.reveal()), ikm.reveal(), commits_to).ok().ok_or(NoEntropy)?;
    Ok(ChaCha20Rng::from_seed(*seed.reveal()))
}
