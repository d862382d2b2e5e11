//! The verbs of documents.

use safeconduct_certs::system::SystemEntropy;
use safeconduct_protocol::entropy::random;

use super::{super::Context, Verbs, json, referral_id};
use crate::{
    api::{
        client::{Api, Call},
        documents::{AttachAsked, DocumentShown, Documents, FetchAsked, Gauged, SaveAsked, Saved},
    },
    documents::{Gauge, attach},
    error::Told,
    vault::VaultError,
};

/// Looks on while a file is worked on, here or in the daemon.
pub(in crate::cli) struct OnLooker {
    gauge: Gauge,
    name: String,
    daemon: Option<Api>,
}

impl OnLooker {
    pub(in crate::cli) fn new(context: &Context, verbs: &Verbs) -> Result<Self, Told> {
        let name: [u8; 8] = random(&mut SystemEntropy).map_err(VaultError::from)?;
        // The verb itself waits on a connection of its own.
        let daemon = if verbs.is_daemon() { Api::reach(&context.data)? } else { None };
        let name = format!("{:016x}", u64::from_be_bytes(name));
        Ok(Self { gauge: Gauge::default(), name, daemon })
    }

    /// Bytes done and all of them; none when it has not begun.
    pub(in crate::cli) fn look(&self) -> Option<(u64, u64)> {
        match &self.daemon {
            None => Some(self.gauge.read()),
            Some(api) => {
                let gauged: Gauged = api.call(Call::get(&format!("/v1/gauges/{}", self.name))).ok()?;
                Some((gauged.done_bytes, gauged.whole_bytes))
            }
        }
    }
}

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
        on: &OnLooker,
    ) -> Result<DocumentShown, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/referrals/{}/documents?gauge={}", referral_id(referral)?, on.name);
                api.call(Call::post(&path, json(asked)?))
            }
            Self::Here(node) => {
                let plan = node.plan_document(referral, &asked.attachment, asked.by.as_deref())?;
                let fresh = attach::attach(plan, &asked.path, asked.metadata(), &on.gauge)?;
                node.attach_document(fresh)
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

    pub(in crate::cli) fn document(&mut self, document: &str, by: Option<&str>) -> Result<DocumentShown, Told> {
        match self {
            Self::Daemon(api) => {
                let by = by.map(|by| format!("?by={by}")).unwrap_or_default();
                api.call(Call::get(&format!("/v1/documents/{}{by}", document_id(document)?)))
            }
            Self::Here(node) => node.shown_document(document, by),
        }
    }

    pub(in crate::cli) fn save_document(
        &mut self,
        document: &str,
        asked: &SaveAsked,
        on: &OnLooker,
    ) -> Result<Saved, Told> {
        match self {
            Self::Daemon(api) => {
                let path = format!("/v1/documents/{}/save?gauge={}", document_id(document)?, on.name);
                api.call(Call::post(&path, json(asked)?))
            }
            Self::Here(node) => {
                let opening = node.look_at_document(document, asked)?;
                attach::hand_over(&node.data_folder(), &opening, &asked.path, &on.gauge)?;
                Ok(Saved { size_bytes: opening.length })
            }
        }
    }
}
