//! Verbs about documents. Reading, sealing and writing files is done outside: here are only their rows.

use safeconduct_protocol::{blob::BlobRefusal, id::NodeId};

use super::Node;
use crate::{
    casework::{
        leave::{self, Leaves},
        life::terms::Side,
        store::row::Row,
    },
    documents::{
        self, About, DocumentError, Enclosed, Handle, Recipient, Sealed, State,
        due::{self, Due, Job},
        post,
        store::{self, Document, Opening},
    },
    error::Told,
    outbox::trouble::CLOCK_UNSURE,
    registry::RelayRef,
};

impl Node {
    /// For whom a document is sealed that goes to `partner` with this post, and the relay at which it will lie.
    ///
    /// # Errors
    /// `unknown-node` when the registry does not name it; what the vault says.
    pub fn document_recipient(
        &mut self,
        partner: NodeId,
        post: [u8; 16],
        index: u8,
        attachment: [u8; 16],
    ) -> Result<(Recipient, RelayRef), Told> {
        let home = self.held()?.home(&partner);
        let relay = home.ok_or_else(|| {
            Told::refused("unknown-node", "the registry does not name this recipient", "look the agency up again")
        })?;
        Ok((Recipient { node: partner, relay: relay.relay, post, index, attachment }, relay))
    }

    /// Notes a document that was sealed: it is put at the relay as soon as there is a session.
    ///
    /// # Errors
    /// What the vault says.
    pub fn note_document(&mut self, sealed: &Sealed, about: &About<'_>) -> Result<Handle, Told> {
        let now = self.now();
        Ok(documents::give(self.vault.db(), sealed, about, now, &mut self.entropy)?)
    }

    /// Notes a document that a post brings: it is fetched as soon as there is a session. `about.relay` is set by what the post says.
    ///
    /// # Errors
    /// What the vault says.
    pub fn take_document(&mut self, enclosed: &Enclosed, about: &About<'_>) -> Result<Handle, Told> {
        let now = self.now();
        let about = About { relay: RelayRef::own(enclosed.relay), ..about.clone() };
        Ok(documents::take(self.vault.db(), enclosed, &about, now, &mut self.entropy)?)
    }

    /// One document.
    ///
    /// # Errors
    /// `unknown-document`, or what the vault says.
    pub fn document(&self, handle: Handle) -> Result<Document, Told> {
        Ok(store::find(self.vault.db(), handle)?)
    }

    /// The documents of one referral.
    ///
    /// # Errors
    /// What the vault says.
    pub fn documents_of(&self, referral: [u8; 16]) -> Result<Vec<Document>, Told> {
        Ok(store::of_referral(self.vault.db(), referral)?)
    }

    /// What opens a document's sealed file, for [`documents::save()`].
    ///
    /// # Errors
    /// `unknown-document`, or what the vault says.
    pub fn document_opening(&self, handle: Handle) -> Result<Opening, Told> {
        Ok(store::opening(self.vault.db(), handle, self.identity.node)?)
    }

    /// Puts or fetches anew what failed or is gone.
    ///
    /// # Errors
    /// `unknown-document`, or what the vault says.
    pub fn try_document_again(&mut self, handle: Handle) -> Result<Document, Told> {
        let now = self.now();
        let document = store::find(self.vault.db(), handle)?;
        if !document.is_received && document.state == State::Failed && self.leaves(handle)? != Leaves::Yes {
            return Ok(store::find(self.vault.db(), handle)?);
        }
        Ok(due::try_again(self.vault.db(), handle, now)?)
    }

    /// What is due at the session's relay, oldest first, at most `limit`.
    ///
    /// # Errors
    /// What the vault says.
    pub fn documents_due(&mut self, away: Option<RelayRef>, limit: u32) -> Result<Vec<Due>, Told> {
        let (own, now) = (self.identity.node, self.now());
        for file in store::erased_files(self.vault.db())? {
            // One that another program holds open is removed later, and keeps no other from going.
            if documents::remove(self.vault.dir(), &file).is_ok() {
                store::file_removed(self.vault.db(), &file)?;
            }
        }
        let relay = match away {
            Some(relay) => Some(relay),
            None => self.held()?.home(&own),
        };
        let Some(relay) = relay else { return Ok(Vec::new()) };
        let mut all = due::due(self.vault.db(), relay, own, now, limit)?;
        let mut held_back = Vec::new();
        for one in all.iter().filter(|one| one.job == Job::Put) {
            if self.leaves(one.handle)? != Leaves::Yes {
                held_back.push(one.handle);
            }
        }
        all.retain(|one| !held_back.contains(&one.handle));
        Ok(all)
    }

    /// Whether a document may still leave; one that may not, or not yet, says so from here on.
    fn leaves(&mut self, handle: Handle) -> Result<Leaves, Told> {
        let (times, db) = (self.times()?, self.vault.db());
        let document = store::find(db, handle)?;
        let Some(row) = Row::find(db, &document.referral, Side::Sender, &document.partner)? else {
            return Ok(Leaves::Yes);
        };
        let about = (&document.attachment, document.section.as_str());
        let leaves = leave::document(db, &self.profiles, &row, about, times)?;
        match leaves {
            Leaves::Yes => {}
            Leaves::Later => due::wait(db, handle, CLOCK_UNSURE, times.now)?,
            Leaves::Never(reason) => due::hold_back(db, handle, reason.as_str(), times.now)?,
        }
        Ok(leaves)
    }

    /// So many chunks of a document are put, or here.
    ///
    /// # Errors
    /// What the vault says.
    pub fn document_progress(&mut self, handle: Handle, have: u32) -> Result<(), Told> {
        Ok(due::progress(self.vault.db(), handle, have)?)
    }

    /// A document's transfer came to its end; with none, the relay keeps it no more. What the relay holds now is told to the recipient in
    /// the same transaction.
    ///
    /// # Errors
    /// What the vault says.
    pub fn document_settled(&mut self, handle: Handle, state: Option<State>) -> Result<(), Told> {
        let now = self.now();
        // What the relay holds now was to be told of: not if the consent has ended meanwhile.
        let is_told = state != Some(State::Stored) || self.leaves(handle)? == Leaves::Yes;
        if !is_told {
            return Ok(());
        }
        let tx = self.vault.begin()?;
        match state {
            Some(state) => due::settle(&tx, handle, state, now)?,
            None => due::discarded(&tx, handle)?,
        }
        if state == Some(State::Stored) {
            post::tell(&tx, handle, now, &mut self.entropy)?;
        }
        tx.commit().map_err(DocumentError::from)?;
        Ok(())
    }

    /// A document's transfer was refused, or cut with this code.
    ///
    /// # Errors
    /// What the vault says.
    pub fn document_put_off(
        &mut self,
        handle: Handle,
        job: Job,
        why: Result<(BlobRefusal, u32), &'static str>,
    ) -> Result<(), Told> {
        let now = self.now();
        Ok(due::put_off(self.vault.db(), (handle, job), why, now)?)
    }

    /// Removes the files that belong to no document.
    ///
    /// # Errors
    /// What the disk or the vault says.
    pub fn clear_documents(&self) -> Result<u64, Told> {
        Ok(documents::clear(self.vault.dir(), self.vault.db())?)
    }

    /// The data folder, under which the sealed files lie.
    #[must_use]
    pub fn data_folder(&self) -> std::path::PathBuf {
        self.vault.dir().to_owned()
    }
}
