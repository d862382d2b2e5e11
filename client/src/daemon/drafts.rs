//! The verbs about drafts: begun from a form, changed, looked at, discarded; erased thirty days after the last change.

use std::sync::Arc;

use safeconduct_protocol::{id::AgencyId, time::Timestamp};

use super::{Node, judge};
use crate::{
    api::drafts::{Discarded, DraftLine, DraftShown, Drafts},
    casework::{
        drafts::{self, Draft},
        life::terms::Hand,
        view::Hidden,
    },
    error::{Told, ToldFinding},
    people::{
        LocalRole, Officer,
        store::{self, Listed},
    },
    referral::{
        codes::{Kind, Service, Urgency},
        compose::{self, Composed, Given, NotComposed},
        policy::{AgencyFacts, Direction, RegistryFacts},
    },
};

impl Node {
    /// `referral draft new`: from a short form or from a referral, whole or not.
    ///
    /// # Errors
    /// `no-form`, `unknown-agency`, `too-long`, `drafts-many`, what [`Self::acting_as`] refuses, or what the
    /// vault says.
    pub fn new_draft(&mut self, form: &[u8], to: Option<&AgencyId>, by: Option<&str>) -> Result<DraftShown, Told> {
        let officer = self.acting_as(by, Hand::Caseworker)?;
        let composed = self.composed(form, to)?;
        let now = self.now();
        let handle = drafts::keep(&self.vault, composed.bytes(), officer.pseudonym(), now, &mut self.entropy)?;
        self.show_draft(&handle.to_hex(), false, by)
    }

    /// `referral draft edit`: puts another form in its place. A referral that was shown and changed keeps its ids.
    ///
    /// # Errors
    /// As [`Self::new_draft`], and `unknown-draft`, `not-assigned`.
    pub fn edit_draft(
        &mut self,
        draft: &str,
        form: &[u8],
        to: Option<&AgencyId>,
        by: Option<&str>,
    ) -> Result<DraftShown, Told> {
        let (_, draft) = self.own_draft(draft, by)?;
        let composed = self.composed(form, to)?;
        let now = self.now();
        drafts::change(&self.vault, draft.handle, composed.bytes(), now)?;
        self.show_draft(&draft.handle.to_hex(), false, by)
    }

    /// `referral draft list`: one's own, and a supervisor's colleagues' too.
    ///
    /// # Errors
    /// What [`Self::acting_as`] refuses, or what the vault says.
    pub fn drafts(&mut self, by: Option<&str>) -> Result<Drafts, Told> {
        self.expire_drafts()?;
        let officer = self.acting_as(by, Hand::Caseworker)?;
        let people = store::list(&self.vault, true)?;
        let kept = drafts::list(&self.vault)?;
        let (own, now) = (kept.iter().filter(|draft| may_write(&officer, draft, &people)), self.now());
        let lines = own.map(|draft| line(draft, &Composed::read(draft.content.clone()), &people, now));
        Ok(Drafts { drafts: lines.collect() })
    }

    /// `referral draft show`; its content only if that is asked for.
    ///
    /// # Errors
    /// `unknown-draft`, `not-assigned`, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn show_draft(&mut self, draft: &str, with_content: bool, by: Option<&str>) -> Result<DraftShown, Told> {
        let (_, draft) = self.own_draft(draft, by)?;
        let composed = Composed::read(draft.content.clone());
        let line = line(&draft, &composed, &store::list(&self.vault, true)?, self.now());
        let findings = match composed.referral() {
            Ok(_) => self.judged_draft(&composed, &line.to)?,
            Err(findings) => findings.iter().map(judge::tell).collect(),
        };
        let value: Option<serde_json::Value> = serde_json::from_slice(composed.bytes()).ok();
        let proposal = compose::proposal(&value.as_ref().map(services).unwrap_or_default());
        Ok(DraftShown {
            line,
            findings,
            level_needed: proposal.level,
            sections_needed: proposal.sections.iter().map(|section| section.as_str().to_owned()).collect(),
            content: value.filter(|_| with_content),
        })
    }

    /// `referral draft discard`.
    ///
    /// # Errors
    /// `unknown-draft`, `not-assigned`, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn discard_draft(&mut self, draft: &str, by: Option<&str>) -> Result<Discarded, Told> {
        let (_, draft) = self.own_draft(draft, by)?;
        drafts::discard(self.vault.db(), draft.handle)?;
        Ok(Discarded { draft: draft.handle.to_hex() })
    }

    /// A draft, for who may go on with it: the one who writes it, or a supervisor.
    ///
    /// # Errors
    /// `unknown-draft`, `not-assigned`, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn own_draft(&mut self, draft: &str, by: Option<&str>) -> Result<(Officer, Draft), Told> {
        self.expire_drafts()?;
        let officer = self.acting_as(by, Hand::Caseworker)?;
        let draft = drafts::find(&self.vault, draft)?;
        let people = store::list(&self.vault, true)?;
        if may_write(&officer, &draft, &people) { Ok((officer, draft)) } else { Err(Hidden::NotAssigned.into()) }
    }

    /// Erases the drafts whose time is over: what is erased does not come back, so that both clocks must say so.
    ///
    /// # Errors
    /// What the vault says.
    pub fn expire_drafts(&mut self) -> Result<(), Told> {
        let sure = crate::registry::confirmed(self.vault.db(), self.clock.now())?;
        drafts::expire(self.vault.db(), sure)?;
        crate::casework::asking::forget(self.vault.db(), sure)?;
        Ok(())
    }

    /// Fills in what follows from a form.
    fn composed(&mut self, form: &[u8], to: Option<&AgencyId>) -> Result<Composed, Told> {
        let own = self.own_agency()?;
        let agencies = self.agencies()?;
        let from = agencies.facts(&own).ok_or_else(|| super::verbs::unknown_agency(&own))?;
        let known = |to: &AgencyId| agencies.facts(to).ok_or_else(|| super::verbs::unknown_agency(to));
        let to: Option<AgencyFacts> = to.map(known).transpose()?;
        let now = self.now();
        let profiles = Arc::clone(&self.profiles);
        let mut given = Given { now, from: &from, to: to.as_ref(), profiles: &profiles, entropy: &mut self.entropy };
        compose::compose(form, &mut given).map_err(|error| match error {
            NotComposed::NoForm(findings) => judge::no_form(&findings),
            NotComposed::NoEntropy(error) => error.into(),
        })
    }

    /// What the decision table says of a draft to which nothing is missing.
    fn judged_draft(&mut self, composed: &Composed, to: &str) -> Result<Vec<ToldFinding>, Told> {
        let own = self.own_agency()?;
        let facts: Option<RegistryFacts> = match to.parse::<AgencyId>() {
            Ok(to) => Some(self.registry_facts(&own, &to)?),
            Err(_nobody) => None,
        };
        let now = self.now();
        Ok(match judge::judge(composed.bytes(), Direction::Outbound, now, &self.profiles, facts) {
            Ok(accepted) => accepted.warnings,
            Err(told) => told.findings.clone(),
        })
    }
}

/// Whether it is this person's to go on with. What was begun before anybody was recorded, or by who has left, is every caseworker's.
fn may_write(officer: &Officer, draft: &Draft, people: &[Listed]) -> bool {
    let works = |listed: &Listed| listed.until.is_none() && listed.officer.pseudonym() == draft.officer;
    let theirs = officer.pseudonym() == draft.officer || officer.roles().has(LocalRole::Supervisor);
    theirs || !people.iter().any(works)
}

/// Its line in the list: nothing of a person.
fn line(draft: &Draft, composed: &Composed, people: &[Listed], now: Timestamp) -> DraftLine {
    let value: serde_json::Value = serde_json::from_slice(composed.bytes()).unwrap_or_default();
    let text = |at: &str| value.pointer(at).and_then(|value| value.as_str()).unwrap_or_default();
    // A list takes codes and ids only: whatever else stands there is not shown.
    let by = people.iter().find(|listed| listed.officer.pseudonym() == draft.officer);
    DraftLine {
        draft: draft.handle.to_hex(),
        kind: Kind::from_code(text("/header/kind")).map_or("", Kind::as_str).to_owned(),
        level: value.pointer("/header/disclosure_level").and_then(serde_json::Value::as_i64),
        urgency: Urgency::from_code(text("/header/urgency")).map_or("", Urgency::as_str).to_owned(),
        to: text("/header/to/agency_id").parse::<AgencyId>().map(String::from).unwrap_or_default(),
        by: by.and_then(|listed| listed.officer.name()).unwrap_or_default().to_owned(),
        changed_at: draft.at.0,
        ends_at: draft.ends().0,
        ends_soon: draft.ends_soon(now),
        complete: composed.referral().is_ok(),
    }
}

/// The services that a draft asks for, as far as they can be read.
fn services(draft: &serde_json::Value) -> Vec<Service> {
    let listed = draft.pointer("/enquiry/services").and_then(serde_json::Value::as_array);
    listed.into_iter().flatten().filter_map(|code| Service::from_code(code.as_str()?)).collect()
}
