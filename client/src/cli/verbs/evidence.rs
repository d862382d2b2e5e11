//! The verbs of evidence.

use super::{Verbs, json, referral_id};
use crate::{
    api::{
        audit::{AuditAsked, AuditPage},
        client::Call,
        evidence::EvidenceList,
        shapes::Exported,
    },
    error::Told,
};

impl Verbs {
    /// `by` is a pseudonym: a name never stands in a path.
    pub(in crate::cli) fn export(&mut self, id: &str, with_content: bool, by: Option<&str>) -> Result<Exported, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("&by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/evidence/{}?content={with_content}{by}", referral_id(id)?)))
            }
            Self::Here(node) => node.export(id, with_content, by),
        }
    }

    pub(in crate::cli) fn evidence_list(
        &mut self,
        referral: Option<&str>,
        after: Option<&str>,
    ) -> Result<EvidenceList, Told> {
        match self {
            Self::Daemon(api) => {
                let query = match (referral, after) {
                    (Some(referral), _) => format!("?referral={}", referral_id(referral)?),
                    (None, Some(after)) => format!("?after={}", referral_id(after)?),
                    (None, None) => String::new(),
                };
                api.call(Call::get(&format!("/v1/evidence{query}")))
            }
            Self::Here(node) => node.evidence_list(referral, after),
        }
    }

    pub(in crate::cli) fn audit(&mut self, asked: &AuditAsked) -> Result<AuditPage, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post("/v1/audit", json(asked)?)),
            Self::Here(node) => node.audit(asked),
        }
    }
}
