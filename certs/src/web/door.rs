//! Host, method and origin of a request, cookies that fit, and the marks by which a form is known again.

use axum::http::{
    HeaderMap, HeaderValue, Method, Uri,
    header::{COOKIE, HOST, ORIGIN},
};
use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Bytes of a cookie's secret, and of the key of a session's forms.
pub const SECRET_BYTES: usize = 32;
/// Bytes of a form's token: cut, so that a hash says nothing about a longer text.
const FORM_TOKEN_BYTES: usize = 16;

/// Why a request is turned away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turned {
    /// For another host.
    Host,
    /// Neither GET nor POST.
    Method,
    /// A write that does not come from our own pages.
    Origin,
    /// Without a cookie that is known.
    Cookie,
    /// A one-time address that was opened before.
    Used,
    /// A one-time address that was never given.
    Unknown,
    /// A form that this session was not shown.
    Form,
}

/// The door of a page on 127.0.0.1.
pub struct Door {
    host: String,
    origin: String,
}

impl Door {
    /// The door of the page at this port.
    #[must_use]
    pub fn new(port: u16) -> Self {
        let host = format!("127.0.0.1:{port}");
        Self { origin: format!("http://{host}"), host }
    }

    /// Where the page is: scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host, method and origin of any request.
    ///
    /// # Errors
    /// [`Turned::Host`], [`Turned::Method`], [`Turned::Origin`].
    pub fn admits(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Turned> {
        let ours = |value: Option<&HeaderValue>, wanted: &str| value.is_some_and(|value| value == wanted);
        let one = |name| headers.get_all(name).iter().count() == 1;
        let named = uri.authority().is_none_or(|authority| authority.as_str() == self.host);
        if !named || !one(HOST) || !ours(headers.get(HOST), &self.host) {
            return Err(Turned::Host);
        }
        if *method == Method::GET {
            return Ok(());
        }
        if *method != Method::POST {
            return Err(Turned::Method);
        }
        let site = headers.get("sec-fetch-site");
        if one(ORIGIN) && ours(headers.get(ORIGIN), &self.origin) && site.is_none_or(|site| site == "same-origin") {
            Ok(())
        } else {
            Err(Turned::Origin)
        }
    }
}

/// Whether the request brings a cookie of this name that fits. Another program on this host may have set one of the same name: any
/// that fits will do.
#[must_use]
pub fn brings(headers: &HeaderMap, name: &str, wanted: &Secret<SECRET_BYTES>) -> bool {
    let mut brought = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';').filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('=')));
    brought.any(|value| read(value).is_some_and(|value| value.equals(wanted)))
}

/// What sets a cookie: out of scripts' reach, and sent to this path by our own pages alone. Cookies know no ports: the path must be one
/// that another program on 127.0.0.1 cannot guess.
#[must_use]
pub fn cookie(name: &str, value: &Secret<SECRET_BYTES>, path: &str) -> Zeroizing<String> {
    let value = Zeroizing::new(hex::encode(value.reveal()));
    Zeroizing::new(format!("{name}={}; Path={path}; HttpOnly; SameSite=Strict", *value))
}

/// A secret as an address or a cookie brings it: 64 hex digits.
#[must_use]
pub fn read(text: &str) -> Option<Secret<SECRET_BYTES>> {
    let mut bytes = Zeroizing::new([0_u8; SECRET_BYTES]);
    hex::decode_to_slice(text, bytes.as_mut_slice()).ok()?;
    Secret::from_slice(bytes.as_slice())
}

/// The key of a session's forms.
pub struct FormKey(Secret<SECRET_BYTES>);

impl FormKey {
    /// A fresh one.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn new(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self(Secret::random(entropy)?))
    }

    /// The token of one form: for this purpose, of this number.
    #[must_use]
    pub fn token(&self, purpose: &str, number: &str) -> String {
        hex::encode(self.digest(purpose, number))
    }

    /// Whether a form that comes back was shown for this purpose.
    ///
    /// # Errors
    /// [`Turned::Form`].
    pub fn check(&self, purpose: &str, number: &str, token: &str) -> Result<(), Turned> {
        let wanted = Secret::new(self.digest(purpose, number));
        let brought = hex::decode(token).ok().and_then(|bytes| Secret::<FORM_TOKEN_BYTES>::from_slice(&bytes));
        if brought.is_some_and(|brought| brought.equals(&wanted)) { Ok(()) } else { Err(Turned::Form) }
    }

    fn digest(&self, purpose: &str, number: &str) -> [u8; FORM_TOKEN_BYTES] {
        let digest = Sha256::new()
            .chain_update(self.0.reveal())
            .chain_update(purpose.as_bytes())
            .chain_update([0])
            .chain_update(number.as_bytes())
            .finalize();
        let mut token = [0; FORM_TOKEN_BYTES];
        token.copy_from_slice(digest.get(..FORM_TOKEN_BYTES).unwrap_or(&[0; FORM_TOKEN_BYTES]));
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemEntropy;

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_our_host_and_our_origin_are_admitted() {
        let door = Door::new(4711);
        let ours = ("host", "127.0.0.1:4711");
        let uri: Uri = "/".parse().unwrap();
        let judge = |method, all: &[_]| door.admits(&method, &uri, &headers(all));
        assert_eq!(judge(Method::GET, &[ours]), Ok(()));
        for host in ["localhost:4711", "127.0.0.1", "127.0.0.1:4712", "evil.example", "127.0.0.1:4711.evil.example"] {
            assert_eq!(judge(Method::GET, &[("host", host)]), Err(Turned::Host), "{host}");
        }
        assert_eq!(judge(Method::GET, &[]), Err(Turned::Host));
        assert_eq!(judge(Method::GET, &[ours, ours]), Err(Turned::Host));
        let absolute: Uri = "http://evil.example/".parse().unwrap();
        assert_eq!(door.admits(&Method::GET, &absolute, &headers(&[ours])), Err(Turned::Host));
        for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
            assert_eq!(judge(method, &[ours]), Err(Turned::Method));
        }
        let origin = ("origin", "http://127.0.0.1:4711");
        assert_eq!(judge(Method::POST, &[ours, origin]), Ok(()));
        assert_eq!(judge(Method::POST, &[ours, origin, ("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(judge(Method::POST, &[ours, origin, ("sec-fetch-site", "cross-site")]), Err(Turned::Origin));
        for origin in ["null", "http://127.0.0.1:4712", "https://127.0.0.1:4711", "http://evil.example", ""] {
            assert_eq!(judge(Method::POST, &[ours, ("origin", origin)]), Err(Turned::Origin), "{origin}");
        }
        assert_eq!(judge(Method::POST, &[ours]), Err(Turned::Origin));
    }

    #[test]
    fn a_cookie_fits_by_name_and_value_among_others() {
        let secret = Secret::new([7; SECRET_BYTES]);
        let set = cookie("safeconduct", &secret, "/x");
        let pair = set.split(';').next().unwrap();
        assert!(brings(&headers(&[("cookie", &format!("a=b; safeconduct=00; {pair}"))]), "safeconduct", &secret));
        for other in ["", "safeconduct=", &pair[..40], &pair.replace("safeconduct", "safeconduc")] {
            assert!(!brings(&headers(&[("cookie", other)]), "safeconduct", &secret), "{other}");
        }
        assert!(!brings(&headers(&[]), "safeconduct", &secret));
    }

    #[test]
    fn a_form_serves_its_own_purpose_number_and_session() {
        let [key, other] = [0; 2].map(|_| FormKey::new(&mut SystemEntropy).unwrap());
        let token = key.token("revoke 3", "1");
        assert_eq!(key.check("revoke 3", "1", &token), Ok(()));
        assert_eq!(key.check("revoke 4", "1", &token), Err(Turned::Form));
        assert_eq!(key.check("revoke 3", "2", &token), Err(Turned::Form));
        assert_eq!(key.check("revoke ", "31", &token), Err(Turned::Form));
        assert_eq!(other.check("revoke 3", "1", &token), Err(Turned::Form));
        assert_eq!(key.check("revoke 3", "1", &token[..30]), Err(Turned::Form));
        assert_eq!(key.check("revoke 3", "1", ""), Err(Turned::Form));
    }
}
