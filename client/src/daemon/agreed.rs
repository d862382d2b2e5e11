//! Agreements: whether this agency may send something to that one, asked before it is queued, before it is sealed, and of what
//! comes in.

use safeconduct_certs::registry::terms::{Border, NotAgreed, What};
use safeconduct_protocol::id::{MessageId, NodeId};

use super::{Node, agencies::Agency};
use crate::{
    casework::leave::{self, Leaves, Times},
    error::Told,
    log::event,
    outbox::{
        self, FailReason, MessageKind, OutboxEntry, progress,
        trouble::{CLOCK_UNSURE, NOT_RECOGNISED},
    },
    referral::{Referral, codes::Kind},
    registry,
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

/// The code of a report whose agreement cannot be judged yet.
const NOT_YET: &str = "registry-missing";

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
    /// its envelope is handed over. One that may not is given up; one of which only this machine's clock says so waits, and so does what
    /// takes something back from an agency abroad.
    ///
    /// # Errors
    /// What the vault says.
    pub(super) fn may_still_leave(&mut self, message: &MessageId) -> Result<bool, Told> {
        let Some(entry) = outbox::find(&self.vault, message)? else { return Ok(true) };
        // A receipt answers what was let in.
        if entry.kind == MessageKind::Receipt {
            return Ok(true);
        }
        let content = outbox::content(&self.vault, message)?;
        let referral = content.as_ref().filter(|_| entry.kind == MessageKind::Referral);
        let referral = referral.and_then(|content| crate::referral::parse(content).ok());
        let stands = if entry.kind == MessageKind::Report {
            self.report_stands(&entry)
        } else {
            self.still_agreed(&entry.recipient, referral.as_ref())
        };
        let reason = match stands {
            Ok(()) => None,
            // Who this agency is, the registry has not said yet: the report waits.
            Err(told) if told.code == NOT_YET => return Ok(false),
            Err(told)
                if told.exit() == crate::exit::Exit::Refused
                    && self.waits_for_recognition(&entry, content.as_ref().map(|content| content.as_slice()))? =>
            {
                return Ok(false);
            }
            Err(told) if told.exit() == crate::exit::Exit::Refused => Some(match told.code.as_str() {
                "no-co-ordinator" => FailReason::NoCoordinator,
                "report-not-agreed" => FailReason::ReportNotAgreed,
                _ => FailReason::NotAgreed,
            }),
            Err(told) => return Err(told),
        };
        let times = self.times()?;
        let leaves = match (reason, &referral, &content) {
            (Some(reason), ..) => Leaves::Never(reason),
            (None, Some(referral), _) => leave::referral(self.vault.db(), &self.profiles, message, referral, times)?,
            (None, None, Some(content)) if entry.kind == MessageKind::Case => {
                leave::told(self.vault.db(), &self.profiles, &entry.recipient, content, times)?
            }
            (None, None, _) => Leaves::Yes,
        };
        match leaves {
            Leaves::Yes => return Ok(true),
            Leaves::Later => progress::put_off(self.vault.db(), message, CLOCK_UNSURE, 0, times.now)?,
            Leaves::Never(reason) => {
                tracing::warn!(event = event::HELD_BACK, message_id = %message.short(), reason = reason.as_str());
                let tx = self.vault.begin()?;
                progress::fail(&tx, message, reason)?;
                // Where nothing may go at all, the bare act may not either.
                let is_agreed = reason != FailReason::NotAgreed;
                if let Some(content) = content.filter(|_| is_agreed && entry.kind == MessageKind::Case) {
                    leave::without_words(&tx, &entry.recipient, &content, times.now, &mut self.entropy)?;
                }
                tx.commit().map_err(crate::vault::VaultError::from)?;
            }
        }
        Ok(false)
    }

    /// What takes something back does not become untrue with the recognition: it is put off until that holds again, as long as anything may
    /// wait. Who sees to the referral is told once.
    fn waits_for_recognition(&mut self, entry: &OutboxEntry, content: Option<&[u8]>) -> Result<bool, Told> {
        let taken_back = content.filter(|_| entry.kind == MessageKind::Case).and_then(leave::taken_back);
        let Some(referral) = taken_back else { return Ok(false) };
        let now = self.now();
        let tx = self.vault.begin()?;
        progress::put_off(&tx, &entry.message, NOT_RECOGNISED, 0, now)?;
        leave::tell_that_it_waits(&tx, (&entry.message, &entry.recipient), &referral)?;
        tx.commit().map_err(crate::vault::VaultError::from)?;
        Ok(true)
    }

    /// The time to reckon with, and the one of which this node is sure.
    pub(super) fn times(&self) -> Result<Times, Told> {
        Ok(Times { now: self.now(), sure: registry::confirmed(self.vault.db(), self.clock.now())? })
    }

    /// The same as [`Self::agreed`] for a message that was queued. What needs no agreement across our own country needs a
    /// recognition abroad.
    fn still_agreed(&mut self, recipient: &NodeId, referral: Option<&Referral>) -> Result<(), Told> {
        let abroad = self.held()?.authority_of(recipient).is_some();
        match referral.map(Referral::kind) {
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
