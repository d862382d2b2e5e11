//! Evidence: exported from the vault, verified without one.

use safeconduct_certs::{
    authority::root::{Fingerprint, RootFile},
    evidence::{BundleRefused, Evidence, Known, Line},
};

use super::Node;
use crate::{
    api::{
        evidence::{EvidenceItem, EvidenceList},
        shapes::{Exported, VerifiedEvidence},
    },
    casework::{lapse, life::terms::Hand, refusal::CaseworkError, store::row::Row},
    error::Told,
    evidence::{
        export::{self, Contents, ExportError},
        referral,
    },
    outbox::MessageKind,
};

/// Referrals of one page of the list at most.
const PAGE_MAX: usize = 50;

impl Node {
    /// `evidence export`: of a message or of a whole referral.
    ///
    /// # Errors
    /// `unknown-message`, `ambiguous` when the digits begin both, `content-erased`, `person-missing` and `person-unknown` as every
    /// act, `consent-expired` for content of which a part may not be shown any more, `not-your-role` for who may not export content,
    /// `not-opened` and `not-assigned` for content that came and that they have not been shown, or what the vault says.
    pub fn export(&mut self, id: &str, with_content: bool, by: Option<&str>) -> Result<Exported, Told> {
        let officer = if with_content {
            // A file with the person's data is for who may do everything here.
            self.acting_as(by, Hand::Supervisor)?
        } else {
            self.acting(by)?
        };
        let contents = if with_content { Contents::With } else { Contents::Without };
        let (held, now, own) = (self.held_copy()?, self.now(), self.identity.node);
        let message = match self.outgoing(id) {
            Ok(entry) => Ok((entry.message, entry.recipient, entry.kind)),
            Err(outgoing) => match self.incoming(id) {
                Ok(entry) => Ok((entry.message, entry.sender, MessageKind::Referral)),
                Err(_unknown) => Err(outgoing),
            },
        };
        let (bundle, row) = match (message, self.case(id)) {
            (Ok(_), Ok(_)) | (Err(_), Err(CaseworkError::Ambiguous)) => return Err(CaseworkError::Ambiguous.into()),
            (Ok((message, partner, kind)), Err(_)) => {
                let row = export::referral_of(self.vault.db(), &message, &partner)?;
                // Words of a person leave only where the log of views can say so.
                if with_content && row.is_none() && kind == MessageKind::Case {
                    return Err(CaseworkError::UnknownReferral.into());
                }
                (export::bundle(&self.vault, &held, &message, contents)?.to_json(), row)
            }
            (Err(_), Ok(row)) => {
                let bundle = referral::bundle(self.vault.db(), &held, (&row, &own), contents, now)?.to_json();
                (bundle, Some(row))
            }
            (Err(unknown), Err(_)) => return Err(unknown),
        };
        if let Some(row) = row.as_ref().filter(|_| with_content) {
            self.whole_is_shown(row)?;
            self.was_opened_for(row, &officer)?;
        }
        self.evidence_went(row, officer.pseudonym(), with_content)?;
        Ok(Exported { bundle })
    }

    /// What shows all that came or nothing shows it only while all of it may be.
    pub(super) fn whole_is_shown(&self, row: &Row) -> Result<(), Told> {
        let shown = lapse::newest_shown(self.vault.db(), &self.profiles, row, self.now())?;
        match shown.as_ref().and_then(|shown| shown.hidden.first()) {
            Some(section) => Err(CaseworkError::ConsentOver { section: section.as_str() }.into()),
            None => Ok(()),
        }
    }

    /// `evidence list`: every referral, or one with its messages.
    ///
    /// # Errors
    /// `unknown-referral`, or what the vault says.
    pub fn evidence_list(&mut self, referral: Option<&str>, after: Option<&str>) -> Result<EvidenceList, Told> {
        let (now, own, held) = (self.now(), self.identity.node, self.held_copy()?);
        if let Some(id) = referral {
            let row = self.case(id)?;
            let agency = self.called_case(&row)?;
            let items = referral::items(self.vault.db(), &held, (&row, &own), (&agency, true), now)?;
            return Ok(EvidenceList { items, next: None });
        }
        let after = match after {
            Some(id) => self.case(id)?.place,
            None => i64::MAX,
        };
        let query = format!("place < ?1 ORDER BY place DESC LIMIT {}", PAGE_MAX.saturating_add(1));
        let rows = Row::all(self.vault.db(), &query, [after])?;
        let more = rows.len() > PAGE_MAX;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows.iter().take(PAGE_MAX) {
            let agency = self.called_case(row)?;
            items.extend(referral::items(self.vault.db(), &held, (row, &own), (&agency, false), now)?);
        }
        let next = items.last().filter(|_| more).map(|item: &EvidenceItem| item.id.clone());
        Ok(EvidenceList { items, next })
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
    let (mut proven, mut not_proven) = (Vec::new(), Vec::new());
    for line in verified_lines(bytes, known)? {
        if line.proven { proven.push(line.text()) } else { not_proven.push(line.text()) }
    }
    Ok(VerifiedEvidence { verified: true, proven, not_proven })
}

/// The same, line by line.
///
/// # Errors
/// `not-evidence`, `other-authority`, `evidence-invalid`.
pub(crate) fn verified_lines(bytes: &[u8], known: Known<'_>) -> Result<Vec<Line>, Told> {
    let bundle = Evidence::parse(bytes)
        .map_err(|error: BundleRefused| Told::refused("not-evidence", error.to_string(), error.remedy()))?;
    bundle.verify(known).map_err(|error| match bundle.other_authority(error) {
        Some((name, fingerprint)) => Told::refused(
            "other-authority",
            format!("this evidence is of another authority than the one that you named: of {name}, fingerprint {fingerprint}"),
            "compare what you named with what your authority gives by telephone; until they agree, do not rely on this file",
        ),
        None => Told::tampering("evidence-invalid", error.to_string(), error.remedy()),
    })
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
