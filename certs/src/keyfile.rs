//! Secrets at rest under a passphrase (Argon2id, RFC 9106) or under another key (XChaCha20-Poly1305).
//!
//! Layout under a passphrase, `SCK1`: magic 4 || memory KiB u32 || passes u32 || lanes u32 || salt 16 || nonce 24 ||
//! ciphertext and tag. Under a key, `SCK2`: magic 4 || nonce 24 || ciphertext and tag. Everything before the
//! ciphertext, and the purpose, is authenticated, so that a file of one purpose never opens as another.

use argon2::{Algorithm, Argon2, Params, Version};
use safeconduct_protocol::entropy::{self, Entropy, NoEntropy};
use zeroize::Zeroizing;

use crate::aead::{self, NONCE_BYTES, TAG_BYTES};

const MAGIC_PASSPHRASE: &[u8; 4] = b"SCK1";
const MAGIC_KEY: &[u8; 4] = b"SCK2";
const SALT_BYTES: usize = 16;
const HEADER_BYTES: usize = 4 + 12 + SALT_BYTES + NONCE_BYTES;
const KEY_HEADER_BYTES: usize = 4 + NONCE_BYTES;

/// The largest key file that is read: a vault key and a little, never a database.
pub const KEYFILE_BYTES_MAX: usize = 1024 * 1024;
/// Argon2 memory bounds in KiB: a file that asks for more than 1 GiB is no file of ours.
pub const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// Least memory that is taken, in KiB.
pub const MEMORY_KIB_MIN: u32 = 64;
/// Most passes that are taken.
pub const PASSES_MAX: u32 = 16;

/// What an attacker pays for each passphrase that he tries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 64 MiB and three passes: about a fifth of a second on an old laptop (RFC 9106 §4, second recommendation).
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3 };

    /// Another cost within the bounds of this module; `None` outside them.
    #[must_use]
    pub const fn new(memory_kib: u32, passes: u32) -> Option<Self> {
        if memory_kib < MEMORY_KIB_MIN || memory_kib > MEMORY_KIB_MAX || passes == 0 || passes > PASSES_MAX {
            return None;
        }
        Some(Self { memory_kib, passes })
    }
}

/// Why a key file was not written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyfileError {
    /// The passphrase does not open it, or somebody changed the file: the two cannot be told apart.
    #[error("the passphrase is wrong, or the key file was changed")]
    WrongPassphrase,
    /// Sealed under another key or for another purpose, or changed.
    #[error("the key file does not belong here, or was changed")]
    WrongKey,
    /// Not a key file: magic, length or cost out of bounds.
    #[error("not a key file of this version")]
    Malformed,
    /// No memory for Argon2, or a plaintext too large.
    #[error("not enough memory to derive the key")]
    NoMemory,
    /// The source of randomness failed.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

impl KeyfileError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::WrongPassphrase => "type the passphrase again; if it is surely right, restore the file from a backup",
            Self::WrongKey => "restore the file from a backup of the same directory",
            Self::Malformed => "check the path, or restore the file from a backup",
            Self::NoMemory => "free at least 64 MiB of memory and try again",
            Self::NoEntropy(_) => "check that /dev/urandom works on this machine",
        }
    }
}

/// Seals `secret` so that only `passphrase` opens it, and only for this `purpose`.
///
/// # Errors
/// [`KeyfileError::NoEntropy`], [`KeyfileError::NoMemory`].
pub fn seal_with_passphrase(
    passphrase: &[u8],
    purpose: &str,
    secret: &[u8],
    cost: Cost,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, KeyfileError> {
    let salt: [u8; SALT_BYTES] = entropy::random(entropy)?;
    let nonce: [u8; NONCE_BYTES] = entropy::random(entropy)?;
    let mut file = Vec::with_capacity(HEADER_BYTES.saturating_add(secret.len()).saturating_add(TAG_BYTES));
    file.extend_from_slice(MAGIC_PASSPHRASE);
    file.extend_from_slice(&cost.memory_kib.to_be_bytes());
    file.extend_from_slice(&cost.passes.to_be_bytes());
    file.extend_from_slice(&1_u32.to_be_bytes());
    file.extend_from_slice(&salt);
    file.extend_from_slice(&nonce);
    let key = derive(passphrase, &salt, cost)?;
    let aad = bound_to(&file, purpose);
    file.extend(aead::seal(&key, &nonce, &aad, secret).ok_or(KeyfileError::NoMemory)?);
    Ok(file)
}

/// Opens what [`seal_with_passphrase`] sealed for the same purpose.
///
/// # Errors
/// [`KeyfileError::Malformed`] before any work is done; [`KeyfileError::WrongPassphrase`].
pub fn open_with_passphrase(passphrase: &[u8], purpose: &str, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyfileError> {
    if file.len() > KEYFILE_BYTES_MAX {
        return Err(KeyfileError::Malformed);
    }
    let (header, sealed) = file.split_at_checked(HEADER_BYTES).ok_or(KeyfileError::Malformed)?;
    let fields = PassphraseHeader::parse(header).ok_or(KeyfileError::Malformed)?;
    if sealed.len() < TAG_BYTES {
        return Err(KeyfileError::Malformed);
    }
    let key = derive(passphrase, &fields.salt, fields.cost)?;
    aead::open(&key, &fields.nonce, &bound_to(header, purpose), sealed).ok_or(KeyfileError::WrongPassphrase)
}

/// What an attacker pays for each passphrase that he tries on this file; none for what is no file under a passphrase.
#[must_use]
pub fn cost_of(file: &[u8]) -> Option<Cost> {
    PassphraseHeader::parse(file.get(..HEADER_BYTES)?).map(|fields| fields.cost)
}

/// Seals `secret` under another key, for this `purpose`.
///
/// # Errors
/// [`KeyfileError::NoEntropy`], [`KeyfileError::NoMemory`].
pub fn seal_with_key(
    key: &[u8; 32],
    purpose: &str,
    secret: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, KeyfileError> {
    let nonce: [u8; NONCE_BYTES] = entropy::random(entropy)?;
    let mut file = Vec::with_capacity(KEY_HEADER_BYTES.saturating_add(secret.len()).saturating_add(TAG_BYTES));
    file.extend_from_slice(MAGIC_KEY);
    file.extend_from_slice(&nonce);
    let aad = bound_to(&file, purpose);
    file.extend(aead::seal(key, &nonce, &aad, secret).ok_or(KeyfileError::NoMemory)?);
    Ok(file)
}

/// Opens what [`seal_with_key`] sealed for the same purpose. The caller bounds `file`.
///
/// # Errors
/// [`KeyfileError::Malformed`], [`KeyfileError::WrongKey`].
pub fn open_with_key(key: &[u8; 32], purpose: &str, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyfileError> {
    let (header, sealed) = file.split_at_checked(KEY_HEADER_BYTES).ok_or(KeyfileError::Malformed)?;
    let (magic, nonce) = header.split_at_checked(4).ok_or(KeyfileError::Malformed)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok().ok_or(KeyfileError::Malformed)?;
    if magic != MAGIC_KEY || sealed.len() < TAG_BYTES {
        return Err(KeyfileError::Malformed);
    }
    aead::open(key, &nonce, &bound_to(header, purpose), sealed).ok_or(KeyfileError::WrongKey)
}

struct PassphraseHeader {
    cost: Cost,
    salt: [u8; SALT_BYTES],
    nonce: [u8; NONCE_BYTES],
}

impl PassphraseHeader {
    fn parse(header: &[u8]) -> Option<Self> {
        let rest = header.strip_prefix(MAGIC_PASSPHRASE)?;
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (passes, rest) = rest.split_first_chunk::<4>()?;
        let (lanes, rest) = rest.split_first_chunk::<4>()?;
        let (salt, rest) = rest.split_first_chunk::<SALT_BYTES>()?;
        let nonce: [u8; NONCE_BYTES] = rest.try_into().ok()?;
        if u32::from_be_bytes(*lanes) != 1 {
            return None;
        }
        let cost = Cost::new(u32::from_be_bytes(*memory), u32::from_be_bytes(*passes))?;
        Some(Self { cost, salt: *salt, nonce })
    }
}

fn derive(passphrase: &[u8], salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; 32]>, KeyfileError> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok().ok_or(KeyfileError::Malformed)?;
    let mut key = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, salt, key.as_mut())
        .ok()
        .ok_or(KeyfileError::NoMemory)?;
    Ok(key)
}

fn bound_to(header: &[u8], purpose: &str) -> Vec<u8> {
    [header, purpose.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Seeded;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

    fn file() -> Vec<u8> {
        seal_with_passphrase(b"correct horse", "vault", b"the secret", CHEAP, &mut Seeded::new(1)).unwrap()
    }

    #[test]
    fn the_right_passphrase_opens_and_every_wrong_thing_is_named() {
        assert_eq!(*open_with_passphrase(b"correct horse", "vault", &file()).unwrap(), b"the secret");
        let refused = |pass: &[u8], purpose, file: &[u8]| open_with_passphrase(pass, purpose, file).unwrap_err();
        assert_eq!(refused(b"Correct horse", "vault", &file()), KeyfileError::WrongPassphrase);
        assert_eq!(refused(b"correct horse", "other", &file()), KeyfileError::WrongPassphrase);
        assert_eq!(refused(b"correct horse", "vault", b"SCK1"), KeyfileError::Malformed);
        assert_eq!(refused(b"correct horse", "vault", &[]), KeyfileError::Malformed);
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let file = file();
        for place in 0..file.len() {
            let mut bent = file.clone();
            // The lowest bit, so that a bent cost stays cheap enough to try or is out of bounds.
            bent[place] ^= 1;
            assert!(open_with_passphrase(b"correct horse", "vault", &bent).is_err(), "byte {place}");
        }
    }

    #[test]
    fn a_cost_out_of_bounds_is_refused_before_any_memory_is_taken() {
        for (place, value) in [(4, u32::MAX), (4, MEMORY_KIB_MAX + 1), (4, MEMORY_KIB_MIN - 1), (8, 0), (8, 17)] {
            let mut bent = file();
            bent[place..place + 4].copy_from_slice(&value.to_be_bytes());
            assert_eq!(open_with_passphrase(b"x", "vault", &bent).unwrap_err(), KeyfileError::Malformed, "{value}");
        }
        assert!(Cost::new(MEMORY_KIB_MAX, PASSES_MAX).is_some());
        assert!(Cost::new(MEMORY_KIB_MIN, 1).is_some());
    }

    #[test]
    fn a_file_under_a_key_opens_for_its_purpose_only() {
        let file = seal_with_key(&[7; 32], "log", b"seed", &mut Seeded::new(2)).unwrap();
        assert_eq!(*open_with_key(&[7; 32], "log", &file).unwrap(), b"seed");
        assert_eq!(open_with_key(&[8; 32], "log", &file).unwrap_err(), KeyfileError::WrongKey);
        assert_eq!(open_with_key(&[7; 32], "tls", &file).unwrap_err(), KeyfileError::WrongKey);
        assert_eq!(open_with_key(&[7; 32], "log", &file[..20]).unwrap_err(), KeyfileError::Malformed);
        assert_eq!(open_with_key(&[7; 32], "log", b"").unwrap_err(), KeyfileError::Malformed);
    }

    #[test]
    fn what_a_passphrase_costs_stands_in_its_file_and_no_other_file_has_it() {
        let cost = Cost::new(64, 2).unwrap();
        let file = seal_with_passphrase(b"passphrase", "test", b"secret", cost, &mut Seeded::new(2)).unwrap();
        assert_eq!(cost_of(&file), Some(cost));
        assert_eq!(cost_of(&file[..HEADER_BYTES]), Some(cost), "the header says it");
        assert_eq!(cost_of(&file[..HEADER_BYTES - 1]), None);
        let other = seal_with_key(&[1; 32], "test", &[7; 200], &mut Seeded::new(2)).unwrap();
        assert_eq!(cost_of(&other), None);
    }

    #[test]
    fn a_file_that_is_too_long_or_too_short_is_no_key_file() {
        let cost = Cost::new(64, 1).unwrap();
        let file = seal_with_passphrase(b"passphrase", "test", b"", cost, &mut Seeded::new(2)).unwrap();
        assert_eq!(file.len(), HEADER_BYTES + TAG_BYTES);
        let open = |file: &[u8]| open_with_passphrase(b"passphrase", "test", file).map(|plain| plain.to_vec());
        assert_eq!(open(&file), Ok(Vec::new()));
        assert_eq!(open(&file[..file.len() - 1]), Err(KeyfileError::Malformed));
        let mut long = file.clone();
        long.resize(KEYFILE_BYTES_MAX, 0);
        assert_eq!(open(&long), Err(KeyfileError::WrongPassphrase), "as long as may be: it is tried");
        long.push(0);
        assert_eq!(open(&long), Err(KeyfileError::Malformed));

        let under_key = seal_with_key(&[1; 32], "test", b"", &mut Seeded::new(2)).unwrap();
        let open = |file: &[u8]| open_with_key(&[1; 32], "test", file).map(|plain| plain.to_vec());
        assert_eq!(open(&under_key), Ok(Vec::new()));
        assert_eq!(open(&under_key[..under_key.len() - 1]), Err(KeyfileError::Malformed));
        assert_eq!(open(&file), Err(KeyfileError::Malformed), "one under a passphrase");
    }
}
