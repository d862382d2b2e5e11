//! Why the outbox did not do what was asked, and why a message failed.

use safeconduct_protocol::{envelope::draft::DraftRefused, id::MessageId, prekey::record::PrekeyRefused};

use super::OutboxState;
use crate::vault::VaultError;

/// Why the outbox refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// More than fits the largest envelope.
    #[error("the content has {bytes} bytes, more than fits the largest envelope")]
    ContentTooLong {
        /// Bytes of the content.
        bytes: usize,
    },
    /// The idempotency key stands for another message.
    #[error("the idempotency key was used before, for the message {}", message.short())]
    KeyReused {
        /// That message.
        message: MessageId,
    },
    /// No such message.
    #[error("there is no message {} in the outbox", message.short())]
    UnknownMessage {
        /// The id asked for.
        message: MessageId,
    },
    /// The message is in a state in which this cannot be done.
    #[error("the message is {}, and this cannot be done with it now", state.as_str())]
    WrongState {
        /// Its state.
        state: OutboxState,
    },
    /// The registry names no such node.
    #[error("the recipient's node is not in the registry")]
    RecipientUnknown,
    /// The registry says that the node is suspended or revoked.
    #[error("the recipient's node is suspended or revoked")]
    RecipientNotActive,
    /// The authority's last word is too old to send to this node.
    #[error("the registry is too old to send to this node")]
    RegistryStale,
    /// The prekey that the relay served may not be used.
    #[error("the prekey that the relay served is refused")]
    Prekey(#[source] PrekeyRefused),
    /// Sealing failed.
    #[error("the message could not be sealed")]
    CannotSeal(#[source] DraftRefused),
    /// A receipt, nack or notice that does not verify, or is about something else.
    #[error("a receipt does not verify, or is about another message")]
    FalseReceipt,
}

impl OutboxError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.remedy(),
            Self::ContentTooLong { .. } => "shorten the free text, or split the referral",
            Self::KeyReused { .. } => "use a new key for a new message",
            Self::UnknownMessage { .. } => "take the id from `safeconduct status`",
            Self::WrongState { .. } => "look at `safeconduct status`; a delivered message needs nothing more",
            Self::RecipientUnknown => "look at `safeconduct directory`; the registry may be out of date",
            Self::RecipientNotActive => "choose another agency, and phone this one or the authority",
            Self::RegistryStale => "connect to the relay; if it stays so, phone the authority",
            Self::Prekey(error) => error.remedy(),
            Self::CannotSeal(_) => "update the registry, then try again",
            Self::FalseReceipt => "nothing is lost; tell the relay's operator if it happens again",
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Vault(error) => error.code(),
            Self::ContentTooLong { .. } => "content-too-long",
            Self::KeyReused { .. } => "key-reused",
            Self::UnknownMessage { .. } => "unknown-message",
            Self::WrongState { .. } => "wrong-state",
            Self::RecipientUnknown => "recipient-unknown",
            Self::RecipientNotActive => "recipient-not-active",
            Self::RegistryStale => "registry-stale",
            Self::Prekey(error) => error.code(),
            Self::CannotSeal(_) => "cannot-seal",
            Self::FalseReceipt => "false-receipt",
        }
    }
}

impl From<rusqlite::Error> for OutboxError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Vault(error.into())
    }
}

/// Why a message needs a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum FailReason {
    /// The registry says that the recipient is revoked or not there.
    RecipientNotActive,
    /// The recipient was revoked while the message was on its way.
    RecipientRevoked,
    /// The recipient could open none of the envelopes made for it.
    NackedTooOften,
    /// The reply key that a receipt goes to has ended.
    ReplyEnded,
    /// What is kept of the message here does not make an envelope.
    Damaged,
    /// The agreement that allowed it has ended while it waited.
    NotAgreed,
    /// Its sender has taken it back before the relay had it.
    Withdrawn,
    /// A rule of the recipient's node refused it after it was opened.
    RefusedThere,
    /// The time in which it was of use ended before it left.
    OutOfTime,
    /// The person's consent ended before it left.
    ConsentOver,
    /// Nobody has said what became of it, and nobody can any more.
    NoWord,
    /// A report, to which nobody agrees any more for the node that it is for.
    ReportNotAgreed,
    /// A report for a node that the registry does not name as a co-ordinator any more.
    NoCoordinator,
}

impl FailReason {
    /// Every reason.
    pub const ALL: [Self; 13] = [
        Self::RecipientNotActive,
        Self::RecipientRevoked,
        Self::NackedTooOften,
        Self::ReplyEnded,
        Self::Damaged,
        Self::NotAgreed,
        Self::Withdrawn,
        Self::RefusedThere,
        Self::OutOfTime,
        Self::ConsentOver,
        Self::NoWord,
        Self::ReportNotAgreed,
        Self::NoCoordinator,
    ];

    /// The reason's name, for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RecipientNotActive => "recipient-not-active",
            Self::RecipientRevoked => "recipient-revoked",
            Self::NackedTooOften => "nacked-too-often",
            Self::ReplyEnded => "reply-ended",
            Self::Damaged => "damaged",
            Self::NotAgreed => "not-agreed",
            Self::Withdrawn => "withdrawn",
            Self::RefusedThere => "refused-there",
            Self::OutOfTime => "out-of-time",
            Self::ConsentOver => "consent-over",
            Self::NoWord => "no-word",
            Self::ReportNotAgreed => "report-not-agreed",
            Self::NoCoordinator => "no-co-ordinator",
        }
    }

    /// What is the matter.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::RecipientNotActive => "their registration is suspended, revoked or gone",
            Self::RecipientRevoked => {
                "their registration was revoked before a receipt came: whether it arrived, nobody will confirm"
            }
            Self::NackedTooOften => "their node could not open what was sealed for it",
            Self::ReplyEnded => "the time for receipts of that message is over",
            Self::Damaged => "what is kept of the message here is damaged",
            Self::NotAgreed => "no agreement allows it any more: it ended while the message waited",
            Self::Withdrawn => "it was taken back before the relay had it",
            Self::RefusedThere => "a rule of their node refused it, unread: nobody there has seen it",
            Self::OutOfTime => "its time ended before it left: it is not sent any more",
            Self::ConsentOver => "the person's consent ended before it left (rule D04): it is not sent",
            Self::NoWord => "neither the relay nor the agency has said in six weeks what became of it",
            Self::ReportNotAgreed => "nobody here agrees any more that reports go to this node: the report is not sent",
            Self::NoCoordinator => "the registry does not name them as a co-ordinator any more: the report is not sent",
        }
    }

    /// What a person can do.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::RecipientNotActive | Self::RecipientRevoked => {
                "phone the agency or the authority, or choose another agency"
            }
            Self::NackedTooOften => "phone the agency: its node cannot open what is sealed for it; then send again",
            Self::ReplyEnded => "nothing to do: the sender's time for receipts is over",
            Self::Damaged => {
                "enter the referral again, and keep a copy of the data folder for those who mend Safeconduct"
            }
            Self::NotAgreed => "phone the authority, or choose another agency",
            Self::Withdrawn => "nothing to do: the recipient never sees it",
            Self::OutOfTime => "phone the agency, or begin a new one: safeconduct referral new-from",
            Self::ConsentOver => "ask the person anew, and write a new referral with the new consent",
            Self::NoWord => "phone the agency, and ask whether it has arrived",
            Self::ReportNotAgreed => {
                "if it is to go, agree anew with `safeconduct report agree`, then `safeconduct report send`"
            }
            Self::NoCoordinator => "see `safeconduct directory` for who adds up reports, and agree with them",
            Self::RefusedThere => {
                "see `safeconduct referral list` for the rule, correct what it names, and write a new referral"
            }
        }
    }
}
