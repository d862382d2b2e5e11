//! ChaCha20-Poly1305: the crate that HPKE calls for every envelope, and the vault and directory for their records.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit as _,
    aead::{Aead as _, Payload},
};

use crate::files::{array, bytes, counted, wycheproof};

#[test]
fn every_wycheproof_ciphertext_opens_or_is_refused_as_it_must() {
    let cases = wycheproof("wycheproof_chacha20_poly1305.json");

    for (_, test) in &cases {
        let cipher = ChaCha20Poly1305::new_from_slice(&bytes(&test["key"])).unwrap();
        let sealed = [bytes(&test["ct"]), bytes(&test["tag"])].concat();
        let (message, aad) = (bytes(&test["msg"]), bytes(&test["aad"]));

        let opened = array::<12>(&test["iv"])
            .and_then(|nonce| cipher.decrypt(&nonce.into(), Payload { msg: &sealed, aad: &aad }).ok());

        if test["result"] == "valid" {
            assert_eq!(opened.as_deref(), Some(message.as_slice()), "case {}", test["tcId"]);
            let nonce = array::<12>(&test["iv"]).unwrap();
            let again = cipher.encrypt(&nonce.into(), Payload { msg: &message, aad: &aad }).unwrap();
            assert_eq!(again, sealed, "case {}", test["tcId"]);
        } else {
            assert_eq!(opened, None, "case {}", test["tcId"]);
        }
    }

    counted("Wycheproof chacha20-poly1305", cases.len(), 325);
}
