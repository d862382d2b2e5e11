//! The directory: what a registered node may know about another (name, country, roles, what it offers, when and where), sealed
//! so that the relay that carries it may not, and committed to by the node's registry entry (`docs/PROTOCOL.md` §9).
//!
//! ```text
//! nonce 24 || XChaCha20-Poly1305(directory key, aad = node id, salt 32 || u32 n || record n || zero to the class)
//! ```
//!
//! Two classes of length: 512 bytes for a relay, 2048 for an agency, whatever it says of itself. Agencies' records of 512
//! bytes, made before there was the larger class, still open.
//!
//! # Layout
//! - [`record`]: what a record says · [`codes`]: its code lists, those of the referral schema
//! - [`hours`]: opening hours · [`place`]: where an agency works · [`draft`]: a record as the administrator writes it

pub mod codes;
pub mod draft;
pub mod hours;
pub mod place;
pub mod record;

use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    entropy::{self, Entropy, NoEntropy},
    id::NodeId,
    secret::Secret,
};
use zeroize::Zeroizing;

pub use self::record::{Record, RoleName, is_name};
use crate::{
    aead::{self, NONCE_BYTES, TAG_BYTES},
    layout::{self, Reader},
    node::NodeState,
};

/// Bytes of a relay's record that are sealed: salt, length, record, and zero up to here.
pub const RELAY_PADDED_BYTES: usize = 512;
/// Bytes of an agency's record that are sealed, so that the length does not say how much it says.
pub const AGENCY_PADDED_BYTES: usize = 2048;
/// Salt and length before a record.
pub(crate) const BEFORE_RECORD_BYTES: usize = 36;
/// Longest record, in bytes of JSON.
pub const RECORD_BYTES_MAX: usize = AGENCY_PADDED_BYTES - BEFORE_RECORD_BYTES;
/// Longest record of a relay, in bytes of JSON.
pub const RELAY_RECORD_BYTES_MAX: usize = RELAY_PADDED_BYTES - BEFORE_RECORD_BYTES;
/// Bytes of the longest sealed record.
pub const SEALED_RECORD_BYTES_MAX: usize = NONCE_BYTES + AGENCY_PADDED_BYTES + TAG_BYTES;
/// Longest name, in bytes.
pub const NAME_BYTES_MAX: usize = 120;

/// The key that registered nodes and their authority share.
pub struct DirectoryKey(Secret<32>);

impl DirectoryKey {
    /// Takes the key over.
    #[must_use]
    pub const fn new(key: Secret<32>) -> Self {
        Self(key)
    }

    /// The key, to be stored sealed or put into an answer.
    #[must_use]
    pub fn reveal(&self) -> &[u8; 32] {
        self.0.reveal()
    }

    /// A second copy, for a second owner.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.duplicate())
    }
}

/// Why a record is not written or not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordRefused {
    /// Longer than [`RECORD_BYTES_MAX`], a relay's longer than [`RELAY_RECORD_BYTES_MAX`].
    #[error("the directory record is longer than {RECORD_BYTES_MAX} bytes, or a relay's than {RELAY_RECORD_BYTES_MAX}")]
    TooLong,
    /// Not the JSON object of a record, or a value out of its bounds.
    #[error("not a directory record of this version")]
    Malformed,
    /// A member is out of its bounds, as the administrator gave it.
    #[error("the directory record's `{0}` is out of its bounds")]
    Member(&'static str),
    /// Sealed under another key or for another node, or changed.
    #[error("the directory record cannot be opened")]
    CannotOpen,
    /// Not what the registry entry commits to.
    #[error("the directory record is not the one that the registry names")]
    Commitment,
    /// Says other roles than the registry entry.
    #[error("the directory record contradicts the registry")]
    Contradicts,
    /// The source of randomness failed.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

impl RecordRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TooLong => "shorten the names and places, or give them in fewer languages",
            Self::Member(_) => "correct it; deploy/record.example.toml says what each member may be",
            Self::Malformed => "update; if this is the newest version, phone the authority",
            Self::CannotOpen | Self::Commitment | Self::Contradicts => {
                "fetch the registry again; if it stays so, phone the authority"
            }
            Self::NoEntropy(_) => "check that /dev/urandom works on this machine",
        }
    }
}

/// `H("directory", salt || u32 n || record)`: what a registry entry carries.
#[must_use]
pub fn commitment(salt: &[u8; 32], record: &[u8]) -> [u8; 32] {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    hash(HashLabel::Directory, &[salt, &length.to_be_bytes(), record])
}

/// Seals a record; returns the sealed bytes and the commitment for the registry entry.
///
/// # Errors
/// [`RecordRefused`].
pub fn seal(
    record: &Record,
    key: &DirectoryKey,
    node: &NodeId,
    entropy: &mut dyn Entropy,
) -> Result<(Vec<u8>, [u8; 32]), RecordRefused> {
    let class = if record.relay.is_some() { RELAY_PADDED_BYTES } else { AGENCY_PADDED_BYTES };
    seal_padded(&record.to_bytes()?, key, node.as_bytes(), class, entropy)
}

/// Seals bytes under a directory key, salted and padded to `class` bytes; the sealed bytes and their [`commitment`].
///
/// # Errors
/// [`RecordRefused::TooLong`] for what does not fit, [`RecordRefused::NoEntropy`].
pub(crate) fn seal_padded(
    bytes: &[u8],
    key: &DirectoryKey,
    aad: &[u8],
    class: usize,
    entropy: &mut dyn Entropy,
) -> Result<(Vec<u8>, [u8; 32]), RecordRefused> {
    let salt: [u8; 32] = entropy::random(entropy)?;
    let nonce: [u8; NONCE_BYTES] = entropy::random(entropy)?;
    let length = u32::try_from(bytes.len()).ok().ok_or(RecordRefused::TooLong)?;
    if bytes.len() > class.saturating_sub(BEFORE_RECORD_BYTES) {
        return Err(RecordRefused::TooLong);
    }
    let mut padded = Zeroizing::new(Vec::with_capacity(class));
    padded.extend_from_slice(&salt);
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(bytes);
    padded.resize(class, 0);
    let ciphertext = aead::seal(key.reveal(), &nonce, aad, &padded).ok_or(RecordRefused::TooLong)?;
    Ok(([nonce.as_slice(), &ciphertext].concat(), commitment(&salt, bytes)))
}

/// Opens a sealed record and checks it against the node's entry: commitment, roles, kind.
///
/// # Errors
/// [`RecordRefused`].
pub fn open(sealed: &[u8], key: &DirectoryKey, node: &NodeState) -> Result<Record, RecordRefused> {
    let classes = [RELAY_PADDED_BYTES, AGENCY_PADDED_BYTES];
    let (salt, bytes) = open_padded(sealed, key, node.id.as_bytes(), &classes)?;
    if commitment(&salt, &bytes) != node.directory {
        return Err(RecordRefused::Commitment);
    }
    let record = Record::parse(&bytes)?;
    if record.leaf_roles() == Some(node.roles) { Ok(record) } else { Err(RecordRefused::Contradicts) }
}

/// Opens what [`seal_padded`] has sealed to one of these classes: the salt and the bytes, which are still to be compared with a
/// commitment.
///
/// # Errors
/// [`RecordRefused::CannotOpen`], [`RecordRefused::Malformed`].
pub(crate) fn open_padded(
    sealed: &[u8],
    key: &DirectoryKey,
    aad: &[u8],
    classes: &[usize],
) -> Result<([u8; 32], Zeroizing<Vec<u8>>), RecordRefused> {
    if !classes.iter().any(|class| sealed.len() == class.saturating_add(NONCE_BYTES).saturating_add(TAG_BYTES)) {
        return Err(RecordRefused::CannotOpen);
    }
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(RecordRefused::CannotOpen)?;
    let padded = aead::open(key.reveal(), nonce, aad, ciphertext).ok_or(RecordRefused::CannotOpen)?;
    let mut reader = Reader::new(&padded);
    let parsed = (|| {
        let salt = reader.array::<32>()?;
        let length = usize::try_from(reader.u32()?).ok()?;
        let bytes = Zeroizing::new(reader.slice(length)?.to_vec());
        layout::is_zero(reader.rest()).then_some((salt, bytes))
    })();
    parsed.ok_or(RecordRefused::Malformed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        node::Role,
        registry::Registry,
        testing::{Actor, Keys, Seeded},
    };

    fn record() -> Record {
        Record::bare(
            "xa.harbour-house".parse().unwrap(),
            BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
            "XA".to_owned(),
            vec![RoleName(Role::NgoShelter)],
            false,
        )
    }

    /// A node whose entry commits to the record, and the sealed record.
    fn registered(record: &Record) -> (NodeState, Vec<u8>, DirectoryKey) {
        let keys = Keys::new(3);
        let key = DirectoryKey::new(Secret::new([6; 32]));
        let mut entry = Actor::new(2).add(1);
        let (sealed, commitment) = seal(record, &key, &entry.node, &mut Seeded::new(4)).unwrap();
        entry.directory = commitment;
        let mut registry = Registry::new(keys.root());
        let relay = Actor::new(1).add_relay(0);
        registry.extend(&[relay.sign(&keys.registrar, None), entry.sign(&keys.registrar, None)]).unwrap();
        (registry.node(&entry.node).unwrap().clone(), sealed, key)
    }

    #[test]
    fn a_sealed_record_opens_for_its_node_and_every_flipped_byte_is_refused() {
        let (node, sealed, key) = registered(&record());
        assert_eq!(sealed.len(), SEALED_RECORD_BYTES_MAX);
        assert_eq!(open(&sealed, &key, &node), Ok(record()));
        for place in (0..sealed.len()).step_by(3) {
            let mut bent = sealed.clone();
            bent[place] ^= 1;
            assert_eq!(open(&bent, &key, &node), Err(RecordRefused::CannotOpen));
        }
        let other = DirectoryKey::new(Secret::new([7; 32]));
        assert_eq!(open(&sealed, &other, &node), Err(RecordRefused::CannotOpen));
    }

    #[test]
    fn a_record_that_the_entry_does_not_name_is_refused() {
        let (mut node, sealed, key) = registered(&record());
        node.directory[0] ^= 1;
        assert_eq!(open(&sealed, &key, &node), Err(RecordRefused::Commitment));
        let police = Record { roles: vec![RoleName(Role::Police)], ..record() };
        let (node, sealed, key) = registered(&police);
        assert_eq!(open(&sealed, &key, &node), Err(RecordRefused::Contradicts));
    }

    /// A record sealed as the program before the larger class did.
    fn seal_as_before(record: &Record, key: &DirectoryKey, node: &NodeId) -> (Vec<u8>, [u8; 32]) {
        let (bytes, salt, nonce) = (record.to_bytes().unwrap(), [5; 32], [6; NONCE_BYTES]);
        let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        let mut padded = [salt.as_slice(), &length, &bytes].concat();
        padded.resize(RELAY_PADDED_BYTES, 0);
        let ciphertext = aead::seal(key.reveal(), &nonce, node.as_bytes(), &padded).unwrap();
        ([nonce.as_slice(), &ciphertext].concat(), commitment(&salt, &bytes))
    }

    #[test]
    fn an_agencys_record_of_the_smaller_class_still_opens() {
        let (mut node, _, key) = registered(&record());
        let (sealed, commitment) = seal_as_before(&record(), &key, &node.id);
        node.directory = commitment;
        assert_eq!(open(&sealed, &key, &node), Ok(record()));
        assert_eq!(open(&sealed[..sealed.len() - 1], &key, &node), Err(RecordRefused::CannotOpen));
    }

    #[test]
    fn the_length_says_agency_or_relay_and_nothing_else() {
        let (key, node) = (DirectoryKey::new(Secret::new([6; 32])), NodeId::from_bytes([1; 32]));
        let length = |record: &Record| seal(record, &key, &node, &mut Seeded::new(4)).unwrap().0.len();
        let mut full = record();
        full.services = codes::Service::ALL.to_vec();
        full.competencies = codes::Competency::ALL.to_vec();
        assert_eq!(length(&record()), length(&full));
        let relay = Record { roles: Vec::new(), relay: Some("relay.example:4433".to_owned()), ..record() };
        assert_eq!(length(&relay), RELAY_PADDED_BYTES + NONCE_BYTES + TAG_BYTES);
    }
}
