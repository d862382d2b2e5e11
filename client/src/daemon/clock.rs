//! Clocks that contradict each other: which ones, and what to do. Nobody can say from here which of two is right.

use safeconduct_certs::{registry::freshness::is_far_ahead, utc};
use safeconduct_protocol::time::{DAY_S, Timestamp};

use super::Node;
use crate::{
    error::Told,
    registry::{self, Ahead},
};

impl Node {
    /// Signed times that are more than a day after this machine's clock. A time that was taken once, when the clock bore it out,
    /// still counts; one that the clock has never borne out does not.
    pub(super) fn clock_alarms(&self) -> Result<Vec<String>, Told> {
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

    fn clock_alarm(&self, ahead: &Ahead, clock: Timestamp) -> String {
        let days = ahead.signed.since(clock).saturating_add(DAY_S / 2).checked_div(DAY_S).unwrap_or(0);
        let (whose, tell) = match ahead.authority {
            None => (
                "the authority".to_owned(),
                "its clock was wrong when it signed, or somebody else has its timestamp key",
            ),
            Some(authority) => {
                let one = self.held.as_ref().and_then(|held| held.one(&authority));
                let country = one.map_or_else(|| "another country".to_owned(), |one| one.country().to_string());
                let tell =
                    "the other authority's clock was wrong when it signed, or somebody else has its timestamp key";
                (format!("the authority of {country}"), tell)
            }
        };
        format!(
            "{whose} has signed the time {}, which is {days} day(s) after this machine's clock ({}), and while they \
             disagree no newer signed time is taken; look at another clock: if this machine's is wrong, set this machine's clock, best by NTP; if it is right, phone \
             your authority: {tell}",
            utc::instant(ahead.signed),
            utc::instant(clock),
        )
    }
}
