//! Looks that are noted although no act follows from them: at what was sent, and at what goes out as a file.

use safeconduct_protocol::time::Timestamp;

use super::Node;
use crate::{
    api::shapes::Shown,
    casework::{
        store::row::Row,
        views::{self, Look},
    },
    error::Told,
    outbox::{MessageKind, OutboxEntry},
    people::Pseudonym,
    vault::VaultError,
};

impl Node {
    /// Shows a message that this node sent; who reads a referral is noted.
    pub(super) fn look_at_sent(&mut self, entry: &OutboxEntry) -> Result<Shown, Told> {
        if entry.kind != MessageKind::Referral {
            return self.shown_outgoing(entry);
        }
        let officer = self.reads_all()?.pseudonym();
        let shown = self.shown_outgoing(entry)?;
        // Of what is erased nothing is seen.
        if shown.referral.is_some()
            && let Some(row) = Row::by_message(self.vault.db(), entry.message.as_bytes())?
        {
            let look = Look { officer: Some(officer), sections: u16::MAX, reason: None };
            views::note(self.vault.db(), row.place, &look, self.now())?;
        }
        Ok(shown)
    }

    /// Notes who has made a file of the evidence of a referral.
    pub(super) fn evidence_went(
        &mut self,
        row: Option<Row>,
        officer: Pseudonym,
        with_content: bool,
    ) -> Result<(), Told> {
        let Some(row) = row else { return Ok(()) };
        let sections = if with_content { u16::MAX } else { 0 };
        let look = Look { officer: Some(officer), sections, reason: Some(views::EVIDENCE) };
        Ok(views::note(self.vault.db(), row.place, &look, self.now())?)
    }

    /// Notes who has read what was done about these referrals, in an auditor's report.
    pub(super) fn audited(&mut self, places: &[i64], officer: Pseudonym, now: Timestamp) -> Result<(), Told> {
        let look = Look { officer: Some(officer), sections: 0, reason: Some(views::AUDIT) };
        let tx = self.vault.begin()?;
        for place in places {
            views::note(&tx, *place, &look, now)?;
        }
        Ok(tx.commit().map_err(VaultError::from)?)
    }
}
