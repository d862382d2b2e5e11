//! What an authority asks, ours or a recognised one.

use std::sync::Arc;

use safeconduct_protocol::{
    frame::{Frame, PublishRefusal},
    session::relay::Input,
};

use super::Driver;
use crate::{
    authority::{self, Piece},
    changes,
    foreign::Publisher,
    heads,
    shared::Shared,
};

impl Driver {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no request of an authority, the session has refused")]
    pub(super) async fn authority_request(&mut self, shared: Arc<Shared>, frame: Frame) -> Option<Input> {
        let publisher = self.publisher?;
        let answer = match frame {
            Frame::Publish { tag, root, from, leaves, records, head } => {
                let piece = Piece { root, from, leaves, records, head };
                self.publishing.take(&shared, publisher, tag, piece).await
            }
            // Another country's authority opens no door here.
            Frame::InvitePut { tag, .. } | Frame::EnrolAnswer { tag, .. } if publisher != Publisher::Own => {
                let size = publisher.head(&shared).size;
                Frame::PublishRefused { tag, reason: PublishRefusal::Root, size }
            }
            Frame::ChangeSettle { tag, .. } if publisher != Publisher::Own => {
                let size = publisher.head(&shared).size;
                Frame::PublishRefused { tag, reason: PublishRefusal::Root, size }
            }
            Frame::RequestsFetch { tag } if publisher != Publisher::Own => {
                Frame::Requests { tag, requests: Vec::new() }
            }
            Frame::HeadsFetch { tag, .. } if publisher != Publisher::Own => Frame::Heads { tag, heads: Vec::new() },
            Frame::ChangesFetch { tag } if publisher != Publisher::Own => Frame::Changes { tag, requests: Vec::new() },
            Frame::InvitePut { tag, invites } => authority::invite(&shared, tag, invites).await,
            Frame::EnrolAnswer { tag, invite, answer } => {
                authority::answer(&shared, tag, invite, answer.into_vec()).await
            }
            Frame::RequestsFetch { tag } => {
                self.answers.spawn(async move { authority::requests(&shared, tag).await });
                return None;
            }
            Frame::HeadsFetch { tag, after } => {
                self.answers.spawn(async move { heads::all(&shared, tag, after).await });
                return None;
            }
            Frame::ChangesFetch { tag } => {
                self.answers.spawn(async move { changes::waiting(&shared, tag).await });
                return None;
            }
            Frame::ChangeSettle { tag, node, request, state } => {
                changes::settle(&shared, tag, node, request, state).await
            }
            _ => return None,
        };
        Some(Input::Answer(answer))
    }
}
