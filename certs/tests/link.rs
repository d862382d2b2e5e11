//! Real connections on loopback: what each end accepts from the other.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene should fail loudly")]

#[path = "link/pipes.rs"]
mod pipes;
#[path = "link/streams.rs"]
mod streams;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use safeconduct_certs::{
    link::{Alpn, Dialer, ExpectedRelay, KnownKeys, Link, LinkError, TlsKey, accept, listen},
    system::SystemEntropy,
};
use safeconduct_protocol::{
    crypto::sign::Label,
    frame::{Frame, Goodbye, SESSION_VERSION},
};

struct Only(Vec<[u8; 32]>);

impl KnownKeys for Only {
    fn knows(&self, spki_hash: &[u8; 32]) -> bool {
        self.0.contains(spki_hash)
    }
}

fn key() -> TlsKey {
    TlsKey::generate(&mut SystemEntropy).unwrap()
}

/// A relay that takes one link and hands it over.
fn relay(relay_key: &TlsKey, known: Vec<[u8; 32]>) -> (SocketAddr, tokio::task::JoinHandle<Result<Link, LinkError>>) {
    let endpoint = listen(SocketAddr::from(([127, 0, 0, 1], 0)), relay_key, Arc::new(Only(known))).unwrap();
    let address = endpoint.local_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test's own task, joined at its end")]
    let task = tokio::spawn(async move { accept(endpoint.accept().await.unwrap()).await });
    (address, task)
}

/// A labelled signature is made by `sign`; a TLS key has none of its own, only this one, which gives nothing.
trait SignsNothing {
    fn sign(&self, _label: Label, _object: &[u8]) {}
}

impl SignsNothing for TlsKey {}

/// Trap 2. Held by the compiler: a method of that name on the type itself would be called in the place of the trait's.
#[test]
fn trap_02_a_tls_key_signs_no_protocol_object() {
    let key = key();
    Label::ALL.iter().for_each(|label| key.sign(*label, b"object"));
    let (): () = key.sign(Label::Done, b"object");
}

#[tokio::test]
async fn a_known_node_and_its_relay_see_each_others_keys() {
    let (relay_key, node_key) = (key(), key());
    let (address, task) = relay(&relay_key, vec![node_key.spki_hash()]);

    let dialer = Dialer::new().unwrap();
    let expected = ExpectedRelay::Pinned(relay_key.spki_hash());
    let mut link = dialer.connect(&address.to_string(), expected, Some(&node_key), Alpn::Node).await.unwrap();
    link.send(&Frame::EnrolHello { version: SESSION_VERSION }).await.unwrap();

    let mut at_relay = task.await.unwrap().unwrap();
    assert_eq!(at_relay.peer(), Some(node_key.spki_hash()));
    assert_eq!(at_relay.alpn(), Alpn::Node);
    assert_eq!(link.peer(), Some(relay_key.spki_hash()));
    assert!(matches!(at_relay.receive().await, Ok(Frame::EnrolHello { .. })));

    at_relay.closer().close(Goodbye::Revoked);
    assert_eq!(link.receive().await.err(), Some(LinkError::Closed(Goodbye::Revoked)));
}

#[tokio::test]
async fn an_unknown_key_is_refused_in_the_handshake() {
    let relay_key = key();
    let (address, task) = relay(&relay_key, vec![]);

    let dialer = Dialer::new().unwrap();
    let expected = ExpectedRelay::Pinned(relay_key.spki_hash());
    let outcome = match dialer.connect(&address.to_string(), expected, Some(&key()), Alpn::Node).await {
        Ok(mut link) => {
            // The refusal may come after TLS 1.3's client side is done, even while it writes.
            let sent = link.send(&Frame::EnrolHello { version: SESSION_VERSION }).await;
            match sent {
                Ok(()) => link.receive().await.err(),
                Err(error) => Some(error),
            }
        }
        Err(error) => Some(error),
    };
    assert_eq!(outcome, Some(LinkError::KeyRefused));
    assert!(task.await.unwrap().is_err());
}

#[tokio::test]
async fn another_relays_key_is_named_for_what_it_is() {
    let (relay_key, node_key) = (key(), key());
    let (address, _task) = relay(&relay_key, vec![node_key.spki_hash()]);

    let dialer = Dialer::new().unwrap();
    let expected = ExpectedRelay::Pinned(key().spki_hash());
    let outcome = dialer.connect(&address.to_string(), expected, Some(&node_key), Alpn::Node).await;
    assert_eq!(outcome.err(), Some(LinkError::WrongRelay));
}

#[tokio::test]
async fn an_enrolling_node_proves_no_key() {
    let relay_key = key();
    let (address, task) = relay(&relay_key, vec![]);

    let dialer = Dialer::new().unwrap();
    let mut link = dialer.connect(&address.to_string(), ExpectedRelay::ToBeChecked, None, Alpn::Enrol).await.unwrap();
    link.send(&Frame::EnrolHello { version: SESSION_VERSION }).await.unwrap();
    let at_relay = task.await.unwrap().unwrap();
    assert_eq!(at_relay.peer(), None);
    assert_eq!(at_relay.alpn(), Alpn::Enrol);
    assert_eq!(link.peer(), Some(relay_key.spki_hash()));
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    drop(socket);
    let dialer = Dialer::new().unwrap().patient(Duration::from_millis(200));
    let outcome = dialer.connect(&address, ExpectedRelay::ToBeChecked, None, Alpn::Enrol).await;
    assert_eq!(outcome.err(), Some(LinkError::Unreachable));
}
