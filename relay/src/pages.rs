//! The registry logs and the root file, handed to whoever may ask.

use safeconduct_protocol::{
    frame::{Frame, Head, Tag, leaves_in_page},
    limits::REGISTRY_PAGE_MAX,
};

use crate::{
    feed::Snapshot,
    shared::Shared,
    store::{StoreError, StoredLeaf, View},
};

/// Are directory records given? They are for registered nodes and the authority.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Records {
    Given,
    Withheld,
}

/// The answer to whoever is shown nothing of a log.
pub(crate) fn empty(tag: Tag, from: u64) -> Frame {
    Frame::RegistryPage { tag, from, leaves: Vec::new(), records: Vec::new(), head: Head::default() }
}

/// One page of our log. No answer when the store cannot be read: the peer asks again.
pub(crate) async fn registry(
    shared: &Shared,
    snapshot: Option<&Snapshot>,
    tag: Tag,
    from: u64,
    records: Records,
) -> Option<Frame> {
    let head = snapshot.map(Snapshot::head).unwrap_or_default();
    page(shared, head, tag, from, records, move |view, limit| view.leaves(from, limit)).await
}

/// One page of a recognised authority's log, empty when it is not recognised now or has not published here.
pub(crate) async fn foreign(
    shared: &Shared,
    snapshot: &Snapshot,
    tag: Tag,
    authority: [u8; 32],
    from: u64,
) -> Option<Frame> {
    let mut in_force = snapshot.foreign_in_force(shared.clock.now());
    let Some((_, registry)) = in_force.find(|(recognition, _)| recognition.authority == authority) else {
        return Some(empty(tag, from));
    };
    let head = registry.head().cloned().unwrap_or_default();
    let read = move |view: &dyn View, limit| view.foreign_leaves(authority, from, limit);
    page(shared, head, tag, from, Records::Given, read).await
}

async fn page(
    shared: &Shared,
    head: Head,
    tag: Tag,
    from: u64,
    records: Records,
    read: impl FnOnce(&dyn View, usize) -> Result<Vec<StoredLeaf>, StoreError> + Send + 'static,
) -> Option<Frame> {
    let left = usize::try_from(head.size.saturating_sub(from)).unwrap_or(usize::MAX);
    let limit = left.min(REGISTRY_PAGE_MAX);
    let found = match limit {
        0 => Vec::new(),
        _ => shared.reader.ask(move |view| read(view, limit)).await.ok()?,
    };
    // Where a page without records ends says nothing of them.
    let beside = |stored: &StoredLeaf| if records == Records::Given { stored.record.len() } else { 0 };
    let count = leaves_in_page(found.iter().map(|stored| stored.leaf.len().saturating_add(beside(stored))));
    let mut page = (Vec::with_capacity(count), Vec::with_capacity(count));
    for StoredLeaf { leaf, record } in found.into_iter().take(count) {
        page.0.push(leaf.into());
        if records == Records::Given {
            page.1.push(record.into());
        }
    }
    Some(Frame::RegistryPage { tag, from, leaves: page.0, records: page.1, head })
}

/// The root file; to whoever belongs to another authority an empty one, so that it is not taken for theirs.
pub(crate) fn root(shared: &Shared, tag: Tag, is_ours: bool) -> Frame {
    let root = if is_ours { shared.feed.root().as_bytes().to_vec() } else { Vec::new() };
    Frame::Root { tag, root: root.into() }
}
