//! Agreements: whether this agency may send something to that one, asked before it is queued, before it is sealed, and of what
//! comes in.

use safeconduct_certs::registry::terms::{Border, NotAgreed, What};
use safeconduct_protocol::id::{MessageId, NodeId};

use super::{Node, agencies::Agency};
use crate::{
    casework::lapse,
    error::Told,
    log::event,
    outbox::{self, MessageKind, progress},
    referral::codes::Kind,
};

/// What a referral of this kind is, as agreements see it.
pub(super) const fn what_of(kind: Kind) -> What {
    match kind {
        Kind::Enquiry => What::Enquiry,
        Kind::Referral | Kind::Transfer | Kind::MandatoryNotification => What::Referral,
    }
}

/// The country of an agency; [`Border::ANY`] where the record names none, which no recognition takes.
pub(super) fn border_of(agency: Option<&Agency>) -> Border {
    agency.and_then(|agency| Border::of(&agency.record.country)).unwrap_or(Border::ANY)
}

/// A refusal in the form in which it is told.
pub(super) fn told(refused: &NotAgreed) -> Told {
    Told::refused(refused.code(), refused.to_string(), refused.remedy())
}

impl Node {
    /// Whether this agency may send this to `recipient` now.
    ///
    /// # Errors
    /// The agreement that is missing or has ended, or what the vault says.
    pub(super) fn agreed(&mut self, recipient: &NodeId, what: What) -> Result<(), Told> {
        let (now, own) = (self.now(), self.identity.node);
        let agencies = self.agencies()?;
        let (from, to) = (border_of(agencies.by_node(&own)), border_of(agencies.by_node(recipient)));
        self.held()?.agreed((&own, from), (recipient, to), what, now).map_err(|refused| told(&refused))
    }

    /// Whether a message that was queued may go its next step: asked before its prekey is fetched, before it is sealed, and before
    /// its envelope is handed over. One that may not is given up.
    ///
    /// # Errors
    /// What the vault says.
    pub(super) fn may_still_leave(&mut self, message: &MessageId) -> Result<bool, Told> {
        let Err(told) = self.still_agreed(message) else { return Ok(true) };
        if told.exit() != crate::exit::Exit::Refused {
            return Err(told);
        }
        tracing::warn!(event = event::HELD_BACK, message_id = %message.short(), reason = %told.code);
        let reason = match told.code.as_str() {
            "referral-expired" => outbox::FailReason::OutOfTime,
            "consent-expired" => outbox::FailReason::ConsentOver,
            _ => outbox::FailReason::NotAgreed,
        };
        progress::fail(self.vault.db(), message, reason)?;
        Ok(false)
    }

    /// The same as [`Self::agreed`] for a message that was queued. What needs no agreement across our own country needs a
    /// recognition abroad; a receipt answers what was let in.
    fn still_agreed(&mut self, message: &MessageId) -> Result<(), Told> {
        let Some(entry) = outbox::find(&self.vault, message)? else { return Ok(()) };
        if entry.kind == MessageKind::Receipt {
            return Ok(());
        }
        let recipient = &entry.recipient;
        let abroad = self.held()?.authority_of(recipient).is_some();
        let referral = (entry.kind == MessageKind::Referral).then(|| outbox::content(&self.vault, message));
        let referral = referral.transpose()?.flatten().and_then(|content| crate::referral::parse(&content).ok());
        if let Some(referral) = &referral {
            lapse::may_leave(referral, self.now())?;
        }
        match referral.map(|referral| referral.kind()) {
            Some(kind) => self.agreed(recipient, what_of(kind)),
            None if abroad => self.recognised(recipient),
            None => Ok(()),
        }
    }

    /// Whether the authority of a node abroad is recognised now; every node of our own is.
    ///
    /// # Errors
    /// The recognition that is missing or has ended, or what the vault says.
    pub(super) fn recognised(&mut self, node: &NodeId) -> Result<(), Told> {
        let now = self.now();
        let country = border_of(self.agencies()?.by_node(node));
        let held = self.held()?;
        if held.authority_of(node).is_none() {
            return Ok(());
        }
        let refused = match held.recognition_of(node) {
            None => NotAgreed::NotRecognised { country },
            Some(one) if !one.terms.hold_at(now) => NotAgreed::RecognitionEnded { country, on: one.terms.until },
            Some(_) => return Ok(()),
        };
        Err(told(&refused))
    }
}
