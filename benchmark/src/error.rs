//! Why a figure could not be measured.

use std::{io, path::PathBuf};

use safeconduct_certs::link::LinkError;
use safeconduct_protocol::frame::Goodbye;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BenchError {
    /// A file, a socket or a process.
    #[error("{what}: {}", source.kind())]
    Io { what: String, source: io::Error },
    /// A connection to the relay could not be had.
    #[error("no link to the relay")]
    Link(#[from] LinkError),
    /// A connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The relay ended the session.
    #[error("the relay ended the session: {0:?}")]
    Goodbye(Goodbye),
    /// The relay said what it should not have said.
    #[error("the relay answered otherwise than expected: {0}")]
    Unexpected(String),
    /// A process did not do its part.
    #[error("{program} {how}; its log is {}", log.display())]
    Program { program: &'static str, how: String, log: PathBuf },
    /// Something did not happen in time.
    #[error("waited too long for {0}")]
    TooLate(&'static str),
    /// Somebody ended the run.
    #[error("stopped before the end")]
    Stopped,
    /// The bench's own keys or registry.
    #[error("the bench's own registry cannot be made: {0}")]
    Registry(String),
    /// A task ended before its result.
    #[error("a task of the bench failed")]
    Task(#[from] tokio::task::JoinError),
}

impl BenchError {
    /// For `map_err`: an I/O error with what was tried.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// A connection's end, as QUIC says it.
    pub(crate) fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}
