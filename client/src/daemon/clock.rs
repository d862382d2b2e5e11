//! Clocks that contradict each other: which ones, and what to do. Nobody can say from here which of two is right.

use safeconduct_certs::registry::freshness::is_far_ahead;
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::Node;
use crate::{
    error::Told,
    note::{At, Country, Days, Note},
    registry::{self, Ahead},
};

impl Node {
    /// Signed times that are more than a day after this machine's clock. A time that was taken once, when the clock bore it out,
    /// still counts; one that the clock has never borne out does not.
    pub(super) fn clock_alarms(&self) -> Result<Vec<Note>, Told> {
        let clock = self.clock.now();
        let mut ahead = registry::ahead(&self.vault, clock)?;
        let taken = self.held.as_ref().and_then(|held| held.registry().newest_time());
        if ahead.iter().all(|one| one.authority.is_some())
            && let Some(signed) = taken.filter(|signed| is_far_ahead(clock, *signed))
        {
            ahead.insert(0, Ahead { authority: None, signed });
        }
        Ok(ahead.iter().map(|one| self.clock_alarm(one, clock)).collect())
    }

    fn clock_alarm(&self, ahead: &Ahead, clock: Timestamp) -> Note {
        let days = Days(ahead.signed.since(clock).saturating_add(DAY_S / 2).checked_div(DAY_S).unwrap_or(0));
        let (time, clock) = (At(ahead.signed), At(clock));
        match ahead.authority {
            None => Note::TimeAhead { time, days, clock },
            Some(authority) => {
                let one = self.held.as_ref().and_then(|held| held.one(&authority));
                let country = Country(one.map(|one| one.country().to_string()));
                Note::TimeAheadAbroad { country, time, days, clock }
            }
        }
    }
}
