//! What crosses the port as a file: scopes, forms, and that nothing is there where nothing is.

use super::*;

const DOCUMENT: &str = "0a0b0c0d0a0b0c0d0a0b0c0d0a0b0c0d";

#[test]
fn files_have_their_scopes_and_a_body_that_passes_is_not_held_to_the_length_of_others() {
    served(&[&|served| {
        let [read, act, reports, audit] =
            ["read", "act", "reports", "audit"].map(|scope| served.token(scope, &[scope]));
        let put = format!("PUT /v1/referrals/{DOCUMENT}/documents/6b1e4a0f-0000-4000-8000-000000000001");
        let content = format!("GET /v1/documents/{DOCUMENT}/content");
        let evidence = format!("GET /v1/evidence/{DOCUMENT}/file");
        for (line, token) in [
            (put.as_str(), &read),
            (&put, &reports),
            (&content, &act),
            (&evidence, &act),
            ("GET /v1/audit/csv", &read),
            ("GET /v1/audit/csv", &reports),
            ("GET /v1/reports/received", &audit),
            ("GET /v1/reports/received", &act),
        ] {
            let (status, answer) = served.ask(line, token, &[], "");
            assert_eq!((status, code(&answer).as_str()), (403, "scope-missing"), "{line}");
        }
        // Longer than any other body may be: it is refused for what it is, and was not read for that.
        let long = "x".repeat(crate::api::BODY_BYTES_MAX + 1);
        let (status, answer) = served.ask(&put, &act, &[], &long[..100]);
        assert_eq!((status, code(&answer).as_str()), (404, "unknown-referral"));
        let (status, answer) = served.ask("POST /v1/enquire", &act, &[], &long);
        assert_eq!((status, code(&answer).as_str()), (413, "too-long"));
        assert_eq!(served.ask(&content, &read, &[], "").0, 404);
        assert_eq!(code(&served.ask(&evidence, &read, &[], "").1), "not-enrolled");
        assert_eq!(served.ask("GET /v1/audit/pdf", &audit, &[], "").0, 400);
        assert_eq!(served.ask("GET /v1/audit/csv?since=yesterday", &audit, &[], "").0, 400);
        assert_eq!(served.ask("GET /v1/reports/received?period=2026-Q5", &reports, &[], "").0, 400);
        assert_eq!(served.ask("GET /v1/reports/received", &reports, &[], "").0, 200);
    }]);
}
