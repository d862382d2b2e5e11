//! `relay.pub`: what a relay's operator hands to the authority, as JSON text. It holds no secret.

use safeconduct_protocol::{
    crypto::{
        hash::sha256,
        note::NoteVerifier,
        sign::{KeyRefused, VerifyingKey},
    },
    id::NodeId,
};
use serde::{Deserialize, Serialize};

use crate::log::note::{read_witness_key, witness_key_text};

/// The largest file that is read, in bytes.
pub const RELAY_FILE_BYTES_MAX: usize = 4096;
/// Longest address, `host:port`.
pub const ADDRESS_BYTES_MAX: usize = 255;
const FORMAT: &str = "safeconduct.relay/1";

/// A relay that asks to be registered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelayFile {
    /// `host:port` under which nodes reach it.
    pub address: String,
    /// Its receipt key.
    pub ik: VerifyingKey,
    /// SPKI hash of its TLS key.
    pub tls_spki: [u8; 32],
    /// Its node id.
    pub node: NodeId,
    /// Name and key with which it cosigns heads; none in a file of before relays did.
    pub witness: Option<(String, NoteVerifier)>,
}

/// Why a file is no `relay.pub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RelayFileRefused {
    /// Not the JSON object that `safeconduct-relay init` writes.
    #[error("not a relay.pub file of this version")]
    Malformed,
    /// Not `host:port`.
    #[error("the relay's address is not host:port")]
    Address,
    /// The receipt key is not sound.
    #[error("the relay's key is refused: {0}")]
    Key(KeyRefused),
}

impl RelayFileRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Malformed => "ask the relay's operator for DATA/relay.pub again, as a file, unchanged",
            Self::Address => "ask the relay's operator to run `safeconduct-relay init` with --address HOST:PORT",
            Self::Key(_) => "ask the relay's operator to make new keys with `safeconduct-relay init`",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: String,
    address: String,
    ik: String,
    tls_spki: String,
    node: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    witness: Option<String>,
}

impl RelayFile {
    /// Reads the file.
    ///
    /// # Errors
    /// [`RelayFileRefused`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RelayFileRefused> {
        if bytes.len() > RELAY_FILE_BYTES_MAX {
            return Err(RelayFileRefused::Malformed);
        }
        let wire: Wire = serde_json::from_slice(bytes).ok().ok_or(RelayFileRefused::Malformed)?;
        if wire.format != FORMAT {
            return Err(RelayFileRefused::Malformed);
        }
        if !is_address(&wire.address) {
            return Err(RelayFileRefused::Address);
        }
        let ik = VerifyingKey::try_from(hex32(&wire.ik)?).map_err(RelayFileRefused::Key)?;
        let node = NodeId::from_bytes(hex32(&wire.node)?);
        let witness =
            wire.witness.map(|text| read_witness_key(&text).ok_or(RelayFileRefused::Malformed)).transpose()?;
        Ok(Self { address: wire.address, ik, tls_spki: hex32(&wire.tls_spki)?, node, witness })
    }

    /// The file's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let wire = Wire {
            format: FORMAT.to_owned(),
            address: self.address.clone(),
            ik: hex::encode(self.ik.as_bytes()),
            tls_spki: hex::encode(self.tls_spki),
            node: self.node.to_hex(),
            witness: self.witness.as_ref().map(|(name, key)| witness_key_text(name, key)),
        };
        // A struct of strings always serialises.
        serde_json::to_string_pretty(&wire).map(|text| text + "\n").unwrap_or_default()
    }
}

/// The name under which a relay with this witness key cosigns: of the key, because an address may change.
#[must_use]
pub fn witness_name(key: &NoteVerifier) -> String {
    let [a, b, c, d, e, f, g, h, ..] = sha256(&[key.as_bytes()]);
    format!("safeconduct-relay/{}", hex::encode([a, b, c, d, e, f, g, h]))
}

/// Whether `text` has the form `host:port`; whether it resolves is another matter.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let host_fits = match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'),
    };
    text.len() <= ADDRESS_BYTES_MAX && host_fits && port.parse::<u16>().is_ok_and(|port| port != 0)
}

fn hex32(text: &str) -> Result<[u8; 32], RelayFileRefused> {
    let bytes = hex::decode(text).ok().ok_or(RelayFileRefused::Malformed)?;
    bytes.try_into().ok().ok_or(RelayFileRefused::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Actor, Keys};

    #[test]
    fn a_relay_file_is_read_back_and_anything_else_is_named() {
        let actor = Actor::new(7);
        let witness = Keys::new(8).log.verifier();
        let file = RelayFile {
            address: "relay.example:4433".to_owned(),
            ik: actor.ik.verifying_key(),
            tls_spki: actor.tls.spki_hash(),
            node: NodeId::from_bytes([7; 32]),
            witness: Some((witness_name(&witness), witness)),
        };
        let text = file.to_text();
        let before = RelayFile { witness: None, ..file.clone() };
        assert_eq!(RelayFile::parse(before.to_text().as_bytes()), Ok(before));
        assert_eq!(RelayFile::parse(text.as_bytes()), Ok(file));
        let refused = |text: &str| RelayFile::parse(text.as_bytes()).unwrap_err();
        assert_eq!(refused("{}"), RelayFileRefused::Malformed);
        assert_eq!(refused(&text.replace("relay/1", "relay/2")), RelayFileRefused::Malformed);
        assert_eq!(refused(&text.replace("{", "{\"more\":1,")), RelayFileRefused::Malformed);
        assert_eq!(refused(&text.replace("relay.example:4433", "relay.example")), RelayFileRefused::Address);
        let zero = "00".repeat(32);
        let ik = hex::encode(actor.ik.verifying_key().as_bytes());
        assert!(matches!(refused(&text.replace(&ik, &zero)), RelayFileRefused::Key(_)));
    }

    #[test]
    fn addresses_are_host_and_port() {
        for good in ["a:1", "relay.example:65535", "127.0.0.1:4433", "[::1]:4433"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "a", ":1", "a:0", "a:65536", "a b:1", "[::1:4433", "::1:4433", "a/b:1", "é:1"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
