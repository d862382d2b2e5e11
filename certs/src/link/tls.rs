//! TLS 1.3 with raw public keys, pinned on both ends; no certificate authority, no tickets, no early data.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
    client::{
        ResolvesClientCert, Resumption,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls13_signature_with_raw_key},
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer, UnixTime},
    server::{
        AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
    sign::CertifiedKey,
};
use safeconduct_protocol::{
    crypto::sign::SigningKey,
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::LinkError;

/// DER before an Ed25519 public key in a SubjectPublicKeyInfo (RFC 8410 §4).
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// DER before an Ed25519 seed in a PKCS #8 version 1 key (RFC 8410 §7).
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The three protocols on a relay's port.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alpn {
    /// `safeconduct/1`: registered nodes.
    Node,
    /// `safeconduct-enrol/1`: anyone with an invitation.
    Enrol,
    /// `safeconduct-admin/1`: the authority.
    Authority,
}

impl Alpn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Node, Self::Enrol, Self::Authority];

    /// As it travels (RFC 7301).
    #[must_use]
    pub const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Node => b"safeconduct/1",
            Self::Enrol => b"safeconduct-enrol/1",
            Self::Authority => b"safeconduct-admin/1",
        }
    }

    /// The protocol of this name.
    #[must_use]
    pub fn from_bytes(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|alpn| alpn.as_bytes() == name)
    }
}

/// SHA-256 of the SubjectPublicKeyInfo of an Ed25519 public key: what the registry names.
#[must_use]
pub fn spki_hash_of(public_key: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(SPKI_PREFIX).chain_update(public_key).finalize().into()
}

/// A key that proves a node, a relay or an authority to the other end of a connection. It signs TLS handshakes and no
/// protocol object, so a thief of it can neither read nor sign a message: it has no way to.
///
/// ```compile_fail,E0599
/// # use safeconduct_certs::{link::TlsKey, system::SystemEntropy};
/// # use safeconduct_protocol::crypto::sign::Label;
/// let key = TlsKey::generate(&mut SystemEntropy).unwrap();
/// key.sign(Label::Message, b"anything");
/// ```
pub struct TlsKey {
    seed: Secret<32>,
    public: [u8; 32],
}

impl TlsKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Self, NoEntropy> {
        Ok(Self::from_seed(Secret::random(entropy)?))
    }

    /// The key of this seed.
    #[must_use]
    pub fn from_seed(seed: Secret<32>) -> Self {
        let public = *SigningKey::from_seed(seed.duplicate()).verifying_key().as_bytes();
        Self { seed, public }
    }

    /// The seed, to be kept in a file of mode 0600.
    #[must_use]
    pub const fn seed(&self) -> &Secret<32> {
        &self.seed
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki_hash(&self) -> [u8; 32] {
        spki_hash_of(&self.public)
    }

    fn certified(&self) -> Result<Arc<CertifiedKey>, LinkError> {
        let mut pkcs8 = Zeroizing::new(Vec::with_capacity(48));
        pkcs8.extend_from_slice(&PKCS8_PREFIX);
        pkcs8.extend_from_slice(self.seed.reveal());
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8.as_slice()));
        let key = aws_lc_rs::sign::any_supported_type(&der).ok().ok_or(LinkError::BadKey)?;
        let spki: Vec<u8> = SPKI_PREFIX.iter().chain(&self.public).copied().collect();
        Ok(Arc::new(CertifiedKey::new(vec![CertificateDer::from(spki)], key)))
    }
}

/// Which client keys a relay lets through the handshake; what they may do is judged afterwards.
pub trait KnownKeys: Send + Sync {
    /// Is this the SPKI hash of a node that is or was registered, or of the authority?
    fn knows(&self, spki_hash: &[u8; 32]) -> bool;
}

/// Which relay a client expects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExpectedRelay {
    /// The one with this SPKI hash.
    Pinned([u8; 32]),
    /// Any: only for enrolment, which checks the key against the registry before it says anything.
    ToBeChecked,
}

/// X25519MLKEM768 alone, and the signature that raw Ed25519 keys make.
fn provider() -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    provider
}

fn algorithms() -> WebPkiSupportedAlgorithms {
    aws_lc_rs::default_provider().signature_verification_algorithms
}

/// The one refusal: it does not tell an unknown key from a malformed one.
const REFUSED: Error = Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure);

/// SHA-256 of a raw public key as rustls hands it over.
pub(super) fn hash_of(spki: &CertificateDer<'_>) -> [u8; 32] {
    Sha256::digest(spki.as_ref()).into()
}

fn verify_raw(
    message: &[u8],
    key: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let spki = SubjectPublicKeyInfoDer::from(key.as_ref());
    verify_tls13_signature_with_raw_key(message, &spki, signature, &algorithms())
}

struct Clients {
    known: Arc<dyn KnownKeys>,
}

impl core::fmt::Debug for Clients {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Clients")
    }
}

impl ClientCertVerifier for Clients {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        key: &CertificateDer<'_>,
        _more: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if self.known.knows(&hash_of(key)) { Ok(ClientCertVerified::assertion()) } else { Err(REFUSED) }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _key: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(REFUSED)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        key: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_raw(message, key, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct Relay {
    expected: ExpectedRelay,
    mismatch: Arc<AtomicBool>,
}

impl ServerCertVerifier for Relay {
    fn verify_server_cert(
        &self,
        key: &CertificateDer<'_>,
        _more: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.expected {
            ExpectedRelay::Pinned(hash) if hash != hash_of(key) => {
                self.mismatch.store(true, Ordering::Release);
                Err(REFUSED)
            }
            ExpectedRelay::Pinned(_) | ExpectedRelay::ToBeChecked => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _key: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(REFUSED)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        key: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_raw(message, key, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

/// The client's key, or none when it enrols; raw keys either way.
#[derive(Debug)]
struct RawClientKey(Option<Arc<CertifiedKey>>);

impl ResolvesClientCert for RawClientKey {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.clone()
    }

    fn only_raw_public_keys(&self) -> bool {
        true
    }

    fn has_certs(&self) -> bool {
        self.0.is_some()
    }
}

/// A relay's TLS configuration.
pub(super) fn server(key: &TlsKey, known: Arc<dyn KnownKeys>) -> Result<rustls::ServerConfig, LinkError> {
    let resolver = Arc::new(AlwaysResolvesServerRawPublicKeys::new(key.certified()?));
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .ok()
        .ok_or(LinkError::BadKey)?
        .with_client_cert_verifier(Arc::new(Clients { known }))
        .with_cert_resolver(resolver);
    config.alpn_protocols = Alpn::ALL.iter().map(|alpn| alpn.as_bytes().to_vec()).collect();
    // A resumed session would skip the verifier: a revoked node would come back in.
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.max_early_data_size = 0;
    Ok(config)
}

/// A client's TLS configuration; `mismatch` is raised when the relay showed another key than expected.
pub(super) fn client(
    key: Option<&TlsKey>,
    expected: ExpectedRelay,
    alpn: Alpn,
    mismatch: Arc<AtomicBool>,
) -> Result<rustls::ClientConfig, LinkError> {
    let own = key.map(TlsKey::certified).transpose()?;
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .ok()
        .ok_or(LinkError::BadKey)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Relay { expected, mismatch }))
        .with_client_cert_resolver(Arc::new(RawClientKey(own)));
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_early_data = false;
    Ok(config)
}
