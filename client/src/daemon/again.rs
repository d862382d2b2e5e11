//! Judges again what was refused: at the start, for the program may know more now, and when the registry copy has changed.

use super::{Node, exchange::became_code};
use crate::{casework::take, error::Told, inbox::refused, log::event};

impl Node {
    /// Judges the next refused messages again, a bounded number, while some are left; run once a minute.
    ///
    /// # Errors
    /// What the vault says.
    pub fn judge_again(&mut self) -> Result<(), Told> {
        let Some(place) = self.refused_from.filter(|_| self.named_in_registry()) else { return Ok(()) };
        let done = self.judging(|vault, here, now, entropy| refused::judge(vault, here, place, now, entropy))?;
        self.refused_from = done.next;
        for became in done.passed {
            tracing::info!(event = event::PROCESSED, became = became_code(became), again = true);
        }
        Ok(())
    }

    /// The registry copy has changed: everything that was refused is to be judged again, the first of it now.
    pub(super) fn judge_all_again(&mut self) -> Result<(), Told> {
        self.refused_from = Some(refused::Place::START);
        self.at_desk(take::again)?;
        self.judge_again()
    }

    fn named_in_registry(&self) -> bool {
        self.own_agency().is_ok()
    }
}
