//! What can go wrong with a world: told in full, because the reader has nothing but this text.

use std::path::PathBuf;

/// A world could not be built, or did not do what was waited for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// A program of the workspace is missing beside the running one.
    #[error("{program} is not built\n  → run `cargo build --workspace --bins`, then again")]
    NotBuilt {
        /// The program's name.
        program: &'static str,
    },
    /// A file or process operation failed.
    #[error("{act} {path}: {source}", path = path.display())]
    Io {
        /// What was tried.
        act: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A command ended otherwise than expected.
    #[error("`{command}` ended with {code}\n{talk}")]
    Refused {
        /// The command line, passphrase files and folders left out.
        command: String,
        /// Its exit code, or the signal.
        code: String,
        /// What it wrote.
        talk: String,
    },
    /// A command's answer lacks a member or is no JSON.
    #[error("`{command}` answered without {wanted}: {answer}")]
    Unreadable {
        /// The command line.
        command: String,
        /// What was looked for.
        wanted: String,
        /// What came.
        answer: String,
    },
    /// Something did not happen in time.
    #[error("waited {seconds} s for {what}; last seen: {last}")]
    Late {
        /// The deadline.
        seconds: u64,
        /// What was waited for.
        what: String,
        /// The last state, or the end of a log.
        last: String,
    },
    /// A daemon ended by itself.
    #[error("{name} ended by itself with {code}; its log ends:\n{log}")]
    Ended {
        /// Which one.
        name: String,
        /// Its exit code, or the signal.
        code: String,
        /// The last lines of its log.
        log: String,
    },
    /// A sample is not what its README says.
    #[error("sample {path}: {fact}", path = path.display())]
    Sample {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        fact: String,
    },
}

impl WorldError {
    /// Wraps an I/O error with what was tried on what; for `map_err`.
    pub fn io(act: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { act, path, source }
    }
}
