//! The head that a sender acted on, joined to the newer one of the file (`docs/PROTOCOL.md` §11): what bounds the time of a message by
//! checkpoints, where else only clocks would speak.
//!
//! A message names the size and the root of the registry that its sender acted on, and so was signed after it. The RFC 6962 path shows
//! that the newer, witnessed head continues that registry, and the entries show which keys stood in it. On the other side no checkpoint
//! holds a message: there a receipt's clock is believed, and the first signed head after it shows what had become of the key.

use safeconduct_protocol::{
    envelope::header::{Header, RegistryPoint},
    frame::Head,
    id::{KeyId, NodeId},
    receipt::{node::Delivered, relay::RelayAccepted},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    bundle::{Blob, Entry, entry_at},
    strict,
    verify::{Invalid, Line, Log, Proven, entry_in, line},
};
use crate::{
    authority::root::RootFile,
    log::{
        checkpoint::Checkpoint,
        export::Signers,
        note,
        proof::{ConsistencyProof, PATH_HASHES_MAX},
        timestamp::LogTime,
    },
    registry::{Registry, leaf::LeafKind},
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
            checkpoint: Blob(without_strangers(&head.note, registry.root_at(size))?),
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

/// The note with the log key's signature and the cosignatures that count, and no other line.
fn without_strangers(note: &[u8], root: &RootFile) -> Option<Vec<u8>> {
    let bare = note::without_others(note, root.log_name(), root.log_key())?;
    Some(note::merge(&bare, note, root.witnesses()).unwrap_or(bare))
}

/// A head at which a key stood, as far as it was signed.
struct At<'a> {
    checkpoint: &'a Checkpoint,
    witnessed: &'a str,
    time: Option<Timestamp>,
    entry: &'a Proven,
}

/// An earlier head that holds, and the entries in it.
pub(super) struct Opened {
    checkpoint: Checkpoint,
    witnessed: String,
    time: Option<Timestamp>,
    sender: Proven,
}

impl Opened {
    pub(super) fn open(
        earlier: &Earlier,
        log: &Log,
        (senders, recipients): (&[Proven], &[Proven]),
    ) -> Result<Self, Invalid> {
        let Signed { checkpoint, under, cosigned, time } = signed(earlier, &log.root)?;
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
        Ok(Self { witnessed: witnessed(&cosigned, under), checkpoint, time, sender })
    }

    /// In which order they stand in a file; no two have the same.
    pub(super) const fn place(&self) -> (u64, u64) {
        (self.checkpoint.size, self.sender.leaf.fields.seq)
    }

    const fn at(&self) -> At<'_> {
        At { checkpoint: &self.checkpoint, witnessed: self.witnessed.as_str(), time: self.time, entry: &self.sender }
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

/// The newest version of the root file speaks under which the note holds, and the timestamp where there is one.
fn signed<'r>(earlier: &Earlier, root: &'r RootFile) -> Result<Signed<'r>, Invalid> {
    let mut refused = CHECKPOINT;
    for under in root.versions() {
        let Some((checkpoint, cosigned)) = Checkpoint::open_whole(&earlier.checkpoint.0, under) else { continue };
        let Some(bytes) = &earlier.timestamp else { return Ok(Signed { checkpoint, under, cosigned, time: None }) };
        let time = stated(&bytes.0, under, &checkpoint);
        if time.is_some() {
            return Ok(Signed { checkpoint, under, cosigned, time });
        }
        refused = TIMESTAMP;
    }
    Err(refused)
}

fn stated(bytes: &[u8], under: &RootFile, checkpoint: &Checkpoint) -> Option<Timestamp> {
    let stated = LogTime::open(bytes, under.timestamp_key()).ok()?;
    ((stated.size, stated.root) == (checkpoint.size, checkpoint.root)).then_some(stated.time)
}

/// `1 of 2 witnesses, the first at 2027-01-15T08:00:00Z`.
pub(super) fn witnessed(cosigned: &[u64], under: &RootFile) -> String {
    let first = cosigned.iter().min();
    let first = first.map(|time| format!(", the first at {}", utc::instant(Timestamp(*time)))).unwrap_or_default();
    format!("{} of {} witnesses{first}", cosigned.len(), under.witnesses().len())
}

/// Which of the earlier heads the sender acted on, when it is in the file.
///
/// # Errors
/// [`Invalid`] when the message names another root for the size of one that is.
pub(super) fn acted_on(header: &Header, log: &Log, earlier: &[Opened]) -> Result<Option<usize>, Invalid> {
    let RegistryPoint { size, root } = header.registry;
    let names = |one: &Opened, key: &KeyId| one.checkpoint.size == size && one.sender.ik.key_id() == *key;
    let found = earlier.iter().position(|one| names(one, &header.sender_key));
    let heads = found.and_then(|at| earlier.get(at)).map(|one| &one.checkpoint).into_iter().chain([&log.checkpoint]);
    let contradicted = heads.filter(|head| head.size == size).any(|head| head.root != root);
    if contradicted { Err(ACTED_ON) } else { Ok(found) }
}

/// What bounds the time of a message on both sides: the head that it names, and the first one after it.
pub(super) struct Bounds<'a> {
    header: &'a Header,
    newest: At<'a>,
    earlier: Option<At<'a>>,
}

impl<'a> Bounds<'a> {
    pub(super) fn new(header: &'a Header, log: &'a Log, sender: &'a Proven, earlier: Option<&'a Opened>) -> Self {
        let newest =
            At { checkpoint: &log.checkpoint, witnessed: log.witnessed.as_str(), time: log.time, entry: sender };
        Self { header, newest, earlier: earlier.map(Opened::at) }
    }

    /// That the key stood before the message.
    pub(super) fn before(&self) -> Line {
        const WHAT: &str = "the sender's key stood at a checkpoint before the message";
        let acted = self.header.registry.size;
        let newest = Some(&self.newest).filter(|newest| newest.checkpoint.size == acted);
        let Some(at) = self.earlier.as_ref().or(newest) else {
            let detail = format!(
                "it names a registry of {acted} entries, and the file holds no checkpoint of that: before the message only clocks speak"
            );
            return line(WHAT, false, detail);
        };
        let time = at.time.map_or_else(
            || "no signed time of it is in the file".to_owned(),
            |time| {
                let still = if time > self.header.created { "still stood so" } else { "stood so" };
                format!("it {still} at {} by the authority's signed time", utc::instant(time))
            },
        );
        let entry = at.entry.leaf.fields.seq;
        let start =
            format!("{acted} entries, {}; {time}; the message names its root, and was signed after it; ", at.witnessed);
        if let Some(ended) = ended(at.entry) {
            return line(WHAT, false, format!("{start}entry {entry} had {ended} the registration already"));
        }
        let detail = format!(
            "{start}the key stood at entry {entry}{}; that nobody else had the key by then is not shown",
            self.since(at)
        );
        line(WHAT, true, detail)
    }

    /// What the file holds of the node after the entry at which the key stood.
    fn since(&self, at: &At<'_>) -> String {
        let (newest, then) = (&self.newest.entry.leaf, &at.entry.leaf);
        if newest.fields.seq == then.fields.seq {
            return format!(
                ", and the file holds no later one of it: one that ended it before would be numbered below {}",
                at.checkpoint.size
            );
        }
        let how = ended(self.newest.entry).map(|ended| format!(", which has {ended} it")).unwrap_or_default();
        if newest.fields.previous == then.hash() {
            return format!(", and the node's next is number {}, made after that checkpoint{how}", newest.fields.seq);
        }
        format!(", and the node's later ones but number {} are not in the file{how}", newest.fields.seq)
    }

    /// What the first head after the message shows, if the receipts hold.
    pub(super) fn after(&self, accepted: Option<&Blob>, delivered: Option<&Blob>) -> Line {
        const WHAT: &str = "a checkpoint after the message shows the sender's key";
        let relay = accepted.and_then(|bytes| RelayAccepted::parse(&bytes.0).ok()).map(|receipt| receipt.accepted_at());
        let recipient =
            delivered.and_then(|bytes| Delivered::parse(&bytes.0).ok()).map(|receipt| receipt.at().stored_at);
        let said = [(relay, "a relay"), (recipient, "the recipient's node")];
        let first = said.into_iter().filter_map(|(time, whose)| Some((time?, whose))).min_by_key(|(time, _)| *time);
        let Some((there, whose)) = first else {
            return line(WHAT, false, "no receipt says by when it was there: only the sender's clock does".to_owned());
        };
        let signed = |at: &&At<'_>| at.time.is_some_and(|time| time >= there);
        let heads = [self.earlier.as_ref(), Some(&self.newest)];
        let Some(at) = heads.into_iter().flatten().find(signed) else {
            let detail =
                format!("{whose} had it at {}, and the file holds no signed time after that", utc::instant(there));
            return line(WHAT, false, detail);
        };
        let how = ended(at.entry).map(|ended| format!(", which has {ended} the registration")).unwrap_or_default();
        let detail = format!(
            "{} entries, {}; it stood so at {} by the authority's signed time; the newest entry with the key that the file holds of it is number {}{how}; \
             no checkpoint holds a message: that it was there by then rests on the clock of {whose}, which had it at {}",
            at.checkpoint.size,
            at.witnessed,
            utc::instant(at.time.unwrap_or_default()),
            at.entry.leaf.fields.seq,
            utc::instant(there),
        );
        line(WHAT, true, detail)
    }
}

/// What an entry has done to a registration, when it has ended it or holds it up.
fn ended(entry: &Proven) -> Option<&'static str> {
    match entry.leaf.fields.kind {
        LeafKind::Revoke => Some("revoked"),
        LeafKind::Suspend => Some("suspended"),
        LeafKind::Add
        | LeafKind::Change
        | LeafKind::Root
        | LeafKind::MinSuite
        | LeafKind::Agree
        | LeafKind::Recognise
        | LeafKind::MinVersion => None,
    }
}
