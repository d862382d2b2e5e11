//! Judges again what was refused: at the start, for the program may know more now, and when the registry copy has changed.

use super::Node;
use crate::{
    casework::take,
    error::Told,
    inbox::{receive::Became, refused},
    log::event,
};

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

/// What became of an envelope, as the log says it.
pub(super) const fn became_code(became: Became) -> &'static str {
    match became {
        Became::Shown(_) => "shown",
        Became::Control(_) => "control",
        Became::Report(_) => "report",
        Became::Duplicate(_) => "duplicate",
        Became::Again => "again",
        Became::Refused(_) => "refused",
        Became::Quarantined(_) => "quarantined",
        Became::Malformed(_) => "malformed",
        Became::CannotOpen => "cannot-open",
        Became::Nacked => "nacked",
        Became::Held => "held",
    }
}
