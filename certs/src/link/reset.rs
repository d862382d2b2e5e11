//! A relay that was killed tells its nodes so when it is back: QUIC stateless resets (RFC 9000 §10.3) under a key that
//! outlives the process. Without it a node would notice only after the idle time.

use std::sync::Arc;

use quinn::{
    ConnectionId, ConnectionIdGenerator, EndpointConfig,
    crypto::{CryptoError, HmacKey},
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::tls::TlsKey;

/// Bytes of a connection id.
const ID_BYTES: usize = 8;

/// The configuration of a relay's endpoint: a start later knows the connection ids of this one for its own.
pub(super) fn endpoint_config(key: &TlsKey) -> EndpointConfig {
    let mut config = EndpointConfig::new(Arc::new(ResetKey::new(key)));
    config.cid_generator(|| Box::new(RandomIds));
    config
}

/// Keyed hash over connection ids, which have one length: SHA-256 with the key in front.
struct ResetKey(Zeroizing<[u8; 32]>);

impl ResetKey {
    fn new(key: &TlsKey) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"safeconduct/v1 quic-reset\0");
        hash.update(key.seed().reveal());
        Self(Zeroizing::new(hash.finalize().into()))
    }

    fn token(&self, id: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(*self.0).chain_update(id).finalize().into()
    }
}

impl HmacKey for ResetKey {
    fn sign(&self, data: &[u8], signature_out: &mut [u8]) {
        for (out, byte) in signature_out.iter_mut().zip(self.token(data)) {
            *out = byte;
        }
    }

    fn signature_len(&self) -> usize {
        32
    }

    fn verify(&self, data: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        let expected = self.token(data);
        let differing = expected.iter().zip(signature).fold(0_u8, |all, (a, b)| all | (a ^ b));
        if signature.len() == expected.len() && differing == 0 { Ok(()) } else { Err(CryptoError) }
    }
}

/// Connection ids without meaning: a relay that starts anew takes any of this length for one of its own, and answers
/// with a reset, at most one each 20 ms.
struct RandomIds;

impl ConnectionIdGenerator for RandomIds {
    fn generate_cid(&mut self) -> ConnectionId {
        let mut bytes = [0; ID_BYTES];
        // Without randomness no handshake succeeds either; an id that repeats is refused by quinn.
        getrandom::fill(&mut bytes).ok();
        ConnectionId::new(&bytes)
    }

    fn cid_len(&self) -> usize {
        ID_BYTES
    }

    fn cid_lifetime(&self) -> Option<std::time::Duration> {
        None
    }
}

#[cfg(test)]
mod tests {
    use safeconduct_protocol::secret::Secret;

    use super::*;

    fn key(byte: u8) -> ResetKey {
        ResetKey::new(&TlsKey::from_seed(Secret::new([byte; 32])))
    }

    #[test]
    fn a_restarted_relay_makes_the_same_tokens_and_another_relay_others() {
        let mut token = [0; 32];
        key(1).sign(b"12345678", &mut token);

        assert!(key(1).verify(b"12345678", &token).is_ok());
        assert!(key(1).verify(b"12345679", &token).is_err());
        assert!(key(1).verify(b"12345678", &token[..16]).is_err());
        assert!(key(2).verify(b"12345678", &token).is_err());
    }

    #[test]
    fn connection_ids_differ() {
        assert_ne!(RandomIds.generate_cid(), RandomIds.generate_cid());
        assert_eq!(RandomIds.generate_cid().len(), RandomIds.cid_len());
    }
}
