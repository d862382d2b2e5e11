//! Documents of a referral: what is to be attached, what is here of them.

use safeconduct_protocol::{entropy::random, id::AgencyId};

use super::super::Node;
use crate::{
    api::{
        cases::OpenAsked,
        documents::{DocumentShown, Documents, SaveAsked},
    },
    casework::{
        coverage::needed_by_document,
        lapse,
        leave::{self, Leaves},
        life::{
            state::State as CaseState,
            terms::{Hand, Side},
        },
        refusal::CaseworkError,
        stand::hex,
        store::{
            columns::{uuid_bytes, uuid_text},
            revision,
            row::Row,
        },
        view::Hidden,
    },
    documents::{
        DocumentError, State,
        attach::{Fresh, Plan},
        due::CONSENT_OVER,
        post::{all_listed, listed},
        seal::Facts,
        store::{self, Document, Opening},
    },
    error::Told,
    outbox::FailReason,
    referral::{Referral, codes::Section},
    vault::VaultError,
};

/// A document that a referral lists and that was not sent. No `Debug`: its title is about a person.
pub struct Unsent {
    /// Its id in the referral.
    pub attachment_id: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub media_type: &'static str,
    /// Its bytes.
    pub size_bytes: u64,
}

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

/// A document as it may be shown: what the referral lists no more has no title.
fn as_seen(document: &Document, seen: &lapse::Shown) -> DocumentShown {
    let is_over = seen.hidden.iter().any(|section| of_document(*section, document));
    let line = shown(document);
    match is_over && listed(&seen.referral, &document.attachment).is_none() {
        true => DocumentShown { title: String::new(), reason: Some(CONSENT_OVER.to_owned()), ..line },
        false => line,
    }
}

/// Whether a document needs a consent for this section.
fn of_document(section: Section, document: &Document) -> bool {
    matches!(section, Section::Summary | Section::Identity)
        || Section::from_code(&document.section).is_some_and(|own| needed_by_document(own).contains(&section))
}

impl Node {
    /// What is needed to seal a document of a referral that was sent: it must list it.
    ///
    /// # Errors
    /// `not-your-role`, `unknown-referral`, `document-unlisted`, `content-erased`, or what the vault says.
    pub fn plan_document(&mut self, referral: &str, attachment: &str, by: Option<&str>) -> Result<Plan, Told> {
        self.acting_as(by, Hand::Caseworker)?;
        let row = self.case(referral)?;
        let Some((_, newest)) = revision::newest(self.vault.db(), row.place)? else {
            return Err(CaseworkError::Erased.into());
        };
        let id = uuid_bytes(attachment).filter(|_| row.side == Side::Sender).ok_or(DocumentError::NotListed)?;
        let listed = listed(&newest, &id).ok_or(DocumentError::NotListed)?;
        self.still_covered(&row, &newest, listed.section)?;
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

    /// What is needed to seal a document of a referral that is still a draft, for the agency that it will go to. Nothing of it is noted: what was
    /// sealed leaves with [`Self::give_held`] after the referral has left.
    ///
    /// # Errors
    /// `not-your-role`, `unknown-draft`, `not-assigned`, `unknown-agency`, `unknown-node`, or what the vault says.
    pub fn plan_held(
        &mut self,
        draft: &str,
        to: &AgencyId,
        (attachment, section): ([u8; 16], Section),
        facts: &Facts,
        by: Option<&str>,
    ) -> Result<Plan, Told> {
        self.own_draft(draft, by)?;
        let partner = self.recipient_node(to)?;
        let post = random(&mut self.entropy).map_err(VaultError::from)?;
        let (recipient, relay) = self.document_recipient(partner, post, 0, attachment)?;
        Ok(Plan {
            data: self.data_folder(),
            recipient,
            relay,
            referral: [0; 16],
            kind: facts.kind,
            length: facts.length,
            sha256: facts.sha256,
            title: String::new(),
            section: section.as_str(),
        })
    }

    /// Notes what was sealed for a draft, once the referral that lists it has left: as that lists it, and for whom it went to.
    ///
    /// # Errors
    /// As [`Self::plan_document`]; `document-unlisted` when it was sealed for another agency or is another file. Its file goes then.
    pub fn give_held(&mut self, referral: &str, mut fresh: Fresh, by: Option<&str>) -> Result<DocumentShown, Told> {
        let sealed = &fresh.plan;
        let plan = match self.plan_document_once(referral, &uuid_text(&sealed.recipient.attachment), by)? {
            Ok(plan) => plan,
            Err(there) => return Ok(there),
        };
        let is_for_them =
            (plan.recipient.node, plan.recipient.relay) == (sealed.recipient.node, sealed.recipient.relay);
        let is_it = (plan.kind, plan.length, plan.sha256) == (sealed.kind, sealed.length, sealed.sha256);
        if !is_for_them || !is_it {
            return Err(DocumentError::NotListed.into());
        }
        fresh.plan = Plan { recipient: sealed.recipient, ..plan };
        self.attach_document_once(fresh)
    }

    /// A document of a section leaves only while a consent covers that.
    fn still_covered(&self, row: &Row, referral: &Referral, section: &str) -> Result<(), CaseworkError> {
        let form = "a section of the referral, such as `Medical`";
        let section = Section::from_code(section).ok_or(CaseworkError::BadValue { member: "section", form })?;
        for needed in needed_by_document(section) {
            lapse::may_use(self.vault.db(), &self.profiles, row.place, referral, needed, self.now())?;
        }
        Ok(())
    }

    /// Whether what was sealed may still go: sealing a long document takes its time.
    fn may_go(&self, plan: &Plan) -> Result<(), Told> {
        let Some(row) = Row::find(self.vault.db(), &plan.referral, Side::Sender, &plan.recipient.node)? else {
            return Ok(());
        };
        let about = (&plan.recipient.attachment, plan.section);
        match leave::document(self.vault.db(), &self.profiles, &row, about, self.times()?)? {
            Leaves::Yes | Leaves::Later => Ok(()),
            Leaves::Never(FailReason::ConsentOver) => Err(CaseworkError::ConsentOver { section: plan.section }.into()),
            Leaves::Never(_) => Err(DocumentError::NotListed.into()),
        }
    }

    /// Notes what was sealed: it is put at the recipient's relay, and then told. Its file goes when it may not.
    ///
    /// # Errors
    /// `consent-expired`, `document-unlisted`, or what the vault says.
    pub fn attach_document(&mut self, fresh: Fresh) -> Result<DocumentShown, Told> {
        self.may_go(&fresh.plan)?;
        let handle = self.note_document(&fresh.sealed, &fresh.plan.about())?;
        fresh.noted();
        Ok(shown(&self.document(handle)?))
    }

    /// As [`Self::plan_document`], where a program may ask twice: a document of this attachment that is on its way or there is it.
    ///
    /// # Errors
    /// As [`Self::plan_document`].
    pub fn plan_document_once(
        &mut self,
        referral: &str,
        attachment: &str,
        by: Option<&str>,
    ) -> Result<Result<Plan, DocumentShown>, Told> {
        let plan = self.plan_document(referral, attachment, by)?;
        Ok(match self.sent_already(&plan)? {
            Some(there) => Err(there),
            None => Ok(plan),
        })
    }

    /// Notes what was sealed, unless another request has been quicker; its file goes then.
    ///
    /// # Errors
    /// As [`Self::attach_document`].
    pub fn attach_document_once(&mut self, fresh: Fresh) -> Result<DocumentShown, Told> {
        match self.sent_already(&fresh.plan)? {
            Some(there) => Ok(there),
            None => self.attach_document(fresh),
        }
    }

    fn sent_already(&self, plan: &Plan) -> Result<Option<DocumentShown>, Told> {
        let documents = self.documents_of(plan.referral)?;
        let is_it = |document: &&Document| {
            !document.is_received
                && document.partner == plan.recipient.node
                && document.attachment == plan.recipient.attachment
                && matches!(document.state, State::Waiting | State::Stored)
        };
        Ok(documents.iter().find(is_it).map(shown))
    }

    /// What opens a document for a program that hands it to a person: as [`Self::look_at_document`], but the first look at a referral is
    /// not a program's that only reads.
    ///
    /// # Errors
    /// `not-opened`, and as there.
    pub fn document_for_program(&mut self, id: &str, by: Option<&str>) -> Result<(Opening, DocumentShown), Told> {
        let handle = store::named(self.vault.db(), id)?;
        let document = self.document(handle)?;
        if document.is_received
            && let Some(row) = Row::find(self.vault.db(), &document.referral, Side::Recipient, &document.partner)?
            && row.state == CaseState::Delivered
        {
            return Err(Told::refused(
                "not-opened",
                "nobody here has opened this referral, and opening it is told to its sender",
                "open it first: POST /v1/referrals/ID/open",
            ));
        }
        let asked = SaveAsked { path: std::path::PathBuf::new(), by: by.map(str::to_owned), reason: None };
        let opening = self.look_at_document(id, &asked)?;
        Ok((opening, shown(&document)))
    }

    /// `document list`: the documents of a referral, sent and received.
    ///
    /// # Errors
    /// `person-unknown`, `unknown-referral`, or what the vault says.
    pub fn referral_documents(&mut self, referral: &str, by: Option<&str>) -> Result<Documents, Told> {
        let officer = self.acting(by)?;
        let row = self.case(referral)?;
        // Who may see nothing of it sees no titles either.
        let (_, seen) = self.case_view(&row, &officer, &OpenAsked::default())?;
        let documents = self.documents_of(row.referral)?;
        let of_partner = documents.iter().filter(|document| document.partner == row.partner);
        Ok(Documents { documents: of_partner.map(|document| as_seen(document, &seen)).collect() })
    }

    /// The documents that a sent referral lists and that nobody has sent, as a page asks for them.
    ///
    /// # Errors
    /// As [`Self::referral_documents`].
    pub fn unsent_documents(&mut self, referral: &str, by: Option<&str>) -> Result<Vec<Unsent>, Told> {
        let officer = self.acting(by)?;
        let row = self.case(referral)?;
        let (_, seen) = self.case_view(&row, &officer, &OpenAsked::default())?;
        if row.side != Side::Sender {
            return Ok(Vec::new());
        }
        let documents = self.documents_of(row.referral)?;
        let is_sent = |attachment: &[u8; 16]| {
            documents
                .iter()
                .any(|one| one.partner == row.partner && one.attachment == *attachment && one.state != State::Erased)
        };
        let unsent = all_listed(&seen.referral).into_iter().filter(|attachment| !is_sent(attachment));
        Ok(unsent
            .filter_map(|attachment| {
                let one = listed(&seen.referral, &attachment)?;
                let media_type = one.kind.media_type();
                Some(Unsent {
                    attachment_id: uuid_text(&attachment),
                    title: one.title,
                    media_type,
                    size_bytes: one.length,
                })
            })
            .collect())
    }

    /// The referral that a document is of.
    pub(super) fn case_of_document(&self, id: &str) -> Result<Row, Told> {
        let document = self.document(store::named(self.vault.db(), id)?)?;
        let side = if document.is_received { Side::Recipient } else { Side::Sender };
        let row = Row::find(self.vault.db(), &document.referral, side, &document.partner)?;
        Ok(row.ok_or(CaseworkError::UnknownReferral)?)
    }

    /// `document watch`: one document.
    ///
    /// # Errors
    /// `person-unknown`, `unknown-document`, `unknown-referral`, or what the vault says.
    pub fn shown_document(&mut self, id: &str, by: Option<&str>) -> Result<DocumentShown, Told> {
        let officer = self.acting(by)?;
        let document = self.document(store::named(self.vault.db(), id)?)?;
        let row = self.case_of_document(id)?;
        // Who may see nothing of it sees no title either.
        let (_, seen) = self.case_view(&row, &officer, &OpenAsked::default())?;
        Ok(as_seen(&document, &seen))
    }

    /// `document fetch`: puts or fetches anew what failed or is gone; where it stands.
    ///
    /// # Errors
    /// As [`Self::shown_document`].
    pub fn fetch_document(&mut self, id: &str, by: Option<&str>) -> Result<DocumentShown, Told> {
        let seen = self.shown_document(id, by)?;
        let handle = store::named(self.vault.db(), id)?;
        let document = self.try_document_again(handle)?;
        Ok(DocumentShown { title: seen.title, ..shown(&document) })
    }

    /// A person looks at a document that is here: what opens it. They must be one who may see its section; the look is noted, and the
    /// first one told to the sender, as that of the referral itself.
    ///
    /// # Errors
    /// `unknown-document`, `document-not-here`, `content-erased`, `not-your-role`, `not-assigned`, or what the vault says.
    pub fn look_at_document(&mut self, id: &str, asked: &SaveAsked) -> Result<Opening, Told> {
        let officer = self.acting(asked.by.as_deref())?;
        let handle = store::named(self.vault.db(), id)?;
        let document = self.document(handle)?;
        if document.is_received && document.state != State::Held {
            return Err(DocumentError::NotHere.into());
        }
        let side = if document.is_received { Side::Recipient } else { Side::Sender };
        let row = Row::find(self.vault.db(), &document.referral, side, &document.partner)?;
        let row = row.ok_or(CaseworkError::UnknownReferral)?;
        let open = OpenAsked {
            sections: vec![document.section.clone()],
            reason: asked.reason.clone(),
            ..OpenAsked::default()
        };
        let (view, seen) = self.case_view(&row, &officer, &open)?;
        if listed(&seen.referral, &document.attachment).is_none() {
            // Its own section, or that of documents, is covered no more; or no version lists it.
            return Err(match seen.hidden.iter().find(|one| of_document(**one, &document)) {
                Some(section) => CaseworkError::ConsentOver { section: section.as_str() }.into(),
                None => DocumentError::NotListed.into(),
            });
        }
        if !view.shown().iter().any(|section| section.as_str() == document.section) {
            return Err(Hidden::NotAssigned.into());
        }
        self.open_case(&row, &officer, view.bits(), asked.reason.as_deref())?;
        self.document_opening(handle)
    }
}
