//! Reports that travel by themselves: what a person has agreed to, what is due, what came.

use safeconduct_protocol::id::{AgencyId, NodeId};

use super::{Node, monitoring::named};
use crate::{
    api::{
        reports::ReportMade,
        travelling::{
            AgreeAsked, AgreementLine, EndAsked, ReceivedLine, ReportsReceived, ReportsSent, SentLine, Travelling,
        },
    },
    error::Told,
    log::event,
    monitoring::{
        agreement::{self, Agreement, NewAgreement},
        given,
        part::Indicators,
        period::Period,
        sent::{self, Going, Queued, Sent},
        store::{self, NotReleased},
    },
    outbox,
    people::Pseudonym,
    registry,
};

/// Periods that are made up for when this node was off: the newest that have ended.
const MADE_UP_MAX: usize = 4;

impl Node {
    /// `report agree`: from now on the report of each period that ends goes to this co-ordinator by itself. Nobody looks at it before.
    ///
    /// # Errors
    /// `not-your-role`; `no-co-ordinator`; `agreed-already`; `usage`; or what the vault says.
    pub fn report_agree(&mut self, asked: &AgreeAsked) -> Result<Travelling, Told> {
        let officer = self.releasing(asked.by.as_deref())?;
        let agency = agency_of(&asked.agency)?;
        let none = || Told::usage("these are no indicators", "name them as in docs/INDICATORS.md: M01,M05");
        let indicators = match &asked.indicators {
            Some(text) => Indicators::of(text).ok_or_else(none)?,
            None => Indicators::ALL,
        };
        let node = self.co_ordinator(&agency)?;
        let now = self.now();
        let new = NewAgreement { agency: &agency, node, indicators, officer };
        if !agreement::agree(&mut self.vault, &new, now)? {
            return Err(Told::refused(
                "agreed-already",
                format!("reports go to {agency} by themselves already"),
                "end that first with `safeconduct report end`, if it is to be another",
            ));
        }
        tracing::info!(event = event::REPORTS_AGREED);
        self.travelling()
    }

    /// `report end`: nothing more goes to this co-ordinator.
    ///
    /// # Errors
    /// `not-your-role`; `not-agreed`; or what the vault says.
    pub fn report_end(&mut self, asked: &EndAsked) -> Result<Travelling, Told> {
        let officer = self.releasing(asked.by.as_deref())?;
        let (agency, now) = (agency_of(&asked.agency)?, self.now());
        if !agreement::end(&mut self.vault, &agency, officer, now)? {
            return Err(not_agreed());
        }
        tracing::info!(event = event::REPORTS_ENDED);
        self.travelling()
    }

    /// To whom reports go, and what went.
    ///
    /// # Errors
    /// What the vault says.
    pub fn travelling(&mut self) -> Result<Travelling, Told> {
        let mut agreements = Vec::new();
        for one in agreement::all(self.vault.db())? {
            let waits = match one.ended_at {
                None => self.co_ordinator(&one.agency).err().map(|told| told.message.clone()),
                Some(_) => None,
            };
            agreements.push(AgreementLine {
                agency: one.agency.to_string(),
                indicators: one.indicators.to_string(),
                officer: one.officer.to_hex(),
                since_at: one.since.0,
                ended_at: one.ended_at.map(|at| at.0),
                waits,
            });
        }
        let sent = sent::all(self.vault.db())?;
        let sent = sent.into_iter().map(|one| self.sent_line(one, Vec::new())).collect::<Result<_, _>>()?;
        Ok(Travelling { agreements, sent })
    }

    /// `report send`, after a person's yes: a released report goes to every co-ordinator that was agreed to; also one of a period before.
    ///
    /// # Errors
    /// `not-your-role`; `no-period`, `not-released`; `not-agreed`; `no-co-ordinator`; or what the vault says.
    pub fn report_send(&mut self, period: &str, by: Option<&str>) -> Result<ReportsSent, Told> {
        let officer = self.releasing(by)?;
        let period = named(&self.report_show(period)?.period)?;
        let agreements = agreement::that_hold(self.vault.db())?;
        if agreements.is_empty() {
            return Err(not_agreed());
        }
        let (mut queued, mut before) = (Vec::new(), Vec::new());
        for one in &agreements {
            let node = self.co_ordinator(&one.agency)?;
            match self.send_report(one, node, period, Some(officer))? {
                Some((edition, done)) => queued.push(self.queued_line(one, period, edition, done)?),
                None => before.push(one.agency.to_string()),
            }
        }
        Ok(ReportsSent { sent: queued, before })
    }

    /// Sends what is due by agreements: of each, the newest periods that have ended since, each once. A period that nobody has released is
    /// released with it: that is what was agreed to.
    ///
    /// # Errors
    /// What the vault says; what was not sent is due still.
    pub fn send_due(&mut self) -> Result<(), Told> {
        let agreements = agreement::that_hold(self.vault.db())?;
        if agreements.is_empty() {
            return Ok(());
        }
        // Without the registry's word on who this is, nothing is released. And a clock that is ahead ends no period.
        let Ok((_, profile)) = self.giver() else { return Ok(()) };
        let sure = registry::confirmed(self.vault.db(), self.clock.now())?;
        for one in &agreements {
            let Ok(node) = self.co_ordinator(&one.agency) else { continue };
            for period in Period::ended_between(one.since, sure, super::monitoring::length(&profile), MADE_UP_MAX) {
                self.send_one_due(one, node, period)?;
            }
        }
        Ok(())
    }

    fn send_one_due(&mut self, agreement: &Agreement, node: NodeId, period: Period) -> Result<(), Told> {
        if store::edition(self.vault.db(), period)?.is_none() {
            match store::may_release(self.vault.db(), period, self.now()) {
                Ok(()) => self.released(&period.to_string(), None).map(drop)?,
                Err(NotReleased::Vault(error)) => return Err(error.into()),
                // Days of it are in another period that was released: nothing of it goes.
                Err(_) => return Ok(()),
            }
        }
        if let Some((_, queued)) = self.send_report(agreement, node, period, None)? {
            tracing::info!(event = event::REPORT_SENT, period = %period, message_id = %queued.message.short());
        }
        Ok(())
    }

    /// Queues a released report, unless it went before; the edition that went.
    fn send_report(
        &mut self,
        agreement: &Agreement,
        recipient: NodeId,
        period: Period,
        officer: Option<Pseudonym>,
    ) -> Result<Option<(u32, Queued)>, Told> {
        let Some(edition) = store::edition(self.vault.db(), period)? else { return Ok(None) };
        if officer.is_none() && sent::went(self.vault.db(), &agreement.agency, period, edition)? {
            return Ok(None);
        }
        let Some(report) = store::released(self.vault.db(), period)? else { return Ok(None) };
        let (own, now) = (self.identity.node, self.now());
        let exercise = self.held()?.node(&own).is_some_and(|state| state.roles.is_exercise());
        let going = Going { agreement, recipient, report: &report, exercise, officer };
        let queued = sent::send(&mut self.vault, &going, now, &mut self.entropy)?;
        Ok(queued.map(|queued| (edition, queued)))
    }

    /// `report correct`, after a person's yes: a released report is computed anew, and stands in the place of the one of before, which is
    /// kept. It goes wherever that went.
    ///
    /// # Errors
    /// `not-your-role`; `no-period`, `not-released`, `report-same`, `report-corrected-often`; or what the vault says.
    pub fn report_correct(&mut self, period: &str, by: Option<&str>) -> Result<ReportMade, Told> {
        let officer = self.releasing(by)?;
        let (giver, profile) = self.giver()?;
        let (period, now) = (named(period)?, self.now());
        let report = self.report_of(&giver, &profile, period, now)?;
        store::correct(&mut self.vault, &report, officer, now)?;
        tracing::info!(event = event::REPORT_RELEASED, period = %period);
        self.report_show(&period.to_string())
    }

    /// `report received`: which reports are here, of one period or of all.
    ///
    /// # Errors
    /// `no-period`; or what the vault says.
    pub fn report_received(&mut self, period: Option<&str>) -> Result<ReportsReceived, Told> {
        let period = period.map(named).transpose()?.map(|period| period.to_string());
        let line = |one: given::Given| ReceivedLine {
            agency: one.agency,
            period: one.period,
            edition: one.edition,
            received_at: one.at.0,
            message_id: one.message.map(|message| message.to_hex()),
            counts: !one.replaced,
        };
        let reports = given::all(self.vault.db(), period.as_deref())?;
        Ok(ReportsReceived { reports: reports.into_iter().map(line).collect() })
    }

    /// The node of a co-ordinator, as the registry has it now.
    fn co_ordinator(&mut self, agency: &AgencyId) -> Result<NodeId, Told> {
        let own = self.identity.node;
        let country = self.giver()?.0.country;
        let found = self.agency(agency)?.filter(|found| found.record.country == country.as_str());
        let held = self.held()?;
        let is_exercise = |node: &NodeId| held.node(node).is_some_and(|state| state.roles.is_exercise());
        let node = found.map(|found| found.node).filter(|node| {
            let adds_up = held.node(node).is_some_and(given::adds_up);
            *node != own && adds_up && held.authority_of(node).is_none() && is_exercise(node) == is_exercise(&own)
        });
        node.ok_or_else(|| {
            Told::refused(
                "no-co-ordinator",
                format!("the registry names no other agency {agency} of this country that adds up reports"),
                "see `safeconduct directory` for who has the role NrmCoordinator or NationalRapporteur",
            )
        })
    }

    fn sent_line(&mut self, one: Sent, left_out: Vec<String>) -> Result<SentLine, Told> {
        let state = outbox::find(&self.vault, &one.message)?.map(|entry| entry.state.as_str().to_owned());
        Ok(SentLine {
            agency: one.agency,
            period: one.period,
            edition: one.edition,
            message_id: one.message.to_hex(),
            queued_at: one.at.0,
            state,
            left_out,
        })
    }

    fn queued_line(
        &mut self,
        agreement: &Agreement,
        period: Period,
        edition: u32,
        queued: Queued,
    ) -> Result<SentLine, Told> {
        let (agency, at) = (agreement.agency.to_string(), self.now());
        let one = Sent { agency, period: period.to_string(), edition, message: queued.message, at };
        self.sent_line(one, queued.left_out)
    }
}

fn agency_of(text: &str) -> Result<AgencyId, Told> {
    text.parse().map_err(|error: safeconduct_protocol::id::NotAnAgencyId| {
        Told::usage(error.to_string(), "see `safeconduct directory` for the agencies")
    })
}

fn not_agreed() -> Told {
    Told::refused(
        "not-agreed",
        "nobody here has agreed to that",
        "see `safeconduct report travelling`, and agree with `safeconduct report agree`",
    )
}
