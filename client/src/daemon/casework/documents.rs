//! Documents of a referral: what is to be attached, what is here of them.

use safeconduct_protocol::entropy::random;

use super::super::Node;
use crate::{
    api::documents::{DocumentShown, Documents},
    casework::{
        life::terms::Side,
        refusal::CaseworkError,
        stand::hex,
        store::{
            columns::{uuid_bytes, uuid_text},
            revision,
        },
    },
    documents::{
        DocumentError, Handle, Sealed,
        attach::Plan,
        post::listed,
        store::{self, Document},
    },
    error::Told,
    vault::VaultError,
};

fn shown(document: &Document) -> DocumentShown {
    DocumentShown {
        id: hex(&document.handle.0),
        referral_id: uuid_text(&document.referral),
        attachment_id: uuid_text(&document.attachment),
        received: document.is_received,
        title: document.title.clone(),
        section: document.section.clone(),
        media_type: document.media_type.clone(),
        size_bytes: document.length,
        done_bytes: document.done_bytes(),
        state: document.state.code().to_owned(),
        reason: document.reason.clone(),
    }
}

impl Node {
    /// What is needed to seal a document of a referral that was sent: it must list it.
    ///
    /// # Errors
    /// `unknown-referral`, `document-unlisted`, `content-erased`, or what the vault says.
    pub fn plan_document(&mut self, referral: &str, attachment: &str) -> Result<Plan, Told> {
        let row = self.case(referral)?;
        let Some((_, newest)) = revision::newest(self.vault.db(), row.place)? else {
            return Err(CaseworkError::Erased.into());
        };
        let id = uuid_bytes(attachment).filter(|_| row.side == Side::Sender).ok_or(DocumentError::NotListed)?;
        let listed = listed(&newest, &id).ok_or(DocumentError::NotListed)?;
        let post = random(&mut self.entropy).map_err(VaultError::from)?;
        let (recipient, relay) = self.document_recipient(row.partner, post, 0, id)?;
        Ok(Plan {
            data: self.data_folder(),
            recipient,
            relay,
            referral: row.referral,
            kind: listed.kind,
            length: listed.length,
            sha256: listed.sha256,
            title: listed.title,
            section: listed.section,
        })
    }

    /// Notes what was sealed: it is put at the recipient's relay, and then told.
    ///
    /// # Errors
    /// What the vault says.
    pub fn attach_document(&mut self, plan: &Plan, sealed: &Sealed) -> Result<DocumentShown, Told> {
        let handle = self.note_document(sealed, &plan.about())?;
        Ok(shown(&self.document(handle)?))
    }

    /// `document list`: the documents of a referral, sent and received.
    ///
    /// # Errors
    /// `unknown-referral`, or what the vault says.
    pub fn referral_documents(&mut self, referral: &str) -> Result<Documents, Told> {
        let row = self.case(referral)?;
        let documents = self.documents_of(row.referral)?;
        let of_partner = documents.iter().filter(|document| document.partner == row.partner);
        Ok(Documents { documents: of_partner.map(shown).collect() })
    }

    /// `document fetch`: puts or fetches anew what failed or is gone; where it stands.
    ///
    /// # Errors
    /// `unknown-document`, or what the vault says.
    pub fn fetch_document(&mut self, id: &str) -> Result<DocumentShown, Told> {
        let handle = self.document_named(id)?;
        Ok(shown(&self.try_document_again(handle)?))
    }

    /// The document that these digits name.
    ///
    /// # Errors
    /// `unknown-document`, or what the vault says.
    pub fn document_named(&self, id: &str) -> Result<Handle, Told> {
        Ok(store::named(self.vault.db(), id)?)
    }
}
