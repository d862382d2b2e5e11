//! Strict Ed25519 under one key, many thousand times: the registry's log is signed by one registrar, and a node that joins
//! verifies all of it.
//!
//! RFC 8032 §5.1.7 asks for `S·B − k·A`. Both points are known beforehand, so the multiples of either by every digit of a
//! scalar are, too: a verification is 64 additions and no doubling. The verdict is that of
//! [`VerifyingKey::verify_raw`], for every signature: canonical `S`, no small-order `R`, cofactorless.

use std::sync::{Arc, OnceLock};

use curve25519_dalek::{
    constants::ED25519_BASEPOINT_POINT,
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
    traits::Identity as _,
};
use sha2::{Digest as _, Sha512};

use super::sign::{BadSignature, Label, Signature, VerifyingKey};

/// Digits of a scalar below 2^253 to the base 256, from −128 to 127.
const DIGITS: usize = 32;
/// Multiples that are kept of each power: by 1 to 128. The others are their negatives.
const MULTIPLES: usize = 128;

/// A public key with the multiples of it at hand, 0.7 MB. Cheap to clone.
#[derive(Clone)]
pub struct FixedKey {
    key: VerifyingKey,
    /// Of the key's negative.
    multiples: Arc<Multiples>,
}

impl FixedKey {
    /// Computes the multiples: as long as some fifty verifications.
    #[must_use]
    pub fn new(key: VerifyingKey) -> Self {
        Self { multiples: Arc::new(Multiples::of(negative(key.point()))), key }
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// Checks that the key signed `message` under `label`.
    ///
    /// # Errors
    /// [`BadSignature`], exactly where [`VerifyingKey::verify`] says so.
    pub fn verify(&self, label: Label, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        self.verify_raw(&label.framed(message), signature)
    }

    /// Strict Ed25519 over exactly these bytes, no label; see [`VerifyingKey::verify_raw`].
    ///
    /// # Errors
    /// [`BadSignature`], whatever the cause.
    pub fn verify_raw(&self, bytes: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let point = self.r_of(bytes, signature).ok_or(BadSignature)?;
        is_r(&point.compress(), &point, signature)
    }

    /// The same of many at once, each message under `label`, in their order: what each costs to encode is shared.
    #[must_use]
    pub fn verify_each(&self, label: Label, signed: &[(&[u8], &Signature)]) -> Vec<Result<(), BadSignature>> {
        let points: Vec<Option<EdwardsPoint>> =
            signed.iter().map(|(message, signature)| self.r_of(&label.framed(message), signature)).collect();
        let there: Vec<EdwardsPoint> = points.iter().copied().flatten().collect();
        let mut encoded = EdwardsPoint::compress_batch_alloc(&there).into_iter();
        let verdict = |(point, (_, signature)): (Option<EdwardsPoint>, &(&[u8], &Signature))| {
            let point = point.ok_or(BadSignature)?;
            is_r(&encoded.next().ok_or(BadSignature)?, &point, signature)
        };
        points.into_iter().zip(signed).map(verdict).collect()
    }

    /// What R must be; none when S is not canonical.
    fn r_of(&self, bytes: &[u8], signature: &Signature) -> Option<EdwardsPoint> {
        let (r, s) = signature.as_bytes().split_first_chunk::<32>()?;
        let s = Option::<Scalar>::from(Scalar::from_canonical_bytes(s.try_into().ok()?))?;
        let hash = Sha512::new().chain_update(r).chain_update(self.key.as_bytes()).chain_update(bytes).finalize();
        let k = Scalar::from_bytes_mod_order_wide(&hash.into());
        let mut sum = EdwardsPoint::identity();
        base().add_product(&mut sum, &s);
        self.multiples.add_product(&mut sum, &k);
        Some(sum)
    }
}

/// The bytes of R are compared with the one encoding of what it must be: another encoding is refused, as are bytes that are no
/// point. So what is left to ask of R can be asked of that point.
fn is_r(encoded: &CompressedEdwardsY, point: &EdwardsPoint, signature: &Signature) -> Result<(), BadSignature> {
    let same = signature.as_bytes().starts_with(encoded.as_bytes());
    if same && !point.is_small_order() { Ok(()) } else { Err(BadSignature) }
}

fn base() -> &'static Multiples {
    static BASE: OnceLock<Multiples> = OnceLock::new();
    BASE.get_or_init(|| Multiples::of(ED25519_BASEPOINT_POINT))
}

/// `m · 256^i · P` for each digit `i` and each multiple `m`.
struct Multiples(Vec<EdwardsPoint>);

#[expect(clippy::arithmetic_side_effects, reason = "the group's addition: it neither overflows nor panics")]
impl Multiples {
    fn of(point: EdwardsPoint) -> Self {
        let mut all = Vec::with_capacity(DIGITS.saturating_mul(MULTIPLES));
        let mut power = point;
        for _ in 0..DIGITS {
            let mut multiple = power;
            for _ in 1..MULTIPLES {
                all.push(multiple);
                multiple += power;
            }
            all.push(multiple);
            // 128 times the power, twice.
            power = multiple + multiple;
        }
        Self(all)
    }

    /// Adds `scalar · P`. Its time depends on the scalar: signatures and keys are public.
    fn add_product(&self, sum: &mut EdwardsPoint, scalar: &Scalar) {
        for (digit, multiples) in digits(scalar).into_iter().zip(self.0.chunks_exact(MULTIPLES)) {
            let multiple = usize::from(digit.unsigned_abs()).checked_sub(1).and_then(|place| multiples.get(place));
            match multiple {
                Some(multiple) if digit > 0 => *sum += multiple,
                Some(multiple) => *sum -= multiple,
                None => {}
            }
        }
    }
}

#[expect(clippy::arithmetic_side_effects, reason = "the group's negation: it neither overflows nor panics")]
fn negative(point: EdwardsPoint) -> EdwardsPoint {
    -point
}

/// The signed digits of a scalar, the lowest first. A reduced scalar is below 2^253, so nothing is carried out of the last.
fn digits(scalar: &Scalar) -> [i16; DIGITS] {
    let mut digits = [0; DIGITS];
    let mut carry = 0_i16;
    for (digit, byte) in digits.iter_mut().zip(scalar.as_bytes()) {
        let value = i16::from(*byte).saturating_add(carry);
        carry = i16::from(value > 128);
        *digit = value.saturating_sub(carry.saturating_mul(256));
    }
    digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{crypto::sign::SigningKey, secret::Secret};

    fn pair(seed: u8) -> (SigningKey, FixedKey) {
        let key = SigningKey::from_seed(Secret::new([seed; 32]));
        let fixed = FixedKey::new(key.verifying_key());
        (key, fixed)
    }

    #[test]
    fn every_flipped_bit_of_a_signature_is_refused_by_either_way() {
        let (key, fixed) = pair(1);
        let signature = *key.sign(Label::NodeRecord, b"a leaf").as_bytes();
        assert!(fixed.verify(Label::NodeRecord, b"a leaf", &Signature::from_bytes(signature)).is_ok());
        assert!(fixed.verify(Label::KeySuccession, b"a leaf", &Signature::from_bytes(signature)).is_err());
        for place in 0..signature.len() {
            for bit in 0..8 {
                let mut bent = signature;
                bent[place] ^= 1 << bit;
                assert!(fixed.verify(Label::NodeRecord, b"a leaf", &Signature::from_bytes(bent)).is_err());
            }
        }
    }

    #[test]
    fn digits_make_up_their_scalar() {
        for bytes in [[0; 32], [0xff; 32], [0x80; 32], [0x7f; 32], [0x81; 32]] {
            let scalar = Scalar::from_bytes_mod_order(bytes);
            let mut product = EdwardsPoint::identity();
            base().add_product(&mut product, &scalar);
            assert_eq!(product, EdwardsPoint::mul_base(&scalar));
        }
    }

    proptest! {
        #[test]
        fn both_ways_agree_on_every_message_and_on_noise(
            message in prop::collection::vec(any::<u8>(), 0..300), noise in any::<[u8; 32]>(), seed in any::<u8>(),
        ) {
            let (key, fixed) = pair(seed);
            let signature = key.sign_raw(&message);
            prop_assert!(fixed.verify_raw(&message, &signature).is_ok());
            let [mut front, mut back] = [*signature.as_bytes(); 2];
            front[..32].copy_from_slice(&noise);
            back[32..].copy_from_slice(&noise);
            let bent = [front, back].map(Signature::from_bytes);
            for bent in &bent {
                let plain = key.verifying_key().verify_raw(&message, bent);
                prop_assert_eq!(fixed.verify_raw(&message, bent), plain);
            }
            let labelled = key.sign(Label::NodeRecord, &message);
            let each = [&bent[0], &labelled, &bent[1], &labelled, &signature].map(|one| (message.as_slice(), one));
            let alone = each.map(|(message, one)| key.verifying_key().verify(Label::NodeRecord, message, one));
            prop_assert_eq!(fixed.verify_each(Label::NodeRecord, &each), alone.to_vec());
        }
    }
}
