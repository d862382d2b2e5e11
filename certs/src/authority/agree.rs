//! Agreements: which roles may send what to which, across which borders, until when. And the least version of sessions.

use safeconduct_protocol::{frame::SESSION_VERSION, time::Timestamp};

use super::{AdminError, Office};
use crate::registry::{
    leaf::{LeafFields, LeafKind},
    terms::Terms,
};

impl Office {
    /// Makes an agreement, or replaces the one of the same number; `None` takes the next number. The same terms again
    /// write no second entry. Returns the number.
    ///
    /// # Errors
    /// [`AdminError::Leaf`] for terms that mean nothing or are too many, [`AdminError::Disk`].
    pub fn agree(&mut self, number: Option<u32>, terms: Terms) -> Result<u32, AdminError> {
        let next = || self.registry.agreements().map(|terms| terms.number).max().unwrap_or(0).saturating_add(1);
        let number = number.unwrap_or_else(next);
        let terms = Terms { number, ..terms };
        if self.registry.agreement(number) == Some(&terms) {
            return Ok(number);
        }
        let (entry, until) = (self.registry.size(), crate::utc::instant(terms.until));
        let detail = format!("agreement {number} until {until}, entry {entry}");
        self.append_terms(LeafKind::Agree, terms, |fields| fields, &[])?;
        self.note_act("agree", "", &detail)?;
        Ok(number)
    }

    /// Ends an agreement now; one that has ended stays as it is.
    ///
    /// # Errors
    /// [`AdminError::NoSuchTerms`], [`AdminError::Disk`].
    pub fn end_agreement(&mut self, number: u32) -> Result<Timestamp, AdminError> {
        let now = self.now()?;
        let terms = self.registry.agreement(number).ok_or(AdminError::NoSuchTerms)?.clone();
        let until = terms.until.min(now);
        self.agree(Some(number), Terms { until, ..terms })?;
        Ok(until)
    }

    /// Raises the least version of sessions that relays and nodes take. The same again writes no second entry.
    ///
    /// # Errors
    /// [`AdminError::Version`] for a version that this tool does not know yet; [`AdminError::Leaf`] for a lower one.
    pub fn set_min_version(&mut self, version: u16) -> Result<(), AdminError> {
        if version > SESSION_VERSION {
            return Err(AdminError::Version { known: SESSION_VERSION });
        }
        if version == self.registry.min_version() {
            return Ok(());
        }
        let (now, entry) = (self.now()?, self.registry.size());
        let fields = self.registry.next_about_registry(LeafKind::MinVersion, now);
        self.append(&LeafFields { suites: u32::from(version), ..fields }, &[])?;
        self.note_act("min-version", "", &format!("sessions of version {version} and later, entry {entry}"))
    }

    pub(super) fn append_terms(
        &mut self,
        kind: LeafKind,
        terms: Terms,
        with: impl FnOnce(LeafFields) -> LeafFields,
        record: &[u8],
    ) -> Result<(), AdminError> {
        let fields = self.registry.next_about_registry(kind, self.now()?);
        self.append(&with(LeafFields { terms: Some(terms), ..fields }), record)
    }
}
