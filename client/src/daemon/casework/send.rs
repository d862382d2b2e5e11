//! A referral leaves: judged, then durable as message and case in one transaction.

use rusqlite::Connection;
use safeconduct_protocol::{
    entropy::Entropy,
    id::{AgencyId, MessageId, NodeId},
    time::{DAY_S, HOUR_S, Timestamp},
};

use super::super::{Node, agreed, people::note_sender};
use crate::{
    api::cases::ReferralShown,
    casework::{
        give::{self, Act, Desk},
        life::{code::Step, terms::Side},
        refusal::CaseworkError,
        sent::{self, Sent},
        store::{columns::uuid_bytes, row::Row},
        take,
    },
    enrol::practice::no_exercise,
    error::Told,
    outbox::{self, NewReferral, Queued, Rank},
    people::{
        Officer,
        confirm::{Confirmation, Subject},
    },
    referral::{Referral, canonical},
    vault::VaultError,
};

/// An urgent referral's sender is alarmed after this long without a receipt, in seconds.
const ALARM_URGENT_S: u64 = HOUR_S;

/// How a referral is queued.
#[derive(Clone, Default)]
pub(in crate::daemon) struct Queueing<'a> {
    /// The same key again is the same message.
    pub(in crate::daemon) key: Option<&'a str>,
    /// Other referrals for the same person's search for help.
    pub(in crate::daemon) dossier: Option<[u8; 16]>,
    /// Agencies that are asked for the same at once.
    pub(in crate::daemon) group: Option<[u8; 16]>,
    /// Who sends it.
    pub(in crate::daemon) officer: Option<&'a Officer>,
    /// What a second person has confirmed.
    pub(in crate::daemon) confirmation: Option<Confirmation>,
    /// The referral that nobody has opened in time, and whose place it takes; how many on its list have been asked then.
    pub(in crate::daemon) in_place_of: Option<(i64, i64)>,
}

/// A referral that leaves, alone or with others.
pub(in crate::daemon) struct Leaving<'a> {
    /// To which agency.
    pub(in crate::daemon) to: &'a AgencyId,
    pub(in crate::daemon) referral: &'a Referral,
    pub(in crate::daemon) how: Queueing<'a>,
    /// What is done with it.
    pub(in crate::daemon) act: Option<&'a Act>,
}

impl Node {
    /// Queues a referral that has passed, as a message and as a case.
    pub(in crate::daemon) fn queue_referral(
        &mut self,
        to: &AgencyId,
        referral: &Referral,
        how: &Queueing<'_>,
        act: Option<&Act>,
    ) -> Result<Queued, Told> {
        let leaving = [Leaving { to, referral, how: how.clone(), act }];
        let queued = self.queue_referrals(&leaving, |_db, _now, _entropy| Ok(()))?;
        queued.first().copied().ok_or_else(|| VaultError::Unfit { what: "one message for one referral" }.into())
    }

    /// The same for several: all of them are durable when this returns, with what `with` does, or none.
    pub(in crate::daemon) fn queue_referrals(
        &mut self,
        all: &[Leaving<'_>],
        with: impl FnOnce(&Connection, Timestamp, &mut dyn Entropy) -> Result<(), VaultError>,
    ) -> Result<Vec<Queued>, Told> {
        let mut recipients = Vec::with_capacity(all.len());
        for one in all {
            recipients.push(self.may_queue(one)?);
        }
        self.at_desk(|db, desk, now, entropy| -> Result<Vec<Queued>, Told> {
            let mut queued = Vec::with_capacity(all.len());
            for (one, recipient) in all.iter().zip(recipients) {
                queued.push(queue_one(db, desk, one, recipient, now, entropy)?);
            }
            with(db, now, entropy)?;
            Ok(queued)
        })
    }

    /// The node that a referral goes to, if it may.
    fn may_queue(&mut self, one: &Leaving<'_>) -> Result<NodeId, Told> {
        if !one.referral.header.exercise.unwrap_or(false) && self.is_practice()? {
            return Err(no_exercise());
        }
        let recipient = self.recipient(one.to)?;
        self.agreed(&recipient, agreed::what_of(one.referral.kind()))?;
        self.follows(one.referral, &recipient)?;
        if one.act.is_some() || one.how.in_place_of.is_some() {
            self.not_restoring()?;
        }
        Ok(recipient)
    }

    /// Whether it may stand beside what was sent of it before.
    pub(super) fn follows(&self, referral: &Referral, recipient: &NodeId) -> Result<(), Told> {
        let Some(id) = uuid_bytes(referral.header.referral_id.as_str()) else { return Ok(()) };
        let Some(row) = Row::find(self.vault.db(), &id, Side::Sender, recipient)? else { return Ok(()) };
        match take::judge_beside(self.vault.db(), &row, referral)? {
            None => Ok(()),
            Some(code) => {
                Err(Told::refused(code.as_str(), code.fact(), "send a new referral, or correct the revision"))
            }
        }
    }

    /// An act that brings a new revision: both are durable together.
    pub(super) fn act_with_revision(
        &mut self,
        row: &Row,
        act: Act,
        new: &serde_json::Value,
        officer: &Officer,
    ) -> Result<ReferralShown, Told> {
        if !matches!(act.step, Step::InfoProvided | Step::DisclosureRaised) {
            return Err(CaseworkError::NotTaken { member: "revision" }.into());
        }
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(new).unwrap_or_default());
        let own = self.own_agency()?;
        let to: AgencyId =
            row.agency.as_deref().and_then(|agency| agency.parse().ok()).ok_or(CaseworkError::UnknownReferral)?;
        let accepted = self.judged(&own, &to, &bytes)?;
        let id = uuid_bytes(accepted.referral.header.referral_id.as_str());
        if id != Some(row.referral) || accepted.referral.header.revision.get() <= i64::from(row.revision) {
            let form = "the same referral with the next number of revision";
            return Err(CaseworkError::BadValue { member: "revision", form }.into());
        }
        let level = u8::try_from(accepted.referral.level()).ok();
        let act = if act.step == Step::DisclosureRaised { Act { level, ..act } } else { act };
        let found = crate::casework::stand::look(self.vault.db(), row.place, &self.identity.node, self.now())?;
        give::check(&found, &act)?;
        let content = canonical(&accepted.referral);
        let subject = Subject::of_send(&to, &content);
        let confirmation = self.second_confirmed(officer, &subject, accepted.for_two())?;
        let how = Queueing { officer: Some(officer), confirmation, ..Queueing::default() };
        self.queue_referral(&to, &accepted.referral, &how, Some(&act))?;
        let shown = self.shown_case(row.place, officer)?;
        Ok(ReferralShown { warnings: accepted.warnings, ..shown })
    }
}

/// Queues one referral with its case, and the act that goes with it.
fn queue_one(
    db: &Connection,
    desk: &Desk<'_>,
    one: &Leaving<'_>,
    recipient: NodeId,
    now: Timestamp,
    entropy: &mut dyn Entropy,
) -> Result<Queued, Told> {
    let Leaving { to, referral, how, act } = one;
    let line = referral.summary_line();
    let urgent = referral.urgency().cannot_wait();
    let content = canonical(referral);
    let new = NewReferral {
        content: &content,
        recipient,
        agency: to,
        referral_id: &line.referral_id,
        rank: if urgent { Rank::Urgent } else { Rank::Normal },
        exercise: line.exercise,
        alarm_after_s: if urgent { ALARM_URGENT_S } else { DAY_S },
        idempotency: how.key,
    };
    let sent =
        Sent { referral, content: &content, recipient, agency: to.as_str(), dossier: how.dossier, group: how.group };
    let mut refused = None;
    let mut beside = |db: &Connection, message: &MessageId, entropy: &mut dyn Entropy| {
        let place = sent::keep(db, &sent, desk.setting, message, now, entropy)?;
        if let Some(officer) = how.officer {
            note_sender(db, message, officer, how.confirmation, now)?;
            Row::assign(db, place, officer.pseudonym().as_bytes())?;
        }
        let escalated = how.in_place_of.map(|(old, asked)| {
            db.execute("UPDATE referral SET alternate_next = ?2 WHERE place = ?1", rusqlite::params![old, asked])?;
            let successor = uuid_bytes(referral.header.referral_id.as_str());
            let act = Act { successor, ..Act::of_node(Step::Escalated) };
            give::give(db, desk, old, &act, now, entropy)
        });
        let given = match escalated {
            Some(Err(error)) => Some(Err(error)),
            Some(Ok(_)) | None => act.map(|act| give::give(db, desk, place, act, now, entropy)),
        };
        match given {
            None | Some(Ok(_)) => Ok(()),
            Some(Err(CaseworkError::Vault(error))) => Err(error),
            Some(Err(other)) => {
                refused = Some(other);
                Err(VaultError::Unfit { what: "an act that is possible" })
            }
        }
    };
    let queued = outbox::queue_in(db, &new, &mut beside, now, entropy);
    match refused {
        Some(refusal) => Err(refusal.into()),
        None => Ok(queued?),
    }
}
