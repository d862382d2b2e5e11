//! What goes over the wire, seen by the simulator: the true frames of the programs are held against what must be true of them,
//! and only then an evil relay may do with them as it likes.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use safeconduct_protocol::{
    envelope::sealed::{Sealed, envelope_digest},
    frame::{Frame, LENGTH_PREFIX_BYTES, SlotItemKind},
    id::{EnvelopeDigest, MailboxId, SlotId},
    prekey::record::{PrekeyKind, PrekeyRecord},
    receipt::{
        head::{HeadPlace, NodeHead},
        settle::{SettleKind, Settlement},
    },
    slot::SlotSecret,
    time::Day,
};

use tokio::time::Instant;

use crate::{
    evil::Evil,
    net::Who,
    pipe::{Conn, Side},
    shown::{Becomes, Shown},
    story::Story,
};

/// What was delivered to a node, to be delivered once more at the end: so many.
const DELIVERIES_KEPT: usize = 6;

/// What was sealed may be on its way to the wire for so long.
const ON_ITS_WAY: Duration = Duration::from_secs(20);

/// An envelope that a relay has said it holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    pub(crate) relay: usize,
    pub(crate) address: MailboxId,
    pub(crate) expiry: Day,
    pub(crate) by: Who,
}

/// The watcher; a clone is the same.
#[derive(Clone)]
pub(crate) struct Watch(Arc<Mutex<Inner>>);

struct Inner {
    story: Story,
    evil: Evil,
    shown: Shown,
    /// Under way: by connection and tag.
    submits: BTreeMap<(u64, u64), (EnvelopeDigest, Accepted)>,
    fetches: BTreeMap<(u64, u64), [u8; 16]>,
    accepted: BTreeMap<EnvelopeDigest, Accepted>,
    /// Where each envelope that was submitted is to go, and who did so first.
    addresses: BTreeMap<EnvelopeDigest, (MailboxId, Who)>,
    /// What a node has said of an envelope, in this life of its vault.
    settled: BTreeMap<(Who, EnvelopeDigest), SettleKind>,
    /// What was delivered to a node of late, but for what an attacker made.
    deliveries: BTreeMap<usize, VecDeque<(EnvelopeDigest, Vec<u8>)>>,
    /// Done with by its recipient, in whatever life.
    gone: BTreeMap<EnvelopeDigest, ()>,
    /// What lies in slots, by relay, slot and number.
    slots: BTreeMap<(usize, SlotId, u64), EnvelopeDigest>,
    /// Nodes whose vaults have gone back behind a head that a relay keeps, and how often they have said something that counts since they
    /// were told.
    back: BTreeMap<usize, Back>,
    /// The newest head that each node has put, and the newest that a relay keeps of it.
    put: BTreeMap<usize, HeadPlace>,
    kept: BTreeMap<usize, HeadPlace>,
    /// To which request of whom a one-time prekey was given.
    handed: BTreeMap<[u8; 16], (Who, [u8; 16])>,
    /// Whose mailbox is whose.
    mailboxes: BTreeMap<MailboxId, usize>,
    /// Since when a node has known that the owner of a mailbox is revoked.
    knows_revoked: BTreeMap<(usize, MailboxId), Instant>,
    /// Nodes that have put no head since they were restored: whatever their relay keeps, they go on above it.
    unsettled: BTreeSet<usize>,
    /// What a relay can tell of each frame, while somebody wants it.
    seen: Option<Vec<Seen>>,
}

/// What a relay can tell of a frame without opening what is sealed in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Seen {
    pub(crate) who: Who,
    pub(crate) from: Side,
    pub(crate) kind: u8,
    pub(crate) bytes: usize,
}

/// How a node does whose vault went back.
#[derive(Default)]
struct Back {
    told: bool,
    went_on: bool,
}

impl Watch {
    pub(crate) fn new(story: Story, evil: Evil, mailboxes: BTreeMap<MailboxId, usize>) -> Self {
        let (submits, fetches, accepted, settled, deliveries, gone) = Default::default();
        let (slots, back, put, kept, handed, addresses, knows_revoked) = Default::default();
        let unsettled = BTreeSet::new();
        let inner = Inner {
            story,
            evil,
            shown: Shown::default(),
            submits,
            fetches,
            accepted,
            addresses,
            settled,
            deliveries,
            gone,
            slots,
            back,
            put,
            kept,
            handed,
            mailboxes,
            knows_revoked,
            unsettled,
            seen: None,
        };
        Self(Arc::new(Mutex::new(inner)))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A frame leaves one end: what arrives at the other, each after so long.
    pub(crate) fn passes(&self, conn: &Conn, from: Side, wire: Vec<u8>) -> Vec<(Duration, Vec<u8>)> {
        let Ok(mut frame) = Frame::from_body(wire.get(LENGTH_PREFIX_BYTES..).unwrap_or_default()) else {
            return vec![(Duration::ZERO, wire)];
        };
        let mut inner = self.inner();
        inner.story.count("frames");
        if let Some(seen) = &mut inner.seen {
            // A frame begins with its kind.
            let kind = wire.get(LENGTH_PREFIX_BYTES).copied().unwrap_or_default();
            seen.push(Seen { who: conn.who, from, kind, bytes: wire.len() });
        }
        let story = inner.story.clone();
        match from {
            Side::Node => {
                inner.shown.hears(&story, conn, &frame);
                inner.node_says(conn, &frame);
            }
            Side::Relay => inner.relay_says(conn, &frame),
        }
        let wire = match inner.shown.meddles(&story, conn, from, &mut frame) {
            Becomes::Same => wire,
            Becomes::Other => frame.to_wire().unwrap_or(wire),
            Becomes::Nothing => return Vec::new(),
        };
        inner.evil.meddles(&story, conn, from, frame, wire)
    }

    /// What was seen since this was asked last; from now on it is kept.
    #[cfg(test)]
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.inner().seen.replace(Vec::new()).unwrap_or_default()
    }

    /// Whether something was seen since.
    #[cfg(test)]
    pub(crate) fn has_seen(&self) -> bool {
        self.inner().seen.as_ref().is_some_and(|seen| !seen.is_empty())
    }

    /// What relays have accepted and nobody has done away with.
    pub(crate) fn owed(&self) -> Vec<(EnvelopeDigest, Accepted)> {
        let inner = self.inner();
        let owed = inner.accepted.iter().filter(|(digest, _)| !inner.gone.contains_key(digest));
        owed.map(|(digest, accepted)| (*digest, *accepted)).collect()
    }

    /// Whether this is the mailbox of a node of this world.
    pub(crate) fn is_mailbox(&self, address: &MailboxId) -> bool {
        self.inner().mailboxes.contains_key(address)
    }

    /// Somebody has come late.
    pub(crate) fn has_mailbox(&self, address: MailboxId, node: usize) {
        self.inner().mailboxes.insert(address, node);
    }

    /// This node's registry copy says that the owner of this mailbox is revoked.
    pub(crate) fn knows_revoked(&self, node: usize, address: MailboxId) {
        self.inner().knows_revoked.entry((node, address)).or_insert_with(Instant::now);
    }

    /// The node's vault is another one from now on: it need not remember what it said.
    pub(crate) fn forget(&self, node: usize) {
        let mut inner = self.inner();
        inner.shown.forget(node);
        inner.settled.retain(|(who, _), _| *who != Who::Node(node));
        inner.knows_revoked.retain(|(knows, _), _| *knows != node);
    }

    /// What was delivered to a node of late and it has settled in this life of its vault, with what it said.
    pub(crate) fn settled_by(&self, node: usize) -> Vec<(Vec<u8>, SettleKind)> {
        let inner = self.inner();
        let deliveries = inner.deliveries.get(&node).into_iter().flatten();
        let said = |digest: &EnvelopeDigest| inner.settled.get(&(Who::Node(node), *digest)).copied();
        deliveries.filter_map(|(digest, envelope)| Some((envelope.clone(), said(digest)?))).collect()
    }

    /// A node's vault is behind a head that its relay keeps.
    pub(crate) fn went_back(&self, node: usize) {
        self.inner().back.insert(node, Back::default());
    }

    /// A person has decided about it.
    pub(crate) fn has_settled(&self, node: usize) {
        let mut inner = self.inner();
        inner.back.remove(&node);
        inner.unsettled.insert(node);
    }

    /// Whether it was restored, and has put no head since.
    pub(crate) fn is_unsettled(&self, node: usize) -> bool {
        self.inner().unsettled.contains(&node)
    }

    /// Whether it has submitted or settled something after its home relay had told it.
    pub(crate) fn goes_on(&self, node: usize) -> bool {
        self.inner().back.get(&node).is_some_and(|back| back.went_on)
    }

    /// The newest head that a node has put.
    pub(crate) fn put(&self, node: usize) -> Option<HeadPlace> {
        self.inner().put.get(&node).copied()
    }

    /// The newest head that a relay keeps of a node.
    pub(crate) fn kept(&self, node: usize) -> Option<HeadPlace> {
        self.inner().kept.get(&node).copied()
    }

    pub(crate) fn shown<T>(&self, job: impl FnOnce(&mut Shown) -> T) -> T {
        job(&mut self.inner().shown)
    }

    pub(crate) fn evil<T>(&self, job: impl FnOnce(&mut Evil) -> T) -> T {
        job(&mut self.inner().evil)
    }
}

fn short(digest: &EnvelopeDigest) -> String {
    hex(digest.as_bytes())
}

/// Enough digits to tell one from another.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

impl Inner {
    fn node_says(&mut self, conn: &Conn, frame: &Frame) {
        let who = conn.who;
        if let (Who::Node(node), Frame::Submit { .. } | Frame::Settle { .. }) = (who, frame)
            && let Some(back) = self.back.get_mut(&node)
        {
            back.went_on |= back.told;
        }
        match frame {
            Frame::Submit { tag, envelope } => {
                let Ok(sealed) = Sealed::try_from(envelope.to_vec()) else { return };
                let digest = sealed.digest();
                let (relay, address, expiry) = (conn.relay, sealed.mailbox(), sealed.expiry());
                let is_new = !self.addresses.contains_key(&digest);
                self.addresses.entry(digest).or_insert((address, who));
                if let Who::Node(node) = who
                    && is_new
                    && self.knows_revoked.get(&(node, address)).is_some_and(|since| since.elapsed() > ON_ITS_WAY)
                {
                    self.story.broken(format!("node {node} seals for a node of which it knows that it is revoked"));
                }
                self.submits.insert((conn.id, tag.0), (digest, Accepted { relay, address, expiry, by: who }));
                self.story.count("submits");
                let place = self
                    .mailboxes
                    .get(&address)
                    .map_or_else(|| format!("slot {}", hex(address.as_bytes())), |node| format!("node {node}"));
                self.story.tell(format!("{who:?} submits {} for {place} to relay {relay}", short(&digest)));
            }
            Frame::PrekeyFetch { tag, request, .. } => {
                self.fetches.insert((conn.id, tag.0), *request.as_bytes());
            }
            Frame::Settle { settlements } => {
                for bytes in settlements {
                    self.settles(conn, bytes);
                }
            }
            Frame::NodeHeadPut { head, .. } => {
                if let Who::Node(node) = who {
                    if !head.is_empty() {
                        self.unsettled.remove(&node);
                    }
                    self.put.extend(NodeHead::parse(head).ok().map(|head| (node, head.place())));
                }
            }
            Frame::SlotWatch { secrets } => {
                let slots: Vec<String> =
                    secrets.iter().map(|secret| hex(SlotSecret::from_bytes(*secret).id().as_bytes())).collect();
                self.story.tell(format!("{who:?} watches {} at relay {}", slots.join(" "), conn.relay));
            }
            Frame::SlotDrop { secret, seq } => {
                let slot = SlotSecret::from_bytes(*secret).id();
                if let Some(digest) = self.slots.get(&(conn.relay, slot, *seq)) {
                    self.gone.insert(*digest, ());
                }
            }
            Frame::Hello { .. } => self.story.tell(format!("{who:?} says hello to relay {}", conn.relay)),
            _ => {}
        }
    }

    fn settles(&mut self, conn: &Conn, bytes: &[u8]) {
        let Ok(settlement) = Settlement::parse(bytes) else { return };
        let (digest, kind) = (settlement.envelope(), settlement.kind());
        let word = if matches!(kind, SettleKind::Done) { "done" } else { "nack" };
        self.story.tell(format!("{:?} settles {}: {word}", conn.who, short(&digest)));
        self.story.count(if word == "done" { "settled done" } else { "settled nack" });
        let before = self.settled.insert((conn.who, digest), kind);
        let changed =
            before.is_some_and(|before| matches!(before, SettleKind::Done) != matches!(kind, SettleKind::Done));
        // Of junk it keeps no record: when its prekey was used up meanwhile, it says so.
        let is_true = self.addresses.get(&digest).is_some_and(|(_, by)| *by != Who::Mallory);
        if changed && is_true && conn.who != Who::Mallory {
            self.story.broken(format!("{:?} has said two things of envelope {}", conn.who, short(&digest)));
        }
        let is_its = self.addresses.get(&digest).is_some_and(|(address, _)| {
            self.mailboxes.get(address).map_or(conn.who == Who::Mallory, |node| Who::Node(*node) == conn.who)
        });
        if is_its {
            self.gone.insert(digest, ());
        }
    }

    fn relay_says(&mut self, conn: &Conn, frame: &Frame) {
        let who = conn.who;
        match frame {
            Frame::Submitted { tag, .. } => {
                if let Some((digest, accepted)) = self.submits.remove(&(conn.id, tag.0)) {
                    self.story.count("accepted");
                    self.story.tell(format!("relay {} has accepted {} of {who:?}", conn.relay, short(&digest)));
                    self.accepted.entry(digest).or_insert(accepted);
                }
            }
            Frame::SubmitRefused { tag, reason, .. } => {
                if let Some((digest, _)) = self.submits.remove(&(conn.id, tag.0)) {
                    self.story.count("refused");
                    self.story.tell(format!("relay {} refuses {}: {reason:?}", conn.relay, short(&digest)));
                }
            }
            Frame::Deliver { envelope, .. } => self.delivers(conn, envelope),
            Frame::SlotItem { slot, seq, kind, item } => {
                self.slots.insert((conn.relay, *slot, *seq), envelope_digest(item));
                let what = match kind {
                    SlotItemKind::Envelope => "an answer",
                    SlotItemKind::Nack => "a nack",
                    SlotItemKind::Expired => "an expiry",
                    _ => "something",
                };
                self.story.count("slot items");
                let slot = hex(slot.as_bytes());
                self.story.tell(format!("relay {} gives {who:?} {what} from slot {slot}", conn.relay));
            }
            Frame::NodeHead { head, .. } if !head.is_empty() => {
                if let Who::Node(node) = who {
                    if let Some(back) = self.back.get_mut(&node) {
                        back.told = true;
                    }
                    self.kept.extend(NodeHead::parse(head).ok().map(|head| (node, head.place())));
                }
            }
            Frame::PrekeyServed { tag, record } => self.serves(conn, tag.0, record),
            Frame::PrekeyRefused { reason, .. } => {
                self.story.tell(format!("relay {} has no prekey for {who:?}: {reason:?}", conn.relay));
            }
            Frame::Goodbye { reason, .. } => {
                self.story.tell(format!("relay {} says goodbye to {who:?}: {reason:?}", conn.relay));
            }
            _ => {}
        }
    }

    fn delivers(&mut self, conn: &Conn, envelope: &[u8]) {
        let Ok(sealed) = Sealed::try_from(envelope.to_vec()) else {
            return self.story.broken(format!("relay {} delivers what is no envelope", conn.relay));
        };
        let digest = sealed.digest();
        self.story.count("delivered");
        self.story.tell(format!("relay {} delivers {} to {:?}", conn.relay, short(&digest), conn.who));
        if let Who::Node(node) = conn.who
            && self.addresses.get(&digest).is_some_and(|(_, by)| *by != Who::Mallory)
        {
            let lately = self.deliveries.entry(node).or_default();
            lately.push_back((digest, envelope.to_vec()));
            if lately.len() > DELIVERIES_KEPT {
                lately.pop_front();
            }
        }
        if let Some(node) = self.mailboxes.get(&sealed.mailbox())
            && Who::Node(*node) != conn.who
            && conn.who != Who::Mallory
        {
            self.story.broken(format!("relay {} delivers to {:?} what is for node {node}", conn.relay, conn.who));
        }
    }

    fn serves(&mut self, conn: &Conn, tag: u64, record: &[u8]) {
        let Ok(record) = PrekeyRecord::parse(record) else { return };
        let one_time = matches!(record.terms().kind, PrekeyKind::OneTime);
        self.story.count(if one_time { "one-time prekeys" } else { "signed prekeys" });
        let Some(request) = self.fetches.remove(&(conn.id, tag)) else { return };
        let id = *record.id().as_bytes();
        let to = (conn.who, request);
        let first = *self.handed.entry(id).or_insert(to);
        if one_time && first != to {
            self.story.broken(format!("relay {} gives one one-time prekey to two requests", conn.relay));
        }
    }
}
