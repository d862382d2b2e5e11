//! X25519: the function that X-Wing calls, and our rule for what it must never be called with.

use safeconduct_protocol::crypto::low_order::is_low_order;

use crate::files::{array, counted, has_flag, wycheproof};

#[test]
fn shared_secrets_are_right_and_exactly_the_vanishing_ones_are_refused() {
    let cases = wycheproof("wycheproof_x25519.json");
    let mut refused = 0;

    for (_, test) in &cases {
        let public: [u8; 32] = array(&test["public"]).unwrap();
        let shared = x25519_dalek::x25519(array(&test["private"]).unwrap(), public);
        assert_eq!(Some(shared), array(&test["shared"]), "case {}", test["tcId"]);
        assert_eq!(is_low_order(&public), has_flag(test, "ZeroSharedSecret"), "case {}", test["tcId"]);
        assert_eq!(is_low_order(&public), shared == [0; 32], "case {}", test["tcId"]);
        refused += usize::from(is_low_order(&public));
    }

    assert_eq!(refused, 31);
    counted("Wycheproof x25519", cases.len(), 518);
}
