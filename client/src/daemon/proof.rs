//! Evidence: exported from the vault, verified without one.

use safeconduct_certs::{
    authority::root::{Fingerprint, RootFile},
    evidence::{Bundle, BundleRefused, Known, verify},
};

use super::Node;
use crate::{
    api::shapes::{Exported, VerifiedEvidence},
    casework::life::terms::Hand,
    error::Told,
    evidence::export::{self, Contents, ExportError},
};

impl Node {
    /// `evidence export`.
    ///
    /// # Errors
    /// `unknown-message`, `content-erased`, or what the vault says.
    pub fn export(&mut self, message: &str, with_content: bool) -> Result<Exported, Told> {
        let message = match self.outgoing(message) {
            Ok(entry) => entry.message,
            Err(outgoing) => self.incoming(message).map_err(|_unknown| outgoing)?.message,
        };
        if with_content {
            // A file with the person's data is for who may do everything here.
            self.acting_as(None, Hand::Supervisor)?;
        }
        let contents = if with_content { Contents::With } else { Contents::Without };
        let held = self.held()?.clone();
        let bundle = export::bundle(&self.vault, &held, &message, contents)?;
        Ok(Exported { bundle: bundle.to_json() })
    }
}

/// `evidence verify`: needs neither network nor vault. With a `fingerprint` or a root file the authority must be the one that it
/// names, before or after a change of its keys.
///
/// # Errors
/// `other-authority` when the bundle is not of the one that is named; `evidence-invalid` with the part that does not hold; `not-evidence` for what is no bundle; `root-file` for what is no root file.
pub fn verified_evidence(
    bytes: &[u8],
    fingerprint: Option<&str>,
    root: Option<&[u8]>,
) -> Result<VerifiedEvidence, Told> {
    let fingerprint = match fingerprint {
        Some(text) => Some(Fingerprint::parse(text).ok_or_else(|| {
            Told::usage("this is no root fingerprint", "type the 25 characters that the authority gives")
        })?),
        None => None,
    };
    let root = root.map(RootFile::parse).transpose();
    let root = root.map_err(|error| Told::tampering("root-file", error.to_string(), error.remedy()))?;
    let known = match (&fingerprint, &root) {
        (_, Some(root)) => Known::Root(root),
        (Some(fingerprint), None) => Known::Fingerprint(fingerprint),
        (None, None) => Known::Nothing,
    };
    let bundle = Bundle::parse(bytes)
        .map_err(|error: BundleRefused| Told::refused("not-evidence", error.to_string(), error.remedy()))?;
    let lines = verify(&bundle, known).map_err(|error| match bundle.other_authority(error) {
        Some((name, fingerprint)) => Told::refused(
            "other-authority",
            format!("this evidence is of another authority than the one that you named: of {name}, fingerprint {fingerprint}"),
            "compare what you named with what your authority gives by telephone; until they agree, do not rely on this file",
        ),
        None => Told::tampering("evidence-invalid", error.to_string(), error.remedy()),
    })?;
    let (mut proven, mut not_proven) = (Vec::new(), Vec::new());
    for line in lines {
        let text =
            if line.detail.is_empty() { line.what.to_owned() } else { format!("{}: {}", line.what, line.detail) };
        if line.proven { proven.push(text) } else { not_proven.push(text) }
    }
    Ok(VerifiedEvidence { verified: true, proven, not_proven })
}

impl From<ExportError> for Told {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Vault(error) => error.into(),
            ExportError::Refused(ref refused) => Self::refused(error.code(), refused.to_string(), error.remedy()),
            ExportError::UnknownMessage { .. } | ExportError::ContentErased => {
                Self::refused(error.code(), error.to_string(), error.remedy())
            }
        }
    }
}
