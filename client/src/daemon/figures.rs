//! What the page asks about reports beside their verbs: which periods there are and what may be done with each, and the sum over agencies
//! only where a person has shown it before.

use safeconduct_protocol::time::DAY_S;

use super::{
    Node,
    audit::READERS,
    monitoring::{length, named},
};
use crate::{
    api::reports::NationalShown,
    error::Told,
    monitoring::{
        given::{self, adds_up},
        period::Period,
        published, store,
    },
};

/// Periods that have ended and are offered, released or not.
const ENDED_MAX: usize = 8;
/// How far back they are looked for.
const BACK_S: u64 = 3 * 366 * DAY_S;

/// Which figures there are, and what who asks may do with them.
pub struct Menu {
    /// Periods, the newest first: the one that lasts, those that have ended, and every one that was released.
    pub periods: Vec<PeriodLine>,
    /// Since when reports are released without a person's look.
    pub scheduled_at: Option<u64>,
    /// Who asks may release.
    pub releases: bool,
    /// Who asks may read the auditor's report.
    pub audits: bool,
    /// This agency adds up what others release, or has reports of others.
    pub adds_up: bool,
    /// Periods of which reports of agencies are here, the newest first, with how many of them count.
    pub given: Vec<(String, u64)>,
}

/// A period.
pub struct PeriodLine {
    /// Its name.
    pub name: String,
    /// When it was released.
    pub released_at: Option<u64>,
    /// It lasts still.
    pub open: bool,
    /// It may be released now.
    pub due: bool,
}

impl Node {
    /// Which figures there are.
    ///
    /// # Errors
    /// `not-enrolled`, `registry-missing`; `person-missing`, `person-unknown`; or what the vault says.
    pub fn report_menu(&mut self, by: Option<&str>) -> Result<Menu, Told> {
        let officer = self.acting(by)?;
        let (_, profile) = self.giver()?;
        let (now, length) = (self.now(), length(&profile));
        let released = store::periods(self.vault.db())?;
        let mut all = Period::ended_between(now.before(BACK_S), now, length, ENDED_MAX);
        all.extend(Period::lasting_at(now, length));
        all.extend(released.iter().map(|(period, _)| *period));
        all.sort_by_key(|period| core::cmp::Reverse((period.end(), period.begin())));
        all.dedup();
        let line = |period: Period| PeriodLine {
            name: period.to_string(),
            released_at: released.iter().find(|(one, _)| *one == period).map(|(_, at)| at.0),
            open: now < period.end(),
            due: store::may_release(self.vault.db(), period, now).is_ok(),
        };
        let periods = all.into_iter().map(line).collect();
        let own = self.identity.node;
        let given = self.given_periods()?;
        Ok(Menu {
            periods,
            scheduled_at: store::scheduled(self.vault.db())?.map(|at| at.0),
            releases: self.releasing(by).is_ok(),
            audits: READERS.into_iter().any(|role| officer.roles().has(role)),
            adds_up: !given.is_empty() || self.held()?.node(&own).is_some_and(adds_up),
            given,
        })
    }

    fn given_periods(&self) -> Result<Vec<(String, u64)>, Told> {
        let mut periods: Vec<(String, u64)> = Vec::new();
        for one in given::all(self.vault.db(), None)? {
            let counts = u64::from(one.aside.is_none());
            match periods.iter_mut().find(|(period, _)| *period == one.period) {
                Some((_, count)) => *count = count.saturating_add(counts),
                None => periods.push((one.period, counts)),
            }
        }
        periods.sort();
        periods.reverse();
        Ok(periods)
    }

    /// The sum of a period as it was shown first; none while nobody has shown it.
    ///
    /// # Errors
    /// `no-period`, or what the vault says.
    pub fn national_shown(&mut self, period: &str) -> Result<Option<NationalShown>, Told> {
        if published::of(self.vault.db(), named(period)?)?.is_none() {
            return Ok(None);
        }
        self.report_national(period).map(Some)
    }

    /// `report national`, after a person's yes who may release: from the first number on it stays as it is.
    ///
    /// # Errors
    /// `not-your-role`, or as [`Node::report_national`].
    pub fn show_national(&mut self, period: &str, by: Option<&str>) -> Result<NationalShown, Told> {
        self.releasing(by)?;
        self.report_national(period)
    }
}
