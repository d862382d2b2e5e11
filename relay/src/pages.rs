//! The registry log and the root file, handed to whoever may ask.

use safeconduct_protocol::{
    frame::{Frame, Tag},
    limits::REGISTRY_PAGE_MAX,
};

use crate::{feed::Snapshot, limits::PAGE_BYTES_MAX, shared::Shared, store::StoredLeaf};

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
    let mut page = (Vec::with_capacity(found.len()), Vec::with_capacity(found.len()));
    let mut bytes = 0_usize;
    for StoredLeaf { leaf, record } in found {
        bytes = bytes.saturating_add(leaf.len()).saturating_add(record.len());
        if bytes > PAGE_BYTES_MAX && !page.0.is_empty() {
            break;
        }
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
