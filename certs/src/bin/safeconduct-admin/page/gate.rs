//! Who may use the page: the browser that opened the address first, and nobody else.
//!
//! Everything but the style needs the cookie that the one-time address gave. It is bound to a random path, which another program on
//! 127.0.0.1 cannot make the browser ask for.

use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, Method, Uri};
use safeconduct_certs::web::door::{self, Door, FormKey, SECRET_BYTES, Turned};
use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};
use zeroize::Zeroizing;

use super::words::Words;

const COOKIE_NAME: &str = "safeconduct-admin";

/// The door, and who is inside.
pub(super) struct Gate {
    door: Door,
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
    forms: FormKey,
    language: Option<&'static Words>,
}

impl Gate {
    /// A door for the page at 127.0.0.1 and this port.
    pub(super) fn new(port: u16, entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        let mut path = [0_u8; 8];
        entropy.fill(&mut path)?;
        Ok(Self {
            door: Door::new(port),
            base: format!("/{}", hex::encode(path)),
            token: Secret::random(entropy)?,
            inside: Mutex::default(),
        })
    }

    /// The address that opens the page, once.
    pub(super) fn address(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}/open?token={}", self.door.origin(), hex::encode(self.token.reveal())))
    }

    /// Where the pages are: a slash and sixteen characters.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Host, method and origin of any request.
    pub(super) fn admits(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Turned> {
        self.door.admits(method, uri, headers)
    }

    /// Opens the session for whoever brings the token first; returns the cookie to set.
    pub(super) fn open(&self, token: &str, entropy: &mut dyn Entropy) -> Result<Zeroizing<String>, Turned> {
        if !door::read(token).is_some_and(|token| token.equals(&self.token)) {
            return Err(Turned::Unknown);
        }
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.session.is_some() {
            inside.knocks += 1;
            return Err(Turned::Used);
        }
        let cookie = Secret::random(entropy).ok().ok_or(Turned::Unknown)?;
        let forms = FormKey::new(entropy).ok().ok_or(Turned::Unknown)?;
        let set = door::cookie(COOKIE_NAME, &cookie, &self.base);
        inside.session = Some(Session { cookie, forms, language: None });
        Ok(set)
    }

    /// Whether the request brings the session's cookie; then the language that was chosen in it.
    pub(super) fn knows(&self, headers: &HeaderMap) -> Result<Option<&'static Words>, Turned> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let session = inside.session.as_ref().ok_or(Turned::Cookie)?;
        if door::brings(headers, COOKIE_NAME, &session.cookie) { Ok(session.language) } else { Err(Turned::Cookie) }
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
        inside.session.as_ref().map_or_else(String::new, |session| session.forms.token(purpose, number))
    }

    /// Whether a form that comes back was shown for this purpose.
    pub(super) fn check_form(&self, purpose: &str, number: &str, token: &str) -> Result<(), Turned> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.session.as_ref().ok_or(Turned::Cookie)?.forms.check(purpose, number, token)
    }
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
    fn a_form_serves_its_own_session() {
        let (gate, other) = (gate(), gate());
        assert_eq!(gate.check_form("revoke 3", "1", ""), Err(Turned::Cookie));
        opened(&gate);
        opened(&other);
        let token = gate.form_token("revoke 3", "1");
        assert_eq!(gate.check_form("revoke 3", "1", &token), Ok(()));
        assert_eq!(other.check_form("revoke 3", "1", &token), Err(Turned::Form));
    }
}
