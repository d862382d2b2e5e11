//! The exit code of each error.

use safeconduct_protocol::frame::PublishRefusal;

use super::{AdminError, CarriedRefused, LinkError, RootRefused};

/// What a command's exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// A rule refused it.
    Refused = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Not ready: locked, missing, disk full.
    NotReady = 3,
    /// A relay cannot be reached: a retry helps.
    Unreachable = 4,
    /// Tampering found: stop, phone.
    Tampering = 5,
}

impl AdminError {
    /// The exit code that it means.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Exists
            | Self::AgencyKnown
            | Self::AgencyUnknown
            | Self::NotInState
            | Self::ChangeWaits
            | Self::Change(_)
            | Self::OtherAgency
            | Self::RelayUnknown
            | Self::RequestWaits
            | Self::NoRequest
            | Self::WrongWords
            | Self::Words(_)
            | Self::RelayFile(_)
            | Self::Record(_)
            | Self::Leaf(_)
            | Self::RequestRefused(_)
            | Self::Introduction(_)
            | Self::NotRecognisable(_)
            | Self::NoSuchTerms
            | Self::NoAnswer
            | Self::NotAHolder
            | Self::Root(RootRefused::Threshold { .. } | RootRefused::ThresholdBefore { .. })
            | Self::OtherProposal
            | Self::ProposalKeys
            | Self::RootVersions
            | Self::PracticeOnly
            | Self::Carried(
                CarriedRefused::NotOurs
                | CarriedRefused::TooLong
                | CarriedRefused::Damaged
                | CarriedRefused::OtherKind { .. }
                | CarriedRefused::OtherAuthority(_),
            ) => Exit::Refused,
            Self::WhichRelay
            | Self::Version { .. }
            | Self::Carried(CarriedRefused::Unreadable(_))
            | Self::Days
            | Self::NoHolder { .. }
            | Self::OtherCountry { .. }
            | Self::RootKeyName
            | Self::ShortPassphrase
            | Self::NoChange => Exit::Usage,
            Self::Missing
            | Self::Busy
            | Self::Disk { .. }
            | Self::Keyfile(_)
            | Self::Clock { .. }
            | Self::ClocksApart { .. }
            | Self::NoRelay
            | Self::NoEntropy(_)
            | Self::Seal(_) => Exit::NotReady,
            Self::Link(LinkError::WrongRelay)
            | Self::Damaged { .. }
            | Self::Head(_)
            | Self::RelayAhead { .. }
            | Self::Root(RootRefused::BadSignature | RootRefused::Broken | RootRefused::Forked) => Exit::Tampering,
            Self::Root(_) => Exit::Usage,
            // A relay that is pinned to another authority stays so, however often it is asked.
            Self::Link(LinkError::KeyRefused) => Exit::Refused,
            Self::Link(_) | Self::Silent | Self::Goodbye(_) | Self::Quorum { .. } => Exit::Unreachable,
            Self::Refused(reason) => match reason {
                PublishRefusal::StorageFailed | PublishRefusal::Gap => Exit::Unreachable,
                PublishRefusal::Rollback | PublishRefusal::Replay => Exit::Tampering,
                PublishRefusal::Root | PublishRefusal::TooLarge | _ => Exit::Refused,
            },
        }
    }
}
