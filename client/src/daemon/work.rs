//! What the vault hands to the link, and takes from it.

use safeconduct_protocol::id::{EnvelopeDigest, MessageId, NodeId, RequestId};

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

/// What taking a page of the registry gave.
pub struct PageTaken {
    /// The first leaf that is still missing; the head's size when none is.
    pub next: u64,
    /// What to say to the relay of envelopes that were held until now.
    pub settlements: Vec<Vec<u8>>,
}
