//! What a person does with documents: attaching one that a referral lists, and saving one that came. Reading and writing files is done
//! here, away from the vault.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use safeconduct_certs::system::SystemEntropy;
use safeconduct_protocol::id::NodeId;

use super::{
    error::DocumentError,
    gauge::Gauge,
    kind::Kind,
    remove,
    save::save,
    seal::{Facts, Metadata, READINGS, Recipient, Sealed, facts, seal, seal_coming},
    store::{About, Opening},
};
use crate::registry::RelayRef;

/// A document that a referral lists, and for whom it is sealed.
pub struct Plan {
    /// The data folder.
    pub data: PathBuf,
    /// For whom.
    pub recipient: Recipient,
    /// The relay at which it will lie, seen from here.
    pub relay: RelayRef,
    /// The referral's id.
    pub referral: [u8; 16],
    /// Its kind, as listed.
    pub kind: Kind,
    /// Its bytes, as listed.
    pub length: u64,
    /// SHA-256 of it, as listed.
    pub sha256: [u8; 32],
    /// Its title.
    pub title: String,
    /// The section whose readers may read it.
    pub section: &'static str,
}

impl Plan {
    /// What is noted of it.
    #[must_use]
    pub fn about(&self) -> About<'_> {
        let partner: NodeId = self.recipient.node;
        About {
            partner,
            referral: self.referral,
            post: self.recipient.post,
            section: self.section,
            title: &self.title,
            sha256: Some(self.sha256),
            relay: self.relay,
        }
    }
}

/// What a file is, as a referral lists it. `gauge` counts every time that it is read.
///
/// # Errors
/// As [`facts`].
pub fn describe(path: &Path, metadata: Metadata, gauge: &Gauge) -> Result<Facts, DocumentError> {
    let mut document = File::open(path)?;
    // All but the sealing.
    gauge.begin(document.metadata()?.len(), READINGS - 1);
    facts(&mut document, path, metadata, gauge)
}

/// A sealed file that nobody knows yet: it goes with whoever dropped this, unless it was noted.
pub struct Fresh {
    /// What was asked.
    pub plan: Plan,
    /// What was sealed.
    pub sealed: Sealed,
    is_noted: bool,
}

impl Fresh {
    const fn of(plan: Plan, sealed: Sealed) -> Self {
        Self { plan, sealed, is_noted: false }
    }

    /// The vault knows it: its file stays.
    pub(crate) fn noted(mut self) {
        self.is_noted = true;
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if !self.is_noted {
            // What cannot be removed now goes at the next start.
            remove(&self.plan.data, &self.sealed.file).ok();
        }
    }
}

/// Seals the file at `path`, if it is the document that the referral lists. `gauge` counts every time that it is read.
///
/// # Errors
/// [`DocumentError::NotListed`] when it is another, or as [`seal`].
pub fn attach(plan: Plan, path: &Path, metadata: Metadata, gauge: &Gauge) -> Result<Fresh, DocumentError> {
    let mut document = File::open(path)?;
    gauge.begin(document.metadata()?.len(), READINGS);
    let facts = facts(&mut document, path, metadata, gauge)?;
    if (facts.kind, facts.length, facts.sha256) != (plan.kind, plan.length, plan.sha256) {
        return Err(DocumentError::NotListed);
    }
    let sealed = seal(&plan.data, &mut document, &facts, &plan.recipient, &mut SystemEntropy, gauge)?;
    Ok(Fresh::of(plan, sealed))
}

/// Seals the document that comes, if it is the one that the referral lists. It is read once, and nothing of it is written unsealed.
///
/// # Errors
/// [`DocumentError::NotListed`] when it is another, or as [`seal_coming`].
pub fn receive(plan: Plan, from: &mut dyn Read, metadata: Metadata) -> Result<Fresh, DocumentError> {
    let facts = Facts { kind: plan.kind, length: plan.length, sha256: plan.sha256, metadata };
    let sealed = seal_coming(&plan.data, from, &facts, &plan.recipient, &mut SystemEntropy);
    let sealed = sealed.map_err(|error| {
        let is_another = matches!(error, DocumentError::Changed | DocumentError::Type);
        if is_another { DocumentError::NotListed } else { error }
    })?;
    Ok(Fresh::of(plan, sealed))
}

/// Writes a document that is here to `to`; see [`save()`].
///
/// # Errors
/// As there.
pub fn hand_over(data: &Path, opening: &Opening, to: &Path, gauge: &Gauge) -> Result<(), DocumentError> {
    save(data, opening, to, &mut SystemEntropy, gauge)
}
