//! Evidence: exported from the vault, verified without one.
use super::Node;
use crate::{api::shapes::{Exported, VerifiedEvidence}, error::Told};

impl Node {
    /// `evidence export`.
    ///
    /// # Errors
    /// Always.
    pub fn export(&mut self, _message: &str, _with_content: bool) -> Result<Exported, Told> {
        Err(Told::not_ready("evidence", "evidence is not there yet", "wait"))
    }
}

/// `evidence verify`.
///
/// # Errors
/// Always.
pub fn verified_evidence(_bytes: &[u8]) -> Result<VerifiedEvidence, Told> {
    Err(Told::not_ready("evidence", "evidence is not there yet", "wait"))
}
