//! Judges again what was refused: at the start, for the program may know more now, and when the registry copy has changed.

use safeconduct_protocol::id::NodeId;

use super::{Node, exchange::became_code};
use crate::{
    casework::{give::Desk, take},
    error::Told,
    inbox::{Here, refused},
    log::event,
    vault::VaultError,
};

impl Node {
    /// Judges the next refused messages again, a bounded number, while some are left; run once a minute.
    ///
    /// # Errors
    /// What the vault says.
    pub fn judge_again(&mut self) -> Result<(), Told> {
        let Some(place) = self.refused_from.filter(|_| self.named_in_registry()) else { return Ok(()) };
        let now = self.now();
        let held = self.held_copy()?;
        let judge = self.content_judge(now)?;
        let validate = |sender: &NodeId, bytes: &[u8]| judge.validate(sender, bytes);
        let named = |sender: &NodeId| judge.knows(sender);
        let rules = self.rules(&validate, &named, judge.setting());
        let here = Here { identity: &self.identity, held: &held, rules: &rules };
        let done = refused::judge(&mut self.vault, &here, place, now, &mut self.entropy)?;
        self.refused_from = done.next;
        for became in done.passed {
            tracing::info!(event = event::PROCESSED, became = became_code(became), again = true);
        }
        Ok(())
    }

    /// The registry copy has changed: everything that was refused is to be judged again, the first of it now.
    pub(super) fn judge_all_again(&mut self) -> Result<(), Told> {
        self.refused_from = Some(refused::Place::START);
        let (now, held, agencies) = (self.now(), self.held_copy()?, self.agencies()?);
        let setting = agencies.setting();
        let desk = Desk { identity: &self.identity, held: &held, setting: &setting };
        let tx = self.vault.begin()?;
        take::again(&tx, &desk, now, &mut self.entropy)?;
        tx.commit().map_err(VaultError::from)?;
        self.judge_again()
    }

    fn named_in_registry(&self) -> bool {
        self.own_agency().is_ok()
    }
}
