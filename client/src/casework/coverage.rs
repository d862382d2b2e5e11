//! What the consents of a referral cover: the one place where that is asked, of its members and documents, of posts, and of words beside
//! acts. Pure.

use std::collections::BTreeSet;

use safeconduct_protocol::time::Timestamp;

use super::view::level;
use crate::referral::{
    Referral,
    codes::{ConsentStatus, Section},
    consent::Consent,
};

/// Sections, each up to a level.
pub(crate) struct Coverage(Vec<(Section, i64)>);

impl Coverage {
    /// By the consents that stand at `now`: none that has ended, nor one of those that are `over`.
    pub(crate) fn at(referral: &Referral, over: &BTreeSet<String>, now: Timestamp) -> Self {
        Self::by(referral, |one| now < one.ends() && !over.contains(one.consent_id.as_str()))
    }

    /// By the consents that were not taken back, whenever they end.
    pub(crate) fn without(referral: &Referral, gone: &BTreeSet<String>) -> Self {
        Self::by(referral, |one| !gone.contains(one.consent_id.as_str()))
    }

    /// By the consents for this recipient (D04) of which `stands` holds.
    fn by(referral: &Referral, stands: impl Fn(&Consent) -> bool) -> Self {
        let standing = referral.consents().iter().filter(|one| is_for(one, referral) && stands(one));
        Self(standing.flat_map(|one| one.sections.iter().map(|section| (*section, one.level_max.get()))).collect())
    }

    /// Whether a section may be used: at level 0 always, and above it with those below, which it needs.
    pub(crate) fn covers(&self, section: Section) -> bool {
        let named =
            |section: Section| self.0.iter().any(|(one, most)| *one == section && *most >= i64::from(level(section)));
        match level(section) {
            0 => true,
            1 => named(section),
            2 => named(Section::Summary) && named(section),
            _ => named(Section::Summary) && named(Section::Identity) && named(section),
        }
    }

    /// Whether a document of this section may be used.
    pub(crate) fn covers_document(&self, section: Section) -> bool {
        needed_by_document(section).into_iter().all(|needed| self.covers(needed))
    }

    /// Whether no consent stands at all.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The sections that a document needs beside the levels below them: that of documents, and its own.
pub(crate) const fn needed_by_document(section: Section) -> [Section; 2] {
    [Section::Attachments, section]
}

/// Whether a consent is active, and for this recipient, whenever it ends.
fn is_for(consent: &Consent, referral: &Referral) -> bool {
    let to = &referral.header.to;
    let agencies = consent.recipient_agency_ids.as_ref();
    consent.status == ConsentStatus::Active
        && consent.recipient_roles.iter().any(|role| *role == to.role)
        && agencies.is_none_or(|listed| listed.as_slice().is_empty() || listed.iter().any(|id| *id == to.agency_id))
}
