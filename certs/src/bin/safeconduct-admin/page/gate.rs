//! Who may use the page: the browser that opened the address first, and nobody else.
//!
//! A loopback address is no boundary: every account of this machine can connect, and any website can make a browser do
//! so. A request must name our host (a name that was turned to 127.0.0.1 by DNS names its own), a write must come from
//! our own pages, and everything but the style needs the cookie that the one-time address gave. Cookies know no ports:
//! the cookie is therefore bound to a random path, which another program on 127.0.0.1 cannot make the browser ask for.

use std::sync::{Mutex, PoisonError};

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

use super::words::Words;

const COOKIE_NAME: &str = "safeconduct-admin";
const SECRET_BYTES: usize = 32;
/// Bytes of a form's token: cut, so that a hash says nothing about a longer text.
const FORM_TOKEN_BYTES: usize = 16;

/// Why a request is turned away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turned {
    /// For another host.
    Host,
    /// Neither GET nor POST.
    Method,
    /// A write that does not come from our own pages.
    Origin,
    /// Without the cookie.
    Cookie,
    /// A one-time address that was opened before.
    Used,
    /// A one-time address that was never given.
    Unknown,
    /// A form that this session was not shown.
    Form,
}

/// The door.
pub(super) struct Gate {
    host: String,
    origin: String,
    base: String,
    token: Secret<SECRET_BYTES>,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    session: Option<Session>,
    /// Times that the spent address was opened again.
    knocks: u64,
}

struct Session {
    cookie: Secret<SECRET_BYTES>,
    forms: Secret<SECRET_BYTES>,
    language: Option<&'static Words>,
}

impl Gate {
    /// A door for the page at 127.0.0.1 and this port.
    pub(super) fn new(port: u16, entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        let host = format!("127.0.0.1:{port}");
        let mut path = [0_u8; 8];
        entropy.fill(&mut path)?;
        Ok(Self {
            origin: format!("http://{host}"),
            host,
            base: format!("/{}", hex::encode(path)),
            token: Secret::random(entropy)?,
            inside: Mutex::default(),
        })
    }

    /// The address that opens the page, once.
    pub(super) fn address(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}/open?token={}", self.origin, hex::encode(self.token.reveal())))
    }

    /// Where the pages are: a slash and sixteen characters.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Host, method and origin of any request.
    pub(super) fn admits(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Turned> {
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

    /// Opens the session for whoever brings the token first; returns the cookie to set.
    pub(super) fn open(&self, token: &str, entropy: &mut dyn Entropy) -> Result<Zeroizing<String>, Turned> {
        if !read(token).is_some_and(|token| token.equals(&self.token)) {
            return Err(Turned::Unknown);
        }
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.session.is_some() {
            inside.knocks += 1;
            return Err(Turned::Used);
        }
        let fresh = |entropy: &mut dyn Entropy| Secret::random(entropy).ok().ok_or(Turned::Unknown);
        let session = Session { cookie: fresh(entropy)?, forms: fresh(entropy)?, language: None };
        let value = Zeroizing::new(hex::encode(session.cookie.reveal()));
        inside.session = Some(session);
        let cookie = format!("{COOKIE_NAME}={}; Path={}; HttpOnly; SameSite=Strict", *value, self.base);
        Ok(Zeroizing::new(cookie))
    }

    /// Whether the request brings the session's cookie; then the language that was chosen in it.
    pub(super) fn knows(&self, headers: &HeaderMap) -> Result<Option<&'static Words>, Turned> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let session = inside.session.as_ref().ok_or(Turned::Cookie)?;
        // Another program on this host may have set one of the same name: any that fits will do.
        let mut brought = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| {
            value.split(';').filter_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
        });
        let fits = brought.any(|value| read(value).is_some_and(|value| value.equals(&session.cookie)));
        if fits { Ok(session.language) } else { Err(Turned::Cookie) }
    }

    /// Keeps a language for this session.
    pub(super) fn choose(&self, language: &'static Words) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = inside.session.as_mut() {
            session.language = Some(language);
        }
    }

    /// Times that the spent address was opened again by somebody.
    pub(super) fn knocks(&self) -> u64 {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).knocks
    }

    /// The token of one form: for this purpose, in this session, of this number.
    pub(super) fn form_token(&self, purpose: &str, number: &str) -> String {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = inside.session.as_ref() else { return String::new() };
        hex::encode(token_of(&session.forms, purpose, number))
    }

    /// Whether a form that comes back was shown for this purpose.
    pub(super) fn check_form(&self, purpose: &str, number: &str, token: &str) -> Result<(), Turned> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let session = inside.session.as_ref().ok_or(Turned::Cookie)?;
        let wanted = Secret::new(token_of(&session.forms, purpose, number));
        let brought = hex::decode(token).ok().and_then(|bytes| Secret::<FORM_TOKEN_BYTES>::from_slice(&bytes));
        if brought.is_some_and(|brought| brought.equals(&wanted)) { Ok(()) } else { Err(Turned::Form) }
    }
}

fn read(text: &str) -> Option<Secret<SECRET_BYTES>> {
    let mut bytes = Zeroizing::new([0_u8; SECRET_BYTES]);
    hex::decode_to_slice(text, bytes.as_mut_slice()).ok()?;
    Secret::from_slice(bytes.as_slice())
}

fn token_of(key: &Secret<SECRET_BYTES>, purpose: &str, number: &str) -> [u8; FORM_TOKEN_BYTES] {
    let digest = Sha256::new()
        .chain_update(key.reveal())
        .chain_update(purpose.as_bytes())
        .chain_update([0])
        .chain_update(number.as_bytes())
        .finalize();
    let mut token = [0; FORM_TOKEN_BYTES];
    token.copy_from_slice(&digest[..FORM_TOKEN_BYTES]);
    token
}

#[cfg(test)]
mod tests {
    use safeconduct_certs::system::SystemEntropy;

    use super::*;

    fn gate() -> Gate {
        Gate::new(4711, &mut SystemEntropy).unwrap()
    }

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn opened(gate: &Gate) -> String {
        let address = gate.address();
        let cookie = gate.open(address.split_once("token=").unwrap().1, &mut SystemEntropy).unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    #[test]
    fn only_our_host_and_our_origin_are_admitted() {
        let gate = gate();
        let ours = ("host", "127.0.0.1:4711");
        let uri: Uri = "/".parse().unwrap();
        let judge = |method, all: &[_]| gate.admits(&method, &uri, &headers(all));
        assert_eq!(judge(Method::GET, &[ours]), Ok(()));
        for host in ["localhost:4711", "127.0.0.1", "127.0.0.1:4712", "evil.example", "127.0.0.1:4711.evil.example"] {
            assert_eq!(judge(Method::GET, &[("host", host)]), Err(Turned::Host), "{host}");
        }
        assert_eq!(judge(Method::GET, &[]), Err(Turned::Host));
        assert_eq!(judge(Method::GET, &[ours, ours]), Err(Turned::Host));
        let absolute: Uri = "http://evil.example/".parse().unwrap();
        assert_eq!(gate.admits(&Method::GET, &absolute, &headers(&[ours])), Err(Turned::Host));
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
    fn the_address_opens_one_session_and_a_second_try_is_counted() {
        let gate = gate();
        assert_eq!(gate.open("", &mut SystemEntropy).err(), Some(Turned::Unknown));
        assert_eq!(gate.open(&"0".repeat(64), &mut SystemEntropy).err(), Some(Turned::Unknown));
        assert_eq!(gate.knows(&headers(&[("cookie", "safeconduct-admin=")])).err(), Some(Turned::Cookie));
        let cookie = opened(&gate);
        assert!(gate.knows(&headers(&[("cookie", &cookie)])).is_ok());
        assert!(gate.knows(&headers(&[("cookie", &format!("a=b; safeconduct-admin=00; {cookie}"))])).is_ok());
        assert_eq!(gate.knows(&headers(&[("cookie", &cookie[..80])])).err(), Some(Turned::Cookie));
        assert_eq!(gate.knows(&headers(&[])).err(), Some(Turned::Cookie));
        let address = gate.address();
        let token = address.split_once("token=").unwrap().1;
        assert_eq!(gate.open(token, &mut SystemEntropy).err(), Some(Turned::Used));
        assert_eq!(gate.knocks(), 1);
    }

    #[test]
    fn a_form_serves_its_own_purpose_number_and_session() {
        let (gate, other) = (gate(), gate());
        assert_eq!(gate.check_form("revoke 3", "1", ""), Err(Turned::Cookie));
        opened(&gate);
        opened(&other);
        let token = gate.form_token("revoke 3", "1");
        assert_eq!(gate.check_form("revoke 3", "1", &token), Ok(()));
        assert_eq!(gate.check_form("revoke 4", "1", &token), Err(Turned::Form));
        assert_eq!(gate.check_form("revoke 3", "2", &token), Err(Turned::Form));
        assert_eq!(gate.check_form("revoke ", "31", &token), Err(Turned::Form));
        assert_eq!(other.check_form("revoke 3", "1", &token), Err(Turned::Form));
        assert_eq!(gate.check_form("revoke 3", "1", &token[..30]), Err(Turned::Form));
        assert_eq!(gate.check_form("revoke 3", "1", ""), Err(Turned::Form));
    }
}
