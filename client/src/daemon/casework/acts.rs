//! What a person does with a referral: judged by the life, by the role of the agency and by the form of what is said, then signed.

use rusqlite::OptionalExtension as _;
use zeroize::Zeroizing;

use super::{super::Node, by};
use crate::{
    api::cases::{ActAsked, Keep, KeepAsked, OpenAsked, ReferralShown},
    casework::{
        details::Details,
        erase,
        give::{self, Act},
        lapse,
        life::{
            code::{DeclineReason, Outcome, Step, Why, WithdrawReason},
            state::State,
            terms::{Hand, Side},
        },
        react,
        refusal::CaseworkError,
        stand,
        store::{columns::at, revision, row::Row},
        views::{self, Look},
    },
    error::Told,
    people::Officer,
    referral::{
        codes::{Basis, Role, Section, Service},
        consent::Consent,
        dates::Date,
        policy::{competence, contains_identifier},
        text::Country,
    },
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
    Step::OverrideNotice,
    Step::OverrideReviewed,
];

fn step_of(name: &str) -> Result<Step, CaseworkError> {
    let found = BY_PERSONS.iter().copied().find(|step| step.as_str() == name);
    found.ok_or_else(|| CaseworkError::not_in("event", BY_PERSONS, Step::as_str))
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
    number.map(Why::number).ok_or_else(|| {
        if step == Step::Declined {
            CaseworkError::not_in("reason", DeclineReason::ALL, DeclineReason::as_str)
        } else if step == Step::Closed {
            CaseworkError::not_in("outcome", Outcome::ALL, Outcome::as_str)
        } else if step == Step::Withdrawn {
            CaseworkError::not_in("reason", WithdrawReason::ALL, WithdrawReason::as_str)
        } else {
            CaseworkError::NotTaken { member: "reason or outcome" }
        }
    })
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
            override_said: self.override_said.clone(),
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
        let officer = self.acting(asked.by.as_deref())?;
        let row = self.case(id)?;
        let step = step_of(&asked.event)?;
        let act = Act {
            code: code_of(step, asked.why.as_deref())?,
            level: asked.level,
            details: asked.details(),
            ..Act::of(step, by(&officer))
        };
        self.unchanged(&row, asked)?;
        self.guards(&row, &act, &officer)?;
        match &asked.revision {
            Some(new) => self.act_with_revision(&row, act, new, &officer),
            None if step == Step::DisclosureRaised => {
                Err(CaseworkError::BadValue { member: "revision", form: "the referral at its new level" }.into())
            }
            None => {
                self.give(row.place, &act)?;
                if matches!(step, Step::Accepted | Step::ServiceStarted) {
                    Row::assign(self.vault.db(), row.place, officer.pseudonym().as_bytes())?;
                }
                self.shown_case(row.place, &officer)
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
        self.give_all(core::slice::from_ref(&(place, act.clone())))
    }

    /// Signs acts on several referrals and queues them: all of them, or none.
    pub(super) fn give_all(&mut self, acts: &[(i64, Act)]) -> Result<(), Told> {
        self.not_restoring()?;
        self.at_desk(|tx, desk, now, entropy| -> Result<(), CaseworkError> {
            for (place, act) in acts {
                let found = give::give(tx, desk, *place, act, now, entropy)?;
                react::to(tx, desk, &found, now, entropy)?;
            }
            Ok(())
        })
    }

    /// A vault that was put back signs nothing before the relay has said which epoch it knows: two acts under one number would count
    /// neither.
    pub(super) fn not_restoring(&self) -> Result<(), Told> {
        let query = "SELECT 1 FROM restored WHERE pending = 1 LIMIT 1";
        let pending = self.vault.db().query_row(query, [], |row| row.get::<_, i64>(0)).optional();
        if pending.map_err(CaseworkError::from)?.is_none() {
            return Ok(());
        }
        Err(Told::not_ready(
            "restore-pending",
            "this vault was put back, and has not been connected since",
            "start the daemon, wait until it is connected, then try again",
        ))
    }

    /// What must hold besides the life of the referral.
    fn guards(&mut self, row: &Row, act: &Act, officer: &Officer) -> Result<(), CaseworkError> {
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
        if act.step == Step::InfoProvided {
            self.still_covered_at_all(row)?;
        }
        let today = Date::on(self.now());
        let begins = act.details.service_on.as_deref().and_then(Date::of_text);
        let told_on =
            act.details.override_said.as_ref().and_then(|said| said.told_on.as_deref()).and_then(Date::of_text);
        if told_on.zip(today).is_some_and(|(told_on, today)| told_on > today) {
            return Err(CaseworkError::InFuture);
        }
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
        if matches!(act.step, Step::OverrideNotice | Step::OverrideReviewed) {
            self.of_override(row, act, officer)?;
        }
        Ok(())
    }

    /// What is told of a person beside a version of its own needs a consent that has not ended.
    fn still_covered_at_all(&self, row: &Row) -> Result<(), CaseworkError> {
        let Some((_, referral)) = revision::newest(self.vault.db(), row.place)? else {
            return Err(CaseworkError::Erased);
        };
        if referral.level() < 1 {
            return Ok(());
        }
        lapse::may_use(self.vault.db(), &self.profiles, row.place, &referral, Section::Summary, self.now())
    }

    /// Whether an agency of this role takes a referral for these services (REFERRAL §7.2).
    fn competent(&self, row: &Row) -> Result<(), CaseworkError> {
        let Some((_, referral)) = revision::newest(self.vault.db(), row.place)? else {
            return Err(CaseworkError::Erased);
        };
        let to = &referral.header.to;
        let profile = self.profiles.for_country(&to.country);
        let takes = competence::services(to.role, profile);
        let all = |takes: &Vec<Service>| referral.enquiry.services.iter().all(|service| takes.contains(service));
        if takes.as_ref().is_none_or(all) { Ok(()) } else { Err(CaseworkError::NotCompetent) }
    }

    /// Whether the act is about a consent that is none of the person's own, and the one who reviews did not send it.
    fn of_override(&self, row: &Row, act: &Act, officer: &Officer) -> Result<(), CaseworkError> {
        let form = "a consent of this referral that is an act without the person's own";
        let said = act.details.override_said.as_ref().ok_or(CaseworkError::BadValue { member: "override", form })?;
        let (_, referral) = revision::newest(self.vault.db(), row.place)?.ok_or(CaseworkError::Erased)?;
        let overrides = |one: &Consent| {
            one.consent_id.as_str() == said.consent_id
                && matches!(one.basis, Basis::VitalInterest | Basis::LegalObligation)
        };
        if !referral.consents().iter().any(overrides) {
            return Err(CaseworkError::NoOverride);
        }
        if (act.step == Step::OverrideReviewed) != said.verdict.is_some() {
            return Err(CaseworkError::BadValue {
                member: "override",
                form: "`upheld` or `not-upheld` for a review, a day for a notice",
            });
        }
        // Who sent any revision of it reviews none.
        let may = act.step != Step::OverrideReviewed || self.is_another(row.place, officer)?;
        if may { Ok(()) } else { Err(CaseworkError::SamePerson) }
    }

    /// Who grants a reflection period in this agency's country.
    fn may_set_reflection(&mut self, row: &Row) -> Result<(), CaseworkError> {
        let own = self.identity.node;
        let agencies = self.agencies().map_err(|_told| CaseworkError::NotCompetent)?;
        let Some(agency) = agencies.by_node(&own) else { return Err(CaseworkError::NotCompetent) };
        let Some(country) = Country::of(&agency.record.country) else { return Err(CaseworkError::NotCompetent) };
        let granted_by = &self.profiles.for_country(&country).reflection.granted_by;
        let roles: Vec<Role> =
            agency.record.roles.iter().filter_map(|role| at(Role::ALL, i64::from(role.0.bit()))).collect();
        let may = |role: &Role| *role == Role::CompetentAuthority || granted_by.contains(role);
        if roles.iter().any(may) && row.erased_at.is_none() { Ok(()) } else { Err(CaseworkError::NotCompetent) }
    }

    /// `referral show --open`: a person of this agency looks at what came. The first time is signed and told to the sender (T06).
    ///
    /// # Errors
    /// `content-erased` when it was withdrawn or has expired; `not-your-role`, `not-assigned`; `unknown-referral`; what the vault says.
    pub fn open_referral(&mut self, id: &str, asked: &OpenAsked) -> Result<ReferralShown, Told> {
        let officer = self.acting(asked.by.as_deref())?;
        let row = self.case(id)?;
        // Who may see nothing of it does not open it either.
        let (view, seen) = self.case_view(&row, &officer, asked)?;
        self.open_case(&row, &officer, view.bits(), asked.reason.as_deref())?;
        let shown = self.shown_case(row.place, &officer)?;
        let names = |sections: &[Section]| sections.iter().map(|section| section.as_str().to_owned()).collect();
        Ok(ReferralShown {
            referral: serde_json::from_slice(view.content()).ok(),
            cautions: view.first().iter().map(|caution| caution.words().to_owned()).collect(),
            ended: seen.hidden.iter().map(|section| section.as_str().to_owned()).collect(),
            folded: names(view.folded()),
            masked: view.masked(),
            ..shown
        })
    }

    /// The first look of a person at the recipient is an event; each look is noted, and what was news is seen.
    pub(in crate::daemon) fn open_case(
        &mut self,
        row: &Row,
        officer: &Officer,
        sections: u16,
        reason: Option<&str>,
    ) -> Result<(), Told> {
        let now = self.now();
        let fresh = stand::look(self.vault.db(), row.place, &self.identity.node, now)?;
        if !stand::may_be_read(fresh.standing.state) || row.erased_at.is_some() {
            return Err(CaseworkError::Erased.into());
        }
        if row.side == Side::Recipient && fresh.standing.state == State::Delivered {
            self.give(row.place, &Act::of(Step::Opened, by(officer)))?;
        }
        let db = self.vault.db();
        views::note(db, row.place, &Look { officer: Some(officer.pseudonym()), sections, reason }, now)?;
        Ok(Row::seen(db, row.place)?)
    }

    /// `referral seen | hold | release-hold | assign | erase`: what one agency does with a referral by itself.
    ///
    /// # Errors
    /// `bad-value` for a reference that is none, `person-unknown`, `not-your-role`, `not-now` or `legal-hold` for an erasure,
    /// `unknown-referral`, or what the vault says.
    pub fn keep_referral(&mut self, id: &str, asked: &KeepAsked) -> Result<ReferralShown, Told> {
        let officer = match asked.what {
            Keep::Seen => {
                let officer = self.acting(asked.by.as_deref())?;
                if !officer.roles().works() {
                    return Err(crate::casework::view::Hidden::NotYourRole.into());
                }
                officer
            }
            Keep::Hold | Keep::ReleaseHold | Keep::Assign | Keep::Erase => {
                self.acting_as(asked.by.as_deref(), Hand::Supervisor)?
            }
        };
        let row = self.case(id)?;
        let text = asked.text.as_deref().unwrap_or_default();
        match asked.what {
            Keep::Seen => Row::seen(self.vault.db(), row.place)?,
            Keep::Hold => self.hold(&row, Some(text))?,
            Keep::ReleaseHold => self.hold(&row, None)?,
            Keep::Assign => {
                let theirs = crate::people::store::find(&self.vault, text)?;
                let sql = "UPDATE referral SET officer = ?2 WHERE place = ?1";
                let whose = theirs.pseudonym();
                let whose = rusqlite::params![row.place, whose.as_bytes()];
                self.vault.db().execute(sql, whose).map_err(CaseworkError::from)?;
            }
            Keep::Erase => self.erase(&row, &officer)?,
        }
        self.shown_case(row.place, &officer)
    }

    /// The law keeps the content, with a reference; none ends that.
    fn hold(&mut self, row: &Row, reference: Option<&str>) -> Result<(), Told> {
        let fits = |text: &str| (1..=120).contains(&text.chars().count()) && crate::referral::text::is_safe_line(text);
        if reference.is_some_and(|text| !fits(text)) {
            return Err(CaseworkError::BadValue { member: "reference", form: "one line of 1 to 120 characters" }.into());
        }
        self.at_desk(|tx, desk, now, entropy| {
            stand::hold(tx, row.place, reference, now)?;
            let found = stand::refresh(tx, row.place, desk.own(), desk.setting, now)?;
            // What the law has held back meanwhile is done now.
            react::to(tx, desk, &found, now, entropy)
        })
    }

    /// What is here of a referral that has ended is erased now, and certified to the sender.
    fn erase(&mut self, row: &Row, officer: &Officer) -> Result<(), Told> {
        if row.hold.is_some() {
            return Err(CaseworkError::Held.into());
        }
        if row.state.phase() != crate::casework::life::state::Phase::Final {
            let found = stand::look(self.vault.db(), row.place, &self.identity.node, self.now())?;
            let act = Act::of(Step::ErasureCertified, by(officer));
            give::check(&found, &act)?;
        }
        self.at_desk(|tx, desk, now, entropy| erase::and_certify(tx, desk, row.place, now, entropy))?;
        Ok(self.vault.checkpoint()?)
    }
}
