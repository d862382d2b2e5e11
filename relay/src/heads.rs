//! Node heads: kept for each node, so that it notices when its own vault has gone back. The relay reads of them which is newer,
//! and nothing else is in them for it.

use safeconduct_protocol::{
    frame::{Frame, Tag},
    id::NodeId,
    limits::HEADS_PAGE_MAX,
    receipt::head::{HeadPlace, NodeHead},
    time::{DAY_S, Timestamp},
};

use crate::{
    feed::Snapshot,
    shared::Shared,
    store::{Change, Outcome, committer::Source},
};

/// Takes a head, or none, and answers with the newest that is kept. No answer when the store fails: the node asks again.
pub(crate) async fn put(shared: &Shared, node: NodeId, tag: Tag, head: Vec<u8>) -> Option<Frame> {
    // Until it is stored, the key that it was judged by is the node's.
    let _keys = shared.keys.read().await;
    let kept = match place(&*shared.feed.newest()?, node, shared.clock.now(), &head) {
        Some(place) => match shared.committer.one(Source::RELAY, Change::NodeHeadPut { node, place, head }).await {
            Ok(Outcome::NodeHead(kept)) => kept,
            Ok(_) | Err(_) => return None,
        },
        None => shared.reader.ask(move |view| view.node_head(node)).await.ok()?.unwrap_or_default(),
    };
    Some(Frame::NodeHead { tag, head: kept.into() })
}

/// The heads that are kept of nodes above this one, for the authority: when each was last here. No answer when the store cannot
/// be read: the authority asks again.
pub(crate) async fn all(shared: &Shared, tag: Tag, after: NodeId) -> Option<Frame> {
    let limit = u32::try_from(HEADS_PAGE_MAX).unwrap_or(u32::MAX);
    let found = shared.reader.ask(move |view| view.node_heads(after, limit)).await.ok()?;
    Some(Frame::Heads { tag, heads: found.into_iter().map(Into::into).collect() })
}

/// Which head it is, if it is one of this node, signed with its current key: who stole only the TLS key must not put one in its
/// place.
fn place(snapshot: &Snapshot, node: NodeId, now: Timestamp, bytes: &[u8]) -> Option<HeadPlace> {
    let head = NodeHead::parse(bytes).ok()?;
    let identity = &snapshot.registry.node(&node)?.ik;
    head.verify(identity).ok()?;
    // An epoch of a later day would stand in the way of every other.
    let is_its = head.node() == node && head.place().epoch <= now.after(DAY_S).0;
    is_its.then_some(head.place())
}
