//! The verbs of documents.

use super::{Verbs, json, referral_id};
use crate::{
    api::{
        client::Call,
        documents::{AttachAsked, DocumentShown, Documents, FetchAsked, SaveAsked, Saved},
    },
    documents::attach,
    error::Told,
};

/// As of a referral: digits and hyphens.
fn document_id(text: &str) -> Result<&str, Told> {
    let told = |_told| Told::usage("this is no id of a document", "copy it from `safeconduct document list`");
    referral_id(text).map_err(told)
}

impl Verbs {
    pub(in crate::cli) fn attach_document(
        &mut self,
        referral: &str,
        asked: &AttachAsked,
    ) -> Result<DocumentShown, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/referrals/{}/documents", referral_id(referral)?), json(asked)?))
            }
            Self::Here(node) => {
                let plan = node.plan_document(referral, &asked.attachment, asked.by.as_deref())?;
                let sealed = attach::attach(&plan, &asked.path, asked.metadata())?;
                node.attach_document(&plan, &sealed)
            }
        }
    }

    pub(in crate::cli) fn documents(&mut self, referral: &str, by: Option<&str>) -> Result<Documents, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/referrals/{}/documents{by}", referral_id(referral)?)))
            }
            Self::Here(node) => node.referral_documents(referral, by),
        }
    }

    pub(in crate::cli) fn fetch_document(&mut self, document: &str, by: Option<String>) -> Result<DocumentShown, Told> {
        match self {
            Self::Daemon(api) => api.call(Call::post(
                &format!("/v1/documents/{}/fetch", document_id(document)?),
                json(&FetchAsked { by })?,
            )),
            Self::Here(node) => node.fetch_document(document, by.as_deref()),
        }
    }

    pub(in crate::cli) fn save_document(&mut self, document: &str, asked: &SaveAsked) -> Result<Saved, Told> {
        match self {
            Self::Daemon(api) => {
                api.call(Call::post(&format!("/v1/documents/{}/save", document_id(document)?), json(asked)?))
            }
            Self::Here(node) => {
                let opening = node.look_at_document(document, asked)?;
                attach::hand_over(&node.data_folder(), &opening, &asked.path)?;
                Ok(Saved { size_bytes: opening.length })
            }
        }
    }
}
