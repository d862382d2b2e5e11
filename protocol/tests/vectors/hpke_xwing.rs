//! X-Wing and HPKE with it: our suite, 0x647a / 0x0001 / 0x0003.
//!
//! A vector's first message runs through the product's `setup_sender`, `setup_receiver`, `seal`, `open` and `export`.
//! The product seals once per context, so the nine later messages of a vector run on the crate's own context.

use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::XWing,
};
use rand_core::{Infallible, TryCryptoRng, TryRng};
use safeconduct_protocol::{
    crypto::kem::{KemPublic, KemSecret, setup_receiver, setup_sender},
    secret::Secret,
};
use serde_json::Value;

use crate::files::{array, bytes, counted, json};

/// The randomness that a vector prescribes, and not a byte more.
struct Prescribed(Vec<u8>);

impl TryRng for Prescribed {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("an encapsulation draws bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("an encapsulation draws bytes")
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&self.0);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Prescribed {}

fn secret(value: &Value) -> KemSecret {
    KemSecret::from_bytes(Secret::new(array(value).unwrap()))
}

/// Our suite's vectors of the working group's file.
fn ours() -> Vec<Value> {
    let all = json("hpke_pq_xwing_mlkem768.json");
    let ours = |v: &&Value| v["kem_id"] == 0x647a && v["kdf_id"] == 1 && v["aead_id"] == 3 && v["mode"] == 0;
    all.as_array().unwrap().iter().filter(ours).cloned().collect()
}

#[test]
fn the_drafts_keys_ciphertexts_and_secrets_come_out() {
    let cases = json("xwing_draft.json");
    let cases = cases.as_array().unwrap();

    for case in cases {
        let (sk, pk, eseed) = (secret(&case["sk"]), bytes(&case["pk"]), bytes(&case["eseed"]));
        assert_eq!(case["seed"], case["sk"], "the seed is the key");
        assert_eq!(sk.public().as_bytes().as_slice(), pk);

        let public = KemPublic::try_from(pk.as_slice()).unwrap();
        let (enc, sealing) = setup_sender(&public, b"", &mut Prescribed(eseed.clone())).unwrap();
        assert_eq!(enc.as_slice(), bytes(&case["ct"]));
        let opening = setup_receiver(&sk, &enc, b"").unwrap();
        assert_eq!(sealing.binding().ok(), opening.binding().ok());

        let key = <XWing as hpke::Kem>::PublicKey::from_bytes(&pk).unwrap();
        let (shared, _) = XWing::encap_with_rng(&key, None, &mut Prescribed(eseed)).unwrap();
        assert_eq!(shared.0.as_slice(), bytes(&case["ss"]));
    }

    counted("X-Wing draft", cases.len(), 3);
}

#[test]
fn the_working_groups_vectors_seal_open_and_export() {
    let mut messages = 0;
    for vector in ours() {
        let (sk, info, enc) = (secret(&vector["skRm"]), bytes(&vector["info"]), bytes(&vector["enc"]));
        let public = KemPublic::try_from(bytes(&vector["pkRm"]).as_slice()).unwrap();
        let first = &vector["encryptions"][0];
        let (aad, pt, ct) = (bytes(&first["aad"]), bytes(&first["pt"]), bytes(&first["ct"]));
        assert!(sk.public() == public);

        let (made, sealing) = setup_sender(&public, &info, &mut Prescribed(bytes(&vector["ikmE"]))).unwrap();
        let opening = setup_receiver(&sk, enc.as_slice().try_into().unwrap(), &info).unwrap();

        assert_eq!(made.as_slice(), enc);
        for export in vector["exports"].as_array().unwrap() {
            let context = bytes(&export["exporter_context"]);
            assert_eq!(sealing.export(&context).ok(), array(&export["exported_value"]));
            assert_eq!(opening.export(&context).ok(), array(&export["exported_value"]));
        }
        assert_eq!(sealing.seal(&aad, &pt).unwrap(), ct);
        assert_eq!(opening.open(&aad, &ct).unwrap().as_slice(), pt);
        messages += later_messages(&vector);
    }
    counted("HPKE X-Wing (our suite)", messages, 10);
}

/// All messages of a vector in their order, on one context of the crate below.
fn later_messages(vector: &Value) -> usize {
    let key = <XWing as hpke::Kem>::PrivateKey::from_bytes(&bytes(&vector["skRm"])).unwrap();
    let enc = <XWing as hpke::Kem>::EncappedKey::from_bytes(&bytes(&vector["enc"])).unwrap();
    let info = bytes(&vector["info"]);
    let mut opening =
        hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeR::Base, &key, &enc, &info).unwrap();
    let public = XWing::sk_to_pk(&key);
    let mut coins = Prescribed(bytes(&vector["ikmE"]));
    let (_, mut sealing) =
        hpke::setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeS::Base, &public, &info, &mut coins)
            .unwrap();
    let messages = vector["encryptions"].as_array().unwrap();
    for message in messages {
        let (aad, pt, ct) = (bytes(&message["aad"]), bytes(&message["pt"]), bytes(&message["ct"]));
        assert_eq!(sealing.seal(&pt, &aad).unwrap(), ct);
        assert_eq!(opening.open(&ct, &aad).unwrap(), pt);
    }
    messages.len()
}

/// Trap 21.
#[test]
fn input_of_derive_key_pair_taken_for_the_key_does_not_open() {
    for vector in ours() {
        let first = &vector["encryptions"][0];
        let (info, enc) = (bytes(&vector["info"]), bytes(&vector["enc"]));
        let wrong = secret(&vector["ikmR"]);

        let opening = setup_receiver(&wrong, enc.as_slice().try_into().unwrap(), &info).unwrap();
        let (derived, _) = XWing::derive_keypair(&bytes(&vector["ikmR"]));

        assert!(opening.open(&bytes(&first["aad"]), &bytes(&first["ct"])).is_err());
        assert_eq!(derived.to_bytes().as_slice(), bytes(&vector["skRm"]));
    }
}
