//! An auditor's report as a file: the pages that the node gives, put together.

pub mod csv;
pub mod html;

use safeconduct_certs::utc;
use safeconduct_protocol::time::Timestamp;

use crate::{
    api::audit::{AuditPage, AuditedCase, Caution},
    error::Told,
};

/// Referrals of one report at most: a longer one is asked for in parts.
const CASES_MAX: usize = 5_000;

/// The pages of a report put together.
pub struct Report {
    agency: String,
    made_at: u64,
    made_by: String,
    registry_size: u64,
    /// The referrals, oldest first.
    pub cases: Vec<AuditedCase>,
    next: Option<String>,
}

impl Report {
    /// With its first page.
    #[must_use]
    pub fn of(page: AuditPage) -> Self {
        let AuditPage { agency, made_at, made_by, registry_size, cases, next } = page;
        Self { agency, made_at, made_by, registry_size, cases, next }
    }

    /// Where the page after those that are here begins; none: they are all.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        self.next.clone()
    }

    /// Adds the next page.
    ///
    /// # Errors
    /// `too-many` for a report that is too long.
    pub fn add(&mut self, page: AuditPage) -> Result<(), Told> {
        self.cases.extend(page.cases);
        self.next = page.next;
        if self.cases.len() > CASES_MAX {
            return Err(Told::refused(
                "too-many",
                format!("a report holds at most {CASES_MAX} referrals"),
                "ask for a shorter time with --since and --until",
            ));
        }
        Ok(())
    }

    /// What stands on top, with the referral that it is about.
    fn cautions(&self) -> impl Iterator<Item = (&AuditedCase, &Caution)> {
        self.cases.iter().flat_map(|case| case.cautions.iter().map(move |caution| (case, caution)))
    }
}

fn instant(at: u64) -> String {
    utc::instant(Timestamp(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::audit::AuditLine;

    pub(super) fn report() -> Report {
        let line = AuditLine {
            at: 1_780_315_200,
            clock: "recipient".to_owned(),
            act: "Accepted".to_owned(),
            why: None,
            level: Some(1),
            agency: Some("xa.harbour-house".to_owned()),
            person: Some("07".repeat(16)),
            confirmed: false,
            proof: "signature".to_owned(),
            place: "1 of epoch 1, \"after\" 0a0b0c0d".to_owned(),
            holds: "verified".to_owned(),
            counted: "T11".to_owned(),
            proves: "the recipient took it on to help".to_owned(),
            proves_not: "that help was given".to_owned(),
            event: "urn:safeconduct:event:accepted".to_owned(),
            cause: None,
        };
        let odd = AuditLine {
            agency: Some("<b>=cmd|' /C calc'!A0".to_owned()),
            why: Some("=1+1".to_owned()),
            place: "-a\r\nb, \u{202e}c".to_owned(),
            ..line.clone()
        };
        let caution = Caution { kind: "late".to_owned(), text: "@late & more".to_owned() };
        let case = AuditedCase {
            id: "0a".repeat(16),
            referral_id: "1f0c2a44-6b1e-4a0f-9c57-0a4d2f6b7c01".to_owned(),
            sender: "xa.lantern-helpline".to_owned(),
            recipient: "xa.harbour-house".to_owned(),
            state: "accepted".to_owned(),
            exercise: true,
            cautions: vec![caution],
            lines: vec![line, odd],
        };
        Report {
            agency: "xa.harbour-house".to_owned(),
            made_at: 1_780_315_300,
            made_by: "09".repeat(16),
            registry_size: 7,
            cases: vec![case],
            next: None,
        }
    }
}
