//! Changes that nodes ask for: sealed requests wait for the authority, which says what became of each. The relay can open
//! none of them.

use safeconduct_protocol::{
    crypto::hash::sha256,
    frame::{ChangeStand, Frame, PublishRefusal, Tag},
    id::NodeId,
};
use tracing::info;

use crate::{
    authority,
    limits::{CHANGE_REQUEST_BYTES_MAX, PAGE_BYTES_MAX, REQUESTS_MAX},
    shared::Shared,
    standing::Standing,
    store::{Change, Outcome, committer::Source},
};

/// A node's request. The same again is answered with where it stands. Guests ask at home: a relay that many may ask at would be
/// filled by one of them.
pub(crate) async fn put(shared: &Shared, standing: Standing, node: NodeId, tag: Tag, request: Vec<u8>) -> Frame {
    let not_taken = Frame::ChangeState { tag, state: ChangeStand::NotTaken };
    let at_home = matches!(standing, Standing::Home(_));
    let fits = at_home && !request.is_empty() && request.len() <= CHANGE_REQUEST_BYTES_MAX;
    if !fits || shared.changes.take(node, shared.clock.now()).is_err() {
        return not_taken;
    }
    let digest = sha256(&[&request]);
    match shared.committer.one(Source::RELAY, Change::ChangeRequest { node, digest, request }).await {
        Ok(Outcome::NodeChange(Some(stand))) => {
            info!(event = "change-requested", node = %node.short());
            Frame::ChangeState { tag, state: decode(stand) }
        }
        Ok(_) | Err(_) => not_taken,
    }
}

/// Requests that wait, as many as fit. No answer when the store cannot be read: the authority asks again.
pub(crate) async fn waiting(shared: &Shared, tag: Tag) -> Option<Frame> {
    let found = shared.reader.ask(|view| view.changes_waiting(REQUESTS_MAX)).await.ok()?;
    let mut bytes = 0_usize;
    let requests = found
        .into_iter()
        .take_while(|(_, request)| {
            bytes = bytes.saturating_add(request.len());
            bytes <= PAGE_BYTES_MAX
        })
        .map(|(node, request)| (node, request.into()))
        .collect();
    Some(Frame::Changes { tag, requests })
}

/// What became of a request. One that is not there any more needs no word.
pub(crate) async fn settle(shared: &Shared, tag: Tag, node: NodeId, digest: [u8; 32], state: ChangeStand) -> Frame {
    let size = authority::held(shared);
    let today = shared.clock.now().day();
    let change = Change::ChangeSettle { node, digest, stand: encode(state), today };
    match shared.committer.one(Source::RELAY, change).await {
        Ok(_) => Frame::Published { tag, size },
        Err(_) => Frame::PublishRefused { tag, reason: PublishRefusal::StorageFailed, size },
    }
}

/// As it is kept: the number of the frame's word.
const fn encode(state: ChangeStand) -> u8 {
    match state {
        ChangeStand::Waiting => 0,
        ChangeStand::Done => 1,
        ChangeStand::Stale => 3,
        ChangeStand::Rejected => 4,
        ChangeStand::Refused | ChangeStand::NotTaken | _ => 2,
    }
}

const fn decode(stand: u8) -> ChangeStand {
    match stand {
        0 => ChangeStand::Waiting,
        1 => ChangeStand::Done,
        3 => ChangeStand::Stale,
        4 => ChangeStand::Rejected,
        _ => ChangeStand::Refused,
    }
}
