//! The paths that programs may ask for. What is not here is not served over TCP: keys, backups, people, tokens, the lock; what reads or
//! writes files of this account; and what shows a content without saying who looks.

use axum::http::Method;

use crate::{
    api::files::DOCUMENT,
    programs::Scope::{self, Act, Audit, Read, Reports},
};

/// Where a path is told who acts. Over TCP the token says it, whatever the program writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Who {
    /// Nowhere.
    Nobody,
    /// In the query, as `by`.
    Query,
    /// In the body, as `by`.
    Body,
}

/// One path with one method.
pub(super) struct Route {
    pub(super) method: &'static str,
    /// Names in braces stand for one part.
    pub(super) path: &'static str,
    /// What the token must be for; none: any token will do.
    pub(super) scope: Option<Scope>,
    pub(super) who: Who,
}

const fn route(method: &'static str, path: &'static str, scope: Scope, who: Who) -> Route {
    Route { method, path, scope: Some(scope), who }
}

/// Where programs follow what happens.
pub(super) const EVENTS: &str = "/v1/events";

/// Where the API says what it is.
pub(super) const OPENAPI: &str = "/v1/openapi.json";

/// All of them; `docs/openapi.json` says the same.
pub(super) const ROUTES: [Route; 43] = [
    Route { method: "GET", path: OPENAPI, scope: None, who: Who::Nobody },
    route("GET", EVENTS, Read, Who::Nobody),
    route("GET", "/v1/status", Read, Who::Nobody),
    route("GET", "/v1/inbox", Read, Who::Nobody),
    route("POST", "/v1/messages/{id}/again", Act, Who::Nobody),
    route("POST", "/v1/messages/{id}/seen", Act, Who::Nobody),
    route("POST", "/v1/send", Act, Who::Query),
    route("GET", "/v1/receipts/{id}", Read, Who::Nobody),
    route("GET", "/v1/evidence/{id}", Read, Who::Query),
    route("GET", "/v1/evidence/{id}/file", Read, Who::Query),
    route("GET", "/v1/audit/{form}", Audit, Who::Query),
    route("GET", "/v1/directory", Read, Who::Nobody),
    route("POST", "/v1/directory/search", Read, Who::Nobody),
    route("GET", "/v1/directory/{agency}", Read, Who::Nobody),
    route("POST", "/v1/referrals/list", Read, Who::Body),
    route("GET", "/v1/referrals/{id}", Read, Who::Query),
    route("POST", "/v1/referrals/{id}/open", Act, Who::Body),
    route("POST", "/v1/referrals/{id}/act", Act, Who::Body),
    route("POST", "/v1/referrals/{id}/keep", Act, Who::Body),
    route("POST", "/v1/referrals/{id}/new-from", Act, Who::Query),
    route("GET", "/v1/referrals/{id}/posts", Read, Who::Query),
    route("POST", "/v1/referrals/{id}/posts", Act, Who::Body),
    route("GET", "/v1/referrals/{id}/documents", Read, Who::Query),
    route("GET", "/v1/documents/{id}", Read, Who::Query),
    route("PUT", DOCUMENT, Act, Who::Query),
    route("POST", "/v1/documents/{id}/fetch", Act, Who::Body),
    route("GET", "/v1/documents/{id}/content", Read, Who::Query),
    route("POST", "/v1/enquire", Act, Who::Body),
    route("POST", "/v1/consents/{id}/withdraw", Act, Who::Query),
    route("GET", "/v1/drafts", Read, Who::Query),
    route("POST", "/v1/drafts", Act, Who::Query),
    route("GET", "/v1/drafts/{draft}", Read, Who::Query),
    route("PUT", "/v1/drafts/{draft}", Act, Who::Query),
    route("DELETE", "/v1/drafts/{draft}", Act, Who::Query),
    route("POST", "/v1/drafts/{draft}/send", Act, Who::Body),
    route("GET", "/v1/reports", Reports, Who::Nobody),
    route("POST", "/v1/reports/schedule", Reports, Who::Query),
    route("POST", "/v1/reports/given", Reports, Who::Nobody),
    route("GET", "/v1/reports/received", Reports, Who::Nobody),
    route("GET", "/v1/reports/{period}", Reports, Who::Nobody),
    route("GET", "/v1/reports/{period}/computed", Reports, Who::Nobody),
    route("POST", "/v1/reports/{period}/release", Reports, Who::Query),
    route("GET", "/v1/reports/{period}/national", Reports, Who::Nobody),
];

/// The route of a request, if there is one.
pub(super) fn found(method: &Method, path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.method == method.as_str() && fits(route.path, path))
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut parts) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), parts.next()) {
            (None, None) => return true,
            (Some(wanted), Some(part)) if wanted == part || (wanted.starts_with('{') && !part.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_route_and_nothing_else_does() {
        let path = |method: Method, path: &str| found(&method, path).map(|route| route.path);
        assert_eq!(path(Method::POST, "/v1/referrals/list"), Some("/v1/referrals/list"));
        assert_eq!(path(Method::GET, "/v1/referrals/0a1b"), Some("/v1/referrals/{id}"));
        assert_eq!(path(Method::POST, "/v1/referrals/0a1b/act"), Some("/v1/referrals/{id}/act"));
        for (method, wrong) in [
            (Method::GET, "/v1/referrals/"),
            (Method::GET, "/v1/referrals/0a1b/"),
            (Method::DELETE, "/v1/referrals/0a1b"),
            (Method::GET, "/v1/people"),
            (Method::POST, "/v1/unlock"),
            (Method::POST, "/v1/tokens"),
            (Method::POST, "/v1/backup"),
            (Method::GET, "/v1/keys"),
            (Method::GET, "/v1/gauges/0a1b"),
            (Method::POST, "/v1/documents/0a1b/save"),
            (Method::POST, "/v1/referrals/0a1b/documents"),
            (Method::GET, "/v1/messages/0a1b"),
            (Method::GET, ""),
        ] {
            assert!(path(method, wrong).is_none(), "{wrong}");
        }
    }
}
