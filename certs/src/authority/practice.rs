//! Practice worlds: made for exercises, and apart from every real one. An authority is of a practice world when its log's name
//! says so; that name stands in every signature, and no version of a root file changes it.

use super::{AdminError, Office, root::RootFile};
use crate::directory::Record;

/// The domain of every practice world's log. Names under `.invalid` belong to nobody, and never will (RFC 6761 §6.4).
pub const PRACTICE_DOMAIN: &str = "practice.invalid";

impl RootFile {
    /// Whether this authority registers for exercises only: its log's name lies under [`PRACTICE_DOMAIN`].
    #[must_use]
    pub fn is_practice(&self) -> bool {
        let domain = self.log_name().split('/').next().unwrap_or_default();
        let before = domain.strip_suffix(PRACTICE_DOMAIN);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }
}

impl Office {
    /// Whether this authority may register an agency with this record: in a practice world only one for exercises. Relays have
    /// no cases.
    ///
    /// # Errors
    /// [`AdminError::PracticeOnly`].
    pub(super) fn may_register(&self, record: &Record) -> Result<(), AdminError> {
        let real = !record.exercise && record.relay.is_none();
        if real && self.root().is_practice() { Err(AdminError::PracticeOnly) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Keys;

    #[test]
    fn a_practice_world_is_known_by_its_logs_name_alone() {
        let named = |name: &str| {
            let keys = Keys::new(3);
            let mut draft = keys.draft();
            name.clone_into(&mut draft.log_name);
            draft.sign(&[(0, &keys.roots[0]), (1, &keys.roots[1])]).unwrap().is_practice()
        };
        for practice in ["practice.invalid/safeconduct", "practice.invalid", "class-3.practice.invalid/a"] {
            assert!(named(practice), "{practice}");
        }
        let others =
            ["xa.test/registry", "xa.test/practice.invalid", "malpractice.invalid/a", "practice.invalid.test/a"];
        for real in others {
            assert!(!named(real), "{real}");
        }
    }
}
