//! From one referral to the next: several agencies at once, the next one on the list, a new referral from an old one.

use std::sync::Arc;

use rusqlite::params;
use safeconduct_protocol::{entropy::random, id::AgencyId};

use super::super::{Node, agreed, judge, verbs::unknown_agency};
use crate::{
    api::{
        cases::{Asked, SentOne},
        drafts::DraftShown,
        people::Word,
    },
    casework::{
        asking::{self, Before, Key},
        drafts, due, lapse,
        life::{
            state::State,
            terms::{Hand, Side},
        },
        refusal::CaseworkError,
        stand,
        store::{columns::uuid_bytes, news::News, revision, row::Row},
        view::Hidden,
    },
    error::Told,
    outbox::Queued,
    people::{
        Officer,
        confirm::{self, About, Confirmation, Subject},
    },
    referral::{
        Referral,
        codes::{Kind, Marking},
        compose::{self, Composed, Given, NotComposed},
        policy::{AgencyFacts, Parent},
    },
};

use super::{
    further::{self, Circle},
    send::{Leaving, Queueing},
};

/// Agencies that are asked for the same at once, at most.
pub(super) const ASKED_MAX: usize = 16;

/// How an enquiry is asked, besides of whom.
#[derive(Clone, Copy, Default)]
pub struct HowAsked<'a> {
    /// Asked again under the same key it is the same enquiry.
    pub key: Option<&'a str>,
    /// The referral of an enquiry of before, beside which these agencies are asked.
    pub with: Option<&'a str>,
}

/// What was asked under a key before.
fn again(queued: Vec<asking::Queued>) -> Asked {
    let sent = queued.into_iter().map(|one| SentOne {
        to: one.agency,
        message_id: one.message.to_hex(),
        referral_id: one.referral,
        warnings: Vec::new(),
    });
    Asked { sent: sent.collect(), already: true, daemon: false }
}

fn not_composed(error: NotComposed) -> Told {
    match error {
        NotComposed::NoForm(findings) => judge::no_form(&findings),
        NotComposed::NoEntropy(error) => error.into(),
    }
}

impl Node {
    /// `enquire`: a form becomes a referral to each agency. Several are asked without names only, each with ids of its own, and each is told
    /// who else is asked; the first that accepts is the one. All are queued, or none. Asked again under the same key, also after a crash, it
    /// gives the same messages and queues none. Beside agencies of an enquiry of before, all of them learn of one another.
    ///
    /// # Errors
    /// `not-an-enquiry` for several at a level above 0; `separate-recipient` for one that is asked by itself; `other-enquiry` when a further agency would be asked for something else; what the check found, with
    /// nothing sent to anybody then; `unknown-agency`, `second-person-missing`, what [`Self::acting_as`] and `Self::circle` refuse, or what
    /// the vault says; `key-reused` when another enquiry was asked under the key, `keys-full`, `bad-value` for what is no key.
    pub fn enquire(
        &mut self,
        form: &[u8],
        to: &[AgencyId],
        by: Option<&str>,
        how: &HowAsked<'_>,
    ) -> Result<Asked, Told> {
        let officer = self.acting_as(by, Hand::Caseworker)?;
        let key = how.key;
        let no_key = || CaseworkError::BadValue { member: "key", form: "1 to 128 visible ASCII characters" };
        let key = key.map(|key| Key::chosen(key).ok_or_else(no_key)).transpose()?;
        if let Some(key) = &key {
            match asking::before(self.vault.db(), key, (form, how.with), to)? {
                Before::New => {}
                Before::Same(queued) => return Ok(again(queued)),
                Before::Another => {
                    let message = "another enquiry was asked under this key";
                    return Err(Told::refused("key-reused", message, "make a new key for each thing to do"));
                }
                Before::Full => {
                    let remedy = "leave the key out, or wait: each is kept for seven days";
                    return Err(Told::refused("keys-full", "too many keys of enquiries are kept", remedy));
                }
            }
        }
        self.ask((form, how.with), to, &officer, key.as_ref(), None, None)
    }

    /// Asks each of these agencies, in one transaction; a draft that it was made of is gone with it.
    fn ask(
        &mut self,
        (form, with): (&[u8], Option<&str>),
        to: &[AgencyId],
        officer: &Officer,
        key: Option<&Key>,
        draft: Option<drafts::Handle>,
        second: Option<&Word>,
    ) -> Result<Asked, Told> {
        if to.is_empty() || to.len() > ASKED_MAX {
            let form = "one agency to sixteen";
            return Err(CaseworkError::BadValue { member: "to", form }.into());
        }
        let circle = with.map(|with| self.circle(with, to)).transpose()?;
        let before = circle.as_ref().map(Circle::agencies).unwrap_or_default();
        let all: Vec<AgencyId> = before.into_iter().chain(to.iter().cloned()).collect();
        if all.len() > 1 {
            self.together_asked(&all)?;
        }
        let mut ready = Vec::with_capacity(to.len());
        for agency in to {
            ready.push(self.ready_for(form, agency, &all, officer, second)?);
        }
        if let Some(circle) = &circle {
            for (accepted, _) in &ready {
                self.the_same(circle, &accepted.referral)?;
            }
        }
        self.not_restoring()?;
        let several = all.len() > 1;
        // Its messages are found by a number of their own, whatever circle they are of.
        let own: [u8; 16] = random(&mut self.entropy)?;
        let (dossier, group) = match &circle {
            Some(circle) => (circle.dossier, circle.group),
            None => (random(&mut self.entropy)?, own),
        };
        let names: Vec<String> = (0..to.len()).map(|number| asking::name(&own, number)).collect();
        let leaving: Vec<Leaving<'_>> = to
            .iter()
            .zip(&ready)
            .zip(&names)
            .map(|((to, (accepted, confirmation)), name)| {
                let how = Queueing {
                    key: key.map(|_known| name.as_str()),
                    dossier: Some(dossier),
                    group: several.then_some(group),
                    officer: Some(officer),
                    confirmation: *confirmation,
                    ..Queueing::default()
                };
                Leaving { to, referral: &accepted.referral, how, act: None }
            })
            .collect();
        let queued = self.queue_referrals(&leaving, |db, now, entropy| {
            if let Some(key) = key {
                asking::note(db, key, ((form, with), to), &own, now, entropy)?;
            }
            if let Some(circle) = &circle {
                further::tell(db, circle, to, now, entropy)?;
            }
            draft.map_or(Ok(()), |draft| drafts::discard(db, draft))
        })?;
        let sent = to.iter().zip(&ready).zip(queued).map(|((agency, (accepted, _)), queued)| SentOne {
            to: agency.to_string(),
            message_id: queued.message().to_hex(),
            referral_id: accepted.referral.header.referral_id.as_str().to_owned(),
            warnings: accepted.warnings.clone(),
        });
        Ok(Asked { sent: sent.collect(), already: false, daemon: false })
    }

    /// The referral to one of the agencies that are asked, judged as if it left now.
    fn ready_for(
        &mut self,
        form: &[u8],
        agency: &AgencyId,
        to: &[AgencyId],
        officer: &Officer,
        second: Option<&Word>,
    ) -> Result<(judge::Accepted, Option<Confirmation>), Told> {
        let own = self.own_agency()?;
        let composed =
            if to.len() == 1 { self.compose_for(form, agency)? } else { self.enquiry_for(form, agency, to)? };
        let accepted = self.judged(&own, agency, composed.bytes())?;
        if to.len() > 1 && accepted.referral.level() > 0 {
            return Err(Told::refused(
                "not-an-enquiry",
                "several agencies are asked without names only, and this says more",
                "make it an enquiry of level 0, or choose one agency",
            ));
        }
        let recipient = self.recipient(agency)?;
        self.agreed(&recipient, agreed::what_of(accepted.referral.kind()))?;
        self.follows(&accepted.referral, &recipient)?;
        let content = crate::referral::canonical(&accepted.referral);
        let subject = Subject::of_send(agency, &content);
        let asking = accepted.for_two();
        if let Some(second) = second.filter(|_| !asking.is_empty()) {
            let (word, now) = ((second.name.as_str(), &second.secret.0), self.now());
            confirm::confirm(&mut self.vault, (About::Send, &subject), officer, word, now)?;
        }
        let confirmation = self.second_confirmed(officer, &subject, asking)?;
        Ok((accepted, confirmation))
    }

    /// `referral draft send`: as [`Self::enquire`]; the draft is gone then. Asked again after a crash it gives the same messages.
    ///
    /// # Errors
    /// As [`Self::enquire`], and `unknown-draft`, `not-assigned`.
    pub fn send_draft(&mut self, draft: &str, to: &[AgencyId], by: Option<&str>) -> Result<Asked, Told> {
        self.send_draft_with(draft, to, by, None)
    }

    /// The same, with a second person who confirms it where a rule asks for two: exactly what leaves, to each agency, at this moment. Their
    /// secret is not tried where one is enough.
    ///
    /// # Errors
    /// As [`Self::send_draft`], and what a confirmation refuses: nothing is sent then.
    pub fn send_draft_with(
        &mut self,
        draft: &str,
        to: &[AgencyId],
        by: Option<&str>,
        second: Option<&Word>,
    ) -> Result<Asked, Told> {
        let (officer, found) = match self.own_draft(draft, by) {
            Ok(found) => found,
            Err(told) if told.code == "unknown-draft" => {
                let before = asking::of_draft(self.vault.db(), draft)?;
                return before.map(again).ok_or(told);
            }
            Err(told) => return Err(told),
        };
        let named: Vec<AgencyId> = match to {
            [] => addressed(&found.content).into_iter().collect(),
            named => named.to_vec(),
        };
        let key = Key::of_draft(&found.handle.to_hex());
        self.ask((&found.content, None), &named, &officer, Some(&key), Some(found.handle), second)
    }

    fn compose_for(&mut self, form: &[u8], to: &AgencyId) -> Result<Composed, Told> {
        let (from, facts) = (self.own_facts()?, self.facts_of(to)?);
        let (now, profiles) = (self.now(), Arc::clone(&self.profiles));
        let mut given = Given { now, from: &from, to: Some(&facts), profiles: &profiles, entropy: &mut self.entropy };
        compose::compose(form, &mut given).map_err(not_composed)
    }

    /// The same for one of several agencies: nobody can join two of these by an id, and each knows who else was asked.
    fn enquiry_for(&mut self, form: &[u8], to: &AgencyId, all: &[AgencyId]) -> Result<Composed, Told> {
        let whole = self.compose_for(form, to)?;
        let mut value: serde_json::Value = serde_json::from_slice(whole.bytes()).unwrap_or_default();
        let mut told = Vec::new();
        for other in all.iter().filter(|other| *other != to) {
            let facts = self.facts_of(other)?;
            let role = facts.roles.first().map(|role| role.as_str()).unwrap_or_default();
            told.push(serde_json::json!({
                "agency_id": facts.agency.as_str(), "role": role, "country": facts.country.as_str()
            }));
        }
        if let Some(header) = value.get_mut("header").and_then(serde_json::Value::as_object_mut) {
            header.remove("referral_id");
            header.insert("told".to_owned(), told.into());
        }
        if let Some(summary) = value.get_mut("summary").and_then(serde_json::Value::as_object_mut) {
            summary.remove("case_code");
        }
        let bytes = zeroize::Zeroizing::new(serde_json::to_vec(&value).unwrap_or_default());
        self.compose_for(&bytes, to)
    }

    fn own_facts(&mut self) -> Result<AgencyFacts, Told> {
        let own = self.own_agency()?;
        self.facts_of(&own)
    }

    pub(super) fn facts_of(&mut self, agency: &AgencyId) -> Result<AgencyFacts, Told> {
        self.agencies()?.facts(agency).ok_or_else(|| unknown_agency(agency))
    }

    /// `referral new-from`: a draft from a referral that has ended, or from one that came, to hand the person on. No consent goes over: the
    /// person is asked anew.
    ///
    /// # Errors
    /// `content-erased`, `unknown-referral`, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn new_from(&mut self, id: &str, by: Option<&str>) -> Result<DraftShown, Told> {
        let officer = self.acting_as(by, Hand::Caseworker)?;
        let row = self.case(id)?;
        // What may not be shown any more goes into no draft: the person is asked anew.
        let old = lapse::newest_shown(self.vault.db(), &self.profiles, &row, self.now())?
            .ok_or(CaseworkError::Erased)?
            .referral;
        // Whoever goes on with it reads all of it, and that is noted like every look.
        if self.reads_up_to(&row, &officer)? < 3 {
            return Err(Hidden::NotAssigned.into());
        }
        if stand::may_be_read(row.state) {
            self.open_case(&row, &officer, u16::MAX, None)?;
        } else if row.side == Side::Recipient {
            return Err(CaseworkError::Erased.into());
        }
        let from = self.own_facts()?;
        let (now, profiles) = (self.now(), Arc::clone(&self.profiles));
        let mut given = Given { now, from: &from, to: None, profiles: &profiles, entropy: &mut self.entropy };
        let composed = compose::new_from(&old, &mut given).map_err(not_composed)?;
        let handle = drafts::keep(&self.vault, composed.bytes(), officer.pseudonym(), now, &mut self.entropy)?;
        // It goes with the referral that it is from.
        drafts::belongs_to(&self.vault, handle, &row.referral)?;
        self.show_draft(&handle.to_hex(), false, by)
    }

    /// Nobody has opened it in time: the next agency on its list is asked, if the consents cover it (T20). Where none can be, a person is
    /// told.
    pub(super) fn escalate(&mut self, place: i64) -> Result<(), Told> {
        let row = Row::at(self.vault.db(), place)?;
        if !matches!(row.state, State::Submitted | State::Delivered) {
            return Ok(());
        }
        for (number, next) in row.alternates.iter().enumerate().skip(row.alternate_next) {
            let asked = i64::try_from(number.saturating_add(1)).unwrap_or(i64::MAX);
            let tried = match next.parse::<AgencyId>() {
                Ok(next) => self.ask_alternate(&row, &next, asked).map(|_queued| true),
                Err(_no_agency) => Ok(false),
            };
            match tried {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                // This one may not be asked: the one after it perhaps.
                Err(told) if told.exit() == crate::exit::Exit::Refused => {}
                Err(told) => return Err(told),
            }
            let note = "UPDATE referral SET alternate_next = ?2 WHERE place = ?1";
            self.vault.db().execute(note, params![place, asked]).map_err(CaseworkError::from)?;
        }
        let tx = self.vault.begin()?;
        Row::add_news(&tx, place, News::Unanswered)?;
        due::escalated(&tx, place)?;
        tx.commit().map_err(CaseworkError::from)?;
        Ok(())
    }

    fn ask_alternate(&mut self, row: &Row, next: &AgencyId, number: i64) -> Result<Queued, Told> {
        // What does not read goes nowhere by itself: a person is told, as where no agency may be asked.
        let (_, old) = revision::readable(self.vault.db(), row.place)?.ok_or(CaseworkError::Erased)?;
        let (from, facts) = (self.own_facts()?, self.facts_of(next)?);
        let (now, profiles) = (self.now(), Arc::clone(&self.profiles));
        let mut given = Given { now, from: &from, to: Some(&facts), profiles: &profiles, entropy: &mut self.entropy };
        let composed = compose::for_alternate(&old, &facts, &mut given).map_err(not_composed)?;
        let own = self.own_agency()?;
        let accepted = self.judged(&own, next, composed.bytes())?;
        // What needs a second person is no node's to send.
        let nobody = Officer::alone(crate::people::Pseudonym::new([0; 16]));
        let content = crate::referral::canonical(&accepted.referral);
        let subject = Subject::of_send(next, &content);
        self.second_confirmed(&nobody, &subject, accepted.for_two())?;
        let how =
            Queueing { dossier: Some(row.dossier), in_place_of: Some((row.place, number)), ..Queueing::default() };
        self.queue_referral(next, &accepted.referral, &how, None)
    }
}

impl Node {
    /// What is known of the referral that a transfer continues: whether it came here, and whether its sender lets it be shared.
    pub(in crate::daemon) fn parent_of(&self, referral: &Referral) -> Result<Option<Parent>, Told> {
        let named = referral.header.parent_referral_id.as_ref().and_then(|id| uuid_bytes(id.as_str()));
        let Some(parent) = named.filter(|_| referral.kind() == Kind::Transfer) else { return Ok(None) };
        // Of several agencies that have given one id, the strictest counts.
        let mut found = Parent::Missing;
        for row in Row::all(self.vault.db(), "referral = ?1 AND side = 2", params![parent])? {
            let Some((_, old)) = revision::newest(self.vault.db(), row.place)? else { continue };
            if old.handling.markings.as_slice().contains(&Marking::NoOnwardSharing) {
                return Ok(Some(Parent::NoOnwardSharing));
            }
            found = Parent::Free;
        }
        Ok(Some(found))
    }
}

/// To whom a draft is addressed.
fn addressed(content: &[u8]) -> Option<AgencyId> {
    let value: serde_json::Value = serde_json::from_slice(content).ok()?;
    value.pointer("/header/to/agency_id")?.as_str()?.parse().ok()
}
