//! A person takes a consent back: one act reaches everybody to whom a referral went on the strength of it.

use std::collections::BTreeSet;

use safeconduct_protocol::time::Timestamp;

use super::{super::Node, by};
use crate::{
    api::cases::{Withdrawn, WithdrawnAt},
    casework::{
        coverage::Coverage,
        details::Details,
        give::Act,
        life::{
            code::{Step, Why, WithdrawReason},
            state::Phase,
            terms::Hand,
        },
        refusal::CaseworkError,
        store::{
            columns::uuid_bytes,
            consent::{received_on, sent_on},
            event, revision,
        },
        take::changed_consents,
    },
    error::Told,
    people::Officer,
    referral::{
        Referral,
        codes::{ConsentStatus, Section},
        profile::Profiles,
        text::Uuid,
    },
    vault::VaultError,
};

/// What is done where, each at its place, and whom that reaches.
type Reached = (Vec<(i64, Act)>, Vec<WithdrawnAt>);

impl Node {
    /// `consent withdraw`: every open referral that rests on this consent is withdrawn, or, where another consent still covers some of it,
    /// the recipient is told and erases what is covered no more (T23). A referral that came here on it is sifted here, and its sender told. The person's words are not recorded.
    ///
    /// # Errors
    /// `unknown-consent` when no open referral rests on it, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn withdraw_consent(&mut self, consent: &str, who: Option<&str>) -> Result<Withdrawn, Told> {
        let officer = self.acting_as(who, Hand::Caseworker)?;
        let (acts, reached) = self.reached_by(consent, &officer)?;
        self.give_all(&acts)?;
        Ok(Withdrawn { reached, daemon: false })
    }

    /// Whom [`Self::withdraw_consent`] would reach, and how far. Nothing is done.
    ///
    /// # Errors
    /// As for it.
    pub fn consent_reaches(&mut self, consent: &str, who: Option<&str>) -> Result<Vec<WithdrawnAt>, Told> {
        let officer = self.acting_as(who, Hand::Caseworker)?;
        Ok(self.reached_by(consent, &officer)?.1)
    }

    /// What is done where, when a consent is taken back.
    fn reached_by(&mut self, consent: &str, officer: &Officer) -> Result<Reached, Told> {
        let id = Uuid::of(consent).and_then(|_uuid| uuid_bytes(consent));
        let form = "a consent's id, as the referral has it";
        let id = id.ok_or(CaseworkError::BadValue { member: "consent", form })?;
        let (mut acts, mut reached) = (Vec::new(), Vec::new());
        for row in sent_on(self.vault.db(), &id)? {
            let referral = match revision::newest(self.vault.db(), row.place) {
                Ok(Some((_, referral))) => Some(referral),
                Ok(None) => continue,
                // It rests on it by the index; what cannot be read is taken back whole, and keeps nobody else from being reached.
                Err(VaultError::Damaged { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            let mut gone = changed_consents(&event::all(self.vault.db(), row.place)?);
            if gone.contains(consent) || referral.as_ref().is_some_and(|referral| !rests_on(referral, consent)) {
                continue;
            }
            gone.insert(consent.to_owned());
            // What has not arrived yet is taken back as a whole: nobody there could erase a part of it.
            let whole = row.state.phase() != Phase::Open
                || referral.is_none_or(|referral| !covered_without(&referral, &self.profiles, &gone, self.now()));
            let act = if whole {
                Act { code: Why::Withdrawn(WithdrawReason::Person).number(), ..Act::of(Step::Withdrawn, by(officer)) }
            } else {
                taken_back(consent, officer)
            };
            acts.push((row.place, act));
            reached.push(WithdrawnAt {
                id: crate::casework::stand::hex(&row.handle),
                agency: row.agency.clone().unwrap_or_default(),
                whole,
                here: false,
            });
        }
        // Said where the person is: this agency erases what rested on it, and the sender is told.
        for row in received_on(self.vault.db(), &id)? {
            let gone = changed_consents(&event::all(self.vault.db(), row.place)?);
            if !gone.contains(consent) {
                acts.push((row.place, taken_back(consent, officer)));
                reached.push(WithdrawnAt {
                    id: crate::casework::stand::hex(&row.handle),
                    agency: row.agency.clone().unwrap_or_default(),
                    whole: false,
                    here: true,
                });
            }
        }
        if reached.is_empty() {
            return Err(Told::refused(
                "unknown-consent",
                "no open referral of this agency rests on this consent",
                "look at the consents with `safeconduct referral show --open`",
            ));
        }
        Ok((acts, reached))
    }
}

fn taken_back(consent: &str, officer: &Officer) -> Act {
    let details = Details {
        consent_ids: vec![consent.to_owned()],
        status: Some(ConsentStatus::Withdrawn.as_str().to_owned()),
        ..Details::default()
    };
    Act { details, ..Act::of(Step::ConsentChanged, by(officer)) }
}

fn rests_on(referral: &Referral, consent: &str) -> bool {
    let is_it = |one: &crate::referral::consent::Consent| {
        one.consent_id.as_str() == consent && one.status == ConsentStatus::Active
    };
    referral.consents().iter().any(is_it)
}

/// Whether another consent still covers some of it, for this recipient and now.
fn covered_without(referral: &Referral, profiles: &Profiles, gone: &BTreeSet<String>, now: Timestamp) -> bool {
    let coverage = Coverage::at(referral, profiles, gone, now);
    if referral.level() < 1 { !coverage.is_empty() } else { coverage.covers(Section::Summary) }
}
