//! The form of a referral's bundle (`docs/PROTOCOL.md` §11): every revision with its receipts, every act that both agencies signed, and
//! the registry's entries of every key that signed one of them. One JSON object, read as strictly as the bundle of a message.

use std::collections::{BTreeMap, BTreeSet};

use safeconduct_protocol::{
    envelope::header::SignedHeader,
    frame::Head,
    id::{EnvelopeDigest, KeyId, MessageId, NodeId},
    receipt::{
        case::{CASE_EVENTS_MAX, CaseEvent},
        node::Delivered,
        relay::{RelayAccepted, RelayExpired},
    },
};
use serde::{Deserialize, Serialize};

use super::{
    bundle::{Abroad, Blob, BundleRefused, Entry, Opening, Stands, entry_where, relay_entry},
    earlier::Earlier,
    strict,
};
use crate::{log::proof::PATH_HASHES_MAX, registry::Registry};

/// The largest bundle of a referral that is read, in bytes.
pub const CASE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Revisions in it at most.
pub const REVISIONS_MAX: usize = 64;
/// Keys of one node at most.
pub const ENTRIES_MAX: usize = 8;
/// Acts in it at most: of each side all numbers, each signed twice.
const EVENTS_MAX: usize = 4 * CASE_EVENTS_MAX as usize;
const FORMAT: &str = "safeconduct.case/1";
/// What tells a referral's bundle from that of a message before either is read.
const MARK: &[u8] = b"\"safeconduct.case/1\"";

/// Whether this is to be read as the bundle of a referral.
#[must_use]
pub fn is_case(json: &[u8]) -> bool {
    json.windows(MARK.len()).any(|part| part == MARK)
}

/// One revision of the referral: the message that brought it, and who said what of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRevision {
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
    /// `relay-expired`.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub relay_expired: Option<Blob>,
    /// `delivered`.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Blob>,
    /// Salt and content.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
}

impl CaseRevision {
    fn is_consistent(&self) -> bool {
        let any = self.relay_accepted.is_some() || self.relay_expired.is_some() || self.delivered.is_some();
        self.envelope_digest.is_some() == any
    }

    const fn needs_relay(&self) -> bool {
        self.relay_accepted.is_some() || self.relay_expired.is_some()
    }
}

/// What opens the commitment to an act's details. With it the bundle holds personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDetails {
    /// Which act: its place in `events`, from 0.
    pub event: u64,
    /// 32 random bytes.
    pub salt: Blob,
    /// The details.
    pub details: Blob,
}

/// A referral's bundle that has the form of one. Nothing is verified yet: see [`verify_case`](super::verify_case()).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseBundle {
    format: String,
    /// The root file of the sender's authority.
    pub root: Blob,
    /// Checkpoint note.
    pub checkpoint: Blob,
    /// Signed timestamp.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Blob>,
    /// The log in which recipient and relays stand, when it is not the sender's.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub abroad: Option<Abroad>,
    /// The heads that the sender acted on, where they are others and were kept: by size, then by the sender's entry.
    #[serde(default, deserialize_with = "strict::objects_if_there", skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Vec<Earlier>>,
    /// The sender's entries: one for each of its keys that signed.
    #[serde(deserialize_with = "strict::objects")]
    pub sender: Vec<Entry>,
    /// The recipient's; one, too, when it has signed nothing.
    #[serde(deserialize_with = "strict::objects")]
    pub recipient: Vec<Entry>,
    /// The relays': one for each key that signed a receipt.
    #[serde(deserialize_with = "strict::objects")]
    pub relays: Vec<Entry>,
    /// The referral's id: 32 hex digits in the groups of a UUID; exactly when an act or a content vouches for it.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub referral_id: Option<String>,
    /// Its revisions, in their order.
    #[serde(deserialize_with = "strict::objects")]
    pub revisions: Vec<CaseRevision>,
    /// The acts: the sender's, then the recipient's, each by epoch, number and hash.
    pub events: Vec<Blob>,
    /// What opens the acts' details, in the order of the acts.
    #[serde(default, deserialize_with = "strict::objects_if_there", skip_serializing_if = "Option::is_none")]
    pub details: Option<Vec<CaseDetails>>,
}

/// What a node has kept of one revision.
pub struct RevisionParts<'p> {
    /// Header and the sender's signature.
    pub header: &'p SignedHeader,
    /// Digest of the envelope that the receipts are about.
    pub envelope: EnvelopeDigest,
    /// The relay's receipt.
    pub relay_accepted: Option<&'p RelayAccepted>,
    /// The relay's notice that nobody fetched it.
    pub relay_expired: Option<&'p RelayExpired>,
    /// The recipient's receipt.
    pub delivered: Option<&'p Delivered>,
    /// Salt and content, when the content is to be in.
    pub opening: Option<(&'p [u8; 32], &'p [u8])>,
    /// The head of the sender's log on which it was signed, when it was kept.
    pub acted_on: Option<&'p Head>,
}

/// What a node has kept of one act.
#[derive(Clone, Copy)]
pub struct EventParts<'p> {
    /// The act, as signed.
    pub event: &'p CaseEvent,
    /// Salt and details, when they are to be in.
    pub details: Option<(&'p [u8; 32], &'p [u8])>,
}

/// What a node has kept of a referral.
pub struct CaseParts<'p> {
    /// Its id.
    pub referral: [u8; 16],
    /// Who sent it, and to whom.
    pub ends: (NodeId, NodeId),
    /// Its revisions that were signed, in their order.
    pub revisions: Vec<RevisionParts<'p>>,
    /// The acts of both sides, in any order. Those of which something before is missing are left out.
    pub events: Vec<EventParts<'p>>,
}

impl CaseBundle {
    /// Puts together what proves a referral: `registry` is the log of the sender's authority, `theirs` that of the recipient's.
    ///
    /// # Errors
    /// [`BundleRefused::NoHead`], [`BundleRefused::NotRegistered`], [`BundleRefused::NothingSigned`], [`BundleRefused::CaseTooLong`].
    pub fn collect(registry: &Registry, theirs: &Registry, parts: &CaseParts<'_>) -> Result<Self, BundleRefused> {
        if parts.revisions.is_empty() {
            return Err(BundleRefused::NothingSigned);
        }
        let ground = Stands::on(registry, theirs)?;
        let (sender, recipient) = parts.ends;
        let events = whole(parts);
        let of =
            |node: NodeId| events.iter().filter(move |one| one.event.says().signer == node).map(|one| one.event.key());
        let sent = parts.revisions.iter().map(|revision| revision.header.header().sender_key).chain(of(sender));
        let taken = parts.revisions.iter().filter_map(|one| one.delivered).map(Delivered::recipient_key);
        let details: Vec<CaseDetails> = (0_u64..).zip(&events).filter_map(|(event, one)| opened(event, one)).collect();
        let says_which = !events.is_empty() || parts.revisions.iter().any(|revision| revision.opening.is_some());
        let earlier = earlier(registry, &parts.revisions, ground.abroad.is_some());
        let bundle = Self {
            format: FORMAT.to_owned(),
            root: ground.root,
            checkpoint: ground.checkpoint,
            timestamp: ground.timestamp,
            abroad: ground.abroad,
            earlier: (!earlier.is_empty()).then_some(earlier),
            sender: entries(registry, &sender, sent.collect())?,
            recipient: entries(theirs, &recipient, taken.chain(of(recipient)).collect())?,
            relays: relays(theirs, &parts.revisions)?,
            referral_id: says_which.then(|| uuid_text(&parts.referral)),
            revisions: parts.revisions.iter().map(revision).collect(),
            events: events.iter().map(|one| Blob(one.event.as_bytes().to_vec())).collect(),
            details: (!details.is_empty()).then_some(details),
        };
        if bundle.to_json().len() > CASE_BYTES_MAX { Err(BundleRefused::CaseTooLong) } else { Ok(bundle) }
    }

    /// Reads a bundle's form strictly.
    ///
    /// # Errors
    /// [`BundleRefused::CaseTooLong`], [`BundleRefused::Malformed`].
    pub fn parse(json: &[u8]) -> Result<Self, BundleRefused> {
        if json.len() > CASE_BYTES_MAX {
            return Err(BundleRefused::CaseTooLong);
        }
        let bundle: Self = strict::from_slice(json).ok().ok_or(BundleRefused::Malformed)?;
        if bundle.is_consistent() { Ok(bundle) } else { Err(BundleRefused::Malformed) }
    }

    fn is_consistent(&self) -> bool {
        let entries = [&self.sender, &self.recipient, &self.relays];
        let paths_fit = entries.into_iter().flatten().all(|entry| entry.proof.len() <= PATH_HASHES_MAX);
        let counts_fit = (1..=ENTRIES_MAX).contains(&self.sender.len())
            && (1..=ENTRIES_MAX).contains(&self.recipient.len())
            && self.relays.len() <= ENTRIES_MAX
            && (1..=REVISIONS_MAX).contains(&self.revisions.len())
            && self.events.len() <= EVENTS_MAX
            && self.earlier.as_ref().is_none_or(|earlier| (1..=REVISIONS_MAX).contains(&earlier.len()))
            && self.details.as_ref().is_none_or(|details| (1..=EVENTS_MAX).contains(&details.len()));
        self.format == FORMAT
            && paths_fit
            && counts_fit
            && self.earlier.iter().flatten().all(|earlier| earlier.is_consistent(self.abroad.is_some()))
            && self.referral_id.as_ref().is_none_or(|id| uuid_bytes(id).is_some())
            && self.referral_id.is_some() == self.is_vouched_for()
            && self.revisions.iter().all(CaseRevision::is_consistent)
            && self.relays.is_empty() != self.revisions.iter().any(CaseRevision::needs_relay)
    }

    /// Whether something that is signed says which referral it is.
    fn is_vouched_for(&self) -> bool {
        !self.events.is_empty() || self.revisions.iter().any(|revision| revision.opening.is_some())
    }

    /// The bundle as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Structs of strings and numbers always serialise.
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// One of each head on which a revision was signed, and of each key of the sender that signed on it.
fn earlier(registry: &Registry, revisions: &[RevisionParts<'_>], across: bool) -> Vec<Earlier> {
    let mut heads: BTreeMap<(u64, u64), Earlier> = BTreeMap::new();
    for one in revisions {
        let header = one.header.header();
        let earlier = one.acted_on.and_then(|head| Earlier::collect(registry, header, head, across));
        if let Some(earlier) = earlier {
            heads.entry((header.registry.size, earlier.sender.index)).or_insert(earlier);
        }
    }
    heads.into_values().collect()
}

fn revision(parts: &RevisionParts<'_>) -> CaseRevision {
    let any = parts.relay_accepted.is_some() || parts.relay_expired.is_some() || parts.delivered.is_some();
    CaseRevision {
        header: Blob(parts.header.as_bytes().to_vec()),
        signature: Blob(parts.header.signature().as_bytes().to_vec()),
        envelope_digest: any.then(|| Blob(parts.envelope.as_bytes().to_vec())),
        relay_accepted: parts.relay_accepted.map(|receipt| Blob(receipt.as_bytes().to_vec())),
        relay_expired: parts.relay_expired.map(|receipt| Blob(receipt.as_bytes().to_vec())),
        delivered: parts.delivered.map(|receipt| Blob(receipt.as_bytes().to_vec())),
        opening: parts
            .opening
            .map(|(salt, content)| Opening { salt: Blob(salt.to_vec()), content: Blob(content.to_vec()) }),
    }
}

fn opened(event: u64, parts: &EventParts<'_>) -> Option<CaseDetails> {
    let (salt, details) = parts.details?;
    Some(CaseDetails { event, salt: Blob(salt.to_vec()), details: Blob(details.to_vec()) })
}

/// The acts of which nothing before is missing, about revisions that are in the bundle, in their order.
fn whole<'p>(parts: &CaseParts<'p>) -> Vec<EventParts<'p>> {
    let messages: BTreeSet<MessageId> = parts.revisions.iter().map(|one| one.header.header().message).collect();
    let mut left: Vec<(EventParts<'p>, [u8; 32])> = parts.events.iter().map(|one| (*one, one.event.hash())).collect();
    left.retain(|(one, _)| messages.contains(&one.event.says().about.message));
    loop {
        let there: BTreeSet<[u8; 32]> = left.iter().map(|(_, hash)| *hash).collect();
        let before = left.len();
        left.retain(|(one, _)| {
            let says = one.event.says();
            (says.number == 0 || there.contains(&says.previous))
                && says.seen.is_none_or(|seen| there.contains(&seen.hash))
        });
        if left.len() == before {
            break;
        }
    }
    left.sort_by_key(|(one, hash)| {
        let says = one.event.says();
        (says.signer != parts.ends.0, says.epoch, says.number, *hash)
    });
    left.dedup_by_key(|(_, hash)| *hash);
    left.into_iter().map(|(one, _)| one).collect()
}

/// A node's entries for these keys, or its newest when it has signed nothing.
fn entries(registry: &Registry, node: &NodeId, keys: BTreeSet<KeyId>) -> Result<Vec<Entry>, BundleRefused> {
    if keys.is_empty() {
        return Ok(vec![entry_where(registry, node, &|_ik| true)?]);
    }
    let mut entries = Vec::with_capacity(keys.len());
    for key in keys {
        entries.push(entry_where(registry, node, &|ik| ik.key_id() == key)?);
    }
    entries.sort_by_key(|entry| entry.index);
    Ok(entries)
}

/// The relays' entries under whose keys the receipts hold.
fn relays(registry: &Registry, revisions: &[RevisionParts<'_>]) -> Result<Vec<Entry>, BundleRefused> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut keep = |entry: Entry| {
        if entries.iter().all(|other| other.index != entry.index) {
            entries.push(entry);
        }
    };
    for one in revisions {
        if let Some(receipt) = one.relay_accepted {
            keep(relay_entry(registry, receipt.relay(), &|ik| receipt.verify(ik).is_ok())?);
        }
        if let Some(receipt) = one.relay_expired {
            keep(relay_entry(registry, receipt.relay(), &|ik| receipt.verify(ik).is_ok())?);
        }
    }
    entries.sort_by_key(|entry| entry.index);
    Ok(entries)
}

/// The bytes of a referral's id; none unless it is written as [`uuid_text`] does.
pub(super) fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    let mut bytes = [0; 16];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    (uuid_text(&bytes) == text).then_some(bytes)
}

/// `1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01`.
fn uuid_text(bytes: &[u8; 16]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
