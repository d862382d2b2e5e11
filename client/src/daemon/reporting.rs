//! Reports that travel by themselves: what a person has agreed to, what is due, what came.

use safeconduct_certs::node::NodeStatus;
use safeconduct_protocol::id::{AgencyId, NodeId};

use super::{Node, monitoring::named};
use crate::{
    api::travelling::{
        AgreeAsked, AgreementLine, AsideLine, EndAsked, ReceivedLine, ReportsReceived, ReportsSent, SentLine,
        SetAsideAsked, Travelling,
    },
    error::Told,
    log::event,
    monitoring::{
        agreement::{self, Agreement, NewAgreement},
        given::{self, Aside},
        part::Indicators,
        period::Period,
        sent::{self, Going, Queued, Sent},
        store::{self, NotReleased},
    },
    outbox::{self, OutboxEntry},
    people::Pseudonym,
    registry,
};

/// Characters of a reason for setting a report aside, at most.
const REASON_CHARS_MAX: usize = 200;

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
        // With another node than it was agreed with nothing goes: that one is ended, and this one stands in its place.
        if let Some(held) = agreement::with(self.vault.db(), &agency)?
            && self.agreed_node(&held).is_ok()
        {
            return Err(Told::refused(
                "agreed-already",
                format!("reports go to {agency} by themselves already"),
                "end that first with `safeconduct report end`, if it is to be another",
            ));
        }
        let key = self.held()?.node(&node).map(|state| state.key_id).ok_or_else(|| no_co_ordinator(&agency))?;
        let now = self.now();
        let new = NewAgreement { agency: &agency, node, key, indicators, officer };
        agreement::agree(&mut self.vault, &new, now)?;
        tracing::info!(event = event::REPORTS_AGREED);
        self.travelling()
    }

    /// `report end`: nothing more goes to this co-ordinator, and what is queued for it is given up.
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
                None => self.agreed_node(&one).err().map(|told| format!("{}; {}", told.message, told.remedy)),
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
        let sent = sent.into_iter().map(|one| self.sent_line(one)).collect::<Result<_, _>>()?;
        Ok(Travelling { agreements, sent })
    }

    /// `report send`, after a person's yes: a released report goes to every co-ordinator that was agreed to; also one of a period before.
    ///
    /// # Errors
    /// `not-your-role`; `no-period`, `not-released`; `not-agreed`; `no-co-ordinator`, `co-ordinator-replaced`; or what the vault says.
    pub fn report_send(&mut self, period: &str, by: Option<&str>) -> Result<ReportsSent, Told> {
        let officer = self.releasing(by)?;
        let period = named(&self.report_show(period)?.period)?;
        let agreements = agreement::that_hold(self.vault.db())?;
        if agreements.is_empty() {
            return Err(not_agreed());
        }
        let (mut queued, mut before) = (Vec::new(), Vec::new());
        for one in &agreements {
            let node = self.agreed_node(one)?;
            match self.send_report(one, node, period, Some(officer))? {
                Some(done) => queued.push(self.queued_line(one, period, done)?),
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
            let Ok(node) = self.agreed_node(one) else { continue };
            for period in Period::ended_between(one.since, sure, super::monitoring::length(&profile), MADE_UP_MAX) {
                self.send_one_due(one, node, period)?;
            }
        }
        Ok(())
    }

    fn send_one_due(&mut self, agreement: &Agreement, node: NodeId, period: Period) -> Result<(), Told> {
        if !store::is_released(self.vault.db(), period)? {
            match store::may_release(self.vault.db(), period, self.now()) {
                Ok(()) => self.released(&period.to_string(), None).map(drop)?,
                Err(NotReleased::Vault(error)) => return Err(error.into()),
                // Days of it are in another period that was released: nothing of it goes.
                Err(_) => return Ok(()),
            }
        }
        if let Some(queued) = self.send_report(agreement, node, period, None)? {
            tracing::info!(event = event::REPORT_SENT, period = %period, message_id = %queued.message.short());
        }
        Ok(())
    }

    /// Queues a released report, unless it went before.
    fn send_report(
        &mut self,
        agreement: &Agreement,
        recipient: NodeId,
        period: Period,
        officer: Option<Pseudonym>,
    ) -> Result<Option<Queued>, Told> {
        if officer.is_none() && sent::went(self.vault.db(), &agreement.agency, period)? {
            return Ok(None);
        }
        let Some(report) = store::released(self.vault.db(), period)? else { return Ok(None) };
        let (own, now) = (self.identity.node, self.now());
        let exercise = self.held()?.node(&own).is_some_and(|state| state.roles.is_exercise());
        let going = Going { agreement, recipient, report: &report, exercise, officer };
        Ok(sent::send(&mut self.vault, &going, now, &mut self.entropy)?)
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
            received_at: one.at.0,
            message_id: one.message.map(|message| message.to_hex()),
            counts: one.aside.is_none(),
            in_sum: one.in_sum,
            aside: one.aside.map(|aside| AsideLine { at: aside.at.0, officer: aside.by.to_hex(), reason: aside.why }),
        };
        let reports = given::all(self.vault.db(), period.as_deref())?;
        Ok(ReportsReceived { reports: reports.into_iter().map(line).collect() })
    }

    /// `report set-aside`, after a person's yes: a report that an agency gave counts in no sum that is shown from now on; one
    /// that was shown with it stays.
    ///
    /// # Errors
    /// `not-your-role`; `no-period`, `usage`; `not-received`; or what the vault says.
    pub fn report_set_aside(&mut self, asked: &SetAsideAsked) -> Result<ReportsReceived, Told> {
        let by = self.releasing(asked.by.as_deref())?;
        let (agency, period, why) = (agency_of(&asked.agency)?, named(&asked.period)?, asked.reason.trim());
        if why.is_empty() || why.chars().count() > REASON_CHARS_MAX || why.chars().any(char::is_control) {
            let fact = format!("a reason is one line of 1 to {REASON_CHARS_MAX} characters");
            return Err(Told::usage(fact, "say why in few words, and nothing of a person"));
        }
        let aside = Aside { at: self.now(), by, why: why.to_owned() };
        if !given::set_aside(self.vault.db(), (&agency, period), &aside)? {
            return Err(Told::refused(
                "not-received",
                format!("no report of {agency} of {period} counts here"),
                "see `safeconduct report received`",
            ));
        }
        tracing::info!(event = event::REPORT_SET_ASIDE, period = %period);
        self.report_received(Some(&asked.period))
    }

    /// The node to which reports go by an agreement: the one that it was made with, while that is the co-ordinator's.
    fn agreed_node(&mut self, agreement: &Agreement) -> Result<NodeId, Told> {
        let node = self.co_ordinator(&agreement.agency)?;
        if self.held()?.node(&node).is_some_and(|state| agreement.is_with(state)) {
            return Ok(node);
        }
        Err(Told::refused(
            "co-ordinator-replaced",
            format!("{} has another node than reports were agreed to go to", agreement.agency),
            "ask them by phone whether it is theirs, then agree anew: safeconduct report agree",
        ))
    }

    /// Whether the agreement by which a report was queued stands: for this very node, which adds up still. Asked before each of its steps.
    ///
    /// # Errors
    /// `report-not-agreed`, `no-co-ordinator`; `registry-missing` while the registry does not say who this agency is; what the vault says.
    pub(super) fn report_stands(&mut self, entry: &OutboxEntry) -> Result<(), Told> {
        let ended = || {
            let reason = outbox::FailReason::ReportNotAgreed;
            Told::refused(reason.as_str(), reason.says(), reason.remedy())
        };
        let agency = entry.agency.as_deref().ok_or_else(ended)?;
        let agency = agency.parse::<AgencyId>().map_err(|_not| ended())?;
        let held = agreement::with(self.vault.db(), &agency)?.ok_or_else(ended)?;
        // What is for a suspended node waits: it may be active again.
        let is_suspended =
            self.held()?.node(&entry.recipient).is_some_and(|state| state.status == NodeStatus::Suspended);
        let stands = if is_suspended {
            let state = self.held()?.node(&entry.recipient).ok_or_else(ended)?;
            given::is_to_add_up(state) && held.is_with(state)
        } else {
            match self.agreed_node(&held) {
                Ok(node) => node == entry.recipient,
                Err(told) if told.code == "co-ordinator-replaced" => false,
                Err(told) => return Err(told),
            }
        };
        if stands { Ok(()) } else { Err(ended()) }
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
        node.ok_or_else(|| no_co_ordinator(agency))
    }

    fn sent_line(&mut self, one: Sent) -> Result<SentLine, Told> {
        let entry = outbox::find(&self.vault, &one.message)?;
        let plight = entry.as_ref().map(|entry| self.plight(entry)).transpose()?.flatten();
        Ok(SentLine {
            agency: one.agency,
            period: one.period,
            message_id: one.message.to_hex(),
            queued_at: one.at.0,
            state: entry.map(|entry| entry.state.as_str().to_owned()),
            says: plight.map(|plight| format!("{}; {}", plight.says, plight.remedy)),
            left_out: one.left_out,
        })
    }

    fn queued_line(&mut self, agreement: &Agreement, period: Period, queued: Queued) -> Result<SentLine, Told> {
        let (agency, at) = (agreement.agency.to_string(), self.now());
        let (message, left_out) = (queued.message, queued.left_out);
        self.sent_line(Sent { agency, period: period.to_string(), message, at, left_out })
    }
}

fn agency_of(text: &str) -> Result<AgencyId, Told> {
    text.parse().map_err(|error: safeconduct_protocol::id::NotAnAgencyId| {
        Told::usage(error.to_string(), "see `safeconduct directory` for the agencies")
    })
}

fn no_co_ordinator(agency: &AgencyId) -> Told {
    Told::refused(
        "no-co-ordinator",
        format!("the registry names no other agency {agency} of this country that adds up reports"),
        "see `safeconduct directory` for who has the role NrmCoordinator or NationalRapporteur",
    )
}

fn not_agreed() -> Told {
    Told::refused(
        "not-agreed",
        "nobody here has agreed to that",
        "see `safeconduct report travelling`, and agree with `safeconduct report agree`",
    )
}
