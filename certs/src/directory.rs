//! The directory: what a registered node may know about another (name, country, roles), sealed so that the relay that
//! carries it may not, and committed to by the node's registry entry (`docs/PROTOCOL.md` §9).
//!
//! ```text
//! nonce 24 || XChaCha20-Poly1305(directory key, aad = node id, salt 32 || u32 n || record n || zero to 512)
//! ```

use std::{collections::BTreeMap, fmt};

use safeconduct_protocol::{
    crypto::hash::{HashLabel, hash},
    entropy::{self, Entropy, NoEntropy},
    id::{AgencyId, NodeId},
    secret::Secret,
};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    aead::{self, NONCE_BYTES, TAG_BYTES},
    authority::relay_file::is_address,
    layout::{self, Reader},
    node::{Exercise, NodeState, Role, Roles},
};

/// Bytes that are sealed: salt, length, record, and zero up to here, so that the length says nothing.
pub const PADDED_BYTES: usize = 512;
/// Longest record, in bytes of JSON.
pub const RECORD_BYTES_MAX: usize = PADDED_BYTES - 36;
/// Bytes of a sealed record.
pub const SEALED_RECORD_BYTES: usize = NONCE_BYTES + PADDED_BYTES + TAG_BYTES;
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
    /// Longer than [`RECORD_BYTES_MAX`].
    #[error("the directory record is longer than {RECORD_BYTES_MAX} bytes")]
    TooLong,
    /// Not the JSON object of a record, or a value out of its bounds.
    #[error("not a directory record of this version")]
    Malformed,
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
            Self::TooLong => "shorten the names, or give them in fewer languages",
            Self::Malformed => "update; if this is the newest version, phone the authority",
            Self::CannotOpen | Self::Commitment | Self::Contradicts => {
                "fetch the registry again; if it stays so, phone the authority"
            }
            Self::NoEntropy(_) => "check that /dev/urandom works on this machine",
        }
    }
}

/// What the directory says about one agency or relay.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The agency's stable name; a relay's too.
    pub agency_id: AgencyId,
    /// Names by language (three letters, ISO 639-3), one at least.
    #[serde(deserialize_with = "unique_names")]
    pub names: BTreeMap<String, String>,
    /// Two capital letters.
    pub country: String,
    /// What it does; none for a relay.
    pub roles: Vec<RoleName>,
    /// Training only.
    pub exercise: bool,
    /// `host:port`, relays only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<String>,
}

/// A role by its name in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(pub Role);

impl TryFrom<String> for RoleName {
    type Error = &'static str;
    fn try_from(name: String) -> Result<Self, Self::Error> {
        Role::from_name(&name).map(Self).ok_or("not a role")
    }
}

impl From<RoleName> for String {
    fn from(role: RoleName) -> Self {
        role.0.as_str().to_owned()
    }
}

impl Record {
    /// Reads a record strictly: no unknown or repeated members, every value within its bounds.
    ///
    /// # Errors
    /// [`RecordRefused::TooLong`], [`RecordRefused::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordRefused> {
        if bytes.len() > RECORD_BYTES_MAX {
            return Err(RecordRefused::TooLong);
        }
        let record: Self = serde_json::from_slice(bytes).ok().ok_or(RecordRefused::Malformed)?;
        if record.is_sound() { Ok(record) } else { Err(RecordRefused::Malformed) }
    }

    /// The record's bytes, which are what is committed to.
    ///
    /// # Errors
    /// [`RecordRefused::Malformed`] for values out of bounds, [`RecordRefused::TooLong`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, RecordRefused> {
        let bytes = serde_json::to_vec(self).ok().ok_or(RecordRefused::Malformed)?;
        Self::parse(&bytes).map(|_| bytes)
    }

    /// The `roles` field of the entry that fits this record.
    #[must_use]
    pub fn leaf_roles(&self) -> Option<Roles> {
        if self.relay.is_some() {
            return Some(Roles::RELAY);
        }
        let roles: Vec<Role> = self.roles.iter().map(|name| name.0).collect();
        Roles::agency(&roles, if self.exercise { Exercise::Yes } else { Exercise::No })
    }

    /// The name in this language, else in English, else the first.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        let wanted = self.names.get(language).or_else(|| self.names.get("eng"));
        wanted.or_else(|| self.names.values().next()).map_or("", String::as_str)
    }

    fn is_sound(&self) -> bool {
        let language = |tag: &String| tag.len() == 3 && tag.bytes().all(|b| b.is_ascii_lowercase());
        let country = self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase());
        let names = !self.names.is_empty() && self.names.iter().all(|(tag, name)| language(tag) && is_name(name));
        let mut sorted = self.roles.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let kind = match &self.relay {
            Some(address) => self.roles.is_empty() && !self.exercise && is_address(address),
            None => !self.roles.is_empty() && sorted.len() == self.roles.len(),
        };
        country && names && kind
    }
}

/// Whether a text can be a name: something, nothing that steers a terminal, nothing that turns its direction round.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !name.trim().is_empty() && name.trim() == name && name.len() <= NAME_BYTES_MAX && !name.chars().any(steers)
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
    let bytes = record.to_bytes()?;
    let salt: [u8; 32] = entropy::random(entropy)?;
    let nonce: [u8; NONCE_BYTES] = entropy::random(entropy)?;
    let length = u32::try_from(bytes.len()).ok().ok_or(RecordRefused::TooLong)?;
    let mut padded = Vec::with_capacity(PADDED_BYTES);
    padded.extend_from_slice(&salt);
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(&bytes);
    padded.resize(PADDED_BYTES, 0);
    let ciphertext = aead::seal(key.reveal(), &nonce, node.as_bytes(), &padded).ok_or(RecordRefused::TooLong)?;
    Ok(([nonce.as_slice(), &ciphertext].concat(), commitment(&salt, &bytes)))
}

/// Opens a sealed record and checks it against the node's entry: commitment, roles, kind.
///
/// # Errors
/// [`RecordRefused`].
pub fn open(sealed: &[u8], key: &DirectoryKey, node: &NodeState) -> Result<Record, RecordRefused> {
    let (salt, bytes) = open_bytes(sealed, key, &node.id)?;
    if commitment(&salt, &bytes) != node.directory {
        return Err(RecordRefused::Commitment);
    }
    let record = Record::parse(&bytes)?;
    if record.leaf_roles() == Some(node.roles) { Ok(record) } else { Err(RecordRefused::Contradicts) }
}

fn open_bytes(sealed: &[u8], key: &DirectoryKey, node: &NodeId) -> Result<([u8; 32], Vec<u8>), RecordRefused> {
    if sealed.len() != SEALED_RECORD_BYTES {
        return Err(RecordRefused::CannotOpen);
    }
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(RecordRefused::CannotOpen)?;
    let padded = aead::open(key.reveal(), nonce, node.as_bytes(), ciphertext).ok_or(RecordRefused::CannotOpen)?;
    let mut reader = Reader::new(&padded);
    let parsed = (|| {
        let salt = reader.array::<32>()?;
        let length = usize::try_from(reader.u32()?).ok()?;
        let bytes = reader.slice(length)?.to_vec();
        layout::is_zero(reader.rest()).then_some((salt, bytes))
    })();
    parsed.ok_or(RecordRefused::Malformed)
}

/// A map whose keys come once each.
fn unique_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct Names;
    impl<'de> de::Visitor<'de> for Names {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("names by language")
        }

        fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
            let mut names = BTreeMap::new();
            while let Some((language, name)) = map.next_entry()? {
                if names.insert(language, name).is_some() {
                    return Err(de::Error::custom("a language comes twice"));
                }
            }
            Ok(names)
        }
    }
    deserializer.deserialize_map(Names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        registry::Registry,
        testing::{Actor, Keys, Seeded},
    };

    fn record() -> Record {
        Record {
            agency_id: "xa.harbour-house".parse().unwrap(),
            names: BTreeMap::from([("eng".to_owned(), "Harbour House".to_owned())]),
            country: "XA".to_owned(),
            roles: vec![RoleName(Role::NgoShelter)],
            exercise: false,
            relay: None,
        }
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
        assert_eq!(sealed.len(), SEALED_RECORD_BYTES);
        assert_eq!(open(&sealed, &key, &node), Ok(record()));
        for place in 0..sealed.len() {
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

    #[test]
    fn records_are_read_strictly() {
        let good = String::from_utf8(record().to_bytes().unwrap()).unwrap();
        assert_eq!(Record::parse(good.as_bytes()), Ok(record()));
        for (from, to) in [
            ("\"exercise\"", "\"extra\":1,\"exercise\""),
            ("\"eng\":", "\"eng\":\"x\",\"eng\":"),
            ("\"country\":\"XA\"", "\"country\":\"XA\",\"country\":\"XA\""),
            ("\"XA\"", "\"xa\""),
            ("\"eng\"", "\"en\""),
            ("{\"eng\":\"Harbour House\"}", "{}"),
            ("Harbour House", " "),
            ("Harbour House", "a\\u202eb"),
            ("Harbour House", "a\\u0007"),
            ("NgoShelter", "Shelter"),
            ("[\"NgoShelter\"]", "[]"),
            ("[\"NgoShelter\"]", "[\"NgoShelter\",\"NgoShelter\"]"),
            ("xa.harbour-house", "XA.harbour"),
            ("false", "0"),
            ("false", "false,\"relay\":\"a:1\""),
        ] {
            let bad = good.replace(from, to);
            assert_ne!(bad, good);
            assert_eq!(Record::parse(bad.as_bytes()), Err(RecordRefused::Malformed), "{bad}");
        }
        let mut long = record();
        for language in ["ara", "fra", "spa", "ron"] {
            long.names.insert(language.to_owned(), "x".repeat(NAME_BYTES_MAX));
        }
        assert_eq!(long.to_bytes(), Err(RecordRefused::TooLong));
    }

    #[test]
    fn a_relays_record_has_an_address_and_no_roles() {
        let relay = Record { roles: Vec::new(), relay: Some("relay.example:4433".to_owned()), ..record() };
        assert_eq!(relay.leaf_roles(), Some(Roles::RELAY));
        assert!(relay.to_bytes().is_ok());
        let neither = Record { relay: Some("nowhere".to_owned()), ..relay };
        assert_eq!(neither.to_bytes(), Err(RecordRefused::Malformed));
    }
}
