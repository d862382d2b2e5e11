//! Whose fault an error is: it decides who is phoned, and the exit code.

use crate::registry::{HeadRefused, ReplayError, leaf::LeafRefused};

/// Who has to do something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Blame {
    /// The authority's registry breaks its own rules, or tells two stories: tampering, until shown otherwise.
    Authority,
    /// The relay serves what is old, incomplete or not what was signed.
    Relay,
    /// This node must update, or fetch something first.
    Node,
}

impl Blame {
    /// Whether it must be treated as tampering (exit code 5).
    #[must_use]
    pub const fn is_tampering(self) -> bool {
        match self {
            Self::Authority | Self::Relay => true,
            Self::Node => false,
        }
    }
}

impl ReplayError {
    /// Whose fault it is.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self.reason {
            // Whoever passes entries on can cut or bend them.
            LeafRefused::Registrar | LeafRefused::Sequence | LeafRefused::Previous | LeafRefused::RootSuperseded => {
                Blame::Relay
            }
            LeafRefused::Layout | LeafRefused::Field => Blame::Node,
            LeafRefused::Key(_)
            | LeafRefused::KeyForTwoPurposes
            | LeafRefused::KeyUsed
            | LeafRefused::PlaceUsed
            | LeafRefused::NodeKnown
            | LeafRefused::NodeUnknown
            | LeafRefused::Relay
            | LeafRefused::Revoked
            | LeafRefused::Scope
            | LeafRefused::Succession
            | LeafRefused::MinSuite
            | LeafRefused::MinVersion
            | LeafRefused::RootForked
            | LeafRefused::TooManyTerms => Blame::Authority,
        }
    }

    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        self.reason.remedy()
    }
}

impl HeadRefused {
    /// Whose fault it is.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self {
            Self::SplitView { .. } => Blame::Authority,
            Self::Checkpoint(_) | Self::Size | Self::Timestamp(_) | Self::Rollback { .. } | Self::TooEarly => {
                Blame::Relay
            }
            Self::Empty | Self::Behind { .. } => Blame::Node,
        }
    }
}
