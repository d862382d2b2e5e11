//! ML-KEM-768: keys through our own `KemPublic`, encapsulation and decapsulation through the crate that X-Wing calls.

#[expect(deprecated, reason = "these vectors hold expanded keys; the product knows seeds only")]
use ml_kem::ExpandedKeyEncoding as _;
use ml_kem::{
    KeyExport as _,
    kem::{Decapsulate as _, TryKeyInit as _},
    ml_kem_768::{Ciphertext, DecapsulationKey, EncapsulationKey},
};
use safeconduct_protocol::crypto::kem::{KEM_PUBLIC_BYTES, KemKeyRefused, KemPublic};

use crate::files::{array, bytes, cctv, counted, text, wycheproof};

/// A sound X25519 half: the base point.
const X25519_BASE: [u8; 32] = {
    let mut u = [0; 32];
    u[0] = 9;
    u
};

/// The product's verdict on an X-Wing key with this ML-KEM half.
fn as_prekey(ml_kem: &[u8]) -> Result<KemPublic, KemKeyRefused> {
    KemPublic::try_from([ml_kem, &X25519_BASE].concat().as_slice())
}

/// What the crate below makes of an expanded private key and a ciphertext; none when it refuses either.
#[expect(deprecated, reason = "these vectors hold expanded keys; the product knows seeds only")]
fn decapsulate(dk: &[u8], c: &[u8]) -> Option<Vec<u8>> {
    let dk = DecapsulationKey::from_expanded_bytes(dk.try_into().ok()?).ok()?;
    let c = Ciphertext::try_from(c).ok()?;
    Some(dk.decapsulate(&c).to_vec())
}

/// Trap 23.
#[test]
fn every_key_with_a_coefficient_that_is_not_reduced_is_refused() {
    let text = text("cctv_mlkem768_modulus.txt");
    let mut ran = 0;

    for line in text.lines() {
        let half = hex::decode(line).unwrap();
        assert_eq!(half.len() + X25519_BASE.len(), KEM_PUBLIC_BYTES);
        assert_eq!(as_prekey(&half).err(), Some(KemKeyRefused::MlKem), "line {}", ran + 1);
        ran += 1;
    }

    counted("CCTV ML-KEM-768 modulus", ran, 780);
}

#[test]
fn implicit_rejection_compares_all_bytes() {
    let file = "cctv_mlkem768_strcmp.txt";

    let shared = decapsulate(&cctv(file, "dk"), &cctv(file, "c"));

    assert_eq!(shared, Some(cctv(file, "K")));
    counted("CCTV ML-KEM-768 strcmp", 1, 1);
}

#[test]
fn an_unlucky_sample_is_sampled_to_its_end() {
    let file = "cctv_mlkem768_unluckysample.txt";
    let (ek, m) = (cctv(file, "ek"), cctv(file, "m"));

    assert!(as_prekey(&ek).is_ok());
    let key = EncapsulationKey::new_from_slice(&ek).unwrap();
    let (c, shared) = key.encapsulate_deterministic(&m.as_slice().try_into().unwrap());

    assert_eq!(c.to_vec(), cctv(file, "c"));
    assert_eq!(shared.to_vec(), cctv(file, "K"));
    assert_eq!(decapsulate(&cctv(file, "dk"), &c), Some(cctv(file, "K")));
    counted("CCTV ML-KEM-768 unluckysample", 1, 1);
}

#[test]
fn every_wycheproof_decapsulation_from_a_seed_is_right_or_refused() {
    let cases = wycheproof("wycheproof_mlkem_768.json");

    for (_, test) in &cases {
        let shared = array::<64>(&test["seed"]).and_then(|seed| {
            let key = DecapsulationKey::from_seed(seed.into());
            let public = key.encapsulation_key().to_bytes();
            assert_eq!(public.as_slice(), bytes(&test["ek"]), "case {}", test["tcId"]);
            assert!(as_prekey(&public).is_ok(), "case {}", test["tcId"]);
            let c = Ciphertext::try_from(bytes(&test["c"]).as_slice()).ok()?;
            Some(key.decapsulate(&c).to_vec())
        });
        let expected = (test["result"] == "valid").then(|| bytes(&test["K"]));
        assert_eq!(shared, expected, "case {}: {}", test["tcId"], test["comment"]);
    }

    counted("Wycheproof ML-KEM-768", cases.len(), 193);
}

#[test]
fn every_wycheproof_expanded_key_decapsulates_or_is_refused() {
    let cases = wycheproof("wycheproof_mlkem_768_semi_expanded_decaps.json");

    for (_, test) in &cases {
        let shared = decapsulate(&bytes(&test["dk"]), &bytes(&test["c"]));
        let expected = (test["result"] == "valid").then(|| bytes(&test["K"]));
        assert_eq!(shared, expected, "case {}: {}", test["tcId"], test["comment"]);
    }

    counted("Wycheproof ML-KEM-768 semi-expanded", cases.len(), 9);
}
