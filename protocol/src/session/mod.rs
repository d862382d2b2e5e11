//! Sans-IO state machines of both ends of a session (`docs/PROTOCOL.md` §5).
//!
//! They take inputs (a frame came, time passed, the application asks) and give actions (send this, tell that, close).
//! Drivers own the network; tests drive both ends in one thread.

mod ask;
pub mod backoff;
pub mod blob;
pub mod client;
pub mod relay;

use crate::frame::{Frame, Goodbye, Tag};

/// What a driver does for a session, in order.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action<E> {
    /// Send this frame.
    Send(Frame),
    /// Tell the application.
    Event(E),
    /// Flush what was sent, then close the connection with this code; nothing follows.
    Close(Goodbye),
}

/// The tag of a request or an answer, where the frame has one.
#[must_use]
pub const fn tag_of(frame: &Frame) -> Option<Tag> {
    match frame {
        Frame::Submit { tag, .. }
        | Frame::Submitted { tag, .. }
        | Frame::SubmitRefused { tag, .. }
        | Frame::PrekeyPublish { tag, .. }
        | Frame::PrekeyStock { tag }
        | Frame::PrekeyStocked { tag, .. }
        | Frame::PrekeyFetch { tag, .. }
        | Frame::PrekeyServed { tag, .. }
        | Frame::PrekeyRefused { tag, .. }
        | Frame::RegistryFetch { tag, .. }
        | Frame::RegistryPage { tag, .. }
        | Frame::RootFetch { tag }
        | Frame::Root { tag, .. }
        | Frame::EnrolSubmit { tag, .. }
        | Frame::EnrolFetch { tag, .. }
        | Frame::EnrolState { tag, .. }
        | Frame::Publish { tag, .. }
        | Frame::Published { tag, .. }
        | Frame::PublishRefused { tag, .. }
        | Frame::InvitePut { tag, .. }
        | Frame::RequestsFetch { tag }
        | Frame::Requests { tag, .. }
        | Frame::EnrolAnswer { tag, .. }
        | Frame::ForeignFetch { tag, .. }
        | Frame::ChangePut { tag, .. }
        | Frame::ChangeState { tag, .. }
        | Frame::ChangesFetch { tag }
        | Frame::Changes { tag, .. }
        | Frame::ChangeSettle { tag, .. }
        | Frame::Cosigned { tag, .. }
        | Frame::NodeHeadPut { tag, .. }
        | Frame::NodeHead { tag, .. }
        | Frame::HeadsFetch { tag, .. }
        | Frame::Heads { tag, .. } => Some(*tag),
        Frame::Hello { .. }
        | Frame::Welcome { .. }
        | Frame::Goodbye { .. }
        | Frame::Credit { .. }
        | Frame::Deliver { .. }
        | Frame::Settle { .. }
        | Frame::SlotWatch { .. }
        | Frame::SlotItem { .. }
        | Frame::SlotDrop { .. }
        | Frame::RegistryHead { .. }
        | Frame::AuthorityHello { .. }
        | Frame::EnrolHello { .. }
        | Frame::ForeignHead { .. } => None,
    }
}

#[cfg(test)]
mod tests;
