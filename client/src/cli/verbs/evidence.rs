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
    pub(in crate::cli) fn export(&mut self, message: String, with_content: bool) -> Result<Exported, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::get(&format!("/v1/evidence/{}?content={with_content}", referral_id(&message)?)))
            }
            Self::Here(node) => node.export(&message, with_content),
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
