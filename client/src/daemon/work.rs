//! What the vault hands to the link, and takes from it.

use safeconduct_protocol::id::{EnvelopeDigest, MessageId, NodeId, RequestId};

use crate::registry::RelayRef;

/// What a message needs from the relay next.
pub enum Work {
    /// A prekey of its recipient.
    Fetch {
        /// Which message.
        message: MessageId,
        /// Names the request over retries.
        request: RequestId,
        /// Whose prekey.
        node: NodeId,
    },
    /// To be taken charge of.
    Submit {
        /// Which message.
        message: MessageId,
        /// Which envelope.
        digest: EnvelopeDigest,
        /// The very bytes.
        envelope: Vec<u8>,
    },
}

impl Work {
    /// Whose it is.
    #[must_use]
    pub const fn message(&self) -> MessageId {
        match self {
            Self::Fetch { message, .. } | Self::Submit { message, .. } => *message,
        }
    }
}

/// A relay beside the home relay to connect to.
#[derive(Clone, PartialEq, Eq)]
pub struct AwayPlan {
    /// Which.
    pub at: RelayRef,
    /// `host:port`.
    pub address: String,
    /// SPKI hash of the key that it must prove.
    pub pinned: [u8; 32],
}

/// What taking a page of a recognised authority's log gave.
pub struct ForeignPageTaken {
    /// Leaves of it that are held now.
    pub next: u64,
    /// The first leaf that is still missing, if there is one.
    pub missing: Option<u64>,
    /// What to say to the relay of envelopes that were held until now.
    pub settlements: Vec<Vec<u8>>,
}

/// What taking a page of the registry gave.
pub struct PageTaken {
    /// The first leaf that is still missing; the head's size when none is.
    pub next: u64,
    /// What to say to the relay of envelopes that were held until now.
    pub settlements: Vec<Vec<u8>>,
}
