//! The head that a sender acted on, joined to the newer one of the file (`docs/PROTOCOL.md` §11): the RFC 6962 path shows that the newer,
//! witnessed head continues that registry, and the entries show which keys it names. What that says of a message: `bounds`.

use std::collections::BTreeMap;

use safeconduct_protocol::{
    envelope::header::{Header, RegistryPoint},
    frame::Head,
    id::NodeId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    bundle::{Blob, Entry, entry_at},
    strict,
    verify::{Invalid, Log, Proven, entry_in},
};
use crate::{
    authority::root::RootFile,
    log::{
        checkpoint::Checkpoint,
        export::Signers,
        proof::{ConsistencyProof, PATH_HASHES_MAX},
        timestamp::LogTime,
    },
    registry::Registry,
    utc,
};

const CHECKPOINT: Invalid = Invalid { part: "the earlier checkpoint" };
const PATH: Invalid = Invalid { part: "the path from the earlier checkpoint" };
const TIMESTAMP: Invalid = Invalid { part: "the earlier timestamp" };
const SENDER: Invalid = Invalid { part: "the sender's earlier entry" };
const RECIPIENT: Invalid = Invalid { part: "the recipient's earlier entry" };
/// Also named when an earlier head is there that no message of the file was signed on.
pub(super) const ACTED_ON: Invalid = Invalid { part: "the registry that the sender acted on" };

/// An older head of the sender's log, with what stood in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Checkpoint note; of its signature lines none is there that does not hold.
    pub checkpoint: Blob,
    /// Signed timestamp of this size and root.
    #[serde(default, deserialize_with = "strict::if_there", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Blob>,
    /// RFC 6962 consistency path from it to the file's checkpoint.
    pub path: Vec<Blob>,
    /// The sender's newest entry in it that names the key which signed.
    #[serde(deserialize_with = "strict::object")]
    pub sender: Entry,
    /// The recipient's newest entry in it, exactly when the recipient is of the same authority.
    #[serde(default, deserialize_with = "strict::object_if_there", skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Entry>,
}

impl Earlier {
    /// From a kept head on which this message was signed; `None` when it is another one, is in the file anyway, or the copy of the
    /// registry cannot show it.
    pub(super) fn collect(registry: &Registry, header: &Header, head: &Head, across: bool) -> Option<Self> {
        let newest = registry.head()?;
        let RegistryPoint { size, root } = header.registry;
        let timestamp = whole_time(registry, head);
        let adds =
            size < newest.size || (size == newest.size && timestamp.is_some() && head.timestamp != newest.timestamp);
        if head.size != size || !adds || registry.root_hash_at(size) != Some(root) {
            return None;
        }
        let checkpoint = registry.open_note(&head.note, Signers::Authority).ok()?;
        if checkpoint.size != size || checkpoint.root != root {
            return None;
        }
        let path = registry.consistency_proof(size, newest.size)?.path;
        let sender = entry_at(registry, size, &header.sender, &|ik| ik.key_id() == header.sender_key).ok()?;
        let recipient =
            if across { None } else { Some(entry_at(registry, size, &header.recipient, &|_ik| true).ok()?) };
        Some(Self {
            checkpoint: Blob(registry.cosigned(&head.note, &[])?),
            timestamp,
            path: path.iter().map(|hash| Blob(hash.to_vec())).collect(),
            sender,
            recipient,
        })
    }

    /// No list longer than it can be, and the recipient's entry exactly in its own log.
    pub(super) fn is_consistent(&self, across: bool) -> bool {
        let lists = [Some(&self.path), Some(&self.sender.proof), self.recipient.as_ref().map(|entry| &entry.proof)];
        let fit = lists.into_iter().flatten().all(|list| list.len() <= PATH_HASHES_MAX);
        fit && self.recipient.is_none() == across
    }
}

/// The head's timestamp when it is about all of it.
fn whole_time(registry: &Registry, head: &Head) -> Option<Blob> {
    let time = LogTime::open(&head.timestamp, registry.root_at(head.size).timestamp_key()).ok()?;
    (time.size == head.size).then(|| Blob(head.timestamp.clone()))
}

/// An earlier head that holds, and the sender's entry in it.
pub(super) struct Opened {
    pub(super) checkpoint: Checkpoint,
    pub(super) witnessed: String,
    pub(super) time: Option<Timestamp>,
    /// The version of the root file under which it holds.
    pub(super) version: u32,
    pub(super) sender: Proven,
}

/// All of a file's. A note that stands in several is opened once under each version of the root file: its signatures are what costs.
///
/// # Errors
/// [`Invalid`] with the first part that does not hold.
pub(super) fn open_all<'e>(
    heads: impl Iterator<Item = &'e Earlier>,
    log: &Log,
    ends: (&[Proven], &[Proven]),
) -> Result<Vec<Opened>, Invalid> {
    let mut notes = Notes::default();
    heads.map(|earlier| Opened::open(earlier, &mut notes, log, ends)).collect()
}

impl Opened {
    fn open<'e>(
        earlier: &'e Earlier,
        notes: &mut Notes<'e>,
        log: &Log,
        (senders, recipients): (&[Proven], &[Proven]),
    ) -> Result<Self, Invalid> {
        let Signed { checkpoint, under, cosigned, time } = notes.signed(earlier, &log.root)?;
        let path: Option<Vec<[u8; 32]>> = earlier.path.iter().map(|hash| hash.0.as_slice().try_into().ok()).collect();
        let proof = ConsistencyProof { from: checkpoint.size, to: log.checkpoint.size, path: path.ok_or(PATH)? };
        proof.verify(&checkpoint.root, &log.checkpoint.root).ok().ok_or(PATH)?;
        let sender = entry_in(under, &checkpoint, &earlier.sender, SENDER)?;
        let newest = senders.iter().find(|one| is_of(one, &sender.leaf.fields.node) && one.ik == sender.ik);
        // The file's own entry is the newest that names the key: where it stood already, no other one can have.
        let newest = newest.ok_or(SENDER)?.leaf.fields.seq;
        if newest < checkpoint.size && newest != sender.leaf.fields.seq {
            return Err(SENDER);
        }
        if let Some(entry) = &earlier.recipient {
            let recipient = entry_in(under, &checkpoint, entry, RECIPIENT)?;
            if !recipients.iter().any(|one| is_of(one, &recipient.leaf.fields.node)) {
                return Err(RECIPIENT);
            }
        }
        let witnessed = witnessed(&cosigned, under, &log.root);
        Ok(Self { witnessed, version: under.version(), checkpoint, time, sender })
    }

    /// In which order they stand in a file; no two have the same.
    pub(super) const fn place(&self) -> (u64, u64) {
        (self.checkpoint.size, self.sender.leaf.fields.seq)
    }
}

fn is_of(one: &Proven, node: &NodeId) -> bool {
    one.leaf.fields.node == *node
}

/// What the signatures of an earlier head say.
struct Signed<'r> {
    checkpoint: Checkpoint,
    /// The version of the root file under which it holds.
    under: &'r RootFile,
    /// When its witnesses signed it, Unix seconds.
    cosigned: Vec<u64>,
    /// When it stood so, by the authority.
    time: Option<Timestamp>,
}

/// What was found of notes so far, by the version of the root file.
#[derive(Default)]
struct Notes<'e> {
    by_log: BTreeMap<(&'e [u8], u32), Option<Checkpoint>>,
    by_witnesses: BTreeMap<(&'e [u8], u32), Option<Vec<u64>>>,
}

impl<'e> Notes<'e> {
    /// The newest version of the root file speaks under which the note holds, and the timestamp where there is one. That is one
    /// signature, and is looked at before those of witnesses.
    fn signed<'r>(&mut self, earlier: &'e Earlier, root: &'r RootFile) -> Result<Signed<'r>, Invalid> {
        let note = earlier.checkpoint.0.as_slice();
        let mut refused = CHECKPOINT;
        for under in root.versions() {
            let which = (note, under.version());
            let open = || Checkpoint::open_signed(note, under).ok();
            let Some(checkpoint) = self.by_log.entry(which).or_insert_with(open).clone() else { continue };
            let time = earlier.timestamp.as_ref().map(|bytes| stated(&bytes.0, under, &checkpoint));
            if time == Some(None) {
                refused = TIMESTAMP;
                continue;
            }
            let cosigned = || Checkpoint::cosigned_by_all(note, under);
            if let Some(cosigned) = self.by_witnesses.entry(which).or_insert_with(cosigned).clone() {
                return Ok(Signed { checkpoint, under, cosigned, time: time.flatten() });
            }
            refused = CHECKPOINT;
        }
        Err(refused)
    }
}

fn stated(bytes: &[u8], under: &RootFile, checkpoint: &Checkpoint) -> Option<Timestamp> {
    let stated = LogTime::open(bytes, under.timestamp_key()).ok()?;
    ((stated.size, stated.root) == (checkpoint.size, checkpoint.root)).then_some(stated.time)
}

/// `1 of 2 witnesses, the first at 2027-01-15T08:00:00Z`, and what whoever has stolen a replaced key could have signed.
pub(super) fn witnessed(cosigned: &[u64], under: &RootFile, root: &RootFile) -> String {
    let first = cosigned.iter().min();
    let first = first.map(|time| format!(", the first at {}", utc::instant(Timestamp(*time)))).unwrap_or_default();
    let replaced = if under.version() == root.version() {
        String::new()
    } else {
        format!("; under version {} of its root file, since replaced", under.version())
    };
    format!("{} of {} witnesses{first}{replaced}", cosigned.len(), under.witnesses().len())
}
