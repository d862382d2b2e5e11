//! What the authority does at its relay: publish the registry, open invitations, fetch requests, answer them.

use safeconduct_certs::{
    authority::root::RootFile,
    log::{
        checkpoint::{Checkpoint, CheckpointRefused},
        timestamp::LogTime,
        witness::WitnessRefused,
    },
    registry::{HeadRefused, Registry, freshness},
};
use safeconduct_protocol::{
    frame::{Frame, Head, PublishRefusal, Tag},
    id::{InviteId, NodeId, RelayId},
    time::{Day, Timestamp},
};
use serde_bytes::ByteBuf;
use tracing::{info, warn};

use crate::{
    feed::Snapshot,
    foreign::{Log, Publisher},
    limits::{ENROL_ANSWER_BYTES_MAX, INVITES_MAX, PAGE_BYTES_MAX, REQUESTS_MAX},
    shared::Shared,
    store::{Change, Enrolment, Outcome, Publication, Published, committer::Source},
    underway::{Hand, Part, Pieces},
};

/// One piece of a publication.
pub(crate) struct Piece {
    pub(crate) root: ByteBuf,
    pub(crate) from: u64,
    pub(crate) leaves: Vec<ByteBuf>,
    pub(crate) records: Vec<ByteBuf>,
    pub(crate) head: Head,
}

/// What one connection publishes.
pub(crate) struct Publishing {
    /// Of the first piece; it is that of all.
    root: Option<RootFile>,
    hand: Hand,
}

impl Publishing {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self { root: None, hand: Hand::new(&shared.underway) }
    }

    /// Takes a piece; with the last one the whole is replayed and made durable.
    pub(crate) async fn take(&mut self, shared: &Shared, publisher: Publisher, tag: Tag, piece: Piece) -> Frame {
        match self.try_take(shared, publisher, piece).await {
            Ok(Taken { size, cosigned: None }) => Frame::Published { tag, size },
            Ok(Taken { size, cosigned: Some(note) }) => Frame::Cosigned { tag, size, note: note.into() },
            Err(reason) => {
                self.hand.forget();
                self.root = None;
                let size = publisher.log(shared).map_or(0, |log| log.size(shared));
                warn!(event = "publication-refused", ?reason, size, "a publication was not taken");
                Frame::PublishRefused { tag, reason, size }
            }
        }
    }

    async fn try_take(&mut self, shared: &Shared, publisher: Publisher, piece: Piece) -> Result<Taken, PublishRefusal> {
        // In the first piece; it is that of all.
        if !piece.root.is_empty() {
            self.root = Some(RootFile::parse(&piece.root).ok().ok_or(PublishRefusal::Root)?);
        }
        let root = self.root.as_ref().ok_or(PublishRefusal::Root)?;
        let log = publisher.log_of(shared, root)?;
        let held = log.size(shared);
        if piece.head.size < held {
            return Err(PublishRefusal::Rollback);
        }
        let now = shared.clock.now();
        // Before anything is kept for it: who has stolen the TLS key alone has no head.
        judge_head(root, &piece.head, now)?;
        let Piece { from, leaves, records, .. } = &piece;
        let part = Part { from: *from, leaves, records, size: piece.head.size };
        match self.hand.take(log, held, now, &part)? {
            Some(whole) => {
                let root = self.root.take().ok_or(PublishRefusal::Root)?;
                publish(shared, log, root, whole, piece).await
            }
            None => Ok(Taken { size: held, cosigned: None }),
        }
    }
}

/// Whether the authority has signed this head, and for no time that is still far away.
fn judge_head(root: &RootFile, head: &Head, now: Timestamp) -> Result<(), PublishRefusal> {
    let signed = |version: &&RootFile| {
        Checkpoint::open_signed(&head.note, version).is_ok_and(|checkpoint| checkpoint.size == head.size)
    };
    judge_time(root.versions().find(signed).ok_or(PublishRefusal::Replay)?, head, now)
}

/// Whoever takes a time that is still far away takes no other until it has come. `root` is the version that speaks for this head: that
/// is known once the entries are there.
fn judge_time(root: &RootFile, head: &Head, now: Timestamp) -> Result<(), PublishRefusal> {
    let time = LogTime::open(&head.timestamp, root.timestamp_key()).ok();
    match time.filter(|time| freshness::is_far_ahead(now, time.time)) {
        Some(time) => {
            warn!(
                event = "head-from-the-future",
                by_s = time.time.since(now),
                "a publication is of a later day than this relay's clock"
            );
            Err(PublishRefusal::Time)
        }
        None => Ok(()),
    }
}

/// What a piece has led to.
struct Taken {
    /// Leaves held now.
    size: u64,
    /// The head's note, when this relay has cosigned it just now.
    cosigned: Option<Vec<u8>>,
}

/// Leaves held.
pub(crate) fn held(shared: &Shared) -> u64 {
    shared.feed.newest().map_or(0, |newest| newest.registry.size())
}

/// Replays, stores, and only then shows it to all.
async fn publish(
    shared: &Shared,
    log: Log,
    root: RootFile,
    whole: Pieces,
    piece: Piece,
) -> Result<Taken, PublishRefusal> {
    // One after the other: what is replayed goes on from what the store holds.
    let _turn = shared.publishing.lock().await;
    let held = log.held(shared);
    let old = shared.feed.newest().filter(|_| log == Log::Own);
    let root_bytes = root.as_bytes().to_vec();
    let mut registry = held.as_deref().cloned().unwrap_or_else(|| Registry::new(root.clone()));
    registry.learn_root(root).ok().ok_or(PublishRefusal::Root)?;
    let (before, seen) = (registry.size(), registry.newest_time().unwrap_or_default());
    let mut fresh = Vec::with_capacity(whole.leaves.len());
    for (place, stored) in (whole.from..).zip(whole.leaves) {
        match registry.leaf(place) {
            Some(known) if known == stored.leaf => {}
            Some(_) => return Err(PublishRefusal::Rollback),
            None => fresh.push(stored),
        }
    }
    let leaves: Vec<&[u8]> = fresh.iter().map(|stored| stored.leaf.as_slice()).collect();
    registry.extend(&leaves).map_err(|error| {
        warn!(event = "leaf-refused", "{error}");
        PublishRefusal::Replay
    })?;
    let now = shared.clock.now();
    judge_time(registry.root_at(piece.head.size), &piece.head, now)?;
    let refused = |error: HeadRefused| {
        warn!(event = "head-refused", "{error}");
        PublishRefusal::Replay
    };
    registry.would_accept_unwitnessed(&piece.head).map_err(refused)?;
    let cosigned = shared.witness.cosign(&registry, &piece.head, log, now).await.map_err(|error| match error {
        WitnessRefused::Smaller { .. } | WitnessRefused::Forked { .. } => PublishRefusal::Rollback,
        WitnessRefused::TooMany | WitnessRefused::Disk(_) | WitnessRefused::Damaged | _ => {
            PublishRefusal::StorageFailed
        }
    })?;
    let head = Head { note: cosigned.clone().unwrap_or_else(|| piece.head.note.clone()), ..piece.head };
    match registry.accept_head(&head, now) {
        Ok(_) => {}
        // Others must sign first: the authority gathers their cosignatures, and comes again.
        Err(HeadRefused::Checkpoint(CheckpointRefused::Witnesses { .. })) if cosigned.is_some() => {
            return Ok(Taken { size: before, cosigned });
        }
        Err(HeadRefused::Checkpoint(CheckpointRefused::Witnesses { .. })) => return Err(PublishRefusal::Witnesses),
        Err(error) => return Err(refused(error)),
    }
    let head = registry.head().cloned().unwrap_or_default();
    if held.is_some_and(|held| held.head() == Some(&head)) {
        return Ok(Taken { size: before, cosigned });
    }
    let publication =
        Publication { root: root_bytes, from: before, seen, leaves: fresh, note: head.note, timestamp: head.timestamp };
    let mut changes = vec![log.change(publication)];
    // What was signed with the key before must not stand in the way of what the new one signs.
    let _keys = if log == Log::Own { Some(shared.keys.write().await) } else { None };
    changes
        .extend(old.iter().flat_map(|old| other_keys(Some(old), &registry)).map(|node| Change::PrekeysDrop { node }));
    let outcomes = shared.committer.commit(Source::RELAY, changes).await;
    match outcomes.map(|outcomes| outcomes.into_iter().next()) {
        Ok(Some(Outcome::Published(Published::Taken(size)))) => {
            log.show(shared, registry);
            info!(event = "registry-published", size, own = (log == Log::Own), "a registry was published");
            Ok(Taken { size, cosigned })
        }
        Ok(Some(Outcome::Published(Published::Gap(_)))) => Err(PublishRefusal::Gap),
        Ok(Some(Outcome::Published(Published::TooLarge))) => Err(PublishRefusal::TooLarge),
        Ok(_) | Err(_) => Err(PublishRefusal::StorageFailed),
    }
}

/// Nodes whose identity key the newer registry says is another one.
fn other_keys<'r>(old: Option<&'r Snapshot>, new: &'r Registry) -> impl Iterator<Item = NodeId> + 'r {
    let before = move |node: &NodeId| old.and_then(|old| old.registry.node(node)).map(|state| state.key_id);
    let changed = new.nodes().filter(move |state| before(&state.id).is_some_and(|key| key != state.key_id));
    changed.map(|state| state.id)
}

/// This relay's number, 0 while no leaf names it.
pub(crate) fn relay_id(shared: &Shared) -> RelayId {
    shared.feed.newest().and_then(|newest| newest.own).unwrap_or(RelayId(0))
}

/// Opens and withdraws invitations.
pub(crate) async fn invite(shared: &Shared, tag: Tag, invites: Vec<(InviteId, Day)>) -> Frame {
    let size = held(shared);
    if invites.len() > INVITES_MAX {
        return Frame::PublishRefused { tag, reason: PublishRefusal::TooLarge, size };
    }
    let today = shared.clock.now().day();
    match shared.committer.one(Source::RELAY, Change::InvitesPut { invites, today }).await {
        Ok(_) => Frame::Published { tag, size },
        Err(_) => Frame::PublishRefused { tag, reason: PublishRefusal::StorageFailed, size },
    }
}

/// Requests that wait, as many as fit. No answer when the store cannot be read: the authority asks again.
pub(crate) async fn requests(shared: &Shared, tag: Tag) -> Option<Frame> {
    let found = shared.reader.ask(|view| view.enrolments_waiting(REQUESTS_MAX)).await.ok()?;
    let mut bytes = 0_usize;
    let requests = found
        .into_iter()
        .take_while(|(_, request)| {
            bytes = bytes.saturating_add(request.len());
            bytes <= PAGE_BYTES_MAX
        })
        .map(|(invite, request)| (invite, request.into()))
        .collect();
    Some(Frame::Requests { tag, requests })
}

/// Files the answer to a request. For an invitation without one there is nothing to answer: a gap.
pub(crate) async fn answer(shared: &Shared, tag: Tag, invite: InviteId, answer: Vec<u8>) -> Frame {
    let size = held(shared);
    if answer.is_empty() || answer.len() > ENROL_ANSWER_BYTES_MAX {
        return Frame::PublishRefused { tag, reason: PublishRefusal::TooLarge, size };
    }
    match shared.committer.one(Source::RELAY, Change::EnrolAnswer { invite, answer }).await {
        Ok(Outcome::Enrolment(Enrolment::Answered(_))) => Frame::Published { tag, size },
        Ok(_) => Frame::PublishRefused { tag, reason: PublishRefusal::Gap, size },
        Err(_) => Frame::PublishRefused { tag, reason: PublishRefusal::StorageFailed, size },
    }
}
