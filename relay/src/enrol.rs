//! Enrolment: sealed requests wait for the authority, sealed answers for the node. The relay can open neither.

use safeconduct_protocol::{
    frame::{EnrolState, Frame, Tag},
    id::InviteId,
};
use tracing::info;

use crate::{
    limits::ENROL_REQUEST_BYTES_MAX,
    shared::Shared,
    store::{Change, Enrolment, Outcome, committer::Source},
};

/// A node's request.
pub(crate) async fn submit(shared: &Shared, tag: Tag, invite: InviteId, request: Vec<u8>) -> Frame {
    if request.is_empty() || request.len() > ENROL_REQUEST_BYTES_MAX {
        return state(tag, None);
    }
    let today = shared.clock.now().day();
    match shared.committer.one(Source::RELAY, Change::EnrolRequest { invite, request, today }).await {
        Ok(Outcome::Enrolment(enrolment)) => {
            info!(event = "enrolment-requested", invite = %invite.short());
            state(tag, Some(enrolment))
        }
        Ok(_) | Err(_) => state(tag, None),
    }
}

/// Where a node's enrolment stands. No answer when the store cannot be read: the node asks again.
pub(crate) async fn fetch(shared: &Shared, tag: Tag, invite: InviteId) -> Option<Frame> {
    let today = shared.clock.now().day();
    let enrolment = shared.reader.ask(move |view| view.enrolment(invite, today)).await.ok()?;
    Some(state(tag, Some(enrolment)))
}

fn state(tag: Tag, enrolment: Option<Enrolment>) -> Frame {
    let (state, answer) = match enrolment {
        None => (EnrolState::Refused, Vec::new()),
        Some(Enrolment::Unknown) => (EnrolState::UnknownInvite, Vec::new()),
        Some(Enrolment::Expired) => (EnrolState::InviteExpired, Vec::new()),
        Some(Enrolment::Used) => (EnrolState::InviteUsed, Vec::new()),
        Some(Enrolment::Open) => (EnrolState::Open, Vec::new()),
        Some(Enrolment::Waiting) => (EnrolState::Waiting, Vec::new()),
        Some(Enrolment::Answered(answer)) => (EnrolState::Answered, answer),
    };
    Frame::EnrolState { tag, state, answer: answer.into() }
}
