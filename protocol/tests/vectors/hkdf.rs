//! HKDF-SHA256: the function that seeds an encapsulation's coins.

use safeconduct_protocol::crypto::coins::hkdf_sha256;

use crate::files::{bytes, counted, wycheproof};

#[test]
fn every_wycheproof_expansion_is_right_or_refused() {
    let cases = wycheproof("wycheproof_hkdf_sha256.json");

    for (_, test) in &cases {
        let mut output = vec![0; usize::try_from(test["size"].as_u64().unwrap()).unwrap()];
        let (salt, ikm, info) = (bytes(&test["salt"]), bytes(&test["ikm"]), bytes(&test["info"]));

        let filled = hkdf_sha256(Some(&salt), &ikm, &info, &mut output);

        if test["result"] == "valid" {
            assert_eq!(filled, Ok(()), "case {}", test["tcId"]);
            assert_eq!(output, bytes(&test["okm"]), "case {}", test["tcId"]);
        } else {
            assert!(filled.is_err(), "case {}", test["tcId"]);
        }
    }

    counted("Wycheproof hkdf-sha256", cases.len(), 86);
}
