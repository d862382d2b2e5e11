//! What the node does with referrals by itself: once a minute, and whenever a message of theirs has moved.

use safeconduct_protocol::id::{MessageId, NodeId};

use super::super::Node;
use crate::{
    casework::{due, give::Desk, stand},
    error::Told,
    inbox::{self, Here},
};

impl Node {
    /// A message has moved: the referral that it is of follows.
    pub(in crate::daemon) fn follow_message(&mut self, message: &MessageId) -> Result<(), Told> {
        let (now, own, agencies) = (self.now(), self.identity.node, self.agencies()?);
        let tx = self.vault.begin()?;
        stand::follow(&tx, message, &own, &agencies.setting(), now)?;
        tx.commit().map_err(crate::vault::VaultError::from)?;
        Ok(())
    }

    /// What was refused and cannot turn any more is declined.
    fn decline_overdue(&mut self) -> Result<(), Told> {
        let (now, held) = (self.now(), self.held_copy()?);
        let judge = self.content_judge(now)?;
        let validate = |sender: &NodeId, bytes: &[u8]| judge.validate(sender, bytes);
        let named = |sender: &NodeId| judge.knows(sender);
        let rules = self.rules(&validate, &named, judge.setting());
        let here = Here { identity: &self.identity, held: &held, rules: &rules };
        inbox::refused::decline_overdue(&mut self.vault, &here, now, &mut self.entropy)?;
        Ok(())
    }

    /// Folds a referral anew.
    pub(super) fn refresh_case(&mut self, place: i64) -> Result<(), Told> {
        let (now, own, agencies) = (self.now(), self.identity.node, self.agencies()?);
        let tx = self.vault.begin()?;
        stand::refresh(&tx, place, &own, &agencies.setting(), now)?;
        tx.commit().map_err(crate::vault::VaultError::from)?;
        Ok(())
    }

    /// The same, for a measurement.
    #[cfg(test)]
    pub(in crate::daemon) fn refresh_case_of_test(&mut self, place: i64) {
        self.refresh_case(place).unwrap();
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
