//! What a person does with a referral: judged by the life, by the role of the agency and by the form of what is said, then signed.

use zeroize::Zeroizing;

use super::super::{Node, judge};
use crate::{
    api::cases::{ActAsked, ReferralShown},
    casework::{
        details::Details,
        erase,
        give::{self, Act, By, Desk},
        life::{
            code::{DeclineReason, Outcome, Step, Why, WithdrawReason},
            state::State,
            terms::Side,
        },
        react,
        refusal::CaseworkError,
        stand,
        store::{
            columns::at,
            revision,
            row::{News, Row},
        },
    },
    error::Told,
    referral::{
        codes::{Role, Service},
        dates::Date,
        policy::{competence, contains_identifier},
        text::Country,
    },
    vault::int,
};

/// The steps that a person does; what is local or the node's own is not among them.
const BY_PERSONS: &[Step] = &[
    Step::InfoRequested,
    Step::InfoProvided,
    Step::Accepted,
    Step::Declined,
    Step::DisclosureRaised,
    Step::DisclosureRequested,
    Step::ServiceStarted,
    Step::TransferProposed,
    Step::Closed,
    Step::Withdrawn,
    Step::Reinstated,
    Step::ReflectionSet,
];

fn step_of(name: &str) -> Result<Step, CaseworkError> {
    let form = "the name of an act, such as `Accepted` or `Declined`";
    let found = BY_PERSONS.iter().copied().find(|step| step.as_str() == name);
    found.ok_or(CaseworkError::BadValue { member: "event", form })
}

fn code_of(step: Step, why: Option<&str>) -> Result<u8, CaseworkError> {
    let Some(name) = why else { return Ok(0) };
    let declined = DeclineReason::ALL.iter().copied().map(Why::Declined);
    let closed = Outcome::ALL.iter().copied().map(Why::Closed);
    let withdrawn = WithdrawReason::ALL.iter().copied().map(Why::Withdrawn);
    let number = declined
        .chain(closed)
        .chain(withdrawn)
        .find(|one| one.as_str() == name && Why::of(step, one.number()) == Some(*one));
    let form = "a reason or an outcome of this act's list, see `docs/CASEWORK.md`";
    number.map(Why::number).ok_or(CaseworkError::BadValue { member: "why", form })
}

impl ActAsked {
    fn details(&self) -> Details {
        Details {
            text: self.text.clone().map(Zeroizing::new),
            suggest: self.suggest.clone(),
            earliest_capacity: self.earliest_capacity.clone(),
            service_on: self.service_on.clone(),
            desk: self.desk.clone(),
            reflection: self.reflection.clone(),
            ..Details::default()
        }
    }
}

impl Node {
    /// An act of a person on a referral.
    ///
    /// # Errors
    /// Why it is not done; nothing is changed then.
    pub fn act(&mut self, id: &str, asked: &ActAsked) -> Result<ReferralShown, Told> {
        let row = self.case(id)?;
        let step = step_of(&asked.event)?;
        let act = Act {
            code: code_of(step, asked.why.as_deref())?,
            level: asked.level,
            details: asked.details(),
            ..Act::of(step, self.person())
        };
        self.unchanged(&row, asked)?;
        self.guards(&row, &act)?;
        match &asked.revision {
            Some(new) => self.act_with_revision(&row, act, new),
            None if step == Step::DisclosureRaised => {
                Err(CaseworkError::BadValue { member: "revision", form: "the referral at its new level" }.into())
            }
            None => {
                self.give(row.place, &act)?;
                self.shown_case(row.place)
            }
        }
    }

    /// Two people at one agency: the second acts on what it has seen, or not at all.
    fn unchanged(&self, row: &Row, asked: &ActAsked) -> Result<(), CaseworkError> {
        let found = stand::look(self.vault.db(), row.place, &self.identity.node, self.now())?;
        let known = u64::try_from(found.events.len()).unwrap_or(u64::MAX);
        if asked.events.is_some_and(|seen| seen != known) { Err(CaseworkError::ChangedMeanwhile) } else { Ok(()) }
    }

    /// Signs an act and queues it, in one transaction.
    pub(super) fn give(&mut self, place: i64, act: &Act) -> Result<(), Told> {
        let (now, held, agencies) = (self.now(), self.held_copy()?, self.agencies()?);
        let setting = agencies.setting();
        let desk = Desk { identity: &self.identity, held: &held, setting: &setting };
        let tx = self.vault.begin()?;
        let found = give::give(&tx, &desk, place, act, now, &mut self.entropy)?;
        react::to(&tx, &desk, &found, now, &mut self.entropy)?;
        tx.commit().map_err(CaseworkError::from)?;
        Ok(())
    }

    /// What must hold besides the life of the referral.
    fn guards(&mut self, row: &Row, act: &Act) -> Result<(), CaseworkError> {
        let needs_text = matches!(act.step, Step::InfoRequested | Step::DisclosureRequested);
        if needs_text && act.details.text.is_none() {
            return Err(CaseworkError::TextNeeded);
        }
        if let Some(text) = &act.details.text
            && row.level <= 1
            && contains_identifier(text)
        {
            return Err(CaseworkError::TextIdentifies { level: row.level });
        }
        if act.step == Step::Accepted {
            self.competent(row)?;
        }
        let today = Date::on(self.now());
        let begins = act.details.service_on.as_deref().and_then(Date::of_text);
        if act.step == Step::ServiceStarted && begins.zip(today).is_some_and(|(begins, today)| begins > today) {
            return Err(CaseworkError::InFuture);
        }
        if let Some(period) = &act.details.reflection {
            let day = |text: &Option<String>| text.as_deref().and_then(Date::of_text);
            if day(&period.start).zip(day(&period.end)).is_some_and(|(start, end)| end < start) {
                return Err(CaseworkError::PeriodReversed);
            }
            self.may_set_reflection(row)?;
        }
        Ok(())
    }

    /// Whether an agency of this role takes a referral for these services (REFERRAL §7.2).
    fn competent(&self, row: &Row) -> Result<(), CaseworkError> {
        let Some((_, referral)) = revision::newest(self.vault.db(), row.place)? else {
            return Err(CaseworkError::Erased);
        };
        let to = &referral.header.to;
        let profile = judge::PROFILES.for_country(&to.country);
        let takes = competence::services(to.role, profile);
        let all = |takes: &Vec<Service>| referral.enquiry.services.iter().all(|service| takes.contains(service));
        if takes.as_ref().is_none_or(all) { Ok(()) } else { Err(CaseworkError::NotCompetent) }
    }

    /// Who grants a reflection period in this agency's country.
    fn may_set_reflection(&mut self, row: &Row) -> Result<(), CaseworkError> {
        let own = self.identity.node;
        let agencies = self.agencies().map_err(|_told| CaseworkError::NotCompetent)?;
        let Some(agency) = agencies.by_node(&own) else { return Err(CaseworkError::NotCompetent) };
        let Some(country) = Country::of(&agency.record.country) else { return Err(CaseworkError::NotCompetent) };
        let granted_by = &judge::PROFILES.for_country(&country).reflection.granted_by;
        let roles: Vec<Role> =
            agency.record.roles.iter().filter_map(|role| at(Role::ALL, i64::from(role.0.bit()))).collect();
        let may = |role: &Role| *role == Role::CompetentAuthority || granted_by.contains(role);
        if roles.iter().any(may) && row.erased_at.is_none() { Ok(()) } else { Err(CaseworkError::NotCompetent) }
    }

    /// `referral open`: a person of this agency looks at what came. The first time is signed and told to the sender (T06).
    ///
    /// # Errors
    /// `content-erased` when it was withdrawn or has expired; `unknown-referral`; what the vault says.
    pub fn open_referral(&mut self, id: &str) -> Result<ReferralShown, Told> {
        let row = self.case(id)?;
        self.open_case(&row)?;
        let row = Row::at(self.vault.db(), row.place)?;
        let referral = self.case_content(&row)?;
        Ok(ReferralShown { referral: Some(referral), ..self.shown_case(row.place)? })
    }

    /// The first look of a person at the recipient is an event; each look is noted, and what was news is seen.
    pub(in crate::daemon) fn open_case(&mut self, row: &Row) -> Result<(), Told> {
        let now = self.now();
        let fresh = stand::look(self.vault.db(), row.place, &self.identity.node, now)?;
        if !stand::may_be_read(fresh.standing.state) || row.erased_at.is_some() {
            return Err(CaseworkError::Erased.into());
        }
        if row.side == Side::Recipient && fresh.standing.state == State::Delivered {
            self.give(row.place, &Act::of(Step::Opened, self.person()))?;
        }
        let By::Person(pseudonym, _) = self.person() else { return Ok(()) };
        let db = self.vault.db();
        db.execute(
            "INSERT INTO view_log (referral, officer, at, sections) VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![row.place, pseudonym, int(now.0), row.level],
        )
        .map_err(CaseworkError::from)?;
        seen(db, row.place)?;
        Ok(())
    }

    /// `referral seen`: a caseworker has looked at what is new.
    ///
    /// # Errors
    /// `unknown-referral`, or what the vault says.
    pub fn referral_seen(&mut self, id: &str) -> Result<ReferralShown, Told> {
        let place = self.case(id)?.place;
        seen(self.vault.db(), place)?;
        self.shown_case(place)
    }

    /// `referral hold`: the law keeps the content, with a reference; `None` ends it.
    ///
    /// # Errors
    /// A reference that is none, `unknown-referral`, or what the vault says.
    pub fn hold_referral(&mut self, id: &str, reference: Option<&str>) -> Result<ReferralShown, Told> {
        let place = self.case(id)?.place;
        let fits = |text: &str| (1..=120).contains(&text.chars().count()) && crate::referral::text::is_safe_line(text);
        if reference.is_some_and(|text| !fits(text)) {
            return Err(CaseworkError::BadValue { member: "reference", form: "one line of 1 to 120 characters" }.into());
        }
        let sql = "UPDATE referral SET hold = ?2 WHERE place = ?1";
        self.vault.db().execute(sql, rusqlite::params![place, reference]).map_err(CaseworkError::from)?;
        self.refresh_case(place)?;
        self.shown_case(place)
    }

    /// `referral erase`: what is here of a referral that has ended is erased now, and certified to the sender.
    ///
    /// # Errors
    /// `not-now` while it is open, `legal-hold`, or what the vault says.
    pub fn erase_referral(&mut self, id: &str) -> Result<ReferralShown, Told> {
        let row = self.case(id)?;
        if row.hold.is_some() {
            return Err(CaseworkError::Held.into());
        }
        if row.state.phase() != crate::casework::life::state::Phase::Final {
            let found = stand::look(self.vault.db(), row.place, &self.identity.node, self.now())?;
            let act = Act::of(Step::ErasureCertified, self.person());
            give::check(&found, &act)?;
        }
        let (now, held, agencies) = (self.now(), self.held_copy()?, self.agencies()?);
        let setting = agencies.setting();
        let desk = Desk { identity: &self.identity, held: &held, setting: &setting };
        let tx = self.vault.begin()?;
        erase::and_certify(&tx, &desk, row.place, now, &mut self.entropy)?;
        tx.commit().map_err(CaseworkError::from)?;
        self.vault.checkpoint()?;
        self.shown_case(row.place)
    }
}

/// What was new is seen; what asks for an act stays until it is done.
fn seen(db: &rusqlite::Connection, place: i64) -> Result<(), CaseworkError> {
    let passing = News::Told.bit() | News::SafetyCheck.bit() | News::AskAgain.bit() | News::Unanswered.bit();
    db.execute("UPDATE referral SET alarm = alarm & ~?2 WHERE place = ?1", rusqlite::params![place, passing])?;
    Ok(())
}
