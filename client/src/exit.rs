//! Exit codes: one table for every command.

/// How a command ended, as a shell or a service manager sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Refused by a rule: the input, the registry or a policy says no.
    Refused = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Not ready: locked vault, not enrolled, disk full, another daemon runs.
    NotReady = 3,
    /// Unreachable: a retry helps.
    Unreachable = 4,
    /// Tampering found: stop, and phone.
    Tampering = 5,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The exit that a number names; an unknown number is a refusal.
    #[must_use]
    pub const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            2 => Self::Usage,
            3 => Self::NotReady,
            4 => Self::Unreachable,
            5 => Self::Tampering,
            _ => Self::Refused,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_names_its_exit() {
        for exit in [Exit::Done, Exit::Refused, Exit::Usage, Exit::NotReady, Exit::Unreachable, Exit::Tampering] {
            assert_eq!(Exit::from_code(exit.code()), exit);
        }
        assert_eq!(Exit::from_code(77), Exit::Refused);
    }
}
