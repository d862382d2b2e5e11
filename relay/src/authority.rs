//! What the authority does at its relay: publish the registry, open invitations, fetch requests, answer them.

use safeconduct_certs::{
    authority::root::RootFile,
    log::{checkpoint::CheckpointRefused, witness::WitnessRefused},
    registry::{HeadRefused, Registry},
};
use safeconduct_protocol::{
    frame::{Frame, Head, PublishRefusal, Tag},
    id::{InviteId, NodeId, RelayId},
    time::Day,
};
use serde_bytes::ByteBuf;
use tracing::{info, warn};

use crate::{
    feed::Snapshot,
    foreign::{Log, Publisher},
    limits::{ENROL_ANSWER_BYTES_MAX, INVITES_MAX, PAGE_BYTES_MAX, PUBLICATION_BYTES_MAX, REQUESTS_MAX},
    shared::Shared,
    store::{Change, Enrolment, Outcome, Publication, Published, StoredLeaf, committer::Source},
};

/// One piece of a publication.
pub(crate) struct Piece {
    pub(crate) root: ByteBuf,
    pub(crate) from: u64,
    pub(crate) leaves: Vec<ByteBuf>,
    pub(crate) records: Vec<ByteBuf>,
    pub(crate) head: Head,
}

/// The pieces of a publication that came so far, on one connection.
#[derive(Default)]
pub(crate) struct Publishing {
    root: Option<RootFile>,
    log: Option<Log>,
    from: u64,
    leaves: Vec<StoredLeaf>,
    bytes: usize,
}

impl Publishing {
    /// Takes a piece; with the last one the whole is replayed and made durable.
    pub(crate) async fn take(&mut self, shared: &Shared, publisher: Publisher, tag: Tag, piece: Piece) -> Frame {
        match self.try_take(shared, publisher, piece).await {
            Ok(Taken { size, cosigned: None }) => Frame::Published { tag, size },
            Ok(Taken { size, cosigned: Some(note) }) => Frame::Cosigned { tag, size, note: note.into() },
            Err(reason) => {
                *self = Self::default();
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
        let log = publisher.log_of(shared, self.root.as_ref().ok_or(PublishRefusal::Root)?)?;
        let held = log.size(shared);
        if piece.records.len() != piece.leaves.len() {
            return Err(PublishRefusal::Replay);
        }
        if piece.head.size < held {
            return Err(PublishRefusal::Rollback);
        }
        if self.log.is_some_and(|before| before != log) {
            return Err(PublishRefusal::Gap);
        }
        self.log = Some(log);
        self.append(held, &piece)?;
        let reached = self.reached();
        if reached < piece.head.size {
            return Ok(Taken { size: held, cosigned: None });
        }
        if reached > piece.head.size {
            return Err(PublishRefusal::Replay);
        }
        let mut whole = core::mem::take(self);
        let root = whole.root.take().ok_or(PublishRefusal::Root)?;
        publish(shared, log, root, whole, piece).await
    }

    /// Index after the last leaf.
    fn reached(&self) -> u64 {
        self.from.saturating_add(u64::try_from(self.leaves.len()).unwrap_or(u64::MAX))
    }

    fn append(&mut self, held: u64, piece: &Piece) -> Result<(), PublishRefusal> {
        if self.leaves.is_empty() {
            if piece.from > held {
                return Err(PublishRefusal::Gap);
            }
            self.from = piece.from;
        } else if piece.from != self.reached() {
            return Err(PublishRefusal::Gap);
        }
        for (leaf, record) in piece.leaves.iter().zip(&piece.records) {
            self.bytes = self.bytes.saturating_add(leaf.len()).saturating_add(record.len());
            if self.bytes > PUBLICATION_BYTES_MAX {
                return Err(PublishRefusal::TooLarge);
            }
            self.leaves.push(StoredLeaf { leaf: leaf.to_vec(), record: record.to_vec() });
        }
        Ok(())
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
    whole: Publishing,
    piece: Piece,
) -> Result<Taken, PublishRefusal> {
    // One after the other: what is replayed goes on from what the store holds.
    let _turn = shared.publishing.lock().await;
    let held = log.held(shared);
    let old = shared.feed.newest().filter(|_| log == Log::Own);
    let root_bytes = root.as_bytes().to_vec();
    let mut registry = held.as_deref().cloned().unwrap_or_else(|| Registry::new(root.clone()));
    registry.learn_root(root).ok().ok_or(PublishRefusal::Root)?;
    let before = registry.size();
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
    let refused = |error: HeadRefused| {
        warn!(event = "head-refused", "{error}");
        PublishRefusal::Replay
    };
    registry.would_accept_unwitnessed(&piece.head).map_err(refused)?;
    let cosigned = shared.witness.cosign(&registry, &piece.head, now).await.map_err(|error| match error {
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
        Publication { root: root_bytes, from: before, leaves: fresh, note: head.note, timestamp: head.timestamp };
    let mut changes = vec![log.change(publication)];
    // Their prekeys are of a key that nobody seals to any more.
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
