//! What bounds the time of a message by checkpoints, where else only clocks would speak (`docs/PROTOCOL.md` §11).
//!
//! A message names the size and the root of the registry that its sender acted on: nobody could sign it before those entries existed. On
//! the other side no checkpoint holds a message: there a receipt's clock is believed. That an entry is *not* in a log no proof of this
//! file's kinds shows: only the next entry of a node, which names the one before it, shows that none lies between.

use safeconduct_protocol::{
    envelope::header::{Header, RegistryPoint},
    receipt::{node::Delivered, relay::RelayAccepted},
    time::Timestamp,
};

use super::{
    bundle::Blob,
    earlier::Opened,
    verify::{Line, Log, Proven, line},
};
use crate::{log::checkpoint::Checkpoint, registry::leaf::LeafKind, utc};

/// A head that names a key, as far as it was signed.
struct At<'a> {
    checkpoint: &'a Checkpoint,
    witnessed: &'a str,
    time: Option<Timestamp>,
    /// The version of the root file under which it is signed.
    version: u32,
    entry: &'a Proven,
}

/// Which of a file's earlier heads a message names by size and key, and whether the root that it names is another one than the log's.
pub(super) struct Named {
    pub(super) at: Option<usize>,
    is_false: bool,
}

impl Named {
    pub(super) fn of(header: &Header, log: &Log, earlier: &[Opened]) -> Self {
        let RegistryPoint { size, root } = header.registry;
        let names = |one: &Opened| one.checkpoint.size == size && one.sender.ik.key_id() == header.sender_key;
        // Each is joined to the log's own: of one size all have one root.
        let mut heads = earlier.iter().map(|one| &one.checkpoint).chain([&log.checkpoint]);
        let is_false = heads.any(|head| head.size == size && head.root != root);
        Self { at: earlier.iter().position(names), is_false }
    }
}

/// The head that a message names, and the file's newest.
pub(super) struct Bounds<'a> {
    header: &'a Header,
    is_false: bool,
    /// The newest version of the root file: whoever has stolen a key of one before can state any time.
    in_force: u32,
    newest: At<'a>,
    earlier: Option<At<'a>>,
}

impl<'a> Bounds<'a> {
    pub(super) fn new(
        header: &'a Header,
        log: &'a Log,
        sender: &'a Proven,
        (earlier, named): (&'a [Opened], &Named),
    ) -> Self {
        let newest = At {
            checkpoint: &log.checkpoint,
            witnessed: log.witnessed.as_str(),
            time: log.time,
            version: log.version,
            entry: sender,
        };
        let earlier = named.at.and_then(|at| earlier.get(at)).map(|one| At {
            checkpoint: &one.checkpoint,
            witnessed: one.witnessed.as_str(),
            time: one.time,
            version: one.version,
            entry: &one.sender,
        });
        Self { header, is_false: named.is_false, in_force: log.root.version(), newest, earlier }
    }

    /// That the key stood before the message.
    pub(super) fn before(&self) -> Line {
        const WHAT: &str = "the sender's key stood at a checkpoint before the message";
        let size = self.header.registry.size;
        if self.is_false {
            let detail = format!(
                "it names a root that the log of this checkpoint never had at {size} entries: its sender signed something false, or was shown another history"
            );
            return line(WHAT, false, detail);
        }
        let newest = Some(&self.newest).filter(|newest| newest.checkpoint.size == size);
        let Some(at) = self.earlier.as_ref().or(newest) else {
            let detail = format!(
                "it names a registry of {size} entries, and the file holds no checkpoint of that: before the message only clocks speak"
            );
            return line(WHAT, false, detail);
        };
        let time = at.time.map_or_else(
            || "no signed time of it is in the file".to_owned(),
            |time| format!("it stood so at {} by the authority's signed time", utc::instant(time)),
        );
        let start = format!(
            "{size} entries, {}; {time}; the message names its root, so it was signed after these {size} entries existed; that it is later than these \
             times is not shown",
            at.witnessed
        );
        let (then, newest) = (&at.entry.leaf, &self.newest.entry.leaf);
        let number = then.fields.seq;
        if let Some(ended) = ended(at.entry) {
            return line(WHAT, false, format!("{start}; entry {number} had {ended} the registration already"));
        }
        let how = ended(self.newest.entry).map(|ended| format!(", which has {ended} it")).unwrap_or_default();
        let next = newest.fields.seq;
        if next >= size && newest.fields.previous == then.hash() {
            let detail = format!(
                "{start}; the key stood at entry {number}, and the node's next is number {next}, made after those entries{how}; that nobody else had the \
                 key by then is not shown"
            );
            return line(WHAT, true, detail);
        }
        let later = if next == number {
            String::new()
        } else {
            format!("; the file's newest with the key is number {next}{how}")
        };
        let detail = format!(
            "{start}; the key is named by entry {number}, within those entries; that no entry below number {size} replaced or ended it is not shown by this \
             file{later}"
        );
        line(WHAT, false, detail)
    }

    /// What the first head after the receipts shows, if they hold.
    pub(super) fn after(&self, accepted: Option<&Blob>, delivered: Option<&Blob>) -> Line {
        const WHAT: &str = "a checkpoint no earlier than the message's receipts names the sender's key";
        let Some(arrived) = delivered.and_then(|bytes| Delivered::parse(&bytes.0).ok()) else {
            let detail = if accepted.is_some() {
                "no receipt of the recipient's node is in the file, and nothing else binds a relay's receipt to this message"
            } else {
                "no receipt says by when it was there: only the sender's clock does"
            };
            return line(WHAT, false, detail.to_owned());
        };
        let stored = arrived.at().stored_at;
        let (there, clock) = accepted
            .and_then(|bytes| RelayAccepted::parse(&bytes.0).ok())
            .filter(|receipt| receipt.envelope() == arrived.about().envelope)
            .map(|receipt| receipt.accepted_at())
            .filter(|taken| *taken >= stored)
            .map_or_else(
                || (stored, "the clock of the recipient's node".to_owned()),
                |taken| (taken, by_relay(taken, stored)),
            );
        let counts = |at: &&At<'_>| at.version == self.in_force && at.time.is_some_and(|time| time >= there);
        let heads = [self.earlier.as_ref(), Some(&self.newest)];
        let Some(at) = heads.into_iter().flatten().find(counts) else {
            let detail = format!(
                "it was there at {} by {clock}, and the file holds no signed time after that by a timestamp key that is in force",
                utc::instant(there)
            );
            return line(WHAT, false, detail);
        };
        let how = ended(at.entry).map(|ended| format!(", which has {ended} the registration")).unwrap_or_default();
        let detail = format!(
            "{} entries, {}; it stood so at {} by the authority's signed time; the newest entry with the key that the file holds of it is number {}{how}; \
             that no other one replaced or ended it by then is not shown by this file; no checkpoint holds a message: it was there at {} by {clock}",
            at.checkpoint.size,
            at.witnessed,
            utc::instant(at.time.unwrap_or_default()),
            at.entry.leaf.fields.seq,
            utc::instant(there),
        );
        line(WHAT, true, detail)
    }
}

/// Whose clock it is when a relay says no earlier time than the recipient's node.
fn by_relay(taken: Timestamp, stored: Timestamp) -> String {
    let claims = if stored < taken {
        format!("; that node itself claims an earlier time, {}", utc::instant(stored))
    } else {
        String::new()
    };
    format!("the clock of a relay, if the recipient's node says truly that this was its envelope{claims}")
}

/// What an entry has done to a registration, when it has ended it or holds it up.
pub(super) fn ended(entry: &Proven) -> Option<&'static str> {
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
