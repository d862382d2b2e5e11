//! What a frame is called in logs.

use super::Frame;

impl Frame {
    /// The frame's name, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Welcome { .. } => "welcome",
            Self::Goodbye { .. } => "goodbye",
            Self::Credit { .. } => "credit",
            Self::Submit { .. } => "submit",
            Self::Submitted { .. } => "submitted",
            Self::SubmitRefused { .. } => "submit-refused",
            Self::Deliver { .. } => "deliver",
            Self::Settle { .. } => "settle",
            Self::PrekeyPublish { .. } => "prekey-publish",
            Self::PrekeyStock { .. } => "prekey-stock",
            Self::PrekeyStocked { .. } => "prekey-stocked",
            Self::PrekeyFetch { .. } => "prekey-fetch",
            Self::PrekeyServed { .. } => "prekey-served",
            Self::PrekeyRefused { .. } => "prekey-refused",
            Self::SlotWatch { .. } => "slot-watch",
            Self::SlotItem { .. } => "slot-item",
            Self::SlotDrop { .. } => "slot-drop",
            Self::RegistryFetch { .. } => "registry-fetch",
            Self::RegistryPage { .. } => "registry-page",
            Self::RegistryHead { .. } => "registry-head",
            Self::RootFetch { .. } => "root-fetch",
            Self::Root { .. } => "root",
            Self::EnrolSubmit { .. } => "enrol-submit",
            Self::EnrolFetch { .. } => "enrol-fetch",
            Self::EnrolState { .. } => "enrol-state",
            Self::Publish { .. } => "publish",
            Self::Published { .. } => "published",
            Self::PublishRefused { .. } => "publish-refused",
            Self::InvitePut { .. } => "invite-put",
            Self::RequestsFetch { .. } => "requests-fetch",
            Self::Requests { .. } => "requests",
            Self::EnrolAnswer { .. } => "enrol-answer",
            Self::AuthorityHello { .. } => "authority-hello",
            Self::EnrolHello { .. } => "enrol-hello",
            Self::ForeignFetch { .. } => "foreign-fetch",
            Self::ForeignHead { .. } => "foreign-head",
            Self::ChangePut { .. } => "change-put",
            Self::ChangeState { .. } => "change-state",
            Self::ChangesFetch { .. } => "changes-fetch",
            Self::Changes { .. } => "changes",
            Self::ChangeSettle { .. } => "change-settle",
            Self::Cosigned { .. } => "cosigned",
            Self::NodeHeadPut { .. } => "node-head-put",
            Self::NodeHead { .. } => "node-head",
            Self::HeadsFetch { .. } => "heads-fetch",
            Self::Heads { .. } => "heads",
        }
    }
}
