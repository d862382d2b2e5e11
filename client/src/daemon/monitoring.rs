//! Reports of this agency, and the sum over agencies at a co-ordinator.

use safeconduct_certs::node::NodeStatus;
use safeconduct_protocol::{id::NodeId, time::Timestamp};

use super::Node;
use crate::{
    api::reports::{
        NationalCount, NationalRow, NationalShown, NationalTable, ReleasedPeriod, ReportMade, ReportTaken, ReportsState,
    },
    error::Told,
    log::event,
    monitoring::{
        control::Rules,
        count,
        given::{self, NotTaken},
        national::{National, Sum, national},
        period::{Length, Period},
        published::{self, Since},
        release::{Giver, Report},
        store,
        tables::SENSITIVE_ZERO,
        wire,
    },
    people::{LocalRole, PeopleError, Pseudonym},
    referral::{
        profile::Profile,
        text::{Country, ProfileRef},
    },
};

/// A period named so is the newest one that has ended.
pub(crate) const NEWEST: &str = "newest";

impl Node {
    /// `report compute`: what a report of this period would say.
    ///
    /// # Errors
    /// `no-period`, `not-enrolled`, `registry-missing`, or what the vault says.
    pub fn report_compute(&mut self, period: &str) -> Result<ReportMade, Told> {
        let (giver, profile) = self.giver()?;
        let (period, now) = (self.report_period(period, &profile)?, self.now());
        let report = self.report_of(&giver, &profile, period, now)?;
        Ok(made(&report, None, now))
    }

    /// `report show`: what was released.
    ///
    /// # Errors
    /// `no-period`; `not-released`; or what the vault says.
    pub fn report_show(&mut self, period: &str) -> Result<ReportMade, Told> {
        let released = store::periods(self.vault.db())?;
        let newest = released.iter().map(|(period, _)| *period).max_by_key(|period| period.end());
        let period = if period == NEWEST { newest } else { Some(named(period)?) };
        let frozen = match period {
            Some(period) => store::released(self.vault.db(), period)?,
            None => None,
        };
        let frozen = frozen.ok_or_else(|| {
            Told::refused(
                "not-released",
                "no report of this period was released",
                "see what it would say with `safeconduct report compute`, then release it",
            )
        })?;
        Ok(made(&frozen.report, Some(frozen.released_at), self.now()))
    }

    /// `report release`, after a person's yes: from now on the period is frozen.
    ///
    /// # Errors
    /// `not-your-role`; `period-open`, `period-released`, `period-overlaps`; as [`Node::report_compute`].
    pub fn report_release(&mut self, period: &str, by: Option<&str>) -> Result<ReportMade, Told> {
        let officer = self.releasing(by)?;
        self.released(period, Some(officer))
    }

    /// Who releases: a supervisor or an admin.
    pub(super) fn releasing(&self, by: Option<&str>) -> Result<Pseudonym, Told> {
        let officer = self.acting(by)?;
        let roles = officer.roles();
        if roles.has(LocalRole::Supervisor) || roles.has(LocalRole::Admin) {
            return Ok(officer.pseudonym());
        }
        Err(PeopleError::NotYourRole { asked: "supervisor or admin" }.into())
    }

    pub(super) fn released(&mut self, period: &str, officer: Option<Pseudonym>) -> Result<ReportMade, Told> {
        let (giver, profile) = self.giver()?;
        let (period, now) = (self.report_period(period, &profile)?, self.now());
        store::may_release(self.vault.db(), period, now)?;
        let report = self.report_of(&giver, &profile, period, now)?;
        store::freeze(&mut self.vault, &report, officer, now)?;
        tracing::info!(event = event::REPORT_RELEASED, period = %period);
        Ok(made(&report, Some(now), now))
    }

    /// Releases the newest period that has ended, when somebody has agreed to that before it ended.
    ///
    /// # Errors
    /// What the vault says.
    pub fn release_due(&mut self) -> Result<(), Told> {
        let Some(since) = store::scheduled(self.vault.db())? else { return Ok(()) };
        // Without the registry's word on who this is, nothing is released.
        let Ok((_, profile)) = self.giver() else { return Ok(()) };
        let due = self.report_due(&profile)?.filter(|period| period.end() > since);
        match due {
            Some(period) => self.released(&period.to_string(), None).map(drop),
            None => Ok(()),
        }
    }

    /// `report schedule`, and where reports stand.
    ///
    /// # Errors
    /// `not-your-role` for a change; or what the vault says.
    pub fn reports(&mut self, schedule: Option<bool>, by: Option<&str>) -> Result<ReportsState, Told> {
        let now = self.now();
        if let Some(on) = schedule {
            self.releasing(by)?;
            store::schedule(&mut self.vault, on.then_some(now))?;
        }
        let line = |(period, at): (Period, Timestamp)| ReleasedPeriod { period: period.to_string(), released_at: at.0 };
        let released = store::periods(self.vault.db())?.into_iter().map(line).collect();
        let due = match self.giver() {
            Ok((_, profile)) => self.report_due(&profile)?.map(|period| period.to_string()),
            Err(_) => None,
        };
        let scheduled_at = store::scheduled(self.vault.db())?.map(|at| at.0);
        Ok(ReportsState { released, due, scheduled_at })
    }

    /// Takes a report that an agency gave in a file: of an agency of this country that the registry names and that is not revoked, if
    /// this one adds up.
    ///
    /// # Errors
    /// `no-co-ordinator`; `report-malformed`, `report-of-another`, `report-from-abroad`, `exercise-mismatch`, `period-open`;
    /// `report-differs` when that agency has given another one of the period before, `period-overlaps`, `report-periods`.
    pub fn report_take(&mut self, bytes: &[u8]) -> Result<ReportTaken, Told> {
        let own = self.identity.node;
        if !self.held()?.node(&own).is_some_and(given::adds_up) {
            return Err(Told::refused(
                NotTaken::NoCoordinator.code(),
                "the registry does not say that this agency adds up reports",
                "take reports at the agency that has the role NrmCoordinator or NationalRapporteur",
            ));
        }
        let report = wire::read(bytes)?;
        let now = self.now();
        let taken = match self.may_give(&report, &own)? {
            None => given::take_file(&mut self.vault, &report, now)?,
            Some(refused) => Err(refused),
        };
        match taken {
            Ok(()) => Ok(ReportTaken { agency: report.agency.to_string(), period: report.period.to_string() }),
            Err(refused) => Err(Told::refused(
                refused.code(),
                format!("the report of {} of {} is not taken: {}", report.agency, report.period, refused.says()),
                "ask the agency for the report as it was released, and do not add up another",
            )),
        }
    }

    /// Why the agency that a file names may not give it.
    fn may_give(&mut self, report: &Report, own: &NodeId) -> Result<Option<NotTaken>, Told> {
        let country = self.giver()?.0.country;
        let clock = self.now();
        let Some(found) = self.agency(&report.agency)? else { return Ok(Some(NotTaken::Another)) };
        let held = self.held()?;
        let is_exercise = |node: &NodeId| held.node(node).is_some_and(|state| state.roles.is_exercise());
        Ok(if matches!(found.status, NodeStatus::Revoked { .. }) || found.record.country != report.country {
            Some(NotTaken::Another)
        } else if report.country != country.as_str() || held.authority_of(&found.node).is_some() {
            Some(NotTaken::Abroad)
        } else if is_exercise(&found.node) != is_exercise(own) {
            Some(NotTaken::Exercise)
        } else if !given::has_ended(report.period, clock) {
            Some(NotTaken::Open)
        } else {
            None
        })
    }

    /// `report national`: the sum of what agencies gave of a period. From the first number of it on that is shown it stays as it is.
    ///
    /// # Errors
    /// `no-period`, `reports-differ`, or what the vault says.
    pub fn report_national(&mut self, period: &str) -> Result<NationalShown, Told> {
        let period = named(period)?;
        if let Some(published) = published::of(self.vault.db(), period)? {
            let since = published::since(self.vault.db(), period)?;
            return Ok(shown(&national(&published.reports)?, Some(published.at), since));
        }
        let given = store::given(self.vault.db(), period)?;
        let sum = national(&given)?;
        if !published::shows_any(&sum) {
            return Ok(shown(&sum, None, Since::default()));
        }
        let now = self.now();
        published::keep(&mut self.vault, period, &given, now)?;
        Ok(shown(&sum, Some(now), Since::default()))
    }

    pub(super) fn report_of(
        &self,
        giver: &Giver,
        profile: &Profile,
        period: Period,
        now: Timestamp,
    ) -> Result<Report, Told> {
        let counted = count::count(self.vault.db(), period, &giver.country, now)?;
        let rules = Rules::new(
            u64::from(profile.indicators.k_min),
            u64::from(profile.indicators.rounding_base),
            SENSITIVE_ZERO.iter().map(|cell| (*cell).to_owned()),
        );
        Ok(Report::of(giver, period, &counted.tables, &counted.spans, &rules))
    }

    /// Who reports, and by which country's rules.
    pub(super) fn giver(&mut self) -> Result<(Giver, Profile), Told> {
        let agency = self.own_agency()?;
        let record = self.agency(&agency)?.map(|agency| agency.record.country);
        let country = record.as_deref().and_then(Country::of).ok_or_else(|| {
            Told::not_ready(
                "registry-missing",
                "this node's own entry in the registry is not here",
                "start the daemon and let it connect once: safeconduct daemon",
            )
        })?;
        let profile = self.profiles.for_country(&country).clone();
        let name = format!("{}@{}", country.as_str(), profile.profile.version);
        let reference = ProfileRef::of(&name).ok_or_else(|| {
            Told::not_ready("profile", "the country's profile has no usable version", "install another profile")
        })?;
        Ok((Giver { agency, country, profile: reference }, profile))
    }

    /// A period by its name, or the newest one that has ended.
    fn report_period(&self, name: &str, profile: &Profile) -> Result<Period, Told> {
        if name != NEWEST {
            return named(name);
        }
        Period::ended_before(self.now(), length(profile)).ok_or_else(no_period)
    }

    /// The newest period that has ended and may be released.
    fn report_due(&self, profile: &Profile) -> Result<Option<Period>, Told> {
        let Some(period) = Period::ended_before(self.now(), length(profile)) else { return Ok(None) };
        match store::may_release(self.vault.db(), period, self.now()) {
            Ok(()) => Ok(Some(period)),
            Err(store::NotReleased::Vault(error)) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }
}

/// A profile that names another length counts by quarters.
pub(super) fn length(profile: &Profile) -> Length {
    Length::of(&profile.indicators.period).unwrap_or(Length::Quarter)
}

/// A period by its name.
pub(super) fn named(period: &str) -> Result<Period, Told> {
    Period::of(period).ok_or_else(no_period)
}

fn no_period() -> Told {
    Told::usage("this is no period", "name a quarter or a half-year, such as 2026-Q3 or 2026-H2")
}

fn made(report: &Report, released_at: Option<Timestamp>, now: Timestamp) -> ReportMade {
    ReportMade {
        period: report.period.to_string(),
        released_at: released_at.map(|at| at.0),
        open: now < report.period.end(),
        report: String::from_utf8_lossy(&wire::write(report)).into_owned(),
    }
}

fn shown(summed: &National, first: Option<Timestamp>, since: Since) -> NationalShown {
    let count = |sum: Sum| match sum {
        Sum::Count(persons) => NationalCount { persons: Some(persons), at_least: false },
        Sum::AtLeast(persons) => NationalCount { persons: Some(persons), at_least: true },
        Sum::Hidden => NationalCount { persons: None, at_least: false },
    };
    let tables = summed.tables.iter().map(|table| NationalTable {
        id: table.id.clone(),
        split: table.split.clone(),
        rows: table.rows.iter().map(|(key, sum)| NationalRow { key: key.clone(), count: count(*sum) }).collect(),
        total: count(table.total),
    });
    NationalShown {
        country: summed.country.clone(),
        period: summed.period.to_string(),
        agencies: u64::try_from(summed.agencies).unwrap_or(u64::MAX),
        shown_first_at: first.map(|at| at.0),
        late: since.late,
        aside: since.aside,
        tables: tables.collect(),
    }
}
