//! Labelled Ed25519 (`docs/PROTOCOL.md` §6): `sign(key, label, m) = Ed25519(key, label || 0x00 || u32(len m) || m)`.
//!
//! Verification is strict (RFC 8032 §5.1.7 with canonical S, no small-order A or R, cofactorless), and a key is only
//! taken when it is canonical and torsion-free: of the 914 CCTV cases exactly the one honest signature verifies.

use core::fmt;

use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};
use ed25519_dalek::Signer as _;

use super::hash::{HashLabel, hash};
use crate::{
    entropy::{Entropy, NoEntropy},
    id::KeyId,
    secret::{self, Secret},
};

/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;
/// Bytes of a public key.
pub const PUBLIC_KEY_BYTES: usize = 32;

/// What a signature is about. The list is closed; no label is a prefix of another, so that no signature made for one
/// purpose verifies for another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Label {
    /// A message's signed header.
    Message,
    /// A signed (last resort) prekey record.
    PrekeySigned,
    /// A one-time prekey record.
    PrekeyOnce,
    /// The recipient's daemon stored the message.
    ReceiptDelivered,
    /// A person there opened it.
    ReceiptRead,
    /// The agency declined it.
    ReceiptRefused,
    /// A prekey cannot be used.
    Nack,
    /// The relay may delete an envelope.
    Done,
    /// The relay took charge of an envelope.
    RelayAccepted,
    /// An envelope was not collected in time.
    RelayExpired,
    /// The state of a node's evidence.
    EvidenceHead,
    /// A registry leaf.
    NodeRecord,
    /// Consent of the old identity key, or of the succession key, to a new one.
    KeySuccession,
    /// Withdrawal of a registration.
    Revocation,
    /// The registry's size and root at a time.
    Timestamp,
    /// A node was restored from a backup.
    RestoreNotice,
    /// An authority's root file.
    RootFile,
    /// A request to be registered.
    EnrolRequest,
    /// What an authority hands to another that is to recognise it.
    Introduction,
    /// A registered node's request for a change of its own registration.
    ChangeRequest,
    /// An act on a referral that says neither that it was read nor that it was refused.
    CaseEvent,
}

impl Label {
    /// Every label.
    pub const ALL: [Self; 21] = [
        Self::Message,
        Self::PrekeySigned,
        Self::PrekeyOnce,
        Self::ReceiptDelivered,
        Self::ReceiptRead,
        Self::ReceiptRefused,
        Self::Nack,
        Self::Done,
        Self::RelayAccepted,
        Self::RelayExpired,
        Self::EvidenceHead,
        Self::NodeRecord,
        Self::KeySuccession,
        Self::Revocation,
        Self::Timestamp,
        Self::RestoreNotice,
        Self::RootFile,
        Self::EnrolRequest,
        Self::Introduction,
        Self::ChangeRequest,
        Self::CaseEvent,
    ];

    /// The label as it is signed, without the NUL byte that follows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "safeconduct/v1 message",
            Self::PrekeySigned => "safeconduct/v1 prekey-signed",
            Self::PrekeyOnce => "safeconduct/v1 prekey-once",
            Self::ReceiptDelivered => "safeconduct/v1 receipt-delivered",
            Self::ReceiptRead => "safeconduct/v1 receipt-read",
            Self::ReceiptRefused => "safeconduct/v1 receipt-refused",
            Self::Nack => "safeconduct/v1 nack",
            Self::Done => "safeconduct/v1 done",
            Self::RelayAccepted => "safeconduct/v1 relay-accepted",
            Self::RelayExpired => "safeconduct/v1 relay-expired",
            Self::EvidenceHead => "safeconduct/v1 evidence-head",
            Self::NodeRecord => "safeconduct/v1 node-record",
            Self::KeySuccession => "safeconduct/v1 key-succession",
            Self::Revocation => "safeconduct/v1 revocation",
            Self::Timestamp => "safeconduct/v1 timestamp",
            Self::RestoreNotice => "safeconduct/v1 restore-notice",
            Self::RootFile => "safeconduct/v1 root-file",
            Self::EnrolRequest => "safeconduct/v1 enrol-request",
            Self::Introduction => "safeconduct/v1 introduction",
            Self::ChangeRequest => "safeconduct/v1 change-request",
            Self::CaseEvent => "safeconduct/v1 case-event",
        }
    }

    /// The bytes that Ed25519 signs for `message` under this label.
    #[must_use]
    pub fn framed(self, message: &[u8]) -> Vec<u8> {
        let label = self.as_str().as_bytes();
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        [label, &[0], &length.to_be_bytes(), message].concat()
    }
}

/// An Ed25519 signature. Which bytes it is over is not in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; SIGNATURE_BYTES]);

impl Signature {
    /// Wraps bytes; whether they verify is seen at [`VerifyingKey::verify`].
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SIGNATURE_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes, as they travel.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SIGNATURE_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature")
    }
}

/// The signature is not one by this key over these bytes under this label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// Why a public key is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRefused {
    /// The bytes are no point of the curve.
    #[error("the public key is no point of the curve")]
    NotAPoint,
    /// The point has another, canonical encoding.
    #[error("the public key is not in its canonical encoding")]
    NonCanonical,
    /// A point of small order: signatures by it prove nothing.
    #[error("the public key has small order")]
    SmallOrder,
    /// A point with a small-order part: verifiers would disagree about its signatures.
    #[error("the public key is not torsion-free")]
    MixedOrder,
}

impl KeyRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::NotAPoint | Self::NonCanonical => "ask for the key again; it was damaged or badly made",
            Self::SmallOrder | Self::MixedOrder => "refuse whoever offers it: honest software makes no such key",
        }
    }
}

/// An Ed25519 private key, wiped on drop. On the heap, so that moving the value copies no secret.
pub struct SigningKey(Box<ed25519_dalek::SigningKey>);

impl SigningKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`NoEntropy`] as the source says.
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self::from_seed(Secret::random(entropy)?))
    }

    /// The key of an RFC 8032 seed.
    #[must_use]
    pub fn from_seed(seed: Secret<32>) -> Self {
        secret::and_wipe_the_stack(|| Self(Box::new(ed25519_dalek::SigningKey::from_bytes(seed.reveal()))))
    }

    /// The seed, to be stored under the vault's key.
    #[must_use]
    pub fn seed(&self) -> Secret<32> {
        Secret::new(self.0.to_bytes())
    }

    /// Signs `message` under `label`.
    #[must_use]
    pub fn sign(&self, label: Label, message: &[u8]) -> Signature {
        self.sign_raw(&label.framed(message))
    }

    /// Ed25519 over exactly these bytes: for C2SP notes, which have no label of ours, and for published vectors.
    pub(crate) fn sign_raw(&self, bytes: &[u8]) -> Signature {
        Signature(self.0.sign(bytes).to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }
}

/// An Ed25519 public key that is canonical and torsion-free.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// The bytes, as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; PUBLIC_KEY_BYTES] {
        self.0.as_bytes()
    }

    /// The key's point.
    pub(super) fn point(&self) -> EdwardsPoint {
        self.0.to_edwards()
    }

    /// `H("key-id", 1 || public key)`.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        Self::key_id_of(self.as_bytes())
    }

    /// The same of bytes that were found to be a key before: that costs far more than the hash.
    #[must_use]
    pub fn key_id_of(public: &[u8; PUBLIC_KEY_BYTES]) -> KeyId {
        KeyId::from_bytes(hash(HashLabel::KeyId, &[&[1], public]))
    }

    /// Checks that this key signed `message` under `label`.
    ///
    /// # Errors
    /// [`BadSignature`], whatever the cause.
    pub fn verify(&self, label: Label, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        self.verify_raw(&label.framed(message), signature)
    }

    /// Strict Ed25519 over exactly these bytes, no label: what [`Self::verify`] ends in, and what published vectors
    /// are run against. Signed objects of this protocol always go through [`Self::verify`].
    ///
    /// # Errors
    /// [`BadSignature`], whatever the cause.
    pub fn verify_raw(&self, bytes: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(bytes, &signature).ok().ok_or(BadSignature)
    }
}

impl TryFrom<[u8; PUBLIC_KEY_BYTES]> for VerifyingKey {
    type Error = KeyRefused;

    fn try_from(bytes: [u8; PUBLIC_KEY_BYTES]) -> Result<Self, Self::Error> {
        let point = CompressedEdwardsY(bytes).decompress().ok_or(KeyRefused::NotAPoint)?;
        if point.is_small_order() {
            return Err(KeyRefused::SmallOrder);
        }
        let key = ed25519_dalek::VerifyingKey::from(point);
        if *key.as_bytes() != bytes {
            return Err(KeyRefused::NonCanonical);
        }
        if is_torsion_free(&point) { Ok(Self(key)) } else { Err(KeyRefused::MixedOrder) }
    }
}

/// Whether ℓ·P is nothing, asked as (ℓ − 1)·P = −P, because ℓ itself is no reduced scalar. Keys are public, so the time that
/// it takes may depend on the point.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "negation in the group and in its field: it neither overflows nor panics"
)]
fn is_torsion_free(point: &EdwardsPoint) -> bool {
    EdwardsPoint::vartime_double_scalar_mul_basepoint(&-Scalar::ONE, point, &Scalar::ZERO) == -point
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.key_id().short())
    }
}
