//! One connection between a node (or the authority, or a node that enrols) and a relay: QUIC with TLS 1.3,
//! X25519MLKEM768 only, raw public keys on both ends (RFC 9001, RFC 7250; `docs/PROTOCOL.md` §1), and frames on one
//! bidirectional stream.
//!
//! # Layout
//! - [`tls`]: keys, the three ALPNs, and what each end accepts from the other
//! - [`endpoint`]: listening, dialling, accepting
//! - [`channel`]: frames over the stream
//! - [`transfer`]: streams beside it, for sealed documents
//! - [`pipe`]: what stands in QUIC's place where there is no network

pub mod channel;
pub mod endpoint;
pub mod pipe;
mod reset;
pub mod tls;
pub mod transfer;

pub use channel::{FrameReceiver, FrameSender, Link};
pub use endpoint::{Dialer, accept, client_config, listen};
pub use pipe::{Dials, Pipe};
pub use tls::{Alpn, ExpectedRelay, KnownKeys, TlsKey};
pub use transfer::{Transfer, TransferError, Transfers};

use safeconduct_protocol::{codec::CodecError, frame::Goodbye};

/// Why there is no link, or no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The address is not `host:port`, or the name has no address.
    #[error("the relay's address cannot be resolved")]
    Unresolved,
    /// The port is in use, or the address is not of this machine.
    #[error("cannot listen on this address: {0}")]
    Listen(std::io::ErrorKind),
    /// Nothing answers.
    #[error("the relay does not answer")]
    Unreachable,
    /// The other end shows another key than the registry names. Either the address is wrong or somebody is in between.
    #[error("the other end is not the relay that the registry names")]
    WrongRelay,
    /// The relay refused this node's key in the handshake.
    #[error("the relay refused this node's key")]
    KeyRefused,
    /// The relay speaks none of our protocols, or TLS failed otherwise.
    #[error("the secure handshake failed")]
    Handshake,
    /// The other end closed with a reason.
    #[error("the other end closed the connection ({0:?})")]
    Closed(Goodbye),
    /// The connection broke.
    #[error("the connection was lost")]
    Lost,
    /// What came is not a frame.
    #[error("the other end sent what is not a frame: {0}")]
    NotAFrame(CodecError),
    /// A frame had begun, and its end did not come.
    #[error("the other end took too long over one frame")]
    TooSlow,
    /// A key could not be used.
    #[error("this key cannot be used for TLS")]
    BadKey,
}

impl LinkError {
    /// What to do next.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unresolved => "check the relay's address (host:port) and this machine's name service",
            Self::Listen(_) => "choose another address or port, or stop what uses it",
            Self::Unreachable => {
                "check the network and that UDP to the relay's port is allowed; everything stays queued and is retried"
            }
            Self::WrongRelay => "do not go on: check the relay's address, then phone your authority",
            Self::KeyRefused => {
                "this node is not registered at that relay: check the address, finish enrolment, or phone your authority"
            }
            Self::Handshake => "check that both ends run current versions, and that no device in between alters UDP",
            Self::Closed(reason) => goodbye_remedy(*reason),
            Self::Lost | Self::TooSlow => "nothing: it is retried by itself",
            Self::NotAFrame(_) => "update the older end; if both are current, report it",
            Self::BadKey => "restore the key file from the backup",
        }
    }
}

/// What to do about a relay's goodbye.
#[must_use]
pub const fn goodbye_remedy(reason: Goodbye) -> &'static str {
    match reason {
        Goodbye::ShuttingDown => "nothing: it is retried by itself",
        Goodbye::Replaced => {
            "if you did not start a second machine or copy of this node, phone your authority; else stop one of them"
        }
        Goodbye::Revoked => {
            "this node's registration was revoked: phone your authority; nothing is sent or received until then"
        }
        Goodbye::Suspended => "this node's registration is suspended: phone your authority",
        Goodbye::NotRegistered => "finish enrolment, or phone your authority",
        Goodbye::ProtocolError => "update the older end; if both are current, report it",
        Goodbye::Version => "update: the relay speaks another version of the protocol",
        Goodbye::Busy => "wait: it is retried by itself",
        Goodbye::StorageFailed => "tell the relay's operator that its storage failed; everything stays queued here",
        Goodbye::NoRegistry => "tell the authority to publish its registry to this relay",
        _ => "update this node",
    }
}

/// What a relay's goodbye says, in words.
#[must_use]
pub const fn goodbye_fact(reason: Goodbye) -> &'static str {
    match reason {
        Goodbye::ShuttingDown => "the relay is shutting down",
        Goodbye::Replaced => "another connection of this node took over",
        Goodbye::Revoked => "this node's registration was revoked",
        Goodbye::Suspended => "this node's registration is suspended",
        Goodbye::NotRegistered => "this node is not registered",
        Goodbye::ProtocolError => "the relay did not understand this node",
        Goodbye::Version => "the relay speaks another version of the protocol",
        Goodbye::Busy => "the relay is busy",
        Goodbye::StorageFailed => "the relay cannot store anything now",
        Goodbye::NoRegistry => "the relay holds no registry yet",
        _ => "the relay closed the session for a reason that this version does not know",
    }
}
