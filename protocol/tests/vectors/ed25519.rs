//! Ed25519: `VerifyingKey::try_from`, then `verify_raw`, the strict rule that every labelled signature ends in.

use safeconduct_protocol::crypto::{
    fixed::FixedKey,
    sign::{Signature, VerifyingKey},
};
use serde_json::Value;

use crate::files::{array, bytes, counted, json, wycheproof};

/// The product's verdict on one case, by either of its two ways to verify; they must agree.
fn verifies(key: &Value, message: &[u8], signature: &Value) -> bool {
    let key = array(key).and_then(|key| VerifyingKey::try_from(key).ok());
    let signature = array(signature).map(Signature::from_bytes);
    key.zip(signature).is_some_and(|(key, signature)| {
        let plain = key.verify_raw(message, &signature).is_ok();
        assert_eq!(FixedKey::new(key).verify_raw(message, &signature).is_ok(), plain);
        plain
    })
}

/// Traps 16 and 17.
#[test]
fn of_the_914_cctv_cases_only_the_honest_one_verifies() {
    let cases = json("cctv_ed25519.json");
    let cases = cases.as_array().unwrap();

    let accepted: Vec<&Value> =
        cases.iter().filter(|c| verifies(&c["key"], c["msg"].as_str().unwrap().as_bytes(), &c["sig"])).collect();

    assert_eq!(accepted.len(), 1);
    assert!(accepted[0]["flags"].is_null(), "the accepted case is the one without flags");
    counted("CCTV ed25519", cases.len(), 914);
}

#[test]
fn every_wycheproof_signature_gets_its_verdict() {
    let cases = wycheproof("wycheproof_ed25519.json");

    for (group, test) in &cases {
        let accepted = verifies(&group["publicKey"]["pk"], &bytes(&test["msg"]), &test["sig"]);
        assert_eq!(accepted, test["result"] == "valid", "case {}: {}", test["tcId"], test["comment"]);
    }

    counted("Wycheproof ed25519", cases.len(), 151);
}
