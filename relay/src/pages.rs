//! The registry log and the root file, handed to whoever may ask.

use safeconduct_protocol::{
    frame::{Frame, Tag, leaves_in_page},
    limits::REGISTRY_PAGE_MAX,
};

use crate::{feed::Snapshot, shared::Shared, store::StoredLeaf};

/// Are directory records given? They are for registered nodes and the authority.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Records {
    Given,
    Withheld,
}

/// One page of the log. No answer when the store cannot be read: the peer asks again.
pub(crate) async fn registry(
    shared: &Shared,
    snapshot: Option<&Snapshot>,
    tag: Tag,
    from: u64,
    records: Records,
) -> Option<Frame> {
    let head = snapshot.map(Snapshot::head).unwrap_or_default();
    let left = usize::try_from(head.size.saturating_sub(from)).unwrap_or(usize::MAX);
    let limit = left.min(REGISTRY_PAGE_MAX);
    let found = match limit {
        0 => Vec::new(),
        _ => shared.reader.ask(move |view| view.leaves(from, limit)).await.ok()?,
    };
    // A page without records is no longer than one with them: where one ends says nothing of them.
    let count = leaves_in_page(found.iter().map(|stored| stored.leaf.len().saturating_add(stored.record.len())));
    let mut page = (Vec::with_capacity(count), Vec::with_capacity(count));
    for StoredLeaf { leaf, record } in found.into_iter().take(count) {
        page.0.push(leaf.into());
        if records == Records::Given {
            page.1.push(record.into());
        }
    }
    Some(Frame::RegistryPage { tag, from, leaves: page.0, records: page.1, head })
}

/// The root file.
pub(crate) fn root(shared: &Shared, tag: Tag) -> Frame {
    Frame::Root { tag, root: shared.feed.root().to_vec().into() }
}
