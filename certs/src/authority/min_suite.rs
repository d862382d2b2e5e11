//! Retiring a suite: below this one nothing is sealed or taken any more.

use safeconduct_protocol::limits::SUITE_1;

use super::{AdminError, Office};
use crate::registry::leaf::{LeafFields, LeafKind};

/// The newest suite that this version speaks: a higher least suite would end all sending.
pub const SUITE_NEWEST: u16 = SUITE_1;

impl Office {
    /// Raises the least suite; durable when this returns.
    ///
    /// # Errors
    /// [`AdminError::Leaf`] when it is not above the one before.
    pub fn set_min_suite(&mut self, suite: u16) -> Result<(), AdminError> {
        let fields = LeafFields { suites: u32::from(suite), ..self.about_registry(LeafKind::MinSuite)? };
        self.append(&fields, &[])?;
        self.note_act("min-suite", "", &format!("suite {suite}, entry {}", fields.seq))
    }

    /// An entry about the registry itself, with nothing in it yet.
    pub(super) fn about_registry(&self, kind: LeafKind) -> Result<LeafFields, AdminError> {
        Ok(self.registry.next_about_registry(kind, self.now()?))
    }
}
