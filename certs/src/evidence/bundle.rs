//! The bundle's form: one JSON object, byte fields in base64, read strictly.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    envelope::header::SignedHeader,
    frame::Head,
    id::{EnvelopeDigest, KeyId, NodeId, RelayId},
    receipt::{node::Delivered, relay::RelayAccepted},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{earlier::Earlier, strict};
use crate::{
    log::proof::PATH_HASHES_MAX,
    registry::{Registry, leaf::Leaf},
};

/// The largest bundle that is read, in bytes.
pub const BUNDLE_BYTES_MAX: usize = 1024 * 1024;
const FORMAT: &str = "safeconduct.evidence/1";

/// Why there is no bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleRefused {
    /// Longer than [`BUNDLE_BYTES_MAX`].
    #[error("the file is longer than {BUNDLE_BYTES_MAX} bytes")]
    TooLong,
    /// Not the JSON object of a bundle of this version.
    #[error("the file is no evidence bundle of this version, or was changed")]
    Malformed,
    /// The registry copy names neither this node nor this key.
    #[error("the registry does not name the keys that the evidence needs")]
    NotRegistered,
    /// The registry copy has no signed head yet.
    #[error("there is no signed registry head yet")]
    NoHead,
    /// Longer than [`CASE_BYTES_MAX`](super::case_bundle::CASE_BYTES_MAX).
    #[error("the file is longer than {} bytes", super::case_bundle::CASE_BYTES_MAX)]
    CaseTooLong,
    /// No revision of the referral was ever signed.
    #[error("nothing of this referral was signed yet")]
    NothingSigned,
}

impl BundleRefused {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::TooLong | Self::Malformed => {
                "get the file again from whoever exported it; if it stays so, it proves nothing"
            }
            Self::NotRegistered | Self::NoHead => {
                "connect to the relay, so that the registry is fetched, then export again"
            }
            Self::CaseTooLong => "get the right file, or export it again without content, or message by message",
            Self::NothingSigned => "wait until it has been sent, then export again",
        }
    }
}

/// Bytes that are base64 in JSON, in their one canonical form.
#[derive(Clone, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(|_bad| de::Error::custom("not base64"))
    }
}

/// A registry entry with the proof that it stands in the log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the log.
    pub index: u64,
    /// The entry as signed.
    pub leaf: Blob,
    /// RFC 6962 inclusion path to the checkpoint.
    pub proof: Vec<Blob>,
}

/// What opens the content commitment. With it the bundle holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// 32 random bytes.
    pub salt: Blob,
    /// The message's content.
    pub content: Blob,
}

/// Another authority's log, at one head: where recipient and relay stand when they are not of the sender's authority.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abroad {
    /// That authority's root file.
    pub root: Blob,
    /// Checkpoint note of its log.
    pub checkpoint: Blob,
}

/// A bundle that has the form of one. Nothing is verified yet: see [`verify`](super::verify()).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    format: String,
    /// The authority's root file.
    pub root: Blob,
    /// Checkpoint note.
    pub checkpoint: Blob,
    /// Signed timestamp.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Blob>,
    /// The log in which recipient and relay stand, when it is not the sender's.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub abroad: Option<Abroad>,
    /// The head that the sender acted on, where it is another one and was kept.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
    /// The sender's entry.
    #[serde(deserialize_with = "strict::object")]
    pub sender: Entry,
    /// The recipient's entry.
    #[serde(deserialize_with = "strict::object")]
    pub recipient: Entry,
    /// The relay's entry, exactly when there is its receipt.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub relay: Option<Entry>,
    /// The signed header.
    pub header: Blob,
    /// The sender's signature over it.
    pub signature: Blob,
    /// Digest of the sealed envelope, exactly when there is a receipt that names it.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub envelope_digest: Option<Blob>,
    /// `relay-accepted`.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub relay_accepted: Option<Blob>,
    /// `delivered`.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Blob>,
    /// Salt and content.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
}

/// What a node has kept about one message.
pub struct Parts<'p> {
    /// Header and the sender's signature.
    pub header: &'p SignedHeader,
    /// Digest of the envelope that the receipts are about.
    pub envelope: EnvelopeDigest,
    /// The relay's receipt.
    pub relay_accepted: Option<&'p RelayAccepted>,
    /// The recipient's receipt.
    pub delivered: Option<&'p Delivered>,
    /// Salt and content, when the content is to be in.
    pub opening: Option<(&'p [u8; 32], &'p [u8])>,
    /// The head of the sender's log on which it was signed, when it was kept.
    pub acted_on: Option<&'p Head>,
}

impl Bundle {
    /// Puts together what proves these parts, from a registry copy with a signed head.
    ///
    /// # Errors
    /// [`BundleRefused::NoHead`], [`BundleRefused::NotRegistered`].
    pub fn collect(registry: &Registry, parts: &Parts<'_>) -> Result<Self, BundleRefused> {
        Self::collect_across(registry, registry, parts)
    }

    /// The same for a message across a border: `registry` is the log of the sender's authority, `theirs` that of the
    /// recipient's.
    ///
    /// # Errors
    /// As [`Self::collect`].
    pub fn collect_across(registry: &Registry, theirs: &Registry, parts: &Parts<'_>) -> Result<Self, BundleRefused> {
        let ground = Stands::on(registry, theirs)?;
        let header = parts.header.header();
        let sender = entry_of(registry, &header.sender, Some(header.sender_key))?;
        let recipient = entry_of(theirs, &header.recipient, parts.delivered.map(Delivered::recipient_key))?;
        // Under the key of its time: a relay may have another by now.
        let relay =
            parts.relay_accepted.map(|receipt| relay_entry(theirs, receipt.relay(), &|ik| receipt.verify(ik).is_ok()));
        let any_receipt = parts.relay_accepted.is_some() || parts.delivered.is_some();
        let across = ground.abroad.is_some();
        let earlier = parts.acted_on.and_then(|head| Earlier::collect(registry, header, head, across));
        Ok(Self {
            format: FORMAT.to_owned(),
            root: ground.root,
            checkpoint: ground.checkpoint,
            timestamp: ground.timestamp,
            abroad: ground.abroad,
            earlier,
            sender,
            recipient,
            relay: relay.transpose()?,
            header: Blob(parts.header.as_bytes().to_vec()),
            signature: Blob(parts.header.signature().as_bytes().to_vec()),
            envelope_digest: any_receipt.then(|| Blob(parts.envelope.as_bytes().to_vec())),
            relay_accepted: parts.relay_accepted.map(|receipt| Blob(receipt.as_bytes().to_vec())),
            delivered: parts.delivered.map(|receipt| Blob(receipt.as_bytes().to_vec())),
            opening: parts
                .opening
                .map(|(salt, content)| Opening { salt: Blob(salt.to_vec()), content: Blob(content.to_vec()) }),
        })
    }

    /// Reads a bundle's form strictly.
    ///
    /// # Errors
    /// [`BundleRefused::TooLong`], [`BundleRefused::Malformed`].
    pub fn parse(json: &[u8]) -> Result<Self, BundleRefused> {
        if json.len() > BUNDLE_BYTES_MAX {
            return Err(BundleRefused::TooLong);
        }
        let bundle: Self = strict::from_slice(json).ok().ok_or(BundleRefused::Malformed)?;
        let entries = [Some(&bundle.sender), Some(&bundle.recipient), bundle.relay.as_ref()];
        let paths_fit = entries.into_iter().flatten().all(|entry| entry.proof.len() <= PATH_HASHES_MAX);
        let any_receipt = bundle.relay_accepted.is_some() || bundle.delivered.is_some();
        // A part that nothing else vouches for would be a part that anyone could write in.
        let consistent = bundle.format == FORMAT
            && bundle.earlier.as_ref().is_none_or(|earlier| earlier.is_consistent(bundle.abroad.is_some()))
            && bundle.relay.is_some() == bundle.relay_accepted.is_some()
            && bundle.envelope_digest.is_some() == any_receipt;
        if paths_fit && consistent { Ok(bundle) } else { Err(BundleRefused::Malformed) }
    }

    /// The bundle as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Structs of strings and numbers always serialise.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// What a bundle of either kind stands on: both authorities' logs at their newest heads.
pub(super) struct Stands {
    pub(super) root: Blob,
    pub(super) checkpoint: Blob,
    pub(super) timestamp: Option<Blob>,
    pub(super) abroad: Option<Abroad>,
}

impl Stands {
    /// `registry` is the log of the sender's authority, `theirs` that of the recipient's, which may be the same.
    pub(super) fn on(registry: &Registry, theirs: &Registry) -> Result<Self, BundleRefused> {
        let head = registry.head().ok_or(BundleRefused::NoHead)?;
        let their_head = theirs.head().ok_or(BundleRefused::NoHead)?;
        let is_across = theirs.root().authority() != registry.root().authority();
        Ok(Self {
            root: Blob(registry.root().as_bytes().to_vec()),
            checkpoint: Blob(head.note.clone()),
            timestamp: (!head.timestamp.is_empty()).then(|| Blob(head.timestamp.clone())),
            abroad: is_across.then(|| Abroad {
                root: Blob(theirs.root().as_bytes().to_vec()),
                checkpoint: Blob(their_head.note.clone()),
            }),
        })
    }
}

/// The entry of the relay with this number whose key is the one under which its receipt `holds`.
pub(super) fn relay_entry(
    registry: &Registry,
    number: RelayId,
    holds: &dyn Fn(&VerifyingKey) -> bool,
) -> Result<Entry, BundleRefused> {
    let relay = registry.relay(number).ok_or(BundleRefused::NotRegistered)?;
    entry_where(registry, &relay.id, holds)
}

/// The newest entry of a node, or the newest that names this identity key.
fn entry_of(registry: &Registry, node: &NodeId, key: Option<KeyId>) -> Result<Entry, BundleRefused> {
    entry_where(registry, node, &|ik| key.is_none_or(|key| ik.key_id() == key))
}

/// The newest entry of a node whose identity key is the one that is looked for.
pub(super) fn entry_where(
    registry: &Registry,
    node: &NodeId,
    is_it: &dyn Fn(&VerifyingKey) -> bool,
) -> Result<Entry, BundleRefused> {
    entry_at(registry, registry.head_size(), node, is_it)
}

/// The same in the first `size` entries.
pub(super) fn entry_at(
    registry: &Registry,
    size: u64,
    node: &NodeId,
    is_it: &dyn Fn(&VerifyingKey) -> bool,
) -> Result<Entry, BundleRefused> {
    let state = registry.node(node).ok_or(BundleRefused::NotRegistered)?;
    let names_key = |leaf: &Leaf| VerifyingKey::try_from(leaf.fields.ik).is_ok_and(|ik| is_it(&ik));
    let last = state.last_index.min(size.saturating_sub(1));
    let found = (state.added_at..=last).rev().find(|index| {
        registry.leaf_node(*index) == Some(*node)
            && registry.leaf(*index).and_then(|bytes| Leaf::parse(bytes).ok()).is_some_and(|leaf| names_key(&leaf))
    });
    let index = found.ok_or(BundleRefused::NotRegistered)?;
    let proof = registry.inclusion_proof_at(index, size).ok_or(BundleRefused::NoHead)?;
    let leaf = registry.leaf(index).ok_or(BundleRefused::NotRegistered)?;
    let proof = proof.path.iter().map(|hash| Blob(hash.to_vec())).collect();
    Ok(Entry { index, leaf: Blob(leaf.to_vec()), proof })
}
