//! The vault key: 32 random bytes, wrapped by the passphrase in `vault.scv`, and the subkeys made from it.
//!
//! ```text
//! vault.scv    n   certs::keyfile of the vault key (Argon2id, XChaCha20-Poly1305)
//!             32   SHA-256 of the above: tells a damaged file from a wrong passphrase
//! ```

use hkdf::Hkdf;
use safeconduct_certs::keyfile::{self, Cost};
use safeconduct_protocol::{crypto::hash::sha256, entropy::Entropy, secret::Secret};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::error::VaultError;

/// Bytes of the check sum at the end.
const SUM_BYTES: usize = 32;
/// Names what the key is for.
const SUBKEY_PURPOSE: &[u8] = b"safeconduct/v1 vault ";
/// Names what the key file holds.
const FILE_PURPOSE: &str = "safeconduct/v1 vault.scv";

/// The key that everything in the vault hangs on.
pub(crate) struct VaultKey(Secret<32>);

impl VaultKey {
    pub(crate) fn random(entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        Ok(Self(Secret::random(entropy)?))
    }

    /// The key of a vault that is put back.
    pub(crate) const fn from_secret(secret: Secret<32>) -> Self {
        Self(secret)
    }

    /// Its bytes, to be sealed into a backup.
    pub(crate) fn reveal(&self) -> &[u8; 32] {
        self.0.reveal()
    }

    /// Whether it is the same key, in constant time.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.equals(&other.0)
    }

    /// `HKDF-Expand(vault key, "safeconduct/v1 vault " || table)`.
    pub(crate) fn subkey(&self, table: &str) -> Result<Secret<32>, VaultError> {
        const UNFIT: VaultError = VaultError::Unfit { what: "HKDF-SHA256 with a key of 32 bytes" };
        let info = [SUBKEY_PURPOSE, table.as_bytes()].concat();
        let mut bytes = Zeroizing::new(vec![0_u8; 32]);
        let expand = Hkdf::<Sha256>::from_prk(self.0.reveal()).ok().ok_or(UNFIT)?;
        expand.expand(&info, &mut bytes).ok().ok_or(UNFIT)?;
        Secret::from_slice(&bytes).ok_or(UNFIT)
    }
}

/// The content of `vault.scv`.
pub(super) fn wrap(
    key: &VaultKey,
    passphrase: &Zeroizing<String>,
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, VaultError> {
    let mut bytes = keyfile::seal_with_passphrase(passphrase.as_bytes(), FILE_PURPOSE, key.0.reveal(), cost, entropy)?;
    let sum = sha256(&[&bytes]);
    bytes.extend_from_slice(&sum);
    Ok(bytes)
}

/// Opens what [`wrap`] made.
pub(super) fn unwrap(bytes: &[u8], passphrase: &Zeroizing<String>) -> Result<VaultKey, VaultError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "vault.scv is cut short or altered" };
    let (wrapped, sum) = bytes.split_last_chunk::<SUM_BYTES>().ok_or(DAMAGED)?;
    if sha256(&[wrapped]) != *sum {
        return Err(DAMAGED);
    }
    let key = keyfile::open_with_passphrase(passphrase.as_bytes(), FILE_PURPOSE, wrapped)?;
    Secret::from_slice(&key).map(VaultKey).ok_or(DAMAGED)
}
