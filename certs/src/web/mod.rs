//! What the pages that our programs serve to a browser on the same machine have in common.
//!
//! A loopback address is no boundary: every account of the machine can connect to it, and any website can make a browser do so. A
//! request must therefore name our host (a name that DNS has turned to 127.0.0.1 names its own), and a write must come from our own
//! pages; who may see anything at all, each page decides by its own cookie.
//!
//! # Layout
//! - [`door`]: host, method and origin of a request; the marks of forms
//! - [`seats`]: so many connections at once · [`fields`]: what a form brings back
//! - [`words`]: languages · [`harden`]: the headers of every answer

pub mod door;
pub mod fields;
pub mod seats;
pub mod words;

use axum::{
    http::{
        HeaderValue,
        header::{self, HeaderName},
    },
    response::Response,
};

/// The style sheet of every page.
pub const STYLE: &str = include_str!("../../templates/page.css");
/// The picture of every page's tab.
pub const ICON: &str = include_str!("../../templates/page.svg");

const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
    // Not `no-referrer`: with that, a form's origin is `null`.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// A file that is handed over is no page of ours, whatever is in it: if a browser shows it all the same, it has no origin and runs nothing.
const OF_FILES: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Gives an answer the headers that every answer has: no script or style but our own, no frame, nothing kept.
pub async fn harden(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if response.headers().contains_key(header::CONTENT_DISPOSITION) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(OF_FILES));
    }
    std::future::ready(response).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_answer_keeps_to_its_own_origin_and_a_file_has_none() {
        const OURS: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                            form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        let mut lax = Response::default();
        lax.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src *"));
        lax.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
        let page = harden(lax).await;
        let expected = [
            ("content-security-policy", OURS),
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ];
        for (name, value) in expected {
            let all: Vec<_> = page.headers().get_all(name).iter().collect();
            assert_eq!(all, [value], "{name}");
        }

        let mut file = Response::default();
        file.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
        let file = harden(file).await;
        let policy: Vec<_> = file.headers().get_all(header::CONTENT_SECURITY_POLICY).iter().collect();
        assert_eq!(policy, ["default-src 'none'; sandbox; frame-ancestors 'none'"]);
        assert_eq!(file.headers().get("cache-control").unwrap(), "no-store");
    }
}
