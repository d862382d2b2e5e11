//! X-Wing keys and HPKE base mode with one seal per context (RFC 9180 §5.1.1; KEM 0x647a, KDF 0x0001, AEAD 0x0003).
//!
//! Only base mode can be reached from here: the crate below panics when X-Wing is used in Auth mode. A private key is
//! the 32-byte X-Wing seed itself, never the input of HPKE's `DeriveKeyPair`, which makes another key of it.

use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _,
    aead::{AeadCtxR, AeadCtxS, ChaCha20Poly1305},
    kdf::HkdfSha256,
    kem::XWing,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    coins,
    hash::{HashLabel, hash},
    low_order::is_low_order,
};
use crate::{
    entropy::{Entropy, NoEntropy},
    layout,
    secret::{self, Secret},
};

/// Bytes of an X-Wing public key: ML-KEM-768 1184, then X25519 32.
pub const KEM_PUBLIC_BYTES: usize = 1216;
/// Bytes of an encapsulated key: ML-KEM-768 ciphertext 1088, then X25519 32.
pub const ENC_BYTES: usize = 1120;
/// Bytes of a private key: the X-Wing seed.
pub const KEM_SECRET_BYTES: usize = 32;
/// Bytes of the AEAD's tag, last in every ciphertext.
pub const TAG_BYTES: usize = 16;
/// Longest `info`; ours are at most 110 bytes, and the crate below panics at 64 KiB.
pub const INFO_BYTES_MAX: usize = 1024;

/// Where the X25519 half of a public key starts.
const PUBLIC_X25519_AT: usize = 1184;
/// Where the X25519 half of an encapsulated key starts.
const ENC_X25519_AT: usize = 1088;

/// The label of the exported binding.
const BINDING: &[u8] = b"safeconduct/v1 binding";

/// Why a public key is not sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KemKeyRefused {
    /// Not 1216 bytes.
    #[error("an X-Wing public key is {KEM_PUBLIC_BYTES} bytes long")]
    Length,
    /// The ML-KEM half holds a coefficient that is not reduced (FIPS 203 §7.2).
    #[error("the ML-KEM half of the key is not valid")]
    MlKem,
    /// The X25519 half is of low order: only ML-KEM would protect what is sealed to it.
    #[error("the X25519 half of the key has low order")]
    LowOrder,
}

impl KemKeyRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Length | Self::MlKem => "ask for the key again; it was damaged or badly made",
            Self::LowOrder => "refuse whoever offers it: honest software makes no such key",
        }
    }
}

/// Why nothing was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// No randomness.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
    /// `info` is longer than [`INFO_BYTES_MAX`].
    #[error("the context information is longer than {INFO_BYTES_MAX} bytes")]
    InfoTooLong,
    /// The sealing itself failed.
    #[error("sealing failed")]
    Seal,
}

impl SealError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NoEntropy(_) => "check the operating system's random source, then retry",
            Self::InfoTooLong | Self::Seal => "this is a defect; report it with the version",
        }
    }
}

/// The bytes cannot be opened with this key. One event for every cause, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes cannot be opened with this key")]
pub struct CannotOpen;

/// An X-Wing private key, wiped on drop.
pub struct KemSecret(Secret<KEM_SECRET_BYTES>);

impl KemSecret {
    /// A fresh key: 32 bytes of entropy, derived from nothing.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(Secret::random(entropy)?))
    }

    /// A key that was stored: the X-Wing seed.
    #[must_use]
    pub const fn from_bytes(seed: Secret<KEM_SECRET_BYTES>) -> Self {
        Self(seed)
    }

    /// The seed, to be stored under the vault's key.
    #[must_use]
    pub const fn seed(&self) -> &Secret<KEM_SECRET_BYTES> {
        &self.0
    }

    /// A second copy, for a second owner.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }

    /// The public half. It needs no check: ML-KEM makes reduced keys only, and a clamped scalar times the base point
    /// is of prime order.
    #[must_use]
    pub fn public(&self) -> KemPublic {
        let key = secret::and_wipe_the_stack(|| XWing::sk_to_pk(&self.key()));
        let mut bytes = Box::new([0; KEM_PUBLIC_BYTES]);
        key.write_exact(bytes.as_mut_slice());
        KemPublic { key: Box::new(key), bytes }
    }

    /// The key as the crate below wants it.
    #[expect(clippy::expect_used, reason = "from_bytes checks the length alone, and the length is in the type")]
    fn key(&self) -> <XWing as hpke::Kem>::PrivateKey {
        <XWing as hpke::Kem>::PrivateKey::from_bytes(self.0.reveal()).expect("a seed is 32 bytes")
    }
}

/// An X-Wing public key whose both halves are sound.
#[derive(Clone, PartialEq, Eq)]
pub struct KemPublic {
    key: Box<<XWing as hpke::Kem>::PublicKey>,
    bytes: Box<[u8; KEM_PUBLIC_BYTES]>,
}

impl KemPublic {
    /// The bytes, as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; KEM_PUBLIC_BYTES] {
        &self.bytes
    }
}

impl TryFrom<&[u8]> for KemPublic {
    type Error = KemKeyRefused;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        let bytes: [u8; KEM_PUBLIC_BYTES] = bytes.try_into().ok().ok_or(KemKeyRefused::Length)?;
        let key = <XWing as hpke::Kem>::PublicKey::from_bytes(&bytes).ok().ok_or(KemKeyRefused::MlKem)?;
        let x25519 = layout::field(&bytes, PUBLIC_X25519_AT).ok_or(KemKeyRefused::Length)?;
        if is_low_order(&x25519) {
            return Err(KemKeyRefused::LowOrder);
        }
        Ok(Self { key: Box::new(key), bytes: Box::new(bytes) })
    }
}

/// Whether the X25519 half of an encapsulated key is of low order.
#[must_use]
pub fn enc_is_low_order(enc: &[u8; ENC_BYTES]) -> bool {
    layout::field(enc, ENC_X25519_AT).is_none_or(|u| is_low_order(&u))
}

/// The sender's side of one encapsulation. It seals once, then it is gone:
///
/// ```compile_fail,E0382
/// # use safeconduct_protocol::crypto::kem::SealContext;
/// fn twice(context: SealContext) {
///     context.seal(b"", b"one").ok();
///     context.seal(b"", b"two").ok();
/// }
/// ```
pub struct SealContext(AeadCtxS<ChaCha20Poly1305, HkdfSha256, XWing>);

/// Encapsulates to `key` with coins from `coins` (RFC 9180 §5.1.1 `SetupBaseS`).
///
/// The product takes its coins from [`coins::hedged`] and nowhere else; a published vector brings its own.
///
/// # Errors
/// [`SealError`], never for want of entropy.
pub fn setup_sender(
    key: &KemPublic,
    info: &[u8],
    coins: &mut impl CryptoRng,
) -> Result<(Box<[u8; ENC_BYTES]>, SealContext), SealError> {
    if info.len() > INFO_BYTES_MAX {
        return Err(SealError::InfoTooLong);
    }
    let (enc, context) =
        hpke::setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeS::Base, &key.key, info, coins)
            .ok()
            .ok_or(SealError::Seal)?;
    let enc: [u8; ENC_BYTES] = enc.to_bytes().as_slice().try_into().ok().ok_or(SealError::Seal)?;
    Ok((Box::new(enc), SealContext(context)))
}

impl SealContext {
    /// `Export("safeconduct/v1 binding", 32)`: what ties a signature to this very context.
    ///
    /// # Errors
    /// [`SealError::Seal`].
    pub fn binding(&self) -> Result<[u8; 32], SealError> {
        self.export(BINDING)
    }

    /// RFC 9180 §5.3 `Export`, 32 bytes.
    ///
    /// # Errors
    /// [`SealError::Seal`].
    pub fn export(&self, label: &[u8]) -> Result<[u8; 32], SealError> {
        let mut output = [0; 32];
        self.0.export(label, &mut output).ok().ok_or(SealError::Seal)?;
        Ok(output)
    }

    /// Seals the one message of this context: ciphertext, then tag.
    ///
    /// # Errors
    /// [`SealError::Seal`].
    pub fn seal(mut self, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.seal(plaintext, aad).ok().ok_or(SealError::Seal)
    }
}

/// The recipient's side of one encapsulation. It opens once, then it is gone.
pub struct OpenContext(AeadCtxR<ChaCha20Poly1305, HkdfSha256, XWing>);

/// Decapsulates `enc` (RFC 9180 §5.1.1 `SetupBaseR`).
///
/// # Errors
/// [`CannotOpen`]; also for a low-order X25519 half.
pub fn setup_receiver(secret: &KemSecret, enc: &[u8; ENC_BYTES], info: &[u8]) -> Result<OpenContext, CannotOpen> {
    if info.len() > INFO_BYTES_MAX || enc_is_low_order(enc) {
        return Err(CannotOpen);
    }
    let enc = <XWing as hpke::Kem>::EncappedKey::from_bytes(enc).ok().ok_or(CannotOpen)?;
    let base = OpModeR::Base;
    secret::and_wipe_the_stack(|| {
        hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(&base, &secret.key(), &enc, info)
    })
    .map(OpenContext)
    .ok()
    .ok_or(CannotOpen)
}

impl OpenContext {
    /// The same bytes as [`SealContext::binding`].
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn binding(&self) -> Result<[u8; 32], CannotOpen> {
        self.export(BINDING)
    }

    /// RFC 9180 §5.3 `Export`, 32 bytes.
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn export(&self, label: &[u8]) -> Result<[u8; 32], CannotOpen> {
        let mut output = [0; 32];
        self.0.export(label, &mut output).ok().ok_or(CannotOpen)?;
        Ok(output)
    }

    /// Opens the one message of this context.
    ///
    /// # Errors
    /// [`CannotOpen`].
    pub fn open(mut self, aad: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        self.0.open(ciphertext, aad).map(Zeroizing::new).ok().ok_or(CannotOpen)
    }
}

/// Encapsulates and seals one message: `enc || ciphertext`. For enrolment; envelopes go through
/// [`Draft`](crate::envelope::draft::Draft).
///
/// # Errors
/// [`SealError`].
pub fn seal_once(
    key: &KemPublic,
    info: &[u8],
    aad: &[u8],
    plaintext: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let commits_to = hash(HashLabel::Encap, &[info, aad, plaintext]);
    let mut coins = coins::hedged(&Secret::new([0; 32]), &commits_to, entropy)?;
    let (enc, context) = setup_sender(key, info, &mut coins)?;
    let ciphertext = context.seal(aad, plaintext)?;
    Ok([enc.as_slice(), &ciphertext].concat())
}

/// Opens what [`seal_once`] sealed.
///
/// # Errors
/// [`CannotOpen`].
pub fn open_once(secret: &KemSecret, info: &[u8], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
    let (enc, ciphertext) = sealed.split_first_chunk::<ENC_BYTES>().ok_or(CannotOpen)?;
    setup_receiver(secret, enc, info)?.open(aad, ciphertext)
}
