//! A client that keeps to TLS and to nothing else.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use quinn::{ConnectionError, Endpoint, crypto::rustls::QuicClientConfig};
use rustls::{
    DigitallySignedStruct, Error, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};
use safeconduct_protocol::{codec, frame::Goodbye};

/// Takes any relay.
#[derive(Debug)]
struct Anyone;

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _key: &CertificateDer<'_>,
        _more: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _key: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.2".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _key: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

/// Shows no key, of the raw kind.
#[derive(Debug)]
struct NoKey;

impl ResolvesClientCert for NoKey {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn only_raw_public_keys(&self) -> bool {
        true
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Sends `bytes` on the stream of an enrolment connection, and waits for the code with which the relay closes.
pub(crate) async fn close_code_after(address: &str, bytes: &[u8]) -> u64 {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone))
        .with_client_cert_resolver(Arc::new(NoKey));
    tls.alpn_protocols = vec![b"safeconduct-enrol/1".to_vec()];
    let config = quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls).unwrap()));
    let endpoint = Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    let address: SocketAddr = address.parse().unwrap();
    let connection = endpoint.connect_with(config, address, "relay").unwrap().await.unwrap();
    let (mut sender, mut receiver) = connection.open_bi().await.unwrap();
    sender.write_all(bytes).await.unwrap();
    // Reads the goodbye, so that the relay need not wait for it to be taken.
    let drain = async { while let Ok(Some(_)) = receiver.read_chunk(1024, true).await {} };
    let closed = async { tokio::join!(drain, connection.closed()).1 };
    let error = tokio::time::timeout(Duration::from_secs(30), closed).await.expect("the relay closes");
    let ConnectionError::ApplicationClosed(close) = error else { panic!("{error}") };
    close.error_code.into_inner()
}

/// The close code of a reason: its tag and 0x100 (`docs/PROTOCOL.md` §1).
pub(crate) fn code(reason: Goodbye) -> u64 {
    0x100 + u64::from(codec::encode(&reason).unwrap()[0])
}
