//! What the connecting end asks, and which answers it takes (`docs/PROTOCOL.md` §5).

use serde_bytes::ByteBuf;

use crate::{
    frame::{ChangeStand, Frame, Head, Tag},
    id::{InviteId, NodeId, RequestId},
    time::Day,
};

/// The application's own name for a request, given back with the answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ticket(pub u64);

/// A request of the application. Each becomes the frame of the same name.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are those of the frames of the same names")]
pub enum Ask {
    /// [`Frame::Submit`]
    Submit { envelope: Vec<u8> },
    /// [`Frame::PrekeyPublish`]
    PrekeyPublish { records: Vec<Vec<u8>> },
    /// [`Frame::PrekeyStock`]
    PrekeyStock,
    /// [`Frame::PrekeyFetch`]
    PrekeyFetch { request: RequestId, node: NodeId },
    /// [`Frame::RegistryFetch`]
    RegistryFetch { from: u64 },
    /// [`Frame::RootFetch`]
    RootFetch,
    /// [`Frame::EnrolSubmit`]
    EnrolSubmit { invite: InviteId, request: Vec<u8> },
    /// [`Frame::EnrolFetch`]
    EnrolFetch { invite: InviteId },
    /// [`Frame::Publish`]
    Publish { root: Vec<u8>, from: u64, leaves: Vec<Vec<u8>>, records: Vec<Vec<u8>>, head: Head },
    /// [`Frame::InvitePut`]
    InvitePut { invites: Vec<(InviteId, Day)> },
    /// [`Frame::RequestsFetch`]
    RequestsFetch,
    /// [`Frame::EnrolAnswer`]
    EnrolAnswer { invite: InviteId, answer: Vec<u8> },
    /// [`Frame::ForeignFetch`]
    ForeignFetch { authority: [u8; 32], from: u64 },
    /// [`Frame::NodeHeadPut`]
    NodeHeadPut { head: Vec<u8> },
    /// [`Frame::ChangePut`]
    ChangePut { request: Vec<u8> },
    /// [`Frame::ChangesFetch`]
    ChangesFetch,
    /// [`Frame::ChangeSettle`]
    ChangeSettle { node: NodeId, request: [u8; 32], state: ChangeStand },
}

pub(super) fn buffers(all: Vec<Vec<u8>>) -> Vec<ByteBuf> {
    all.into_iter().map(ByteBuf::from).collect()
}

impl Ask {
    pub(super) fn into_frame(self, tag: Tag) -> Frame {
        match self {
            Self::Submit { envelope } => Frame::Submit { tag, envelope: envelope.into() },
            Self::PrekeyPublish { records } => Frame::PrekeyPublish { tag, records: buffers(records) },
            Self::PrekeyStock => Frame::PrekeyStock { tag },
            Self::PrekeyFetch { request, node } => Frame::PrekeyFetch { tag, request, node },
            Self::RegistryFetch { from } => Frame::RegistryFetch { tag, from },
            Self::RootFetch => Frame::RootFetch { tag },
            Self::EnrolSubmit { invite, request } => Frame::EnrolSubmit { tag, invite, request: request.into() },
            Self::EnrolFetch { invite } => Frame::EnrolFetch { tag, invite },
            Self::Publish { root, from, leaves, records, head } => Frame::Publish {
                tag,
                root: root.into(),
                from,
                leaves: buffers(leaves),
                records: buffers(records),
                head,
            },
            Self::InvitePut { invites } => Frame::InvitePut { tag, invites },
            Self::RequestsFetch => Frame::RequestsFetch { tag },
            Self::EnrolAnswer { invite, answer } => Frame::EnrolAnswer { tag, invite, answer: answer.into() },
            Self::NodeHeadPut { head } => Frame::NodeHeadPut { tag, head: head.into() },
            Self::ForeignFetch { authority, from } => Frame::ForeignFetch { tag, authority, from },
            Self::ChangePut { request } => Frame::ChangePut { tag, request: request.into() },
            Self::ChangesFetch => Frame::ChangesFetch { tag },
            Self::ChangeSettle { node, request, state } => Frame::ChangeSettle { tag, node, request, state },
        }
    }

    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Submit { .. } => Kind::Submit,
            Self::PrekeyPublish { .. } | Self::PrekeyStock => Kind::Stock,
            Self::PrekeyFetch { .. } => Kind::Prekey,
            Self::RegistryFetch { .. } | Self::ForeignFetch { .. } => Kind::Page,
            Self::RootFetch => Kind::Root,
            Self::EnrolSubmit { .. } | Self::EnrolFetch { .. } => Kind::Enrol,
            Self::Publish { .. } | Self::InvitePut { .. } | Self::EnrolAnswer { .. } | Self::ChangeSettle { .. } => {
                Kind::Publish
            }
            Self::RequestsFetch => Kind::Requests,
            Self::NodeHeadPut { .. } => Kind::NodeHead,
            Self::ChangePut { .. } => Kind::Change,
            Self::ChangesFetch => Kind::Changes,
        }
    }
}

/// Which answers a request may get.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Submit,
    Stock,
    Prekey,
    Page,
    Root,
    Enrol,
    Publish,
    Requests,
    NodeHead,
    Change,
    Changes,
}

impl Kind {
    pub(super) const fn takes(self, answer: &Frame) -> bool {
        matches!(
            (self, answer),
            (Self::Submit, Frame::Submitted { .. } | Frame::SubmitRefused { .. })
                | (Self::Stock, Frame::PrekeyStocked { .. })
                | (Self::Prekey, Frame::PrekeyServed { .. } | Frame::PrekeyRefused { .. })
                | (Self::Page, Frame::RegistryPage { .. })
                | (Self::Root, Frame::Root { .. })
                | (Self::Enrol, Frame::EnrolState { .. })
                | (Self::Publish, Frame::Published { .. } | Frame::PublishRefused { .. } | Frame::Cosigned { .. })
                | (Self::Requests, Frame::Requests { .. })
                | (Self::NodeHead, Frame::NodeHead { .. })
                | (Self::Change, Frame::ChangeState { .. })
                | (Self::Changes, Frame::Changes { .. })
        )
    }
}
