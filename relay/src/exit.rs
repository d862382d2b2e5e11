//! Exit codes, the same table for every Safeconduct program.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: refused by a rule.
    Refused,
    /// 2: the command line or the configuration is wrong.
    Usage,
    /// 3: something that must be there is not: a key, a free port, space on the disk.
    NotReady,
    /// 5: tampering found.
    Tampering,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::NotReady => 3,
            Exit::Tampering => 5,
        })
    }
}
