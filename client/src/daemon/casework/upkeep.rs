//! What the node does with referrals by itself: once a minute, and whenever a message of theirs has moved.

use safeconduct_protocol::id::MessageId;

use super::super::Node;
use crate::{
    casework::{due, give::Desk, stand},
    error::Told,
    inbox,
    note::{Exact, Note},
};

impl Node {
    /// A message has moved: the referral that it is of follows.
    pub(in crate::daemon) fn follow_message(&mut self, message: &MessageId) -> Result<(), Told> {
        self.at_desk(|tx, desk, now, _entropy| stand::follow(tx, message, desk.own(), desk.setting, now).map(drop))
    }

    /// What was refused and cannot turn any more is declined.
    fn decline_overdue(&mut self) -> Result<(), Told> {
        self.judging(inbox::refused::decline_overdue)?;
        Ok(())
    }

    /// Folds a referral anew, for a measurement.
    #[cfg(test)]
    pub(in crate::daemon) fn refresh_case_of_test(&mut self, place: i64) {
        self.at_desk(|tx, desk, now, _entropy| stand::refresh(tx, place, desk.own(), desk.setting, now).map(drop))
            .unwrap();
    }

    /// Referrals of which something that is kept here does not read, until somebody has looked.
    pub(in crate::daemon) fn damage_alarms(&self) -> Result<Vec<Note>, Told> {
        let digits = |handle: [u8; 16]| stand::hex(&handle).chars().take(8).collect();
        let alarm = |handle| Note::CaseDamaged { digits: Exact(digits(handle)) };
        Ok(due::damaged(self.vault.db())?.into_iter().map(alarm).collect())
    }

    /// Once a minute: what time does to referrals.
    pub(in crate::daemon) fn keep_cases(&mut self) -> Result<(), Told> {
        if !self.is_approved()? {
            return Ok(());
        }
        let (now, clock, held, agencies) = (self.now(), self.clock.now(), self.held_copy()?, self.agencies()?);
        let setting = agencies.setting();
        let desk = Desk { identity: &self.identity, held: &held, setting: &setting };
        let done = due::run(&mut self.vault, &desk, now, clock, &mut self.entropy)?;
        let mut went = Ok(());
        for place in done.to_escalate {
            // One that fails keeps its timer, and the others go on.
            if let Err(told) = self.escalate(place) {
                went = Err(told);
            }
        }
        self.decline_overdue()?;
        // What was erased since, by time or by what came, leaves the journal too.
        self.vault.checkpoint()?;
        went
    }
}
